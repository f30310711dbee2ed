"""A real year is published, and nobody works a small count out of its ledger or its files."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from helpline_report import build as stages
from helpline_report import publishing
from helpline_report.audit.differences_page import DifferencesWriter
from helpline_report.audit.edition_differences import compare_editions, read_edition
from helpline_report.build import build
from helpline_report.disclosure import release as gate
from helpline_report.disclosure import witnesses
from helpline_report.disclosure.cells import read_cells
from helpline_report.disclosure.count_blocks import CountCell
from helpline_report.disclosure.protection import Protection
from helpline_report.disclosure.witnesses import Witnesses
from helpline_report.edition_register import open_register
from helpline_report.figures.breakdown import count_series, top
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.measures import count, mean
from helpline_report.figures.rates import change
from helpline_report.figures.register import Register
from helpline_report.figures.wider_classes import count_coarser
from helpline_report.parameters.project import Project
from tests.disclosure.attacks import (
    OF_FILES,
    OF_LEDGERS,
    Attack,
    Published,
    alternative_texts,
    differences,
    png_geometry,
    single_days,
    svg_geometry,
)
from tests.disclosure.sample import IN_YAML, THRESHOLD, copy_confidential, figures_of, small_counts
from tests.figures.drawn import whole
from tests.report.small_projects import fingerprint

pytestmark = pytest.mark.slow
CELLS = Path(__file__).with_name("cells-2017.txt")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample as a real year would be: its rows are confidential, and nothing was printed."""
    folder = copy_confidential(tmp_path_factory.mktemp("confidential"))
    # A chart of so few people that a pixel of a bar says how many.
    notebook = folder / "notebooks" / "08_media.ipynb"
    source = notebook.read_text("utf-8")
    counted = r"chapter.counts(\"sectors.culture.problems\", from_culture, by=\"problem\")"
    assert source.count(counted) == 1
    notebook.write_text(source.replace(counted, f"chapter.chart({counted})"), "utf-8")
    # The year to compare with isn't published, and needs no threshold.
    earlier = folder / "params" / "2016.yaml"
    parameters = earlier.read_text("utf-8")
    assert IN_YAML in parameters
    earlier.write_text(parameters.replace(IN_YAML, ""), "utf-8")
    build(Project(folder), "2017")
    return folder


def published(project: Path) -> Published:
    """The edition of a project."""
    folder = project / "output" / "2017"
    return Published(json.loads((folder / "data" / "ledger.json").read_text("utf-8")), folder)


@pytest.fixture(scope="module")
def edition(project: Path) -> Published:
    """The edition that is published."""
    return published(project)


@pytest.fixture(scope="module")
def as_counted(project: Path) -> Ledger:
    """The ledger of the edition before its release, which nobody else can read."""
    text = (project / ".helpline" / "disclosure" / "2017.json").read_text("utf-8")
    return Ledger.model_validate_json(text)


@pytest.fixture(scope="module")
def register(project: Path) -> Register:
    """The rows of the sample, and what was decided on them."""
    return open_register(Project(project), "2017")


@pytest.fixture(scope="module")
def truth(as_counted: Ledger, register: Register) -> dict[str, Any]:
    """All figures as they were counted, those of wider classes too."""
    return figures_of(count_coarser(as_counted, register))


@pytest.fixture(scope="module")
def without_gate(
    project: Path,
    tmp_path_factory: pytest.TempPathFactory,
    as_counted: Ledger,
    truth: dict[str, Any],
) -> Published:
    """The chapters with small counts, of the edition that a gate makes which hides nothing."""
    small = small_counts(truth)
    chapters = {
        chapter.name
        for chapter in as_counted.chapters
        if not small.isdisjoint(name for cell in chapter.cells for name in cell.figures)
    }
    folder = tmp_path_factory.mktemp("all") / "project"
    shutil.copytree(project, folder)
    for path in (folder / "notebooks").rglob("*.ipynb"):
        if path.stem.partition("_")[2] not in chapters:
            path.unlink()
    # The texts of an edition are about all of its chapters.
    shutil.rmtree(folder / "params" / "2017")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gate, "protect", lambda *_: Protection(()))
        # Nobody asks whether its counts and its files agree: those of the edition do.
        patch.setattr(stages, "recount_ledger", lambda *_: {})
        patch.setattr(stages, "check_counts", lambda *_, **__: ())
        patch.setattr(publishing, "read_back", lambda *_: None)
        build(Project(folder), "2017")
    return published(folder)


