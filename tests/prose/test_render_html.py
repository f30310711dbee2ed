from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from helpline_report.prose.nodes import (
    BulletList,
    Emphasis,
    Exempt,
    Heading,
    Item,
    Link,
    Note,
    OrderedList,
    Paragraph,
    Placeholder,
    Quote,
    SoftBreak,
    Strong,
    Text,
    Value,
    settable,
)
from helpline_report.prose.render_html import html

SHARE = Value("86,41 %", "contacts.share.phone", None, "86.40980881")


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
    reader.feed(page)
    reader.close()
    return reader


def test_a_figure_is_data_with_a_link_to_its_audit() -> None:
    """The value for machines stands beside the words for people."""
    made = html((Paragraph((SHARE,)),), href=lambda figure: f"audit/contacts.html#{figure}")
    assert made == (
        '<p><data class="figure" value="86.40980881">'
        '<a href="audit/contacts.html#contacts.share.phone">86,41 %</a></data></p>'
    )


def test_a_figure_without_an_audit_has_no_link() -> None:
    """A preview has no audit."""
    made = html((Paragraph((SHARE,)),))
    assert made == '<p><data class="figure" value="86.40980881">86,41 %</data></p>'


def test_a_page_may_write_figures_its_own_way() -> None:
    """With a card, for example."""
    made = html((Paragraph((SHARE,)),), figure=lambda value: Markup("<b>{}</b>").format(value.text))
    assert made == "<p><b>86,41 %</b></p>"


def test_a_parameter_is_plain_text() -> None:
    """What is no figure has no page in the audit."""
    assert html((Paragraph((Value("1712"),)),), href=str) == "<p>1712</p>"


def test_headings_are_lowered_and_have_ids() -> None:
    """A chapter's first level is the page's second."""
    made = html((Heading(1, (Text("Per máánd"),)),), shift=1, prefix="contacts")
    assert made == '<h2 id="contacts-per-maand">Per máánd</h2>'


def test_no_heading_is_lower_than_six() -> None:
    """HTML has no seventh."""
    assert html((Heading(6, (Text("a"),)),), shift=3).startswith("<h6")


def test_headings_that_read_alike_have_their_own_ids() -> None:
    """An id stands once."""
    made = html((Heading(1, (Text("a"),)), Heading(1, (Text("A"),))))
    assert made == '<h1 id="a">a</h1>\n<h1 id="a-2">A</h1>'


def test_inline_nodes() -> None:
    """Emphasis, links, breaks and exempt text."""
    children = (
        Emphasis((Text("a"),)),
        SoftBreak(),
        Strong((Text("b"),)),
        Link("tel:1712", (Text("c"),)),
        Exempt("d", "a law"),
    )
    assert html((Paragraph(children),)) == (
        '<p><em>a</em>\n<strong>b</strong><a href="tel:1712">c</a><span>d</span></p>'
    )


def test_a_tight_list_has_no_paragraphs() -> None:
    """A list inside one stands in its item."""
    inner = OrderedList((Item((Paragraph((Text("b"),)),)),))
    made = html((BulletList((Item((Paragraph((Text("a"),)), inner)),)),))
    assert made == "<ul>\n<li>a\n<ol>\n<li>b</li>\n</ol></li>\n</ul>"


def test_a_loose_list_has_paragraphs() -> None:
    """As Markdown means it."""
    made = html((BulletList((Item((Paragraph((Text("a"),)),), tight=False),)),))
    assert made == "<ul>\n<li><p>a</p></li>\n</ul>"


def test_quotations_and_notes() -> None:
    """A note is marked as one."""
    made = html((Quote((Paragraph((Text("a"),)),)), Note("b")))
    assert made == '<blockquote>\n<p>a</p>\n</blockquote>\n<p class="note">b</p>'


def test_an_unresolved_placeholder_is_no_page() -> None:
    """Braces never reach a reader."""
    with pytest.raises(ValueError, match="isn't resolved"):
        html((Paragraph((Placeholder("a"),)),))


@given(st.text(max_size=40))
def test_any_text_arrives_as_it_is(text: str) -> None:
    """No text becomes markup, wherever it stands."""
    children = (Text(text), Value(text, text, None, text), Exempt(text, text))
    page = read(html((Paragraph(children),), href=lambda figure: f"a.html#{figure}"))
    assert page.text == settable(text) * 3


@given(st.text(max_size=40))
def test_any_text_makes_no_tags(text: str) -> None:
    """The tags are the renderer's own."""
    children = (Text(text), Link(text, (Value(text),)))
    page = read(html((Heading(1, children),), prefix=text))
    assert page.tags == ["h1", "a"]
