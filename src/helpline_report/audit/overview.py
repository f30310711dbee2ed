"""What the audit's first page shows: chapters, parameters, sources, reconciliation, exemptions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from helpline_report.audit.uses import address_of
from helpline_report.audit.words import AuditWords
from helpline_report.figures.ledger import ChapterRecord
from helpline_report.figures.printed import Verdict
from helpline_report.parameters.overriding import shown_overrides
from helpline_report.report.publication import Publication
from helpline_report.report.quality_parts import printed_anchor, verdict_anchor


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
