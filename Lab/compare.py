#!/usr/bin/env python3
"""Compares our inventory of TLS with those of sslyze, sslscan and testssl.sh, on hosts of the lab.

Runs inside the lab (mailassay-lab exec). Each difference must stand in Lab/compare-differences.txt, as
`tool<TAB>domain<TAB>item<TAB>reason`, and each line there must occur; anything else is exit status 1.
"""
import json, os, re, subprocess, sys, tempfile, time
import xml.etree.ElementTree as xml

mailassay, tools = sys.argv[1], dict(word.split("=", 1) for word in sys.argv[2].split(","))
domains = sys.argv[3:]
options = os.environ["MAILASSAY_LAB_OPTIONS"].split()
here = os.path.dirname(os.path.abspath(__file__))
VERSIONS = {"TLSv1.0": "TLSv1", "SSL 2.0": "SSLv2", "SSL 3.0": "SSLv3", "TLS 1.0": "TLSv1", "TLS 1.1": "TLSv1.1",
            "TLS 1.2": "TLSv1.2", "TLS 1.3": "TLSv1.3"}


def timed(command, **more):
    start, before = time.monotonic(), os.times()
    result = subprocess.run(command, capture_output=True, text=True, **more)
    after = os.times()
    cpu = after.children_user - before.children_user + after.children_system - before.children_system
    return result, time.monotonic() - start, cpu


def ours(domain, connections=None):
    more = ["--connections", str(connections)] if connections else []
    result, wall, cpu = timed([mailassay, "scan", domain, *options, "--checker", "TLS", "--tls", "full", "--fail-on",
                               "none", "--format", "json", *more])
    report = json.loads(result.stdout)[0] if result.stdout.startswith("[") else json.loads(result.stdout)
    facts = {o["fact"]: o.get("value") for o in report["observations"] if o["checker"] == "TLS"}
    # Names are the registry's; other tools' are compared by number where they have numbers.
    items = {suite for suite in facts["tls.inventory"]["suites"]}
    subject = next(o["subject"] for o in report["observations"] if o["fact"] == "tls.inventory")
    made = sum(c["made"] for c in report["connections"] if c["port"] == 25 and c["address"] == subject["address"])
    return items, set(facts["tls.inventory"]["complete"]), subject["name"], subject["address"], made, wall, cpu


def sslyze(host, address):
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        _, wall, cpu = timed([tools["sslyze"], "--starttls", "smtp", "--sslv2", "--sslv3", "--tlsv1", "--tlsv1_1",
                              "--tlsv1_2", "--tlsv1_3", "--elliptic_curves", "--mozilla_config", "disable", "--json_out",
                              out.name, f"{host}:25{{{address}}}"])
        found = json.load(open(out.name))["server_scan_results"][0]["scan_result"]
    items = set()
    for key, version in (("ssl_2_0", "SSLv2"), ("ssl_3_0", "SSLv3"), ("tls_1_0", "TLSv1"), ("tls_1_1", "TLSv1.1"),
                         ("tls_1_2", "TLSv1.2"), ("tls_1_3", "TLSv1.3")):
        result = found[key + "_cipher_suites"]["result"] or {}
        for suite in result.get("accepted_cipher_suites", []):
            items.add(f"{version} {suite['cipher_suite']['name']}")
    return items, wall, cpu


def sslscan(host, address, names):
    with tempfile.TemporaryDirectory() as folder:
        out = f"{folder}/out.xml"
        _, wall, cpu = timed([tools["sslscan"], "--starttls-smtp", f"--sni-name={host}", "--no-heartbleed", "--no-groups",
                              "--no-check-certificate", f"--xml={out}", f"{address}:25"])
        found = xml.parse(out)
    items = set()
    for cipher in found.iter("cipher"):
        version = VERSIONS.get(cipher.get("sslversion"), cipher.get("sslversion"))
        number = int(cipher.get("id"), 16)
        items.add(f"{version} {names.get(number, cipher.get('id'))}")
    return items, wall, cpu


