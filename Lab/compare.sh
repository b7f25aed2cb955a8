#!/bin/bash
# Compares inventories of TLS with sslyze (PyPI), sslscan and testssl.sh (Debian) on hosts of the lab.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=${1:?the folder with the programs}
place=$PWD/.build/compare
if [[ ! -x $place/usr/bin/sslscan || ! -x $place/usr/bin/testssl ]]; then
  folder=$(mktemp -d)
  (cd "$folder" && apt-get download -q sslscan testssl.sh >&2)
  for file in "$folder"/*.deb; do dpkg -x "$file" "$place"; done
  rm -rf "$folder"
fi
mkdir -p "$place/bin"
printf '#!/bin/sh\nexit 1\n' > "$place/bin/host"
chmod +x "$place/bin/host"
if [[ ! -x $place/venv/bin/sslyze ]]; then
  /usr/bin/python3 -m venv "$place/venv"
  "$place/venv/bin/pip" install -q 'sslyze==6.3.1'
fi
tools=${TOOLS:-sslyze=$place/venv/bin/sslyze,sslscan=$place/usr/bin/sslscan,testssl=$place/usr/bin/testssl}
domains=${DOMAINS:-exemplary.lab tls12only.lab tls13only.lab tlscbc.lab tlsccm8.lab tlsstaticrsa.lab tls10.lab tlsdhe.lab tlsall.lab postfix.lab exim.lab tlsgnutls.lab
  tlsnss.lab}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
# shellcheck disable=SC2086
"$bin/mailassay-lab" exec --dir "$dir" -- python3 Lab/compare.py "$bin/mailassay" "$tools" $domains
