#!/usr/bin/env bash
# From a fresh machine with the .NET SDK to an application that answers: installs what is missing, builds, starts a cluster in the background,
# applies samples/quickstart and samples/guestbook and asks them for their pages in every way there is. May be run again; infra/down.sh undoes it.
#   GRAINKUBE_HOME        where data, log and kubeconfig live (default /var/lib/grainkube)
#   GRAINKUBE_PORT        the API's port (default 6443)
#   GRAINKUBE_NODE        the node's name (default the host's)
#   GRAINKUBE_HTTP_PORT   where Ingress takes HTTP (default 80)
#   GRAINKUBE_HTTPS_PORT  and HTTPS (default 443)
#   GRAINKUBE_FLAGS       further arguments of "grainkube server"
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=infra/lib.sh
. infra/lib.sh

home=${GRAINKUBE_HOME:-/var/lib/grainkube}
port=${GRAINKUBE_PORT:-6443}
http_port=${GRAINKUBE_HTTP_PORT:-80}
https_port=${GRAINKUBE_HTTPS_PORT:-443}
node=$(node_name)
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

fetch() { curl --silent --show-error --fail --max-time 10 --noproxy '*' "$@"; }

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
  # shellcheck disable=SC2086 # several arguments
  setsid artifacts/grainkube/grainkube server --data-dir "$home" --port "$port" --node-name "$node" \
    --ingress-http-port "$http_port" --ingress-https-port "$https_port" ${GRAINKUBE_FLAGS:-} >>"$log" 2>&1 </dev/null &
  echo $! >"$pid_file"
fi

wait_for_server 60 "$kubeconfig" test -s "$kubeconfig"
wait_for_server 60 'the API to be ready' kube get --raw /readyz
wait_for_server 60 'the node to be Ready' is_node_ready

say 'Applying samples/quickstart'
kube apply -f samples/quickstart
kube rollout status deployment/web --timeout=120s
address=$(kube get pods -l app=web --field-selector status.phase=Running -o 'jsonpath={.items[0].status.podIP}')
say "The application at http://$address:8080/ answers:"
fetch "http://$address:8080/"

say 'Applying samples/guestbook'
kube apply -f samples/guestbook
book() { kube --namespace guestbook "$@"; }
for workload in statefulset/db deployment/web daemonset/agent; do
  book rollout status "$workload" --timeout=120s
done
book wait --for=condition=complete job/migration --timeout=120s
book get pods,services,ingresses,persistentvolumeclaims,cronjobs -o wide

entry="up.sh was here at $(date '+%F %T')"
pod=$(book get pods -l app=web --field-selector status.phase=Running -o 'jsonpath={.items[0].status.podIP}')
service=$(book get service web -o 'jsonpath={.spec.clusterIP}')
node_address=$(kube get node "$node" -o 'jsonpath={.status.addresses[?(@.type=="InternalIP")].address}')
node_port=$(book get service web -o 'jsonpath={.spec.ports[0].nodePort}')

from_pod() { fetch "http://$pod:8080/"; }
from_service() { fetch "http://$service/"; }
from_name() { book exec daemonset/agent -- timeout 10 wget -qO- http://web.guestbook.svc.cluster.local/; }
from_node_port() { fetch "http://$node_address:$node_port/"; }
from_ingress() { fetch --header 'Host: guestbook.example' "http://127.0.0.1:$http_port/"; }

# shows HOW: whether the page, asked for in this way, has the entry. A change of a moment ago may still be on its way to the proxy or the door.
shows() { "$1" | grep -F "$entry"; }
show() {
  wait_for 30 "the guestbook by $1" shows "$2"
  printf '    %-34s %s\n' "$1" "$("$2" | sed -n 's/^<p>//p')"
}

say 'Signing the guestbook'
wait_for 30 'the guestbook to take an entry' fetch --data-urlencode "message=$entry" "http://$service/"
say "It answers with \"$entry\" by:"
show "pod address $pod" from_pod
show "service address $service" from_service
show 'name, from another pod' from_name
show "node port $node_address:$node_port" from_node_port
show "ingress 127.0.0.1:$http_port" from_ingress

say 'Killing the database'
book delete pod db-0 --grace-period=0 --force 2>/dev/null
book rollout status statefulset/db --timeout=120s
show 'the same, of a new database pod' from_service

cat <<TEXT

It runs. Go on with:
  export KUBECONFIG=$kubeconfig
  kubectl get pods -A -o wide
  curl -H 'Host: guestbook.example' http://127.0.0.1:$http_port/
  kubectl -n guestbook rollout restart deployment/web
  kubectl -n guestbook create job --from=cronjob/backup backup-now
  kubectl scale deployment/web --replicas=4
  infra/down.sh            # stops it and removes the samples; with --purge all of its data goes too
samples/guestbook/README.md tells more.
TEXT
