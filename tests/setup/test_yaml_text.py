"""Changes to a YAML text leave everything else as it stands, to the letter."""

from __future__ import annotations

from textwrap import dedent

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
    last: 9
    """
)


def changed(**calls: object) -> str:
    text = YamlText(TEXT)
    for name, arguments in calls.items():
        getattr(text, name)(*arguments)  # type: ignore[misc]
    return text.changed()


def test_nothing_changed_is_the_same_text() -> None:
    """To the letter."""
    assert YamlText(TEXT).changed() == TEXT


def test_a_value_is_replaced_in_its_place() -> None:
    """Its comment stays."""
    assert changed(replace=(("name",), "y")) == TEXT.replace('"x"  #', "y  #")


def test_a_block_is_replaced_by_a_value_on_the_line_of_its_key() -> None:
    """With what it held; the comment above what follows stays."""
    done = changed(replace=(("days",), "[]"))
    assert "# Above the list.\ndays: []\n# Above the end.\n" in done


def test_a_value_to_decide_is_tagged_and_asked_for() -> None:
    """The question stands at the end of the line."""
    text = YamlText(TEXT)
    text.decide(("last",), "so many?")
    text.decide(("end", "x"), "why?", value="3")
    assert "\nlast: !todo 9  # so many?\n" in text.changed()
    assert "\nend: {x: !todo 3, y: 2}  # why?\n" in text.changed()


def test_a_value_without_a_proposal_is_the_tag_alone() -> None:
    """Within braces YAML wants something behind it."""
    text = YamlText(TEXT)
    text.decide(("last",), "how many?", value="")
    text.decide(("end", "y"), "why?", value="")
    assert "\nlast: !todo  # how many?\n" in text.changed()
    assert '\nend: {x: 1, y: !todo ""}  # why?\n' in text.changed()
    assert yaml.SafeLoader(text.changed()).get_single_node() is not None


def test_a_block_is_tagged_on_the_line_of_its_key() -> None:
    """What it holds stands as it stood."""
    done = changed(decide=(("days", 1, "of"), "all?"))
    assert done == TEXT.replace("    of:\n", "    of: !todo  # all?\n")


def test_a_block_gives_way_to_a_value_to_decide() -> None:
    """An empty list with its question."""
    text = YamlText(TEXT)
    text.decide(("days",), "which?", value="[]")
    assert "# Above the list.\ndays: !todo []  # which?\n# Above the end.\n" in text.changed()


def test_an_item_is_left_out_with_its_lines() -> None:
    """And no other line."""
    done = changed(remove_item=(("days", 1),))
    assert done == TEXT.replace("  - day: 2\n    of:\n      - c\n", "")


def test_lines_are_inserted_behind_those_of_a_value() -> None:
    """Behind a text of several lines too."""
    done = changed(insert_after=(("long",), "new: 1\n"))
    assert "  one\n  two\nnew: 1\nlast: 9\n" in done


def test_a_word_of_the_heading_is_replaced_there_alone() -> None:
    """The comments above the first key."""
    done = changed(replace_in_heading=("2017", "2018"))
    assert done == TEXT.replace("heading of 2017", "heading of 2018")
