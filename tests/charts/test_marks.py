"""The marks of charts: as long as their values, at their places, and said in words."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

import pytest

from helpline_report.audit.drawn_items import read_item
from helpline_report.audit.expectations import parse_page
from helpline_report.charts.chart_figures import list_flow_rows
from helpline_report.charts.drawing_steps import Drawing
from helpline_report.charts.style import NARROW, WIDE, Theme
from helpline_report.figures.model import Chart, Interval
from tests.cases import draw_cases
from tests.charts.conftest import every_kind_of_chart
from tests.charts.marks import draw, misreadings, parsed, shapes, texts, words_of

THEMES = pytest.mark.parametrize("theme", [WIDE, NARROW], ids=["wide", "narrow"])
KINDS = pytest.mark.parametrize("kind", ["columns", "bars"])


def chart(kind: str, *, against: bool = True, **more: Any) -> Chart:
    values = {"id": "c", "kind": kind, "breakdown": "now", "against": "then" if against else None}
    return Chart.model_validate(values | more)


def two_years(make: Any, now: Sequence[float | None], then: Sequence[float | None]) -> None:
    for name, values, year in (("now", now, 2017), ("then", then, 2016)):
        make.by(name, "month", {f"{at:02d}": value for at, value in enumerate(values, 1)}, year)


@THEMES
def test_every_kind_is_read_back(theme: Theme) -> None:
    """The reader of published pages finds each mark as long and where its figure says, and named.

    It finds a drawing of other numbers, too: in every kind something differs then.
    """
    ledger, charts = every_kind_of_chart()
    changed = {
        name: figure.model_copy(update={"value": figure.number + 50 + place})
        for place, (name, figure) in enumerate(ledger.figures.items())
        if figure.value is not None
    }
    other = ledger.model_copy(update={"figures": ledger.figures | changed})
    for item in charts:
        if item.kind == "heatmap" and theme is NARROW:
            continue  # a phone has its table instead
        drawing = draw(item, ledger, theme)
        assert misreadings(drawing) == []
        assert misreadings(drawing, draw(item, other, theme).svg) != []


def test_where_a_text_is_read_to_stand() -> None:
    """In the middle of its letters: above its place, and left of it where it is upright."""
    written = '<text x="5" y="20" style="font-size:10"{}>8</text>'
    turns = ("", ' transform="rotate(-90 5 20)"')
    page = parse_page(f"<svg>{''.join(map(written.format, turns))}</svg>")
    assert [read_item(item).points for item in page.iter("text")] == [[(5, 16.5)], [(1.5, 20)]]


MARK = r'<(?:path|circle) [^>]*data-figure="FIGURE"[^>]*/>'
# What is done to a drawing: a pattern, where FIGURE is the figure that is named, and what takes its
# place.
EDITS = {
    "mark gone": (MARK, ""),
    "mark twice": (f"({MARK})", r"\1\1"),
    "lower drawing": (' height="[0-9.]+"', ' height="150"'),
    "dot hollow": (r'("FIGURE" style="fill:var\(--)main', r"\1page"),
    "stroke gone": (r'M\S+ \S+L\S+ \S+" data-figure', '" data-figure'),
    "number gone": (r'<text [^>]*data-figure="FIGURE".*?</text>', ""),
    "number of none": (r'(<text [^>]*) data-figure="FIGURE"', r"\1"),
    "number up": (r'(<text x="[^"]*" y=")[^"]*(" data-figure="FIGURE")', r"\g<1>9\2"),
    "number down": (r'(<text x="[^"]*" y=")[^"]*(" data-figure="FIGURE")', r"\g<1>999\2"),
    "name up": (r'(<text x="[^"]*" y=")[^"]*(" data-about="FIGURE")', r"\g<1>9\2"),
    "name down": (r'(<text x="[^"]*" y=")[^"]*(" data-about="FIGURE")', r"\g<1>999\2"),
    "name aside": (r'(<text x=")[^"]*(" y="[^"]*" data-about="FIGURE")', r"\g<1>9\2"),
    "other name": (r'(data-about="FIGURE"[^>]*>)[^<]*', r"\1juni"),
    "years exchanged": (">2017<(.*?)>2016<", r">2016<\1>2017<"),
    "squares exchanged": (
        r'(style="fill:var\(--)main(\)"/><path [^>]*--)compare',
        r"\1compare\2main",
    ),
    "mark of other year": ('(data-figure="FIGURE")', r'\1 style="fill:var(--compare)"'),
    "lowest for highest": (r"(Hoogste: ).*Laagste: ([^.]*)\.", r"\1\2."),
    "axis cut": (r"0(</text><text [^>]*>)50<", r"40\g<1>90<"),
    "extra bar": ("(<path d=)", r'<path d="M1 1L9 1L9 9L1 9z" style="fill:var(--main)"/>\1'),
    "extra text": ("</svg>", '<text x="9" y="9" style="fill:var(--ink)">veel</text></svg>'),
    "extra line": ("</svg>", '<path d="M9 9L99 9" style="fill:none;stroke:var(--main)"/></svg>'),
    "band later": ('(<path d="M)[0-9.]+( \\S+L[0-9.]+ [^>]*--window)', r"\g<1>99\2"),
    "band gone": ("<path [^>]*--window[^>]*/>", ""),
    "baseline gone": ('<path [^>]*style="fill:none;stroke:var\\(--axis\\)"/>', ""),
    "other shade": ("--seq1\\)(.*?)--seq2\\)", r"--seq2)\1--seq1)"),
    "line gone": ("<path [^>]*stroke-width:2[^>]*/>", ""),
    "campaign renamed": ("(<text [^>]*data-event[^>]*>)[^<]*", r"\1Kerst"),
    "campaign moved": (
        '(<path d="M)[0-9.]+( [^L]*L)[0-9.]+( [^>]*data-event)',
        r"\g<1>99\g<2>99\3",
    ),
    "campaign unnamed": ("<text [^>]*data-event.*?</text>", ""),
    "campaign without line": ("<path [^>]*data-event[^>]*/>", ""),
    "months exchanged": (">mei<(.*?)>jun<", r">jun<\1>mei<"),
}
# What is planted, by which edit, in which chart, and the figure that it is about.
PLANTED = """
    a column is gone                   | mark gone             | months       | m.03
    an axis cuts columns off           | lower drawing         | months       | m.03
    a bar stands twice                 | mark twice            | ranked       | m.03
    a dot is gone                      | mark gone             | years        | before.05
    a square is gone                   | mark gone             | hours        | t.2.9
    a band is gone                     | mark gone             | sent         | f.told
    an interval is gone                | mark gone             | rises        | s.a
    a week is gone                     | stroke gone           | days         | d
    what isn't sure looks sure         | dot hollow            | rises        | s.a
    a number is beside another bar     | number up             | ranked       | m.03
    a name is below another column     | name aside            | months       | m.03
    a number is in another square      | number up             | hours        | t.2.9
    a number is of another band        | number down           | sent         | f.told
    a name is of another band          | name down             | sent         | f.told
    a number is of another estimate    | number up             | rises        | s.b
    a name is of another estimate      | name up               | rises        | s.b
    a phone's number is of another bar | number up             | phone ranked | m.03
    a phone's name is of another bar   | name up               | phone ranked | m.03
    a column has another name          | other name            | months       | m.03
    a bar has no number                | number gone           | ranked       | m.03
    a number has no figure             | number of none        | ranked       | m.03
    a legend has other years           | years exchanged       | months       | m.01
    a legend has other colours         | squares exchanged     | months       | m.01
    a column has another year's colour | mark of other year    | months       | m.03
    the lowest is called the highest   | lowest for highest    | months       | months
    so is that of a cross-table        | lowest for highest    | hours        | hours
    a campaign has another name        | campaign renamed      | days         | campaigns.spring
    a campaign is on another day       | campaign moved        | days         | campaigns.spring
    a campaign has no name             | campaign unnamed      | per_week     | campaigns.spring
    a campaign has no line             | campaign without line | per_week     | campaigns.spring
    a month stands at another          | months exchanged      | days         | the axis
    a number of the axis is another    | axis cut              | years        | the axis
    a bar is of no figure              | extra bar             | ranked       | the drawing
    a line stands for nothing          | extra line            | days         | the drawing
    a word isn't described             | extra text            | hours        | the drawing
    a campaign begins on another day   | band later            | days         | campaigns.spring
    a campaign has no band             | band gone             | per_week     | campaigns.spring
    the line at 0 is gone              | baseline gone         | months       | the baseline
    light squares are dark             | other shade           | hours        | t.1.9
    the line between dots is gone      | line gone             | years        | the lines
