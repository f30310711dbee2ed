from __future__ import annotations

import ast
import io
import json
from pathlib import Path

import pypdf
import pytest
import typst as compiler
from hypothesis import given
from hypothesis import strategies as st

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
from helpline_report.prose.render_typst import literal, typst

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


def test_blocks() -> None:
    """Each block is a function of Typst."""
    nodes = (Heading(1, (Text("a"),)), Paragraph((Text("b"),)), Note("c"))
    assert typst(nodes, shift=1) == (
        '#heading(level: 2)[#"a";]\n\n#par[#"b";]\n\n#par[#emph[#"c";]]'
    )


def test_lists_and_quotations() -> None:
    """A list inside one stands in its item."""
    inner = OrderedList((Item((Paragraph((Text("b"),)),)),))
    nodes = (
        BulletList((Item((Paragraph((Text("a"),)), inner)),)),
        Quote((Paragraph((Text("c"),)),)),
    )
    assert typst(nodes) == (
        '#list(tight: true, [#"a";\n#enum(tight: true, [#"b";])])\n\n'
        '#quote(block: true)[#par[#"c";]]'
    )


def test_inline_nodes() -> None:
    """Emphasis, breaks, values and exempt text."""
    children = (
        Emphasis((Text("a"),)),
        SoftBreak(),
        Strong((Value("b", "c"),)),
        Exempt("d", "e"),
    )
    assert typst((Paragraph(children),)) == ('#par[#emph[#"a";]#" ";#strong[#"b";]#"d";]')


def test_a_link() -> None:
    """To the web."""
    made = typst((Paragraph((Link("https://a.be", (Text("a"),)),)),))
    assert made == '#par[#link("https://a.be")[#"a";]]'


def test_a_link_to_a_label_of_the_document() -> None:
    """Within the book."""
    made = typst((Paragraph((Link("#hulp", (Text("a"),)),)),), labels=["hulp"])
    assert made == '#par[#link(label("hulp"))[#"a";]]'


def test_a_link_to_another_anchor_is_text() -> None:
    """What the book doesn't hold, it can't lead to."""
    assert typst((Paragraph((Link("#hulp", (Text("a"),)),)),)) == '#par[#"a";]'


def test_an_unresolved_placeholder_is_no_page() -> None:
    """Braces never reach a reader."""
    with pytest.raises(ValueError, match="isn't resolved"):
        typst((Paragraph((Placeholder("a"),)),))


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
        block
        for text in NASTY
        for block in (
            Paragraph((Text(text), Emphasis((Value(text),)), Link("https://a.be", (Text(text),)))),
            Heading(2, (Text(text),)),
            BulletList((Item((Paragraph((Text(text),)),)),)),
        )
    )
    source = tmp_path / "a.typ"
    page = '#set page(width: 200cm, height: auto)\n#set text(lang: "nl")\n'
    source.write_text(page + typst(nodes), encoding="utf-8")
    printed = pypdf.PdfReader(io.BytesIO(compiler.compile(str(source)))).pages[0].extract_text()
    squeezed = "".join(printed.split())
    missing = [t for t in NASTY if squeezed.count("".join(settable(t).split())) < 5]
    assert missing == []
