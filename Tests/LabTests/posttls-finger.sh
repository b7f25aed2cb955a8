#!/bin/bash
# In the lab: what Postfix's own posttls-finger says of each host, with a validating unbound of the lab's.
# Arguments: the lab's folder, the folder of the unpacked Debian packages, a file with one host a line. Prints a host and its
# verdict a line: verified, failed, unauthenticated, unreachable or none, and the address that was connected to.
set -uo pipefail
lab=$1 packages=$2 hosts=$3
mkdir -p "$lab/unbound"
cat >"$lab/unbound/unbound.conf" <<U
server:
  directory: "$lab/unbound"
  chroot: ""
  username: ""
  pidfile: ""
  interface: 127.0.0.53
  access-control: 0.0.0.0/0 allow
  root-hints: "$lab/root.hints"
  trust-anchor-file: "$lab/root.key"
  do-not-query-localhost: no
  use-syslog: no
  logfile: "$lab/unbound/log"
U
unbound -d -c "$lab/unbound/unbound.conf" &
unbound=$!
trap 'kill $unbound' EXIT
# posttls-finger believes the AD bit of the resolver named there; this mount is seen in the lab alone.
printf 'nameserver 127.0.0.53\noptions trust-ad edns0\n' >"$lab/unbound/resolv.conf"
mount --bind "$lab/unbound/resolv.conf" /etc/resolv.conf
for _ in $(seq 50); do [[ -n $(kdig +short @127.0.0.53 lab. SOA 2>/dev/null) ]] && break; sleep 0.1; done
export LD_LIBRARY_PATH=$packages/usr/lib/postfix MAIL_CONFIG=$lab/real/postfix/etc
for folder in "$packages"/usr/lib/*-linux-gnu; do LD_LIBRARY_PATH+=:$folder; done
while read -r host; do
  said=$(timeout 20 "$packages/usr/sbin/posttls-finger" -c -l dane -t 5 -L summary,certmatch "[$host]" 2>&1)
  address=$(grep -o "established to $host\[[^]]*" <<<"$said" | sed 's/.*\[//' | head -1)
  verdict=none
  case $said in
    *"Verified TLS connection established"*) verdict=verified ;;
    *"TLSA lookup error"*) verdict=unreachable ;;
    *"server certificate verification failed"* | *"not designated for use"*) verdict=failed ;;
    *"TLS connection established"*) verdict=unauthenticated ;;
  esac
  echo "$host $verdict $address"
done <"$hosts"
