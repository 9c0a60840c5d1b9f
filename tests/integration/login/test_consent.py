"""Consent to processing personal data, and what is held (R4)."""

from core.login.values import Consent
from tests.integration.login.conftest import AIGUL, DANIYAR, HOME, OTHER, Door


async def test_consent_comes_first_and_is_kept_with_its_version(door: Door) -> None:
    assert not (await door.visitor()).consented
    given = door.clock.now()
    await door.login.give_consent(HOME, "2026-04", given)
    assert (await door.visitor()).consented
    entered = await door.enter()
    data = await door.login.my_data(entered.person.id)
    assert data.consents == (Consent("2026-04", given, None),)
    assert (await door.visitor()).consented


async def test_another_person_in_the_same_chat_is_asked_again(door: Door) -> None:
    await door.login.give_consent(HOME, "1", door.clock.now())
    await door.enter(HOME, AIGUL)
    await door.login.log_out(HOME, door.clock.now())
    assert not (await door.visitor()).consented
    await door.enter(HOME, DANIYAR)
    assert not (await door.visitor()).consented


async def test_consent_in_one_chat_is_none_in_another(door: Door) -> None:
    await door.login.give_consent(HOME, "1", door.clock.now())
    assert not (await door.visitor(OTHER)).consented


async def test_withdrawing_ends_consent_link_and_session(door: Door) -> None:
    given = door.clock.now()
    await door.login.give_consent(HOME, "1", given)
    entered = await door.enter()
    door.later(days=1)
    await door.login.withdraw_consent(HOME, door.clock.now())
    visitor = await door.visitor()
    assert (visitor.person, visitor.session, visitor.consented) == (None, False, False)
    data = await door.login.my_data(entered.person.id)
    assert data.consents == (Consent("1", given, door.clock.now()),)


async def test_withdrawing_reaches_what_was_given_in_an_older_chat(door: Door) -> None:
    await door.login.give_consent(HOME, "1", door.clock.now())
    await door.enter(HOME)
    await door.login.give_consent(OTHER, "2", door.clock.now())
    entered = await door.enter(OTHER)
    await door.login.withdraw_consent(OTHER, door.clock.now())
    data = await door.login.my_data(entered.person.id)
    assert [consent.version for consent in data.consents] == ["1", "2"]
    assert all(consent.withdrawn_at == door.clock.now() for consent in data.consents)


async def test_withdrawing_touches_nobody_elses_consent(door: Door) -> None:
    await door.login.give_consent(HOME, "1", door.clock.now())
    await door.login.give_consent(OTHER, "1", door.clock.now())
    await door.enter(OTHER, DANIYAR)
    await door.login.withdraw_consent(HOME, door.clock.now())  # before anybody entered there
    assert not (await door.visitor(HOME)).consented
    assert (await door.visitor(OTHER)).consented


async def test_my_data_tells_what_is_held(door: Door) -> None:
    now = door.clock.now()
    await door.visitors.choose_language(HOME, "ru", now)
    await door.visitors.choose_district(HOME, "kosshy", now)
    entered = await door.enter()
    await door.begin(OTHER, AIGUL, DANIYAR.phone)  # somebody's guess: nothing was sent
    data = await door.login.my_data(entered.person.id)
    assert data.person == entered.person
    assert (data.language, data.district) == ("ru", "kosshy")
    assert data.linked_at == now
    assert data.session_until
    assert data.codes_sent == 1


async def test_my_data_of_somebody_without_a_chat(door: Door) -> None:
    entered = await door.enter()
    await door.login.log_out(HOME, door.clock.now())
    data = await door.login.my_data(entered.person.id)
    assert (data.linked_at, data.session_until, data.language) == (None, None, None)
