"""`oryn demo`: the bot and the desk in one server, a travelling clock, and demo data."""

import json
import secrets
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import uvicorn
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request
from pydantic import AwareDatetime, BaseModel

from bot.assembly import House
from bot.beating import start_beating
from bot.listening import listen
from bot.logs import configure
from bot.portal.document import document
from bot.running import running
from bot.settings import Settings
from core.clock import ALMATY, Clock, TravelClock, local
from sandbox.app import build as build_desk
from sandbox.people import Person
from sandbox.settings import DeskSettings
from seed.people import PEOPLE, START
from seed.plant import plant
from webhook import router as webhook_routes

desk_routes = APIRouter(prefix="/desk")


class Move(BaseModel):
    """Where to move the clock."""

    to: AwareDatetime


class Whose(BaseModel):
    """A person, by IIN: in a body, never in an address."""

    iin: str


def desk_only(request: Request) -> House:
    """The routes that move time are the desk's alone: under a secret made for this run."""
    given = request.headers.get("X-Desk-Secret", "")
    if not secrets.compare_digest(given.encode(), request.app.state.desk_secret.encode()):
        raise HTTPException(404)
    house: House = request.app.state.house
    return house


Desk = Annotated[House, Depends(desk_only)]


@desk_routes.get("/clock")
async def tell_time(house: Desk, working_days: int = 0) -> dict[str, Any]:
    """Now, the next instant at which something falls due, and the same hour N working days on."""
    told = _told(house, await house.worker.next_due())
    if working_days:
        here = local(house.core.clock.now())
        calendar = await house.core.calendar.load()
        day = calendar.working_day_after(here.date(), working_days)
        told["target"] = datetime.combine(day, here.timetz()).isoformat()
    return told


@desk_routes.post("/clock")
async def move(step: Move, house: Desk, request: Request) -> dict[str, Any]:
    """Move to `to`, or to what falls due before it, and handle what is due there."""
    clock = house.core.clock
    assert isinstance(clock, TravelClock)
    due = await house.worker.settle()
    target = min(step.to, due) if due else step.to
    await house.core.outages.leap(clock.now(), target)
    try:
        if target is step.to:
            clock.move(target)
        else:
            clock.reach(target)
    except ValueError as error:
        raise HTTPException(400, str(error)) from None
    due = await house.worker.settle()
    keep_time(request.app.state.folder, clock)
    return _told(house, due)


@desk_routes.post("/deadline")
async def next_deadline(whose: Whose, house: Desk) -> dict[str, Any]:
    """The nearest end of a term of that person's applications."""
    return {"next_deadline": _iso(await house.core.applications.next_deadline(whose.iin))}


@desk_routes.post("/settle")
async def settle(house: Desk) -> dict[str, bool]:
    """Answer when all work is done."""
    await house.worker.settle()
    return {"idle": True}


def _told(house: House, due: datetime | None) -> dict[str, Any]:
    return {"now": _iso(house.core.clock.now()), "next_due": _iso(due)}


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(ALMATY).isoformat() if moment else None


TOKEN = "1:desk"
"""The bot's token at the desk: no secret, since the desk listens on this machine only."""


def demo_settings(base: str, folder: Path, secret: str, database_url: str = "") -> Settings:
    """Settings of a bot whose Telegram, gateway, citizens' base and portal are the desk.

    What the environment says of the real bot does not count here.
    """
    return Settings.model_validate(
        {
            "bot_token": TOKEN,
            "bot_name": "orynbot",
            "bot_api_url": base,
            "database_url": database_url or f"sqlite:///{folder / 'orynbot.sqlite3'}",
            "secret_key": _kept_secret(folder),
            "webhook_url": base,
            "webhook_secret": secrets.token_urlsafe(),
            "mab_url": f"{base}/mab",
            "mab_secret": secret,
            "portal_secret": secrets.token_urlsafe(),
            "portal_url": f"{base}/akmola/events",
            "sms_gateways": ["smsc", "mobizon"],
            "smsc_url": f"{base}/smsc",
            "smsc_login": "desk",
            "smsc_password": secrets.token_urlsafe(),
            "smsc_secret": secrets.token_urlsafe(),
            "mobizon_url": f"{base}/mobizon",
            "mobizon_key": secrets.token_urlsafe(),
            "mobizon_secret": secrets.token_urlsafe(),
            "telegram_per_second": 1000,  # the desk has no limits unless it is told to
            "telegram_per_chat": 1000,
            "tick_seconds": 1,
        }
    )


