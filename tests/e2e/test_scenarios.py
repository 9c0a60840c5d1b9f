"""The parent's whole way through the desk alone, in each language (R6-R18, D1-D9)."""

import io
import re
from typing import Any

import pytest
from pypdf import PdfReader

from core.applications.rules import Status
from tests.e2e import ways
from tests.e2e.player import Desk, Player

NUMBER = "ОДО.2026.248"
STATUS = {
    Status.IN_QUEUE: {"kk": "Кезекте", "ru": "В очереди", "en": "In the queue"},
    Status.AWAITING_CONFIRMATION: {
        "kk": "Растауда",
        "ru": "На подтверждении",
        "en": "Awaiting confirmation",
    },
    Status.VOUCHER_ISSUED: {"kk": "Ваучер берілді", "ru": "Ваучер выдан", "en": "Voucher issued"},
    Status.STOP_LIST: {"kk": "Тоқтау парағында", "ru": "В стоп-листе", "en": "On the stop list"},
    Status.ARCHIVED: {"kk": "Мұрағатта", "ru": "В архиве", "en": "In the archive"},
    Status.ENROLLED: {
        "kk": "Балабақшаға қабылданды",
        "ru": "Ребёнок зачислен",
        "en": "Enrolled in a kindergarten",
    },
}
RUSSIAN = {"kk": "орыс", "ru": "русский", "en": "Russian"}


KAZAKH = ("kk", "sqlite")
OTHERS = (("ru", "sqlite"), ("en", "sqlite"))
in_all_languages = pytest.mark.parametrize("scene", [KAZAKH, *OTHERS], indirect=True, ids="-".join)
"""The road of most parents."""
on_both_databases = pytest.mark.parametrize(
    "scene", [KAZAKH, ("kk", "postgresql")], indirect=True, ids="-".join
)
"""The longest road; core and the model run on both altogether."""


@pytest.fixture(
    params=[KAZAKH, *(pytest.param(other, marks=pytest.mark.soak) for other in OTHERS)],
    ids="-".join,
)
def scene(request: pytest.FixtureRequest) -> tuple[str, str]:
    """Kazakh; the other languages, whose texts are all tested apart, for long."""
    chosen: tuple[str, str] = request.param
    return chosen


@pytest.fixture
def language(scene: tuple[str, str]) -> str:
    return scene[0]


@pytest.fixture
def database_url(scene: tuple[str, str], request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"{scene[1]}_url")
    return url


@pytest.fixture
async def parent(language: str, desk: Desk) -> Player:
    """The first person at the desk, entered."""
    player = desk.player(1001, language)
    await ways.enter(player)
    return player


async def status(player: Player) -> str:
    """What the parent's journal says now."""
    await player.say("/menu")
    await player.press("My applications")
    if player.t.plain("Get a new code") in await player.labels():  # the session lasts 30 days
        await player.type_code()
    return await player.screen()


async def stands(player: Player, expected: Status) -> None:
    assert STATUS[expected][player.t.language].casefold() in (await status(player)).casefold()


async def files(player: Player) -> list[dict[str, Any]]:
    """The documents in the chat, with their bytes."""
    found = []
    for message in await player.chat():
        if message["document"]:
            async with player.desk.http.get(message["document"]["url"]) as response:
                found.append({**message["document"], "bytes": await response.read()})
    return found


def pdf_text(data: bytes) -> str:
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    return " ".join(text.split())


@in_all_languages
async def test_a_from_the_notice_to_the_place(parent: Player) -> None:
    """(a) login, notice, confirmation, «Мадина» in Russian, contract; two PDFs."""
    await parent.desk.voucher()
    assert NUMBER in await parent.screen()
    assert "09.04.2026" in await parent.screen()
    await ways.confirm(parent)
    assert "14.04.2026" in await parent.screen()
    await parent.press("Choose a kindergarten")
    label = next(
        label
        for label in await parent.labels()
        if "Мадина" in label and RUSSIAN[parent.t.language] in label.casefold() + label
    )
    assert "10" in label
    await parent.press_label(label)
    await parent.press("Choose this one")
    await parent.press("Sign and send")
    await parent.type_code()
    documents = await files(parent)
    assert sorted(d["file_name"].split("-")[0] for d in documents) == ["contract", "referral"]
    for document in documents:
        text = pdf_text(document["bytes"])
        assert NUMBER in text
        assert "Мадина" in text
    await stands(parent, Status.ENROLLED)


