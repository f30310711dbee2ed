"""Our own page against the released ledger: every number marked, tabled, highlighted or explained.

What is marked as a figure is held to that figure; a cell of a table to the figure of its row and
column; any other number of the text to the parameters, as the audit beside the page lists them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from helpline_report.audit.proofreading.document import Place
from helpline_report.audit.proofreading.facts import strange_numbers
from helpline_report.audit.proofreading.findings import Finding, Outcome, Outcomes, say
from helpline_report.audit.proofreading.ledger_headlines import is_drawn
from helpline_report.audit.proofreading.ledger_quality import quality_facts, quality_rows
from helpline_report.audit.proofreading.ledger_tables import Beside, expected_rows
from helpline_report.audit.proofreading.ledger_trend import trend_facts, trend_rows
from helpline_report.audit.proofreading.markup import Element
from helpline_report.audit.proofreading.printed_as import (
    NUMBER,
    same_value,
    strangers,
    wrong_way,
)
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Figure

CHECK = "ledger"
ANCHOR = "figure-"
QUOTE = 150
PROSE = ("p", "li", "dd", "dt", "h1", "h2", "h3", "h4", "th", "caption", "figcaption")


@dataclass(frozen=True)
class OwnPage:
    """A page of ours with the ledger and the audit that stand beside it."""

    root: Element
    ledger: Ledger
    beside: Beside = field(repr=False)


def is_ours(root: Element) -> bool:
    """Whether a page marks its numbers as ours do."""
    return any(_anchor(item) for item in root.all("button", "aside"))


def against_ledger(page: OwnPage) -> Outcomes:
    """Every number of the page."""
    yield from _marked(page)
    yield from _tables(page)
    yield from _highlights(page)
    yield from _headlines(page)
    yield from _cards(page)
    yield from _facts(page)


def _anchor(element: Element) -> str:
    """The id of the figure that a button or a card is about."""
    name = element.attributes.get("popovertarget") or element.attributes.get("id", "")
    return name.removeprefix(ANCHOR) if name.startswith(ANCHOR) else ""


def _marked(page: OwnPage) -> Iterator[Outcome]:
    for button in page.root.all("button"):
        name = _anchor(button)
        if not name or "number" not in button.classes:
            continue
        for data in button.all("data"):
            yield _figure(page, name, data, data.attributes.get("value", ""))


def _figure(page: OwnPage, name: str, element: Element, value: str) -> Outcome:
    figure = page.ledger.figures.get(name)
    if figure is None:
        return _finding(element, say("ledger.unknown", name=name))
    if not same_value(value, figure):
        text = say("ledger.value", name=name, value=value, own=str(figure.value))
        return _finding(element, text)
    return _said(element, element.text, figure)


def _said(element: Element, text: str, figure: Figure) -> Outcome:
    wrong = strangers(text, figure)
    if wrong:
        numbers = ", ".join(wrong)
        return _finding(element, say("ledger.said", numbers=numbers, **_own(figure)), text)
    if wrong_way(text, figure):
        return _finding(element, say("ledger.way", **_own(figure)), text)
    return None


def _own(figure: Figure) -> dict[str, str]:
    return {"name": figure.id, "own": str(figure.value)}


def _tables(page: OwnPage) -> Iterator[Outcome]:
    for table in page.root.all("table"):
        name = table.attributes.get("id", "")
        if name.startswith("reconciliation") and not page.beside.reconciliation:
            continue
        rows = expected_rows(name, page.ledger, page.beside)
        if rows is None:
            rows = quality_rows(name.removesuffix(".rows"), page.ledger)
        if rows is None:
            told = trend_rows(name.removesuffix(".table-of-chart"), page.ledger)
            rows = list(told) if told is not None else None
        if rows is None:
            yield _finding(table, say("ledger.no_table"), name or "table")
            continue
        shown = _shown(table)
        if len(shown) != len(rows):
            text = say("ledger.rows", shown=str(len(shown)), own=str(len(rows)))
            yield _finding(table, text, name)
            continue
        for row, figures in zip(shown, rows, strict=True):
            yield from _row(row, figures)


def _shown(table: Element) -> list[Element]:
    """The rows of a table that hold more than heads."""
    return [row for row in table.all("tr") if any(row.all("td"))]


def _label(row: Element) -> str:
    return " ".join(cell.text for cell in list(row.all("th"))[:1])


def _row(row: Element, figures: tuple[Figure | str | None, ...]) -> Iterator[Outcome]:
    label = _label(row)
    for cell, figure in zip(row.all("td"), figures, strict=False):
        quote = f"{label}: {cell.text}"
        if isinstance(figure, Figure):
            outcome = _said(cell, cell.text, figure)
            yield outcome and _finding(cell, outcome.text, quote)
        elif NUMBER.search(cell.text) or figure:
            right = cell.text == " ".join((figure or "").split())
            yield None if right else _finding(cell, say("ledger.cell", own=figure or "–"), quote)


def _highlights(page: OwnPage) -> Iterator[Outcome]:
    figures = page.ledger.figures
    names = [name for item in page.ledger.highlights.values() for name in item.figures]
    known = [figures[name] for name in names if figures[name].value is not None]
    items = [
        item
        for group in page.root.all("ul")
        if "highlights" in group.classes
        for item in group.all("li")
    ]
    for item, figure in zip(items, known, strict=False):
        for shown in item.all("strong"):
            yield _said(shown, shown.text, figure)
        before = figures.get(f"{figure.id}.previous")
        for shown in item.all("small"):
            year = str(before.population.period.start.year) if before else ""
            rest = re.sub(rf"\bin {year}$", "", shown.text)
            yield _said(shown, rest, before) if before else None


def _headlines(page: OwnPage) -> Iterator[Outcome]:
    for chart in page.root.all("figure"):
        known = page.ledger.charts.get(chart.attributes.get("id", ""))
        if known is None:
            continue
        rows = expected_rows(known.id, page.ledger, page.beside) or []
        labels = [_label(row) for row in _shown(chart)]
        for headline in _headline(chart):
            if not is_drawn(headline.text, known, page.ledger, (labels, rows)):
                yield _finding(headline, say("ledger.no_headline"))


def _headline(chart: Element) -> Iterator[Element]:
    for caption in chart.all("figcaption"):
        yield from list(caption.all("strong"))[:1]


def _headlines_by_caption(page: OwnPage) -> Iterator[tuple[int, str]]:
    """The headline within each chart's caption: it is held to what the chart draws."""
    for chart in page.root.all("figure"):
        if chart.attributes.get("id", "") in page.ledger.charts:
            for caption in chart.all("figcaption"):
                yield id(caption), "".join(item.text for item in _headline(chart))


