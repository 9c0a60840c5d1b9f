"""A kindergarten's place in the parents' words."""

from core.places.names import called
from core.places.values import Mode, PlaceRow
from documents import facts
from locales.texts import Texts, mark

LONGEST = 26
"""Letters of a name that a button shows beside language and places on a narrow phone."""

LANGUAGES = {"kk": mark("Kazakh"), "ru": mark("Russian"), "en": mark("English")}
"""Languages of instruction."""

MODES = {Mode.GENERAL: mark("general"), Mode.TEMPORARY: mark("temporary stay")}
OWNERSHIPS = {"state": mark("state"), "private": mark("private")}
"""Short, for a button; the card says it in full."""


def name(place: PlaceRow) -> str:
    """What people call it, in quotes."""
    return f"«{called(place.kindergarten)}»"


def short_name(place: PlaceRow) -> str:
    """The same, cut to what a button shows: in the middle, as Russian names differ in their last
    words and Kazakh ones in their first."""
    whole = name(place)
    half = LONGEST // 2
    if len(whole) <= LONGEST:
        return whole
    return f"{whole[: half - 1].rstrip()}…{whole[-half:].lstrip()}"


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
