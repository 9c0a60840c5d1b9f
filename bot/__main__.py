"""The command line: `oryn …`. What needs no Telegram starts without importing it."""

import argparse
import asyncio
import gc
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

KINDS = ("citizens", "applications", "kindergartens", "places", "days")


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point of the `oryn` command."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except ValueError as error:
        from bot.settings import faults_in

        faults = faults_in(error)
        if faults is None:
            raise
        raise SystemExit(faults) from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="oryn", description=__doc__)
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    demo = _command(commands, "demo", "the bot and a pretended Telegram, on this machine", _demo)
    demo.add_argument("--port", type=int, default=8080, help="default 8080; 0: any free one")
    demo.add_argument("--data", type=Path, help="keep the data in this folder")

    _command(commands, "run", "the real bot, all in one process: needs BOT_TOKEN", _run)
    _command(commands, "serve", "the webhook's server: needs WEBHOOK_URL and workers", _serve)
    _command(commands, "worker", "sweeps, codes and notices: no updates", _worker)
    _command(commands, "migrate", "bring the database to the newest schema", _migrate)
    _command(commands, "seed", "fill an empty database with demo data", _seed)

    voucher = commands.add_parser("voucher", help="vouchers").add_subparsers(
        title="commands", required=True, metavar="COMMAND"
    )
    issue = _command(voucher, "issue", "issue a voucher", _issue)
    issue.add_argument("registration_number", help="as the application has it: ОДО.2026.248")

    calls = _command(commands, "calls", "families that the department has to call", _calls)
    calls.add_argument("--csv", type=Path, metavar="FILE", help="write the list there, for Excel")
    marking = calls.add_subparsers(title="commands", metavar="COMMAND")
    mark = _command(marking, "mark", "note what came of a call", _mark)
    mark.add_argument("id", type=int, help="as the list has it")
    mark.add_argument("result", choices=("will_confirm", "unreachable", "wrong_number"))
    mark.add_argument("--by", required=True, metavar="NAME", help="who called")

    why = _command(commands, "why", "what became of each notice about an application", _why)
    why.add_argument("registration_number", help="as the application has it: ОДО.2026.248")

    brought = _command(
        commands, "import", "report on a file of a register, or bring it in", _import
    )
    brought.add_argument("file", type=Path, help="XLSX or CSV")
    brought.add_argument("--kind", choices=KINDS, help="refuse a file of another kind")
    brought.add_argument("--apply", action="store_true", help="bring in what is not refused")
    brought.add_argument("--refused", type=Path, metavar="FILE", help="write refused rows there")
    template = _command(commands, "template", "an empty file of a register, to fill in", _template)
    template.add_argument("kind", choices=KINDS)
    template.add_argument("file", type=Path, help="XLSX; it is overwritten")
    template.add_argument("--language", choices=("kk", "ru", "en"), default="kk")
    stats = _command(commands, "stats", "the figures as a picture", _stats)
    stats.add_argument("file", type=Path, help="where to write it: figures.png")
    stats.add_argument("--district", help="kokshetau, …; the region without it")
    stats.add_argument("--language", choices=("kk", "ru", "en"), default="kk")

    staff = commands.add_parser("staff", help="roles of the departments' staff").add_subparsers(
        title="commands", required=True, metavar="COMMAND"
    )
    grant = _command(staff, "grant", "give a role; the IIN is asked, or read from stdin", _grant)
    grant.add_argument("role", choices=("operator", "head", "administrator"))
    grant.add_argument("--district", help="an operator's: kokshetau, …")
    revoke = _command(staff, "revoke", "end a role", _revoke)
    revoke.add_argument("id", type=int, help="as the list has it")
    _command(staff, "list", "who holds a role", _staff)

    outage = commands.add_parser("outage", help="outages, and terms extended for them")
    outages = outage.add_subparsers(title="commands", required=True, metavar="COMMAND")
    declare = _command(outages, "declare", "declare what the bot could not see itself", _declare)
    declare.add_argument("cause", choices=("telegram", "gateways", "ours"))
    declare.add_argument("when", metavar="WHEN", help='in Kazakhstan: "09.04.2026 22:15 - 23:30"')
    declare.add_argument(
        "--reason", required=True, choices=("announced", "reported", "measured"), help="how known"
    )
    _command(outages, "list", "the last ones", _outages)

    portal = commands.add_parser("portal", help="the portal").add_subparsers(
        title="commands", required=True, metavar="COMMAND"
    )
    _command(portal, "again", "tell the portal what was given up", _tell_again)

    backup = _command(commands, "backup", "copy the SQLite database while it is in use", _backup)
    backup.add_argument("file", type=Path, help="where to; it must not be there yet")
    _command(commands, "watch", "ask every watchdog now; fails if one is ill", _watch)
    _command(commands, "purge", "delete now what is kept no longer", _purge)
    return parser


