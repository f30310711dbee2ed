"""Quotas: give rows codes so that every code comes out exactly as often as it must.

Integers only: the same rows come out on every platform and Python version.
"""

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
    shares = {key: total * weight // whole for key, weight in weights.items()}
    left = total - sum(shares.values())
    for key in sorted(weights, key=lambda key: -(total * weights[key] % whole))[:left]:
        shares[key] += 1
    return shares


def pick(rng: Random, weights: Mapping[K, int]) -> K:
    """One key, drawn in proportion to the weights."""
    steps = list(accumulate(weights.values()))
    return list(weights)[bisect_right(steps, rng.randrange(steps[-1]))]


def lift(base: Mapping[K, int], *lifts: Mapping[K, int]) -> dict[K, int]:
    """The base weights, each times its lifts in tenths: 10, or an absent lift, is neutral."""
    weights = dict(base)
    for key in weights:
        for by_code in lifts:
            weights[key] *= by_code.get(key, NEUTRAL)
    return weights


def assign(rows: Sequence[Weights], quotas: Mapping[str, int], rng: Random) -> list[str]:
    """A code for each row, drawn by the row's weights; each code as often as `quotas` says."""
    wanted = {code: quota for code, quota in quotas.items() if quota}
    codes = list(wanted)
    profiles = [tuple(row.get(code, 0) for code in codes) for row in rows]
    factors = _rake(Counter(profiles), list(wanted.values()))
    drawn = []
    for profile in profiles:
        steps = list(accumulate(w * f for w, f in zip(profile, factors, strict=True)))
        drawn.append(codes[bisect_right(steps, rng.randrange(steps[-1]))])
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
        for place, (quota, number) in enumerate(zip(quotas, expected, strict=True)):
            factors[place] = max(1, factors[place] * quota * _SCALE // (number or 1))
    return factors


def settle(
    values: list[str], quotas: Mapping[str, int], weights_of: Callable[[int], Weights], rng: Random
) -> None:
    """Change as few values as possible, the likeliest first, until each has its quota.

    `weights_of(row)` is called for each change, so that it may depend on the other values.
    """
    counts = Counter(values)
    for code, quota in quotas.items():
        while counts[code] < quota:
            spare = [row for row, old in enumerate(values) if counts[old] > quotas.get(old, 0)]
            row = _find_likeliest(spare, code, values, weights_of, rng)
            counts.subtract([values[row]])
            counts.update([code])
            values[row] = code


def _find_likeliest(
    pool: Sequence[int],
    code: str,
    values: Sequence[str],
    weights_of: Callable[[int], Weights],
    rng: Random,
) -> int:
    """The row, of a few at random or else of all, for which `code` is likeliest by its weights."""

    def likelihood(row: int) -> float:
        weights = weights_of(row)
        return weights.get(code, 0) / max(1, weights.get(values[row], 0))

    tries = [pool[rng.randrange(len(pool))] for _ in range(_TRIES)]
    best = max(tries, key=likelihood)
    return best if weights_of(best).get(code, 0) > 0 else max(pool, key=likelihood)
