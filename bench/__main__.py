"""`make bench WHAT=…`: measurements on this machine, which anyone can repeat."""

import argparse
import asyncio
import json
import sys

from bench import crash, imports, pace, rollout, size

MEASUREMENTS = {
    "crash": crash.measure,
    "imports": imports.measure,
    "pace": pace.measure,
    "rollout": rollout.measure,
    "size": size.measure,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("what", choices=sorted(MEASUREMENTS))
    parser.add_argument("--json", action="store_true", help="figures for machines, not a table")
    options = parser.parse_args()
    figures = asyncio.run(MEASUREMENTS[options.what]())
    if options.json:
        sys.stdout.write(json.dumps({figure.name: figure.value for figure in figures}) + "\n")
        return
    width = max(len(figure.title) for figure in figures)
    for figure in figures:
        sys.stdout.write(f"{figure.title:<{width}}  {figure.value:>8g} {figure.unit}\n")


if __name__ == "__main__":
    main()
