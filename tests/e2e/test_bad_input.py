"""What a parent can do wrong: a clear answer each time, and nothing changed."""

import re

import pytest

from bot.screens import login as screens
from core.codes.values import CodeAnswer, Outcome
from core.identity.rules import IinProblem, PhoneProblem
from tests.e2e import ways
from tests.e2e.player import Desk, Player
from tests.e2e.watching import (
    ASKING_FOR_A_CODE,
    CONVERSATION,
    answered,
    house_of,
    nothing_changes,
    told,
)

OTHER_PHONE = "+77010000102"
OTHER_IIN = "901103403213"
"""Of Elena, the second person at the desk."""
WRONG_CODE = CONVERSATION | {"codes", "code_failures"}
"""What a wrong code leaves behind: that it was tried."""
LONG = "Балабақшаға қалай орналасамын? " * 161 + "Орын бар?"
"""5,000 characters, which Telegram's apps send in two messages."""
BAD_IINS = {
    "930614403985": IinProblem.WRONG_CHECK_DIGIT,
    "93061440398": IinProblem.NOT_TWELVE_DIGITS,
    "9306144039840": IinProblem.NOT_TWELVE_DIGITS,
    "my IIN": IinProblem.NOT_TWELVE_DIGITS,
    "٩٣٠٦١٤٤٠٣٩٨٤": IinProblem.NOT_TWELVE_DIGITS,
}
BAD_PHONES = {
    "+49 30 901820": PhoneProblem.NOT_KAZAKHSTAN,
    "+7 7162 25 11 22": PhoneProblem.NOT_MOBILE,
    "call me": PhoneProblem.NOT_A_PHONE,
}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough: what is refused reaches neither."""
    return sqlite_url


@pytest.fixture
async def newcomer(desk: Desk) -> Player:
    """The first person at the desk, asked for their phone."""
    player = desk.player(1001, "en")
    await player.say("/start")
    await player.press_label("English")
    await player.press_label("Kokshetau city")
    await player.press("Enter")
    await player.press("I give my consent")
    return player


@pytest.fixture
async def parent(newcomer: Player) -> Player:
    """The first person at the desk, entered."""
    await newcomer.share_contact()
    await newcomer.say((await newcomer.me())["iin"])
    await newcomer.type_code()
    return newcomer


async def texts_of_sms(player: Player) -> int:
    """How many SMS have come to anybody."""
    return len(await player.desk.get("/sim/sms"))


async def test_an_iin_or_a_phone_that_cannot_be(newcomer: Player) -> None:
    async with nothing_changes(newcomer.desk):
        for phone, problem in BAD_PHONES.items():
            await newcomer.say(phone)
            await told(newcomer, screens.phone_wrong(problem, newcomer.t))
    await newcomer.share_contact()
    async with nothing_changes(newcomer.desk):
        for iin, mistake in BAD_IINS.items():
            await newcomer.say(iin)
            await told(newcomer, screens.iin_wrong(mistake, newcomer.t))
            assert iin not in [message["text"] for message in await newcomer.chat()]
    assert await texts_of_sms(newcomer) == 0


@pytest.mark.parametrize("owner", [1002, None])
async def test_somebody_elses_contact(newcomer: Player, owner: int | None) -> None:
    async with nothing_changes(newcomer.desk):
        await newcomer.send(
            contact={"phone_number": OTHER_PHONE, "first_name": "Елена", "user_id": owner}
        )
        await told(newcomer, screens.not_your_contact(newcomer.t))


async def test_somebody_elses_iin_beside_the_own_contact_is_said_plainly(newcomer: Player) -> None:
    """The phone is their own, so nothing is given away (R3)."""
    await newcomer.share_contact()
    async with nothing_changes(newcomer.desk):
        await newcomer.say(OTHER_IIN)
        facts = house_of(newcomer.desk).dispatcher["facts"]
        await told(newcomer, screens.pair_unknown(facts, newcomer.t))
    assert await texts_of_sms(newcomer) == 0


async def test_a_typed_pair_that_nobody_knows_is_answered_like_a_known_one(desk: Desk) -> None:
    """Two chats type Elena's phone: one with her IIN, the other with its own (R3)."""
    told = []
    for user, iin in ((1002, OTHER_IIN), (1001, "930614403984")):
        player = desk.player(user, "en")
        await player.say("/start")
        await player.press_label("English")
        await player.press_label("Kokshetau city")
        await player.press("Enter")
        await player.press("I give my consent")
        await player.say(OTHER_PHONE)
        async with nothing_changes(desk, but=ASKING_FOR_A_CODE):
            await player.say(iin)
            screens = [await answered(player)]
            for _ in range(6):
                await player.say("000000")
                screens.append(await answered(player))
        told.append(screens)
    assert told[0] == told[1]
    assert await texts_of_sms(player) == 1


