"""Referral and contract as PDF: a page in Kazakh, a page in Russian."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC
from pathlib import Path
from typing import Any, Literal

import typst

from documents import contract, referral
from documents.facts import Words
from documents.parts import Signed
from documents.sheet import Page
from locales.texts import Texts, texts

Kind = Literal["referral", "contract"]

PAGES: dict[Kind, Callable[[Texts, Words, Signed], Page]] = {
    "referral": referral.page,
    "contract": contract.page,
}
LANGUAGES = ("kk", "ru")
"""Those of every document, whoever reads it."""

TEMPLATE = Path(__file__).with_name("sheet.typ")
FONTS = typst.Fonts(include_system_fonts=False)  # typst's own: the same page on every machine


def render(kind: Kind, facts: Mapping[str, Any], signed: Signed, language: str) -> bytes:
    """The document as PDF, titled in the reader's `language`; whoever reads neither Kazakh nor
    Russian finds a translation behind them.

    It computes for some 50 ms: call it in a thread. The same document is the same bytes.
    KeyError for a fact that is missing.
    """
    languages = LANGUAGES if language in LANGUAGES else (*LANGUAGES, language)
    pages = [_page(kind, facts, signed, each) for each in languages]
    sheet = {"title": _title(pages, language), "pages": [asdict(page) for page in pages]}
    # The values go as data, never as source, so that no name can be markup.
    pdf = typst.compile(
        TEMPLATE,
        font_paths=FONTS,
        sys_inputs={"sheet": json.dumps(sheet, ensure_ascii=False)},
        timestamp=signed["signed_at"].astimezone(UTC).replace(microsecond=0),  # it takes no other
    )
    assert isinstance(pdf, bytes)
    return pdf


def file_name(kind: Kind, signature_id: int) -> str:
    """What the file is called: nothing personal."""
    return f"{kind}-{signature_id}.pdf"


def _page(kind: Kind, facts: Mapping[str, Any], signed: Signed, language: str) -> Page:
    t = texts(language)
    return PAGES[kind](t, Words(facts, t), signed)


def _title(pages: list[Page], language: str) -> str:
    page = next(page for page in pages if page.language == language)
    return f"{page.title} {page.subtitle}"
