"""A workbook's package: a zip that is opened only if it is whole, small enough and inert."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NoReturn
from xml.parsers import expat

CHUNK = 1 << 16
# A year of half a million contacts in ten columns is 250 MB of XML; repetitive sheets shrink to a
# fiftieth. What is far beyond that is no export.
INFLATED = 1 << 30
RATIO, RATIO_FROM = 250, 1 << 26
PARTS = 10_000
# The longest text of a cell is 32 767 characters; a text is told in pieces of up to 64 KiB.
PIECES = 64
ENCRYPTED = 0x1
PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}

Attributes = dict[str, str]
Start = Callable[[Attributes], None]
End = Callable[[], None]

MALFORMED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    RuntimeError,  # of zipfile: a way of packing that it doesn't know
    UnicodeError,
    OverflowError,
    LookupError,
    ValueError,
    expat.ExpatError,
)


class UnfitError(Exception):
    """A workbook that can't be used as it stands: the code of the fault, and what is wrong."""

    def __init__(self, code: str, what: str, *, expected: str = "", next_step: str = "") -> None:
        super().__init__(what)
        self.code = code
        self.what = what
        self.expected = expected
        self.next_step = next_step


def damaged(what: str = "the workbook is damaged or cut off") -> UnfitError:
    """The fault of a package that isn't whole (B09)."""
    return UnfitError("B09", what, next_step="copy or export the file again")


def too_large(what: str) -> UnfitError:
    """The fault of a package that no export needs (B11)."""
    step = "export the rows alone, or as CSV in UTF-8"
    return UnfitError("B11", what, next_step=step)


def active(what: str) -> UnfitError:
    """The fault of a workbook that does or fetches something (B12)."""
    step = "save it as a plain workbook that holds nothing but the rows"
    return UnfitError("B12", what, expected="values only", next_step=step)


@dataclass(frozen=True)
class Limits:
    """How much a package may hold: bytes of all parts together, and parts."""

    inflated: int = INFLATED
    parts: int = PARTS


@dataclass(frozen=True)
class Package:
    """The parts of a package by name; names differ by more than case."""

    archive: zipfile.ZipFile
    parts: Mapping[str, zipfile.ZipInfo]

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self.parts

    def names(self) -> list[str]:
        """The names of all parts, in lower case."""
        return list(self.parts)

    def parse(self, name: str, elements: Elements) -> None:
        """Tell `elements` what stands in an XML part, from first to last.

        Raises:
            UnfitError: there is no such part, it is damaged, or it has a document type (B12).
        """
        info = self.parts.get(name.casefold())
        if info is None:
            raise damaged("a part of the workbook is missing")
        parser = elements.parser()
        with _whole(), self.archive.open(info) as source:
            while chunk := source.read(CHUNK):
                parser.Parse(chunk, False)  # noqa: FBT003 - expat takes no keyword
                if len(elements.text) > PIECES:
                    raise too_large("a cell holds more text than a cell can")
            parser.Parse(b"", True)  # noqa: FBT003

    def read(self, name: str) -> bytes:
        """The first bytes of a part, as many as say what it is."""
        with _whole(), self.archive.open(self.parts[name.casefold()]) as source:
            return source.read(CHUNK)


class _ByTag(dict[str, Callable[..., None] | None]):
    """What is done at an element, by its tag as the parser says it: looked up once a tag."""

    def __init__(self, spaces: Mapping[str, str]) -> None:
        super().__init__()
        self.named: dict[str, Callable[..., None]] = {}
        self._spaces = spaces

    def __missing__(self, tag: str) -> Callable[..., None] | None:
        space, _, local = tag.rpartition(" ")
        prefix = self._spaces.get(space)
        self[tag] = None if prefix is None else self.named.get(prefix + local)
        return self[tag]


