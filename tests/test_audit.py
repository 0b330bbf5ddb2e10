"""What is made of pip-audit's report: a vulnerability fails the build, and silence does not pass for a clean bill."""

import json

from tests.audit import findings, told

CLEAN = {"name": "numpy", "version": "2.0", "vulns": []}
SKIPPED = {"name": "rich", "skip_reason": "Dependency not found"}
BROKEN = {"name": "h11", "version": "0.1", "vulns": [{"id": "CVE-1", "fix_versions": ["0.2"], "aliases": []}]}


def report(*libraries: object) -> str:
    return json.dumps({"dependencies": libraries, "fixes": []})


def test_a_vulnerability_is_named() -> None:
    found = findings(report(CLEAN, BROKEN), "Found 1 known vulnerability")

    assert found.vulnerable == ["h11 0.1: CVE-1, mended in ['0.2']"]
    assert told(found).splitlines() == ["2 libraries checked, 1 known vulnerabilities", *found.vulnerable]


def test_what_was_not_looked_up_is_named() -> None:
    found = findings(report(CLEAN, SKIPPED), "")

    assert found.vulnerable == []
    assert told(found).endswith("NOT CHECKED: rich")


def test_a_service_that_knows_nothing_or_cannot_be_reached_is_no_clean_bill() -> None:
    for found in (findings(report(SKIPPED), ""), findings("", "ERROR: no\nroute to host"), findings("", "")):
        assert found.vulnerable == []
        assert told(found).startswith("NOT CHECKED for known vulnerabilities: ")
    assert "no route to host" in told(findings("", "ERROR: no\nroute to host"))
