"""Read the fonts and the alternative texts of a PDF."""

from collections.abc import Iterator
from typing import Any, cast

import pypdf


def embedded_fonts(book: pypdf.PdfReader) -> set[str]:
    """The names of the fonts of a book, each of which is embedded."""
    fonts = [
        font.get_object()["/DescendantFonts"][0].get_object()
        for page in cast("list[Any]", book.pages)
        for font in page["/Resources"].get("/Font", {}).values()
    ]
    assert all({"/FontFile2", "/FontFile3"} & set(font["/FontDescriptor"]) for font in fonts)
    return {str(font["/BaseFont"]).partition("+")[2] for font in fonts}


def alternatives(book: pypdf.PdfReader) -> list[str]:
    def walk(item: Any) -> Iterator[str]:
        item = item.get_object() if hasattr(item, "get_object") else item
        if isinstance(item, list):
            for each in item:
                yield from walk(each)
        elif isinstance(item, dict):
            if "/Alt" in item:
                yield str(item["/Alt"])
            yield from walk(item.get("/K", []))

    return [*walk(book.root_object["/StructTreeRoot"])]
