"""The hidden counts of a drawn register, worked out by plain Python with exact fractions.

It shares nothing with the program: a row is a dictionary, a count a list of ones and zeros.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product

Vector = list[Fraction]
Numbers = Sequence[int | Fraction]


def hidden_by_hand(
    counts: Mapping[str, int], margins: Sequence[Sequence[str]], threshold: int
) -> set[str]:
    """The names of small counts and of those that would give one away."""
    kinds = {text: dict(part.split("=") for part in text.split()) for text in counts}
    rows = [kinds[text] for text, number in counts.items() for _ in range(number)]
    codes = {field: sorted({row[field] for row in kinds.values()}) for field in ("role", "problem")}
    cells: dict[str, Vector] = {}
    for margin in margins:
        for chosen in product(*(codes[field] for field in margin)):
            wanted = dict(zip(margin, chosen, strict=True))
            name = " ".join(f"{field}={code}" for field, code in wanted.items()) or "all"
            cells[name] = [Fraction(all(row[f] == c for f, c in wanted.items())) for row in rows]
    small = {name for name, cell in cells.items() if 0 < sum(cell) < threshold}
    published: list[Vector] = []
    hidden = set(small)
    for name in sorted(cells.keys() - small, key=lambda name: (-sum(cells[name]), name)):
        with_it = [*published, cells[name]]
        if any(is_combination(cells[each], with_it) for each in small):
            hidden.add(name)
        else:
            published = with_it
    return hidden


def is_combination(vector: Numbers, others: Sequence[Numbers]) -> bool:
    """Whether a vector is a sum of multiples of others."""
    width = len(vector)
    return len(reduced([*others, vector], width)) == len(reduced(others, width))


def reduced(rows: Sequence[Numbers], width: int) -> list[Vector]:
    """The same equations in reduced row echelon form, of which `width` columns are unknowns."""
    # Most numbers are 0: a row is kept as its others, by column.
    left = [{at: Fraction(value) for at, value in enumerate(row) if value} for row in rows]
    done: list[dict[int, Fraction]] = []
    for column in range(width):
        pivot = next((row for row in left if column in row), None)
        if pivot is None:
            continue
        left.remove(pivot)
        unit = {at: value / pivot[column] for at, value in pivot.items()}
        for row in (*left, *done):
            factor = row.get(column)
            for at, value in unit.items() if factor else ():
                row[at] = row.get(at, Fraction(0)) - (factor or 0) * value
                if not row[at]:
                    del row[at]
        done.append(unit)
    length = len(rows[0]) if rows else width
    return [[row.get(at, Fraction(0)) for at in range(length)] for row in done]
