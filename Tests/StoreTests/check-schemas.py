"""Checks the rule files and the example of a policy file against their JSON Schemas; prints what does not fit."""
import glob
import json
import re
import sys

import jsonschema
import yaml

root = sys.argv[1]


class Core(yaml.SafeLoader):
    """YAML 1.2's core schema, as editors and Yams read it: `on` and `no` are words, days are words."""


words = ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp")
Core.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in words]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Core.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))

faults = []


def validator(name):
    schema = json.load(open(f"{root}/rules/schema/{name}"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def expect_good(check, name, document):
    for error in check.iter_errors(document):
        faults.append(f"{name}: {list(error.absolute_path)}: {error.message[:200]}")


def expect_bad(check, text):
    if check.is_valid(yaml.load(text, Core)):
        faults.append(f"accepted: {text}")


rules = validator("rules-1.json")
files = sorted(glob.glob(f"{root}/rules/*.yaml") + glob.glob(f"{root}/rules/profiles/*.yaml"))
tables = ("senders", "issuers", "selectors", "score")
files = [file for file in files if not file.endswith(tuple(f"/{name}.yaml" for name in tables))]
assert len(files) > 8, files
for file in files:
    expect_good(rules, file, yaml.load(open(file), Core))
rule = "{ id: a, when: { fact: a.b }, severity: high, title: t, text: t, remedy: r, references: [] }"
expect_good(rules, "a rule", yaml.load(f"[{rule}]", Core))
for text in [
    "[{ id: A }]",
    f"[{rule.replace('remedy: r, ', '')}]",
    f"[{rule.replace('high', 'grave')}]",
    f"[{rule.replace('fact: a.b', 'fact: a.b, is: gone')}]",
    f"[{rule.replace('fact: a.b', 'fact: a.b, where: { x: { above: 1 } }')}]",
    f"[{rule.replace('fact: a.b', 'all: []')}]",
    "{ profile: x }",
    "{ profile: x, title: t, severity: { email.a: grave } }",
]:
    expect_bad(rules, text)

policy = validator("policy-1.json")
expect_good(policy, "docs/mailassay.yaml", yaml.load(open(f"{root}/docs/mailassay.yaml"), Core))
for text in [
    "[]",
    "profil: x",
    "fail_on: grave",
    "expect: { host: a }",
    "accept: [{ rule: a, reason: b, owner: c }]",
    "accept: [{ rule: a, reason: b, owner: c, until: soon }]",
    'accept: [{ rule: a, reason: "", owner: c, until: 2027-02-28 }]',
]:
    expect_bad(policy, text)

print("\n".join(faults))
sys.exit(1 if faults else 0)
