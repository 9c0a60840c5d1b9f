"""Listening to Telegram: begun at the start, begun again whenever it fails, never given up."""

import asyncio
import signal

import structlog
from aiogram import Bot, Dispatcher
from aiogram.exceptions import TelegramAPIError, TelegramRetryAfter, TelegramUnauthorizedError

from bot.commands import publish
from bot.nursery import Nursery
from bot.settings import Settings

log = structlog.get_logger(__name__)

PATIENCE = 5.0
"""Seconds that a start waits for Telegram; sweeps, codes and the portal's events do not."""
MOST_WAITING = 1_000
"""Updates that long polling takes on at once, most of which wait: what an outage has left is asked
for as it is worked off, or it would not fit into the memory."""
PAUSES = (1.0, 2.0, 5.0, 15.0, 60.0)
"""Seconds between two tries; the last one for ever."""


async def start_listening(
    bot: Bot, dispatcher: Dispatcher, settings: Settings, nursery: Nursery
) -> None:
    """Get updates for as long as the nursery is open, from now on or as soon as Telegram can be
    reached. Raises TelegramUnauthorizedError: with a wrong token nothing can begin."""
    introduced = False
    try:
        async with asyncio.timeout(PATIENCE):
            await introduce(bot, dispatcher, settings)
        introduced = True
    except TelegramUnauthorizedError:
        log.critical("Telegram does not know this BOT_TOKEN")
        raise
    except (TelegramAPIError, TimeoutError) as error:
        log.warning("Telegram cannot be reached", error=type(error).__name__)
    nursery.start(
        listen(bot, dispatcher, settings, introduced=introduced), name="service:listening"
    )


async def listen(
    bot: Bot, dispatcher: Dispatcher, settings: Settings, *, introduced: bool = False
) -> None:
    """Say where updates go, then poll for ever where no webhook brings them. A process whose token
    has become wrong ends: it must not live on without hearing anything."""
    failures = 0
    while True:
        pause = PAUSES[min(failures, len(PAUSES) - 1)]
        try:
            if not introduced:
                await introduce(bot, dispatcher, settings)
                introduced, failures = True, 0
            if settings.webhook_url:
                return
            await dispatcher.start_polling(
                bot,
                handle_signals=False,
                close_bot_session=False,
                tasks_concurrency_limit=MOST_WAITING,
            )
        except TelegramUnauthorizedError:
            log.critical("Telegram does not know this BOT_TOKEN")
            signal.raise_signal(signal.SIGTERM)  # as from outside: the server ends in its order
            return
        except TelegramRetryAfter as error:
            pause = max(pause, error.retry_after)
        except TelegramAPIError as error:
            log.warning("Telegram cannot be reached", error=type(error).__name__)
        except Exception:
            log.exception("not listening; begun again")
        failures += 1
        await asyncio.sleep(pause)


async def introduce(bot: Bot, dispatcher: Dispatcher, settings: Settings) -> None:
    """Tell Telegram the commands, and where updates go."""
    await publish(bot)
    if settings.webhook_url:
        await bot.set_webhook(
            settings.webhook_address,
            secret_token=settings.webhook_secret.get_secret_value(),
            allowed_updates=dispatcher.resolve_used_update_types(),
        )
    else:
        await bot.delete_webhook()  # one that is set still would keep the updates away
