"""Finding the button that a person means."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import HTTPException

from sandbox.state import Chat, Json, Message

Found = tuple[Message | None, Json]


def find_button(chat: Chat, wish: str, message: Message | None) -> Found:
    """The button and its message; no message: it is one of the reply keyboard.

    Exact labels come first, newest message first, then callback data, then a part of a label
    if only one button of that message has it. On a given message any other wish is sent as
    callback data. Raises 404 when there is none, 400 when several could be meant.
    """
    if message is not None:
        button = _among(_buttons(message.buttons), wish)
        return message, button or {"text": "", "callback_data": wish}
    newest = [m for m in reversed(chat.messages.values()) if m.buttons and m.from_bot]
    keyboard = list(_buttons(chat.keyboard.rows)) if chat.keyboard else []
    for key in ("text", "callback_data"):
        for candidate in newest:
            for button in _buttons(candidate.buttons):
                if button.get(key) == wish:
                    return candidate, button
        for button in keyboard:
            if button.get(key) == wish:
                return None, button
    for candidate in newest:
        if button := _containing(_buttons(candidate.buttons), wish):
            return candidate, button
    if button := _containing(iter(keyboard), wish):
        return None, button
    labels = [button["text"] for m in newest[:1] for button in _buttons(m.buttons)]
    labels += [button["text"] for button in keyboard]
    raise HTTPException(404, f"no button is called {wish!r}; the nearest are {labels}")


def _buttons(rows: list[list[Json]]) -> Iterator[Json]:
    return (button for row in rows for button in row)


def _among(buttons: Iterator[Json], wish: str) -> Json | None:
    listed = list(buttons)
    for key in ("text", "callback_data"):
        for button in listed:
            if button.get(key) == wish:
                return button
    return _containing(iter(listed), wish)


def _containing(buttons: Iterator[Json], wish: str) -> Json | None:
    part = wish.casefold()
    fits = [button for button in buttons if part and part in button["text"].casefold()]
    if len(fits) > 1:
        labels = [button["text"] for button in fits]
        raise HTTPException(400, f"{wish!r} could be any of {labels}")
    return fits[0] if fits else None
