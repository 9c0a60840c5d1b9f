"""The one place where the parts are put together; everything else receives them."""

import math
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime

import aiohttp
from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode

from bot.chores import chores
from bot.dispatcher import build_dispatcher
from bot.facts import Facts
from bot.hammering import Hammering
from bot.long_work import Alone, LongWork, nobody_else
from bot.maintenance import prepare_database, watch_of
from bot.middlewares.errors import PAUSES
from bot.middlewares.slowing import ROOM, Slowing
from bot.nursery import Nursery
from bot.outgoing.broadcasts import Broadcasting
from bot.outgoing.codes import OtherGateway
from bot.outgoing.counted import Counted
from bot.outgoing.gate import Gate
from bot.outgoing.json_session import JsonSession
from bot.outgoing.pace import MARGIN, Pacer
from bot.outgoing.portal import PortalPost
from bot.outgoing.post import Post
from bot.outgoing.shared_pace import SharedPacer
from bot.screens.sms import code_text
from bot.settings import Settings
from bot.worker import Worker
from core.applications.service import Applications
from core.audit.log import Audit
from core.broadcasts.runs import BroadcastRuns
from core.broadcasts.service import Broadcasts
from core.broadcasts.unreached import UnreachedLists
from core.calendar.service import CalendarBook
from core.citizens.http import HttpCitizens
from core.citizens.port import CitizensBase
from core.citizens.table import TableCitizens
from core.clock import Clock
from core.codes.service import Codes
from core.db.engine import Database
from core.db.wire import Wire, connected
from core.families.service import Families
from core.figures.service import Figures
from core.login.service import Login
from core.login.visitors import Visitors
from core.notices.calls import Calls
from core.notices.lives import Lives
from core.notices.noticed import sms_reported
from core.notices.outbox import Notices
from core.order.lines import Lines
from core.outages.service import Outages
from core.pace.ledger import PAUSE, Ledger
from core.places.leave_book import Leaves
from core.places.service import Places
from core.portal.events import PortalEvents
from core.portal.outbox import PortalOutbox
from core.queue.renewal import Renewal
from core.registry.exports import Exports
from core.registry.imports import Imports
from core.services import Core
from core.signing import requests
from core.signing.service import Signing
from core.sms.inbox import Receipts
from core.sms.mobizon import MobizonGateway
from core.sms.service import SmsSender
from core.sms.smsc import SmscGateway
from core.staff.service import Staff
from core.sweep import Sweep
from core.vouchers.distribution import Distribution
from core.vouchers.service import Vouchers
from core.watch.service import Watch
from documents.acts import act_text


@dataclass(frozen=True)
class House:
    """All the parts of a running bot."""

    settings: Settings
    core: Core
    bot: Bot
    gate: Gate
    dispatcher: Dispatcher
    worker: Worker
    nursery: Nursery
    watch: Watch
    wire: Wire | None = None
    """To the other processes; None on SQLite, where there are none."""
    lines: Lines | None = None
    """In which updates stand that come to several processes; None with the wire."""
    held_up: dict[int, datetime] = field(default_factory=dict)
    """Update -> when it came first, for those that found the database down (D8)."""

    async def stop(self) -> None:
        """Begin nothing new: what is in hand goes on, notices that wait for their turn go back."""
        self.worker.stop()
        self.gate.let_go()
        with suppress(RuntimeError):  # it does not poll
            await self.dispatcher.stop_polling()
        await self.nursery.end("service:listening")


@asynccontextmanager
async def build(settings: Settings, clock: Clock) -> AsyncIterator[House]:
    """Put the house together; closing it ends all that it started."""
    async with AsyncExitStack() as stack:
        settings.prepare_folder()
        db = Database(settings.database_url, portal_told=bool(settings.portal_url))
        stack.push_async_callback(db.close)
        await prepare_database(db, clock)
        wire = None if db.is_sqlite else await stack.enter_async_context(connected(db))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        gateways = [  # each with connections of its own: one that hangs takes no other's
            _gateway(settings, name, await stack.enter_async_context(aiohttp.ClientSession()))
            for name in settings.sms_gateways
        ]
        nursery = await stack.enter_async_context(Nursery())
        sender = SmsSender(db, gateways, clock, settings.sms_prices)
        core = _core(settings, db, clock, http, sender, Receipts(db, gateways))
        bot = _bot(settings)
        stack.push_async_callback(bot.session.close)
        lines = None if wire is None else Lines(wire)
        gate = Gate(bot, _pacer(settings, wire, nursery))
        facts = Facts(
            support_phone=settings.support_phone,
            support_hours=settings.support_hours,
            consent_version=settings.consent_version,
        )
        dispatcher = build_dispatcher(
            core,
            gate,
            facts,
            nursery,
            pauses=PAUSES[:2] if settings.webhook_url else PAUSES,
            lines=lines,
            slowing=_slowing(settings, gate),
        )
        if wire is not None and lines is not None:
            nursery.start(wire.run(), name="service:wire")
            nursery.start(lines.run(), name="service:order")
        post = Post(
            core,
            gate,
            sender,
            nursery,
            bot_name=settings.bot_name,
            per_second=settings.telegram_per_second,
        )
        alone: Alone = nobody_else if wire is None else wire.alone
        other, long = OtherGateway(core, gate), LongWork(core, gate, alone)
        broadcasting, portal = Broadcasting(core, gate), _portal(settings, db, http, clock)
        doing = chores(core, post, other, long, broadcasting, nursery, alone, portal)
        worker = Worker(doing, nursery, core)
        watch = watch_of(settings, db)
        yield House(settings, core, bot, gate, dispatcher, worker, nursery, watch, wire, lines)


