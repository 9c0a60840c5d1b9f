"""A gateway that keeps what it is given, and a look at what a database is asked."""

from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager

from sqlalchemy import select

from core.db.engine import Database
from core.db.schema import metadata
from core.sms.port import Accepted, Answer, Rejected, Sms
from tests.asked import asked

TAKEN = Accepted("1", 1, None)
DOWN = Rejected("unreachable")


class Inbox:
    """An SmsGateway: answers `answer` to a sending and `told` to a question about it."""

    def __init__(self, name: str = "inbox", answer: Answer = TAKEN, told: Answer = TAKEN) -> None:
        self.name = name
        self.answer = answer
        self.told = told
        self.sent: list[Sms] = []
        self.asked: list[Sms] = []

    async def send(self, sms: Sms) -> Answer:
        self.sent.append(sms)
        return self.answer

    async def status(self, sms: Sms) -> Answer:
        self.asked.append(sms)
        return self.told

    @property
    def digits(self) -> str:
        """The code in the newest message."""
        return self.sent[-1].text.split()[-1]


def code_text(purpose: str, language: str, digits: str) -> str:
    return f"{purpose} {language} {digits}"


def wrong(digits: str) -> str:
    """Six other digits."""
    return f"{(int(digits) + 1) % 10**6:06}"


async def open_connections(database: Database, count: int) -> None:
    """So that what then runs at once is not held apart by connecting."""
    async with AsyncExitStack() as stack:
        for _ in range(count):
            session = await stack.enter_async_context(database.read())
            await session.execute(select(1))


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """What is sent to the database meanwhile."""
    seen: list[str] = []
    with asked(database) as everything:
        yield seen
    seen += [statement for statement, _ in everything if not statement.startswith("BEGIN")]


async def everything_at_rest(database: Database) -> str:
    """All rows of all tables, as one text."""
    async with database.read() as session:
        found = [await session.execute(select(table)) for table in metadata.sorted_tables]
        return "\n".join(str(tuple(row)) for rows in found for row in rows)
