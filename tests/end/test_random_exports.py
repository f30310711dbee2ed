"""Other exports in the same layout build too, and are counted right."""

import csv
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from helpline_report.audit.printed_figures import read_printed
from helpline_report.audit.reconciliation import reconcile
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Figure
from helpline_report.parameters.project import Project
from helpline_report.sample import generate
from helpline_report.second_count.differences import compare_counts
from helpline_report.second_count.recount import recount_ledger
from tests.audit.in_process import ledger_of, writer_of
from tests.conftest import copy_project

pytestmark = pytest.mark.slow

FOLDER = Path("data", "sample")
FILES = ("contactnames.csv", "gemelde_personen.csv", "gevolggevingen.csv")
# So many contacts a year, and the seed: few, many, and hardly any.
EXPORTS = [
    (200, 13),
    *(pytest.param(each, marks=pytest.mark.long) for each in ((1500, 11), (40, 14), (1, 18))),
]


@dataclass(frozen=True)
class Built:
    """A project whose chapters have run."""

    root: Path
    ledger: Ledger


@pytest.fixture(scope="module", params=EXPORTS, ids=lambda exports: f"{exports[0]} contacts")
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The edition of 2017 from random registration exports of both years."""
    project = copy_project(tmp_path_factory.mktemp("random") / "project")
    contacts, seed = request.param
    for year in (2017, 2016):
        generate(project / FOLDER / str(year), year=year, contacts=contacts, seed=seed)
    return Built(project, ledger_of(project))


def test_the_audits_sql_counts_every_figure(built: Built) -> None:
    """Each figure that rows give is what another engine counts from the same files."""
    project = Project(built.root)
    editions = [project.edition(name) for name in ("2017", "2016")]
    second = recount_ledger(project, editions, built.ledger)
    comparison = compare_counts(built.ledger, second, editions, project.codelists())
    assert comparison.figures > 1000
    assert comparison.differences == ()


def test_reconciliation_gives_verdicts_and_stops_nothing(built: Built, repository: Path) -> None:
    """Each print has a verdict and a reason; what its own numbers exclude stays a contradiction."""
    printed = read_printed(repository / "data" / "printed" / "2017.csv", "2017.csv")
    reconciled = reconcile(printed, built.ledger, writer_of(built.root, built.ledger))
    assert [item.printed.id for item in reconciled] == [item.id for item in printed]
    assert all(item.reason for item in reconciled)
    assert {item.printed.id for item in reconciled if item.verdict == "contradicts"} == {
        "website.users.change",
        "contacts.monthly_mean.email",
    }


def test_one_contact_changes_the_figures_that_contain_it(repository: Path, tmp_path: Path) -> None:
    """A contact by another channel changes the figures of both, and the order of rows no figure."""
    project = copy_project(tmp_path / "project")
    for name in FILES:
        path = project / FOLDER / "2017" / name
        head, *rows = csv.reader(path.read_text("utf-8").splitlines(), delimiter=";")
        if "kanaal" in head:
            channel = head.index("kanaal")
            next(row for row in rows if row[channel] == "Telefoon")[channel] = "E-mail"
        Random(4).shuffle(rows)
        path.write_text("".join(f"{';'.join(row)}\n" for row in (head, *rows)), encoding="utf-8")
    one, other = ledger_of(repository).figures, ledger_of(project).figures
    assert one.keys() == other.keys()
    assert {name for name in one if list_counts(one[name]) != list_counts(other[name])} == {
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


def list_counts(figure: Figure) -> tuple[object, ...]:
    return figure.value, figure.numerator, figure.denominator, figure.status
