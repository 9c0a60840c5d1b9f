"""The desk as a process of its own: `python -m sandbox --port 8081 --bot-url http://…`."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path

import uvicorn

from sandbox.app import build
from sandbox.clock import ALMATY, parse_instant
from sandbox.settings import DeskSettings


def read_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--bot-url", default="http://127.0.0.1:8080", help="where the bot serves")
    parser.add_argument("--secret", required=True, help="of the bot's desk routes and the MAB")
    parser.add_argument("--portal-secret", required=True, help="signs the portal's events")
    parser.add_argument("--token", default="1000000:desk", help="the bot's token at this desk")
    parser.add_argument("--start", type=parse_instant, help="clock before the bot tells its own")
    parser.add_argument("--state", type=Path, help="a file in which the desk remembers")
    parser.add_argument("--smsc-login", default="desk")
    parser.add_argument("--smsc-password", default="desk")
    parser.add_argument("--smsc-secret", default="desk", help="of the address of its receipts")
    parser.add_argument("--mobizon-key", default="desk")
    return parser.parse_args(arguments)


def main() -> None:
    options = read_arguments()
    settings = DeskSettings(
        bot_url=options.bot_url,
        desk_secret=options.secret,
        portal_secret=options.portal_secret,
        bot_token=options.token,
        start=options.start or datetime.now(ALMATY),
        state_path=options.state,
        smsc_login=options.smsc_login,
        smsc_password=options.smsc_password,
        smsc_secret=options.smsc_secret,
        mobizon_key=options.mobizon_key,
    )
    uvicorn.run(
        build(settings),
        host="127.0.0.1",
        port=options.port,
        log_level="warning",
        timeout_graceful_shutdown=2,
    )


if __name__ == "__main__":
    main()
