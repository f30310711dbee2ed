"""Hold what an edition in one language has to say, by the places of its parts."""

from functools import cached_property

from helpline_report.audit.alternative_meanings import (
    derive_alternative,
    derive_trend_alternative,
)
from helpline_report.audit.code_labels import begin
from helpline_report.audit.edition_data import EditionData
from helpline_report.audit.exhibits import Exhibits, Said, TableMeaning
from helpline_report.audit.headlines import derive_headline
from helpline_report.audit.part_meanings import (
    OF_TRENDS,
    OTHER_YEARS,
    CampaignMeaning,
    HighlightMeaning,
    TermMeaning,
    TrendMeaning,
    derive_campaign,
    derive_highlights,
    derive_missing,
    derive_trend,
    list_breaks,
)
from helpline_report.audit.quality_meanings import (
    derive_files,
    derive_reasons,
    derive_reconciliation,
    list_quality_terms,
)
from helpline_report.audit.text_meanings import TextMeanings
from helpline_report.audit.value_spellings import ValueSpellings
from helpline_report.figures.model import Chart, Figure, make_previous_name

# The page of the audit on what no chapter counts.
INDEX = "index"


class Meanings:
    """All that the files of an edition may say.

    `words` name codes and spell values, `exhibits` derive charts and tables, `texts` the chapters.
    """

    def __init__(self, data: EditionData) -> None:
        self.data, self.ledger = data, data.ledger
        helpline = data.edition.helpline
        self.words = ValueSpellings(
            data.ledger, data.edition, data.comparison, data.codelists, data.language
        )
        self.exhibits = Exhibits(self.words, helpline.name, helpline.website)
        self.texts = TextMeanings(data, self.words)
        self._tables: dict[str, TableMeaning | None] = {}
        self.origins = data.ledger.origins()

    @property
    def folder(self) -> str:
        """The folder of a translation, with a slash; nothing of the first language."""
        return "" if self.data.language == self.data.edition.language else f"{self.data.language}/"

    @property
    def address(self) -> str | None:
        """Where the edition in this language is published; None where nobody says it."""
        root = self.data.edition.publisher.root
        return None if root is None else f"{root}{self.folder}"

    @property
    def root(self) -> str | None:
        """What links to its files begin with; None where nobody knows where they are."""
        return "" if self.data.beside else self.address

    # Tables and charts

    def find_chart(self, place: str) -> Chart | None:
        """The chart of the ledger at a place."""
        return self.ledger.charts.get(place)

    def find_table(self, place: str) -> TableMeaning | None:
        """What the table at a place says, or the one behind its chart; None where there is none."""
        if place not in self._tables:
            exhibit = self.ledger.charts.get(place) or self.ledger.tables.get(place)
            table = self.exhibits.derive_table(exhibit) if exhibit else None
            self._tables[place] = table or self._other_tables.get(place)
        return self._tables[place]

    @cached_property
    def _other_tables(self) -> dict[str, TableMeaning]:
        """The tables that are of no series and of no figures by themselves."""
        tables = {name: each.table for name, each in self.campaigns.items()}
        for name, missing in self.ledger.missing.items():
            tables[name] = derive_missing(missing, self.exhibits)
        for quality in self.ledger.quality.values():
            tables |= derive_files(quality, self.exhibits) | derive_reasons(quality, self.exhibits)
        tables |= derive_reconciliation(self.data, self.exhibits)
        return tables | {f"{name}.table": trend.table for name, trend in self.trends.items()}

    @cached_property
    def trends(self) -> dict[str, TrendMeaning]:
        """The printed totals of each noun, by the places of their charts."""
        each = {f"trend.{noun}": derive_trend(noun, self.exhibits) for noun in OF_TRENDS}
        return {name: trend for name, trend in each.items() if trend is not None}

    @cached_property
    def campaigns(self) -> dict[str, CampaignMeaning]:
        """What is said of each campaign, by the place of its table.

        That of a second chapter is called after its figures.
        """
        known = {campaign.id: campaign for campaign in self.data.edition.campaigns}
        said: dict[str, CampaignMeaning] = {}
        for each in (each for group in self.ledger.campaigns.values() for each in group.effects):
            place = f"campaign.{each.campaign}"
            if place in said:
                place = each.contacts.removesuffix(".contacts")
            said[place] = derive_campaign(known[each.campaign], each, self.exhibits)
        return said

    def list_notes(self, place: str) -> list[Said]:
        """The notes that belong to a chart or a table."""
        if place in self.trends:
            return [*self.trends[place].notes]
        table, chart = self.find_table(place), self.find_chart(place)
        if table is None:
            return []
        return self.exhibits.list_chart_notes(chart, table) if chart else [*table.notes]

    def find_source(self, place: str) -> str:
        """The line that says where what a chart or a table shows comes from; '' for none."""
        if place in self.trends or place.removesuffix(".table") in self.trends:
            return ""
        table, chart = self.find_table(place), self.find_chart(place)
        source = table.source if table else ""
        if chart is not None and table is not None:
            series = self.ledger.breakdowns.get(chart.breakdown or "")
            subject = series or self.ledger.figures[chart.figures[0]]
            source = self.exhibits.find_source(subject.population)
        if self.data.edition.rows != "synthetic" or table is None:
            return source
        rows = self.words.say("part.source", source=self.words.say("part.source_rows"))
        return self.words.say("part.synthetic", source=source or rows)

    def caption(self, place: str) -> str:
        """What a chart or a table is called that no headline and no text calls otherwise."""
        if place in self.trends:
            return self.trends[place].caption
        table, chart = self.find_table(place), self.find_chart(place)
        if table is None:
            return ""
        return self.exhibits.caption_chart(chart, table) if chart else table.caption

    def subtitle(self, place: str) -> str:
        """The unit, the population and the period of a chart or a table."""
        if place in self.trends:
            return self.trends[place].subtitle
        table = self.find_table(place)
        return table.subtitle if table else ""

    def headline(self, place: str) -> Said:
        """The figure that stands out of a chart, and the words for it; both may be empty."""
        chart = self.find_chart(place)
        return derive_headline(self.exhibits, chart) if chart else Said("", "")

    def write_alternative(self, place: str) -> str:
        """What the drawing of a chart says to who doesn't see it; '' where nothing is drawn."""
        if place in self.trends:
            return derive_trend_alternative(self.exhibits, self.trends[place])
        chart = self.find_chart(place)
        return derive_alternative(self.exhibits, chart) if chart else ""

    def list_targets(self, place: str) -> dict[str, str]:
        """Where the files of a chart or a table lie, and what leads there, without its caption."""
        say, targets = self.words.say, dict[str, str]()
        if place in self.trends:
            targets[f"{OTHER_YEARS}#{self.trends[place].points[0].id}"] = say("trend.audit")
        targets[f"data/{place}.csv"] = say("part.csv")
        if self.find_chart(place) is not None:
            targets[f"data/charts/{place}.png"] = say("chart.png")
        return targets

    # Other parts

    def list_highlights(self, place: str) -> list[HighlightMeaning]:
        """The headline figures at a place."""
        highlights = self.ledger.highlights.get(place)
        return derive_highlights(highlights, self.exhibits) if highlights else []

    def list_terms(self, place: str) -> tuple[str, list[TermMeaning]]:
        """What a list of terms is called, and its terms."""
        quality = self.ledger.quality.get(place.removesuffix(".known"))
        if quality is not None and place.endswith(".known"):
            terms = list(list_quality_terms(quality, self.data, self.exhibits))
            return self.words.say("quality.terms"), terms
        shows_breaks = any(
            reference.kind == "breaks" and reference.id == place
            for reference in self.ledger.references
        )
        if shows_breaks:
            return self.words.say("breaks.caption"), list_breaks(self.exhibits)
        return "", []

    # Cards

    def define(self, figure: Figure) -> str:
        """The definition on a card."""
        return f"{begin(self.words.definition(figure))}."

    def say_numbers(self, figure: Figure) -> Said:
        """What a figure is made of, and which of its numbers that says."""
        say, count = self.words.say, self.words.count_exactly
        if figure.kind == "own":
            chapter = self.origins.get(figure.id, ("", ""))[0]
            return Said("", say("figure.own", chapter=chapter))
        above, below = figure.numerator, figure.denominator
        if figure.value is None or (above is None and below is None):
            return Said("", say("figure.no_numbers"))
        numbers = {"numerator": above, "denominator": below}
        written = {part: count(number) for part, number in numbers.items() if number is not None}
        key = "figure.counted" if below is None else "figure.both"
        return Said(" ".join(written), say(key, **written))

    def say_margin(self, figure: Figure) -> str:
        """The interval of a comparison, with how much it was widened."""
        interval = figure.interval
        if interval is None or interval.dispersion is None:
            return ""
        phi = self.words.decimals(interval.dispersion, "ratio", 2)
        return self.words.write_interval(figure, "figure.dispersion", phi=phi)

    def say_year_before(self, figure: Figure) -> Said:
        """The figure of the year before, and its value; or why that isn't beside it."""
        say = self.words.say
        if self.data.comparison is None:
            return Said("", "")
        before = self.ledger.figures.get(make_previous_name(figure.id))
        if figure.population.edition != self.ledger.edition:
            return Said("", say("figure.is_before"))
        if before is None:
            return Said("", say("figure.no_before"))
        if abs(figure.population.period.days - before.population.period.days) > 1:
            return Said("", say("figure.other_period"))
        return Said(before.id, say("figure.before", value=self.words.write_in_table(before)))

    def find_trace(self, figure: str) -> str:
        """Where the audit says how a figure came about."""
        chapter = self.origins.get(figure, (INDEX, ""))[0]
        return f"audit/{chapter}.html#{figure}"
