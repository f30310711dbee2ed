"""Say what the report says of its own data: rows, reasons, revisions, and earlier prints."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import get_args

from helpline_report.exports.faults import describe_outcome
from helpline_report.figures.ledger import KnownFault, Quality
from helpline_report.figures.model import Figure
from helpline_report.figures.printed import Reconciled, Verdict, find_reason
from helpline_report.prose.numbers import capitalised as capital
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.figure_parts import make_cell
from helpline_report.report.views import CellView, Left, Row, TableView, Term, TermsView, View

NAMED = 3
COUNTS = ("read", "used", "repaired", "excluded")
OUTCOMES = ("excluded", "repaired")
# The verdicts that find nothing wrong, neither with the print nor with this edition.
AGREEING: tuple[Verdict, ...] = ("agrees", "agrees_rounded")
OVERVIEW = "audit/index.html"
# Where the overview says in which files rows of an edition had an outcome for one reason, counts a
# verdict (`total`: all of them), and holds a printed figure, by its number from 1: reports may
# share its name.
OUTCOME_ANCHOR = "fate-{}-{}-{}"
VERDICT_ANCHOR = "verdict-{}"
PRINTED_ANCHOR = "printed-{}"


def make_quality_views(quality: Quality, words: EditionWords) -> Sequence[View]:
    """Rows of each file, of the edition and of its comparison; then the reasons, and what is known.

    Raises:
        KeyError: the ledger lacks a count.
    """
    figures, editions = words.ledger.figures, list(dict.fromkeys(f.edition for f in quality.files))
    views: list[View] = []
    for edition in editions:
        rows = []
        for file in quality.files:
            if file.edition == edition:
                cells = (make_cell(figures[getattr(file, key)], words) for key in COUNTS)
                text = name_rows(file.file, figures[file.read], words)
                name = CellView(text, code=f"file={file.read}")
                rows.append((name, *cells))
        table = TableView(
            id=f"{quality.id}.{edition}" if views else quality.id,
            caption=words.say("quality.caption_of", edition=edition),
            subtitle=words.say("quality.subtitle"),
            heads=words.titles("quality.file", *(f"quality.{key}" for key in COUNTS)),
            rows=tuple(rows),
            numeric=(True,) * len(COUNTS),
            columns=("file", *COUNTS),
        )
        views.append(table)
    for outcome in OUTCOMES:
        views += _make_reason_tables(quality, outcome, editions, words)
    terms = [*list_revised_terms(words), *_list_terms(quality, words)]
    # If the rows of a year are gone, say where its figures come from.
    for source in words.ledger.sources:
        if source.table == "ledger":
            text = words.say("quality.taken_over_text", file=source.file)
            term = (words.say("quality.taken_over", edition=source.edition), text)
            terms.insert(0, (f"taken_over={source.edition}", term))
    if terms:
        about, entries = zip(*terms, strict=True)
        views.append(TermsView(f"{quality.id}.known", words.say("quality.terms"), entries, about))
    return views


def name_rows(file: str, rows: Figure, words: EditionWords) -> str:
    """The name of a file; where it feeds several tables, with the one whose rows are counted."""
    table = rows.population.condition("table")
    return f"{file} ({words.label('table', table.codes[0])})" if table else file


def _make_reason_tables(
    quality: Quality, outcome: str, editions: Sequence[str], words: EditionWords
) -> Iterator[TableView]:
    """How many rows were left out or repaired for each reason, a column an edition."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    hidden = False
    for file in quality.files:
        for item in file.outcomes:
            if item.outcome == outcome:
                counts[item.code][file.edition] += item.rows or 0
                # One that is hidden hides the others too.
                hidden = hidden or item.rows is None
    rows = []
    for code in sorted(counts):
        name = capital(describe_outcome(code, words.language))
        cells = [CellView(name, code=f"outcome={code}")]
        for edition in editions:
            text = words.rows([None if hidden else counts[code][edition]])
            anchor = OUTCOME_ANCHOR.format(outcome, code, edition)
            of = f"rows={outcome}.{code}.{edition}"
            cells.append(CellView(text, address=f"{OVERVIEW}#{anchor}", code=of))
        rows.append(tuple(cells))
    if rows:
        yield TableView(
            id=f"{quality.id}.{outcome}",
            caption=words.say(f"quality.{outcome}_why"),
            subtitle=words.say("quality.why_subtitle"),
            heads=(*words.titles("quality.reason"), *editions),
            rows=tuple(rows),
            numeric=(True,) * len(editions),
            columns=("reason", *(f"edition={edition}" for edition in editions)),
        )


