"""The files to run it by name what there is: settings, commands, metrics, watchdogs, each other."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.__main__ import main
from bot.maintenance import retention_of
from bot.metrics import exposition
from bot.settings import Settings
from core.clock import TravelClock
from core.db.engine import Database
from core.watch.service import Watch
from core.watch.values import LATE, MINUTE
from core.watch.watchdogs import watchdogs

ROOT = Path(__file__).parent.parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
SUPERVISED = "deploy/supervisor/oryn.conf"
SCRIPTS = ("oryn", "backup", "roll")
SETTINGS = {name.upper() for name in Settings.model_fields}
OTHERS = {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD_FILE", "ORYN_VERSION", "PATH"}
OTHERS |= {"PYTHONUNBUFFERED", "PYTHONPATH"}
"""Of PostgreSQL's image, of Compose and of Python."""
NAME = re.compile(r"\boryn_[a-z_]+")
MADE = ("_bucket", "_sum", "_count", "_total", "_created")
"""What Prometheus adds to a metric's name."""


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def yaml_of(path: str) -> Any:
    return yaml.safe_load(read(path))


def commands() -> Iterator[str]:
    """What the units, the supervisor and the containers run."""
    for unit in (*UNITS, ROOT / SUPERVISED):
        yield from re.findall(r"bin/oryn ([a-z]+)", unit.read_text(encoding="utf-8"))
    for service in yaml_of("compose.yaml")["services"].values():
        if "command" in service:
            yield service["command"]


def test_every_setting_that_is_named_exists() -> None:
    named = set(re.findall(r"^([A-Z][A-Z_]+)=", read("deploy/oryn.env.example"), re.MULTILINE))
    for unit in UNITS:
        for line in re.findall(r"^Environment=(.+)$", unit.read_text(), re.MULTILINE):
            named |= set(re.findall(r"([A-Z_]+)=", line))
    named |= set(re.findall(r"([A-Z][A-Z_]+)=", read("Dockerfile") + read(SUPERVISED)))
    for service in yaml_of("compose.yaml")["services"].values():
        named |= set(service.get("environment", {}))
    assert named - OTHERS <= SETTINGS


def test_what_has_to_be_set_stands_in_the_example() -> None:
    given = set(re.findall(r"^([A-Z][A-Z_]+)=", read("deploy/oryn.env.example"), re.MULTILINE))
    assert {"BOT_TOKEN", "SECRET_KEY", "DATABASE_URL", "WEBHOOK_URL", "WEBHOOK_SECRET"} <= given


