"""Photographs of texts: what is published of them, and what is refused."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from helpline_report.prose.markdown import Complaint, Place, parse
from helpline_report.prose.nodes import Photograph
from helpline_report.prose.photographs import read_photographs

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
    more = {} if path.suffix == ".png" else {"comment": b"GEHEIM"}
    Image.new("RGB", (width, height), "teal").save(path, exif=exif, **more)


@pytest.mark.parametrize("name", ["huis.jpg", "huis.png"])
def test_what_the_file_says_of_its_maker_is_dropped(tmp_path: Path, name: str) -> None:
    """Neither place nor comment is published; the picture stands upright, the same each time."""
    save(tmp_path / name)
    photograph, complaints = read(tmp_path, name)
    assert photograph is not None
    assert complaints == []
    assert b"GEHEIM" not in photograph.data
    assert dict(Image.open(BytesIO(photograph.data)).getexif()) == {}
    assert (photograph.width, photograph.height) == (20, 40)
    assert read(tmp_path, name)[0] == photograph


def test_a_large_photograph_is_resized(tmp_path: Path) -> None:
    """No side has more than 1600 pixels."""
    save(tmp_path / "huis.jpg", 3200, 1000)
    photograph, _ = read(tmp_path)
    assert photograph is not None
    assert max(photograph.width, photograph.height) == 1600


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("huis.gif", b"GIF89a", "is no file beside the texts"),
        ("../huis.jpg", b"", "is no file beside the texts"),
        ("huis.jpg", b"<svg/>", "is neither a JPEG nor a PNG"),
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


def test_too_many_pixels_are_refused(tmp_path: Path) -> None:
    """A small file that would fill the memory."""
    Image.new("1", (8000, 8000)).save(tmp_path / "huis.png")
    assert "pixels" in read(tmp_path, "huis.png")[1][0].what
