"""The shapes of what the portal is answered, for the document."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from core.applications.rules import Status
from core.portal.values import Why
from core.registry.values import Outcome, Reason


class PutAnswer(BaseModel):
    """What a put has done to the records."""

    outcome: Literal[Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED]


class VoucherAnswer(BaseModel):
    """How the application stands; `last_day` to confirm interest (R7)."""

    registration_number: str
    status: Status
    last_day: Annotated[str | None, Field(examples=["2026-04-09"])]


class WrongField(BaseModel):
    """What is wrong; without a field it is the whole that is."""

    field: str | None
    reason: Reason


class Refusal(BaseModel):
    """Why not, in words and perhaps field by field. The value itself is never repeated."""

    detail: str
    problems: list[WrongField] = []


class ItemDone(BaseModel):
    """An item of a batch that has been done."""

    result: Literal["done"]
    answer: PutAnswer | VoucherAnswer


class ItemNotDone(Refusal):
    """An item of a batch that was refused: alone it would have had 422, 404 or 409."""

    result: Literal[Why.WRONG, Why.UNKNOWN, Why.REFUSED]


class BatchAnswer(BaseModel):
    """What became of each item, in their order."""

    events: list[Annotated[ItemDone | ItemNotDone, Field(discriminator="result")]]


Answer = PutAnswer | VoucherAnswer | BatchAnswer

RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "model": Answer,
        "description": "Done. The same id again: the same answer, and nothing changes.",
    },
    401: {"model": Refusal, "description": "The signature is wrong, or its time is."},
    404: {"model": Refusal, "description": "What it is about is not here."},
    409: {"model": Refusal, "description": "The rules refuse it as things stand."},
    408: {"model": Refusal, "description": "The body has not come within ten seconds."},
    413: {"model": Refusal, "description": "The body is larger than a million bytes."},
    422: {"model": Refusal, "description": "Not an event, or its data can never be right."},
    503: {
        "model": Refusal,
        "description": "The database is down, a file is being brought in, or this process ends: "
        "send it again, later.",
    },
}
