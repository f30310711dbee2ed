"""What `make` does before anything is installed."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import PATIENCE
from tests.repository.tree import ROOT

TARGETS = {"report", "test", "bench", "check", "audit", "sbom", "lab", "lock", "clean", "help"}


def make(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(
        command,
        cwd=folder,
        env=clean,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with a space in its name that holds what setting up begins with."""
    folder = tmp_path / "a folder"
    folder.mkdir()
    for name in ("Makefile", "requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    return folder


# What somebody's Python does, and how make refuses it.
PYTHONS = {
    'case "$1" in -V) echo Python 3.9.1;; *) exit 1;; esac': (
        "is Python 3.9.1, and Python 3.11 or later is needed"
    ),
    # Where the system's Python can't make environments, make says which package is missing.
    'case "$2" in *ensurepip*) exit 1;; *) exit 0;; esac': "python3-venv",
    "": "there is no no-such-python: install Python 3.11 or later",
}


def test_help_names_each_target() -> None:
    """`make` alone lists what can be made, each with a sentence."""
    lines = [line.split() for line in make().stdout.splitlines()]
    assert {line[1] for line in lines if len(line) > 2} >= TARGETS


def test_the_long_tests_of_a_change_are_there() -> None:
    """Each file and folder of tests that `.ci/run` names: of one that lacks none would be run."""
    named = re.findall(r"\btests/[\w/.]+", (ROOT / ".ci" / "run").read_text(encoding="utf-8"))
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("script", PYTHONS)
def test_a_python_that_wont_do_is_refused_in_a_sentence(checkout: Path, script: str) -> None:
    path = checkout / "python"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    done = make("report", f"PYTHON={path if script else 'no-such-python'}", folder=checkout)
    assert (done.returncode != 0, PYTHONS[script] in done.stderr) == (True, True)


def installed(checkout: Path) -> Path:
    """Pretend that a checkout was set up, and return its environment."""
    environment = checkout / ".venv"
    environment.mkdir()
    (environment / "place").write_text(f"{checkout.resolve()}\n", encoding="utf-8")
    for name in ("packages", "installed", "tests-installed"):
        (environment / name).touch()
    return environment


def test_the_second_time_nothing_is_installed(checkout: Path) -> None:
    installed(checkout)
    assert make("--dry-run", "report", folder=checkout).stdout.strip() == (
        ".venv/bin/helpline-report build 2017"
    )


def test_a_new_lock_is_installed(checkout: Path) -> None:
    environment = installed(checkout)
    later = (environment / "installed").stat().st_mtime + 10
    os.utime(checkout / "requirements.lock", (later, later))
    planned = make("--dry-run", "report", folder=checkout).stdout
    assert "--only-binary :all: --requirement requirements.lock" in planned


def test_a_moved_folder_is_set_up_again(checkout: Path) -> None:
    """An environment holds its own path: in a folder that moved it is made anew."""
    installed(checkout)
    moved = checkout.rename(checkout.with_name("another folder"))
    assert "-m venv --clear .venv" in make("--dry-run", "report", folder=moved).stdout
