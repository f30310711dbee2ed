"""A small project with its last edition, which no fault may change."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.runs import KERNELS, left_running, state


@pytest.fixture(scope="session")
def built(small: Path) -> Path:
    """The project and its edition, which tests copy."""
    return small


@pytest.fixture
def root(built: Path, tmp_path: Path) -> Iterator[Path]:
    """A project of a test's own: nothing that its runs leave is another, and no process stays."""
    folder = shutil.copytree(built, tmp_path / "project")
    before = state(folder)
    yield folder
    assert left_running(folder) == []
    assert state(folder) == before
    assert [path.name for path in (folder / "output").iterdir()] == ["2017"]


@pytest.fixture(params=["forked", pytest.param("plain", marks=pytest.mark.long)])
def kernels(request: pytest.FixtureRequest) -> str:
    """What a run begins with to have each kind of kernels; the second in `make test-long`."""
    return KERNELS[request.param]