def _pacer(settings: Settings, wire: Wire | None, nursery: Nursery) -> Pacer:
    """Of this process alone, or of all that are on the wire."""
    per_second, per_chat = settings.telegram_per_second, settings.telegram_per_chat
    if wire is None:
        return Pacer(per_second, per_chat)
    ledger = Ledger(wire, per_second * MARGIN, per_chat * MARGIN)
    pacer = SharedPacer(ledger, per_second, per_chat)
    wire.on(PAUSE, lambda seconds: pacer.hold(float(seconds)))
    nursery.start(pacer.run(), name="service:pace")
    return pacer


def _slowing(settings: Settings, gate: Gate) -> Slowing:
    """Nobody's updates are handled faster than their chat can be answered."""
    hammering = Hammering(settings.telegram_per_chat, time.monotonic)
    return Slowing(hammering, gate, ROOM if settings.webhook_url else math.inf)


def _bot(settings: Settings) -> Bot:
    api = TelegramAPIServer.from_base(settings.bot_api_url)
    session = JsonSession(api=api)
    session.middleware(Counted())
    return Bot(
        settings.bot_token.get_secret_value(),
        session=session,
        default=DefaultBotProperties(parse_mode=ParseMode.HTML),
    )


def _core(
    settings: Settings,
    db: Database,
    clock: Clock,
    http: aiohttp.ClientSession,
    sender: SmsSender,
    receipts: Receipts,
) -> Core:
    calendar = CalendarBook(db)
    secret = settings.secret_key.get_secret_value().encode()
    also = settings.secret_key_also.get_secret_value().encode()
    codes = Codes(db, sender, secret, code_text, clock, also=also)
    signing = Signing(db, codes, calendar, act_text)
    codes.still_wanted, codes.on_delivered = requests.still_wanted, requests.delivered
    codes.on_given_up = requests.given_up
    receipts.on_report = sms_reported
    return Core(
        db=db,
        clock=clock,
        calendar=calendar,
        visitors=Visitors(db),
        codes=codes,
        login=Login(db, codes, _citizens(settings, db, http), session_days=settings.session_days),
        applications=Applications(db, calendar),
        places=Places(db),
        signing=signing,
        notices=Notices(db),
        calls=Calls(db),
        lives=Lives(db),
        receipts=receipts,
        sweep=Sweep(db, calendar),
        outages=Outages(db, calendar),
        staff=Staff(db),
        audit=Audit(db),
        imports=Imports(db),
        exports=Exports(db),
        portal_events=PortalEvents(db, calendar),
        families=Families(db, calendar),
        vouchers=Vouchers(db, calendar),
        distribution=Distribution(db, calendar),
        leaves=Leaves(db),
        renewal=Renewal(db),
        figures=Figures(db),
        broadcasts=Broadcasts(db),
        broadcast_runs=BroadcastRuns(db),
        unreached=UnreachedLists(db),
    )


def _gateway(
    settings: Settings, name: str, http: aiohttp.ClientSession
) -> SmscGateway | MobizonGateway:
    if name == "mobizon":
        return MobizonGateway(
            url=settings.mobizon_url,
            key=settings.mobizon_key.get_secret_value(),
            sender=settings.mobizon_sender,
            session=http,
        )
    return SmscGateway(
        url=settings.smsc_url,
        login=settings.smsc_login,
        password=settings.smsc_password.get_secret_value(),
        sender=settings.smsc_sender,
        session=http,
    )


def _portal(
    settings: Settings, db: Database, http: aiohttp.ClientSession, clock: Clock
) -> PortalPost | None:
    """None where no portal is told."""
    if not settings.portal_url:
        return None
    secret = settings.portal_secret.get_secret_value()
    return PortalPost(PortalOutbox(db), http, clock, url=settings.portal_url, secret=secret)


def _citizens(settings: Settings, db: Database, http: aiohttp.ClientSession) -> CitizensBase:
    if settings.mab_url:
        return HttpCitizens(settings.mab_url, settings.mab_secret.get_secret_value(), http)
    return TableCitizens(db)
