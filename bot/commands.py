"""The bot's commands and what Telegram tells about it, per language."""

from aiogram import Bot
from aiogram.types import BotCommand

from core.staff.rules import Member, Right
from locales.texts import LANGUAGES, Texts, mark, texts

COMMANDS = {
    "start": mark("Begin"),
    "menu": mark("Menu"),
    "help": mark("Instructions and support"),
    "language": mark("Change language"),
    "district": mark("Change district"),
    "mydata": mark("My data"),
    "cancel": mark("Stop the current step"),
    "logout": mark("Log out"),
}
STAFF_COMMANDS = {
    "desk": (Right.DESK, mark("Staff desk")),
    "find": (Right.FAMILIES, mark("Find an application")),
    "calls": (Right.CALLS, mark("Call list")),
    "vouchers": (Right.VOUCHERS, mark("Vouchers: distribute, issue, withdraw")),
    "leaves": (Right.LEAVES, mark("Sanatorium leaves")),
    "broadcast": (Right.BROADCAST, mark("Broadcasts")),
    "stats": (Right.FIGURES, mark("Figures")),
    "import": (Right.IMPORT, mark("Import a file")),
    "export": (Right.EXPORT, mark("Export the journal")),
}
"""Shown only in chats of staff, each to those who have the right."""
DESCRIPTION = mark(
    "From the kindergarten queue to a place in Akmola region: a notice when the voucher comes, "
    "confirming in time, choosing a kindergarten, referral and contract. Press “Start”."
)
SHORT_DESCRIPTION = mark("Kindergarten queue and vouchers of Akmola region.")


def commands(t: Texts, member: Member | None = None) -> list[BotCommand]:
    """The commands in one language, with those of the desk for a member of staff."""
    shown = dict(COMMANDS)
    for name, (right, description) in STAFF_COMMANDS.items():
        if member is not None and member.may(right):
            shown[name] = description
    return [
        BotCommand(command=name, description=t.plain(description))
        for name, description in shown.items()
    ]


async def publish(bot: Bot) -> None:
    """Tell Telegram: Kazakh is what everybody sees whose language is none of ours."""
    for code in (None, *LANGUAGES):
        t = texts(code or LANGUAGES[0])
        await bot.set_my_commands(commands(t), language_code=code)
        await bot.set_my_description(t.plain(DESCRIPTION), language_code=code)
        await bot.set_my_short_description(t.plain(SHORT_DESCRIPTION), language_code=code)
