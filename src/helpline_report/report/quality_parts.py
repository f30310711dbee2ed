"""What the report says of its own data: rows, reasons, revisions, and earlier prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal, get_args

from helpline_report.exports.faults import outcome_words
from helpline_report.figures.ledger import KnownFault, Ledger, Quality, QualityFile
from helpline_report.figures.model import Figure
from helpline_report.figures.printed import Reconciled, Verdict, known, revised
from helpline_report.prose.numbers import capitalised as capital
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.publication import Publication
from helpline_report.report.table_parts import cell
from helpline_report.report.views import CellView, Left, RowView, TableView, Term, TermsView, View

NAMED = 3
COUNTS = ("read", "used", "repaired", "excluded")


def quality_views(
    quality: Quality, ledger: Ledger, words: EditionWords, revised: Sequence[Term] = ()
) -> Sequence[View]:
    """Rows of each file, of the edition and of its comparison; then the reasons, and what is known.

    `revised` says which numbers were published otherwise.

    Raises:
        KeyError: the ledger lacks a count.
    """
    editions = list(dict.fromkeys(file.edition for file in quality.files))
    views: list[View] = []
    for place, edition in enumerate(editions):
        files = [file for file in quality.files if file.edition == edition]
        name = quality.id if place == 0 else f"{quality.id}.{edition}"
        views.append(_rows_of_files(name, edition, files, ledger, words))
    fates: tuple[Literal["excluded", "repaired"], ...] = ("excluded", "repaired")
    views += [
        table for fate in fates if (table := _reasons(quality, fate, editions, words)) is not None
    ]
    terms = (*_taken_over(ledger, words), *revised, *_terms(quality, words))
    if terms:
        views.append(TermsView(f"{quality.id}.known", terms))
    return views


def _taken_over(ledger: Ledger, words: EditionWords) -> Iterator[Term]:
    """That a year's rows are gone, and where its figures come from."""
    for source in ledger.sources:
        if source.table == "ledger":
            told = words.say("quality.taken_over_text", file=source.file)
            yield Term(words.say("quality.taken_over", edition=source.edition), told)


def _rows_of_files(
    name: str, edition: str, files: Sequence[QualityFile], ledger: Ledger, words: EditionWords
) -> TableView:
    rows = []
    for file in files:
        figures = [ledger.figures[getattr(file, key)] for key in COUNTS]
        rows.append(RowView(file.file, tuple(cell(figure, words) for figure in figures)))
    return TableView(
        id=name,
        caption=words.say("quality.caption_of", edition=edition),
        subtitle=words.say("quality.subtitle"),
        heads=tuple(capital(words.say(f"quality.{key}")) for key in ("file", *COUNTS)),
        rows=tuple(rows),
        numeric=tuple(True for _ in COUNTS),
        folded=True,
    )


def _reasons(
    quality: Quality,
    fate: Literal["excluded", "repaired"],
    editions: Sequence[str],
    words: EditionWords,
) -> TableView | None:
    """How many rows were left out or repaired for each reason, a column an edition."""
    counts: dict[str, dict[str, int]] = {}
    for file in quality.files:
        for item in file.fates:
            if item.fate == fate:
                of_code = counts.setdefault(item.code, dict.fromkeys(editions, 0))
                of_code[file.edition] += item.rows
    if not counts:
        return None
    rows = [
        RowView(
            capital(outcome_words(code, words.language)),
            tuple(
                CellView(
                    words.number(found[edition], "count"),
                    address=f"audit/index.html#{fate_anchor(fate, code, edition)}",
                )
                for edition in editions
            ),
        )
        for code, found in sorted(counts.items())
    ]
    return TableView(
        id=f"{quality.id}.{fate}",
        caption=words.say(f"quality.{fate}_why"),
        subtitle=words.say("quality.why_subtitle"),
        heads=(capital(words.say("quality.reason")), *editions),
        rows=tuple(rows),
        numeric=tuple(True for _ in editions),
    )


def fate_anchor(fate: str, code: str, edition: str) -> str:
    """Where the audit says in which files rows of an edition had a fate for one reason."""
    return f"fate-{fate}-{code}-{edition}"


def _terms(quality: Quality, words: EditionWords) -> Iterator[Term]:
    """What touched no row, what is known, what waits, and why corrections were made."""
    for fault in quality.known:
        reason = words.translated(fault.reason).rstrip(".") if fault.reason else ""
        told = words.say("quality.known_text", what=_what(fault, words), reason=reason)
        yield Term(words.say("quality.known", edition=fault.edition), told)
    for waits in quality.waiting:
        told = words.say("quality.waiting_text", what=_what(waits, words))
        yield Term(words.say("quality.waiting", edition=waits.edition), told)
    for edition in dict.fromkeys(item.edition for item in quality.corrected):
        reasons = [
            f"{words.translated(item.reason)} ({words.number(item.corrections, 'count')})"
            for item in quality.corrected
            if item.edition == edition
        ]
        yield Term(words.say("quality.corrected", edition=edition), f"{'; '.join(reasons)}.")
    yield from _noted(quality, words)


def _noted(quality: Quality, words: EditionWords) -> Iterator[Term]:
    """What touched no row, an edition a term: which files, or how many."""
    known = {(item.edition, item.file, item.code) for item in quality.known}
    found: dict[str, dict[str, list[str]]] = {}
    for file in quality.files:
        for item in file.noted:
            if (file.edition, file.file, item.code) not in known:
                found.setdefault(file.edition, {}).setdefault(item.code, []).append(file.file)
    for edition, codes in found.items():
        told = [
            f"{capital(outcome_words(code, words.language))} ({_files(files, words)})."
            for code, files in sorted(codes.items())
        ]
        yield Term(words.say("quality.noted", edition=edition), " ".join(told))


