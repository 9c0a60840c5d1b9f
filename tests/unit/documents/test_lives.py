"""Why: the life of a notice in plain words, in every state and language."""

import subprocess
import sys
from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest

from core.notices.calls import Called
from core.notices.lives import Life
from core.notices.plan import Channel
from core.notices.values import OUT, CallMade, State
from documents.lives import BECAUSE, KINDS, told
from locales.texts import LANGUAGES, texts

NINE = datetime(2026, 4, 8, 4, 0, tzinfo=UTC)
"""09:00 in Kazakhstan."""
TEN = datetime(2026, 4, 8, 5, 0, tzinfo=UTC)


def life(**changes: Any) -> Life:
    plain: dict[str, Any] = {
        "id": 1,
        "kind": "reminder",
        "channel": Channel.TELEGRAM,
        "state": State.PENDING,
        "because": None,
        "planned_at": NINE,
        "due_at": None,
        "attempts": 0,
        "sent_at": None,
        "delivered_at": None,
        "seen_at": None,
        "gateway": None,
        "calls": (),
    }
    return Life(**{**plain, **changes})


BY_SMS = {"kind": "voucher_issued", "channel": Channel.SMS, "gateway": "smsc", "sent_at": NINE}
CALL = {"kind": "call_confirm", "channel": Channel.CALL, "sent_at": NINE}


@pytest.mark.parametrize(
    ("told_of", "fate"),
    [
        (life(due_at=TEN), "will be sent: 08.04.2026, 10:00."),
        (
            life(due_at=TEN, attempts=2),
            "not taken so far, attempts: 2; the next one: 08.04.2026, 10:00.",
        ),
        (life(state=State.SENDING, attempts=1), "is being sent just now."),
        (life(state=State.SENT, sent_at=NINE), "sent: 08.04.2026, 09:00; not seen yet."),
        (
            life(state=State.SEEN, sent_at=NINE, seen_at=TEN, because="answered"),
            "sent: 08.04.2026, 09:00; seen: 08.04.2026, 10:00.",
        ),
        (
            life(state=State.CANCELLED, because="answered"),
            "not needed: there was an answer already.",
        ),
        (life(state=State.CANCELLED, because="else"), "not needed any more."),
        (
            life(state=State.UNDELIVERABLE, because="blocked"),
            "not sent: the bot is blocked.",
        ),
        (life(state=State.EXPIRED, because="too_late"), "not sent: the deadline came first."),
        (life(state=State.FAILED, because="chat is odd"), "refused (chat is odd)."),
        (
            life(**BY_SMS, state=State.SENT),
            "sent through SMSC: 08.04.2026, 09:00; delivery not confirmed yet.",
        ),
        (
            life(**BY_SMS, state=State.DELIVERED, delivered_at=TEN),
            "sent through SMSC: 08.04.2026, 09:00; delivered: 08.04.2026, 10:00.",
        ),
        (
            life(**BY_SMS, state=State.UNDELIVERABLE, because="undelivered"),
            "sent through SMSC: 08.04.2026, 09:00; the operator could not deliver it.",
        ),
        (life(**CALL, state=State.SENT), "put on the call list: 08.04.2026, 09:00."),
        (
            life(
                **CALL,
                state=State.UNDELIVERABLE,
                because="wrong_number",
                calls=(
                    CallMade(NINE, Called.UNREACHABLE, "Asel"),
                    CallMade(TEN, Called.WRONG_NUMBER, "Asel"),
                ),
            ),
            "put on the call list: 08.04.2026, 09:00; called: 08.04.2026, 09:00 (Asel), nobody "
            "answered; called: 08.04.2026, 10:00 (Asel), wrong number.",
        ),
        (
            life(
                **CALL,
                state=State.DELIVERED,
                delivered_at=TEN,
                calls=(CallMade(TEN, Called.WILL_CONFIRM, "Asel"),),
            ),
            "put on the call list: 08.04.2026, 09:00; called: 08.04.2026, 10:00 (Asel), the "
            "family will answer in time.",
        ),
        (
            life(**CALL, state=State.EXPIRED, because="too_late"),
            "put on the call list: 08.04.2026, 09:00; the term has ended.",
        ),
    ],
)
def test_what_became_of_a_notice_is_told_in_plain_words(told_of: Life, fate: str) -> None:
    (line,) = told([told_of], texts("en"))
    assert line.startswith("08.04.2026, 09:00, ")
    assert line.endswith(f": {fate}")


def test_the_one_planned_last_comes_first() -> None:
    lines = told([life(), life(planned_at=TEN, due_at=TEN, channel=Channel.SMS)], texts("ru"))
    assert [line[:17] for line in lines] == ["08.04.2026, 10:00", "08.04.2026, 09:00"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_life_is_without_words_or_too_long_for_a_phone(language: str) -> None:
    codes = (None, "Error", *BECAUSE)
    for channel, state, because, attempts in product(Channel, State, codes, (0, 9)):
        one = life(
            channel=channel,
            state=state,
            because=because,
            attempts=attempts,
            sent_at=NINE if state in OUT or channel is Channel.CALL else None,
            seen_at=TEN if state is State.SEEN else None,
            delivered_at=TEN if state is State.DELIVERED else None,
        )
        (line,) = told([one], texts(language))
        assert "{" not in line
        assert not line.endswith(": .")
        assert len(line) < 200  # 20 of them are one message of Telegram's 4096 letters
    for kind in KINDS:
        assert len(told([life(kind=kind)], texts(language))[0]) < 200


def test_telegram_is_not_needed_to_tell_it() -> None:
    """A command starts quickly."""
    code = "import documents.lives, sys; sys.exit('aiogram' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
