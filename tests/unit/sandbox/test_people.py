"""The people's numbers."""

from datetime import date
from itertools import islice

import pytest

from sandbox.people import birth_date_hint, check_digit, new_iins, normal_phone


@pytest.mark.parametrize("raw", ["87758759999", "+7 (775) 875-99-99", "77758759999", "7758759999"])
def test_all_ways_to_write_a_phone_are_one(raw: str) -> None:
    assert normal_phone(raw) == "+77758759999"


@pytest.mark.parametrize("raw", ["", "123", "٨٧٧٥٨٧٥٩٩٩٩", "abc", "997758759999"])
def test_what_is_no_phone_is_refused(raw: str) -> None:
    with pytest.raises(ValueError, match="phone"):
        normal_phone(raw)


def test_new_iins_are_valid_and_each_is_another() -> None:
    born = date(1999, 12, 31)
    iins = list(islice(new_iins(born), 12_000))
    assert len(set(iins)) == 12_000
    for iin in (iins[0], iins[-1]):
        assert len(iin) == 12
        assert check_digit(iin[:11]) == int(iin[11])
    assert birth_date_hint(iins[0]) == born
    assert birth_date_hint(iins[-1]) == date(2000, 1, 1)
