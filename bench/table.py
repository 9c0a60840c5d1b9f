"""Results on the terminal."""

import sys
from collections.abc import Sequence
from typing import Any

WIDTH = 100
SIDE_BY_SIDE = 3
"""Figures that the lines of a table have room for."""


def show(result: dict[str, Any]) -> None:
    """Print one contest: each side's median with its spread, then the aims; where there are too
    many figures to stand side by side, a line for each."""
    rounds = max((len(v) for side in result["sides"] for v in side["values"].values()), default=0)
    lines = [f"{result['title']} ({rounds} rounds: median, lowest–highest)"]
    lines += _by_figure(result) if len(result["figures"]) > SIDE_BY_SIDE else _by_side(result)
    sys.stdout.write("\n".join(line.rstrip() for line in lines) + "\n\n")
    sys.stdout.flush()


def _by_figure(result: dict[str, Any]) -> list[str]:
    """Each aim with the two figures that it compares."""
    sides = {side["name"]: side for side in result["sides"]}
    width = max(len(aim["title"]) for aim in result["aims"])
    compared = [sides[result["aims"][0][end]]["title"] for end in ("side", "against")]
    lines = [f"  {'':<{width}}" + "".join(f"{told:>30}" for told in (*compared, "ratio"))]
    for aim in result["aims"]:
        unit = result["figures"][aim["figure"]]
        spreads = [sides[aim[end]]["spread"][aim["figure"]] for end in ("side", "against")]
        cells = [*(f"{_cell(spread)} {unit}" for spread in spreads), _cell(aim["value"])]
        lines.append(f"  {aim['title']:<{width}}" + "".join(f"{cell:>30}" for cell in cells))
    return lines


def _by_side(result: dict[str, Any]) -> list[str]:
    titles = [side["title"] for side in result["sides"]] + [_named(aim) for aim in result["aims"]]
    width = max(map(len, titles))
    units = "".join(f"{unit:>27}" for unit in result["figures"].values())
    lines = [f"  {'':<{width}}{units}"]
    for side in result["sides"]:
        cells = [
            _cell(side["spread"][name]) if name in side["spread"] else ""
            for name in result["figures"]
        ]
        lines.append(f"  {side['title']:<{width}}" + "".join(f"{cell:>27}" for cell in cells))
    lines.append(f"  {'':<{width}}{'':>27}{'must':>14}{'aim':>14}")
    for aim in result["aims"]:
        cells = [_bound(aim, "must"), _bound(aim, "aim")]
        bounds = "".join(f"{cell:>14}" for cell in cells)
        lines.append(f"  {_named(aim):<{width}}{_cell(aim['value']):>27}{bounds}")
    return lines


def end(results: Sequence[dict[str, Any]]) -> None:
    """Print how many musts and aims are met."""
    aims = [aim for result in results for aim in result["aims"]]
    told = []
    for kind in ("must", "aim"):
        asked = [aim[f"{kind}_met"] for aim in aims if aim[f"{kind}_met"] is not None]
        told.append(f"{kind}: {sum(asked)} of {len(asked)} met")
    sys.stdout.write("; ".join(told) + "\n")


class Progress:
    """What is being done, in one line that is written over; nothing where nobody looks."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._seen = sys.stderr.isatty()

    def __call__(self, doing: str) -> None:
        if self._seen:
            sys.stderr.write(f"\r\x1b[K{self._name}: {doing}"[: WIDTH + 4])
            sys.stderr.flush()

    def over(self) -> None:
        """Take the line away."""
        if self._seen:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def number(value: float) -> str:
    """Three digits that mean something."""
    if value == 0 or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _named(aim: dict[str, Any]) -> str:
    return f"{aim['row']:>2}  {aim['title']}"


def _cell(found: dict[str, float]) -> str:
    low, high = number(found["lowest"]), number(found["highest"])
    return f"{number(found['median'])} ({low}–{high})"


def _bound(aim: dict[str, Any], kind: str) -> str:
    if aim[kind] is None:
        return ""
    sign = "≥" if aim["higher"] else "≤"
    return f"{sign} {number(aim[kind])} {'✓' if aim[f'{kind}_met'] else '✗'}"
