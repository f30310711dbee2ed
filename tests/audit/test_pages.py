"""The pages of the audit: every figure once, every link alive, nothing from outside or of a row."""

import datetime as dt
import html
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from helpline_report.audit.audit_words import AuditWords
from helpline_report.audit.pages import list_checks, list_parameters, write_audit
from helpline_report.audit.printed_numbers import HEDGES, read_hedges
from helpline_report.figures.ledger import Check, KnownFault, Ledger, Quality
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
PHONE = "contacts.share.phone"
HOSTILE = "<script>alert(1)</script>"
EXEMPT = Exemption(f"Eén zin {HOSTILE}", "een wet", "params/2017/nl/media.md, line 3")


def write(publication: Publication, folder: Path, *exemptions: Exemption) -> None:
    """Write the audit of a publication, of which texts say something on a source's word."""
    reader = ChapterReader(EditionWords(publication))
    reader.exemptions += exemptions
    write_audit(reader, folder)


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
def pages(tmp_path_factory: pytest.TempPathFactory, publication: Publication) -> dict[str, Page]:
    """The pages of the sample's audit, by name."""
    folder = tmp_path_factory.mktemp("edition")
    write(publication, folder, EXEMPT)
    return {path.name: Page(path) for path in sorted((folder / "audit").glob("*.html"))}


def test_there_is_a_page_a_chapter(pages: dict[str, Page], publication: Publication) -> None:
    """And an overview, and the checks; the page of a figure's chapter holds its trace, once."""
    chapters = [f"{name}.html" for name in publication.notebooks]
    assert set(pages) == {"index.html", "evidence.html", *chapters}
    origins = publication.origins.items()
    assert [n for n, (chapter, _) in origins if pages[f"{chapter}.html"].ids[n] != 1] == []


def test_ids_stand_once(pages: dict[str, Page]) -> None:
    """No anchor of a page leads to two places."""
    assert [(n, i) for n, page in pages.items() for i, k in page.ids.items() if k > 1] == []


def test_no_page_fetches_or_runs_anything(pages: dict[str, Page]) -> None:
    """No script but that of the way out, no image, no address of elsewhere, and a policy for it."""
    for page in pages.values():
        assert page.tags.isdisjoint({"img", "iframe", "form", "object"})
        assert page.names.isdisjoint({"src", "srcset", "onclick"})
        elsewhere = [href for href in page.hrefs if ":" in href and href[:5] != "data:"]
        assert elsewhere == ["https://www.wikipedia.org/"]
        assert page.text.count("<script") == 1
        assert "default-src 'none'" in html.unescape(page.text)


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


def part_of(text: str, figure: str, until: str) -> str:
    """The trace of a figure in a page, up to that of another."""
    return text[text.index(f'id="{figure}"') : text.index(f'id="{until}"')]


def test_a_trace_says_all_of_a_share(pages: dict[str, Page]) -> None:
    """Value, exact value, numerator, denominator, SQL, files and the verdict of the print."""
    trace = part_of(pages["contacts.html"].text, PHONE, "contacts.share.email")
    for told in ("86,41", "86.4089", "4.158", "4.812", "channel = &#39;phone&#39;", "Klopt."):
        assert told in trace
    assert "contactnames.csv (2017)" in trace


def test_a_trace_tells_last_year_and_where_the_report_uses_it(pages: dict[str, Page]) -> None:
    """The same figure of the comparison year; a text of another chapter, and a chart."""
    text = pages["contacts.html"].text
    assert "4.596" in part_of(text, "contacts.total", "contacts.total.previous")
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


# Other editions, of one chapter each


@pytest.fixture(scope="module")
def one_chapter(publication: Publication) -> Publication:
    """The edition as if it had the chapter on contacts alone."""
    return replace(publication, notebooks={"contacts": publication.notebooks["contacts"]})


def written(publication: Publication, folder: Path, page: str = "contacts") -> str:
    """A page of the audit that is written of a publication."""
    write(publication, folder)
    return (folder / "audit" / f"{page}.html").read_text(encoding="utf-8")


