"""What a person has signed, whatever became of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.db.engine import Database
from core.signing.tables import SignatureRecord


@dataclass(frozen=True)
class Signature:
    """One signed act (D5): exactly what was signed, when and how; `digest` is SHA-256, hex."""

    application_id: int
    signed_at: datetime
    text: str
    digest: str
    method: str


async def of_person(db: Database, person_id: int) -> list[Signature]:
    """All signatures of that person, oldest first."""
    theirs = select(SignatureRecord).where(SignatureRecord.person_id == person_id)
    async with db.read() as session:
        records = await session.scalars(theirs.order_by(SignatureRecord.id))
        return [
            Signature(
                application_id=record.application_id,
                signed_at=record.signed_at,
                text=record.text,
                digest=record.digest,
                method=record.method,
            )
            for record in records
        ]
