"""One SQLite file bears one process; PostgreSQL bears many."""

import sys
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from bot.alone import Taken, alone

ROOT = Path(__file__).parents[3]
HOLDING = """
import sys, time
from bot.alone import alone
with alone(sys.argv[1]):
    print("held", flush=True)
    time.sleep(600)
"""


def test_a_second_process_on_one_sqlite_file_is_refused_in_plain_words(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'orynbot.sqlite3'}"
    with (
        alone(url),
        pytest.raises(Taken, match=r"Another process .*orynbot\.sqlite3.*oryn run"),
        alone(url),
    ):
        pass
    with alone(url):
        pass  # whoever comes when it has ended is let in


def test_a_process_that_was_killed_leaves_no_lock_behind(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'orynbot.sqlite3'}"
    with Popen([sys.executable, "-c", HOLDING, url], cwd=ROOT, stdout=PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(Taken), alone(url):
            pass
        other.kill()
    with alone(url):
        pass


def test_several_processes_share_postgresql() -> None:
    with alone("postgresql://host/name"), alone("postgresql://host/name"):
        pass
