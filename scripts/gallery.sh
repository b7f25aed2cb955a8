#!/bin/bash
# Makes docs/gallery: every section of a report of the lab's as readers see it, the terminal, and an overview of several domains.
# Arguments: the folder of the programs; optionally the Python that has playwright.
set -euo pipefail
cd "$(dirname "$0")/.."
programs=$(cd "${1:-.build/release}" && pwd)
python=${2:-.build/python/bin/python}
folder=$(mktemp -d)
# The lab's mail servers run as users of their own.
chmod 755 "$folder"
trap 'rm -rf "$folder"' EXIT

# Some weeks ago the domain had no DMARC policy and a looser SPF record.
printf 'faulty.lab\t_dmarc\tTXT "v=DMARC1; p=none"\nfaulty.lab\t@\tTXT "v=spf1 mx a:old.faulty.lab ~all"\n' > "$folder/amend"
export PROGRAMS=$programs FOLDER=$folder
"$programs/mailassay-lab" exec --dir "$folder/past" --amend "$folder/amend" -- bash -c \
  '"$PROGRAMS/mailassay" scan faulty.lab $MAILASSAY_LAB_OPTIONS --tier extended --fail-on none -o "$FOLDER/old.json"'
"$programs/mailassay-lab" exec --dir "$folder/now" -- bash -c '
  mkdir "$FOLDER/all"
  "$PROGRAMS/mailassay" scan faulty.lab exemplary.lab tlsgarbage.lab nullmx.lab danewrong.lab rsa.lab danedual.lab \
    $MAILASSAY_LAB_OPTIONS --tier extended --fail-on none --format json -o "$FOLDER/all" > /dev/null
  script -qec "stty cols 100; $PROGRAMS/mailassay scan faulty.lab $MAILASSAY_LAB_OPTIONS --fail-on none" /dev/null \
    > "$FOLDER/terminal.txt"'

# The same scan on three earlier days.
"$python" - "$folder" <<'PY'
import datetime, json, sys
folder = sys.argv[1]
for days in (61, 33, 12):
    old = json.load(open(f"{folder}/old.json"))
    for key in ("started_at", "finished_at"):
        moment = datetime.datetime.strptime(old[key], "%Y-%m-%dT%H:%M:%SZ") - datetime.timedelta(days=days)
        old[key] = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    json.dump(old, open(f"{folder}/day{days}.json", "w"))
PY
for day in "$folder"/day*.json; do "$programs/mailassay" store import "$day" --store "$folder/scans.db" > /dev/null; done
"$programs/mailassay" report "$folder/all/faulty.lab.json" --store "$folder/scans.db" -o "$folder/report.html"
for file in "$folder"/all/*.json; do "$programs/mailassay" report "$file" --format ndjson; done > "$folder/all.ndjson"
"$programs/mailassay" report "$folder/all.ndjson" --format html > "$folder/overview.html"

rm -rf docs/gallery
mkdir -p docs/gallery
"$python" scripts/gallery.py "$folder" docs/gallery
du -sh docs/gallery
