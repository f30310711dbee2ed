"""A description that says something else than the data of its edition is refused.

Errors of a tired developer are planted in what writes an edition, one at a time.
"""

import datetime as dt
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from helpline_report.audit.expectations import Misreading
from helpline_report.audit.meaning_differences import find_differences
from helpline_report.charts.alternatives import write_alternative
from helpline_report.charts.drawing_steps import Drawing, Drawings
from helpline_report.charts.frames import make_chart_frame
from helpline_report.description import Description, Node
from helpline_report.figures.ledger import LeftOut
from helpline_report.figures.model import Chart, Figure, Interval, Reason
from helpline_report.parameters.values import LANGUAGES
from helpline_report.prose import forms, numbers
from helpline_report.prose.vocabulary import Vocabulary
from helpline_report.report import (
    chapters,
    edition_words,
    figure_parts,
    page_parts,
    part_nodes,
    parts,
    quality_parts,
)
from helpline_report.report.book_nodes import describe_book
from helpline_report.report.book_parts import make_book_view
from helpline_report.report.chapters import ChapterReader
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.page_nodes import describe_card, describe_page, list_cards
from helpline_report.report.page_parts import make_card, make_page_view
from helpline_report.report.publication import Publication
from tests.prose.two_years import spec
from tests.released import released
from tests.report.full_publication import with_hidden_counts, with_own_texts
from tests.report.small_publication import cell as make_cell_of
from tests.report.small_publication import (
    change_edition,
    change_ledger,
    make_publication,
    notebooks,
    printed,
)

Patch = pytest.MonkeyPatch


@pytest.fixture(autouse=True)
def drawn_without_lines(monkeypatch: Patch) -> None:
    """Nothing is drawn here: what a drawing shows is compared elsewhere."""

    def draw(drawings: Drawings, chart: Chart, most: int | None = None) -> tuple[Drawing, ...]:
        frame = make_chart_frame(chart, drawings.words)
        text = write_alternative(chart, frame, drawings.words)
        drawn = Drawing("<svg/>", text, 1, 1, frame.attrs.get("left_out", 0))
        return (drawn,) * (most or len(drawings.themes))

    monkeypatch.setattr(Drawings, "of_chart", draw)


def make_edition(language: str = "nl") -> Publication:
    """Everything that a page can show: hidden counts, own texts, and a lead of each chapter."""
    publication = with_own_texts(with_hidden_counts(make_publication()))
    own = notebooks()
    for name, source in LEADS.items():
        own[name].cells.insert(1, make_cell_of("text", f"{name}-lead", source, "finding"))
    reconciled = (*publication.reconciled, printed("ratio.a", "revised"))
    return replace(
        publication,
        notebooks=released(own, publication.ledger),
        reconciled=reconciled,
        language=language,
    )


LEADS = {
    "summary": "In {{ year }}: {{ contacts.total | noun }}.",
    "contacts": "Via de telefoon: {{ contacts.share.phone | about }}.",
}


def describe(publication: Publication) -> Description:
    """What the page and the book of an edition say."""
    reader = ChapterReader(EditionWords(publication))
    ledger = publication.ledger
    open_data = [f"{name}.csv" for name in (*ledger.charts, *ledger.tables)]
    nodes = list(describe_page(make_page_view(reader, open_data)))
    for name in list_cards(nodes):
        nodes += describe_card(make_card(name, reader.words))
    book = tuple(describe_book(make_book_view(reader)))
    files = {"index.html": tuple(nodes), "report.pdf": book}
    return Description(publication.language, files)


def differences(publication: Publication) -> list[Misreading]:
    return list(find_differences(describe(publication), publication))


# Sound editions


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sound_edition(language: str) -> None:
    """Nothing is found in an edition that says what it has to, whatever its labels are."""
    assert differences(make_edition(language)) == []


def drafted(publication: Publication) -> Publication:
    """A draft that leaves rows out."""
    left_out = (LeftOut(edition="2017", file="x.csv", code="B59", rows=1_500),)
    return change_ledger(publication, draft=True, left_out=left_out)


def without_a_year_before(publication: Publication) -> Publication:
    return replace(publication, comparison=None)


def beside_its_files(publication: Publication) -> Publication:
    """A page that leads to the files beside it."""
    return replace(publication, beside=True)


