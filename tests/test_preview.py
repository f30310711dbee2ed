"""What a researcher sees where a cell stands, without any row in it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from helpline_report.figures.breakdown import count_series, crosstab
from helpline_report.figures.ledger import RECORD_MIME, Ledger, Reference
from helpline_report.figures.measures import count
from helpline_report.figures.register import Register
from helpline_report.figures.results import chart_of, table_of
from helpline_report.preview import preview_record
from helpline_report.prose.writer import Writer
from tests.figures.drawn import register, whole


@pytest.fixture
def year() -> Register:
    """Two contacts."""
    return register(contacts="nr | date | channel\na | 01-02 | phone\nb | 02-03 | email")


def bundle(
    given: Register, ledger: Ledger, shows: Reference | None = None, *, drawn: bool = True
) -> dict[str, object]:
    fragment = ledger if shows is None else Ledger(edition="2017")
    writer = Writer(ledger, given.edition, None, given.codelists, "en")
    return preview_record(given, writer, fragment, shows, drawn=drawn)


def html(given: Register, ledger: Ledger, shows: Reference | None = None) -> str:
    return str(bundle(given, ledger, shows)["text/html"])


def cells(text: str) -> list[list[str]]:
    rows = re.findall(r"<tr>(.*?)</tr>", text)
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]


def test_a_figure_shows_its_name_value_and_definition(year: Register) -> None:
    """As text too."""
    ledger = Ledger(edition="2017", figures={"n": count("n", whole(year))})
    assert cells(html(year, ledger)) == [["n", "2", "contacts in 2017"]]
    assert bundle(year, ledger)["text/plain"] == "n  2  contacts in 2017"


def test_a_series_shows_a_row_a_code(year: Register) -> None:
    """In columns of text where nothing is drawn."""
    series, figures = count_series("x", whole(year), "channel")
    ledger = Ledger(
        edition="2017", figures={figure.id: figure for figure in figures}, series={"x": series}
    )
    assert str(bundle(year, ledger, drawn=False)["text/plain"]).splitlines() == [
        "x",
        "         Contacts x (2017)",
        "phone    1",
        "email    1",
        "chat     0",
        "unknown  0",
    ]


def test_a_table_sets_series_side_by_side(year: Register) -> None:
    """A line a code, a column a series."""
    one, figures = count_series("x", whole(year), "channel")
    other, more = count_series("y", whole(year).where(month="01"), "channel")
    table = table_of([one, other])
    ledger = Ledger(
        edition="2017",
        figures={figure.id: figure for figure in (*figures, *more)},
        series={"x": one, "y": other},
        tables={table.id: table},
    )
    found = cells(html(year, ledger, Reference(kind="table", id=table.id)))
    assert found[1:] == [
        ["phone", "1", "1"],
        ["email", "1", "0"],
        ["chat", "0", "0"],
        ["unknown", "0", "0"],
    ]


def test_a_cross_table_shows_rows_and_columns() -> None:
    """Of two channels and two helplines, as far as there are any."""
    both = register(contacts="channel | role\nphone | victim\nemail | parent")
    tab, figures = crosstab("t", whole(both).where(channel=["phone", "email"]), "channel", "role")
    table = table_of([tab])
    ledger = Ledger(
        edition="2017",
        figures={figure.id: figure for figure in figures},
        crosstabs={"t": tab},
        tables={table.id: table},
    )
    found = cells(html(both, ledger, Reference(kind="table", id=table.id)))
    assert found == [
        ["", "victim", "parent", "perpetrator"],
        ["phone", "1", "0", "0"],
        ["email", "0", "1", "0"],
    ]


def test_a_chart_that_cant_be_drawn_says_why(year: Register) -> None:
    """In a line."""
    series, figures = count_series("x", whole(year, "persons"), "problem")
    chart = chart_of(series)
    ledger = Ledger(
        edition="2017",
        figures={figure.id: figure for figure in figures},
        series={"x": series},
        charts={chart.id: chart},
    )
    found = html(year, ledger, Reference(kind="chart", id=chart.id))
    assert re.fullmatch(r"<p>x\.chart can’t be drawn: [^<]+</p>", found)


def test_labels_cant_become_markup() -> None:
    """A name from the web is text."""
    traffic = "measure | when | referrer | value\nusers | year | <b>x</b> | 3"
    given = register(traffic=traffic)
    _, figures = count_series("r", whole(given, "users"), "referrer")
    ledger = Ledger(edition="2017", figures={figure.id: figure for figure in figures})
    assert "<b>" not in html(given, ledger)


def keys(folder: Path) -> Iterator[str]:
    """The keys of the sample's rows."""
    for name in ("contactnames.csv", "gemelde_personen.csv"):
        with (folder / name).open(encoding="utf-8-sig") as lines:
            yield from (row[0] for row in list(csv.reader(lines, delimiter=";"))[1:])


def test_a_chapter_shows_itself_in_jupyterlab(project: Path) -> None:
    """Run from top to bottom: charts and tables stand where they are made, and no row does."""
    path = project / "notebooks" / "04_contacts.ipynb"
    node = nbformat.reads(path.read_text("utf-8"), as_version=4)  # type: ignore[no-untyped-call]
    NotebookClient(
        node, kernel_name="python3", resources={"metadata": {"path": path.parent}}
    ).execute()
    outputs = [output for cell in node.cells for output in cell.get("outputs", [])]
    assert {output.output_type for output in outputs} == {"display_data"}
    kinds_of_output = {tuple(sorted(output.data)) for output in outputs}
    assert kinds_of_output == {(RECORD_MIME, "text/html", "text/plain")}
    pages = [output.data["text/html"] for output in outputs]
    kinds = [output.data[RECORD_MIME].get("shows", {}).get("kind", "figures") for output in outputs]
    assert {"chart", "table", "figures"} <= set(kinds)
    for kind, page in zip(kinds, pages, strict=True):
        assert page.startswith("<svg" if kind == "chart" else "<table")
        assert "var(--" not in page
    words = set(re.findall(r"[\w-]+", " ".join(pages)))
    long = {key for key in keys(project / "data" / "sample" / "2017") if not key.isdigit()}
    assert not words & long
