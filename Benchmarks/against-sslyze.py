#!/usr/bin/env python3
"""TLS facts of one Postfix, ours against sslyze's, interleaved. Runs inside the lab; exit status 1 where a goal is missed.

usage: against-sslyze.py MAILASSAY SSLYZE facts|inventory
"""
import json, os, statistics, subprocess, sys, time

mailassay, sslyze, what = sys.argv[1:4]
options = os.environ["MAILASSAY_LAB_OPTIONS"].split()


def run(command):
    start, before = time.monotonic(), os.times()
    result = subprocess.run(command, capture_output=True, text=True)
    after = os.times()
    cpu = after.children_user - before.children_user + after.children_system - before.children_system
    return result.stdout, time.monotonic() - start, cpu


def ours(*more):
    return run([mailassay, "scan", "postfix.lab", *options, "--tier", "extended", "--checker", "TLS", "--fail-on", "none",
                "--format", "json", *more])


def theirs(*more):
    return run([sslyze, "--starttls", "smtp", "--mozilla_config", "disable", *more, f"{host}:25{{{address}}}"])


def report(words, value, unit, goal, at_most):
    met = value <= goal if at_most else value >= goal
    print(f"{'ok  ' if met else 'MISS'} {words}: {value:.2f} {unit}, {'at most' if at_most else 'at least'} {goal}")
    return met


out, _, _ = ours()
observation = next(o for o in json.loads(out)["observations"] if o["fact"] == "tls.v1_2")
host, address = observation["subject"]["name"], observation["subject"]["address"]
suites = ["--sslv2", "--sslv3", "--tlsv1", "--tlsv1_1", "--tlsv1_2", "--tlsv1_3", "--elliptic_curves"]
if what == "facts":
    # What sslyze has of the same: no certificate, and nothing that could disturb.
    same = [*suites, "--compression", "--reneg", "--resum", "--fallback", "--ems", "--early_data"]
    pairs = [(ours(), theirs(*same)) for _ in range(5)]
    ratio = statistics.median(b[2] / a[2] for a, b in pairs)
    made = max(c["made"] for a, _ in pairs for c in json.loads(a[0])["connections"] if c["address"] == address)
    print(f"     ours {statistics.median(a[2] for a, _ in pairs) * 1000:.0f} ms CPU, "
          f"sslyze {statistics.median(b[2] for _, b in pairs) * 1000:.0f} ms")
    met = report("TLS facts of a Postfix, CPU, sslyze to us (median of 5 pairs)", ratio, "times", 20, False)
    met &= report("connections to it", made, "", 12, True)
else:
    pairs = [(ours("--tls", "full"), theirs(*suites)) for _ in range(3)]
    print(f"     ours {statistics.median(a[1] for a, _ in pairs):.2f} s, "
          f"sslyze {statistics.median(b[1] for _, b in pairs):.2f} s")
    met = report("whole inventory of a Postfix, wall time at this distance, sslyze to us (median of 3 pairs)",
                 statistics.median(b[1] / a[1] for a, b in pairs), "times", 5, False)
sys.exit(0 if met else 1)
