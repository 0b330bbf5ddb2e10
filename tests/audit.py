"""Looks for known vulnerabilities in the pinned libraries: `python tests/audit.py`; it needs the extra `audit`.

A vulnerability ends it with 1. What could not be looked up is said plainly and fails nothing: pip-audit itself says
nothing of a registry that does not tell, and fails without a network.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
PINS = ("deploy/requirements.txt", "deploy/build-requirements.txt")


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found; a reason if nothing could be looked up at all."""

    checked: int = 0
    vulnerable: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)
    reason: str = ""


def findings(report: str, complaint: str) -> Findings:
    """What pip-audit's report says; without one, its complaint is the reason."""
    try:
        libraries = json.loads(report)["dependencies"]
    except (ValueError, KeyError):
        return Findings(reason=" ".join(complaint.split())[-300:] or "pip-audit said nothing")
    return Findings(
        checked=sum("vulns" in library for library in libraries),
        vulnerable=[
            f"{library['name']} {library['version']}: {found['id']}, mended in {found['fix_versions']}"
            for library in libraries
            for found in library.get("vulns", [])
        ],
        unchecked=[library["name"] for library in libraries if "skip_reason" in library],
    )


def told(found: Findings) -> str:
    """The findings in words."""
    if found.reason or not found.checked:
        why = found.reason or "the vulnerability service knows none of the libraries"
        return f"NOT CHECKED for known vulnerabilities: {why}"
    lines = [f"{found.checked} libraries checked, {len(found.vulnerable)} known vulnerabilities", *found.vulnerable]
    if found.unchecked:
        lines.append(f"NOT CHECKED: {', '.join(found.unchecked)}")
    return "\n".join(lines)


def audit(files: Sequence[str] = PINS) -> Findings:
    """Asks pip-audit about files of pins."""
    chosen = [argument for file in files for argument in ("-r", str(ROOT / file))]
    command = [sys.executable, "-m", "pip_audit", *chosen, "--require-hashes", "--disable-pip", "-f", "json"]
    try:
        done = subprocess.run(
            [*command, "--progress-spinner", "off"], capture_output=True, text=True, check=False, timeout=300
        )
    except subprocess.TimeoutExpired:
        return Findings(reason="the vulnerability service took more than 300 seconds")
    return findings(done.stdout, done.stderr)


if __name__ == "__main__":
    result = audit()
    print(told(result))
    sys.exit(bool(result.vulnerable))
