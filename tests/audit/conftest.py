"""The sample's ledger, and printed figures with the computed ones that they are held against."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from helpline_report.audit.printed_figures import read_printed
from helpline_report.audit.reconciliation import reconcile
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Figure, PopulationSpec
from helpline_report.figures.printed import PrintedFigure, Reconciled
from helpline_report.parameters.earlier_reports import read_trend
from helpline_report.parameters.project import Project
from helpline_report.prose.texts import CellText
from helpline_report.report.publication import Publication
from tests.audit.in_process import compose_publication, ledger_of, writer_of
from tests.prose.two_years import figure

SOURCE = "the helpline, annual report"

Judge = Callable[..., Reconciled]


@pytest.fixture(scope="session")
def sample_ledger(repository: Path) -> Ledger:
    """What the chapters record of the sample."""
    return ledger_of(repository)


@pytest.fixture(scope="session")
def printed(repository: Path) -> tuple[PrintedFigure, ...]:
    """What the report of 2017 printed."""
    return read_printed(repository / "data" / "printed" / "2017.csv", repository)


@pytest.fixture(scope="session")
def reconciled(
    repository: Path, sample_ledger: Ledger, printed: tuple[PrintedFigure, ...]
) -> tuple[Reconciled, ...]:
    """The report of 2017 against the sample."""
    return reconcile(printed, sample_ledger, writer_of(repository, sample_ledger))


@pytest.fixture(scope="session")
def publication(
    repository: Path, sample_ledger: Ledger, reconciled: tuple[Reconciled, ...]
) -> Publication:
    """The sample's edition of 2017, with a text of its own in the place of a cell."""
    own = CellText("Een eigen tekst: {{ contacts.total | noun }}.", 3, "params/2017/nl/contacts.md")
    texts = {"nl": {"contacts": {"totals": own}}}
    return compose_publication(repository, sample_ledger, reconciled=reconciled, texts=texts)


@pytest.fixture(scope="session")
def with_trend(publication: Publication, repository: Path) -> Publication:
    """The same, with the printed totals of other years."""
    project = Project(repository)
    trend = read_trend(project, project.edition("2017"))
    return replace(publication, ledger=publication.ledger.model_copy(update={"trend": trend}))


def count(name: str, number: float, population: PopulationSpec) -> Figure:
    """A count."""
    return figure("count", number, id=name, counts=(number,), population=population)


def ratio(
    kind: tuple[str, str], name: str, counts: tuple[int, int], *specs: PopulationSpec
) -> Figure:
    """A figure of two counts, of a kind and a unit: of what is counted, and of what."""
    above, below = counts
    value = 100 * (above if kind[0] == "share" else above - below) / below
    parts = {"id": name, "unit": kind[1], "counts": counts}
    return figure(kind[0], value, **parts, population=specs[0], of=specs[1])


share = partial(ratio, ("share", "percent"))
change = partial(ratio, ("change", "percent change"))


def mean(name: str, number: int, divisor: int, population: PopulationSpec) -> Figure:
    """A mean a month."""
    exposure = {"unit": "month", "of": divisor}
    parts = {"id": name, "counts": (number, divisor), "exposure": exposure}
    return figure("mean", number / divisor, **parts, population=population)


def as_printed(
    figure: Figure, text: str, value: str, *, population: str = "", claimed: str = ""
) -> PrintedFigure:
    """A figure as a report printed it: of what it is, unless told otherwise."""
    whole = figure.of if figure.kind == "share" and figure.of else figure.population
    noun = whole.noun.replace("_", " ")
    return PrintedFigure(
        id=figure.id,
        section="1",
        printed=text,
        value=value,
        unit=figure.unit,
        population=population or noun,
        claimed=claimed or population or noun,
        source=SOURCE,
    )


@pytest.fixture
def judge(repository: Path) -> Judge:
    """Reconcile some figures with their prints, and return what became of the first."""

    def judged(*pairs: tuple[Figure, PrintedFigure], **parts: Any) -> Reconciled:
        figures = {figure.id: figure for figure, _ in pairs}
        ledger = Ledger(edition="2017", figures=figures, **parts)
        writer = writer_of(repository, ledger)
        return reconcile([item for _, item in pairs], ledger, writer)[0]

    return judged
