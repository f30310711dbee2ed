"""Other exports in the same layout build too, and are counted right, whatever stands in them."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from helpline_report.audit.printed_figures import read_printed
from helpline_report.audit.reconciliation import reconcile
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Figure
from helpline_report.parameters.project import Project
from helpline_report.second_count.recount import compare_counts, count_twice
from tests.audit import by_hand
from tests.audit.in_process import ledger_of, writer_of
from tests.audit.random_exports import read, write, write_year
from tests.conftest import copy_project

YEARS = (2017, 2016)
FILES = ("contactnames.csv", "gemelde_personen.csv", "gevolggevingen.csv")
REGISTRATION = ("contacts", "persons", "followups")
# So many contacts a year, and the seed: many, few with holes everywhere, and hardly any.
EXPORTS = [(1500, 11), (200, 13), (40, 14), (1, 18)]
KNOWN = "\nacknowledged: [{fault: B56, reason: {nl: vragen om raad, en: questions for advice}}]\n"


@dataclass(frozen=True)
class Built:
    """A project whose chapters have run."""

    root: Path
    ledger: Ledger

    def folder(self, year: int) -> Path:
        """The registration exports of a year."""
        return self.root / "data" / "sample" / str(year)


Change = Callable[[Path], None]


def build(root: Path, change: Change = lambda folder: None) -> Built:
    """Copy the project, change its exports, and run its chapters."""
    project = copy_project(root)
    change(project / "data" / "sample")
    return Built(project, ledger_of(project))


@pytest.fixture(scope="module", params=EXPORTS, ids=lambda given: f"{given[0]} contacts")
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The edition of 2017 from random registration exports of both years."""
    contacts, seed = request.param

    def write_both(sample: Path) -> None:
        for year in YEARS:
            write_year(sample / str(year), year, contacts, seed)
            # Contacts about nobody stop a run unless somebody says that they are known.
            with (sample.parents[1] / "params" / f"{year}.yaml").open(
                "a", encoding="utf-8"
            ) as file:
                file.write(KNOWN)

    return build(tmp_path_factory.mktemp("random") / "project", write_both)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The edition of 2017 from the sample."""
    return build(tmp_path_factory.mktemp("sample") / "project")


def printed_ids(repository: Path) -> list[str]:
    """The ids of the registration figures that the report printed."""
    with (repository / "data" / "printed" / "2017.csv").open(encoding="utf-8") as file:
        names = [row["id"] for row in csv.DictReader(file)]
    return [name for name in names if not name.startswith("website.")]


def same(figure: Figure, expected: by_hand.Value) -> bool:
    """Whether a figure is the number, the code or the lack of one that was counted by hand."""
    if isinstance(expected, Fraction):
        return figure.value is not None and figure.number == pytest.approx(float(expected))
    return figure.value == expected


def test_every_registration_figure_is_counted_by_hand(built: Built, repository: Path) -> None:
    """Plain Python over the rows of text comes to the same values, and to none where none is."""
    now, then = (by_hand.read_year(built.folder(year)) for year in YEARS)
    expected = by_hand.figures(now, then)
    figures = {name: built.ledger.figures[name] for name in printed_ids(repository)}
    wrong = {
        name: (figure.value, expected[name])
        for name, figure in figures.items()
        if not same(figure, expected[name])
    }
    assert wrong == {}


def test_the_audits_sql_counts_every_figure(built: Built) -> None:
    """Each figure that rows give is what another engine counts from the same files."""
    project = Project(built.root)
    editions = [project.edition(name) for name in ("2017", "2016")]
    second = count_twice(project, editions, lambda: built.ledger)
    comparison = compare_counts(built.ledger, second.numbers)
    assert comparison.figures > 1000
    assert comparison.differences == ()


def test_reconciliation_gives_verdicts_and_stops_nothing(built: Built, repository: Path) -> None:
    """Each print has a verdict and a reason; what its own numbers exclude stays a contradiction."""
    printed = read_printed(repository / "data" / "printed" / "2017.csv")
    reconciled = reconcile(printed, built.ledger, writer_of(built.root, built.ledger))
    assert [item.printed.id for item in reconciled] == [item.id for item in printed]
    assert all(item.reason for item in reconciled)
    assert {item.printed.id for item in reconciled if item.verdict == "contradicts"} == {
        "website.users.change",
        "contacts.monthly_mean.email",
    }


def test_the_website_is_told_as_before(built: Built, sample: Built) -> None:
    """Other registration exports leave the figures of the website alone."""
    traffic = {n: f for n, f in sample.ledger.figures.items() if f.population.table == "traffic"}
    assert {name: built.ledger.figures[name] for name in traffic} == traffic


def test_one_contact_changes_the_figures_that_contain_it(sample: Built, tmp_path: Path) -> None:
    """A contact by another channel changes the figures of both channels, and no other figure."""

    def by_email(folder: Path) -> None:
        path = folder / "2017" / FILES[0]
        rows = read(path)
        by_phone = next(row for row in rows if row["kanaal"] == "Telefoon")
        by_phone["kanaal"] = "E-mail"
        write(path, rows[0], [tuple(row.values()) for row in rows])

    changed = build(tmp_path / "project", by_email)
    assert _differing(sample.ledger, changed.ledger) == {
        f"{beginning}.{channel}"
        for channel in ("phone", "email")
        for beginning in (
            "contacts.share",
            "contacts.monthly_mean",
            "contacts.by_channel",
            "contacts.by_channel.share",
            "contacts.by_channel.share_known",
            # Who called, and about what.
            "callers.role_channel.grandparent",
            "problems.problem_channel.child_abuse",
        )
    }


def test_the_order_of_rows_means_nothing(sample: Built, tmp_path: Path) -> None:
    """Shuffled rows give every figure as before."""

    def shuffle(folder: Path) -> None:
        for name in FILES:
            path = folder / "2017" / name
            header, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
            Random(4).shuffle(rows)
            path.write_text("".join([header, *rows]), encoding="utf-8")

    shuffled = build(tmp_path / "project", shuffle)
    assert _differing(sample.ledger, shuffled.ledger) == set()


def test_doubled_rows_double_the_counts(sample: Built, tmp_path: Path) -> None:
    """Each row twice, under a fresh key: counts double, shares and means of a contact stay."""

    def double(folder: Path) -> None:
        for name in FILES:
            path = folder / "2017" / name
            rows = read(path)
            keys = [column for column in rows[0] if column.endswith("nummer")]
            again = [row | {key: f"{row[key]}-2" for key in keys} for row in rows]
            write(path, rows[0], [tuple(row.values()) for row in (*rows, *again)])
        # Twice the same to the minute stops a run unless somebody says that it is known.
        with (folder.parents[1] / "params" / "2017.yaml").open("a", encoding="utf-8") as file:
            file.write("acknowledged: [{fault: B75, reason: {nl: bedoeld, en: meant}}]\n")

    figures = build(tmp_path / "project", double).ledger.figures
    wrong = []
    for name, figure in sample.ledger.figures.items():
        if figure.population.table in REGISTRATION and figure.kind in ("count", "mean"):
            per_contact = figure.exposure is not None and figure.exposure.unit == "contact"
            times = 2 if figure.population.edition == "2017" and not per_contact else 1
            if figures[name].number != pytest.approx(times * figure.number):
                wrong.append(name)
        elif figure.kind in ("share", "rank", "top") and figures[name].value != figure.value:
            wrong.append(name)
    assert wrong == []


def _differing(one: Ledger, other: Ledger) -> set[str]:
    """The ids of the figures whose value or counts differ."""
    assert one.figures.keys() == other.figures.keys()
    return {
        name
        for name, figure in one.figures.items()
        if _counts(figure) != _counts(other.figures[name])
    }


def _counts(figure: Figure) -> tuple[object, ...]:
    return figure.value, figure.numerator, figure.denominator, figure.status
