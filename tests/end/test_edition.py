"""Whole editions, made by the command as a user makes them, and what holds for each of them."""

from __future__ import annotations

import csv
import getpass
import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pypdf
import pytest
from playwright.sync_api import Browser

from helpline_report.parameters.project import Project
from helpline_report.report.own_texts import figure_names
from helpline_report.run.notebooks import read_notebooks
from tests.conftest import ROOT, copy_project
from tests.report.small_projects import fingerprint

pytestmark = pytest.mark.slow

PROGRAM = [sys.executable, "-c", "from helpline_report.cli import main; main()"]
DATA = os.environ.get("HELPLINE_REAL_DATA", "")
NO_DATA = (
    "real exports aren't here: put the files of the data set 'Base de datos Línea 144' of "
    "datos.gob.ar as linea144/linea144-2020.csv and -2021.csv, and set HELPLINE_REAL_DATA to the "
    "folder that holds linea144/"
)
MONTHS = [2124, 2168, 2304, 2018, 2027, 1869, 2104, 2219, 1950, 2141, 2163, 2214]

HERE = {"TZ": "Europe/Brussels", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"}
ELSEWHERE = {"TZ": "Pacific/Auckland", "LC_ALL": "C", "LANGUAGE": "tr", "PYTHONHASHSEED": "4711"}


def run(project: Path, *arguments: str, cwd: Path | None = None, **variables: str) -> None:
    """Run the program, which has to succeed."""
    ended = subprocess.run(
        [*PROGRAM, *arguments],
        cwd=cwd or project,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project at a path with a space and an accent, with its edition of 2017."""
    root = copy_project(tmp_path_factory.mktemp("end") / "één jaar")
    run(root, "build", "2017", **HERE)
    return root


@pytest.fixture(scope="module")
def edition(project: Path) -> Path:
    """The edition of 2017."""
    return project / "output" / "2017"


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def page(folder: Path) -> str:
    """The report of an edition."""
    return (folder / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name",
    [
        "index.html",
        "report.pdf",
        "data/figures.csv",
        "data/ledger.json",
        "data/datapackage.json",
        "audit/index.html",
        "audit/reconciliation.csv",
        "audit/manifest.json",
    ],
)
def test_each_file_is_there(edition: Path, name: str) -> None:
    """An edition consists of the files that other tools rely on."""
    assert (edition / name).stat().st_size > 100


def test_nothing_else_is_in_output(project: Path) -> None:
    """Beside the edition nothing is left in output/, and nothing but folders of its own in it."""
    assert [path.name for path in (project / "output").iterdir()] == ["2017"]
    assert {path.name for path in (project / "output" / "2017").iterdir()} == {
        "index.html",
        "colofon.html",
        "toegankelijkheid.html",
        "report.pdf",
        "data",
        "audit",
        "ro-crate-metadata.json",
    }


def rounded(value: str, like: dict[str, str]) -> str:
    """A value as it was printed: to so many decimals, 'ruim' cut off; a code as it is."""
    if like["unit"] in ("label", "code") or not value.replace(".", "").isdigit():
        return value
    step = Decimal(1).scaleb(-len(like["value"].partition(".")[2]))
    cut = ROUND_DOWN if like["printed"].lower().startswith("ruim") else ROUND_HALF_UP
    return str(Decimal(value).quantize(step, rounding=cut))


def test_every_printed_figure_has_its_value(edition: Path) -> None:
    """All 162 figures that the report of 2017 printed are there; three were printed wrongly."""
    printed = rows(ROOT / "data" / "printed" / "2017.csv")
    found = {row["id"]: row["value"] for row in rows(edition / "data" / "figures.csv")}
    assert len(printed) == 162
    other = {
        row["id"]: found[row["id"]]
        for row in printed
        if rounded(found[row["id"]], row) != row["value"]
    }
    assert {name: round(float(value), 2) for name, value in other.items()} == {
        "website.users.change": 15.96,
        "contacts.monthly_mean.email": 52.5,
        "sectors.sport_leisure.sexual.change": 0,
    }


def test_every_printed_figure_has_its_verdict(edition: Path) -> None:
    """Each of the 162 has the verdict it deserves, and fifteen of them are mistakes."""
    expected = rows(ROOT / "tests" / "audit" / "verdicts-2017.csv")
    found = {row["id"]: row["verdict"] for row in rows(edition / "audit" / "reconciliation.csv")}
    verdicts = {name: verdict.removesuffix("_rounded") for name, verdict in found.items()}
    assert verdicts == {row["id"]: row["status"] for row in expected}
    assert sum(verdict != "agrees" for verdict in verdicts.values()) == 15


def test_figures_are_plain_csv(edition: Path) -> None:
    """figures.csv is UTF-8 without BOM, with each id once and in the same order as the ledger."""
    content = (edition / "data" / "figures.csv").read_bytes()
    assert content.startswith(b"id,value,unit,numerator,denominator,population,period,")
    names = [row["id"] for row in rows(edition / "data" / "figures.csv")]
    assert len(set(names)) == len(names)
    ledger = json.loads((edition / "data" / "ledger.json").read_text(encoding="utf-8"))
    assert set(names) == set(ledger["figures"])


# What an edition gives away


def texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Everything in an edition as text: streams of the PDF, parts of the workbook, pictures."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        name = path.relative_to(folder).as_posix()
        if path.suffix == ".pdf":
            yield name, "\n".join(_inside(pypdf.PdfReader(io.BytesIO(content))))
        elif path.suffix == ".xlsx":
            with zipfile.ZipFile(io.BytesIO(content)) as book:
                yield name, "\n".join(book.read(part).decode("utf-8") for part in book.namelist())
        elif path.suffix == ".png":
            yield name, content.decode("latin-1")
        else:
            yield name, content.decode("utf-8")


def _inside(book: pypdf.PdfReader) -> Iterator[str]:
    for number in range(1, len(book.xref[0]) + 1):
        item = book.get_object(number)
        if item is not None:
            yield repr(item)
            if isinstance(item, pypdf.generic.StreamObject):
                yield item.get_data().decode("latin-1")
    yield from (each.extract_text() for each in book.pages)


def test_nothing_of_the_machine_is_in_it(project: Path, edition: Path) -> None:
    """No path, user or machine that made an edition is in any of its files."""
    folders = {project, ROOT, Path(tempfile.gettempdir()), Path.home(), Path(sys.prefix)}
    secrets = [re.escape(path.as_posix()) + r"\b" for path in folders if len(path.parts) > 1]
    names = {socket.gethostname(), getpass.getuser()} - {"root", "localhost"}
    secrets += [rf"\b{re.escape(name)}\b" for name in names if len(name) > 3]
    secret = re.compile("|".join([*secrets, "één jaar"]))
    given_away = {name: found[0] for name, text in texts(edition) if (found := secret.search(text))}
    assert given_away == {}


# The same bytes


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The edition built anew: another path, folder, time zone, locale and hash seed."""
    root = copy_project(tmp_path_factory.mktemp("again") / "p")
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    run(root, "build", "2017", "--project", str(root), cwd=elsewhere, **ELSEWHERE)
    assert list(elsewhere.iterdir()) == []
    return root / "output" / "2017"


def test_a_build_elsewhere_gives_the_same_bytes(edition: Path, again: Path) -> None:
    """Every file of an edition is the same, wherever and under whatever locale it is made."""
    assert fingerprint(again) == fingerprint(edition)


def test_publish_without_exports_gives_the_same_bytes(
    project: Path, edition: Path, tmp_path: Path
) -> None:
    """Pages made again, with no export, table or private file there, are the same ones."""
    root = tmp_path / "published"
    skip = shutil.ignore_patterns("sample", ".helpline")
    shutil.copytree(project, root, ignore=skip)
    run(root, "publish", "2017", **ELSEWHERE)
    assert fingerprint(root / "output" / "2017") == fingerprint(edition)


# The pages


@pytest.fixture(scope="module")
def book(edition: Path) -> pypdf.PdfReader:
    """The PDF of the edition."""
    return pypdf.PdfReader(edition / "report.pdf")


def test_the_pdf_is_accessible(book: pypdf.PdfReader) -> None:
    """The PDF is tagged, says its language and its title, and declares PDF/UA."""
    catalog = book.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "nl-BE"
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid" in catalog["/Metadata"].get_data()
    assert book.metadata is not None
    assert "Jaarverslag 2017" in str(book.metadata.title)


def test_the_pdf_has_a_bookmark_a_chapter(project: Path, book: pypdf.PdfReader) -> None:
    """Each chapter of the project is a bookmark of the PDF, in order, and then what this is."""
    titles = [
        "".join(json.loads(path.read_text("utf-8"))["cells"][0]["source"]).splitlines()[0][2:]
        for path in sorted((project / "notebooks").glob("*.ipynb"))
    ]
    marks = [str(item.title) for item in book.outline if not isinstance(item, list)]
    assert marks[: len(titles) + 1] == [*titles, "Over deze uitgave"]
    assert marks[len(titles) + 1 :] == ["Colofon", "Toegankelijkheidsverklaring"]


class Anchors(HTMLParser):
    """The ids of a page, and where its links lead."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an id and a link."""
        given = dict(attrs)
        self.ids.add(given.get("id") or "")
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")


def test_every_figure_has_a_name_that_is_read_from_the_code(project: Path, edition: Path) -> None:
    """No figure that a run makes is one that a text may not name."""
    code = [cell for each in read_notebooks(Project(project)) for cell in each.code()]
    known = figure_names(code)
    assert known is not None
    assert [
        row["id"] for row in rows(edition / "data/figures.csv") if not known.may_be(row["id"])
    ] == []


def test_what_stands_on_a_source_is_told_to_the_auditor_alone(edition: Path) -> None:
    """Words of the parameters have no mark in the page, and their source in the audit."""
    audit = (edition / "audit" / "index.html").read_text(encoding="utf-8")
    told = r"<tr><td>honderd bussen</td><td>gedrukt jaarverslag[^<]*</td>"
    assert re.search(rf"{told}<td><code>params/2017\.yaml:\d+</code></td></tr>", audit)
    assert "op honderd bussen, verspreid" in page(edition)
    assert "bron:gedrukt" not in page(edition)


def test_every_link_leads_somewhere(edition: Path) -> None:
    """Every link within an edition leads to a file that is there, and to a place in it."""
    pages = {path: Anchors(path.read_text("utf-8")) for path in edition.rglob("*.html")}
    broken = []
    for path, anchors in pages.items():
        for link in anchors.links:
            name, _, anchor = unquote(link).partition("#")
            target = (path.parent / name).resolve() if name else path
            if re.match("[a-z]+:", name):
                continue
            there = target.is_file() and (not anchor or anchor in pages[target].ids)
            if not there:
                broken.append((path.name, link))
    assert broken == []


def test_every_number_leads_to_its_audit(edition: Path) -> None:
    """The card of every number has a link to the page of the audit that answers for it."""
    cards = re.findall(r'<aside class="card".*?</aside>', page(edition), re.DOTALL)
    assert len(cards) > 100
    assert [card[:90] for card in cards if 'href="audit/' not in card] == []


def test_every_number_has_its_card(edition: Path) -> None:
    """What a number's button opens is there."""
    text = page(edition)
    opened = set(re.findall(r'popovertarget="([^"]*)"', text))
    assert len(opened) > 100
    assert opened <= Anchors(text).ids


def test_no_request_leaves_the_page(browser: Browser, edition: Path) -> None:
    """In a browser the report and the audit ask for nothing but themselves, without a complaint."""
    seen = browser.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    seen.on("request", lambda request: asked.append(request.url))
    seen.on("console", lambda message: complaints.append(message.text))
    pages = [edition / "index.html", *sorted((edition / "audit").glob("*.html"))]
    for path in pages:
        seen.goto(path.as_uri())
    seen.close()
    assert [url for url in asked if not url.startswith("data:")] == [p.as_uri() for p in pages]
    assert complaints == []


# Other editions


@pytest.fixture(scope="module")
def year_before(project: Path) -> Path:
    """The edition of 2016, beside that of 2017."""
    before = fingerprint(project / "output" / "2017")
    run(project, "build", "2016")
    assert fingerprint(project / "output" / "2017") == before
    return project / "output" / "2016"


def test_a_year_without_a_year_before(year_before: Path) -> None:
    """2016 has no comparison year: it counts, and says of each comparison why there is none."""
    figures = {row["id"]: row for row in rows(year_before / "data" / "figures.csv")}
    assert figures["contacts.total"]["value"] == "4596"
    assert figures["contacts.total.change"]["value"] == ""
    assert figures["contacts.total.change"]["status"] == "unavailable"
    assert figures["contacts.total.change"]["reason"] == "no_comparison"


@pytest.fixture(scope="module")
def linea(project: Path) -> Path:
    """The edition of 2021 of another helpline, from its real rows."""
    if not DATA:
        pytest.skip(NO_DATA)
    run(project, "build", "linea144-2021", HELPLINE_REAL_DATA=DATA)
    return project / "output" / "linea144-2021"


def test_another_helpline_is_counted(linea: Path) -> None:
    """Another helpline's year, from parameters alone, comes to the totals that are known of it."""
    figures = {row["id"]: row["value"] for row in rows(linea / "data" / "figures.csv")}
    assert figures["contacts.total"] == "25301"
    months = [figures[f"contacts.by_month.{month:02}"] for month in range(1, 13)]
    assert [int(value) for value in months] == MONTHS


def test_another_helpline_says_what_it_lacks(linea: Path) -> None:
    """What its source doesn't hold is left out, with a line that says so; nothing is 0."""
    text = page(linea)
    assert "Niet in dit verslag: de bron registreert geen kanaal." in text
    assert "Niet in dit verslag: er zijn geen bronbestanden met gevolggevingen." in text
    assert "Niet in dit verslag: er zijn geen bronbestanden met cijfers over de website." in text
    lacking = [r for r in rows(linea / "data" / "figures.csv") if r["status"] == "unavailable"]
    assert {"no_field", "no_source"} <= {row["reason"] for row in lacking}
    assert {row["value"] for row in lacking} == {""}


def test_another_helpline_gives_no_place_away(linea: Path) -> None:
    """The folder of the real rows stands in no file of the edition."""
    assert [name for name, text in texts(linea) if DATA in text] == []
