#!/usr/bin/env bash
# Runs the commands of the guides, in their order, on an empty data folder, and stops at the first that fails.
#   docs/guide/check.sh [PATH OF LiveCommerce.AllInOne.dll]
set -euo pipefail

guide=$(cd "$(dirname "$0")" && pwd)
repository=$(cd "$guide/../.." && pwd)
program=${1:-$repository/services/AllInOne/bin/Release/net10.0/LiveCommerce.AllInOne.dll}
if [ ! -f "$program" ]; then dotnet build -c Release "$repository/services/AllInOne" -v q -nologo; fi

work=$(mktemp -d)
port=$((16384 + (RANDOM * 32768 + RANDOM) % 16000))
dotnet "$program" --data "$work/data" --empty --urls "http://127.0.0.1:$port" >"$work/server.log" 2>&1 &
server=$!
trap 'code=$?; kill $server 2>/dev/null || true; wait $server 2>/dev/null || true; rm -rf "$work"; exit $code' EXIT
for ((tries = 0; tries < 600; tries++)); do
  curl -sf "http://127.0.0.1:$port/health/ready" >/dev/null 2>&1 && break
  sleep 0.1
done

# The blocks marked bash are the story; those marked sh are other ways to start things.
for page in operator hq region reseller integrator coupons series calendars; do
  echo "echo '== $page.md'"
  awk '/^```bash$/ { on = 1; next } /^```$/ { on = 0 } on' "$guide/$page.md"
done | sed "s|^API=.*|API=http://127.0.0.1:$port|" >"$work/story.sh"
if ! (cd "$work" && bash -euo pipefail story.sh) >"$work/story.log" 2>&1; then
  cat "$work/story.log" >&2
  echo "docs/guide/check.sh: a command failed" >&2
  exit 1
fi
if [ "${VERBOSE:-}" ]; then cat "$work/story.log"; fi
echo "docs/guide/check.sh: $(grep -c . "$work/story.sh") lines of the guides ran"