"""


@cache
def draw_one(name: str) -> Drawing:
    ledger, charts = every_kind_of_chart()
    (item,) = (item for item in charts if item.id == name.removeprefix("phone "))
    return draw(item, ledger, NARROW if name.startswith("phone ") else WIDE)


@pytest.mark.parametrize(("edit", "name", "figure"), draw_cases(PLANTED))
def test_what_a_drawing_leaves_out_or_adds(edit: str, name: str, figure: str) -> None:
    """The reader names the figure whose mark is missing, doubled, or explained otherwise."""
    drawing = draw_one(name)
    pattern, new = EDITS[edit]
    pattern = pattern.replace("FIGURE", re.escape(figure))
    changed, times = re.subn(pattern, new, drawing.svg, count=1, flags=re.DOTALL)
    assert times == 1
    assert figure in {misreading.figure for misreading in misreadings(drawing, changed)}


@KINDS
def test_bars_of_nothing_have_no_length(make: Any, kind: str) -> None:
    """Also where all are nothing, so that there is no scale."""
    two_years(make, [0, 0, 0], [])
    drawing = draw(chart(kind, against=False), make.ledger())
    svg = drawing.svg
    assert misreadings(drawing) == []
    ((start, x, y),) = re.findall(r'd="(M(\S+) (\S+?)L[^"]*)"[^>]*data-figure="now.02"', svg)
    longer = f"M{x} {y}L{float(x) + 40} {float(y) + 40}L{x} {y}z"
    assert "now.02" in {
        misreading.figure for misreading in misreadings(drawing, svg.replace(start, longer))
    }


def test_a_chart_that_is_cut_shows_so_many(make: Any) -> None:
    """A bar may be gone for a lack of room, but not one more."""
    make.by("now", "month", {f"{at:02d}": 10 * at for at in range(1, 6)})
    drawing = draw(chart("bars", against=False, most=3), make.ledger())
    assert misreadings(drawing) == []
    without = re.sub(MARK.replace("FIGURE", "now.02"), "", drawing.svg)
    assert "now.02" in {misreading.figure for misreading in misreadings(drawing, without)}


def test_the_highest_of_a_chart_that_is_cut_is_one_that_it_shows(make: Any) -> None:
    """Not one of those that are left out, such as a rest group, which stands last."""
    make.by("now", "month", {f"{at:02d}": 10 * at for at in range(1, 13)})
    drawing = draw(chart("bars", against=False, most=10), make.ledger())
    assert "Hoogste: oktober, met 100." in drawing.svg
    assert misreadings(drawing) == []


@KINDS
@THEMES
def test_the_year_before_stands_behind(make: Any, theme: Theme, kind: str) -> None:
    """In grey with an edge, and this year in the main colour; periods above, this year's first.

    All bars stand on one line; those below zero hang from it.
    """
    two_years(make, [425, 401, 0, 521, -40], [398, 446, 12, None, 345])
    svg = draw(chart(kind), make.ledger(), theme).svg
    drawn = shapes(svg)
    for name, mark in drawn.items():
        assert mark.fill == ("compare" if name.startswith("then") else "main")
    assert re.search(r'fill:var\(--compare\);stroke:var\(--axis\)"[^>]*>.*?data-figure="then', svg)
    assert set(drawn) == set(make.figures) - {"then.04"}
    below = drawn.pop("now.05")
    (foot,) = {mark.down[1] if kind == "columns" else mark.across[0] for mark in drawn.values()}
    assert foot == (below.down[0] if kind == "columns" else below.across[1])
    assert texts(svg)[:2] == ["2017", "2016"]


def test_a_value_wider_than_its_column_is_not_written_across_the_year_before(make: Any) -> None:
    """A phone writes the highest alone, and inside its column where the grey one is higher."""
    two_years(make, [2100.0] * 11 + [2304.0], [2900.0] * 12)
    drawn = draw(chart("columns"), make.ledger(), NARROW).svg
    assert "2.304" not in texts(drawn)


def test_a_week_without_value_has_no_length(make: Any) -> None:
    """The strokes after it still belong to their own weeks."""
    make.by("now", "date", {"2017-01-01": 4, "2017-01-02": None, "2017-01-09": 2})
    points = shapes(draw(chart("daily", against=False), make.ledger()).svg)["now"].points
    tall = [start[1] - end[1] for start, end in zip(points[::2], points[1::2], strict=True)]
    assert [each / tall[0] for each in tall] == pytest.approx([1, 0, 0.5], abs=0.01)


def test_names_below_columns_have_even_lines(make: Any) -> None:
    """'0 tot en met 5' would touch the name beside it, and leave 'jaar' alone."""
    make.by("now", "age_class", {f"{age} tot en met {age + 5} jaar": 1 + age for age in range(8)})
    lines = texts(draw(chart("columns", against=False), make.ledger()).svg)
    assert {"0 tot en", "met 5 jaar"} <= set(lines)


@pytest.mark.parametrize("first", ["2017-01-01", "2017-01-02"])
def test_each_month_of_a_year_by_week_is_named_once(make: Any, first: str) -> None:
    """Its last week may end in the next year; its first one may begin on 2 January."""
    make.by("now", "date", {first: 4, "2017-06-01": 3, "2017-12-31": 2})
    months = texts(draw(chart("daily", against=False), make.ledger()).svg)
    assert (months.count("jan"), months.count("dec")) == (1, 1)


def test_a_line_stops_where_there_is_no_value(make: Any) -> None:
    """What wasn't registered is no point between its neighbours."""
    two_years(make, [1, 2, None, 4, 5], [])
    svg = draw(chart("lines", against=False), make.ledger()).svg
    assert len(shapes(svg, "circle")) == 4
    (line,) = [item for item in parsed(svg).iter() if "stroke-width:2" in item.get("style", "")]
    assert line.attrib["d"].count("M") == 2