def recovered(attack: Attack, edition: Published, truth: dict[str, Any]) -> set[str]:
    """The small counts that an attack finds."""
    if attack is single_days:
        by_day = {n.removeprefix("days."): f["value"] for n, f in truth.items() if "days." in n}
        by_day |= {n.rpartition(".")[2]: f["value"] for n, f in truth.items() if "by_date." in n}
        guesses = [(days, n) for days, n in attack(edition) if 0 < n < THRESHOLD]
        return {days for days, n in guesses if n == sum(by_day[d] for d in days.split("|"))}
    small = small_counts(truth) - edition.ledger.get("merged", {}).keys()
    if attack is alternative_texts:
        # The lowest count that is shown is small in no chart: of no hidden one may it speak.
        small = {name for name in edition.hidden & truth.keys() if truth[name]["value"]}
    small |= {
        name
        for name, figure in truth.items()
        if name.endswith((".excluded", ".repaired")) and 0 < (figure["value"] or 0) < THRESHOLD
    }
    return {name for name, n in attack(edition) if name in small and truth[name]["value"] == n}


@pytest.fixture(scope="module")
def counted(as_counted: Ledger, register: Register) -> Ledger:
    """What the chapters count, and what another one might say of small counts among it."""
    persons, followups = whole(register, "persons"), whole(register, "followups")
    alone = persons.where(caller_role="unknown", problem="domestic_violence")
    line, members = count_series("added.line", persons.where(context="school"), "problem")
    figures = [
        *members,
        change("added.change", alone),
        mean("added.mean", alone, ["open_day"]),
        top("added.top", alone, "problem"),
        count("added.elsewhere", followups.where(followup="registered.police")),
    ]
    assert all(figure.status == "ok" for figure in figures)
    update = {
        "figures": {**as_counted.figures, **{figure.id: figure for figure in figures}},
        "breakdowns": {**as_counted.breakdowns, line.id: line},
    }
    return as_counted.model_copy(update=update)


@pytest.fixture(scope="module")
def behind_gate(counted: Ledger, register: Register) -> Published:
    """What is released of it, as each table by itself is protected: no more than that is hidden.

    What all tables tell together is attacked in `test_joint_registers`.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gate, "protect_together", lambda _, protections, *__: protections)
        return Published(json.loads(gate.release(counted, register).ledger.to_json()))


@pytest.fixture(scope="module")
def careless(counted: Ledger, register: Register) -> Published:
    """The same with the gate switched off: tables alone are without their small counts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gate, "protect", lambda *_: Protection(()))
        patch.setattr(gate, "_without_small_rows", lambda ledger, _: ledger)
        ledger = json.loads(gate.release(counted, register).ledger.to_json())
    for name in {*small_counts(ledger["figures"]), *ledger["merged"]} - {"added.elsewhere"}:
        ledger["figures"][name]["value"] = None
    return Published(ledger)


@pytest.mark.parametrize("attack", OF_LEDGERS, ids=lambda each: each.__name__)
def test_an_attack_on_arithmetic(
    attack: Attack,
    counted: Ledger,
    behind_gate: Published,
    careless: Published,
    truth: dict[str, Any],
) -> None:
    """It succeeds where the gate is switched off, and fails behind the gate."""
    every = {**truth, **figures_of(counted)}
    assert recovered(attack, careless, every)
    assert not recovered(attack, behind_gate, every)


