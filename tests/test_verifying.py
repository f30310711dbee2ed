"""A published edition is verified: from its manifest alone, and from the exports."""

import datetime as dt
import random
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest
from PIL import Image
from typer.testing import CliRunner

from helpline_report import build, commands
from helpline_report.audit import manifest as manifests
from helpline_report.build import verify
from helpline_report.errors import EXIT_REFUSED, RefusedError
from helpline_report.parameters.project import Project
from helpline_report.parameters.project_folder import MANIFEST
from helpline_report.publishing import Approval, sign
from tests.conftest import ROOT, refusal, run_command
from tests.report.small_projects import PLAIN, chapter, copy_small, fingerprint, retitle, say_rows

pytestmark = pytest.mark.slow


def test_an_edition_that_its_exports_give(root: Path) -> None:
    """Built again, every file has the same bytes; the edition stands, nothing is left behind."""
    before = fingerprint(root / "output")
    assert verify(Project(root), "2017") == len(fingerprint(root / "output" / "2017"))
    assert fingerprint(root / "output") == before
    assert list((root / ".helpline" / "verify").iterdir()) == []


def test_a_changed_byte_of_an_export_is_named(root: Path) -> None:
    """The message names the export, and not the files that it changes."""
    with (root / "data/sample/2016/contactnames.csv").open("ab") as changed:
        changed.write(b"\n")
    assert refusal(RefusedError, verify, Project(root), "2017") == (
        "output/2017 was made from other files than those that lie here: 1 file(s) differ\n"
        "  contactnames.csv (2016): this export isn't what the manifest says\n"
        "  → find out who changed what; to publish what lies here now, build it again"
    )


@pytest.mark.long
def test_changed_parameters_that_no_hash_tells(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If small numbers are protected, the message says what may have changed."""
    file, read = "params/2017.yaml", manifests.read_manifest

    def read_without_hash(*where: Any) -> Mapping[str, Any]:
        manifest = read(*where)
        (own,) = (each for each in manifest["project"] if each["file"] == file)
        own["sha256"] = ""
        return manifest

    monkeypatch.setattr(manifests, "read_manifest", read_without_hash)
    retitle(root)
    with pytest.raises(RefusedError, match=f"or {file} was changed \\(no hash says so\\): "):
        verify(Project(root), "2017")


def test_a_copy_is_verified_without_its_exports(root: Path, tmp_path: Path) -> None:
    """A folder that somebody was sent is held against its own manifest; the files are counted."""
    copy = Path(shutil.copytree(root / "output" / "2017", tmp_path / "copy"))
    done = CliRunner().invoke(commands.app, ["verify", "--published", str(copy)])
    files = len(fingerprint(copy)) - 1
    assert (done.exit_code, done.stderr) == (
        0,
        f"{copy.as_posix()}: {files} files, all as they were published\n",
    )


def test_verify_without_an_edition_says_what_to_name() -> None:
    done = CliRunner().invoke(commands.app, ["verify"])
    assert str(done.exception) == (
        "name an edition, or the folder of a published one\n"
        "  → helpline-report verify 2017, or helpline-report verify --published FOLDER"
    )


# One changed byte, anywhere in an edition or in what it is made from

SEED = 20171231
FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"
HOUSE_STYLE = """
house_style:
  logo: {file: house/logo.png, alternative: {nl: een vlak, en: a plane}}
  fonts:
    sans: {regular: house/text.ttf, semibold: house/bold.ttf}
    serif: {semibold: house/head.ttf}
"""
APPROVAL = Approval("final", "de stuurgroep", "opdrachtgever", dt.date(2018, 3, 1))


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a chapter, a text, a house style and a lock, and its edition, signed."""
    root = copy_small(tmp_path_factory.mktemp("signed") / "project")
    chapter(root, *PLAIN)
    say_rows(root, "public")
    own = root / "params" / "2017" / "nl" / "contacts.md"
    own.parent.mkdir(parents=True)
    own.write_text("=== said ===\nSamen {{ contacts.total | noun }}.\n", encoding="utf-8")
    (root / "house").mkdir()
    Image.new("RGB", (3, 1)).save(root / "house" / "logo.png")
    for source, name in (("Sans", "text"), ("Sans-Bold", "bold"), ("Serif-Bold", "head")):
        shutil.copy(FONTS / f"DejaVu{source}.ttf", root / "house" / f"{name}.ttf")
    with (root / "params" / "2017.yaml").open("a", encoding="utf-8") as parameters:
        parameters.write(HOUSE_STYLE)
    shutil.copy(ROOT / "requirements.lock", root)
    build.build(Project(root), "2017")
    sign(Project(root), "2017", APPROVAL)
    return root


def flipped(path: Path, at: random.Random) -> bytes:
    """Change one byte of a file, at a place of chance, to another; returns what was there."""
    before = path.read_bytes()
    place = at.randrange(len(before))
    other = before[place] ^ at.randrange(1, 256)
    path.write_bytes(before[:place] + bytes([other]) + before[place + 1 :])
    return before


def not_named(
    root: Path, files: Iterable[Path], command: Sequence[str], named: Callable[[Path], str]
) -> list[tuple[str, int, str]]:
    """The files of which a changed byte isn't named, and nothing else: name, exit code, message."""
    chance = random.Random(SEED)
    unnamed = []
    for path in sorted(files):
        before = flipped(path, chance)
        try:
            code, message = run_command(root, "verify", *command)
        finally:
            path.write_bytes(before)
        lines = [line.strip() for line in message.splitlines() if ": this " in line]
        places = [line.partition(": this ")[0] for line in lines]
        alone = len(places) == 1 and f"/{places[0]}".endswith(f"/{named(path)}")
        if code != EXIT_REFUSED or not alone:
            unnamed.append((named(path), code, message))
    return unnamed


def files_below(folder: Path) -> list[Path]:
    """Every file of a folder; one that is hidden is none of the project's data."""
    return [path for path in folder.rglob("*") if path.is_file() and path.name[0] != "."]


def relative(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def one_of_each(files: Iterable[Path]) -> list[Path]:
    """One file of each kind, by its folder and ending; the others are tried in `make test-long`."""
    return list({(path.parent, path.suffix): path for path in sorted(files)}.values())


EVERY = pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.long)])


