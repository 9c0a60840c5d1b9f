"""`oryn why`: what became of each notice about an application."""

from bot.maintenance import open_database
from core.notices.lives import Lives
from documents.lives import told
from locales.texts import texts


async def tell_why(registration_number: str) -> str:
    """A line for each notice, in the words that the parent reads too. SystemExit for an
    application that there is not."""
    async with open_database() as db:
        lives = await Lives(db).numbered(registration_number)
    if lives is None:
        raise SystemExit(f"No application has the number {registration_number}.")
    return "\n".join(told(lives, texts("en"))) or "Nothing has been sent about it yet."
