"""The pages of the audit: every figure once, every link alive, nothing from outside or of a row."""

import datetime as dt
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from helpline_report.audit.audit_words import AuditWords
from helpline_report.audit.pages import list_checks, write_audit
from helpline_report.audit.printed_numbers import HEDGES, read_hedges
from helpline_report.figures.ledger import Check, Ledger
from helpline_report.figures.model import Figure, Reason
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.earlier_reports import SignOff
from helpline_report.prose.markdown import Exemption
from helpline_report.report.chapters import ChapterReader
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.publication import Publication
from tests.audit.markup import parse
from tests.released import released

SIGNED = SignOff(
    status="final",
    name="de stuurgroep",
    role="opdrachtgever",
    date=dt.date(2018, 3, 1),
    content="0" * 64,
)
HOSTILE = "<script>alert(1)</script>"
EXEMPT = Exemption(f"Eén zin {HOSTILE}", "een wet", "params/2017/nl/media.md, line 3")


def write(publication: Publication, folder: Path, *exemptions: Exemption) -> None:
    """Write the audit of a publication, of which texts say something on a source's word."""
    reader = ChapterReader(EditionWords(publication))
    reader.exemptions += exemptions
    write_audit(reader, folder)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, by its path."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


class Page:
    """A page: its text, and of its elements the tags, ids, addresses and headings."""

    def __init__(self, path: Path) -> None:
        self.text = path.read_text(encoding="utf-8")
        elements = list(parse(self.text).all())
        self.tags = {each.tag for each in elements}
        self.names = {name for each in elements for name in each.attributes}
        self.ids = Counter(each.attributes["id"] for each in elements if "id" in each.attributes)
        self.hrefs = [each.attributes["href"] for each in elements if "href" in each.attributes]
        self.headings = [int(e.tag[1]) for e in elements if re.fullmatch("h[1-6]", e.tag)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, publication: Publication) -> Path:
    """The audit of the sample."""
    made = tmp_path_factory.mktemp("edition")
    write(publication, made, EXEMPT)
    return made / "audit"


@pytest.fixture(scope="module")
def pages(folder: Path) -> dict[str, Page]:
    """Its pages, by name."""
    return {path.name: Page(path) for path in sorted(folder.glob("*.html"))}


def test_there_is_a_page_a_chapter(pages: dict[str, Page], publication: Publication) -> None:
    """And an overview, and the checks."""
    assert set(pages) == {
        "index.html",
        "evidence.html",
        *(f"{name}.html" for name in publication.notebooks),
    }


def test_every_figure_is_an_anchor_of_its_chapter(
    pages: dict[str, Page], publication: Publication
) -> None:
    """The page of a figure's chapter holds its trace, once."""
    missing = [
        name
        for name, (chapter, _) in publication.origins.items()
        if pages[f"{chapter}.html"].ids[name] != 1
    ]
    assert missing == []


def test_ids_stand_once(pages: dict[str, Page]) -> None:
    """No anchor of a page leads to two places."""
    assert [(n, i) for n, page in pages.items() for i, k in page.ids.items() if k > 1] == []


def test_every_link_within_the_audit_leads_somewhere(pages: dict[str, Page], folder: Path) -> None:
    """Anchors exist, and so do pages and files; those of the report itself lie one folder up."""
    dead = []
    for name, page in pages.items():
        for href in page.hrefs:
            path, _, anchor = href.partition("#")
            target = path or name
            there = target.startswith("../") or (folder / target).is_file()
            if target == "manifest.json":
                continue
            if not there or (target in pages and anchor and not pages[target].ids[anchor]):
                dead.append((name, href))
    assert dead == []


def test_no_page_fetches_or_runs_anything(pages: dict[str, Page]) -> None:
    """No script, no image, no address of elsewhere, and a policy that forbids them."""
    for page in pages.values():
        assert page.tags.isdisjoint({"script", "link", "img", "iframe", "form", "object"})
        assert page.names.isdisjoint({"src", "srcset", "onclick"})
        assert not [href for href in page.hrefs if ":" in href]
        assert "default-src 'none'" in page.text


def test_headings_go_down_a_level_at_a_time(pages: dict[str, Page]) -> None:
    """One h1 a page, and no level is skipped."""
    for page in pages.values():
        assert page.headings.count(1) == 1
        steps = zip(page.headings, page.headings[1:], strict=False)
        assert all(below <= above + 1 for above, below in steps)


def test_no_page_names_a_folder(pages: dict[str, Page], repository: Path) -> None:
    """Neither the project's own folder nor where the exports lie."""
    for page in pages.values():
        assert str(repository) not in page.text
        assert "data/sample" not in page.text


