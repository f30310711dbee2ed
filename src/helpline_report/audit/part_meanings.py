"""Derive what campaigns, headline figures, missing values, breaks and other years say."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from helpline_report.audit.code_labels import begin, end
from helpline_report.audit.exhibits import CellMeaning, Exhibits, RowMeaning, Said, TableMeaning
from helpline_report.figures.ledger import CampaignEffects, Highlights, Missing
from helpline_report.figures.model import Figure
from helpline_report.parameters.earlier_reports import OtherYears, PrintedYear
from helpline_report.parameters.edition import Campaign
from helpline_report.parameters.values import Period, Translated, split_marks

# Where the audit tells of totals of other years.
OTHER_YEARS = "audit/other-years.html"
# Breaks of other years have these letters, in their order.
LETTERS = "abcdefghijklmnopqrstuvwxyz"
# The columns of the table of a campaign, and of which field of its effects the cells of a row are.
OF_CAMPAIGNS = ("in", "before", "after", "relative")
OF_ALL = ("contacts", "before", "after", "relative")
OF_TARGET = ("target", "target_before", "target_after", "target_relative")
# The nouns whose totals of other years are drawn, in their order.
OF_TRENDS = ("contacts", "persons")


class TermMeaning(NamedTuple):
    """A term of a list with what it says, and what it is about."""

    about: str
    term: str
    text: str


class HighlightMeaning(NamedTuple):
    """A headline figure: its value, its name, and the year before where there is one."""

    figure: str
    value: str
    name: str
    before: Said


def write_sources(text: Translated, exhibits: Exhibits) -> str:
    """A text of the parameters with each source behind the words that stand on it."""
    pieces = []
    for words, source in split_marks(text.with_marks(exhibits.words.language)):
        pieces.append(words)
        if source:
            line = exhibits.words.write("notes.source", source=source)
            pieces.append(f" ({line[:1].lower()}{line[1:]})")
    return "".join(pieces)


# Campaigns


class CampaignMeaning(NamedTuple):
    """What is said of a campaign, with its table."""

    id: str
    name: str
    period: str
    goal: str
    means: str
    table: TableMeaning


def derive_campaign(
    campaign: Campaign, effects: CampaignEffects, exhibits: Exhibits
) -> CampaignMeaning:
    """A campaign by its parameters, with the figures of its window and of what lies around it."""
    words, known = exhibits.words, exhibits.ledger.figures
    name = campaign.name.in_language(words.language)
    rows, counted = [], list[Figure]()
    each_row = [("all", OF_ALL, words.say("campaign.all"))]
    if effects.target is not None and campaign.target is not None:
        target = campaign.target.name.in_language(words.language)
        each_row.append(("target", OF_TARGET, words.say("campaign.target", name=target)))
    for code, fields, label in each_row:
        cells = []
        for field in fields:
            figure = known.get(getattr(effects, field) or "")
            counted += [figure] if figure else []
            is_there = figure is not None
            cells.append(
                exhibits.say_cell(figure, with_interval=True) if is_there else CellMeaning("–")
            )
        rows.append(RowMeaning(f"campaign={code}", begin(label), tuple(cells)))
    has_interval = any(figure.interval for figure in counted)
    heads = [Said(key, begin(words.say(f"campaign.{key}"))) for key in ("whom", *OF_CAMPAIGNS)]
    table = TableMeaning(
        words.say("campaign.caption", name=name),
        words.say("campaign.subtitle" if has_interval else "campaign.ratios"),
        tuple(heads),
        tuple(rows),
        (Said("no_cause", words.say("campaign.no_cause")), *exhibits.list_break_notes(counted)),
        exhibits.find_source(known[effects.contacts].population),
    )
    return CampaignMeaning(
        campaign.id,
        begin(name),
        words.period(Period(start=campaign.start, end=campaign.end)),
        write_sources(campaign.goal, exhibits),
        write_sources(campaign.means, exhibits),
        table,
    )


# Headline figures


def derive_highlights(highlights: Highlights, exhibits: Exhibits) -> list[HighlightMeaning]:
    """The headline figures that have a value, and of which no artefact speaks."""
    words, known = exhibits.words, exhibits.ledger.figures
    derived = []
    for name in highlights.figures:
        figure = known.get(name)
        if figure is None or figure.value is None or exhibits.ledger.is_artefact(figure):
            continue
        earlier, before = known.get(f"{name}.previous"), Said("", "")
        if earlier is not None and earlier.value is not None:
            when = words.within(earlier.population.period)
            text = words.say("page.before", value=words.spell(earlier), when=when)
            before = Said(earlier.id, text)
        called = words.definition(figure)
        short = words.population(figure.population, period=False)
        if figure.kind == "share" and figure.code is None and short in called:
            # Beside a percent it says enough.
            called = short
        derived.append(HighlightMeaning(name, words.spell(figure), begin(called), before))
    return derived


# Missing values, and breaks


def derive_missing(missing: Missing, exhibits: Exhibits) -> TableMeaning:
    """How many values of each field are missing, of how many."""
    words, rows = exhibits.words, []
    for field, name in missing.figures:
        figure = exhibits.ledger.figures[name]
        cells = []
        for part, number in (("numerator", figure.numerator), ("denominator", figure.denominator)):
            text = "" if number is None else words.count_exactly(number)
            cells.append(CellMeaning(text, name, part))
        row = RowMeaning(
            f"field={field}", begin(words.field(field)), (*cells, exhibits.say_cell(figure))
        )
        rows.append(row)
    heads = [
        Said(key, begin(words.say(f"missing.{key}"))) for key in ("field", "count", "of", "share")
    ]
    caption, subtitle = words.say("missing.caption"), words.say("missing.subtitle")
    return TableMeaning(caption, subtitle, tuple(heads), tuple(rows))


def list_breaks(exhibits: Exhibits) -> list[TermMeaning]:
    """The breaks of the edition by their day."""
    words = exhibits.words
    terms = []
    for item in sorted(words.edition.breaks, key=lambda item: (item.date, item.id)):
        since = begin(words.say("breaks.since", day=words.date(item.date)))
        text = end(item.note.in_language(words.language))
        terms.append(TermMeaning(f"break={item.id}", since, text))
    return terms


# Other years


class TrendMeaning(NamedTuple):
    """What is said of the printed totals of a noun."""

    points: tuple[PrintedYear, ...]
    caption: str
    subtitle: str
    table: TableMeaning
    notes: tuple[Said, ...]


def derive_trend(noun: str, exhibits: Exhibits) -> TrendMeaning | None:
    """The printed totals of a noun; None where there are none."""
    words, every = exhibits.words, exhibits.ledger.trend or OtherYears()
    points = [point for point in every.points if point.noun == noun]
    points.sort(key=lambda point: point.year)
    if not points:
        return None
    rows = []
    for point in points:
        code = f"trend={point.id}"
        printed = CellMeaning(words.number(point.value), target=f"{OTHER_YEARS}#{point.id}")
        cells = (printed, CellMeaning(_write_standing(point, exhibits)), CellMeaning(point.source))
        rows.append(RowMeaning(code, str(point.year), cells))
    keys = {
        "year": "column.year",
        "printed": "reconciliation.printed",
        "standing": "trend.standing",
        "source": "trend.source",
    }
    heads = tuple(Said(about, begin(words.say(key))) for about, key in keys.items())
    caption = begin(words.say("trend.caption", noun=words.noun(noun)))
    subtitle = words.say("trend.subtitle")
    table = TableMeaning(caption, subtitle, heads, tuple(rows))
    notes = tuple(_list_trend_notes(points, exhibits))
    return TrendMeaning(tuple(points), caption, subtitle, table, notes)


def list_trend_breaks(points: Sequence[PrintedYear], exhibits: Exhibits) -> list[tuple[str, str]]:
    """The letter and the words of each break that lies among the years of totals."""
    every = exhibits.ledger.trend or OtherYears()
    years = range(points[0].year, points[-1].year + 1)
    breaks = sorted(
        (each for each in every.breaks if each.date.year in years), key=lambda e: e.date
    )
    notes = [each.note.in_language(exhibits.words.language).rstrip(".") for each in breaks]
    return list(zip(LETTERS, notes, strict=False))


def _write_standing(point: PrintedYear, exhibits: Exhibits) -> str:
    words = exhibits.words
    if point.standing == "final":
        return words.say("trend.final")
    if point.why is None or not point.why.in_language(words.language):
        return words.say("trend.provisional")
    return words.say("trend.provisional_why", why=point.why.in_language(words.language))


def _list_trend_notes(points: Sequence[PrintedYear], exhibits: Exhibits) -> Iterator[Said]:
    words = exhibits.words
    yield Said("marks", words.say("trend.marks"))
    for letter, note in list_trend_breaks(points, exhibits):
        yield Said(f"trend_break={letter}", words.say("trend.break", letter=letter, note=note))
    final = [point for point in points if point.standing == "final"]
    for year, prints in groupby(final, key=lambda point: point.year):
        both = list(prints)
        if len({point.value for point in both}) > 1:
            listed = words.list([f"{words.number(p.value)} ({p.source})" for p in both])
            text = words.say("trend.contradiction", year=str(year), prints=listed)
            yield Said(f"contradiction={year}", text)