async def test_a_code_from_an_hour_ago(newcomer: Player) -> None:
    await newcomer.share_contact()
    await newcomer.say((await newcomer.me())["iin"])
    code = await newcomer.code()
    await newcomer.desk.post("/sim/clock", advance="PT1H")
    async with nothing_changes(newcomer.desk, but=WRONG_CODE):
        await newcomer.say(code)
        expired = CodeAnswer(Outcome.EXPIRED)
        await told(newcomer, screens.code_refused(expired, 1, newcomer.t))


async def test_six_wrong_codes_at_the_door(newcomer: Player) -> None:
    """Five are counted down; after that the right one does not open either."""
    await newcomer.share_contact()
    await newcomer.say((await newcomer.me())["iin"])
    async with nothing_changes(newcomer.desk, but=WRONG_CODE):
        await six_wrong(newcomer)


async def test_six_wrong_codes_for_a_signature(parent: Player) -> None:
    """The act stays unsigned, and its button can be pressed again."""
    await parent.desk.voucher()
    await parent.press("✅ Confirm")
    async with nothing_changes(parent.desk, but=WRONG_CODE):
        await six_wrong(parent)
    await parent.desk.post("/sim/clock", advance="PT2M")
    await parent.press("Get a new code")
    await parent.type_code()
    assert parent.t.plain("Choose a kindergarten") in await parent.labels()


async def six_wrong(player: Player) -> None:
    right = await player.code()
    wrong = "000000" if right != "000000" else "000001"
    for left in (4, 3, 2, 1):
        await player.say(wrong)
        assert str(left) in player.heard[-1]["text"]
    for code in (wrong, wrong, right):
        await player.say(code)
        assert not re.search("[1-5]", player.heard[-1]["text"].splitlines()[-1])
        assert player.t.plain("Get a new code") in await player.labels()


async def test_a_long_text_wherever_one_can_be_typed(newcomer: Player) -> None:
    """At the phone, the IIN, the code, the menu, the search, and the code of a signature."""
    assert len(LONG) == 5_000
    await long_text(newcomer)
    await newcomer.share_contact()
    await long_text(newcomer)
    await newcomer.say((await newcomer.me())["iin"])
    await long_text(newcomer)
    await newcomer.type_code()
    await long_text(newcomer)
    await newcomer.desk.voucher()
    await ways.confirm(newcomer)
    await newcomer.press("Choose a kindergarten")
    await newcomer.press("🔎 By name")
    await long_text(newcomer)
    await newcomer.press("Show all with free places")
    await newcomer.press_label("«Мадина» · Russian")
    await newcomer.press("Choose this one")
    await newcomer.press("Sign and send")
    await long_text(newcomer)


async def long_text(player: Player) -> None:
    async with nothing_changes(player.desk, but=CONVERSATION):
        await player.say(LONG)
        assert len(player.heard) >= 1
        await answered(player)


async def test_what_is_no_text(parent: Player) -> None:
    """Photos, stickers, places on the map, contacts: in the menu and while a code is awaited."""
    await nothing_readable(parent)
    await parent.desk.voucher()
    await parent.press("✅ Confirm")
    await nothing_readable(parent)
    await parent.type_code()
    assert parent.t.plain("Choose a kindergarten") in await parent.labels()


async def nothing_readable(player: Player) -> None:
    async with nothing_changes(player.desk):
        await player.send(photo=True)
        await answered(player)
        await player.send(sticker="🙂")
        await answered(player)
        await player.send(location={"latitude": 53.28, "longitude": 69.39})
        await answered(player)
        await player.send(contact=True)
        await answered(player)
