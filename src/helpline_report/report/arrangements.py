"""Hide, move and rename the charts and tables of a chapter, as blocks of its texts say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from helpline_report.errors import ProseError, nearest
from helpline_report.figures.ledger import Reference
from helpline_report.prose.markdown import Complaint, Place, TextError
from helpline_report.prose.nodes import plain, values
from helpline_report.prose.texts import Arrangement, is_arrangement, read_arrangement
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.views import ChapterPart, ChartView, TableView

TITLE_STEP = "a title is words alone: what a chart shows, its figures say"


def check_arrangements(
    words: EditionWords, chapter: str, cells: Sequence[str]
) -> tuple[dict[str, Arrangement], list[ProseError], list[str]]:
    """What the texts of a chapter say of its charts and tables, by their names.

    `cells` are the ids of the chapter's cells. Beside them what is wrong, and for who approves what
    the texts change, each with its place.
    """
    arrangements: dict[str, Arrangement] = {}
    errors: list[ProseError] = []
    changes = []
    for name, text in words.publication.texts_of(chapter).items():
        if not is_arrangement(name):
            continue
        place = Place(text.file, name, text.line)
        places = [*cells, *list_artefacts(words, chapter)]
        arrangement, complaints = check_arrangement(words, text.markdown, places, place)
        if complaints:
            errors.append(TextError(complaints, place))
            continue
        arrangements[name] = arrangement
        changes.append(f"{place.at(-1)}: {_describe(arrangement)}")
    return arrangements, errors, changes


def list_artefacts(words: EditionWords, chapter: str) -> dict[str, Reference]:
    """What a chapter shows beside its texts, by the names of the blocks that are about it."""
    return {
        f"{reference.kind} {reference.id}": reference
        for record in words.ledger.chapters
        if record.name == chapter
        for cell in record.cells
        for reference in cell.shows
    }


def check_arrangement(
    words: EditionWords, text: str, places: Sequence[str], place: Place
) -> tuple[Arrangement, list[Complaint]]:
    """What the block at a place says of a chart or table, and what is wrong with it.

    `places` are the names of all that stands in the chapter: its cells, charts and tables.
    """
    name = place.cell
    arrangement, complaints = read_arrangement(text)
    if name not in places:
        arranged = [each for each in places if is_arrangement(each)]
        listed = f"its charts and tables are: {', '.join(arranged)}"
        what = f"the chapter shows no {name}{nearest(name, arranged)}"
        complaints.append(Complaint(-1, what, listed))
    others = [each for each in places if each != name]
    if arrangement.after and arrangement.after not in others:
        what = f"there is no '{arrangement.after}'{nearest(arrangement.after, others)}"
        complaints.append(Complaint(0, what, "name a cell, a chart or a table of the chapter"))
    if arrangement.title:
        try:
            resolved = words.writer.markdown(arrangement.title, place)
            if any(values(resolved.nodes)) or resolved.dropped:
                complaints.append(Complaint(0, "a figure in a title", TITLE_STEP))
            arrangement = replace(arrangement, title=plain(resolved.nodes))
        except TextError as error:
            complaints += error.complaints
    return arrangement, complaints


def _describe(arrangement: Arrangement) -> str:
    if arrangement.hide:
        return "hidden; it stays in the data files and the audit"
    title_change = f"called '{arrangement.title}'" if arrangement.title else ""
    moved = f"moved behind '{arrangement.after}'" if arrangement.after else ""
    return ", ".join(filter(None, (title_change, moved)))


def arrange(
    parts: Sequence[ChapterPart], arrangements: Mapping[str, Arrangement]
) -> tuple[list[ChapterPart], list[ChartView]]:
    """The parts of a chapter as its texts arrange them, and the charts that they hide."""
    arranged: list[ChapterPart] = []
    hidden: list[ChartView] = []
    moved: list[tuple[str, ChapterPart]] = []
    for part in parts:
        view, order = part.view, arrangements.get(_names(part)[1])
        if order is None or not isinstance(view, ChartView | TableView):
            arranged.append(part)
            continue
        if order.title and isinstance(view, ChartView):
            view = replace(view, caption=order.title, number=None)
        elif order.title:
            view = replace(view, caption=order.title)
        if order.hide:
            hidden += [view] if isinstance(view, ChartView) else []
        elif order.after:
            # A cell of its own, since those of a notebook stand together.
            name = f"{view.kind}-{view.id}".replace(".", "-")
            moved.append((order.after, ChapterPart(name, view)))
        else:
            arranged.append(replace(part, view=view))
    for after, part in reversed(moved):
        at = [place for place, each in enumerate(arranged, 1) if after in _names(each)]
        arranged.insert(at[-1] if at else len(arranged), part)
    return arranged, hidden


def _names(part: ChapterPart) -> tuple[str, ...]:
    """What a part is called in a block: its cell, and its own name."""
    view = part.view
    own = f"{view.kind} {view.id}" if isinstance(view, ChartView | TableView) else ""
    return (part.cell, own)
