"""Finding applications by number, IIN or name: by index, however many there are."""

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from core.applications.numbers import numbered
from core.applications.rules import Status
from core.applications.tables import ApplicationRecord
from core.families.names import words
from core.families.tables import NameWordRecord
from core.families.values import Finding, Found
from core.identity.rules import Iin
from core.places.search import alphabetical
from core.staff.rules import Member

MOST = 100
"""Of more nobody reads the list: one adds a word to the name."""
MANY = 2_000
WORDS = 6
"""Words of a name that are looked for."""
SHORTEST = 2
"""Letters of a word that is looked for."""
LAST_LETTER = "\U0010ffff"


async def by_iin(session: AsyncSession, member: Member, iin: Iin) -> Finding:
    """Of the applicant or the child."""
    theirs = or_(
        ApplicationRecord.applicant_iin == iin.value, ApplicationRecord.child_iin == iin.value
    )
    return await _found(session, select(ApplicationRecord.id).where(theirs, *scope(member)))


async def by_number(session: AsyncSession, member: Member, number: str) -> Finding:
    """However it is typed."""
    theirs = select(ApplicationRecord.id).where(numbered(number), *scope(member))
    return await _found(session, theirs)


async def by_name(session: AsyncSession, member: Member, name: str) -> Finding:
    """Each word of `name` begins a word of the applicant's or the child's."""
    wanted = [word for word in words(name) if len(word) >= SHORTEST]
    if not wanted:
        return Finding(())
    rarity = {word: await _how_many(session, word) for word in wanted[:WORDS]}
    rarest, *others = sorted(rarity, key=lambda word: rarity[word])
    query = select(NameWordRecord.application_id).where(_begins(NameWordRecord.word, rarest))
    if member.district is not None:
        query = query.where(NameWordRecord.district == member.district)
    for word in others:
        other = aliased(NameWordRecord)
        same = other.application_id == NameWordRecord.application_id
        query = query.where(exists().where(same, _begins(other.word, word)))
    return await _found(session, query.distinct())


async def lines(session: AsyncSession, member: Member, ids: tuple[int, ...]) -> list[Found]:
    """These applications, in this order; those that are the member's no longer are left out."""
    columns = (
        ApplicationRecord.id,
        ApplicationRecord.registration_number,
        ApplicationRecord.child_name,
        ApplicationRecord.applicant_name,
        ApplicationRecord.status,
    )
    rows = await session.execute(
        select(*columns).where(ApplicationRecord.id.in_(ids), *scope(member))
    )
    found = {row[0]: Found(*row[:4], Status(row[4])) for row in rows}
    return [found[one] for one in ids if one in found]


def scope(member: Member) -> list[ColumnElement[bool]]:
    """The applications of the member's district; of all, for those who serve the region."""
    if member.district is None:
        return []
    return [ApplicationRecord.district == member.district]


async def _how_many(session: AsyncSession, word: str) -> int:
    """How many words begin so; of many it is enough to know that they are many. The search goes
    through those of the rarest word."""
    some = select(NameWordRecord.word).where(_begins(NameWordRecord.word, word)).limit(MANY)
    return await session.scalar(select(func.count()).select_from(some.subquery())) or 0


def _begins(column: InstrumentedAttribute[str], beginning: str) -> ColumnElement[bool]:
    return column.between(beginning, beginning + LAST_LETTER)


async def _found(session: AsyncSession, query: Select[int]) -> Finding:
    ids = (await session.scalars(query.limit(MOST + 1))).all()
    named = await session.execute(
        select(ApplicationRecord.id, ApplicationRecord.child_name).where(
            ApplicationRecord.id.in_(ids[:MOST])
        )
    )
    ordered = sorted(named, key=lambda row: (alphabetical(row[1]), row[0]))
    return Finding(tuple(row[0] for row in ordered), more=len(ids) > MOST)
