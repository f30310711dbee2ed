"""Changes to a YAML text leave everything else as it stands, to the letter."""

from textwrap import dedent
from typing import Any

import pytest
import yaml

from helpline_report.setup.yaml_text import YamlText

TEXT = dedent(
    """\
    # The heading of 2017.
    name: "x"  # a name
    # Above the list.
    days:   # of the week
      - {day: 1, of: [a, b]}
      # between
      - day: 2
        of:
          - c
    # Above the end.
    end: {x: 1, y: 2}
    long: |
      one
      two
    asked: 1  # how many?
    last: 9
    """
)
DAYS = TEXT[TEXT.index("days:") : TEXT.index("# Above the end")]


@pytest.mark.parametrize(
    ("change", "arguments", "options", "old", "new"),
    [
        # A value is replaced in its place, a block on the line of its key, comments stay.
        ("replace", (("name",), "y"), {}, '"x"  #', "y  #"),
        ("replace", (("days",), "[]"), {}, DAYS, "days: []\n"),
        # A value to decide is tagged, and the question stands at the end of the line.
        ("decide", (("last",), "so many?"), {}, "last: 9", "last: !todo 9  # so many?"),
        (
            "decide",
            (("end", "x"), "why?"),
            {"value": "3"},
            "{x: 1, y: 2}",
            "{x: !todo 3, y: 2}  # why?",
        ),
        # Without a proposal the tag stands alone, but within braces YAML wants something behind it.
        ("decide", (("last",), "how?"), {"value": ""}, "last: 9", "last: !todo  # how?"),
        ("decide", (("asked",), "how?"), {}, "asked: 1  # how many?", "asked: !todo 1  # how?"),
        (
            "decide",
            (("end", "y"), "why?"),
            {"value": ""},
            "{x: 1, y: 2}",
            '{x: 1, y: !todo ""}  # why?',
        ),
        # A block is tagged on the line of its key, or gives way to a value.
        ("decide", (("days", 1, "of"), "all?"), {}, "    of:\n", "    of: !todo  # all?\n"),
        ("decide", (("days",), "which?"), {"value": "[]"}, DAYS, "days: !todo []  # which?\n"),
        # What isn't there is written behind another key, or not at all.
        (
            "decide",
            (("new",), "which?"),
            {"value": "[]", "after": "name"},
            "# a name\n",
            "# a name\nnew: !todo []  # which?\n",
        ),
        ("decide", (("new",), "which?"), {}, "", ""),
        # An item goes with its lines, and lines are inserted behind a text of several lines too.
        ("remove_item", (("days", 1),), {}, "  - day: 2\n    of:\n      - c\n", ""),
        ("insert_after", (("long",), "new: 1\n"), {}, "  two\n", "  two\nnew: 1\n"),
        # A word of the heading is replaced there alone.
        ("replace_in_heading", ("2017", "2018"), {}, "heading of 2017", "heading of 2018"),
    ],
)
def test_a_change_leaves_the_rest(
    change: str, arguments: tuple[Any, ...], options: dict[str, str], old: str, new: str
) -> None:
    """Comments, order and spacing stay as they are, and the text can be read."""
    text = YamlText(TEXT)
    getattr(text, change)(*arguments, **options)
    assert text.changed() == TEXT.replace(old, new)
    assert yaml.SafeLoader(text.changed()).get_single_node() is not None
