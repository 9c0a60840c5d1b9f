"""An IIN cannot be built wrong, says why a text is none, and never shows itself whole."""

import copy
import pickle
from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.identity.rules import IdentityError, Iin, IinProblem


def first_sum(eleven: str) -> int:
    return sum((i + 1) * int(d) for i, d in enumerate(eleven)) % 11


def second_sum(eleven: str) -> int:
    return sum(((i + 2) % 11 + 1) * int(d) for i, d in enumerate(eleven)) % 11


def is_dead(eleven: str) -> bool:
    """No check digit exists for numbers that begin so."""
    return first_sum(eleven) == second_sum(eleven) == 10


def complete(eleven: str) -> str:
    """The IIN that begins with `eleven`, counted apart from the code under test."""
    check = first_sum(eleven)
    return f"{eleven}{check if check < 10 else second_sum(eleven)}"


VALID = complete("87051530012")
FIRST_ELEVEN = st.text("0123456789", min_size=11, max_size=11).filter(lambda e: not is_dead(e))


@given(FIRST_ELEVEN)
def test_every_number_with_the_right_check_digit_is_taken(eleven: str) -> None:
    assert Iin.parse(complete(eleven)).value == complete(eleven)


@given(FIRST_ELEVEN, st.integers(1, 9))
def test_every_other_check_digit_is_refused(eleven: str, off: int) -> None:
    wrong = (int(complete(eleven)[-1]) + off) % 10
    with pytest.raises(IdentityError) as refused:
        Iin.parse(f"{eleven}{wrong}")
    assert refused.value.reason is IinProblem.WRONG_CHECK_DIGIT


def test_the_second_weights_are_used_when_the_first_give_ten() -> None:
    eleven = next(e for n in range(1000) if first_sum(e := f"{n:011}") == 10 and not is_dead(e))
    assert Iin.parse(complete(eleven)).value == complete(eleven)


def test_a_beginning_for_which_no_check_digit_exists_is_refused() -> None:
    dead = next(e for n in range(100_000) if is_dead(e := f"{n:011}"))
    for last in "0123456789":
        with pytest.raises(IdentityError) as refused:
            Iin.parse(dead + last)
        assert refused.value.reason is IinProblem.WRONG_CHECK_DIGIT


@pytest.mark.parametrize(
    "typed",
    [
        f" {VALID}\n",
        f"{VALID[:6]} {VALID[6:]}",
        f"{VALID[:6]}-{VALID[6:9]}–{VALID[9:]}",
        f"{VALID[:3]}\u00a0{VALID[3:]}",
        f"\u202a{VALID}\u202c",
    ],
)
def test_spaces_and_dashes_do_not_matter(typed: str) -> None:
    assert Iin.parse(typed) == Iin(VALID)


@pytest.mark.parametrize(
    "typed",
    ["", "   ", "12345", VALID + "0", VALID[:11], "abcdefghijkl", f"{VALID}x", "1" * 5000,
     VALID.translate({ord("0") + n: 0x0660 + n for n in range(10)})],
)  # fmt: skip
def test_what_is_not_twelve_ascii_digits_is_refused(typed: str) -> None:
    with pytest.raises(IdentityError) as refused:
        Iin.parse(typed)
    assert refused.value.reason is IinProblem.NOT_TWELVE_DIGITS


@given(st.text())
def test_any_text_is_either_an_iin_or_refused_with_a_reason(typed: str) -> None:
    try:
        outcome: object = Iin.parse(typed)
    except IdentityError as refused:
        outcome = refused.reason
    assert isinstance(outcome, Iin | IinProblem)


def test_it_cannot_be_built_or_changed_into_a_wrong_one() -> None:
    iin = Iin(VALID)
    with pytest.raises(IdentityError):
        Iin("123")
    with pytest.raises(IdentityError):
        replace(iin, value="123")
    with pytest.raises(FrozenInstanceError):
        iin.value = "123"  # type: ignore[misc]


def test_it_shows_the_first_digit_and_the_last_four() -> None:
    iin = Iin(VALID)
    assert iin.masked == f"8*******{VALID[-4:]}"
    for shown in (str(iin), repr(iin), f"{iin}", f"{iin!r}", "%s" % iin, repr([iin])):  # noqa: UP031
        assert VALID not in shown
        assert iin.masked in shown


def test_a_refusal_does_not_repeat_what_was_typed() -> None:
    with pytest.raises(IdentityError) as refused:
        Iin.parse("870515300120000")
    assert "8705" not in f"{refused.value!s} {refused.value!r}"


def test_equal_iins_are_one_key_and_survive_copying() -> None:
    iin = Iin(VALID)
    assert {iin: 1}[Iin.parse(VALID)] == 1
    assert copy.deepcopy(iin) == pickle.loads(pickle.dumps(iin)) == iin


@pytest.mark.parametrize("eleven", ["23022960012", "87131530012", "87051500012", "87051590012"])
def test_digits_that_tell_no_birth_date_are_no_reason_to_refuse(eleven: str) -> None:
    assert Iin.parse(complete(eleven)).value == complete(eleven)
