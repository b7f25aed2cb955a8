#!/bin/bash
# Makes docs/gallery: pictures of a report of the lab's, as readers see it.
set -euo pipefail
cd "$(dirname "$0")/.."
programs=${1:-.build/release}
out=docs/gallery
mkdir -p "$out"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$programs/mailassay-lab" exec -- sh -c "$programs/mailassay scan faulty.lab \$MAILASSAY_LAB_OPTIONS --tier extended \
  --fail-on none -o $folder/faulty.html -o $folder/faulty.json" 2>/dev/null
"$programs/mailassay-lab" exec -- sh -c "$programs/mailassay scan exemplary.lab faulty.lab tlsgarbage.lab nullmx.lab \
  danewrong.lab rsa.lab \$MAILASSAY_LAB_OPTIONS --tier extended --fail-on none --format html > $folder/all.html" 2>/dev/null
.build/python/bin/python - "$folder" "$out" <<'PY'
import sys
from playwright.sync_api import sync_playwright

folder, out = sys.argv[1:]
shots = [
    ("light", "faulty", "light", 1100, 1400, "screen"), ("dark", "faulty", "dark", 1100, 1400, "screen"),
    ("phone", "faulty", "light", 360, 1100, "screen"), ("print", "faulty", "light", 900, 1300, "print"),
    ("overview", "all", "light", 1100, 900, "screen"),
]
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    for name, page_name, scheme, width, height, media in shots:
        context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": height})
        page = context.new_page()
        page.goto(f"file://{folder}/{page_name}.html")
        page.emulate_media(media=media)
        page.screenshot(path=f"{out}/{name}.png")
        context.close()
    browser.close()
PY
ls -la "$out"
