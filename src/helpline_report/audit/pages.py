"""Write the audit's pages: overviews, and each chapter with its code and its traces.

A chapter's page is its released notebook as nbconvert renders it; the notebook itself can be
downloaded.
"""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment

from helpline_report.audit.audit_cells import AuditedCells
from helpline_report.audit.notebook_files import describe_notebook, make_notebook, write_notebook
from helpline_report.audit.overviews import Overviews
from helpline_report.audit.page_blocks import AuditPage, Block, LineBlock, Run, describe_page, say
from helpline_report.audit.reconciliation import make_claims, make_reconciliation
from helpline_report.audit.trace import REPORT, Tracer
from helpline_report.description import Node
from helpline_report.parameters.codelists import add_age_classes
from helpline_report.private_files import replace_file
from helpline_report.prose.numbers import capitalised
from helpline_report.report import house, markup
from helpline_report.report.chapters import ChapterReader
from helpline_report.report.data_nodes import describe_rows
from helpline_report.report.edition_words import Front
from helpline_report.report.figure_parts import describe_standing
from helpline_report.report.page import FONTS, frame_of
from helpline_report.report.page_parts import make_way_out
from helpline_report.report.publication import Publication
from helpline_report.second_count.recount_script import write_scripts

TEMPLATES = Path(__file__).parent / "templates"
WIDTH = 96
# How much of the SHA-256 of a picture tells it from others.
DIGEST = 12


class AuditedChapter(NamedTuple):
    """A chapter on its page: its name, its title, and the blocks of its cells as markup."""

    name: str
    title: str
    blocks: tuple[Block, ...]


def write_audit(reader: ChapterReader, folder: Path) -> Mapping[str, tuple[Node, ...]]:
    """Write `audit/` into the folder of an edition, the same bytes each time.

    These are overviews, a page a chapter, which is its released notebook as nbconvert renders it,
    the notebooks themselves, and the reconciliation. Nothing but the publication reaches them: no
    row, no folder, no time of day. Returns what these files say.

    Raises:
        ProseError: a text of a notebook can't be set.
        MachineError: a file can't be written.
    """
    publication = reader.publication
    tracer = Tracer(publication, reader.words)
    pages = tuple(_make_pages(reader, tracer))
    files = _render(pages, tracer)
    described = {page.file: tuple(describe_page(page)) for page in pages}
    for name, node in publication.notebooks.items():
        file, cells = f"notebooks/{publication.files[name]}", make_notebook(name, node, reader)
        files[file] = write_notebook(node, cells)
        described[file] = tuple(describe_notebook(cells))
    edition, synthetic = publication.edition.edition, publication.synthetic
    tables = [make_reconciliation(publication.reconciled, edition, synthetic=synthetic)]
    if publication.claims:
        tables.append(make_claims(publication.claims, synthetic=synthetic))
    for table in tables:
        files[table.name] = table.content.decode()
        described[table.name] = tuple(describe_rows(table))
    lists = add_age_classes(publication.codelists, publication.edition)
    files |= write_scripts(publication.counted, publication.layouts, lists)
    for name, text in files.items():
        replace_file(folder / "audit" / name, text, "audit")
    return {f"audit/{name}": nodes for name, nodes in described.items()}


def _make_pages(reader: ChapterReader, tracer: Tracer) -> Iterator[AuditPage]:
    """The overviews, then the chapters in their order."""
    publication, words = reader.publication, tracer.words
    chapters = _read_chapters(reader, tracer)
    # Those of the texts are known when the chapters were read.
    overviews = Overviews(tracer, (*publication.exempt, *reader.exemptions))
    make = partial(_make_page, tracer=tracer, chapters=chapters)
    whole = words.say("page.title", title=publication.title)
    back = LineBlock("item", (Run(words.say("page.back"), REPORT),), "back", "li")
    yield make("index", whole, tuple(overviews.make_overview()), back)
    evidence = f"{words.say('evidence.title')} · {whole}"
    yield make("evidence", evidence, tuple(overviews.make_evidence()), back)
    trend = publication.ledger.trend
    if trend is not None:
        # An edition may have no chapter that shows other years.
        kinds = {reference.kind for reference in publication.ledger.references}
        is_shown = "trend" in kinds
        address = f"{REPORT}#trend.{trend.points[0].noun}" if is_shown else REPORT
        back_there = LineBlock("item", (Run(words.say("page.back"), address),), "back", "li")
        title = f"{words.say('trend.title')} · {whole}"
        blocks = tuple(overviews.make_other_years(is_shown=is_shown))
        yield make("other-years", title, blocks, back_there)
    for chapter in chapters:
        text, address = words.say("page.back_chapter"), f"{REPORT}#chapter-{chapter.name}"
        back = LineBlock("item", (Run(text, address),), "back_chapter", "li")
        title = words.say("page.chapter_title", chapter=chapter.title)
        notebook = f"notebooks/{publication.files[chapter.name]}"
        blocks = (
            say("heading", chapter.title, f"chapter={chapter.name}", tag="h1"),
            *overviews.make_notices(),
            LineBlock(
                "name", (Run(words.say("page.notebook"), notebook),), "notebook", look="name"
            ),
            *chapter.blocks,
            *overviews.make_sources(),
        )
        yield make(chapter.name, title, blocks, back, look="chapter")


