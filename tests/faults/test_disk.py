"""A disk that is full, may not be written, or is another one; and a reader of it meanwhile."""

import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.runs import run
from tests.report.small_projects import fingerprint, retitle

pytestmark = pytest.mark.slow
# Of a file that is known to be written, and of any other.
ROOM = tuple(
    f"  → see that there is room, and that you may {verbs} there, and run again\n"
    for verbs in ("write", "read and write")
)
SHARED = Path("/dev/shm")  # noqa: S108 - another file system, on Linux
# The superuser's rights over files of which their owner may not do something.
CAPBSET_DROP, OVERRIDE, READ_SEARCH = 24, 1, 2


def as_an_owner() -> None:
    """Take from a process that is about to begin what only the superuser may do with files."""
    if os.geteuid() == 0:
        system = ctypes.CDLL(None, use_errno=True)
        for right in (OVERRIDE, READ_SEARCH):
            if system.prctl(CAPBSET_DROP, right, 0, 0, 0):
                raise OSError(ctypes.get_errno(), "the superuser's rights can't be dropped")


def fails(root: Path, *arguments: str, **settings: Any) -> str:
    """What a run says that can't read or write something; the last edition stands."""
    before = fingerprint(root / "output")
    ended = run(root, *arguments, **settings)
    assert ended.returncode in (1, 2), ended.stderr
    assert fingerprint(root / "output") == before
    assert "Traceback" not in ended.stderr
    assert "a fault of the program" not in ended.stderr
    assert "\n  → " in ended.stderr
    return ended.stderr


@pytest.fixture
def own(built: Path, tmp_path: Path) -> Path:
    """A project that a test may change."""
    return shutil.copytree(built, tmp_path / "project")


@pytest.fixture
def small_disk(built: Path, tmp_path: Path) -> Iterator[Path]:
    """A disk of 12 MB with the project on it."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=12m", "none", str(disk)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root can mount a disk: tests/test_cli.py limits the size of a file")
    try:
        yield shutil.copytree(built, disk / "project")
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.mark.long
def test_a_full_disk(small_disk: Path) -> None:
    """Full at once, or half-way: it says so, the last edition stands, and with room all is well."""
    retitle(small_disk)
    filler = small_disk.with_name("filler")
    for left in (0, 500_000):
        filler.unlink(missing_ok=True)
        filler.write_bytes(bytes(shutil.disk_usage(small_disk).free - left))
        stderr = fails(small_disk, "build", "2017")
        assert "No space left on device" in stderr
        assert stderr.endswith(ROOM)
    filler.unlink()
    ended = run(small_disk, "build", "2017")
    assert ended.returncode == 0, ended.stderr
    assert not [*small_disk.glob(".helpline/**/*.part")]
    assert not [*(small_disk / "output").glob(".*")]


def test_a_read_only_output(root: Path) -> None:
    """That output/ can't be written is told before a chapter runs."""
    (root / "output").chmod(0o500)
    assert fails(root, "build", "2017", "--again", preexec_fn=as_an_owner) == (
        "helpline-report: output: can't be written\n"
        "  → see that you may write in the folder, and run again\n"
    )
    (root / "output").chmod(0o700)


UNREADABLE = ("data/sample/2017/contactnames.csv", "notebooks/01_contacts.ipynb")


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_unreadable_input(own: Path, name: str) -> None:
    """A file that may not be read is named, with what to do."""
    (own / name).chmod(0)
    stderr = fails(own, "build", "2017", "--again", preexec_fn=as_an_owner)
    assert f"{Path(name).name}: can't be read (Permission denied)" in stderr
    assert stderr.endswith("  → give the account that runs this the right to read it\n")


@pytest.mark.long
def test_output_on_another_disk(own: Path) -> None:
    """The edition takes its place there, the one before is kept here, and nothing else is left."""
    if not SHARED.is_dir() or SHARED.stat().st_dev == own.stat().st_dev:
        pytest.skip("there is no other file system")
    old = fingerprint(own / "output")
    retitle(own)
    elsewhere = Path(tempfile.mkdtemp(dir=SHARED))
    try:
        shutil.copytree(own / "output", elsewhere, dirs_exist_ok=True)
        shutil.rmtree(own / "output")
        (own / "output").symlink_to(elsewhere)
        ended = run(own, "publish", "2017")
        assert ended.returncode == 0, ended.stderr
        assert fingerprint(elsewhere) != old
        assert fingerprint(own / ".helpline" / "replaced") == old
        assert run(own, "rollback", "2017").returncode == 0
        assert fingerprint(elsewhere) == old
        assert [path.name for path in elsewhere.iterdir()] == ["2017"]
    finally:
        shutil.rmtree(elsewhere)


@pytest.mark.skipif(sys.platform != "linux", reason="two folders change places on Linux alone")
def test_a_reader_meanwhile(own: Path) -> None:
    """Who reads all the while finds every file, of the last edition or of the next one."""
    place, done = own / "output" / "2017", threading.Event()
    old = {path: path.read_bytes() for path in (place / "index.html", place / "report.pdf")}
    ended: dict[Path, set[bytes]] = {path: set() for path in old}
    retitle(own)
    gone: list[Path] = []

    def read() -> None:
        while not done.wait(0.001):
            for path, contents in ended.items():
                try:
                    contents.add(path.read_bytes())
                except OSError:
                    gone.append(path)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        assert run(own, "publish", "2017").returncode == 0
    finally:
        done.set()
        reader.join()
    assert gone == []
    for path, contents in ended.items():
        assert path.read_bytes() != old[path]
        assert old[path] in contents
        assert contents <= {old[path], path.read_bytes()}


WRITTEN_TO = """\
import helpline_report.report.placement as placement
from typing import Any
really = placement.sync
def sync(folder):
    really(folder)
    with (folder / "index.html").open("a") as file:
        file.write("more")
placement.sync = sync
"""


def test_a_file_that_the_disk_holds_otherwise(root: Path) -> None:
    """What was written is held against its manifest before it takes the place of the last one."""
    assert fails(root, "publish", "2017", hook=WRITTEN_TO) == (
        "helpline-report: output/2017: the disk doesn't hold what was written to it: index.html\n"
        "  → the last edition stands; see that the disk is sound, and run again\n"
    )
