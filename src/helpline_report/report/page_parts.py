"""Make all that a page says around its chapters: head, bar, help, cover, contents, and cards."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256

from helpline_report.figures.model import Figure, make_previous_name
from helpline_report.parameters.help_numbers import HelpNumber
from helpline_report.prose.numbers import capitalised as capital
from helpline_report.report import house
from helpline_report.report.chapters import ChapterReader, list_chapters
from helpline_report.report.edition_words import EditionWords, Front
from helpline_report.report.legal import make_colophon, make_statement
from helpline_report.report.views import (
    CARD,
    CampaignView,
    CardView,
    ChapterView,
    ChartView,
    CoverView,
    FileLink,
    HelpLine,
    HelpView,
    Labels,
    LegalView,
    Line,
    Meta,
    OtherLanguage,
    PageView,
    Related,
    TableView,
    View,
    WayOut,
)

# What of a visit somebody can erase.
ERASED = ("calls", "history", "private")
PAGE, COVER = "index.html", "data/cover.png"


def make_page_view(reader: ChapterReader, files: Container[str]) -> PageView:
    """The page of a publication without its cards; `files` are the names of its CSV files."""
    words, publication = reader.words, reader.publication
    front, say, title = Front(words), words.say, publication.title
    chapters = tuple(
        _label_chapter(reader.read(*item), words, files)
        for item in list_chapters(publication).items()
    )
    help_view = make_help_view(words)
    legal = (make_colophon(words, publication.root), make_statement(words))
    standing = front.warning or front.mark
    version = say("cite.version_text", version=publication.version)
    made = f"{say('cite.version')} {version}" if publication.version else ""
    year, logo = publication.edition.year, publication.house.logo
    return PageView(
        language=publication.language,
        document_title=f"{title} · {front.full_name}{f' ({standing})' if front.mark else ''}",
        metas=tuple(_list_metas(words, front)),
        related=tuple(_list_related(words)),
        skip=Line(say("page.skip"), "#content"),
        helpline=publication.edition.helpline.name,
        title=title,
        mark=front.mark,
        to_contents=Line(say("page.contents"), "#contents"),
        way_out=make_way_out(words),
        warning=front.warning,
        logo=sha256(logo.data).hexdigest()[:12] if logo else "",
        logo_alternative=house.write_logo_alternative(publication),
        translations=tuple(_list_translations(words)),
        publisher=front.full_name,
        year="" if year in title else year,
        help=help_view,
        cover=CoverView(
            heading=say("page.highlights"),
            lead=reader.lead,
            notices=front.notices,
            highlights=reader.cover,
            how=say("page.how" if publication.comparison else "page.how_first"),
        ),
        contents=tuple(_list_contents(help_view, chapters, legal)),
        chapters=chapters,
        labels=make_labels(words),
        legal=legal,
        foot=" · ".join(filter(None, (front.publisher, made, standing))),
    )


def make_way_out(words: EditionWords) -> WayOut:
    """The link that leads away from every page of a publication, where the helpline chooses."""
    leave = words.publication.help.leave
    return WayOut(words.say("page.leave"), leave, words.say("page.leave_key"))


def _list_metas(words: EditionWords, front: Front) -> Iterator[Meta]:
    publication, say, title = words.publication, words.say, words.publication.title
    name = publication.edition.helpline.name
    about = say("page.description", title=title, name=front.full_name)
    yield Meta("name", "description", about)
    yield Meta("name", "author", front.publisher)
    yield Meta("property", "og:type", "article")
    yield Meta("property", "og:title", f"{title} · {name}")
    yield Meta("property", "og:description", about)
    yield Meta("property", "og:site_name", front.full_name)
    yield Meta("property", "og:locale", words.locale)
    if publication.address:
        yield Meta("property", "og:url", f"{publication.address}{PAGE}")
        yield Meta("property", "og:image", f"{publication.address}{COVER}")
        text = say("page.cover_text", title=title, name=name)
        yield Meta("property", "og:image:alt", text)


def _list_related(words: EditionWords) -> Iterator[Related]:
    address = words.publication.address
    if address:
        for other in words.publication.translations:
            yield Related("alternate", f"{address}{other.path}{PAGE}", other.language)
        yield Related("canonical", f"{address}{PAGE}")


def _list_translations(words: EditionWords) -> Iterator[OtherLanguage]:
    root = words.publication.root
    for other in words.publication.translations if root is not None else ():
        yield OtherLanguage(other.name, f"{root}{other.path}{PAGE}", other.language)


def make_help_view(words: EditionWords) -> HelpView:
    """Where somebody finds help; the first number, the helpline's own, is called by its words."""
    say, numbers = words.say, words.publication.help.numbers
    return HelpView(
        title=say("help.title"),
        lines=tuple(
            _make_help_line(number, words, first=place == 0) for place, number in enumerate(numbers)
        ),
        traces=say("help.traces"),
        erase=say("help.erase"),
        steps=tuple(say(f"help.erase_{key}") for key in ERASED),
    )


