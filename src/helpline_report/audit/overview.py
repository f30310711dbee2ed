"""What the audit's first pages show: chapters, parameters, verdicts, rows, other years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from helpline_report.audit.audit_words import AuditWords
from helpline_report.audit.uses import address_of
from helpline_report.exports.fates import fate_words
from helpline_report.figures.ledger import ChapterRecord, Quality
from helpline_report.figures.printed import Verdict
from helpline_report.parameters.overriding import shown_overrides
from helpline_report.report.publication import Publication
from helpline_report.report.quality_parts import fate_anchor, printed_anchor, verdict_anchor
from helpline_report.report.trend_parts import standing

FATES = ("excluded", "repaired")


@dataclass(frozen=True)
class FateLine:
    """The rows of an edition with one fate for one reason; `sum` has the rows of each file."""

    id: str
    reason: str
    fate: str
    edition: str
    rows: str
    sum: str


def fate_lines(publication: Publication, words: AuditWords) -> tuple[FateLine, ...]:
    """A line for each fate, reason and edition, in the order of the page."""
    return tuple(
        _line(quality, (fate, code, edition), words)
        for quality in publication.ledger.quality.values()
        for fate in FATES
        for code in sorted(_codes(quality, fate))
        for edition in dict.fromkeys(file.edition for file in quality.files)
    )


def _codes(quality: Quality, fate: str) -> set[str]:
    return {item.code for file in quality.files for item in file.fates if item.fate == fate}


def _line(quality: Quality, about: tuple[str, str, str], words: AuditWords) -> FateLine:
    fate, code, edition = about
    found = list(_rows(quality, about))
    return FateLine(
        id=fate_anchor(*about),
        reason=words.capital(fate_words(code, words.edition.language)),
        fate=words.say(f"fate.{fate}"),
        edition=edition,
        rows=words.count(sum(rows for _, rows in found)),
        sum=" + ".join(f"{words.count(rows)} ({file})" for file, rows in found),
    )


def _rows(quality: Quality, about: tuple[str, str, str]) -> Iterator[tuple[str, int]]:
    """The files that had such rows, and how many."""
    fate, code, edition = about
    for file in quality.files:
        for item in file.fates:
            if (item.fate, item.code, file.edition) == (fate, code, edition):
                yield file.file, item.rows


TREND = "trend.html"


@dataclass(frozen=True)
class PointTrace:
    """One printed total: what it says, how it stands, and who printed it."""

    id: str
    noun: str
    title: str
    value: str
    standing: str
    source: str
    address: str


def trend_traces(publication: Publication, words: AuditWords) -> tuple[PointTrace, ...]:
    """Every printed total of other years, in the order of its file."""
    shown = publication.ledger.trend
    return tuple(
        PointTrace(
            id=point.id,
            noun=point.noun,
            title=words.say(f"trend.{point.noun}", year=str(point.year)),
            value=words.count(point.value),
            standing=words.capital(standing(point, words.edition)),
            source=point.source,
            address=point.address,
        )
        for point in (shown.points if shown is not None else ())
    )


@dataclass(frozen=True)
class ChapterLine:
    """One chapter: how many cells compute or show something, and how many figures it has."""

    name: str
    title: str
    cells: int
    figures: int
    unavailable: int


@dataclass(frozen=True)
class VerdictLine:
    """How many printed figures have a verdict."""

    id: str
    verdict: str
    count: str


@dataclass(frozen=True)
class PrintedLine:
    """One printed figure beside the computed one; `address` leads to the trace."""

    anchor: str
    id: str
    address: str
    printed: str
    computed: str
    verdict: str
    reason: str
    source: str


def chapter_lines(publication: Publication, titles: Mapping[str, str]) -> tuple[ChapterLine, ...]:
    """The chapters in the order of the report."""
    records = {chapter.name: chapter for chapter in publication.ledger.chapters}
    return tuple(
        _chapter_line(publication, name, title, records.get(name)) for name, title in titles.items()
    )


def _chapter_line(
    publication: Publication, name: str, title: str, record: ChapterRecord | None
) -> ChapterLine:
    cells = record.cells if record else ()
    figures = [publication.ledger.figures[f] for cell in cells for f in cell.figures]
    without = sum(figure.value is None for figure in figures)
    return ChapterLine(name, title, len(cells), len(figures), without)


def parameter_lines(publication: Publication) -> tuple[tuple[str, str], ...]:
    """The parameters by their dotted names; never a folder or the name of a file of rows."""
    hidden = {"printed", "comparison_ledger"}
    data = publication.edition.model_dump(mode="json", by_alias=True, exclude=hidden)
    data["sources"] = [source["layout"] for source in data["sources"]]
    lines = list(_flat(data, "", publication.language))
    overridden = ", ".join(shown_overrides(publication.ledger.overrides))
    return (*lines, *((("--set", overridden),) if overridden else ()))


def _flat(value: Any, name: str, language: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and set(value) == {"nl", "en"}:
        yield name, str(value[language])
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(inner, f"{name}.{key}" if name else str(key), language)
    elif isinstance(value, list) and all(not isinstance(item, dict | list) for item in value):
        if value:
            yield name, ", ".join(str(item) for item in value)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _flat(inner, f"{name}.{place}", language)
    elif value is not None:
        yield name, str(value)


def counted_twice(publication: Publication, words: AuditWords) -> str:
    """How many figures were counted twice; nothing where they weren't."""
    found = {check.name: check for check in publication.ledger.checks}.get("second_count")
    return words.count(found.of) if found is not None and found.passed else ""


def verdict_lines(publication: Publication, words: AuditWords) -> tuple[VerdictLine, ...]:
    """How many of each verdict there are, in the order of the list of verdicts, and of all."""
    found = Counter(item.verdict for item in publication.reconciled)
    counts = {verdict: found[verdict] for verdict in get_args(Verdict) if found[verdict]}
    names = {verdict: words.say(f"verdict.{verdict}") for verdict in counts}
    every = {"total": len(publication.reconciled)}
    return tuple(
        VerdictLine(
            verdict_anchor(name),
            words.capital(names.get(name, words.say("index.total"))),
            words.count(count),
        )
        for name, count in (counts | every).items()
    )


def printed_lines(publication: Publication, words: AuditWords) -> tuple[PrintedLine, ...]:
    """Each printed figure, in the order of its file."""
    figures = publication.ledger.figures
    return tuple(
        PrintedLine(
            anchor=printed_anchor(number),
            id=item.printed.id,
            address=address_of(item.held, publication) or "",
            printed=item.printed.printed,
            computed=words.value(figures.get(item.held)),
            verdict=words.say(f"verdict.{item.verdict}"),
            reason=item.reason,
            source=f"{item.printed.source}, § {item.printed.section}",
        )
        for number, item in enumerate(publication.reconciled, 1)
    )
