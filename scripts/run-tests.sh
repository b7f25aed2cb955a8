#!/bin/bash
# Builds and runs every test; the closing line says how many ran.
set -euo pipefail
scratch=${1:-.build}

swift build --scratch-path "$scratch" --build-tests
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
swift test --scratch-path "$scratch" --skip-build --parallel 2>&1 | tee "$log" || status=$?
summary=$(grep -aoE 'Test run with [0-9]+ tests?.*' "$log" | tail -1 || true)
echo "make test: ${summary:-no test ran}" | tee "$scratch/test-summary"
[[ -n $summary ]] || exit 1
exit "$status"
