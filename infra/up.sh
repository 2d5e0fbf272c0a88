#!/usr/bin/env bash
# From a fresh machine with the .NET SDK to an application that answers: installs what is missing, builds, starts a cluster in the background,
# applies samples/quickstart and asks it for its page. May be run again; infra/down.sh undoes it.
#   GRAINKUBE_HOME  where data, log and kubeconfig live (default /var/lib/grainkube)
#   GRAINKUBE_PORT  the API's port (default 6443)
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=infra/lib.sh
. infra/lib.sh

home=${GRAINKUBE_HOME:-/var/lib/grainkube}
port=${GRAINKUBE_PORT:-6443}
kubeconfig=$home/admin.kubeconfig
pid_file=$home/grainkube.pid
log=$home/grainkube.log

ensure_dotnet
install curl ca-certificates
ensure_engine
ensure_kubectl
ensure_network_tools
ensure_busybox_image

is_running() { [ -f "$pid_file" ] && kill -0 "$(cat "$pid_file")" 2>/dev/null; }

kube() { kubectl --kubeconfig "$kubeconfig" "$@"; }

is_node_ready() { kube get nodes -o 'jsonpath={.items[*].status.conditions[?(@.type=="Ready")].status}' | grep -qw True; }

# With the server's own last words, where it did not get so far.
wait_for_server() {
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    is_running || { tail -n 20 "$log" >&2; fail 'grainkube has ended'; }
    [ "$SECONDS" -lt "$end" ] || { tail -n 20 "$log" >&2; fail "waited in vain for $what"; }
    sleep 0.1
  done
}

if is_running; then
  say "grainkube runs already (pid $(cat "$pid_file"))"
else
  say 'Building'
  dotnet publish src/GrainKube.Server -c Release -o artifacts/grainkube -v quiet --nologo
  mkdir -p "$home"
  say "Starting grainkube on port $port (data and log in $home)"
  setsid artifacts/grainkube/grainkube server --data-dir "$home" --port "$port" >>"$log" 2>&1 </dev/null &
  echo $! >"$pid_file"
fi

wait_for_server 60 "$kubeconfig" test -s "$kubeconfig"
wait_for_server 60 'the API to be ready' kube get --raw /readyz
wait_for_server 60 'the node to be Ready' is_node_ready

say 'Applying samples/quickstart'
kube apply -f samples/quickstart
kube rollout status deployment/web --timeout=120s
kube get pods -o wide

address=$(kube get pods -l app=web --field-selector status.phase=Running -o 'jsonpath={.items[0].status.podIP}')
say "The application at http://$address:8080/ answers:"
curl --silent --show-error --fail --max-time 10 --noproxy '*' "http://$address:8080/"

cat <<TEXT

It runs. Go on with:
  export KUBECONFIG=$kubeconfig
  kubectl get pods -o wide
  kubectl scale deployment/web --replicas=4
  kubectl logs deployment/web
  kubectl delete pod -l app=web
  infra/down.sh            # stops it; with --purge its data goes too
TEXT
