"""The words a proofreader knows, from one YAML file: data of the language, never of a report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from importlib.resources import as_file, files

from helpline_report.parameters.yaml import Closed, read_yaml, validate

SUFFIX = 6


class Population(Closed):
    """One thing that is counted: its name in a finding, its nouns, and the singulars among them."""

    name: str
    nouns: tuple[str, ...]
    singular: tuple[str, ...] = ()


class Words(Closed):
    """The vocabulary of one language."""

    populations: dict[str, Population]
    same: tuple[tuple[str, str], ...]
    characteristics: dict[str, dict[str, tuple[str, ...]]]
    unknown: tuple[str, ...]
    rise: tuple[str, ...]
    fall: tuple[str, ...]
    rise_parts: dict[str, str]
    fall_parts: dict[str, str]
    more: tuple[str, ...]
    fewer: tuple[str, ...]
    change: tuple[str, ...]
    against: tuple[str, ...]
    contrast: tuple[str, ...]
    part_of: tuple[str, ...]
    all_parts: tuple[str, ...]
    together: tuple[str, ...]
    mean: tuple[str, ...]
    per: dict[str, tuple[str, ...]]
    times: tuple[str, ...]
    total_rows: tuple[str, ...]
    share_heads: tuple[str, ...]
    words: dict[str, int]
    no_hedges: tuple[str, ...]
    scales: dict[str, int]
    fractions: dict[str, float]
    months: tuple[str, ...]
    short_months: dict[str, int]
    spans: dict[str, int]
    before_phones: tuple[str, ...]
    before_places: tuple[str, ...]
    abbreviations: tuple[str, ...]
    little: tuple[str, ...]
    no_nouns: tuple[str, ...]

    @cached_property
    def nouns(self) -> Mapping[str, str]:
        """The population of each listed noun."""
        return {noun: key for key, item in self.populations.items() for noun in item.nouns}

    @cached_property
    def values(self) -> Mapping[str, tuple[str, str]]:
        """The characteristic and the value that a word stands for."""
        return {
            word: (characteristic, value)
            for characteristic, values in self.characteristics.items()
            for value, words in values.items()
            for word in words
        }

    def population(self, word: str) -> str | None:
        """The population that a noun counts, by its key; of an unlisted noun its own stem.

        None where the word is no noun that can be counted, as far as can be told.
        """
        word = word.casefold()
        known = self.nouns.get(word)
        if known is None:
            ends = (noun for noun in self.nouns if len(noun) >= SUFFIX and word.endswith(noun))
            known = next((self.nouns[noun] for noun in ends), None)
        if known is not None:
            return self._one_of_the_same(known)
        if word in self.no_nouns or word in self.little or word in self.values:
            return None
        return word if _plural(word) else None

    def _one_of_the_same(self, key: str) -> str:
        return next((first for first, second in self.same if key == second), key)

    def name(self, population: str) -> str:
        """What a population is called in a finding."""
        known = self.populations.get(population)
        return known.name if known else population

    def listed(self, word: str) -> bool:
        """Whether a word is a noun of a listed population, or ends with one."""
        return self.population(word) not in (None, word.casefold())


def _plural(word: str) -> bool:
    return len(word) > 3 and word.isalpha() and word.endswith(("en", "s"))  # noqa: PLR2004


@cache
def dutch() -> Words:
    """The Dutch vocabulary."""
    with as_file(files(__package__).joinpath("dutch.yaml")) as path:
        return validate(Words, read_yaml(path))


@cache
def either(words: Iterable[str]) -> str:
    """A pattern of whole words, the longest first; a space in one is any white space."""
    ordered = sorted(words, key=len, reverse=True)
    body = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in ordered)
    return rf"(?<![\w-])(?:{body})(?![\w-])"
