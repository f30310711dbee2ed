"""What a chapter shows: its title, texts, findings and parts, on the page and in the book."""

from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat.v4 as nb
import pytest
from nbformat import NotebookNode

from helpline_report.charts.drawing_steps import Drawing
from helpline_report.errors import ChapterError, ProseError
from helpline_report.figures.model import Reason
from helpline_report.parameters.project import Project
from helpline_report.prose.nodes import Element, Text, plain
from helpline_report.prose.texts import CellText
from helpline_report.publishing import list_to_approve
from helpline_report.report.book_parts import list_charts
from helpline_report.report.chapter_steps import level_headings, put_behind_charts, share_notes
from helpline_report.report.chapters import ChapterReader, find_lack, list_chapters, review_texts
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.own_texts import Chapters, find_names_elsewhere, read_own_texts
from helpline_report.report.publication import Publication
from helpline_report.report.views import (
    CampaignView,
    CellView,
    ChapterPart,
    ChartView,
    Left,
    Prose,
    TableView,
    View,
)
from helpline_report.run.notebooks import read_notebooks
from tests.conftest import refusal
from tests.report.small_projects import copy_small
from tests.report.small_publication import change_ledger


def read(publication: Publication, name: str, node: Any = None) -> Any:
    reader = ChapterReader(EditionWords(publication))
    return reader.read(name, node or publication.notebooks[name])


def test_a_text_is_folded_under_its_heading(publication: Publication) -> None:
    """A cell with the tag opens when asked for; one without a heading has nothing to open it by."""
    heading, bare = nb.new_markdown_cell("## Woorden\n\nEen woord."), nb.new_markdown_cell("Los.")
    for cell in (heading, bare):
        cell.metadata["tags"] = ["folded"]
    views = read(publication, "contacts", nb.new_notebook(cells=[heading, bare])).views
    assert [view.folded for view in views] == [True, False]


def test_footnotes_are_numbered_through_a_chapter(publication: Publication) -> None:
    """A source is one of them; what they say stands below the chapter."""
    text = "Tien[^a] en [honderd](<bron:een wet>).\n\n[^a]: Nee."
    texts = {"nl": {"summary": {"opening": CellText(text.replace("Tien", "Dit"), 3, "a.md")}}}
    chapter = read(replace(publication, texts=texts), "summary")
    below = chapter.views[-1].nodes[0]
    assert [(note.href, plain(note.children)) for note in below.children] == [
        ("summary-1", "Nee."),
        ("summary-2", "Bron: een wet"),
    ]


def test_a_foreword_stands_before_the_chapters(publication: Publication) -> None:
    """It has the title that it gives itself."""
    texts = {"nl": {"foreword": {"foreword": CellText("# Vooraf\n\nDag.", 1, "foreword.md")}}}
    with_foreword = replace(publication, texts=texts)
    name, node = next(iter(list_chapters(with_foreword).items()))
    assert read(with_foreword, name, node).title == "Vooraf"


@pytest.mark.parametrize(
    ("levels", "lifted"),
    [((3, 4, 2), [2, 3, 2]), ((2, 1, 2), [2, 2, 2])],
    ids=["gap", "second title"],
)
def test_headings_go_down_by_one_level(levels: tuple[int, ...], lifted: list[int]) -> None:
    """A chapter has one title: '# ' in its middle is '## '."""
    nodes = tuple(Element("heading", (Text("a"),), level=level) for level in levels)
    (part,) = level_headings([ChapterPart("cell", Prose(nodes))])
    assert levels_of(part) == lifted


def levels_of(part: ChapterPart) -> list[int]:
    assert isinstance(part.view, Prose)
    return [node.level for node in part.view.nodes]


def test_a_heading_below_a_campaign_goes_down_from_its_name() -> None:
    """The name of a campaign is a section's heading, wherever it stands."""
    campaign = CampaignView(
        "one",
        "campaign-one",
        "Een",
        "mei",
        ("Doel", "doel"),
        ("Middelen", "middel"),
        table("campaign.one"),
    )
    views: list[View] = [
        Prose(tuple(Element("heading", (Text("a"),), level=level) for level in (2, 3))),
        campaign,
        Prose((Element("heading", (Text("b"),), level=4),)),
    ]
    *_, last = level_headings([ChapterPart("cell", view) for view in views])
    assert levels_of(last) == [3]


