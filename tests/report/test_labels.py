"""Twenty labels that try to break out arrive as text in every file that an edition consists of."""

import csv
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import openpyxl
import pypdf
import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page

from helpline_report.desk.editing import list_entries
from helpline_report.exports.cell_texts import plain
from helpline_report.prose.nodes import settable
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.publication import Publication
from helpline_report.second_count.sql import Fields, read_script
from helpline_report.second_count.statements import list_queries
from tests.conftest import MakeOnce
from tests.report.labels import FORMULAS, LABELS, SEEN
from tests.report.labels_edition import FIELDS, make_publication, publish_labels

PAGES = ("index", "audit/index", "audit/labels", "audit/evidence")
# What nobody would see in a file, or what turns around the text beside it.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
FORMULA = re.compile(r"[\s\x00]*[=+@\t\r]|[\s\x00]*-(?![\d.]+$)")
# What can act in a page by itself, or once somebody touches it.
ACTING = """() => [...document.querySelectorAll('*')].filter(element =>
  element.localName === 'script' && !element.textContent.includes('wayOut')
  || element.localName === 'img' && element.src.endsWith('x')
  || (element.getAttribute('href') || '').startsWith('javascript')
  || [...element.attributes].some(one => one.name.startsWith('on')))
  .map(element => element.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module")
def publication() -> Publication:
    return make_publication()


@pytest.fixture(scope="module")
def pages(make_once: MakeOnce) -> Path:
    return make_once("labels", publish_labels)


def squash(text: str) -> str:
    """A text without spaces and capitals: a label may begin a cell or a line."""
    return "".join(text.split()).casefold()


def find_missing(text: str) -> list[str]:
    """The labels that don't stand in a text as a reader sees them."""
    whole = squash(text)
    return [name for name, label in SEEN.items() if squash(label) not in whole]


Visit = tuple[Page, list[str]]


def visit(context: BrowserContext, address: str) -> Visit:
    """Open a page and open or focus all its elements: the page, with its dialogs and requests."""
    page, events = context.new_page(), list[str]()

    def dismiss(dialog: Dialog) -> None:
        events.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    page.on("request", lambda request: events.append(request.url))
    page.on("console", lambda message: events.append(message.text))
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    page.evaluate("document.querySelectorAll('[tabindex], button').forEach(one => one.focus())")
    return page, [item for item in events if item != address and item[:5] != "data:"]


@pytest.fixture(scope="module")
def visits(browser: Browser, pages: Path) -> Iterator[dict[str, Visit]]:
    """Each page, opened once."""
    with browser.new_context() as context:
        yield {name: visit(context, (pages / f"{name}.html").as_uri()) for name in PAGES}


@pytest.mark.slow
def test_nothing_acts_in_a_page(visits: dict[str, Visit]) -> None:
    """No dialog, request or complaint of the browser; no script, handler or address made of one."""
    for page, events in visits.values():
        assert (events, page.evaluate(ACTING)) == ([], [])


@pytest.mark.slow
def test_a_page_shows_them(visits: dict[str, Visit]) -> None:
    """Each label to the letter: in tables, drawings, sentences and cards, traces and statements.

    The head of a row is the label and nothing else, once for each field's chart, table and
    cross-table.
    """
    places = ("th[scope=row]", ".drawing svg", "section p", ".card")
    for name, place in [*(("index", each) for each in places), ("audit/labels", "pre")]:
        text = " ".join(visits[name][0].locator(place).all_text_contents())
        # SQL writes a quote in a text twice.
        text = text.replace("''", "'") if place == "pre" else text
        assert (name, place, find_missing(text)) == (name, place, [])
    heads = visits["index"][0].locator("th[scope=row]").all_text_contents()
    counts = Counter(head.strip().casefold() for head in heads)
    assert {counts[label.casefold()] for label in SEEN.values()} == {3 * len(FIELDS)}


def test_the_desk_offers_them(publication: Publication) -> None:
    """As text in which staff search; the templates escape it."""
    entries = list_entries(EditionWords(publication))
    texts = [text for each in entries for text in (each.definition, *each.phrases.values())]
    assert find_missing(" ".join(texts)) == []


