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


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("## Per maand", Element("heading", (Text("Per maand"),), level=2)),
        (
            "*a **b***",
            paragraph(
                Element("emphasis", (Text("a "), Element("strong", (Text("b"),)))),
            ),
        ),
        ("a  \nb", paragraph(Text("a"), SoftBreak(), Text("b"))),
        (
            "1. a\n   - b\n",
            Element(
                "numbers",
                (item(paragraph(Text("a")), Element("bullets", (item(paragraph(Text("b"))),))),),
            ),
        ),
        ("> a", Element("quote", (paragraph(Text("a")),))),
        (
            "> a\n> — een beller",
            Element("quote", (paragraph(Text("a")), Element("credit", (Text("een beller"),)))),
        ),
        (
            "a | {{ b | c }}\n--|--:\nd | e",
            Element(
                "table",
                (
                    Element(
                        "row",
                        (
                            Element("head", (Text("a"),)),
                            Element("head", (Placeholder("b", "c"),), right=True),
                        ),
                    ),
                    Element(
                        "row",
                        (
                            Element("cell", (Text("d"),)),
                            Element("cell", (Text("e"),), right=True),
                        ),
                    ),
                ),
            ),
        ),
        (
            "a[^x] b\n\n[^x]: zie {{ c | d }}\n  hier",
            paragraph(
                Text("a"),
                Element(
                    "footnote", (Text("zie "), Placeholder("c", "d"), SoftBreak(), Text("hier"))
                ),
                Text(" b"),
            ),
        ),
        (
            '![een huis](huis.jpg "Beeld: An")',
            Element("picture", (Text("een huis"),), href="huis.jpg", credit="Beeld: An"),
        ),
        (
            "[a](contacts.md)",
            paragraph(Element("link", (Text("a"),), href="#chapter-contacts")),
        ),
        ("{{ a.b }} {{ c | d }}", paragraph(Placeholder("a.b"), Text(" "), Placeholder("c", "d"))),
        ("{{ a_b_c }}{{ d*e*f }}", paragraph(Placeholder("a_b_c"), Placeholder("d*e*f"))),
        ("{{ a | b }}", paragraph(Placeholder("a", "b"))),
        (
            "*{{ a }}*[{{ b }}](#c)",
            paragraph(
                Element("emphasis", (Placeholder("a"),)),
                Element("link", (Placeholder("b"),), href="#c"),
            ),
        ),
        (
            "[de helft](<bron:Decreet van 21 juni 2013, art. 3>)",
            paragraph(Exempt("de helft", "Decreet van 21 juni 2013, art. 3")),
        ),
        ("<!-- nog nakijken: 12 -->\n\na", paragraph(Text("a"))),
        ("&frac12;", paragraph(Text("½"))),
    ],
)
def test_what_markdown_becomes(text: str, block: Element) -> None:
    """A name is opaque to Markdown, a bar is no cell's edge, and what a reader sees is checked."""
    assert parse(text, HERE) == (block,)


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


@pytest.mark.parametrize("text", ["{{ a", "a }}", "{{ a\n}}"])
def test_half_a_placeholder_is_refused(text: str) -> None:
    """Braces never reach the page."""
    assert "isn't closed, or isn't opened" in refusal(text)


@pytest.mark.parametrize("text", ["{{ a b }}", "{{ a | b | c }}", "{{}}", "{{ | a }}"])
def test_other_grammar_is_refused(text: str) -> None:
    """No template language stands near the data."""
    assert "is no placeholder" in refusal(text)


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
        ("```\na\n```", "a block of code"),
        ("`a`", "code"),
        ("    a", "a block of code"),
        ("***", "a rule across the page"),
    ],
)
def test_anything_else_is_refused(text: str, what: str) -> None:
    """What has no node can't reach a page, and the message says what may."""
    assert f"{what}" in refusal(text)
    assert "allowed are: headings" in refusal(text)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('![](a.jpg "An")', "an image has no alternative text"),
        ("![een huis](a.jpg)", "an image has no credit"),
        ('Zie ![een huis](a.jpg "An").', "an image inside a text"),
        ("a[^x]", "there is no note 'x'"),
        ("a[^x] b[^x]\n\n[^x]: c", "the note 'x' is referred to twice"),
        ("a\n\n[^x]: c", "line 12: no text refers to the note 'x'"),
    ],
)
def test_half_an_image_or_note_is_refused(text: str, what: str) -> None:
    """An image says what it shows and who made it, and a note stands where its number does."""
    assert what in refusal(text)


def test_a_list_begins_at_one() -> None:
    """A list's number would be a numeral that is typed."""
    assert "numbered from 1" in refusal("3. a")


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