def test_rows_of_a_cross_table_are_shaded_by_themselves(make: Any) -> None:
    """The most of each row is darkest, however few it holds beside another row."""
    make.tab("t", {("elder_abuse", "sexual"): 1, ("elder_abuse", "physical"): 4})
    make.tab("u", {("child_abuse", "sexual"): 900, ("child_abuse", "physical"): 90})
    cells = (*make.breakdowns["t"].members, *make.breakdowns["u"].members)
    update = {"by": ("problem", "form"), "members": cells}
    make.breakdowns["t"] = make.breakdowns["t"].model_copy(update=update)
    svg = draw(Chart(id="t", kind="heatmap", breakdown="t"), make.ledger()).svg
    shades = {name.split(".", 1)[1]: cell.fill for name, cell in shapes(svg).items()}
    assert shades["elder_abuse.physical"] == shades["child_abuse.sexual"] == "seq5"
    assert shades["child_abuse.physical"] == "seq1"


@THEMES
def test_a_hidden_square_is_a_gap_with_strokes(make: Any, theme: Theme) -> None:
    """It has no mark, no fill and no number, and diagonal strokes where it would stand."""
    make.tab("t", {(str(row), str(col)): 10 * row + col for row in (1, 2) for col in (8, 9)})
    make.hide("t.1.9")
    svg = draw(Chart(id="t", kind="heatmap", breakdown="t"), make.ledger(), theme).svg
    drawn = shapes(svg)
    assert set(drawn) == {"t.1.8", "t.2.8", "t.2.9"}
    assert "–" not in texts(svg)
    (lines,) = [
        item
        for item in parsed(svg).iter()
        if item.get("d", "").count("M") == 3 and "fill:none" in item.get("style", "")
    ]
    places = [float(each) for each in re.findall(r"-?[\d.]+", lines.attrib["d"])]
    across, down = places[::2], places[1::2]
    beside, under = drawn["t.1.8"], drawn["t.2.9"]
    assert (min(across), max(across)) == pytest.approx(under.across, abs=0.02)
    assert (min(down), max(down)) == pytest.approx(beside.down, abs=0.02)


