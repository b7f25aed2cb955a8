#!/bin/bash
# Installs the Debian packages that a build (and, with "test", the test suite) needs; quiet when all is there.
set -euo pipefail

wanted=(libunbound-dev libssl-dev libevent-dev libidn2-dev libpsl-dev publicsuffix dns-root-data ca-certificates
  pkg-config libsqlite3-dev knot knot-dnsutils openssl)
if [[ ${1:-build} == test ]]; then
  wanted+=(nginx-light curl uidmap)
fi

missing=()
for package in "${wanted[@]}"; do
  [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
done
if ((${#missing[@]} == 0)); then
  exit 0
fi

echo "Installing with apt-get: ${missing[*]}" >&2
as_root=()
if ((EUID != 0)); then
  command -v sudo >/dev/null || { echo "install-deps.sh: not root and no sudo; install these by hand" >&2; exit 1; }
  as_root=(sudo)
fi
export DEBIAN_FRONTEND=noninteractive
# Daemons are installed for the lab, which starts its own; none shall start by itself here.
policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
  "${as_root[@]}" chmod 755 "$policy"
  trap '"${as_root[@]}" rm -f "$policy"' EXIT
fi
"${as_root[@]}" apt-get update -q >&2
"${as_root[@]}" apt-get install -q -y --no-install-recommends "${missing[@]}" >&2
