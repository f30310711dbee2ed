"""Streams of random numbers, one a step, so that a change in one step leaves the others alone."""

from __future__ import annotations

from random import Random


def stream(seed: int, year: int, step: str) -> Random:
    """The stream of one step of one year: the same on every platform and Python version."""
    return Random(f"{seed}/{year}/{step}")