@pytest.mark.parametrize("attack", [*OF_LEDGERS, *OF_FILES], ids=lambda each: each.__name__)
def test_an_attack_on_the_edition(
    attack: Attack, edition: Published, truth: dict[str, Any]
) -> None:
    """It finds no small count."""
    assert not recovered(attack, edition, truth)


@pytest.mark.parametrize("attack", OF_FILES, ids=lambda each: each.__name__)
def test_an_attack_on_files(
    attack: Attack, without_gate: Published, edition: Published, truth: dict[str, Any]
) -> None:
    """It succeeds on pages, drawings, pictures and files that hide less than the ledger."""
    geometry = attack in (svg_geometry, png_geometry)
    ledger = without_gate.ledger if geometry else edition.ledger
    assert recovered(attack, Published(ledger, without_gate.folder), truth)


def test_differences_of_two_editions(
    project: Path,
    edition: Published,
    without_gate: Published,
    behind_gate: Published,
    truth: dict[str, Any],
) -> None:
    """Of two editions behind the gate they say no small count; of one without it they do."""
    here = read_edition(edition.folder, "2017", "2017")
    changed = Ledger.model_validate(behind_gate.ledger)
    changed = changed.model_copy(update={"figures": {**changed.figures, **_one_more(changed)}})
    others = (
        replace(here, label="changed", ledger=changed),
        read_edition(without_gate.folder, "without", "without"),
    )
    small = small_counts(truth) & edition.hidden
    recovered = []
    for other in others:
        both = compare_editions(here, other)
        table = DifferencesWriter(Project(project), both, project / "differences.html").table()
        guesses = dict(differences(table))
        assert guesses
        recovered.append({name for name, n in guesses.items() if name in small})
    assert not recovered[0]
    assert recovered[1]


def _one_more(ledger: Ledger) -> dict[str, Any]:
    """A larger total, so that there is a difference."""
    total = ledger.figures["contacts.total"]
    return {total.id: total.model_copy(update={"value": total.number + 1})}


@pytest.mark.long
def test_registers_that_say_the_same_publish_the_same_bytes(project: Path, tmp_path: Path) -> None:
    """Whatever hidden counts are, no file of the edition depends on them but by which are hidden.

    Two persons exchange their contexts: of four hidden counts two grow by one and two shrink.
    """
    other = Path(shutil.copytree(project, tmp_path / "project"))
    shutil.rmtree(other / "output")
    exchange_contexts(other / "data" / "sample" / "2017" / "gemelde_personen.csv")
    build(Project(other), "2017")
    decided = [folder / ".helpline" / "disclosure" / "2017.json" for folder in (project, other)]
    counted = [json.loads(path.read_text("utf-8"))["figures"] for path in decided]
    changed = {name for name in counted[0] if counted[0][name] != counted[1][name]}
    assert {name for name in changed if name.startswith("problems.problem_context.")} == {
        f"problems.problem_context.{context}.{problem}"
        for context in ("other", "unknown")
        for problem in ("domestic_violence", "elder_abuse")
    }
    assert fingerprint(other / "output") == fingerprint(project / "output")


def exchange_contexts(path: Path) -> None:
    """Make a context of domestic violence unknown, and for it one of elder abuse known."""
    lines = path.read_text("utf-8").splitlines(keepends=True)
    first, second = ("Familiaal geweld", "Andere\n"), ("Ouderenmis(be)handeling", "Onbekend\n")

    def rows_of(problem: str, context: str) -> list[int]:
        rows = enumerate(lines)
        return [at for at, row in rows if f";{problem};" in row and row.endswith(f";{context}")]

    # By the second one as many counts are small as before.
    one, other = rows_of(*first)[1], rows_of(*second)[0]
    lines[one] = lines[one].removesuffix(first[1]) + second[1]
    lines[other] = lines[other].removesuffix(second[1]) + first[1]
    path.write_text("".join(lines), "utf-8", newline="\n")


def test_few_counts_are_hidden(edition: Published) -> None:
    """At most sixty of those outside the series by week and by part of the day."""
    in_series = [
        name
        for name, figure in edition.figures.items()
        if name.startswith(("contacts.by_date.", "contacts.by_weekday_hour."))
        and figure.get("reason") == {"code": "protected"}
    ]
    assert 0 < edition.ledger["protected"]["hidden"] - len(in_series) <= 60


