"""What lies around a run: its folder, fonts, clock, Python, and who writes to its files."""

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.faults.runs import environment, run
from tests.report.small_projects import fingerprint

pytestmark = pytest.mark.slow

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


def copy_without_edition(built: Path, folder: Path) -> Path:
    """The project elsewhere, not built."""
    return shutil.copytree(built, folder, ignore=shutil.ignore_patterns("output", ".helpline"))


@pytest.mark.long
def test_a_long_path_and_another_python(built: Path, tmp_path: Path) -> None:
    """Spaces, accents, 200 characters, a user's own kernel, a program `python`: the same bytes."""
    deep = tmp_path / "een map" / "één à ç ŵ"
    long = deep / ("x" * max(1, 200 - len(str(deep))))
    long.mkdir(parents=True)
    root = copy_without_edition(built, long / "p")
    kernel = tmp_path / "kernels" / "python3"
    kernel.mkdir(parents=True)
    spec = {"argv": ["false"], "display_name": "Mine", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    (tmp_path / "bin" / "python").chmod(0o755)
    path = os.pathsep.join([str(tmp_path / "bin"), os.environ.get("PATH", "")])
    variables = environment(root, JUPYTER_PATH=str(tmp_path), PATH=path)
    ended = run(root, "build", "2017", env=variables)
    assert ended.returncode == 0, ended.stderr
    assert fingerprint(root / "output") == fingerprint(built / "output")


@pytest.mark.parametrize(
    ("name", "arguments", "when"),
    [
        ("data/sample/2017/gevolggevingen.csv", ("build", "2017", "--again"), "_clear_killed_run"),
        pytest.param(
            *("notebooks/01_contacts.ipynb", ("publish", "2017"), "sync"), marks=pytest.mark.long
        ),
    ],
    ids=["an export, during a build", "a notebook, while pages alone are made again"],
)
def test_a_file_that_changes(
    built: Path, tmp_path: Path, name: str, arguments: tuple[str, ...], when: str
) -> None:
    """What is written to after it was read is named, and nothing is published of it."""
    root = shutil.copytree(built, tmp_path / "project")
    before = fingerprint(root / "output")
    ended = run(root, *arguments, hook=SLOWLY.format(when, root / name, when))
    assert ended.returncode == 3, ended.stderr
    assert Path(name).name in ended.stderr
    assert "has changed" in ended.stderr
    assert ended.stderr.endswith("run again when nobody writes to these files\n")
    assert fingerprint(root / "output") == before


def test_a_missing_font(built: Path, tmp_path: Path) -> None:
    """A font that isn't where its package puts it is named, with what to do."""
    root = shutil.copytree(built, tmp_path / "project")
    before = fingerprint(root / "output")
    ended = run(root, "publish", "2017", hook=NO_FONTS)
    assert ended.returncode == 1
    assert ended.stderr == (
        "helpline-report: SourceSansPro-Regular.ttf: this font of the page is gone\n"
        "  → set up anew: make clean report\n"
    )
    assert fingerprint(root / "output") == before