def test_a_place_given_on_the_command_line_is_not_shown(
    tmp_path: Path, publication: Publication
) -> None:
    """An override of a source's folder is told by its key; others as they were given."""
    overrides = ("sources.0.folder=/srv/private", "calendar.closed=[]")
    ledger = publication.ledger.model_copy(update={"overrides": overrides})
    notebooks = released(publication.notebooks, ledger)
    write(replace(publication, ledger=ledger, notebooks=notebooks), tmp_path)
    text = (tmp_path / "audit" / "contacts.html").read_text(encoding="utf-8")
    assert "/srv/private" not in text
    assert "sources.0.folder=…" in text
    assert "calendar.closed=[]" in text


def test_the_same_edition_is_the_same_bytes(
    folder: Path, tmp_path: Path, publication: Publication
) -> None:
    """No time, no order of a set, no address of an object."""
    write(publication, tmp_path, EXEMPT)
    assert contents(tmp_path / "audit") == contents(folder)


def test_a_trace_says_all_of_a_share(pages: dict[str, Page]) -> None:
    """Value, exact value, numerator, denominator, SQL, files and the verdict of the print."""
    text = pages["contacts.html"].text
    trace = text[text.index('id="contacts.share.phone"') :]
    trace = trace[: trace.index('id="contacts.share.email"')]
    for said in ("86,41", "86.4089", "4.158", "4.812", "channel = &#39;phone&#39;", "Klopt."):
        assert said in trace
    assert "contactnames.csv (2017)" in trace


def test_a_trace_tells_last_year(pages: dict[str, Page]) -> None:
    """The same figure of the comparison year, found by what it is of."""
    text = pages["contacts.html"].text
    trace = text[text.index('id="contacts.total"') :]
    assert "4.596" in trace[: trace.index('id="contacts.total.previous"')]


def test_a_trace_says_where_the_report_uses_it(pages: dict[str, Page]) -> None:
    """A text of another chapter, a chart and a table of its own."""
    text = pages["contacts.html"].text
    assert 'href="../index.html#chapter-summary">summary' in text
    assert 'href="../index.html#contacts.by_month.chart">contacts' in text


def test_the_editions_own_text_stands_for_the_cells(pages: dict[str, Page]) -> None:
    """And the page says that it does."""
    text = pages["contacts.html"].text
    assert "Tekst van de uitgave, in de plaats van cel totals" in text
    link = '<a href="contacts.html#contacts.total">'
    assert f"{link}<code>{{{{ contacts.total | noun }}}}</code></a>" in text


def test_what_data_says_is_never_markup(pages: dict[str, Page]) -> None:
    """A hostile text is shown as it is written."""
    assert HOSTILE not in pages["index.html"].text
    assert "&lt;script&gt;alert(1)" in pages["index.html"].text


def test_a_hostile_label_is_never_markup(tmp_path: Path, publication: Publication) -> None:
    """A label of a code list neither."""
    channel = publication.codelists["channel"]
    codes = [code.model_copy(update={"nl": HOSTILE}) for code in channel.codes]
    hostile = CodeList.model_validate(channel.model_dump(by_alias=True) | {"codes": codes})
    lists = {**publication.codelists, "channel": hostile}
    write(replace(publication, codelists=lists), tmp_path)
    text = (tmp_path / "audit" / "contacts.html").read_text(encoding="utf-8")
    assert HOSTILE not in text
    assert "alert(1)" in text


def test_a_figure_without_a_value_says_why(tmp_path: Path, publication: Publication) -> None:
    """In a trace and in the overview."""
    name = "contacts.share.phone"
    figure = publication.ledger.figures[name].model_copy(
        update={
            "value": None,
            "status": "unavailable",
            "reason": Reason(code="no_field", about="channel"),
            "numerator": None,
            "denominator": None,
            "interval": None,
        }
    )
    figures = {**publication.ledger.figures, name: figure}
    ledger = publication.ledger.model_copy(update={"figures": figures})
    write(replace(publication, ledger=ledger), tmp_path)
    text = (tmp_path / "audit" / "contacts.html").read_text(encoding="utf-8")
    assert "De bron registreert geen kanaal." in text


