"""All that the desk remembers, as plain records that can be kept in a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator

from sandbox.people import Person

Json = dict[str, Any]

QUERY_LIFE = timedelta(seconds=150)
"""For so long after a press the bot may answer it."""


@dataclass
class Message:
    """One message of a private chat; `content` is the Bot API's object under the key `kind`."""

    id: int
    chat_id: int
    date: datetime
    from_bot: bool
    text: str = ""
    entities: list[Json] = field(default_factory=list)
    kind: str = "text"
    content: Json = field(default_factory=dict)
    buttons: list[list[Json]] = field(default_factory=list)
    has_reply_keyboard: bool = False
    edited_at: datetime | None = None
    touched: int = 0


@dataclass
class ReplyKeyboard:
    """The buttons that stand in place of the phone's keyboard."""

    rows: list[list[Json]]
    one_time: bool = False
    placeholder: str | None = None


@dataclass
class Chat:
    """A private chat of the bot and one person; its id is the person's."""

    id: int
    messages: dict[int, Message] = field(default_factory=dict)
    deletions: list[tuple[int, int]] = field(default_factory=list)
    keyboard: ReplyKeyboard | None = None
    typing_until: datetime | None = None
    started: bool = False
    blocked: bool = False
    menu_button: Json | None = None


@dataclass
class CallbackQuery:
    """A press of an inline button, until and after the bot answers it."""

    id: str
    person_id: int
    at: datetime
    answer: Json | None = None


@dataclass
class Update:
    """What the bot is to be told; those of one `queue` go out one at a time."""

    id: int
    kind: str
    queue: str
    body: Json
    given_up: bool = False


@dataclass
class Webhook:
    """Where updates are pushed to; no url: the bot polls."""

    url: str = ""
    secret_token: str = ""
    allowed_updates: list[str] = field(default_factory=list)
    max_connections: int = 40
    last_error_at: datetime | None = None
    last_error: str = ""


@dataclass
class Profile:
    """What the bot told about itself; keys are a language, or scope and language."""

    commands: dict[str, list[Json]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    menu_button: Json = field(default_factory=lambda: {"type": "commands"})


@dataclass
class Sms:
    """A text on its way to a phone, or there; `own_id` is the sender's number for it.

    `gateway` is smsc or mobizon; `status` is a key of `sms.SMSC_STATUS`.
    """

    id: int
    phone: str
    text: str
    at: datetime
    segments: int
    own_id: str | None = None
    gateway: str = "smsc"
    status: str = "delivered"
    status_at: datetime | None = None


@dataclass
class Citizen:
    """A line of the citizens' base: this phone belongs to this IIN."""

    iin: str
    phone: str
    full_name: str
    birth_date: date


@dataclass
class StoredFile:
    """A file that passed through the desk; its bytes lie beside, under its id."""

    id: str
    name: str
    mime_type: str
    size: int


def _keyed(*names: str) -> BeforeValidator:
    """Files of earlier versions have a list here; now each is found under its key at once."""

    def by_key(raw: Any) -> Any:
        if not isinstance(raw, list):
            return raw
        return {" ".join(str(one[name]) for name in names): one for one in raw}

    return BeforeValidator(by_key)


_by_id, _by_pair = _keyed("id"), _keyed("iin", "phone")


@dataclass
class State:
    """Everything; `seq` grows with each change that a person could see.

    `told` is what the portal was told, by the event's id. `phones` says how SMS end at phones
    where they do not arrive; `moderation`, whether Mobizon holds SMS back.
    """

    seq: int = 0
    last_message_id: int = 0
    last_update_id: int = 1000
    last_callback_id: int = 0
    last_file_id: int = 0
    clock: datetime | None = None
    people: dict[int, Person] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    callbacks: dict[str, CallbackQuery] = field(default_factory=dict)
    updates: Annotated[dict[int, Update], _by_id] = field(default_factory=dict)
    webhook: Webhook = field(default_factory=Webhook)
    profile: Profile = field(default_factory=Profile)
    citizens: Annotated[dict[str, Citizen], _by_pair] = field(default_factory=dict)
    sms: list[Sms] = field(default_factory=list)
    phones: dict[str, str] = field(default_factory=dict)
    moderation: bool = False
    last_event_id: int = 0
    told: dict[str, Json] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