@KINDS
@THEMES
def test_a_hidden_bar_is_told_in_words(make: Any, theme: Theme, kind: str) -> None:
    """It has no mark; what its cell in the table says stands in its place."""
    two_years(make, [4, 3, 5], [])
    make.hide("now.02")
    svg = draw(chart(kind, against=False), make.ledger(), theme).svg
    assert set(shapes(svg)) == {"now.01", "now.03"}
    assert texts(svg).count("niet getoond") == 1
    assert "0" not in texts(svg)


@THEMES
def test_changes(make: Any, theme: Theme) -> None:
    """Both counts stand under the name; a hollow dot is explained; no value has no dot."""
    item = Chart(id="c", kind="changes", breakdown="c")
    make.changes("c", {"a": (2, 18), "b": (3, 19)})
    sure = draw(item, make.ledger(), theme)
    assert texts(sure.svg).count("van 100 naar 110") == 2
    hollow = "open punt: dit verschil kan toeval zijn"
    assert hollow not in texts(sure.svg)
    make.changes("c", {"a": (-2, 22), "b": None})
    doubtful = draw(item, make.ledger(), theme)
    assert hollow in texts(doubtful.svg)
    assert "niet geregistreerd" in texts(doubtful.svg)
    assert "B: niet geregistreerd" in doubtful.alt
    assert set(shapes(doubtful.svg)) == {"c.a"}


