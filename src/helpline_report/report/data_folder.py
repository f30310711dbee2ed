"""The folder `data/` of an edition: files for people, spreadsheets, programs and portals."""

from __future__ import annotations

from collections.abc import Sequence

from helpline_report.report.chapters import ChapterReader
from helpline_report.report.data_file import LEFT_OUT, ROWS, SYNTHETIC, DataFile
from helpline_report.report.datapackage import LANGUAGES, Described, datapackage
from helpline_report.report.dcat import Offered, dcat
from helpline_report.report.opendata import figures_file, part_files
from helpline_report.report.publication import Publication
from helpline_report.report.single_charts import Pictured, index_file, svg_files
from helpline_report.report.words import EditionWords
from helpline_report.report.workbook import NAME, workbook


def data_folder(reader: ChapterReader, charts: Sequence[Pictured]) -> dict[str, bytes]:
    """Every file of `data/` but the PNG of charts, by its name, the same bytes each time."""
    publication = reader.publication
    described = _described(publication, charts)
    files = {item.name: item.text().encode() for item in described.files}
    files[NAME] = workbook(publication, reader.parts)
    files["ledger.json"] = publication.ledger.to_json().encode()
    files["datapackage.json"] = datapackage(publication, described).encode()
    files["dcat.jsonld"] = dcat(publication, list(_offered(files, described, publication))).encode()
    return files | svg_files(charts)


def _described(publication: Publication, charts: Sequence[Pictured]) -> Described:
    by_language = {
        language: _files(publication, charts, EditionWords(publication, language))
        for language in dict.fromkeys((*LANGUAGES, publication.language))
    }
    return Described(by_language[publication.language], by_language)


def _files(
    publication: Publication, charts: Sequence[Pictured], words: EditionWords
) -> list[DataFile]:
    files = [
        figures_file(publication, words),
        *part_files(publication, words),
        index_file(charts, words),
    ]
    marks: list[tuple[str, str, str]] = []
    if publication.synthetic:
        marks.append((ROWS, "string", SYNTHETIC))
    if publication.ledger.draft:
        marks.append((LEFT_OUT, "integer", str(publication.ledger.rows_left_out)))
    for name, kind, value in marks:
        files = [item.with_column(name, kind, value, words.say(f"column.{name}")) for item in files]
    return files


def _offered(
    files: dict[str, bytes], described: Described, publication: Publication
) -> Sequence[Offered]:
    titles = {
        item.name: {
            language: listed[at].title for language, listed in described.by_language.items()
        }
        for at, item in enumerate(described.files)
    }
    for name, key in (
        (NAME, "data.workbook"),
        ("ledger.json", "data.ledger"),
        ("datapackage.json", "data.package"),
    ):
        titles[name] = {
            language: EditionWords(publication, language).say(key) for language in LANGUAGES
        }
    return [Offered(f"data/{name}", titles[name], len(files[name])) for name in titles]
