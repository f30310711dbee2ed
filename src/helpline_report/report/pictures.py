"""Set each chart as a picture of its own, a PNG with title and source, for a press release."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from zlib import crc32

import typst

from helpline_report.charts.svg import printable
from helpline_report.errors import MachineError
from helpline_report.report.chapters import ChapterReader
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.front import front_of
from helpline_report.report.house import constants, faces
from helpline_report.report.markup import typst_literal
from helpline_report.report.open_data import DataFile
from helpline_report.report.pdf import settable, typst_fonts
from helpline_report.report.views import ChartView

STYLE = Path(__file__).parent / "assets" / "pictures.typ"
FOLDER = "charts"
INDEX_COLUMNS = ("id", "title", "subtitle", "alternative_text", "png", "csv")
# A picture is 1600 pixels wide: for print, twice the size at which a screen shows it.
PIXELS_AN_INCH = 1600 / 540 * 72
# A PNG begins with its signature (8 bytes) and its header (25 bytes).
END_OF_HEADER = 33


def charts_of(reader: ChapterReader) -> list[ChartView]:
    """Every chart that the report shows, once, in the order of the ids."""
    views = {
        view.id: view
        for name, node in reader.publication.notebooks.items()
        for view in reader.read(name, node).views
        if isinstance(view, ChartView)
    }
    return [views[name] for name in sorted(views)]


def png_files(charts: Sequence[ChartView], words: EditionWords) -> dict[str, bytes]:
    """The pictures by their names in `data/`: always the same bytes.

    Raises:
        MachineError: the compiler refuses one.
    """
    if not charts:
        return {}
    publication, front = words.publication, front_of(words)
    source = words.say("chart.source", reference=front.reference.rstrip("."))
    if publication.synthetic:
        source = words.say("part.synthetic", source=source)
    which = {"period": front.period, "version": front.standing, "licence": front.licence}
    below = [source, words.say("chart.version", **which)]
    pages = [
        [view.caption, view.subtitle, " ".join(front.warnings), view.paper.svg, view.notes, below]
        for view in charts
    ]
    calls = [f"#picture{typst_literal(values)}" for values in pages]
    style, used = STYLE.read_text(encoding="utf-8"), faces(publication.house)
    text = settable("\n".join([constants(publication), style, *calls]), used).encode()
    try:
        with typst_fonts(used) as fonts:
            images = typst.compile(text, format="png", ppi=PIXELS_AN_INCH, **fonts)
    except typst.TypstError as error:
        raise MachineError(f"Typst refuses a chart: {error.message}") from None
    # Of one page Typst gives the picture, of more than one a list.
    pictures = images if isinstance(images, list) else [images]
    remark = words.say("part.synthetic_remark") if publication.synthetic else ""
    return {
        f"{FOLDER}/{view.id}.png": _with_remark(picture, remark)
        for view, picture in zip(charts, pictures, strict=True)
    }


def _with_remark(picture: bytes, remark: str) -> bytes:
    """A PNG with a remark as its `Disclaimer` (PNG specification, 11.3.4: tEXt, in Latin-1)."""
    if not remark:
        return picture
    chunk = b"tEXt" + b"Disclaimer\0" + remark.encode("latin-1")
    text = (len(chunk) - 4).to_bytes(4) + chunk + crc32(chunk).to_bytes(4)
    return picture[:END_OF_HEADER] + text + picture[END_OF_HEADER:]


def index_file(charts: Sequence[ChartView], words: EditionWords) -> DataFile:
    """What each picture shows in words, for whoever puts it on a page; paths are relative to it."""
    warnings = front_of(words).warnings
    rows = []
    for view in charts:
        alt = printable(" ".join((*warnings, view.wide.alt)))
        files = (f"{view.id}.png", f"../{view.id}.csv")
        rows.append((view.id, view.caption, view.subtitle, alt, *files))
    return DataFile(
        name=f"{FOLDER}/index.csv",
        title=words.say("data.charts"),
        columns=tuple((name, "string") for name in INDEX_COLUMNS),
        rows=tuple(rows),
        heads=tuple(words.say(f"column.{name}") for name in INDEX_COLUMNS),
    )
