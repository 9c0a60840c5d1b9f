"""Buttons of broadcasts: the list, a draft and its parts, and one under way."""

from enum import StrEnum

from aiogram.types import InlineKeyboardButton

from bot.keyboards.base import Id, button
from bot.keyboards.staff.base import StaffButton
from core.staff.rules import Right
from locales.texts import Texts


class Part(StrEnum):
    """A part of the audience."""

    DISTRICTS = "d"
    STATUSES = "s"
    CATEGORIES = "c"
    LANGUAGES = "l"
    UNANSWERED = "u"
    KINDERGARTEN = "k"


class Act(StrEnum):
    """What is done with a broadcast that has been confirmed."""

    PAUSE = "p"
    RESUME = "r"
    CANCEL = "c"
    RECALL = "b"
    UNREACHED = "u"
    CORRECT = "x"


class Under(StrEnum):
    """What button a broadcast has."""

    NOTHING = "n"
    LINK = "l"
    APPLICATIONS = "a"


class BroadcastsButton(StaffButton, prefix="s.b"):
    """Lists the newest broadcasts."""

    right = Right.BROADCAST


class OlderBroadcastsButton(StaffButton, prefix="s.bl"):
    """Turns to a page of the older ones: 1 is the first after the newest."""

    right = Right.BROADCAST
    page: Id


class NewBroadcastButton(StaffButton, prefix="s.bn"):
    """Begins a draft."""

    right = Right.BROADCAST


class OfBroadcast(StaffButton, prefix="s.--"):
    """A button that names a broadcast. Never sent itself."""

    right = Right.BROADCAST
    broadcast: Id


class BroadcastButton(OfBroadcast, prefix="s.bo"):
    """Opens a broadcast: the draft, or its progress."""


class AudienceButton(OfBroadcast, prefix="s.ba"):
    """Shows the audience; with a part, that part; with a value, switches it `on` or off."""

    part: Part | None = None
    value: str | None = None
    on: bool = True


class TextButton(OfBroadcast, prefix="s.bt"):
    """Asks for the text in a language."""

    language: str


class FileButton(OfBroadcast, prefix="s.bf"):
    """Asks for a picture or a file; `remove` takes it away."""

    remove: bool = False


class UnderButton(OfBroadcast, prefix="s.bu"):
    """Asks what button it is to have; with an answer, takes it."""

    under: Under | None = None


class KindButton(OfBroadcast, prefix="s.bk"):
    """Makes an informational one statutory, or the reverse; `statutory`: which it is to be."""

    statutory: bool


class WhenButton(OfBroadcast, prefix="s.bw"):
    """Asks for the day (as 20260409), then for the hour; `now`: at once."""

    day: int | None = None
    hour: int | None = None
    now: bool = False


class PreviewButton(OfBroadcast, prefix="s.bp"):
    """Shows it as every language will see it; `mine`: sends it as a test, in one's own."""

    mine: bool = False


class SendButton(OfBroadcast, prefix="s.bs"):
    """Asks for the number of recipients."""


class DiscardButton(OfBroadcast, prefix="s.bx"):
    """Deletes a draft; `sure` False: asks first."""

    sure: bool = False


class ActButton(OfBroadcast, prefix="s.br"):
    """Does something with one that was confirmed; `sure` False: asks first where it must."""

    do: Act
    sure: bool = False


def to_broadcast(broadcast: int, t: Texts) -> InlineKeyboardButton:
    """A step back to it."""
    return button(t.plain("Back"), BroadcastButton(broadcast=broadcast))
