"""The facts of an act in the words of its reader: what the acts and the PDFs are made of."""

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from core.places.districts import DISTRICTS
from locales.texts import Texts, mark

LANGUAGES_OF_INSTRUCTION = {
    "kk": mark("Kazakh language"),
    "ru": mark("Russian language"),
    "en": mark("English language"),
}
OWNERSHIPS = {"state": mark("state-owned"), "private": mark("privately owned")}
KINDS = {
    "nursery_garden": mark("nursery and kindergarten"),
    "kindergarten": mark("kindergarten without a nursery"),
    "mini_centre": mark("preschool mini-centre"),
    "sanatorium": mark("sanatorium preschool organisation"),
}
MODES = {"general": mark("general admission mode"), "temporary": mark("temporary stay mode")}

UNKNOWN = "—"


class Words:
    """The facts of one act as one language's words; `facts` is what the act was signed with."""

    def __init__(self, facts: Mapping[str, Any], t: Texts) -> None:
        self._facts = facts
        self._t = t

    def given(self, key: str) -> str:
        """A name, number or address as it was given, on one line; «—» where there is none."""
        return one_line(self._facts.get(key) or "") or UNKNOWN

    def dated(self, key: str) -> str:
        """A day with its weekday."""
        return self._t.dated(self._day(key))

    def day(self, key: str) -> str:
        return self._t.day(self._day(key))

    @property
    def temporary(self) -> bool:
        """The place is a temporary one (R15)."""
        return bool(self._facts["mode"] == "temporary")

    @property
    def mode(self) -> str:
        return self._word(MODES, "mode")

    @property
    def language_of_instruction(self) -> str:
        return self._word(LANGUAGES_OF_INSTRUCTION, "place_language")

    @property
    def ownership(self) -> str:
        return self._word(OWNERSHIPS, "ownership")

    @property
    def kind(self) -> str:
        """A kind that the catalogues do not know is shown as given."""
        return self._word(KINDS, "kind") if self._facts["kind"] in KINDS else self.given("kind")

    @property
    def district(self) -> str:
        return DISTRICTS[self._facts["district"]].in_(self._t.language)

    def _word(self, words: Mapping[str, str], key: str) -> str:
        message = words[self._facts[key]]
        return self._t.plain(message)

    def _day(self, key: str) -> date:
        return date.fromisoformat(self._facts[key])


def one_line(value: str) -> str:
    """`value` without line breaks and unseen characters: a name can add no line to a text that
    is signed, nor turn its direction."""
    seen = (c for c in value if c.isspace() or not unicodedata.category(c).startswith("C"))
    return " ".join("".join(seen).split())