def _command(
    commands: Any, name: str, help_: str, run: Callable[[argparse.Namespace], None]
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=help_, description=help_)
    parser.set_defaults(run=run)
    return parser


def _demo(options: argparse.Namespace) -> None:
    _loaded("demo").run(options.port, options.data)


def _run(_: argparse.Namespace) -> None:
    _loaded("webhook").main()


def _serve(_: argparse.Namespace) -> None:
    from bot.settings import Settings

    settings = Settings()
    if not settings.webhook_url:
        raise SystemExit("Set WEBHOOK_URL and WEBHOOK_SECRET, or use `oryn run`.")
    # where no worker can stand beside it, a server that does not work would tell nobody anything
    _loaded("webhook").main(works=settings.on_sqlite)


def _worker(_: argparse.Namespace) -> None:
    _loaded("bot.running").work()


def _loaded(module: str) -> Any:
    """A module that brings Telegram. What comes with it stays for good, aiogram's 200,000 objects
    among it: no garbage collection looks through it, now or later, which would stop all answers
    for a seventh of a second each time."""
    gc.disable()
    try:
        return import_module(module)
    finally:
        gc.freeze()
        gc.enable()


def _migrate(_: argparse.Namespace) -> None:
    from bot.maintenance import migrate_database

    _say(asyncio.run(migrate_database()))


def _seed(_: argparse.Namespace) -> None:
    from bot.maintenance import seed_database

    _say(asyncio.run(seed_database()))


def _issue(options: argparse.Namespace) -> None:
    from bot.maintenance import issue_voucher

    _say(asyncio.run(issue_voucher(options.registration_number)))


def _calls(options: argparse.Namespace) -> None:
    from bot.calls import list_calls

    _say(asyncio.run(list_calls(options.csv)))


def _mark(options: argparse.Namespace) -> None:
    from bot.calls import mark_call

    _say(asyncio.run(mark_call(options.id, options.result, options.by)))


def _why(options: argparse.Namespace) -> None:
    from bot.why import tell_why

    _say(asyncio.run(tell_why(options.registration_number)))


def _stats(options: argparse.Namespace) -> None:
    from bot.stats import draw

    options.file.write_bytes(asyncio.run(draw(options.district, options.language)))
    _say(f"The figures are in {options.file}.")


def _grant(options: argparse.Namespace) -> None:
    from bot.staff import asked_iin, grant

    _say(asyncio.run(grant(asked_iin(), options.role, options.district)))


def _revoke(options: argparse.Namespace) -> None:
    from bot.staff import revoke

    _say(asyncio.run(revoke(options.id)))


def _staff(_: argparse.Namespace) -> None:
    from bot.staff import listed

    _say(asyncio.run(listed()))


def _declare(options: argparse.Namespace) -> None:
    from bot.outages import declare

    _say(declare(options.cause, options.when, options.reason))


def _outages(_: argparse.Namespace) -> None:
    from bot.outages import listed

    _say(asyncio.run(listed()))


def _import(options: argparse.Namespace) -> None:
    from bot.registry import bring_in

    _say(asyncio.run(bring_in(options.file, options.kind, options.apply, options.refused)))


def _template(options: argparse.Namespace) -> None:
    from bot.registry import write_template

    _say(asyncio.run(write_template(options.kind, options.file, options.language)))


def _tell_again(_: argparse.Namespace) -> None:
    from bot.maintenance import tell_portal_again

    _say(asyncio.run(tell_portal_again()))


def _watch(_: argparse.Namespace) -> None:
    from bot.maintenance import watch_now

    told, well = asyncio.run(watch_now())
    _say(told)
    if not well:
        raise SystemExit(1)


def _backup(options: argparse.Namespace) -> None:
    from bot.backup import back_up

    _say(back_up(options.file))


def _purge(_: argparse.Namespace) -> None:
    from bot.maintenance import purge_now

    _say(asyncio.run(purge_now()))


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
