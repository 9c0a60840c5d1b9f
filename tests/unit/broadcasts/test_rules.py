"""What a broadcast may say, and whom it may leave out."""

import pytest

from core.applications.rules import Status
from core.broadcasts.rules import (
    Audience,
    Content,
    Problem,
    TextProblem,
    check_link,
    check_text,
    length,
    problems,
)


def test_a_text_is_as_long_as_telegram_counts_it() -> None:
    assert length("<b>Қош</b> &lt;келдіңіз&gt;") == len("Қош <келдіңіз>")
    assert length("👋") == 2
    assert length('<a href="https://akmola.kz">сілтеме</a>') == 7


@pytest.mark.parametrize(
    ("text", "limit", "problem"),
    [
        ("а" * 1024, 1024, None),
        ("а" * 1025, 1024, TextProblem.TOO_LONG),
        ("<b>" + "а" * 1024 + "</b>", 1024, None),
        ("<b> </b>", 1024, TextProblem.EMPTY),
    ],
)
def test_a_text_is_taken_when_it_says_something_and_fits(
    text: str, limit: int, problem: TextProblem | None
) -> None:
    assert check_text(text, limit) is problem


@pytest.mark.parametrize(
    ("link", "taken"),
    [
        ("https://akmola.kz", True),
        ("https://akmola.kz/day?x=1#y", True),
        ("https://балабақша.қаз/күн", True),
        ("http://akmola.kz", False),
        ("javascript:alert(1)", False),
        ("tg://resolve?domain=x", False),
        ("https://", False),
        ("https://localhost", False),
        ("https://akmola.kz day", False),
        ("https://akmola.kz@evil.kz", False),
        ("https://[", False),
        ("https://akmola.kz/" + "a" * 500, False),
    ],
)
def test_a_link_is_a_whole_https_address(link: str, taken: bool) -> None:
    assert (check_link(link) is None) is taken


def test_who_has_no_text_in_their_language_reads_another() -> None:
    content = Content({"ru": "Да", "en": "Yes"})
    assert [content.text_for(language) for language in ("kk", "ru", "en")] == ["Да", "Да", "Yes"]


@pytest.mark.parametrize(
    ("content", "readers", "found"),
    [
        (Content({"kk": "Иә"}), {"kk"}, []),
        (Content({"kk": "Иә"}), {"kk", "ru"}, [Problem.NO_TEXT]),
        (Content({"kk": "Иә"}), set(), [Problem.NOBODY]),
        (Content(), {"kk"}, [Problem.NO_TEXT]),
        (Content({"kk": "а" * 4096}), {"kk"}, []),
        (Content({"kk": "а" * 1025}, photo="x"), {"kk"}, [Problem.TOO_LONG]),
        (Content({"kk": "Иә", "en": "a" * 1025}, document="x"), {"kk"}, [Problem.TOO_LONG]),
    ],
)
def test_a_draft_goes_out_when_everybody_can_read_it(
    content: Content, readers: set[str], found: list[Problem]
) -> None:
    assert problems(content, readers) == found


def test_audience_and_content_come_back_as_they_were_kept() -> None:
    audience = Audience(
        districts=frozenset({"akkol", "esil"}),
        statuses=frozenset({Status.ENROLLED}),
        categories=frozenset({"aged_3"}),
        languages=frozenset({"kk"}),
        unanswered=True,
        kindergarten=7,
    )
    content = Content({"kk": "Иә"}, photo="x", link="https://akmola.kz", applications=True)
    assert Audience.of(audience.kept()) == audience
    assert Content.of(content.kept()) == content
    assert (Audience().kept(), Content().kept()) == ({}, {})
