# Shared by the scripts of this directory; meant to be sourced. Every function may be called again and does nothing where nothing is missing.
# shellcheck shell=bash

# The image of the quickstart and of tests that need one; made here, pulled from nowhere.
image_busybox=grainkube.local/busybox:1

say() { printf '==> %s\n' "$*"; }

fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "this needs root or sudo: $*"
  fi
}

apt_updated=

# install PACKAGE...: from the distribution, only what is missing.
install() {
  local package missing=()
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' || missing+=("$package")
  done
  [ "${#missing[@]}" -gt 0 ] || return 0
  say "Installing ${missing[*]}"
  if [ -z "$apt_updated" ]; then
    as_root apt-get update -qq
    apt_updated=yes
  fi
  # No service of a package is started by its installation: what is needed is started below.
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# The Docker engine: the distribution's where there is none, started by hand where no service manager did.
ensure_engine() {
  command -v ip >/dev/null || install iproute2 # the DNS' interface
  if docker info >/dev/null 2>&1; then
    return 0
  fi
  command -v dockerd >/dev/null || install docker.io iptables
  # The Debian package of Docker 20.10 has the client in docker.io, later ones in docker-cli.
  command -v docker >/dev/null || install docker-cli
  if [ -d /run/systemd/system ]; then
    as_root systemctl start docker
  else
    say 'Starting dockerd'
    mount_control_groups
    as_root sh -c 'rm -f /var/run/docker.pid; setsid dockerd >/var/log/dockerd.log 2>&1 </dev/null &'
  fi
  wait_for 60 'the Docker engine (see /var/log/dockerd.log)' docker info
}

# Without a service manager nobody may have mounted them.
mount_control_groups() {
  if ! mountpoint -q /sys/fs/cgroup; then
    as_root mount -t cgroup2 none /sys/fs/cgroup
  fi
}

# wait_for SECONDS WHAT COMMAND...: until the command succeeds.
wait_for() {
  local seconds=$1 what=$2
  shift 2
  local end=$((SECONDS + seconds))
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || fail "waited $seconds s for $what"
    sleep 0.2
  done
}

# Only the program: whoever needs an etcd starts one of its own on loopback.
ensure_etcd() { command -v etcd >/dev/null || install etcd-server; }

# A kubectl that is there is taken from 1.27 on; an older one is not, unless the distribution has nothing else.
ensure_kubectl() {
  local minor
  minor=$({ kubectl version --client 2>/dev/null || true; } | sed -n 's/.*v1\.\([0-9]*\).*/\1/p' | head -n 1)
  if [ "${minor:-0}" -lt 27 ]; then
    install kubernetes-client
  fi
}

# The distribution's kubectl beside the machine's own, unpacked and not installed: clients of years ago are still in use.
ensure_old_kubectl() {
  local folder=artifacts/kubectl-old
  if [ ! -x "$folder/usr/bin/kubectl" ]; then
    say "Fetching the distribution's kubectl"
    rm -rf "$folder"
    mkdir -p "$folder"
    (cd "$folder" && { apt-get download -qq kubernetes-client || { as_root apt-get update -qq && apt-get download -qq kubernetes-client; }; } && dpkg-deb -x kubernetes-client_*.deb .) 2>/dev/null ||
      fail "the distribution has no package kubernetes-client"
  fi
  export GRAINKUBE_KUBECTL_OLD=$PWD/$folder/usr/bin/kubectl
}

# The official JavaScript client as the lock file of its tests says; node where there is none.
ensure_javascript_client() {
  local folder=artifacts/javascript-client from=tests/GrainKube.Server.Tests/Clients/JavaScript
  command -v node >/dev/null || install nodejs
  command -v npm >/dev/null || install npm
  if ! cmp -s "$from/package-lock.json" "$folder/package-lock.json" || [ ! -d "$folder/node_modules" ]; then
    say 'Fetching the JavaScript client'
    rm -rf "$folder"
    mkdir -p "$folder"
    cp "$from/package.json" "$from/package-lock.json" "$folder"
    npm ci --prefix "$folder" --silent --no-audit --no-fund >/dev/null || { rm -rf "$folder"; fail 'the JavaScript client could not be installed'; }
  fi
  export GRAINKUBE_JAVASCRIPT_CLIENT=$PWD/$folder
}

# The package without "-static" has its program in the same place; in an image it would miss its libraries.
ensure_busybox() {
  if [ ! -x /bin/busybox ] || ldd /bin/busybox >/dev/null 2>&1; then
    install busybox-static
  fi
}

# Programs that the service proxy and its tests use.
ensure_network_tools() { install nftables iptables conntrack iproute2 procps; }

# remove_service_rules NODE: what the node's service proxy made: its nftables table, or its iptables chains and what leads to them.
remove_service_rules() {
  local node=$1 prefix table
  if command -v nft >/dev/null; then
    printf 'add table ip grainkube-%s\ndelete table ip grainkube-%s\n' "$node" "$node" | as_root nft -f -
  fi
  command -v iptables-save >/dev/null || return 0
  prefix=$(chain_prefix "$node")
  for table in nat filter; do
    # Emptied first, so that none refers to another; then what leads there goes, then they.
    {
      echo "*$table"
      as_root iptables-save -t "$table" | sed -n "s/^:\(${prefix}[^ ]*\) .*/:\1 - [0:0]/p"
      as_root iptables-save -t "$table" | sed -n "/^-A ${prefix}/!s/^-A \(.* -j ${prefix}.*\)/-D \1/p"
      as_root iptables-save -t "$table" | sed -n "s/^:\(${prefix}[^ ]*\) .*/-X \1/p"
      echo COMMIT
    } | as_root iptables-restore --noflush -w 5
  done
}

# The name of this machine's node, as infra/up.sh gives it.
node_name() { printf %s "${GRAINKUBE_NODE:-$(hostname | tr '[:upper:]' '[:lower:]')}"; }

# dns_interface NODE: the interface that carries the address of the node's DNS; a long node name is in it as its hash.
dns_interface() {
  local interface=gkdns-$1
  [ ${#interface} -le 15 ] || interface=gkdns-$(printf %s "$1" | sha256sum | cut -c1-9)
  printf %s "$interface"
}

# pod_groups NODE: directories of the control groups of its pods, as the server names them (a slice has no hyphens); version 1 has one for each controller.
pod_groups() {
  find /sys/fs/cgroup -maxdepth 2 -type d \( -name "grainkube_$1_pod*" -o -name "grainkube_${1//-/_}_pod*.slice" \) 2>/dev/null || true
}

# remove_pod_groups NODE: once its containers are gone they are empty.
remove_pod_groups() {
  pod_groups "$1" | while read -r group; do
    case $group in
      *.slice) as_root systemctl stop "${group##*/}" 2>/dev/null || true ;;
    esac
    [ ! -d "$group" ] || as_root rmdir "$group" 2>/dev/null || true
  done
}

# left_of NODE HOME: what a node has left on this machine, a line each; nothing where it is gone.
left_of() {
  local node=$1 home=$2
  if docker info >/dev/null 2>&1; then
    docker ps -aq --filter "label=grainkube.io/node=$node" | sed 's/^/container /'
    docker network ls -q --filter "label=grainkube.io/node=$node" | sed 's/^/network /'
  fi
  if [ -e "/sys/class/net/$(dns_interface "$node")" ]; then
    echo "interface $(dns_interface "$node")"
  fi
  awk -v prefix="$home/" 'index($2, prefix) == 1 { print "mount " $2 }' /proc/mounts
  pod_groups "$node" | sed 's/^/group /'
  if command -v nft >/dev/null; then
    # No "grep -q": what feeds it would fail with it.
    { as_root nft list tables | grep -x "table ip grainkube-$node"; } || true
  fi
  if command -v iptables-save >/dev/null; then
    { as_root iptables-save | grep "$(chain_prefix "$node")"; } || true
  fi
}

# chain_prefix NODE: how the names of its iptables chains begin.
chain_prefix() { printf 'GK%s-' "$(printf %s "$1" | sha256sum | cut -c 1-6 | tr '[:lower:]' '[:upper:]')"; }

ensure_dotnet() { command -v dotnet >/dev/null || fail 'the .NET SDK 10 is needed: https://dot.net'; }

# Makes $image_busybox from the machine's static busybox, with its applets as links.
ensure_busybox_image() {
  if docker image inspect "$image_busybox" >/dev/null 2>&1; then
    return 0
  fi
  ensure_busybox
  say "Making the image $image_busybox"
  local root
  root=$(mktemp -d)
  mkdir -p "$root/bin" "$root/etc" "$root/tmp"
  chmod 1777 "$root/tmp"
  cp /bin/busybox "$root/bin/busybox"
  local applet
  for applet in $("$root/bin/busybox" --list); do
    [ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
  done
  echo 'root:x:0:0:root:/:/bin/sh' >"$root/etc/passwd"
  tar -C "$root" --owner=0 --group=0 -c . | docker import -c 'ENV PATH=/bin' -c 'CMD ["/bin/sh"]' - "$image_busybox" >/dev/null
  rm -rf "$root"
}
