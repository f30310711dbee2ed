"""What lies around a run: its folder, fonts, clock, Python, and who writes to its files."""

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.faults.runs import environment, run
from tests.report.small_projects import fingerprint

pytestmark = pytest.mark.slow

# The clock of a run and of all that it starts begins at a second of ours: by `faketime` for the
# machine as a whole where there is one, else for what Python modules ask.
CLOCK = """\
import os, time
_time, _local, _gm = time.time, time.localtime, time.gmtime
ahead = float(os.environ.setdefault("CLOCK_AHEAD", str({} - _time())))
time.time = lambda: _time() + ahead
time.localtime = lambda seconds=None: _local(time.time() if seconds is None else seconds)
time.gmtime = lambda seconds=None: _gm(time.time() if seconds is None else seconds)
"""
# Each begins a second before what it is about, and has a locale and a hash seed of its own.
WORLDS: Mapping[str, tuple[int, Mapping[str, str]]] = {
    "1970, the locale C": (
        60,
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
    ),
    "2038, a Belgian locale": (
        2**31 - 1,
        {"TZ": "America/St_Johns", "LC_ALL": "nl_BE.UTF-8", "PYTHONHASHSEED": "2"},
    ),
    "the night of winter time, a Turkish locale": (
        1_792_889_999,
        {"TZ": "Europe/Brussels", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "4711"},
    ),
}
SLOWLY = """\
import helpline_report.report.placement as placement, pathlib
really = placement.{}
def slowly(*given, **named):
    path = pathlib.Path("{}")
    path.write_bytes(path.read_bytes() + b"\\n")
    return really(*given, **named)
placement.{} = slowly
"""
NO_FONTS = """\
import font_source_sans_pro
font_source_sans_pro.font_directory = "/no/such/folder"
"""


def copy_without_edition(made: Path, folder: Path) -> Path:
    """The project elsewhere, not built."""
    return shutil.copytree(made, folder, ignore=shutil.ignore_patterns("output", ".helpline"))


@pytest.mark.long
def test_a_long_path_and_another_python(made: Path, tmp_path: Path) -> None:
    """Spaces, accents, 200 characters, a user's own kernel, a program `python`: the same bytes."""
    deep = tmp_path / "een map" / "één à ç ŵ"
    long = deep / ("x" * max(1, 200 - len(str(deep))))
    long.mkdir(parents=True)
    root = copy_without_edition(made, long / "p")
    kernel = tmp_path / "kernels" / "python3"
    kernel.mkdir(parents=True)
    spec = {"argv": ["false"], "display_name": "Mine", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    (tmp_path / "bin" / "python").chmod(0o755)
    path = os.pathsep.join([str(tmp_path / "bin"), os.environ.get("PATH", "")])
    given = environment(root, JUPYTER_PATH=str(tmp_path), PATH=path)
    found = run(root, "build", "2017", env=given)
    assert found.returncode == 0, found.stderr
    assert fingerprint(root / "output") == fingerprint(made / "output")


@pytest.mark.long
@pytest.mark.parametrize("world", WORLDS)
def test_another_clock_and_locale(made: Path, tmp_path: Path, world: str) -> None:
    """Clock, time zone, locale and hash seed are of no matter: the same bytes."""
    second, given = WORLDS[world]
    root = copy_without_edition(made, tmp_path / "project")
    faketime = shutil.which("faketime")
    if faketime is None:
        found = run(root, "build", "2017", env=environment(root, CLOCK.format(second), **given))
    else:
        clock = {"FAKETIME_FMT": "%s", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        before = (faketime, "-f", f"@{second}")
        given = environment(root, **given, **clock)
        found = run(root, "build", "2017", before=before, env=given)
    assert found.returncode == 0, found.stderr
    assert fingerprint(root / "output") == fingerprint(made / "output")


def refused_for(root: Path, name: str, *arguments: str, when: str) -> None:
    """A run during which a file of the project is written to is refused, and names the file."""
    before = fingerprint(root / "output")
    found = run(root, *arguments, hook=SLOWLY.format(when, root / name, when))
    assert found.returncode == 3, found.stderr
    assert Path(name).name in found.stderr
    assert "has changed" in found.stderr
    assert found.stderr.endswith("run again when nobody writes to these files\n")
    assert fingerprint(root / "output") == before


def test_an_input_that_changes(made: Path, tmp_path: Path) -> None:
    """An export that is written to after it was read is named, and nothing is published of it."""
    root = shutil.copytree(made, tmp_path / "project")
    export = "data/sample/2017/gevolggevingen.csv"
    refused_for(root, export, "build", "2017", "--again", when="_put_right")


def test_a_text_that_changes(made: Path, tmp_path: Path) -> None:
    """So it is while pages alone are made again: here a notebook, after it was read."""
    root = shutil.copytree(made, tmp_path / "project")
    refused_for(root, "notebooks/01_contacts.ipynb", "publish", "2017", when="sync")


def test_a_missing_font(made: Path, tmp_path: Path) -> None:
    """A font that isn't where its package puts it is named, with what to do."""
    root = shutil.copytree(made, tmp_path / "project")
    before = fingerprint(root / "output")
    found = run(root, "publish", "2017", hook=NO_FONTS)
    assert found.returncode == 1
    assert found.stderr == (
        "helpline-report: SourceSansPro-Regular.ttf: this font of the page is gone\n"
        "  → set up anew: make clean report\n"
    )
    assert fingerprint(root / "output") == before
