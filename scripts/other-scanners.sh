#!/bin/bash
# Fetches other people's TLS scanners, where they are not there yet, and prints where each of those named is.
set -euo pipefail
cd "$(dirname "$0")/.."
place=$PWD/.build/compare
mkdir -p "$place/bin"
for tool in "$@"; do
  case $tool in
    sslyze)
      path=$place/venv/bin/sslyze
      if [[ ! -x $path ]]; then
        /usr/bin/python3 -m venv "$place/venv"
        "$place/venv/bin/pip" install -q 'sslyze==6.3.1' >&2
      fi
      ;;
    sslscan | testssl)
      path=$place/usr/bin/$tool
      if [[ ! -x $path ]]; then
        folder=$(mktemp -d)
        (cd "$folder" && apt-get download -q sslscan testssl.sh >&2)
        for file in "$folder"/*.deb; do dpkg -x "$file" "$place"; done
        rm -rf "$folder"
      fi
      # testssl.sh wants a tool for the DNS to be there; with an address given it is never called.
      printf '#!/bin/sh\nexit 1\n' > "$place/bin/host"
      chmod +x "$place/bin/host"
      ;;
    *) echo "$tool is not known here" >&2; exit 3 ;;
  esac
  echo "$path"
done
