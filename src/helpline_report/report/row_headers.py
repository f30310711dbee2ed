"""Mark the first cell of each row of a PDF's tables as the header of that row.

Typst marks the heads of columns alone, so that a screen reader would say a number without its row.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, NameTree, Object, String


def mark_row_headers(book: bytes) -> bytes:
    """The same PDF, whose rows have a header that each cell of the row names.

    Of a row the first cell becomes a `TH` with the scope `Row` (ISO 32000-1, 14.8.5.7). What stands
    on the pages stays as it is; the same PDF gives the same bytes.
    """
    with pikepdf.open(io.BytesIO(book)) as pdf:
        tree = pdf.Root.StructTreeRoot
        if Name.IDTree not in tree:  # no table has a head
            return book
        names = NameTree(tree.IDTree)
        for number, row in enumerate(_body_rows(tree)):
            head, *cells = _children(row)
            name = f"row-{number}"
            head.S, head.ID = Name.TH, String(name)
            _table_attributes(head).Scope = Name.Row
            names[name] = head
            for cell in cells:
                _table_attributes(cell).Headers.append(String(name))
        marked = io.BytesIO()
        pdf.save(
            marked,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
        return marked.getvalue()


def _body_rows(element: Object) -> Iterator[Object]:
    for child in _children(element):
        if child.S == "/TR" and element.S == "/TBody":
            yield child
        else:
            yield from _body_rows(child)


def _children(element: Object) -> list[Object]:
    """The elements of the structure inside another; what else is there are pieces of a page."""
    inside = element.get(Name.K, Array())
    children = inside if isinstance(inside, Array) else (inside,)
    return [child for child in children if isinstance(child, Dictionary) and Name.S in child]


def _table_attributes(cell: Object) -> Object:
    """What a cell says of its place in the table: Typst writes it for every cell."""
    return next(each for each in cell.A if each.O == "/Table")
