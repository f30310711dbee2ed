"""Each hidden small count could be 0 and could reach the threshold, whoever reads the rest."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from helpline_report.disclosure.protection import protect
from helpline_report.disclosure.system import CountBlock, CountCell
from tests.disclosure.systems import EveryRegister, Row, register

ONE_WAY = [(), ("role",)]
TWO_WAY = [(), ("role",), ("problem",), ("role", "problem")]


def test_two_ones_beside_their_sum() -> None:
    """Two hidden ones whose sum is 2 are known to within 2: a larger count is hidden with them."""
    block = register({"role=a": 1, "role=b": 1, "role=c": 9, "role=d": 30}, margins=ONE_WAY)
    found = protect(block, 5)
    assert found.secondary == ()
    assert found.further == ("role=c",)


def test_what_nothing_protects() -> None:
    """A small count whose whole is published and has no other part can't be protected."""
    block = register({"role=a": 3}, margins=ONE_WAY, known=["all"])
    assert protect(block, 5).inferable == ("role=a",)


def test_a_count_that_others_limit() -> None:
    """A top of 3 says that no other count is above 3: nothing below it can reach the threshold."""
    block = register({"role=a": 1, "role=b": 3, "role=c": 40}, margins=ONE_WAY)
    limited = tuple(
        CountCell(c.id, c.value, c.contacts, c.conditions, limits=(0, 3)) if c.id == "role=a" else c
        for c in block.cells
    )
    found = protect(CountBlock("rows", block.states, block.rows, block.contact, limited), 5)
    assert "role=a" in found.unprotected


def small_system(seed: int) -> CountBlock:
    """A random register of a few rows, with random tables counted over it."""
    draw = random.Random(seed)
    roles, problems = draw.choice([(2, 3), (3, 2), (3, 3), (2, 2)])
    kinds = [f"role={r} problem={p}" for r in range(roles) for p in range(problems)]
    counts = Counter(draw.choices(kinds, k=draw.randint(4, 10)))
    counts |= {kind: 0 for kind in kinds if kind not in counts}
    margins = [m for m in TWO_WAY if draw.random() < 0.8] or [("role",)]
    published = [kind for kind in kinds if draw.random() < 0.1]
    return register({k: counts[k] for k in kinds}, margins=margins, known=published)


def recoverable(block: CountBlock, threshold: int) -> list[str]:
    """The small counts that somebody who tries every register knows too well, for each contact."""
    found = protect(block, threshold)
    # Where something can't be protected, nothing is published.
    shown = set[str]() if found.unprotected else {*found.primary} - {*found.inferable}
    cells = [cell for cell in block.cells if cell.id in shown]
    bad = []
    for known in ({}, *_contacts(block)):
        if not cells:
            break
        values = EveryRegister(block, found.hidden, known).values_of(cells)
        for cell in cells:
            own = sum(n for row, n in known.items() if _inside(block, cell, row))
            if own not in values[cell.id] or max(values[cell.id]) < threshold + own:
                bad.append(cell.id)
    return bad


def _contacts(block: CountBlock) -> list[dict[Row, int]]:
    """The rows of each different contact."""
    rows = {tuple(row): {tuple(row): 1} for row in block.rows.tolist()}
    return list(rows.values())


def _inside(block: CountBlock, cell: CountCell, row: Row) -> bool:
    return all(row[list(block.states).index(f)] == s for f, s in cell.conditions.items())


@pytest.mark.parametrize("first", range(0, 400, 50))
def test_random_registers_keep_their_secrets(first: int) -> None:
    """Nothing small can be found in random registers, though somebody tries all that there are."""
    for seed in range(first, first + 50):
        assert recoverable(small_system(seed), 3) == [], f"seed {seed}"


@pytest.mark.long
@pytest.mark.parametrize("first", range(400, 2000, 100))
def test_many_random_registers_keep_their_secrets(first: int) -> None:
    """The same of many more."""
    for seed in range(first, first + 100):
        assert recoverable(small_system(seed), 3) == [], f"seed {seed}"
