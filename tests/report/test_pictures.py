"""Pictures show their own charts, and colours of pages are those of the house style."""

import contextlib
import random
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pydantic import ValidationError

from helpline_report.audit.colour_schemes import (
    ContrastReader,
    compare_schemes,
    read_schemes,
)
from helpline_report.audit.drawn_grounds import PAGE, DrawnGrounds
from helpline_report.audit.drawn_items import read_items
from helpline_report.audit.expectations import Element, Misreading, parse_page
from helpline_report.audit.picture_pixels import compare_pictures
from helpline_report.charts import drawing
from helpline_report.charts.style import WIDE
from helpline_report.errors import RefusedError
from helpline_report.figures.model import Chart
from helpline_report.parameters.house_style import HouseStyle, tokens
from helpline_report.report import pictures
from helpline_report.report.book_parts import list_charts
from helpline_report.report.chapters import ChapterReader
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.views import ChartView
from tests.charts.conftest import every_kind_of_chart
from tests.charts.marks import words_of
from tests.charts.test_drawn_cases import KINDS, Case
from tests.report.small_publication import make_publication

Patch = pytest.MonkeyPatch
LIGHT = {str(name): colour for name, colour in tokens().colours.light.items()}


@pytest.fixture(scope="module")
def reader() -> ChapterReader:
    return ChapterReader(EditionWords(make_publication()))


def set_pictures(
    reader: ChapterReader, views: list[ChartView], folder: Path
) -> Iterator[Misreading]:
    """Set pictures of charts, and read them."""
    listed = pictures.list_pictures(reader, views)
    (folder / "data" / "charts").mkdir(parents=True, exist_ok=True)
    for name, content in pictures.draw_pictures(listed, reader).items():
        (folder / "data" / name).write_bytes(content)
    drawings = {view.id: read_drawing(view.wide.svg) for view in views}
    return compare_pictures(folder, drawings, LIGHT)


def read_drawing(svg: str) -> Element:
    (drawn,) = parse_page(svg).iter("svg")
    return drawn


def make_views(reader: ChapterReader) -> list[ChartView]:
    """A chart of each kind, and some that functions of a project's own draw."""
    ledger, charts = every_kind_of_chart()
    first, words = list_charts(reader)[0], words_of(ledger)
    drawn = {chart.id: drawing.draw(chart, words, (WIDE,))[0] for chart in charts}
    for name, function in OWN.items():
        own = Chart(id=name, kind="own", breakdown="m", function=f"plots.{name}")
        drawn[name] = drawing.draw(own, words, (WIDE,), function=function)[0]
    return [show(first, name, each) for name, each in drawn.items()]


def show(view: ChartView, name: str, drawn: Any) -> ChartView:
    return replace(view, id=name, wide=drawn, paper=drawn.in_colours(LIGHT))


def draw_own_points(df: Any, ax: Any) -> None:
    """Points, as in a chart of very many."""
    ax.scatter(range(len(df)), df["value"])


def draw_own_lines(df: Any, ax: Any) -> None:
    sns = pytest.importorskip("seaborn")
    sns.lineplot(df, x="label", y="value", ax=ax)


def draw_own_bars(df: Any, ax: Any) -> None:
    sns = pytest.importorskip("seaborn")
    sns.barplot(df, x="value", y="label", hue="label", ax=ax)


def draw_own_violin(df: Any, ax: Any) -> None:
    sns = pytest.importorskip("seaborn")
    sns.violinplot(df, x="value", inner=None, ax=ax)
    sns.stripplot(df, x="value", ax=ax)


def draw_own_squares(df: Any, ax: Any) -> None:
    sns = pytest.importorskip("seaborn")
    sns.heatmap(df[["value"]].T, annot=True, fmt="g", ax=ax, cbar=False)


def draw_own_heap(df: Any, ax: Any) -> None:
    sns = pytest.importorskip("seaborn")
    sns.histplot(df, x="value", kde=True, ax=ax)
    ax.axhspan(1, 2, alpha=0.3)


OWN = {
    "points": draw_own_points,
    "own_lines": draw_own_lines,
    "own_bars": draw_own_bars,
    "violin": draw_own_violin,
    "squares": draw_own_squares,
    "heap": draw_own_heap,
}


@pytest.fixture(scope="module")
def views(reader: ChapterReader) -> list[ChartView]:
    return make_views(reader)


