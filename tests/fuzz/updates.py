"""Updates as Telegram sends them, from people at the desk and from strangers."""

import re
from enum import Enum
from random import Random
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from aiogram.filters.callback_data import CallbackData

from bot.commands import COMMANDS, STAFF_COMMANDS
from core.places.districts import DISTRICTS
from seed.people import PEOPLE, STAFF
from tests.buttons import all_buttons
from tests.factories import iin
from tests.fuzz.house import Fuzzed, Gateway
from tests.fuzz.values import NUMBERS, odd_text

CODE = re.compile(r"\b[0-9]{6}\b")
STRANGERS = (1, 900, 2**40, -5)
TYPED = (
    *("Айнұр", "Сәрсенова", "Мадина", "200", "1", "10", "+7 701 000 01 01", "8 (701) 000-01-02"),
    *("930614403984", "901103403213", "123456", "000000", "20.04.2026 – 15.05.2026", "07.04.2026"),
    *("https://akmola.kz", "Құрметті ата-аналар!", "Back", "Қазақша", "иә", "да", "yes"),
)
OTHER_KINDS = (
    *("edited_message", "channel_post", "edited_channel_post", "business_message", "guest_message"),
    *("inline_query", "chosen_inline_result", "shipping_query", "pre_checkout_query", "poll"),
    *("poll_answer", "chat_member", "chat_join_request", "message_reaction", "chat_boost"),
)
FILES = (
    b"iin;phone;full_name;birth_date\n930614403984;=1+1;<b>;01.01.1990\n",
    *(b"", b"\x00" * 99, b"PK\x03\x04", b"a,b\n" * 2000),
)
COMMANDED = (*COMMANDS, *STAFF_COMMANDS)


