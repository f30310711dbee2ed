"""The PDF: a book set by Typst, tagged for PDF/UA-1, the same bytes on every machine."""

from __future__ import annotations

import datetime as dt
import shutil
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import typst
from jinja2 import Template

from helpline_report.errors import MachineError
from helpline_report.report.chapters import ChapterReader
from helpline_report.report.exporters import TypstChapterExporter
from helpline_report.report.fonts import FOLDERS, OWN_FACES, Face, letters_of_all
from helpline_report.report.front import front_of
from helpline_report.report.house import constants, logo_alternative, logo_literal
from helpline_report.report.legal import legal_pages
from helpline_report.report.markup import made, prose_typst

STYLE = Path(__file__).parent / "assets" / "report.typ"

# What the compiler warns of where sizes and positions go round in a circle: page numbers of such a
# book would be wrong.
CIRCLE = "did not converge"


def source(reader: ChapterReader) -> str:
    """The whole report as Typst."""
    publication = reader.publication
    exporter = TypstChapterExporter(reader)
    chapters = [exporter.convert(name, node)[1] for name, node in publication.notebooks.items()]
    template: Template = exporter.environment.get_template("report.typ.j2")
    return template.render(
        page=front_of(publication, reader.words),
        style=made(constants(publication) + STYLE.read_text(encoding="utf-8")),
        logo=logo_literal(publication),
        logo_alternative=logo_alternative(publication),
        cover=reader.cover,
        lead=prose_typst(reader.lead.nodes) if reader.lead else None,
        body=made("\n".join(chapters)),
        legals=legal_pages(publication, reader.words),
    )


def chapter_book(reader: ChapterReader) -> str:
    """The chapters of a publication alone as Typst, for who converts a notebook by hand."""
    publication = reader.publication
    exporter = TypstChapterExporter(reader)
    chapters = [exporter.convert(*item)[1] for item in publication.notebooks.items()]
    template: Template = exporter.environment.get_template("single.typ.j2")
    return template.render(
        page=front_of(publication, reader.words),
        style=made(constants(publication) + STYLE.read_text(encoding="utf-8")),
        body=made("\n".join(chapters)),
    )


def settable(text: str, used: tuple[Face, ...] = OWN_FACES) -> str:
    """`text` with a question mark for each letter that the fonts of the book lack.

    PDF/UA allows no letter that can't be shown, and a name of a site may hold any. What is no
    letter at all (a mark of direction, a joiner) is left out.
    """
    known = letters_of_all(used) | {"\n"}
    missing = {letter for letter in set(text) if letter not in known}
    return text.translate({ord(letter): _instead_of(letter) for letter in missing})


def _instead_of(letter: str) -> str:
    category = unicodedata.category(letter)
    if category in ("Cf", "Cc"):
        return ""
    return "\N{NO-BREAK SPACE}" if category == "Zs" else "?"


@contextmanager
def typst_fonts(used: tuple[Face, ...]) -> Iterator[typst.Fonts]:
    """The fonts that Typst may set in: these, and none of the host.

    Typst takes folders, and all that is in them: the package's own ones whole, for their italics;
    of a house style these files alone, wherever in the project they lie.
    """
    own = {face.file.parent for face in used} & set(FOLDERS)
    given = dict.fromkeys(face.file for face in used if face.file.parent not in own)
    with TemporaryDirectory() as copied:
        for number, file in enumerate(given):
            shutil.copyfile(file, Path(copied) / f"{number}{file.suffix}")
        folders = [*map(str, sorted(own)), copied]
        yield typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=folders
        )


def pdf(text: str, day: dt.date, used: tuple[Face, ...] = OWN_FACES) -> bytes:
    """Typst's source as PDF/UA-1, dated `day`: no clock and no font of the host comes into it.

    Raises:
        MachineError: the compiler refuses the document.
    """
    noon = dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC)
    written = settable(text, used).encode()
    try:
        with typst_fonts(used) as fonts:
            made, in_circles = _compiled(written, noon, fonts)
            if in_circles:
                made, _ = _compiled(written, noon, fonts, steady="yes")
    except typst.TypstError as error:
        hints = "; ".join(error.hints)
        raise MachineError(f"Typst refuses the report: {error.message} {hints}".strip()) from None
    return made


def _compiled(
    written: bytes, noon: dt.datetime, fonts: typst.Fonts, **inputs: str
) -> tuple[bytes, bool]:
    """A book, and whether its sizes and positions went round in a circle."""
    made, warnings = typst.compile_with_warnings(
        written,
        format="pdf",
        font_paths=fonts,
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=noon,
        sys_inputs=inputs,
    )
    return made, any(CIRCLE in warning.message for warning in warnings)
