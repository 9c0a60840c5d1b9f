"""No IIN, phone, name or code of anybody reaches a log, whatever goes wrong."""

import asyncio
import gc
import logging
import sys
import threading
import traceback
import warnings
from collections.abc import Callable
from urllib.parse import quote

import pytest
import structlog
from sqlalchemy.exc import IntegrityError

from core.db.engine import Database
from core.login.tables import PersonRecord
from seed.people import AINUR, START
from tests.e2e.telltales import THEIRS, WORDS, in_production


@pytest.mark.parametrize(
    ("spelled", "kind"),
    [
        ("930614403984", "930614403984"),
        ("930614 403984", "930614403984"),
        ("+77010000101", "7010000101"),
        ("8 (701) 000-01-01", "7010000101"),
        ("7010000101", "7010000101"),
        ("Сәрсенова Айнұр Болатқызы", "сәрсенова"),
        ("Dear АЙНҰР!", "айнұр"),
        (quote("Айнұр"), "айнұр"),
        (ascii("Айнұр"), "айнұр"),
        (str("Айнұр".encode()), "айнұр"),
        ("code 123456.", "123456"),
        ("123 456", "123456"),
    ],
)
def test_what_is_planted_is_found(
    spelled: str, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The search itself is tested first."""
    with in_production(capsys) as written:
        structlog.get_logger("planted").info("an event", person=spelled)
        assert kind in THEIRS.found_in(written())


def fails() -> None:
    raise ValueError(WORDS)


def with_error(log: Callable[[], None]) -> Callable[[], None]:
    """Call `log` while an error with words is being handled."""

    def leak() -> None:
        try:
            fails()
        except ValueError:
            log()

    return leak


async def _failing_task() -> None:
    fails()


def task_that_nobody_awaits() -> None:
    async def main() -> None:
        task = asyncio.get_running_loop().create_task(_failing_task(), name=WORDS)
        await asyncio.sleep(0)
        del task
        gc.collect()

    asyncio.run(main())


def callback_that_fails() -> None:
    async def main() -> None:
        asyncio.get_running_loop().call_soon(int, WORDS)
        await asyncio.sleep(0)

    asyncio.run(main())


def thread_that_fails() -> None:
    thread = threading.Thread(target=fails, name=WORDS)
    thread.start()
    thread.join()


class Unraisable:
    def __del__(self) -> None:
        fails()


def unraisable() -> None:
    Unraisable()
    gc.collect()


aiograms = logging.getLogger("aiogram.event")
uvicorns = logging.getLogger("uvicorn.error")
LEAKS: dict[str, Callable[[], None]] = {
    "ours": with_error(lambda: structlog.get_logger("ours").exception("failed")),
    "aiogram": with_error(
        lambda: aiograms.exception("Cause exception, id=%d\n%s: %s", 1, "ValueError", WORDS)
    ),
    "one of the values": with_error(lambda: aiograms.error("Failed: %s", sys.exc_info()[1])),
    "named values": lambda: aiograms.error("Failed: %(who)r", {"who": WORDS}),
    "uvicorn": with_error(lambda: uvicorns.error("Exception in ASGI application", exc_info=True)),
    "at the start": with_error(lambda: uvicorns.error(traceback.format_exc())),
    "a task": task_that_nobody_awaits,
    "a callback": callback_that_fails,
    "a thread": thread_that_fails,
    "a finalizer": unraisable,
    "a warning": lambda: warnings.warn(f"Detected unknown update: {WORDS}", stacklevel=1),
    "the end": with_error(lambda: sys.excepthook(*sys.exc_info())),
}


@pytest.mark.parametrize("leak", LEAKS.values(), ids=LEAKS.keys())
def test_an_error_is_logged_without_its_words(
    leak: Callable[[], None], capsys: pytest.CaptureFixture[str]
) -> None:
    """Ours, the libraries' and Python's own, wherever it is written."""
    with in_production(capsys) as written:
        leak()
        log = written()
    assert THEIRS.found_in(log) == set()
    assert '"level"' in log, "that something went wrong is told"


def test_a_record_that_cannot_be_written_is_not_printed_either(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Python would print it with its values."""
    with in_production(capsys) as written:
        uvicorns.error("Failed: %d", WORDS)
        assert THEIRS.found_in(written()) == set()


async def test_the_values_of_a_broken_key_are_not_logged(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """PostgreSQL tells them in the DETAIL of its error."""
    facts = {"iin": AINUR.iin, "full_name": AINUR.full_name, "phone": AINUR.phone}

    async def meet() -> None:
        async with database.write() as session:
            when = {"birth_date": AINUR.birth_date, "created_at": START}
            session.add(PersonRecord(**facts, **when))

    def log_it(error: IntegrityError) -> str:
        """What a traceback of it would have said."""
        structlog.get_logger("ours").exception("failed")
        logging.getLogger("theirs").exception("failed: %s", error)
        return "".join(traceback.format_exception(error))

    await meet()
    with in_production(capsys) as written:
        try:
            await meet()
        except IntegrityError as error:
            told = log_it(error)
        log = written()
    assert database.is_sqlite or AINUR.iin in told, "there was something to leak"
    assert THEIRS.found_in(log) == set()
    assert log.count("IntegrityError") >= 2