def desk_settings(settings: Settings, base: str, folder: Path) -> DeskSettings:
    """The other side of `demo_settings`."""
    return DeskSettings(
        bot_url=base,
        desk_secret=settings.mab_secret.get_secret_value(),
        portal_secret=settings.portal_secret.get_secret_value(),
        bot_token=TOKEN,
        start=START,
        people=tuple(Person(**asdict(person)) for person in PEOPLE),
        state_path=folder / "desk.json",
        smsc_login=settings.smsc_login,
        smsc_password=settings.smsc_password.get_secret_value(),
        smsc_secret=settings.smsc_secret.get_secret_value(),
        mobizon_key=settings.mobizon_key.get_secret_value(),
        mobizon_secret=settings.mobizon_secret.get_secret_value(),
    )


def build_app(base: str, folder: Path, clock: TravelClock, database_url: str = "") -> FastAPI:
    """The bot's routes, the routes that move its time, and the desk under everything else.

    `database_url`: another database than an SQLite file in `folder`.
    """
    secret = secrets.token_urlsafe()
    settings = demo_settings(base, folder, secret, database_url)
    desk = build_desk(desk_settings(settings, base, folder))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with (
            desk.router.lifespan_context(desk),
            running(settings, clock) as house,
        ):
            app.state.house = house
            await plant(house.core.db, clock.now())
            # the desk answers on this very server, which takes calls once this function yields
            house.nursery.start(listen(house.bot, house.dispatcher, settings), name="begin")
            await start_beating(house)
            yield
            keep_time(folder, clock)

    app = FastAPI(title="Orynbot at the desk", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.desk_secret = secret
    app.state.folder = folder
    app.state.close_desk = desk.state.desk.close
    app.include_router(webhook_routes)
    document(app)
    app.include_router(desk_routes)
    app.mount("/", desk)
    return app


class DemoServer(uvicorn.Server):
    """Lets the page's long polls go before it waits for its connections to end."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.config.app.state.close_desk()  # type: ignore[union-attr]
        await super().shutdown(sockets)


def run(port: int, data: Path | None) -> None:
    """Serve until interrupted. Without `data` everything is forgotten at the end."""
    configure("WARNING")
    with ExitStack() as stack:
        door = stack.enter_context(tcp_socket())
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind(("127.0.0.1", port))
        except OSError:
            raise SystemExit(f"port {port} is taken; choose another: make demo PORT=8081") from None
        door.listen(100)
        folder = data or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="oryn")))
        folder.mkdir(parents=True, exist_ok=True)
        base = f"http://127.0.0.1:{door.getsockname()[1]}"
        app = build_app(base, folder, kept_clock(folder))
        config = uvicorn.Config(app, access_log=False, log_config=None, timeout_graceful_shutdown=5)
        sys.stdout.write(f"Orynbot's desk is at {base} (Ctrl+C ends it)\n")
        sys.stdout.flush()
        DemoServer(config).run(sockets=[door])


def tcp_socket() -> socket.socket:
    """A socket that is TCP by name: asyncio switches Nagle's delay off for no other."""
    return socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)


def kept_clock(folder: Path) -> TravelClock:
    """The clock of an earlier run in this folder goes on: time never goes backwards."""
    file = folder / "clock.json"
    start = datetime.fromisoformat(json.loads(file.read_text())["now"]) if file.exists() else START
    return TravelClock(start)


def keep_time(folder: Path, clock: Clock) -> None:
    """Note the time for the next run."""
    (folder / "clock.json").write_text(json.dumps({"now": _iso(clock.now())}))


def _kept_secret(folder: Path) -> str:
    """The same key for every run in this folder: codes on their way stay good."""
    file = folder / "secret"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(32))
    return file.read_text()
