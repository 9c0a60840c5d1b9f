"""The control interface: people write, press, block; what came of it is in the answer."""

import pytest

from tests.unit.sandbox.desk_at_work import DeskAtWork, Json
from tests.unit.sandbox.gateways import smsc

BUTTONS = [
    [{"text": "✅ Растау", "callback_data": "confirm:1"}],
    [{"text": "❌ Бас тарту", "callback_data": "refuse:1"}],
    [{"text": "Портал", "url": "https://akmola.kz/"}],
]


async def with_buttons(desk: DeskAtWork) -> int:
    await desk.started()
    markup = {"inline_keyboard": BUTTONS}
    answer = await desk.api("sendMessage", chat_id=1, text="Ваучер", reply_markup=markup)
    return int(answer["result"]["message_id"])


async def test_a_press_tells_what_changed_and_the_toast(desk: DeskAtWork) -> None:
    number = await with_buttons(desk)
    await desk.api("sendMessage", chat_id=1, text="untouched")

    async def react(update: Json) -> None:
        query = update["callback_query"]
        await desk.api("deleteMessage", chat_id=1, message_id=1)
        await desk.api("editMessageText", chat_id=1, message_id=number, text=query["data"])
        await desk.api("sendMessage", chat_id=1, text="new")
        await desk.api(
            "answerCallbackQuery", callback_query_id=query["id"], text="Болды", show_alert=True
        )

    desk.bot.react = react
    outcome = await desk.press("✅ Растау")
    assert [(m["text"], m["edited"]) for m in outcome["messages"]] == [
        ("confirm:1", True),
        ("new", False),
    ]
    assert outcome["deleted"] == [1]
    assert outcome["answer"] == {"text": "Болды", "show_alert": True}


@pytest.mark.parametrize(
    ("wish", "data"),
    [
        ("❌ Бас тарту", "refuse:1"),
        ("refuse:1", "refuse:1"),
        ("РАСТАУ", "confirm:1"),
    ],
)
async def test_a_button_is_found_by_label_data_or_part_of_a_label(
    desk: DeskAtWork, wish: str, data: str
) -> None:
    await with_buttons(desk)
    await desk.press(wish)
    assert desk.bot.updates[-1]["callback_query"]["data"] == data


async def test_data_that_nobody_made_can_be_forged_on_a_message(desk: DeskAtWork) -> None:
    number = await with_buttons(desk)
    await desk.press("confirm:999", message_id=number)
    assert desk.bot.updates[-1]["callback_query"]["data"] == "confirm:999"


async def test_what_cannot_be_pressed_is_said(desk: DeskAtWork) -> None:
    await with_buttons(desk)
    assert "no button" in (await desk.press("Жоқ"))["detail"]
    assert desk.status == 404
    assert "any of" in (await desk.press("т"))["detail"]
    assert desk.status == 400
    assert "999" in (await desk.press("✅ Растау", message_id=999))["detail"]
    assert desk.status == 404


async def test_a_link_is_opened_and_the_bot_hears_nothing(desk: DeskAtWork) -> None:
    await with_buttons(desk)
    heard = len(desk.bot.updates)
    assert (await desk.press("Портал"))["answer"]["url"] == "https://akmola.kz/"
    assert len(desk.bot.updates) == heard


async def test_a_query_lives_150_seconds(desk: DeskAtWork) -> None:
    await with_buttons(desk)
    await desk.press("✅ Растау")
    query = desk.bot.updates[-1]["callback_query"]["id"]
    await desk.post("/sim/clock", {"advance": "PT151S"})
    assert await desk.refusal("answerCallbackQuery", callback_query_id=query) == (
        "Bad Request: query is too old and response timeout expired or query ID is invalid"
    )


async def test_keys_of_the_reply_keyboard_send_what_they_ask_for(desk: DeskAtWork) -> None:
    await desk.started()
    rows = [
        [{"text": "📱 Телефон", "request_contact": True}],
        [{"text": "📍", "request_location": True}, {"text": "Мәзір"}],
    ]
    await desk.api("sendMessage", chat_id=1, text="x", reply_markup={"keyboard": rows})
    await desk.press("Телефон")
    await desk.press("📍")
    await desk.press("Мәзір")
    contact, location, text = (update["message"] for update in desk.bot.updates[-3:])
    assert contact["contact"]["user_id"] == 1
    assert contact["contact"]["phone_number"] == "77758759999"
    assert set(location["location"]) == {"latitude", "longitude"}
    assert text["text"] == "Мәзір"


