"""Every setting, from the environment or `.env`, with its unit and default."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError


class Settings(BaseSettings):
    """What an operator may set. A missing secret is refused at the start, with its name."""

    model_config = SettingsConfigDict(
        env_file=".env", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    bot_token: SecretStr = SecretStr("")
    """Telegram's token of the bot."""
    bot_name: str = ""
    """The bot's name at Telegram, without @, for the links in SMS; empty: Telegram is asked."""
    bot_api_url: str = "https://api.telegram.org"
    """Any server that speaks the Bot API."""
    database_url: str = "sqlite:///data/orynbot.sqlite3"
    """SQLite or PostgreSQL."""
    secret_key: SecretStr = SecretStr("")
    """Keys the hashes of one-time codes: at least 32 characters."""
    secret_key_also: SecretStr = SecretStr("")
    """While a secret is being changed: the other one, the new one first, then the old one. What is
    under either is taken; what we make is under the main one. So with all `…_also`."""

    webhook_url: str = ""
    """The public https address of this server; empty: long polling."""
    webhook_secret: SecretStr = SecretStr("")
    """Telegram repeats it in a header: 1-256 of A-Z a-z 0-9 _ -."""
    webhook_secret_also: SecretStr = SecretStr("")
    backups: str = ""
    """The folder of the nightly dumps, where this machine has it: they are watched; empty: not."""
    http_host: str = "127.0.0.1"
    http_port: int = 8080
    metrics_port: int = 0
    """Where a worker tells Prometheus its own figures, at `http_host`; 0: nowhere."""

    mab_url: str = ""
    """The citizens' base (R3); empty: the table in our database."""
    mab_secret: SecretStr = SecretStr("")
    """Bearer token for the citizens' base."""
    portal_secret: SecretStr = SecretStr("")
    """Signs the portal's events, and what the portal is told; empty: no events are accepted."""
    portal_secret_also: SecretStr = SecretStr("")
    portal_url: str = ""
    """The address at which the portal is told what parents did; empty: nothing is told."""

    sms_gateways: Annotated[tuple[Literal["smsc", "mobizon"], ...], NoDecode] = Field(
        default=("smsc",), min_length=1
    )
    """In order of preference, as a JSON list."""
    smsc_url: str = "https://smsc.kz"
    smsc_login: str = ""
    smsc_password: SecretStr = SecretStr("")
    smsc_sender: str = ""
    smsc_secret: SecretStr = SecretStr("")
    """Stands in the address of SMSC's receipts and signs them; empty: none are taken."""
    smsc_secret_also: SecretStr = SecretStr("")
    smsc_price: Decimal = Field(default=Decimal(0), ge=0)
    """Tenge for one segment, where SMSC does not tell; 0: unknown."""
    mobizon_url: str = "https://api.mobizon.kz"
    mobizon_key: SecretStr = SecretStr("")
    mobizon_sender: str = ""
    mobizon_secret: SecretStr = SecretStr("")
    """Stands in the address of Mobizon's receipts and signs them; empty: none are taken."""
    mobizon_secret_also: SecretStr = SecretStr("")
    mobizon_price: Decimal = Field(default=Decimal(0), ge=0)
    """Tenge for one segment: Mobizon does not tell; 0: unknown."""

    telegram_per_second: int = Field(default=30, ge=1)
    """Messages over all chats; 1000 where paid broadcasts are bought."""
    telegram_per_chat: int = Field(default=1, ge=1)
    """Messages a second in one chat; answers may come in short bursts."""

    support_phone: str = "+7 (7162) 00-00-00"
    """Shown as given: the phone of technical support (R1)."""
    support_hours: str = "09:00–18:00"
    consent_version: str = "2026-04"
    """Kept with each consent: change it with the wording of the consent."""
    session_days: int = Field(default=30, ge=1)
    notice_days: int = Field(default=365, ge=1)
    """For how long each of these is kept, once it is over; purged nightly."""
    sms_days: int = Field(default=365, ge=1)
    receipt_days: int = Field(default=30, ge=1)
    login_days: int = Field(default=30, ge=1)
    code_days: int = Field(default=30, ge=1)
    portal_days: int = Field(default=90, ge=1)
    tick_seconds: float = Field(default=2, gt=0)
    """How often the worker looks for what is due, besides being woken by commits."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("sms_gateways", mode="before")
    @classmethod
    def _listed(cls, given: object) -> object:
        """Read here, so that a fault in it is told as every other one."""
        try:
            return json.loads(given) if isinstance(given, str) else given
        except ValueError:
            raise ValueError('Input should be a JSON list: ["smsc"]') from None

    @field_validator("database_url")
    @classmethod
    def _of_a_database(cls, given: str) -> str:
        """Found out later, it would be told with the password, or in no plain words."""
        try:
            kind = make_url(given).get_backend_name()
        except (ArgumentError, ValueError):
            kind = ""
        if kind not in ("sqlite", "postgresql", "postgres"):
            raise ValueError("Input should be sqlite:///… or postgresql://user:password@host/name")
        return given

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.webhook_url and not self.webhook_secret.get_secret_value():
            raise ValueError("WEBHOOK_URL needs WEBHOOK_SECRET beside it")
        if self.portal_url and not self.portal_secret.get_secret_value():
            raise ValueError("PORTAL_URL needs PORTAL_SECRET beside it")
        if len(set(self.sms_gateways)) < len(self.sms_gateways):
            raise ValueError("SMS_GATEWAYS names a gateway twice")
        return self

    def check_for_telegram(self) -> None:
        """SystemExit, naming what is missing, when the real bot cannot start."""
        needed: dict[str, object] = {
            "BOT_TOKEN": self.bot_token.get_secret_value(),
            "SECRET_KEY (32 characters or more)": len(self.secret_key) >= 32,
        }
        if "smsc" in self.sms_gateways:
            needed["SMSC_LOGIN"] = self.smsc_login
            needed["SMSC_PASSWORD"] = self.smsc_password.get_secret_value()
        if "mobizon" in self.sms_gateways:
            needed["MOBIZON_KEY"] = self.mobizon_key.get_secret_value()
        missing = [name for name, value in needed.items() if not value]
        if missing:
            raise SystemExit(
                "Set these in the environment or in .env, then start again: " + ", ".join(missing)
            )

    def receipt_secrets(self, gateway: str) -> tuple[str, ...]:
        """The secrets of that gateway's receipts; none: none are taken."""
        if gateway not in self.sms_gateways:
            return ()
        pairs = {
            "smsc": (self.smsc_secret, self.smsc_secret_also),
            "mobizon": (self.mobizon_secret, self.mobizon_secret_also),
        }
        return _given(*pairs[gateway])

    @property
    def webhook_address(self) -> str:
        """Where Telegram brings updates; empty: nowhere, they are polled."""
        return self.webhook_url and self.webhook_url.rstrip("/") + "/telegram/webhook"

    @property
    def webhook_secrets(self) -> tuple[str, ...]:
        """Those that Telegram may send; none: no update is taken."""
        return _given(self.webhook_secret, self.webhook_secret_also)

    @property
    def portal_secrets(self) -> tuple[str, ...]:
        """Those that may sign the portal's events; none: no event is taken."""
        return _given(self.portal_secret, self.portal_secret_also)

    @property
    def sms_prices(self) -> dict[str, Decimal]:
        """Tenge for one segment, by gateway, as far as known."""
        prices = {"smsc": self.smsc_price, "mobizon": self.mobizon_price}
        return {name: price for name, price in prices.items() if price}

    @property
    def on_sqlite(self) -> bool:
        """One process then does everything."""
        return self.database_url.startswith("sqlite")

    def prepare_folder(self) -> None:
        """Make the folder of an SQLite file."""
        if self.database_url.startswith("sqlite:///"):
            path = Path(self.database_url.removeprefix("sqlite:///"))
            path.parent.mkdir(parents=True, exist_ok=True)


def _given(main: SecretStr, also: SecretStr) -> tuple[str, ...]:
    """None where the main one is missing."""
    found = (main.get_secret_value(), also.get_secret_value())
    return tuple(secret for secret in found if secret) if found[0] else ()


def faults_in(error: ValueError) -> str | None:
    """What is wrong with which setting, a line each, without the values, which may be secrets.
    None: the error is not of the settings."""
    if not isinstance(error, ValidationError) or error.title != Settings.__name__:
        return None
    lines: dict[str, str] = {}
    for fault in error.errors(include_url=False, include_context=False, include_input=False):
        named = [str(name).upper() for name in fault["loc"][:1]]  # none where two do not fit
        plain = fault["msg"].removeprefix("Value error, ")
        lines.setdefault("".join(named), ": ".join([*named, plain]))
    return "\n".join(lines.values())
