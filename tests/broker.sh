#!/usr/bin/env bash
# A RabbitMQ node of one's own, entirely inside one folder: own ports, own name server, own cookie.
# Nothing on the machine is touched, and nothing is left behind but the folder.
#
#   broker.sh start FOLDER    starts it, or starts it again on what the folder holds; prints its AMQP address
#   broker.sh kill FOLDER     kills the node as a power cut would
#   broker.sh stop FOLDER     ends the node and its name server
#   broker.sh ctl FOLDER ...  rabbitmqctl
set -euo pipefail

verb=${1:?start, kill, stop or ctl}
mkdir -p "${2:?a folder}"
folder=$(cd "$2" && pwd)
shift 2

fail() { echo "broker.sh: $*" >&2; exit 1; }

# The scripts in /usr/sbin switch to another user; these do not.
bin=
for candidate in /usr/lib/rabbitmq/bin /usr/lib/rabbitmq/lib/*/sbin "$(dirname "$(command -v rabbitmq-server || echo /none/none)")"; do
  if [ -x "$candidate/rabbitmq-server" ]; then bin=$candidate; break; fi
done
[ -n "$bin" ] || fail "rabbitmq-server is not installed (apt-get install rabbitmq-server)"

taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Below the range the kernel hands out by itself, so that no client's socket takes it meanwhile.
free_port() {
  local port
  while true; do
    port=$((16384 + (RANDOM * 32768 + RANDOM) % 16000))
    taken "$port" || { echo "$port"; return; }
  done
}

if [ ! -f "$folder/ports" ]; then
  echo "port=$(free_port) dist=$(free_port) names=$(free_port)" >"$folder/ports"
fi
eval "$(cat "$folder/ports")"

export HOME=$folder
export RABBITMQ_CONF_ENV_FILE=$folder/rabbitmq-env.conf
export RABBITMQ_NODENAME=rabbit@localhost RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_NODE_PORT=$port RABBITMQ_DIST_PORT=$dist
export RABBITMQ_MNESIA_BASE=$folder/mnesia RABBITMQ_LOG_BASE=$folder/log RABBITMQ_PID_FILE=$folder/node.pid
export RABBITMQ_ENABLED_PLUGINS_FILE=$folder/enabled_plugins RABBITMQ_CONFIG_FILE=$folder/rabbitmq.conf
export ERL_EPMD_PORT=$names ERL_EPMD_ADDRESS=127.0.0.1
# Idle schedulers sleep at once: the tests need the cores.
export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="+sbwt none +sbwtdcpu none +sbwtdio none"

alive() { [ -s "$folder/$1.pid" ] && kill -0 "$(cat "$folder/$1.pid")" 2>/dev/null; }

# end NAME SIGNAL SECONDS
end() {
  alive "$1" || return 0
  local pid tries
  pid=$(cat "$folder/$1.pid")
  kill -"$2" "$pid" 2>/dev/null || true
  for ((tries = 0; tries < $3 * 20; tries++)); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.05
  done
  kill -9 "$pid" 2>/dev/null || true
  rm -f "$folder/$1.pid"
}

start() {
  mkdir -p "$folder/mnesia" "$folder/log"
  echo '[].' >"$folder/enabled_plugins"
  printf 'raft.wal_max_size_bytes = 33554432\ndisk_free_limit.absolute = 50MB\n' >"$folder/rabbitmq.conf"
  if ! alive names; then
    setsid epmd -port "$names" -address 127.0.0.1 </dev/null >"$folder/log/names.log" 2>&1 &
    echo $! >"$folder/names.pid"
  fi
  if ! alive node; then
    rm -f "$folder/node.pid"
    setsid "$bin/rabbitmq-server" </dev/null >"$folder/log/start.log" 2>&1 &
  fi
  local tries
  for ((tries = 0; tries < 1800; tries++)); do
    # The listener is the last thing to come up.
    if [ -s "$folder/node.pid" ] && taken "$port"; then
      echo "amqp://guest:guest@127.0.0.1:$port"
      return
    fi
    sleep 0.1
  done
  tail -n 30 "$folder/log/start.log" >&2
  fail "the node did not come up within three minutes"
}

case $verb in
  start) start ;;
  kill) end node KILL 10 ;;
  stop) end node TERM 20; end names TERM 5 ;;
  ctl) "$bin/rabbitmqctl" "$@" ;;
  *) fail "no verb $verb" ;;
esac
