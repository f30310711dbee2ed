"""The trace of a figure, or of a printed total, in the terminal: the same facts as on its page."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from helpline_report.audit.audit_words import AuditWords
from helpline_report.audit.overview import PointTrace, trend_traces
from helpline_report.audit.trace import FigureTrace, Tracer
from helpline_report.report.publication import Publication

WIDTH = 96
INDENT = "    "


def trace_text(publication: Publication, figure: str) -> str:
    """All that the audit says of one figure, as plain text, ending in a newline.

    A total of another year, which was printed and never counted, has its source.

    Raises:
        KeyError: the ledger has no such figure.
    """
    words = AuditWords(publication)
    for point in trend_traces(publication, words):
        if point.id == figure:
            return "\n".join(_point(point, words)) + "\n"
    trace = Tracer(publication, words).trace(publication.ledger.figures[figure])
    chapter, cell = publication.origins[figure]
    lines = [
        *_wrapped(trace.title),
        f"{trace.id}   ({chapter}, {words.say('page.cell', cell=cell)})",
    ]
    lines += ["", *_value(trace, words)]
    for fact in trace.facts:
        lines += _fact(words.capital(fact.term), fact.text, fact.more)
    lines += [*_printed(trace, words), *_conditions(trace, words), *_queries(trace, words)]
    lines += [*_sources(publication, trace, words), *_used(trace, words)]
    return "\n".join(lines) + "\n"


def _point(point: PointTrace, words: AuditWords) -> Iterator[str]:
    yield point.title
    yield point.id
    yield ""
    yield f"{words.capital(words.say('trace.value'))}: {point.value}"
    yield from _wrapped(
        f"{words.say('trend.how')}: {words.say('trend.not_counted')} {point.standing}."
    )
    yield f"{words.say('trend.source')}: {point.source}"
    if point.address:
        yield f"{INDENT}{point.address}"


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent)


def _value(trace: FigureTrace, words: AuditWords) -> Iterator[str]:
    exact = f"   ({words.say('trace.exact')}: {trace.exact})" if trace.exact else ""
    yield f"{words.capital(words.say('trace.value'))}: {trace.value}{exact}"


def _fact(term: str, text: str, more: str) -> Iterator[str]:
    yield f"{term}: {text}"
    if more:
        yield from _wrapped(more, INDENT)


def _printed(trace: FigureTrace, words: AuditWords) -> Iterator[str]:
    for item in trace.printed:
        yield (
            words.capital(words.say("trace.printed"))
            + ": "
            + words.say(
                "trace.printed_value",
                printed=item.printed.printed,
                verdict=words.say(f"verdict.{item.verdict}"),
            )
        )
        yield from _wrapped(item.reason, INDENT)


def _conditions(trace: FigureTrace, words: AuditWords) -> Iterator[str]:
    for part in trace.conditions:
        yield ""
        several = f" ({part.of})" if len(trace.conditions) > 1 else ""
        yield f"{words.capital(words.say('trace.conditions'))}{several}:"
        yield from (INDENT + line for line in part.lines)


def _queries(trace: FigureTrace, words: AuditWords) -> Iterator[str]:
    for query in trace.queries:
        yield ""
        several = f" ({words.say(f'query.{query.gives}')})" if len(trace.queries) > 1 else ""
        yield f"{words.capital(words.say('trace.queries'))}{several}:"
        yield from (INDENT + line for line in query.text.splitlines())


def _sources(publication: Publication, trace: FigureTrace, words: AuditWords) -> Iterator[str]:
    if not trace.sources:
        return
    yield ""
    yield words.capital(words.say("trace.sources")) + ":"
    named = {(source.file, source.edition) for source in trace.sources}
    shown = set()
    for source in publication.ledger.sources:
        place = (source.file, source.edition)
        if place in named and place not in shown:
            shown.add(place)
            rows = words.count(source.rows)
            yield f"{INDENT}{source.file} ({source.edition}), {rows} {words.say('trace.fate')}"
            yield f"{INDENT}SHA-256 {source.sha256}"


def _used(trace: FigureTrace, words: AuditWords) -> Iterator[str]:
    yield ""
    yield words.capital(words.say("trace.used")) + ":"
    if not trace.used:
        yield INDENT + words.say("trace.used_nowhere")
    for use in trace.used:
        kind = words.say(f"use.{use.kind}")
        yield f"{INDENT}{use.chapter}, {words.say('page.cell', cell=use.cell)} ({kind})"
