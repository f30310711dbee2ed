"""Write the audit's pages: an overview, and each chapter with its code and its traces.

A chapter's page is its released notebook as nbconvert renders it; the notebook itself can be
downloaded.
"""

import base64
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, get_args
from xml.etree import ElementTree as ET

import nbformat
from jinja2 import Environment
from markupsafe import Markup, escape
from nbconvert.filters import DataTypeFilter
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbformat.v4 import new_output

from helpline_report.audit.audit_words import AuditWords
from helpline_report.audit.reconciliation import write_claims, write_reconciliation
from helpline_report.audit.trace import REPORT, Tracer, find_address, group_sources, name_anchor
from helpline_report.exports.faults import describe_outcome
from helpline_report.figures.printed import Verdict
from helpline_report.parameters.codelists import add_age_classes
from helpline_report.parameters.edition import describe_overrides, describe_parameters, is_private
from helpline_report.private_files import replace_file
from helpline_report.prose.markdown import parse
from helpline_report.prose.nodes import Element, Node, Placeholder, Value, plain
from helpline_report.prose.numbers import capitalised
from helpline_report.prose.rendering import html
from helpline_report.report import markup, quality_parts, views
from helpline_report.report.chapters import ChapterReader, find_lack, text_of
from helpline_report.report.edition_words import Front
from helpline_report.report.figure_parts import describe_standing
from helpline_report.report.house import choose_faces, colours, write_font_faces
from helpline_report.report.page import FONTS, frame_of
from helpline_report.report.publication import Publication
from helpline_report.report.released_notebooks import OWN, is_left_out, remove_comments
from helpline_report.second_count.recount_script import write_scripts

TEMPLATES = Path(__file__).parent / "templates"
# What tells the items of a list of parameters apart, where they have neither an id nor a code.
KEYS = ("date", "fault", "table", "month", "about")
WIDTH = 96


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
    files = _write_pages(reader)
    # The fonts of the text are cut down once, to the letters of all pages.
    rules = write_font_faces("".join(files.values()), choose_faces(publication.house)[:2])
    files = {name: text.replace(FONTS, rules, 1) for name, text in files.items()}
    for name, node in publication.notebooks.items():
        files[f"notebooks/{publication.files[name]}"] = write_notebook(name, node, reader)
    edition, synthetic = publication.edition.edition, publication.synthetic
    files["reconciliation.csv"] = write_reconciliation(
        publication.reconciled, edition, synthetic=synthetic
    )
    if publication.claims:
        files["claims.csv"] = write_claims(publication.claims, synthetic=synthetic)
    lists = add_age_classes(publication.codelists, publication.edition)
    files |= write_scripts(publication.counted, publication.layouts, lists)
    for name, text in files.items():
        replace_file(folder / "audit" / name, text, "audit")


def _write_pages(reader: ChapterReader) -> dict[str, str]:
    publication, tracer = reader.publication, Tracer(reader.publication, reader.words)
    environment, ledger = _make_environment(tracer, autoescape=True), publication.ledger
    exporter = markup.CellsExporter(
        environment, TracedCells(tracer, reader, environment), "cells.html.j2"
    )
    chapters = []
    for name, node in publication.notebooks.items():
        title, body = exporter.convert(name, node)
        chapters.append({"name": name, "title": title, "body": markup.trust_markup(body)})
    verdicts = Counter(item.verdict for item in publication.reconciled)
    environment.globals |= {
        "chapters": chapters,
        "parameters": list_parameters(publication),
        "verdicts": {name: verdicts[name] for name in get_args(Verdict) if verdicts[name]},
        "outcomes": list(_list_outcomes(publication, tracer.words)),
        "known": [
            term
            for quality in ledger.quality.values()
            for _, term in quality_parts.list_known_faults(quality, tracer.edition_words)
        ],
        # Those of the texts are known when the chapters were read.
        "exemptions": (*publication.exempt, *reader.exemptions),
        "checks": list_checks(publication, tracer.words),
        # An edition may have no chapter that shows other years.
        "shows_trend": any(reference.kind == "trend" for reference in ledger.references),
    }
    overviews = ["index", "evidence", *(["other-years"] if ledger.trend is not None else [])]
    pages = {}
    for name in overviews:
        template = environment.get_template(f"{name}.html.j2")
        pages[f"{name}.html"] = template.render(file=f"{name}.html", chapter=None)
    for chapter in chapters:
        file = f"{chapter['name']}.html"
        template = environment.get_template("chapter.html.j2")
        pages[file] = template.render(file=file, chapter=chapter)
    return pages


