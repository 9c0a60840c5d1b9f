"""Texts in the reader's language: gettext catalogues, one domain a room, values escaped."""

from datetime import date, datetime
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.dates import format_date
from markupsafe import Markup

LANGUAGES = ("kk", "ru", "en")
"""In the order in which they are offered: Kazakh first."""

THIN = "\u202f"
"""A narrow space that no line breaks at: between thousands."""

FOLDER = Path(__file__).parent


def mark(message: str) -> str:
    """Mark a text for the catalogues where it is only named, and translated later."""
    return message


class Texts:
    """The texts of one language. Messages are full English sentences, looked up in its catalogues.

    Calling it gives HTML, with every value escaped where it enters; `plain` gives text for
    buttons, toasts, SMS and PDF.
    """

    def __init__(self, language: str, translations: NullTranslations) -> None:
        self.language = language
        self._translations = translations
        self._gettext = cache(translations.gettext)  # one look-up in place of one in each domain

    def __call__(self, message: str, /, **values: object) -> Markup:
        return Markup(self._gettext(message)).format(**values)

    def plural(self, one: str, many: str, count: int, /, **values: object) -> Markup:
        """HTML in the grammatical number of `count`, which is also the value `{count}`."""
        text = self._translations.ngettext(one, many, count)
        return Markup(text).format(count=count, **values)

    def plain(self, message: str, /, **values: object) -> str:
        """The text without HTML."""
        return self._gettext(message).format(**values)

    def plain_plural(self, one: str, many: str, count: int, /, **values: object) -> str:
        """The text without HTML, in the grammatical number of `count`."""
        return self._translations.ngettext(one, many, count).format(count=count, **values)

    def day(self, day: date) -> str:
        """`09.04.2026`."""
        return f"{day:%d.%m.%Y}"

    def weekday(self, day: date) -> str:
        """The day's name: бейсенбі, четверг, Thursday."""
        return format_date(day, "EEEE", locale=self.language)

    def dated(self, day: date) -> str:
        """A day with its weekday, no case ending on either: `09.04.2026, бейсенбі`."""
        if self.language == "en":
            return f"{self.weekday(day)} {self.day(day)}"
        return f"{self.day(day)}, {self.weekday(day)}"

    def until(self, last_day: date) -> str:
        """The end of a term as people are shown it (D8): `09.04.2026, бейсенбі, 23:59`."""
        return f"{self.dated(last_day)}, 23:59"

    def number(self, number: float) -> str:
        """A whole number with its thousands apart: `45 000`."""
        return f"{number:,.0f}".replace(",", THIN).replace("-", "−")

    def month(self, day: date) -> str:
        """A month by itself, in no case: `қазан 2026` is `2026 жылғы қазан`."""
        return self._of_year(self._month(day), day.year)

    def months(self, first: date, last: date) -> str:
        """From month to month, no case ending on either: `2026 жылғы қазан – желтоқсан`,
        `октябрь – декабрь 2026`."""
        if (first.year, first.month) == (last.year, last.month):
            return self.month(first)
        if first.year == last.year:
            return self._of_year(f"{self._month(first)} – {self._month(last)}", last.year)
        return f"{self.month(first)} – {self.month(last)}"

    def _month(self, day: date) -> str:
        name = format_date(day, "LLLL", locale=self.language)
        return name if self.language == "en" else name.lower()

    def _of_year(self, month: str, year: int) -> str:
        return f"{year} жылғы {month}" if self.language == "kk" else f"{month} {year}"

    def moment(self, moment: datetime) -> str:
        """A moment in Kazakhstan's time (give it local): `08.04.2026, 10:32`."""
        return f"{moment:%d.%m.%Y, %H:%M}"


@cache
def texts(language: str) -> Texts:
    """The texts of `language`; a domain file not compiled yet is an error, not silence."""
    folder = FOLDER / language / "LC_MESSAGES"
    merged: NullTranslations = NullTranslations()
    for source in sorted(folder.glob("*.po")):
        with source.with_suffix(".mo").open("rb") as file:
            translations = GNUTranslations(file)
        translations.add_fallback(merged)
        merged = translations
    return Texts(language, merged)
