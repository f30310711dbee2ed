"""What the pages of the audit say; that every link of them leads somewhere says `test_links`."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml

from helpline_report.audit.overviews import Overviews
from helpline_report.audit.pages import write_audit
from helpline_report.audit.parameter_list import list_parameters
from helpline_report.audit.printed_numbers import HEDGES, read_hedges
from helpline_report.audit.trace import Tracer
from helpline_report.figures.ledger import Check, KnownFault, Ledger, Quality
from helpline_report.figures.model import Figure, Reason
from helpline_report.parameters.acknowledgements import Acknowledged
from helpline_report.parameters.edition import ControlTotal
from helpline_report.prose.markdown import Exemption
from helpline_report.report.chapters import ChapterReader
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.publication import Publication
from tests.present import present
from tests.released import released
from tests.report.small_publication import SIGNED, change_ledger

PHONE, EMAIL = "contacts.share.phone", "contacts.share.email"
HOSTILE = "<script>alert(1)</script>"
EXEMPT = Exemption(f"Eén zin {HOSTILE}", "een wet", "params/2017/nl/media.md, line 3")


def write(publication: Publication, folder: Path, *exemptions: Exemption) -> None:
    """Write the audit of a publication, of which texts say something on a source's word."""
    reader = ChapterReader(EditionWords(publication))
    reader.exemptions += exemptions
    write_audit(reader, folder)


def contacts_alone(publication: Publication, root: Path, **changes: Any) -> Publication:
    node = nbformat.read(root / "notebooks" / "04_contacts.ipynb", as_version=4)
    notebooks = released({"contacts": node}, changes.get("ledger", publication.ledger))
    return replace(publication, notebooks=notebooks, **changes)


@pytest.fixture(scope="module")
def pages(
    tmp_path_factory: pytest.TempPathFactory, publication: Publication, repository: Path
) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("edition")
    write(contacts_alone(publication, repository), folder, EXEMPT)
    return {path.stem: path.read_text("utf-8") for path in (folder / "audit").glob("*.html")}


def part_of(text: str, figure: str, until: str) -> str:
    return text[text.index(f'id="{figure}"') : text.index(f'id="{until}"')]


def test_a_page_of_a_chapter(pages: dict[str, str]) -> None:
    """A trace says all of a share; an own text stands for its cell; links lead to the report."""
    text = pages["contacts"]
    trace = part_of(text, PHONE, EMAIL)
    for part in ("86,41", "86.4089", "4.158", "4.812", "channel = &#39;phone&#39;", "Klopt."):
        assert part in trace
    assert "contactnames.csv (2017)" in trace
    assert 'href="../index.html#chapter-contacts">In het verslag: ' in text
    assert "Tekst van de uitgave, in de plaats van cel totals" in text
    link = '<a href="contacts.html#contacts.total">'
    assert f"{link}<code>{{{{ contacts.total | noun }}}}</code></a>" in text


def test_what_a_page_tells_search_engines(
    pages: dict[str, str], publication: Publication, repository: Path, tmp_path: Path
) -> None:
    """What it is about; where it stands in another language, if the parameters give an address."""
    name = "in het verslag van 1712"
    assert f'<meta name="description" content="Contacten: narekenen, {name}">' in pages["contacts"]
    assert "alternate" not in pages["contacts"]
    edition = publication.edition
    publisher = edition.publisher.model_copy(update={"url": "https://www.example.org/2017"})
    both = edition.model_copy(update={"publisher": publisher, "languages": ["nl", "en"]})
    write(contacts_alone(publication, repository, edition=both), tmp_path)
    address = 'hreflang="en" href="https://www.example.org/2017/en/audit/contacts.html"'
    assert address in (tmp_path / "audit" / "contacts.html").read_text("utf-8")


# Other editions


@pytest.fixture(scope="module")
def variant(
    tmp_path_factory: pytest.TempPathFactory, publication: Publication, repository: Path
) -> dict[str, str]:
    """Pages of the chapter on contacts alone, approved, of another ledger, lists and what-if."""
    figures = dict(publication.ledger.figures)
    reason = Reason(code="no_field", about="channel")
    gone = dict.fromkeys(("value", "numerator", "denominator", "interval"))
    update = {**gone, "status": "unavailable", "reason": reason}
    figures[EMAIL] = figures[EMAIL].model_copy(update=update)
    how = {"kind": "own", "unit": "number", "value": 9.5, "how": "mediaan van het uur"}
    population = figures[PHONE].population
    figures[PHONE] = Figure.model_validate({"id": PHONE, "population": population, **how})
    overrides = ("sources.0.folder=/srv/private", "calendar.closed=[]")
    counted = {"second_count": None, "counted_once": 1, "keys": None, "sums": 0}
    checks = tuple(Check(name=name, passed=True, of=of) for name, of in counted.items())
    changes = {"figures": figures, "overrides": overrides, "checks": checks}
    ledger = publication.ledger.model_copy(update=changes)
    folder = tmp_path_factory.mktemp("variant")
    write(contacts_alone(publication, repository, ledger=ledger, signed=SIGNED), folder)
    return {path.stem: path.read_text("utf-8") for path in (folder / "audit").glob("*.html")}