def test_an_own_number_says_who_counted_it(tmp_path: Path, publication: Publication) -> None:
    """By its chapter and cell: once, without statements or steps, and so the evidence says."""
    name = "contacts.share.phone"
    was = publication.ledger.figures[name]
    how = {"kind": "own", "unit": "number", "value": 9.5, "how": "mediaan van het uur"}
    own = Figure.model_validate({"id": name, "population": was.population, **how})
    check = Check(name="counted_once", passed=True, of=1)
    ledger = publication.ledger.model_copy(
        update={"figures": {**publication.ledger.figures, name: own}, "checks": (check,)}
    )
    write(replace(publication, ledger=ledger), tmp_path)
    text = (tmp_path / "audit" / "contacts.html").read_text(encoding="utf-8")
    trace = text[text.index(f'id="{name}"') :]
    trace = trace[: trace.index('id="contacts.share.email"')]
    assert "door de eigen code van het hoofdstuk &#39;contacts&#39;" in trace
    assert "mediaan van het uur" in trace
    assert "SELECT" not in trace
    evidence = (tmp_path / "audit" / "evidence.html").read_text(encoding="utf-8")
    assert "Aantal cijfers uit de eigen code van een hoofdstuk: 1." in evidence


def test_an_edition_of_nothing_has_pages_too(tmp_path: Path, publication: Publication) -> None:
    """No figures, no printed figures, no sources, no comparison: the pages say so."""
    nothing = {"ledger": Ledger(edition="2017"), "notebooks": {}, "texts": {}}
    empty = replace(publication, comparison=None, reconciled=(), **nothing)
    write(empty, tmp_path)
    text = (tmp_path / "audit" / "index.html").read_text(encoding="utf-8")
    assert "Er zijn geen eerder gedrukte cijfers" in text
    assert "Geen enkele tekst is uitgezonderd" in text


@pytest.mark.parametrize("draft", [True, False])
def test_a_draft_says_so_on_each_page(
    tmp_path: Path, publication: Publication, *, draft: bool
) -> None:
    """And a released edition doesn't."""
    write(replace(publication, signed=None if draft else SIGNED), tmp_path)
    texts = [path.read_text(encoding="utf-8") for path in (tmp_path / "audit").glob("*.html")]
    assert all(("ontwerp" in text) == draft for text in texts)


CHECKS = (
    Check(name="second_count", passed=True, of=1298),
    Check(name="keys", passed=True, of=22472),
    Check(name="other_order", passed=True, of=913),
    Check(name="one_contact_less", passed=True, of=913),
    Check(name="sums", passed=True, of=20),
)


@pytest.fixture(scope="module")
def checks(publication: Publication) -> dict[str, str]:
    """The evidence of the sample, with every check made."""
    ledger = publication.ledger.model_copy(update={"checks": CHECKS})
    checked = replace(publication, ledger=ledger)
    return list_checks(checked, AuditWords(EditionWords(checked).writer))


def test_their_order(checks: dict[str, str]) -> None:
    """From the rows to what isn't known."""
    assert list(checks) == [
        "rows",
        "second_count",
        "keys",
        "other_order",
        "one_contact_less",
        "sums",
        "reconciliation",
        "values",
    ]


@pytest.mark.parametrize(
    ("name", "result"),
    [
        ("second_count", "1.298 cijfers twee keer geteld. Geen enkel verschil."),
        ("keys", "22.472 nummers gezocht, en geen gevonden."),
        ("sums", "20 uitsplitsingen opgeteld. Geen enkel verschil."),
        ("rows", "50.295 rijen in 24 bestanden. Alle sommen kloppen."),
        (
            "reconciliation",
            "Van 162 gedrukte cijfers kloppen er 147. De andere: spreekt zichzelf tegen (2); juist "
            "getal, maar van iets anders (12); de cijfers dragen de uitspraak niet (1).",
        ),
    ],
)
def test_a_result(checks: dict[str, str], name: str, result: str) -> None:
    """Over how much it went, and what came out."""
    assert checks[name] == result


def test_an_edition_without_a_check_doesnt_claim_it(publication: Publication) -> None:
    """What wasn't done isn't told."""
    words = AuditWords(EditionWords(publication).writer)
    assert list(list_checks(publication, words)) == ["rows", "reconciliation", "values"]


def _hedges() -> list[str]:
    data = yaml.safe_load(HEDGES.read_text(encoding="utf-8"))
    return [word for words in data.values() for word in words]


def test_a_hedge_means_one_thing() -> None:
    """No word stands on two sides."""
    found = _hedges()
    assert len(found) == len(set(found))


def test_hedges_are_known_in_both_languages() -> None:
    """A Dutch print is understood by an English edition too."""
    assert (read_hedges()["ruim"], read_hedges()["nearly"]) == ("over", "under")