def tagged(tag: str) -> NotebookNode:
    return NotebookNode(nb.new_markdown_cell("tekst", id="text", metadata={"tags": [tag]}))


STANDS = """
    needs:contacts needs:channel needs:contacts.channel needs:month needs:previous
    needs:fact.phone needs:campaigns
    when:channel unless:hour when:channel=plain unless:persons_per_contact when:closed_days
    when:channel+closed_days unless:channel+hour
"""


LEFT_OUT = """
    needs:fact.fax
    unless:channel when:hour when:fact.fax unless:printed when:groups.gender when:channel+hour
"""


LINES = {
    **dict.fromkeys(STANDS.split(), None),
    # Where a reader misses nothing, no line says so.
    **dict.fromkeys(LEFT_OUT.split(), ""),
    "needs:persons": "Niet in dit verslag: er zijn geen bronbestanden met gemelde personen.",
    "needs:persons.channel": "Niet in dit verslag: de bron registreert geen kanaal.",
}


def test_a_tag_of_a_field_that_there_isnt(publication: Publication) -> None:
    """It is refused with the nearest one."""
    message = refusal(ChapterError, find_lack, tagged("needs:chanel"), EditionWords(publication))
    where, what = "cell 'text', the tag 'needs:chanel'", "'chanel' is nothing that a source gives"
    assert message.startswith(f"{where}: {what}, did you mean 'channel'?\n")


def with_lead(publication: Publication) -> ChapterReader:
    name, node = next(iter(publication.notebooks.items()))
    lead = nb.new_markdown_cell("Een jaar met {{ contacts.total | noun }}.")
    lead.metadata["tags"] = ["cover"]
    cells = [*node.cells, lead]
    notebooks = {**publication.notebooks, name: NotebookNode({**node, "cells": cells})}
    return ChapterReader(EditionWords(replace(publication, notebooks=notebooks)))


@pytest.mark.parametrize("tag", LINES)
def test_needs(publication: Publication, tag: str) -> None:
    """A cell is left out where a table, field, fact or year that it asks for isn't there."""
    assert find_lack(tagged(tag), EditionWords(publication)) == LINES[tag]


def test_a_code_that_the_source_or_the_list_lacks(publication: Publication) -> None:
    """What the register can't say is left out; what no list has would always be."""
    words = EditionWords(change_ledger(publication, breakdowns={}))
    assert find_lack(tagged("when:channel=plain"), words) == ""
    with pytest.raises(ChapterError, match=r"'channel' has no code 'plane', did you mean 'plain'"):
        find_lack(tagged("when:channel=plane"), EditionWords(publication))


def test_the_cover_has_a_sentence_of_its_own(publication: Publication) -> None:
    """The text of the cell tagged 'cover' stands before the chapters alone, if it lacks nothing."""
    reader = with_lead(publication)
    assert "Een jaar met" in str(reader.lead)
    name, node = next(iter(reader.words.publication.notebooks.items()))
    assert "Een jaar met" not in str(reader.read(name, node).views)
    absent = {"value": None, "status": "unavailable", "reason": Reason(code="no_rows")}
    total = publication.ledger.figures["contacts.total"].model_copy(update=absent)
    figures = {**publication.ledger.figures, "contacts.total": total}
    assert with_lead(change_ledger(publication, figures=figures)).lead is None


def with_findings(publication: Publication, *texts: str) -> Any:
    """The chapter of contacts with these texts tagged 'finding' right after its title."""
    node = deepcopy(publication.notebooks["contacts"])
    findings = [nb.new_markdown_cell(text, id=f"finding-{at}") for at, text in enumerate(texts)]
    for cell in findings:
        cell.metadata["tags"] = ["finding"]
    node.cells[1:1] = findings
    return read(publication, "contacts", node)


