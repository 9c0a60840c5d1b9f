"""What is held about a person; withdrawing the consent; logging out."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.commands import commands
from bot.handlers.login import enter_again
from bot.handlers.start import show_home
from bot.keyboards.menu import LogOutButton, MyDataButton
from bot.keyboards.mydata import DataFileButton, LeaveButton, WithdrawButton
from bot.screens import mydata as screens
from bot.tap import Tap
from core.login.values import Person
from core.signing import signatures


def build() -> Router:
    router = Router(name="mydata")
    router.message.register(held_by_command, Command("mydata", ignore_case=True))
    router.message.register(log_out_by_command, Command("logout", ignore_case=True))
    router.callback_query.register(held, MyDataButton.filter())
    router.callback_query.register(file, DataFileButton.filter())
    router.callback_query.register(withdraw, WithdrawButton.filter())
    router.callback_query.register(log_out, LogOutButton.filter())
    router.callback_query.register(leave, LeaveButton.filter())
    return router


async def held_by_command(_: Message, tap: Tap) -> None:
    if tap.visitor.session:
        await show_held(tap)
    else:
        await enter_again(tap, MyDataButton().pack())


async def held(_: CallbackQuery, tap: Tap) -> None:
    await show_held(tap)


async def file(_: CallbackQuery, tap: Tap) -> None:
    """Everything as a file: applications with their history and signatures included."""
    person = _person(tap)
    data = await tap.core.login.my_data(person.id)
    cards = await tap.core.applications.journal(person, tap.moment)
    signed = await signatures.of_person(tap.core.db, person.id)
    held = [
        screens.Held(
            card,
            await tap.core.applications.history(card.id),
            [one for one in signed if one.application_id == card.id],
        )
        for card in cards
    ]
    content = screens.file(data, held, tap.t)
    await tap.gate.document(tap.chat_id, screens.FILE, content, screens.file_caption(tap.t))


async def withdraw(_: CallbackQuery, callback_data: WithdrawButton, tap: Tap) -> None:
    if not callback_data.sure:
        await tap.show(screens.withdraw(tap.t))
        return
    await tap.core.login.withdraw_consent(tap.chat_id, tap.moment)
    await tap.show(screens.withdrawn(tap.t))


async def log_out_by_command(_: Message, tap: Tap) -> None:
    await _ask_to_log_out(tap)


async def log_out(_: CallbackQuery, tap: Tap) -> None:
    await _ask_to_log_out(tap)


async def leave(_: CallbackQuery, tap: Tap) -> None:
    await tap.core.login.log_out(tap.chat_id, tap.moment)
    await tap.show(screens.logged_out(tap.t))
    if tap.visitor.member is not None:
        await tap.gate.commands(tap.chat_id, commands(tap.t))


async def _ask_to_log_out(tap: Tap) -> None:
    """Possible without a session too: the link is what notices go by."""
    if tap.visitor.person is None:
        await show_home(tap)
    else:
        await tap.show(screens.log_out(tap.t))


async def show_held(tap: Tap) -> None:
    """What is held, masked."""
    data = await tap.core.login.my_data(_person(tap).id)
    await tap.show(screens.held(data, tap.t))


def _person(tap: Tap) -> Person:
    assert tap.visitor.person is not None  # a session was asked for
    return tap.visitor.person
