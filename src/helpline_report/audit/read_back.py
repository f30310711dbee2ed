"""Read the files of an edition back, and hold every number in them to the released ledger.

The page, the text of the PDF, the drawings in the page, the pages of the audit, the workbook and
the CSV files are taken apart as any reader finds them. A number says by `data-figure` which figure
it shows, or by `data-place` where the audit tells of it. Nothing of what writes the files is used.
"""

import json
import re
from base64 import b64decode
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain, product
from pathlib import Path

import pypdfium2

from helpline_report.audit.data_files import (
    CLAIMS,
    RECONCILIATION,
    WORKBOOK,
    Records,
    compare,
    read_data_files,
    read_pictures,
    read_reconciliation,
    read_records,
    read_workbook,
)
from helpline_report.audit.expectations import (
    DIGIT,
    NUMERAL,
    Element,
    Expectations,
    Misreading,
    blame_file,
    get_text,
    list_numerals,
    parse_page,
    plain,
    squeeze,
)
from helpline_report.audit.page_reader import HIGHLIGHTS, PAGE, PageReader, list_texts
from helpline_report.errors import RefusedError, list_first
from helpline_report.figures.ledger import Ledger

PDF, AUDIT = "report.pdf", "index.html"
# What a ledger records beside its figures.
RECORDED = {
    "edition",
    "quality",
    "sources",
    "trend",
    "overrides",
    "checks",
    "protected",
    "left_out",
}
HASHES = {"sources": {"__all__": {"sha256"}}}
# Sources that are no exports.
NO_ROWS = ("corrections", "ledger")
# Tags of cells that an edition may leave out.
CONDITIONS = ("needs:", "when:", "unless:")
# How the overview writes what a report claimed.
CLAIM = "‘{printed}’ ({source}, § {section})"
# At most this many differences are named.
MOST_LISTED = 10
# How much may stand in the PDF between two rows of a table: the head and foot of a page.
BETWEEN = 1500
# The texts of the page that the book has too, each with its numbers, in its order; then what the
# book has at its end, and the page behind its charts.
OF_BOOK = """//section[@class='cover' or @class='chapter']//*[self::p or self::li
    or self::h3 or self::h2[../@class='chapter'] or self::figcaption or self::caption
    or self::tr[td] or self::svg]
    [not(ancestor-or-self::nav or ancestor::dl or ancestor-or-self::*[@class='drawing narrow'
    or @class='behind' or @class='files' or @class='how'])]"""
AT_END = "//details[@class='behind']//*[self::caption or self::tr[td]]"


def read_back(
    folder: Path,
    ledger: Ledger,
    label: str,
    prints: Sequence[Path] = (),
    *,
    next_step: str = "this is a fault of the program: it isn't published; report these lines",
) -> None:
    """Hold the finished files of an edition in a folder to its ledger; `label` names the folder.

    `prints` are the files of printed figures, where they are at hand. `next_step` is what to do
    where a file can't be read, or differs; where it was just written, the program is at fault.

    Raises:
        RefusedError: a file is damaged, or says something else; each place with what stands there.
    """
    try:
        differences = list(find_differences(folder, ledger, prints))
    except RefusedError as error:
        next_step = error.next_step or next_step
        raise RefusedError(error.what, where=error.where, next_step=next_step) from None
    if differences:
        lines = [f"{label} doesn't say what its ledger says: {len(differences)} place(s) differ"]
        lines += list_first([*map(str, differences)], MOST_LISTED)
        raise RefusedError("\n".join(lines), next_step=next_step)


def find_differences(
    folder: Path, ledger: Ledger, prints: Sequence[Path] = ()
) -> Iterator[Misreading]:
    """Every place of the files where something else stands than the ledger says.

    `prints` are the files of printed figures, where they are at hand.

    Raises:
        RefusedError: a file is damaged.
    """
    reader = EditionReader(folder, ledger, prints)
    # First: the other files are read with the names that these give.
    yield from reader.read_data()
    yield from reader.read_page()
    yield from reader.read_copies()