async def test_people_send_all_that_people_send(desk: DeskAtWork) -> None:
    await desk.with_webhook()
    for body, key in [
        ({"contact": {"phone_number": "+77010000000", "first_name": "Бөтен"}}, "contact"),
        ({"location": {"latitude": 53.1, "longitude": 69.2}}, "location"),
        ({"photo": True}, "photo"),
        ({"sticker": "🙂"}, "sticker"),
        ({"document": {"name": "a.csv", "content": "MTsy"}}, "document"),
    ]:
        await desk.post("/sim/users/1/send", body)
        assert key in desk.bot.updates[-1]["message"]
    assert "user_id" not in desk.bot.updates[0]["message"]["contact"]
    file_id = desk.bot.updates[-1]["message"]["document"]["file_id"]
    told = await desk.api("getFile", file_id=file_id)
    assert told["result"]["file_path"].endswith(".csv")
    assert told["result"]["file_size"] == len(b"1;2")
    await desk.post("/sim/users/1/send", {"text": "a", "photo": True})
    assert desk.status == 400


async def test_a_long_text_goes_out_in_pieces_as_from_telegrams_apps(desk: DeskAtWork) -> None:
    await desk.with_webhook()
    await desk.say("x" * 5000)
    assert [len(update["message"]["text"]) for update in desk.bot.updates] == [4096, 904]


async def test_a_person_who_blocks_the_bot_is_not_reached(desk: DeskAtWork) -> None:
    await desk.started()
    await desk.post("/sim/users/1/block")
    member = desk.bot.updates[-1]["my_chat_member"]
    assert member["new_chat_member"]["status"] == "kicked"
    words = "Forbidden: bot was blocked by the user"
    assert await desk.refusal("sendMessage", chat_id=1, text="x") == words
    await desk.say("hi")
    assert desk.status == 400
    await desk.post("/sim/users/1/unblock")
    assert desk.bot.updates[-1]["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert (await desk.api("sendMessage", chat_id=1, text="x"))["ok"]


async def test_a_new_person_is_filled_in_and_registered(desk: DeskAtWork) -> None:
    person = await desk.post("/sim/users", {"first_name": "Асель"})
    assert (person["id"], person["blocked"]) == (2, False)
    stranger = await desk.post("/sim/users", {"registered": False})
    assert len({person["phone"], stranger["phone"], "+77758759999"}) == 3
    for one, registered in [(person, True), (stranger, False)]:
        pair = {"iin": one["iin"], "phone": one["phone"]}
        headers = {"Authorization": "Bearer desk-secret"}
        answer = await desk.post("/mab/lookup", pair, headers=headers)
        assert answer["registered"] is registered
    assert [user["id"] for user in await desk.get("/sim/users")] == [1, 2, 3]
    await desk.post("/sim/users", {"iin": "12"})
    assert desk.status == 400


async def test_the_chat_as_text_shows_buttons_and_files(desk: DeskAtWork) -> None:
    await with_buttons(desk)
    text = await desk.get("/sim/users/1/chat?format=text")
    assert text.splitlines()[-4:] == [
        "Ваучер",
        "[ ✅ Растау ]",
        "[ ❌ Бас тарту ]",
        "[ Портал ]",
    ]


async def test_unknown_people_and_unreadable_bodies_are_refused_in_a_sentence(
    desk: DeskAtWork,
) -> None:
    assert (await desk.say("x", person=9))["detail"] == "there is no person 9 at the desk"
    answer = await desk.post("/sim/users/1/send", {"texte": "x"})
    assert desk.status == 422
    assert answer["detail"].startswith("texte: ")


async def test_the_page_can_wait_for_what_changes(desk: DeskAtWork) -> None:
    await desk.with_webhook()
    before = (await desk.get("/sim/events?since=0"))["seq"]
    await desk.say("x")
    answer = await desk.get(f"/sim/events?since={before}")
    assert answer["changed"] == ["chat:1"]
    assert answer["seq"] > before


async def test_two_thousand_people_are_seated_in_one_call(desk: DeskAtWork) -> None:
    await desk.with_webhook()
    wishes = [{"started": True}, {"first_name": "Асель"}, *([{}] * 1998)]
    seated = await desk.post("/sim/users", {"users": wishes})
    assert seated["ids"] == [*range(2, 2002)]
    assert seated["users"][1]["first_name"] == "Асель"
    for numbers in ("iin", "phone"):
        assert len({user[numbers] for user in await desk.get("/sim/users")}) == 2001
    assert (await desk.api("sendMessage", chat_id=2, text="x"))["ok"]
    words = await desk.refusal("sendMessage", chat_id=3, text="x")
    assert words == "Bad Request: chat not found"
    await desk.post("/sim/users", {"users": [], "first_name": "Асель"})
    assert desk.status == 400


async def test_sms_since_are_those_that_came_after(desk: DeskAtWork) -> None:
    for text in ("a", "b", "c"):
        await smsc(desk, phones="87758759999", mes=text)
    assert [sms["text"] for sms in await desk.get("/sim/sms?since=1")] == ["b", "c"]
    assert [sms["text"] for sms in await desk.get("/sim/sms?since=2&phone=87758759999")] == ["c"]
