# shellcheck shell=bash
# Sourced by ./lab: what the machine must bring, and how what it lacks gets there.
#
# Packages come from apt-get or dnf, and only as root. A JDK 25 that neither the machine nor its package manager has is
# fetched from its vendor into .lab/jdk-25, with the checksum that the vendor published. Variables:
#   LAB_NO_INSTALL=1                as --no-install: install and fetch nothing, say what is missing
#   LAB_JDK_URL, LAB_JDK_SHA256     another place of the JDK's archive (tar.gz), and its checksum if it is another archive
#   LAB_MACHINE_ROOT                where the files of the machine are looked for, for tests; else /

machine=${LAB_MACHINE_ROOT:-}

# The archives of Eclipse Temurin at https://adoptium.net; the same version for each architecture.
jdk_version=25.0.3+9
jdk_archives=https://github.com/adoptium/temurin25-binaries/releases/download/jdk-${jdk_version/+/%2B}
jdk_of_vendor() { # PROCESSOR: sets jdk_url and jdk_sha256, or fails
  case "$1" in
  x86_64) set -- x64 69264a7a211bf5029830d07bc3370f879769d62ebc5b5488e90c9343a2da0e1f ;;
  aarch64) set -- aarch64 3e4287cb98870ba824ed698854bdc27cff984254caf66dd12cc291e7bfdde26b ;;
  *) return 1 ;;
  esac
  jdk_url=$jdk_archives/OpenJDK25U-jdk_$1_linux_hotspot_${jdk_version/+/_}.tar.gz
  jdk_sha256=$2
}

# ---- the distribution ------------------------------------------------------------------------------------------------
os_release() { sed -n "s/^$1=//p" "$machine/etc/os-release" 2>/dev/null | tr -d '"'"'" | head -n 1; }

# Sets distribution (apt, amazon, fedora, rhel, or nothing where no package names are known) and distribution_name.
read_distribution() {
  local id like version
  id=$(os_release ID) like=$(os_release ID_LIKE) version=$(os_release VERSION_ID)
  distribution_name=$(os_release PRETTY_NAME)
  distribution_name=${distribution_name:-an unknown Linux}
  repository=()
  case "$id:$version: $like " in
  debian:* | ubuntu:* | *" debian "* | *" ubuntu "*) distribution=apt ;;
  amzn:2:* | amzn:20[01]*) distribution= ;; # they have no dnf, and no JDK 25 runs on their C library
  amzn:*) distribution=amazon ;;
  fedora:*) distribution=fedora ;;
  rhel:*)
    distribution=rhel
    repository=("--enablerepo=codeready-builder-for-rhel-${version%%.*}-$(uname -m)-rpms")
    ;;
  *" rhel "* | *" centos "*)
    distribution=rhel
    repository=(--enablerepo=crb)
    ;;
  *" fedora "*) distribution=fedora ;;
  *) distribution= ;;
  esac
}

# packages_for NEED: the names of this distribution.
packages_for() {
  case "$distribution:$1" in
  apt:compiler) echo gcc libc6-dev ;;
  apt:libc) echo libc6-dev ;;
  *:compiler) echo gcc glibc-static ;;
  *:libc) echo glibc-static ;;
  apt:jdk) echo openjdk-25-jdk-headless ;;
  amazon:jdk) echo java-25-amazon-corretto-devel ;;
  *:jdk) echo java-25-openjdk-devel ;;
  apt:curl | fedora:curl) echo curl ;;
  *:curl) echo curl-minimal ;;
  apt:ip) echo iproute2 ;;
  *:ip) echo iproute ;;
  apt:libnftables) echo libnftables1 ;;
  *:libnftables) echo nftables ;;
  apt:ping) echo iputils-ping ;;
  *:ping) echo iputils ;;
  apt:awk) echo mawk ;;
  *:awk) echo gawk ;;
  *:certificates) echo ca-certificates ;;
  *:nft) echo nftables ;;
  *:find) echo findutils ;;
  *) echo "$1" ;; # tar, gzip, unzip, util-linux
  esac
}

# "sudo ", or nothing in a shell that is root's own: a container may have no sudo.
sudo_word() { { [ "$(id -u)" = 0 ] && [ -z "${SUDO_USER:-}" ]; } || echo "sudo "; }

# install_line PACKAGE...: what a person pastes.
install_line() {
  local sudo
  sudo=$(sudo_word)
  case "$distribution" in
  apt) echo "${sudo}apt-get update && ${sudo}apt-get install -y --no-install-recommends $*" ;;
  *) echo "${sudo}dnf install -y${repository[*]:+ ${repository[*]}} $*" ;;
  esac
}

