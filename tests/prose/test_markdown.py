"""Markdown as our own tree, and what is refused."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from helpline_report.prose.markdown import Place, TextError, parse
from helpline_report.prose.nodes import Element, Exempt, Node, Placeholder, SoftBreak, settable

HERE = Place("params/2017/nl/contacts.md", "total", 10)


def sketch(*nodes: Node) -> str:
    """A tree in one line: `paragraph(a em(b))`, a placeholder as `{name|form}`, an end as `/`."""
    drawn = []
    for node in nodes:
        match node:
            case Element():
                marks = [node.href, node.credit, str(node.level or ""), "right" * node.right]
                about = "".join(f"[{each}]" for each in [*marks, "tight" * node.tight] if each)
                drawn.append(f"{node.kind}{about}({sketch(*node.children)})")
            case Placeholder():
                drawn.append("{" + "|".join(filter(None, (node.name, node.form))) + "}")
            case SoftBreak():
                drawn.append("/")
            case Exempt():
                drawn.append(f"exempt[{node.source}]({node.text})")
            case _:
                drawn.append(node.text)
    return "".join(drawn)


def refusal(text: str) -> str:
    with pytest.raises(TextError) as caught:
        parse(text, HERE)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("## Per maand", "heading[2](Per maand)"),
        ("*a **b***", "paragraph(emphasis(a strong(b)))"),
        ("a  \nb", "paragraph(a/b)"),
        ("1. a\n   - b", "numbers(item[tight](paragraph(a)bullets(item[tight](paragraph(b)))))"),
        ("> a", "quote(paragraph(a))"),
        ("> a\n> — een beller", "quote(paragraph(a)credit(een beller))"),
        (
            "a | {{ b | c }}\n--|--:\nd | e",
            "table(row(head(a)head[right]({b|c}))row(cell(d)cell[right](e)))",
        ),
        ("a[^x] b\n\n[^x]: zie {{ c | d }}\n  hier", "paragraph(afootnote(zie {c|d}/hier) b)"),
        ('![een huis](huis.jpg "Beeld: An")', "picture[huis.jpg][Beeld: An](een huis)"),
        ("[a](contacts.md)", "paragraph(link[#chapter-contacts](a))"),
        ("{{ a.b }} {{ c | d }}", "paragraph({a.b} {c|d})"),
        ("{{ a_b_c }}{{ d*e*f }}", "paragraph({a_b_c}{d*e*f})"),
        ("*{{ a }}*[{{ b }}](#c)", "paragraph(emphasis({a})link[#c]({b}))"),
        ("[de helft](<bron:Decreet, art. 3>)", "paragraph(exempt[Decreet, art. 3](de helft))"),
        ("<!-- nog nakijken: 12 -->\n\na", "paragraph(a)"),
        ("&frac12;", "paragraph(½)"),
        *(
            (f"[hier]({href})", f"paragraph(link[{href}](hier))")
            for href in ("https://www.1712.be", "mailto:a@b.be", "tel:1712", "#hulp")
        ),
    ],
)
def test_what_markdown_becomes(text: str, tree: str) -> None:
    """A name is opaque to Markdown, a bar is no cell's edge, and what a reader sees is checked."""
    assert sketch(*parse(text, HERE)) == tree


@pytest.mark.parametrize(
    ("text", "what"),
    [
        *(
            (f"[hier](<{href}>)", f"a link to '{href}'")
            for href in ("javascript:alert(1)", "http://a.be", "../a.html", "data:text")
        ),
        ('[a](https://b.be "de meeste")', "a link has no title"),
        *((text, "isn't closed, or isn't opened") for text in ("{{ a", "a }}", "{{ a\n}}")),
        *((t, "is no placeholder") for t in ("{{ a b }}", "{{ a | b | c }}", "{{}}", "{{ | a }}")),
        ("[de helft](<bron: >)", "a source that says nothing"),
        ("[{{ a }}](<bron:b>)", "is plain text"),
        ('![](a.jpg "An")', "an image has no alternative text"),
        ("![een huis](a.jpg)", "an image has no credit"),
        ('Zie ![een huis](a.jpg "An").', "an image inside a text"),
        ("a[^x]", "there is no note 'x'"),
        ("a[^x] b[^x]\n\n[^x]: c", "the note 'x' is referred to twice"),
        ("a\n\n[^x]: c", "line 12: no text refers to the note 'x'"),
        ("3. a", "numbered from 1"),
        ("a\n\nb\n`c`", "params/2017/nl/contacts.md, cell 'total', line 13: code can't be set"),
    ],
)
def test_what_is_refused(text: str, what: str) -> None:
    """What runs, leaks, isn't whole or would be prose that nobody checks, with its place."""
    assert what in refusal(text)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("<b>a</b>", "HTML"),
        ("<div>\na\n</div>", "HTML"),
        ("```\na\n```", "a block of code"),
        ("    a", "a block of code"),
        ("***", "a rule across the page"),
    ],
)
def test_anything_else_is_refused(text: str, what: str) -> None:
    """What has no node can't reach a page, and the message says what may."""
    assert what in refusal(text)
    assert "allowed are: headings" in refusal(text)


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
