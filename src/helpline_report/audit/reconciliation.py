"""Give a verdict on printed figures, and on printed claims that no figure carries."""

from collections.abc import Iterable, Mapping, Sequence

from helpline_report.audit.audit_words import AuditWords
from helpline_report.audit.printed_figures import Counterparts, find_population
from helpline_report.audit.printed_numbers import (
    PrintedReport,
    find_contradiction,
    judge_agreement,
    recompute_value,
)
from helpline_report.errors import ExportError, Problem
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Figure, is_protected
from helpline_report.figures.printed import (
    CODE,
    JudgedClaim,
    PrintedFigure,
    Reconciled,
    Verdict,
    find_reason,
)
from helpline_report.parameters.acknowledgements import (
    request_acknowledgements,
    write_acknowledgement,
)
from helpline_report.parameters.edition import Edition, PrintedClaim
from helpline_report.prose.numbers import raw
from helpline_report.prose.writer import Writer
from helpline_report.report.open_data import AS_PRINTED, ROWS, SYNTHETIC, DataColumn, DataFile

COLUMNS = (
    *("id", "printed", "value", "computed", "verdict", "reason"),
    *("population", "claimed", "section", "source", "edition"),
)
OF_CLAIMS = ("id", "printed", "verdict", "reason", "figure", "section", "source")
REVISED = {"unknown": "reason.revised", "same": "reason.recounted", "changed": "reason.resent"}
STEP = (
    "find out what changed: the exports of that year, a definition or the program; where the new "
    "number is right, acknowledge it with that as its reason, which the report then prints"
)

Judgement = tuple[Verdict, str]


def reconcile(
    printed: Sequence[PrintedFigure], ledger: Ledger, writer: Writer
) -> tuple[Reconciled, ...]:
    """Each printed figure beside the computed one, with a verdict found by computing.

    Give it the released ledger: what is suppressed there is 'not computable' here. It raises
    nothing over what the exports hold: a figure without a value has a verdict like any other. A
    revised number that the parameters acknowledge has their reason as a note.
    """
    counterparts, words = Counterparts(ledger), AuditWords(writer)
    by_source: dict[str, list[PrintedFigure]] = {}
    for item in printed:
        by_source.setdefault(item.source, []).append(item)
    reports = {
        source: PrintedReport(items, ledger, counterparts.find)
        for source, items in by_source.items()
    }
    reconciled = []
    for item in printed:
        figure = counterparts.find(item)
        if figure is None or figure.value is None:
            computed, (verdict, reason) = "", _judge_missing(figure, words)
        else:
            judgement = _judge(item, figure, reports[item.source], words)
            computed, (verdict, reason) = raw(figure.value), judgement
        name = figure.id if figure is not None and figure.id != item.id else ""
        parts = {"computed": computed, "verdict": verdict, "reason": reason, "figure": name}
        reconciled.append(Reconciled.model_validate({"printed": item, **parts}))
    return add_notes(reconciled, writer.edition, words)


def _judge_missing(figure: Figure | None, words: AuditWords) -> Judgement:
    if figure is None or figure.reason is None:
        return "not_computable", words.say("reason.unknown")
    clause = words.writer.reason(figure.reason).rstrip(".")
    compares = figure.of is not None and figure.kind in ("change", "rate_ratio", "flag")
    if compares and figure.reason.code == "break":
        return "not_comparable", words.say("reason.not_comparable", clause=clause)
    key = "reason.hidden" if is_protected(figure) else "reason.unavailable"
    return "not_computable", words.say(key, clause=clause)


def _judge(
    item: PrintedFigure, figure: Figure, report: PrintedReport, words: AuditWords
) -> Judgement:
    if item.unit != figure.unit:
        return "redefined", words.say("reason.unit")
    noun, agreement = find_population(figure).noun, judge_agreement(item, figure)
    of, counted = noun.replace("_", " "), words.noun(noun)
    if agreement and of != item.claimed:
        key = "reason.wrong_share" if item.unit == "percent" else "reason.wrong_count"
        return "wrong_population", words.say(key, of=counted, claimed=words.noun(item.claimed))
    claims_rise = figure.kind == "flag" and figure.exposure is not None and item.value == "1"
    if claims_rise and (refuted := _refute_rise(figure, words)):
        return refuted
    if agreement == "exact":
        return "agrees", words.say("reason.agrees")
    if agreement == "rounded":
        computed = _write_computed(figure, words)
        return "agrees_rounded", words.say("reason.agrees_rounded", computed=computed)
    if contradiction := find_contradiction(item, figure, report, words):
        return "contradicts", contradiction
    if of != item.population:
        population = words.noun(item.population)
        return "redefined", words.say("reason.redefined", population=population, of=counted)
    computed = _write_computed(figure, words)
    return "revised", words.say(REVISED[item.exports], computed=computed, printed=item.printed)


def _refute_rise(figure: Figure, words: AuditWords) -> Judgement | None:
    """Why the numbers don't carry a rise; None where they do.

    Their interval, as it is written, holds 1; a break lies between; or the rows are synthetic, and
    bear nothing out.
    """
    if figure.interval is None or not figure.interval.supports_rise:
        ratio = words.decimals(recompute_value(figure), "ratio")
        if figure.interval is None:
            return "not_supported", words.say("reason.not_supported_bare", ratio=ratio)
        reason = words.interval("reason.not_supported", figure, ratio=ratio)
        return "not_supported", reason
    if figure.breaks:
        breaks = "; ".join(words.writer.break_note(name).rstrip(".") for name in figure.breaks)
        return "not_comparable", words.say("reason.not_comparable", clause=breaks)
    if words.writer.edition.rows == "synthetic":
        return "not_supported", words.say("reason.claim_synthetic")
    return None


