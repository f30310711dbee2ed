"""Make all that the book says: its front, chapters, the tables behind its charts, and its end."""

from collections.abc import Sequence

from helpline_report.report import house
from helpline_report.report.chapter_steps import share_notes
from helpline_report.report.chapters import ChapterReader, list_chapters
from helpline_report.report.edition_words import EditionWords, Front
from helpline_report.report.legal import make_colophon, make_statement
from helpline_report.report.page_parts import make_help_view
from helpline_report.report.views import BookLabels, BookView, ChapterPart, ChartView


def make_book_view(reader: ChapterReader) -> BookView:
    """The book of a publication."""
    words, publication = reader.words, reader.publication
    front, say, year = Front(words), words.say, publication.edition.year
    charts = [view for view in list_charts(reader) if not view.hidden and view.table.is_short]
    tables = [ChapterPart(view.id, view.table) for view in charts]
    separator = " · " if front.mark else ""
    return BookView(
        language=words.locale.replace("_", "-"),
        document_title=front.full_title,
        author=front.publisher,
        keywords=tuple(say("page.keywords").split(", ")),
        labels=make_book_labels(words),
        warning=front.warning,
        running=(f"{front.full_title}{separator}", front.mark),
        logo_alternative=house.write_logo_alternative(publication),
        publisher=front.full_name,
        title=publication.title,
        year="" if year in publication.title else year,
        lead=reader.lead,
        notices=front.notices,
        highlights=reader.cover,
        help=make_help_view(words),
        contents=say("page.contents"),
        chapters=tuple(reader.read(*item) for item in list_chapters(publication).items()),
        behind=say("part.behind"),
        tables=tuple(share_notes("tables", tables, words)),
        legal=(make_colophon(words, publication.address), make_statement(words)),
    )


def make_book_labels(words: EditionWords) -> BookLabels:
    """What the book of a publication writes beside its parts."""
    say = words.say
    return BookLabels(
        figure=say("part.figure_number", number="{number}"),
        table=say("part.table_number", number="{number}"),
        to_table=say("part.behind_page", page="{page}"),
        folio=say("page.number", number="{number}", total="{total}"),
    )


def list_charts(reader: ChapterReader) -> Sequence[ChartView]:
    """Every chart of the report, once, in its order; those that texts hide come last."""
    notebooks = reader.publication.notebooks.items()
    views = [view for name, node in notebooks for view in reader.read(name, node).views]
    charts = [view for view in (*views, *reader.hidden) if isinstance(view, ChartView)]
    return list({view.id: view for view in charts}.values())
