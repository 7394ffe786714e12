# shellcheck shell=bash
# Sourced by ./lab: builds what changed, one build at a time, as the user who called, and shows how far it is.

# ---- who builds ------------------------------------------------------------------------------------------------------
# Under sudo the build runs as the calling user, so that no file of root's is left in the work tree.
build_user=
builder_home=${HOME:-/root}
if [ "$(id -u)" = 0 ] && [ -n "${SUDO_USER:-}" ] && [ "$SUDO_USER" != root ]; then
  build_user=$SUDO_USER
  builder_home=$(getent passwd "$build_user" | cut -d: -f6)
fi

as_builder() {
  if [ -n "$build_user" ]; then
    runuser -u "$build_user" -- env HOME="$builder_home" ${JAVA_HOME:+JAVA_HOME="$JAVA_HOME"} "$@"
  else
    "$@"
  fi
}

# Where the lab's command line is, with all that it needs.
lab_jars=integration-tests/cli/target/dist/lib

# ---- what was built --------------------------------------------------------------------------------------------------
sources_hash() {
  find pom.xml mvnw .mvn build ./*/pom.xml ./*/src integration-tests \
    -name target -prune -o -type f -not -path 'build/lab-*' -print0 2>/dev/null |
    LC_ALL=C sort -z | { xargs -0 sha256sum; printf '%s\n' "$JAVA_HOME" "${CC:-cc}"; } | sha256sum | cut -d' ' -f1
}

built() {
  [ -x cni-binary/target/vpc-eni ] && [ -f distribution/target/dist/ipamd.args ] && [ -d integration-tests/cli/target/dist/lib ] &&
    [ "$(cat .lab/built 2>/dev/null)" = "$1" ]
}

built_tests() {
  built "$1" && [ -f integration-tests/acceptance/target/test-classpath.txt ] && [ "$(cat .lab/built-tests 2>/dev/null)" = "$1" ]
}

remember_build() {
  as_builder sh -c "mkdir -p .lab && rm -rf .lab/last-build && cp -al $lab_jars .lab/last-build && printf '%s' '$1' >.lab/built"
}

remember_tests() { remember_build "$1" && as_builder cp .lab/built .lab/built-tests; }

# What speaks with a lab that is up, of the last build that ended well; links, which cost no space.
use_last_build() {
  compgen -G '.lab/last-build/*.jar' >/dev/null || return 1
  built "$(sources_hash)" || lab_jars=.lab/last-build
}

# Before a build: nothing counts as built until it ends well, and no jar of an older build lingers.
forget_build() { as_builder rm -rf .lab/built .lab/built-tests distribution/target/dist integration-tests/cli/target/dist; }

take_build_lock() {
  as_builder mkdir -p .lab
  exec 9>>.lab/lock
  [ -z "$build_user" ] || chown "$build_user" .lab/lock
  flock -n 9 || {
    say "lab: another build runs in this checkout, waiting for it"
    flock 9 & # in the background: a signal ends the wait
    wait "$!"
  }
}

with_build_lock() {
  take_build_lock
  "$@"
  exec 9>&-
}

# ---- running something long ------------------------------------------------------------------------------------------
# watched LOG PROGRESS COMMAND...: runs it with its output in the log, while PROGRESS LOG tells in a few words how far it
# is: one line that changes on a terminal, else a line when the words change. Interrupted, it ends the command with all
# its children.
watched() {
  local log=$1 progress=$2 started=$SECONDS words shown='' status=0
  shift 2
  as_builder sh -c ": >'$log'"
  set -m # a process group of its own, to end it as a whole
  "$@" >"$log" 2>&1 </dev/null 9>&- &
  watched_group=$!
  set +m
  trap 'end_watched 130' INT
  trap 'end_watched 143' TERM
  trap 'end_watched 129' HUP
  while kill -0 "$watched_group" 2>/dev/null; do
    words=$("$progress" "$log" || true)
    if [ -t 2 ]; then
      printf '\r\033[K%.*s' "$(($(tput cols 2>/dev/null || echo 80) - 1))" "lab: $words, $((SECONDS - started)) s" >&2
    elif [ "$words" != "$shown" ]; then
      say "lab: $words, $((SECONDS - started)) s"
    fi
    shown=$words
    sleep 0.5
  done
  wait "$watched_group" 2>/dev/null || status=$?
  trap_signals
  [ ! -t 2 ] || printf '\r\033[K' >&2
  return "$status"
}

end_watched() {
  trap '' INT TERM HUP
  local waited=0
  kill -TERM -- "-$watched_group" 2>/dev/null || true
  while kill -0 -- "-$watched_group" 2>/dev/null; do # all of it: what lives on would write into the next build
    [ "$waited" -lt 100 ] || { kill -KILL -- "-$watched_group" 2>/dev/null || true; }
    sleep 0.1
    waited=$((waited + 1))
  done
  say ""
  say "lab: interrupted; what was not finished does not count as built"
  no_lab_runs || say "lab: a lab is up: ./lab status, list, logs and down need no build"
  exit "$1"
}

# "building ipamd (7 of 10)"; with tests "testing ipamd (7 of 10): PoolOwnerTest".
maven_progress() {
  awk '
    /^\[INFO\] Building [^ ]+ .*\[[0-9]+\/[0-9]+\]$/ { module = $3; at = $NF; gsub(/[][]/, "", at); sub("/", " of ", at); class = "" }
    /^\[INFO\] Running / { class = $3; sub(/.*\./, "", class) }
    /^\[INFO\] --- / { class = "" }
    END {
      if (module == "") print "building: Maven starts, the first time it is fetched"
      else if (class != "") printf "testing %s (%s): %s\n", module, at, class
      else printf "building %s (%s)\n", module, at
    }' "$1"
}

maven() { # LOG ARGUMENT...
  local log=$1
  shift
  watched "$log" maven_progress as_builder ./mvnw -B "$@"
}

tell_failed_build() { # LOG
  grep -m 40 -E '^\[(ERROR|FATAL)\]' "$1" >&2 || tail -n 40 "$1" >&2
  say "lab: the build failed; the whole log is in $here/$1"
}

# build tests|"": what the commands need, with the compiled tests if asked.
build() {
  local hash started=$SECONDS log=.lab/build.log skip=-Dmaven.test.skip=true
  hash=$(sources_hash)
  if [ "${1:-}" = tests ]; then
    ! built_tests "$hash" || return 0
    skip=-DskipTests
  else
    ! built "$hash" || return 0
  fi
  say "lab: building (the first time takes 5 to 10 minutes: Maven fetches what it needs)"
  forget_build
  if ! maven "$log" "$skip" package; then
    tell_failed_build "$log"
    exit 1
  fi
  if [ "${1:-}" = tests ]; then remember_tests "$hash"; else remember_build "$hash"; fi
  say "lab: built in $((SECONDS - started)) s"
}
