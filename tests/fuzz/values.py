"""What nobody should send: odd texts and numbers, and JSON with something wrong in it."""

import json
from copy import deepcopy
from random import Random
from typing import Any

NUL, LONE = "\x00", "\ud800"
NUMBERS: tuple[Any, ...] = (
    *(0, 1, -1, 2, 7, 100, 2**31 - 1, 2**31, -(2**31) - 1, 2**63 - 1, 2**63, -(2**63) - 1),
    *(10**19, 10**40, 10**400, 1.5, -0.0, 1e308, "1", "٣", "1e3", "0x1", " 1"),
)
TEXTS = (
    "",
    " ",
    "\n",
    NUL,
    f"ОДО{NUL}2026",
    LONE,
    "\u202eатыжан",
    "\u200b",
    "\ufeff",
    "\uffff",
    "👩‍👩‍👧‍👦" * 30,
    "е\u0301" * 200,
    "<b>",
    "<b>Айгүл</b><script>alert(1)</script>",
    '</b><a href="tg://user?id=1">here</a>',
    "&lt;&amp;&#0;&nosuch;",
    "{name} {0} {} %s %d %(x)s",
    "=cmd|' /C calc'!A0",
    '+HYPERLINK("http://example.kz")',
    "@SUM(A1:A9)",
    "-2+3",
    "'; DROP TABLE applications; --",
    "%%__",
    "../../etc/passwd",
    "Ә" * 64,
    "я" * 5_000,
    "9" * 5_000,
    "nan",
    "٩٣٠٦١٤٤٠٣٩٨٤",
    "١٢٣٤٥٦",
    "²" * 6,
    "૧" * 12,
    "/start " + "x" * 64,
    "/start =-=",
    "/",
    "/desk@other",
    "31.02.2026",
    "29.02.2024 - 01.03.2024",
    "01.01.0001 – 31.12.9999",
    "20.04.2026 – 15.05.2026",
    "99999999999",
)
HARMLESS: tuple[Any, ...] = (None, True, False, [], {}, [[]], {"": ""}, [None], "x")
DEEP = 60


def odd_text(random: Random) -> str:
    """Something that could be typed, or that only a program sends."""
    kind = random.random()
    if kind < 0.6:
        return random.choice(TEXTS)
    if kind < 0.8:
        return random.choice(TEXTS)[:300] + random.choice(TEXTS)[:300]
    length = random.choice((1, 3, 12, 70))
    return "".join(
        chr(random.choice((random.randrange(128), random.randrange(0x1FFF)))) for _ in range(length)
    )


def odd(random: Random) -> Any:
    """Any JSON value."""
    kind = random.random()
    if kind < 0.35:
        return random.choice(NUMBERS)
    if kind < 0.7:
        return odd_text(random)
    if kind < 0.98:
        return deepcopy(random.choice(HARMLESS))
    deep: Any = 1
    for _ in range(DEEP):
        deep = [deep] if random.random() < 0.5 else {"a": deep}
    return deep


def mutated(random: Random, value: Any) -> Any:
    """The same JSON value with one to three places of it changed, left out or made up."""
    for _ in range(random.choice((1, 1, 2, 3))):
        _change(random, value)
    return value


def _change(random: Random, value: Any) -> None:
    """Go down some way, and change what is there."""
    at = value
    while True:
        keys: list[Any] = list(at) if isinstance(at, dict) else list(range(len(at)))
        if not keys:
            return
        key = random.choice(keys)
        if isinstance(at[key], dict | list) and random.random() < 0.8:
            at = at[key]
            continue
        break
    act = random.random()
    if act < 0.7:
        at[key] = odd(random)
    elif act < 0.85:
        del at[key]
    elif isinstance(at, dict):
        at[odd_text(random)[:40]] = odd(random)


def as_bytes(random: Random, value: Any) -> bytes:
    """JSON, as most senders write it, as some do, or with bytes that are wrong."""
    body = bytearray(
        json.dumps(value, ensure_ascii=random.random() < 0.5).encode(errors="surrogatepass")
    )
    if random.random() < 0.04:
        for _ in range(random.choice((1, 2, 8))):
            at = random.randrange(len(body))
            act = random.random()
            if act < 0.4:
                body[at] = random.randrange(256)
            elif act < 0.7:
                del body[at:]
                body += b"0"
            else:
                body[at:at] = bytes(random.randrange(256) for _ in range(4))
    return bytes(body)