def in_two_languages(publication: Publication) -> Publication:
    """An edition in two languages, at an address."""
    publisher = publication.edition.publisher.model_copy(
        update={"url": "https://www.example.org/x"}
    )
    return change_edition(publication, publisher=publisher, languages=["nl", "en"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "change", [drafted, without_a_year_before, beside_its_files, in_two_languages]
)
def test_other_sound_editions(change: Callable[[Publication], Publication], language: str) -> None:
    """A draft, a first year, a page beside its files, and one in several languages."""
    assert differences(change(make_edition(language))) == []


def draw_figure(figure: Figure, draw: random.Random) -> Figure:
    """The figure with another number: hidden, missing, zero, equal to others, or below zero."""
    if isinstance(figure.value, str) or draw.random() < 0.4:
        return figure
    gone = draw.choice(
        [Reason(code="protected"), Reason(code="not_registered", about="channel"), None, None]
    )
    if gone is not None:
        status = "suppressed" if gone.code == "protected" else "unavailable"
        return figure.model_copy(update={"value": None, "status": status, "reason": gone})
    value = draw.choice([0, 1, 7, 7, 12_345, 99.97, 0.04])
    update: dict[str, Any] = {"value": value, "status": "ok", "reason": None}
    if figure.unit in ("percent change", "ratio"):
        update["value"] = draw.choice([-99.97, -4.5, 0, 0.04, 1, 2.5])
        low = draw.choice([-3.0, 0.0, 0.5, 1.0])
        interval = Interval(low=low, high=low + 1, method="log_normal", null_value=1)
        update["interval"] = draw.choice([None, interval])
        update["numerator"], update["denominator"] = draw.choice([(0, 7), (7, 7), (12, 1), (8, 7)])
    if figure.unit == "count":
        update["value"] = int(value)
    return figure.model_copy(update=update)


def draw_edition(seed: int) -> Publication:
    """An edition with other numbers, charts cut shorter, breaks, conditions and periods."""
    draw = random.Random(seed)
    publication = make_edition(draw.choice(LANGUAGES))
    ledger = publication.ledger
    figures = {name: draw_figure(figure, draw) for name, figure in ledger.figures.items()}
    for name in draw.sample(sorted(figures), 8):
        breaks = draw.choice([("renewed",), ()])
        figures[name] = figures[name].model_copy(update={"breaks": breaks})
    charts = {
        name: chart.model_copy(update={"most": draw.choice([None, 2, 3])})
        if chart.kind == "bars"
        else chart
        for name, chart in ledger.charts.items()
    }
    population = draw.choice([spec("persons"), spec(channel="plain"), spec("followups", 2016)])
    breakdowns = {
        name: item.model_copy(update={"population": population, "overlapping": draw.random() < 0.5})
        if draw.random() < 0.3
        else item
        for name, item in ledger.breakdowns.items()
    }
    parts_of_ledger: dict[str, Any] = {
        "figures": figures,
        "charts": charts,
        "breakdowns": breakdowns,
    }
    rows = draw.choice(["synthetic", "public"])
    return change_edition(change_ledger(publication, **parts_of_ledger), rows=rows)


@pytest.mark.parametrize("seed", range(12))
def test_editions_drawn_at_random(seed: int) -> None:
    """Hidden, missing, equal, zero and negative numbers, other populations, both languages."""
    assert differences(draw_edition(seed)) == []


# Errors of who writes


def exchange(first: str, second: str) -> Callable[[Any], Any]:
    """Wrap a function of a key: it is asked for one key in the place of another."""

    def wrap(write: Any) -> Any:
        def other(self: Any, key: str, *rest: Any, **more: Any) -> Any:
            return write(self, {first: second, second: first}.get(key, key), *rest, **more)

        return other

    return wrap


def patch_say(monkeypatch: Patch, first: str, second: str) -> None:
    """Take one phrase for another."""
    monkeypatch.setattr(EditionWords, "say", exchange(first, second)(EditionWords.say))


def exchange_sources(monkeypatch: Patch) -> None:
    patch_say(monkeypatch, "part.source_traffic", "part.source_registered")


def exchange_heads(monkeypatch: Patch) -> None:
    name = figure_parts.name_columns
    monkeypatch.setattr(figure_parts, "name_columns", lambda *each: name(*each)[::-1])


def exchange_before_and_after(monkeypatch: Patch) -> None:
    patch_say(monkeypatch, "campaign.before", "campaign.after")


def label_hours_one_too_late(monkeypatch: Patch) -> None:
    label = Vocabulary._write_derived_label

    def later(words: Vocabulary, field: str, code: str) -> str:
        return label(words, field, str(int(code) + 1) if field == "hour" else code)

    monkeypatch.setattr(Vocabulary, "_write_derived_label", later)


def call_revised_right(monkeypatch: Patch) -> None:
    patch_say(monkeypatch, "verdict.revised", "verdict.agrees")


def take_the_part_for_the_whole(monkeypatch: Patch) -> None:
    what = Vocabulary.what

    def of_itself(words: Vocabulary, figure: Figure) -> str:
        return what(words, figure.model_copy(update={"population": figure.of or figure.population}))

    monkeypatch.setattr(Vocabulary, "what", of_itself)


def repeat_the_first_lead(monkeypatch: Patch) -> None:
    find = ChapterReader._find_headline

    def find_first(reader: ChapterReader, _: Any, tag: str) -> Any:
        return find(reader, reader.publication.notebooks, tag)

    monkeypatch.setattr(ChapterReader, "_find_headline", find_first)


def call_another_number(monkeypatch: Patch) -> None:
    make = page_parts._make_help_line

    def dial(*each: Any, **more: Any) -> Any:
        line = make(*each, **more)
        return line._replace(who=line.who._replace(text="Direct gevaar: 106"))

    monkeypatch.setattr(page_parts, "_make_help_line", dial)


def dial_another_number(monkeypatch: Patch) -> None:
    make = page_parts._make_help_line

    def dial(*each: Any, **more: Any) -> Any:
        line = make(*each, **more)
        href = "tel:106" if line.who.href else ""
        return line._replace(who=line.who._replace(href=href))

    monkeypatch.setattr(page_parts, "_make_help_line", dial)


def count_other_nouns(monkeypatch: Patch) -> None:
    noun = forms.PARTS["noun"]
    monkeypatch.setitem(
        forms.PARTS,
        "noun",
        lambda words, figure: noun(words, figure).replace("contact", "person"),
    )


def name_the_year_before(monkeypatch: Patch) -> None:
    subtitle = Vocabulary.subtitle

    def earlier(words: Vocabulary, item: Any) -> str:
        return subtitle(words, item).replace("2017", "2016")

    monkeypatch.setattr(Vocabulary, "subtitle", earlier)


def order_months_by_name(monkeypatch: Patch) -> None:
    make = figure_parts._make_breakdown_view

    def make_sorted(*each: Any) -> Any:
        view = make(*each)
        return view and replace(view, rows=tuple(sorted(view.rows, key=lambda row: row[0].text)))

    monkeypatch.setattr(figure_parts, "_make_breakdown_view", make_sorted)


def lead_to_last_year(monkeypatch: Patch) -> None:
    describe_cell = part_nodes.describe_cell

    def lead(*each: Any, **more: Any) -> Node:
        node: Node = describe_cell(*each, **more)
        has_year_before = node.about.startswith("by_month.") and "previous" not in node.about
        target = node.target.replace("by_month.", "by_month.previous.")
        return node._replace(target=target) if has_year_before else node

    monkeypatch.setattr(part_nodes, "describe_cell", lead)


def lead_from_texts_to_last_year(monkeypatch: Patch) -> None:
    describe_value = part_nodes._describe_value

    def lead(*each: Any, **more: Any) -> Iterator[Node]:
        for node in describe_value(*each, **more):
            target = node.target.replace("contacts.total", "contacts.total.previous")
            yield node._replace(target=target)

    monkeypatch.setattr(part_nodes, "_describe_value", lead)


def lead_to_files_of_another_chart(monkeypatch: Patch) -> None:
    list_files = page_parts._list_files

    def lead(*each: Any) -> Iterator[Any]:
        for file in list_files(*each):
            yield file._replace(href=file.href.replace("by_month", "by_channel"))

    monkeypatch.setattr(page_parts, "_list_files", lead)


def name_the_second_highest(monkeypatch: Patch) -> None:
    find = figure_parts._find_largest

    def second(categories: Any) -> Any:
        ranked = sorted(categories, key=lambda each: each[0])
        return find(ranked[:-1])

    monkeypatch.setattr(figure_parts, "_find_largest", second)


def lose_notes_of_breaks(monkeypatch: Patch) -> None:
    monkeypatch.setattr(figure_parts, "collect_break_notes", lambda *_: ())


def lose_notes_of_hidden_counts(monkeypatch: Patch) -> None:
    monkeypatch.setattr(figure_parts, "is_protected", lambda *_: False)


def say_almost_for_over(monkeypatch: Patch) -> None:
    say = numbers.Idiom.say
    monkeypatch.setattr(
        numbers.Idiom, "say", exchange("shares.about.over", "shares.about.under")(say)
    )


def exchange_numerator_and_denominator(monkeypatch: Patch) -> None:
    make = page_parts.make_card

    def exchanged(name: str, words: EditionWords) -> Any:
        card = make(name, words)
        made_of = " ".join(card.made_of.replace("Noemer", "Teller").split()[::-1])
        return replace(card, made_of=made_of) if "denominator" in card.parts else card

    monkeypatch.setattr("tests.audit.test_meaning_differences.make_card", exchanged)


def trace_in_another_chapter(monkeypatch: Patch) -> None:
    make = page_parts.make_card

    def elsewhere(name: str, words: EditionWords) -> Any:
        card = make(name, words)
        how = card.how._replace(href=card.how.href.replace("contacts.html", "summary.html"))
        return replace(card, how=how)

    monkeypatch.setattr("tests.audit.test_meaning_differences.make_card", elsewhere)


def rotate_the_contents(monkeypatch: Patch) -> None:
    list_contents = page_parts._list_contents

    def rotate(*each: Any) -> Iterator[Any]:
        lines = list(list_contents(*each))
        titles = [line.text for line in (*lines[1:], lines[0])]
        return (line._replace(text=text) for line, text in zip(lines, titles, strict=True))

    monkeypatch.setattr(page_parts, "_list_contents", rotate)


def lose_a_paragraph(monkeypatch: Patch) -> None:
    text_of = chapters.text_of

    def shorten(*each: Any) -> Any:
        text, place = text_of(*each)
        blocks = text.split("\n\n")
        kept = [block for block in blocks if "waren er ook anderen" not in block]
        return "\n\n".join(kept), place

    monkeypatch.setattr(chapters, "text_of", shorten)


def give_another_period_of_a_campaign(monkeypatch: Patch) -> None:
    days = EditionWords.days
    later = dt.timedelta(days=1)
    monkeypatch.setattr(
        EditionWords, "days", lambda words, start, end: days(words, start, end + later)
    )


def give_the_reason_of_another_report(monkeypatch: Patch) -> None:
    find = quality_parts._find_computed

    def other(item: Any, words: Any) -> Any:
        return find(item.model_copy(update={"figure": "contacts.share.phone"}), words)

    monkeypatch.setattr(quality_parts, "_find_computed", other)


def call_a_draft_final(monkeypatch: Patch) -> None:
    monkeypatch.setattr(edition_words, "_write_mark", lambda _: "")


def show_the_year_before_as_this(monkeypatch: Patch) -> None:
    make = parts.Parts._make_highlight

    def exchanged(of: Any, figure: Figure) -> Any:
        entry = make(of, figure)
        before = entry.before
        return entry._replace(before=before and replace(before, text=entry.value.text))

    monkeypatch.setattr(parts.Parts, "_make_highlight", exchanged)


PLANTED: dict[Callable[[Patch], None], str] = {
    exchange_sources: "source",
    exchange_heads: "head",
    exchange_before_and_after: "head",
    label_hours_one_too_late: "head",
    call_revised_right: "cell",
    take_the_part_for_the_whole: "definition",
    repeat_the_first_lead: "finding",
    call_another_number: "help-for",
    dial_another_number: "help-for",
    count_other_nouns: "finding",
    name_the_year_before: "subtitle",
    order_months_by_name: "row",
    lead_to_last_year: "cell",
    lead_from_texts_to_last_year: "value",
    lead_to_files_of_another_chart: "file",
    name_the_second_highest: "headline",
    lose_notes_of_breaks: "renewed",
    lose_notes_of_hidden_counts: "hidden",
    say_almost_for_over: "finding",
    exchange_numerator_and_denominator: "numbers",
    trace_in_another_chapter: "how",
    rotate_the_contents: "entry",
    lose_a_paragraph: "text",
    give_another_period_of_a_campaign: "period",
    give_the_reason_of_another_report: "row",
    call_a_draft_final: "document-title",
    show_the_year_before_as_this: "before",
}


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_planted_errors(plant: Callable[[Patch], None], monkeypatch: Patch) -> None:
    """Each is found, at the kind of node that it is in, or by what it is about."""
    publication = replace(make_edition(), beside=True)
    plant(monkeypatch)
    misread = differences(publication)
    places = {word for each in misread for word in (*each.place.split(", "), each.figure)}
    assert any(PLANTED[plant] in place for place in places), list(map(str, misread[:5]))


def test_a_kind_that_nobody_knows() -> None:
    """A node without a rule is a difference: nothing of a page goes unread."""
    publication = make_edition()
    nodes = (Node("page", "banner", "Nieuw!"),)
    description = Description("nl", {"index.html": nodes})
    (misread,) = find_differences(description, publication)
    assert (misread.place, misread.text) == ("page, banner", "Nieuw!")
