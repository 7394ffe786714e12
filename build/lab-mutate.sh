# shellcheck shell=bash
# Sourced by ./lab: mutation testing with PIT (pitest.org) of the modules that decide, with a table by package.

mutated_modules=(config warm-pool eni-manager)

# "mutating warm-pool (2 of 3)"
mutation_progress() {
  awk '
    /^\[INFO\] Building [^ ]+ .*\[[0-9]+\/[0-9]+\]$/ { module = $3; at = $NF; gsub(/[][]/, "", at); sub("/", " of ", at); doing = "building" }
    /^\[INFO\] --- .*pitest.*:mutationCoverage/ { doing = "mutating" }
    END { if (module == "") print "building: Maven starts"; else printf "%s %s (%s)\n", doing, module, at }' "$1"
}

# The mutations of PIT's reports, one a line: package, class, line, method, status, description.
mutations() {
  cat /dev/null "$@" | awk '
    function element(name) {
      return match($0, "<" name ">[^<]*") ? substr($0, RSTART + length(name) + 2, RLENGTH - length(name) - 2) : ""
    }
    /<mutation / {
      match($0, /status=.[A-Z_]*/)
      status = substr($0, RSTART + 8, RLENGTH - 8)
      class = element("mutatedClass")
      package = class
      sub(/\.[^.]*$/, "", package)
      sub(/.*\./, "", class)
      method = element("mutatedMethod")
      gsub(/&lt;/, "<", method); gsub(/&gt;/, ">", method)
      description = element("description")
      gsub(/io\/vpceni\/[a-z\/]*/, "", description); gsub(/&quot;/, "\"", description)
      printf "%s\t%s\t%s\t%s\t%s\t%s\n", package, class, element("lineNumber"), method, status, description
    }'
}

# Packages with what became of their mutants; those that no test killed go to the file given.
mutation_table() { # SURVIVORS-FILE <MUTATIONS
  LC_ALL=C sort -t "$(printf '\t')" -k1,1 -k2,2 -k3,3n | awk -F '\t' -v survivors="$1" '
    function row(name, all, killed, survived, untested) {
      printf "%-34s %8d %8d %10d %12d %6.1f%%\n", name, all, killed, survived, untested, 100 * killed / all
    }
    {
      if (!($1 in all)) order[++packages] = $1
      all[$1]++; sum++
      if ($5 == "SURVIVED") { survived[$1]++; sumSurvived++ }
      else if ($5 == "NO_COVERAGE") { untested[$1]++; sumUntested++ }
      else { killed[$1]++; sumKilled++; next }
      printf "%s.%s:%s %s: %s%s\n", $1, $2, $3, $4, $6, $5 == "NO_COVERAGE" ? " (no test runs this line)" : "" >survivors
    }
    END {
      if (!sum) exit 1
      printf "%-34s %8s %8s %10s %12s %7s\n", "package", "mutants", "killed", "survived", "no test", "score"
      for (i = 1; i <= packages; i++) { p = order[i]; row(p, all[p], killed[p], survived[p], untested[p]) }
      row("all", sum, sumKilled, sumSurvived, sumUntested)
    }'
}

# mutate PACKAGE...: all of the mutated modules, or these packages and what is below them.
mutate() {
  local started=$SECONDS options=() classes='' package reports survivors=.lab/mutants-survived.txt
  for package in "$@"; do classes="$classes${classes:+,}$package.*"; done
  [ -z "$classes" ] || options+=("-DtargetClasses=$classes")
  take_build_lock
  forget_build
  as_builder rm -rf "${mutated_modules[@]/%//target/pit-reports}"
  say "lab: mutation testing of ${*:-${mutated_modules[*]}}: an hour and more on two cores"
  if ! watched .lab/mutate.log mutation_progress as_builder ./mvnw -B -pl "$(IFS=,; echo "${mutated_modules[*]}")" \
    -DfailWhenNoMutations=false "${options[@]}" test-compile org.pitest:pitest-maven:mutationCoverage; then
    tell_failed_build .lab/mutate.log
    return 1
  fi
  exec 9>&-
  mapfile -t reports < <(find "${mutated_modules[@]/%//target/pit-reports}" -name mutations.xml 2>/dev/null)
  as_builder sh -c ": >$survivors"
  mutations "${reports[@]}" | mutation_table "$survivors" || {
    say "lab: nothing to mutate in ${*:-${mutated_modules[*]}}"
    return 1
  }
  say "lab: what no test killed: $survivors; with sources: MODULE/target/pit-reports/index.html; took $((SECONDS - started)) s"
}
