"""Put the parts of a chapter in order: arranged, merged, with headings and notes that follow on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

from helpline_report.charts.chart_figures import LETTERS
from helpline_report.figures.model import Reason
from helpline_report.prose.nodes import Element, plain
from helpline_report.prose.texts import Arrangement
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.figure_parts import HIDDEN_NOTES, collect_break_notes
from helpline_report.report.views import (
    CampaignView,
    ChapterPart,
    ChartView,
    Left,
    Note,
    Prose,
    TableView,
    View,
)

# The level of a chapter's own heading.
CHAPTER = 1


def arrange(
    parts: Sequence[ChapterPart], arrangements: Mapping[str, Arrangement]
) -> tuple[list[ChapterPart], list[ChartView]]:
    """The parts of a chapter as its texts arrange them, and the charts that they hide."""
    arranged: list[ChapterPart] = []
    hidden: list[ChartView] = []
    moved: list[tuple[str, ChapterPart]] = []
    for part in parts:
        view, arrangement = part.view, arrangements.get(_name(part))
        if arrangement is None or not isinstance(view, ChartView | TableView):
            arranged.append(part)
            continue
        if arrangement.title:
            view = replace(view, caption=arrangement.title, titled=True)
        if isinstance(view, ChartView) and arrangement.title:
            view = replace(view, number=None, headline="")
        if arrangement.hide:
            hidden += [replace(view, hidden=True)] if isinstance(view, ChartView) else []
        elif arrangement.after:
            # A name of its own: another part that moves behind its old cell doesn't follow it.
            name = f"{view.kind}-{view.id}".replace(".", "-")
            moved.append((arrangement.after, ChapterPart(name, view)))
        else:
            arranged.append(part._replace(view=view))
    for after, part in reversed(moved):
        place = len(arranged)
        for behind, other in enumerate(arranged, 1):
            if after in (other.cell, _name(other)):
                place = behind
        arranged.insert(place, part)
    return arranged, hidden


def _name(part: ChapterPart) -> str:
    """The name by which a block arranges a chart or table; empty for another part."""
    view = part.view
    return f"{view.kind} {view.id}" if isinstance(view, ChartView | TableView) else ""


def merge_lines(parts: Iterable[ChapterPart]) -> list[ChapterPart]:
    """The parts of a chapter, in which no two lines about what is left out are the same.

    A line is repeated if it stands right below a heading, which would else have nothing below it.
    """
    merged: list[ChapterPart] = []
    before: list[View] = []
    for part in parts:
        is_repeated = isinstance(part.view, Left) and part.view in before
        last = merged[-1].view if merged else None
        nodes = last.nodes if isinstance(last, Prose) else ()
        is_below_heading = bool(nodes) and nodes[-1].kind == "heading"
        if not is_repeated or is_below_heading:
            merged.append(part)
        before.append(part.view)
    return merged


def take_title(parts: list[ChapterPart], name: str) -> tuple[str, list[ChapterPart]]:
    """The title of a chapter, which is its first heading or else `name`, and the other parts."""
    for place, part in enumerate(parts):
        if isinstance(part.view, Prose) and part.view.nodes:
            first = part.view.nodes[0]
            if first.kind == "heading" and first.level == CHAPTER:
                rest = part._replace(view=Prose(part.view.nodes[1:]))
                return plain(first.children), [*parts[:place], rest, *parts[place + 1 :]]
    return name, parts


def put_behind_charts(parts: Sequence[ChapterPart]) -> list[ChapterPart]:
    """The parts of a chapter; a table of what the chart before it shows becomes its own."""
    merged: list[ChapterPart] = []
    for part in parts:
        table, chart = part.view, merged[-1].view if merged else None
        if isinstance(table, TableView) and isinstance(chart, ChartView):
            figures = set(chart.table.figures)
            if figures and figures.issubset(table.figures):
                merged[-1] = merged[-1]._replace(view=replace(chart, table=table))
                continue
        merged.append(part)
    return merged


def level_headings(parts: Sequence[ChapterPart]) -> list[ChapterPart]:
    """The parts of a chapter with headings that skip no level, as readers and PDF/UA ask.

    `###` can follow `#` where the cell between them is left out. A chapter has one title: a second
    one becomes the heading of a section.
    """
    level, highest = CHAPTER, CHAPTER + 1

    def set_level(node: Element) -> Element:
        """A block whose headings have their levels, in lists and quotations too."""
        nonlocal level
        if node.kind == "heading":
            level = max(highest, min(node.level, level + 1))
            return replace(node, level=level)
        children = (
            set_level(each) if isinstance(each, Element) else each for each in node.children
        )
        return replace(node, children=tuple(children))

    levelled: list[ChapterPart] = []
    for part in parts:
        view = part.view
        if isinstance(view, Prose):
            view = replace(view, nodes=tuple(map(set_level, view.nodes)))
        elif isinstance(view, CampaignView):
            level = highest  # its name is a heading
        levelled.append(part._replace(view=view))
    return levelled


def number_notes(name: str, parts: Sequence[ChapterPart]) -> list[ChapterPart]:
    """The parts of a chapter with their footnotes numbered, and the notes themselves at the end.

    Notes that notes refer to stand behind those that texts refer to.
    """
    notes: list[Element] = []

    def number(node: Element) -> Element:
        if node.kind == "footnote":
            place = len(notes) + 1
            notes.append(replace(node, level=place, href=f"{name}-{place}"))
            return notes[-1]
        return number_inside(node)

    def number_inside(node: Element) -> Element:
        children = (number(each) if isinstance(each, Element) else each for each in node.children)
        return replace(node, children=tuple(children))

    numbered = []
    for part in parts:
        view = part.view
        if isinstance(view, Prose):
            view = replace(view, nodes=tuple(map(number, view.nodes)))
        numbered.append(part._replace(view=view))
    for place, note in enumerate(notes):  # which becomes longer meanwhile
        notes[place] = number_inside(note)
    if notes:
        below = Element("footnotes", tuple(notes), href=name)
        numbered.append(ChapterPart("notes", Prose((below,))))
    return numbered


def append_notes(name: str, nodes: tuple[Element, ...]) -> tuple[Element, ...]:
    """A text that stands alone, with its footnotes behind it."""
    views = [part.view for part in number_notes(name, [ChapterPart(name, Prose(nodes))])]
    return tuple(node for view in views if isinstance(view, Prose) for node in view.nodes)


def share_notes(name: str, parts: Sequence[ChapterPart], words: EditionWords) -> list[ChapterPart]:
    """The parts of a chapter, each with the notes below it.

    A note on a break or on hidden counts that several parts have is written once, below the first
    open chart of them, with a letter. The others refer to that letter.
    """
    homes = _find_homes(parts, words)
    letters = dict(zip(sorted(homes, key=homes.__getitem__), LETTERS, strict=False))
    shared = []
    for place, part in enumerate(parts):
        notes, elsewhere = list[Note](), dict[str, str]()
        for note, about in _list_notes(part.view):
            letter = letters.get(note)
            if letter is None:
                notes.append(Note(note, about=about))
            elif homes[note] == place:
                text = words.say("part.note", letter=letter, note=note)
                notes.append(Note(text, f"note-{name}-{letter}", about=about))
            else:
                elsewhere[letter] = about
        if elsewhere:
            names = [words.say("part.note_name", letter=letter) for letter in elsewhere]
            text = words.say("part.note_elsewhere", notes=words.writer.idiom.join(names))
            about = " ".join(elsewhere.values())
            notes.append(Note(text, to=f"note-{name}-{next(iter(elsewhere))}", about=about))
        shared.append(part._replace(notes=tuple(notes)))
    return shared


def _find_homes(parts: Sequence[ChapterPart], words: EditionWords) -> dict[str, int]:
    """The notes that several parts have, each with the place of the part that writes it."""
    reason = words.writer.reason(Reason(code="protected"))
    of_hidden = [words.say(key, reason=reason) for key in ("part.hidden", *HIDDEN_NOTES.values())]
    is_open_chart = [isinstance(part.view, ChartView) and not part.view.folded for part in parts]
    homes: dict[str, int] = {}
    of_breaks = [note.text for note in collect_break_notes(words.ledger.figures.values(), words)]
    noted = [{text for text, _ in _list_notes(part.view)} for part in parts]
    for note in (*of_breaks, *of_hidden):
        places = [place for place, texts in enumerate(noted) if note in texts]
        open_charts = [place for place in places if is_open_chart[place]]
        if len(places) > 1:
            homes[note] = (open_charts or places)[0]
    return homes


def _list_notes(view: View) -> list[tuple[str, str]]:
    """The notes of a view, each with what it is about."""
    view = view.table if isinstance(view, CampaignView) else view
    if not isinstance(view, ChartView | TableView):
        return []
    return list(zip_longest(view.notes, view.notes_about, fillvalue=""))