def list_known_faults(quality: Quality, words: EditionWords) -> Iterator[tuple[str, Term]]:
    """What is known, by whom and why, and what waits to be acknowledged.

    Each with what it is about: `known=` or `waiting=` and its place in the ledger, from 1.
    """
    for key, faults in (("known", quality.known), ("waiting", quality.waiting)):
        for number, fault in enumerate(faults, 1):
            reason = words.translated(fault.reason).rstrip(".") if fault.reason else ""
            reason += f" ({fault.by})" if fault.by else ""
            where = " · ".join(filter(None, (fault.file, _describe_subject(fault, words))))
            what = capital(describe_outcome(fault.code, words.language))
            what += f" ({where})" if where else ""
            what += f": {words.number(fault.rows, 'count')}" if fault.rows else ""
            text = words.say(f"quality.{key}_text", what=what, reason=reason)
            term = words.say(f"quality.{key}", edition=fault.edition)
            yield f"{key}={number}", (term, text)


def _list_terms(quality: Quality, words: EditionWords) -> Iterator[tuple[str, Term]]:
    """What is known and waits, why corrections were made, and what touched no row."""
    say = words.say
    yield from list_known_faults(quality, words)
    corrected: dict[str, list[str]] = defaultdict(list)
    for correction in quality.corrected:
        rows = words.rows([correction.corrections])
        corrected[correction.edition].append(f"{words.translated(correction.reason)} ({rows})")
    for edition, reasons in corrected.items():
        term = (say("quality.corrected", edition=edition), f"{'; '.join(reasons)}.")
        yield f"corrected={edition}", term
    acknowledged = {(item.edition, item.file, item.code) for item in quality.known}
    noted: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for file in quality.files:
        for item in file.noted:
            if (file.edition, file.file, item.code) not in acknowledged:
                noted[file.edition][item.code].append(file.file)
    for edition, codes in noted.items():
        texts = []
        for code, files in sorted(codes.items()):
            listed = ", ".join(files)
            if len(files) > NAMED:
                listed = say("quality.files", count=words.number(len(files), "count"))
            texts.append(f"{capital(describe_outcome(code, words.language))} ({listed}).")
        yield f"noted={edition}", (say("quality.noted", edition=edition), " ".join(texts))


def _describe_subject(fault: KnownFault, words: EditionWords) -> str:
    """What a fault is about, in public words: a column, days, a field or a code and its months."""
    if fault.code == "B76":
        return words.say(f"quality.{fault.about.replace(' ', '_')}")
    about = fault.about.replace(" to ", "–")
    subject, _, span = about.partition(" ")
    field, _, code = subject.partition(".")
    if field not in words.publication.codelists:
        return about
    label = words.label(field, code) if code else words.writer.field(field)
    return f"{label} {span}".strip()


def list_revised_terms(words: EditionWords) -> Iterator[tuple[str, Term]]:
    """A term for each report that said otherwise: which numbers, and the reasons that are known.

    All of them stand in the reconciliation; here the first few, with both their values.
    """
    every, say = [item for item in words.publication.reconciled if item.is_revised], words.say
    for source in dict.fromkeys(item.printed.source for item in every):
        items = [item for item in every if item.printed.source == source]
        texts = []
        for item in items[:NAMED]:
            figure, name, computed = _find_computed(item, words)
            printed = write_as_published(item, figure, words)
            texts.append(say("quality.revised_text", name=name, printed=printed, computed=computed))
        texts += [say("quality.revised_more")] if len(items) > NAMED else []
        entries = (find_reason(item, words.publication.edition, len(every)) for item in items)
        notes = [words.translated(entry.reason).strip().rstrip(".") for entry in entries if entry]
        texts += [say("quality.revised_why", reason=note) for note in dict.fromkeys(notes)]
        yield f"revised={source}", (say("quality.revised", source=source), " ".join(texts))


