"""Open the zip of a workbook only if it is whole, small enough and inert."""

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import NoReturn
from xml.parsers import expat

from helpline_report.exports.faults import FaultError
from helpline_report.parameters.yaml import read_resource

CHUNK = 1 << 16
# A year of half a million contacts in ten columns is 250 MB of XML; repetitive sheets shrink to a
# fiftieth. What is far beyond that is no export.
INFLATED, PARTS = 1 << 29, 10_000
RATIO, RATIO_FROM = 250, 1 << 24
# A comment or a drawing in a cell is twenty elements deep.
DEEPEST = 200
ENCRYPTED = 0x1
PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
Attributes = dict[str, str]
Start = Callable[[Attributes], object]
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
LINKS, OBJECTS = "links to other files or programs", "embedded objects"
# What a workbook does, fetches or embeds.
_KINDS: Mapping[str, Mapping[str, str]] = read_resource(__package__, "file_kinds.yaml").data
ACTIVE, ACTIVE_ELEMENTS = _KINDS["xlsx_parts"], _KINDS["ods_elements"]
ODS_SCRIPTS = ("basic/", "scripts/", "dialogs/")
# An office program writes these, empty, where there is no macro.
NO_SCRIPTS = ("script-lc.xml", "script-lb.xml", "dialog-lc.xml", "dialog-lb.xml", "/")
ODS_CHART = "application/vnd.oasis.opendocument.chart"


@dataclass(frozen=True)
class Package:
    """The parts of a package by name; names differ by more than case."""

    archive: zipfile.ZipFile
    parts: Mapping[str, zipfile.ZipInfo]

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self.parts

    def read(self, name: str) -> bytes:
        """The first bytes of a part, as many as say what it is."""
        with _whole(), self.archive.open(self.parts[name.casefold()]) as source:
            return source.read(CHUNK)

    def parse(
        self,
        name: str,
        starts: Mapping[str, Start],
        take_text: Callable[[str, Sequence[str]], object] | None = None,
    ) -> None:
        """Call `starts` where elements begin, `take_text` with a text and the elements it is in.

        A tag in `starts` has its prefix, or none: then any prefix will do.

        Raises:
            FaultError: there is no such part, it is damaged, nested too deeply (B11), or it has a
                document type (B12).
        """
        if name not in self:
            raise FaultError("B09", "part_missing")
        elements: list[str] = []

        def start(tag: str, attributes: Attributes) -> None:
            elements.append(tag)
            if len(elements) > DEEPEST:
                raise FaultError("B11", "depth")
            begin = starts.get(tag) or starts.get(tag.rpartition(":")[2])
            if begin is not None:
                begin(attributes)

        parser = expat.ParserCreate()
        parser.buffer_text, parser.buffer_size = True, CHUNK
        parser.StartElementHandler = start
        parser.EndElementHandler = lambda _: elements.pop()
        if take_text is not None:
            parser.CharacterDataHandler = lambda text: take_text(text, elements)
        parser.StartDoctypeDeclHandler = _refuse_doctype
        with _whole(), self.archive.open(self.parts[name.casefold()]) as source:
            while chunk := source.read(CHUNK):
                parser.Parse(chunk, False)  # noqa: FBT003 - expat takes no keyword
            parser.Parse(b"", True)  # noqa: FBT003

    def relations(self, name: str) -> dict[str, Attributes]:
        """The relations that a part holds, by their id."""
        relations: dict[str, Attributes] = {}
        take = {"Relationship": lambda each: relations.update({each.get("Id", ""): each})}
        self.parse(name, take)
        return relations

    def related(self, part: str, ending: str) -> dict[str, str]:
        """The parts that a part relates to by a type with this ending, by the relation's id."""
        folder, name = posixpath.split(part)
        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        if relations not in self:
            return {}
        targets = {
            key: posixpath.join("/", folder, relation.get("Target", ""))
            for key, relation in self.relations(relations).items()
            if relation.get("Type", "").endswith(ending)
        }
        return {key: posixpath.normpath(path).lstrip("/") for key, path in targets.items()}


