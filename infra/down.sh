#!/usr/bin/env bash
# Undoes infra/up.sh: deletes the samples with their volumes, ends the server, removes its containers, networks and service rules. The cluster's state stays, unless --purge is given.
# GRAINKUBE_HOME and GRAINKUBE_NODE as for infra/up.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=infra/lib.sh
. infra/lib.sh

home=${GRAINKUBE_HOME:-/var/lib/grainkube}
pid_file=$home/grainkube.pid
purge=
case "${1:-}" in
  '') ;;
  --purge) purge=yes ;;
  *) fail "usage: infra/down.sh [--purge]" ;;
esac

is_running() { [ -f "$pid_file" ] && kill -0 "$(cat "$pid_file")" 2>/dev/null; }

has_no_volume() { [ -z "$(kubectl --kubeconfig "$home/admin.kubeconfig" get persistentvolumes -o 'jsonpath={.items[?(@.spec.claimRef.namespace=="guestbook")].metadata.name}')" ]; }

has_ended() { ! is_running; }

if is_running; then
  if [ -f "$home/admin.kubeconfig" ]; then
    say 'Deleting the samples'
    kubectl --kubeconfig "$home/admin.kubeconfig" delete -f samples/guestbook -f samples/quickstart --ignore-not-found --timeout=60s ||
      echo 'The samples could not be deleted; their containers go with the server.' >&2
    # The namespace's claims are gone; their volumes follow.
    (wait_for 30 'the volumes of the guestbook to go' has_no_volume) || true
  fi
  say "Ending grainkube (pid $(cat "$pid_file"))"
  kill -TERM "$(cat "$pid_file")"
  wait_for 20 'grainkube to end' has_ended
fi
rm -f "$pid_file"

node=$(node_name)
if docker info >/dev/null 2>&1; then
  # Only this machine's node: others that share the engine, such as tests, keep theirs.
  for kind in container sandbox; do
    docker ps -aq --filter "label=grainkube.io/node=$node" --filter "label=grainkube.io/kind=$kind" | xargs -r docker rm -f -v >/dev/null
  done
  docker network ls -q --filter "label=grainkube.io/node=$node" | xargs -r docker network rm >/dev/null
fi
remove_pod_groups "$node"

interface=$(dns_interface "$node")
if [ -e "/sys/class/net/$interface" ]; then
  ip link del "$interface"
fi
remove_service_rules "$node"

# Volumes in memory are mounts; they go with the pods that are gone now.
awk -v prefix="$home/kubelet/" 'index($2, prefix) == 1 { print $2 }' /proc/mounts | xargs -r -n 1 umount

left=$(left_of "$node" "$home")
[ -z "$left" ] || fail "this is left: $left"

if [ -n "$purge" ]; then
  rm -rf "$home"
  say "Removed $home"
else
  say "The data is still in $home (infra/down.sh --purge removes it)"
fi
