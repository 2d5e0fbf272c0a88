#!/usr/bin/env bash
# Installs what the tests need, starts the engine, runs every test, and ends with one line: total: N passed, N failed, N skipped.
# A test that is skipped is a failure: here nothing that a test needs is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=infra/lib.sh
. infra/lib.sh

configuration=${CONFIGURATION:-Release}
results=artifacts/test-results

ensure_dotnet
install busybox-static curl openssl tzdata ca-certificates python3-kubernetes binutils binutils-aarch64-linux-gnu binutils-x86-64-linux-gnu
ensure_engine
ensure_etcd
command -v etcdctl >/dev/null || install etcd-client # users and passwords of an etcd
ensure_kubectl
ensure_old_kubectl
ensure_javascript_client
ensure_network_tools
ensure_busybox_image

say "Building ($configuration)"
dotnet build GrainKube.sln -c "$configuration" -v quiet --nologo

rm -rf "$results"
mkdir -p "$results"
crashed=0
for project in tests/*.Tests/*.Tests.csproj samples/*/*.Tests/*.Tests.csproj; do
  name=$(basename "$project" .csproj)
  say "$name"
  # A failing test is counted from its report; a run that leaves no report has crashed.
  dotnet test "$project" -c "$configuration" --no-build --nologo --logger "trx;LogFileName=$name.trx" --results-directory "$results" \
    --blame-hang-timeout "${TEST_HANG_TIMEOUT:-10m}" >"$results/$name.log" 2>&1 || true
  if [ ! -f "$results/$name.trx" ]; then
    # A project without a test in it yet says so and is no failure.
    if ! grep -q 'No test is available' "$results/$name.log"; then
      crashed=$((crashed + 1))
      echo "CRASHED $name"
      tail -n 50 "$results/$name.log"
    fi
  fi
done

# Failed tests with their messages, before the total.
awk -f infra/failed-tests.awk "$results"/*.trx

sum() { { grep -ho "<Counters [^>]*" "$results"/*.trx || true; } | { grep -o " $1=\"[0-9]*\"" || true; } | tr -dc '0-9\n' | awk '{ s += $1 } END { print s + 0 }'; }
total=$(sum total)
passed=$(sum passed)
executed=$(sum executed)
skipped=$((total - executed))
failed=$((executed - passed + crashed))
echo "total: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$skipped" -eq 0 ] && [ "$passed" -gt 0 ]
