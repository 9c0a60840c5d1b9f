"""The people's numbers."""

from datetime import date

import pytest

from sandbox.people import birth_date_hint, check_digit, new_iin, normal_phone


@pytest.mark.parametrize("raw", ["87758759999", "+7 (775) 875-99-99", "77758759999", "7758759999"])
def test_all_ways_to_write_a_phone_are_one(raw: str) -> None:
    assert normal_phone(raw) == "+77758759999"


@pytest.mark.parametrize("raw", ["", "123", "٨٧٧٥٨٧٥٩٩٩٩", "abc", "997758759999"])
def test_what_is_no_phone_is_refused(raw: str) -> None:
    with pytest.raises(ValueError, match="phone"):
        normal_phone(raw)


def test_a_new_iin_is_valid_and_free() -> None:
    born = date(1992, 5, 14)
    first = new_iin(born, set())
    second = new_iin(born, {first})
    assert first != second
    for iin in (first, second):
        assert len(iin) == 12
        assert check_digit(iin[:11]) == int(iin[11])
        assert birth_date_hint(iin) == born
