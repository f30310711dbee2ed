"""Markdown as our own tree, and what is refused."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from helpline_report.prose.markdown import Place, TextError, parse
from helpline_report.prose.nodes import (
    Element,
    Exempt,
    Node,
    Placeholder,
    SoftBreak,
    Text,
    settable,
)

HERE = Place("params/2017/nl/contacts.md", "total", 10)


def paragraph(*children: Node) -> Element:
    return Element("paragraph", children)


def item(*children: Node) -> Element:
    return Element("item", children, tight=True)


def inlines(text: str) -> tuple[Node, ...]:
    (block,) = parse(text, HERE)
    assert block.kind == "paragraph"
    return block.children


def refusal(text: str) -> str:
    with pytest.raises(TextError) as caught:
        parse(text, HERE)
    return str(caught.value)


def test_headings_have_levels() -> None:
    """Two hashes are level two."""
    assert parse("## Per maand", HERE) == (Element("heading", (Text("Per maand"),), level=2),)


def test_emphasis_and_strong_emphasis() -> None:
    """Both nest."""
    assert inlines("*a **b***") == (
        Element("emphasis", (Text("a "), Element("strong", (Text("b"),)))),
    )


def test_the_end_of_a_line_is_a_soft_break() -> None:
    """Also where two spaces stand at its end, which nobody sees."""
    assert inlines("a  \nb") == (Text("a"), SoftBreak(), Text("b"))


def test_lists() -> None:
    """Without numbers and with, one in the other."""
    bullets = Element("bullets", (item(paragraph(Text("b"))),))
    numbers = Element("numbers", (item(paragraph(Text("a")), bullets),))
    assert parse("1. a\n   - b\n", HERE) == (numbers,)


def test_a_quotation() -> None:
    """A quotation holds blocks."""
    assert parse("> a", HERE) == (Element("quote", (paragraph(Text("a")),)),)


@pytest.mark.parametrize("href", ["https://www.1712.be", "mailto:a@b.be", "tel:1712", "#hulp"])
def test_links(href: str) -> None:
    """To the web, to a mailbox, to a telephone and within the page."""
    assert inlines(f"[hier]({href})") == (Element("link", (Text("hier"),), href=href),)


@pytest.mark.parametrize("href", ["javascript:alert(1)", "http://a.be", "../a.html", "data:text"])
def test_other_links_are_refused(href: str) -> None:
    """A link that runs, leaks or leads to a file of the machine isn't set."""
    assert f"a link to '{href}'" in refusal(f"[hier](<{href}>)")


def test_a_link_has_no_title() -> None:
    """A title would be prose that nobody checks and paper doesn't show."""
    assert "a link has no title" in refusal('[a](https://b.be "de meeste")')


def test_a_placeholder() -> None:
    """A name, or a name and a form."""
    assert inlines("{{ a.b }} {{ c | d }}") == (
        Placeholder("a.b"),
        Text(" "),
        Placeholder("c", "d"),
    )


def test_underscores_in_a_name_emphasise_nothing() -> None:
    """A name is opaque to Markdown."""
    made = inlines("{{ a_b_c }} en {{ d*e*f }}")
    assert made == (Placeholder("a_b_c"), Text(" en "), Placeholder("d*e*f"))


def test_a_bar_makes_no_table() -> None:
    """The bar of a form is no cell's edge."""
    assert inlines("{{ a | b }}") == (Placeholder("a", "b"),)


def test_placeholders_stand_in_emphasis_and_links() -> None:
    """Wherever text may stand."""
    assert inlines("*{{ a }}*[{{ b }}](#c)") == (
        Element("emphasis", (Placeholder("a"),)),
        Element("link", (Placeholder("b"),), href="#c"),
    )


@pytest.mark.parametrize("text", ["{{ a", "a }}", "{{ a\n}}"])
def test_half_a_placeholder_is_refused(text: str) -> None:
    """Braces never reach the page."""
    assert "isn't closed, or isn't opened" in refusal(text)


@pytest.mark.parametrize("text", ["{{ a b }}", "{{ a | b | c }}", "{{}}", "{{ | a }}"])
def test_other_grammar_is_refused(text: str) -> None:
    """No template language stands near the data."""
    assert "is no placeholder" in refusal(text)


def test_a_marked_source_is_exempt() -> None:
    """Text on a source's word, with the source."""
    made = inlines("[de helft](<bron:Decreet van 21 juni 2013, art. 3>)")
    assert made == (Exempt("de helft", "Decreet van 21 juni 2013, art. 3"),)


def test_a_source_must_say_something() -> None:
    """An empty source exempts nothing."""
    assert "a source that says nothing" in refusal("[de helft](<bron: >)")


def test_exempt_text_holds_no_figures() -> None:
    """A figure needs no exemption."""
    assert "is plain text" in refusal("[{{ a }}](<bron:b>)")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("<b>a</b>", "HTML"),
        ("<div>\na\n</div>", "HTML"),
        ("![a](b.png)", "an image"),
        ("```\na\n```", "a block of code"),
        ("`a`", "code"),
        ("    a", "a block of code"),
        ("a | b\n--|--\nc | d", "a table"),
        ("***", "a rule across the page"),
    ],
)
def test_anything_else_is_refused(text: str, what: str) -> None:
    """What has no node can't reach a page, and the message says what may."""
    assert f"{what}" in refusal(text)
    assert "allowed are: headings" in refusal(text)


def test_a_list_begins_at_one() -> None:
    """A list's number would be a numeral that is typed."""
    assert "numbered from 1" in refusal("3. a")


def test_comments_are_left_out() -> None:
    """Staff may leave each other notes."""
    assert parse("<!-- nog nakijken: 12 -->\n\na", HERE) == (paragraph(Text("a")),)


def test_entities_are_text() -> None:
    """What a reader sees is what is checked."""
    assert inlines("&frac12;") == (Text("½"),)


def test_a_refusal_names_file_cell_and_line() -> None:
    """The line is the file's, not the block's."""
    assert refusal("a\n\nb\n`c`").startswith(
        "params/2017/nl/contacts.md, cell 'total', line 13: code can't be set"
    )


def test_all_refusals_come_at_once() -> None:
    """One run tells every mistake."""
    assert refusal("`a`\n\n<b>\n").count("can't be set") == 2


def test_what_no_page_can_hold() -> None:
    """Of all characters, controls and halves of characters are replaced, and spaces are spaces."""
    unfit = {"Cc": "\N{REPLACEMENT CHARACTER}", "Cs": "\N{REPLACEMENT CHARACTER}"}
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    expected = [unfit.get(unicodedata.category(each), each) for each in every]
    for space in "\t\n\r":
        expected[ord(space)] = " "
    assert settable(every) == "".join(expected)
