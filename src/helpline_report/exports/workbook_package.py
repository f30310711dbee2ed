"""Open the zip of a workbook only if it is whole, small enough and inert."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NoReturn
from xml.parsers import expat

from helpline_report.exports.faults import FaultError

CHUNK = 1 << 16
# A year of half a million contacts in ten columns is 250 MB of XML; repetitive sheets shrink to a
# fiftieth. What is far beyond that is no export.
INFLATED = 1 << 29
RATIO, RATIO_FROM = 250, 1 << 24
# A comment or a drawing in a cell is twenty elements deep.
DEEPEST = 200
PARTS = 10_000
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
# Of a part's path, what says that a workbook does, fetches or embeds something.
ACTIVE_PARTS = {
    "vbaproject": "macros (VBA)",
    "xl/macrosheets/": "macros (a macro sheet)",
    "xl/dialogsheets/": "macros (a dialog sheet)",
    "xl/externallinks/": "links to other files or programs",
    "xl/connections.xml": "a connection to other data",
    "xl/querytables/": "a connection to other data",
    "xl/embeddings/": "embedded objects",
    "xl/activex/": "embedded objects (ActiveX)",
    "customui/": "a ribbon of its own",
}
# Of a relation's type, what says the same wherever its part stands.
ACTIVE_TYPES = {
    "/vbaProject": "macros (VBA)",
    "/xlMacrosheet": "macros (a macro sheet)",
    "/xlIntlMacrosheet": "macros (a macro sheet)",
    "/dialogsheet": "macros (a dialog sheet)",
    "/externalLink": "links to other files or programs",
    "/connections": "a connection to other data",
    "/queryTable": "a connection to other data",
    "/oleObject": "embedded objects",
    "/package": "embedded objects",
    "/control": "embedded objects (ActiveX)",
}
ODS_SCRIPTS = ("basic/", "scripts/", "dialogs/")
# An office program writes these, empty, where there is no macro.
NO_SCRIPTS = ("script-lc.xml", "script-lb.xml", "dialog-lc.xml", "dialog-lb.xml")
ODS_CHART = "application/vnd.oasis.opendocument.chart"


@dataclass(frozen=True)
class Limits:
    """How much a package may hold: bytes of all parts together, and parts."""

    inflated: int = INFLATED
    parts: int = PARTS


class _ByLocalName(dict[str, Start | None]):
    """What is done at an element, by its tag as it stands or else without its prefix."""

    def __missing__(self, tag: str) -> Start | None:
        self[tag] = self.get(tag.rpartition(":")[2])
        return self[tag]


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

    def parse(
        self,
        name: str,
        starts: Mapping[str, Start],
        text: Callable[[str], None] | None = None,
        ends: Mapping[str, End] | None = None,
    ) -> None:
        """Call `starts` where elements begin, by their tag, `text` with what stands in them.

        `ends` are called where elements end, by their tag as it stands.

        A tag in `starts` has its prefix, or none: then any prefix will do.

        Raises:
            FaultError: there is no such part, it is damaged, nested too deeply (B11), or it has a
                document type (B12).
        """
        info = self.parts.get(name.casefold())
        if info is None:
            raise FaultError("B09", "part_missing")
        by_tag = _ByLocalName(starts)

        depth = 0

        def start(tag: str, attributes: Attributes) -> None:
            nonlocal depth
            depth += 1
            if depth > DEEPEST:
                raise FaultError("B11", "depth")
            begin = by_tag[tag]
            if begin is not None:
                begin(attributes)

        def end(tag: str) -> None:
            nonlocal depth
            depth -= 1
            if ends is not None and tag in ends:
                ends[tag]()

        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.buffer_size = CHUNK
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = _refuse_doctype
        with _whole(), self.archive.open(info) as source:
            while chunk := source.read(CHUNK):
                parser.Parse(chunk, False)  # noqa: FBT003 - expat takes no keyword
            parser.Parse(b"", True)  # noqa: FBT003

    def read(self, name: str) -> bytes:
        """The first bytes of a part, as many as say what it is."""
        with _whole(), self.archive.open(self.parts[name.casefold()]) as source:
            return source.read(CHUNK)

    def relations(self, name: str) -> dict[str, tuple[str, str, str]]:
        """The relations that a part holds: type, target and mode, by their id."""
        relations: dict[str, tuple[str, str, str]] = {}

        def relation(attributes: Attributes) -> None:
            kind, target = attributes.get("Type", ""), attributes.get("Target", "")
            mode = attributes.get("TargetMode", "")
            relations[attributes.get("Id", "")] = (kind, target, mode)

        self.parse(name, {"Relationship": relation})
        return relations

    def related(self, part: str, ending: str) -> dict[str, str]:
        """The parts that a part relates to by a type with this ending, by the relation's id."""
        folder, name = posixpath.split(part)
        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        if relations not in self:
            return {}
        return {
            key: posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            for key, (kind, target, _) in self.relations(relations).items()
            if kind.endswith(ending)
        }


