"""All buttons, found by looking: they fit Telegram's 64 bytes and cannot be taken for others."""

import importlib
import pkgutil
from collections.abc import Iterator
from enum import Enum
from types import NoneType
from typing import Any, Literal, get_args, get_origin

import pytest
from aiogram.filters.callback_data import CallbackData

from bot import keyboards
from bot.keyboards.base import ApplicationButton
from bot.keyboards.menu import GuideButton
from bot.keyboards.start import DistrictButton, LanguageButton
from bot.screens.topics import TOPICS
from core.places.districts import DISTRICTS

LARGEST = 2**31 - 1
"""What an id of ours can be: PostgreSQL's integer."""

for module in pkgutil.iter_modules(keyboards.__path__):
    importlib.import_module(f"bot.keyboards.{module.name}")


def _all(base: type[CallbackData] = CallbackData) -> Iterator[type[CallbackData]]:
    for kind in base.__subclasses__():
        if kind.__module__.startswith("bot.keyboards"):
            yield kind
        yield from _all(kind)


# A prefix of dashes alone names a base that is never sent.
BUTTONS = [kind for kind in dict.fromkeys(_all()) if kind.__prefix__.strip("-")]


def _largest(annotation: Any) -> Any:
    """The longest value of a field that we ever pack."""
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return max(annotation, key=lambda member: len(str(member.value)))
    if annotation is int:
        return LARGEST
    if annotation is bool:
        return True
    if annotation is str:
        return max([*DISTRICTS, *TOPICS], key=len)
    if get_origin(annotation) is Literal:
        return max(get_args(annotation), key=lambda value: len(str(value)))
    parts = [part for part in get_args(annotation) if part is not NoneType]
    return max((_largest(part) for part in parts), key=lambda v: len(str(v)))


@pytest.mark.parametrize("kind", BUTTONS, ids=lambda kind: kind.__name__)
def test_a_button_fits_and_comes_back_as_it_was(kind: type[CallbackData]) -> None:
    values = {name: _largest(field.annotation) for name, field in kind.model_fields.items()}
    made = kind(**values)
    assert len(made.pack().encode()) <= 64
    assert kind.unpack(made.pack()) == made


def test_no_two_buttons_begin_alike() -> None:
    prefixes = [kind.__prefix__ for kind in BUTTONS]
    assert len(prefixes) == len(set(prefixes))


@pytest.mark.parametrize("kind", BUTTONS, ids=lambda kind: kind.__name__)
def test_whoever_names_an_application_is_asked_whose_it_is(kind: type[CallbackData]) -> None:
    if "application" in kind.model_fields:
        assert issubclass(kind, ApplicationButton)


def test_every_district_language_and_topic_fits() -> None:
    for district in DISTRICTS:
        DistrictButton(district=district).pack()
    for topic in TOPICS:
        GuideButton(topic=topic).pack()
    assert LanguageButton(language="kk").pack() == "lg:kk"
