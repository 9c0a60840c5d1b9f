"""Every kind of button that the bot has, found by looking."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module

from aiogram.filters.callback_data import CallbackData

import bot.keyboards


def all_buttons() -> list[type[CallbackData]]:
    """Every kind of callback data in bot.keyboards that a button can carry."""
    for module in pkgutil.walk_packages(bot.keyboards.__path__, "bot.keyboards."):
        import_module(module.name)
    ours = {kind for kind in heirs(CallbackData) if kind.__module__.startswith("bot.keyboards")}
    return sorted((kind for kind in ours if not is_only_a_base(kind)), key=lambda k: k.__name__)


def heirs(kind: type[CallbackData]) -> Iterator[type[CallbackData]]:
    for heir in kind.__subclasses__():
        yield heir
        yield from heirs(heir)


def is_only_a_base(kind: type[CallbackData]) -> bool:
    """Those that are never sent have a prefix of dashes alone."""
    return not kind.__prefix__.strip("-")
