"""A real year is published, and nobody works a small count out of its files."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from helpline_report.build import build
from helpline_report.disclosure import release
from helpline_report.disclosure.cells import read_cells
from helpline_report.disclosure.coarser import count_coarser
from helpline_report.disclosure.protection import Protection, protect
from helpline_report.disclosure.system import CountBlock
from helpline_report.edition_register import open_register
from helpline_report.figures.ledger import Ledger
from helpline_report.parameters.project import Project
from tests.disclosure.attacks import (
    BY_ARITHMETIC,
    DIRECT,
    Guess,
    Published,
    data_files,
    pages_against_tables,
    png_geometry,
    single_days,
    svg_geometry,
)

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
CELLS = Path(__file__).with_name("cells-2017.txt")
THRESHOLD = 5
DECISION = (
    "disclosure: {threshold: 5, decided_by: de raad, decided_on: 2018-01-01, "
    "reason: {nl: om mensen te beschermen, en: to protect people}}\n"
)


def confidential_project(folder: Path) -> Path:
    """The sample as a real year would be: its rows are confidential, and nothing was printed."""
    for name in ("params", "notebooks", "data"):
        shutil.copytree(ROOT / name, folder / name)
    # A chart of so few people that a pixel of a bar says how many.
    notebook = folder / "notebooks" / "08_media.ipynb"
    source = notebook.read_text("utf-8")
    counted = r"chapter.counts(\"sectors.culture.problems\", from_culture, by=\"problem\")"
    assert source.count(counted) == 1
    notebook.write_text(source.replace(counted, f"chapter.chart({counted})"), "utf-8")
    return make_confidential(folder)


def make_confidential(folder: Path) -> Path:
    """Let the parameters of a project say that the rows are confidential, with a threshold of 5."""
    publisher = _section((ROOT / "params" / "2017.yaml").read_text("utf-8"), "publisher")
    for year in ("2016", "2017"):
        path = folder / "params" / f"{year}.yaml"
        text = path.read_text("utf-8").replace("rows: synthetic", "rows: confidential")
        text = text.replace("printed: [data/printed/2017.csv]\n", "")
        text = text.replace(_section(text, "publisher"), publisher)
        old = _section(text, "disclosure")
        path.write_text(text.replace(old, DECISION) if old else text + DECISION, "utf-8")
    return folder


def _section(text: str, key: str) -> str:
    """A key of the parameters with all that stands below it."""
    lines = text.splitlines(keepends=True)
    if f"{key}:\n" not in lines:
        return ""
    start = lines.index(f"{key}:\n")
    end = next(
        (at for at in range(start + 1, len(lines)) if lines[at][:1] not in (" ", "#", "\n")),
        len(lines),
    )
    return "".join(lines[start:end])


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose edition is built."""
    folder = confidential_project(tmp_path_factory.mktemp("confidential"))
    build(Project(folder), "2017")
    return folder


@pytest.fixture(scope="module")
def edition(project: Path) -> Published:
    """Its edition."""
    return Published(project / "output" / "2017")


@pytest.fixture(scope="module")
def truth(project: Path) -> dict[str, Any]:
    """All figures as they were counted, which nobody else can read."""
    text = (project / ".helpline" / "disclosure" / "2017.json").read_text("utf-8")
    figures: dict[str, Any] = json.loads(text)["figures"]
    return figures


def small_counts(truth: dict[str, Any], edition: Published) -> set[str]:
    """The small counts of people that stand in an edition by themselves."""
    return {
        name
        for name, figure in truth.items()
        if figure["kind"] == "count"
        and figure["population"]["table"] in ("contacts", "persons", "followups")
        and 0 < (figure["value"] or 0) < THRESHOLD
        and name not in edition.ledger.get("merged", {})
    }


def recovered(
    attack: Callable[[Published], Iterator[Guess]], edition: Published, truth: dict[str, Any]
) -> set[str]:
    """The small counts that an attack finds."""
    small = small_counts(truth, edition)
    return {
        name for name, guess in attack(edition) if name in small and truth[name]["value"] == guess
    }


def open_gate(
    project: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, *, hide: bool
) -> Published:
    """The same year with the gate switched off; with `hide`, small counts alone are hidden."""

    def hides_little(block: CountBlock, threshold: int) -> Protection:
        primary = protect(block, threshold).primary if hide else ()
        return Protection(primary, (), (), (), ())

    shutil.copytree(project, folder, dirs_exist_ok=True)
    monkeypatch.setattr(release, "protect", hides_little)
    build(Project(folder), "2017")
    return Published(folder / "output" / "2017")


