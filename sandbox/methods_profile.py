"""Methods about the bot itself, its chats and their files."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import PurePath

from sandbox import telegram_objects
from sandbox.desk import Desk
from sandbox.errors import BadRequest
from sandbox.methods_sending import file_object
from sandbox.parameters import list_of, words
from sandbox.state import Json

DOWNLOADED = 20 * 1024 * 1024
"""Bytes of a file that a bot may get."""
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")


async def get_me(desk: Desk, params: Json) -> object:
    return {
        **desk.bot,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
    }


async def get_chat(desk: Desk, params: Json) -> object:
    chat = desk.chats.for_bot(params.get("chat_id"))
    return {
        **telegram_objects.chat(desk.state.people[chat.id]),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": True,
            "limited_gifts": True,
            "unique_gifts": True,
            "premium_subscription": True,
            "gifts_from_channels": True,
        },
    }


async def get_file(desk: Desk, params: Json) -> object:
    stored = desk.files.find(words(params, "file_id"))
    if stored is None:
        raise BadRequest("invalid file_id")
    if stored.size > DOWNLOADED:
        raise BadRequest("file is too big")
    suffix = PurePath(stored.name).suffix
    return {**file_object(stored), "file_path": f"documents/{stored.id}{suffix}"}


def _key(params: Json) -> str:
    scope = params.get("scope") or {"type": "default"}
    if not isinstance(scope, dict) or "type" not in scope:
        raise BadRequest("can't parse BotCommandScope: Can't find field \"type\"")
    place = ":".join(str(scope[part]) for part in ("type", "chat_id") if part in scope)
    return f"{place}/{words(params, 'language_code')}"


async def set_my_commands(desk: Desk, params: Json) -> object:
    commands: list[Json] = list_of(dict, params, "commands")
    if len(commands) > 100:
        raise BadRequest("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not _COMMAND.fullmatch(str(command.get("command", ""))):
            raise BadRequest("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", ""))) <= 256:
            raise BadRequest("BOT_COMMAND_DESCRIPTION_INVALID")
    desk.state.profile.commands[_key(params)] = commands
    return True


async def get_my_commands(desk: Desk, params: Json) -> object:
    return desk.state.profile.commands.get(_key(params), [])


async def delete_my_commands(desk: Desk, params: Json) -> object:
    desk.state.profile.commands.pop(_key(params), None)
    return True


def _setter(attribute: str, name: str, limit: int) -> Callable[[Desk, Json], Awaitable[object]]:
    async def set_it(desk: Desk, params: Json) -> object:
        text = words(params, name)
        if len(text) > limit:
            raise BadRequest(f"{name.replace('_', ' ')} is too long")
        getattr(desk.state.profile, attribute)[words(params, "language_code")] = text
        return True

    return set_it


def _getter(attribute: str, name: str) -> Callable[[Desk, Json], Awaitable[object]]:
    async def get_it(desk: Desk, params: Json) -> object:
        texts = getattr(desk.state.profile, attribute)
        return {name: texts.get(words(params, "language_code"), texts.get("", ""))}

    return get_it


async def set_chat_menu_button(desk: Desk, params: Json) -> object:
    button = params.get("menu_button") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in {
        "commands",
        "web_app",
        "default",
    }:
        raise BadRequest("can't parse menu button: Unsupported menu button type")
    if params.get("chat_id"):
        desk.chats.for_bot(params["chat_id"]).menu_button = button
    else:
        desk.state.profile.menu_button = button
    return True


METHODS = {
    "getMe": get_me,
    "getChat": get_chat,
    "getFile": get_file,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyName": _setter("names", "name", 64),
    "getMyName": _getter("names", "name"),
    "setMyDescription": _setter("descriptions", "description", 512),
    "getMyDescription": _getter("descriptions", "description"),
    "setMyShortDescription": _setter("short_descriptions", "short_description", 120),
    "getMyShortDescription": _getter("short_descriptions", "short_description"),
    "setChatMenuButton": set_chat_menu_button,
}