class EditionReader:
    """Reads the files of an edition in a folder."""

    def __init__(self, folder: Path, ledger: Ledger, prints: Sequence[Path]) -> None:
        self.folder, self.prints = folder, prints
        with blame_file(PAGE):
            self.page = parse_page(_read_whole(folder / PAGE, b"</html>").decode())
            self.expected = Expectations(ledger, self.page.get("lang", "nl"))
        self.audits = dict[str, Element]()
        # What notebooks say: texts by their chapters, results as markup and plainly by their files.
        self.texts = dict[str, set[str]]()
        self.results = dict[str, list[tuple[Element, str]]]()
        # Where the audit has the cells that an edition may leave out.
        self.conditional = set[str]()
        for path in sorted(folder.glob("audit/**/*")):
            file = path.relative_to(folder).as_posix()
            with blame_file(file):
                if path.suffix == ".html":
                    self.audits[path.name] = parse_page(_read_whole(path, b"</html>").decode())
                elif path.suffix == ".ipynb":
                    self._read_notebook(path, file)
        with blame_file(f"audit/{AUDIT}"):
            self.overview = self.audits[AUDIT]
            rows = self.overview.xpath("//tr[th/code]")
            self.expected.parameters = {get_text(row[0]): get_text(row[1]) for row in rows}
        # The numbers that no figure has: of parameters, of files, and of what others printed.
        self.records = {file: read_records(folder / file) for file in (RECONCILIATION, CLAIMS)}
        self.whole_texts = {line["reason"] for each in self.records.values() for line in each}
        self.whole_texts |= {source.sha256 for source in ledger.sources}
        recorded = ledger.model_dump_json(include=RECORDED, exclude=HASHES)
        numbers = [float(number) for number in re.findall(r"(?<=[:\[,])\d+(?=[,\]}])", recorded)]
        numbers += _list_other_numbers(ledger, self.records[RECONCILIATION])
        written = [self.expected.write_number(*each) for each in product(numbers, range(3))]
        texts = (recorded, *written, *map(get_text, rows), "SHA-256")
        self.expected.explained_numerals = list_numerals(*texts)
        # What stands where no figure does.
        self.places = {i.get("id"): " ".join(i.itertext()) for i in self.overview.xpath("//*[@id]")}

    def _read_notebook(self, path: Path, file: str) -> None:
        """A notebook; its file is called after its chapter, behind a number."""
        cells, chapter = json.loads(path.read_text("utf-8"))["cells"], path.stem.partition("_")[2]
        self.texts[chapter], self.results[file] = {*list_texts(cells)}, []
        for cell in cells:
            if any(tag.startswith(CONDITIONS) for tag in cell["metadata"].get("tags", ())):
                self.conditional.add(f"audit/{chapter}.html#cell-{cell['id']}")
            for data in (each["data"] for each in cell.get("outputs", ())):
                markup, plainly = ("".join(data.get(f"text/{k}", ())) for k in ("html", "plain"))
                if markup.strip():
                    self.results[file].append((parse_page(markup), squeeze(plainly)))

    def read_data(self) -> Iterator[Misreading]:
        """The open data, and what earlier reports printed."""
        yield from read_data_files(self.folder, self.expected)
        yield from read_reconciliation(self.records, self.prints, self.expected)
        with blame_file(f"audit/{AUDIT}"):
            yield from _read_overview(self.overview, self.records, self.expected)

    def read_page(self) -> Iterator[Misreading]:
        """The page of the report."""
        rows_of_places = dict(self.places)
        for at, line in enumerate(self.records[RECONCILIATION], start=1):
            place = f"printed-{at}"
            self.places[place] = f"{line['printed']} {line['computed']}"
            row = rows_of_places.get(place, "")
            rows_of_places[place] = row + self.expected.definitions.get(line["id"], "")
        with blame_file(PAGE):
            reader = PageReader(PAGE, self.page, self.expected, self.places)
            yield from reader.read_numbers()
            yield from reader.read_words(self.whole_texts)
            yield from reader.read_names()
            yield from reader.read_parameters()
            yield from reader.read_prose(self.texts)
            yield from reader.read_charts()
            yield from reader.read_drawings()
            yield from reader.read_tables()
            yield from reader.read_places(rows_of_places)

    def read_copies(self) -> Iterator[Misreading]:
        """What the page says too: the book, the workbook, the audit, and its notebooks."""
        page, expected = self.page, self.expected
        yield from read_pictures(self.folder, page, expected, self.conditional)
        with blame_file(WORKBOOK):
            yield from read_workbook(self.folder / WORKBOOK, expected, page)
        with blame_file(PDF):
            yield from _read_pdf(self.folder / PDF, page, expected)
        # Only the audit has what was printed.
        cells = (line.values() for line in chain(*self.records.values()))
        expected.explained_numerals |= list_numerals(*chain(*cells))
        # A text that the page has too was checked there.
        whole_texts = {*self.whole_texts, *map(str.strip, page.itertext())}
        for name, each in self.audits.items():
            with blame_file(f"audit/{name}"):
                reader = PageReader(f"audit/{name}", each, expected, self.places)
                yield from reader.read_numbers()
                yield from reader.read_words(whole_texts)
                yield from reader.read_names()
                yield from reader.read_traces()
                yield from reader.read_drawings()
        pages = (page, *self.audits.values())
        drawings = {_list_marks(svg) for each in pages for svg in each.iter("svg")}
        highlights = (f"{get_text(each[1])}{get_text(each[0])}" for each in page.xpath(HIGHLIGHTS))
        texts = "\n".join(map(squeeze, (get_text(page), *highlights)))
        for file, results in self.results.items():
            with blame_file(file):
                yield from _read_results(file, results, expected, drawings, texts)


