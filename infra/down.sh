#!/usr/bin/env bash
# Undoes infra/up.sh: deletes the sample, ends the server, removes its containers, networks and service rules. The data stays, unless --purge is given.
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

has_ended() { ! is_running; }

if is_running; then
  if [ -f "$home/admin.kubeconfig" ]; then
    kubectl --kubeconfig "$home/admin.kubeconfig" delete -f samples/quickstart --ignore-not-found --timeout=60s ||
      echo 'The sample could not be deleted; its containers go with the server.' >&2
  fi
  say "Ending grainkube (pid $(cat "$pid_file"))"
  kill -TERM "$(cat "$pid_file")"
  wait_for 20 'grainkube to end' has_ended
fi
rm -f "$pid_file"

node=${GRAINKUBE_NODE:-$(hostname | tr '[:upper:]' '[:lower:]')}
if docker info >/dev/null 2>&1; then
  # Only this machine's node: others that share the engine, such as tests, keep theirs.
  for kind in container sandbox; do
    docker ps -aq --filter "label=grainkube.io/node=$node" --filter "label=grainkube.io/kind=$kind" | xargs -r docker rm -f -v >/dev/null
  done
  docker network ls -q --filter "label=grainkube.io/node=$node" | xargs -r docker network rm >/dev/null
fi

remove_service_rules "$node"

# Volumes in memory are mounts; they go with the pods that are gone now.
awk -v prefix="$home/kubelet/" 'index($2, prefix) == 1 { print $2 }' /proc/mounts | xargs -r -n 1 umount

if [ -n "$purge" ]; then
  rm -rf "$home"
  say "Removed $home"
else
  say "The data is still in $home (infra/down.sh --purge removes it)"
fi
