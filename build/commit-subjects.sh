#!/usr/bin/env bash
# Prints the commits, of the last 50, that CONTRIBUTING.md asks to be otherwise. Fails on nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
git rev-parse --git-dir >/dev/null 2>&1 || exit 0

git log -n 50 --format='%h%x09%p%x09%s' | awk -F '\t' '
  function tell(why) { print "commits: " $1 " " why ": " $3 }
  split($2, parents, " ") > 1 { tell("is a merge"); next }
  length($3) > 72 { tell("has a subject of " length($3) " characters") }
  $3 !~ /^[a-z0-9][a-z0-9-]*(, [a-z0-9-]+)*: [^ ]/ { tell("has no \"area: what it does\" as subject") }
  tolower($3) ~ /(^|[^a-z])wip([^a-z]|$)/ { tell("is not done") }
  seen[$3]++ { tell("has the subject of another commit") }'
