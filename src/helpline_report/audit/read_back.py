"""Read the files of an edition back, and hold every number in them to the released ledger.

The page, the text of the PDF, the drawings in the page, the pages of the audit, the workbook and
the CSV files are taken apart as any reader finds them. A number says by `data-figure` which figure
it shows, or by `data-place` where the audit tells of it. Nothing of what writes the files is used.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pypdfium2

from helpline_report.audit.data_files import (
    CLAIMS,
    OVERVIEW,
    RECONCILIATION,
    WORKBOOK,
    Records,
    read_data_files,
    read_overview,
    read_pictures,
    read_reconciliation,
    read_records,
    read_workbook,
)
from helpline_report.audit.expectations import (
    PAGE,
    Element,
    Expectations,
    Misreading,
    blame_file,
    get_text,
    parse_page,
    squeeze,
)
from helpline_report.audit.numerals import DIGIT, NUMERAL, list_numerals
from helpline_report.audit.page_reader import PageReader
from helpline_report.errors import RefusedError, list_first
from helpline_report.figures.ledger import Ledger

PDF = "report.pdf"
# What a ledger records beside its figures, and a page may write.
RECORDED = {"edition", "quality", "trend", "overrides", "protected", "left_out"}
# At most this many differences are named.
MOST_LISTED = 10
# How much may stand in the PDF between two rows of a table: the head and foot of a page.
BETWEEN = 1500
# The most decimals that a number beside the figures is written with.
DECIMALS = 2
# The texts of the page that the PDF has too, in this order; then those that the page has behind its
# charts, and the PDF at its end.
IN_CHAPTERS = """//section[@class='cover' or @class='chapter']//*[self::p or self::li
    or self::h3 or self::h2[../@class='chapter'] or self::figcaption or self::caption
    or self::tr[td] or self::svg]
    [not(ancestor-or-self::nav or ancestor::dl or ancestor-or-self::*[@class='drawing narrow'
    or @class='behind' or @class='files' or @class='how'])]"""
AT_END = "//details[@class='behind']//*[self::caption or self::tr[td]]"


def read_back(
    folder: Path,
    ledger: Ledger,
    label: str,
    *,
    prints: Sequence[Path] = (),
    next_step: str = "this is a fault of the program: it isn't published; report these lines",
) -> None:
    """Hold the finished files of an edition in a folder to its ledger; `label` names the folder.

    `prints` are the files of printed figures, where they are at hand.
    `next_step` is what to do where a file can't be read, or differs; where it was just written, the
    program is at fault.

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

    Raises:
        RefusedError: a file is damaged.
    """
    page = _read_page(folder, PAGE)
    with blame_file(PAGE):
        expected = Expectations(ledger, page.get("lang", "nl"))
    names = sorted(path.name for path in folder.glob("audit/*.html"))
    audits = {name: _read_page(folder, f"audit/{name}") for name in names}
    printed = {file: read_records(folder / file) for file in (RECONCILIATION, CLAIMS)}
    with blame_file(OVERVIEW):
        overview = audits[PAGE]
        rows = overview.xpath("//tr[th/code]")
        expected.parameters = {get_text(row[0]): get_text(row[1]) for row in rows}
        audit_rows = {
            item.get("id"): " ".join(item.itertext()) for item in overview.xpath("//*[@id]")
        }
    expected.explained_numerals = list_numerals(*map(get_text, rows))
    expected.explained_numerals |= _list_recorded(expected, printed[RECONCILIATION])
    # First: the other files are read with the names that these give.
    yield from read_data_files(folder, expected)
    with blame_file(RECONCILIATION):
        yield from read_reconciliation(printed, prints, expected)
    with blame_file(OVERVIEW):
        yield from read_overview(overview, printed, expected)
    reasons = {line["reason"] for records in printed.values() for line in records}
    with blame_file(PAGE):
        yield from PageReader(PAGE, page, expected, audit_rows).read_report(reasons)
    with blame_file("audit"):
        yield from read_pictures(folder, page, audits, expected)
    with blame_file(WORKBOOK):
        yield from read_workbook(folder / WORKBOOK, expected, page)
    with blame_file(PDF):
        yield from _read_pdf(folder / PDF, page, expected)
    for name, audit in audits.items():
        with blame_file(f"audit/{name}"):
            yield from PageReader(f"audit/{name}", audit, expected, audit_rows).read_audit()


def _list_recorded(expected: Expectations, lines: Records) -> set[str]:
    """The numbers that a page may write beside those of figures.

    The ledger records them, or they were released of a figure that was revised.
    """
    ledger = expected.ledger
    recorded = ledger.model_dump_json(include=RECORDED)
    texts = re.findall(r"(?<=[:\[,])\d+(?=[,\]}])", recorded)
    texts += [str(ledger.rows_with_faults), str(ledger.rows_left_out - ledger.rows_with_faults)]
    for line in lines:
        texts += [line["value"], line["computed"]] if line["verdict"] == "revised" else []
    # A month or another label is no number.
    written = [
        expected.style.write(float(text), decimals)
        for text in filter(NUMERAL.fullmatch, texts)
        for decimals in range(DECIMALS + 1)
    ]
    return list_numerals(recorded, *written)


def _read_whole(path: Path, end: bytes) -> bytes:
    """A file that ends as it should: a page or a PDF that is cut off could be read all the same."""
    content = path.read_bytes()
    if not content.rstrip().endswith(end):
        raise ValueError(path.name)
    return content


def _read_page(folder: Path, file: str) -> Element:
    with blame_file(file):
        return parse_page(_read_whole(folder / file, b"</html>").decode())


# The PDF

# How much of a sheet its running head and its foot take, in points.
HEAD, FOOT = 67, 58
# What typesetting adds to a line: the number of a table, a note or a page.
ADDED = re.compile(r"^\w+\s\d+: |^\d+\. |(?: \.)+ \d+$|(?<=: )\w+ \d+\.$")


def _read_pdf(path: Path, page: Element, expected: Expectations) -> Iterator[Misreading]:
    """Every text, row, note and chart with numbers of the page stands in the PDF too, in order."""
    with pypdfium2.PdfDocument(_read_whole(path, b"%%EOF")) as pdf:
        texts = []
        for sheet in pdf:
            top = sheet.get_height() - HEAD
            texts.append(sheet.get_textpage().get_text_bounded(bottom=FOOT, top=top))
    yield from _read_lines(texts, page, expected)
    whole = squeeze("".join(texts))
    position, heading = 0, ""
    for section in (IN_CHAPTERS, AT_END):
        start_of_section = position
        for item in page.xpath(section):
            text = get_text(item)
            if item.tag == "svg":
                text = "".join(map(get_text, item.iter("text")))
            is_inside = item.tag in ("tr", "svg")
            if not is_inside:
                heading = text
            wanted = squeeze(text)
            start = whole.find(wanted, position)
            if start < 0 and not is_inside:
                # What follows may be set before it.
                start = whole.find(wanted, start_of_section)
            if start < 0 and item.xpath(".//*[contains(@style, '--seqink')]"):
                # The squares of a cross-table come in the order of their places.
                following = whole[position : position + len(wanted)]
                start = position if sorted(following) == sorted(wanted) else -1
            if start < 0 or (item.tag == "tr" and start - position > BETWEEN):
                wanted_text = "the same text as the page"
                yield Misreading(PDF, f"<{item.tag}>", heading[:60], text, wanted_text)
            elif item.tag != "p" or whole.count(wanted) == 1:
                # A source that stands below many tables says nothing of the place.
                position = start + len(wanted)


def _read_lines(
    texts: Sequence[str], page: Element, expected: Expectations
) -> Iterator[Misreading]:
    """Each line of the PDF with a number is a part of the page.

    What stands in the PDF alone, such as a note that is said again, has numbers of words alone.
    """
    on_page = page.xpath("//body//text()[not(ancestor::style or ancestor::script)]")
    whole = squeeze("".join(on_page))
    numerals = {numeral for text in on_page for numeral in NUMERAL.findall(text)}
    for line in filter(DIGIT.search, "\n".join(texts).splitlines()):
        text = ADDED.sub("", line)
        # Numbers of two rows of a drawing may stand in one line.
        has_numerals_alone = {*text.split()} <= numerals
        if has_numerals_alone or not expected.list_unexplained(text, ()):
            continue
        if squeeze(text) not in whole:
            yield Misreading(PDF, "a line", "", line, "a text of the page")
