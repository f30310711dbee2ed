"""Make traces of figures as blocks of a page of the audit."""

from collections.abc import Iterator

from helpline_report.audit.overviews import write_link
from helpline_report.audit.page_blocks import (
    Block,
    BlockRow,
    GroupBlock,
    LineBlock,
    Run,
    TableBlock,
    TermsBlock,
    say,
)
from helpline_report.audit.trace import Fact, Trace, Tracer, name_anchor
from helpline_report.prose.numbers import capitalised

Entry = tuple[LineBlock, tuple[LineBlock, ...]]


def make_trace(trace: Trace, tracer: Tracer) -> GroupBlock:
    """The trace of one figure, or that of a series or of files: a row a figure."""
    if trace.figure is None:
        blocks = tuple(_make_series(trace, tracer))
    else:
        title = say("definition", trace.title, f"figure={trace.id}", tag="h3")
        blocks = (title, write_link(trace.id, tracer), TermsBlock(tuple(_list(trace, tracer))))
    return GroupBlock(blocks, trace.id, "trace")


def _list(trace: Trace, tracer: Tracer) -> Iterator[Entry]:
    """What there is to say of a figure, each behind its term."""
    words, figure = tracer.words, trace.figure
    value = [Run(words.value(figure), figure=trace.id, parts="value", look="value")]
    if figure is not None and (exact := words.exact(figure)):
        value += [
            Run(f" ({words.say('trace.exact')}: ", look="more"),
            Run(exact, figure=trace.id, parts="exact", look="mono"),
            Run(")", look="more"),
        ]
    yield _entry("value", words.head("trace.value"), *value)
    for fact in trace.facts:
        yield _entry(fact.about, capitalised(fact.term), *_write_fact(fact, trace.id))
    for item in trace.printed:
        source = words.say(
            "trace.printed_in",
            source=item.printed.source,
            section=item.printed.section,
            printed=item.printed.printed,
        )
        verdict = Run(f"{words.head(f'verdict.{item.verdict}')}.", look="strong")
        reason = [Run(f" {item.reason}")] if item.verdict != "agrees" else []
        yield _entry("printed", words.head("trace.printed"), Run(f"{source} "), verdict, *reason)
    yield from _list_shared(trace, tracer)


def _entry(about: str, term: str, *runs: Run) -> Entry:
    return say("term", term, about, tag="dt"), (LineBlock("text", runs, about, "dd"),)


def _write_fact(fact: Fact, figure: str) -> list[Run]:
    of = {"figure": figure, "parts": fact.parts} if fact.parts else {}
    more = [Run(" "), Run(f"· {fact.more}", look="more")] if fact.more else []
    return [Run(fact.text, **of), *more]


def _list_shared(trace: Trace, tracer: Tracer) -> Iterator[Entry]:
    """The statements that count it again, and the files that it comes from."""
    words = tracer.words
    if trace.queries:
        texts = []
        for query in trace.queries:
            if len(trace.queries) > 1:
                texts.append(
                    say("text", words.say(f"query.{query.gives}"), query.gives, look="more")
                )
            row = f"\n-- {', '.join(map(str, query.row))}" if query.row else ""
            texts.append(say("code", f"{query.text}{row}", query.gives, tag="pre"))
        yield say("term", words.head("trace.queries"), "queries", tag="dt"), tuple(texts)
    if trace.sources:
        runs: list[Run] = []
        for source in trace.sources:
            text = f"{source.file} ({source.edition})"
            runs += [*([Run(", ")] if runs else []), Run(text, f"#{name_anchor(source)}")]
        yield _entry("sources", words.head("trace.sources"), *runs)


def _make_series(trace: Trace, tracer: Tracer) -> Iterator[Block]:
    """Figures that differ in their codes alone: what they share, and a row of each."""
    about = f"trace={trace.id}"
    yield say("definition", trace.title, about, tag="h3")
    if shared := tuple(_list_shared(trace, tracer)):
        yield TermsBlock(shared)
    heads = tuple(
        say("head", capitalised(column.head), column.about, tag="th", look="n" * column.numeric)
        for column in trace.columns
    )
    rows = []
    for name, (first, *others) in (trace.rows or {}).items():
        cells = [LineBlock("row", (Run(capitalised(first), f"#{name}"),), f"figure={name}", "th")]
        for column, text in zip(trace.columns[1:], others, strict=True):
            of = {"figure": name, "parts": column.parts} if column.parts else {}
            look = "n" * column.numeric
            cells.append(LineBlock("cell", (Run(text, **of),), column.about, "td", look))
        rows.append(BlockRow(tuple(cells), name))
    caption = say("caption", trace.title, about)
    label = tracer.words.say("page.scroll", caption=trace.title)
    yield TableBlock(caption, heads, tuple(rows), label, "rows", is_unseen=True)
