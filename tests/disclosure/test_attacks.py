"""A real year is published, and nobody works a small count out of its ledger or its files."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from helpline_report.audit.edition_differences import read_edition
from helpline_report.build import build
from helpline_report.edition_register import open_register
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.register import Register
from helpline_report.figures.wider_classes import count_coarser
from helpline_report.parameters.project import Project
from tests.disclosure.attacks import (
    OF_FILES,
    OF_LEDGERS,
    Attack,
    Published,
    compare,
    read_published,
    recovered,
)
from tests.disclosure.sample import copy_attacked, figures_of, small_counts
from tests.report.small_projects import fingerprint

# Ledgers and files of smaller years are attacked in each run: test_attacks_on_ledgers, …_on_files.
pytestmark = [pytest.mark.slow, pytest.mark.long]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample as a real year would be: its rows are confidential, and nothing was printed."""
    folder = copy_attacked(tmp_path_factory.mktemp("confidential"))
    build(Project(folder), "2017")
    return folder


@pytest.fixture(scope="module")
def edition(project: Path) -> Published:
    return read_published(project)


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


@pytest.mark.parametrize("attack", [*OF_LEDGERS, *OF_FILES], ids=lambda each: each.__name__)
def test_an_attack_on_the_edition(
    attack: Attack, edition: Published, truth: dict[str, Any]
) -> None:
    """It finds no small count."""
    assert not recovered(attack, edition, truth)


def test_differences_of_two_editions(
    project: Path, edition: Published, truth: dict[str, Any]
) -> None:
    """Of two editions behind the gate they say no small count."""
    here = read_edition(edition.folder, "2017", "2017")
    total = here.ledger.figures["contacts.total"]
    one_more = {total.id: total.model_copy(update={"value": total.number + 1})}
    ledger = here.ledger.model_copy(update={"figures": {**here.ledger.figures, **one_more}})
    guesses = compare(project, here, replace(here, label="changed", ledger=ledger))
    assert guesses
    assert {name for name, _ in guesses}.isdisjoint(small_counts(truth) & edition.hidden)


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


def test_until_its_approval_nobody_else_reads_it(edition: Published) -> None:
    """The folder is its owner's alone."""
    assert edition.folder.stat().st_mode & 0o777 == 0o700