def open_package(raw: bytes, limits: Limits = Limits()) -> Package:
    """The package in `raw`, of which nothing was inflated but the beginnings of XML parts.

    Raises:
        FaultError: it is damaged (B09), encrypted (B08), larger than the limits (B11), or a part
            has a document type (B12).
    """
    with _whole():
        archive = zipfile.ZipFile(io.BytesIO(raw))
    infos = archive.infolist()
    if len(infos) > limits.parts:
        raise FaultError("B11", "parts", parts=len(infos), most=limits.parts)
    # zipfile inflates no part further than its declared size, so that these are the true ones.
    inflated = sum(info.file_size for info in infos)
    if inflated > limits.inflated:
        raise FaultError("B11", "inflated", most=limits.inflated >> 20)
    if inflated > max(RATIO_FROM, RATIO * len(raw)):
        raise FaultError("B11", "ratio", most=RATIO)
    package = Package(archive, {_plain(info.filename): info for info in infos})
    if len(package.parts) < len(infos):
        raise FaultError("B09", "part_twice")
    if any(info.flag_bits & ENCRYPTED for info in infos):
        raise FaultError("B08", "encrypted")
    if any(info.compress_type not in PACKED for info in infos):
        raise FaultError("B09", "packed")
    for name in package.parts:
        if name.endswith((".xml", ".rels", ".vml", ".rdf")):
            _look_at_beginning(package, name)
    return package


def refuse_active_xlsx(package: Package) -> None:
    """Refuse a workbook that does, fetches or embeds something, but for links to click (B12).

    Raises:
        FaultError: B08 (a binary workbook), B09, B12.
    """
    for name in package.names():
        for mark, what in ACTIVE_PARTS.items():
            if name.startswith(mark) or (mark == "vbaproject" and mark in name):
                raise FaultError("B12", active=what)
        if name.endswith(".rels"):
            _refuse_active_relations(package, name)
    kinds: list[str] = []

    def content_type(attributes: Attributes) -> None:
        kinds.append(attributes.get("ContentType", "").casefold())

    package.parse("[Content_Types].xml", {"Override": content_type, "Default": content_type})
    if any("macroenabled" in kind for kind in kinds):
        raise FaultError("B12", active="macros (or room for them)")
    if any("sheet.binary" in kind for kind in kinds):
        raise FaultError("B08", "binary")


def _refuse_active_relations(package: Package, name: str) -> None:
    for kind, _, mode in package.relations(name).values():
        what = next((what for end, what in ACTIVE_TYPES.items() if kind.endswith(end)), "")
        if mode.casefold() == "external" and not kind.endswith("/hyperlink"):
            what = what or "links to other files or programs"
        if what:
            raise FaultError("B12", active=what)


def refuse_active_ods(package: Package) -> None:
    """Refuse a workbook that is encrypted (B08), or does or embeds something (B12).

    Raises:
        FaultError: B08, B09, B12.
    """
    kinds: dict[str, str] = {}

    def entry(attributes: Attributes) -> None:
        path = attributes.get("manifest:full-path", "")
        kinds[path] = attributes.get("manifest:media-type", "")

    def encryption(_: Attributes) -> None:
        raise FaultError("B08", "encrypted")

    starts = {"manifest:file-entry": entry, "manifest:encryption-data": encryption}
    package.parse("META-INF/manifest.xml", starts)
    for name in package.names():
        if name.startswith(ODS_SCRIPTS) and not name.endswith((*NO_SCRIPTS, "/")):
            raise FaultError("B12", active="macros")
    for path, kind in kinds.items():
        document = path.endswith("/") and path != "/" and "opendocument" in kind
        if document and kind != ODS_CHART:
            raise FaultError("B12", active="embedded objects")


def _plain(name: str) -> str:
    """A part's name as it is looked up: without case, and with the slashes of every system."""
    return name.replace("\\", "/").lstrip("/").casefold()


class _FirstElement(Exception):
    """The first element begins: no document type can follow."""


def _look_at_beginning(package: Package, name: str) -> None:
    """Refuse a document type, which stands before the first element or nowhere.

    What isn't XML, such as a part that is encrypted, is left to who reads it.
    """
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = _stop
    with _whole(), package.archive.open(package.parts[name]) as source:
        try:
            while chunk := source.read(CHUNK):
                parser.Parse(chunk, False)  # noqa: FBT003
        except (_FirstElement, expat.ExpatError, LookupError):
            return


def _refuse_doctype(*_: object) -> NoReturn:
    raise FaultError("B12", active="a document type declaration (DOCTYPE)")


def _stop(*_: object) -> NoReturn:
    raise _FirstElement


@contextmanager
def _whole() -> Iterator[None]:
    """What the zip and XML readers raise for a broken file is the file's fault."""
    try:
        yield
    except MALFORMED as error:
        raise FaultError("B09", "workbook") from error