def _make_help_line(number: HelpNumber, words: EditionWords, *, first: bool) -> HelpLine:
    who, address = words.translated(number.who), f"tel:{number.dialled}"
    is_called = first and number.phone
    return HelpLine(
        Line(who, address if is_called else ""),
        Line(number.phone, address) if number.phone and not is_called else None,
        Line(number.site, number.address) if number.address else None,
        words.translated(number.about) if number.about else "",
    )


def _list_contents(
    help_view: HelpView, chapters: Sequence[ChapterView], legal: Sequence[LegalView]
) -> Iterator[Line]:
    yield Line(help_view.title, "#help")
    for chapter in chapters:
        yield Line(chapter.title, f"#chapter-{chapter.name}")
    for view in legal:
        yield Line(view.title, f"#{view.id}")


def make_labels(words: EditionWords) -> Labels:
    """What the page of a publication writes beside its parts."""
    back = words.writer.idiom.say("notes.back")
    return Labels(words.say("part.table"), back, words.publication.root)


def _label_chapter(chapter: ChapterView, words: EditionWords, files: Container[str]) -> ChapterView:
    parts = (part._replace(view=label_view(part.view, words, files)) for part in chapter.parts)
    return replace(chapter, parts=tuple(parts))


def label_view(view: View, words: EditionWords, files: Container[str] = ()) -> View:
    """A view as the page shows it: with the name of its table's box, and links to its files."""
    if isinstance(view, ChartView):
        table = _label_table(view.table, words)
        return replace(view, table=table, files=tuple(_list_files(view, words, files)))
    if isinstance(view, CampaignView):
        return replace(view, table=_label_table(view.table, words))
    if isinstance(view, TableView):
        table = _label_table(view, words)
        return replace(table, files=tuple(_list_files(view, words, files)))
    return view


def _label_table(table: TableView, words: EditionWords) -> TableView:
    return replace(table, label=words.say("part.scroll", caption=table.caption))


def _list_files(
    view: ChartView | TableView, words: EditionWords, files: Container[str]
) -> Iterator[FileLink]:
    """Where the audit tells of it, its values, and its picture."""
    root, say = words.publication.root, words.say
    if root is None:
        return
    of = view.table.caption if isinstance(view, ChartView) else view.caption
    if view.audit:
        yield FileLink(say("trend.audit"), f"{root}{view.audit}", of)
    if f"{view.id}.csv" in files:
        yield FileLink(say("part.csv"), f"{root}data/{view.id}.csv", of)
        if isinstance(view, ChartView) and not view.audit:
            yield FileLink(say("chart.png"), f"{root}data/charts/{view.id}.png", of)


def make_card(name: str, words: EditionWords) -> CardView:
    """What a reader sees who taps the number of a figure of the ledger, by its parts.

    Raises:
        KeyError: there is no such figure.
    """
    publication, figures, say = words.publication, words.ledger.figures, words.say
    figure = figures[name]
    own_chapter = publication.origins.get(name, ("", ""))[0]
    chapter = own_chapter if name in publication.origins else "index"
    numbers = {"numerator": figure.numerator, "denominator": figure.denominator}
    parts = {part: words.number(n, "count") for part, n in numbers.items() if n is not None}
    key = "figure.both" if "denominator" in parts else "figure.counted"
    if figure.kind == "own":
        parts, key = {"chapter": own_chapter}, "figure.own"
    elif figure.value is None or not parts:
        parts, key = {}, "figure.no_numbers"
    margin = ""
    if figure.interval is not None and figure.interval.dispersion is not None:
        phi = words.decimals(figure.interval.dispersion, "ratio")
        margin = words.interval("figure.dispersion", figure, phi=phi)
    before, earlier = _describe_before(figure, figures.get(make_previous_name(name)), words)
    root, address = publication.root, f"audit/{chapter}.html#{name}"
    where = Line(say("figure.where"))
    return CardView(
        anchor=CARD.format(name),
        label=say("figure.card"),
        figure=name,
        definition=f"{capital(words.name(figure))}.",
        made_of=say(key, **parts),
        parts="" if figure.kind == "own" else " ".join(parts),
        margin=margin,
        before=before,
        figure_before=earlier,
        how=where if root is None else Line(say("figure.how"), f"{root}{address}"),
        close=say("figure.close"),
    )


def _describe_before(figure: Figure, before: Figure | None, words: EditionWords) -> tuple[str, str]:
    """What a card says of the year before, and the figure whose value that is, if any."""
    if words.publication.comparison is None:
        return "", ""
    key, earlier = "figure.before", ""
    if figure.population.edition != words.ledger.edition:
        key = "figure.is_before"
    elif before is None:
        key = "figure.no_before"
    elif abs(figure.population.period.days - before.population.period.days) > 1:
        # Half a year beside a year would be read as a rise.
        key = "figure.other_period"
    else:
        earlier = before.id
    return words.say(key, value=words.value(before)), earlier
