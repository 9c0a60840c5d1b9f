"""What is measured is counted right, and nothing that hangs on time is judged here."""

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench import results, table
from bench.contest import Aim, Contest, Measured, Side, run
from bench.picture import draw, place
from bench.verdicts import Spread, judge, spread

WHEN = datetime(2026, 4, 7, 5, tzinfo=UTC)


def aim(**more: float | str | bool | None) -> Aim:
    given = {"row": 1, "title": "t", "figure": "rate", "side": "ours", **more}
    return Aim(**given)  # type: ignore[arg-type]


def measured(ours: Sequence[float], echo: Sequence[float]) -> list[Measured]:
    return [
        Measured("ours", "Ours", {"rate": ours}),
        Measured("echo", "Echo", {"rate": echo}),
    ]


def contest(order: list[str], *, together: bool = False) -> Contest:
    def side(name: str) -> Callable[[], object]:
        async def measure() -> Mapping[str, float]:
            order.append(name)
            return {"rate": len(order)}

        return measure

    @asynccontextmanager
    async def sides() -> AsyncIterator[Sequence[Side]]:
        yield [Side(name, name, side(name)) for name in ("echo", "ours")]  # type: ignore[arg-type]

    aims = [aim(against="echo", must=0.5, aim=10, higher=True)]
    return Contest("c", "A contest", {"rate": "a second"}, sides, aims, together=together)


def test_the_median_and_both_ends_are_told() -> None:
    assert spread([5, 1, 4, 2, 3]) == Spread(3, 1, 5)
    assert spread([1, 2, 3, 10]).median == 2.5


def test_sides_are_compared_round_by_round() -> None:
    """The medians of both sides are 2, but in each round ours was another share of the echo."""
    found = judge(aim(against="echo"), measured([1, 2, 3], [2, 1, 6]))
    assert found.value == Spread(0.5, 0.5, 2)


@pytest.mark.parametrize(
    ("higher", "must", "met"),
    [(True, 2, True), (True, 2.1, False), (False, 2, True), (False, 1.9, False)],
)
def test_what_is_reached_exactly_is_reached(higher: bool, must: float, met: bool) -> None:
    assert judge(aim(must=must, higher=higher), measured([1, 2, 3], [])).must_met is met


def test_where_nothing_is_asked_nothing_is_met() -> None:
    found = judge(aim(), measured([1], [1]))
    assert (found.must_met, found.aim_met) == (None, None)


async def test_every_other_round_goes_backwards() -> None:
    order: list[str] = []
    found = await run(contest(order), 3, lambda doing: None)
    assert order == ["echo", "ours", "ours", "echo", "echo", "ours"]
    assert {side.name: list(side.values["rate"]) for side in found} == {
        "echo": [1, 4, 5],
        "ours": [2, 3, 6],
    }


async def test_what_only_waits_is_measured_at_the_same_time() -> None:
    order: list[str] = []
    told: list[str] = []
    await run(contest(order, together=True), 1, told.append)
    assert told == ["starting", "round 1 of 1: echo, ours"]


async def test_results_are_kept_until_they_are_measured_anew(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "results.json"
    for name in ("a", "b", "a"):
        found = await run(contest([]), 1, lambda doing: None)
        result = results.result(contest([]), found, WHEN) | {"name": name}
        results.save(file, [result])
    assert [one["name"] for one in results.read(file)] == ["a", "b"]
    line = results.read(file)[0]["aims"][0]
    assert (line["value"]["median"], line["must_met"], line["aim_met"]) == (2, True, False)
    assert draw(json.loads(file.read_text())).startswith(b"\x89PNG")


def test_of_many_figures_each_has_a_line_and_the_picture_only_what_is_asked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    figures = [f"look {number}" for number in range(table.SIDE_BY_SIDE + 1)]
    found = [
        Measured("many", "a million", {figure: [30.0] for figure in figures}),
        Measured("few", "ten thousand", {figure: [20.0] for figure in figures}),
    ]
    many = Contest(
        "m",
        "Many",
        dict.fromkeys(figures, "ms"),
        contest([]).sides,
        [Aim(12, figure.upper(), figure, "many", "few") for figure in figures],
    )
    told = results.result(many, found, WHEN)
    table.show(told)
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split("  ")[-1].strip() == "ratio"
    assert [line.split("  ")[1] for line in lines[2:-1]] == [figure.upper() for figure in figures]
    assert all("30 (30–30) ms" in line and "1.5 (1.5–1.5)" in line for line in lines[2:-1])
    nothing = draw({"machine": "", "contests": [{**told, "aims": []}]})
    assert draw({"machine": "", "contests": [told]}) == nothing


def test_in_the_picture_what_is_reached_stands_right_of_the_middle() -> None:
    more = {"must": 0.5, "aim": 1.0, "higher": True}
    less = {"must": 3, "aim": 1.2, "higher": False}
    none = {"must": 0, "aim": 0, "higher": False}
    assert place(0.5, more) == place(3, less) == 0.5
    assert place(0.4, more) < 0.5 < place(0.6, more)
    assert place(3.1, less) < 0.5 < place(2.9, less)
    assert place(1, none) < 0.5 < place(0, none)
    assert place(1e9, more) == 1
    assert place(1e9, less) == 0
