"""Every text that a file can carry: compressed, encoded, quoted, in the parts of other files."""

import base64
import binascii
import html
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pypdf

DEEPEST = 6
PNG = b"\x89PNG\r\n\x1a\n"
PACKED = (b"PK\x03\x04", b"%PDF", PNG)
DATA_URI = re.compile(rb"""data:[\w/+.;=-]*,([^"'\s)>]*)""")
# Long enough to hold a word; a hash in hexadecimals is no base64, but does no harm.
BASE64 = re.compile(rb"[A-Za-z0-9+/]{12,}={0,2}")
ESCAPED = re.compile(rb"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})")
CSS_ESCAPED = re.compile(rb"\\([0-9a-fA-F]{1,6}) ?")


def carried(path: Path) -> Iterator[bytes]:
    """What a file carries: its name, its bytes, and whatever can be made of them."""
    yield path.name.encode()
    waiting = [(path.read_bytes(), 0)]
    while waiting:
        content, depth = waiting.pop()
        yield content
        waiting += [(inner, depth + 1) for inner in _inside(content, depth)]


def _inside(content: bytes, depth: int) -> list[bytes]:
    """What can be made of a content."""
    if depth == DEEPEST or not content:
        return []
    inside = (*containers(content), *_rewritten(content))
    return [inner for inner in inside if inner and inner != content]


def containers(content: bytes) -> Iterator[bytes]:
    """The parts of an archive, a book, a picture or a compressed stream."""
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield archive.comment
            for part in archive.infolist():
                yield from (part.filename.encode(), part.comment, part.extra, archive.read(part))
    elif content.startswith(b"%PDF"):
        yield from _book(content)
    elif content.startswith(PNG):
        yield from _picture(content)
    elif content[:1] == b"\x78":
        yield from _inflated(content)


def _inflated(content: bytes) -> Iterator[bytes]:
    try:
        yield zlib.decompress(content)
    except zlib.error:
        return


def _book(content: bytes) -> Iterator[bytes]:
    """The objects of a PDF, those in streams of objects too; its streams and its pages' text."""
    book = pypdf.PdfReader(io.BytesIO(content))
    numbers = {*book.xref_objStm, *(number for each in book.xref.values() for number in each)}
    for number in sorted(numbers):
        item = book.get_object(number)
        if item is None:
            continue
        yield repr(item).encode()
        if isinstance(item, pypdf.generic.StreamObject):
            yield item.get_data()
    for page in book.pages:
        yield page.extract_text().encode()


def _picture(content: bytes) -> Iterator[bytes]:
    """The chunks of a PNG that hold no pixels, and what is compressed in them."""
    at = len(PNG)
    while at + 8 <= len(content):
        (length,), kind = struct.unpack(">I", content[at : at + 4]), content[at + 4 : at + 8]
        chunk = content[at + 8 : at + 8 + length]
        at += length + 12
        if kind != b"IDAT":
            yield chunk
        if kind in (b"zTXt", b"iTXt", b"iCCP"):
            for place in range(len(chunk)):
                if chunk[place : place + 1] == b"\x78":
                    yield from _inflated(chunk[place:])


def _rewritten(content: bytes) -> Iterator[bytes]:
    """The same text as a page, an address, a script, a style or another alphabet writes it."""
    if content.startswith(PACKED):
        return
    yield from _from_utf_16(content)
    if b"%" in content:
        yield unquote_to_bytes(content)
    if b"&" in content:
        yield html.unescape(content.decode("utf-8", "ignore")).encode("utf-8", "ignore")
    if b"\\" in content:
        yield ESCAPED.sub(_letter, content)
        yield CSS_ESCAPED.sub(_letter, content)
    for match in DATA_URI.finditer(content):
        yield unquote_to_bytes(match[1])
    for match in BASE64.finditer(content):
        yield from _from_base64(match[0].rstrip(b"="))


def _from_utf_16(content: bytes) -> Iterator[bytes]:
    if content.count(b"\0") > len(content) // 4:
        for encoding in ("utf-16-le", "utf-16-be"):
            for start in (0, 1):
                yield content[start:].decode(encoding, "ignore").encode()


def _letter(match: re.Match[bytes]) -> bytes:
    number = int(next(group for group in match.groups() if group), 16)
    return chr(number).encode("utf-8", "ignore") if number < 0x110000 else b""


def _from_base64(text: bytes) -> Iterator[bytes]:
    """What a run of letters says in base64, if it is any: text, or one of the kinds above."""
    for start in range(4 if len(text) < 400 else 1):
        part = text[start:]
        try:
            decoded = base64.b64decode(part + b"=" * (-len(part) % 4))
        except (binascii.Error, ValueError):
            continue
        legible = sum(32 <= byte < 127 for byte in decoded) > len(decoded) * 0.6
        if legible or decoded.startswith((*PACKED, b"\x78")):
            yield decoded


def leaks(folder: Path, word: str) -> dict[str, list[str]]:
    """The words that begin with `word` (a pattern) and that a folder carries, by the file's path.

    In small letters, whatever the case in which they stand there.
    """
    sought = re.compile(rb"(?:" + word.encode() + rb")[a-z]*", re.IGNORECASE)
    # Pages hold the same fonts and pictures: what is the same is taken apart once.
    known: dict[tuple[bytes, int], frozenset[str]] = {}

    def words_in(content: bytes, depth: int) -> frozenset[str]:
        key = (sha256(content).digest(), depth)
        if key not in known:
            own = frozenset(match.decode().lower() for match in sought.findall(content))
            known[key] = own.union(*(words_in(each, depth + 1) for each in _inside(content, depth)))
        return known[key]

    words_of: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        words = words_in(name.encode(), DEEPEST)
        words |= words_in(path.read_bytes(), 0) if path.is_file() else frozenset()
        if words:
            words_of[name] = sorted(words)
    return words_of