def testssl(host, address, names):
    # Debian keeps its tables elsewhere; it wants a tool for the DNS to be there, which is never called with --ip.
    root = tools["testssl"].removesuffix("/usr/bin/testssl")
    environment = {**os.environ, "TESTSSL_INSTALL_DIR": f"{root}/etc/testssl", "PATH": f"{root}/bin:{os.environ['PATH']}"}
    with tempfile.TemporaryDirectory() as folder:
        out = f"{folder}/out.json"
        _, wall, cpu = timed([tools["testssl"], "-t", "smtp", "--ip", address, "--nodns", "none", "-E", "--warnings", "off",
                              "--quiet", "--color", "0", "--jsonfile", out, f"{host}:25"], stdin=subprocess.DEVNULL, env=environment)
        found = json.load(open(out))
    items = set()
    for row in found:
        match = re.match(r"cipher-(ssl2|ssl3|tls1|tls1_1|tls1_2|tls1_3)_x([0-9a-f]+)$", row["id"])
        if match and "not offered" not in row["finding"]:
            version = {"ssl2": "SSLv2", "ssl3": "SSLv3", "tls1": "TLSv1", "tls1_1": "TLSv1.1", "tls1_2": "TLSv1.2",
                       "tls1_3": "TLSv1.3"}[match[1]]
            items.add(f"{version} {names.get(int(match[2], 16), 'x' + match[2])}")
    return items, wall, cpu


def registry():
    path = os.path.join(here, "../Sources/AssayTransport/Hello/CipherSuiteNames.swift")
    rows = re.findall(r"^\s+([0-9A-F]{4}) (\S+)$", open(path).read(), re.M)
    return {int(number, 16): "TLS_" + name for number, name in rows}


def mine_versions(items):
    return {item.split()[0] for item in items}


def same_name(item):
    # sslyze writes `TLS_DH_anon` and the CCM suites in other letters; the registry's are compared in upper case.
    return item.upper().replace("TLSV", "TLSv").replace("SSLV", "SSLv")


known = {}
for line in open(os.path.join(here, "compare-differences.txt")):
    if line.strip() and not line.startswith("#"):
        tool, domain, item, reason = line.rstrip("\n").split("\t")
        known[(tool, domain, item)] = reason
seen, bad, names = set(), 0, registry()
for domain in domains:
    mine, complete, host, address, made, wall, cpu = ours(domain)
    print(f"{domain}: {len(mine)} suites, whole for {' '.join(sorted(complete))}, {made} connections, {wall:.2f} s, "
          f"{cpu:.2f} s CPU")
    if not mine_versions(mine) <= complete:
        # A server with more suites than connections: lists are told to be unfinished, and compared with more.
        mine, complete, host, address, _, _, _ = ours(domain, 200)
        print(f"  with 200 connections: {len(mine)} suites, whole for {' '.join(sorted(complete))}")
        if not mine_versions(mine) <= complete:
            bad += 1
            print("  still not whole")
    if made > 60:
        bad += 1
        print("  more than 60 connections")
    for tool in tools:
        time.sleep(1)  # Servers count connections that have just ended.
        if tool == "sslyze":
            theirs, wall, cpu = sslyze(host, address)
        elif tool == "sslscan":
            theirs, wall, cpu = sslscan(host, address, names)
        else:
            theirs, wall, cpu = testssl(host, address, names)
        print(f"  {tool}: {len(theirs)} suites, {wall:.2f} s, {cpu:.2f} s CPU")
        left, right = {same_name(i) for i in mine}, {same_name(i) for i in theirs}
        for sign, items in (("+", left - right), ("-", right - left)):
            for item in sorted(items):
                row = next((k for k in known if k[0] == tool and k[1] in (domain, "*") and k[2] in (
                    sign + item, sign + item.split()[0] + " *")), None)
                if row:
                    seen.add(row)
                else:
                    bad += 1
                    print(f"  not listed: {tool}\t{domain}\t{sign}{item}")
for row in known:
    if row not in seen and row[0] in tools and row[1] in (*domains, "*"):
        bad += 1
        print("no longer occurs: " + "\t".join(row))
print("equal but for what is listed" if bad == 0 else f"{bad} differences to look at")
sys.exit(1 if bad else 0)
