"""`make fuzz`: a million mutated updates, receipts and events, in a process for each database.

The last line is `fed=… unhandled=… errors_5xx=…`; the exit status says whether that is right.
"""

import argparse
import asyncio
import json
import logging
import selectors
import signal
import subprocess
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from typing import IO, Any, cast

import structlog

from tests.fuzz.databases import KINDS, Copies
from tests.fuzz.fuzzer import Fuzzer, Tally
from tests.fuzz.house import fuzzed

ROUND = 20_000
"""Calls to one house; then another one begins, whose seed is the next."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=sorted(KINDS), help="in this process, and this database")
    asked = parser.parse_args()
    if asked.only:
        _alone(asked.only, asked.count, asked.seed)
        return 0
    return _beside_one_another(asked.count, asked.seed)


def _beside_one_another(count: int, seed: int) -> int:
    """One process for each kind of database; their words as they come, their sum at the end."""
    share = -(-count // len(KINDS))
    command = [sys.executable, "-m", "tests.fuzz", "--count", str(share)]
    running = {
        kind: subprocess.Popen(
            [*command, "--seed", str(seed + 1_000_000 * number), "--only", kind],
            stdout=subprocess.PIPE,
            text=True,
        )
        for number, kind in enumerate(sorted(KINDS))
    }
    fed: dict[str, dict[str, Any]] = {kind: {} for kind in running}
    ends = []
    try:
        for kind, line in _lines(running):
            if line is None:
                ends.append(running[kind].wait())
                continue
            fed[kind] = json.loads(line)
            _say(_sum(fed), list(_troubles(fed)))
    finally:
        for process in running.values():
            process.terminate()
    total = _sum(fed)
    for what, (times, example) in _troubles(fed).items():
        _out(f"{times} × {what}\n    {example}")
    _out(f"answers: {dict(sorted(_statuses(fed).items()))}")
    complete = total["fed"] == share * len(KINDS) and not any(ends)
    _out(" ".join(f"{name}={value}" for name, value in total.items()))
    return 0 if complete and not total["unhandled"] and not total["errors_5xx"] else 1


def _lines(running: dict[str, subprocess.Popen[str]]) -> Iterator[tuple[str, str | None]]:
    """What each of them prints, as it comes; None when it ends."""
    with selectors.DefaultSelector() as waiting:
        for kind, process in running.items():
            assert process.stdout is not None
            waiting.register(process.stdout, selectors.EVENT_READ, kind)
        while waiting.get_map():
            for key, _ in waiting.select():
                line = cast(IO[str], key.fileobj).readline()
                if not line:
                    waiting.unregister(key.fileobj)
                yield key.data, line or None


def _alone(kind: str, count: int, seed: int) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # and leave no server behind
    warnings.simplefilter("ignore")  # aiogram warns of updates that it does not know
    logging.getLogger("asyncio").setLevel(logging.ERROR)
    # what is planted logs, too, and only the tallies may stand on the standard output
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with KINDS[kind]() as copies:
        asyncio.run(_rounds(copies, count, seed))


async def _rounds(copies: Copies, count: int, seed: int) -> None:
    before = Tally()
    for number, first in enumerate(range(0, count, ROUND)):
        with copies() as url:
            async with fuzzed(url) as house:
                tally = await Fuzzer(house, seed + number).feed(
                    min(ROUND, count - first), lambda so_far: _tell(before, so_far)
                )
        before.add(tally)
    _tell(before, Tally())


def _tell(before: Tally, tally: Tally) -> None:
    both = Tally()
    both.add(before)
    both.add(tally)
    troubles = {what: (n, both.examples[what]) for what, n in both.troubles.items()}
    told = {
        "fed": both.fed,
        "unhandled": both.unhandled,
        "errors_5xx": both.errors_5xx,
        "statuses": both.statuses,
        "troubles": troubles,
    }
    _out(json.dumps(told))


def _sum(fed: dict[str, dict[str, Any]]) -> dict[str, int]:
    return {
        name: sum(told.get(name, 0) for told in fed.values())
        for name in ("fed", "unhandled", "errors_5xx")
    }


def _troubles(fed: dict[str, dict[str, Any]]) -> dict[str, tuple[int, str]]:
    return {
        f"{kind}: {what}": tuple(told)
        for kind, all_ in fed.items()
        for what, told in all_.get("troubles", {}).items()
    }


def _statuses(fed: dict[str, dict[str, Any]]) -> Counter[str]:
    return sum((Counter(told.get("statuses", {})) for told in fed.values()), Counter())


def _say(total: dict[str, int], troubles: list[str]) -> None:
    """The progress, and the kinds of trouble so far."""
    _out(", ".join([*(f"{name} {value:,}" for name, value in total.items()), *troubles]))


def _out(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
