"""Telegram's HTML."""

import pytest

from sandbox.errors import BadRequest
from sandbox.html_entities import parse_html, render, units


def test_tags_become_entities_counted_in_utf16_units() -> None:
    text, entities = parse_html("🎟 <b>Ваучер <i>берілді</i></b> &lt;1&gt; &amp; &quot;")
    assert text == '🎟 Ваучер берілді <1> & "'
    assert entities == [
        {"type": "bold", "offset": 3, "length": 14},
        {"type": "italic", "offset": 10, "length": 7},
    ]
    assert units("🎟") == 2


def test_white_space_around_is_cut_and_entities_follow() -> None:
    text, entities = parse_html("\n  <b>A </b>\n")
    assert (text, entities) == ("A", [{"type": "bold", "offset": 0, "length": 1}])


def test_a_link_keeps_its_address_and_a_dangerous_one_is_only_text() -> None:
    assert parse_html('<a href="https://akmola.kz/?a=1&amp;b=2">x</a>')[1] == [
        {"type": "text_link", "url": "https://akmola.kz/?a=1&b=2", "offset": 0, "length": 1}
    ]
    assert parse_html('<a href="javascript:alert(1)">x</a>') == ("x", [])


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("a <foo>", 'Unsupported start tag "foo" at byte offset 2'),
        ("ә < b", "Unclosed start tag at byte offset 3"),
        ("5 < 6 > 4", 'Unsupported start tag "" at byte offset 2'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        (
            "<b><i>x</b></i>",
            'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
        ),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_broken_html_is_refused_in_telegrams_words(source: str, words: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        parse_html(source)
    assert refusal.value.description == f"Bad Request: can't parse entities: {words}"


def test_what_is_rendered_is_safe_and_nested_as_written() -> None:
    source = (
        '<b>a &lt;script&gt; <i>🎟</i></b> <tg-spoiler>s</tg-spoiler>\n<a href="https://a.kz/">l</a>'
    )
    assert render(*parse_html(source)) == (
        '<b>a &lt;script&gt; <i>🎟</i></b> <span class="tg-spoiler">s</span>\n'
        '<a href="https://a.kz/" target="_blank" rel="noopener noreferrer">l</a>'
    )


def test_entities_that_cross_are_closed_and_opened_again() -> None:
    entities = [
        {"type": "bold", "offset": 0, "length": 2},
        {"type": "italic", "offset": 1, "length": 2},
    ]
    assert render("abc", entities) == "<b>a<i>b</i></b><i>c</i>"


def test_a_text_without_entities_has_no_html() -> None:
    assert render("1 < 2", []) is None
