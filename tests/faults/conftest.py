"""A small project with its last edition, which no fault may change."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.runs import KERNELS, left_running, run, state
from tests.report.small_projects import chapter, copy_small, count, text

PLAIN = (count("contacts.total"), text("said", "Er waren {{ contacts.total | noun }}."))


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project and its edition, which tests copy."""
    root = copy_small(tmp_path_factory.mktemp("faults") / "made")
    chapter(root, *PLAIN)
    ended = run(root, "build", "2017")
    assert ended.returncode == 0, ended.stderr
    return root


@pytest.fixture
def root(made: Path, tmp_path: Path) -> Iterator[Path]:
    """A project of a test's own: nothing that its runs leave is another, and no process stays."""
    folder = shutil.copytree(made, tmp_path / "project")
    before = state(folder)
    yield folder
    assert left_running(folder) == []
    assert state(folder) == before
    assert [path.name for path in (folder / "output").iterdir()] == ["2017"]


@pytest.fixture(params=KERNELS)
def kernels(request: pytest.FixtureRequest) -> str:
    """What a run begins with to have each kind of kernels."""
    return KERNELS[request.param]