def _files(files: Sequence[str], words: EditionWords) -> str:
    if len(files) <= NAMED:
        return ", ".join(files)
    return words.say("quality.files", count=words.number(len(files), "count"))


def _what(fault: KnownFault, words: EditionWords) -> str:
    """A fault in words, with its file, its column and how many rows it is about."""
    where = " · ".join(part for part in (fault.file, fault.about) if part)
    told = capital(outcome_words(fault.code, words.language))
    rows = f": {words.number(fault.rows, 'count')}" if fault.rows else ""
    return f"{told}{f' ({where})' if where else ''}{rows}"


def revised_terms(publication: Publication, words: EditionWords) -> Iterator[Term]:
    """A term for each report that said otherwise: which numbers, and the reasons that are known.

    All of them stand in the reconciliation; here the first few, with both their values.
    """
    found = revised(publication.reconciled)
    for source in dict.fromkeys(item.printed.source for item in found):
        items = [item for item in found if item.printed.source == source]
        told = [_both(item, publication, words) for item in items[:NAMED]]
        if len(items) > NAMED:
            told.append(words.say("quality.revised_more"))
        reasons = _revision_reasons(items, publication, words, among=len(found))
        yield Term(words.say("quality.revised", source=source), " ".join((*told, *reasons)))


def _both(item: Reconciled, publication: Publication, words: EditionWords) -> str:
    figure = publication.ledger.figures.get(item.held)
    name = capital(words.name(figure)) if figure else item.printed.id
    computed = words.value(figure) if figure else item.computed
    printed = as_published(item, figure, words)
    return words.say("quality.revised_text", name=name, printed=printed, computed=computed)


def _revision_reasons(
    items: Sequence[Reconciled], publication: Publication, words: EditionWords, *, among: int
) -> Iterator[str]:
    entries = (known(item, publication.edition, among) for item in items)
    notes = [words.translated(entry.reason).strip().rstrip(".") for entry in entries if entry]
    for note in dict.fromkeys(notes):
        yield words.say("quality.revised_why", reason=note)


AGREEING = frozenset({"agrees", "agrees_rounded"})


def reconciliation_views(publication: Publication, words: EditionWords) -> Sequence[View]:
    """A table of the verdicts, and one of the figures that come out otherwise than printed."""
    if not publication.reconciled:
        return [Left(words.say("reconciliation.none"))]
    views = [_verdicts(publication.reconciled, words)]
    others = [
        (number, item)
        for number, item in enumerate(publication.reconciled, 1)
        if item.verdict not in AGREEING
    ]
    return [*views, _others(others, publication, words)] if others else views


def _verdicts(reconciled: Sequence[Reconciled], words: EditionWords) -> TableView:
    counts = Counter(item.verdict for item in reconciled)
    rows = [
        RowView(
            capital(words.say(f"verdict.{verdict}")),
            (CellView(words.number(counts[verdict], "count"), address=_verdict_address(verdict)),),
        )
        for verdict in get_args(Verdict)
        if counts[verdict]
    ]
    rows.append(
        RowView(
            capital(words.say("part.total")),
            (CellView(words.number(len(reconciled), "count"), address=_verdict_address("total")),),
            total=True,
        )
    )
    return TableView(
        id="reconciliation",
        caption=words.say("reconciliation.caption"),
        subtitle=words.say("reconciliation.subtitle"),
        heads=tuple(capital(words.say(f"reconciliation.{key}")) for key in ("verdict", "count")),
        rows=tuple(rows),
        numeric=(True,),
    )


def _verdict_address(verdict: str) -> str:
    return f"audit/index.html#{verdict_anchor(verdict)}"


def verdict_anchor(verdict: str) -> str:
    """Where the audit counts a verdict; `total` stands for all of them."""
    return f"verdict-{verdict}"


def printed_anchor(number: int) -> str:
    """Where the audit holds a printed figure, by its number from 1: reports may share its name."""
    return f"printed-{number}"


def _others(
    items: Sequence[tuple[int, Reconciled]], publication: Publication, words: EditionWords
) -> TableView:
    keys = ("figure", "printed", "computed", "verdict", "reason")
    return TableView(
        id="reconciliation.others",
        caption=words.say("reconciliation.detail"),
        subtitle=words.say("reconciliation.detail_subtitle"),
        heads=tuple(capital(words.say(f"reconciliation.{key}")) for key in keys),
        rows=tuple(_row(number, item, publication, words) for number, item in items),
        numeric=(False, False, False, False),
    )


def _row(number: int, item: Reconciled, publication: Publication, words: EditionWords) -> RowView:
    figure = publication.ledger.figures.get(item.held)
    name = capital(words.name(figure)) if figure else item.printed.id
    computed = words.value(figure) if figure else item.computed
    address = f"audit/index.html#{printed_anchor(number)}"
    cells = (
        CellView(as_published(item, figure, words), address=address),
        CellView(computed, figure.id if figure else None, address="" if figure else address),
        CellView(words.say(f"verdict.{item.verdict}")),
        CellView(item.reason),
    )
    return RowView(name, cells)


def as_published(item: Reconciled, figure: Figure | None, words: EditionWords) -> str:
    """A printed figure as it was printed; of a released ledger, its value as we write it."""
    if figure is None or not item.printed.released:
        return item.printed.printed
    value = item.printed.value
    then = value if isinstance(figure.value, str) else float(value)
    return words.value(figure.model_copy(update={"value": then}))
