"""Files of texts in blocks, Markdown as our own tree, and the names in them."""

import sys
import unicodedata
from pathlib import Path

import pytest

from helpline_report.errors import ProseError
from helpline_report.prose.markdown import Complaint, Place, TextError, join_errors, parse
from helpline_report.prose.nodes import Element, Exempt, Node, Placeholder, SoftBreak, settable
from helpline_report.prose.texts import (
    Arrangement,
    CellText,
    is_arrangement,
    name_complaints,
    read_arrangement,
    read_texts,
    split_texts,
)
from tests.cases import read_cases
from tests.conftest import refusal
from tests.prose.two_years import parameters

CASES = read_cases(Path(__file__).with_name("texts.yaml"))

CELLS = ["opening", "by-month"]
FILE = "params/2017/nl/contacts.md"


def refusal_of_blocks(text: str) -> str:
    return str(TextError(split_texts(text, CELLS, FILE)[1], Place(FILE)))


def test_blocks_go_by_the_names_of_cells() -> None:
    """Each with the line of the file it begins on."""
    text = (
        "<!-- voor de redactie:\nniet wissen -->\n\n=== opening ===\na\n\nb\n=== by-month ===\nc\n"
    )
    blocks = {"opening": CellText("a\n\nb\n", 5, FILE), "by-month": CellText("c\n", 9, FILE)}
    assert split_texts(text, CELLS, FILE) == (blocks, [])
    assert split_texts("<!-- nog niets -->\n", CELLS, FILE) == ({}, [])


@pytest.mark.parametrize(("text", "what"), CASES["blocks"])
def test_what_is_refused(text: str, what: str) -> None:
    """What nobody would see, what belongs nowhere, and what is still to decide."""
    assert what in refusal_of_blocks(text)


def test_a_file_with_a_byte_order_mark(tmp_path: Path) -> None:
    """Editors write one, and it is no text; a chapter needs no file."""
    path = tmp_path / "contacts.md"
    assert read_texts(path, CELLS) == {}
    path.write_bytes(b"\xef\xbb\xbf=== opening ===\r\na\r\n")
    assert read_texts(path, CELLS) == {"opening": CellText("a\n", 2, "contacts.md")}


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    """The line is told."""
    path = tmp_path / "contacts.md"
    path.write_bytes(b"=== opening ===\nt\xe9\n")
    with pytest.raises(ProseError, match=r"contacts.md: line 2 is not UTF-8"):
        read_texts(path, CELLS)


# Charts and tables


def test_a_foreword_without_a_block_is_told_which() -> None:
    """Its only cell has a name that stands nowhere else."""
    _, complaints = split_texts("Beste lezer,\n", ["foreword"], FILE)
    steps = [complaint.next_step for complaint in complaints]
    assert steps == ["begin each block with a line such as '=== foreword ==='"]


def test_a_block_about_a_chart() -> None:
    """It has no cell, and says in lines of its own how the chart stands."""
    ((name, text),) = split_texts("=== chart a.b ===\ntitle: Per maand\nafter: how\n", [], FILE)[
        0
    ].items()
    assert is_arrangement(name)
    assert read_arrangement(text.markdown) == (Arrangement("Per maand", "how"), [])
    assert read_arrangement("<!-- nog niet -->\nhide\n") == (Arrangement(hide=True), [])


@pytest.mark.parametrize(("text", "what"), CASES["arrangements"])
def test_other_lines_about_a_chart(text: str, what: str) -> None:
    """Nobody would see them, so they are refused."""
    assert read_arrangement(text)[1][0].what.startswith(what)


# Names before there is any figure

WHERE = Place(FILE, "totals", 4)


def complaints_of(text: str) -> str:
    complaints = name_complaints(parse(text, WHERE), parameters("2017"))
    return str(TextError(list(complaints), WHERE))


@pytest.mark.parametrize(("text", "what"), CASES["names"])
def test_misspelt_name_is_refused_before_any_figure_is_there(text: str, what: str) -> None:
    """A fact, campaign or form that there isn't is told with its line, and with the nearest."""
    assert what in complaints_of(text)


def test_figures_and_capital_forms_pass() -> None:
    """A figure is the ledger's to know, and a form may begin with a capital."""
    assert complaints_of("{{ not.counted.yet | Change }}: {{ fact.phone }}.") == ""


# Markdown as our own tree, and what is refused

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


def refusal_of_markdown(text: str) -> str:
    return refusal(TextError, parse, text, HERE)


@pytest.mark.parametrize(("text", "tree"), CASES["trees"])
def test_what_markdown_becomes(text: str, tree: str) -> None:
    """A name is opaque to Markdown, a bar is no cell's edge, and what a reader sees is checked."""
    assert sketch(*parse(text, HERE)) == tree


@pytest.mark.parametrize(("text", "what"), CASES["refused"])
def test_what_no_tree_can_hold(text: str, what: str) -> None:
    """What runs, leaks, isn't whole or would be prose that nobody checks, with its place."""
    assert what in refusal_of_markdown(text)


@pytest.mark.parametrize(("text", "what"), CASES["forbidden"])
def test_anything_else_is_refused(text: str, what: str) -> None:
    """What has no node can't reach a page, and the message says what may."""
    assert what in refusal_of_markdown(text)
    assert "allowed are: headings" in refusal_of_markdown(text)


def test_a_text_that_is_nested_without_end_is_refused() -> None:
    """It ends in a message, and not in a fault of the program."""
    assert "the text is nested too deeply" in refusal_of_markdown("*" * 5_000 + "x" + "*" * 5_000)


def test_all_refusals_come_at_once() -> None:
    assert refusal_of_markdown("`a`\n\n<b>\n").count("can't be set") == 2


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
