"""Texts as HTML and as Typst: no text becomes markup."""

import ast
from pathlib import Path

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from helpline_report.prose.nodes import Element, Exempt, Node, Placeholder, Text, Value, settable
from helpline_report.prose.rendering import TextGrid, html, literal, typst
from tests.cases import read_cases
from tests.prose.two_years import PLACE, figure, writer

CASES = read_cases(Path(__file__).with_name("texts.yaml"))

WRITER = writer(share=figure("share", 86.409))


def resolve(text: str) -> tuple[Element, ...]:
    return WRITER.markdown(text, PLACE).nodes


def paragraph(*children: Node) -> Element:
    return Element("paragraph", children)


@pytest.mark.parametrize(("text", "as_html", "as_typst"), CASES["rendered"])
def test_each_node(text: str, as_html: str, as_typst: str) -> None:
    """A figure carries its value for machines, and each numeral what answers for it.

    A tight list has no paragraphs; paper has no anchors to lead to.
    """
    assert html(resolve(text)) == as_html
    assert typst(resolve(text)) == as_typst


def test_what_opens_a_part_stays_with_what_follows() -> None:
    """On paper the first paragraph below a heading, unless it is long."""
    written = typst(resolve("# A\n\neerst\n\ndan\n\n# B\n\n" + "lang " * 100)).split("\n\n")
    opens = [block.startswith("#opening[") for block in written]
    assert opens == [False, True, False, False, False]


def test_a_page_writes_figures_its_own_way() -> None:
    """As a button, or as what leads to its trace."""
    own = html(resolve("{{ share }}"), figure=lambda value: Markup("<b>{}</b>").format(value.raw))
    assert own == "<p><b>86.409</b></p>"


def test_headings_are_lowered_and_have_ids() -> None:
    """A chapter's first level is the page's second; HTML has no seventh; an id stands once."""
    page = html(resolve("# a\n\n###### A"), shift=1, prefix="contacts")
    assert page == '<h2 id="contacts-a">a</h2>\n<h6 id="contacts-a-2">A</h6>'


def test_an_unresolved_placeholder_is_no_page() -> None:
    """Braces never reach a reader."""
    for render in (html, typst):
        with pytest.raises(ValueError, match="isn't resolved"):
            render((paragraph(Placeholder("a")),))


@settings(max_examples=40)
@given(st.text(max_size=40))
def test_any_text_arrives_as_it_is(text: str) -> None:
    """No text becomes markup, wherever it stands."""
    link = Element("link", (Value(text),), href=text)
    heading = Element("heading", (Text(text), link), level=1)
    block = paragraph(Text(text), Value(text, text, None, text), Exempt(text, text))
    page = lxml.html.fragment_fromstring(str(html((block, heading), prefix=text)), "div")
    # XML has no form feeds and no characters beyond its own; HTML has.
    assert {each.tag for each in page.iter()} <= {"div", "p", "h1", "a", "span", "data"}
    assert page.text_content() == settable(text) * 3 + "\n" + settable(text) * 2


@given(st.text(max_size=60))
def test_a_literal_is_read_back_as_its_text(text: str) -> None:
    """Quotes and backslashes are the only special characters of a string."""
    assert ast.literal_eval(literal(text)) == settable(text)


def test_a_small_table() -> None:
    """As text in columns, and as HTML with every text escaped."""
    grid = TextGrid("a & b", [("c", "4.812"), ("and more",)], ("", "2017"))
    assert grid.text == "a & b\n          2017\nc         4.812\nand more"
    assert grid.html.startswith("<table><caption>a &amp; b</caption><tr><th></th><th>2017</th>")
    assert "<td style='text-align:right'>4.812</td>" in grid.html
