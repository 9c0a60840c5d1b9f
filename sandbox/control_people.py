"""The control interface: people and what they do."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException, Query
from pydantic import Base64Bytes, BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, PlainTextResponse, Response

from sandbox.acts import begin, find_message
from sandbox.buttons import find_button
from sandbox.desk import BORN, Desk
from sandbox.display import chat_text, chat_view, person_view
from sandbox.people import Person, birth_date_hint, normal_phone
from sandbox.state import Json

SENT_LENGTH = 50 * 1024 * 1024
"""Bytes of a file: more than a bot may download, so that its refusal can be seen."""


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewPerson(Strict):
    first_name: str = "Айгүл"
    last_name: str = "Сериковна"
    language_code: str = "kk"
    phone: str | None = None
    iin: str | None = None
    registered: bool = True
    started: bool = False


class NewPeople(NewPerson):
    """One person, or several at once."""

    users: list[NewPerson] | None = Field(default=None, max_length=20_000)


class ForeignContact(Strict):
    phone_number: str
    first_name: str
    last_name: str | None = None
    user_id: int | None = None


class Location(Strict):
    latitude: float
    longitude: float


class SentDocument(Strict):
    """A file; `content` in base64."""

    name: str = Field(min_length=1, max_length=255)
    content: Base64Bytes = Field(max_length=SENT_LENGTH)


class Writing(Strict):
    """Exactly one of these: `{"document": {"name": "a.xlsx", "content": "<base64>"}}`, …"""

    text: str | None = None
    contact: bool | ForeignContact | None = None
    location: Location | None = None
    photo: bool | None = None
    sticker: str | None = None
    document: SentDocument | None = None


class Press(Strict):
    button: str
    message_id: int | None = None


def make_person(desk: Desk, wish: NewPerson) -> Person:
    """Fills in what is missing. Raises HTTPException 400 for numbers that cannot be."""
    iin = wish.iin or desk.free_iin()
    if len(iin) != 12 or not (iin.isascii() and iin.isdigit()):
        raise HTTPException(400, "an IIN has 12 digits")
    try:
        phone = normal_phone(wish.phone or desk.free_phone())
    except ValueError as error:
        raise HTTPException(400, str(error)) from error
    return Person(
        id=desk.free_id(),
        first_name=wish.first_name,
        last_name=wish.last_name,
        full_name=f"{wish.last_name} {wish.first_name}".strip(),
        language_code=wish.language_code,
        phone=phone,
        iin=iin,
        birth_date=birth_date_hint(iin) or BORN,
    )


def routes(desk: Desk) -> APIRouter:
    router = APIRouter(prefix="/sim/users")

    def view(person: Person) -> Json:
        return person_view(person, desk.chats.of(person.id))

    def person_of(person_id: int) -> Person:
        person = desk.state.people.get(person_id)
        if person is None:
            raise HTTPException(404, f"there is no person {person_id} at the desk")
        return person

    def seat(wish: NewPerson) -> Person:
        person = make_person(desk, wish)
        desk.seat(person, registered=wish.registered, started=wish.started)
        return person

    @router.get("")
    async def people() -> list[Json]:
        return [view(person) for person in desk.state.people.values()]

    @router.post("")
    async def add(wish: NewPeople) -> Json:
        if wish.users is None:
            return view(seat(wish))
        if wish.model_fields_set != {"users"}:
            raise HTTPException(400, "either one person, or users")
        users = [view(seat(one)) for one in wish.users]
        return {"ids": [user["id"] for user in users], "users": users}

    @router.post("/{person_id}/send")
    async def send(person_id: int, writing: Writing) -> Json:
        act = await begin(desk, person_id)
        match writing.model_dump(exclude_none=True):
            case {"text": str(text), **rest} if not rest and text:
                act.write(text)
            case {"contact": True, **rest} if not rest:
                act.share_contact()
            case {"contact": dict(contact), **rest} if not rest:
                act.share_contact(contact)
            case {"location": dict(location), **rest} if not rest:
                act.share_location(location)
            case {"photo": True, **rest} if not rest:
                act.send_photo()
            case {"sticker": str(emoji), **rest} if not rest:
                act.send_sticker(emoji)
            case {"document": dict(), **rest} if not rest and writing.document:
                # dumped, the content would be base64 again
                act.send_document(writing.document.name, writing.document.content)
            case _:
                raise HTTPException(
                    400, "send one of text, contact, location, photo, sticker, document"
                )
        return await act.outcome()

    @router.post("/{person_id}/press")
    async def press(person_id: int, wish: Press) -> Json:
        act = await begin(desk, person_id)
        message = find_message(act.chat, wish.message_id) if wish.message_id is not None else None
        message, button = find_button(act.chat, wish.button, message)
        if message is None:
            if button.get("request_contact"):
                act.share_contact()
            elif button.get("request_location"):
                act.share_location()
            else:
                act.write(button["text"])
            return await act.outcome()
        if "callback_data" in button:
            return await act.outcome(act.press(message, button["callback_data"]))
        outcome: dict[str, Any] = await act.outcome()
        return {**outcome, "answer": {"text": None, "show_alert": False, "url": button.get("url")}}

    @router.get("/{person_id}/chat")
    async def chat(person_id: int, format: str = Query(default="json")) -> Response:
        seen = desk.chats.of(person_of(person_id).id)
        if format == "text":
            return PlainTextResponse(chat_text(seen))
        return JSONResponse(chat_view(seen, desk.chats))

    @router.post("/{person_id}/block")
    async def block(person_id: int) -> Json:
        act = await begin(desk, person_id)
        act.set_blocked(True)
        return await act.outcome()

    @router.post("/{person_id}/unblock")
    async def unblock(person_id: int) -> Json:
        act = await begin(desk, person_id)
        act.set_blocked(False)
        return await act.outcome()

    return router
