"""The month of the contact that each row hangs on, as a small number."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from helpline_report.tables.model import Mask, Table

SECONDS_A_DAY = 86_400


@dataclass(frozen=True)
class Months:
    """A year of contacts has 365 days and millions of rows: each day's month is looked up once.

    `names` are months in order (`2017-03`), `places` the place among them of each row of a table.
    """

    names: tuple[str, ...]
    places: npt.NDArray[np.int16]

    @classmethod
    def of(cls, table: Table, start: dt.date) -> Months:
        """The months of a table's rows, none of which is before the month of `start`."""
        owner = table.owner("date")
        assert owner is not None  # noqa: S101 - contacts have dates
        dates = owner.frame["date"].to_numpy().astype("datetime64[s]")
        days = dates.view(np.int64) // SECONDS_A_DAY
        low = int(np.datetime64(start.replace(day=1), "D").astype(np.int64))
        calendar = np.arange(low, int(days.max(initial=low)) + 1).astype("datetime64[D]")
        months = calendar.astype("datetime64[M]")
        by_day = (months - months[0]).astype(np.int16)
        places = table.down(by_day[days - low], owner).astype(np.int16, copy=False)
        return cls(tuple(np.unique(months).astype(str).tolist()), places)

    def count(self, rows: Mask | None = None) -> dict[str, int]:
        """How many rows each month has, or how many of some rows."""
        places = self.places if rows is None else self.places[rows]
        found = np.bincount(places, minlength=len(self.names)).tolist()
        return dict(zip(self.names, found, strict=True))
