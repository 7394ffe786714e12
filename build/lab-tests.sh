# shellcheck shell=bash
# Sourced by ./lab: every check and every test, and the contract suite, with their sums.

# Counts of all surefire and console-launcher reports that this run wrote.
count() {
  local attribute=$1 file total=0 n
  shift
  for file in "$@"; do
    n=$(sed -n "s/.*<testsuite .*[^a-z]$attribute=\"\([0-9]*\)\".*/\1/p" "$file" | head -n 1)
    total=$((total + ${n:-0}))
  done
  printf '%s' "$total"
}

# Where compiled tests lie that ./lab runs itself, as a class path: what needs root, and the contract suite.
test_directories() {
  local directories
  directories=$(printf '%s:' host-network/target/test-classes integration-tests/*/target/test-classes)
  printf '%s' "${directories%:}"
}

# launch_tests REPORTS ARGUMENT...: runs compiled tests in this process's namespaces.
launch_tests() {
  local reports=$1
  shift
  exec "$JAVA_HOME/bin/java" "${native_flags[@]}" -XX:+EnableDynamicAgentLoading -Dsun.net.httpserver.nodelay=true \
    -Drepository.root="$here" -Dvpceni.home="$here" \
    -cp "$(cat integration-tests/acceptance/target/test-classpath.txt):$(test_directories)" \
    org.junit.platform.console.ConsoleLauncher execute --fail-if-no-tests --disable-banner --disable-ansi-colors --details testfeed \
    --reports-dir "$reports" "$@"
}

# "testing as root: RestartTest, 41 tests done, 1 failed"
launcher_progress() {
  awk '
    /^JUnit Jupiter > [^ ]+ .* :: STARTED$/ { class = $4 }
    / :: (SUCCESSFUL|ABORTED|FAILED)$/ { done++ }
    / :: FAILED$/ { failed++ }
    END { printf "testing as root%s%s%s\n", class == "" ? "" : ": " class, done ? ", " done " tests done" : "", failed ? ", " failed " failed" : "" }
  ' "$1"
}

# run_tests LOG REPORTS ARGUMENT...: launch_tests, watched.
run_tests() {
  local log=$1
  shift
  watched "$log" launcher_progress launch_tests "$@" && return 0
  say "lab: tests failed; the whole log is in $here/$log"
  return 1
}

# Each failed test of the reports given: its name, the first lines of what it says, and the lines of ours it came through.
tell_failed_tests() {
  cat /dev/null "$@" | awk '
    function text(s) {
      sub(/<!\[CDATA\[/, "", s); sub(/]]>.*/, "", s)
      gsub(/&lt;/, "<", s); gsub(/&gt;/, ">", s); gsub(/&quot;/, "\"", s); gsub(/&apos;/, "\047", s); gsub(/&amp;/, "\\&", s)
      return s
    }
    function attribute(name) {
      return match($0, " " name "=\"[^\"]*\"") ? text(substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4)) : ""
    }
    /^ *<testcase / { test = attribute("classname") "." attribute("name") }
    /^ *<(failure|error)[ >]/ && failed++ < 20 {
      print "lab: failed: " test
      inside = 1; lines = frames = 0
      start = index($0, "<![CDATA[")
      $0 = start ? substr($0, start) : substr($0, index($0, ">") + 1)
    }
    inside {
      ends = /]]>|<\/(failure|error)>/
      sub(/<\/(failure|error)>.*/, "")
      if (/^\tat /) { if (/vpceni/ && frames++ < 5) print "  " text($0) }
      else if (text($0) !~ /^[ \t]*$/ && lines++ < 15) print "    " text($0)
      if (ends) inside = 0
    }
    END { if (failed > 20) print "lab: and " failed - 20 " more" }' >&2
}

# write_junit FILE REPORT...: one file of all that ran, for CI systems; written as the user who called.
write_junit() {
  local file=$1 report suites=()
  shift
  for report in "$@"; do
    [ "$(count tests "$report")" = 0 ] || suites+=("$report")
  done
  {
    printf '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="vpc-eni-ipam" tests="%s" failures="%s" errors="%s" skipped="%s">\n' \
      "$(count tests "${suites[@]}")" "$(count failures "${suites[@]}")" "$(count errors "${suites[@]}")" "$(count skipped "${suites[@]}")"
    for report in "${suites[@]}"; do
      sed '1{s/^<?xml[^>]*?>//}' "$report"
    done
    printf '</testsuites>\n'
  } | as_builder tee "$file" >/dev/null
  say "lab: JUnit report in $file"
}

