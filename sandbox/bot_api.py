"""The door of the Bot API: token, parameters, faults, the method, and a record of it all."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from sandbox import methods_edits, methods_profile, methods_sending, methods_updates
from sandbox.desk import Desk
from sandbox.errors import ApiError, TooManyRequests
from sandbox.faults import CutOff, Fault, Struck
from sandbox.parameters import read_parameters, typed
from sandbox.state import Json

Method = Callable[[Desk, Json], Awaitable[object]]

METHODS: dict[str, Method] = {
    name.lower(): method
    for group in (methods_sending, methods_edits, methods_profile, methods_updates)
    for name, method in group.METHODS.items()
}

COUNTED = {
    name for name in METHODS if name.startswith(("send", "edit")) and name != "sendchataction"
}
"""What counts for the limits: messages, and edits too."""
ABOUT_UPDATES = {name.lower() for name in methods_updates.METHODS}
"""What is served whatever the bot has done: how it gets its updates."""

_WORDS = {
    400: "Bad Request: fault at the desk",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    500: "Internal Server Error",
    502: "Bad Gateway",
}


class BotApi:
    """Runs methods for one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def execute(self, name: str, params: Json) -> Json:
        """A method that came as a webhook's answer: its result reaches nobody but the record."""
        try:
            return await self.call(name, typed(params))
        except (ApiError, Struck):
            return {"ok": False}

    async def call(self, name: str, params: Json) -> Json:
        """The body of the answer, refusals included. Raises Struck when no answer is to come."""
        desk = self._desk
        try:
            self._pace(name.lower(), params)
            answer = await desk.faults.around("telegram", name, lambda: self._run(name, params))
        except ApiError as error:
            answer = error.answer()
        except Struck as struck:
            answer = {"dropped": True} if struck.drops else _refusal(struck.fault).answer()
            desk.calls.record(name, params, answer, desk.clock.now(), unheard=struck.unheard)
            if struck.drops:
                raise
            return answer
        desk.calls.record(name, params, answer, desk.clock.now())
        return answer

    def _pace(self, name: str, params: Json) -> None:
        if name not in ABOUT_UPDATES:
            self._desk.pace.arrive(str(params.get("chat_id")) if name in COUNTED else None)

    async def _run(self, name: str, params: Json) -> Json:
        method = METHODS.get(name.lower())
        if method is None:
            return ApiError(404, "Not Found: method not found").answer()
        try:
            result = await method(self._desk, params)
        except ApiError as error:
            return error.answer()
        if isinstance(result, methods_updates.Described):
            return {"ok": True, "result": result.value, "description": result.words}
        return {"ok": True, "result": result}


def _refusal(fault: Fault) -> ApiError:
    code = fault.code or 500
    if code == 429:
        return TooManyRequests(fault.retry_after or 1)
    return ApiError(code, fault.description or _WORDS.get(code, "Internal Server Error"))


def routes(desk: Desk, api: BotApi) -> APIRouter:
    router = APIRouter()

    def is_ours(token: str) -> bool:
        return hmac.compare_digest(token.encode(), desk.settings.bot_token.encode())

    async def call(request: Request) -> Response:
        token, name = request.path_params["token"], request.path_params["name"]
        if not is_ours(token):
            return _json(ApiError(401, "Unauthorized").answer())
        try:
            params = await read_parameters(request)
        except ApiError as error:
            desk.calls.record(name, {}, error.answer(), desk.clock.now())
            return _json(error.answer())
        try:
            return _json(await api.call(name, params))
        except Struck:
            return CutOff()

    # reads its own parameters: a quarter faster than a route that declares them
    router.add_route("/bot{token}/{name}", call, methods=["GET", "POST"])

    @router.get("/file/bot{token}/{path:path}")
    async def download(token: str, path: str) -> Response:
        if not is_ours(token):
            return _json(ApiError(401, "Unauthorized").answer())
        stored = desk.files.find(path.rpartition("/")[2].partition(".")[0])
        if stored is None:
            return _json(ApiError(404, "Not Found").answer())
        return Response(desk.files.read(stored), media_type="application/octet-stream")

    @router.get("/sim/files/{file_id}")
    async def show(file_id: str) -> Response:
        """The same bytes as a browser likes them, under the file's own name."""
        stored = desk.files.find(file_id)
        if stored is None:
            return JSONResponse({"detail": "no such file"}, 404)
        disposition = f"inline; filename*=UTF-8''{quote(stored.name)}"
        headers = {"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"}
        return Response(desk.files.read(stored), media_type=stored.mime_type, headers=headers)

    return router


def _json(body: Json) -> Response:
    return JSONResponse(body, body.get("error_code", 200))
