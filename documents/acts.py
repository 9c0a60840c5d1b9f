"""The canonical texts of the acts that a parent signs (R9, R11, R14, R16, D5).

The same facts and language give the same text, to the byte: its digest is what is signed.
"""

from collections.abc import Callable, Mapping
from typing import Any

from documents.facts import Words
from locales.texts import Texts, texts

Act = Callable[[Texts, Words], str]


def act_text(act: str, facts: Mapping[str, Any], language: str) -> str:
    """Plain text of `act` (an event of the lifecycle), to be shown whole before it is signed.

    KeyError for an act that nobody signs, or a fact that is missing.
    """
    t = texts(language)
    words = Words(facts, t)
    return f"{ACTS[act](t, words)}\n\n{_signer(t, words)}"


def _signer(t: Texts, words: Words) -> str:
    return t.plain(
        "Application {number}. Child: {child}, born {birth_date}.\nSigned by: {applicant}",
        number=words.given("registration_number"),
        child=words.given("child_given_name"),
        birth_date=words.day("child_birth_date"),
        applicant=words.given("applicant_name"),
    )


def _confirm_interest(t: Texts, words: Words) -> str:
    return t.plain(
        "I confirm my interest in the voucher.\n"
        "The voucher becomes active. I know that I have 5 working days to choose a kindergarten "
        "and make the electronic contract with it; otherwise the voucher becomes void and the "
        "application is archived."
    )


def _refuse_voucher(t: Texts, words: Words) -> str:
    return t.plain(
        "I refuse the voucher.\n"
        "I know that the application is archived, the child leaves the queue, and that this "
        "cannot be undone."
    )


def _remove_from_queue(t: Texts, words: Words) -> str:
    return t.plain(
        "I ask to remove the child from the queue.\n"
        "I know that the application is archived, the place in the queue and the voucher, if "
        "there is one, are lost, and that this cannot be undone."
    )


def _restore(t: Texts, words: Words) -> str:
    return t.plain(
        "I ask to restore the place in the queue.\n"
        "The application returns to the queue with its first registration date. I know that this "
        "is possible only once."
    )


def _take_place(t: Texts, words: Words) -> str:
    return t.plain(
        "I confirm receipt of the referral and make the electronic contract.\n"
        "Kindergarten: {kindergarten}\n"
        "Address: {address}\n"
        "Language of instruction: {language}. Mode: {mode}.\n"
        "The child is admitted to this kindergarten, and the wait in the queue ends.",
        kindergarten=words.given("kindergarten"),
        address=words.given("address"),
        language=words.language_of_instruction,
        mode=words.mode,
    )


def _take_temporary_place(t: Texts, words: Words) -> str:
    return t.plain(
        "I confirm receipt of the referral to a temporary place.\n"
        "Kindergarten: {kindergarten}\n"
        "Address: {address}\n"
        "Language of instruction: {language}. Mode: {mode}.\n"
        "This is a temporary place. Last day of attendance: {until}.\n"
        "Then the child is withdrawn automatically, on {withdraw_on}, and the voucher is "
        "annulled. The place in the general queue is kept: the child goes on waiting for a "
        "permanent place.",
        kindergarten=words.given("kindergarten"),
        address=words.given("address"),
        language=words.language_of_instruction,
        mode=words.mode,
        until=words.dated("until"),
        withdraw_on=words.dated("withdraw_on"),
    )


ACTS: dict[str, Act] = {
    "confirm_interest": _confirm_interest,
    "refuse_voucher": _refuse_voucher,
    "remove_from_queue": _remove_from_queue,
    "restore": _restore,
    "take_place": _take_place,
    "take_temporary_place": _take_temporary_place,
}
"""By the name of the event."""
