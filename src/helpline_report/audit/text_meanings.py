"""Derive what the texts of chapters say once their names have values, block by block."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from nbformat import NotebookNode

from helpline_report.audit.edition_data import EditionData
from helpline_report.audit.parameter_values import find_parameter
from helpline_report.audit.text_sources import (
    Blank,
    Closing,
    LineEnd,
    Opening,
    Piece,
    SourceBlock,
    TextReference,
    read_blocks,
)
from helpline_report.audit.value_spellings import Thing, ValueSpellings
from helpline_report.figures.model import Figure, Reason
from helpline_report.parameters.values import split_marks

# Tags of a cell that stands with the title of the report, and with that of its chapter.
COVER, FINDING = "cover", "finding"
# The chapter that no notebook has, and its only cell.
FOREWORD = "foreword"
# What no page can hold; it stands for the number of a note until that is known.
NUMBER = "\ue210"
TITLE = re.compile(r"^\s*title:\s*(\S.*?)\s*$", re.MULTILINE)
NOT_RELEASED = Reason(code="not_released")


class Inline(NamedTuple):
    """What a line says of words in it: a number of a figure, a parameter, a link, a source."""

    kind: str
    text: str
    about: str = ""
    target: str = ""
    form: str = ""


@dataclass
class WrittenText:
    """A block with its values: its words, what they hold, its notes, and what has no value."""

    text: str = ""
    inside: list[Inline] = field(default_factory=list)
    notes: list[TextReference] = field(default_factory=list)
    missing: list[Reason] = field(default_factory=list)

    def refer_to(self, note: TextReference) -> None:
        """Add the number of a note, which nobody knows yet."""
        self.text += NUMBER
        self.inside.append(Inline("link", NUMBER))
        self.notes.append(note)


class TextMeanings:
    """The texts of an edition: of each cell its own file's, or else the notebook's."""

    def __init__(self, data: EditionData, words: ValueSpellings) -> None:
        self.data, self.words = data, words
        self._written: dict[tuple[str, str], list[tuple[SourceBlock, WrittenText]]] = {}
        self._titles = {
            match[1]
            for chapters in data.texts.get(data.language, {}).values()
            for name, text in chapters.items()
            if " " in name
            for match in TITLE.finditer(text.markdown)
        }

    def list_chapters(self) -> list[str]:
        """The chapters in their order; a foreword is the first."""
        own = self.data.texts.get(self.data.language, {})
        return [*([FOREWORD] if own.get(FOREWORD) else []), *self.data.notebooks]

    def list_cells(self, chapter: str, tag: str = "") -> list[str]:
        """The cells of text of a chapter, or those with a tag."""
        if chapter == FOREWORD:
            return [] if tag else [FOREWORD]
        if chapter not in self.data.notebooks:
            return []
        cells: Sequence[NotebookNode] = self.data.notebooks[chapter].cells
        return [
            cell.id
            for cell in cells
            if cell.cell_type == "markdown" and (not tag or tag in read_tags(cell))
        ]

    def find_cell(self, chapter: str, cell: str) -> NotebookNode | None:
        """A cell of a chapter's notebook."""
        if chapter not in self.data.notebooks:
            return None
        return next((each for each in self.data.notebooks[chapter].cells if each.id == cell), None)

    def is_title(self, text: str) -> bool:
        """Whether a text of the edition calls a chart or a table so."""
        return text in self._titles

    def write_cell(self, chapter: str, cell: str) -> list[tuple[SourceBlock, WrittenText]]:
        """The blocks of a cell, each as it is written; none of a cell that isn't there."""
        if (chapter, cell) not in self._written:
            own = self.data.texts.get(self.data.language, {}).get(chapter, {}).get(cell)
            node = self.find_cell(chapter, cell)
            source = own.markdown if own else node.source if node else ""
            blocks = [(block, self.write(block)) for block in read_blocks(source)]
            self._written[chapter, cell] = blocks
        return self._written[chapter, cell]

    def list_titles(self, chapter: str) -> list[str]:
        """What may be the title of a chapter: the highest heading that a cell begins with."""
        titles = []
        for cell in self.list_cells(chapter):
            for block, written in self.write_cell(chapter, cell)[:1]:
                if block.kind == "heading" and block.level == 1:
                    titles.append(written.text.replace(NUMBER, ""))
        return titles or [self.words.say(FOREWORD) if chapter == FOREWORD else chapter]

    # Blocks

    def write(self, block: SourceBlock) -> WrittenText:
        """A block with its values."""
        written = WrittenText()
        pieces = block.pieces
        if block.is_replacement:
            first, *others = pieces[1:] or ("",)
            pieces = (first.lstrip() if isinstance(first, str) else first, *others)
        self._write_pieces(pieces, written)
        return written

    def _write_pieces(self, pieces: Sequence[Piece], written: WrittenText) -> None:
        has_stop, opened = False, list[tuple[int | None, int]]()
        for piece in pieces:
            if isinstance(piece, str):
                # Behind a value that ends with a full stop no other one stands.
                is_second = has_stop and piece.startswith(".") and not piece.startswith("..")
                written.text += piece[1:] if is_second else piece
                has_stop = False
                continue
            if isinstance(piece, TextReference):
                written.refer_to(piece)
                # A text goes with what its note lacks.
                written.missing += self.write_note(piece).missing
                continue
            if isinstance(piece, Blank):
                self._write_value(piece, written)
            elif isinstance(piece, LineEnd):
                written.text += " "
            elif isinstance(piece, Opening):
                is_named = piece.is_link or bool(piece.target)
                opened.append((len(written.inside) if is_named else None, len(written.text)))
                if is_named:
                    kind, target = ("link", piece.target) if piece.is_link else ("sourced", "")
                    written.inside.append(Inline(kind, "", target=target))
            elif isinstance(piece, Closing):
                place, start = opened.pop()
                if place is not None:
                    text = written.text[start:]
                    written.inside[place] = written.inside[place]._replace(text=text)
            has_stop = written.text.endswith(".")

    def _write_value(self, blank: Blank, written: WrittenText) -> None:
        """A value in the form that the text asks for, with what follows from it."""
        name, form = blank
        value = self._spell(self.find(name), form)
        if isinstance(value, Reason):
            written.missing.append(value)
            written.inside.append(Inline("missing", "", name, form=form))
            return
        thing, text, rest = value
        written.text += text + rest
        if isinstance(thing, Figure):
            written.inside.append(Inline("value", text, name, form=form))
            written.inside.append(Inline("raw", str(thing.value), name))
            written.inside += [Inline("value", rest, name)] if rest else []
            return
        written.inside.append(Inline("parameter", text, name, form=form))
        for _, source in split_marks(thing) if isinstance(thing, str) else ():
            if source is not None:
                written.refer_to(TextReference(source=source))

    def _spell(self, thing: Thing | Reason, form: str) -> tuple[Thing, str, str] | Reason:
        """A thing, its value in a form, and what follows from that; or why it has none."""
        if isinstance(thing, Reason):
            return thing
        if isinstance(thing, Figure) and thing.reason is not None:
            return thing.reason
        try:
            whole = self.words.spell(thing, form)
        except ValueError:
            return NOT_RELEASED
        text = self.words.spell_counted(thing, form) if isinstance(thing, Figure) else whole
        return thing, text, whole[len(text) :]

    def find(self, name: str) -> Thing | Reason:
        """What a name stands for; what nobody knows by it isn't in this edition."""
        known = self.words.ledger.figures.get(name)
        if known is not None:
            return known
        parameter = find_parameter(name, self.words)
        return parameter if parameter is not None else self._explain_absence(name)

    def _explain_absence(self, name: str) -> Reason:
        """Why a figure isn't there: its chapter isn't, or the sources lack a code of its series."""
        ledger = self.words.ledger
        if any(f"{name}.".startswith(f"{counted}.") for counted in ledger.elsewhere):
            return Reason(code="no_chapter")
        for series in ledger.breakdowns.values():
            field = series.by[0]
            code = name.removeprefix(f"{series.id}.")
            asked, codelist = series.population.condition(field), self.words.codelists.get(field)
            is_code = code in codelist.by_code if codelist else not series.members
            is_asked = asked is None or code in asked.codes
            if code != name and is_code and is_asked and not series.is_crossed:
                return series.reason or Reason(code="not_registered", about=field)
        return Reason(code="not_in_source")

    def write_note(self, note: TextReference) -> WrittenText:
        """What a note says: its own text, or the source that it names."""
        if note.source:
            return WrittenText(self.words.write("notes.source", source=note.source))
        written = WrittenText()
        self._write_pieces(note.note, written)
        return written


def read_tags(cell: NotebookNode) -> list[str]:
    """The tags of a cell."""
    tags: list[str] = cell.get("metadata", {}).get("tags", [])
    return tags


def list_needs(cell: NotebookNode) -> Iterator[str]:
    """What a cell needs so as to stand in the report."""
    for tag in read_tags(cell):
        prefix, _, needs = tag.partition(":")
        if prefix == "needs":
            yield from needs.split("+")
