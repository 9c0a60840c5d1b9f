"""/broadcast: the list, a draft with its texts and extras, preview, and sending it."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.handlers.staff import confirm
from bot.handlers.staff.broadcast_open import (
    Stands,
    clear,
    draft_of,
    leave_progress,
    open_broadcast,
    open_draft,
)
from bot.keyboards.staff import broadcasts as buttons
from bot.keyboards.staff.broadcasts import Under
from bot.middlewares.staff import Awaited, AwaitedMedia, StaffCommand
from bot.screens import broadcasts as of_parents
from bot.screens.staff import broadcast_parts as parts
from bot.screens.staff import broadcasts as screens
from bot.tap import Tap
from core.broadcasts.rules import (
    LANGUAGES,
    LINK_LIMIT,
    Content,
    Kind,
    check_link,
    check_text,
    length,
    problems,
)
from core.broadcasts.service import Changed, NotReady
from core.broadcasts.values import Broadcast, NotNow
from core.clock import at_hour, local
from core.notices.plan import QUIET_FROM, QUIET_UNTIL
from core.staff.rules import Member, Right
from locales.texts import texts

TEXT, LINK, FILE = "staff_bc_text", "staff_bc_link", "staff_bc_file"
SEND = "broadcast"


def build() -> Router:
    router = Router(name="staff_broadcasts")
    flags = {"right": Right.BROADCAST}
    for observer in (router.message, router.callback_query):
        observer.middleware(Stands())
    router.message.register(listed_by_command, StaffCommand("broadcast"), flags=flags)
    router.message.register(typed_text, Awaited(TEXT), flags=flags)
    router.message.register(typed_link, Awaited(LINK), flags=flags)
    router.message.register(sent_file, AwaitedMedia(FILE), flags=flags)
    router.callback_query.register(listed, buttons.BroadcastsButton.filter())
    router.callback_query.register(older, buttons.OlderBroadcastsButton.filter())
    router.callback_query.register(new, buttons.NewBroadcastButton.filter())
    router.callback_query.register(opened, buttons.BroadcastButton.filter())
    router.callback_query.register(ask_text, buttons.TextButton.filter())
    router.callback_query.register(ask_file, buttons.FileButton.filter())
    router.callback_query.register(under, buttons.UnderButton.filter())
    router.callback_query.register(kind, buttons.KindButton.filter())
    router.callback_query.register(when, buttons.WhenButton.filter())
    router.callback_query.register(preview, buttons.PreviewButton.filter())
    router.callback_query.register(send, buttons.SendButton.filter())
    router.callback_query.register(discard, buttons.DiscardButton.filter())
    return router


async def listed_by_command(_: Message, tap: Tap, member: Member) -> None:
    await show_list(tap, member)


async def listed(_: CallbackQuery, tap: Tap, member: Member) -> None:
    await show_list(tap, member)


async def older(
    _: CallbackQuery, callback_data: buttons.OlderBroadcastsButton, tap: Tap, member: Member
) -> None:
    await show_list(tap, member, callback_data.page)


async def show_list(tap: Tap, member: Member, page: int = 0) -> None:
    """The newest broadcasts, or a page of the older ones."""
    await clear(tap)
    await leave_progress(tap)
    found, more = await tap.core.broadcasts.listed(member, page)
    await tap.show(screens.listed(found, tap.t, page, more=more))


async def new(_: CallbackQuery, tap: Tap, member: Member) -> None:
    await open_draft(tap, member, await tap.core.broadcasts.draft(member, tap.moment))


async def opened(
    _: CallbackQuery, callback_data: buttons.BroadcastButton, tap: Tap, member: Member
) -> None:
    await open_broadcast(tap, member, callback_data.broadcast)


async def ask_text(
    _: CallbackQuery, callback_data: buttons.TextButton, tap: Tap, member: Member
) -> None:
    broadcast = await draft_of(tap, member, callback_data.broadcast)
    if callback_data.language not in LANGUAGES:
        raise NotNow
    await _expect(tap, TEXT, broadcast, language=callback_data.language)
    await tap.show(parts.ask_text(broadcast, callback_data.language, tap.t))


async def typed_text(message: Message, tap: Tap, member: Member) -> None:
    """Kept as HTML that aiogram makes of Telegram's entities."""
    broadcast = await draft_of(tap, member, tap.visitor.details["broadcast"])
    text, limit = message.html_text, broadcast.content.limit
    if problem := check_text(text, limit):
        await tap.send(parts.text_refused(problem, limit, length(text), broadcast.id, tap.t))
        return
    written = {**broadcast.content.texts, tap.visitor.details["language"]: text}
    await _change(tap, member, broadcast, replace(broadcast.content, texts=written))


async def ask_file(
    _: CallbackQuery, callback_data: buttons.FileButton, tap: Tap, member: Member
) -> None:
    broadcast = await draft_of(tap, member, callback_data.broadcast)
    if callback_data.remove:
        bare = replace(broadcast.content, photo=None, document=None)
        await _change(tap, member, broadcast, bare)
        return
    await _expect(tap, FILE, broadcast)
    await tap.show(parts.ask_file(broadcast, tap.t))


async def sent_file(message: Message, tap: Tap, member: Member) -> None:
    """Telegram keeps it: it is sent on by its id."""
    broadcast = await draft_of(tap, member, tap.visitor.details["broadcast"])
    photo = message.photo[-1].file_id if message.photo else None
    document = message.document.file_id if message.document else None
    content = replace(broadcast.content, photo=photo, document=None if photo else document)
    await _change(tap, member, broadcast, content)


