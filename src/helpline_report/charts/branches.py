"""The branches of a flow: from the whole, by way of groups of codes, to each code.

Heights and lengths are those of released figures alone: a code that may not be told is named and
not drawn, and leaves the room that its group's own figure leaves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from helpline_report.charts.bars import Bar, bars_of, number_of, ranked
from helpline_report.charts.words import Words
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Chart, Figure, Series


@dataclass(frozen=True)
class Branch:
    """A part of the whole, or the whole: its label, its figure, and what it is made of."""

    label: str
    figure: Figure | None
    parts: tuple[Branch, ...] = ()

    @property
    def value(self) -> float:
        """The value; 0 where there is none to draw."""
        return number_of(self.figure) or 0.0


def branches(chart: Chart, series: Series, ledger: Ledger, words: Words) -> Branch | None:
    """The whole with its branches; None where the whole itself has no value.

    Groups stand where their first code does, and their codes by size; a code of no group branches
    off from the whole. A group without a value is none: its codes stand for themselves.
    """
    figures = [ledger.figures[name] for name in chart.figures if name in ledger.figures]
    whole = next((item for item in figures if item.population == series.population), None)
    if number_of(whole) is None or whole is None:
        return None
    group_of = {code: group for group in figures for code in _codes(group, whole, series.by)}
    bars = bars_of(series, None, ledger)
    parts = []
    for group, members in _grouped(bars, group_of):
        if group is None:
            parts += [_leaf(series.by, bar, words) for bar in members]
        else:
            parts.append(_group(series.by, group, members, words))
    return Branch(words.name(whole), whole, tuple(parts))


def _codes(group: Figure, whole: Figure, field: str) -> tuple[str, ...]:
    condition = group.population.condition(field)
    if group.id == whole.id or condition is None or number_of(group) is None:
        return ()
    return condition.codes


def _grouped(
    bars: Sequence[Bar], group_of: dict[str, Figure]
) -> Iterator[tuple[Figure | None, list[Bar]]]:
    """The bars by their group, in the order in which their first codes stand."""
    told = set()
    for bar in bars:
        group = group_of.get(bar.code)
        if group is None:
            yield None, [bar]
        elif group.id not in told:
            told.add(group.id)
            yield group, [one for one in bars if group_of.get(one.code) is group]


def _group(field: str, group: Figure, members: list[Bar], words: Words) -> Branch:
    condition = group.population.condition(field)
    given = condition.given if condition else ()
    label = ", ".join(words.label(field, code) for code in given)
    leaves = (_leaf(field, bar, words) for bar in ranked(members, field, words, None)[0])
    return Branch(label, group, tuple(_without(leaf, label) for leaf in leaves))


def _leaf(field: str, bar: Bar, words: Words) -> Branch:
    return Branch(words.label(field, bar.code), bar.figure)


def _without(leaf: Branch, group: str) -> Branch:
    """'een verwijzing naar de politie' is 'naar de politie' where it hangs on 'een verwijzing'."""
    shorter = leaf.label.removeprefix(f"{group} ")
    return Branch(shorter, leaf.figure) if shorter else leaf
