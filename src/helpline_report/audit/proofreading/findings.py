"""What proofreading finds: where, in which words of the document, and what its numbers say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import as_file, files
from typing import Literal

from helpline_report.audit.printing import Bounds
from helpline_report.audit.proofreading.document import Place, Sentence
from helpline_report.parameters.yaml import read_yaml
from helpline_report.prose.numbers import Idiom, number, percent

Verdict = Literal["contradicts", "wrong_population", "not_supported", "incomplete", "not_in_ledger"]

NL = Idiom("nl", "nl_BE")
QUOTE = 150
DECIMALS = 2


@dataclass(frozen=True)
class Finding:
    """One thing that doesn't fit: `check` names who found it, `text` says in Dutch what is so."""

    place: Place
    check: str
    verdict: Verdict
    quote: str
    text: str


# One statement that was computed again: a finding, or None where it is right.
Outcome = Finding | None
Outcomes = Iterator[Outcome]


@cache
def phrases() -> dict[str, str]:
    """The Dutch words of the findings."""
    with as_file(files(__package__).joinpath("phrases.yaml")) as path:
        return dict(read_yaml(path).data)


def say(key: str, **values: str) -> str:
    """A phrase with its values filled in."""
    return phrases()[key].format(**values)


def count(value: Decimal) -> str:
    """A number as Dutch writes it; two decimals where it isn't whole."""
    whole = value == value.to_integral_value()
    return number(NL, value, 0 if whole else DECIMALS)


def share(value: Decimal, decimals: int = DECIMALS) -> str:
    """A percentage as Dutch writes it."""
    return percent(NL, value, decimals)


def between(bounds: Bounds) -> str:
    """A range of numbers, or the only one."""
    if bounds.is_point:
        return count(bounds.low)
    return say("between", low=count(bounds.low), high=count(bounds.high))


def quoted(sentence: Sentence, start: int, end: int) -> str:
    """The words of a sentence around two places in it, cut where it is long."""
    text = sentence.text
    if len(text) <= QUOTE:
        return text.strip()
    spare = max(QUOTE - (end - start), 40) // 2
    first, last = max(0, start - spare), min(len(text), end + spare)
    first = text.find(" ", first) + 1 if first else 0
    last = text.rfind(" ", 0, last) if last < len(text) else last
    left, right = "… " if first else "", " …" if last < len(text) else ""
    return f"{left}{text[first:last].strip()}{right}"


def found(outcomes: Iterable[Outcome]) -> tuple[list[Finding], int]:
    """The findings, each once, in the order of the document; and how many statements there were."""
    every = list(outcomes)
    findings = {(item.place, item.quote, item.text): item for item in every if item is not None}
    return sorted(findings.values(), key=lambda item: item.place), len(every)