def with_figure(publication: Publication, figure: Figure, *checks: Check) -> Publication:
    """The publication with another figure, and with checks that were made."""
    figures = {**publication.ledger.figures, figure.id: figure}
    update = {"figures": figures, "checks": checks}
    return replace(publication, ledger=publication.ledger.model_copy(update=update))


def test_a_place_given_on_the_command_line_is_not_shown(
    tmp_path: Path, one_chapter: Publication
) -> None:
    """An override of a source's folder is told by its key; others as they were given."""
    overrides = ("sources.0.folder=/srv/private", "calendar.closed=[]")
    ledger = one_chapter.ledger.model_copy(update={"overrides": overrides})
    notebooks = released(one_chapter.notebooks, ledger)
    text = written(replace(one_chapter, ledger=ledger, notebooks=notebooks), tmp_path)
    assert "/srv/private" not in text
    assert "sources.0.folder=…" in text
    assert "calendar.closed=[]" in text


def test_a_hostile_label_is_never_markup(tmp_path: Path, one_chapter: Publication) -> None:
    """A label of a code list neither."""
    channel = one_chapter.codelists["channel"]
    codes = [code.model_copy(update={"nl": HOSTILE}) for code in channel.codes]
    hostile = CodeList.model_validate(channel.model_dump(by_alias=True) | {"codes": codes})
    lists = {**one_chapter.codelists, "channel": hostile}
    text = written(replace(one_chapter, codelists=lists), tmp_path)
    assert HOSTILE not in text
    assert "alert(1)" in text


def test_a_figure_without_a_value_says_why(tmp_path: Path, one_chapter: Publication) -> None:
    """In its trace."""
    reason = Reason(code="no_field", about="channel")
    gone = dict.fromkeys(("value", "numerator", "denominator", "interval"))
    update = {**gone, "status": "unavailable", "reason": reason}
    figure = one_chapter.ledger.figures[PHONE].model_copy(update=update)
    text = written(with_figure(one_chapter, figure), tmp_path)
    assert "De bron registreert geen kanaal." in text


def test_an_own_number_says_who_counted_it(tmp_path: Path, one_chapter: Publication) -> None:
    """By its chapter and cell: once, without statements or steps, and so the evidence says."""
    was = one_chapter.ledger.figures[PHONE]
    how = {"kind": "own", "unit": "number", "value": 9.5, "how": "mediaan van het uur"}
    own = Figure.model_validate({"id": PHONE, "population": was.population, **how})
    check = Check(name="counted_once", passed=True, of=1)
    text = written(with_figure(one_chapter, own, check), tmp_path)
    trace = part_of(text, PHONE, "contacts.share.email")
    assert "door de eigen code van het hoofdstuk &#39;contacts&#39;" in trace
    assert "mediaan van het uur" in trace
    assert "SELECT" not in trace
    evidence = (tmp_path / "audit" / "evidence.html").read_text(encoding="utf-8")
    assert "Aantal cijfers uit de eigen code van een hoofdstuk: 1." in evidence


def test_what_was_acknowledged_stands_there_with_who_and_why(
    tmp_path: Path, publication: Publication
) -> None:
    """Beside the rows that don't count."""
    reason = {"nl": "nagekeken", "en": "looked up"}
    fault = {"edition": "2017", "code": "B75", "file": "a.csv", "rows": 30, "reason": reason}
    known = KnownFault.model_validate({**fault, "by": "An Peeters"})
    quality = Quality(id="quality", files=(), known=(known,))
    ledger = Ledger(edition="2017", quality={"quality": quality})
    text = written(
        replace(publication, ledger=ledger, notebooks={}, texts={}, comparison=None, reconciled=()),
        tmp_path,
        "index",
    )
    assert "(a.csv): 30. Reden: nagekeken (An Peeters)." in text


