"""Read and save photographs of texts: resized, and without what a file says of camera and place."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from io import BytesIO
from itertools import count
from pathlib import Path
from warnings import catch_warnings

from PIL import Image, ImageOps

from helpline_report.errors import ProseError, nearest, to_read
from helpline_report.parameters.project_folder import PHOTOGRAPHS
from helpline_report.private_files import replace_file
from helpline_report.prose.markdown import Complaint
from helpline_report.prose.nodes import Element, Photograph, walk
from helpline_report.prose.rendering import slug

FILE_NAME = re.compile(r"[\w-][\w.-]*\.(?:jpe?g|png)", re.IGNORECASE)
WIDEST = 1600
MOST_BYTES = 20_000_000
MOST_PIXELS = 60_000_000
# A photograph as PNG is several times as large as it need be.
MOST_PUBLISHED = 2_000_000
QUALITY = 82
SMALLER = "save it smaller, 1600 pixels wide is enough"
# What would end the words for who doesn't see a photograph, and what is no letter in its credit.
BRACKETS = str.maketrans("[]\\", "()/")
MARKUP = re.compile(r'[\\"<>&*_`]')
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
                photographs[node.href] = _publish(_read(folder, node.href))
            except ValueError as error:
                what, step = error.args
                complaints.append(Complaint(node.line, f"the image '{node.href}' {what}", step))
    return photographs


def _read(folder: Path, name: str) -> bytes:
    """The content of a file; a `ValueError` has what is wrong, and what to do."""
    path = folder / name
    if not FILE_NAME.fullmatch(name):
        raise ValueError("is no file beside the texts", NAME_STEP)
    if not path.is_file():
        files = [path.name for path in folder.glob("*") if path.suffix.lower() in PHOTOGRAPHS]
        raise ValueError(f"isn't there{nearest(name, files)}", NAME_STEP)
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise ValueError("can't be read", to_read(error)) from None


@lru_cache(maxsize=16)
def _publish(content: bytes) -> Photograph:
    """What is published of a file with this content; a `ValueError` is as `_read` has it."""
    if len(content) > MOST_BYTES:
        raise ValueError(f"has more than {MOST_BYTES // 1_000_000} MB", SMALLER)
    try:
        # Pillow only warns of a picture with too many pixels.
        with (
            catch_warnings(action="ignore", category=Image.DecompressionBombWarning),
            Image.open(BytesIO(content), formats=("JPEG", "PNG")) as image,
        ):
            if image.width * image.height > MOST_PIXELS:
                raise ValueError("has too many pixels", SMALLER)
            return _resize(image)
    except Image.DecompressionBombError:
        raise ValueError("has too many pixels", SMALLER) from None
    except (OSError, SyntaxError):
        what = "is neither a JPEG nor a PNG that can be read"
        raise ValueError(what, "save it as one of these") from None


def _resize(image: Image.Image) -> Photograph:
    upright = ImageOps.exif_transpose(image)
    see_through = upright.mode in ("LA", "PA", "RGBA") or "transparency" in upright.info
    plain = upright.convert("RGBA" if see_through else "RGB")
    plain.thumbnail((WIDEST, WIDEST), Image.Resampling.LANCZOS)
    plain.info.clear()
    out, kind = BytesIO(), image.format or ""
    plain.save(out, kind, optimize=True, **({} if kind == "PNG" else {"quality": QUALITY}))
    if out.tell() > MOST_PUBLISHED:
        raise ValueError("is too large as a PNG", "save it as a JPEG")
    return Photograph(out.getvalue(), f"image/{kind.lower()}", plain.width, plain.height)


def save_photograph(folder: Path, name: str, content: bytes) -> str:
    """Put a photograph beside the texts of a folder, as it is published; returns its file's name.

    The name is that which is asked for, of plain letters. No file is written over.

    Raises:
        ProseError: it can't be published.
        MachineError: it can't be written.
    """
    try:
        photograph = _publish(content)
    except ValueError as error:
        what, step = error.args
        raise ProseError(f"the image '{name}' {what}", next_step=step) from None
    stem = slug(Path(name).stem)[:60] or "photo"
    ending = ".png" if photograph.kind == "image/png" else ".jpg"
    path = folder / f"{stem}{ending}"
    for number in count(2):
        if not path.exists():
            break
        path = folder / f"{stem}-{number}{ending}"
    replace_file(path, photograph.data, path.name)
    return path.name


def write_picture(what: str, file: str, credit: str) -> str:
    """How a text shows a photograph: what it shows, its file, and who made it."""
    what = " ".join(what.split()).translate(BRACKETS)
    credit = MARKUP.sub(r"\\\g<0>", " ".join(credit.split()))
    return f'![{what}]({file} "{credit}")'
