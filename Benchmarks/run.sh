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
lab=("$bin/mailassay-lab" exec --demo --dir "$dir")
# With the real Postfix.
scripts/install-deps.sh test >&2
world=("$bin/mailassay-lab" exec --dir "$dir")
status=0
"${lab[@]}" -- "$bin/mailassay-bench" scan "$bin/mailassay" || status=1
"${lab[@]}" -- "$bin/mailassay-bench" extended "$bin/mailassay" || status=1
# Signed domains with the same ten names each; the whole world, so that caches are filled as in a survey.
signed=$("$bin/mailassay-lab" list | awk '/in good order/ && !/postfix|exim/ {print $1}')
"$bin/mailassay-lab" exec --dir "$dir" -- "$bin/mailassay-bench" dns $signed || status=1
"$bin/mailassay-bench" parsing || status=1
sslyze=$(scripts/other-scanners.sh sslyze)
"${world[@]}" -- python3 Benchmarks/against-sslyze.py "$bin/mailassay" "$sslyze" facts || status=1
for tier in extended basic; do
  "${lab[@]}" -- sh -c "$bin/mailassay scan exemplary.lab \$MAILASSAY_LAB_OPTIONS --tier $tier --fail-on none -o $dir/$tier.json"
done
"$bin/mailassay-bench" reports "$dir/extended.json" "$dir/basic.json" || status=1
if [ -w /dev/net/tun ]; then
  walls=
  for rtt in 20 50 100; do
    walls+=$("${lab[@]}" --rtt "$rtt" -- "$bin/mailassay-bench" wall "$bin/mailassay" "$rtt")$'\n'
  done
  "$bin/mailassay-bench" chain "$walls" || status=1
  "${world[@]}" --rtt 50 -- python3 Benchmarks/against-sslyze.py "$bin/mailassay" "$sslyze" inventory || status=1
else
  echo "not measured: round trips need /dev/net/tun, which cannot be written here"
fi
"$bin/mailassay-bench" senders || status=1
exit "$status"