def _read_whole(path: Path, end: bytes) -> bytes:
    """A file that ends as it should: pages and books that are cut off can be read all the same."""
    content = path.read_bytes()
    if not content.rstrip().endswith(end):
        raise ValueError(path.name)
    return content


def _list_other_numbers(ledger: Ledger, lines: Records) -> Iterator[float]:
    """The numbers that follow from what a ledger records beside its figures, or from verdicts.

    Of a figure that was revised both are meant: what was released, and what is counted now.
    """
    yield from (len(ledger.figures), sum(each.value is None for each in ledger.figures.values()))
    yield from (ledger.rows_with_faults, ledger.rows_left_out - ledger.rows_with_faults)
    files = {(s.edition, s.file): s.rows or 0 for s in ledger.sources if s.table not in NO_ROWS}
    yield from (sum(files.values()), len(files))
    verdicts = Counter(line["verdict"] for line in lines)
    yield from (*verdicts.values(), verdicts["agrees"] + verdicts["agrees_rounded"], len(lines))
    outcomes = Counter[tuple[str, str, str]]()
    for file in (each for quality in ledger.quality.values() for each in quality.files):
        for each in (*file.outcomes, *file.noted):
            outcomes[file.edition, each.outcome, each.code] += each.rows or 0
    yield from outcomes.values()
    for line in lines:
        for text in (line["value"], line["computed"]) if line["verdict"] == "revised" else ():
            # A month or another label is no number.
            with suppress(ValueError):
                yield float(text)


def _read_overview(
    audit: Element, records: Mapping[str, Records], expected: Expectations
) -> Iterator[Misreading]:
    """The overview has each printed figure and each claim with its verdict, as the open data."""
    file, lines, claims = f"audit/{AUDIT}", records[RECONCILIATION], records[CLAIMS]
    kinds = ("verdict", "printed", "claim")
    rows, printed, claimed = (audit.xpath(f"//tr[starts-with(@id, '{each}-')]") for each in kinds)
    counts = Counter(line["verdict"] for line in lines)
    counts["total"] = len(lines)
    names = [row.get("id").removeprefix("verdict-") for row in rows]
    # What a verdict is called says the edition: the catalogue of another version may differ.
    words = {
        line["verdict"]: plain(get_text(row[at]))
        for written, drawn, at in ((claims, claimed, 1), (lines, printed, 3))
        for line, row in zip(written, drawn, strict=False)
    }
    words |= {name: plain(get_text(row[0])) for name, row in zip(names, rows, strict=True)}
    for verdict, word in words.items():
        if [*words.values()].count(word) > 1:
            yield Misreading(file, "verdicts", verdict, word, "a word of its own")
    texts = [(each, [words[each], expected.write_number(counts[each], 0)]) for each in names]
    yield from compare(file, [[*map(get_text, row)] for row in rows], texts)
    cells = [[get_text(row[at]) for at in (0, 1, 3, 4)] for row in printed]
    texts = [
        (e["id"], [e["id"], e["printed"], words.get(e["verdict"], ""), e["reason"]]) for e in lines
    ]
    yield from compare(file, cells, texts)
    cells = [[*map(get_text, row)] for row in claimed]
    texts = [
        (e["id"], [CLAIM.format_map(e), words.get(e["verdict"], ""), e["reason"]]) for e in claims
    ]
    yield from compare(file, cells, texts)
    for line in lines:
        both = (line["printed"], words.get(line["verdict"], ""))
        expected.prints.setdefault(line["id"], []).append(both)


def _list_marks(svg: Element) -> tuple[tuple[str, ...], ...]:
    """All that a drawing says, whatever its colours: places of marks, and texts."""
    keys = ("data-figure", "d", "cx", "cy", "x", "y")
    return tuple(
        (*(item.get(key, "") for key in keys), get_text(item))
        for item in svg.iter("path", "circle", "text")
    )


