#!/bin/bash
# In the lab: a real certbot gets a certificate with a new key from a real pebble, and mailassay-deploy brings it to a real Postfix
# without a moment in which a sender that validates DANE could not deliver. Then a renewal with the same key, then acme.sh's hook.
# Arguments: the lab's folder, the folder of the unpacked Debian packages, the project's root. Prints what the test compares.
set -euo pipefail
lab=$1 packages=$2 root=$3
PATH=$root/docs/hooks:$PATH
mkdir -p "$lab/acme"
cd "$lab/acme"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=localhost \
  -addext subjectAltName=DNS:localhost,IP:127.0.0.1 2>/dev/null
cat >pebble.json <<P
{"pebble": {"listenAddress": "127.0.0.1:14000", "managementListenAddress": "127.0.0.1:15000", "certificate": "$PWD/ca.pem",
  "privateKey": "$PWD/ca.key", "httpPort": 5002, "tlsPort": 5001, "ocspResponderURL": ""}}
P
# Names of the lab exist in the lab's DNS alone, which pebble does not ask.
PEBBLE_VA_ALWAYS_VALID=1 PEBBLE_VA_NOSLEEP=1 PEBBLE_WFE_NONCEREJECT=0 pebble -config pebble.json >pebble.log 2>&1 &
pebble=$!
trap 'kill $pebble' EXIT
for _ in $(seq 100); do (: >/dev/tcp/127.0.0.1/14000) 2>/dev/null && break; sleep 0.1; done

cat >deploy.conf <<P
HOST=mx.postfix.lab
KEY=$PWD/mx.key
CHAIN=$PWD/mx.pem
STATE=$PWD/state
OPTIONS="$MAILASSAY_LAB_OPTIONS"
PUBLISH=$PWD/publish
RELOAD=$PWD/reload
P
printf '#!/bin/bash\n{ echo server %s; echo zone lab.; cat; } | knsupdate\n' 193.17.255.1 >publish
cat >reload <<P
#!/bin/bash
cat $PWD/mx.key $PWD/mx.pem > $lab/real/postfix/chain.pem
LD_LIBRARY_PATH=$(echo "$packages"/usr/lib/postfix:"$packages"/usr/lib/*-linux-gnu) \
  $packages/usr/sbin/postfix -c $lab/real/postfix/etc reload >/dev/null 2>&1
P
chmod +x publish reload
export MAILASSAY_DEPLOY_CONF=$PWD/deploy.conf REQUESTS_CA_BUNDLE=$PWD/ca.pem

certbot() {
  command certbot "$@" --config-dir "$PWD/c" --work-dir "$PWD/w" --logs-dir "$PWD/l" --server https://127.0.0.1:14000/dir -n \
    --http-01-port 5002 --deploy-hook mailassay-deploy >>certbot.log 2>&1
}
# A sender that validates DANE can deliver: said once after each step.
check() {
  # shellcheck disable=SC2086
  mailassay tlsa check mx.postfix.lab --require --format nagios $MAILASSAY_LAB_OPTIONS >check.out && status=0 || status=$?
  echo "$1: deliverable $status, records $(records)"
}
records() { kdig +short @193.17.255.1 _25._tcp.mx.postfix.lab TLSA | wc -l; }
key() { openssl pkey -in "$1" -pubout -outform DER | openssl dgst -sha256 -r | cut -c1-64; }
follow() {
  for _ in $(seq 60); do
    mailassay-deploy 2>>deploy.log && deployed=0 || deployed=$?
    check "$1 $deployed"
    ((deployed == 75)) || return 0
    sleep 1
  done
}

check "before"
old=$(kdig +short @193.17.255.1 _25._tcp.mx.postfix.lab TLSA)
certbot certonly --standalone -d mx.postfix.lab --agree-tos -m postmaster@postfix.lab --key-type ecdsa
check "issued"
follow "new key" | uniq
new=$(kdig +short @193.17.255.1 _25._tcp.mx.postfix.lab TLSA | tr 'A-F' 'a-f' | tr -d ' ')
[[ $new == 311$(key mx.key) ]] && echo "the record is the new key's"
[[ $new != "$(tr -d ' ' <<<"$old")" ]] && echo "the old record is gone"

before=$(sha256sum <mx.pem)
certbot renew --force-renewal --reuse-key --no-random-sleep-on-renew
check "same key"
[[ $(sha256sum <mx.pem) != "$before" ]] && echo "the certificate is another"
[[ 311$(key mx.key) == "$new" ]] && echo "the key is the same"

# acme.sh calls its hooks so.
. "$root/docs/hooks/acme.sh/mailassay.sh"
openssl genrsa -out acme.key 2048 2>/dev/null
openssl req -x509 -key acme.key -out acme.pem -days 60 -subj /CN=mx.postfix.lab -addext subjectAltName=DNS:mx.postfix.lab
mailassay_deploy mx.postfix.lab acme.key acme.pem acme.pem acme.pem 2>>deploy.log && echo "acme.sh's hook took it"
follow "acme.sh" | uniq
