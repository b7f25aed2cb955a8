"""Reads reports in every format with somebody else's parser, and says what it found as a JSON array.

Arguments: folders with report.json and report.EXT for each format.
"""
import csv, io, json, pathlib, sys
import xml.etree.ElementTree as tree
import commonmark, html5lib, icalendar, junitparser
from prometheus_client.parser import text_string_to_metric_families
from sarif_pydantic import Sarif


def parse(folder):
    read = lambda name: open(folder / name, encoding="utf-8", newline="").read()
    report = json.loads(read("report.json"))
    found = {}

    lines = read("report.ndjson").splitlines()
    assert len(lines) == 1 and json.loads(lines[0]) == report
    found["ndjson"] = 1

    rows = list(csv.DictReader(io.StringIO(read("report.csv"), newline="")))
    found["csv"] = [row["text"] for row in rows]
    for row in rows:
        for cell in row.values():
            assert not cell or cell[0] not in "=+-@\t\r\uff1d\uff0b\uff0d\uff20", cell

    sarif = Sarif.model_validate(json.loads(read("report.sarif")))
    run = sarif.runs[0]
    found["sarif"] = [result.message.text for result in run.results]
    for result in run.results:
        assert run.tool.driver.rules[result.rule_index].id == result.rule_id
    assert len({json.dumps(result.partial_fingerprints) for result in run.results}) == len(run.results)

    cases = [case for suite in junitparser.JUnitXml.fromfile(str(folder / "report.xml")) for case in suite]
    found["junit"] = {
        "failures": [r.text for case in cases for r in case.result if isinstance(r, junitparser.Failure)],
        "skipped": sum(isinstance(r, junitparser.Skipped) for case in cases for r in case.result),
        "cases": len(cases),
    }

    found["prom"] = {}
    for family in text_string_to_metric_families(read("report.prom")):
        assert family.type == "gauge" and family.documentation
        for sample in family.samples:
            found["prom"][sample.name + " " + " ".join(sample.labels[k] for k in sorted(sample.labels))] = sample.value

    raw = (folder / "report.ics").read_bytes()
    assert all(len(line) <= 75 for line in raw.split(b"\r\n")) and b"\n" not in raw.replace(b"\r\n", b"")
    events = [part for part in icalendar.Calendar.from_ical(raw).walk("VEVENT")]
    found["ics"] = [[str(event["SUMMARY"]), event["DTSTART"].dt.isoformat(), str(event["UID"])] for event in events]

    badge = tree.parse(folder / "report.svg").getroot()
    assert badge.tag.endswith("svg") and badge.get("role") == "img"
    found["badge"] = badge.get("aria-label")

    page = html5lib.parse(commonmark.commonmark(read("report.md")), namespaceHTMLElements=False)
    tags = {element.tag for element in page.iter() if isinstance(element.tag, str)}
    found["md"] = {"tags": sorted(tags), "text": "".join(page.itertext())}

    line = read("report.nagios").splitlines()[0]
    words, data = line.split(" | ")
    found["nagios"] = [words, dict(pair.split("=") for pair in data.split(" "))]

    html = html5lib.parse(read("report.html"), namespaceHTMLElements=False)
    found["html"] = {
        "tags": sorted({element.tag for element in html.iter() if isinstance(element.tag, str)}),
        "handlers": sorted({k for e in html.iter() for k in e.attrib if k.lower().startswith("on")}),
    }
    return found


json.dump([parse(pathlib.Path(path)) for path in sys.argv[1:]], sys.stdout)
