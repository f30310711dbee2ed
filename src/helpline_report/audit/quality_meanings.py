"""Derive what an edition says of its own data, and of what earlier reports said."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import get_args

from helpline_report.audit.code_labels import begin
from helpline_report.audit.edition_data import EditionData
from helpline_report.audit.exhibits import (
    PROTECTED,
    CellMeaning,
    Exhibits,
    RowMeaning,
    Said,
    TableMeaning,
)
from helpline_report.audit.part_meanings import TermMeaning
from helpline_report.figures.ledger import KnownFault, Quality
from helpline_report.figures.model import Figure
from helpline_report.figures.printed import Reconciled, Verdict, find_reason
from helpline_report.parameters.yaml import read_resource

# The rows of a file, by what became of them.
OUTCOMES = ("read", "used", "repaired", "excluded")
# The outcomes that have a reason, in the order of their tables.
WITH_REASONS = ("excluded", "repaired")
# Where the audit counts outcomes and verdicts, and holds what was printed, by its number.
OVERVIEW = "audit/index.html"
# Verdicts that leave nothing to say.
AGREEING = ("agrees", "agrees_rounded")
# Of a report that said otherwise so many numbers are named, and so many files of one thing.
NAMED = 3
# Contacts on unusual days or hours: this fault is about one of both.
UNUSUAL = "B76"


def name_fault(code: str, language: str) -> str:
    """What a code of a fault means, for one case of it."""
    return str(read_resource("helpline_report.exports", "faults.yaml").data[code][language])


# Rows


def derive_files(quality: Quality, exhibits: Exhibits) -> dict[str, TableMeaning]:
    """What became of the rows of each file, a table an edition, by the ids of these."""
    words, figures, tables = exhibits.words, exhibits.ledger.figures, dict[str, TableMeaning]()
    heads = [Said(key, begin(words.say(f"quality.{key}"))) for key in ("file", *OUTCOMES)]
    for edition in dict.fromkeys(file.edition for file in quality.files):
        rows = []
        for file in quality.files:
            if file.edition == edition:
                asked = figures[file.read].population.condition("table")
                of = f" ({words.label('table', asked.codes[0])})" if asked else ""
                cells = [exhibits.say_cell(figures[getattr(file, key)]) for key in OUTCOMES]
                rows.append(RowMeaning(f"file={file.read}", f"{file.file}{of}", tuple(cells)))
        caption = words.say("quality.caption_of", edition=edition)
        name = f"{quality.id}.{edition}" if tables else quality.id
        subtitle = words.say("quality.subtitle")
        tables[name] = TableMeaning(caption, subtitle, tuple(heads), tuple(rows))
    return tables


def derive_reasons(quality: Quality, exhibits: Exhibits) -> dict[str, TableMeaning]:
    """Why rows were left out or repaired, a table for each, by their ids."""
    words, tables = exhibits.words, dict[str, TableMeaning]()
    editions = list(dict.fromkeys(file.edition for file in quality.files))
    for outcome in WITH_REASONS:
        counts, is_hidden = Counter[tuple[str, str]](), False
        codes = set[str]()
        for file in quality.files:
            for item in file.outcomes:
                if item.outcome == outcome:
                    codes.add(item.code)
                    counts[item.code, file.edition] += item.rows or 0
                    # The others would give away one that isn't shown.
                    is_hidden = is_hidden or item.rows is None
        rows = []
        for code in sorted(codes):
            cells = []
            for edition in editions:
                text = words.number(counts[code, edition])
                text = words.short_reason(PROTECTED) if is_hidden else text
                target = f"{OVERVIEW}#fate-{outcome}-{code}-{edition}"
                cells.append(CellMeaning(text, target=target))
            label = begin(name_fault(code, words.language))
            rows.append(RowMeaning(f"outcome={code}", label, tuple(cells)))
        if rows:
            heads = [Said("reason", begin(words.say("quality.reason")))]
            heads += [Said(f"edition={edition}", edition) for edition in editions]
            caption = words.say(f"quality.{outcome}_why")
            subtitle = words.say("quality.why_subtitle")
            table = TableMeaning(caption, subtitle, tuple(heads), tuple(rows))
            tables[f"{quality.id}.{outcome}"] = table
    return tables


# What is known of the data


def list_quality_terms(
    quality: Quality, data: EditionData, exhibits: Exhibits
) -> Iterator[TermMeaning]:
    """What was taken over, said otherwise, is known, waits, was corrected or noted."""
    words, say = exhibits.words, exhibits.words.say
    for source in reversed(exhibits.ledger.sources):
        if source.table == "ledger":
            text = say("quality.taken_over_text", file=source.file)
            term = say("quality.taken_over", edition=source.edition)
            yield TermMeaning(f"taken_over={source.edition}", term, text)
    yield from _list_revised(data, exhibits)
    for key, faults in (("known", quality.known), ("waiting", quality.waiting)):
        for number, fault in enumerate(faults, 1):
            term = say(f"quality.{key}", edition=fault.edition)
            yield TermMeaning(f"{key}={number}", term, _write_fault(fault, key, exhibits))
    corrected: dict[str, list[str]] = {}
    for each in quality.corrected:
        is_hidden = each.corrections is None
        rows = words.short_reason(PROTECTED) if is_hidden else words.number(each.corrections or 0)
        reason = each.reason.in_language(words.language)
        corrected.setdefault(each.edition, []).append(f"{reason} ({rows})")
    for edition, reasons in corrected.items():
        term = say("quality.corrected", edition=edition)
        yield TermMeaning(f"corrected={edition}", term, f"{'; '.join(reasons)}.")
    yield from _list_noted(quality, exhibits)


def _write_fault(fault: KnownFault, key: str, exhibits: Exhibits) -> str:
    """What is known of a fault: what, where, in how many rows, why, and who says so."""
    words = exhibits.words
    reason = fault.reason.in_language(words.language).rstrip(".") if fault.reason else ""
    reason = f"{reason} ({fault.by})" if fault.by else reason
    places = [place for place in (fault.file, _name_subject(fault, exhibits)) if place]
    what = begin(name_fault(fault.code, words.language))
    what += f" ({' · '.join(places)})" if places else ""
    what += f": {words.number(fault.rows)}" if fault.rows else ""
    return words.say(f"quality.{key}_text", what=what, reason=reason)


def _name_subject(fault: KnownFault, exhibits: Exhibits) -> str:
    """What a fault is about: days, a field, or a code of one, and its months."""
    words = exhibits.words
    if fault.code == UNUSUAL:
        return words.say(f"quality.{fault.about.replace(' ', '_')}")
    about = fault.about.replace(" to ", "–")
    name, _, months = about.partition(" ")
    field, _, code = name.partition(".")
    if field not in words.codelists:
        return about
    return f"{words.label(field, code) if code else words.field(field)} {months}".rstrip()


def _list_noted(quality: Quality, exhibits: Exhibits) -> Iterator[TermMeaning]:
    """What touched no row, an edition at a time; not what is known by itself."""
    words = exhibits.words
    known = {(fault.edition, fault.file, fault.code) for fault in quality.known}
    noted: dict[str, dict[str, list[str]]] = {}
    for file in quality.files:
        for item in file.noted:
            if (file.edition, file.file, item.code) not in known:
                noted.setdefault(file.edition, {}).setdefault(item.code, []).append(file.file)
    for edition, codes in noted.items():
        texts = []
        for code in sorted(codes):
            files = ", ".join(codes[code])
            if len(codes[code]) > NAMED:
                files = words.say("quality.files", count=words.number(len(codes[code])))
            texts.append(f"{begin(name_fault(code, words.language))} ({files}).")
        term = words.say("quality.noted", edition=edition)
        yield TermMeaning(f"noted={edition}", term, " ".join(texts))


# What earlier reports said


def _list_revised(data: EditionData, exhibits: Exhibits) -> Iterator[TermMeaning]:
    """Each report that said otherwise: the first of its numbers, and the reasons that are known."""
    words, say = exhibits.words, exhibits.words.say
    revised = [item for item in data.reconciled if item.is_revised]
    for source in dict.fromkeys(item.printed.source for item in revised):
        items = [item for item in revised if item.printed.source == source]
        texts = []
        for item in items[:NAMED]:
            _, name, computed = _find_computed(item, exhibits)
            then = write_print(item, exhibits)
            text = say("quality.revised_text", name=name, printed=then, computed=computed)
            texts.append(text)
        if len(items) > NAMED:
            texts.append(say("quality.revised_more"))
        entries = [find_reason(item, words.edition, len(revised)) for item in items]
        reasons = [
            entry.reason.in_language(words.language).strip().rstrip(".")
            for entry in entries
            if entry is not None
        ]
        texts += [say("quality.revised_why", reason=reason) for reason in dict.fromkeys(reasons)]
        term = say("quality.revised", source=source)
        yield TermMeaning(f"revised={source}", term, " ".join(texts))


def _find_computed(item: Reconciled, exhibits: Exhibits) -> tuple[Figure | None, str, str]:
    """The figure that a printed one is compared with, its name, and its value."""
    figure = exhibits.ledger.figures.get(item.about)
    if figure is None:
        return None, item.printed.id, item.computed
    words = exhibits.words
    return figure, begin(words.definition(figure)), words.write_in_table(figure)


def write_print(item: Reconciled, exhibits: Exhibits) -> str:
    """What was printed, word for word; what a ledger said, as this edition writes it."""
    figure, printed = exhibits.ledger.figures.get(item.about), item.printed
    if figure is None or not printed.released:
        return printed.printed
    value = printed.value if isinstance(figure.value, str) else float(printed.value)
    return exhibits.words.write_in_table(figure.model_copy(update={"value": value}))


def derive_reconciliation(data: EditionData, exhibits: Exhibits) -> dict[str, TableMeaning]:
    """How many printed figures have which verdict, which don't agree, and what of claims."""
    tables = {
        "": _derive_verdicts(data, exhibits),
        ".others": _derive_others(data.reconciled, exhibits),
        ".claims": _derive_claims(data, exhibits),
    }
    is_there = {f"reconciliation{part}": table for part, table in tables.items() if table.rows}
    return is_there if data.reconciled else {}


