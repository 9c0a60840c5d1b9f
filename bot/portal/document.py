"""The document of the HTTP face: `/openapi.json`, with what we send in `webhooks`."""

from typing import Annotated, Any, Literal

from fastapi import FastAPI, Header
from pydantic import AwareDatetime, BaseModel, Field, TypeAdapter

from bot.outgoing.portal import TYPE
from bot.portal.examples import EVENTS, TOLD
from bot.portal.shapes import ANY_EVENT
from core.applications.rules import Event, Status
from core.outages.extending import EVENT as EXTENDED
from core.places.values import Mode

ABOUT = """Orynbot and the portal akmola.kz: the events that Orynbot takes, and what it tells.

Both sides sign what they send with the same secret: `X-Timestamp` is the time in Unix seconds, at
most five minutes off, and `X-Signature` the hex HMAC-SHA256 of `timestamp.body`, over the bytes of
the body as they are sent. Both may send the same event again: its `id` counts once. Fields that
are not described here are ignored."""
REF = "#/components/schemas/{model}"
EVENT = "PortalEvent"
STAY_ENDED = "stay_ended"
SIGNATURE = {
    "X-Timestamp": ("Unix seconds", r"^[0-9]{1,11}$"),
    "X-Signature": ("hex HMAC-SHA256 of `timestamp.body`", r"^[0-9a-f]{64}$"),
}
SIGNED_EVENT: dict[str, Any] = {
    "parameters": [
        {
            "name": name,
            "in": "header",
            "required": True,
            "description": meaning,
            "schema": {"type": "string", "pattern": pattern},
        }
        for name, (meaning, pattern) in SIGNATURE.items()
    ],
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"$ref": REF.format(model=EVENT)},
                "examples": {type_: {"value": event} for type_, event in EVENTS.items()},
            }
        },
    },
}
"""What FastAPI cannot know, since the signature covers the bytes of the body."""


class ToldPlace(BaseModel):
    """A place, named as in `place.put`."""

    district: str
    kindergarten: str
    language: str
    mode: Mode
    until: str | None


class ToldData(BaseModel):
    """What has happened, and how the application stands after it. `version` grows with each change
    of the application's status, `last_day` is that of the term that runs."""

    registration_number: str
    district: str
    event: Literal[  # type: ignore[valid-type]
        *(event.value for event in Event), STAY_ENDED, EXTENDED
    ]
    by: Literal["parent", "operator", "clock"]
    status: Status
    last_day: str | None
    version: int
    place: ToldPlace | None


class ApplicationChanged(BaseModel):
    """An application has changed, by another hand than the portal's."""

    id: Annotated[str, Field(max_length=40)]
    type: Literal["application.changed"]
    at: AwareDatetime
    data: ToldData


def application_changed(
    body: ApplicationChanged,
    x_timestamp: Annotated[str, Header(alias="X-Timestamp")],
    x_signature: Annotated[str, Header(alias="X-Signature")],
) -> None:
    """Sent to `PORTAL_URL` for every change: one application's changes in their order, the next
    only when the one before was answered with 2xx. Anything else is sent again, after pauses that
    grow up to an hour, and given up after seven days."""


def document(app: FastAPI) -> None:
    """Let `app` tell all of it."""
    app.description = ABOUT
    app.webhooks.post(
        TYPE,
        response_model=None,
        responses={200: {"description": "Any 2xx: it has been taken."}},
    )(application_changed)

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            _complete(FastAPI.openapi(app))
        assert app.openapi_schema is not None
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _complete(schema: dict[str, Any]) -> None:
    """The events' shapes, and no answers that nobody gives."""
    events = TypeAdapter(ANY_EVENT).json_schema(ref_template=REF)
    schemas = schema["components"]["schemas"]
    shapes = events.pop("$defs")
    if twice := schemas.keys() & shapes.keys():
        raise ValueError(f"two shapes of one name: {sorted(twice)}")
    schemas.update(shapes)
    schemas[EVENT] = events
    told = schema["webhooks"][TYPE]["post"]["requestBody"]["content"]["application/json"]
    told["examples"] = {TYPE: {"value": TOLD}}  # only now: FastAPI would leave out what is null
    for operations in (*schema["paths"].values(), *schema["webhooks"].values()):
        for operation in operations.values():
            answers = operation["responses"]
            if "HTTPValidationError" in str(answers.get("422")):
                del answers["422"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
