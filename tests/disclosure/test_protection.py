"""No small count is a sum or difference of published ones, or is known too closely."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from helpline_report.disclosure import protection as searches
from helpline_report.disclosure.count_blocks import CountBlock
from helpline_report.disclosure.protection import Registers, protect, suppress
from tests.disclosure.by_hand import hidden_by_hand
from tests.disclosure.systems import EveryRegister, register

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
SIDES = {"role=a side=l": 2, "role=b side=l": 7, "role=c side=r": 8, "role=d side=r": 90}
HIDDEN = {
    "one below the threshold; one at the threshold stands": (
        register({"role=a": 4, "role=b": 5, "role=c": 9}, margins=[("role",)]),
        {"role=a"},
    ),
    "beside a total, the smallest other count goes with it": (
        register({"role=a": 2, "role=b": 9, "role=c": 30}, margins=ONE_WAY),
        {"role=a", "role=b"},
    ),
    "in a table with both margins it takes four": (
        register(TABLE, margins=TWO_WAY),
        {f"role={role} problem={problem}" for role in "ab" for problem in "xy"},
    ),
    "counts of a group of codes are sums like any other": (
        register(SIDES, margins=[(), ("side",), ("role",)]),
        {"role=a", "role=b"},
    ),
    "of equal counts the one with the first id is published": (
        register({"role=a": 1, "role=b": 9, "role=c": 9}, margins=ONE_WAY),
        {"role=a", "role=c"},
    ),
    "six persons of one contact are one household": (
        register({"role=a": 6, "role=b": 20}, margins=[("role",)], contacts={"role=a": 1}),
        {"role=a"},
    ),
    "a known larger count protects nothing": (
        register({"role=a": 2, "role=b": 9, "role=c": 30}, margins=ONE_WAY, known=["role=b"]),
        {"role=a", "role=c"},
    ),
}


@pytest.mark.parametrize(("block", "hidden"), HIDDEN.values(), ids=HIDDEN)
def test_what_is_hidden(block: CountBlock, hidden: set[str]) -> None:
    """Small counts, and the smallest others by which they would follow."""
    assert suppress(block, 5).hidden == hidden


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    """Shuffled rows hide the same counts."""
    block = register(TABLE, margins=TWO_WAY)
    order = np.random.default_rng(seed).permutation(len(block.rows))
    shuffled = replace(block, rows=block.rows[order], contact=block.contact[order])
    assert protect(shuffled, 5) == protect(block, 5)


def test_a_small_count_that_earlier_prints_tell() -> None:
    """Where all else was published before, the difference is out: it is named."""
    block = register({"role=a": 2, "role=b": 9}, margins=ONE_WAY, known=["role=b", "all"])
    assert suppress(block, 5).inferable == ("role=a",)


@pytest.fixture(params=[0, 20])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of up to so many kinds of rows all registers are looked for at once: of none, of these."""
    monkeypatch.setattr(searches, "FEW", request.param)


@pytest.mark.usefixtures("few")
def test_a_whole_group_of_one_value() -> None:
    """That all twelve of a group have one problem says it of each: another of its counts goes."""
    table = {"role=a problem=x": 12, "role=b problem=x": 20, "role=b problem=y": 30}
    block = register(table, margins=TWO_WAY)
    whole = next(cell for cell in block.cells if cell.id == "role=a problem=x")
    hidden = protect(block.with_groups([(whole, "problem")]), 5).hidden
    assert hidden & {"role=a problem=x", "role=a problem=y", "role=a"}
    assert not protect(block, 5).hidden


def test_each_secondary_count_is_needed() -> None:
    """Publishing any one of them gives a small count away."""
    block = register(TABLE, margins=TWO_WAY)
    protection = suppress(block, 5)
    assert protection.secondary
    for name in protection.secondary:
        published = {cell.id for cell in block.cells} - protection.hidden | {name}
        assert suppress(register(TABLE, margins=TWO_WAY, known=[*published]), 5).inferable


@pytest.mark.parametrize("seed", range(20))
def test_fractions_find_the_same(seed: int) -> None:
    """A second implementation, with exact fractions and plain rows, hides the same counts."""
    draw = random.Random(seed)
    kinds = [f"role={r} problem={p}" for r in range(3) for p in range(draw.choice([2, 3]))]
    counts = {kind: draw.choice([0, 1, 2, 4, 7, 9]) for kind in kinds}
    margins = [margin for margin in TWO_WAY if draw.random() < 0.8]
    hidden = suppress(register(counts, margins=margins), 3).hidden
    assert hidden == hidden_by_hand(counts, margins, 3)


@pytest.mark.usefixtures("few")
def test_two_ones_beside_their_sum() -> None:
    """Two hidden ones whose sum is 2 are known to within 2: a larger count is hidden with them."""
    block = register({"role=a": 1, "role=b": 1, "role=c": 9, "role=d": 30}, margins=ONE_WAY)
    protection = protect(block, 5)
    assert (protection.secondary, protection.further) == ((), ("role=c",))


