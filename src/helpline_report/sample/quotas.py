"""Quotas: give rows codes so that every code comes out exactly as often as it must.

Integers only: the same rows come out on every platform and Python version.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from itertools import accumulate
from random import Random
from typing import TypeVar

Weights = Mapping[str, int]
K = TypeVar("K", bound=Hashable)

NEUTRAL = 10
_ROUNDS = 12
_SCALE = 1_000_000
_TRIES = 16


def apportion(total: int, weights: Mapping[K, int]) -> dict[K, int]:
    """Split `total` over the keys in proportion to their weights, by largest remainder."""
    whole = sum(weights.values())
    if total == 0:
        return dict.fromkeys(weights, 0)
    shares = {key: total * weight // whole for key, weight in weights.items()}
    left = total - sum(shares.values())
    for key in sorted(weights, key=lambda key: -(total * weights[key] % whole))[:left]:
        shares[key] += 1
    return shares


def pick(rng: Random, weights: Mapping[K, int]) -> K:
    """One key, drawn in proportion to the weights."""
    steps = list(accumulate(weights.values()))
    return list(weights)[bisect_right(steps, rng.randrange(steps[-1]))]


def lifted(base: Mapping[K, int], *lifts: Mapping[K, int]) -> dict[K, int]:
    """The base weights, each times its lifts (10 is neutral, an absent lift too)."""
    weights = dict(base)
    for key in weights:
        for lift in lifts:
            weights[key] *= lift.get(key, NEUTRAL)
    return weights


def assign(rows: Sequence[Weights], quotas: Mapping[str, int], rng: Random) -> list[str]:
    """A code for each row, likely by the row's weights, in all exactly `quotas`."""
    wanted = {code: quota for code, quota in quotas.items() if quota}
    codes = list(wanted)
    profiles = [tuple(row.get(code, 0) for code in codes) for row in rows]
    factors = _rake(Counter(profiles), list(wanted.values()))
    drawn = []
    for profile in profiles:
        steps = list(accumulate(w * f for w, f in zip(profile, factors, strict=True)))
        # A row that can have none of the codes has any of them, until it is settled.
        likely = steps[-1] > 0
        place = (
            bisect_right(steps, rng.randrange(steps[-1])) if likely else rng.randrange(len(codes))
        )
        drawn.append(codes[place])
    settle(drawn, wanted, rows.__getitem__, rng)
    return drawn


def assign_field(
    items: Sequence[object],
    field: str,
    rows: Sequence[Weights],
    quotas: Mapping[str, int],
    rng: Random,
) -> None:
    """Set a field of each item to its code, as `assign` gives one to its row."""
    for item, code in zip(items, assign(rows, quotas, rng), strict=True):
        setattr(item, field, code)


def _rake(profiles: Mapping[tuple[int, ...], int], quotas: Sequence[int]) -> list[int]:
    """One factor a code, so that draws by weight times factor come near the quotas."""
    factors = [_SCALE] * len(quotas)
    for _ in range(_ROUNDS):
        expected = [0] * len(quotas)
        for profile, count in profiles.items():
            products = [weight * factor for weight, factor in zip(profile, factors, strict=True)]
            whole = sum(products) or 1
            for place, product in enumerate(products):
                expected[place] += count * _SCALE * product // whole
        factors = [
            max(1, factor * quota * _SCALE // (hoped or 1))
            for factor, quota, hoped in zip(factors, quotas, expected, strict=True)
        ]
    return factors


def settle(
    values: list[str],
    quotas: Mapping[str, int],
    weights_of: Callable[[int], Weights],
    rng: Random,
) -> None:
    """Change as few of the values as it takes, the most willing first, to come to the quotas.

    `weights_of(row)` is asked anew for each change, so it may depend on the other values.
    """
    counts = Counter(values)
    for code, quota in quotas.items():
        while counts[code] < quota:
            spare = [row for row, old in enumerate(values) if counts[old] > quotas.get(old, 0)]
            row = _most_willing(spare, code, values, weights_of, rng)
            counts[values[row]] -= 1
            values[row] = code
            counts[code] += 1


def _most_willing(
    pool: Sequence[int],
    code: str,
    values: Sequence[str],
    weights_of: Callable[[int], Weights],
    rng: Random,
) -> int:
    """The row that leans most from its value to `code`: of a few at random, or else of all."""

    def willingness(row: int) -> float:
        weights = weights_of(row)
        return weights.get(code, 0) / max(1, weights.get(values[row], 0))

    best = max((pool[rng.randrange(len(pool))] for _ in range(_TRIES)), key=willingness)
    return best if weights_of(best).get(code, 0) > 0 else max(pool, key=willingness)
