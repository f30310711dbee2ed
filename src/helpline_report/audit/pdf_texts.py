"""Read the texts of a PDF's pages by their marks, letter by letter, as its fonts name the letters.

Each text of a tagged PDF stands in marked content: in that of a number, which the structure owns,
or in that of an artefact, such as a running head. Typst's pages are read, whose content has plain
syntax; of ten times as many drawn lines nothing is read, which a library would.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from struct import unpack

from pikepdf import Dictionary, Object, Pdf

# Texts of a PDF, in which brackets may stand in pairs; and what a mark says of itself.
STRING = rb"\((?:[^()\\]+|\\.|\((?:[^()\\]+|\\.|\((?:[^()\\]+|\\.)*\))*\))*\)"
HEXADECIMAL = rb"<[0-9A-Fa-f]*>"
PROPERTIES = rb"<<(?:[^<>()]+|" + STRING + rb"|" + HEXADECIMAL + rb"|<<[^<>]*>>)*>>"
# What is read of a page: where a mark begins, with how high its text stands; where one ends; the
# font of what follows; texts; and what is drawn once more.
CONTENT = re.compile(
    rb"/(?P<tag>\w+)\s*(?P<properties>" + PROPERTIES + rb")?\s*B[DM]C"
    rb"(?:\s*q 1 0 0 -1 \S+ (?P<top>\S+) cm)?"
    rb"|\b(?P<end>EMC)\b|/(?P<font>\S+) \S+ Tf"
    rb"|(?P<text>\[(?:[^\[\]()]+|"
    + STRING
    + rb")*\]|"
    + STRING
    + rb"|"
    + HEXADECIMAL
    + rb")\s*T[jJ]"
    rb"|/(?P<drawn>\S+) Do\b",
    re.DOTALL,
)
TEXT = re.compile(rb"(" + STRING + rb")|<([0-9A-Fa-f]*)>", re.DOTALL)
NUMBERED = re.compile(rb"<</MCID (\d+)(?:/Lang\(([\w-]+)\))?>>")
OCTAL = ((rb"\\", rb"\134"), (rb"\(", rb"\050"), (rb"\)", rb"\051"))
# What a font says of its codes: a list of pairs, or of ranges with the first letter of each.
LISTS = re.compile(rb"beginbf(char|range)(.*?)endbf", re.DOTALL)
CODE = re.compile(rb"<([0-9A-Fa-f]+)>")
# Stands for a letter of which a font doesn't say what it is.
UNKNOWN = "\N{REPLACEMENT CHARACTER}"
# The artefacts that somebody reads; any other, such as a row of dots, is decoration.
HEADER, FOOTER, PAGINATION = "/Header", "/Footer", "/Pagination"


@dataclass
class MarkedText:
    """The text of a piece of marked content, its height on the page, and its language if it says.

    A picture has an alternative text.
    """

    texts: list[str] = field(default_factory=list)
    top: float = 0
    language: str = ""
    alternative: str = ""

    @cached_property
    def text(self) -> str:
        """Its letters."""
        return "".join(self.texts)


@dataclass
class Sheet:
    """What stands on a page: marked content by its number, and texts of its margins.

    `repeated` are heads of a table that goes on, `decoration` is what nobody reads, and `unmarked`
    what stands in no mark.
    """

    marks: dict[int, MarkedText] = field(default_factory=dict)
    header: MarkedText = field(default_factory=MarkedText)
    footer: MarkedText = field(default_factory=MarkedText)
    repeated: MarkedText = field(default_factory=MarkedText)
    decoration: MarkedText = field(default_factory=MarkedText)
    unmarked: MarkedText = field(default_factory=MarkedText)


class Font(dict[int, str]):
    """The letters of each code of a font; `width` is how many bytes a code has."""

    def __init__(self, letters: Mapping[int, str], width: int) -> None:
        super().__init__(letters)
        self.width = width
        self.texts: dict[bytes, str] = {}

    def __missing__(self, code: int) -> str:
        return UNKNOWN

    def read(self, written: bytes) -> str:
        """What a text of a page says. In a drawing it is a single letter, again and again."""
        if written not in self.texts:
            texts = (
                _unescape(text) if text else bytes.fromhex(digits.decode())
                for text, digits in TEXT.findall(written)
            )
            codes = b"".join(texts)
            numbers = unpack(f">{len(codes) // 2}H", codes) if self.width > 1 else codes
            self.texts[written] = "".join(map(self.__getitem__, numbers))
        return self.texts[written]


class SheetReader:
    """Reads the pages of a PDF; each of its fonts is read once."""

    def __init__(self) -> None:
        self._fonts: dict[tuple[int, int], Font] = {}

    def read(self, pdf: Pdf) -> list[Sheet]:
        """Every page in its order."""
        sheets = []
        for page in pdf.pages:
            page.contents_coalesce()
            sheet, resources = Sheet(), page.obj.get("/Resources", Dictionary())
            self._read_content(page.Contents.read_bytes(), resources, sheet, sheet.unmarked)
            sheets.append(sheet)
        return sheets

    def _read_content(
        self, content: bytes, resources: Object, sheet: Sheet, mark: MarkedText
    ) -> None:
        """Read the content of a page, or of a form that it draws inside a mark."""
        marks, font, fonts = [mark], Font({}, 1), dict[str, Font]()
        for piece in CONTENT.finditer(content):
            if piece.lastgroup == "text":
                marks[-1].texts.append(font.read(piece["text"]))
            elif piece.lastgroup == "font":
                name = f"/{piece['font'].decode()}"
                if name not in fonts:
                    fonts[name] = self._open_font(resources.Font[name])
                font = fonts[name]
            elif piece.lastgroup == "end":
                marks.pop()
            elif piece.lastgroup == "drawn":
                self._read_form(piece["drawn"], resources, sheet, marks[-1])
            else:
                marks.append(_open_mark(piece, sheet, marks[-1]))

    def _read_form(self, name: bytes, resources: Object, sheet: Sheet, mark: MarkedText) -> None:
        drawn = resources.XObject[f"/{name.decode()}"]
        if drawn.Subtype == "/Form":
            own = drawn.get("/Resources", resources)
            self._read_content(drawn.read_bytes(), own, sheet, mark)

    def _open_font(self, font: Object) -> Font:
        if font.objgen not in self._fonts:
            width = 2 if font.Subtype == "/Type0" else 1
            table = font.ToUnicode.read_bytes() if "/ToUnicode" in font else b""
            self._fonts[font.objgen] = Font(dict(_list_letters(table)), width)
        return self._fonts[font.objgen]


def _open_mark(piece: re.Match[bytes], sheet: Sheet, around: MarkedText) -> MarkedText:
    """The mark that begins, or the one around it if it has no text of its own.

    What a mark says instead of its letters is a text of the one around it; the letters are lost.
    """
    written = piece["properties"] or b"<<>>"
    top = float(piece["top"] or 0)
    if simple := NUMBERED.fullmatch(written):
        return sheet.marks.setdefault(
            int(simple[1]), MarkedText([], top, (simple[2] or b"").decode())
        )
    properties = Object.parse(written)
    if "/MCID" in properties:
        language, alternative = (str(properties.get(key, "")) for key in ("/Lang", "/Alt"))
        return sheet.marks.setdefault(
            int(properties.MCID), MarkedText([], top, language, alternative)
        )
    if piece["tag"] == b"Artifact":
        if properties.get("/Type") != PAGINATION:
            return sheet.decoration
        margins = {HEADER: sheet.header, FOOTER: sheet.footer}
        return margins.get(str(properties.get("/Subtype", "")), sheet.repeated)
    if "/ActualText" in properties:
        around.texts.append(str(properties.ActualText))
        return MarkedText()
    return around


def _unescape(text: bytes) -> bytes:
    """The bytes of a text between brackets; Python knows all escapes but those of brackets."""
    inside = text[1:-1]
    if b"\\" not in inside:
        return inside
    for escape, octal in OCTAL:
        inside = inside.replace(escape, octal)
    return inside.decode("unicode_escape").encode("latin-1")


def _list_letters(table: bytes) -> Iterator[tuple[int, str]]:
    """Yield each code of a font with its letters, as its table lists them."""
    for kind, text in LISTS.findall(table):
        values = [bytes.fromhex(code.decode()) for code in CODE.findall(text)]
        if kind == b"char":
            for code, letters in zip(values[::2], values[1::2], strict=True):
                yield int.from_bytes(code), letters.decode("utf-16-be")
            continue
        for first, last, letters in zip(values[::3], values[1::3], values[2::3], strict=True):
            start = int.from_bytes(letters)
            for place in range(int.from_bytes(last) - int.from_bytes(first) + 1):
                letter = (start + place).to_bytes(len(letters))
                yield int.from_bytes(first) + place, letter.decode("utf-16-be")
