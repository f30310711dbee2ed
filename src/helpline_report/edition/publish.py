"""The third stage: a released ledger, notebooks and texts become pages, a PDF and open data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from helpline_report.edition.chapters import ChapterReader
from helpline_report.edition.data_folder import data_folder
from helpline_report.edition.fonts import faces
from helpline_report.edition.legal_html import legal_files
from helpline_report.edition.opendata import part_files
from helpline_report.edition.page import page
from helpline_report.edition.pdf import pdf, source
from helpline_report.edition.publication import Publication
from helpline_report.edition.views import Spot
from helpline_report.edition.words import EditionWords
from helpline_report.errors import unwritten
from helpline_report.prose.place import Exemption

__all__ = ["Publication", "Published", "publish"]


@dataclass(frozen=True)
class Published:
    """What the auditor is told of the pages: where each number stands, and what is exempt.

    `exemptions` are the passages of the texts that hold numbers or findings of their own.
    """

    spots: tuple[Spot, ...] = ()
    exemptions: tuple[Exemption, ...] = ()


def publish(publication: Publication, folder: Path) -> Published:
    """Write `index.html`, `report.pdf` and `data/` into a folder, the same bytes each time.

    No row reaches this stage; the exports may be absent.

    Raises:
        ProseError: a text is refused.
        ChapterError: a cell shows something that the ledger doesn't hold.
        MachineError: a file can't be written, or the PDF can't be made.
    """
    words = EditionWords(publication)
    reader = ChapterReader(publication, words)
    files: dict[str, bytes] = {
        "index.html": page(reader, part_files(publication, words)).encode(),
        "report.pdf": pdf(source(reader), publication.edition.period.end, faces(publication.house)),
        **legal_files(reader),
        **{f"data/{name}": content for name, content in data_folder(reader).items()},
    }
    try:
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    except OSError as error:
        raise unwritten(error, name) from None
    return Published(reader.spots, tuple(reader.exemptions))
