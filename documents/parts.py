"""Parts that referral and contract share."""

from datetime import datetime
from typing import TypedDict

from core.clock import local
from documents.facts import Words
from documents.sheet import Caution, Row, Section, Signature
from locales.texts import Texts, mark

METHODS = {
    "sms_code": mark("one-time code by SMS to the phone registered in the citizens' base (MAB)")
}


class Signed(TypedDict):
    """The record of a signature, as core keeps it: `signed_at` is aware, `digest` is hex."""

    id: int
    signed_at: datetime
    digest: str
    method: str


def child(t: Texts, words: Words) -> Section:
    return Section(
        t.plain("The child and the application"),
        (
            Row(t.plain("Child's full name"), words.given("child_name")),
            Row(t.plain("Child's date of birth"), words.day("child_birth_date")),
            Row(t.plain("Applicant's full name"), words.given("applicant_name")),
            Row(t.plain("Application's registration number"), words.given("registration_number")),
        ),
    )


def kindergarten(t: Texts, words: Words) -> Section:
    """What R13 says of a kindergarten."""
    return Section(
        t.plain("The preschool organisation"),
        (
            Row(t.plain("Organisation's name"), words.given("kindergarten")),
            Row(t.plain("Kind of organisation"), words.kind),
            Row(t.plain("Form of ownership"), words.ownership),
            Row(t.plain("Organisation's address"), words.given("address")),
            Row(t.plain("Organisation's phone"), words.given("kindergarten_phone")),
            Row(t.plain("Child's language of instruction"), words.language_of_instruction),
            Row(t.plain("Child's admission mode"), words.mode),
        ),
    )


def temporary(t: Texts, words: Words) -> Caution | None:
    """What R16-R18 say of a temporary place; None for a general one."""
    if not words.temporary:
        return None
    return Caution(
        t.plain("This is a temporary place"),
        (
            t.plain("The last day of attendance is {until}.", until=words.dated("until")),
            t.plain(
                "The child is then withdrawn automatically, on {withdraw_on}, and the voucher is "
                "annulled.",
                withdraw_on=words.dated("withdraw_on"),
            ),
            t.plain(
                "The child's place in the general queue is kept, and the wait for a permanent "
                "place goes on."
            ),
        ),
    )


def signature(t: Texts, words: Words, signed: Signed) -> Signature:
    moment = t.moment(local(signed["signed_at"]))
    method = METHODS[signed["method"]]
    return Signature(
        t.plain("Signed electronically"),
        (
            Row(t.plain("Who signed"), words.given("applicant_name")),
            Row(
                t.plain("When it was signed"),
                t.plain("{moment}, Kazakhstan time", moment=moment),
            ),
            Row(t.plain("How it was signed"), t.plain(method)),
            Row(t.plain("Number of the signature"), str(signed["id"])),
        ),
        t.plain("Digest of the signed text (SHA-256)"),
        signed["digest"],
    )


def place(t: Texts, words: Words) -> str:
    return t.plain("Akmola region, {district}", district=words.district)


def footer(t: Texts, words: Words, signed: Signed) -> str:
    return t.plain(
        "Application {number} · signature {id}",
        number=words.given("registration_number"),
        id=signed["id"],
    )
