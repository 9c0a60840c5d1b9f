"""`make bench`: measurements on this machine, which anyone can repeat.

Without a name the whole table of aims; each contest puts what is ours beside its yardstick.
"""

import argparse
import asyncio
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import backup, crash, imports, results, rollout, size, table, taps
from bench.contest import REPEATS, Contest, run
from bench.figures import Figure
from bench.picture import draw
from bench.registry import ASIDE, CONTESTS
from bot.logs import configure

RESULTS = Path("build/performance.json")
PICTURE = Path("build/performance.png")
ON_REQUEST = {
    "backup": backup.measure,
    "crash": crash.measure,
    "imports": imports.measure,
    "rollout": rollout.measure,
    "size": size.measure,
    "taps": taps.measure,
}
"""Measurements that are no part of the table: they have no yardstick beside them."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    known = CONTESTS | ASIDE
    names = [*known, *ON_REQUEST]
    parser.add_argument("what", nargs="*", metavar="WHAT", help=f"of {', '.join(names)}")
    parser.add_argument("--repeats", type=int, default=REPEATS)
    parser.add_argument("--json", type=Path, default=RESULTS, help="where the results go")
    parser.add_argument("--picture", type=Path, default=PICTURE, help="where the picture goes")
    options = parser.parse_args()
    if unknown := set(options.what) - set(names):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(names)}")
    configure("WARNING")  # what the house logs would stand between the figures, and cost time
    for name in options.what:
        if name in ON_REQUEST:
            _tell(asyncio.run(ON_REQUEST[name]()))
    if contests := [known[name]() for name in options.what or CONTESTS if name in known]:
        _measure(contests, options.repeats, options.json, options.picture)


def _measure(contests: list[Contest], repeats: int, file: Path, picture: Path) -> None:
    measured: list[dict[str, Any]] = []
    for contest in contests:
        progress = table.Progress(contest.name)
        found = asyncio.run(run(contest, repeats, progress))
        progress.over()
        measured.append(results.result(contest, found, datetime.now(UTC)))
        table.show(measured[-1])
        results.save(file, measured[-1:])
    table.end(measured)
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_bytes(draw(json.loads(file.read_text())))
    sys.stdout.write(f"{file}\n{picture}\n")


def _tell(figures: list[Figure]) -> None:
    width = max(len(figure.title) for figure in figures)
    for figure in figures:
        sys.stdout.write(f"{figure.title:<{width}}  {figure.value:>8g} {figure.unit}\n")


if __name__ == "__main__":
    main()
