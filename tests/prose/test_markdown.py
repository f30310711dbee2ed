"""Markdown as our own tree, and what is refused."""

import sys
import unicodedata
from pathlib import Path

import pytest

from helpline_report.prose.markdown import Complaint, Place, TextError, join_errors, parse
from helpline_report.prose.nodes import Element, Exempt, Node, Placeholder, SoftBreak, settable
from tests.cases import read_cases

CASES = read_cases(Path(__file__).with_name("texts.yaml"))

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


@pytest.mark.parametrize(("text", "tree"), CASES["trees"])
def test_what_markdown_becomes(text: str, tree: str) -> None:
    """A name is opaque to Markdown, a bar is no cell's edge, and what a reader sees is checked."""
    assert sketch(*parse(text, HERE)) == tree


@pytest.mark.parametrize(("text", "what"), CASES["refused"])
def test_what_is_refused(text: str, what: str) -> None:
    """What runs, leaks, isn't whole or would be prose that nobody checks, with its place."""
    assert what in refusal(text)


@pytest.mark.parametrize(("text", "what"), CASES["forbidden"])
def test_anything_else_is_refused(text: str, what: str) -> None:
    """What has no node can't reach a page, and the message says what may."""
    assert what in refusal(text)
    assert "allowed are: headings" in refusal(text)


def test_a_text_that_is_nested_without_end_is_refused() -> None:
    """It ends in a message, and not in a fault of the program."""
    assert "the text is nested too deeply" in refusal("*" * 5_000 + "x" + "*" * 5_000)


def test_all_refusals_come_at_once() -> None:
    assert refusal("`a`\n\n<b>\n").count("can't be set") == 2


def test_refusals_of_several_texts_come_at_once() -> None:
    """In the order of files and lines, and each step once."""
    errors = [TextError([Complaint(2, "no", "mend it")], Place(file)) for file in ("b.md", "a.md")]
    joined = join_errors(errors)
    places = [line.partition(",")[0] for line in joined.what.splitlines()]
    assert (places, joined.next_step) == (["a.md", "b.md"], "mend it")


def test_what_no_page_can_hold() -> None:
    """Of all characters, controls and halves of characters are replaced, and spaces are spaces."""
    unfit = {"Cc": "\N{REPLACEMENT CHARACTER}", "Cs": "\N{REPLACEMENT CHARACTER}"}
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    expected = [unfit.get(unicodedata.category(each), each) for each in every]
    for space in "\t\n\r":
        expected[ord(space)] = " "
    assert settable(every) == "".join(expected)
