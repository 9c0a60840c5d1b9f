"""A kindergarten's place in the parents' words."""

import re

from core.places.values import Mode, PlaceRow
from documents import facts
from locales.texts import Texts, mark

INNERMOST_QUOTED = re.compile(r"[«\"“”„]\s*([^«»\"“”„]+?)\s*[»\"“”]")
LONGEST = 26
"""Letters of a name that a button shows beside language and places on a narrow phone."""

LANGUAGES = {"kk": mark("Kazakh"), "ru": mark("Russian"), "en": mark("English")}
"""Languages of instruction."""

MODES = {Mode.GENERAL: mark("general"), Mode.TEMPORARY: mark("temporary stay")}
OWNERSHIPS = {"state": mark("state"), "private": mark("private")}
"""Short, for a button; the card says it in full."""


def name(place: PlaceRow) -> str:
    """What people call it: the name inside the innermost quotes, else all of it, in quotes."""
    quoted = INNERMOST_QUOTED.search(place.kindergarten)
    return f"«{quoted[1] if quoted else place.kindergarten}»"


def short_name(place: PlaceRow) -> str:
    """The same, cut to what a button shows."""
    whole = name(place)
    return whole if len(whole) <= LONGEST else f"{whole[: LONGEST - 2]}…»"


def language(place: PlaceRow, t: Texts) -> str:
    """The language of instruction."""
    return t.plain(LANGUAGES[place.language])


def mode(place: PlaceRow, t: Texts) -> str:
    """The admission mode."""
    return t.plain(MODES[place.mode])


def ownership(place: PlaceRow, t: Texts) -> str:
    """The form of ownership, in full."""
    return t.plain(facts.OWNERSHIPS[place.ownership])


def kind(place: PlaceRow, t: Texts) -> str:
    """The kind of organisation; one without words of ours is shown as given."""
    return t.plain(facts.KINDS[place.kind]) if place.kind in facts.KINDS else place.kind


def free(place: PlaceRow, t: Texts) -> str:
    """How many places are free."""
    return t.plain_plural("{count} place", "{count} places", place.free)