def test_a_place_given_on_the_command_line_is_not_shown(variant: dict[str, str]) -> None:
    """An override of a source's folder is told by its key; others as they were given."""
    assert "/srv/private" not in "".join(variant.values())
    assert "sources.0.folder=…" in variant["index"]
    assert "calendar.closed=[]" in variant["index"]


def test_not_all_figures_are_counted_twice(variant: dict[str, str]) -> None:
    """Where their number is hidden, those are that a second program can count."""
    each = "Elk cijfer dat een tweede programma kan tellen, is twee keer geteld."
    assert each in variant["index"]
    assert "Alle cijfers van deze uitgave" not in variant["index"]


def test_an_own_number_says_who_counted_it(variant: dict[str, str]) -> None:
    """By its chapter and cell: once, without statements; a figure without a value says why."""
    trace = part_of(variant["contacts"], PHONE, EMAIL)
    assert "door de eigen code van het hoofdstuk &#39;contacts&#39;" in trace
    assert "mediaan van het uur" in trace
    assert "SELECT" not in trace
    assert "Aantal cijfers uit de eigen code van een hoofdstuk: 1." in variant["evidence"]
    assert "De bron registreert geen kanaal." in variant["contacts"]


def test_a_draft_says_so_on_each_page_and_an_approved_edition_on_none(
    variant: dict[str, str], pages: dict[str, str]
) -> None:
    """Whoever approved it, and when, stands there instead."""
    assert all("ontwerp" in text for text in pages.values())
    assert all("ontwerp" not in text for text in variant.values())


def test_an_edition_of_nothing_has_pages_too(tmp_path: Path, publication: Publication) -> None:
    """Without figures, prints and texts; what was acknowledged stands there with who and why."""
    reason = {"nl": "nagekeken", "en": "looked up"}
    fault = {"edition": "2017", "code": "B75", "file": "a.csv", "rows": 30, "reason": reason}
    known = KnownFault.model_validate({**fault, "by": "An Peeters"})
    ledger = Ledger(edition="2017", quality={"q": Quality(id="q", files=(), known=(known,))})
    nothing: dict[str, Any] = {"ledger": ledger, "notebooks": {}, "texts": {}, "reconciled": ()}
    write(replace(publication, comparison=None, **nothing), tmp_path)
    text = (tmp_path / "audit" / "index.html").read_text("utf-8")
    assert "Er zijn geen eerder gedrukte cijfers" in text
    assert "Geen enkele tekst is uitgezonderd" in text
    assert "(a.csv): 30. Reden: nagekeken (An Peeters)." in text


CHECKS = (
    Check(name="second_count", passed=True, of=1298),
    Check(name="keys", passed=True, of=22472),
    Check(name="other_order", passed=True, of=913),
    Check(name="one_contact_less", passed=True, of=913),
    Check(name="sums", passed=True, of=20),
)
# The same where how many isn't said, since that would tell of a hidden count.
OF_ALL = {
    "second_count": "Elk cijfer dat een tweede programma kan tellen, is twee keer geteld. "
    "Geen enkel verschil.",
    "keys": "Alle nummers gezocht, en geen gevonden.",
    "other_order": "Alle populaties opnieuw geteld. Geen enkel verschil.",
    "one_contact_less": "Alle populaties opnieuw geteld. Geen enkel verschil.",
    "sums": "Alle uitsplitsingen opgeteld. Geen enkel verschil.",
}
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


def list_checks(publication: Publication) -> dict[str, str]:
    return Overviews(Tracer(publication), ()).list_checks()


def test_what_the_checks_gave(publication: Publication) -> None:
    """In their order, over how much each went and what came out; none that wasn't made."""
    assert list(list_checks(publication)) == [
        "rows",
        "read_back",
        "reconciliation",
        "values",
    ]
    none_added_up = Check(name="sums", passed=True, of=0)
    without_sums = change_ledger(publication, checks=(*CHECKS[:-1], none_added_up))
    assert "sums" not in list_checks(without_sums)
    results = list_checks(change_ledger(publication, checks=CHECKS))
    assert list(results) == list(RESULTS)
    checks = tuple(check.model_copy(update={"of": None}) for check in CHECKS)
    unsaid = list_checks(change_ledger(publication, checks=checks))
    assert {check.name: unsaid[check.name] for check in CHECKS} == OF_ALL
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
    fewer: dict[str, object] = {"calendar": edition.calendar.model_copy(update={"closed": others})}
    fewer["campaigns"] = edition.campaigns[1:]
    shorter = replace(publication, edition=edition.model_copy(update=fewer))
    gone = {*list_parameters(publication)} - {*list_parameters(shorter)}
    assert {*list_parameters(shorter)} < {*list_parameters(publication)}
    prefixes = (f"calendar.closed.{first.date}.", f"campaigns.{edition.campaigns[0].id}.")
    assert all(name.startswith(prefixes) for name, _ in gone)
    assert ("calendar.closed.2017-04-17.reason", "Paasmaandag") in gone


