"""What must never stand in a log, and the search for it, in logs as production writes them."""

import logging
import re
import sys
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import unquote

import pytest
import structlog
from sqlalchemy import select

from bot.logs import configure
from core.applications.tables import ApplicationRecord
from core.citizens.tables import CitizenRecord
from core.db.engine import Database
from seed.people import PEOPLE

BETWEEN_DIGITS = re.compile(r"(?<=[0-9])[\s().-]+(?=[0-9])")
TIMESTAMP = re.compile(r'"timestamp": *"[^"]*"')
ESCAPED_LETTER = re.compile(r"\\+u([0-9a-fA-F]{4})")
ESCAPED_BYTES = re.compile(r"(?:\\+x[0-9a-fA-F]{2})+")
SHORTEST_NAME = 3
"""Letters; what is shorter is part of ordinary words."""


@dataclass(frozen=True)
class Telltales:
    """Numbers by their digits (phones without +7), names by their single words, and codes."""

    numbers: frozenset[str]
    names: frozenset[str]
    codes: frozenset[str] = frozenset()

    def found_in(self, log: str) -> set[str]:
        """All of them that the text holds, however they are spelled or escaped."""
        text = _plain(TIMESTAMP.sub("", log))
        digits = BETWEEN_DIGITS.sub("", text)
        words = set(re.findall(r"[^\W\d_]+", text.casefold()))
        runs = set(re.findall("[0-9]+", text)) | set(re.findall("[0-9]+", digits))
        return (
            {number for number in self.numbers if number in digits}
            | {name for name in self.names if name in words}
            | (self.codes & runs)
        )


WORDS = "Сәрсенова Айнұр Болатқызы, 930614403984, +7 701 000-01-01, 123456"
"""One of each kind: a full name, an IIN, a phone, a code."""
THEIRS = Telltales(
    numbers=frozenset({"930614403984", "7010000101"}),
    names=frozenset({"сәрсенова", "айнұр", "болатқызы"}),
    codes=frozenset({"123456"}),
)


@contextmanager
def in_production(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], str]]:
    """Logging exactly as in production, at its most talkative: what has been written since the
    last call, to wherever. Afterwards logging is as it was."""
    root, raising = logging.getLogger(), logging.raiseExceptions
    handlers, level = root.handlers, root.level
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        configure("DEBUG")
        structlog.configure(cache_logger_on_first_use=False)  # or they would stay so afterwards
        try:
            yield lambda: "".join(capsys.readouterr())
        finally:
            sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
            root.handlers, logging.raiseExceptions = handlers, raising
            root.setLevel(level)
            structlog.reset_defaults()


async def telltales(db: Database, codes: Iterable[str] = ()) -> Telltales:
    """Those of everybody in the data, and of the people's Telegram accounts."""
    asked = select(
        ApplicationRecord.applicant_iin,
        ApplicationRecord.child_iin,
        ApplicationRecord.applicant_phone,
        ApplicationRecord.applicant_name,
        ApplicationRecord.child_name,
        ApplicationRecord.child_given_name,
    )
    citizens = select(CitizenRecord.iin, CitizenRecord.phone, CitizenRecord.full_name)
    numbers: set[str] = set()
    names: set[str] = set()
    async with db.read() as session:
        for iin, child_iin, phone, *named in await session.execute(asked):
            numbers |= {iin, child_iin, _national(phone)}
            names.update(*map(_words, named))
        for iin, phone, name in await session.execute(citizens):
            numbers |= {iin, _national(phone)}
            names |= _words(name)
    for person in PEOPLE:
        names |= _words(f"{person.first_name} {person.last_name}")
    return Telltales(frozenset(numbers), frozenset(names), frozenset(codes))


def _words(name: str) -> set[str]:
    return {word for word in name.casefold().split() if len(word) >= SHORTEST_NAME}


def _national(phone: str) -> str:
    """The ten digits that every spelling of a phone has."""
    return re.sub("[^0-9]", "", phone)[-10:]


def _plain(text: str) -> str:
    """Without the escapes of JSON, of Python's bytes, and of addresses."""
    text = ESCAPED_LETTER.sub(lambda found: chr(int(found[1], 16)), text)
    text = ESCAPED_BYTES.sub(
        lambda found: bytes.fromhex(re.sub(r"\\+x", "", found[0])).decode(errors="replace"), text
    )
    return unquote(text)
