"""The acts on an application: pressed at once, or asked about once more (D7)."""

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.handlers.answers import refused, stale
from bot.handlers.signing import press
from bot.keyboards.voucher import ActButton, AskButton
from bot.screens import voucher
from bot.tap import Tap
from core.applications.rules import Refused
from core.applications.values import ApplicationCard


def build() -> Router:
    router = Router(name="voucher")
    router.callback_query.register(ask, AskButton.filter())
    router.callback_query.register(act, ActButton.filter())
    return router


async def ask(
    query: CallbackQuery, callback_data: AskButton, tap: Tap, card: ApplicationCard
) -> None:
    """Says what is lost, and asks once more (D7)."""
    if callback_data.version != card.version or callback_data.act not in card.actions:
        await stale(tap, card)
    else:
        await tap.show(voucher.ask(card, callback_data.act, tap.t))


async def act(
    query: CallbackQuery, callback_data: ActButton, tap: Tap, card: ApplicationCard
) -> None:
    """The press itself. Whether it came in time, and for this state, core decides (D8)."""
    try:
        await press(tap, card, callback_data.act, callback_data.version)
    except Refused as error:
        await refused(tap, card.id, error.refusal)
