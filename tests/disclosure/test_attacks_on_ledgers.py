"""Nobody works a small count out of the sample's ledger, alone or with what else is known."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from helpline_report.audit.reconciliation import make_reconciliation, reconcile
from helpline_report.audit.sources import list_published_counts
from helpline_report.disclosure import release as gate
from helpline_report.disclosure.cells import read_cells
from helpline_report.disclosure.count_blocks import CountBlock
from helpline_report.disclosure.protection import Protection, protect, suppress
from helpline_report.disclosure.published_counts import PublishedRange, read_counts
from helpline_report.errors import RefusedError
from helpline_report.figures.breakdown import count_series, crosstab, top
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.measures import count, mean
from helpline_report.figures.model import Figure
from helpline_report.figures.printed import PrintedFigure
from helpline_report.figures.rates import change
from helpline_report.figures.register import Register
from helpline_report.figures.wider_classes import count_coarser
from helpline_report.parameters.project import Project
from helpline_report.prose.writer import Writer
from tests.audit.in_process import ledger_from, register_of
from tests.disclosure.attacks import (
    OF_LEDGERS,
    Attack,
    Published,
    elimination,
    hide,
    recovered,
    together,
    verdicts,
    whole_groups,
)
from tests.disclosure.sample import ROOT, THRESHOLD, copy_confidential, figures_of, small_counts
from tests.figures.drawn import ledger_with, whole, with_threshold

pytestmark = pytest.mark.slow
PRINTED = ROOT / "data" / "printed" / "2017.csv"
CELLS = Path(__file__).with_name("cells-2017.txt")


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Register:
    """The rows of the sample as confidential ones, with a threshold of 5."""
    return register_of(copy_confidential(tmp_path_factory.mktemp("confidential")))


@pytest.fixture(scope="module")
def counted(register: Register, tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """What the chapters count of them."""
    return ledger_from(copy_confidential(tmp_path_factory.mktemp("chapters")), register)


@pytest.fixture(scope="module")
def truth(counted: Ledger, register: Register) -> dict[str, Any]:
    """All figures as they were counted, those of wider classes too."""
    return figures_of(count_coarser(counted, register))


@pytest.fixture(scope="module")
def added(counted: Ledger, register: Register) -> Ledger:
    """The same, and what another chapter might say of small counts among it."""
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
        "figures": {**counted.figures, **{figure.id: figure for figure in figures}},
        "breakdowns": {**counted.breakdowns, line.id: line},
    }
    return counted.model_copy(update=update)


@pytest.fixture(scope="module")
def edition(added: Ledger, register: Register) -> Published:
    """What is published of it."""
    return released(added, register)


@pytest.fixture(scope="module")
def careless(added: Ledger, register: Register) -> Published:
    """The same with the gate switched off: tables alone are without their small counts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gate, "protect", lambda *_, **__: Protection(()))
        patch.setattr(gate, "_without_small_rows", lambda ledger, _: ledger)
        ledger = json.loads(gate.release(added, register).ledger.to_json())
    return Published(hide(ledger, small_counts(ledger["figures"]) - {"added.elsewhere"}))


@pytest.mark.long
def test_the_sample_beside_its_printed_report(counted: Ledger, register: Register) -> None:
    """Of small counts those are shown again that 1712 printed, and no other one."""
    edition = register.edition.model_copy(update={"printed": ["data/printed/2017.csv"]})
    printed = list_published_counts(Project(ROOT), replace(register, edition=edition), counted)
    decision = gate.release(counted, register, printed)
    names = {name for name in counted.figures if f"\n{name}," in PRINTED.read_text("utf-8")}
    published = small_counts(figures_of(decision.ledger))
    assert published
    assert published <= names
    assert len(decision.hidden) < 60


def suppress_alone(
    blocks: Sequence[CountBlock], _: Register, threshold: int, **__: object
) -> Protection:
    """Hide small counts, and those that they would follow from."""
    return suppress(blocks, threshold)


def released(
    ledger: Ledger,
    register: Register,
    known: Sequence[PublishedRange] = (),
    protect: Callable[..., Protection] = suppress_alone,
) -> Published:
    """What the gate publishes of a ledger; nothing where it refuses.

    Without what is hidden so that nothing is known too closely: an attack finds more then.
    """
    # A part of a ledger is that of an edition of fewer chapters.
    edition = register.edition.model_copy(update={"chapters": ["problems"]})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gate, "protect", protect)
        try:
            decision = gate.release(ledger, replace(register, edition=edition), known)
        except RefusedError:
            return Published({"figures": {}})
    return Published(json.loads(decision.ledger.to_json()))


@pytest.mark.parametrize("attack", OF_LEDGERS, ids=lambda each: each.__name__)
def test_an_attack_on_arithmetic(
    attack: Attack,
    added: Ledger,
    edition: Published,
    careless: Published,
    truth: dict[str, Any],
) -> None:
    """It succeeds where the gate is switched off, and fails behind the gate."""
    every = {**truth, **figures_of(added)}
    assert recovered(attack, careless, every)
    assert not recovered(attack, edition, every)


def table_of(register: Register) -> Ledger:
    """A ledger that counts persons by gender and problem, and no totals."""
    table, cells = crosstab("table", whole(register, "persons"), "gender", "problem")
    return ledger_with(cells, table).model_copy(update={"edition": register.edition.edition})