class Updates:
    """Makes updates; what it makes depends on `random` and on what the house has shown."""

    def __init__(self, random: Random, fuzzed: Fuzzed) -> None:
        self._random = random
        self._fuzzed = fuzzed
        self._buttons = all_buttons()
        self._number = 0
        self._files = [*fuzzed.known.files, *FILES]

    def make(self) -> dict[str, Any]:
        """The next one."""
        self._number += 1
        person = self._who()
        kind = self._random.random()
        if kind < 0.46:
            content = {"callback_query": self._press(person)}
        elif kind < 0.86:
            content = {"message": self._message(person, {"text": self._text(person)})}
        elif kind < 0.96:
            content = {"message": self._message(person, self._thing(person))}
        elif kind < 0.98:
            content = {"my_chat_member": self._member(person)}
        else:
            content = {self._random.choice(OTHER_KINDS): self._message(person, {"text": "x"})}
        return {"update_id": self._number, **content}

    def _who(self) -> dict[str, Any]:
        random = self._random
        if random.random() < 0.4:
            chosen = random.choice([member for member, _, _ in STAFF])
        elif random.random() < 0.9:
            chosen = random.choice(PEOPLE)
        else:
            return {"id": random.choice(STRANGERS), "is_bot": False, "first_name": odd_text(random)}
        language = random.choice((chosen.language_code, None, "de", "zh-hans"))
        name = chosen.first_name
        return {"id": chosen.id, "is_bot": False, "first_name": name, "language_code": language}

    def _message(self, person: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
        chat: dict[str, Any] = {"id": person["id"], "type": "private", "first_name": "A"}
        if self._random.random() < 0.01:
            chat = {"id": -100, "type": self._random.choice(("group", "supergroup", "channel"))}
        base = {"message_id": self._number, "date": 0, "chat": chat, "from": person}
        return {**base, **content}

    def _text(self, person: dict[str, Any]) -> str:
        random = self._random
        kind = random.random()
        if kind < 0.25:
            command = "/" + random.choice(COMMANDED)
            return command if random.random() < 0.8 else f"{command} {odd_text(random)}"
        if kind < 0.45:
            return random.choice(TYPED)
        if kind < 0.55:
            return self._code(person)
        if kind < 0.65:
            return random.choice(self._fuzzed.known.numbers)
        if kind < 0.7:
            return iin(random.randrange(4000))
        if kind < 0.75:
            return str(random.choice(NUMBERS))
        return odd_text(random)

    def _code(self, person: dict[str, Any]) -> str:
        """The code that this person has been sent."""
        phone = next((one.phone for one in PEOPLE if one.id == person["id"]), "")
        found = CODE.search(Gateway.newest.get(phone, ""))
        return found[0] if found else f"{self._random.randrange(10**6):06}"

    def _press(self, person: dict[str, Any]) -> dict[str, Any]:
        random, shown = self._random, self._fuzzed.telegram.buttons[person["id"]]
        message_id, data = self._number, ""
        if shown and random.random() < 0.65:
            message_id, data = random.choice(shown)
            if random.random() < 0.25:
                data = self._bent(data)
        else:
            data = self._made(random.choice(self._buttons))
        message = self._message(person, {"text": "x"})
        message["message_id"] = message_id
        return {
            "id": str(self._number),
            "from": person,
            "chat_instance": "c",
            "data": data,
            "message": message,
        }

    def _bent(self, data: str) -> str:
        """One part of a button's data is another, too many, or missing."""
        parts = data.split(":")
        at = self._random.randrange(len(parts))
        act = self._random.random()
        if act < 0.8:
            parts[at] = str(self._value(self._random.choice((int, str, bool))))
        elif act < 0.9:
            parts.insert(at, odd_text(self._random))
        else:
            del parts[at]
        return ":".join(parts)

    def _made(self, kind: type[CallbackData]) -> str:
        """A button of that family, whose every field has some value, perhaps not one of its own."""
        values = [self._value(field.annotation) for field in kind.model_fields.values()]
        return kind.__separator__.join([kind.__prefix__, *map(str, values)])

    def _value(self, annotation: Any) -> Any:
        random = self._random
        if random.random() < 0.12:
            return random.choice((random.choice(NUMBERS), odd_text(random), ""))
        if isinstance(annotation, type) and issubclass(annotation, Enum):
            return random.choice([member.value for member in annotation])
        if annotation is bool:
            return random.choice((0, 1))
        if annotation is int:
            return random.choice([*self._fuzzed.known.ids, random.randrange(60)])
        if annotation is str:
            return random.choice([*DISTRICTS, "kk", "s", "x"])
        if get_origin(annotation) is Literal:
            return random.choice(get_args(annotation))
        parts = [part for part in get_args(annotation) if part is not NoneType]
        return self._value(parts[0]) if parts else random.randrange(60)

    def _thing(self, person: dict[str, Any]) -> dict[str, Any]:
        """What is no text."""
        random = self._random
        kind = random.randrange(7)
        if kind < 2:
            phone = random.choice([*(one.phone for one in PEOPLE), odd_text(random)])
            owner = random.choice((person["id"], 5, None))
            return {"contact": {"phone_number": phone, "first_name": "A", "user_id": owner}}
        if kind == 2:
            size = {"file_id": odd_text(random), "file_unique_id": "u", "width": 1, "height": 1}
            return {"photo": [size], "caption": odd_text(random)}
        if kind == 3:
            return {"location": {"latitude": 53.28, "longitude": 69.39}}
        if kind == 4:
            named = {"file_id": "s", "file_unique_id": "u", "width": 1, "height": 1}
            more = {"type": "regular", "is_animated": False, "is_video": False, "emoji": "🙂"}
            return {"sticker": {**named, **more}}
        return {"document": self._document(), "caption": odd_text(random)}

    def _document(self) -> dict[str, Any]:
        """A register with some bytes, or cells, that are wrong."""
        random = self._random
        content = bytearray(random.choice(self._files))
        for _ in range(random.choice((0, 0, 1, 9))):
            if content:
                content[random.randrange(len(content))] = random.randrange(256)
        if content.isascii() and random.random() < 0.5:
            content += f"{iin(random.randrange(99))};{odd_text(random)};x;1\n".encode(
                errors="replace"
            )
        file_id = f"f{random.randrange(20)}"
        self._fuzzed.telegram.files[file_id] = bytes(content)
        name = random.choice(("a.csv", "a.xlsx", "a", odd_text(random)))
        size = random.choice((len(content), 2**40, None))
        return {"file_id": file_id, "file_unique_id": "u", "file_name": name, "file_size": size}

    def _member(self, person: dict[str, Any]) -> dict[str, Any]:
        """The bot is blocked, or is let in again."""
        bot = {"id": 42, "is_bot": True, "first_name": "Orynbot"}
        now = self._random.choice(("member", "kicked", "left"))
        until = {"until_date": 0} if now == "kicked" else {}
        chat = {"id": person["id"], "type": "private"}
        return {
            "chat": chat,
            "from": person,
            "date": 0,
            "old_chat_member": {"user": bot, "status": "member"},
            "new_chat_member": {"user": bot, "status": now, **until},
        }
