"""Updates reach the bot: by webhook or by long polling, in order, again when it failed."""

import asyncio
from typing import Any

from starlette.responses import JSONResponse, Response

from sandbox import updates
from tests.unit.sandbox.desk_at_work import DeskAtWork, Json


async def test_the_webhook_gets_the_secret_and_the_update(desk: DeskAtWork) -> None:
    await desk.with_webhook(secret_token="s3cret")
    await desk.say("/start x")
    message = desk.bot.updates[0]["message"]
    assert desk.bot.secrets == ["s3cret"]
    assert message["chat"]["type"] == "private"
    assert message["from"]["language_code"] == "kk"
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert desk.bot.settled == 1


async def test_a_method_in_the_webhooks_answer_is_run(desk: DeskAtWork) -> None:
    async def react(update: Json) -> Response:
        return JSONResponse({"method": "sendMessage", "chat_id": 1, "text": "жауап"})

    desk.bot.react = react
    await desk.with_webhook()
    assert [m["text"] for m in (await desk.say("hi"))["messages"]] == ["жауап"]


async def test_a_refused_update_is_tried_again_and_the_next_one_waits(
    desk: DeskAtWork, monkeypatch: Any
) -> None:
    monkeypatch.setattr(updates, "PAUSES", (0.01,) * 4)
    refusals = 3

    async def react(update: Json) -> Response | None:
        nonlocal refusals
        refusals -= 1
        return Response(status_code=503) if refusals >= 0 else None

    desk.bot.react = react
    await desk.with_webhook()
    await asyncio.gather(desk.say("first"), desk.say("second"))
    texts = [update["message"]["text"] for update in desk.bot.updates]
    assert texts[:3] == [texts[0]] * 3
    assert texts[3] == texts[0]
    assert texts[4] != texts[0]
    info = (await desk.api("getWebhookInfo"))["result"]
    assert info["last_error_message"] == "Wrong response from the webhook: 503"


async def test_after_five_tries_an_update_waits_for_the_next_one(
    desk: DeskAtWork, monkeypatch: Any
) -> None:
    monkeypatch.setattr(updates, "PAUSES", (0.01,) * 4)

    async def fail(update: Json) -> Response:
        return Response(status_code=500)

    desk.bot.react = fail
    await desk.with_webhook()
    assert (await desk.say("kept"))["messages"] == []
    assert len(desk.bot.updates) == 5
    assert (await desk.api("getWebhookInfo"))["result"]["pending_update_count"] == 1
    desk.bot.react = None
    await desk.say("next")
    assert [u["message"]["text"] for u in desk.bot.updates[5:]] == ["kept", "next"]


async def test_messages_of_one_chat_come_one_at_a_time_but_a_tap_may_overlap(
    desk: DeskAtWork,
) -> None:
    await desk.started()
    markup = {"inline_keyboard": [[{"text": "OK", "callback_data": "ok"}]]}
    await desk.api("sendMessage", chat_id=1, text="x", reply_markup=markup)
    running: list[str] = []
    seen: set[tuple[str, ...]] = set()

    async def react(update: Json) -> None:
        kind = "tap" if "callback_query" in update else "message"
        running.append(kind)
        seen.add(tuple(sorted(running)))
        await asyncio.sleep(0.05)
        running.remove(kind)

    desk.bot.react = react
    await asyncio.gather(desk.say("a"), desk.say("b"), desk.press("OK"), desk.press("OK"))
    assert ("message", "tap") in seen
    assert all(len(at_once) == len(set(at_once)) for at_once in seen)


async def test_updates_that_the_bot_did_not_ask_for_are_not_sent(desk: DeskAtWork) -> None:
    await desk.with_webhook(allowed_updates=["callback_query"])
    await desk.say("hi")
    assert desk.bot.updates == []


async def test_polling_confirms_by_offset(desk: DeskAtWork) -> None:
    async with asyncio.TaskGroup() as group:
        saying = group.create_task(desk.say("hi"))
        batch = (await desk.api("getUpdates", timeout=5))["result"]
        assert [update["message"]["text"] for update in batch] == ["hi"]
        again = (await desk.api("getUpdates"))["result"]
        assert again == batch
        assert not saying.done()
        after = await desk.api("getUpdates", offset=batch[0]["update_id"] + 1)
        assert after["result"] == []


async def test_a_second_poller_ends_the_first_one(desk: DeskAtWork) -> None:
    async with asyncio.TaskGroup() as group:
        first = group.create_task(desk.api("getUpdates", timeout=5))
        await asyncio.sleep(0.1)
        second = group.create_task(desk.api("getUpdates", timeout=1))
        assert (await first)["description"] == (
            "Conflict: terminated by other getUpdates request; "
            "make sure that only one bot instance is running"
        )
        assert (await second)["result"] == []


async def test_polling_beside_a_webhook_is_refused(desk: DeskAtWork) -> None:
    await desk.with_webhook()
    assert await desk.refusal("getUpdates") == (
        "Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first"
    )
    assert (await desk.api("deleteWebhook"))["description"] == "Webhook was deleted"
    assert (await desk.api("getUpdates"))["result"] == []
