#!/bin/bash
# Compares inventories of TLS with sslyze (PyPI), sslscan and testssl.sh (Debian) on hosts of the lab.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=${1:?the folder with the programs}
wanted=${TOOLS:-sslyze sslscan testssl}
tools=
for tool in $wanted; do tools+=$tool=$(scripts/other-scanners.sh "$tool"),; done
domains=${DOMAINS:-exemplary.lab tls12only.lab tls13only.lab tlscbc.lab tlsccm8.lab tlsstaticrsa.lab tls10.lab tlsdhe.lab
  tlsall.lab postfix.lab exim.lab tlsgnutls.lab tlsnss.lab}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
# shellcheck disable=SC2086
"$bin/mailassay-lab" exec --dir "$dir" -- python3 Lab/compare.py "$bin/mailassay" "${tools%,}" $domains
