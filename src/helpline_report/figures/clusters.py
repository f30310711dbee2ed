"""Rows by the contact on which they hang: what an interval asks of rows that come in clusters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from helpline_report.errors import PopulationError
from helpline_report.figures.columns import coded_rows, column, has_several, rows_above
from helpline_report.figures.counting import mask, table_of
from helpline_report.figures.population import Population
from helpline_report.tables.dataset import Rows


@dataclass(frozen=True)
class Clusters:
    """The contact on which each row of a population hangs, in ascending order."""

    contacts: Rows

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.contacts)

    @cached_property
    def held(self) -> int:
        """How many contacts hold one of the rows, or more."""
        return int(np.count_nonzero(self._sizes))

    @cached_property
    def squares(self) -> int:
        """The sum of the squares of how many rows each contact holds."""
        # A contact's rows stand beside each other: they are as many as lie between two changes.
        changes = np.flatnonzero(self.contacts[1:] != self.contacts[:-1])
        sizes = np.diff(changes, prepend=-1, append=self.rows - 1)
        return int(np.dot(sizes, sizes))

    def products(self, whole: Clusters) -> int:
        """The sum, over the contacts, of these rows times those of the whole of which they are."""
        return int(whole._sizes[self.contacts].sum())

    @cached_property
    def _sizes(self) -> npt.NDArray[np.int32]:
        """How many rows each contact holds, up to the last one that holds any."""
        return np.bincount(self.contacts).astype(np.int32)


def clusters(population: Population) -> Clusters:
    """The rows of a population by contact.

    Raises:
        PopulationError: the table doesn't hang on contacts.
    """

    def make() -> Clusters:
        return _of(_contacts(population)[mask(population)])

    return population.register.once(("clusters", population.spec), make)


def clusters_by(population: Population, by: str) -> Iterator[tuple[str, Clusters]]:
    """The same for the rows with each code of a field, code by code.

    Raises:
        PopulationError: the table doesn't hang on contacts.
    """
    table, register = table_of(population), population.register
    rows, above = mask(population), _contacts(population)
    if has_several(table, by):
        for code in register.codelists[by].order:
            yield code, _of(above[rows & coded_rows(register, table, by, code)])
        return
    made = column(register, table, by)
    above, codes = above[rows], made.codes[rows]
    for place, name in enumerate(made.names):
        yield name, _of(above[codes == place])


def _contacts(population: Population) -> Rows:
    """The contact on which each row of the table hangs."""
    contacts = population.register.table("contacts")
    if contacts is None:
        raise PopulationError("no source gives contacts")
    return rows_above(population.register, table_of(population), contacts)


def _of(contacts: Rows) -> Clusters:
    ascending = bool(np.all(contacts[1:] >= contacts[:-1]))
    return Clusters(contacts if ascending else np.sort(contacts))