@pytest.mark.parametrize(
    ("unit", "ends", "is_hollow"),
    [
        ("percent change", (0.00004, 22), True),
        ("percent change", (-7, -0.00004), True),
        ("ratio", (0.7, 0.99996), True),
        ("ratio", (1.00005, 1.2), False),
    ],
)
def test_an_end_that_is_written_as_no_difference_is_one(
    make: Any, unit: str, ends: tuple[float, float], *, is_hollow: bool
) -> None:
    """A dot is hollow by the ends as prose writes them, and is read back so."""
    interval = Interval(
        low=ends[0], high=ends[1], null_value=unit == "ratio", method="log_normal_clustered"
    )
    of, kind = make.population(2016), "rate_ratio" if unit == "ratio" else "change"
    make.figure("r", sum(ends) / 2, kind=kind, unit=unit, interval=interval, of=of)
    drawing = draw(Chart(id="c", kind="intervals", figures=("r",)), make.ledger())
    assert ("open punt: dit verschil kan toeval zijn" in texts(drawing.svg)) == is_hollow
    assert misreadings(drawing) == []


def test_a_ratio_of_nothing_is_drawn(make: Any) -> None:
    """A year without a row, beside one with few: 0 has no place on a logarithmic scale."""
    interval = Interval(low=0, high=1.9, null_value=1, method="exact_conditional")
    of = make.population(2016)
    make.figure("r", 0, kind="rate_ratio", unit="ratio", interval=interval, of=of)
    item = Chart(id="c", kind="intervals", figures=("r",))
    assert misreadings(draw(item, make.ledger())) == []


# A flow: what hangs on what, to one scale

FLOW = Chart(id="f", kind="flow", breakdown="f", figures=("f.whole", "f.all_sent"))
VALUES: dict[str, float | None] = {"told": 5, "sent.a": 1, "sent.b": 3, "left": 2}


@pytest.mark.parametrize(
    ("sent", "tree"),
    [
        (4, ["1 told", "1 sent", "2 sent.b", "2 sent.a", "1 left"]),
        (None, ["1 told", "1 sent.a", "1 sent.b", "1 left"]),
    ],
)
def test_codes_hang_on_their_group(make: Any, sent: float | None, tree: list[str]) -> None:
    """A group stands where its first code does, its codes by size; others hang on the whole.

    The codes of a group that may not be told stand for themselves.
    """
    make.flow("f", VALUES, sent=sent, whole=11)
    ledger = make.ledger()
    rows = list_flow_rows(FLOW, ledger.breakdowns["f"], words_of(ledger)) or []
    assert [f"{level} {label}" for level, label, _ in rows[1:]] == tree


def test_whole_without_value_is_drawn_as_bars(make: Any) -> None:
    """Without a whole nothing flows: the codes are ranked bars."""
    make.flow("f", VALUES, sent=4, whole=None)
    drawing = draw(FLOW, make.ledger())
    assert [text for text in texts(drawing.svg) if text.isalpha()] == ["Told", "Left"]
    assert misreadings(drawing) == []


def test_a_label_of_two_lines_stays_within(make: Any) -> None:
    """What hangs on the whole by itself may have a long name too: the last line has its room."""
    long = "een vorm die heel wat meer letters heeft dan er naast elkaar kunnen staan"
    make.flow("f", {**VALUES, long: 1}, sent=4, whole=12)
    drawn = draw(FLOW, make.ledger(), WIDE)
    lines = [item for item in parsed(drawn.svg).iter() if item.tag.endswith("text")]
    assert max(float(line.attrib["y"]) for line in lines) <= drawn.height - 3


@THEMES
def test_a_hidden_part_of_a_flow_is_told_in_words(make: Any, theme: Theme) -> None:
    """It has neither node nor band, and its words stand where its number would."""
    make.flow("f", VALUES, sent=4, whole=11)
    make.hide("f.left")
    drawing = draw(FLOW, make.ledger(), theme)
    assert set(shapes(drawing.svg)) == {"f.whole", "f.told", "f.all_sent", "f.sent.a", "f.sent.b"}
    assert {"11", "5", "4", "3", "1", "niet getoond"} <= set(texts(drawing.svg))
    assert "Sent: 4, waarvan sent.b: 3; sent.a: 1" in drawing.alt