def test_no_small_count_is_published(edition: Published, truth: dict[str, Any]) -> None:
    """Each of them has no value, and says the one thing that every hidden figure says."""
    small = small_counts(truth) - edition.ledger["merged"].keys()
    assert len(small) > 20
    for name in small:
        figure = edition.figures[name]
        assert (figure["value"], figure.get("numerator")) == (None, None), name
        assert figure["reason"] == {"code": "protected"}, name


def test_the_totals_that_the_report_printed_are_shown(edition: Published) -> None:
    """By month, channel and problem all of them; by follow-up but for those that are small."""
    for name in ("contacts.by_month", "contacts.by_channel", "problems", "followup"):
        members = [member["figure"] for member in edition.ledger["series"][name]["members"]]
        hidden = edition.hidden & set(members)
        assert len(hidden) <= (6 if name == "followup" else 0), name


def test_hashes_can_not_be_tried(edition: Published, project: Path) -> None:
    """No hash of an export, nor of what holds hidden counts, is published anywhere."""
    manifest = json.loads((edition.folder / "audit" / "manifest.json").read_text("utf-8"))
    assert {item["sha256"] for item in (*manifest["inputs"], *manifest["executed"])} == {""}
    hashes = {item["sha256"] for item in manifest["project"] if item["role"] == "parameters"}
    assert hashes == {""}
    # The number of keys that were read, less the rows that are shown, are those left out. Figures
    # that were counted, less those that are published, are hidden ones that there are rows of.
    assert {check["of"] for check in manifest["checks"]} == {None}
    text = "".join(p.read_text("utf-8") for p in edition.folder.rglob("*.json"))
    for path in (project / "data" / "sample").rglob("*.csv"):
        assert hashlib.sha256(path.read_bytes()).hexdigest() not in text


def test_the_counts_that_are_published_were_decided_on(
    as_counted: Ledger, register: Register
) -> None:
    """A new table of people is a new line in the file, and somebody looks at what it does."""
    ledger = count_coarser(as_counted, register)
    unpublished = {
        *ledger.merged,
        *(c.figure for t in register.edition.not_published for c in ledger.breakdowns[t].members),
    }
    figures = {name: each for name, each in ledger.figures.items() if name not in unpublished}
    ledger = ledger.model_copy(update={"figures": figures})
    blocks = read_cells(ledger, register, (), THRESHOLD).blocks.values()
    names = {f"{block.name}: {c.id}" for block in blocks for c in block.cells if not c.derived}
    known = set(CELLS.read_text("utf-8").splitlines())
    here = CELLS.with_suffix(".new")
    if names != known:
        here.write_text("".join(f"{name}\n" for name in sorted(names)), "utf-8")
    assert names == known, (
        f"{len(names - known)} counts are new, {len(known - names)} are gone: see what hiding them "
        f"costs (helpline-report disclosure 2017), then put {here.name} in place of {CELLS.name}"
    )


def test_until_its_approval_nobody_else_reads_it(edition: Published) -> None:
    """The folder is its owner's alone."""
    assert edition.folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.long
def test_each_small_count_has_whole_registers(
    as_counted: Ledger, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both ways, of all tables together: in whole numbers, where the gate takes fractions too."""
    monkeypatch.setattr(witnesses, "COLUMNS", (1500, 3000, 8000))
    monkeypatch.setattr(witnesses, "FRACTIONS", 8000)
    decisions: dict[str, bool] = {}
    is_protected = Witnesses.is_protected

    def note(proof: Witnesses, hidden: frozenset[str], target: CountCell) -> bool:
        decisions[target.id] = is_protected(proof, hidden, target)
        return decisions[target.id]

    monkeypatch.setattr(Witnesses, "is_protected", note)
    gate.release(as_counted, register)
    assert len(decisions) > 30
    assert all(decisions.values())
