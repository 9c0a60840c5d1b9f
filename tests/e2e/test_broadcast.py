"""A broadcast over real HTTP: written with formatting and a picture, sent, recalled."""

from core.broadcasts.rules import DELETABLE
from seed.people import AINUR, ELENA, SAULE
from tests.e2e import ways
from tests.e2e.player import Desk, Player

TEXT = "Ашық есік күні"
EVERYBODY = "1"
"""Of Kokshetau only Ainur has entered: nobody else has a chat."""


async def write(operator: Player) -> None:
    await operator.say("/broadcast")
    await operator.press("New broadcast")
    await operator.press_label("✏️ Қазақша")
    await operator.send(html="<b>Ашық есік</b> <i>күні</i>")
    await operator.press("Picture or file")
    await operator.send(photo=True)


async def copies(player: Player) -> list[dict[str, object]]:
    """The messages of the broadcast in that chat."""
    return [one for one in await player.chat() if one["text"] == TEXT and one["from"] == "bot"]


async def test_an_operator_sends_a_broadcast_and_recalls_it(desk: Desk) -> None:
    operator, parent, stranger = (desk.player(who.id) for who in (SAULE, AINUR, ELENA))
    for player in (operator, parent):
        await ways.enter(player)
    await ways.enter(desk.player(ELENA.id, "ru"), "kosshy")
    await write(operator)
    await operator.press("Test to me")
    assert len(await copies(operator)) == 1
    await operator.press("To the draft")
    await operator.press("Send…")
    await operator.say(EVERYBODY)
    await desk.travel("2026-04-07T11:35")
    [message] = await copies(parent)
    assert message["photo"] is not None
    assert message["html"] == "<b>Ашық есік</b> <i>күні</i>"
    assert await copies(stranger) == []
    sent = operator.t.plain("✅ <b>Broadcast №{id}</b> is sent", id=1)
    assert sent.replace("<b>", "").replace("</b>", "") in await operator.screen()
    await operator.press("↩️ Recall")
    await operator.press("Yes, recall it")
    await desk.travel("2026-04-07T11:40")
    assert await copies(parent) == []
    assert "Жойылды: 1" in await operator.screen()


async def test_a_message_that_is_too_old_is_told_of(desk: Desk) -> None:
    """By the desk's own rule, which is Telegram's."""
    operator, parent = (desk.player(who.id) for who in (SAULE, AINUR))
    for player in (operator, parent):
        await ways.enter(player)
    await write(operator)
    await operator.press("Send…")
    await operator.say(EVERYBODY)
    assert DELETABLE.days == 2
    await desk.travel("2026-04-09T11:35")
    await operator.press("↩️ Recall")
    await operator.press("Yes, recall it")
    await desk.travel("2026-04-09T11:40")
    assert len(await copies(parent)) == 1
    assert "Енді жою мүмкін емес: 1" in await operator.screen()