@pytest.fixture(scope="module")
def sound(reader: ChapterReader, views: list[ChartView], tmp_path_factory: Any) -> Path:
    """Pictures in which nothing is found."""
    folder: Path = tmp_path_factory.mktemp("pictures")
    assert list(set_pictures(reader, views, folder)) == []
    return folder


def test_pictures_of_other_charts(sound: Path, views: list[ChartView], tmp_path: Path) -> None:
    """Each that has the file of another chart is found, unless all of it is seen through."""
    drawings = {view.id: read_drawing(view.wide.svg) for view in views}
    folder = Path(shutil.copytree(sound, tmp_path / "copy"))
    names = list(drawings)
    unnoticed = []
    for step in range(1, len(names)):
        others = dict(zip(names, names[step:] + names[:step], strict=True))
        for name, other in others.items():
            source = sound / "data" / "charts" / f"{other}.png"
            shutil.copy(source, folder / "data" / "charts" / f"{name}.png")
        told = {Path(each.file).stem for each in compare_pictures(folder, drawings, LIGHT)}
        unnoticed += [(name, others[name]) for name in names if name not in (*told, "heap")]
    assert unnoticed == []


def test_pictures_of_charts_drawn_at_random(
    reader: ChapterReader, views: list[ChartView], tmp_path: Path
) -> None:
    """Nothing is found in them, nor in the colours of their drawings."""
    schemes, drawn = read_schemes(write_page(LIGHT, DARK)), []
    for seed in range(500, 520):
        kind = [*KINDS][seed % len(KINDS)]
        if (each := KINDS[kind](Case(seed), kind, WIDE)) is not None:
            drawn.append(show(views[0], f"{kind}-{seed}", each))
            items = [*read_items(read_drawing(each.svg))]
            assert list(ContrastReader(schemes).read(items, ("x", kind))) == []
    assert list(set_pictures(reader, drawn, tmp_path)) == []


@pytest.mark.parametrize("slope", [2.0, 2.76, 3.5])
def test_beside_a_stroke(slope: float) -> None:
    """As far beside it as whole pixels may be off nothing is sure; further off the ground is."""
    far = (1 + slope**2) ** 0.5 / slope
    drawn = f'<path d="M 0 0 L {slope * 40} 40" style="stroke:#123456;stroke-width:1;fill:none"/>'
    grounds = DrawnGrounds([*read_items(read_drawing(f"<svg>{drawn}</svg>"))])
    middle = slope * 20
    assert grounds.find_colour((middle, 20 + 1.03 * far)) is None
    assert grounds.find_colour((middle, 20 + 1.6 * far)) == PAGE


def test_pictures_of_the_next_chart(
    reader: ChapterReader, views: list[ChartView], tmp_path: Path, monkeypatch: Patch
) -> None:
    """Each is named whose picture is made from the drawing of the one behind it."""
    listed = pictures.list_pictures

    def list_others(*each: Any) -> dict[str, Any]:
        charts = listed(*each)
        cover, *names = charts
        moved = zip(names, names[1:] + names[:1], strict=True)
        return {cover: charts[cover], **{name: charts[other] for name, other in moved}}

    monkeypatch.setattr(pictures, "list_pictures", list_others)
    told = {Path(each.file).stem for each in set_pictures(reader, views, tmp_path)}
    assert told | {"heap"} == {view.id for view in views}


def test_exchanged_colours_on_paper(
    reader: ChapterReader, views: list[ChartView], tmp_path: Path
) -> None:
    """This year's colour for that of last year, in the files alone that have colours themselves."""
    exchanged: Any = {**LIGHT, "main": LIGHT["compare"], "compare": LIGHT["main"]}
    changed = [replace(view, paper=view.wide.in_colours(exchanged)) for view in views]
    told = {Path(each.file).stem for each in set_pictures(reader, changed, tmp_path)}
    assert {"months", "ranked", "channels", "days", "years", "ratios", "rises", "sent"} <= told


def test_bars_at_nine_tenths(reader: ChapterReader, views: list[ChartView], tmp_path: Path) -> None:
    """A picture of the same chart with other numbers."""
    ledger, charts = every_kind_of_chart()
    figures = {
        name: each.model_copy(update={"value": each.value * 0.9 if name < "m.07" else each.value})
        if name.startswith("m.") and isinstance(each.value, int | float)
        else each
        for name, each in ledger.figures.items()
    }
    words = words_of(ledger.model_copy(update={"figures": figures}))
    (chart,) = (chart for chart in charts if chart.id == "months")
    drawn = drawing.draw(chart, words, (WIDE,))[0]
    view = next(view for view in views if view.id == "months")
    changed = replace(view, paper=drawn.in_colours(LIGHT))  # type: ignore[arg-type]
    assert [*set_pictures(reader, [changed], tmp_path)]


