"""Sending, editing and deleting: strict where Telegram is strict, in its words."""

from io import BytesIO
from typing import Any

import pytest
from aiohttp import FormData

from tests.unit.sandbox.desk_at_work import TOKEN, DeskAtWork

INLINE = {"inline_keyboard": [[{"text": "OK", "callback_data": "ok"}]]}


async def sent(desk: DeskAtWork, **params: Any) -> int:
    answer = await desk.api("sendMessage", chat_id=1, **{"text": "x", **params})
    return int(answer["result"]["message_id"])


async def test_a_person_who_never_wrote_cannot_be_written_to(desk: DeskAtWork) -> None:
    words = "Bad Request: chat not found"
    assert await desk.refusal("sendMessage", chat_id=1, text="x") == words
    assert await desk.refusal("sendMessage", chat_id=99, text="x") == words


async def test_a_wrong_token_and_an_unknown_method_are_refused(desk: DeskAtWork) -> None:
    answer = await desk.post("/bot43:x/getMe", {})
    assert (desk.status, answer["description"]) == (401, "Unauthorized")
    assert await desk.refusal("sendMagic") == "Not Found: method not found"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "message text is empty"),
        (" \n", "message text is empty"),
        ("x" * 4097, "message is too long"),
        ("🎟" * 2049, "message is too long"),
    ],
)
async def test_texts_have_1_to_4096_characters(desk: DeskAtWork, text: str, words: str) -> None:
    await desk.started()
    assert await desk.refusal("sendMessage", chat_id=1, text=text) == f"Bad Request: {words}"


async def test_the_limit_counts_what_is_left_after_the_tags(desk: DeskAtWork) -> None:
    await desk.started()
    text = "<b>" + "x" * 4096 + "</b>"
    assert (await desk.api("sendMessage", chat_id=1, text=text, parse_mode="HTML"))["ok"]


def png(width: int, height: int) -> bytes:
    """What begins like a PNG of that size."""
    sizes = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + sizes


JPEG = bytes.fromhex("ffd8 ffe0 0004 0000 ffc0 0011 08 0240 0438".replace(" ", ""))
"""What begins like a JPEG, 1080 by 576."""


@pytest.mark.parametrize(
    ("content", "size"), [(png(1080, 1844), (1080, 1844)), (JPEG, (1080, 576))]
)
async def test_a_photo_is_shown_in_its_own_size(
    desk: DeskAtWork, content: bytes, size: tuple[int, int]
) -> None:
    await desk.started()
    answer = await photo(desk, content)
    [told] = answer["result"]["photo"]
    assert (told["width"], told["height"]) == size
    shown = (await desk.get("/sim/users/1/chat"))["messages"][-1]
    assert shown["photo"]["url"].endswith(told["file_id"])
    again = await desk.api("sendPhoto", chat_id=1, photo=told["file_id"], caption="x")
    assert again["result"]["photo"][0]["width"] == size[0]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7", "IMAGE_PROCESS_FAILED"),
        (png(0, 5), "IMAGE_PROCESS_FAILED"),
        (png(5000, 5001), "PHOTO_INVALID_DIMENSIONS"),
        (png(10, 201), "PHOTO_INVALID_DIMENSIONS"),
        (png(10, 10) + b"x" * 10 * 1024 * 1024, "file is too big"),
    ],
)
async def test_what_is_no_fit_photo_is_refused(
    desk: DeskAtWork, content: bytes, words: str
) -> None:
    await desk.started()
    assert (await photo(desk, content))["description"] == f"Bad Request: {words}"


async def photo(desk: DeskAtWork, content: bytes) -> Any:
    """Send it as a photo; the whole answer."""
    form = FormData({"chat_id": "1"}, quote_fields=False)
    form.add_field("photo", BytesIO(content), filename="picture.png", content_type="image/png")
    async with desk.session.post(f"{desk.base}/bot{TOKEN}/sendPhoto", data=form) as response:
        return await response.json()


