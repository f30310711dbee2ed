"""No small count is a sum or difference of published ones, and as little as possible is hidden."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from helpline_report.disclosure.suppression import suppress
from helpline_report.disclosure.system import CountBlock, Group
from tests.disclosure.by_hand import hidden_by_hand
from tests.disclosure.systems import register

ONE_WAY = [(), ("role",)]
TWO_WAY = [(), ("role",), ("problem",), ("role", "problem")]
TABLE = {
    "role=a problem=x": 2,
    "role=a problem=y": 20,
    "role=b problem=x": 30,
    "role=b problem=y": 41,
    "role=c problem=x": 52,
    "role=c problem=y": 63,
}


def test_a_small_count_is_hidden() -> None:
    """One below the threshold; one at the threshold stands."""
    block = register({"role=a": 4, "role=b": 5, "role=c": 9}, margins=[("role",)])
    assert suppress(block, 5).hidden == {"role=a"}


def test_total_less_the_rest() -> None:
    """Beside a total, one hidden count is no secret: the smallest other one goes with it."""
    block = register({"role=a": 2, "role=b": 9, "role=c": 30}, margins=ONE_WAY)
    found = suppress(block, 5)
    assert found.primary == ("role=a",)
    assert found.secondary == ("role=b",)


def test_linked_margins() -> None:
    """In a table with both margins it takes four hidden counts: rows and columns are sums too."""
    found = suppress(register(TABLE, margins=TWO_WAY), 5)
    assert found.hidden == {
        "role=a problem=x",
        "role=a problem=y",
        "role=b problem=x",
        "role=b problem=y",
    }


def test_a_hierarchy() -> None:
    """Counts of a group of codes are sums like any other."""
    table = {"role=a side=l": 2, "role=b side=l": 7, "role=c side=r": 8, "role=d side=r": 90}
    found = suppress(register(table, margins=[(), ("side",), ("role",)]), 5)
    assert found.hidden == {"role=a", "role=b"}


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    """Shuffled rows hide the same counts."""
    block = register(TABLE, margins=TWO_WAY)
    order = np.random.default_rng(seed).permutation(len(block.rows))
    shuffled = replace(block, rows=block.rows[order], contact=block.contact[order])
    assert suppress(shuffled, 5) == suppress(block, 5)


def test_of_equal_counts_the_first_id_is_published() -> None:
    """Ties are broken by id, so that the same counts are hidden every time."""
    block = register({"role=a": 1, "role=b": 9, "role=c": 9}, margins=ONE_WAY)
    assert suppress(block, 5).secondary == ("role=c",)


def test_a_contributor_of_few_contacts() -> None:
    """Six persons of one contact are one household: their count is hidden."""
    counts = {"role=a": 6, "role=b": 20, "role=c": 30}
    block = register(counts, margins=[("role",)], contacts={"role=a": 1})
    assert suppress(block, 5).primary == ("role=a",)


def test_what_was_published_is_never_hidden() -> None:
    """A known small count is no secret any more, and a known larger one protects nothing."""
    block = register({"role=a": 2, "role=b": 9, "role=c": 30}, margins=ONE_WAY, known=["role=b"])
    assert suppress(block, 5).secondary == ("role=c",)


def test_a_small_count_that_earlier_prints_tell() -> None:
    """Where all else was published before, the difference is out: it is named."""
    block = register({"role=a": 2, "role=b": 9}, margins=ONE_WAY, known=["role=b", "all"])
    assert suppress(block, 5).inferable == ("role=a",)


def test_a_whole_group_of_one_value() -> None:
    """That all twelve of a group have one problem says it of each: another of its counts goes."""
    table = {"role=a problem=x": 12, "role=b problem=x": 20, "role=b problem=y": 30}
    groups = [Group("role=a problem=x", "problem")]
    found = suppress(register(table, margins=TWO_WAY, groups=groups), 5)
    assert found.hidden & {"role=a problem=x", "role=a problem=y", "role=a"}
    assert not suppress(register(table, margins=TWO_WAY), 5).hidden


def _without(block: CountBlock, hidden: frozenset[str], name: str) -> frozenset[str]:
    cells = [replace(c, known=c.id not in hidden or c.id == name) for c in block.cells]
    return frozenset(suppress(replace(block, cells=tuple(cells)), 5).inferable)


def test_each_secondary_count_is_needed() -> None:
    """Publishing any one of them gives a small count away."""
    block = register(TABLE, margins=TWO_WAY)
    found = suppress(block, 5)
    assert found.secondary
    for name in found.secondary:
        assert _without(block, found.hidden, name)


@pytest.mark.parametrize("seed", range(40))
def test_fractions_find_the_same(seed: int) -> None:
    """A second implementation, with exact fractions and plain rows, hides the same counts."""
    draw = random.Random(seed)
    kinds = [f"role={r} problem={p}" for r in range(3) for p in range(draw.choice([2, 3]))]
    counts = {kind: draw.choice([0, 1, 2, 4, 7, 9, 12]) for kind in kinds}
    margins = [margin for margin in TWO_WAY if draw.random() < 0.8]
    hidden = suppress(register(counts, margins=margins), 3).hidden
    assert hidden == hidden_by_hand(counts, margins, 3)