# The contract suite by backend, out of the reports given.
contract_table() {
  cat /dev/null "$@" | awk '
    function backend(class) {
      if (class ~ /EmulationContractTest/) return "emulation"
      if (class ~ /LocalStackContractTest/) return "LocalStack, process or LOCALSTACK_ENDPOINT"
      if (class ~ /LocalStackContainerContractTest/) return "LocalStack, Testcontainers"
      if (class ~ /MendedContractTest/) return "LocalStack, mended by the lab"
      return ""
    }
    /<testcase / {
      match($0, /classname="[^"]*"/)
      class = substr($0, RSTART + 11, RLENGTH - 12)
      who = backend(class)
      if (who != "") {
        if (!(who in all)) order[++backends] = who
        all[who]++
        group = class; sub(/.*[$]/, "", group)
        tests[who, group]++
      }
    }
    /<skipped/ && who != "" { skipped[who]++ }
    (/<failure/ || /<error/) && who != "" { failed[who]++ }
    /<skipped>.*TestAbortedException: / && who != "" && !(who in why) {
      why[who] = $0; sub(/.*TestAbortedException: /, "", why[who]); sub(/]]>.*/, "", why[who])
    }
    /<\/testcase>/ { who = "" }
    END {
      if (!backends) exit
      row = "%-44s %6s %6s %12s %8s %8s\n"
      printf "\n" row, "contract suite against", "wire", "port", "deviations", "failed", "skipped"
      for (i = 1; i <= backends; i++) {
        b = order[i]
        printf row, b, tests[b, "Wire"] + 0, tests[b, "Port"] + 0, tests[b, "Deviations"] + 0, failed[b] + 0, skipped[b] + 0
        if (b in why) printf "  skipped: %s\n", why[b]
      }
      printf "\n"
    }' >&2
}

# contract [JUNIT-FILE]
contract() {
  local out status=0 reports
  with_build_lock build tests
  out=$(mktemp -d)
  run_tests .lab/contract.log "$out" --select-package io.vpceni.lab.contract \
    --include-classname '.*ContractTest' || status=1
  mapfile -t reports < <(find "$out" -name 'TEST-*.xml')
  contract_table "${reports[@]}"
  tell_failed_tests "${reports[@]}"
  [ -z "${1:-}" ] || write_junit "$1" "${reports[@]}"
  rm -rf "$out"
  return "$status"
}

# verify JUNIT-FILE MAVEN-OPTION...
verify() {
  local hash started=$SECONDS status=0 marker=.lab/verify-started reports=() junit=$1
  shift
  hash=$(sources_hash)
  take_build_lock
  forget_build
  as_builder touch "$marker"
  say "lab: checks and tests that need no root (mvnw verify)"
  maven .lab/verify.log "$@" verify || status=1
  exec 9>&-
  if [ "$status" = 0 ]; then
    remember_tests "$hash"
    say "lab: tests that need root, in network namespaces of their own"
    local out
    out=$(mktemp -d)
    run_tests .lab/verify-root.log "$out" --scan-classpath "$(test_directories)" --include-classname '.*Test' --include-tag root ||
      status=1
    mapfile -t reports < <(find "$out" -name 'TEST-*.xml')
  else
    tell_failed_build .lab/verify.log
  fi
  mapfile -t -O ${#reports[@]} reports < <(find ./*/target/surefire-reports integration-tests/*/target/surefire-reports -name 'TEST-*.xml' -newer "$marker" 2>/dev/null)
  local tests failures skipped
  tests=$(count tests "${reports[@]}")
  failures=$(($(count failures "${reports[@]}") + $(count errors "${reports[@]}")))
  skipped=$(count skipped "${reports[@]}")
  contract_table "${reports[@]}"
  tell_failed_tests "${reports[@]}"
  [ -z "$junit" ] || write_junit "$junit" "${reports[@]}"
  [ -z "${out:-}" ] || rm -rf "$out"
  say "lab: verify took $((SECONDS - started)) s"
  if [ "$status" != 0 ] && [ "$failures" = 0 ]; then
    failures=1 # a check of the build, not a test
  fi
  printf '%d passed, %d failed, %d skipped\n' "$((tests - failures - skipped < 0 ? 0 : tests - failures - skipped))" "$failures" "$skipped"
  return "$status"
}
