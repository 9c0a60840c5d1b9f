"""The electronic contract between an applicant and a kindergarten (R10, D12)."""

from documents import parts
from documents.facts import Words
from documents.parts import Signed
from documents.sheet import Page
from locales.texts import Texts


def page(t: Texts, words: Words, signed: Signed) -> Page:
    """The contract in the language of `t`."""
    return Page(
        language=t.language,
        place=parts.place(t, words),
        title=t.plain("Electronic admission contract"),
        subtitle=t.plain("on a place in a preschool organisation"),
        opening=t.plain(
            "The preschool organisation and the applicant, both named below, have made this "
            "contract."
        ),
        sections=(parts.child(t, words), parts.kindergarten(t, words)),
        caution=None,  # only a general place comes with a contract (R10, R16)
        clauses=_clauses(t),
        signature=parts.signature(t, words, signed),
        footer=parts.footer(t, words, signed),
    )


def _clauses(t: Texts) -> tuple[str, ...]:
    return (
        t.plain(
            "The organisation admits the child to a place with the language of instruction and "
            "the admission mode named above."
        ),
        t.plain("The organisation gave its consent when it published the free place."),
        t.plain("The applicant accepts the place and has confirmed receipt of the referral."),
        t.plain("The contract is in force from the moment of the applicant's signature."),
    )
