"""A build that is stopped from without while a chapter runs."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import PATIENCE, PROGRAM, wait_until
from tests.faults.runs import environment, left_running, run, state
from tests.report.small_projects import PLAIN, bare, chapter

pytestmark = pytest.mark.slow
STARTS = "import subprocess\nstarted = subprocess.Popen(['sleep', '300'])"
WAITS = "import time, pathlib\npathlib.Path('asleep').touch()\ntime.sleep(300)"
STOPS = {
    signal.SIGINT: (130, "interrupted"),
    signal.SIGTERM: (143, "terminated"),
    signal.SIGHUP: (129, "the terminal was closed"),
}


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A temporary folder of the run's own: short, since sockets lie in it."""
    folder = Path(tempfile.mkdtemp(prefix="run-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def running(root: Path, temporary: Path, kernels: str) -> Iterator[subprocess.Popen[str]]:
    """A build in a cell that doesn't end, after one that has started a program."""
    bare(root, STARTS, WAITS)
    command = [*PROGRAM, "build", "2017"]
    asleep = root / "notebooks" / "asleep"
    variables = environment(root, kernels, TMPDIR=str(temporary))
    with subprocess.Popen(
        command, cwd=root, env=variables, stderr=subprocess.PIPE, text=True
    ) as process:
        wait_until(lambda: asleep.exists() or process.poll() is not None)
        assert process.poll() is None
        yield process
        process.kill()


@pytest.mark.parametrize(
    "number",
    [
        signal.SIGINT,
        pytest.param(signal.SIGTERM, marks=pytest.mark.long),
        pytest.param(signal.SIGHUP, marks=pytest.mark.long),
    ],
)
def test_a_signal(
    root: Path, number: signal.Signals, temporary: Path, running: subprocess.Popen[str]
) -> None:
    """Ctrl-C, the system, a closed terminal: it ends in good order, says so and leaves nothing.

    A second build is refused until then, and told which process is the first.
    """
    second = run(root, "build", "2017")
    assert second.returncode == 1
    assert f"process {running.pid} makes the edition 2017 already\n  → wait" in second.stderr
    ended, word = STOPS[number]
    running.send_signal(number)
    _, stderr = running.communicate(timeout=PATIENCE)
    assert running.returncode == ended
    assert stderr.endswith(f"helpline-report: {word}; the last edition stands\n")
    assert "Traceback" not in stderr
    assert list(temporary.iterdir()) == []


def test_a_signal_while_it_loads(tmp_path: Path) -> None:
    """Ctrl-C in the first moment ends it as the shell expects (130), and without a word."""
    stops = "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n"
    (tmp_path / "typer.py").write_text(stops, encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "helpline_report", "status", "2017"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (-signal.SIGINT, "")


COUNTS = """
import os, signal, sys, threading
import duckdb
from helpline_report import cli

def count():
    threading.Timer(0.1, os.kill, (os.getpid(), int(sys.argv[1]))).start()
    duckdb.sql("SELECT sum(a.range * b.range) FROM range(30000) a, range(30000) b").fetchall()

cli.app = count
cli.main()
"""


@pytest.mark.parametrize("number", [*STOPS])
def test_a_signal_in_a_query(number: signal.Signals) -> None:
    """While the second count runs: DuckDB makes an error of its own of it.

    A signal before DuckDB has begun to run the query waits for its end, so the query is finite.
    """
    command = [sys.executable, "-c", COUNTS, str(int(number))]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
    code, word = STOPS[number]
    says = f"helpline-report: {word}; the last edition stands\n"
    assert (ended.returncode, ended.stderr) == (code, says)


@pytest.mark.long
def test_a_killed_driver(root: Path, running: subprocess.Popen[str]) -> None:
    """What it has started, and what cells have, ends by itself; the next build goes through."""
    before = state(root)
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    assert left_running(root) == []
    chapter(root, *PLAIN)
    again = run(root, "build", "2017", "--again")
    assert again.returncode == 0, again.stderr
    assert state(root) == before
