"""Texts of every kind of Markdown: each is published as it is meant, or refused by its line.

The chapter has run once; an own text takes the place of a cell, and all files are made and read.
"""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpline_report.errors import HelplineError, ProseError
from helpline_report.parameters.project import Project
from helpline_report.publishing import republish
from tests.report.small_projects import chapter, code, copy_few, text
from tests.without_kernels import build_here

pytestmark = pytest.mark.slow

STEP = """\
contacts = chapter.populations("contacts")
chapter.count("contacts.total", contacts)
chapter.chart(chapter.counts("contacts.by_channel", contacts, by="channel"))
"""
FIGURE = "{{ contacts.total | noun }}"
TABLE = "| kop | kop |\n|---|--:|\n| rij | cel |"
# A text, and what the page must hold of it.
SOUND = {
    "headings in lists": ("- ## Kop\n  tekst\n- item", ">Kop</h3>"),
    "headings that skip levels": ("1. ### Kop\n\n   tekst\n2. #### Dieper", ">Dieper</h4>"),
    "a title in a quotation": ("> # Kop\n> woorden\n> — wie", ">Kop</h3>"),
    "an item that begins with a list": ("1. 1. a\n   2. b\n2. c", "<ol>\n<li><ol>"),
    "bullets that begin an item": ("1. - a\n   - b\n2. - c", "<ol>\n<li><ul>"),
    "lists in lists": ("- a\n  - b\n    1. c\n    2. d\n  - e\n\n  f\n- g", "<ol>\n<li>c</li>"),
    "lists in quotations": ("> - a\n>   - b\n>\n> — wie", '<p class="credit">wie</p>'),
    "a quotation in a list": ("- a\n\n  > b\n  > — wie\n- c", '<p class="credit">wie</p>'),
    "a table in a list": ("- a\n\n  " + TABLE.replace("\n", "\n  "), ">cel</td>"),
    "cells without words": ("|  | kop |\n|---|---|\n|  | cel |\n| rij |", '<th scope="col">'),
    "a note of a note": ("a[^x] b[^y].\n\n[^x]: noot[^z].\n[^y]: y\n[^z]: z", '"#note-contacts-3"'),
    "a source in a note": ("a[^x].\n\n[^x]: [b](<bron:een boek>)", "Bron: een boek"),
    "notes everywhere": (
        f"## Kop[^a]\n\n- item[^b]\n\n{TABLE.replace('cel', 'cel[^c]')}\n\n> zo\n> — wie[^d]\n\n"
        "[^a]: a\n[^b]: b\n[^c]: *c*\n[^d]: [d](contacts.md)",
        '"#note-contacts-4"',
    ),
    "addresses of any letters": (
        "[a](https://example.org/é) [b](https://münchen.example/😀) [c](<https://b.be/d e>)",
        "https://example.org/%C3%A9",
    ),
    "signs of typesetting": (
        "#let x $y$ @ref <b ~c =d /e \\*f\\* \\[g\\](h) \\\\i `j -- k --- l ... “m” 'n' // o /* p",
        "#let x $y$ @ref &lt;b",
    ),
    "entities": ("a &amp; b &lt;c&gt; &copy; &nbsp; &#65; &rlm;d", "a &amp; b &lt;c&gt; ©"),
    "directions": ("a שלום \u200fb\u200e \u202ec\u202c \u2067d\u2069 " + FIGURE, "שלום"),
    "letters that are joined": ("E\u0301e\u0301n Z" + "\u0301\u0302" * 9 + " ﬁn 👩‍👧 👍🏽", "👩‍👧"),
    "a word without end": ("w" * 2000 + "\n\n## " + "k" * 200 + "\n\na", "w" * 2000),
    "controls": ("a\x07b\x1bc \ue000 \ue210 \uffff", "a\ufffdb"),
}


@pytest.fixture(scope="module")
def publish(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """A function that publishes the edition with an own text, and gives the page."""
    root = copy_few(tmp_path_factory.mktemp("texts") / "project")
    chapter(root, code("count", STEP), text("said", f"Er waren {FIGURE}."), text("after", "Slot."))
    build_here(root)
    own = root / "params" / "2017" / "nl" / "contacts.md"
    own.parent.mkdir(parents=True, exist_ok=True)

    def publish_with(markdown: str) -> str:
        own.write_text(f"=== said ===\n{markdown}\n", encoding="utf-8")
        return (republish(Project(root, {}), "2017") / "index.html").read_text("utf-8")

    return publish_with


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_text_is_published(publish: Callable[[str], str], name: str) -> None:
    markdown, shown = SOUND[name]
    assert shown in publish(markdown)


WORDS = st.sampled_from(
    [
        *("woord", "*nadruk*", "**sterk**", FIGURE, "[hier](https://example.org)", "a&nbsp;b"),
        *(
            "[bron](<bron:een boek>)",
            "שלום",
            "\u200fb\u200e",
            "😀",
            "e\u0301",
            "#$@~=",
            "\\*",
            "x|y",
        ),
        *("\u200b", "&lt;", "a\u00adb", "…", "“zo”", "-", "<!-- weg -->", "[](#x)", "**", "[^n]"),
    ]
)
LINES = st.lists(WORDS, max_size=4).map(" ".join)
STARTS = ("", "## ", "#### ", "- ", "1. ", "> ", "> — ", "  - ", "- - ", "1. 1. ", "- ## ", "> - ")


@st.composite
def draw_texts(draw: st.DrawFn) -> str:
    """Some blocks of any kind, with words or without, and the note that one may refer to."""
    blocks = []
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.sampled_from((*STARTS, "|")))
        if start == "|":
            cells = [draw(LINES).replace("|", "") for _ in range(4)]
            blocks.append("| {} | {} |\n|---|---|\n| {} | {} |".format(*cells))
        else:
            blocks.append(start + draw(LINES))
    joined = draw(st.sampled_from(("\n", "\n\n"))).join(blocks)
    return f"{joined}\n\n[^n]: {draw(LINES)}\n" if "[^n]" in joined else joined


@pytest.mark.long
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(markdown=draw_texts())
def test_any_text_is_published_or_refused_by_its_line(
    publish: Callable[[str], str], markdown: str
) -> None:
    """Nothing that a text can hold is a fault of the program, or differs when it is read back."""
    assert judge(publish, markdown) == ""


def judge(publish: Callable[[str], str], markdown: str) -> str:
    """What is wrong with what becomes of a text; nothing if it is published, or named."""
    try:
        publish(markdown)
    except ProseError as error:
        is_named = "params/2017/nl/contacts.md, " in str(error) and ", line " in str(error)
        return "" if is_named and error.next_step else str(error)
    except HelplineError as error:
        return str(error)
    return ""
