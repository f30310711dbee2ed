"""A package holds the edition and what a web server needs, and an address is held against it."""

from __future__ import annotations

import hashlib
import shutil
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from helpline_report.audit.packages import check_address, write_package
from helpline_report.errors import MachineError, ParametersError, RefusedError

pytestmark = pytest.mark.slow


@pytest.fixture
def edition(small: Path, tmp_path: Path) -> Path:
    """An edition of one's own."""
    return shutil.copytree(small / "output" / "2017", tmp_path / "2017")


def test_all_files_with_their_checksums(edition: Path, tmp_path: Path) -> None:
    """Below one folder, beside half a page on how to upload it."""
    count = write_package(edition, tmp_path / "2017.zip", "output/2017", "nl")
    with zipfile.ZipFile(tmp_path / "2017.zip") as package:
        names = {name for name in package.namelist() if name.startswith("2017/")}
        assert package.namelist()[0] == "LEESMIJ.txt"
        sums = package.read("2017/SHA256SUMS").decode()
        for line in sums.splitlines():
            digest, name = line.split("  ")
            assert hashlib.sha256(package.read(f"2017/{name}")).hexdigest() == digest
    files = {f"2017/{p.relative_to(edition)}" for p in edition.rglob("*") if p.is_file()}
    assert names == files | {"2017/SHA256SUMS"}
    assert count == len(files) == len(sums.splitlines())


def test_the_same_bytes(edition: Path, tmp_path: Path) -> None:
    """Whenever it is packed."""
    packages = [tmp_path / "a.zip", tmp_path / "b.zip"]
    for place in packages:
        write_package(edition, place, "output/2017", "nl")
    assert packages[0].read_bytes() == packages[1].read_bytes()


def test_a_changed_edition_is_not_packed(edition: Path, tmp_path: Path) -> None:
    """Nobody knows what it says."""
    page = edition / "index.html"
    page.write_text(page.read_text("utf-8") + " ", "utf-8")
    with pytest.raises(RefusedError, match="isn't the edition that was published"):
        write_package(edition, tmp_path / "2017.zip", "output/2017", "nl")
    assert not (tmp_path / "2017.zip").exists()


def test_a_folder_without_an_edition(tmp_path: Path) -> None:
    """It says what is missing."""
    with pytest.raises(ParametersError, match="no manifest"):
        write_package(tmp_path, tmp_path / "x.zip", "output/2018", "nl")


@pytest.fixture
def address(edition: Path) -> Iterator[str]:
    """Where a server sends the edition."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=edition.parent)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/2017"
        server.shutdown()
        thread.join()


def test_an_address_that_has_all(edition: Path, address: str) -> None:
    """Each file is fetched and compared."""
    files = [path for path in edition.rglob("*") if path.is_file()]
    assert check_address(edition, "output/2017", address) == len(files)


def test_an_address_that_lacks_a_file(edition: Path, address: str, tmp_path: Path) -> None:
    """It is named, and so is one that is another."""
    own = shutil.copytree(edition, tmp_path / "own")
    (edition / "report.pdf").unlink()
    (edition / "colofon.html").write_text("no", "utf-8")
    with pytest.raises(RefusedError) as error:
        check_address(own, "output/2017", address)
    assert "report.pdf: isn't there" in str(error.value)
    assert "colofon.html: is another file there" in str(error.value)


@pytest.mark.parametrize("address", ["file:///etc", "www.example.org"])
def test_what_is_no_address(edition: Path, address: str) -> None:
    """A web server alone is asked."""
    with pytest.raises(ParametersError, match="no address of a web server"):
        check_address(edition, "output/2017", address)


def test_a_server_that_can_not_be_reached(edition: Path) -> None:
    """It is said, with what to look at."""
    with pytest.raises(MachineError, match="can't be reached"):
        check_address(edition, "output/2017", "http://127.0.0.1:9/")
