"""A kept step is used for what it was made from, as long as it is whole, and for nothing else."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from helpline_report.steps import Steps

POSIX = pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")


@pytest.fixture
def steps(tmp_path: Path) -> Steps:
    """Steps of a program of two modules, with a library beside it."""
    for name in ("program/__init__.py", "program/inside/words.yaml", "site-packages/a/b.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("one", encoding="utf-8")
    (tmp_path / "site-packages" / "a-1.0.dist-info").mkdir()
    return anew(tmp_path)


def anew(folder: Path, *, again: bool = False) -> Steps:
    return Steps(
        folder / ".helpline" / "steps",
        again=again,
        package=folder / "program",
        path=[str(folder / "site-packages"), str(folder / "none")],
    )


def keep(steps: Steps, content: bytes = b"1 2 3", made_from: object = "x") -> str:
    key = steps.key("tables", made_from)
    steps.write("tables", key, content)
    return key


def read(steps: Steps, key: str) -> bytes | None:
    return steps.read("tables", key)


def kept_file(steps: Steps) -> Path:
    (path,) = (steps.folder / "tables").iterdir()
    return path


def edit(path: Path, text: str) -> None:
    """Write a text of the same length into a file, and give the file its time back."""
    before = path.stat()
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)


def test_what_is_kept_is_read(steps: Steps, tmp_path: Path) -> None:
    """This process and another one can read it, under a name that the program knows."""
    assert read(steps, keep(steps, b"", "nothing")) == b""
    steps.forget("tables", steps.key("tables", "nothing"))
    key = steps.key("tables", {"a": 1})
    steps.write("tables", key, b"1 2 3", suffix=".ipynb")
    assert read(steps, key) == b"1 2 3"
    assert read(anew(tmp_path), anew(tmp_path).key("tables", {"a": 1})) == b"1 2 3"
    assert kept_file(steps).suffix == ".ipynb"
    assert steps.read("tables", steps.key("tables", {"a": 2})) is None
    assert steps.read("other", key) is None


def test_nothing_kept_is_used_where_all_is_made_again(steps: Steps, tmp_path: Path) -> None:
    """What is made is kept in its stead."""
    key = keep(steps, b"1")
    again = anew(tmp_path, again=True)
    assert read(again, key) is None
    keep(again, b"2")
    assert read(steps, key) == b"2"


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content.replace(b"2", b"7"),
        lambda content: content[:-1],
        lambda _: b"",
        lambda content: content + b"\n",
    ],
    ids=["a digit", "half", "nothing", "more"],
)
def test_a_damaged_file_is_noticed(steps: Steps, damage: Callable[[bytes], bytes]) -> None:
    """It isn't used, and goes."""
    key = keep(steps)
    path = kept_file(steps)
    path.write_bytes(damage(path.read_bytes()))
    assert steps.read("tables", key) is None
    assert not path.exists()


CHANGES: dict[str, Callable[[Path], object]] = {
    "a module": lambda root: edit(root / "program/__init__.py", "two"),
    "a file of data": lambda root: edit(root / "program/inside/words.yaml", "two"),
    "a new module": lambda root: (root / "program/more.py").write_text(""),
    "a module that moved": lambda root: (root / "program/__init__.py").rename(root / "program/b"),
    "a library": lambda root: edit(root / "site-packages/a/b.py", "two"),
    "a new library": lambda root: (root / "site-packages/c.py").write_text(""),
    "a version": lambda root: (root / "site-packages/a-1.0.dist-info").rename(
        root / "site-packages/a-1.1.dist-info"
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_another_program_or_library_has_another_key(
    steps: Steps, tmp_path: Path, change: Callable[[Path], object]
) -> None:
    """The key differs even if size and time of the file are what they were."""
    before = steps.key("tables")
    change(tmp_path)
    assert anew(tmp_path).key("tables") != before


# Python writes the first when it loads a module, the second not to its end; no test is loaded.
NO_CHANGE = ["program/__pycache__/a.pyc", "program/__pycache__/a.cpython-311.pyc.1712"]
NO_CHANGE += ["site-packages/a/tests/test_b.py"]


@pytest.mark.usefixtures("steps")
def test_links_compiled_modules_and_tests_are_no_change(tmp_path: Path) -> None:
    """Installers link one file of their store into each environment."""
    library = tmp_path / "site-packages/a/b.py"
    (tmp_path / "store.py").hardlink_to(library)
    before = anew(tmp_path).key("tables"), anew(tmp_path).code
    (tmp_path / "other.py").hardlink_to(library)
    for name in NO_CHANGE:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")
    assert (anew(tmp_path).key("tables"), anew(tmp_path).code) == before


def test_the_last_results_are_kept(steps: Steps) -> None:
    """Results that were used longest ago are removed first."""
    first = steps.key("tables", 0)
    for number in range(4):
        key = steps.key("tables", number)
        steps.write("tables", key, b"x", most=3)
        (path,) = (steps.folder / "tables").glob(f"{key}-*")
        os.utime(path, ns=(number, number))
        steps.read("tables", first)
    remaining = [n for n in range(4) if steps.read("tables", steps.key("tables", n)) is not None]
    assert remaining == [0, 2, 3]


@POSIX
def test_its_owner_alone_reads_it(steps: Steps) -> None:
    """Folders and files; and what somebody else could have written isn't read."""
    key = keep(steps)
    path = kept_file(steps)
    assert path.stat().st_mode & 0o777 == 0o600
    folders = (path.parent, steps.folder, steps.folder.parent)
    assert {folder.stat().st_mode & 0o777 for folder in folders} == {0o700}
    path.chmod(0o666)
    assert steps.read("tables", key) is None


@POSIX
def test_a_link_is_not_followed(steps: Steps, tmp_path: Path) -> None:
    """It might lead to what somebody else wrote."""
    key = keep(steps)
    path = kept_file(steps)
    path.replace(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert steps.read("tables", key) is None


def test_what_cant_be_kept_is_only_slower(steps: Steps, tmp_path: Path) -> None:
    """A folder that is a file, as on a disk that is full."""
    steps.folder.parent.mkdir(exist_ok=True)
    steps.folder.write_text("", encoding="utf-8")
    assert read(steps, keep(steps)) is None
    assert anew(tmp_path).key("tables") == steps.key("tables")


KILLED = """
import os, signal, sys
from pathlib import Path
from helpline_report.steps import Steps

Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
Steps(Path(sys.argv[1])).write("tables", sys.argv[2], b"half")
"""


@POSIX
def test_a_run_that_is_killed_keeps_nothing(steps: Steps) -> None:
    """The part that it wrote is no result, and goes with the next one that is kept."""
    key = steps.key("tables")
    subprocess.run([sys.executable, "-c", KILLED, str(steps.folder), key], check=False)
    assert steps.read("tables", key) is None
    assert kept_file(steps).read_bytes() == b"half"
    steps.write("tables", key, b"whole")
    assert kept_file(steps).read_bytes() == b"whole"
