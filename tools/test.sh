#!/usr/bin/env bash
# Runs the checks and all tests at the same time. The build of the checks changes nothing that the tests load, because setup has
# built the package. The output of the checks follows that of the tests, and the count of the tests is the last line.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

log=$(mktemp)
count=$(mktemp)
trap 'rm -f "$log" "$count"' EXIT
npm run check >"$log" 2>&1 &
checks=$!

TEST_COUNT=$count npx vitest run
tested=$?
wait "$checks"
checked=$?

cat "$log"
((tested == 0)) || echo "the tests failed" >&2
((checked == 0)) || echo "the checks failed" >&2
cat "$count"
((tested == 0 && checked == 0))
