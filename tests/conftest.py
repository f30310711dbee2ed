"""What several folders of tests share."""

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def repository() -> Path:
    """The repository itself, which a test reads and never writes to."""
    return ROOT


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
