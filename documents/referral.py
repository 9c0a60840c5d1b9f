"""The referral: sends a child to a kindergarten (R14, R16)."""

from documents import parts
from documents.facts import Words
from documents.parts import Signed
from documents.sheet import Page
from locales.texts import Texts


def page(t: Texts, words: Words, signed: Signed) -> Page:
    """The referral in the language of `t`."""
    return Page(
        language=t.language,
        place=parts.place(t, words),
        title=t.plain("Kindergarten referral"),
        subtitle=t.plain("to a place in a preschool organisation"),
        opening=t.plain("The child is referred to the preschool organisation named below."),
        sections=(parts.child(t, words), parts.kindergarten(t, words)),
        caution=parts.temporary(t, words),
        clauses=(t.plain("The applicant has confirmed receipt of this referral."),),
        signature=parts.signature(t, words, signed),
        footer=parts.footer(t, words, signed),
    )
