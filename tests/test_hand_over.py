"""Staff get a folder from which they publish the same bytes, and which holds nothing of a row."""

import errno
import json
import multiprocessing
import os
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from helpline_report import hand_over
from helpline_report.build import build
from helpline_report.errors import ParametersError, RefusedError
from helpline_report.figures.ledger import Ledger
from helpline_report.hand_over import write_hand_over
from helpline_report.parameters.project import Project
from helpline_report.publishing import compose_publications, republish
from helpline_report.report.publication import Publication
from tests.conftest import run_program
from tests.disclosure.sample import IN_YAML, make_confidential
from tests.end.canaries import WORD
from tests.end.carriers import carried, leaks
from tests.report.small_projects import chapter, code, copy_few, count, fingerprint, text

pytestmark = pytest.mark.slow

KEYS = re.compile(rb"[CP]2017-0\d{5}")
CELLS = (
    count("contacts.total"),
    code(
        "by-role",
        'roles = chapter.counts("contacts.by_role", contacts, by=["caller_role", "channel"])\n'
        "chapter.chart(roles)\nchapter.table(roles)",
    ),
    code("look", f"# {WORD}blik\ncontacts.df.head(3)"),
    text("said", f"<!-- {WORD}notitie -->Er waren {{{{ contacts.total | noun }}}}."),
)


def count_contacts(root: Path, year: str) -> int:
    path = root / "data" / "sample" / year / "contactnames.csv"
    return len(path.read_text("utf-8").splitlines()) - 1


