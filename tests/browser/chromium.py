"""The browser of this machine."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)
"""It calls nobody, and runs as root in containers too."""
ABSENT = "NO CHROMIUM HERE: the page was NOT tested (on Debian: apt-get install chromium)"


def chromium_path() -> str:
    """Its executable. Without one CI fails; on a person's machine the test is skipped, loudly."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    if os.environ.get("CI"):
        pytest.fail(ABSENT)
    pytest.skip(ABSENT)


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    """A browser of one's own, ended with everything that it started."""
    executable = chromium_path()
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=executable, args=list(QUIET))
        try:
            yield running
        finally:
            await running.close()