def _name_heads(keys: Sequence[str], exhibits: Exhibits) -> tuple[Said, ...]:
    return tuple(Said(key, begin(exhibits.words.say(f"reconciliation.{key}"))) for key in keys)


def say_verdict(verdict: str, exhibits: Exhibits) -> str:
    """A verdict in words."""
    return exhibits.words.say(f"verdict.{verdict}")


def _derive_verdicts(data: EditionData, exhibits: Exhibits) -> TableMeaning:
    words = exhibits.words
    counts = Counter(item.verdict for item in data.reconciled)
    rows = []
    for verdict in get_args(Verdict):
        if counts[verdict]:
            target = f"{OVERVIEW}#verdict-{verdict}"
            cell = CellMeaning(words.number(counts[verdict]), target=target)
            label = begin(say_verdict(verdict, exhibits))
            rows.append(RowMeaning(f"verdict={verdict}", label, (cell,)))
    total = CellMeaning(words.number(counts.total()), target=f"{OVERVIEW}#verdict-total")
    rows.append(RowMeaning("verdict=total", begin(words.say("part.total")), (total,)))
    is_made_up = words.edition.rows == "synthetic"
    notes = [Said("synthetic", words.say("reconciliation.synthetic"))] if is_made_up else []
    caption, subtitle = words.say("reconciliation.caption"), words.say("reconciliation.subtitle")
    heads = _name_heads(("verdict", "count"), exhibits)
    return TableMeaning(caption, subtitle, heads, tuple(rows), tuple(notes))


