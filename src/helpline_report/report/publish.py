"""Publish the third stage: a released ledger, notebooks and texts become pages, PDF and data."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from helpline_report.errors import unwritten
from helpline_report.report.chapters import ChapterReader
from helpline_report.report.data_package import data_folder
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.house import faces
from helpline_report.report.open_data import part_files
from helpline_report.report.page import page
from helpline_report.report.publication import Publication
from helpline_report.report.row_headers import mark_row_headers
from helpline_report.report.typesetting import charts_of, pdf, png_files, source


@dataclass(frozen=True)
class Published:
    """Who read the chapters, for who writes of them too, and what isn't in the folder yet."""

    reader: ChapterReader
    being_set: tuple[Future[None], ...] = ()

    def wait(self) -> None:
        """Wait until what is set beside stands in the folder.

        Raises:
            MachineError: it can't be set, or written.
        """
        for each in self.being_set:
            each.result()


def publish(publication: Publication, folder: Path, beside: Executor | None = None) -> Published:
    """Write `index.html`, `report.pdf` and `data/` into a folder, the same bytes each time.

    No row reaches this stage; the exports may be absent. What Typst sets, the book and the pictures
    of charts, is set `beside` the rest, if that is given: `Published.wait` then tells that it
    stands in the folder.

    Raises:
        ProseError: a text is refused.
        ChapterError: a cell shows something that the ledger doesn't hold.
        MachineError: a file can't be written, or the PDF can't be made.
    """
    if beside is None:
        with ThreadPoolExecutor() as pool:
            published = publish(publication, folder, pool)
            published.wait()
            return published
    words, used = EditionWords(publication), faces(publication.house)
    reader = ChapterReader(words)
    charts = charts_of(reader)
    in_order = sorted(charts, key=lambda view: view.id)

    def pictures() -> None:
        _write(folder, _in_data(png_files(reader, charts)))

    def book(text: str) -> None:
        typeset = pdf(text, publication.edition.period.end, used)
        _write(folder, {"report.pdf": mark_row_headers(typeset)})

    being_set = (beside.submit(pictures), beside.submit(book, source(reader)))
    _write(folder, {"index.html": page(reader, part_files(words)).encode()})
    _write(folder, _in_data(data_folder(reader, in_order)))
    return Published(reader, being_set)


def _in_data(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"data/{name}": content for name, content in files.items()}


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    name = ""
    try:
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    except OSError as error:
        raise unwritten(error, name) from None
