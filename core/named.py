"""A name that data carry in three languages."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Named:
    """The same name in Kazakh, Russian and English."""

    kk: str
    ru: str
    en: str

    def in_(self, language: str) -> str:
        """The name in `language` ("kk", "ru" or "en")."""
        return {"kk": self.kk, "ru": self.ru, "en": self.en}[language]
