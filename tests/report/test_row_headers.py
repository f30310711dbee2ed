"""Row headers of the PDF: what a screen reader says with a number."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pypdf
import pytest
import typst

from helpline_report.report.row_headers import mark_row_headers

TABLE = """\
#set document(title: "t")
#table(columns: 3, table.header([Kanaal], [2017], [2016]), [Telefoon], [5], [6], [E-mail], [7], [8])
"""


@pytest.fixture(scope="module")
def book() -> bytes:
    return bytes(typst.compile(TABLE.encode(), format="pdf", pdf_standards=["ua-1"]))


def rows(book: bytes) -> list[list[Any]]:
    """The cells of each row of the tables, as the structure of a PDF has them."""

    def walk(element: Any) -> Iterator[list[Any]]:
        inside = element.get("/K", [])
        inside = inside if isinstance(inside, list) else [inside]
        children = [each for child in inside if isinstance(each := child.get_object(), dict)]
        children = [child for child in children if "/S" in child]
        if element.get("/S") == "/TR":
            yield children
        for child in children:
            yield from walk(child)

    return [*walk(pypdf.PdfReader(io.BytesIO(book)).trailer["/Root"]["/StructTreeRoot"])]


def test_the_first_cell_is_the_header_of_its_row(book: bytes) -> None:
    """Rows of the head stay heads of columns."""
    kinds = [[cell["/S"] for cell in row] for row in rows(mark_row_headers(book))]
    assert kinds == [["/TH"] * 3, ["/TH", "/TD", "/TD"], ["/TH", "/TD", "/TD"]]


def test_each_cell_names_its_row_and_its_column(book: bytes) -> None:
    """By the names that the header cells have."""
    head, *body = rows(mark_row_headers(book))
    for first, *cells in body:
        assert first["/A"][0]["/Scope"] == "/Row"
        for cell, column in zip(cells, head[1:], strict=True):
            assert cell["/A"][0]["/Headers"] == [column["/ID"], first["/ID"]]


def test_the_same_bytes(book: bytes) -> None:
    """Whenever it is marked."""
    assert mark_row_headers(book) == mark_row_headers(book)


def test_a_document_without_tables_stays_as_it_is() -> None:
    """There is nothing to mark."""
    plain = bytes(typst.compile(b'#set document(title: "t")\nEen zin.', format="pdf"))
    assert mark_row_headers(plain) == plain