def open_package(raw: bytes, *, inflated: int = INFLATED, parts: int = PARTS) -> Package:
    """The package in `raw`, of which nothing was inflated but the beginnings of XML parts.

    `inflated` (bytes of all parts together) and `parts` are the most that it may hold.

    Raises:
        FaultError: it is damaged (B09), encrypted (B08), larger than it may be (B11), or a part
            has a document type (B12).
    """
    with _whole():
        archive = zipfile.ZipFile(io.BytesIO(raw))
    infos = archive.infolist()
    if len(infos) > parts:
        raise FaultError("B11", "parts", parts=len(infos), most=parts)
    # zipfile inflates no part further than its declared size, so that these are the true ones.
    size = sum(info.file_size for info in infos)
    if size > inflated:
        raise FaultError("B11", "inflated", most=inflated >> 20)
    if size > max(RATIO_FROM, RATIO * len(raw)):
        raise FaultError("B11", "ratio", most=RATIO)
    # As names are looked up: without case, and with the slashes of every system.
    named = {info.filename.replace("\\", "/").lstrip("/").casefold(): info for info in infos}
    if len(named) < len(infos):
        raise FaultError("B09", "part_twice")
    if any(info.flag_bits & ENCRYPTED for info in infos):
        raise FaultError("B08", "encrypted")
    if any(info.compress_type not in PACKED for info in infos):
        raise FaultError("B09", "packed")
    package = Package(archive, named)
    for name in named:
        if name.endswith((".xml", ".rels", ".vml", ".rdf")):
            # A document type stands before the first element. What isn't XML, such as a part that
            # is encrypted, is left to who reads it.
            parser = expat.ParserCreate()
            parser.StartDoctypeDeclHandler = _refuse_doctype
            with suppress(expat.ExpatError, LookupError):
                parser.Parse(package.read(name), False)  # noqa: FBT003
    return package


def refuse_active_xlsx(package: Package) -> None:
    """Refuse a workbook that does, fetches or embeds something, but for links to click (B12).

    Raises:
        FaultError: B08 (a binary workbook), B09, B12.
    """
    for name in package.parts:
        what = _find_active(name.removeprefix("xl/"))
        for relation in package.relations(name).values() if name.endswith(".rels") else ():
            kind = relation.get("Type", "").rpartition("/")[2].casefold()
            external = relation.get("TargetMode", "").casefold() == "external"
            links = LINKS if external and kind != "hyperlink" else ""
            what = what or _find_active(kind) or links
        if what:
            raise FaultError("B12", active=what)
    kinds: list[Attributes] = []
    package.parse("[Content_Types].xml", {"Override": kinds.append, "Default": kinds.append})
    types = " ".join(kind.get("ContentType", "").casefold() for kind in kinds)
    if "macroenabled" in types:
        raise FaultError("B12", active="macros (or room for them)")
    if "sheet.binary" in types:
        raise FaultError("B08", "binary")


def _find_active(name: str) -> str:
    return next((what for start, what in ACTIVE.items() if name.startswith(start)), "")


def refuse_active_ods(package: Package) -> None:
    """Refuse a workbook that is encrypted (B08), or does or embeds something (B12).

    Raises:
        FaultError: B08, B09, B12.
    """
    entries: list[Attributes] = []
    encrypted: list[Attributes] = []
    starts = {"file-entry": entries.append, "encryption-data": encrypted.append}
    package.parse("META-INF/manifest.xml", starts)
    if encrypted:
        raise FaultError("B08", "encrypted")
    if any(
        part.startswith(ODS_SCRIPTS) and not part.endswith(NO_SCRIPTS) for part in package.parts
    ):
        raise FaultError("B12", active="macros")
    for entry in entries:
        path, kind = entry.get("manifest:full-path", ""), entry.get("manifest:media-type", "")
        document = path.endswith("/") and path != "/" and "opendocument" in kind
        if document and kind != ODS_CHART:
            raise FaultError("B12", active=OBJECTS)


def _refuse_doctype(*_: object) -> NoReturn:
    raise FaultError("B12", active="a document type declaration (DOCTYPE)")


@contextmanager
def _whole() -> Iterator[None]:
    """What the zip and XML readers raise for a broken file is the file's fault."""
    try:
        yield
    except MALFORMED as error:
        raise FaultError("B09", "workbook") from error
