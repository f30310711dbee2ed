"""Another program, or another library beside it, is another one; what Python compiles is none."""

from collections.abc import Callable
from pathlib import Path

import pytest

import helpline_report
from helpline_report.freshness.program import PACKAGE, libraries, program


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package of two modules and a file of data."""
    for name in ("__init__.py", "inside/counted.py", "inside/words.yaml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("one", encoding="utf-8")
    return tmp_path


def test_the_package_is_the_programs_own() -> None:
    """Its folder is that of all modules."""
    assert Path(helpline_report.__file__).parent == PACKAGE


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "inside" / "counted.py").write_text("other", encoding="utf-8"),
        lambda root: (root / "inside" / "words.yaml").unlink(),
        lambda root: (root / "inside" / "more.py").write_text("", encoding="utf-8"),
        lambda root: (root / "inside" / "counted.py").rename(root / "counted.py"),
    ],
    ids=["changed", "gone", "new", "moved"],
)
def test_a_changed_program(package: Path, change: Callable[[Path], object]) -> None:
    """A module or a file of data that is another one, new, gone or elsewhere."""
    before = program(package)
    change(package)
    assert program(package) != before


def test_compiled_modules_are_no_change(package: Path) -> None:
    """Python writes them beside the modules when it first loads these."""
    before = program(package)
    (package / "inside" / "__pycache__").mkdir()
    (package / "inside" / "__pycache__" / "counted.cpython-311.pyc").write_bytes(b"1")
    assert program(package) == before


def test_libraries_by_name_and_version(tmp_path: Path) -> None:
    """What is installed says so itself, once wherever it lies; other folders are no libraries."""
    for folder in (
        "one/numpy",
        "one/numpy-2.3.dist-info",
        "two/numpy-2.3.dist-info",
        "two/a.egg-info",
    ):
        (tmp_path / folder).mkdir(parents=True)
    looked_in = [str(tmp_path / "one"), str(tmp_path / "two"), str(tmp_path / "none.zip")]
    assert libraries(looked_in) == ["a.egg-info", "numpy-2.3.dist-info"]
