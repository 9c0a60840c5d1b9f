"""A phone is a mobile of Kazakhstan in E.164, or refused with a reason; never shown whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.identity.rules import IdentityError, Phone, PhoneProblem, display_phone


@pytest.mark.parametrize(
    "typed",
    [
        "87758759999",
        "77758759999",
        "+77758759999",
        "7758759999",
        "8 (775) 875-99-99",
        "+7 775 875 99 99",
        "\u202a+7\u00a0775\u00a0875‑99‑99\u202c",
        " 8.775.875.99.99 ",
    ],
)
def test_every_way_of_writing_it_is_one_phone(typed: str) -> None:
    assert Phone.parse(typed).value == "+77758759999"


def test_the_manuals_other_mobile_is_valid() -> None:
    assert Phone.parse("+7 (771) 625-09-16").value == "+77716250916"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", PhoneProblem.NOT_A_PHONE),
        ("call me", PhoneProblem.NOT_A_PHONE),
        ("12345", PhoneProblem.NOT_A_PHONE),
        ("75432425777", PhoneProblem.NOT_A_PHONE),  # in the manual
        ("75452425777", PhoneProblem.NOT_A_PHONE),  # in the manual
        ("+7 (330) 573-25-47", PhoneProblem.NOT_A_PHONE),  # in the manual
        ("+7+7758759999", PhoneProblem.NOT_A_PHONE),
        ("٨٧٧٥٨٧٥٩٩٩٩", PhoneProblem.NOT_A_PHONE),
        ("7" * 5000, PhoneProblem.NOT_A_PHONE),
        ("+7 916 123-45-67", PhoneProblem.NOT_KAZAKHSTAN),
        ("89161234567", PhoneProblem.NOT_KAZAKHSTAN),
        ("+998901234567", PhoneProblem.NOT_KAZAKHSTAN),
        ("447911123456", PhoneProblem.NOT_KAZAKHSTAN),  # as Telegram writes a contact's
        ("+7 7162 25-55-55", PhoneProblem.NOT_MOBILE),
    ],
)
def test_a_phone_that_no_code_can_reach_is_refused_with_the_reason(
    typed: str, reason: PhoneProblem
) -> None:
    with pytest.raises(IdentityError) as refused:
        Phone.parse(typed)
    assert refused.value.reason is reason
    assert str(refused.value) == reason


@given(st.text() | st.text("+78 ()-0123456789"))
def test_any_text_is_either_a_phone_or_refused_with_a_reason(typed: str) -> None:
    try:
        outcome: object = Phone.parse(typed)
    except IdentityError as refused:
        outcome = refused.reason
    assert isinstance(outcome, Phone | PhoneProblem)


@pytest.mark.parametrize("value", ["87758759999", "+7 775 875 9999", "77758759999", ""])
def test_it_cannot_be_built_of_anything_but_its_one_form(value: str) -> None:
    with pytest.raises(IdentityError):
        Phone(value)


def test_it_shows_the_operator_and_the_last_two_digits() -> None:
    phone = Phone.parse("87758759999")
    assert phone.masked == "+7 775 ***-**-99"
    assert str(phone) == phone.masked
    assert repr(phone) == "Phone(+7 775 ***-**-99)"


@pytest.mark.parametrize(
    ("given_as", "shown"),
    [
        ("87162255555", "+7 7162 25 55 55"),
        ("8 775 875 99 99", "+7 775 875 9999"),
        ("75432425777", "75432425777"),
        ("+7 (330) 573-25-47", "+7 (330) 573-25-47"),
        ("2-55-55", "2-55-55"),
        ("9161234567", "9161234567"),  # no code of a country is guessed
        ("", ""),
    ],
)
def test_a_kindergartens_phone_is_shown_as_given_if_invalid(given_as: str, shown: str) -> None:
    assert display_phone(given_as) == shown