@pytest.mark.usefixtures("few")
def test_a_count_that_others_limit() -> None:
    """A top of 3 says that no other count is above 3: nothing below it can reach the threshold."""
    block = register({"role=a": 1, "role=b": 3, "role=c": 40}, margins=ONE_WAY)
    cells = tuple(replace(c, limits=(0, 3)) if c.id == "role=a" else c for c in block.cells)
    assert "role=a" in protect(replace(block, cells=cells), 5).unprotected


def unpublished_table() -> CountBlock:
    """Totals of a table of which nothing else is published, and two of its counts are small."""
    counts = {"role=a problem=x": 5, "role=a problem=y": 3, "role=b problem=x": 2}
    block = register({**counts, "role=b problem=y": 12}, margins=TWO_WAY[1:])
    two = {cell.id: replace(cell, derived=True) for cell in block.cells if len(cell.conditions) > 1}
    small = [cell for cell in two.values() if cell.is_small(5)]
    totals = [cell for cell in block.cells if cell.id not in two]
    others = tuple(cell for cell in two.values() if cell not in small)
    return replace(block, cells=(*totals, *small), totals=others)


@pytest.mark.usefixtures("few")
def test_totals_of_a_table_that_is_not_published() -> None:
    """Eight of a role, and seven of all with the one problem: so one has the other one."""
    assert set(protect(unpublished_table(), 5).further) & {"role=a", "problem=x"}


@pytest.mark.parametrize("changing", ["role", "problem"])
def test_other_counts_of_an_unpublished_table_may_change(changing: str) -> None:
    """Nobody knows them: a small one can be 0 where a larger one beside it is larger by as many."""
    block = register(
        {
            "role=a problem=x": 40,
            "role=a problem=y": 2,
            "role=b problem=x": 50,
            "role=b problem=y": 60,
        },
        margins=TWO_WAY,
    )
    two = {cell.id: replace(cell, derived=True) for cell in block.cells if len(cell.conditions) > 1}
    totals = tuple(cell for cell in block.cells if cell.id not in two)
    small = two.pop("role=a problem=y")
    block = replace(block, cells=(*totals, small), totals=(*two.values(),))
    hidden = {small.id, *two}
    assert Registers(block, hidden, small, changing).exist(0, 0)


def small_system(seed: int) -> CountBlock:
    """A random register of a few rows, with random tables counted over it."""
    draw = random.Random(seed)
    roles, problems = draw.choice([(2, 3), (3, 2), (3, 3), (2, 2)])
    kinds = [f"role={r} problem={p}" for r in range(roles) for p in range(problems)]
    counts = Counter(draw.choices(kinds, k=draw.randint(4, 10)))
    margins = [m for m in TWO_WAY if draw.random() < 0.8] or [("role",)]
    published = [kind for kind in kinds if draw.random() < 0.1]
    return register({k: counts[k] for k in kinds}, margins=margins, known=published)


def recoverable(block: CountBlock, threshold: int) -> list[str]:
    """The small counts that somebody who tries every register knows too well, for each contact."""
    protection = protect(block, threshold)
    published = {*protection.primary} - {*protection.inferable}
    cells = [cell for cell in block.cells if cell.id in published]
    if protection.unprotected or not cells:
        # Where something can't be protected, nothing is published.
        return []
    bad = []
    every = EveryRegister(block, protection.hidden)
    for known in ((), *map(tuple, block.kinds.tolist())):
        values = every.values_of(cells, known)
        row = np.array([known] if known else [], dtype=int).reshape(-1, len(block.states))
        own = block.members(row, cells).sum(axis=0)
        for cell, number in zip(cells, own.tolist(), strict=True):
            if number not in values[cell.id] or max(values[cell.id]) < threshold + number:
                bad.append(cell.id)
    return bad


# Each of both searches is tried on half of the registers.
@pytest.mark.parametrize(
    ("few", "first"), [(0, 0), (20, 50), (0, 100), (20, 150)], indirect=["few"]
)
@pytest.mark.usefixtures("few")
def test_random_registers_keep_their_secrets(first: int) -> None:
    """Nothing small can be found in random registers, though somebody tries all that there are."""
    for seed in range(first, first + 50):
        assert recoverable(small_system(seed), 3) == [], f"seed {seed}"


@pytest.mark.long
@pytest.mark.parametrize(
    ("few", "first"),
    [(20 * (first // 100 % 2), first) for first in range(200, 2000, 100)],
    indirect=["few"],
)
@pytest.mark.usefixtures("few")
def test_many_random_registers_keep_their_secrets(first: int) -> None:
    """The same of many more."""
    for seed in range(first, first + 100):
        assert recoverable(small_system(seed), 3) == [], f"seed {seed}"
