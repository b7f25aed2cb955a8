#!/bin/bash
# Measures the goals of a basic scan in the lab; exit status 1 where one is missed.
set -euo pipefail
cd "$(dirname "$0")/.."
scratch=${1:-.build}
for product in mailassay mailassay-lab mailassay-bench; do
  swift build -c release --static-swift-stdlib --scratch-path "$scratch" --product "$product" >&2
done
bin=$(cd "$scratch/release" && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
"$bin/mailassay-lab" exec --demo --dir "$dir" -- "$bin/mailassay-bench" "$bin/mailassay"
