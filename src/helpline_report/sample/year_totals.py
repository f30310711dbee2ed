"""Read the totals of a year and the patterns inside them from the YAML files in facts/."""

from functools import cache
from importlib import resources
from random import Random
from types import SimpleNamespace
from typing import Any

import yaml

Counts = dict[str, int]
# The lifts of the codes of a field, by another field and that field's code.
Lifts = dict[str, dict[str, Counts]]
# The totals of a year, those of its website, or patterns: what stands in a file, by its names.
Facts = SimpleNamespace

REFERENCE_YEARS = (2016, 2017)


@cache
def read_year_totals(year: int) -> Facts:
    """The totals of a reference year; of 2017 for any other year.

    `website` are those of the website, and `patterns` the patterns that all years share.
    """
    known = year if year in REFERENCE_YEARS else max(REFERENCE_YEARS)
    totals = Facts(**{"campaign": None, "patterns": read_patterns(), **_read(f"{known}.yaml")})
    totals.website = Facts(**{"children_from": None, **totals.website})
    return totals


@cache
def read_patterns() -> Facts:
    """What goes with what, in lifts of which 10 is neutral; all years share it."""
    return Facts(**_read("patterns.yaml"))


@cache
def read_labels() -> dict[str, dict[str, str]]:
    """What the registration system writes: field → code → label."""
    read: dict[str, dict[str, str]] = _read("labels.yaml")
    return read


def _read(name: str) -> Any:
    text = resources.files(__package__).joinpath("facts", name).read_text(encoding="utf-8")
    return yaml.safe_load(text)


def open_stream(seed: int, year: int, step: str) -> Random:
    """The stream of one step of one year: the same on every platform and Python version."""
    return Random(f"{seed}/{year}/{step}")
