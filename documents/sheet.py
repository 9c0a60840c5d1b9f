"""What stands on a page of a document: plain text in the order of reading, no layout."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A label and its value."""

    label: str
    value: str


@dataclass(frozen=True)
class Section:
    """A heading with its rows."""

    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Caution:
    """What must not be overlooked: set apart on the page."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Signature:
    """Who signed, when and how; `digest` is the SHA-256 of the signed text, hex."""

    heading: str
    rows: tuple[Row, ...]
    digest_label: str
    digest: str


@dataclass(frozen=True)
class Page:
    """One page, in one language."""

    language: str
    place: str
    title: str
    subtitle: str
    opening: str
    sections: tuple[Section, ...]
    caution: Caution | None
    clauses: tuple[str, ...]
    signature: Signature
    footer: str
