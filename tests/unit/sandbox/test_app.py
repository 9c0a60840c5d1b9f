"""The desk as a whole: the page, memory across restarts, pace, a real client, its own process."""

import asyncio
import json
import socket
import sys
from dataclasses import replace
from pathlib import Path

import aiohttp
from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import (
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
)

from sandbox.citizens import find_citizen
from sandbox.persistence import load
from tests.unit.sandbox.desk_at_work import SETTINGS, START, TOKEN, DeskAtWork, desk_at_work


async def test_the_page_is_served(desk: DeskAtWork) -> None:
    assert "<html" in await desk.get("/")
    assert desk.status == 200
    await desk.get("/static/index.html")
    assert desk.status == 200


async def test_the_desk_remembers_across_a_restart(tmp_path: Path) -> None:
    settings = replace(SETTINGS, state_path=tmp_path / "desk.json")
    async with desk_at_work(settings) as desk:
        await desk.started()
        await desk.post("/sim/users", {"first_name": "Асель"})
        form = aiohttp.FormData({"chat_id": "1"})
        form.add_field("document", b"%PDF", filename="a.pdf")
        url = f"{desk.base}/bot{TOKEN}/sendDocument"
        async with desk.session.post(url, data=form) as response:
            assert response.status == 200
        before = await desk.get("/sim/users/1/chat")
    async with desk_at_work(settings) as desk:
        assert await desk.get("/sim/users/1/chat") == before
        assert [user["first_name"] for user in await desk.get("/sim/users")] == ["Айгүл", "Асель"]
        assert await desk.get(before["messages"][-1]["document"]["url"]) == "%PDF"
        assert (await desk.get("/sim/events?since=0"))["changed"]
        sent = await desk.api("sendMessage", chat_id=1, text="x")
        assert sent["result"]["message_id"] > before["messages"][-1]["message_id"]


async def test_what_an_earlier_version_remembered_is_read(tmp_path: Path) -> None:
    """Lists of updates and of citizens, and SMS of which nothing but their arrival was known."""
    update = {"id": 1001, "kind": "message", "queue": "chat:1", "body": {"text": "x"}}
    citizen = {"iin": "900514400018", "phone": "+77758759999", "full_name": "А"}
    sms = {"id": 1, "phone": "+77758759999", "text": "x", "at": START.isoformat(), "segments": 1}
    kept = {
        "updates": [update],
        "citizens": [{**citizen, "birth_date": "1990-05-14"}],
        "sms": [{**sms, "own_id": "7"}],
    }
    (tmp_path / "desk.json").write_text(json.dumps(kept))
    state = load(tmp_path / "desk.json")
    assert state.updates[1001].body == {"text": "x"}
    assert find_citizen(state, citizen["iin"], citizen["phone"])
    assert (state.sms[0].gateway, state.sms[0].status) == ("smsc", "delivered")


async def test_pace_is_enforced_only_when_asked_for(desk: DeskAtWork) -> None:
    await desk.started()
    for _ in range(40):
        assert (await desk.api("sendMessage", chat_id=1, text="x"))["ok"]
    async with desk_at_work(replace(SETTINGS, enforce_pace=True)) as strict:
        await strict.started()
        for _ in range(20):
            assert (await strict.api("sendMessage", chat_id=1, text="x"))["ok"]
        answer = await strict.api("sendMessage", chat_id=1, text="x")
        assert answer["parameters"] == {"retry_after": 1}


async def test_aiogram_works_with_it_by_long_polling() -> None:
    async with desk_at_work() as desk:
        server = TelegramAPIServer.from_base(desk.base)
        bot = Bot(
            TOKEN,
            session=AiohttpSession(api=server),
            default=DefaultBotProperties(parse_mode="HTML"),
        )
        dispatcher = Dispatcher()
        inline = InlineKeyboardMarkup(
            inline_keyboard=[[InlineKeyboardButton(text="OK", callback_data="ok", style="success")]]
        )
        reply = ReplyKeyboardMarkup(
            keyboard=[[KeyboardButton(text="Телефон", request_contact=True)]], resize_keyboard=True
        )
        done = asyncio.Event()

        @dispatcher.message()
        async def answer(message: Message) -> None:
            await message.answer("<b>Сәлем</b>", reply_markup=inline)
            await message.answer("keys", reply_markup=reply)
            await message.answer_document(BufferedInputFile(b"%PDF", "Жолдама.pdf"))
            done.set()

        @dispatcher.callback_query()
        async def edit(query: CallbackQuery) -> None:
            assert isinstance(query.message, Message)
            await query.message.edit_text("Болды")
            await query.answer("toast")
            done.set()

        assert (await bot.get_me()).username == "orynbot"
        async with asyncio.TaskGroup() as group:
            polling = group.create_task(
                dispatcher.start_polling(bot, handle_signals=False, polling_timeout=2)
            )
            await desk.say("/start")
            await done.wait()
            chat = await desk.get("/sim/users/1/chat")
            assert chat["messages"][1]["html"] == "<b>Сәлем</b>"
            assert chat["messages"][1]["buttons"][0][0]["style"] == "success"
            assert chat["messages"][3]["document"]["file_name"] == "Жолдама.pdf"
            assert chat["keyboard"]["rows"][0][0]["request_contact"] is True
            done.clear()
            await desk.press("OK")
            await done.wait()
            chat = await desk.get("/sim/users/1/chat")
            assert chat["messages"][1]["text"] == "Болды"
            desk.app.state.desk.close()
            await dispatcher.stop_polling()
            await polling
        await bot.session.close()


async def test_it_runs_as_a_process_of_its_own() -> None:
    """Without a bot beside it the desk keeps its own time."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--port", str(port), "--bot-url", "http://127.0.0.1:1", "--secret", "s"]
    options += ["--portal-secret", "p", "--start", "2026-04-10T11:30:00+05:00"]
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "sandbox", *options)
    try:
        async with aiohttp.ClientSession() as session, asyncio.timeout(20):
            url = f"http://127.0.0.1:{port}/sim/clock"
            await until_it_listens(port)
            async with session.post(url, json={"working_days": 1}) as response:
                assert (await response.json())["now"].startswith("2026-04-13T11:30")
    finally:
        process.terminate()
        await process.wait()


async def until_it_listens(port: int) -> None:
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except ConnectionRefusedError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            await writer.wait_closed()
            return