def _read_results(
    file: str,
    results: Sequence[tuple[Element, str]],
    expected: Expectations,
    drawings: Container[object],
    texts: str,
) -> Iterator[Misreading]:
    """What the cells of a notebook gave: figures, and rows and drawings that the page has too."""
    for tree, plainly in results:
        # What a text of the page leaves out stands here alone.
        hidden = squeeze(get_text(tree.find(".//caption"))) not in texts
        misread = []
        for row in tree.xpath("//tr[th]"):
            name, (cell, *_), text = get_text(row[0]), map(get_text, row[1:]), get_text(row)
            figure = expected.figures.get(name)
            if figure is not None:
                both = "(" in cell and figure.interval is not None
                parts = ("value", "low", "high") if both else ("value",)
                misread.append((name, cell, expected.find_expected(cell, name, parts)))
            elif squeeze(text) not in texts and not hidden:
                misread.append(("", text, "a row of the page"))
            if squeeze(text) not in plainly:
                misread.append((name, text, "the same text without its table"))
        for source in tree.xpath("//img/@src[starts-with(., 'data:image/svg+xml;base64,')]"):
            svg = parse_page(b64decode(source.partition(",")[2]).decode("utf-8")).find(".//svg")
            if _list_marks(svg) not in drawings:
                misread.append(("", svg.get("aria-label", ""), "a drawing of the page"))
        for name, text, wanted in misread:
            if wanted:
                yield Misreading(file, "a result", name, text, wanted)


# The PDF

# How much of a sheet its running head and its foot take, in points.
HEAD, FOOT = 67, 58
# What setting adds to a line: the number of a table, a note or a page.
OF_SETTING = re.compile(r"^\w+\s\d+: |^\d+\. |(?: \.)+ \d+$|(?<=: )\w+ \d+\.$")


def _read_pdf(path: Path, page: Element, expected: Expectations) -> Iterator[Misreading]:
    """Every text, row, note and chart with numbers of the page stands in the book too, in order."""
    with pypdfium2.PdfDocument(_read_whole(path, b"%%EOF")) as book:
        sheets = [(sheet.get_textpage(), sheet.get_height() - HEAD) for sheet in book]
        texts = [text.get_text_bounded(bottom=FOOT, top=top) for text, top in sheets]
        heads = [text.get_text_bounded(bottom=top) for text, top in sheets]
        feet = [text.get_text_bounded(top=FOOT) for text, _ in sheets]
    for at, (head, foot) in enumerate(zip(heads, feet, strict=True), start=1):
        if expected.list_unexplained(head, ()):
            yield Misreading(PDF, "a running head", "", head, "numbers of parameters alone")
        # The cover has no folio.
        folio = [str(at), str(len(feet))] if at > 1 else []
        if sorted(NUMERAL.findall(foot)) != sorted(folio):
            yield Misreading(PDF, "a foot", "", foot, "the number of the sheet and of all alone")
    yield from _read_lines(texts, page, expected)
    whole = squeeze("".join(texts))
    place, head = 0, ""
    for where in (OF_BOOK, AT_END):
        # What stands at the end of the book comes after all that is before it.
        floor = place
        for item in page.xpath(where):
            svg = item.tag == "svg"
            text = "".join(map(get_text, item.iter("text"))) if svg else get_text(item)
            inside, wanted = item.tag in ("tr", "svg"), squeeze(text)
            head = head if inside else text
            start = whole.find(wanted, place)
            if start < 0 and not inside:
                start = whole.find(wanted, floor)
            if start < 0 and item.xpath(".//*[contains(@style, '--seqink')]"):
                # The squares of a cross-table come in the order of their places.
                there = whole[place : place + len(wanted)]
                start = place if sorted(there) == sorted(wanted) else -1
            if start < 0 or (item.tag == "tr" and start - place > BETWEEN):
                yield Misreading(PDF, f"<{item.tag}>", head[:60], text, "the same text as the page")
            elif item.tag != "p" or whole.count(wanted) == 1:
                # A source that stands below many tables says nothing of the place.
                place = start + len(wanted)


def _read_lines(
    texts: Sequence[str], page: Element, expected: Expectations
) -> Iterator[Misreading]:
    """Each line of the book with a number, and each of its last sheet, is a part of the page.

    What stands in the book alone, such as a note that is said again, has numbers of words alone.
    """
    every = page.xpath("//body//text()[not(ancestor::style or ancestor::script)]")
    whole, numerals = squeeze("".join(every)), {n for text in every for n in NUMERAL.findall(text)}
    for line, last in ((line, text is texts[-1]) for text in texts for line in text.splitlines()):
        text = OF_SETTING.sub("", line)
        numbered = bool(DIGIT.search(text))
        # Numbers of two rows of a drawing may stand in one line.
        alone = {*text.split()} <= numerals or not expected.list_unexplained(text, ())
        if (numbered or last) and not (numbered and alone) and squeeze(text) not in whole:
            yield Misreading(PDF, "a line", "", line, "a text of the page")
