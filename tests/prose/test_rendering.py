"""Texts and photographs as HTML and as Typst: no text becomes markup, no file says who made it."""

import ast
from io import BytesIO
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup
from PIL import Image

from helpline_report.prose import photographs
from helpline_report.prose.markdown import Complaint, Place, parse
from helpline_report.prose.nodes import (
    Element,
    Exempt,
    Node,
    Photograph,
    Placeholder,
    Text,
    Value,
    settable,
)
from helpline_report.prose.photographs import QUALITY, read_photographs
from helpline_report.prose.rendering import html, literal, typst
from tests.cases import read_cases
from tests.present import present
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


# Photographs of texts: what is published of them, and what is refused

PLACES = 0x8825
DESCRIPTION = 0x010E
ORIENTATION = 0x0112


def read(folder: Path, name: str = "huis.jpg") -> tuple[Photograph | None, list[Complaint]]:
    """The photograph of a text that shows a file, and what is wrong with it."""
    complaints: list[Complaint] = []
    blocks = parse(f'![een huis]({name} "An")', Place("a.md"))
    return read_photographs(blocks, folder, complaints).get(name), complaints


def save(path: Path, width: int = 40, height: int = 20) -> None:
    """A picture with a place, a description and a comment, lying on its side."""
    exif = Image.Exif()
    exif[DESCRIPTION] = "GEHEIM"
    exif[ORIENTATION] = 6
    exif.get_ifd(PLACES)[2] = (51.0, 3.0, 0.0)
    more: dict[str, Any] = {} if path.suffix == ".png" else {"comment": b"GEHEIM"}
    Image.new("RGB", (width, height), "teal").save(path, exif=exif, **more)


@pytest.mark.parametrize("name", ["huis.jpg", "huis.png"])
def test_what_the_file_says_of_its_maker_is_dropped(tmp_path: Path, name: str) -> None:
    """Neither place nor comment is published; the picture stands upright, the same each time."""
    save(tmp_path / name)
    picture, complaints = read(tmp_path, name)
    assert complaints == []
    photograph = present(picture)
    assert b"GEHEIM" not in photograph.data
    assert dict(Image.open(BytesIO(photograph.data)).getexif()) == {}
    assert (photograph.width, photograph.height) == (20, 40)
    assert read(tmp_path, name)[0] == photograph


def test_a_large_photograph_is_resized(tmp_path: Path) -> None:
    """No side has more than 1600 pixels, and a JPEG has the quality that is said."""
    save(tmp_path / "huis.jpg", 3200, 1000)
    photograph = present(read(tmp_path)[0])
    assert max(photograph.width, photograph.height) == 1600
    saved = BytesIO()
    Image.new("RGB", (8, 8)).save(saved, "JPEG", quality=QUALITY)
    rounded = [file.partition(b"\xff\xdb")[2][:66] for file in (photograph.data, saved.getvalue())]
    assert rounded[0] == rounded[1]


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("huis.gif", b"GIF89a", "is no file beside the texts"),
        ("../huis.jpg", b"", "is no file beside the texts"),
        ("huis.jpg", b"<svg/>", "is neither a JPEG nor a PNG that can be read"),
        ("huis.jpg", None, "isn't there, did you mean 'huisje.jpg'?"),
    ],
)
def test_another_file_is_refused(
    tmp_path: Path, name: str, content: bytes | None, what: str
) -> None:
    """Told with its line and what to do; what a picture says it is doesn't count."""
    (tmp_path / "huisje.jpg").touch()
    if content is not None and "/" not in name:
        (tmp_path / name).write_bytes(content)
    photograph, (complaint,) = read(tmp_path, name)
    assert photograph is None
    assert complaint.what == f"the image '{name}' {what}"
    assert complaint.next_step


def test_too_many_pixels_or_bytes_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A small file that would fill the memory; as many as may be are shown."""
    Image.new("1", (8000, 8000)).save(tmp_path / "huis.png")
    assert "pixels" in read(tmp_path, "huis.png")[1][0].what
    save(tmp_path / "huis.jpg")
    size = (tmp_path / "huis.jpg").stat().st_size
    for limit, most, what in (
        ("MOST_PIXELS", 800, "has too many pixels"),
        ("MOST_BYTES", size, "has more than 0 MB"),
    ):
        for fewer, complaints in enumerate(([], [f"the image 'huis.jpg' {what}"])):
            photographs._publish.cache_clear()
            monkeypatch.setattr(photographs, limit, most - fewer)
            assert [each.what for each in read(tmp_path)[1]] == complaints
        monkeypatch.undo()
