"""What goes wrong in a round, and when: drawn from its seed before it begins."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from tests.faults.crew import SLOTS

TELEGRAM: tuple[dict[str, Any], ...] = (
    {"target": "telegram", "method": "sendMessage", "code": 429, "retry_after": 1, "times": 1},
    {"target": "telegram", "method": "sendMessage", "code": 500, "times": 4, "share": 0.3},
    {"target": "telegram", "method": "sendMessage", "code": 502, "times": 8, "share": 0.5},
    {"target": "telegram", "method": "sendMessage", "code": 0, "times": 4, "share": 0.3},
    {"target": "telegram", "method": "sendMessage", "delay": 0.4, "times": 6, "share": 0.5},
    {"target": "telegram", "method": "editMessageText", "code": 500, "times": 3, "share": 0.4},
    {"target": "telegram", "method": "answerCallbackQuery", "code": 0, "times": 3},
    {"target": "telegram", "code": 500, "times": 5, "share": 0.2},
    {"target": "telegram", "method": "sendMessage", "code": 0, "late": True, "times": 2},
)
"""The last one takes messages, and the bot never hears of it: they are in flight for good."""
GATEWAYS: tuple[dict[str, Any], ...] = (
    {"target": "smsc", "code": 500, "times": 2},
    {"target": "smsc", "code": 0, "times": 1},
    {"target": "sms", "code": 500, "times": 3},
    {"target": "smsc", "code": 0, "late": True, "times": 1},
    {"target": "smsc", "delay": 0.5, "times": 2},
)


KILLS = (
    ("worker", "answer", 6),
    ("worker", "call", 2),
    ("web", "update", 3),
    ("web", "answer", 2),
    ("web", "call", 1),
    ("", "", 2),
)
"""In the middle of what a process is killed, and how often: see Snare; the last one at any time."""


@dataclass(frozen=True)
class Blow:
    """After so many seconds of a stop: kill the process `kill`, or whichever runs into the `snare`
    before that is given up; restart PostgreSQL, cut a `share` of its connections, or order a
    `fault` at the desk."""

    after: float
    kill: str | None = None
    snare: tuple[str, str, float] | None = None
    restart: bool = False
    share: float = 0
    fault: dict[str, Any] | None = None


def storms(random: Random, stops: int, kills: int) -> dict[int, list[Blow]]:
    """By the number of the stop: `kills` kills in all, and the rest of it."""
    found: dict[int, list[Blow]] = {}
    at = random.sample(range(stops), k=min(stops, 5))
    for number in range(kills):
        stop = at[0] if number < 2 else random.randrange(stops)  # two processes in one storm
        found.setdefault(stop, []).append(_kill(random))
    found.setdefault(at[3], []).append(Blow(random.uniform(0, 0.8), restart=True))
    for stop in random.sample(at, k=2):
        share = random.choice((0.3, 0.7, 1))
        found.setdefault(stop, []).append(Blow(random.uniform(0, 1), share=share))
    for fault in [*random.sample(TELEGRAM, k=4), *random.sample(GATEWAYS, k=2)]:
        seeded = {**fault, "seed": random.randrange(10**6)}
        stop = random.choice([*at, random.randrange(stops)])
        found.setdefault(stop, []).append(Blow(random.uniform(0, 0.6), fault=seeded))
    return {stop: sorted(blows, key=lambda blow: blow.after) for stop, blows in found.items()}


def _kill(random: Random) -> Blow:
    kind, where, _ = random.choices(KILLS, [weight for *_, weight in KILLS])[0]
    slot = random.choice([name for name in SLOTS if name.startswith(kind)])
    if not kind:
        return Blow(random.uniform(0, 1.2), kill=slot)
    linger = random.uniform(0, 0.05) if where == "update" else random.uniform(0.02, 0.15)
    return Blow(0, kill=slot, snare=(kind, where, linger))
