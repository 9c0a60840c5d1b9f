"""`oryn why`: what became of each notice about an application."""

from sqlalchemy import select

from bot.maintenance import open_database
from core.applications.tables import ApplicationRecord
from core.notices.lives import Lives
from documents.lives import told
from locales.texts import texts


async def tell_why(registration_number: str) -> str:
    """A line for each notice, in the words that the parent reads too. SystemExit for an
    application that there is not."""
    async with open_database() as db:
        async with db.read() as session:
            application_id = await session.scalar(
                select(ApplicationRecord.id).where(
                    ApplicationRecord.registration_number == registration_number
                )
            )
        if application_id is None:
            raise SystemExit(f"No application has the number {registration_number}.")
        lines = told(await Lives(db).of(application_id), texts("en"))
    return "\n".join(lines) or "Nothing has been sent about this application yet."