def test_a_damaged_picture(sound: Path, views: list[ChartView], tmp_path: Path) -> None:
    """It is named."""
    folder = Path(shutil.copytree(sound, tmp_path / "copy"))
    path = folder / "data" / "charts" / "months.png"
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(RefusedError, match=r"months\.png"):
        list(compare_pictures(folder, {"months": read_drawing(views[0].wide.svg)}, LIGHT))


# Colours of pages


def write_page(light: dict[str, str], dark: dict[str, str]) -> Element:
    """A page with the colours of a house style alone."""

    def declare(colours: dict[str, str]) -> str:
        return "".join(f"  --{name}: {colour};\n" for name, colour in colours.items())

    both = f":root {{\n{declare(light)}}}\n@media screen and (prefers-color-scheme: dark) {{\n"
    style = (
        f"{both}:root {{\n{declare(dark)}}}\n}}\n@media print {{ :root {{ --page: #ffffff; }} }}"
    )
    return parse_page(f"<html><head><style>{style}</style></head><body></body></html>")


DARK = {str(name): colour for name, colour in tokens().colours.dark.items()}


def test_colours_of_a_page() -> None:
    """They are those of the house style, in both schemes; two that are exchanged are named."""
    palettes = HouseStyle().palettes
    assert list(compare_schemes("x", read_schemes(write_page(LIGHT, DARK)), palettes)) == []
    for one, other in (("main", "compare"), ("seq1", "seq4"), ("accent", "window")):
        light = {**LIGHT, one: LIGHT[other], other: LIGHT[one]}
        dark = {**DARK, one: DARK[other], other: DARK[one]}
        for page in (write_page(light, DARK), write_page(LIGHT, dark)):
            told = {each.figure for each in compare_schemes("x", read_schemes(page), palettes)}
            assert told == {one, other}
    assert list(compare_schemes("x", read_schemes(write_page(DARK, LIGHT)), palettes))


def test_contrast(views: list[ChartView]) -> None:
    """Drawings can be read in the colours of the program, and not in those of the other scheme."""
    of_program, mixed = read_schemes(write_page(LIGHT, DARK)), {**DARK, "page": LIGHT["page"]}
    swapped = read_schemes(write_page(mixed, DARK))
    for view in views:
        if view.id not in OWN:
            items = [*read_items(read_drawing(view.wide.svg))]
            assert list(ContrastReader(of_program).read(items, ("x", view.id))) == []
            assert list(ContrastReader(swapped).read(items, ("x", view.id)))


def draw_house(seed: int) -> HouseStyle:
    """Colours of a helpline that its parameters aren't refused for."""
    chance = random.Random(seed)
    for _ in range(1000):
        names = chance.sample(["main", "accent", "compare", "axis"], chance.choice([1, 2]))
        colours = {name: f"#{chance.randrange(2**24):06x}" for name in names}
        with contextlib.suppress(ValidationError):
            return HouseStyle.model_validate({"colours": colours})
    raise AssertionError


@pytest.mark.parametrize("seed", range(12))
def test_contrast_in_colours_of_a_house(seed: int, views: list[ChartView]) -> None:
    """Whatever colours a helpline has."""
    light, dark = ({str(n): c for n, c in each.items()} for each in draw_house(seed).palettes)
    schemes = read_schemes(write_page(light, dark))
    for view in views:
        if view.id not in OWN:
            items = [*read_items(read_drawing(view.wide.svg))]
            assert list(ContrastReader(schemes).read(items, ("x", view.id))) == []


def test_a_text_in_the_colour_of_its_ground(views: list[ChartView]) -> None:
    """A number in a square, and a value in a bar."""
    schemes = read_schemes(write_page(LIGHT, DARK))
    for name, one, other in (
        ("hours", r"--seqink5\)", "--seqink0)"),
        ("months", r"--ink\)", "--grid)"),
    ):
        svg = next(view for view in views if view.id == name).wide.svg
        items = [*read_items(read_drawing(re.sub(one, other, svg)))]
        assert list(ContrastReader(schemes).read(items, ("x", name)))


def test_sizes(sound: Path) -> None:
    """Each picture is as wide as a printed page needs it."""
    for path in (sound / "data" / "charts").glob("*.png"):
        with Image.open(path) as picture:
            assert picture.size[0] == 1600
