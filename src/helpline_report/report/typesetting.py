"""Set the PDF by Typst, a book that is tagged for PDF/UA-1: the same bytes on every machine."""

import datetime as dt
import io
import shutil
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pikepdf
import typst
from pikepdf import Array, Dictionary, Name, NameTree, Object, String

from helpline_report.description import Node
from helpline_report.errors import MachineError
from helpline_report.parameters.house_style import OWN_FONTS, FontFile
from helpline_report.prose import nodes as tree
from helpline_report.report import house, markup
from helpline_report.report.book_nodes import describe_book
from helpline_report.report.book_parts import make_book_view
from helpline_report.report.chapters import ChapterReader

ASSETS = Path(__file__).parent / "assets"
STYLE = ASSETS / "report.typ"
# Typst's warning where sizes follow from positions and positions from sizes, without end: the page
# numbers of such a book would be wrong.
NOT_SETTLED = "did not converge"


class WrittenBook(NamedTuple):
    """The report as Typst, and all that the book says, in letters that its fonts may lack."""

    text: str
    nodes: tuple[Node, ...]


def write_book(reader: ChapterReader) -> WrittenBook:
    """The whole report."""
    publication, view = reader.publication, make_book_view(reader)
    exporter = markup.make_exporter(reader, markup.TYPST, labels=view.labels)
    constants, style = house.write_constants(publication), STYLE.read_text(encoding="utf-8")
    text = exporter.environment.get_template("report.typ.j2").render(
        book=view,
        logo=publication.house.logo,
        style=markup.trust_markup(constants + style),
        body=markup.convert_all(exporter, reader),
    )
    nodes = (node._replace(text=tree.settable(node.text)) for node in describe_book(view))
    return WrittenBook(text, tuple(nodes))


def fit_letters(text: str, used: tuple[FontFile, ...] = OWN_FONTS) -> str:
    """`text` with a question mark for each letter that the fonts of the book lack.

    PDF/UA allows no letter that can't be shown, and a name of a site may hold any. What is no
    letter at all (a mark of direction, a joiner) is left out.
    """
    known = house.find_common_letters(used) | {"\n"}
    instead = {"Cf": "", "Cc": "", "Zs": "\N{NO-BREAK SPACE}"}
    missing = {letter for letter in set(text) if letter not in known}
    return text.translate({ord(c): instead.get(unicodedata.category(c), "?") for c in missing})


@contextmanager
def open_typst(used: tuple[FontFile, ...], what: str = "the report") -> Iterator[dict[str, Any]]:
    """What tells Typst which fonts it may set in: these, and none of the host.

    Typst takes folders, and all that is in them: the package's own ones whole, for their italics;
    of a house style these files alone, wherever in the project they lie.

    Raises:
        MachineError: the compiler refuses the document, which `what` names.
    """
    own = {face.file.parent for face in used} & {face.file.parent for face in OWN_FONTS}
    files = dict.fromkeys(face.file for face in used if face.file.parent not in own)
    with TemporaryDirectory() as copied:
        for number, file in enumerate(files):
            shutil.copyfile(file, Path(copied) / f"{number}{file.suffix}")
        folders = [*map(str, sorted(own)), copied]
        fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=folders
        )
        try:
            yield {"font_paths": fonts, "ignore_system_fonts": True}
        except typst.TypstError as error:
            hints = "; ".join(error.hints)
            raise MachineError(f"Typst refuses {what}: {error.message} {hints}".strip()) from None


def compile_book(text: str, day: dt.date, used: tuple[FontFile, ...] = OWN_FONTS) -> bytes:
    """Typst's source as PDF/UA-1, dated `day`: no clock and no font of the host comes into it.

    Raises:
        MachineError: the compiler refuses the document.
    """
    written = fit_letters(text, used).encode()
    options: dict[str, Any] = {
        "format": "pdf",
        "pdf_standards": ["ua-1"],
        "timestamp": dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC),
    }
    with open_typst(used) as fonts:
        book, warnings = typst.compile_with_warnings(written, **options, **fonts)
        if any(NOT_SETTLED in warning.message for warning in warnings):
            book = typst.compile(written, sys_inputs={"steady": "yes"}, **options, **fonts)
    return bytes(book)


def mark_row_headers(book: bytes) -> bytes:
    """The same PDF, whose rows have a header that each cell of the row names.

    The first cell of a row becomes a `TH` with the scope `Row` (ISO 32000-1, 14.8.5.7). The pages
    look as before, and the same PDF gives the same bytes.
    """
    with pikepdf.open(io.BytesIO(book)) as pdf:
        tree = pdf.Root.StructTreeRoot
        if Name.IDTree not in tree:  # no table has a head
            return book
        names = NameTree(tree.IDTree)
        for number, row in enumerate(_list_body_rows(tree)):
            head, *cells = _list_children(row)
            name = f"row-{number}"
            head.S, head.ID = Name.TH, String(name)
            _get_table_attributes(head).Scope = Name.Row
            names[name] = head
            for cell in cells:
                _get_table_attributes(cell).Headers.append(String(name))
        marked = io.BytesIO()
        pdf.save(
            marked, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate
        )
        return marked.getvalue()


def _list_body_rows(element: Object) -> Iterator[Object]:
    for child in _list_children(element):
        if child.S == "/TR" and element.S == "/TBody":
            yield child
        else:
            yield from _list_body_rows(child)


def _list_children(element: Object) -> list[Object]:
    """The elements of the structure inside another; what else is there are pieces of a page."""
    inside = element.get(Name.K, Array())
    children = inside if isinstance(inside, Array) else (inside,)
    return [child for child in children if isinstance(child, Dictionary) and Name.S in child]


def _get_table_attributes(cell: Object) -> Object:
    """What a cell says of its place in the table: Typst writes it for every cell."""
    return next(attributes for attributes in cell.A if attributes.O == "/Table")
