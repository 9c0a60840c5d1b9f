"""`make audit`: whether a dependency that is pinned here has a vulnerability that is known.

pip-audit (Apache-2.0) asks PyPI's advisories about requirements.lock. It takes a package that its
source does not know for one without vulnerabilities: where there is no way to the advisories, that
would read like good news. So one package is asked about first, and what was not audited is said.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

LOCK = Path("requirements.lock")
AUDITOR = "pip-audit==2.10.1"
PATIENCE = 600
"""Seconds that the whole audit may take."""


@dataclass(frozen=True)
class Verdict:
    """What was found out about so many packages; `unknown`: those that the source does not know."""

    audited: int
    unknown: Sequence[str]
    vulnerable: Sequence[str]

    @property
    def words(self) -> str:
        """One line, and one more for each vulnerability."""
        if not self.audited:
            return "audit: NOT AUDITED, the advisories cannot be reached from here"
        told = f"audit: {self.audited} packages, {len(self.vulnerable)} vulnerabilities known"
        left_out = f"; no advisories about {', '.join(self.unknown)}" if self.unknown else ""
        return "\n  ".join([told + left_out, *self.vulnerable])


def verdict(report: Mapping[str, Any]) -> Verdict:
    """What pip-audit's JSON says."""
    found = report["dependencies"]
    known = [one for one in found if "skip_reason" not in one]
    return Verdict(
        len(known),
        [one["name"] for one in found if "skip_reason" in one],
        [
            f"{one['name']} {one['version']}: {vulnerability['id']}, "
            f"mended in {', '.join(vulnerability['fix_versions']) or 'no version yet'}"
            for one in known
            for vulnerability in one["vulns"]
        ],
    )


def pinned(lock: str) -> list[str]:
    """The packages of the lock file, each with its hashes."""
    packages: list[str] = []
    for line in lock.splitlines(keepends=True):
        if line[:1].isalnum():
            packages.append(line)
        elif packages and line.startswith("    --hash"):
            packages[-1] += line
    return packages


def ask(packages: Sequence[str]) -> Verdict:
    """Ask pip-audit about these; nothing is audited where it cannot be had, or ask."""
    with TemporaryDirectory() as folder:
        asked = Path(folder) / "requirements.txt"
        asked.write_text("".join(packages))
        options = ("--require-hashes", "--disable-pip", "--format", "json", "-r", str(asked))
        command = ["tool", "run", "--quiet", AUDITOR, *options, "--progress-spinner", "off"]
        try:
            done = subprocess.run(
                [Path(sys.executable).with_name("uv"), *command],
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                check=False,
            )
            return verdict(json.loads(done.stdout))
        except (subprocess.TimeoutExpired, json.JSONDecodeError):
            return Verdict(0, (), ())


def main() -> int:
    packages = pinned(LOCK.read_text())
    found = ask(packages[:1])
    if found.audited:
        found = ask(packages)
    sys.stdout.write(found.words + "\n")
    return 1 if found.vulnerable else 0


if __name__ == "__main__":
    sys.exit(main())