@pytest.mark.parametrize(
    ("button", "words"),
    [
        ({"text": "x", "callback_data": "қ" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        (
            {"text": "x", "callback_data": "a", "style": "green"},
            "can't parse inline keyboard button: Invalid button style specified",
        ),
        (
            {"text": "x"},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"text": "x", "url": "tel:+77758759999"},
            "inline keyboard button URL 'tel:+77758759999' is invalid: Unsupported URL protocol",
        ),
    ],
)
async def test_bad_buttons_are_refused(
    desk: DeskAtWork, button: dict[str, str], words: str
) -> None:
    await desk.started()
    markup = {"inline_keyboard": [[button]]}
    refusal = await desk.refusal("sendMessage", chat_id=1, text="x", reply_markup=markup)
    assert refusal == f"Bad Request: {words}"


@pytest.mark.parametrize(
    ("rows", "columns", "fits"), [(13, 8, False), (12, 8, True), (1, 9, False)]
)
async def test_a_keyboard_has_100_buttons_and_8_a_row(
    desk: DeskAtWork, rows: int, columns: int, fits: bool
) -> None:
    await desk.started()
    row = [{"text": "x", "callback_data": "ә" * 32}] * columns
    markup = {"inline_keyboard": [row] * rows}
    answer = await desk.api("sendMessage", chat_id=1, text="x", reply_markup=markup)
    assert answer["ok"] is fits


async def test_an_edit_that_changes_nothing_is_refused(desk: DeskAtWork) -> None:
    await desk.started()
    number = await sent(desk, reply_markup=INLINE)
    refusal = await desk.refusal(
        "editMessageText", chat_id=1, message_id=number, text="x", reply_markup=INLINE
    )
    assert refusal == (
        "Bad Request: message is not modified: specified new message content and reply markup "
        "are exactly the same as a current content and reply markup of the message"
    )


async def test_an_edit_without_a_keyboard_takes_the_keyboard_away(desk: DeskAtWork) -> None:
    await desk.started()
    number = await sent(desk, reply_markup=INLINE)
    await desk.api("editMessageText", chat_id=1, message_id=number, text="x")
    message = (await desk.get("/sim/users/1/chat"))["messages"][-1]
    assert (message["buttons"], message["edited"]) == ([], True)


async def test_what_cannot_be_edited_says_so(desk: DeskAtWork) -> None:
    await desk.started()
    reply = {"keyboard": [["Мәзір"]]}
    number = await sent(desk, reply_markup=reply)
    edit = {"chat_id": 1, "text": "y"}
    for message_id, words in [
        (number, "message can't be edited"),
        (1, "message can't be edited"),
        (999, "message to edit not found"),
    ]:
        refusal = await desk.refusal("editMessageText", message_id=message_id, **edit)
        assert refusal == f"Bad Request: {words}"
    number = await sent(desk)
    refusal = await desk.refusal("editMessageText", message_id=number, reply_markup=reply, **edit)
    assert refusal == "Bad Request: inline keyboard expected"


async def test_messages_are_deleted_for_both_within_48_hours(desk: DeskAtWork) -> None:
    await desk.started()
    old = await sent(desk)
    assert (await desk.api("deleteMessage", chat_id=1, message_id=1))["ok"]
    assert [m["message_id"] for m in (await desk.get("/sim/users/1/chat"))["messages"]] == [old]
    words = "Bad Request: message to delete not found"
    assert await desk.refusal("deleteMessage", chat_id=1, message_id=1) == words
    await desk.post("/sim/clock", {"advance": "P2DT1M"})
    words = "Bad Request: message can't be deleted for everyone"
    assert await desk.refusal("deleteMessage", chat_id=1, message_id=old) == words
    assert (await desk.api("deleteMessages", chat_id=1, message_ids=[old, 777]))["ok"]
    assert (await desk.get("/sim/users/1/chat"))["messages"]


async def test_a_document_can_be_opened_and_sent_again(desk: DeskAtWork) -> None:
    await desk.started()
    with_file = {"chat_id": "1", "caption": "<b>Ж</b>", "parse_mode": "HTML"}
    form = FormData(with_file, quote_fields=False)
    form.add_field("document", b"%PDF-1.7", filename="Жолдама.pdf", content_type="application/pdf")
    async with desk.session.post(f"{desk.base}/bot{TOKEN}/sendDocument", data=form) as response:
        sent_one = (await response.json())["result"]
    assert sent_one["caption_entities"] == [{"type": "bold", "offset": 0, "length": 1}]
    shown = (await desk.get("/sim/users/1/chat"))["messages"][-1]
    assert (shown["text"], shown["document"]["file_name"]) == ("Ж", "Жолдама.pdf")
    assert await desk.get(shown["document"]["url"]) == "%PDF-1.7"
    again = await desk.api(
        "sendDocument", chat_id=1, document=sent_one["document"]["file_id"], caption="x" * 1025
    )
    assert again["description"] == "Bad Request: message caption is too long"
    place = (await desk.api("getFile", file_id=sent_one["document"]["file_id"]))["result"]
    assert await desk.get(f"/file/bot{TOKEN}/{place['file_path']}") == "%PDF-1.7"


async def test_a_reply_keyboard_stays_with_the_chat_until_it_is_removed(desk: DeskAtWork) -> None:
    await desk.started()
    keyboard = {"keyboard": [[{"text": "Телефон", "request_contact": True}], ["Артқа"]]}
    await sent(desk, reply_markup=keyboard)
    await sent(desk, reply_markup=INLINE)
    shown = (await desk.get("/sim/users/1/chat"))["keyboard"]
    assert shown["rows"] == [[{"text": "Телефон", "request_contact": True}], [{"text": "Артқа"}]]
    await sent(desk, reply_markup={"remove_keyboard": True})
    assert (await desk.get("/sim/users/1/chat"))["keyboard"] is None


async def test_typing_is_seen_until_the_message_comes(desk: DeskAtWork) -> None:
    await desk.started()
    await desk.api("sendChatAction", chat_id=1, action="typing")
    assert (await desk.get("/sim/users/1/chat"))["typing"] is True
    await sent(desk)
    assert (await desk.get("/sim/users/1/chat"))["typing"] is False
