"""Hold the released notebooks to the notebooks, texts and ledger that they are made from."""

import re
from collections.abc import Iterator, Mapping, Sequence

from helpline_report.audit.expectations import Misreading
from helpline_report.audit.meanings import Meanings
from helpline_report.description import Description, Node
from helpline_report.figures.ledger import CellRecord

FOLDER = "audit/notebooks/"
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
DRAWING, TREND = "chart=", "trend."


def find_notebook_differences(description: Description, meanings: Meanings) -> Iterator[Misreading]:
    """Every node of a released notebook that says something else than it has to."""
    alternatives: dict[str, str] = {}
    for nodes in description.files.values():
        for node in nodes:
            if node.kind == "alternative" and node.about.startswith(DRAWING):
                alternatives.setdefault(node.about.removeprefix(DRAWING), node.text)
    for file, nodes in description.files.items():
        if file.startswith(FOLDER):
            chapter = file.removeprefix(FOLDER).partition("_")[2].removesuffix(".ipynb")
            notebook = NotebookMeaning(chapter, meanings, alternatives)
            for node, wanted in notebook.find_faults(nodes):
                place = f"cell '{node.place}', {node.kind}"
                yield Misreading(file, place, node.about, node.text, wanted)


class NotebookMeaning:
    """What the notebook of a chapter has to say; `alternatives` are those of drawings."""

    def __init__(self, chapter: str, meanings: Meanings, alternatives: Mapping[str, str]) -> None:
        self.chapter, self.meanings, self.alternatives = chapter, meanings, alternatives
        chapters = {each.name: each for each in meanings.ledger.chapters}
        cells = chapters[chapter].cells if chapter in chapters else ()
        self._records = {cell.id: cell for cell in cells}
        self._order = [cell.id for cell in meanings.data.notebooks[chapter].cells]

    def find_faults(self, nodes: Sequence[Node]) -> Iterator[tuple[Node, str]]:
        """Each node that isn't as it should be, with what it should have been."""
        own = [node for node in nodes if node.kind in ("code", "text")]
        if [node.place for node in own] != self._order and nodes:
            yield nodes[0], f"the cells {', '.join(self._order)}"
        for node in own:
            wanted = self._find_source(node)
            if node.text not in wanted:
                yield node, " or ".join(f"'{text}'" for text in wanted)
        for cell in self._order:
            of_cell = [node for node in nodes if node.place == cell and node not in own]
            yield from self._check_outputs(cell, of_cell)

    def _find_source(self, node: Node) -> list[str]:
        """What a cell may hold: its code, its text, or that of the edition in its place."""
        texts = self.meanings.data.texts.get(self.meanings.data.language, {})
        own = texts.get(self.chapter, {}).get(node.place)
        cell = self.meanings.texts.find_cell(self.chapter, node.place)
        if cell is None:
            return []
        if cell.cell_type == "code":
            return [cell.source]
        left_out = self.meanings.words.say("part.cell_left_out")
        return [COMMENT.sub("", own.markdown if own else cell.source), f"*{left_out}*"]

    def _check_outputs(self, cell: str, nodes: Sequence[Node]) -> Iterator[tuple[Node, str]]:
        """The figures that a cell recorded, in their order; then what it shows."""
        ledger, record = self.meanings.ledger, self._records.get(cell, CellRecord(id=cell))
        names = (ledger.merged.get(name, name) for name in record.figures)
        figures = [name for name in dict.fromkeys(names) if name in ledger.figures]
        rows, others = nodes[: len(figures)], nodes[len(figures) :]
        if [node.about for node in rows] != figures:
            yield Node(cell, "row"), f"the figures {', '.join(figures)}"
            return
        for node in rows:
            figure, words = ledger.figures[node.about], self.meanings.words
            wanted = (node.about, words.write_in_table(figure), words.definition(figure))
            if node.text != "\t".join(wanted):
                yield node, "\t".join(wanted)
        shows = {reference.id for reference in record.shows}
        yield from self._check_shown(shows, others)

    def _check_shown(self, shows: set[str], nodes: Sequence[Node]) -> Iterator[tuple[Node, str]]:
        """The charts and tables of a cell: each is the one that it says, row by row."""
        place, lines = "", list[str]()
        for node in nodes:
            wanted = node.text
            match node.kind:
                case "picture":
                    wanted = self.alternatives.get(node.about, node.text)
                    if node.about not in shows and not node.about.startswith(TREND):
                        wanted = f"a chart of {', '.join(sorted(shows))}"
                case "line":
                    place, lines = node.about, []
                case "heads":
                    wanted, *lines = self._list_lines(place) or [node.text]
                case "row" if lines:
                    wanted = lines.pop(0)
            if _squeeze(wanted) != _squeeze(node.text):
                yield node, wanted

    def _list_lines(self, place: str) -> list[str]:
        """The heads and the rows of the table at a place."""
        table = self.meanings.find_table(place)
        if table is None:
            return []
        rows = [(row.label, *(cell.text for cell in row.cells)) for row in table.rows]
        return ["\t".join(cells) for cells in ([head.text for head in table.heads], *rows)]


def _squeeze(text: str) -> str:
    return " ".join(text.split())
