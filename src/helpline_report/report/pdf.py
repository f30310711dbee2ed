"""Set the PDF: a book by Typst, tagged for PDF/UA-1, the same bytes on every machine."""

from __future__ import annotations

import datetime as dt
import shutil
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst
from jinja2 import Template

from helpline_report.errors import MachineError
from helpline_report.report.chapters import ChapterReader
from helpline_report.report.exporters import convert_all, typst_exporter
from helpline_report.report.front import front_of
from helpline_report.report.house import (
    FOLDERS,
    OWN_FACES,
    Face,
    constants,
    letters_of_all,
    logo_alternative,
    logo_literal,
)
from helpline_report.report.markup import made, prose_typst
from helpline_report.report.page import legal_pages

STYLE = Path(__file__).parent / "assets" / "report.typ"

# What the compiler warns of where sizes and positions go round in a circle: page numbers of such a
# book would be wrong.
CIRCLE = "did not converge"


def source(reader: ChapterReader) -> str:
    """The whole report as Typst."""
    publication, exporter = reader.publication, typst_exporter(reader)
    book: Template = exporter.environment.get_template("report.typ.j2")
    return book.render(
        page=front_of(reader.words),
        style=made(constants(publication) + STYLE.read_text(encoding="utf-8")),
        logo=logo_literal(publication),
        logo_alternative=logo_alternative(publication),
        cover=reader.cover,
        lead=prose_typst(reader.lead.nodes) if reader.lead else None,
        body=convert_all(exporter, reader),
        legals=legal_pages(reader.words),
    )


def settable(text: str, used: tuple[Face, ...] = OWN_FACES) -> str:
    """`text` with a question mark for each letter that the fonts of the book lack.

    PDF/UA allows no letter that can't be shown, and a name of a site may hold any. What is no
    letter at all (a mark of direction, a joiner) is left out.
    """
    known = letters_of_all(used) | {"\n"}
    instead = {"Cf": "", "Cc": "", "Zs": "\N{NO-BREAK SPACE}"}
    missing = {letter for letter in set(text) if letter not in known}
    return text.translate({ord(c): instead.get(unicodedata.category(c), "?") for c in missing})


@contextmanager
def typst_fonts(used: tuple[Face, ...]) -> Iterator[dict[str, Any]]:
    """What tells Typst which fonts it may set in: these, and none of the host.

    Typst takes folders, and all that is in them: the package's own ones whole, for their italics;
    of a house style these files alone, wherever in the project they lie.
    """
    own = {face.file.parent for face in used} & set(FOLDERS)
    files = dict.fromkeys(face.file for face in used if face.file.parent not in own)
    with TemporaryDirectory() as copied:
        for number, file in enumerate(files):
            shutil.copyfile(file, Path(copied) / f"{number}{file.suffix}")
        folders = [*map(str, sorted(own)), copied]
        fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=folders
        )
        yield {"font_paths": fonts, "ignore_system_fonts": True}


def pdf(text: str, day: dt.date, used: tuple[Face, ...] = OWN_FACES) -> bytes:
    """Typst's source as PDF/UA-1, dated `day`: no clock and no font of the host comes into it.

    Raises:
        MachineError: the compiler refuses the document.
    """
    written = settable(text, used).encode()
    look: dict[str, Any] = {
        "format": "pdf",
        "pdf_standards": ["ua-1"],
        "timestamp": dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC),
    }
    try:
        with typst_fonts(used) as fonts:
            book, warnings = typst.compile_with_warnings(written, **look, **fonts)
            if any(CIRCLE in warning.message for warning in warnings):
                look["sys_inputs"] = {"steady": "yes"}
                book, _ = typst.compile_with_warnings(written, **look, **fonts)
    except typst.TypstError as error:
        hints = "; ".join(error.hints)
        raise MachineError(f"Typst refuses the report: {error.message} {hints}".strip()) from None
    return bytes(book)