class Elements:
    """What is done where elements begin and end; `spaces` are the prefixes of their namespaces.

    `text` holds the characters since the last element began. What stood before it goes on to
    `flow`, where a text with elements in it wants to be kept whole.
    """

    def __init__(self, spaces: Mapping[str, str]) -> None:
        self.text: list[str] = []
        self.flow: list[str] | None = None
        self._starts = _ByTag(spaces)
        self._ends = _ByTag(spaces)

    def on(self, name: str, start: Start | None = None, end: End | None = None) -> None:
        """Say what is done where an element begins and where it ends."""
        if start is not None:
            self._starts.named[name] = start
        if end is not None:
            self._ends.named[name] = end

    def parser(self) -> expat.XMLParserType:
        """A parser that does what was said; a document type is refused where it begins."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.buffer_size = CHUNK
        text, starts, ends = self.text, self._starts, self._ends

        def start(tag: str, attributes: Attributes) -> None:
            if self.flow is not None:
                self.flow.extend(text)
            text.clear()
            begin = starts[tag]
            if begin is not None:
                begin(attributes)

        def end(tag: str) -> None:
            finish = ends[tag]
            if finish is not None:
                finish()

        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = text.append
        parser.StartDoctypeDeclHandler = _refuse_doctype
        return parser


def open_package(raw: bytes, limits: Limits = Limits()) -> Package:
    """The package in `raw`, of which nothing was inflated but the beginnings of XML parts.

    Raises:
        UnfitError: it is damaged (B09), encrypted (B08), larger than the limits (B11), or a part
            has a document type (B12).
    """
    with _whole():
        archive = zipfile.ZipFile(io.BytesIO(raw))
    infos = archive.infolist()
    if len(infos) > limits.parts:
        raise too_large(f"the workbook has {len(infos)} parts, more than {limits.parts}")
    # zipfile inflates no part further than its declared size, so that these are the true ones.
    inflated = sum(info.file_size for info in infos)
    if inflated > limits.inflated:
        raise too_large(f"unpacked, the workbook is larger than {limits.inflated >> 20} MB")
    if inflated > max(RATIO_FROM, RATIO * len(raw)):
        raise too_large(f"unpacked, the workbook is more than {RATIO} times as large")
    package = Package(archive, {_plain(info.filename): info for info in infos})
    if len(package.parts) < len(infos):
        raise damaged("the workbook holds a part twice")
    if any(info.flag_bits & ENCRYPTED for info in infos):
        raise encrypted()
    if any(info.compress_type not in PACKED for info in infos):
        raise damaged("the workbook is packed in a way that no spreadsheet knows")
    for name in package.parts:
        if name.endswith((".xml", ".rels", ".vml", ".rdf")):
            _look_at_beginning(package, name)
    return package


def _plain(name: str) -> str:
    """A part's name as it is looked up: without case, and with the slashes of every system."""
    return name.replace("\\", "/").lstrip("/").casefold()


def encrypted() -> UnfitError:
    """The fault of a workbook that only a password opens (B08)."""
    step = "save it without a password, in a folder that only those who need it can read"
    return UnfitError("B08", "the file is an encrypted workbook", next_step=step)


class _SeenEnoughError(Exception):
    """The first element begins: no document type can follow."""


def _look_at_beginning(package: Package, name: str) -> None:
    """Refuse a document type, which stands before the first element or nowhere.

    What isn't XML, such as a part that is encrypted, is left to who reads it.
    """
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = _seen_enough
    with _whole(), package.archive.open(package.parts[name]) as source:
        try:
            while chunk := source.read(CHUNK):
                parser.Parse(chunk, False)  # noqa: FBT003
        except (_SeenEnoughError, expat.ExpatError, LookupError):
            return


def _refuse_doctype(*_: object) -> NoReturn:
    raise active("a document type declaration (DOCTYPE) in the workbook")


def _seen_enough(*_: object) -> NoReturn:
    raise _SeenEnoughError


@contextmanager
def _whole() -> Iterator[None]:
    """What the zip and XML readers raise for a broken file is the file's fault."""
    try:
        yield
    except MALFORMED as error:
        raise damaged() from error