@EVERY
def test_a_byte_of_any_published_file(signed: Path, *, every: bool) -> None:
    """Pages, PDF, open data, pictures, audit, crate and the manifest itself: each by its name."""
    folder = signed / "output" / "2017"
    files = files_below(folder)
    names = {path.name for path in files}
    assert names >= {"index.html", "report.pdf", "manifest.json", "ro-crate-metadata.json"}
    chosen, command = files if every else one_of_each(files), ("--published", str(folder))
    assert not_named(signed, chosen, command, lambda path: relative(path, folder)) == []


@EVERY
def test_a_byte_of_anything_that_it_is_made_from(signed: Path, *, every: bool) -> None:
    """Notebooks, parameters, layouts, code lists, texts, printed figures, logo, fonts, lock."""
    folders = ("notebooks", "params", "data/codelists", "data/printed", "house")
    unread = unused(signed)
    files = [path for folder in folders for path in files_below(signed / folder)]
    files = [path for path in files if path.name not in unread]
    chosen = files if every else one_of_each(files)
    chosen.append(signed / "requirements.lock")
    assert not_named(signed, chosen, ["2017"], lambda path: relative(path, signed)) == []


def unused(root: Path) -> set[str]:
    """The parameters of other years, and the layouts of systems that this edition doesn't use."""
    years = ("2017", "2016")
    sources = [source for year in years for source in Project(root).edition(year).sources]
    used = {f"{name}.yaml" for name in (*years, *(source.layout for source in sources))}
    folders = (root / "params", root / "params" / "layouts")
    names = {path.name for folder in folders for path in folder.iterdir() if path.is_file()}
    return names - used


@pytest.mark.long
def test_a_byte_of_any_export(signed: Path) -> None:
    """Exports of both years, before anything is built."""
    sample = signed / "data" / "sample"
    files = files_below(sample)
    assert len(files) > 6

    def name_with_year(path: Path) -> str:
        return f"{path.name} ({path.relative_to(sample).parts[0]})"

    assert not_named(signed, files, ["2017"], name_with_year) == []


def test_a_byte_anywhere_in_the_manifest(signed: Path) -> None:
    """It may be in a hash of the manifest or in a space: the manifest alone is named."""
    path = signed / "output" / "2017" / MANIFEST
    for at in range(10):
        before = flipped(path, random.Random(SEED + at))
        try:
            folder = str(signed / "output" / "2017")
            code, message = run_command(signed, "verify", "--published", folder)
        finally:
            path.write_bytes(before)
        assert code == EXIT_REFUSED, at
        place = f"{signed.as_posix()}/output/2017/{MANIFEST}"
        assert message.startswith(f"{place}: this manifest was changed"), at
