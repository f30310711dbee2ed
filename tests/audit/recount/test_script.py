"""The published preamble: with the exports and DuckDB alone one comes to the same numbers."""

from pathlib import Path

import duckdb
import pytest

from helpline_report.audit.recount.arithmetic import Rows
from helpline_report.audit.recount.count import count_again
from helpline_report.audit.recount.script import script
from helpline_report.audit.recount.together import answered
from helpline_report.audit.sql import figure_sql
from helpline_report.audit.sql_conditions import Columns
from helpline_report.figures.ledger import Ledger
from helpline_report.parameters.layouts import load_layout
from helpline_report.parameters.project import Project


@pytest.fixture(scope="module")
def project(repository: Path) -> Project:
    """The repository as a project."""
    return Project(repository)


@pytest.fixture(scope="module")
def text(project: Project) -> str:
    """The preamble of 2017."""
    editions = [project.edition(name) for name in ("2017", "2016")]
    names = {source.layout for edition in editions for source in edition.sources}
    layouts = {name: load_layout(project.layout_file(name)) for name in names}
    return script(editions, layouts, project.codelists())


@pytest.fixture(scope="module")
def database(
    project: Project, text: str, tmp_path_factory: pytest.TempPathFactory
) -> duckdb.DuckDBPyConnection:
    """A database in which the preamble ran, over a folder an edition as it says."""
    folder = tmp_path_factory.mktemp("auditor")
    for year in ("2016", "2017"):
        (folder / year).mkdir()
        for export in (project.root / "data" / "sample" / year).rglob("*.csv"):
            place = folder / year / ("google-analytics-nl" if export.parent.name != year else "")
            place.mkdir(exist_ok=True)
            (place / export.name).symlink_to(export)
    made = duckdb.connect()
    made.execute(f"SET file_search_path = '{folder}'")
    made.execute(text)
    return made


def test_every_statement_runs_as_it_stands(
    project: Project, sample_ledger: Ledger, database: duckdb.DuckDBPyConnection
) -> None:
    """Each figure with a value, and every number of it, comes out of its statements."""
    project_columns = Columns(
        project.codelists(), project.edition("2017").person_ages, sample_ledger.multiple
    )
    found = count_again(database, sample_ledger, project_columns, lambda _: [])
    assert found.differences == ()
    assert found.figures == sum(f.status == "ok" for f in sample_ledger.figures.values())


def test_an_export_that_is_not_there_is_told(project: Project, text: str, tmp_path: Path) -> None:
    """A folder that is named otherwise gives no empty tables: the preamble stops and names it."""
    for year in ("2016", "2017"):
        (tmp_path / year).symlink_to(project.root / "data" / "sample" / year)
    auditor = duckdb.connect()
    auditor.execute(f"SET file_search_path = '{tmp_path}'")
    with pytest.raises(duckdb.Error, match=r"there is no file in 201\d/google-analytics-nl/"):
        auditor.execute(text)


def test_statements_alone_and_together(
    project: Project, sample_ledger: Ledger, database: duckdb.DuckDBPyConnection
) -> None:
    """What is answered for many statements at once is what each gives by itself."""
    project_columns = Columns(
        project.codelists(), project.edition("2017").person_ages, sample_ledger.multiple
    )
    figures = [f for f in sample_ledger.figures.values() if f.status == "ok"]
    queries = [query for figure in figures for query in figure_sql(figure, project_columns)]
    together = dict(answered(database, queries))
    alone = {text: database.execute(text).fetchall() for text in together}
    assert {text: as_texts(rows) for text, rows in together.items()} == {
        text: as_texts(rows) for text, rows in alone.items()
    }
    assert len(together) > 1000


def as_texts(rows: Rows) -> list[tuple[str, ...]]:
    """Rows as they are compared: in any order, since ties are decided later; nothing is 0."""
    return sorted(tuple("0" if value is None else str(value) for value in row) for row in rows)


def test_it_says_what_it_proves(text: str) -> None:
    """And what it doesn't: a layout that is wrong in itself."""
    assert "agree proves that codes, masks, joins and measures are computed without error" in text
    assert "It doesn't prove\n-- that a layout or a condition says the right thing" in text


def test_it_names_no_folder_of_a_machine(text: str, repository: Path) -> None:
    """Files stand in folders that the auditor makes."""
    assert "'2017/contactnames.csv'" in text
    assert "data/sample" not in text
    assert str(repository) not in text
