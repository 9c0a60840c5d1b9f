"""What a broadcast is: whom it goes to, what it says, and what must hold before it goes out."""

import html
import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any, Self
from urllib.parse import urlsplit

from core.applications.rules import Status

LANGUAGES = ("kk", "ru", "en")
"""In the order in which one stands in for another that has no text."""
TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
"""UTF-16 units after entities: Telegram's limits, of a message and of what stands under a file."""
LINK_LIMIT = 500
DELETABLE = timedelta(hours=48)
"""For how long Telegram lets a bot delete its message."""
VALID = timedelta(hours=48)
"""For how long a message of a broadcast is worth being sent, once its turn has come."""

TAG = re.compile(r"<[^>]*>")


class Kind(StrEnum):
    """A parent may mute informational broadcasts; statutory ones they may not."""

    INFORMATIONAL = "informational"
    STATUTORY = "statutory"


class Stage(StrEnum):
    """Where a broadcast stands. One that was stopped or recalled never goes on."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"
    RECALLING = "recalling"
    RECALLED = "recalled"


UNDER_WAY = frozenset({Stage.SCHEDULED, Stage.RUNNING, Stage.PAUSED, Stage.RECALLING})
STOPPABLE = frozenset({Stage.SCHEDULED, Stage.RUNNING, Stage.PAUSED})
RECALLABLE = frozenset({Stage.PAUSED, Stage.DONE, Stage.CANCELLED})
"""While messages go out, it is paused or stopped first."""


class Problem(StrEnum):
    """Why a draft cannot go out yet."""

    NOBODY = "nobody"
    NO_TEXT = "no_text"
    TOO_LONG = "too_long"


class TextProblem(StrEnum):
    """Why a text or a link is not taken."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NO_LINK = "no_link"


@dataclass(frozen=True)
class Audience:
    """Applicants of the applications that match all of it. Nothing chosen in a part: everybody,
    but the archive has to be chosen. `languages`: of the chat; `unanswered`: a voucher is issued
    and the parent has not answered (R7); `kindergarten`: where the child is enrolled."""

    districts: frozenset[str] = frozenset()
    statuses: frozenset[Status] = frozenset()
    categories: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    unanswered: bool = False
    kindergarten: int | None = None

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """As it is kept (see `kept`)."""
        return cls(
            districts=frozenset(kept.get("districts", ())),
            statuses=frozenset(Status(status) for status in kept.get("statuses", ())),
            categories=frozenset(kept.get("categories", ())),
            languages=frozenset(kept.get("languages", ())),
            unanswered=kept.get("unanswered", False),
            kindergarten=kept.get("kindergarten"),
        )

    def kept(self) -> dict[str, Any]:
        """As JSON."""
        return {
            name: sorted(value) if isinstance(value, frozenset) else value
            for name, value in asdict(self).items()
            if value
        }


@dataclass(frozen=True)
class Content:
    """What it says: HTML by language, made of Telegram's own entities; a picture or a file by
    Telegram's id; a button that opens `link`, or the parent's applications."""

    texts: Mapping[str, str] = field(default_factory=dict, repr=False)
    photo: str | None = None
    document: str | None = None
    link: str | None = None
    applications: bool = False

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """As it is kept (see `kept`)."""
        return cls(**kept)

    def kept(self) -> dict[str, Any]:
        """As JSON."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def limit(self) -> int:
        """Units that a text may have."""
        return CAPTION_LIMIT if self.photo or self.document else TEXT_LIMIT

    def text_for(self, language: str) -> str:
        """The text in that language, or else in the first that there is. KeyError: in none."""
        for each in (language, *LANGUAGES):
            if each in self.texts:
                return self.texts[each]
        raise KeyError(language)

    def too_long(self) -> list[str]:
        """The languages whose text is longer than what it stands under allows."""
        return [
            language for language in LANGUAGES if length(self.texts.get(language, "")) > self.limit
        ]


def series_of(broadcast_id: int) -> str:
    """The series of its notices."""
    return f"broadcast:{broadcast_id}"


def length(text: str) -> int:
    """Of a text in HTML, as Telegram counts it: UTF-16 units without the tags."""
    return len(html.unescape(TAG.sub("", text)).encode("utf-16-le", "surrogatepass")) // 2


def check_text(text: str, limit: int) -> TextProblem | None:
    """What is wrong with a text (HTML)."""
    size = length(text)
    if not TAG.sub("", text).strip():
        return TextProblem.EMPTY
    return TextProblem.TOO_LONG if size > limit else None


def check_link(link: str) -> TextProblem | None:
    """A link is an https address, whole."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return TextProblem.NO_LINK
    whole = parts.scheme == "https" and "." in (parts.hostname or "") and not parts.username
    if not whole or any(sign.isspace() for sign in link):
        return TextProblem.NO_LINK
    return TextProblem.TOO_LONG if len(link) > LINK_LIMIT else None


def problems(content: Content, readers: Collection[str]) -> list[Problem]:
    """Why it cannot go out. `readers`: the languages that somebody of the audience reads: each
    needs a text of its own."""
    found = []
    if not readers:
        found.append(Problem.NOBODY)
    if not content.texts or not content.texts.keys() >= set(readers):
        found.append(Problem.NO_TEXT)
    if content.too_long():
        found.append(Problem.TOO_LONG)
    return found
