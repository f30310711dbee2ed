"""Charts and tables that the texts of a chapter hide, move or call otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from helpline_report.errors import ProseError
from helpline_report.prose.texts import CellText
from helpline_report.report.chapters import ChapterReader, review_texts
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.publication import Publication
from helpline_report.report.typesetting import charts_of
from helpline_report.report.views import ChartView, TableView

CHART = "chart by_month.chart"


def with_block(publication: Publication, text: str, name: str = CHART) -> Publication:
    """The publication with one block in the texts of its contacts."""
    block = CellText(text, 4, "params/2017/nl/contacts.md")
    return replace(publication, texts={"nl": {"contacts": {name: block}}})


def names(publication: Publication) -> list[str]:
    """The charts and tables of the chapter, in their order."""
    reader = ChapterReader(EditionWords(publication))
    chapter = reader.read("contacts", publication.notebooks["contacts"])
    return [view.id for view in chapter.views if isinstance(view, ChartView | TableView)]


def test_a_hidden_chart_stays_in_the_data(publication: Publication) -> None:
    """It is gone from the page, its picture isn't, and who approves reads of it."""
    changed = with_block(publication, "hide\n")
    assert "by_month.chart" in names(publication)
    assert "by_month.chart" not in names(changed)
    reader = ChapterReader(EditionWords(changed))
    assert "by_month.chart" in [view.id for view in charts_of(reader)]
    (change,) = review_texts([EditionWords(changed)]).changes
    assert change == (
        f"params/2017/nl/contacts.md, cell '{CHART}', line 3: "
        "hidden; it stays in the data files and the audit"
    )


def test_a_table_moves_with_another_title(publication: Publication) -> None:
    """Behind a cell or another part; its rows stay what they are."""
    text = "title: Hoe mensen bellen\nafter: about\n"
    changed = with_block(publication, text, "table by_channel.table")
    assert names(changed)[0] == "by_channel.table"
    reader = ChapterReader(EditionWords(changed))
    views = reader.read("contacts", changed.notebooks["contacts"]).views
    table = next(view for view in views if isinstance(view, TableView))
    assert table.caption == "Hoe mensen bellen"
    assert sorted(names(changed)) == sorted(names(publication))


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("chart by_mnth.chart", "hide", "shows no chart by_mnth.chart, did you mean"),
        (CHART, "after: abuot", "line 4: there is no 'abuot', did you mean 'about'?"),
        (CHART, "title: De 12 maanden", "'12' is a number that is typed"),
        (CHART, "title: Van {{ year }}", "a figure in a title"),
    ],
)
def test_what_is_refused(publication: Publication, name: str, text: str, what: str) -> None:
    """A part or place that the chapter hasn't, and a number in a title."""
    with pytest.raises(ProseError) as caught:
        names(with_block(publication, text, name))
    assert what in str(caught.value)
