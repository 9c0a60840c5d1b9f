"""All aims of a file of results as one picture: PNG, 1800 pixels wide.

Every line has a scale of its own: what has to be reached stands in one upright for all of them, and
better is always to the right. A step of the same length is the same factor.
"""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.table import number
from documents.png import draw as draw_png

TEMPLATE = Path(__file__).with_name("picture.typ")
PIXELS_PER_INCH = 180
FACTOR = 10.0
"""As far as a line reaches on both sides of what has to be reached; beyond it stands at the end."""


def draw(told: Mapping[str, Any]) -> bytes:
    """`told`: what `bench.results.save` has written. A line of which nothing is asked has no place
    in it."""
    groups = [
        {
            "title": contest["title"],
            "rounds": max(len(values) for values in contest["sides"][0]["values"].values()),
            "lines": lines,
        }
        for contest in told["contests"]
        if (lines := [_line(aim) for aim in contest["aims"] if _asks(aim)])
    ]
    newest = max(contest["at"] for contest in told["contests"])
    picture = {"machine": told["machine"], "day": newest[:10], "groups": groups}
    return draw_png(TEMPLATE, "picture", picture, ppi=PIXELS_PER_INCH)


def _asks(aim: Mapping[str, Any]) -> bool:
    return aim["must"] is not None or aim["aim"] is not None


def _line(aim: Mapping[str, Any]) -> dict[str, Any]:
    value = aim["value"]
    sign = "≥" if aim["higher"] else "≤"
    bounds = [
        f"{kind} {sign} {number(aim[kind])}" for kind in ("must", "aim") if aim[kind] is not None
    ]
    ends = sorted(place(value[end], aim) for end in ("lowest", "highest"))
    return {
        "row": aim["row"],
        "title": aim["title"],
        "value": number(value["median"]),
        "bounds": ", ".join(bounds),
        "at": place(value["median"], aim),
        "from": ends[0],
        "to": ends[1],
        "aim": None if aim["aim"] is None else place(aim["aim"], aim),
        "must_met": aim["must_met"],
        "aim_met": aim["aim_met"],
    }


def place(value: float, aim: Mapping[str, Any]) -> float:
    """Where a value stands: 0 is the left end, 0.5 what has to be reached, 1 the right end. Where
    nothing has to be, what is aimed at stands there; where that is 0, only 0 reaches it."""
    bound = aim["aim"] if aim["must"] is None else aim["must"]
    if not bound or value <= 0:
        reached = value >= bound if aim["higher"] else value <= bound
        return 0.75 if reached else 0.25
    better = value / bound if aim["higher"] else bound / value
    return min(1.0, max(0.0, 0.5 + math.log(better) / math.log(FACTOR) / 2))