@pytest.fixture(scope="module")
def without_gate(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    """An edition that shows all."""
    with pytest.MonkeyPatch.context() as patch:
        yield open_gate(project, tmp_path_factory.mktemp("all") / "p", patch, hide=False)


@pytest.fixture(scope="module")
def small_hidden(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    """An edition that hides small counts alone."""
    with pytest.MonkeyPatch.context() as patch:
        yield open_gate(project, tmp_path_factory.mktemp("small") / "p", patch, hide=True)


def test_few_counts_are_hidden(edition: Published) -> None:
    """At most a hundred of those outside the series by week and by part of the day."""
    in_series = [
        name
        for name, figure in edition.figures.items()
        if name.startswith(("contacts.by_date.", "contacts.by_weekday_hour."))
        and figure.get("reason") == {"code": "protected"}
    ]
    assert 0 < edition.ledger["protected"]["hidden"] - len(in_series) <= 100


def test_no_small_count_is_published(edition: Published, truth: dict[str, Any]) -> None:
    """Each of them has no value, and says the one thing that every hidden figure says."""
    small = small_counts(truth, edition)
    assert len(small) > 30
    for name in small:
        figure = edition.figures[name]
        assert figure["value"] is None, name
        assert figure["reason"] == {"code": "protected"}, name
        assert figure.get("numerator") is None, name


@pytest.mark.parametrize("attack", [*DIRECT, *BY_ARITHMETIC], ids=lambda each: each.__name__)
def test_an_attack_fails(
    attack: Callable[[Published], Iterator[Guess]], edition: Published, truth: dict[str, Any]
) -> None:
    """Against the edition it finds no small count."""
    assert not recovered(attack, edition, truth)


@pytest.mark.parametrize("attack", BY_ARITHMETIC[1:], ids=lambda each: each.__name__)
def test_arithmetic_succeeds_where_small_counts_alone_are_hidden(
    attack: Callable[[Published], Iterator[Guess]], small_hidden: Published, truth: dict[str, Any]
) -> None:
    """So that the attack is one."""
    assert recovered(attack, small_hidden, truth)


def test_weeks_months_and_windows_tell_no_day(
    edition: Published, small_hidden: Published, truth: dict[str, Any]
) -> None:
    """A week that crosses a month tells a day or two, where small counts alone are hidden."""

    def small_days(published: Published) -> list[str]:
        return [
            days
            for days, guess in single_days(published)
            if 0 < guess < THRESHOLD
            and guess == sum(truth[f"contacts.by_date.{day}"]["value"] for day in days.split("|"))
        ]

    assert not small_days(edition)
    assert small_days(small_hidden)


def test_shares_succeed_without_the_gate(without_gate: Published, truth: dict[str, Any]) -> None:
    """A share with its decimals gives the count that it is made of."""
    assert recovered(DIRECT[0], without_gate, truth)


@pytest.mark.parametrize(
    "attack",
    [svg_geometry, png_geometry, pages_against_tables, data_files],
    ids=lambda a: a.__name__,
)
def test_files_succeed_without_the_gate(
    attack: Callable[[Published], Iterator[Guess]],
    without_gate: Published,
    edition: Published,
    truth: dict[str, Any],
) -> None:
    """Pages, drawings, pictures and files that hide less than the ledger give counts away."""
    careless = Published(without_gate.folder)
    if attack not in (svg_geometry, png_geometry):
        careless.ledger = edition.ledger
    assert recovered(attack, careless, truth)


def test_the_totals_that_the_report_printed_are_shown(edition: Published) -> None:
    """By month, channel, problem and follow-up, but for follow-ups that are small."""
    for name in ("contacts.by_month", "contacts.by_channel", "problems", "followup"):
        series = edition.ledger["series"][name]
        shown = [edition.known(member["figure"]) is not None for member in series["members"]]
        assert sum(shown) >= len(shown) - 6, name


def test_hashes_can_not_be_tried(edition: Published, project: Path) -> None:
    """No hash of an export, nor of what holds hidden counts, is published anywhere."""
    manifest = json.loads((edition.folder / "audit" / "manifest.json").read_text("utf-8"))
    assert {item["sha256"] for item in manifest["inputs"]} == {""}
    assert {item["sha256"] for item in manifest["executed"]} == {""}
    # The number of keys that were read, less the rows that are shown, are those left out.
    assert {check["of"] for check in manifest["checks"] if check["name"] == "keys"} == {None}
    text = "".join(p.read_text("utf-8") for p in edition.folder.rglob("*") if p.suffix == ".json")
    for path in (project / "data" / "sample").rglob("*.csv"):
        assert hashlib.sha256(path.read_bytes()).hexdigest() not in text


def test_the_counts_that_are_published_were_decided_on(project: Path) -> None:
    """A new table of people is a new line in the file, and somebody looks at what it does."""
    text = (project / ".helpline" / "disclosure" / "2017.json").read_text("utf-8")
    register = open_register(Project(project), "2017")
    ledger = count_coarser(Ledger.model_validate_json(text), register)
    figures = {name: each for name, each in ledger.figures.items() if name not in ledger.merged}
    ledger = ledger.model_copy(update={"figures": figures})
    blocks = read_cells(ledger, register, (), THRESHOLD).blocks.values()
    names = sorted(
        f"{block.name}: {cell.id}" for block in blocks for cell in block.cells if not cell.derived
    )
    known = CELLS.read_text("utf-8").splitlines()
    new, gone = set(names) - set(known), set(known) - set(names)
    if new or gone:
        here = CELLS.with_suffix(".new")
        here.write_text("".join(f"{name}\n" for name in names), "utf-8")
        pytest.fail(
            f"{len(new)} counts are new, {len(gone)} are gone, such as {sorted(new | gone)[:3]}. "
            f"See what hiding them costs (helpline-report disclosure 2017), then put {here.name} "
            f"in the place of {CELLS.name}"
        )


def test_until_its_approval_nobody_else_reads_it(edition: Published) -> None:
    """The folder is its owner's alone."""
    assert edition.folder.stat().st_mode & 0o777 == 0o700