def _make_environment(tracer: Tracer, *, autoescape: bool) -> Environment:
    """What the templates know: those of pages, and those of the terminal."""
    publication, words = tracer.publication, tracer.edition_words
    environment, front = markup.open_templates(TEMPLATES, autoescape=autoescape), Front(words)

    def wrap(text: str, indent: str = "") -> str:
        return textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent)

    environment.filters |= {
        "capital": capitalised,
        "write_foot": partial(markup.write_foot, colour=colours(publication).light["accent"]),
        "filter_data_type": DataTypeFilter(display_data_priority=["text/html"]),
        "svg": markup.embed_svg,
        "wrapped": wrap,
    }
    environment.globals |= {
        "page": publication,
        "figures": publication.ledger.figures,
        "words": tracer.words,
        "say": tracer.words.say,
        "head": tracer.words.head,
        "write_verdict": tracer.write_verdict,
        "standing_of": partial(describe_standing, words=words),
        "name_anchor": name_anchor,
        "group_sources": group_sources,
        "find_address": partial(find_address, publication=publication),
        "name_printed_anchor": quality_parts.PRINTED_ANCHOR.format,
        "name_verdict_anchor": quality_parts.VERDICT_ANCHOR.format,
        "frame": frame_of(words),
        "warning": front.warning,
        "mark": front.mark,
        "notices_of_edition": front.notices,
        "approval": front.approval,
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


# The overview


def list_parameters(publication: Publication) -> list[tuple[str, str]]:
    """The parameters by their dotted names; never a folder or the name of a file of rows."""
    data = describe_parameters(
        publication.edition, protected=is_private(publication.edition), by_alias=True
    )
    del data["printed"]
    data["sources"] = [source["layout"] for source in data["sources"]]
    # Notes of the page name these too.
    known, before = {item.id for item in publication.edition.breaks}, publication.comparison
    others = [item for item in (before.breaks if before else ()) if item.id not in known]
    if others:
        data["comparison_breaks"] = [item.model_dump(mode="json") for item in others]
    overridden = ", ".join(describe_overrides(publication.ledger.overrides))
    parameters = list(_flatten(data, "", publication.language))
    return [*parameters, ("--set", overridden)] if overridden else parameters


def _flatten(value: Any, name: str, language: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and set(value) == {"nl", "en"}:
        yield name, str(value[language])
    elif isinstance(value, list) and not any(isinstance(item, dict | list) for item in value):
        if value:
            yield name, ", ".join(map(str, value))
    elif isinstance(value, dict | list):
        items = value if isinstance(value, dict) else _name_items(value)
        for key, item in items.items():
            yield from _flatten(item, f"{name}.{key}" if name else str(key), language)
    elif value is not None:
        yield name, str(value)


def _name_items(items: Sequence[Any]) -> dict[str, Any]:
    """Items of a list by what tells them apart, so that one more among them moves no other."""
    keys = []
    for item in items:
        values = item if isinstance(item, dict) else {}
        parts = [values[name] for name in KEYS if isinstance(values.get(name), str)]
        keys.append(values.get("id") or values.get("code") or "-".join(parts))
    if len(set(keys)) < len(keys) or not all(keys):
        keys = [str(place) for place in range(len(keys))]
    return dict(zip(keys, items, strict=True))


def _list_outcomes(publication: Publication, words: AuditWords) -> Iterator[dict[str, str]]:
    """The rows of each edition with one outcome for one reason, in the order of the page."""
    for quality in publication.ledger.quality.values():
        files: dict[tuple[str, str, str], list[tuple[str, int | None]]] = {}
        for file in quality.files:
            for item in file.outcomes:
                if item.outcome in quality_parts.OUTCOMES:
                    about = (item.outcome, item.code, file.edition)
                    files.setdefault(about, []).append((file.file, item.rows))
        # Those of one code stand in the order of the editions, which sorting keeps.
        order = sorted(files, key=lambda about: (quality_parts.OUTCOMES.index(about[0]), about[1]))
        for outcome, code, edition in order:
            rows = files[outcome, code, edition]
            yield {
                "id": quality_parts.OUTCOME_ANCHOR.format(outcome, code, edition),
                "reason": capitalised(describe_outcome(code, words.writer.language)),
                "outcome": words.say(f"outcome.{outcome}"),
                "edition": edition,
                "rows": words.rows([number for _, number in rows]),
                "sum": " + ".join(f"{words.rows([number])} ({file})" for file, number in rows),
            }


def list_checks(publication: Publication, words: AuditWords) -> dict[str, str]:
    """The checks of an edition with their results, in the order in which they were made."""
    ledger, say, count = publication.ledger, words.say, words.count
    # A file stands there once, whatever tables it feeds.
    files = {
        (source.edition, source.file): source.rows
        for source in ledger.sources
        if source.table not in ("corrections", "ledger")
    }
    rows = words.rows(list(files.values()))
    results = {"rows": say("evidence.rows_of", rows=rows, files=count(len(files)))}
    # A check with nothing to go over stays out: '0, no difference at all' is no result.
    for check in ledger.checks:
        if check.of == 0:
            continue
        of = say("evidence.all") if check.of is None else count(check.of)
        results[check.name] = say(f"evidence.{check.name}_of", of=of)
        if check.name == "second_count" and check.of is None:
            # Not all figures: a chapter's own numbers and those of another ledger stand below it.
            counted = say("evidence.second_count_each")
            results[check.name] = f"{counted} {say('evidence.no_difference')}"
    # A page that differs isn't published, nor this one with it.
    figures = count(len(ledger.figures))
    results["read_back"] = say("evidence.read_back_of", of=figures)
    if publication.reconciled:
        verdicts = Counter(item.verdict for item in publication.reconciled)
        agree = count(sum(verdicts.pop(verdict, 0) for verdict in quality_parts.AGREEING))
        others = "; ".join(f"{say(f'verdict.{n}')} ({count(k)})" for n, k in verdicts.items())
        key = "evidence.reconciled" if others else "evidence.reconciled_all"
        total = count(len(publication.reconciled))
        texts = [say(key, total=total, agree=agree, others=others)]
        if publication.claims:
            claims = "; ".join(say(f"verdict.{claim.verdict}") for claim in publication.claims)
            texts.append(say("evidence.claims", claims=claims))
        texts += [say("evidence.made_to_agree")] if publication.synthetic else []
        results["reconciliation"] = " ".join(texts)
    without = count(sum(figure.value is None for figure in ledger.figures.values()))
    results["values"] = say("evidence.without_value", figures=figures, without=without)
    return results


# The chapters


class TracedCells(Preprocessor):
    """Puts the traces of figures in the place of outputs, and explanations in that of texts."""

    def __init__(self, tracer: Tracer, reader: ChapterReader, environment: Environment) -> None:
        super().__init__(enabled=True)
        self.tracer, self.reader, self.environment = tracer, reader, environment

    def preprocess(
        self, node: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """The notebook for the auditor, and the title of its chapter in `resources`."""
        name = resources["title"] = resources["chapter"]
        headed = False
        # A text that nobody misses in the report is none of this edition.
        words = self.reader.words
        node.cells = [
            cell for cell in node.cells if cell.cell_type == "code" or find_lack(cell, words) != ""
        ]
        for cell in node.cells:
            if cell.cell_type == "markdown":
                titled = resources["title"] != name
                title, cell.source = self._explain(name, cell, titled=titled)
                resources["title"] = title or resources["title"]
                headed = headed or "<h2" in cell.source
            else:
                # The first cell of code needs a heading above it where no text gives one.
                cell.metadata["first"] = not headed
                headed = True
                cell.outputs = [
                    new_output("display_data", data={"text/html": text})
                    for text in self._trace_cell(name, cell)
                ]
        return node, resources

    def _trace_cell(self, name: str, cell: NotebookNode) -> Iterator[Markup]:
        """The traces of a cell of code, and what of it the report shows, or why it doesn't."""
        write, line = markup.load_macros(self.environment), find_lack(cell, self.reader.words)
        if line is not None:
            line_instead = line or self.tracer.words.say("page.code_left_out")
            yield markup.trust_markup(write.note(line_instead))
        record = self.tracer.publication.record_of(name, cell.id)
        for trace in self.tracer.trace_all(cell.id, record.figures):
            yield markup.trust_markup(write.trace(trace))
        for reference in record.shows if line is None else ():
            parts = self.reader.parts.of(reference)
            charts = [view for view in parts if isinstance(view, views.ChartView)]
            yield markup.trust_markup(write.part(reference, f"{REPORT}#chapter-{name}", charts))

    def _explain(self, name: str, cell: NotebookNode, *, titled: bool) -> tuple[str, Markup]:
        """The title of a text (its heading of level 1, or nothing), and the rest as HTML.

        Once a chapter is `titled`, another such heading is one of its sections.

        A placeholder stands as it is written, and leads to the trace of its figure.
        """
        write, publication = markup.load_macros(self.environment), self.tracer.publication
        if is_left_out(cell):
            return "", markup.trust_markup(write.left_out(cell.id))
        text, where = text_of(publication, name, cell)
        blocks, title = parse(text, where), ""
        if blocks and blocks[0].kind == "heading" and blocks[0].level == 1 and not titled:
            title, blocks = plain(blocks[0].children), blocks[1:]

        def written(value: Value) -> Markup:
            return Markup("<code>{}</code>").format(value.text)

        def link(value: Value) -> Markup:
            href, code = find_address(value.figure or "", publication), written(value)
            return Markup('<a href="{}">{}</a>').format(href, code) if href else code

        nodes = tuple(map(_write_back, blocks))
        text = html(nodes, prefix=f"text-{where.cell}", figure=link, in_link=written)
        replacement = publication.texts_of(name).get(cell.id)
        is_own = replacement is not None and replacement.file.startswith("params/")
        line = find_lack(cell, self.reader.words)
        return title, markup.trust_markup(write.text(cell.id, text, is_own, line))


def _write_back(node: Node) -> Node:
    """A node of a text with its placeholders as they are written, and its links into the report."""
    if isinstance(node, Placeholder):
        form = f" | {node.form}" if node.form else ""
        return Value(text=f"{{{{ {node.name}{form} }}}}", figure=node.name)
    if not isinstance(node, Element):
        return node
    return replace(
        node,
        children=tuple(map(_write_back, node.children)),
        level=max(2, min(3, node.level)) if node.kind == "heading" else 0,
        href=f"{REPORT}{node.href}" if node.href.startswith("#") else node.href,
    )


def write_notebook(name: str, node: NotebookNode, reader: ChapterReader) -> str:
    """The file of a released notebook: its texts and what was released, for who opens it."""
    notebook = deepcopy(node)
    number = 0
    for cell in notebook.cells:
        if is_left_out(cell):
            cell.source = f"*{reader.words.say('part.cell_left_out')}*"
        elif cell.cell_type == "markdown":
            text, _ = text_of(reader.publication, name, cell)
            cell.source = remove_comments(text)
        elif cell.cell_type == "code":
            number += 1
            cell.execution_count = number
            cell.outputs = [*_list_outputs(name, cell, reader)]
    return f"{nbformat.writes(notebook)}\n"


def _list_outputs(name: str, cell: NotebookNode, reader: ChapterReader) -> Iterator[NotebookNode]:
    """What was released of a cell: its figures, and each chart or table that it shows."""
    record, writer = reader.publication.record_of(name, cell.id), reader.words.writer
    if record.figures:
        figures = [reader.publication.ledger.figures[figure] for figure in record.figures]
        yield _show_table([(f.id, writer.cell_text(f), writer.definition(f)) for f in figures])
    # What the report leaves out isn't shown here either.
    for reference in record.shows if find_lack(cell, reader.words) is None else ():
        for view in reader.parts.of(reference):
            yield from _show_view(view)


def _show_view(view: views.View) -> Iterator[NotebookNode]:
    match view:
        case views.ChartView(paper=drawing):
            # A picture: JupyterLab shows no SVG of a notebook that it doesn't trust.
            source = base64.b64encode(drawing.svg.encode()).decode("ascii")
            image = f'<img alt="{escape(drawing.alt)}" src="data:image/svg+xml;base64,{source}">'
            yield _show(drawing.alt, image)
        case views.TableView():
            yield _show(view.caption)
            yield _show_table([[cell.text for cell in row] for row in view.rows], view.heads)
            if text := " ".join((*view.notes, view.source)).strip():
                yield _show(text)
        case views.HighlightsView():
            yield _show_table([(item.name, item.value.text) for item in view.entries])
        case views.CampaignView():
            yield _show(f"{view.name} ({view.period})")
            yield from _show_view(view.table)
        case views.TermsView():
            yield _show_table(view.entries)
        case views.Left():
            yield _show(view.text)


def _show_table(rows: Sequence[Sequence[str]], heads: Sequence[str] = ()) -> NotebookNode:
    """A table as HTML, and as lines of text with tabs between their cells."""
    lines = [heads, *rows] if heads else rows
    table = ET.Element("table")
    for line in lines:
        row = ET.SubElement(table, "tr")
        for text in line:
            ET.SubElement(row, "th" if line is heads else "td").text = text
    return _show("\n".join(map("\t".join, lines)), ET.tostring(table, "unicode", method="html"))


def _show(text: str, html: str = "") -> NotebookNode:
    data = {"text/html": html, "text/plain": text} if html else {"text/plain": text}
    output: NotebookNode = new_output("display_data", data=data, metadata={OWN: "released"})
    return output
