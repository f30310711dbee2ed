"""Read the files of an edition back, and hold them to their description and the released ledger.

What each file says is compared with the description that it was written from. A published edition
has none at hand: what can be told from its files alone is held to its ledger (`ledger_readings`).
Nothing of what writes the files is used.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from helpline_report.audit import meaning_differences
from helpline_report.audit.book_comparison import compare_book, find_foreign_numbers
from helpline_report.audit.chart_marks import DrawnCharts, list_drawings
from helpline_report.audit.colour_schemes import ContrastReader, compare_schemes, read_schemes
from helpline_report.audit.data_files import (
    RECONCILIATION,
    read_prints,
    read_reconciliation,
)
from helpline_report.audit.edition_data import EditionData
from helpline_report.audit.expectations import (
    PAGE,
    Element,
    Expectations,
    Misreading,
    blame_file,
    get_text,
    parse_page,
)
from helpline_report.audit.file_comparison import compare_files
from helpline_report.audit.ledger_readings import list_ledger_readings
from helpline_report.audit.page_comparison import compare_page
from helpline_report.audit.pdf_blocks import read_book
from helpline_report.audit.picture_pixels import compare_pictures
from helpline_report.description import Description, Node
from helpline_report.errors import RefusedError, list_first
from helpline_report.figures.ledger import Ledger
from helpline_report.parameters.house_files import House

PDF = "report.pdf"
# At most this many differences are named.
MOST_LISTED = 10
FAULT = "this is a fault of the program: it isn't published; please report these lines"
OF_PROJECT = (
    "write what stands at these places in a simpler way, and publish again; if it is what should "
    "be read there, report these lines: the program misreads it"
)


def read_back(
    folder: Path,
    ledger: Ledger,
    label: str,
    description: Description | None = None,
    *,
    data: EditionData | None = None,
    prints: Sequence[Path] = (),
    next_step: str = FAULT,
) -> None:
    """Hold the finished files of an edition in a folder to its ledger; `label` names the folder.

    `description` says what they were meant to say, and is itself held to `data`, what the edition
    was made of; a published edition is read back without these.
    `prints` are the files of printed figures, where they are at hand. `next_step` is what to do
    where a file can't be read, or differs; where it was just written, the program is at fault.

    Raises:
        RefusedError: a file is damaged, or says something else; each place with what stands there.
    """
    try:
        differences = list(find_differences(folder, ledger, description, prints, data))
    except RefusedError as error:
        next_step = error.next_step or next_step
        raise RefusedError(error.what, where=error.where, next_step=next_step) from None
    if differences:
        # What nobody but the program wrote is told first, and is its fault.
        differences.sort(key=lambda each: bool(each.written))
        is_of_project = bool(differences[0].written)
        whose = "what the project wrote" if is_of_project else "what its ledger says"
        lines = [f"{label} doesn't say {whose}: {len(differences)} place(s) differ"]
        lines += list_first([*map(str, differences)], MOST_LISTED)
        next_step = OF_PROJECT if is_of_project else next_step
        raise RefusedError("\n".join(lines), next_step=next_step)


def find_differences(
    folder: Path,
    ledger: Ledger,
    description: Description | None = None,
    prints: Sequence[Path] = (),
    data: EditionData | None = None,
) -> Iterator[Misreading]:
    """Every place of the files where something else stands than was meant, or the ledger says.

    Where somebody has the `data` of the edition, what was meant is held to it.

    Raises:
        RefusedError: a file is damaged.
    """
    if description is not None and data is not None:
        yield from meaning_differences.find_differences(description, data)
    page = _read_page(folder, PAGE)
    names = sorted(f"audit/{path.name}" for path in folder.glob("audit/*.html"))
    audits = {name: _read_page(folder, name) for name in names}
    readings: list[tuple[str, Iterable[Misreading]]] = []
    drawings, book, house = None, None, data.house if data else House()
    if description is None:
        readings += list_ledger_readings(folder, page, audits, ledger, prints)
    else:
        expected = Expectations(ledger, description.language)
        drawings, book = list_drawings(description), description.files.get(PDF)
        readings += [
            (PAGE, compare_page(PAGE, page, description.files.get(PAGE, ()))),
            ("data", compare_files(folder, audits, description)),
            (RECONCILIATION, read_reconciliation(read_prints(folder), prints, expected)),
        ]
    schemes = read_schemes(page)
    drawn = DrawnCharts(drawings, ContrastReader(schemes))
    readings.append((PDF, _read_pdf(folder / PDF, page, book, house)))
    for name, read in {PAGE: page, **audits}.items():
        readings.append((name, drawn.compare(name, read)))
        if data is not None:
            palettes = data.edition.house_style.palettes
            readings.append((name, compare_schemes(name, read_schemes(read), palettes)))
    readings.append(("data/charts", compare_pictures(folder, drawn.widest, schemes.light)))
    for file, reading in readings:
        with blame_file(file):
            yield from reading


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


def _read_pdf(
    path: Path, page: Element, nodes: Sequence[Node] | None, house: House
) -> Iterator[Misreading]:
    """What the PDF says is what its nodes say; without them its numbers are those of the page."""
    _read_whole(path, b"%%EOF")
    book = read_book(path)
    if nodes is None:
        texts = [get_text(page), *page.xpath("//@aria-label|//@alt")]
        yield from find_foreign_numbers(PDF, book, "\n".join(texts))
    else:
        yield from compare_book(PDF, book, nodes, house)
