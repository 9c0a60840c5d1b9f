"""Segments: what an operator charges for."""

import pytest

from core.sms.segments import segments


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("қ" * 70, 1),
        ("қ" * 71, 2),
        ("қ" * 134, 2),
        ("қ" * 135, 3),
        ("a" * 70 + "ә", 2),
        ("🙂" * 35, 1),
        ("🙂" * 36, 2),
    ],
)
def test_one_letter_of_another_script_makes_all_of_it_shorter(text: str, expected: int) -> None:
    assert segments(text) == expected


def test_a_letter_of_two_places_is_never_cut_in_half() -> None:
    assert segments("a" * 152 + "€" + "a" * 151) == 2
    assert segments("a" * 152 + "€" + "a" * 152) == 3
    assert segments("ә" * 66 + "🙂" + "ә" * 66) == 3
