"""No small count is a sum or difference of published ones, or is known too closely."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from helpline_report.disclosure.count_blocks import Range
from helpline_report.disclosure.protection import Protection, protect, suppress
from tests.disclosure.by_hand import hidden_by_hand
from tests.disclosure.systems import EveryRegister, System, system

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
HIDDEN = {
    "one below the threshold; one at the threshold stands": (
        system({"role=a": 4, "role=b": 5, "role=c": 9}, margins=[("role",)]),
        {"role=a"},
    ),
    "beside a total, the smallest other count goes with it": (
        system({"role=a": 2, "role=b": 9, "role=c": 30}, margins=ONE_WAY),
        {"role=a", "role=b"},
    ),
    "in a table with both margins it takes four": (
        system(TABLE, margins=TWO_WAY),
        {f"role={role} problem={problem}" for role in "ab" for problem in "xy"},
    ),
    "of equal counts the one with the first id is published": (
        system({"role=a": 1, "role=b": 9, "role=c": 9}, margins=ONE_WAY),
        {"role=a", "role=c"},
    ),
    "six persons of one contact are one household": (
        system({"role=a": 6, "role=b": 20}, margins=[("role",)], contacts={"role=a": 1}),
        {"role=a"},
    ),
    "a known larger count protects nothing": (
        system({"role=a": 2, "role=b": 9, "role=c": 30}, margins=ONE_WAY, known=["role=b"]),
        {"role=a", "role=c"},
    ),
}


@pytest.mark.parametrize(("drawn", "hidden"), HIDDEN.values(), ids=HIDDEN)
def test_what_is_hidden(drawn: System, hidden: set[str]) -> None:
    """Small counts are hidden, and the smallest others from which they would follow."""
    assert suppress([drawn.block], 5).hidden == hidden


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    rows = [*TABLE.items()]
    random.Random(seed).shuffle(rows)
    drawn, shuffled = (system(dict(each), margins=TWO_WAY) for each in (TABLE, rows))
    assert protect_system(shuffled, 5) == protect_system(drawn, 5)


def protect_system(drawn: System, threshold: int = 5) -> Protection:
    """The counts of a system that are hidden."""
    return protect([drawn.block], drawn.year, threshold)


def test_a_small_count_that_follows_from_earlier_reports() -> None:
    """If all other counts were published before, it can't be hidden any more: it is named."""
    drawn = system({"role=a": 2, "role=b": 9}, margins=ONE_WAY, known=["role=b", "all"])
    assert suppress([drawn.block], 5).inferable == ("role=a",)


def test_a_whole_group_of_one_value() -> None:
    """If all twelve of a group have one problem, each of them is known to: a count is hidden."""
    table = {"role=a problem=x": 12, "role=b problem=x": 20, "role=b problem=y": 30}
    hidden = protect_system(system(table, margins=TWO_WAY)).hidden
    assert hidden & {"role=a problem=x", "role=a problem=y", "role=a"}
    assert not protect_system(system(table, margins=TWO_WAY[1:3])).hidden


def test_each_secondary_count_is_needed() -> None:
    """Publishing any one of them gives a small count away."""
    drawn = system(TABLE, margins=TWO_WAY)
    protection = suppress([drawn.block], 5)
    assert protection.secondary
    for name in protection.secondary:
        published = {cell.id for cell in drawn.block.cells} - protection.hidden | {name}
        again = system(TABLE, margins=TWO_WAY, known=published)
        assert suppress([again.block], 5).inferable


@pytest.mark.parametrize("seed", range(20))
def test_fractions_find_the_same(seed: int) -> None:
    """A second implementation with exact fractions and plain rows hides the same counts."""
    draw = random.Random(seed)
    kinds = [f"role={r} problem={p}" for r in "abc" for p in "xyz"[: draw.choice([2, 3])]]
    counts = {kind: draw.choice([0, 1, 2, 4, 7, 9]) for kind in kinds}
    margins = [margin for margin in TWO_WAY if draw.random() < 0.8]
    drawn = system(counts, margins=margins, threshold=3)
    named = [place for place, cell in enumerate(drawn.block.cells) if not cell.derived]
    cells = tuple(drawn.block.cells[place] for place in named)
    own = replace(drawn.block, cells=cells, members=drawn.block.members[:, named])
    assert suppress([own], 3).hidden == hidden_by_hand(counts, margins, 3)


def test_two_ones_beside_their_sum() -> None:
    """Two hidden counts with the sum 2 are 0, 1 or 2 each: a larger count is hidden with them."""
    drawn = system({"role=a": 1, "role=b": 1, "role=c": 9}, margins=ONE_WAY)
    protection = protect_system(drawn)
    assert (protection.secondary, protection.further) == ((), ("role=c",))