def judge_claims(claims: Sequence[PrintedClaim], writer: Writer) -> tuple[JudgedClaim, ...]:
    """Each claim of the parameters with its verdict: by a ratio, or by the totals printed since."""
    words, judged = AuditWords(writer), []
    for claim in claims:
        judge = _judge_ratio if claim.since is None else _judge_since
        verdict, reason = judge(claim, words)
        judged.append(
            JudgedClaim(
                **claim.model_dump(include={"id", "section", "source"}),
                printed=claim.text,
                figure=claim.figure or "",
                verdict=verdict,
                reason=reason,
            )
        )
    return tuple(judged)


def _judge_ratio(claim: PrintedClaim, words: AuditWords) -> Judgement:
    """A rise, checked against the interval of a ratio and the breaks between its sides."""
    figure = words.writer.ledger.figures.get(claim.figure or "")
    if figure is None or figure.reason is not None:
        return "not_computable", words.say("reason.unknown")
    definition = words.writer.definition(figure)
    agrees: Judgement = "agrees", words.say("reason.claim_agrees", definition=definition)
    verdict, reason = _refute_rise(figure, words) or agrees
    if verdict == "not_supported":
        reason = f"{reason} {words.say('reason.claim_held', definition=definition)}"
    return verdict, reason


def _judge_since(claim: PrintedClaim, words: AuditWords) -> Judgement:
    """A rise since a year of which only printed totals are known, with breaks after it."""
    trend, year = words.writer.ledger.trend, claim.since or 0
    points = [point for point in (trend.points if trend else ()) if point.year == year]
    end, language = words.writer.edition.period.end, words.writer.language
    breaks = [item for item in (trend.breaks if trend else ()) if item.date <= end]
    notes = [item.note.in_language(language) for item in breaks if item.date.year > year]
    if not points or not notes:
        return "not_computable", words.say("reason.unknown")
    totals = "; ".join(words.count(point.value) for point in points)
    clauses = "; ".join(note.rstrip(".") for note in notes)
    reason = words.say("reason.claim_since", year=str(year), totals=totals, clauses=clauses)
    return "not_comparable", reason


def _write_computed(figure: Figure, words: AuditWords) -> str:
    if figure.unit in ("count", "mean", "percent", "percent change", "ratio"):
        return words.number(recompute_value(figure), figure.unit)
    return words.writer.value(figure)


def add_notes(
    reconciled: Sequence[Reconciled], edition: Edition, words: AuditWords
) -> tuple[Reconciled, ...]:
    """Each revised number with the reason of its acknowledgement as a note."""
    among = sum(item.is_revised for item in reconciled)
    noted = []
    for item in reconciled:
        entry = find_reason(item, edition, among) if item.is_revised else None
        reason = item.reason
        if entry is not None:
            note = entry.reason.in_language(words.writer.language).strip().rstrip(".")
            reason = f"{reason} {words.say('reason.note', note=note)}"
        noted.append(item.model_copy(update={"reason": reason}))
    return tuple(noted)


def refuse_revisions(reconciled: Sequence[Reconciled], edition: Edition) -> None:
    """Stop where a released ledger said another number, unless the parameters say that it is known.

    What earlier reports printed was typed over by hand: it gets a verdict, and stops nothing. Both
    numbers are published aggregates: the message shows them.

    Raises:
        ExportError: with each number that was published, and the one that is counted now.
    """
    revisions = [item for item in reconciled if item.is_revised]
    unknown = [item for item in revisions if find_reason(item, edition, len(revisions)) is None]
    if not unknown:
        return
    problems = []
    for item in unknown:
        published, computed = item.printed.value, item.computed
        what = f"{item.about} was published as {published}, and {computed} is counted now"
        problems.append(Problem(item.file, 0, "", CODE, what, next_step=STEP))
    files = [item.file for item in revisions]
    lines = [
        write_acknowledgement(CODE, file=file, rows=files.count(file))
        for file in dict.fromkeys(item.file for item in unknown)
    ]
    raise ExportError(problems, asks=request_acknowledgements(edition, lines))


def make_reconciliation(
    reconciled: Sequence[Reconciled], edition: str = "", *, synthetic: bool = False
) -> DataFile:
    """A line a printed figure, in their order.

    `edition` is the year of those that don't say theirs. A last column says of `synthetic` rows
    that they were made to give these totals: what agrees is no news then.
    """
    lines = [
        {**item.printed.model_dump(), "edition": item.printed.edition or edition}
        | {**item.model_dump(), "printed": item.printed.printed}
        for item in reconciled
    ]
    mark = f"{SYNTHETIC}, made to give the printed totals" if synthetic else ""
    return _make_file("reconciliation.csv", COLUMNS, lines, mark)


def make_claims(claims: Sequence[JudgedClaim], *, synthetic: bool = False) -> DataFile:
    """A line a claim, in their order; so it says of `synthetic` rows."""
    lines = [claim.model_dump() for claim in claims]
    return _make_file("claims.csv", OF_CLAIMS, lines, SYNTHETIC if synthetic else "")


def _make_file(
    name: str, columns: Sequence[str], lines: Iterable[Mapping[str, object]], mark: str
) -> DataFile:
    """Lines as a file; a last column has the same `mark` in each, if there is one."""
    more = {ROWS: mark} if mark else {}
    rows = tuple(
        tuple(
            "" if cell is None else str(cell) for cell in (*map(line.get, columns), *more.values())
        )
        for line in lines
    )
    heads = tuple(DataColumn(column, AS_PRINTED) for column in (*columns, *more))
    return DataFile(name, "", heads, rows)
