#!/usr/bin/env bash
# Everything the tests need, and all the tests. The last line is "N passed, N failed, N skipped".
#
#   LIVECOMMERCE_TEST_SQLSERVER   a connection string: the storage tests run on that server too
#   LIVECOMMERCE_TEST_RABBITMQ    is set here, to a broker of our own that is stopped at the end
set -uo pipefail
cd "$(dirname "$0")/.."

configuration=Release
work=$(mktemp -d)
passed=0 failed=0 skipped=0

finish() {
  local code=$?
  trap - EXIT
  bash tests/broker.sh stop "$work/broker" >/dev/null 2>&1
  rm -rf "$work"
  if [ "$code" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
  echo "$passed passed, $failed failed, $skipped skipped"
  exit "$code"
}
trap finish EXIT
trap 'exit 130' INT TERM

stop() { echo "tests/run.sh: $*" >&2; exit 1; }

# 1. The broker.
if ! command -v rabbitmq-server >/dev/null && ! ls /usr/lib/rabbitmq/bin/rabbitmq-server >/dev/null 2>&1; then
  [ "$(id -u)" -eq 0 ] || stop "rabbitmq-server is missing, and only root can install it: apt-get install rabbitmq-server"
  echo "Installing rabbitmq-server"
  export DEBIAN_FRONTEND=noninteractive
  # The package starts a node of its own if it may; no test uses that one.
  { apt-get update -q && apt-get install -q -y --no-install-recommends rabbitmq-server; } >"$work/apt.log" 2>&1 ||
    { tail -n 20 "$work/apt.log" >&2; stop "rabbitmq-server could not be installed"; }
fi
LIVECOMMERCE_TEST_RABBITMQ=$(bash tests/broker.sh start "$work/broker") || stop "the broker did not start"
export LIVECOMMERCE_TEST_RABBITMQ
echo "Broker at $LIVECOMMERCE_TEST_RABBITMQ"

# 2. The calendar parser from npm that reads back what we write.
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  [ "$(id -u)" -eq 0 ] || stop "node and npm are missing, and only root can install them: apt-get install nodejs npm"
  echo "Installing nodejs and npm"
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update -q && apt-get install -q -y --no-install-recommends nodejs npm; } >"$work/apt.log" 2>&1 ||
    { tail -n 20 "$work/apt.log" >&2; stop "nodejs and npm could not be installed"; }
fi
(cd tests/Calendars && npm ci --no-audit --no-fund) >"$work/npm.log" 2>&1 || { tail -n 20 "$work/npm.log" >&2; stop "npm ci failed in tests/Calendars"; }

# 3. The build, once. A warning is a failure.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
dotnet build LiveCommerce.sln -c "$configuration" -nologo -v q -clp:Summary 2>&1 | tee "$work/build.log"
[ "${PIPESTATUS[0]}" -eq 0 ] || stop "the build failed"
grep -q ' 0 Warning(s)' "$work/build.log" || stop "the build has warnings"

# 4. The tests, as many assemblies at once as there are cores, and the longest first. One that hangs is ended and fails.
run() {
  local name log code
  name=$(basename "$1") log=$work/$(basename "$1").log
  dotnet test "tests/$name/bin/$configuration/net10.0/LiveCommerce.$name.dll" --nologo \
    --results-directory "$work/results/$name" --logger "console;verbosity=minimal" --logger "trx;LogFileName=$work/results/$name.trx" \
    --blame-hang-timeout 5m --blame-hang-dump-type none >"$log" 2>&1
  code=$?
  # Each by itself, and not one line of this and one of that.
  flock "$work/results/lock" cat "$log"
  return "$code"
}
export -f run
export work configuration
mkdir -p "$work/results"
longest=(tests/Scheduling.Tests tests/Coupons.Tests tests/System.Tests tests/Messaging.Tests tests/Organization.Tests)
printf '%s\n' "${longest[@]}" tests/*.Tests | awk '!seen[$0]++' | xargs -P "$(nproc)" -I{} bash -c 'run {}'
outcome=$?

# 5. The sum over all assemblies.
attribute() { sed -n "s/.*<Counters[^>]* $1=\"\([0-9]*\)\".*/\1/p" "$2"; }
for file in "$work"/results/*.trx; do
  [ -f "$file" ] || continue
  passed=$((passed + $(attribute passed "$file")))
  failed=$((failed + $(attribute failed "$file")))
  skipped=$((skipped + $(attribute total "$file") - $(attribute executed "$file")))
done
# What failed, once more at the end, where a long log is cut.
sed -n '/<UnitTestResult [^>]*outcome="Failed"/,/<\/UnitTestResult>/p' "$work"/results/*.trx 2>/dev/null |
  sed -n 's/.*testName="\([^"]*\)".*/FAILED: \1/p; s/.*<Message>/  /p; s/^ *at LiveCommerce/    at LiveCommerce/p' | head -n 200
[ "$outcome" -eq 0 ] || exit "$outcome"
[ "$failed" -eq 0 ] || exit 1
[ "$passed" -gt 0 ] || stop "no test ran"