# ---- what is missing -------------------------------------------------------------------------------------------------
java_major() {
  [ -x "$1/bin/javac" ] && "$1/bin/java" -version 2>&1 | sed -n '1s/.*version "\([0-9]*\).*/\1/p'
}

find_jdk() {
  local home candidates=() user_home=${builder_home:-${HOME:-/root}}
  [ -n "${JAVA_HOME:-}" ] && candidates+=("$JAVA_HOME")
  [ -n "${JDK_25:-}" ] && candidates+=("$JDK_25")
  command -v javac >/dev/null && candidates+=("$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")")
  for home in "${candidates[@]}" "$here/.lab/jdk-25" "$machine"/usr/lib/jvm/*25* "$machine"/usr/lib/jvm/* \
    "$machine"/opt/*jdk*25* "$machine"/opt/java/* "$machine"/usr/local/*jdk*25* \
    "$user_home"/.sdkman/candidates/java/25* "$user_home"/.jdks/*25* "$user_home"/.asdf/installs/java/*25* \
    "$user_home"/.local/share/mise/installs/java/*25*; do
    if [ "$(java_major "$home" || true)" = 25 ]; then
      printf '%s' "$home"
      return 0
    fi
  done
  return 1
}

has() { # PROGRAM...: all of them
  local program
  for program in "$@"; do command -v "$program" >/dev/null || return 1; done
}

has_libnftables() {
  local cache
  cache=$(ldconfig -p 2>/dev/null || true)
  [[ $cache == *libnftables.so.1* ]]
}

# A C library that the compiler links statically. A compiler that does not answer is left to the build.
has_static_libc() {
  local compiler file
  read -ra compiler <<<"${CC:-cc}"
  file=$("${compiler[@]}" -print-file-name=libc.a 2>/dev/null || true)
  [ "$file" != libc.a ]
}

# Maven's own archive is a zip, and is fetched once.
has_maven() {
  local version
  version=$(sed -n 's,^distributionUrl=.*/\(apache-maven-[0-9.]*\)-bin.*,\1,p' .mvn/wrapper/maven-wrapper.properties)
  compgen -G "${MAVEN_USER_HOME:-$builder_home/.m2}/wrapper/dists/$version/*/bin/mvn" >/dev/null
}

need() { # NEED WORDS
  local package
  [[ " ${needed[*]} " != *" $1 "* ]] || return 0
  needed+=("$1") missing+=("$2")
  for package in $(packages_for "$1"); do
    [[ " ${packages[*]} " == *" $package "* ]] || packages+=("$package")
  done
}

# look_for root|user: fills missing (words) and packages (names), all but the JDK, which sets jdk_missing.
look_for() {
  needed=() missing=() packages=() jdk_missing=
  local compiler
  read -ra compiler <<<"${CC:-cc}"
  if ! has "${compiler[0]}"; then
    need compiler "a C compiler (${compiler[0]})"
  elif ! has_static_libc; then
    need libc "a C library to link statically (libc.a)"
  fi
  has find xargs || need find "find and xargs"
  has awk || need awk awk
  has flock runuser || need util-linux "flock and runuser"
  if ! has_maven; then
    has curl || has wget || need curl curl
    has unzip || need unzip unzip
    has_certificates || need certificates "certificates of authorities"
  fi
  if JAVA_HOME=$(find_jdk); then
    export JAVA_HOME
  else
    unset JAVA_HOME
    jdk_missing=1
    has curl || has wget || need curl curl
    has_certificates || need certificates "certificates of authorities"
    has tar || need tar tar
    has gzip || need gzip gzip
  fi
  if [ "$1" = root ]; then
    has ip || need ip ip
    has nft || need nft nft
    has_libnftables || need libnftables libnftables.so.1
    has setpriv unshare nsenter || need util-linux "setpriv, unshare and nsenter"
    [ "$command_name" != verify ] || has ping || need ping ping
  fi
}

has_certificates() {
  [ -z "$distribution" ] || [ -s "$machine/etc/ssl/certs/ca-certificates.crt" ] ||
    [ -s "$machine/etc/pki/tls/certs/ca-bundle.crt" ] || [ -s "$machine/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem" ]
}

joined() { # WORD...: with commas
  local all
  printf -v all '%s, ' "$@"
  printf '%s' "${all%, }"
}

# ---- installing it ---------------------------------------------------------------------------------------------------
# A waiting dpkg lock is waited for: a new machine updates itself in its first minutes.
apt_get() { DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 apt-get -o DPkg::Lock::Timeout=300 -qq "$@"; }

