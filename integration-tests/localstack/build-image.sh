#!/usr/bin/env bash
# Builds the image vpceni/localstack:4.14.0 from Debian packages and the locked wheels, for machines that reach no image
# registry. It has what Testcontainers' LocalStackContainer needs, and EC2 and STS only.
#
#   sudo integration-tests/localstack/build-image.sh [TAG]
#
# Needs root, mmdebstrap, a Python 3.11 with venv ($PYTHON, else python3.11, else python3), the docker command and its
# daemon ($DOCKER_HOST). Takes about a minute; leaves nothing but the image.
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
tag=${1:-vpceni/localstack:4.14.0}
packages=base-files,bash,dash,coreutils,sed,grep,libc-bin,python3,tzdata,media-types,netbase

die() {
  printf 'build-image: %s\n' "$1" >&2
  exit 1
}

python=${PYTHON:-}
if [ -z "$python" ]; then
  for candidate in python3.11 python3; do
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
      python=$candidate
      break
    fi
  done
fi
[ -n "$python" ] || die "no Python 3.11 with venv: the wheels of the lock file are for that one (set PYTHON)"
[ "$(id -u)" = 0 ] || die "needs root, for mmdebstrap and chroot"
command -v mmdebstrap >/dev/null || die "no mmdebstrap: apt-get install --no-install-recommends mmdebstrap"
docker version >/dev/null 2>&1 || die "no Docker daemon answers (DOCKER_HOST='${DOCKER_HOST:-}')"

work=$(mktemp -d "${TMPDIR:-/tmp}/vpc-eni-image.XXXXXX")
trap 'rm -rf "$work"' EXIT
root=$work/root

mmdebstrap --quiet --variant=extract --include="$packages" bookworm "$root"
ln -sf bash "$root/bin/sh"
ln -sf python3.11 "$root/usr/bin/python3"
rm -rf "$root/usr/share/doc" "$root/usr/share/man" "$root/usr/share/locale" "$root/var/cache/apt" "$root/var/lib/apt"
printf 'root:x:0:0:root:/root:/bin/bash\n' >"$root/etc/passwd"
printf 'root:x:0:\n' >"$root/etc/group"
mkdir -p "$root/usr/local/bin" "$root/opt/localstack" "$root/usr/lib/localstack" "$root/var/lib/localstack" "$root/tmp"

# In an environment of its own pip does not look at what else is installed here.
"$python" -m venv "$work/venv"
env -u PYTHONDONTWRITEBYTECODE "$work/venv/bin/python" -m pip install --quiet --no-input --disable-pip-version-check \
  --root-user-action=ignore --require-hashes --only-binary=:all: --target "$root/opt/localstack" \
  -r "$here/requirements.lock"

cat >"$root/usr/local/bin/docker-entrypoint.sh" <<'ENTRYPOINT'
#!/bin/bash
# Testcontainers calls this path once it has written its own start script.
exec python3 -m localstack.runtime.main
ENTRYPOINT
chmod 755 "$root/usr/local/bin/docker-entrypoint.sh"

# The service catalog, once: without it each start takes 5 s and 350 MB more.
[ -e "$root/dev/null" ] || mknod -m 666 "$root/dev/null" c 1 3
[ -e "$root/dev/urandom" ] || mknod -m 666 "$root/dev/urandom" c 1 9
env -i PATH=/usr/bin:/bin HOME=/root PYTHONPATH=/opt/localstack OVERRIDE_IN_DOCKER=1 SKIP_SSL_CERT_DOWNLOAD=1 \
  "$(command -v chroot)" "$root" /usr/bin/python3 -m localstack.aws.spec

tar -C "$root" --numeric-owner -c . |
  docker import \
    -c 'ENV PATH=/usr/local/bin:/usr/bin:/bin' \
    -c 'ENV PYTHONPATH=/opt/localstack' \
    -c 'ENV GATEWAY_SERVER=hypercorn' \
    -c 'ENV GATEWAY_LISTEN=0.0.0.0:4566' \
    -c 'ENV DISABLE_EVENTS=1' \
    -c 'ENV SKIP_SSL_CERT_DOWNLOAD=1' \
    -c 'ENV DNS_ADDRESS=0' \
    -c 'EXPOSE 4566' \
    -c 'ENTRYPOINT ["/usr/local/bin/docker-entrypoint.sh"]' \
    - "$tag" >/dev/null
printf 'build-image: %s, %s MB\n' "$tag" \
  "$(($(docker image inspect -f '{{.Size}}' "$tag") / 1000000))"
