#!/bin/bash
# Installs the Debian packages that a build (and, with "test", the test suite) needs; quiet when all is there.
set -euo pipefail

cd "$(dirname "$0")/.."
wanted=(libunbound-dev libssl-dev libevent-dev libidn2-dev libpsl-dev libxml2-dev zlib1g-dev libsqlite3-dev publicsuffix dns-root-data ca-certificates
  pkg-config knot knot-dnsutils openssl iproute2 util-linux)
if [[ ${1:-build} == test ]]; then
  wanted+=(jing nginx-light python3-jsonschema python3-yaml gnutls-bin hash-slinger certbot pebble unbound)
  wanted+=(python3-dkim python3-nacl opendkim opendkim-tools)
  wanted+=(chromium fonts-dejavu-core)
  wanted+=(python3-venv python3-prometheus-client python3-icalendar python3-junitparser python3-commonmark python3-html5lib)
fi

# Postfix and Exim conflict as packages, and nobody wants them on a workbench: unpacked beside each other for the lab alone.
unpack_mail_servers() {
  local target=.build/lab-packages packages
  packages=(postfix exim4-daemon-light exim4-base libidn12 libdb5.3 libnsl2 libpcre2-8-0 libicu72 libsasl2-2 libgnutls30
    libgnutls-dane0 libnss3-tools)
  [[ -x $target/usr/lib/postfix/sbin/master && -x $target/usr/sbin/exim4 && -x $target/usr/bin/selfserv ]] && return 0
  echo "Unpacking for the lab, into $target: ${packages[*]}" >&2
  local folder
  folder=$(mktemp -d)
  mkdir -p "$target"
  (cd "$folder" && apt-get download -q "${packages[@]}" >&2)
  for file in "$folder"/*.deb; do dpkg -x "$file" "$target"; done
  rm -rf "$folder"
}

# What reads reports in tests and is in no Debian package.
make_python() {
  local target=.build/python
  [[ -x $target/bin/python ]] && "$target/bin/python" -c 'import sarif_pydantic, axe_playwright_python' 2>/dev/null && return 0
  /usr/bin/python3 -m venv --system-site-packages "$target"
  "$target/bin/pip" install -q 'sarif-pydantic==0.6.2' 'axe-playwright-python==0.1.8'
}

missing=()
for package in "${wanted[@]}"; do
  [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
done
if ((${#missing[@]} == 0)); then
  if [[ ${1:-build} == test ]] && ! unpack_mail_servers; then
    # The package lists may be missing or old.
    if ((EUID == 0)); then apt-get update -q >&2; else sudo apt-get update -q >&2; fi
    unpack_mail_servers
  fi
  if [[ ${1:-build} == test ]]; then make_python; fi
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
if [[ ${1:-build} == test ]]; then
  unpack_mail_servers
  make_python
fi