# package_exists PACKAGE: by the package manager's lists, as they are.
package_exists() {
  case "$distribution" in
  apt) has apt-cache && [[ $(LC_ALL=C apt-cache policy "$1" 2>/dev/null) =~ Candidate:\ [0-9] ]] ;;
  '') false ;;
  *) has dnf && [[ $(dnf -q list "$1" 2>/dev/null) == *"$1"* ]] ;;
  esac
}

can_install() {
  [ "$(id -u)" = 0 ] || return 1
  case "$distribution" in
  apt) has apt-get ;;
  '') false ;;
  *) has dnf ;;
  esac
}

install_packages() {
  local log started=$SECONDS manager=dnf
  [ "$distribution" != apt ] || manager=apt-get
  log=$(mktemp)
  say "lab: installing with $manager: ${packages[*]} (missing: $(joined "${missing[@]}"))"
  if [ "$manager" = apt-get ]; then
    apt_get install -y --no-install-recommends "${packages[@]}" </dev/null >"$log" 2>&1
  else
    dnf -q install -y "${repository[@]}" "${packages[@]}" </dev/null >"$log" 2>&1
  fi || {
    tail -n 15 "$log" >&2
    rm -f "$log"
    say "lab: $manager could not install them; paste this to see why:"
    say "  $(install_line "${packages[@]}")"
    exit 1
  }
  rm -f "$log"
  say "lab: installed in $((SECONDS - started)) s"
}

# ---- the JDK ---------------------------------------------------------------------------------------------------------
# Sets jdk_url and jdk_sha256 for this machine, or says in jdk_trouble why there are none.
choose_jdk() {
  jdk_trouble='' jdk_url='' jdk_sha256=''
  jdk_of_vendor "$(uname -m)" || jdk_trouble="Eclipse Temurin has none that is known here for $(uname -m)"
  if [ -n "${LAB_JDK_URL:-}" ]; then
    jdk_url=$LAB_JDK_URL jdk_sha256=${LAB_JDK_SHA256:-$jdk_sha256} jdk_trouble=''
    [ -n "$jdk_sha256" ] || jdk_trouble="LAB_JDK_URL is set and LAB_JDK_SHA256 is not"
  elif [ -z "$jdk_trouble" ] && ! getconf GNU_LIBC_VERSION >/dev/null 2>&1; then
    jdk_trouble="the archives known here are for the GNU C library, which this machine does not have"
  fi
}

# The line that does by hand what fetch_jdk does.
jdk_line() {
  echo "(cd $here && mkdir -p .lab/jdk-25 && curl -fL -o .lab/jdk-25.tar.gz $jdk_url && echo '$jdk_sha256  .lab/jdk-25.tar.gz' | sha256sum -c && tar -xzf .lab/jdk-25.tar.gz -C .lab/jdk-25 --strip-components=1)"
}

# download URL FILE: goes on where an earlier one ended, if the server can.
download() {
  local quiet=(-sS)
  [ ! -t 2 ] || quiet=(--progress-bar)
  if has curl; then
    as_builder curl -fL "${quiet[@]}" --retry 3 --connect-timeout 20 --speed-limit 1000 --speed-time 60 -C - -o "$2" "$1" && return 0
    [ $? = 33 ] || return 1 # 33: the server does not go on
    as_builder rm -f "$2"
    as_builder curl -fL "${quiet[@]}" --retry 3 --connect-timeout 20 --speed-limit 1000 --speed-time 60 -o "$2" "$1"
  else
    as_builder wget -q -c --tries=3 --timeout=20 -O "$2" "$1"
  fi
}

sum_of() { sha256sum "$1" 2>/dev/null | cut -d ' ' -f 1; }

# Fetches, checks, unpacks and only then gives it its name, all as the user who builds.
fetch_jdk() {
  [ ! -x .lab/jdk-25/bin/javac ] || return 0 # another ./lab was faster
  local part=.lab/jdk-25-${jdk_sha256:0:12}.part unpacked=.lab/jdk-25.unpacked started=$SECONDS got
  say "lab: fetching a JDK 25 into .lab/jdk-25 (neither this machine nor its package manager has one): $jdk_url"
  if [ "$(sum_of "$part")" != "$jdk_sha256" ] && ! download "$jdk_url" "$part"; then
    say "lab: could not fetch it. From a mirror, or from a file:// URL:"
    say "  $(sudo_word)LAB_JDK_URL=URL LAB_JDK_SHA256=$jdk_sha256 ./lab $command_name"
    say "or by hand (what was fetched so far is kept and gone on with):"
    say "  $(jdk_line)"
    exit 1
  fi
  got=$(sum_of "$part")
  if [ "$got" != "$jdk_sha256" ]; then
    as_builder rm -f "$part"
    say "lab: refused: the SHA-256 of $jdk_url is $got, and must be $jdk_sha256; nothing of it was kept"
    exit 1
  fi
  as_builder rm -rf "$unpacked" .lab/jdk-25
  as_builder mkdir -p "$unpacked"
  as_builder tar -xzf "$part" -C "$unpacked" --strip-components=1 --no-same-owner
  if [ "$(java_major "$unpacked" || true)" != 25 ]; then
    as_builder rm -rf "$unpacked" "$part"
    say "lab: refused: $jdk_url holds no JDK 25 that runs here"
    exit 1
  fi
  as_builder mv -T "$unpacked" .lab/jdk-25
  as_builder rm -f "$part"
  say "lab: JDK 25 in .lab/jdk-25 after $((SECONDS - started)) s"
}

