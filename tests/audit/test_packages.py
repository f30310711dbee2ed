"""A package holds the edition and what a web server needs, and an address is held against it."""

import hashlib
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from helpline_report.audit.packages import check_address
from helpline_report.errors import MachineError, ParametersError, RefusedError
from helpline_report.parameters.project import Project
from helpline_report.publishing import pack_edition
from tests.conftest import refusal, serve_folder
from tests.report.small_projects import fingerprint, retitle

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def packed(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the package of its edition, and that unpacked."""
    root = Path(shutil.copytree(small, tmp_path_factory.mktemp("packed") / "project"))
    package, _ = pack_edition(Project(root), "2017")
    with zipfile.ZipFile(package) as whole:
        whole.extractall(root / "server")
    return root


def test_all_files_with_their_checksums(packed: Path) -> None:
    """Below one folder, beside half a page on how to upload it; all that the edition has."""
    with zipfile.ZipFile(packed / "output" / "2017.zip") as package:
        names = {name for name in package.namelist() if name.startswith("2017/")}
        assert package.namelist()[0] == "LEESMIJ.txt"
        sums = package.read("2017/SHA256SUMS").decode()
        for line in sums.splitlines():
            digest, name = line.split("  ")
            assert hashlib.sha256(package.read(f"2017/{name}")).hexdigest() == digest
    files = {f"2017/{name}" for name in fingerprint(packed / "output" / "2017")}
    assert names == files | {"2017/SHA256SUMS"}


def test_its_page_stands_beside_its_files(packed: Path) -> None:
    """It links to them, as the page that stands alone doesn't; all else but hashes is the same."""
    alone, beside = (packed / "output" / "2017", packed / "server" / "2017")
    assert 'href="report.pdf"' not in (alone / "index.html").read_text("utf-8")
    assert 'href="report.pdf"' in (beside / "index.html").read_text("utf-8")
    (beside / "SHA256SUMS").rename(beside.parent / "SHA256SUMS")
    one, other = fingerprint(alone), fingerprint(beside)
    differ = {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}
    (beside.parent / "SHA256SUMS").rename(beside / "SHA256SUMS")
    assert differ == {"index.html", "audit/manifest.json", "ro-crate-metadata.json"}


def test_the_same_bytes(packed: Path) -> None:
    """Whenever it is packed."""
    before = (packed / "output" / "2017.zip").read_bytes()
    package, _ = pack_edition(Project(packed), "2017")
    assert package.read_bytes() == before


@pytest.fixture
def root(packed: Path, tmp_path: Path) -> Path:
    """A project of one's own, without a package."""
    root = Path(shutil.copytree(packed, tmp_path / "project"))
    (root / "output" / "2017.zip").unlink()
    return root


def add_space(path: Path) -> None:
    path.write_text(path.read_text("utf-8") + " ", "utf-8")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda root: add_space(root / "output/2017/index.html"), "isn't the edition that was"),
        (retitle, "the texts or parameters changed since"),
    ],
    ids=["a page", "a parameter"],
)
def test_what_is_not_packed(root: Path, change: Callable[[Path], None], message: str) -> None:
    """What nobody knows what it says, and what would give another edition than was looked at."""
    change(root)
    with pytest.raises(RefusedError, match=message):
        pack_edition(Project(root), "2017")
    assert not (root / "output" / "2017.zip").exists()


@pytest.fixture
def server(packed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(packed / "server", tmp_path / "server"))


@pytest.fixture
def address(server: Path) -> Iterator[str]:
    with serve_folder(server) as root:
        yield f"{root}2017"


def check(packed: Path, address: str) -> int:
    return check_address(packed / "output" / "2017.zip", "output/2017.zip", address)


def test_an_address_that_has_all(packed: Path, address: str) -> None:
    """Each file is fetched and compared."""
    assert check(packed, address) == len(fingerprint(packed / "output" / "2017"))


def test_an_address_that_lacks_a_file(packed: Path, server: Path, address: str) -> None:
    """It is named, and so is one that is another."""
    (server / "2017" / "report.pdf").unlink()
    add_space(server / "2017" / "index.html")
    message = refusal(RefusedError, check, packed, address)
    assert "report.pdf: isn't there" in message
    assert "index.html: is another file there" in message


@pytest.mark.parametrize(
    ("address", "place", "error", "message"),
    [
        ("file:///etc", "2017", ParametersError, "no address of a web server"),
        ("http://", "2017", ParametersError, "no address of a web server"),
        ("http://a b/", "2017", ParametersError, "no address of a web server"),
        ("http://a:b/", "2017", MachineError, "can't be reached .nonnumeric port"),
        ("http://127.0.0.1:9/", "2018", ParametersError, "no package to compare with"),
        ("http://127.0.0.1:9/", "2017", MachineError, "can't be reached"),
    ],
)
def test_what_can_not_be_checked(
    packed: Path, address: str, place: str, error: type[Exception], message: str
) -> None:
    """No address, no package, no server: it is said, with what to look at."""
    package = packed / "output" / f"{place}.zip"
    with pytest.raises(error, match=message):
        check_address(package, f"output/{place}.zip", address)
