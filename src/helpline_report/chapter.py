"""What a notebook sees: a chapter that counts in the open and records what it counts."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, overload

from helpline_report.edition_register import open_register
from helpline_report.figures import breakdown, measures, per_code, rankings, rates
from helpline_report.figures.campaigns import effects
from helpline_report.figures.conditions import between, not_
from helpline_report.figures.ledger import Campaigns, Highlights, Ledger, Reference
from helpline_report.figures.model import Chart, Crosstab, Figure, Series, Table
from helpline_report.figures.population import Population
from helpline_report.figures.quality import missing_values, rows_of_files
from helpline_report.figures.recording import Recorder
from helpline_report.figures.register import Register, watched
from helpline_report.figures.shown import ChartKind, chart_of, flow_of, marks_of, table_of
from helpline_report.parameters.project import Project, find_root
from helpline_report.parameters.reading import READING

__all__ = ["Chapter", "between", "not_", "open_chapter"]


def open_chapter(
    name: str,
    edition: str | int,
    *,
    overrides: str | Sequence[str] = (),
    preview: bool = True,
    project: str | Path | None = None,
) -> Chapter:
    """Open a chapter of an edition: read its tables, and those of its comparison year.

    Args:
        name: the chapter, as its figures and texts name it.
        edition: which of the project's `params/*.yaml`; papermill makes a number of a year.
        overrides: `key=value`, as `--set` gives them.
        preview: show figures, charts and tables where they stand; a build doesn't.
        project: the folder that holds `params/`. Where none is named it is the folder of
            `HELPLINE_PROJECT`, or the nearest one from the working folder upwards. Modules that
            lie beside its notebooks can be imported afterwards.

    Raises:
        ParametersError: there is no such project, or its parameters are wrong.
        ExportError: an export can't be used.
    """
    environment = dict(os.environ)
    root = find_root(Path.cwd(), environment) if project is None else Path(project).resolve()
    # A module beside the chapters is found from wherever they run; in their folder it is anyway.
    beside = str(Project(root).notebooks)
    if beside not in sys.path:
        sys.path.append(beside)
    changed = [overrides] if isinstance(overrides, str) else list(overrides)
    register = open_register(Project(root, environment), str(edition), changed)
    return Chapter(name, watched(register, READING), preview=preview)


class Chapter(Recorder):
    """Populations of one edition, and the figures that are made of them.

    Every call that names a figure records it under that name, once in the edition. A figure that
    a source can't give is recorded as unavailable, with its reason. With `preview` a cell may run
    again, as one does in JupyterLab: what it names is then recorded anew.
    """

    def __init__(self, name: str, register: Register, *, preview: bool = False) -> None:
        self.name = name
        self.register = register
        self.preview = preview
        super().__init__(register.edition.edition, self._previewed if preview else None)

    # Populations

    @overload
    def populations(self, names: str, /) -> Population: ...
    @overload
    def populations(self, first: str, second: str, /, *more: str) -> tuple[Population, ...]: ...
    def populations(self, *names: str) -> Population | tuple[Population, ...]:
        """All contacts, persons, followups, users, page_views or sessions of the period.

        Raises:
            PopulationError: there is no such population.
        """
        found = tuple(Population.whole(self.register, name) for name in names)
        return found[0] if len(found) == 1 else found

    def previous(self, population: Population, bridge: Sequence[str] = ()) -> Population:
        """The same population in the comparison year; `bridge` names the breaks it is carried over.

        Raises:
            PopulationError: a declared break is crossed without being named.
        """
        return population.previous(*bridge)

    # Figures

    def count(self, name: str, population: Population) -> Figure:
        """How many rows, users or page views."""
        return self._figure(measures.count(name, population))

    def share(self, name: str, part: Population, *, of: Population) -> Figure:
        """A part in percent of a whole of the same population.

        Raises:
            PopulationError: the part is no part of the whole.
        """
        return self._figure(measures.share(name, part, of))

    def change(self, name: str, population: Population, *, bridge: Sequence[str] = ()) -> Figure:
        """The change in percent against the same population in the comparison year.

        Raises:
            PopulationError: a declared break lies between the two and isn't bridged.
        """
        return self._figure(rates.change(name, population, population.previous(*bridge)))

    def rate_ratio(
        self,
        name: str,
        population: Population,
        against: Population,
        *,
        exposure: Literal["open_day", "calendar_day"],
    ) -> Figure:
        """The ratio of two rates, each over the days on which it was observed."""
        return self._figure(rates.rate_ratio(name, population, against, exposure=exposure))

    def supports_rise(self, name: str, ratio: Figure) -> Figure:
        """1 if the interval of a rate ratio lies above 1, else 0."""
        then = self.register.previous
        gone = then.edition.edition if then is not None and then.released is not None else None
        return self._figure(rates.supports_rise(name, ratio, gone=gone))

    def mean(self, name: str, population: Population, *, per: str | Sequence[str]) -> Figure:
        """A count divided by months, open days, calendar days, helplines, or several of these."""
        units = (per,) if isinstance(per, str) else tuple(per)
        return self._figure(measures.mean(name, population, units))

    def maximum(self, name: str, population: Population, *, by: Sequence[str]) -> Figure:
        """The most rows that one combination of codes holds."""
        return self._figure(measures.maximum(name, population, by))

    def open_days(self, name: str, population: Population) -> Figure:
        """On how many days of the population's period the helpline was open."""
        return self._figure(measures.open_days(name, population))

    def top(self, name: str, population: Population, *, by: str, place: int = 1) -> Figure:
        """The code with the most rows, or the one in another place."""
        return self._figure(rankings.top(name, population, by, place=place))

    def quietest_working_day(self, name: str, population: Population) -> Figure:
        """The working day of the week with the fewest rows."""
        days = [str(day) for day in self.register.edition.calendar.working_days]
        made = rankings.top(name, population, "weekday", lowest=True, among=days)
        return self._figure(made)

    def rank(self, name: str, population: Population, *, by: str, code: str) -> Figure:
        """The place of a code among the codes of its field."""
        return self._figure(rankings.rank(name, population, by, code))

    def same_top(self, name: str, population: Population, *, by: str, length: int) -> Figure:
        """1 if the first codes are the same ones as in the comparison year, else 0."""
        then = population.previous(by=(by,))
        return self._figure(rankings.same_top(name, population, then, by, length))

    # Series

    def counts(self, name: str, population: Population, *, by: str) -> Series:
        """Counts by the codes of a field; each is a figure `name.code`."""
        return self._series(*breakdown.count_series(name, population, by))

    def shares(
        self, name: str, population: Population, *, by: str, of: Population | None = None
    ) -> Series:
        """Shares of the codes of a field in the population; each is a figure `name.code`."""
        return self._series(*breakdown.share_series(name, population, by, of))

    def changes(
        self, name: str, population: Population, *, by: str, bridge: Sequence[str] = ()
    ) -> Series:
        """The change in percent of each code against the comparison year.

        Raises:
            PopulationError: a declared break of the field lies between the two years.
        """
        return self._series(*per_code.change_series(name, population, by, bridge))

    def means(
        self,
        name: str,
        population: Population,
        *,
        by: str,
        per: Literal["month", "open_day", "calendar_day"],
    ) -> Series:
        """The count of each code divided by months or days."""
        return self._series(*per_code.mean_series(name, population, by, per))

    def maxima(self, name: str, population: Population, *, by: str, over: str) -> Series:
        """The most rows that each code has on one day, or in one other unit of `over`."""
        return self._series(*per_code.maximum_series(name, population, by, over))

    def ranks(self, name: str, population: Population, *, by: str) -> Series:
        """The place of each code among the codes of its field."""
        return self._series(*per_code.rank_series(name, population, by))

    def crosstab(self, name: str, population: Population, *, rows: str, columns: str) -> Crosstab:
        """Counts by two fields; each is a figure `name.row.column`."""
        made, figures = breakdown.crosstab(name, population, rows, columns)
        self._record(figures, crosstabs={made.id: made})
        return made

    # What the page shows

    def chart(
        self,
        source: Series | Crosstab,
        kind: ChartKind | None = None,
        *,
        against: Series | None = None,
        marks: bool = False,
        most: int | None = None,
    ) -> Chart:
        """Show a series or a cross-table as a chart; `marks` adds campaigns and events.

        Raises:
            ChapterError: a kind that can't show this, or a comparison over another field.
        """
        windows = marks_of(self.register.edition) if marks else ()
        made = chart_of(source, kind, against=against, marks=windows, most=most)
        return self._show("chart", made.id, made, charts={made.id: made})

    def flow(self, source: Series, whole: Figure, *groups: Figure) -> Chart:
        """Show counts as a flow: from the whole, by way of groups of codes, to each code.

        Raises:
            ChapterError: counts that don't add up, or figures that aren't of this whole.
        """
        made = flow_of(source, (whole, *groups))
        return self._show("chart", made.id, made, charts={made.id: made})

    def intervals(self, name: str, *figures: Figure) -> Chart:
        """Show ratios or shares with their intervals."""
        made = Chart(id=f"{name}.chart", kind="intervals", figures=tuple(f.id for f in figures))
        return self._show("chart", made.id, made, charts={made.id: made})

    def table(self, *sources: Series | Crosstab | Figure, most: int | None = None) -> Table:
        """Show series of one field side by side, a cross-table, or figures below each other.

        Raises:
            ChapterError: nothing to show, or sources that don't go together.
        """
        made = table_of(sources, most)
        return self._show("table", made.id, made, tables={made.id: made})

    def highlights(self, name: str, *figures: str) -> Highlights:
        """Show headline figures, computed here or in another chapter, by name."""
        made = Highlights(id=name, figures=figures)
        return self._show("highlights", name, made, highlights={name: made})

    def campaigns(self, name: str, contacts: Population) -> Campaigns:
        """Each campaign's window against the days around it and against the year before."""
        figures: list[Figure] = []
        declared = self.register.edition.campaigns
        found = tuple(effects(name, contacts, item, figures.append) for item in declared)
        made = Campaigns(id=name, effects=found)
        self._record(figures)
        return self._show("campaigns", name, made, campaigns={name: made})

    def quality(self, name: str) -> None:
        """Rows read, used, repaired and excluded, for each file."""
        figures: list[Figure] = []
        made = rows_of_files(name, self.register, figures.append)
        self._record(figures)
        self._show("quality", name, made, quality={name: made})

    def missing(self, name: str) -> None:
        """The share of missing values, for each field."""
        figures: list[Figure] = []
        made = missing_values(name, self.register, figures.append)
        self._record(figures)
        self._show("missing", name, made, missing={name: made})

    def breaks(self) -> None:
        """The breaks that the parameters declare."""
        self._show("breaks", "breaks", None)

    def trend(self) -> None:
        """Totals of other years that were printed, and that nobody counts here."""
        self._show("trend", "trend", None)

    def reconciliation(self) -> None:
        """What earlier reports printed, beside what is counted here."""
        self._show("reconciliation", "reconciliation", None)

    def _previewed(
        self, ledger: Ledger, fragment: Ledger, shows: Reference | None
    ) -> dict[str, object]:
        from helpline_report.preview import preview  # noqa: PLC0415 - a build needs none

        return preview(self.register, ledger, fragment, shows)
