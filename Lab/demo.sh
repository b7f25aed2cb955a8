#!/bin/bash
# Audits the given domains; without one, brings up the lab and audits two of its demo domains.
set -euo pipefail
bin=$1
shift
mkdir -p out

if (($# > 0)); then
  for domain in "$@"; do
    "$bin/mailassay" scan "$domain" --fail-on none --format text -o "out/$domain.html" -o "out/$domain.json"
  done
  echo "Written: out/*.html and out/*.json" >&2
  exit 0
fi

echo "No DOMAIN given: auditing two demo domains of the lab (make run DOMAIN=example.com audits yours)." >&2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
"$bin/mailassay-lab" exec --demo --dir "$dir" -- /bin/bash -c '
  set -e
  for domain in exemplary.lab faulty.lab; do
    "$0/mailassay" scan "$domain" $MAILASSAY_LAB_OPTIONS --fail-on none --format text \
      -o "out/$domain.html" -o "out/$domain.json"
  done' "$bin"
echo "Written: out/*.html and out/*.json" >&2
