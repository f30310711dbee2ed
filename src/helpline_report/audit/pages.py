"""The audit's pages: an overview, and each chapter with its code and the trace of each figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from nbformat import NotebookNode

from helpline_report.audit import overview
from helpline_report.audit.evidence import evidence
from helpline_report.audit.explanations import explanation
from helpline_report.audit.fates import fate_lines
from helpline_report.audit.reconcile import write_reconciliation
from helpline_report.audit.recount.script import PREAMBLE, script
from helpline_report.audit.series import Trace, traces
from helpline_report.audit.trace import Tracer, anchor_of
from helpline_report.audit.trend import TREND, trend_traces
from helpline_report.audit.uses import address_of, text_of
from helpline_report.audit.words import AuditWords
from helpline_report.errors import unwritten
from helpline_report.figures.ledger import CellRecord
from helpline_report.prose.place import Place
from helpline_report.report.drafted import warning
from helpline_report.report.first_font import first_faces
from helpline_report.report.fonts import faces, font_faces
from helpline_report.report.house import colours, logo_address, logo_alternative, variables
from helpline_report.report.markup import every_sheet, made
from helpline_report.report.needs import lacks
from helpline_report.report.page import FONTS
from helpline_report.report.publication import Publication
from helpline_report.report.publish import Published
from helpline_report.report.standing import approval, mark, standing

TEMPLATES = Path(__file__).parent / "templates"
PARAMETERS = "parameters"


@dataclass(frozen=True)
class TextPart:
    """An explanation: as HTML, and whether the edition's own text stands for the cell's."""

    cell: str
    text: Markup
    own: bool
    left_out: str
    has_heading: bool
    kind: str = "text"


@dataclass(frozen=True)
class CodePart:
    """A cell of code: its source, what it was given, and the traces of what it computed."""

    cell: str
    code: str
    given: tuple[str, ...]
    traces: tuple[Trace, ...]
    first: bool = False
    kind: str = "code"


@dataclass(frozen=True)
class ChapterPage:
    """A chapter for the auditor, in the order of its cells."""

    name: str
    title: str
    parts: tuple[TextPart | CodePart, ...]


def write_audit(publication: Publication, folder: Path, published: Published | None = None) -> None:
    """Write `audit/` into the folder of an edition: pages and reconciliation, same bytes each time.

    Nothing but the publication reaches a page: no row, no folder, no time of day.

    Raises:
        ProseError: a text of a notebook can't be set.
        MachineError: a file can't be written.
    """
    words = AuditWords(publication)
    environment = _environment(publication, words)
    told = published or Published()
    tracer = Tracer(publication, words)
    chapters = chapter_pages(tracer)
    common = {
        "page": publication,
        "chapters": chapters,
        "sources": publication.ledger.sources,
        "exemptions": (*publication.exempt, *told.exemptions),
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
    try:
        (folder / "audit").mkdir(parents=True, exist_ok=True)
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
        pages[PREAMBLE] = script(publication.counted, publication.layouts, publication.codelists)
    return pages


def _set(pages: Mapping[str, str], publication: Publication) -> dict[str, str]:
    """The pages with the fonts of the text, cut down once to the letters of all of them."""
    used = faces(publication.house)
    rules = f"{font_faces(''.join(pages.values()), used[:2])}\n{first_faces(used)}"
    return {name: text.replace(FONTS, rules, 1) for name, text in pages.items()}


def _environment(publication: Publication, words: AuditWords) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    accent = colours(publication).light["accent"]
    environment.filters["every_sheet"] = partial(every_sheet, colour=accent)
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


def chapter_pages(tracer: Tracer) -> tuple[ChapterPage, ...]:
    """The chapters with everything resolved."""
    publication = tracer.publication
    return tuple(
        _chapter(name, node, publication, tracer) for name, node in publication.notebooks.items()
    )


def _chapter(
    name: str, node: NotebookNode, publication: Publication, tracer: Tracer
) -> ChapterPage:
    records = {
        cell.id: cell
        for chapter in publication.ledger.chapters
        if chapter.name == name
        for cell in chapter.cells
    }
    title = name
    parts: list[TextPart | CodePart] = []
    for cell in node.cells:
        if cell.cell_type == "markdown":
            own_title, text = _text(name, cell, publication, tracer.words)
            title = own_title or title
            parts.append(text)
        elif cell.cell_type == "code":
            parts.append(_code(cell, records.get(cell.id), publication, tracer))
    return ChapterPage(name, title, tuple(_with_first(parts)))


def _with_first(parts: Sequence[TextPart | CodePart]) -> Iterator[TextPart | CodePart]:
    """The first cell of code needs a heading above it where no text gives one."""
    headed = False
    for part in parts:
        if isinstance(part, CodePart) and not headed:
            headed = True
            yield replace(part, first=True)
            continue
        headed = headed or (isinstance(part, TextPart) and part.has_heading)
        yield part


def _text(
    name: str, cell: NotebookNode, publication: Publication, words: AuditWords
) -> tuple[str, TextPart]:
    own = cell.id in publication.texts.get(name, {})
    place = Place(publication.files.get(name, name), cell.id)
    address = partial(address_of, publication=publication)
    title, text = explanation(text_of(publication, name, cell), place, address)
    left_out = (lacks(cell, publication, words.edition) or "").rstrip(".")
    return title, TextPart(cell.id, text, own, left_out, "<h2" in text)


def _code(
    cell: NotebookNode, record: CellRecord | None, publication: Publication, tracer: Tracer
) -> CodePart:
    given: tuple[str, ...] = ()
    if PARAMETERS in cell.metadata.get("tags", []):
        overrides = list(overview.shown_overrides(publication.ledger.overrides))
        given = (
            f'edition = "{publication.edition.edition}"',
            f"overrides = {overrides}",
            "preview = False",
        )
    found = tuple(traces(record, tracer)) if record else ()
    return CodePart(cell.id, cell.source, given, found)