def worked_out(first: Published, second: Published, truth: dict[str, Any]) -> set[str]:
    """The small counts, hidden in both editions, that both of them say together."""
    small = small_counts(truth) & first.hidden
    guesses = elimination(together(first, second))
    return {name for name, number in guesses if name in small and truth[name]["value"] == number}


def is_of_problem(figure: Figure) -> bool:
    """Whether a figure is of all persons, or of those with one problem."""
    spec = figure.population
    return spec.table == "persons" and spec.fields in ([], ["problem"])


# Another edition: whether it is of the year before, and with which threshold.
OTHERS = {"two releases": (False, 5), "another threshold": (False, 3), "two years": (True, 5)}


def counts_of_problems(counted: Ledger) -> Ledger:
    """Those of its counts that say something of persons by problem, and nothing else."""
    names = {name for name, f in counted.figures.items() if f.kind == "count" and is_of_problem(f)}
    return counted.model_copy(
        update={
            "figures": {name: counted.figures[name] for name in names},
            "breakdowns": {n: s for n, s in counted.breakdowns.items() if s.by == ("problem",)},
            "charts": {},
            "tables": {},
            "quality": {},
        }
    )


# To prove the whole edition beside another one takes a minute.
@pytest.mark.parametrize("is_whole", [False, pytest.param(True, marks=pytest.mark.long)])
@pytest.mark.parametrize(("of_last_year", "threshold"), OTHERS.values(), ids=OTHERS)
def test_an_edition_beside_an_earlier_one(
    counted: Ledger,
    register: Register,
    edition: Published,
    *,
    of_last_year: bool,
    threshold: int,
    is_whole: bool,
) -> None:
    """An earlier one shows a table, this one its totals: the gate knows what was published."""
    other = with_threshold(register.previous or register if of_last_year else register, threshold)
    table = table_of(other)
    first, truth = released(table, other), figures_of(table)
    assert worked_out(first, edition, truth)
    known = list(read_counts(Ledger.model_validate(first.ledger), register))
    part = counted if is_whole else counts_of_problems(counted)
    assert not worked_out(first, released(part, register, known), truth)


@pytest.mark.parametrize("is_whole", [False, pytest.param(True, marks=pytest.mark.long)])
def test_a_group_in_which_all_are_alike(
    counted: Ledger, register: Register, *, is_whole: bool
) -> None:
    """100 % of a group says it of each of them: one of both counts is hidden."""
    part = counted if is_whole else counts_of_problems(counted)
    group = whole(register, "persons").where(caller_role="justice")
    alike = group.where(context="nuclear_family")
    figures = {each.id: each for each in (count("group", group), count("alike", alike))}
    ledger = part.model_copy(update={"figures": {**part.figures, **figures}})
    behind_gate = released(ledger, register, protect=protect)
    assert "alike" not in dict(whole_groups(behind_gate))
    without_gate = released(ledger, register, protect=lambda *_, **__: Protection(()))
    assert "alike" in dict(whole_groups(without_gate))


def test_what_was_printed_is_held_against_released_numbers(
    counted: Ledger, register: Register, edition: Published
) -> None:
    """A verdict says nothing of a hidden count, whatever number a report printed of it."""
    truth = figures_of(count_coarser(counted, register))
    small = sorted(small_counts(truth) & edition.hidden - edition.ledger["merged"].keys())
    facts: Any = {"section": "1", "printed": "9", "value": "9", "unit": "count", "source": "x"}
    nouns = {name: truth[name]["population"]["noun"] for name in small}
    printed = [
        PrintedFigure(id=name, population=nouns[name], claimed=nouns[name], **facts)
        for name in small
    ]
    wider = count_coarser(counted, register)
    computed = {}
    for what, ledger in (("gate", edition.ledger), ("none", wider.model_dump(mode="json"))):
        text = Ledger.model_validate(ledger)
        writer = Writer(text, register.edition, None, register.codelists, "nl")
        file = make_reconciliation(reconcile(printed, text, writer))
        computed[what] = dict(verdicts(file.content.decode()))
    assert computed == {"gate": {}, "none": {name: truth[name]["value"] for name in small}}


def test_the_counts_that_are_published_were_decided_on(counted: Ledger, register: Register) -> None:
    """A new table of people is a new line in the file, and somebody looks at what it does."""
    ledger = count_coarser(counted, register)
    unpublished = {
        *ledger.merged,
        *(c.figure for t in register.edition.not_published for c in ledger.breakdowns[t].members),
    }
    figures = {name: each for name, each in ledger.figures.items() if name not in unpublished}
    ledger = ledger.model_copy(update={"figures": figures})
    blocks = read_cells(ledger, register, (), THRESHOLD).blocks
    names = {
        f"{block.table} {block.edition}: {c.id}"
        for block in blocks
        for c in block.cells
        if not c.derived
    }
    known = set(CELLS.read_text("utf-8").splitlines())
    here = CELLS.with_suffix(".new")
    if names != known:
        here.write_text("".join(f"{name}\n" for name in sorted(names)), "utf-8")
    assert names == known, (
        f"{len(names - known)} counts are new, {len(known - names)} are gone: see what hiding them "
        f"costs (helpline-report disclosure 2017), then put {here.name} in place of {CELLS.name}"
    )