@pytest.mark.parametrize("command", sorted(set(commands())))
def test_every_command_that_is_run_exists(command: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0


def test_the_supervisor_keeps_two_of_each_and_ends_them_as_systemd_does() -> None:
    programs = ConfigParser(interpolation=None)
    programs.read_string(read(SUPERVISED))
    kept = [programs[name] for name in programs.sections() if name.startswith("program:")]
    assert [program["numprocs"] for program in kept] == ["2", "2"]
    for program in kept:
        unit = read(f"deploy/systemd/oryn-{program.name.removeprefix('program:')}@.service")
        assert f"TimeoutStopSec={program['stopwaitsecs']}\n" in unit
        assert program["directory"] == "/etc/oryn"  # where the settings are
        assert int(program["startretries"]) > 100_000  # never given up for a database that is away


@pytest.mark.parametrize("name", SCRIPTS)
def test_each_script_can_be_run(name: str) -> None:
    script = DEPLOY / name
    assert os.access(script, os.X_OK)
    assert subprocess.run(["sh", "-n", script], check=False).returncode == 0


def test_every_file_that_a_page_has_copied_or_run_is_there() -> None:
    pages = read("docs/installation.md") + read("docs/operation.md") + read("docs/secrets.md")
    pages += "".join(path.read_text() for path in (*UNITS, DEPLOY / "cron/oryn"))
    named = set(re.findall(r"/opt/oryn/current/(deploy/[\w./-]*[\w/])", pages))
    assert len(named) > 5
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_there_are_two_of_each_and_no_secret_in_the_file() -> None:
    compose = yaml_of("compose.yaml")
    run = [service.get("command") for service in compose["services"].values()]
    assert run.count("serve") == run.count("worker") == 2
    for service in compose["services"].values():
        if service.get("command") in ("serve", "worker"):
            assert "healthcheck" in service  # "up --wait" waits for it
    assert not re.search(r"(TOKEN|PASSWORD|SECRET(_KEY)?)\s*[:=]", read("compose.yaml"))
    for service in compose["services"].values():
        assert ":latest" not in service["image"].replace("${ORYN_VERSION:-latest}", "")
        for mounted in service.get("volumes", []):
            path = mounted.split(":")[0]
            if path.startswith("./deploy") and path != "./deploy/tls":
                assert (ROOT / path).exists()


def test_no_secret_goes_into_the_image() -> None:
    assert {"**/*.env", "deploy/tls", "deploy/postgres-password", "backups"} <= set(
        read(".dockerignore").splitlines()
    )


def test_the_proxy_lets_through_what_others_call_and_nothing_else() -> None:
    public = read("deploy/nginx-public.conf")
    doors = re.findall(r"^location (.+?) \{", public, re.MULTILINE)
    doors = [re.sub(r"\s+", " ", door).strip() for door in doors]
    assert doors == [
        "= /telegram/webhook",
        "= /portal/events",
        "~ ^/sms/[a-z]+/receipt/[A-Za-z0-9_-]+$",
        "/",
    ]
    assert re.search(r"^location / \{[^}]*return 404;\n\}", public, re.MULTILINE)
    assert "access_log off;" in public


def test_no_log_of_the_proxy_has_an_address_with_a_secret() -> None:
    silent = "error_log /dev/null crit;"
    public = read("deploy/nginx-public.conf")
    for door in re.findall(r"^location [~/][^{]*\{[^}]*\}", public, re.MULTILINE):
        assert silent in door
    port_80 = read("deploy/nginx.conf").split("server {")[1]
    assert "access_log off;" in port_80
    assert silent in port_80


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The exposition is the same on both."""
    return sqlite_url


async def test_every_metric_that_is_watched_or_drawn_is_told(
    database: Database, clock: TravelClock
) -> None:
    watch = Watch(database, [*watchdogs([], portal=True), retention_of(Settings()).duty])
    told = (await exposition(database, watch, clock)).decode()
    known = set(re.findall(r"^# TYPE (\S+)", told, re.MULTILINE))
    known |= {name.removesuffix("_total") for name in known}
    for file in ("deploy/grafana/oryn.json", "deploy/prometheus/alerts.yml", "docs/alarms.md"):
        named = {_bare(name) for name in NAME.findall(read(file))}
        assert named - known == set(), file


def _bare(name: str) -> str:
    return next((name.removesuffix(end) for end in MADE if name.endswith(end)), name)


def test_the_dashboard_is_one_and_its_panels_have_queries() -> None:
    dashboard = json.loads(read("deploy/grafana/oryn.json"))
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(ids) == len(set(ids)) > 15
    for panel in dashboard["panels"]:
        assert all(target["expr"] for target in panel["targets"])
        assert panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24


def test_no_alarm_waits_for_a_count_of_nothing() -> None:
    """A count of nothing is nothing in Prometheus, and not 0: such an alarm never rings."""
    rules = yaml_of("deploy/prometheus/alerts.yml")["groups"][0]["rules"]
    silent = re.compile(r"\bcount\b.*==\s*0")
    assert [rule["alert"] for rule in rules if silent.search(rule["expr"])] == []


def test_one_update_that_was_not_answered_well_wakes_nobody() -> None:
    """Its error is counted until it is too old, and is seen a minute later."""
    rules = yaml_of("deploy/prometheus/alerts.yml")["groups"][0]["rules"]
    [patience] = [rule["for"] for rule in rules if 'name="way_in"' in rule["expr"]]
    assert int(patience.removesuffix("m")) * MINUTE > LATE + MINUTE


def test_every_alarm_and_every_watchdog_has_its_paragraph() -> None:
    page = read("docs/alarms.md")
    rules = yaml_of("deploy/prometheus/alerts.yml")["groups"][0]["rules"]
    wanted = [rule["alert"] for rule in rules]
    wanted += [duty.name for duty in watchdogs([], portal=True)]
    wanted.append(retention_of(Settings()).duty.name)
    assert [name for name in wanted if f"`{name}`" not in page] == []