def _find_computed(item: Reconciled, words: EditionWords) -> tuple[Figure | None, str, str]:
    """What stands for a printed figure: ours, its name, and its value."""
    figure = words.ledger.figures.get(item.about)
    if figure is None:
        return None, item.printed.id, item.computed
    return figure, capital(words.name(figure)), words.value(figure)


def write_as_published(item: Reconciled, figure: Figure | None, words: EditionWords) -> str:
    """A printed figure as it was printed; of a released ledger, its value as we write it."""
    if figure is None or not item.printed.released:
        return item.printed.printed
    value = item.printed.value
    then = value if isinstance(figure.value, str) else float(value)
    return words.value(figure.model_copy(update={"value": then}))


def make_reconciliation_views(words: EditionWords) -> Sequence[View]:
    """Tables of the verdicts, of what comes out otherwise than printed, and of claims."""
    publication, say = words.publication, words.say
    if not publication.reconciled:
        return [Left(say("reconciliation.none"), "reconciliation.none")]

    def make_table(part: str, key: str, heads: Sequence[str], rows: Sequence[Row]) -> TableView:
        is_whole = part == ""
        notes = ["synthetic"] if is_whole and publication.synthetic else []
        return TableView(
            id=f"reconciliation{part}",
            caption=say(f"reconciliation.{key}"),
            subtitle=say(f"reconciliation.{'' if is_whole else key + '_'}subtitle"),
            heads=words.titles(*(f"reconciliation.{head}" for head in heads)),
            rows=tuple(rows),
            numeric=(is_whole,) * len(heads[1:]),
            notes=tuple(say(f"reconciliation.{note}") for note in notes),
            has_total=is_whole,
            columns=tuple(heads),
            notes_about=tuple(notes),
        )

    keys = ("figure", "printed", "computed", "verdict", "reason")
    tables = [
        make_table("", "caption", ("verdict", "count"), _list_verdict_rows(words)),
        make_table(".others", "detail", keys, _list_difference_rows(words)),
        make_table(".claims", "claims", ("claim", "verdict", "reason"), _list_claim_rows(words)),
    ]
    return [view for view in tables if view.rows]


def _list_verdict_rows(words: EditionWords) -> list[Row]:
    counts = Counter[str](item.verdict for item in words.publication.reconciled)
    heads = {name: words.say(f"verdict.{name}") for name in get_args(Verdict) if counts[name]}
    rows = list[Row]()
    for name, head in {**heads, "total": words.say("part.total")}.items():
        number = counts.total() if name == "total" else counts[name]
        address = f"{OVERVIEW}#{VERDICT_ANCHOR.format(name)}"
        code = f"verdict={name}"
        count = CellView(words.number(number, "count"), address=address, code=code)
        rows.append((CellView(capital(head), code=code), count))
    return rows


def _list_difference_rows(words: EditionWords) -> list[Row]:
    rows = list[Row]()
    for number, item in enumerate(words.publication.reconciled, 1):
        if item.verdict in AGREEING:
            continue
        figure, name, computed = _find_computed(item, words)
        address = f"{OVERVIEW}#{PRINTED_ANCHOR.format(number)}"
        printed = write_as_published(item, figure, words)
        code, quoted = f"printed={number}", words.publication.quoted_language
        ours = CellView(computed, address=address, code=code)
        cells = (
            CellView(name, code=code),
            CellView(printed, address=address, language=quoted, code=code),
            CellView(computed, figure.id) if figure else ours,
            CellView(words.say(f"verdict.{item.verdict}"), code=f"verdict={item.verdict}"),
            CellView(item.reason, code=code),
        )
        rows.append(cells)
    return rows


def _list_claim_rows(words: EditionWords) -> list[Row]:
    rows = list[Row]()
    for claim in words.publication.claims:
        address = f"{OVERVIEW}#claim-{claim.id}"
        code, language = f"claim={claim.id}", words.publication.quoted_language
        text = words.say(f"verdict.{claim.verdict}")
        verdict = CellView(text, address=address, code=f"verdict={claim.verdict}")
        quoted = CellView(f"‘{claim.printed}’", language=language, code=code)
        rows.append((quoted, verdict, CellView(claim.reason, code=code)))
    return rows