def test_what_an_edition_lacks_is_said_beside_its_code(
    tmp_path: Path, publication: Publication, repository: Path
) -> None:
    """And nothing leads to a place that the report doesn't have."""
    ledger = publication.ledger
    fields = {
        table: tuple(name for name in names if name not in ("channel", "hour"))
        for table, names in ledger.fields.items()
    }
    without = ledger.model_copy(update={"fields": fields})
    write(contacts_alone(publication, repository, ledger=without), tmp_path)
    text = (tmp_path / "audit" / "contacts.html").read_text("utf-8")
    channel = text[
        text.index('id="cell-count-channels"') : text.index('id="cell-count-by-weekday"')
    ]
    assert "Niet in dit verslag: de bron registreert geen kanaal." in channel
    assert "In het verslag" not in channel
    hour = text[text.index('id="cell-count-by-hour"') : text.index('id="cell-count-per-day"')]
    assert "Niet in dit verslag: wat deze cel telt, hoort niet bij deze uitgave." in hour
    assert "In het verslag" not in hour
    # Nor does the notebook for Jupyter show what the report leaves out.
    node = nbformat.read(tmp_path / "audit" / "notebooks" / "04_contacts.ipynb", as_version=4)
    (cell,) = (each for each in node.cells if each.id == "count-channels")
    (output,) = cell.outputs
    assert output.data["text/html"].startswith("<table><tr><td>contacts.")
    assert "\n" in output.data["text/plain"]


def test_a_file_that_feeds_two_tables_is_listed_once(
    tmp_path: Path, publication: Publication, repository: Path
) -> None:
    """With the names of both, and an anchor for each."""
    first, second, *rest = publication.ledger.sources
    both = (first, first.model_copy(update={"table": second.table}), *rest)
    ledger = publication.ledger.model_copy(update={"sources": both})
    write(contacts_alone(publication, repository, ledger=ledger), tmp_path)
    text = (tmp_path / "audit" / "index.html").read_text("utf-8")
    codes = [
        f'<code id="source-2017-{first.file}-{table}">{table}</code>'
        for table in (first.table, second.table)
    ]
    assert f"<td>{codes[0]}, {codes[1]}</td>" in text


@pytest.mark.parametrize("threshold", [0, 5])
def test_numbers_of_rows_are_told_where_nothing_is_protected(
    publication: Publication, threshold: int
) -> None:
    """A control total of a problem, or of contacts without persons, is a count of people."""
    of_problem = {"table": "persons", "where": {"problem": "other"}, "rows": 3}
    known = {"fault": "B56", "rows": 4, "reason": {"nl": "bekend", "en": "known"}}
    decided = publication.edition.disclosure
    update: dict[str, object] = {
        "control_totals": [ControlTotal.model_validate(of_problem)],
        "acknowledged": [Acknowledged.model_validate(known)],
        "disclosure": present(decided).model_copy(update={"threshold": threshold}),
    }
    edition = publication.edition.model_copy(update=update)
    other = edition.model_copy(
        update={"control_totals": [ControlTotal.model_validate({**of_problem, "rows": 9})]}
    )
    pages = [replace(publication, edition=each) for each in (edition, other)]
    rows = {text for name, text in list_parameters(pages[0]) if name.endswith(".rows")}
    assert rows == (set() if threshold else {"3", "4"})
    # Nor can a hash of what is published be tried against them.
    assert (pages[0].content == pages[1].content) == bool(threshold)


def test_another_number_of_rows_of_a_public_edition_is_another_content(
    publication: Publication,
) -> None:
    """Though the year to compare with is confidential: of that year alone it isn't told."""
    pages = [private_comparison(publication, rows=rows) for rows in (3, 9)]
    assert pages[0].content != pages[1].content
    pages = [private_comparison(publication, before=rows) for rows in (3, 9)]
    assert pages[0].content == pages[1].content


def private_comparison(publication: Publication, rows: int = 3, before: int = 3) -> Publication:
    """A public edition that compares with a confidential year, with a control total of each."""
    totals = [{"control_totals": [ControlTotal(table="contacts", rows=n)]} for n in (rows, before)]
    edition = publication.edition.model_copy(update=totals[0])
    then = present(publication.comparison).model_copy(update=totals[1] | {"rows": "confidential"})
    return replace(publication, edition=edition, comparison=then)