@pytest.fixture(scope="module")
def confidential(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of confidential rows with a threshold of 5, whose notebook was saved with rows.

    The year to compare with isn't published, and has no threshold.
    """
    root = copy_few(tmp_path_factory.mktemp("confidential") / "project")
    path = chapter(root, *CELLS)
    notebook = json.loads(path.read_text(encoding="utf-8"))
    rows = (root / "data" / "sample" / "2017" / "contactnames.csv").read_text("utf-8")[:2000]
    output = {"name": "stdout", "output_type": "stream", "text": f"{WORD}rijen {rows}"}
    notebook["cells"][-2]["outputs"] = [output]
    notebook["metadata"]["authors"] = [f"{WORD}auteur"]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    make_confidential(root)
    for year, decided in (("2016", IN_YAML), ("2017", "")):
        number = count_contacts(root, year)
        total = (
            f"control_totals:  # {number}, of the helpline's own count\n"
            f"  - {{file: contactnames.csv, 'rows' : '{number}'}}\n  # not {number}\n"
        )
        path = root / "params" / f"{year}.yaml"
        parameters = path.read_text("utf-8")
        assert decided in parameters
        path.write_text(parameters.replace(decided, "") + total, encoding="utf-8")
    build(Project(root), "2017")
    return root


@pytest.fixture(scope="module")
def handed(confidential: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that staff are given of it."""
    folder = tmp_path_factory.mktemp("staff") / "2017"
    ended = run_program(confidential, "hand-over", "2017", "--to", str(folder))
    assert (ended.returncode, "files, and no row" in ended.stderr) == (0, True), ended.stderr
    return folder


def test_nothing_of_a_row_is_in_it(confidential: Path, handed: Path) -> None:
    """No key, nothing that a notebook showed or its author noted, no export and no private file."""
    assert leaks(handed, WORD) == {}
    for path in filter(Path.is_file, handed.rglob("*")):
        assert not [part for part in carried(path) if KEYS.search(part)], path.name
    private = set(fingerprint(confidential / ".helpline").values())
    private |= set(fingerprint(confidential / "data" / "sample").values())
    shared = [name for name, digest in fingerprint(handed).items() if digest in private]
    assert shared
    assert all(name.startswith(".helpline/steps/drawing/") for name in shared)


def test_no_figure_that_isnt_released_is_in_it(confidential: Path, handed: Path) -> None:
    """The only ledger is the released one; what is hidden has no value there."""
    (path,) = handed.rglob("*ledger*.json")
    ledger = Ledger.model_validate_json(path.read_bytes())
    decided = confidential / ".helpline" / "disclosure" / "2017.json"
    counted = json.loads(decided.read_text("utf-8"))["figures"]
    hidden = [figure for figure in ledger.figures.values() if figure.status == "suppressed"]
    assert [counted[each.id]["value"] for each in hidden if each.kind == "count"] != []
    assert {(each.value, each.numerator) for each in hidden} == {(None, None)}


@pytest.mark.parametrize("year", ["2017", "2016"])
def test_no_number_of_rows_that_parameters_say_is_in_it(
    confidential: Path, handed: Path, year: str
) -> None:
    """A control total, or how many contacts a known fault is about, is protected by nothing."""
    path, number = Path("params", f"{year}.yaml"), str(count_contacts(confidential, year))
    texts = [(root / path).read_text("utf-8") for root in (confidential, handed)]
    assert [text.count(number) for text in texts] == [3, 0]
    editions = [Project(root).edition(year) for root in (confidential, handed)]
    assert [each.control_totals[0].rows for each in editions] == [int(number), 1]
    assert editions[1].control_totals[0].file == "contactnames.csv"
    others = [each.model_dump(exclude={"control_totals"}) for each in editions]
    assert others[0] == others[1]


def test_a_public_edition_masks_the_numbers_of_a_confidential_year_alone(
    confidential: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It compares with that year, and tells its own numbers of rows."""

    def compose(*arguments: Any) -> list[Publication]:
        composed = compose_publications(*arguments)
        update = {"rows": "public", "disclosure": None}
        return [replace(e, edition=e.edition.model_copy(update=update)) for e in composed]

    monkeypatch.setattr(hand_over, "compose_publications", compose)
    write_hand_over(Project(confidential), "2017", tmp_path / "staff")
    copied = Project(tmp_path / "staff")
    rows = [copied.edition(year).control_totals[0].rows for year in ("2017", "2016")]
    assert rows == [count_contacts(confidential, "2017"), 1]


@pytest.mark.parametrize(
    "which", ["confidential", pytest.param("year_2017", marks=pytest.mark.long)]
)
def test_the_same_bytes_are_published_from_it(
    which: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """All files of an edition, its manifest but for notebooks that were saved with outputs."""
    root, folder = request.getfixturevalue(which), tmp_path / "2017"
    write_hand_over(Project(root), "2017", folder)
    shutil.rmtree(folder / "output" / "2017" / "audit" / "other-years.html", ignore_errors=True)
    (folder / "output" / "2017" / "index.html").unlink()
    republish(Project(folder), "2017")
    published, there = (fingerprint(each / "output" / "2017") for each in (folder, root))
    differing = {name for name in there if published.get(name) != there[name]}
    of_files = {"audit/manifest.json", "ro-crate-metadata.json"}
    assert differing == (of_files if which == "confidential" else set())
    assert published.keys() == there.keys()


def test_it_says_how_to_begin_and_overwrites_no_texts(confidential: Path, handed: Path) -> None:
    """A second time it is refused: somebody may have edited in the folder."""
    names = {path.name for path in handed.iterdir()}
    assert {"LEESMIJ.txt", "start.sh", "start.command", "start.bat"} <= names
    with pytest.raises(RefusedError, match="may hold texts that somebody edited"):
        write_hand_over(Project(confidential), "2017", handed)


def test_one_that_was_killed_leaves_nothing_beside_the_folder(
    confidential: Path, handed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it had written lies in the private folder, and the next one clears it."""
    root, place = shutil.copytree(confidential, tmp_path / "project"), tmp_path / "sent"
    place.mkdir()

    def kill(*arguments: Any) -> None:  # noqa: ARG001 - as it is called
        """End as a killed process does: nothing is cleaned up."""
        os._exit(9)

    monkeypatch.setattr(hand_over, "_write_notebooks", kill)
    process = multiprocessing.get_context("fork").Process(
        target=write_hand_over, args=(Project(root), "2017", place / "2017")
    )
    process.start()
    process.join()
    assert (process.exitcode, [*place.iterdir()]) == (9, [])
    monkeypatch.undo()
    write_hand_over(Project(root), "2017", place / "2017")
    assert [path.name for path in place.iterdir()] == ["2017"]
    assert [*(root / ".helpline" / "hand-over").iterdir()] == []
    assert fingerprint(place / "2017").keys() == fingerprint(handed).keys()


def test_to_another_disk_it_goes_whole(
    confidential: Path, handed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder can't be renamed from one disk to another: it is copied, by another name first."""
    rename, renamed = Path.rename, list[str]()

    def refuse(path: Path, target: Path) -> Path:
        if path.parent.name == "hand-over":
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        renamed.append(path.name)
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse)
    write_hand_over(Project(confidential), "2017", tmp_path / "stick" / "2017")
    assert renamed == ["2017-unfinished"]
    assert [path.name for path in (tmp_path / "stick").iterdir()] == ["2017"]
    assert fingerprint(tmp_path / "stick" / "2017").keys() == fingerprint(handed).keys()


def test_what_was_not_published_is_not_handed_over(confidential: Path, tmp_path: Path) -> None:
    """Neither an edition in which a file was changed, nor a build that stands nowhere."""
    root = shutil.copytree(confidential, tmp_path / "project")
    page = root / "output" / "2017" / "index.html"
    page.write_text("anders", encoding="utf-8")
    with pytest.raises(RefusedError, match="isn't the edition that was published"):
        write_hand_over(Project(root), "2017", tmp_path / "2017")
    shutil.rmtree(root / "output")
    with pytest.raises(ParametersError, match="there is no released ledger of '2017'"):
        write_hand_over(Project(root), "2017", tmp_path / "2017")
    assert not (tmp_path / "2017").exists()
