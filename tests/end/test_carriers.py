"""The search for what leaks finds a word in whatever carries it: it would find a leak."""

import base64
import io
import struct
import zipfile
import zlib
from pathlib import Path

import pypdf
import typst
import xlsxwriter

from tests.end.carriers import PNG, leaks

WORD = "kanarie"
PLANTED = "Kanariepiet"
TEXT = f"de vogel heet {PLANTED} en zingt"


def _png(kind: bytes, chunk: bytes) -> bytes:
    whole = kind + chunk
    return PNG + struct.pack(">I", len(chunk)) + whole + struct.pack(">I", zlib.crc32(whole))


def _zipped(*, comment: bool) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        if comment:
            archive.comment = TEXT.encode()
        else:
            archive.writestr("part.xml", TEXT)
    return content.getvalue()


def _workbook(**properties: str) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        book.set_properties(properties)
        book.add_worksheet().write_string(0, 0, "niets" if properties else TEXT)
    return content.getvalue()


def _page() -> bytes:
    return bytes(typst.compile(TEXT.encode(), format="pdf"))


def _information() -> bytes:
    book, content = pypdf.PdfWriter(), io.BytesIO()
    book.add_blank_page(width=9, height=9)
    book.add_metadata({"/Author": TEXT})
    book.write(content)
    return content.getvalue()


B64 = base64.b64encode(TEXT.encode()).decode()
CARRIERS: dict[str, bytes] = {
    "plain.txt": TEXT.encode(),
    "other-case.txt": TEXT.upper().encode(),
    "utf-16.txt": TEXT.encode("utf-16"),
    "utf-16-be.txt": TEXT.encode("utf-16-be"),
    "percent.html": "".join(f"%{ord(letter):02X}" for letter in TEXT).encode(),
    "entities.html": "".join(f"&#{ord(letter)};" for letter in TEXT).encode(),
    "hexadecimal-entities.html": "".join(f"&#x{ord(letter):x};" for letter in TEXT).encode(),
    "json.json": "".join(f"\\u{ord(letter):04x}" for letter in TEXT).encode(),
    "style.css": "".join(f"\\{ord(letter):x} " for letter in TEXT).encode(),
    "base64.txt": f"x {B64} y".encode(),
    "data-uri.html": f'<img src="data:image/svg+xml;base64,{B64}">'.encode(),
    "data-uri-percent.css": b"url(data:image/svg+xml,%6B%61%6E%61%72%69%65piet)",
    "data-uri-twice.html": b'<img src="data:image/svg+xml;base64,'
    + base64.b64encode(f'<image href="data:text/plain;base64,{B64}"/>'.encode())
    + b'">',
    "archive.zip": _zipped(comment=False),
    "comment.zip": _zipped(comment=True),
    "cell.xlsx": _workbook(),
    "author.xlsx": _workbook(author=TEXT),
    "page.pdf": _page(),
    "information.pdf": _information(),
    "text.png": _png(b"tEXt", b"Author\0" + TEXT.encode()),
    "compressed-text.png": _png(b"zTXt", b"Author\0\0" + zlib.compress(TEXT.encode())),
    "utf-8-text.png": _png(b"iTXt", b"Author\0\0\0\0\0" + TEXT.encode()),
    "compressed-utf-8-text.png": _png(b"iTXt", b"Author\0\1\0\0\0" + zlib.compress(TEXT.encode())),
}


def test_a_planted_word_is_found(tmp_path: Path) -> None:
    """In each carrier, by the whole word that was planted."""
    for name, content in CARRIERS.items():
        (tmp_path / name).write_bytes(content)
    words = leaks(tmp_path, WORD)
    assert [name for name in CARRIERS if PLANTED.lower() not in words.get(name, ())] == []


def test_a_word_in_a_name_is_found(tmp_path: Path) -> None:
    """Of a file, and of a folder that holds nothing."""
    (tmp_path / f"{PLANTED}.csv").touch()
    (tmp_path / "kanariegeel").mkdir()
    assert leaks(tmp_path, WORD) == {
        f"{PLANTED}.csv": ["kanariepiet"],
        "kanariegeel": ["kanariegeel"],
    }
