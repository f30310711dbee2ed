"""The same edition under a dozen conditions that have nothing to do with it: the same bytes.

`make test-long` and `.ci/run` run it, some five minutes long.
"""

import json
import os
import random
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from helpline_report.audit.manifest import is_sealed
from helpline_report.parameters.project_folder import MANIFEST
from tests.conftest import PROGRAM, copy_project, run_program
from tests.present import present
from tests.report.small_projects import fingerprint

pytestmark = [pytest.mark.slow, pytest.mark.long]

SEED = 1712

# A clock of another decade, for the program and for every chapter's process: no module may tell it.
CLOCK = """\
import time
import zipfile
from tests.present import present
_time, _local, _gm = time.time, time.localtime, time.gmtime
time.time = lambda: _time() + 6_000 * 86_400
time.localtime = lambda seconds=None: _local(time.time() if seconds is None else seconds)
time.gmtime = lambda seconds=None: _gm(time.time() if seconds is None else seconds)
"""

CONDITIONS: Mapping[str, Mapping[str, str]] = {
    "a folder with a space and an accent": {},
    "another home": {"HOME": "{}/home", "XDG_CONFIG_HOME": "{}/home", "XDG_CACHE_HOME": "{}/home"},
    "another user by name": {"USER": "peeters", "LOGNAME": "peeters", "USERNAME": "peeters"},
    "another time zone": {"TZ": "Pacific/Kiritimati"},
    "the locale C": {"LANG": "C", "LC_ALL": "C"},
    "a Belgian locale": {"LANG": "nl_BE.UTF-8", "LC_ALL": "nl_BE.UTF-8"},
    "a Turkish locale": {"LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8", "LANGUAGE": "tr"},
    "another hash seed": {"PYTHONHASHSEED": "4711"},
    "another clock in every process": {"SOURCE_DATE_EPOCH": "1", "PYTHONPATH": "{}/clock"},
    "a narrow terminal": {"COLUMNS": "40", "LINES": "10", "TERM": "dumb", "NO_COLOR": "1"},
}


def environment(folder: Path, changes: Mapping[str, str]) -> dict[str, str]:
    """The variables of a run: the machine's, and those of the condition."""
    variables = {**os.environ, **{name: text.format(folder) for name, text in changes.items()}}
    if "clock" in changes.get("PYTHONPATH", ""):
        (folder / "clock").mkdir()
        (folder / "clock" / "sitecustomize.py").write_text(CLOCK, encoding="utf-8")
        own = os.environ.get("PYTHONPATH")
        variables["PYTHONPATH"] += os.pathsep + own if own else ""
    return variables


def run(project: Path, *arguments: str, before: tuple[str, ...] = (), **more: object) -> None:
    ended = run_program(project, *arguments, before=before, **{"env": dict(os.environ), **more})
    assert ended.returncode == 0, ended.stderr


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """The same project elsewhere, not built."""
    return copy_project(tmp_path / "een één" / "project")


@pytest.mark.parametrize("name", CONDITIONS)
def test_under_another_condition(name: str, year_2017: Path, other: Path, tmp_path: Path) -> None:
    """Every published file, audit and manifest among them, is the same."""
    run(other, "build", "2017", env=environment(tmp_path, CONDITIONS[name]))
    assert fingerprint(other / "output" / "2017") == fingerprint(year_2017 / "output" / "2017")


@pytest.mark.parametrize(
    ("clock", "zone"),
    [
        ("+3700d", "UTC"),
        ("@60", "Pacific/Kiritimati"),
        ("@2147483647", "America/St_Johns"),
        # The hour of a night in October that is there twice.
        ("@1792889999", "Europe/Brussels"),
    ],
)
def test_on_another_date(year_2017: Path, other: Path, clock: str, zone: str) -> None:
    """For the machine as a whole: the clock that the system itself tells."""
    if shutil.which("faketime") is None:
        pytest.skip("no faketime: install it (apt install faketime)")
    fake = {"FAKETIME_FMT": "%s", "FAKETIME_DONT_FAKE_MONOTONIC": "1", "TZ": zone}
    still = {**os.environ, **fake}
    run(other, "build", "2017", before=("faketime", "-f", clock), env=still)
    assert fingerprint(other / "output" / "2017") == fingerprint(year_2017 / "output" / "2017")


def test_on_one_core_with_another_umask(year_2017: Path, other: Path) -> None:
    """Nothing depends on what runs at the same time, on who may read new files, or from where."""
    if shutil.which("taskset") is None:
        pytest.skip("no taskset: install util-linux")
    project = ("--project", str(other))
    run(other.parent, "build", "2017", *project, before=("taskset", "-c", "0"), umask=0o077)
    assert list(other.parent.iterdir()) == [other]
    assert fingerprint(other / "output" / "2017") == fingerprint(year_2017 / "output" / "2017")


def test_without_exports(year_2017: Path, tmp_path: Path) -> None:
    """The pages made again from the released ledger alone, the exports out of sight."""
    root = shutil.copytree(year_2017, tmp_path / "p")
    shutil.rmtree(root / "data" / "sample")
    shutil.rmtree(root / ".helpline")
    run(root, "publish", "2017")
    assert fingerprint(root / "output" / "2017") == fingerprint(year_2017 / "output" / "2017")


def test_after_a_kill(year_2017: Path, other: Path) -> None:
    """A run that was killed between two chapters leaves nothing that the next one takes over."""
    with subprocess.Popen(
        [*PROGRAM, "build", "2017"],
        cwd=other,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as running:
        assert present(running.stdout).readline()
        os.killpg(running.pid, 9)
    assert not (other / "output" / "2017").exists()
    run(other, "build", "2017")
    assert fingerprint(other / "output" / "2017") == fingerprint(year_2017 / "output" / "2017")


def shuffle(project: Path) -> None:
    """Put the rows of every registration export in another order.

    The files of every folder are written anew, the last one first: a folder lists them otherwise.
    """
    chance = random.Random(SEED)
    for path in sorted(project.rglob("*"), reverse=True):
        if path.is_file():
            content = path.read_bytes()
            if path.match("data/sample/*/*.csv"):
                head, *lines = content.decode().splitlines(keepends=True)
                chance.shuffle(lines)
                content = "".join([head, *lines]).encode()
            path.unlink()
            path.write_bytes(content)


def test_with_rows_and_files_in_another_order(year_2017: Path, other: Path) -> None:
    """Only the hashes of the exports, and of files that tell them, are others."""
    shuffle(other)
    run(other, "build", "2017")
    one, two = year_2017 / "output" / "2017", other / "output" / "2017"
    assert sorted(fingerprint(one)) == sorted(fingerprint(two))
    contents = [json.loads((edition / MANIFEST).read_bytes())["content"] for edition in (one, two)]
    assert contents[0] == contents[1]
    assert all(is_sealed((edition / MANIFEST).read_bytes()) for edition in (one, two))
    differing = {
        name for name in fingerprint(one) if fingerprint(one)[name] != fingerprint(two)[name]
    }
    assert differing.isdisjoint(("index.html", "report.pdf", "data/figures.csv"))
    assert not [name for name in differing if name.startswith("data/charts/")]
