"""Compare the picture of a chart with the drawing that it was made from, pixel by pixel."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from helpline_report.audit.drawn_grounds import PAGE, DrawnGrounds
from helpline_report.audit.drawn_items import Place, read_items
from helpline_report.audit.expectations import Element, Misreading, blame_file

# A picture is so many points wide, of which the margins take these.
WIDE, MARGIN = 540, 15
# At most so many places of a picture are looked at.
MOST = 400
# How much a part of a colour may differ: a picture is drawn in whole steps.
STEP = 6

Colour = tuple[int, int, int]


def compare_pictures(
    folder: Path, drawings: Mapping[str, Element], colours: Mapping[str, str]
) -> Iterator[Misreading]:
    """Each picture shows the marks of its chart: their places, lengths and colours.

    `drawings` are those of the pages by the ids of the charts, `colours` those of light by name.
    """
    for name, drawing in drawings.items():
        file = f"data/charts/{name}.png"
        if not (folder / file).is_file():
            continue
        with blame_file(file), Image.open(folder / file) as picture:
            differences = [*compare_picture(file, picture, drawing, colours)]
        yield from differences


def compare_picture(
    file: str, picture: Image.Image, drawing: Element, colours: Mapping[str, str]
) -> Iterator[Misreading]:
    """Whether all that is looked at has the colours of a drawing, at one height of the picture."""
    wide, high = float(drawing.get("width")), float(drawing.get("height"))
    width, height = picture.size
    scale = width * (1 - 2 * MARGIN / WIDE) / wide
    shades = {**colours, PAGE: colours["ground"]}
    samples = [
        (round(MARGIN / WIDE * width + x * scale - 0.5), y * scale, _read_colour(shades, colour))
        for (x, y), colour in _choose_samples(drawing)
        if 0 <= x <= wide and 0 <= y <= high
    ]
    if samples and not _find_height(picture.load(), samples, height - high * scale):
        yield Misreading(file, "its drawing", "", "another one", "the marks of its own chart")


def _choose_samples(drawing: Element) -> list[tuple[Place, str]]:
    """Places all over a drawing; first what is drawn, and then what is left open."""
    samples = list(dict.fromkeys(DrawnGrounds([*read_items(drawing)]).list_samples()))
    drawn = [sample for sample in samples if sample[1] != PAGE]
    opened = [sample for sample in samples if sample[1] == PAGE]
    return [*_thin_out(drawn, MOST), *_thin_out(opened, MOST)]


def _thin_out(samples: Sequence[tuple[Place, str]], most: int) -> Sequence[tuple[Place, str]]:
    return samples[:: max(1, -(-len(samples) // most))]


def _read_colour(colours: Mapping[str, str], name: str) -> Colour:
    digits = colours.get(name, name).lstrip("#")
    red, green, blue = (int(digits[at : at + 2], 16) for at in (0, 2, 4))
    return red, green, blue


def _find_height(read: Any, samples: Sequence[tuple[int, float, Colour]], most: float) -> bool:
    """Whether there is a height at which all samples have their colours."""
    return any(
        all(_is_near(read[x, round(top + y - 0.5)], colour) for x, y, colour in samples)
        for top in range(int(most) + 1)
    )


def _is_near(pixel: Colour, colour: Colour) -> bool:
    return all(abs(one - other) <= STEP for one, other in zip(pixel, colour, strict=False))
