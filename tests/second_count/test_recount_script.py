"""The published scripts: with the exports and DuckDB alone one comes to the same numbers."""

from pathlib import Path

import duckdb
import pytest

from helpline_report.figures.ledger import Ledger
from helpline_report.parameters.layouts import load_layout
from helpline_report.parameters.project import Project
from helpline_report.second_count.differences import compare_counts
from helpline_report.second_count.recount import recount_figures
from helpline_report.second_count.recount_script import SCRIPT, WEB_SCRIPT, write_scripts
from helpline_report.second_count.row_tables import list_fields
from tests.audit.in_process import ledger_of
from tests.tables.conftest import an_edition, layout_of_contacts, make_folders
from tests.web_analytics.conftest import LAYOUT as WEB_LAYOUT
from tests.web_analytics.conftest import WebDesk


@pytest.fixture(scope="module")
def project(repository: Path) -> Project:
    return Project(repository)


@pytest.fixture(scope="module")
def sample_ledger(repository: Path) -> Ledger:
    """What the chapters record of the sample."""
    return ledger_of(repository)


@pytest.fixture(scope="module")
def scripts(project: Project) -> dict[str, str]:
    editions = [project.edition(name) for name in ("2017", "2016")]
    names = {source.layout for edition in editions for source in edition.sources}
    layouts = {name: load_layout(project.layout_file(name)) for name in names}
    return write_scripts(editions, layouts, project.codelists())


@pytest.fixture(scope="module")
def database(
    project: Project, scripts: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> duckdb.DuckDBPyConnection:
    """A database in which the scripts ran, over a folder an edition as it says."""
    folder = tmp_path_factory.mktemp("auditor")
    for year in ("2016", "2017"):
        (folder / year).mkdir()
        for export in (project.root / "data" / "sample" / year).rglob("*.csv"):
            place = folder / year / ("google-analytics-nl" if export.parent.name != year else "")
            place.mkdir(exist_ok=True)
            (place / export.name).symlink_to(export)
    shell = duckdb.connect()
    shell.execute(f"SET file_search_path = '{folder}'")
    for text in scripts.values():
        shell.execute(text)
    return shell


def test_every_statement_runs_as_it_stands(
    project: Project, sample_ledger: Ledger, database: duckdb.DuckDBPyConnection
) -> None:
    """Each figure with a value, and every number of it, comes out of its statements."""
    editions = [project.edition(name) for name in ("2017", "2016")]
    lists = project.codelists()
    fields = list_fields(editions, project.layouts(editions), lists)
    numbers = recount_figures(database, sample_ledger, fields)
    recounted = compare_counts(sample_ledger, numbers, editions, lists)
    assert recounted.differences == ()
    assert recounted.figures == sum(f.status == "ok" for f in sample_ledger.figures.values())


def test_an_export_that_is_not_there_is_told(
    project: Project, scripts: dict[str, str], tmp_path: Path
) -> None:
    """A folder that is named otherwise gives no empty tables: the script stops and names it."""
    for year in ("2016", "2017"):
        (tmp_path / year).symlink_to(project.root / "data" / "sample" / year)
    auditor = duckdb.connect()
    auditor.execute(f"SET file_search_path = '{tmp_path}'")
    auditor.execute(scripts[SCRIPT])
    with pytest.raises(duckdb.Error, match=r"there is no file in 201\d/google-analytics-nl/"):
        auditor.execute(scripts[WEB_SCRIPT])


def test_the_script_is_short_and_names_no_folder(scripts: dict[str, str], repository: Path) -> None:
    """It is short, says what it proves and what it doesn't, and names no folder of a machine."""
    text = scripts[SCRIPT]
    assert len(text) < 26_000
    assert "agree proves that codes, masks, joins and measures are computed without error" in text
    assert "It doesn't prove\n-- that a layout or a condition says the right thing" in text
    assert "'2017/contactnames.csv'" in text
    for each in scripts.values():
        assert "data/sample" not in each
        assert str(repository) not in each


ITALIAN = (
    "# Property: Sito\n# Data di inizio: 20170101\n# Data di fine: 20171231\n"
    "Categoria di dispositivo,Utenti attivi\nmobile,1'285\ndesktop,3\n\n"
    "# Data di inizio: 20170101\n# Data di fine: 20171231\n"
    "Grupo de canales principal de la sesión,Sesiones\nDirect,2.546\n"
)
NAMES = (
    "web:\n  headers:\n    active_users: [Utenti attivi]\n"
    "    device_category: [Categoria di dispositivo]\n"
    '  thousands: "\'"\n'
)


def test_headers_of_other_languages_are_read_by_the_script_too(tmp_path: Path) -> None:
    """Those of the service, and those that a layout adds; digits are grouped as each does."""
    desk = WebDesk(make_folders(tmp_path))
    desk.put_layout(WEB_LAYOUT.replace("web:\n", NAMES))
    desk.write(ITALIAN)
    # The script begins with files of rows: those of another layout.
    files = tmp_path / "rows.yaml"
    files.write_text(layout_of_contacts(key="row").replace("small", "rows"), encoding="utf-8")
    web = desk.root / "params" / "layouts" / "small.yaml"
    layouts = {"rows": load_layout(files), "small": load_layout(web)}
    sources: list[dict[str, object]] = [
        {"layout": "rows", "folder": "rows"},
        {"layout": "small", "folder": "raw"},
    ]
    edition = an_edition("2017", sources)
    lists = Project(desk.root).codelists()
    folder = tmp_path / "auditor" / "2017" / "small"
    folder.mkdir(parents=True)
    (folder / "x.csv").write_text(ITALIAN, encoding="utf-8")
    (folder.parent / "contacts.csv").write_text("day\n02/03/2017\n", encoding="utf-8")
    shell = duckdb.connect()
    shell.execute(f"SET file_search_path = '{tmp_path / 'auditor'}'")
    for text in write_scripts([edition], layouts, lists).values():
        shell.execute(text)
    counted = shell.execute("SELECT value FROM traffic ORDER BY line").fetchall()
    assert [value for (value,) in counted] == [1285, 3, 2546]
    assert [int(line.split()[-1]) for line in desk.figures()] == [1285, 3, 2546]
