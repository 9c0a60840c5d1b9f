"""The document of the HTTP face: all that it allows, and much that it does not, is answered as it
says, and never with a fault of ours."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS

from bot.portal import examples
from bot.portal.shapes import DATA
from core.clock import TravelClock
from core.portal.signature import sign
from seed.people import START
from tests.e2e.threaded import Served, served

OPERATIONS = {
    "/portal/events": ("POST",),
    "/telegram/webhook": ("POST",),
    "/sms/{gateway}/receipt/{secret}": ("GET", "POST"),
    "/health/live": ("GET",),
    "/health/ready": ("GET",),
    "/metrics": ("GET",),
}
CHECKED = [
    *("not_a_server_error", "status_code_conformance"),
    *("content_type_conformance", "response_schema_conformance"),
]


ALLOWED = schemathesis.GenerationMode.POSITIVE
AWRY: list[Any] = [
    *(
        None,
        "",
        " ",
        "0",
        "?",
        "=1+1",
        "\ufffd",
        "\u202e",
        "null",
        "жоқ",
        0,
        -1,
        10**30,
        1.5,
        True,
        [],
        {},
    ),
    *(
        "2026-02-30",
        "0000-00-00",
        "9999-12-31",
        "9999-12-31T23:59:59-12:00",
        "0001-01-01T00:00:00+14:00",
    ),
    *("1900-01-01", "01.06.2026", "000000000000", "+77000000000", "temporary", "общий", "kosshy"),
]
"""Values on the edge of something."""
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


class Signed(requests.auth.AuthBase):
    """Signs whatever is sent, as the portal does, and knows Telegram's secret."""

    def __init__(self, house: Served) -> None:
        self._portal = house.settings.portal_secret.get_secret_value()
        self._telegram = house.settings.webhook_secret.get_secret_value()

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        assert isinstance(body, bytes)
        timestamp = str(int(START.timestamp()))
        request.headers["X-Timestamp"] = timestamp
        request.headers["X-Signature"] = sign(self._portal, timestamp, body)
        request.headers["X-Telegram-Bot-Api-Secret-Token"] = self._telegram
        return request


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def house(database_url: str) -> Iterator[Served]:
    """The house with the demo data, at 07.04.2026 11:30."""
    with served(database_url, TravelClock(START, running=False), {}) as house:
        yield house


@pytest.fixture
def client(house: Served) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.auth = Signed(house)
        session.trust_env = False
        yield session


def post(client: requests.Session, house: Served, event: Any) -> requests.Response:
    return client.post(f"{house.base}/portal/events", json=event, timeout=60)


def test_every_example_of_the_document_works(client: requests.Session, house: Served) -> None:
    """One after another, and all of them in a batch, which then change nothing more."""
    document = client.get(f"{house.base}/openapi.json", timeout=60).json()
    assert document == house.openapi
    content = document["paths"]["/portal/events"]["post"]["requestBody"]["content"]
    shown = content["application/json"]["examples"]
    assert set(shown) == set(examples.EVENTS)
    for type_, example in shown.items():
        answer = post(client, house, example["value"])
        assert answer.status_code == 200, (type_, answer.text)
    items = answer.json()["events"]
    assert [item["result"] for item in items] == ["done"] * 7
    assert [item["answer"]["outcome"] for item in items[:5]] == ["unchanged"] * 5


def test_every_type_is_described(house: Served) -> None:
    schemas = house.openapi["components"]["schemas"]
    described = schemas["PortalEvent"]["discriminator"]["mapping"]
    assert set(described) == set(examples.EVENTS)
    told = house.openapi["webhooks"]["application.changed"]["post"]
    assert {one["name"] for one in told["parameters"]} == {"X-Timestamp", "X-Signature"}
    assert set(house.openapi["paths"]) == {*OPERATIONS}


def try_out(house: Served, client: requests.Session, n: int) -> None:
    """Every operation with what its document allows and, where there is a body, with what it does
    not."""
    schema = schemathesis.openapi.from_dict(house.openapi)
    schema.config.update(base_url=house.base)
    checks: Any = CHECKS.get_by_names(CHECKED)
    for path, methods in OPERATIONS.items():
        for method in methods:
            operation = schema[path][method]
            modes = list(schemathesis.GenerationMode) if operation.body else [ALLOWED]
            for mode in modes:
                cases = operation.as_strategy(generation_mode=mode)

                @often(n if operation.body else n // 10)
                @given(case=cases)
                def run(case: schemathesis.Case[Any]) -> None:
                    case.call_and_validate(session=client, checks=checks)

                run()


def often(n: int) -> settings:
    """So many examples, the same each time."""
    return settings(
        max_examples=n,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def try_one_field(house: Served, client: requests.Session, n: int) -> None:
    """Events that are right but for one field of their data, alone and in a batch: they come
    further than those that are wrong from the first letter."""

    @often(n)
    @given(st.data())
    def run(data: st.DataObject) -> None:
        type_ = data.draw(st.sampled_from(list(examples.DATA)))
        field = data.draw(st.sampled_from(list(DATA[type_].model_fields)))
        right = examples.DATA[type_]
        values = st.sampled_from([right.get(field), *AWRY]) | st.text(max_size=50) | ANYTHING
        awry = {**right, field: data.draw(values)}
        event = {**examples.EVENTS[type_], "id": data.draw(st.uuids().map(str)), "data": awry}
        alone = post(client, house, event)
        assert alone.status_code in (200, 404, 409, 422), event
        items = {"events": [{"type": type_, "data": awry}, {"type": type_, "data": right}]}
        batch = post(
            client, house, {**event, "id": f"b{event['id']}"[:64], "type": "batch", "data": items}
        )
        assert batch.status_code == 200, event

    run()


def test_whatever_comes_is_answered_as_the_document_says(
    house: Served, client: requests.Session
) -> None:
    try_out(house, client, 30)
    try_one_field(house, client, 60)


@pytest.mark.soak
@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_whatever_comes_for_a_long_time(house: Served, client: requests.Session) -> None:
    try_out(house, client, 200)
    try_one_field(house, client, 1_000)