def test_the_first_finding_with_its_figures_stands_with_the_title(publication: Publication) -> None:
    """One that lacks a value gives way to the next without a line, whatever follows the title."""
    lacking = "In {{ year.previous }} was dat anders."
    alone = replace(publication, comparison=None)
    chapter = with_findings(alone, lacking, "Het waren {{ contacts.total | noun }}.")
    findings = [view for view in chapter.views if isinstance(view, Prose) and view.finding]
    assert findings == [chapter.views[0]]
    assert "contactnames" in str(findings[0].nodes)
    assert with_findings(alone, lacking).views == with_findings(alone).views


def test_no_headline_speaks_of_an_artefact(publication: Publication) -> None:
    """Neither a chapter's sentence nor the cover's, nor its headline figures; the next one may."""
    changed = change_ledger(publication, artefacts=("2017.contacts",))
    touched, other = "Het waren {{ contacts.total | noun }}.", "Zo was {{ year }}."
    sentences = [
        view for view in with_findings(changed, touched, other).views if view.kind == "prose"
    ]
    assert [str(view.nodes).count("contactnames") for view in sentences if view.finding] == [0]
    reader = ChapterReader(EditionWords(changed))
    ids = [entry.value.figure or "" for entry in reader.cover.entries] if reader.cover else []
    assert not [name for name in ids if name.startswith("contacts.")]
    assert ChapterReader(EditionWords(publication)).cover is not None


def table(name: str, *figures: str) -> TableView:
    rows = ((CellView("rij"), *(CellView("1", figure) for figure in figures)),)
    return TableView(name, "c", "", ("a", "b"), rows, (True,))


DRAWN = Drawing("<svg/>", "a", 100, 60)
CHART = ChartView("chart", "c", "", DRAWN, DRAWN, DRAWN, table("chart", "a", "b"))
TEXT = Left("tekst")


@pytest.mark.parametrize(
    ("views", "stay"),
    [
        ((CHART, table("t", "a", "b", "c"), TEXT), ("chart", TEXT)),
        ((CHART, table("t", "a")), (CHART, table("t", "a"))),
        ((CHART, TEXT, table("t", "a", "b")), (CHART, TEXT, table("t", "a", "b"))),
        ((table("t", "a"), CHART), (table("t", "a"), CHART)),
    ],
    ids=["says as much", "says less", "a text between", "before the chart"],
)
def test_table_that_repeats_a_chart_stands_behind_it(
    views: tuple[View, ...], stay: tuple[View | str, ...]
) -> None:
    """One that shows all figures of the chart before it takes the place of the chart's own."""
    left = [part.view for part in put_behind_charts([ChapterPart("cell", view) for view in views])]
    behind = replace(CHART, table=table("t", "a", "b", "c"))
    assert left == [behind if view == "chart" else view for view in stay]


def test_a_note_is_said_once_a_chapter(publication: Publication) -> None:
    """Of a break: below the first chart that is open, under a letter; the others refer to it."""
    note, about = "Het systeem is <i>vernieuwd</i>.", "break=renewed"
    views = [
        replace(CHART, folded=True, notes=(note,), notes_about=(about,)),
        replace(CHART, notes=(note, "Nog 3."), notes_about=(about, "left_out_chart")),
        replace(CHART, notes=("Nog 3.", note), notes_about=("left_out_chart", about)),
    ]
    shared = share_notes("x", [ChapterPart("a", view) for view in views], EditionWords(publication))
    reference = ("Zie opmerking a in dit hoofdstuk.", "", "note-x-a", about)
    left_out = ("Nog 3.", "", "", "left_out_chart")
    assert [part.notes for part in shared] == [
        (reference,),
        ((f"Opmerking a: {note}", "note-x-a", "", about), left_out),
        (left_out, reference),
    ]
    (alone,) = share_notes("x", [ChapterPart("a", views[1])], EditionWords(publication))
    assert [line.text for line in alone.notes] == [note, "Nog 3."]


# Charts and tables that the texts of a chapter hide, move or call otherwise