def _read_chapters(reader: ChapterReader, tracer: Tracer) -> list[AuditedChapter]:
    environment = _make_environment(tracer, autoescape=True)
    cells = AuditedCells(tracer, reader, environment)
    exporter = markup.CellsExporter(environment, cells, "cells.html.j2")
    chapters = []
    for name, node in reader.publication.notebooks.items():
        title, text = exporter.convert(name, node)
        chapters.append(AuditedChapter(name, title, (cells.as_rendered(name, text),)))
    return chapters


def _make_page(
    name: str,
    title: str,
    blocks: tuple[Block, ...],
    back: LineBlock,
    *,
    tracer: Tracer,
    chapters: Sequence[AuditedChapter],
    look: str = "index",
) -> AuditPage:
    """A page with what stands around each: the bar with its links, and the foot."""
    publication, write = tracer.publication, tracer.words.say
    logo = publication.house.logo
    front, file = Front(tracer.edition_words), f"{name}.html"
    edition, standing = publication.edition, front.warning or front.mark
    mark = [Run(" "), Run(front.mark, look="draft")] if front.mark else []
    bar = (Run(edition.helpline.name, look="strong"), Run(f" {publication.title}"), *mark)
    others = [
        LineBlock(
            "item",
            (Run(other.name, f"../{other.path}audit/{file}", language=other.language),),
            f"language={other.language}",
            "li",
        )
        for other in publication.translations
    ]
    overviews = [("page.audit", "index"), ("evidence.title", "evidence")]
    links = [
        *(LineBlock("item", (Run(write(key), f"{to}.html"),), to, "li") for key, to in overviews),
        *others,
        *(
            LineBlock("item", (Run(each.title, f"{each.name}.html"),), f"chapter={each.name}", "li")
            for each in chapters
        ),
    ]
    version = write("cite.version_text", version=publication.version)
    publisher = edition.publisher.name.in_language(publication.language)
    foot = " · ".join(
        [publisher, *[version] * bool(publication.version), *[standing] * bool(standing)]
    )
    name_of = edition.helpline.name
    address = publication.address
    return AuditPage(
        file=file,
        look=look,
        language=publication.language,
        title=f"{title} ({standing})" if front.mark else title,
        description=write("page.description", page=title, name=name_of),
        skip=LineBlock("skip", (Run(write("page.skip"), "#page-content"),), "skip"),
        warning=front.warning,
        way_out=make_way_out(tracer.edition_words),
        logo_alternative=house.write_logo_alternative(publication) if logo else "",
        logo=sha256(logo.data).hexdigest()[:DIGEST] if logo else "",
        bar=LineBlock("bar", bar, "bar"),
        label=write("page.chapters"),
        links=(back, *links),
        blocks=blocks,
        foot=say("foot", foot, "foot"),
        others=tuple(
            (other.language, f"{address}{other.path}audit/{file}")
            for other in (publication.translations if address else ())
        ),
    )


def _render(pages: Sequence[AuditPage], tracer: Tracer) -> dict[str, str]:
    """The pages as HTML, with the fonts of the text cut down once, to the letters of all."""
    template = _make_environment(tracer, autoescape=True).get_template("audit.html.j2")
    files = {page.file: template.render(page=page) for page in pages}
    letters, faces = "".join(files.values()), house.choose_faces(tracer.publication.house)[:2]
    rules = house.write_font_faces(letters, faces)
    return {name: text.replace(FONTS, rules, 1) for name, text in files.items()}


def _make_environment(tracer: Tracer, *, autoescape: bool) -> Environment:
    """What the templates know: those of pages, and those of the terminal."""
    words = tracer.edition_words
    environment = markup.open_templates(TEMPLATES, autoescape=autoescape)

    def wrap(text: str, indent: str = "") -> str:
        return textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent)

    colour = house.colours(tracer.publication).light["accent"]
    environment.filters |= {
        "capital": capitalised,
        "write_foot": partial(markup.write_foot, colour=colour),
        "wrapped": wrap,
    }
    environment.globals |= {
        "words": tracer.words,
        "say": tracer.words.say,
        "head": tracer.words.head,
        "write_verdict": tracer.write_verdict,
        "standing_of": partial(describe_standing, words=words),
        "frame": frame_of(words),
    }
    return environment


def write_trace(publication: Publication, name: str) -> str:
    """All that the audit says of one figure, as plain text, ending in a newline.

    A total of another year, which was printed and never counted, has its source.

    Raises:
        KeyError: the ledger has no such figure.
    """
    tracer, trend = Tracer(publication), publication.ledger.trend
    environment = _make_environment(tracer, autoescape=False)
    points = {point.id: point for point in (trend.points if trend is not None else ())}
    if name in points:
        return environment.get_template("point.txt.j2").render(point=points[name])
    chapter, cell = publication.origins.get(name, ("", ""))
    trace = tracer.trace(publication.ledger.figures[name])
    return environment.get_template("trace.txt.j2").render(trace=trace, chapter=chapter, cell=cell)