# ---- all of it -------------------------------------------------------------------------------------------------------
# refuse REASON: what is missing, in one message, with the line to paste.
refuse() {
  local jdk_by_hand=
  say "lab: './lab $command_name' needs what this machine ($distribution_name) lacks: $(joined "${missing[@]}" ${jdk_missing:+"a JDK 25 (looked in JAVA_HOME, PATH, /usr/lib/jvm, /opt, SDKMAN, ~/.jdks, asdf, mise)"})"
  say "lab: $1"
  if [ -n "$jdk_missing" ]; then
    if [ -n "$distribution" ] && package_exists "$(packages_for jdk)"; then
      packages+=("$(packages_for jdk)")
    else
      choose_jdk
      jdk_by_hand=1
    fi
  fi
  if [ -z "$distribution" ]; then
    say "lab: package names are known for Debian, Ubuntu, Amazon Linux 2023, Fedora and RHEL-like systems only; install it and run this again"
  elif [ ${#packages[@]} -gt 0 ]; then
    say "  $(install_line "${packages[@]}")"
  fi
  [ -z "$jdk_by_hand" ] || [ -z "$jdk_trouble" ] || say "lab: no JDK 25 to fetch: $jdk_trouble; set JAVA_HOME to one"
  [ -z "$jdk_by_hand" ] || [ -n "$jdk_trouble" ] || say "  $(jdk_line)"
  exit 1
}

# prepare_machine root|user: returns when all that is needed is there and JAVA_HOME is set.
prepare_machine() {
  PATH=$PATH:$machine/usr/sbin:$machine/sbin
  read_distribution
  look_for "$1"
  if [ "$1" = root ] && [ "$(id -u)" != 0 ]; then
    if [ ${#missing[@]} = 0 ] && [ -z "$jdk_missing" ]; then
      say "lab: './lab $command_name' needs root (network namespaces): run sudo ./lab $command_name"
      exit 1
    fi
    refuse "it needs root too (network namespaces); sudo ./lab $command_name installs what is missing. By hand:"
  fi
  [ ${#missing[@]} -gt 0 ] || [ -n "$jdk_missing" ] || return 0
  [ -z "$no_install" ] || refuse "nothing is installed, as you asked (--no-install). By hand:"
  if can_install && { [ ${#missing[@]} -gt 0 ] || [ -z "${LAB_JDK_URL:-}" ]; }; then
    with_packages "$1"
  elif [ ${#missing[@]} -gt 0 ]; then
    [ "$(id -u)" = 0 ] && refuse "there is no package manager that this script knows"
    refuse "only root can install it. By hand:"
  fi
  [ -z "$jdk_missing" ] || with_fetched_jdk
}

with_packages() {
  if [ "$distribution" = apt ]; then
    say "lab: $distribution_name lacks something for './lab $command_name': asking apt-get what there is"
    apt_get update </dev/null >/dev/null 2>&1 || say "lab: apt-get update failed; going on with the lists of before"
  fi
  if [ -n "$jdk_missing" ] && [ -z "${LAB_JDK_URL:-}" ] && package_exists "$(packages_for jdk)"; then
    packages+=("$(packages_for jdk)")
    missing+=("a JDK 25")
  fi
  [ ${#packages[@]} -gt 0 ] || return 0
  install_packages
  hash -r
  look_for "$1"
  [ ${#missing[@]} = 0 ] || refuse "it is missing although it was installed: is another one in the way in PATH? What was installed:"
}

with_fetched_jdk() {
  choose_jdk
  [ -z "$jdk_trouble" ] || refuse "a JDK 25 is to be fetched, but cannot be: $jdk_trouble"
  with_build_lock fetch_jdk
  JAVA_HOME=$here/.lab/jdk-25
  export JAVA_HOME
}
