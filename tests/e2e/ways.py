"""The roads that parents take, as scripts: entering, confirming, choosing, signing."""

from tests.e2e.player import Player

LANGUAGE_NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
DISTRICT_NAMES = {
    "kk": {"kokshetau": "Көкшетау қаласы", "kosshy": "Қосшы қаласы"},
    "ru": {"kokshetau": "г. Кокшетау", "kosshy": "г. Косшы"},
    "en": {"kokshetau": "Kokshetau city", "kosshy": "Kosshy city"},
}


async def enter(player: Player, district: str = "kokshetau") -> None:
    """From /start to the journal (R1-R4)."""
    await player.say("/start")
    await player.press_label(LANGUAGE_NAMES[player.t.language])
    await player.press_label(DISTRICT_NAMES[player.t.language][district])
    await player.press("Enter")
    await player.press("I give my consent")
    await player.share_contact()
    await player.say((await player.me())["iin"])
    await player.type_code()


async def confirm(player: Player) -> None:
    """Confirm interest from the notice, with a code (R9)."""
    await player.press("✅ Confirm")
    await player.type_code()


async def choose(player: Player, place: str) -> None:
    """Choose a row of the list by a part of its label, and press the signing (R12-R14)."""
    await player.press("Choose a kindergarten")
    await player.press_label(place)
    await player.press("Choose this one")
    await player.press("Sign and send")


async def take(player: Player, place: str) -> None:
    """Choose a place and sign its contract, or its referral."""
    await choose(player, place)
    await player.type_code()