def test_a_count_that_others_limit() -> None:
    """If another number says that a count is at most 3, it can't seem to reach the threshold."""
    drawn = system({"role=a": 1, "role=b": 3, "role=c": 40}, margins=ONE_WAY)
    assert "role=a" in protect_system(limit(drawn, "role=a", (0, 3))).unprotected


def test_who_knows_a_contact_of_a_small_count() -> None:
    """Who knows its two persons learns, as y is there, that fewer than three others have x."""
    counts = {"problem=x": 2, "problem=y": 3, "problem=z": 9}
    drawn = system(counts, margins=[(), ("problem",)], contacts={"problem=x": 1}, threshold=3)
    assert protect_system(limit(drawn, "problem=y", (1, np.inf)), 3).further == ("problem=z",)


def limit(drawn: System, name: str, limits: Range) -> System:
    """The same system, in which other published numbers limit a count."""
    cells = (replace(c, limits=limits) if c.id == name else c for c in drawn.block.cells)
    return replace(drawn, block=replace(drawn.block, cells=tuple(cells)))


def test_totals_of_a_table_that_is_not_published() -> None:
    """Eight have the role and only seven of all have problem x: so one of the eight has y."""
    counts = {"role=a problem=x": 5, "role=a problem=y": 3, "role=b problem=x": 2}
    counts["role=b problem=y"] = 12
    drawn = system(counts, margins=TWO_WAY[1:3], unpublished=TWO_WAY[3:])
    assert {*protect_system(drawn).further} & {"role=a", "role=b", "problem=x", "problem=y"}


def test_other_counts_of_an_unpublished_table_may_change() -> None:
    """Nobody knows them: a small count can be 0 if a larger one is larger by as much."""
    counts = {"role=a problem=x": 40, "role=a problem=y": 2, "role=b problem=x": 50}
    counts["role=b problem=y"] = 60
    protection = protect_system(system(counts, margins=TWO_WAY[:3], unpublished=TWO_WAY[3:]))
    assert protection == Protection(protection.primary)


def small_system(seed: int) -> System:
    """A random register of a few rows, with random tables counted over it."""
    draw = random.Random(seed)
    roles, problems = draw.choice([(2, 3), (3, 2), (3, 3), (2, 2)])
    kinds = [f"role={r} problem={p}" for r in "abc"[:roles] for p in "xyz"[:problems]]
    counts = Counter(draw.choices(kinds, k=draw.randint(4, 10)))
    margins = [m for m in TWO_WAY if draw.random() < 0.8] or [("role",)]
    published = [kind for kind in kinds if draw.random() < 0.1]
    return system({k: counts[k] for k in kinds}, margins=margins, known=published, threshold=3)


def attack(drawn: System, threshold: int) -> list[str]:
    """The small counts that an attacker who tries every register, and knows a contact, learns."""
    protection, block = protect_system(drawn, threshold), drawn.block
    wanted = {*protection.primary} - {*protection.inferable}
    if protection.unprotected or not wanted:
        # Where something can't be protected, nothing is published.
        return []
    known_too_closely = []
    every = EveryRegister(drawn, protection.hidden)
    # How much of each count is known anyway, by kinds that were published before.
    kinds, fixed = every.kinds, np.array([cell.value * cell.fixed for cell in block.cells])
    inside = (kinds[:, :, None] <= kinds[:, None, :]).all(axis=0)
    printed = (inside * fixed[:, None]).sum(axis=0).tolist()
    # The kinds of which there is a person, whom the attacker may know.
    present = np.flatnonzero((every.kinds[:, None] == block.members).all(axis=2).any(axis=1))
    for kind in (None, *present.tolist()):
        for place, (cell, values) in enumerate(
            zip(block.cells, every.values_of(kind), strict=True)
        ):
            own = int(every.kinds[kind, place]) if kind is not None else 0
            most = min(threshold, cell.group) if cell.group else threshold + own
            least = 0 if cell.group else own + printed[place]
            is_known = min(values) > least or max(values) < most
            if cell.id in wanted and is_known:
                known_too_closely.append(cell.id)
    return known_too_closely


@pytest.mark.parametrize("first", [0, 25])
def test_random_registers_keep_their_secrets(first: int) -> None:
    """An attacker who tries every possible register learns no small count."""
    for seed in range(first, first + 25):
        assert attack(small_system(seed), 3) == [], f"seed {seed}"


@pytest.mark.long
@pytest.mark.parametrize("first", range(50, 2000, 50))
def test_many_random_registers_keep_their_secrets(first: int) -> None:
    for seed in range(first, first + 50):
        assert attack(small_system(seed), 3) == [], f"seed {seed}"
