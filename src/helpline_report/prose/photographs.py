"""Read a photograph of a text: resized, and without what its file says of camera and place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from warnings import catch_warnings, simplefilter

from PIL import Image, ImageOps, UnidentifiedImageError

from helpline_report.errors import nearest, to_read
from helpline_report.prose.markdown import Complaint
from helpline_report.prose.nodes import PHOTOGRAPHS, Element, Photograph, walk

FILE_NAME = re.compile(r"[\w-][\w.-]*\.(?:jpe?g|png)", re.IGNORECASE)
WIDEST = 1600
MOST_BYTES = 20_000_000
MOST_PIXELS = 60_000_000
# A photograph as PNG is several times as large as it need be.
MOST_PUBLISHED = 2_000_000
QUALITY = 82
NAME_STEP = "put a JPEG or PNG beside the texts, and write its name: photo.jpg"


def read_photographs(
    blocks: Iterable[Element], folder: Path, complaints: list[Complaint]
) -> Mapping[str, Photograph | None]:
    """The photographs of a text by their files in a folder; what is wrong with others is added."""
    photographs: dict[str, Photograph | None] = {}
    for node in walk(blocks):
        if isinstance(node, Element) and node.kind == "picture":
            photographs[node.href] = None
            try:
                photographs[node.href] = _read(folder, node.href)
            except ValueError as error:
                what, step = error.args
                complaints.append(Complaint(node.line, f"the image '{node.href}' {what}", step))
    return photographs


def _read(folder: Path, name: str) -> Photograph:
    """One photograph.

    Raises:
        ValueError: with what is wrong, and what to do.
    """
    path = folder / name
    if not FILE_NAME.fullmatch(name):
        raise ValueError("is no file beside the texts", NAME_STEP)
    if not path.is_file():
        there = [each.name for each in folder.glob("*") if each.suffix.lower() in PHOTOGRAPHS]
        raise ValueError(f"isn't there{nearest(name, there)}", NAME_STEP)
    smaller = "save it smaller, 1600 pixels wide is enough"
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError(f"has more than {MOST_BYTES // 1_000_000} MB", smaller)
        with catch_warnings():
            simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(path, formats=("JPEG", "PNG"))
        with image:
            if image.width * image.height > MOST_PIXELS:
                raise ValueError(f"has more than {MOST_PIXELS // 1_000_000} megapixels", smaller)
            return _resize(image)
    except UnidentifiedImageError:
        raise ValueError("is neither a JPEG nor a PNG", "save it as one of these") from None
    except (OSError, SyntaxError) as error:
        step = to_read(error) if isinstance(error, OSError) else "save it anew"
        raise ValueError("can't be read", step) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ValueError("has too many pixels", smaller) from None


def _resize(image: Image.Image) -> Photograph:
    upright = ImageOps.exif_transpose(image)
    see_through = upright.mode in ("LA", "PA", "RGBA") or "transparency" in upright.info
    plain = upright.convert("RGBA" if see_through else "RGB")
    plain.thumbnail((WIDEST, WIDEST), Image.Resampling.LANCZOS)
    plain.info.clear()
    out = BytesIO()
    if image.format == "PNG":
        plain.save(out, "PNG", optimize=True)
    else:
        plain.save(out, "JPEG", quality=QUALITY, optimize=True)
    if out.tell() > MOST_PUBLISHED:
        raise ValueError("is too large as a PNG", "save it as a JPEG")
    return Photograph(
        out.getvalue(), f"image/{(image.format or '').lower()}", plain.width, plain.height
    )
