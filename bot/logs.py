"""Logs as JSON lines: events with ids. No personal data, and no message of an exception, which
could carry some (a database tells the values of a broken key)."""

import logging
import re
import sys
import threading
import traceback
import warnings
from collections.abc import Mapping, MutableMapping
from numbers import Number
from types import TracebackType
from typing import Any, TextIO

import structlog

QUOTED = re.compile(r"[\n(\[{<'\"]")
"""Where a library's ready-made text may begin to quote what it handled."""


def configure(level: str) -> None:
    """Send our events, the libraries' records and Python's own complaints to standard error, one
    JSON object a line."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        where_it_failed,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[without_values, *shared],
            pass_foreign_args=True,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    logging.raiseExceptions = False  # a record that cannot be written is not printed either
    # addresses can hold secrets, and updates people's words
    for name in ("uvicorn.access", "aiogram.event", "aiosqlite", "asyncio", "apscheduler"):
        logging.getLogger(name).setLevel(logging.WARNING)
    sys.excepthook = _ended
    threading.excepthook = lambda thread: _ended(*thread[:3])
    sys.unraisablehook = lambda fault: _ended(fault.exc_type, fault.exc_value, None)
    warnings.showwarning = _warned


def without_values(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Leave of a library's record what cannot be somebody's: the first line of its template, with
    numbers and kinds of errors filled in. A text that came without values ends where it may quote
    some."""
    template = str(event["_record"].msg)
    match event.pop("positional_args"):
        case None | ():
            event["event"] = QUOTED.split(template, maxsplit=1)[0].strip()
        case Mapping() as named:
            values = {name: _harmless(value) for name, value in named.items()}
            event["event"] = (template % values).split("\n", 1)[0]
        case tuple() as listed:
            event["event"] = (template % tuple(map(_harmless, listed))).split("\n", 1)[0]
    return event


def where_it_failed(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Replace an exception by its kinds and places."""
    info = event.pop("exc_info", None)
    error = info[1] if isinstance(info, tuple) else sys.exc_info()[1] if info is True else info
    if isinstance(error, BaseException):
        event["error"] = " from ".join(kinds(error))
        event["at"] = places(error.__traceback__)
    return event


def kinds(error: BaseException) -> list[str]:
    """The class of an error, and of what it came from, and so on."""
    cause = error.__cause__
    return [type(error).__name__, *(kinds(cause) if cause is not None else [])]


def places(trace: TracebackType | None) -> list[str]:
    """The innermost five places of a traceback: file:line function."""
    frames = traceback.extract_tb(trace)[-5:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


def _harmless(value: object) -> object:
    """A number as it is, an error as its kind, anything else as dots."""
    if isinstance(value, BaseException):
        return type(value).__name__
    return value if isinstance(value, Number) else "…"


def _ended(
    _kind: type[BaseException], error: BaseException | None, _trace: TracebackType | None
) -> None:
    """What nobody has caught."""
    structlog.get_logger("python").critical("not caught", exc_info=error)


def _warned(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """A warning as its kind and place: aiogram's quote whole updates."""
    place = f"{filename}:{lineno}"
    structlog.get_logger("python").warning("warning", kind=category.__name__, at=place)
