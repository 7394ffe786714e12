#!/usr/bin/env bash
# Runs a command where Testcontainers finds a Docker daemon that has the LocalStack image, and takes away what it made.
#
#   sudo integration-tests/localstack/with-docker.sh COMMAND [ARGUMENT...]
#
# A daemon that answers already (DOCKER_HOST, else /var/run/docker.sock) is used. Else one is started that shares nothing
# with the machine's: its own socket, files, bridge and cgroup, published ports on loopback only, no packet filter rule
# and no sysctl touched. It is stopped, with all that, when the command ends. An image that is not there is built
# (build-image.sh, under a minute).
#
# Where no daemon can be had the reason is told in one line and handed to the command in VPC_ENI_NO_DOCKER, and the command
# runs without; with VPC_ENI_REQUIRE_DOCKER=1 that is an error. An image that cannot be built is one always.
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
runs=/var/tmp/vpc-eni-docker
bridge=vpceni-d$$
ready_wait=30 # seconds; it takes one
images=(localstack/localstack:4.14.0 vpceni/localstack:4.14.0)

say() { printf 'with-docker: %s\n' "$*" >&2; }

[ $# -gt 0 ] || { sed -n '2,/^set -/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2; }

run=
daemon=
image_made=

# take_away RUN: the files, the bridge and the cgroup of a daemon that has ended.
take_away() {
  [ ! -e "$1/bridge" ] || ip link del "$(cat "$1/bridge")" 2>/dev/null || true
  find /sys/fs/cgroup -depth -type d -name "$(basename "$1")" -exec rmdir {} + 2>/dev/null || true
  rm -rf "$1"
}

# What a run left that was killed; its daemon ended with it.
take_away_abandoned() {
  local left
  for left in "$runs".*; do
    if [ -e "$left/owner" ] && [ ! -e "/proc/$(cat "$left/owner")" ]; then
      take_away "$left"
    fi
  done
}

cleanup() {
  local status=$?
  trap - EXIT INT TERM
  [ -z "$image_made" ] || [ -n "$daemon" ] || docker image rm "$image_made" >/dev/null || true
  if [ -n "$daemon" ]; then
    kill "$daemon" 2>/dev/null || true # it stops its containers and its containerd
    wait "$daemon" 2>/dev/null || true
  fi
  [ -z "$run" ] || take_away "$run"
  exit "$status"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The first /24 of the range for benchmarks, which no network has, that no other run here took.
free_address() {
  local n
  for n in $(seq 0 255); do
    if ! ip -o -4 addr show | grep -q " 198\.18\.$n\."; then
      printf '198.18.%s.1/24' "$n"
      return
    fi
  done
}

answers() { docker version >/dev/null 2>&1; }

# Starts a daemon, or says in $reason why not.
start_daemon() {
  local program
  [ "$(id -u)" = 0 ] || { reason="a daemon needs root"; return 1; }
  for program in docker dockerd ip setpriv; do
    command -v "$program" >/dev/null || { reason="no $program (Debian: apt-get install --no-install-recommends docker.io iproute2 util-linux)"; return 1; }
  done
  take_away_abandoned
  run=$(mktemp -d "$runs.XXXXXX")
  printf '%s' "$$" >"$run/owner"
  ip link add "$bridge" type bridge 2>"$run/log" || { reason="no bridge $bridge: $(tail -n 1 "$run/log")"; return 1; }
  printf '%s' "$bridge" >"$run/bridge"
  { ip addr add "$(free_address)" dev "$bridge" && ip link set "$bridge" up; } 2>"$run/log" ||
    { reason="no address on $bridge: $(tail -n 1 "$run/log")"; return 1; }
  # A key.json that older daemons make in /etc/docker is made here.
  printf '{"deprecated-key-path": "%s/key.json"}\n' "$run" >"$run/daemon.json"
  # It ends with this script, also with a killed one.
  setpriv --pdeathsig TERM dockerd --config-file "$run/daemon.json" -H "unix://$run/docker.sock" --data-root "$run/data" --exec-root "$run/exec" \
    --pidfile "$run/pid" --bridge "$bridge" --ip 127.0.0.1 --iptables=false --ip6tables=false --ip-masq=false \
    --ip-forward=false --cgroup-parent "$(basename "$run")" >"$run/log" 2>&1 &
  daemon=$!
  export DOCKER_HOST=unix://$run/docker.sock
  local end=$((SECONDS + ready_wait))
  while ! answers; do
    if ! kill -0 "$daemon" 2>/dev/null; then
      reason="dockerd ended: $(tail -n 1 "$run/log")"
      daemon=
      return 1
    fi
    [ "$SECONDS" -lt "$end" ] || { reason="dockerd does not answer within $ready_wait s: $(tail -n 1 "$run/log")"; return 1; }
    sleep 0.2
  done
}

started=$SECONDS
reason=
if ! answers && ! start_daemon; then
  if [ "${VPC_ENI_REQUIRE_DOCKER:-}" = 1 ]; then
    say "VPC_ENI_REQUIRE_DOCKER=1, but there is no Docker: $reason"
    exit 1
  fi
  say "no Docker, so nothing is run on a container: $reason"
  unset DOCKER_HOST
  VPC_ENI_NO_DOCKER=$reason "$@"
  exit
fi

image=
for candidate in ${LOCALSTACK_IMAGE:-} "${images[@]}"; do
  if docker image inspect "$candidate" >/dev/null 2>&1; then
    image=$candidate
    break
  fi
done
if [ -z "$image" ]; then
  "$here/build-image.sh"
  image=${images[1]}
  image_made=$image
fi
say "$image on Docker $(docker version -f '{{.Server.Version}}'), ready after $((SECONDS - started)) s"

if [ -n "$daemon" ]; then
  # Testcontainers' helper images are on no registry that this daemon reaches, and the ports are on loopback.
  export TESTCONTAINERS_RYUK_DISABLED=true TESTCONTAINERS_CHECKS_DISABLE=true TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1
fi
"$@"
