"""Whoever hammers is slowed: repeats of a press are dropped, everything else is done in order."""

from bot.hammering import MOST_WAITING, Button, Fate, Hammering, Person
from bot.outgoing.pace import CHAT_BURST

CONFIRM: Button = (1000, "act:1")
BACK: Button = (1000, "o:1")


class Somebody:
    """A person at a door that handles one update a second, after a burst."""

    def __init__(self) -> None:
        self.now = 0.0
        self.hammering = Hammering(1, lambda: self.now)
        self.updates = 0

    @property
    def person(self) -> Person:
        return self.hammering.person(1)

    def does(self, button: Button | None, *, update: int | None = None) -> Fate:
        """Taps, or writes; what is taken stays in hand."""
        if update is None:
            self.updates += 1
            update = self.updates
        fate = self.hammering.judge(self.person, update, button).fate
        if fate in (Fate.HANDLED, Fate.LATER):
            self.hammering.take(self.person, update, button)
        return fate

    def is_answered(self) -> None:
        """All that was in hand."""
        for update in list(self.person.in_hand):
            self.hammering.answered(self.person, update)

    def taps_a_burst(self) -> None:
        for number in range(CHAT_BURST):
            assert self.does((1000, f"page:{number}")) is Fate.HANDLED
            self.is_answered()


def test_ten_quick_taps_are_handled_at_once() -> None:
    Somebody().taps_a_burst()


def test_a_press_is_done_once_however_often_it_comes_while_it_is_in_hand() -> None:
    somebody = Somebody()
    fates = [somebody.does(CONFIRM) for _ in range(4)]
    assert fates == [Fate.HANDLED, *[Fate.REPEATS] * 3]


def test_a_press_that_has_been_answered_may_be_pressed_again() -> None:
    """A new code is asked for by the same button."""
    somebody = Somebody()
    for _ in range(2 * CHAT_BURST):
        assert somebody.does(CONFIRM) is Fate.HANDLED
        somebody.is_answered()
        somebody.now += 1


def test_a_queue_of_repeats_that_telegram_has_kept_is_dropped() -> None:
    """It brings the next one as soon as the one before is answered."""
    somebody = Somebody()
    assert somebody.does(CONFIRM) is Fate.HANDLED
    for _ in range(200):
        somebody.is_answered()
        assert somebody.does(CONFIRM) is Fate.REPEATS
        somebody.hammering.answered(somebody.person, somebody.updates)
        somebody.now += 0.02
    assert somebody.does(BACK) is Fate.HANDLED


def test_the_last_press_of_a_decision_is_never_swallowed() -> None:
    """Whoever steps back and then confirms after all has confirmed."""
    somebody = Somebody()
    assert [somebody.does(b) for b in (CONFIRM, BACK, CONFIRM)] == [Fate.HANDLED] * 3


def test_a_decision_above_the_pace_is_only_delayed() -> None:
    somebody = Somebody()
    somebody.taps_a_burst()
    assert somebody.does(CONFIRM) is Fate.LATER
    assert somebody.does(BACK) is Fate.LATER
    assert somebody.does(CONFIRM) is Fate.LATER
    assert somebody.does(None) is Fate.LATER  # and so is a message, a code for instance
    assert somebody.does(None) is Fate.LATER


def test_what_is_delayed_keeps_its_order() -> None:
    somebody = Somebody()
    somebody.taps_a_burst()
    waits = []
    for number, button in enumerate((CONFIRM, BACK, None)):
        waits.append(somebody.hammering.judge(somebody.person, 50 + number, button).wait)
        somebody.hammering.take(somebody.person, 50 + number, button)
    assert waits == [1, 2, 3]


def test_the_same_button_under_another_message_is_another_press() -> None:
    somebody = Somebody()
    assert somebody.does(CONFIRM) is Fate.HANDLED
    assert somebody.does((1001, CONFIRM[1])) is Fate.HANDLED


def test_repeats_above_the_pace_are_dropped_until_there_is_room_again() -> None:
    somebody = Somebody()
    somebody.taps_a_burst()
    assert somebody.does(CONFIRM) is Fate.LATER
    somebody.is_answered()
    assert [somebody.does(CONFIRM) for _ in range(50)] == [Fate.REPEATS] * 50
    somebody.now += 2
    assert somebody.does(CONFIRM) is Fate.HANDLED


def test_an_update_that_is_brought_again_is_no_hammering() -> None:
    """Telegram repeats what was not answered: dropped then, it would be lost."""
    somebody = Somebody()
    assert somebody.does(CONFIRM, update=7) is Fate.HANDLED
    assert somebody.does(CONFIRM, update=7) is Fate.HANDLED
    somebody.is_answered()
    assert somebody.does(CONFIRM, update=7) is Fate.HANDLED


def test_more_than_can_wait_is_refused() -> None:
    somebody = Somebody()
    somebody.taps_a_burst()
    for number in range(MOST_WAITING):
        assert somebody.does((2000, str(number))) is Fate.LATER
    assert somebody.does(CONFIRM) is Fate.TOO_MANY
    assert somebody.does(None) is Fate.TOO_MANY


def test_others_are_not_slowed() -> None:
    somebody = Somebody()
    somebody.taps_a_burst()
    assert somebody.does(CONFIRM) is Fate.LATER
    other = somebody.hammering.person(2)
    assert somebody.hammering.judge(other, 99, CONFIRM).fate is Fate.HANDLED


def test_who_is_calm_is_forgotten() -> None:
    """What is kept grows with those who tap now, not with all who ever did."""
    somebody = Somebody()
    somebody.taps_a_burst()
    first = somebody.person
    somebody.now += CHAT_BURST
    somebody.hammering.person(2)
    assert somebody.person is not first