BLOCK = "chart by_month.chart"


def with_block(publication: Publication, text: str, name: str = BLOCK) -> Publication:
    block = CellText(text, 4, "params/2017/nl/contacts.md")
    return replace(publication, texts={"nl": {"contacts": {name: block}}})


def names_of(publication: Publication) -> list[str]:
    reader = ChapterReader(EditionWords(publication))
    chapter = reader.read("contacts", publication.notebooks["contacts"])
    return [view.id for view in chapter.views if isinstance(view, ChartView | TableView)]


def test_a_hidden_chart_stays_in_the_data(publication: Publication) -> None:
    """It is gone from the page, its picture isn't, and who approves reads of it."""
    changed = with_block(publication, "hide\n")
    assert "by_month.chart" in names_of(publication)
    assert "by_month.chart" not in names_of(changed)
    reader = ChapterReader(EditionWords(changed))
    assert "by_month.chart" in [view.id for view in list_charts(reader)]
    (change,) = review_texts([EditionWords(changed)]).changes
    assert change == (
        f"params/2017/nl/contacts.md, cell '{BLOCK}', line 3: "
        "hidden; it stays in the data files and the audit"
    )


def test_a_chart_of_a_function_is_listed(publication: Publication) -> None:
    """Who approves looks at it: nobody checks what its function writes."""
    drawn, own = publication.ledger.charts, {"kind": "own", "function": "plots.steps"}
    charts = {**drawn, "by_month.chart": drawn["by_month.chart"].model_copy(update=own)}
    review = review_texts([EditionWords(change_ledger(publication, charts=charts))] * 2)
    assert list_to_approve(review) == (
        "Charts of functions of your own, whose words and numbers nobody checks: 1\n"
        "chart by_month.chart: plots.steps"
    )


def test_a_table_moves_with_another_title(publication: Publication) -> None:
    """Behind a cell or another part; its rows stay what they are."""
    text = "title: Hoe mensen bellen\nafter: about\n"
    changed = with_block(publication, text, "table by_channel.table")
    assert names_of(changed)[0] == "by_channel.table"
    reader = ChapterReader(EditionWords(changed))
    views = reader.read("contacts", changed.notebooks["contacts"]).views
    table = next(view for view in views if isinstance(view, TableView))
    assert table.caption == "Hoe mensen bellen"
    assert sorted(names_of(changed)) == sorted(names_of(publication))


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("chart by_mnth.chart", "hide", "shows no chart by_mnth.chart, did you mean"),
        (BLOCK, "after: abuot", "line 4: there is no 'abuot', did you mean 'about'?"),
        (BLOCK, "title: De 12 maanden", "'12' is a number that is typed"),
        (BLOCK, "title: Van {{ year }}", "a figure in a title"),
    ],
)
def test_what_is_refused(publication: Publication, name: str, text: str, what: str) -> None:
    """A part or place that the chapter hasn't, and a number in a title."""
    assert what in refusal(ProseError, names_of, with_block(publication, text, name))


# Figures that texts name, and that only chapters count which an edition leaves out


def test_figures_of_chapters_that_are_left_out(repository: Path) -> None:
    """The summary names them all the same; what it calls a population is no such name."""
    project = Project(repository)
    edition = project.edition("2017", ["chapters=[summary]"])
    names = find_names_elsewhere(project, edition, read_notebooks(project, edition))
    assert {"contacts.total", "problems"} <= {*names}
    assert "contacts" not in names


def test_a_foreword_without_words_is_none(tmp_path: Path) -> None:
    """Nothing stands before the first chapter, not even a title."""
    project = Project(copy_small(tmp_path / "project"))
    path = project.texts("2017", "nl") / "foreword.md"
    path.parent.mkdir(parents=True)
    texts: list[Chapters] = []
    for words in ("", "Dag."):
        path.write_text(f"=== foreword ===\n{words}\n", encoding="utf-8")
        texts.append(read_own_texts(project, project.edition("2017"), {})["nl"])
    assert [list(each) for each in texts] == [[], ["foreword"]]