def _derive_others(reconciled: Sequence[Reconciled], exhibits: Exhibits) -> TableMeaning:
    words, rows = exhibits.words, []
    for number, item in enumerate(reconciled, 1):
        if item.verdict in AGREEING:
            continue
        figure, name, computed = _find_computed(item, exhibits)
        place = f"{OVERVIEW}#printed-{number}"
        ours = CellMeaning(computed, figure.id) if figure else CellMeaning(computed, target=place)
        cells = (
            CellMeaning(write_print(item, exhibits), target=place),
            ours,
            CellMeaning(say_verdict(item.verdict, exhibits)),
            CellMeaning(item.reason),
        )
        rows.append(RowMeaning(f"printed={number}", name, cells))
    heads = _name_heads(("figure", "printed", "computed", "verdict", "reason"), exhibits)
    caption = words.say("reconciliation.detail")
    return TableMeaning(caption, words.say("reconciliation.detail_subtitle"), heads, tuple(rows))


def _derive_claims(data: EditionData, exhibits: Exhibits) -> TableMeaning:
    words, rows = exhibits.words, []
    for claim in data.claims:
        verdict = say_verdict(claim.verdict, exhibits)
        place = f"{OVERVIEW}#claim-{claim.id}"
        cells = (CellMeaning(verdict, target=place), CellMeaning(claim.reason))
        rows.append(RowMeaning(f"claim={claim.id}", f"‘{claim.printed}’", cells))
    heads = _name_heads(("claim", "verdict", "reason"), exhibits)
    caption = words.say("reconciliation.claims")
    return TableMeaning(caption, words.say("reconciliation.claims_subtitle"), heads, tuple(rows))
