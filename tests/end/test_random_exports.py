"""Other exports in the same layout build too, and are counted right."""

import csv
import datetime as dt
from collections.abc import Callable
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
from tests.exports.workbook_files import ods, xlsx

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


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Built:
    project = copy_project(tmp_path_factory.mktemp("sample") / "project")
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


def test_one_contact_changes_the_figures_that_contain_it(sample: Built, tmp_path: Path) -> None:
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
    one, other = sample.ledger.figures, ledger_of(project).figures
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


# What a spreadsheet makes of a cell's text: a date, a time or a number.
OF_CELLS: dict[str, Callable[[str], object]] = {
    "datum": lambda text: dt.datetime.strptime(text, "%d/%m/%Y").date(),
    "tijdstip": dt.time.fromisoformat,
    "leeftijd": int,
}


@pytest.mark.parametrize("built", EXPORTS[:1], indirect=True, ids=["200 contacts"])
@pytest.mark.parametrize(
    ("ending", "make"), [(".xlsx", xlsx), pytest.param(".ods", ods, marks=pytest.mark.long)]
)
def test_workbooks_give_the_same_figures(
    tmp_path: Path, built: Built, ending: str, make: Callable[..., bytes]
) -> None:
    """Each figure of the edition, its status, and what it is a share of."""
    project = copy_project(tmp_path / "project")
    for year in (2017, 2016):
        for name in FILES:
            text = (built.root / FOLDER / str(year) / name).read_text("utf-8")
            head, *rows = csv.reader(text.splitlines(), delimiter=";")
            readers = [OF_CELLS.get(column, str) for column in head]
            cells = [
                [read(cell) if cell else None for read, cell in zip(readers, row, strict=True)]
                for row in rows
            ]
            old = project / FOLDER / str(year) / name
            old.with_suffix(ending).write_bytes(make([head, *cells]))
            old.unlink()
        pairs = zip(("contacts", "persons", "followups"), FILES, strict=True)
        files = ", ".join(f"{key}: {Path(name).stem}{ending}" for key, name in pairs)
        source = f"{{layout: registration-1712, folder: data/sample/{year}"
        parameters = project / "params" / f"{year}.yaml"
        text = parameters.read_text("utf-8")
        assert f"{source}}}" in text
        text = text.replace(f"{source}}}", f"{source}, files: {{{files}}}}}")
        parameters.write_text(text, encoding="utf-8")
    one, other = built.ledger.figures, ledger_of(project).figures
    assert {name: list_counts(figure) for name, figure in other.items()} == {
        name: list_counts(figure) for name, figure in one.items()
    }
