"""What several folders of tests share."""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from typer.testing import CliRunner

from helpline_report import commands
from helpline_report.parameters.earlier_reports import read_trend
from helpline_report.parameters.project import Project
from tests.compiled_templates import compile_templates_once
from tests.report.small_projects import PLAIN, chapter, copy_few

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from helpline_report.report.publication import Publication

# Started in the background (`nohup make test &`) a process ignores these signals, and so does what
# it starts. A handler isn't inherited: what tests start takes a signal as from any terminal.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if os.name == "posix" and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, lambda *_: None)

# A run keeps nearly all that it makes, as a build does: looking less often for what is left over
# spares a tenth of its work.
gc.set_threshold(100_000, 20, 20)

# A busy machine draws cases slowly, and is late with each. A test that may take longer has none.
settings.register_profile("patient", deadline=5000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

ROOT = Path(__file__).parents[1]
BROWSER = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
PROGRAM = (sys.executable, "-c", "from helpline_report.cli import main; main()")
# A run that takes so many seconds hangs, however busy the machine is.
PATIENCE = 280
HERE = {"TZ": "Europe/Brussels", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"}
NO_DATA = (
    "real exports aren't here: put the files of the data set 'Base de datos Línea 144' of "
    "datos.gob.ar as linea144/linea144-2020.csv and -2021.csv, and set HELPLINE_REAL_DATA to the "
    "folder that holds linea144/"
)
NO_BROWSER = "no browser: install Chromium (apt install chromium), or name one in CHROMIUM"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave tests that take minutes to a run that asks for them by `-m long`; slow files first.

    Who shares the work gets a file at a time: begun last, a slow one would leave the others idle.
    """
    if "long" not in config.getoption("markexpr"):
        long = [item for item in items if item.get_closest_marker("long") is not None]
        items[:] = [item for item in items if item not in long]
        config.hook.pytest_deselected(items=long)
    slow = {item.path for item in items if item.get_closest_marker("slow") is not None}
    items.sort(key=lambda item: item.path not in slow)


def pytest_collection_finish() -> None:
    """Leave thousands of collected tests out of what is looked through for garbage."""
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _compile_templates_once() -> Iterator[None]:
    with compile_templates_once():
        yield


@pytest.fixture(scope="session")
def repository() -> Path:
    """The repository itself, which a test reads and never writes to."""
    return ROOT


# Each folder has its own publication: kept longer, it would be that of the first folder.
@pytest.fixture(scope="module")
def with_trend(publication: Publication, repository: Path) -> Publication:
    """The publication of a folder of tests, with the printed totals of other years."""
    project = Project(repository)
    trend = read_trend(project, project.edition("2017"))
    return replace(publication, ledger=publication.ledger.model_copy(update={"trend": trend}))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; without one, the tests that look at pages are skipped and say so."""
    if BROWSER is None:
        pytest.skip(NO_BROWSER)
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - most tests need none

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        for name in ("new_context", "new_page"):
            setattr(running, name, open_patiently(getattr(running, name)))
        yield running
        running.close()


def open_patiently(open_one: Callable[..., Any]) -> Callable[..., Any]:
    """Opens what waits for as long as a busy machine needs: half a minute is not enough."""

    def open_patient(**options: Any) -> Any:
        opened = open_one(**options)
        opened.set_default_timeout(PATIENCE * 1000)
        return opened

    return open_patient


class SilentHandler(SimpleHTTPRequestHandler):
    """Sends the files of a folder, and says nothing."""

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def serve_folder(folder: Path) -> Iterator[str]:
    """The address of a web server that sends a folder, while it runs."""
    handler = partial(SilentHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def run_program(
    folder: Path, *arguments: str, before: tuple[str, ...] = (), **settings: Any
) -> subprocess.CompletedProcess[str]:
    """Run the program in a folder to its end, by way of the command `before` where there is one."""
    done: subprocess.CompletedProcess[str] = subprocess.run(
        [*before, *PROGRAM, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        **settings,
    )
    return done


def list_loaded(folder: Path, *arguments: str, of: Sequence[str]) -> list[str]:
    """Which of some modules the program has loaded when a command ends."""
    script = (
        "import sys, helpline_report.cli as c\n"
        "try: c.main()\n"
        f"finally: print(*[name for name in {of!r} if name in sys.modules])"
    )
    program = [sys.executable, "-c", script, *arguments]
    ended = subprocess.run(program, cwd=folder, stdout=subprocess.PIPE, text=True, check=False)
    return ended.stdout.splitlines()[-1].split()


def run_command(root: Path, *arguments: str) -> tuple[int, str]:
    """Run a command on a project in this process: its exit code, and what it says."""
    done = CliRunner().invoke(commands.app, [*arguments, "--project", str(root)])
    code = getattr(done.exception, "exit_code", done.exit_code)
    return code, f"{done.stderr}{done.exception or ''}"


def refusal(
    kind: type[Exception], call: Callable[..., object], *arguments: Any, **named: Any
) -> str:
    """The message with which a call is refused, by an error of a kind."""
    with pytest.raises(kind) as caught:
        call(*arguments, **named)
    return str(caught.value)


def wait_until(what: Callable[[], object]) -> None:
    """Wait until something is so, for as long as it may take on a busy machine."""
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


def build_whole(folder: Path, edition: str = "2017", **variables: str) -> None:
    ended = run_program(folder, "build", edition, env={**os.environ, **variables})
    assert ended.returncode == 0, ended.stderr


# What takes seconds to make is made once in a run of the tests, however many processes share it.
# Nobody changes such a folder: who has to, copies it.
MakeOnce = Callable[[str, Callable[[Path], object]], Path]


@pytest.fixture(scope="session")
def make_once(tmp_path_factory: pytest.TempPathFactory) -> MakeOnce:
    """Gives the folder of a name, made by the first process that asks for it."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared"
    shared.mkdir(exist_ok=True)

    def give(name: str, make: Callable[[Path], object]) -> Path:
        folder, done = shared / name, shared / f"{name}.made"
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)
                make(folder)
                done.touch()
        return folder

    return give


@pytest.fixture(scope="session")
def year_2017(make_once: MakeOnce) -> Path:
    """A project at a path with a space and an accent, with its edition of 2017."""
    return make_once("één jaar", lambda folder: build_whole(copy_project(folder), **HERE))


@pytest.fixture(scope="session")
def linea(make_once: MakeOnce) -> Path:
    """The edition of 2021 of another helpline, from its real rows."""
    if not os.environ.get("HELPLINE_REAL_DATA"):
        pytest.skip(NO_DATA)
    root = make_once("linea", lambda folder: build_whole(copy_project(folder), "linea144-2021"))
    return root / "output" / "linea144-2021"


@pytest.fixture(scope="session")
def small(make_once: MakeOnce) -> Path:
    """A project with one short chapter, and its edition of 2017."""

    def make(folder: Path) -> None:
        chapter(copy_few(folder), *PLAIN)
        build_whole(folder)

    return make_once("small", make)


@pytest.fixture
def root(small: Path, tmp_path: Path) -> Path:
    """A copy of that project with its edition, for a test to change."""
    return Path(shutil.copytree(small, tmp_path / "project"))


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