@on_both_databases
async def test_b_two_silences_and_the_stop_list(parent: Player) -> None:
    """(b) R7, R8, D2: stop list at midnight, restored once, then the archive."""
    desk = parent.desk
    await desk.voucher()
    await desk.travel("2026-04-09T23:59")
    texts = await desk.get("/sim/sms", phone=(await parent.me())["phone"])
    assert sum("?start=" in sms["text"] for sms in texts) == 1  # nobody had looked by 18:00
    await stands(parent, Status.AWAITING_CONFIRMATION)
    await desk.travel("2026-04-10T00:00")
    await stands(parent, Status.STOP_LIST)
    before = len(await parent.chat())
    await desk.travel("2026-04-10T07:59")
    assert len(await parent.chat()) == before  # nobody is woken up
    await desk.travel("2026-04-10T08:00")
    assert len(await parent.chat()) == before + 1
    assert "08.05.2026" in await parent.screen()
    await parent.press("Restore the place in the queue")
    await parent.type_code()
    await stands(parent, Status.IN_QUEUE)
    await desk.voucher()
    await desk.travel("2026-04-15T00:00")
    await stands(parent, Status.STOP_LIST)
    assert parent.t.plain("Restore the place in the queue") not in await parent.labels()
    await desk.travel("2026-05-12T23:59")
    await stands(parent, Status.STOP_LIST)
    await desk.travel("2026-05-13T00:00")
    await stands(parent, Status.ARCHIVED)


async def test_c_confirmed_and_then_nothing(parent: Player) -> None:
    """(c) R10: archived, and no place is taken."""
    await parent.desk.voucher()
    await ways.confirm(parent)
    await parent.desk.travel("2026-04-14T23:59")
    await stands(parent, Status.VOUCHER_ISSUED)
    await parent.desk.travel("2026-04-15T00:00")
    await stands(parent, Status.ARCHIVED)


async def test_d_the_voucher_is_refused(parent: Player) -> None:
    """(d) R11, D7: asked once more, then out of the queue."""
    await parent.desk.voucher()
    await parent.press("❌ Refuse the voucher")
    await parent.press("Yes, I refuse")
    await parent.type_code()
    await stands(parent, Status.ARCHIVED)


async def test_e_a_temporary_place(parent: Player) -> None:
    """(e) R15-R18: until 30 April, withdrawn on Monday 4 May, all the while in the queue."""
    desk = parent.desk
    await desk.voucher()
    await ways.confirm(parent)
    await ways.choose(parent, "Арман")
    assert "30.04.2026" in await parent.screen()
    await parent.type_code()
    await stands(parent, Status.IN_QUEUE)
    assert "30.04.2026" in await parent.screen()
    await desk.travel("2026-05-03T23:59")
    await stands(parent, Status.IN_QUEUE)
    assert "Арман" in await parent.screen()
    await desk.travel("2026-05-04T00:00")
    await stands(parent, Status.IN_QUEUE)
    assert "Арман" not in await parent.screen()
    await desk.travel("2026-05-04T08:00")
    assert "04.05.2026" in await parent.screen()
    assert [d["file_name"].split("-")[0] for d in await files(parent)] == ["referral"]


async def test_f_removed_from_the_queue(parent: Player) -> None:
    """(f) R11, D7."""
    await parent.desk.voucher()
    await stands(parent, Status.AWAITING_CONFIRMATION)
    await parent.press("Remove from the queue")
    await parent.press("Yes, remove")
    await parent.type_code()
    await stands(parent, Status.ARCHIVED)


async def test_g_two_children_two_vouchers(desk: Desk, language: str) -> None:
    """(g) D11: each child's voucher has a deadline of its own, and both can be confirmed."""
    parent = desk.player(1002, language)
    await ways.enter(parent, "kosshy")
    told = " ".join([*await parent.labels(), await parent.screen()])
    numbers = sorted(set(re.findall(r"ОДО\.\d{4}\.\d+", told)))
    assert len(numbers) == 2
    await desk.voucher(numbers[0])
    await desk.travel("2026-04-08T12:00")
    await desk.voucher(numbers[1])
    notices = [m for m in await parent.chat() if any(n in m["text"] for n in numbers)][-2:]
    assert "09.04.2026" in notices[0]["text"]
    assert "10.04.2026" in notices[1]["text"]
    for notice in notices:
        await parent.press_label(parent.t.plain("✅ Confirm"), notice["message_id"])
        await parent.type_code()
    answer = await desk.http.post(
        "/sim/portal", json={"type": "voucher.issue", "registration_number": numbers[0]}
    )
    assert (await answer.json())["status"] == 409


async def test_h_pressed_at_2358_and_entered_at_0001(parent: Player) -> None:
    """(h) D8: the press reserves the act, and the code completes it after midnight."""
    desk = parent.desk
    await desk.voucher()
    await desk.travel("2026-04-09T23:58")
    await parent.press("✅ Confirm")
    await desk.travel("2026-04-10T00:01")
    await parent.type_code()
    await stands(parent, Status.VOUCHER_ISSUED)


@in_all_languages
async def test_from_start_to_enrolled_in_few_taps(desk: Desk) -> None:
    """At most 12 taps and 5 typed messages, without search and paging."""
    parent = desk.player(1001, "kk")
    await ways.enter(parent)
    await desk.voucher()
    await ways.confirm(parent)
    await ways.take(parent, "kokshe")
    print(f"from /start to enrolled: {parent.taps} taps, {parent.typed} typed")  # noqa: T201
    assert parent.taps <= 12
    assert parent.typed <= 5
    await stands(parent, Status.ENROLLED)