def _cards(page: OwnPage) -> Iterator[Outcome]:
    """Of each card what the figure is made of, and its value a year before."""
    figures = page.ledger.figures
    for card in page.root.all("aside"):
        figure = figures.get(_anchor(card))
        if figure is None:
            continue
        before = figures.get(f"{figure.id}.previous")
        for shown in list(card.all("p"))[1:]:
            about = before if before is not None and ":" in shown.text else figure
            yield _said(shown, shown.text, about)


def _facts(page: OwnPage) -> Iterator[Outcome]:
    """Numbers that are marked as no figure: they stand in the parameters, or nowhere."""
    if not page.beside.facts:
        return
    known = [page.ledger.edition, *(str(each) for each in page.beside.years), *_lengths(page)]
    facts = (
        *page.beside.facts,
        *_codes(page),
        *quality_facts(page.ledger),
        *trend_facts(page.ledger),
    )
    checked = {id(item) for item in _checked(page.root)}
    headlines = dict(_headlines_by_caption(page))
    for element in page.root.all(*PROSE):
        if id(element) in checked or any(element.all("p", "li")):
            continue
        text = " ".join("".join(piece.text for piece in element.texts(_held_elsewhere)).split())
        text = text.replace(headlines.get(id(element), ""), "", 1)
        if not re.search(r"\d", text):
            continue
        wrong = strange_numbers(text, facts, known)
        numbers = ", ".join(wrong)
        yield _finding(element, say("ledger.no_fact", numbers=numbers)) if wrong else None


def _checked(root: Element) -> Iterator[Element]:
    """What the other checks hold to the ledger: highlights, and what a card says of its figure."""
    for group in root.all("ul"):
        if "highlights" in group.classes:
            yield from group.all("li")
    for card in root.all("aside"):
        yield from list(card.all("p"))[1:]


def _lengths(page: OwnPage) -> list[str]:
    """How long the ledger's figures were observed, as definitions say it: '(365 dagen)'."""
    exposures = [item.exposure for item in page.ledger.figures.values() if item.exposure]
    return sorted({f"{size:g}" for e in exposures for size in (e.of, e.against) if size})


def _codes(page: OwnPage) -> list[str]:
    """Codes that have a digit in them, such as the name of a site."""
    codes = {member.code for item in page.ledger.series.values() for member in item.members}
    return sorted(code for code in codes if re.search(r"[a-z].*\d|\d.*[a-z]", code))


def _held_elsewhere(element: Element) -> bool:
    return element.tag in ("data", "table", "aside", "nav")


def _finding(element: Element, text: str, quote: str = "") -> Finding:
    said = quote or element.text
    short = said if len(said) <= QUOTE else f"{said[:QUOTE]} …"
    return Finding(Place(0, element.line), CHECK, "not_in_ledger", short, text)