def test_an_edition_of_nothing_has_pages_too(tmp_path: Path, publication: Publication) -> None:
    """No figures, no printed figures, no sources, no comparison: the pages say so."""
    nothing = {"ledger": Ledger(edition="2017"), "notebooks": {}, "texts": {}}
    empty = replace(publication, comparison=None, reconciled=(), **nothing)
    text = written(empty, tmp_path, "index")
    assert "Er zijn geen eerder gedrukte cijfers" in text
    assert "Geen enkele tekst is uitgezonderd" in text


def test_a_draft_says_so_on_each_page_and_a_released_edition_on_none(
    tmp_path: Path, pages: dict[str, Page], one_chapter: Publication
) -> None:
    """Whoever approved it, and when, stands there instead."""
    assert all("ontwerp" in page.text for page in pages.values())
    write(replace(one_chapter, signed=SIGNED), tmp_path)
    for path in (tmp_path / "audit").glob("*.html"):
        assert "ontwerp" not in path.read_text(encoding="utf-8")


CHECKS = (
    Check(name="second_count", passed=True, of=1298),
    Check(name="keys", passed=True, of=22472),
    Check(name="other_order", passed=True, of=913),
    Check(name="one_contact_less", passed=True, of=913),
    Check(name="sums", passed=True, of=20),
)
RESULTS = {
    "rows": "50.295 rijen in 24 bestanden. Alle sommen kloppen.",
    "second_count": "1.298 cijfers twee keer geteld. Geen enkel verschil.",
    "keys": "22.472 nummers gezocht, en geen gevonden.",
    "other_order": None,
    "one_contact_less": None,
    "sums": "20 uitsplitsingen opgeteld. Geen enkel verschil.",
    "read_back": None,
    "reconciliation": "Van 162 gedrukte cijfers kloppen er 147. De andere: spreekt zichzelf tegen "
    "(2); juist getal, maar van iets anders (12); de cijfers dragen de uitspraak niet (1). De "
    "rijen van deze uitgave zijn gemaakt om de gedrukte totalen te geven. Dat een cijfer klopt, is "
    "dus geen nieuws; dat het verslag zichzelf tegenspreekt of iets anders telt dan het zegt, wel.",
    "values": None,
}


def test_what_the_checks_gave(publication: Publication) -> None:
    """In their order, over how much each went and what came out; none that wasn't made."""
    words = AuditWords(EditionWords(publication).writer)
    assert list(list_checks(publication, words)) == [
        "rows",
        "read_back",
        "reconciliation",
        "values",
    ]
    ledger = publication.ledger.model_copy(update={"checks": CHECKS})
    results = list_checks(replace(publication, ledger=ledger), words)
    assert list(results) == list(RESULTS)
    assert {n: results[n] for n, result in RESULTS.items() if result} == {
        name: result for name, result in RESULTS.items() if result
    }


def test_a_hedge_means_one_thing() -> None:
    """No word stands on two sides; a Dutch print is understood by an English edition too."""
    data = yaml.safe_load(HEDGES.read_text(encoding="utf-8"))
    hedges = [word for words in data.values() for word in words]
    assert len(hedges) == len(set(hedges))
    assert (read_hedges()["ruim"], read_hedges()["nearly"]) == ("over", "under")


def test_one_more_parameter_moves_no_other(publication: Publication) -> None:
    """Items of a list have the names of what tells them apart, and not their places."""
    edition = publication.edition
    first, *others = edition.calendar.closed
    fewer = {"calendar": edition.calendar.model_copy(update={"closed": others})}
    fewer["campaigns"] = edition.campaigns[1:]
    shorter = replace(publication, edition=edition.model_copy(update=fewer))
    gone = {*list_parameters(publication)} - {*list_parameters(shorter)}
    assert {*list_parameters(shorter)} < {*list_parameters(publication)}
    prefixes = (f"calendar.closed.{first.date}.", f"campaigns.{edition.campaigns[0].id}.")
    assert all(name.startswith(prefixes) for name, _ in gone)
    assert ("calendar.closed.2017-04-17.reason", "Paasmaandag") in gone
