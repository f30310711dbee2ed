"""What several folders of tests share."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Started in the background (`nohup make test &`) a process ignores these signals, and so does what
# it starts. A handler isn't inherited: what tests start takes a signal as from any terminal.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if os.name == "posix" and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, lambda *_: None)

ROOT = Path(__file__).parents[1]
BROWSER = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
NO_BROWSER = "no browser: install Chromium (apt install chromium), or name one in CHROMIUM"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave tests that take minutes to a run that asks for them by `-m long`."""
    if "long" in config.getoption("markexpr"):
        return
    long = [item for item in items if item.get_closest_marker("long") is not None]
    items[:] = [item for item in items if item not in long]
    config.hook.pytest_deselected(items=long)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The repository itself, which a test reads and never writes to."""
    return ROOT


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; without one, the tests that look at pages are skipped and say so."""
    if BROWSER is None:
        pytest.skip(NO_BROWSER)
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - most tests need none

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project folder of its own, with the repository's parameters, chapters and data."""
    return copy_project(tmp_path / "project")


def copy_project(folder: Path) -> Path:
    """Copy what a project consists of into a folder, and return the folder."""
    for part in ("params", "notebooks", "data"):
        skip = shutil.ignore_patterns("raw", ".ipynb_checkpoints")
        shutil.copytree(ROOT / part, folder / part, ignore=skip)
    return folder
