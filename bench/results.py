"""The results of a run, for machines: what was measured, and what it says."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.contest import Contest, Measured
from bench.verdicts import judge, spread


def result(contest: Contest, measured: Sequence[Measured], at: datetime) -> dict[str, Any]:
    """One contest, as it stands in the file."""
    return {
        "name": contest.name,
        "title": contest.title,
        "at": at.isoformat(timespec="minutes"),
        "figures": dict(contest.figures),
        "sides": [
            {
                "name": side.name,
                "title": side.title,
                "values": {name: list(values) for name, values in side.values.items()},
                "spread": {name: asdict(spread(v)) for name, v in side.values.items()},
            }
            for side in measured
        ],
        "aims": [
            {
                **asdict(verdict.aim),
                "value": asdict(verdict.value),
                "must_met": verdict.must_met,
                "aim_met": verdict.aim_met,
            }
            for verdict in (judge(aim, measured) for aim in contest.aims)
        ],
    }


def save(file: Path, results: Sequence[dict[str, Any]]) -> None:
    """Put these contests into the file; those that it has already and that were not measured now
    stay, each with the time of its own run."""
    kept = {one["name"]: one for one in read(file)} if file.exists() else {}
    kept |= {one["name"]: one for one in results}
    contests = sorted(kept.values(), key=lambda one: one["aims"][0]["row"] if one["aims"] else 99)
    file.parent.mkdir(parents=True, exist_ok=True)
    told = {"machine": machine(), "contests": contests}
    file.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n")


def read(file: Path) -> list[dict[str, Any]]:
    """The contests of a file."""
    contests: list[dict[str, Any]] = json.loads(file.read_text())["contests"]
    return contests


def machine() -> str:
    """What it was measured on, in a line."""
    return f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
