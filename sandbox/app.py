"""The desk as one web application."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.staticfiles import StaticFiles

from sandbox import (
    bot_api,
    citizens,
    control,
    control_people,
    control_sms,
    mobizon,
    portal,
    smsc,
)
from sandbox.bot_api import BotApi
from sandbox.desk import Desk
from sandbox.persistence import Keeper
from sandbox.portal import Portal
from sandbox.settings import DeskSettings

PAGE = Path(__file__).parent / "page"
FRESH = {"Cache-Control": "no-cache"}
"""The browser asks each time whether the file is still the same: a new version is seen at once."""


def build(settings: DeskSettings) -> FastAPI:
    """An application with the desk in `app.state.desk`.

    Whoever mounts it enters `app.router.lifespan_context(app)`, as a server does by itself with
    the application that it serves, and calls `app.state.desk.close()` before it stops serving.
    """
    desk = Desk(settings)
    api = BotApi(desk)
    akmola = Portal(settings, desk.clock)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with (
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session,
            asyncio.TaskGroup() as nursery,
        ):
            desk.link.start(session)
            akmola.start(session)
            desk.receipts.start(nursery, session)
            desk.updates.start(nursery, session, api.execute)
            keeper = Keeper(desk.state, settings.state_path) if settings.state_path else None
            keeping = nursery.create_task(keeper.run()) if keeper else None
            yield
            desk.close()
            desk.updates.stop()
            desk.receipts.stop()
            if keeper and keeping:
                keeping.cancel()
                desk.state.clock = desk.clock.now()
                keeper.keep()

    app = FastAPI(title="Desk", openapi_url=None, lifespan=lifespan)
    app.state.desk = desk
    app.add_exception_handler(RequestValidationError, _unreadable)
    for router in (
        bot_api.routes(desk, api),
        control_people.routes(desk),
        control_sms.routes(desk),
        control.routes(desk, akmola),
        portal.routes(desk),
        smsc.routes(desk),
        mobizon.routes(desk),
        citizens.routes(desk.state, settings),
    ):
        app.include_router(router)

    @app.get("/")
    async def page() -> Response:
        return FileResponse(PAGE / "index.html", headers=FRESH)

    app.mount("/static", Page(directory=PAGE))
    return app


class Page(StaticFiles):
    """The page's files, `FRESH`."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers.update(FRESH)
        return response


async def _unreadable(_: Request, error: Exception) -> Response:
    """A body that cannot be read, said in one line."""
    assert isinstance(error, RequestValidationError)
    words = "; ".join(
        f"{'.'.join(str(part) for part in problem['loc'][1:])}: {problem['msg']}".lstrip(": ")
        for problem in error.errors()
    )
    return JSONResponse({"detail": words}, 422)