async def under(
    _: CallbackQuery, callback_data: buttons.UnderButton, tap: Tap, member: Member
) -> None:
    broadcast = await draft_of(tap, member, callback_data.broadcast)
    match callback_data.under:
        case None:
            await tap.show(parts.ask_under(broadcast, tap.t))
        case Under.LINK:
            await _expect(tap, LINK, broadcast)
            await tap.show(parts.ask_link(broadcast.id, tap.t))
        case choice:
            content = replace(
                broadcast.content, link=None, applications=choice is Under.APPLICATIONS
            )
            await _change(tap, member, broadcast, content)


async def typed_link(message: Message, tap: Tap, member: Member) -> None:
    broadcast = await draft_of(tap, member, tap.visitor.details["broadcast"])
    link = (message.text or "").strip()
    if problem := check_link(link):
        await tap.send(parts.text_refused(problem, LINK_LIMIT, length(link), broadcast.id, tap.t))
        return
    content = replace(broadcast.content, link=link, applications=False)
    await _change(tap, member, broadcast, content)


async def kind(
    _: CallbackQuery, callback_data: buttons.KindButton, tap: Tap, member: Member
) -> None:
    wanted = Kind.STATUTORY if callback_data.statutory else Kind.INFORMATIONAL
    broadcast = await tap.core.broadcasts.change(member, callback_data.broadcast, kind=wanted)
    await open_draft(tap, member, broadcast)


async def when(
    _: CallbackQuery, callback_data: buttons.WhenButton, tap: Tap, member: Member
) -> None:
    """The day, then the hour."""
    broadcast = await draft_of(tap, member, callback_data.broadcast)
    day, hour = callback_data.day, callback_data.hour
    if callback_data.now:
        changed = await tap.core.broadcasts.change(member, broadcast.id, at_once=True)
        await open_draft(tap, member, changed)
        return
    try:
        on = None if day is None else datetime.strptime(str(day), "%Y%m%d").date()  # noqa: DTZ007
    except ValueError:
        on = None
    if on is None or on < local(tap.moment).date():
        await tap.show(parts.ask_day(broadcast.id, tap.moment, tap.t))
    elif hour is None or not QUIET_UNTIL <= hour < QUIET_FROM or at_hour(on, hour) <= tap.moment:
        await tap.show(parts.ask_hour(broadcast.id, on, tap.moment, tap.t))
    else:
        at = at_hour(on, hour)
        changed = await tap.core.broadcasts.change(member, broadcast.id, starts_at=at)
        await open_draft(tap, member, changed)


async def preview(
    _: CallbackQuery, callback_data: buttons.PreviewButton, tap: Tap, member: Member
) -> None:
    """The very messages that will go out, then the draft again. A test comes in one's own
    language."""
    broadcast = await draft_of(tap, member, callback_data.broadcast)
    content = broadcast.content
    if not content.texts:
        await tap.alert(screens.no_text(tap.t))
        return
    if content.too_long():
        counted = await tap.core.broadcasts.count(member, broadcast.id)
        why = problems(content, content.texts.keys())
        await tap.alert(screens.not_ready(why, counted, content, tap.t))
        return
    mine = callback_data.mine
    for language in [tap.t.language] if mine else [x for x in LANGUAGES if x in content.texts]:
        await tap.send(of_parents.message(content, broadcast.kind, texts(language)))
    counted = await tap.core.broadcasts.count(member, broadcast.id)
    await tap.send(screens.previewed(broadcast.id, mine, counted, tap.t))


async def send(
    _: CallbackQuery, callback_data: buttons.SendButton, tap: Tap, member: Member
) -> None:
    """Whom it goes to is counted, and the number is to be typed."""
    await clear(tap)
    broadcast = await draft_of(tap, member, callback_data.broadcast)
    counted = await tap.core.broadcasts.count(member, broadcast.id)
    if why := problems(broadcast.content, counted.readers.keys()):
        await tap.alert(screens.not_ready(why, counted, broadcast.content, tap.t))
        return
    await confirm.ask(
        tap,
        SEND,
        counted.recipients,
        screens.confirm(broadcast, counted, tap.moment, tap.t),
        buttons.to_broadcast(broadcast.id, tap.t),
        broadcast=broadcast.id,
        version=broadcast.version,
    )


async def confirmed(tap: Tap, member: Member, details: dict[str, Any]) -> None:
    """The number has been typed."""
    this: int = details["broadcast"]
    try:
        await tap.core.broadcasts.start(member, this, details["version"], tap.moment)
    except NotReady as error:
        broadcast = await tap.core.broadcasts.one(member, this)
        counted = await tap.core.broadcasts.count(member, this)
        await tap.alert(screens.not_ready(error.why, counted, broadcast.content, tap.t))
    except Changed:
        await tap.alert(screens.changed(tap.t))
    except NotNow:
        await tap.alert(screens.begun(tap.t))
    await open_broadcast(tap, member, this)


async def discard(
    _: CallbackQuery, callback_data: buttons.DiscardButton, tap: Tap, member: Member
) -> None:
    broadcast = await draft_of(tap, member, callback_data.broadcast)
    if not callback_data.sure:
        await tap.show(screens.discard(broadcast.id, tap.t))
        return
    await tap.core.broadcasts.discard(member, broadcast.id, tap.moment)
    await show_list(tap, member)


async def _expect(tap: Tap, state: str, broadcast: Broadcast, **more: str) -> None:
    details = {"broadcast": broadcast.id, **more}
    await tap.core.visitors.expect(tap.chat_id, state, details, tap.moment)


async def _change(tap: Tap, member: Member, broadcast: Broadcast, content: Content) -> None:
    changed = await tap.core.broadcasts.change(member, broadcast.id, content=content)
    await open_draft(tap, member, changed)
