"""A parent's whole way, with all kinds of trouble: nobody of the data is in what was logged."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import aiohttp
import pytest
import structlog
from sqlalchemy.engine import make_url

from bot.screens import troubles
from core.db.engine import Database
from seed.people import AINUR
from tests.e2e import ways
from tests.e2e.player import CODE, Desk, Player
from tests.e2e.processes import (
    answers,
    desk_command,
    free_port,
    serving,
    settings_of,
)
from tests.e2e.telltales import THEIRS, WORDS, Telltales, in_production, telltales
from tests.e2e.watching import house_of

SECRET = "of-the-webhook"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The logs are the same; what PostgreSQL's errors tell is tested beside."""
    return sqlite_url


async def refused_by_the_database(player: Player, file: Path) -> None:
    """A real error of the database, whose message is full of people, in the midst of a tap."""
    with closing(sqlite3.connect(file)) as database:
        database.execute(
            "CREATE TRIGGER leak BEFORE UPDATE OF language ON chats "
            f"BEGIN SELECT RAISE(ABORT, 'DETAIL: Key (person)=({WORDS}) is taken'); END"
        )
        await player.say("/language")
        await player.press_label("English")
        assert player.answer is not None
        assert player.answer["text"] == troubles.went_wrong(player.t)
        database.execute("DROP TRIGGER leak")


async def refused_by_telegram(player: Player) -> None:
    """Telegram says no to a whole screen, and its words quote people."""
    for method in ("sendMessage", "editMessageText"):
        await player.desk.post(
            "/sim/faults", target="telegram", method=method, code=400, description=WORDS
        )
    await player.say("/menu")
    await player.say(WORDS)
    async with player.desk.http.delete("/sim/faults") as response:
        assert response.status == 200


async def nonsense(bot: str, secret: str) -> None:
    """What is no update, an update of an unknown kind, an event that nobody signed: with words."""
    header = {"X-Telegram-Bot-Api-Secret-Token": secret}
    unknown = {"update_id": 1, "brand_new_kind": {"from": WORDS}}
    async with aiohttp.ClientSession(bot) as http:
        for path, content in (
            ("/telegram/webhook", {"update_id": WORDS}),
            ("/telegram/webhook", unknown),
            ("/portal/events", {"id": WORDS}),
            (f"/nowhere/{quote(WORDS)}?who={quote(WORDS)}", {}),
        ):
            async with http.post(path, json=content, headers=header) as response:
                await response.read()


async def whole_way(player: Player) -> None:
    """Entering, the voucher, a wrong code and the right one, a place with its contract."""
    await ways.enter(player)
    await player.desk.voucher()
    await player.say("/menu")
    await player.press("My applications")  # its notice waits for 08:00 at night
    await player.press("✅ Confirm")
    await player.say("000000")
    await player.type_code()
    await ways.take(player, "«Мадина» · орыс")
    await player.document()


async def all_goes_wrong(player: Player, file: Path, bot: str, secret: str) -> None:
    await whole_way(player)
    await refused_by_the_database(player, file)
    await refused_by_telegram(player)
    await nonsense(bot, secret)


async def everybody(desk: Desk, file: Path) -> Telltales:
    """Everybody of the data, and the codes that were sent."""
    codes = [found[1] for sms in await desk.get("/sim/sms") if (found := CODE.search(sms["text"]))]
    database = Database(f"sqlite:///{file}")
    looked_for = await telltales(database, codes)
    await database.close()
    return looked_for


async def nobody_in(log: str, desk: Desk, file: Path) -> None:
    """There is a log of the trouble, and nobody is in it."""
    looked_for = await everybody(desk, file)
    assert len(looked_for.codes) >= 3
    assert log.count('"update failed"') >= 2, "the trouble has been logged"
    assert "IntegrityError" in log
    assert looked_for.found_in(log) == set()
    assert THEIRS.found_in(log) == set()


async def test_a_whole_way_at_the_desk(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """Bot and desk in this process, logging as in production, at its most talkative."""
    settings = house_of(desk).settings
    file = Path(make_url(settings.database_url).database or "")
    player = desk.player(AINUR.id)
    with in_production(capsys) as written:
        structlog.get_logger("planted").info("planted", applicant=AINUR.iin)
        assert (await everybody(desk, file)).found_in(written()) == {AINUR.iin}, "it is seen"
        await all_goes_wrong(player, file, desk.base, settings.webhook_secret.get_secret_value())
        log = written()
    await nobody_in(log, desk, file)


@pytest.mark.soak
@pytest.mark.parametrize("level", ["DEBUG", "INFO"])
@pytest.mark.parametrize("transport", ["polling", "webhook"])
async def test_a_whole_way_with_the_real_commands(
    level: str, transport: str, tmp_path: Path, planted_file: Path
) -> None:
    """The real process, and all that it prints."""
    desk_port, bot_port = free_port(), free_port()
    base, bot = f"http://127.0.0.1:{desk_port}", f"http://127.0.0.1:{bot_port}"
    file = tmp_path / "orynbot.sqlite3"
    shutil.copyfile(planted_file, file)
    (tmp_path / "desk").mkdir()
    settings = settings_of(tmp_path, base, bot_port) | {"LOG_LEVEL": level}
    command = "run"
    if transport == "webhook":
        settings |= {"WEBHOOK_URL": bot, "WEBHOOK_SECRET": SECRET}
        command = "serve"
    async with (
        aiohttp.ClientSession(base, timeout=aiohttp.ClientTimeout(60)) as http,
        serving(*desk_command(desk_port, bot), folder=tmp_path / "desk"),
    ):
        await answers(http, f"{base}/sim/clock")
        desk = Desk(http, base, None)
        person = await desk.post(
            "/sim/users",
            first_name=AINUR.first_name,
            last_name=AINUR.last_name,
            language_code="kk",
            phone=AINUR.phone,
            iin=AINUR.iin,
        )
        async with serving("bot", command, folder=tmp_path, **settings):
            await answers(http, f"{bot}/health/ready")
            await all_goes_wrong(desk.player(person["id"]), file, bot, SECRET)
        await nobody_in((tmp_path / "log").read_text(), desk, file)
