"""Settings: what is missing is named at the start, and only what the chosen gateways need."""

import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from bot.__main__ import main
from bot.settings import Settings, faults_in

ROOT = Path(__file__).parent.parent.parent.parent
NEEDED: dict[str, Any] = {"bot_token": "1:x", "secret_key": "k" * 32}
SMSC: dict[str, Any] = {"smsc_login": "oryn", "smsc_password": "x"}
MOBIZON: dict[str, Any] = {"mobizon_key": "x"}


def made(**values: Any) -> Settings:
    return Settings.model_validate(NEEDED | values)


@pytest.mark.parametrize(
    ("gateways", "given", "missing"),
    [
        (["smsc"], SMSC, None),
        (["mobizon"], MOBIZON, None),
        (["mobizon", "smsc"], SMSC | MOBIZON, None),
        (["smsc"], MOBIZON, "SMSC_LOGIN, SMSC_PASSWORD"),
        (["mobizon"], SMSC, "MOBIZON_KEY"),
        (["smsc", "mobizon"], SMSC, "MOBIZON_KEY"),
    ],
)
def test_a_gateway_needs_its_own_settings_only(
    gateways: list[str], given: dict[str, Any], missing: str | None
) -> None:
    settings = made(sms_gateways=gateways, **given)
    if missing is None:
        settings.check_for_telegram()
        return
    with pytest.raises(SystemExit) as stopped:
        settings.check_for_telegram()
    assert str(stopped.value).endswith(": " + missing)


@pytest.mark.parametrize("gateways", [[], ["smsc", "smsc"], ["kcell"]])
def test_the_list_of_gateways_makes_sense(gateways: list[str]) -> None:
    with pytest.raises(ValidationError):
        made(sms_gateways=gateways)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"PORTAL_DAYS": "s3cret"}, "PORTAL_DAYS: Input should be a valid integer"),
        ({"SMS_GATEWAYS": "s3cret"}, "SMS_GATEWAYS: Input should be a JSON list"),
        ({"SMS_GATEWAYS": '["s3cret"]'}, "SMS_GATEWAYS: Input should be 'smsc' or 'mobizon'"),
        ({"DATABASE_URL": "s3cret"}, "DATABASE_URL: Input should be sqlite:///… or postgresql://"),
        ({"DATABASE_URL": "mysql://oryn:s3cret@host/oryn"}, "DATABASE_URL: Input should be"),
        ({"DATABASE_URL": "postgresql://oryn@host:s3cret/oryn"}, "DATABASE_URL: Input should be"),
        ({"PORTAL_URL": "https://x/s3cret"}, "PORTAL_URL needs PORTAL_SECRET beside it"),
    ],
)
def test_a_wrong_setting_is_named_in_a_line_and_its_value_is_not(
    given: dict[str, str], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as stopped:
        main(["watch"])
    [line] = str(stopped.value).splitlines()
    assert told in line
    assert "s3cret" not in line


def test_a_command_tells_each_wrong_setting_in_a_line_and_nothing_else(tmp_path: Path) -> None:
    wrong = {"HTTP_PORT": "s3cret", "DATABASE_URL": "s3cret", "SMS_GATEWAYS": "s3cret"}
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "serve"],
        env={**os.environ, "PYTHONPATH": str(ROOT), **wrong},
        cwd=tmp_path,  # no `.env` of ours counts
        capture_output=True,
        check=False,
        text=True,
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert {line.split(":")[0] for line in ended.stderr.splitlines()} == set(wrong)
    assert "s3cret" not in ended.stderr


def test_who_starts_the_server_by_another_command_is_shown_no_value_either(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PORT", "s3cret")
    with pytest.raises(ValidationError) as told:
        Settings()
    assert "s3cret" not in str(told.value)


def test_an_error_of_something_else_is_no_setting_s() -> None:
    assert faults_in(ValueError("Settings")) is None


def test_receipts_are_taken_only_of_gateways_in_use_that_have_a_secret() -> None:
    both = {"smsc_secret": "s", "mobizon_secret": "m"}
    settings = made(sms_gateways=["smsc"], **both)
    assert settings.receipt_secrets("smsc") == ("s",)
    assert settings.receipt_secrets("mobizon") == ()
    assert settings.receipt_secrets("kcell") == ()
    assert made().receipt_secrets("smsc") == ()


def test_a_price_of_nothing_is_not_known() -> None:
    assert made(mobizon_price="16.5").sms_prices == {"mobizon": Decimal("16.5")}
    with pytest.raises(ValidationError):
        made(smsc_price=-1)


def test_a_portal_is_told_nothing_unsigned() -> None:
    with pytest.raises(ValidationError, match="PORTAL_SECRET"):
        made(portal_url="https://portal.example/told")
    assert made(portal_url="https://portal.example/told", portal_secret="x").portal_url


def test_while_a_secret_is_changed_two_are_taken_and_without_a_main_one_none() -> None:
    settings = made(webhook_secret="new", webhook_secret_also="old", smsc_secret_also="old")
    assert settings.webhook_secrets == ("new", "old")
    assert settings.receipt_secrets("smsc") == ()
    assert settings.portal_secrets == ()
