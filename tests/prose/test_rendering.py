"""Nodes as HTML and as Typst: no text becomes markup."""

from __future__ import annotations

import ast
import io
import json
from html.parser import HTMLParser
from pathlib import Path

import pypdf
import pytest
import typst as compiler
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from helpline_report.prose.nodes import (
    Element,
    Exempt,
    Kind,
    Node,
    Placeholder,
    SoftBreak,
    Text,
    Value,
    settable,
)
from helpline_report.prose.rendering import html, literal, typst

SHARE = Value("86,41 %", "contacts.share.phone", None, "86.40980881")


def block(kind: Kind, *children: Node | str, level: int = 0, tight: bool = True) -> Element:
    """An element; a text is a leaf."""
    nodes = tuple(Text(child) if isinstance(child, str) else child for child in children)
    return Element(kind, nodes, level=level, tight=tight)


def paragraph(*children: Node | str) -> Element:
    return block("paragraph", *children)


def heading(*children: Node | str, level: int = 1) -> Element:
    return block("heading", *children, level=level)


def link(href: str, *children: Node) -> Element:
    return Element("link", children, href=href)


class _Reader(HTMLParser):
    """The text of a page and the tags it holds."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.tags: list[str] = []

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - as it is called
        self.tags.append(tag)


def read(page: str) -> _Reader:
    reader = _Reader()
    reader.feed(str(page))
    reader.close()
    return reader


def test_a_figure_carries_its_value_for_machines() -> None:
    """Beside the words for people; a page may write figures its own way."""
    nodes = (paragraph(SHARE),)
    assert html(nodes) == '<p><data class="figure" value="86.40980881">86,41 %</data></p>'
    own = html(nodes, figure=lambda value: Markup("<b>{}</b>").format(value.text))
    assert own == "<p><b>86,41 %</b></p>"


NESTED = block(
    "bullets", block("item", paragraph("a"), block("numbers", block("item", paragraph("b"))))
)


@pytest.mark.parametrize(
    ("node", "as_html", "as_typst"),
    [
        (
            paragraph(Value("1712")),
            '<p><span data-source="parameters">1712</span></p>',
            '#par[#"1712";]',
        ),
        (
            heading("Per máánd"),
            '<h1 id="per-maand">Per máánd</h1>',
            '#heading(level: 1)[#"Per máánd";]',
        ),
        (
            paragraph(
                block("emphasis", "a"),
                SoftBreak(),
                block("strong", Value("b")),
                Exempt("d", "a law"),
            ),
            '<p><em>a</em>\n<strong>b</strong><span data-source="a law">d</span></p>',
            '#par[#emph[#"a";]#" ";#strong[#"b";]#"d";]',
        ),
        (
            paragraph(link("https://a.be", Text("c"))),
            '<p><a href="https://a.be">c</a></p>',
            '#par[#link("https://a.be")[#"c";]]',
        ),
        (paragraph(link("#hulp", Text("c"))), '<p><a href="#hulp">c</a></p>', '#par[#"c";]'),
        (
            NESTED,
            "<ul>\n<li>a\n<ol>\n<li>b</li>\n</ol></li>\n</ul>",
            '#list(tight: true, [#"a";\n#enum(tight: true, [#"b";])])',
        ),
        (
            block("bullets", block("item", paragraph("a"), tight=False)),
            "<ul>\n<li><p>a</p></li>\n</ul>",
            '#list(tight: false, [#par[#"a";]])',
        ),
        (
            block("quote", paragraph("a")),
            "<blockquote>\n<p>a</p>\n</blockquote>",
            '#quote(block: true)[#par[#"a";]]',
        ),
        (block("note", "b"), '<p class="note">b</p>', '#par[#emph[#"b";]]'),
    ],
)
def test_each_node(node: Element, as_html: str, as_typst: str) -> None:
    """A tight list has no paragraphs; paper has no anchors to lead to."""
    assert html((node,)) == as_html
    assert typst((node,)) == as_typst


def test_blocks_stand_apart() -> None:
    """A line of HTML each, a paragraph of Typst each."""
    nodes = (paragraph("a"), paragraph("b"))
    assert html(nodes) == "<p>a</p>\n<p>b</p>"
    assert typst(nodes) == '#par[#"a";]\n\n#par[#"b";]'


def test_headings_are_lowered_and_have_ids() -> None:
    """A chapter's first level is the page's second; HTML has no seventh; an id stands once."""
    made = html((heading("a"), heading("A", level=6)), shift=1, prefix="contacts")
    assert made == '<h2 id="contacts-a">a</h2>\n<h6 id="contacts-a-2">A</h6>'


def test_an_unresolved_placeholder_is_no_page() -> None:
    """Braces never reach a reader."""
    for render in (html, typst):
        with pytest.raises(ValueError, match="isn't resolved"):
            render((paragraph(Placeholder("a")),))


@given(st.text(max_size=40))
def test_any_text_arrives_as_it_is(text: str) -> None:
    """No text becomes markup, wherever it stands."""
    nodes = (paragraph(Text(text), Value(text, text, None, text), Exempt(text, text)),)
    assert read(html(nodes)).text == settable(text) * 3


@given(st.text(max_size=40))
def test_any_text_makes_no_tags(text: str) -> None:
    """The tags are the renderer's own."""
    page = read(html((heading(Text(text), link(text, Value(text))),), prefix=text))
    assert [tag for tag in page.tags if tag != "span"] == ["h1", "a"]


NASTY = (
    '#let x = 1; "quoted" \\" \\',
    "= geen kop",
    "- geen lijst",
    "+ geen nummer",
    "/ geen: term",
    "*geen* _nadruk_ `geen code` $geen formule$",
    "<geen-label> @geen-verwijzing [geen] {geen}",
    "~ -- --- ... // /* geen commentaar */ https://a.be",
    "regel\neen\ttab",
    "\\u{41} \\n #MeToo ouderenmis(be)handeling",
    "'enkel' “dubbel” é ë ½",
)


@given(st.text(max_size=60))
def test_a_literal_is_read_back_as_its_text(text: str) -> None:
    """Quotes and backslashes are the only special characters of a string."""
    assert ast.literal_eval(literal(text)) == settable(text)


def test_nasty_texts_compile_to_themselves(tmp_path: Path) -> None:
    """Typst reads back, as a text, each text that was written."""
    body = "\n".join(f"#metadata({literal(text)}) <said>" for text in NASTY)
    source = tmp_path / "a.typ"
    source.write_text(body, encoding="utf-8")
    found = json.loads(compiler.query(str(source), "<said>", field="value"))
    assert found == [settable(text) for text in NASTY]


def test_nasty_texts_are_printed_as_they_are(tmp_path: Path) -> None:
    """In paragraphs, headings, items and links no text becomes markup."""
    nodes = tuple(
        node
        for text in NASTY
        for node in (
            paragraph(text, block("emphasis", Value(text)), link("https://a.be", Text(text))),
            heading(text, level=2),
            block("bullets", block("item", paragraph(text))),
        )
    )
    source = tmp_path / "a.typ"
    page = '#set page(width: 200cm, height: auto)\n#set text(lang: "nl")\n'
    source.write_text(page + typst(nodes), encoding="utf-8")
    printed = pypdf.PdfReader(io.BytesIO(compiler.compile(str(source)))).pages[0].extract_text()
    squeezed = "".join(printed.split())
    missing = [t for t in NASTY if squeezed.count("".join(settable(t).split())) < 5]
    assert missing == []
