"""The audit's pages: an overview, and each chapter with its code and the trace of each figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup
from nbconvert.filters import DataTypeFilter

from helpline_report.audit import overview
from helpline_report.audit.audit_words import AuditWords
from helpline_report.audit.evidence import evidence
from helpline_report.audit.notebook_pages import AuditExporter, notebook_text
from helpline_report.audit.overview import TREND, fate_lines, trend_traces
from helpline_report.audit.reconcile import write_reconciliation
from helpline_report.audit.trace import Tracer, anchor_of
from helpline_report.errors import unwritten
from helpline_report.report.chapters import ChapterReader
from helpline_report.report.exporters import cells_environment
from helpline_report.report.fonts import faces, first_faces, font_faces
from helpline_report.report.house import colours, logo_address, logo_alternative, variables
from helpline_report.report.markup import every_sheet, made, svg_html
from helpline_report.report.page import FONTS
from helpline_report.report.publication import Publication
from helpline_report.report.status import approval, mark, standing, warning
from helpline_report.second_count.published_script import SCRIPT, write_script

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class ChapterPage:
    """A chapter for the auditor: its name, its title, and its cells as HTML."""

    name: str
    title: str
    body: Markup


def write_audit(reader: ChapterReader, folder: Path) -> None:
    """Write `audit/` into the folder of an edition, the same bytes each time.

    These are an overview, a page a chapter, which is its released notebook as nbconvert renders it,
    the notebooks themselves, and the reconciliation. Nothing but the publication reaches them: no
    row, no folder, no time of day.

    Raises:
        ProseError: a text of a notebook can't be set.
        MachineError: a file can't be written.
    """
    publication = reader.publication
    words = AuditWords(publication)
    environment = _environment(publication, words)
    tracer = Tracer(publication, words)
    exporter = AuditExporter(tracer, reader.parts, environment)
    chapters = [
        ChapterPage(name, title, made(body))
        for name, node in publication.notebooks.items()
        for title, body in [exporter.convert(name, node)]
    ]
    common = {
        "page": publication,
        "chapters": chapters,
        "files": publication.files,
        "sources": publication.ledger.sources,
        "exemptions": (*publication.exempt, *reader.exemptions),
        "anchor_of": anchor_of,
        "fonts": made(FONTS),
        "tokens": made(variables(publication)),
        "logo": logo_address(publication),
        "logo_alternative": logo_alternative(publication),
        "warning": warning(publication, words.edition),
        "mark": mark(publication, words.edition),
        "standing": standing(publication, words.edition),
        "approval": approval(publication, words.edition),
    }
    pages = _set(_pages(environment, common, tracer, chapters), publication)
    pages |= {
        f"notebooks/{publication.files[name]}": notebook_text(name, node, reader)
        for name, node in publication.notebooks.items()
    }
    try:
        (folder / "audit" / "notebooks").mkdir(parents=True, exist_ok=True)
        for name, text in pages.items():
            (folder / "audit" / name).write_text(text, encoding="utf-8", newline="\n")
        write_reconciliation(
            publication.reconciled,
            folder / "audit" / "reconciliation.csv",
            publication.edition.edition,
            synthetic=publication.synthetic,
        )
    except OSError as error:
        raise unwritten(error, "audit") from None


def _pages(
    environment: Environment,
    common: Mapping[str, object],
    tracer: Tracer,
    chapters: Sequence[ChapterPage],
) -> dict[str, str]:
    """The text of every page, by its file's name."""
    publication, words = tracer.publication, tracer.words
    titles = {chapter.name: chapter.title for chapter in chapters}
    pages = {"index.html": _index(environment, common, tracer, titles)}
    pages["evidence.html"] = environment.get_template("evidence.html.j2").render(
        common, evidence=evidence(publication, words), content=publication.content
    )
    points = trend_traces(publication, words)
    if points:
        pages[TREND] = environment.get_template("trend.html.j2").render(common, points=points)
    for chapter in chapters:
        template = environment.get_template("chapter.html.j2")
        pages[f"{chapter.name}.html"] = template.render(common, chapter=chapter)
    if publication.layouts:
        layouts, lists = publication.layouts, publication.codelists
        pages[SCRIPT] = write_script(publication.counted, layouts, lists)
    return pages


def _set(pages: Mapping[str, str], publication: Publication) -> dict[str, str]:
    """The pages with the fonts of the text, cut down once to the letters of all of them."""
    used = faces(publication.house)
    rules = f"{font_faces(''.join(pages.values()), used[:2])}\n{first_faces(used)}"
    return {name: text.replace(FONTS, rules, 1) for name, text in pages.items()}


def _environment(publication: Publication, words: AuditWords) -> Environment:
    environment = cells_environment(TEMPLATES, autoescape=True)
    environment.filters |= {
        "every_sheet": partial(every_sheet, colour=colours(publication).light["accent"]),
        "filter_data_type": DataTypeFilter(display_data_priority=["text/html"]),
        "svg": svg_html,
    }
    environment.globals |= {"say": words.say, "words": words}
    return environment


def _index(
    environment: Environment,
    common: Mapping[str, object],
    tracer: Tracer,
    titles: Mapping[str, str],
) -> str:
    publication, words = tracer.publication, tracer.words
    return environment.get_template("index.html.j2").render(
        common,
        lines=overview.chapter_lines(publication, titles),
        parameters=overview.parameter_lines(publication),
        verdicts=overview.verdict_lines(publication, words),
        printed=overview.printed_lines(publication, words),
        fates=fate_lines(publication, words),
        counted_twice=overview.counted_twice(publication, words),
    )