def test_the_book_shows_them(pages: Path) -> None:
    """The PDF has each as text, and no link or action but to a web address or a page."""
    book = pypdf.PdfReader(pages / "report.pdf")
    # A book that is hyphenated has one glyph for both hyphens, which is read back as the soft one.
    text = " ".join(page.extract_text() for page in book.pages).replace("\N{SOFT HYPHEN}", "-")
    assert find_missing(text) == []
    links = [link.get_object() for page in book.pages for link in page.get("/Annots", ())]
    actions = [link["/A"] for link in links if "/A" in link]
    assert {action["/S"] for action in actions} <= {"/URI", "/GoTo"}
    assert {action["/URI"].partition(":")[0] for action in actions if "/URI" in action} <= {"https"}


def rows(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))


def test_files_of_data_hold_them(pages: Path) -> None:
    """CSV has each label in a field of its own, an apostrophe before what begins like a formula.

    No field of any file begins like a formula but a negative number.
    """
    marked = [
        f"'{label}" if name in FORMULAS or label.startswith("-") else label
        for name, label in SEEN.items()
    ]
    for field in FIELDS:
        labels = [row[1].casefold() for row in rows(pages / "data" / f"by_{field}.table.csv")[1:]]
        assert labels == [label.casefold() for label in marked]
    fields = [field for path in pages.rglob("*.csv") for row in rows(path) for field in row]
    assert len(fields) > 1000
    assert [field for field in fields if FORMULA.match(field)] == []


def test_the_workbook_holds_them(pages: Path) -> None:
    """As strings, each in a cell of its own: no formula, no link that leads out."""
    path = pages / "data" / "tabellen.xlsx"
    cells = [cell for sheet in openpyxl.load_workbook(path) for row in sheet for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    texts = {str(cell.value).casefold() for cell in cells}
    assert [name for name, label in SEEN.items() if label.casefold() not in texts] == []
    with zipfile.ZipFile(path) as whole:
        parts = [whole.read(name) for name in whole.namelist() if name.endswith(".rels")]
    assert not [part for part in parts if b'TargetMode="External"' in part]


def test_an_auditor_can_run_every_statement(publication: Publication) -> None:
    """A label in a statement is a text in quotes: it counts its own rows, and drops nothing."""
    fields = Fields(publication.codelists, frozenset(), frozenset({"2017"}))
    with duckdb.connect() as database:
        database.execute(
            "CREATE TABLE traffic AS SELECT unnest(?) AS referrer, 1 AS value, 'contacts' AS "
            "measure, 'year' AS grain, DATE '2017-01-01' AS start, DATE '2017-12-31' AS \"end\", "
            "NULL AS site, NULL AS device, NULL AS traffic_channel, NULL AS user_gender",
            [[plain(label) for label in LABELS.values()]],
        )
        for name in LABELS:
            (query,) = list_queries(publication.ledger.figures[f"referrer.{name}"], fields)
            assert database.execute(query.text).fetchall() == [(1,)]


def test_both_counts_read_a_label_alike() -> None:
    """The SQL of the second count makes the same plain text of each, unseen letters left out."""
    with duckdb.connect() as database:
        database.execute(read_script("macros.sql"))
        for label in (*LABELS.values(), "Stra\u200bße"):
            assert database.execute("SELECT plain(?)", [label]).fetchone() == (plain(label),)


def test_no_file_holds_what_nobody_sees(pages: Path) -> None:
    """No control and no mark of direction stands in any text of an edition.

    They are left out, and not replaced by a visible sign.
    """
    paths = [path for path in pages.rglob("*") if path.suffix not in (".png", ".pdf", ".xlsx")]
    assert len(paths) > 20
    texts = {path: path.read_text("utf-8") for path in paths if path.is_file()}
    assert [path for path, text in texts.items() if UNSEEN.search(text)] == []
    assert settable("\x00") not in texts[pages / "index.html"]
    json.loads(texts[pages / "data" / "ledger.json"])
    package = json.loads(texts[pages / "data" / "datapackage.json"])
    assert "per <script>alert(1)</script>gpj.exe" in json.dumps(package)
