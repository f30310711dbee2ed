"""The hidden counts of a drawn register, worked out by plain Python with exact fractions.

It shares nothing with the program: a row is a dictionary, a count a list of ones and zeros.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product

Row = dict[str, str]
Vector = list[Fraction]


def hidden_by_hand(
    counts: Mapping[str, int], margins: Sequence[Sequence[str]], threshold: int
) -> set[str]:
    """The names of small counts and of those that would give one away."""
    rows: list[Row] = []
    for text, number in counts.items():
        rows += [dict(part.split("=") for part in text.split())] * number
    codes = {
        field: sorted({dict(part.split("=") for part in text.split())[field] for text in counts})
        for field in ("role", "problem")
    }
    cells: dict[str, Vector] = {}
    for margin in margins:
        for chosen in product(*(codes[field] for field in margin)):
            wanted = dict(zip(margin, chosen, strict=True))
            name = " ".join(f"{field}={code}" for field, code in wanted.items()) or "all"
            cells[name] = [Fraction(all(row[f] == c for f, c in wanted.items())) for row in rows]
    small = {name for name, cell in cells.items() if 0 < sum(cell) < threshold}
    published: list[Vector] = []
    hidden = set(small)
    others = sorted(cells.keys() - small, key=lambda name: (-sum(cells[name]), name))
    for name in others:
        with_it = [*published, cells[name]]
        if any(is_combination(cells[each], with_it) for each in small):
            hidden.add(name)
        else:
            published = with_it
    return hidden


def is_combination(vector: Vector, others: Sequence[Vector]) -> bool:
    """Whether a vector is a sum of multiples of others."""
    return _rank(others) == _rank([*others, vector])


def _rank(vectors: Sequence[Vector]) -> int:
    rows = [list(vector) for vector in vectors]
    rank = 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((at for at in range(rank, len(rows)) if rows[at][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        for at in range(rank + 1, len(rows)):
            factor = rows[at][column] / rows[rank][column]
            if factor:
                rows[at] = [a - factor * b for a, b in zip(rows[at], rows[rank], strict=True)]
        rank += 1
    return rank
