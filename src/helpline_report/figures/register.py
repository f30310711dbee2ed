"""The register: the tables of an edition and of its comparison year, with their code lists."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from helpline_report.errors import ParametersError, PopulationError, nearest
from helpline_report.figures.released import Released, read_released
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.earlier_reports import comparison_ledger
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.project import Project
from helpline_report.parameters.row_layouts import OLDEST, PARENTS, YOUNGEST
from helpline_report.tables.dataset import TABLES, Dataset, Table

Made = TypeVar("Made")

UNKNOWN = "unknown"

DERIVED = {
    "month": "contacts",
    "weekday": "contacts",
    "hour": "contacts",
    "date": "contacts",
    "age": "persons",
    "age_class": "persons",
}

NOUN_TABLES = {
    "contacts": "contacts",
    "persons": "persons",
    "followups": "followups",
    "users": "traffic",
    "page_views": "traffic",
    "sessions": "traffic",
}


@dataclass(frozen=True, eq=False)
class Register:
    """One edition's tables; `previous` is the register of the comparison year, if there is one.

    Of a year whose rows are gone there are no tables: `released` is what its ledger says.
    """

    edition: Edition
    dataset: Dataset
    codelists: Mapping[str, CodeList]
    previous: Register | None = None
    released: Released | None = None
    # Of a register with other tables (`replace`) nothing is made yet.
    _made: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False)

    def once(self, name: Hashable, make: Callable[[], Made]) -> Made:
        """What `make` makes of these tables, which never change: made the first time alone."""
        if name not in self._made:
            self._made[name] = make()
        return cast("Made", self._made[name])

    def table(self, name: str) -> Table | None:
        """A table, or None where no source gives it."""
        return self.dataset.tables.get(name)

    def holds(self, name: str) -> bool:
        """Whether a source gives a table, or gave it to the released ledger."""
        if self.released is not None:
            return self.released.ledger.table_available(name)
        return self.table(name) is not None

    def field_table(self, field: str) -> str:
        """The table that a field belongs to, whether a source gives it or not.

        Raises:
            PopulationError: there is no such field.
        """
        if field in DERIVED:
            return DERIVED[field]
        if field in self.codelists:
            return self.codelists[field].table
        known = [*self.codelists, *DERIVED]
        close = nearest(field, known)
        step = "" if close else f"the fields are: {', '.join(sorted(known))}"
        raise PopulationError(f"there is no field '{field}'{close}", next_step=step)

    def codes(self, field: str) -> list[str] | None:
        """Every code that a field can have, in order; None where its list is open.

        Raises:
            PopulationError: there is no such field.
        """
        self.field_table(field)
        match field:
            case "month":
                period = self.edition.period
                year = [f"{month:02d}" for month in range(1, 13)]
                return period.month_codes() if period.repeats_months else year
            case "weekday":
                return [str(day) for day in range(1, 8)]
            case "hour":
                return [*(f"{hour:02d}" for hour in range(24)), UNKNOWN]
            case "date":
                return [day.isoformat() for day in self.edition.period.each_day()]
            case "age":
                return [*(str(age) for age in range(YOUNGEST, OLDEST + 1)), UNKNOWN]
            case "age_class":
                return [*(item.code for item in self.edition.person_ages), UNKNOWN]
        return None if self.codelists[field].open else self.codelists[field].order

    def has_several(self, table: str, field: str) -> bool:
        """Whether a row of a table may have several codes of a field."""
        if self.released is not None:
            return field in self.released.ledger.multiple
        rows = self.table(table)
        owner = rows.owner(field) if rows else None
        return owner is not None and field in owner.multiple

    def gives(self, table: str, field: str) -> bool:
        """Whether the sources give `field` to the rows of `table`."""
        if not self.holds(table):
            return False
        if field == "age_class" and self.gives(table, "age"):
            return True
        if field in ("month", "weekday") or (field == "date" and table != "traffic"):
            field = "date"
        if table == "traffic" and field in ("month", "date"):
            return True
        if self.released is not None:
            return self.released.gives(table, field)
        rows = self.table(table)
        return rows is not None and rows.has(field)


def checked(register: Register) -> Register:
    """The register, its breaks held against the code lists: a misspelt one is never crossed.

    Raises:
        ParametersError: a break names a field, a code or a table that there isn't.
    """
    for item in register.edition.breaks:
        where, name = f"params/{register.edition.edition}.yaml", f"the break '{item.id}'"
        for table in item.tables:
            if table not in TABLES:
                close = nearest(table, list(TABLES))
                raise ParametersError(f"{name}: there is no table '{table}'{close}", where=where)
        try:
            known = register.codes(item.field) if item.field else None
        except PopulationError as error:
            raise ParametersError(f"{name}: {error.what}", where=where) from None
        for code in (item.old, *item.new):
            if code is not None and known is not None and code not in known:
                close = nearest(code, known)
                what = f"{name}: the field '{item.field}' has no code '{code}'{close}"
                raise ParametersError(what, where=where)
    return register


def is_above(upper: str, lower: str) -> bool:
    """Whether `lower` hangs on `upper`, or is it."""
    at: str | None = lower
    while at is not None:
        if at == upper:
            return True
        at = PARENTS.get(at)
    return False


def released_year(project: Project, edition: Edition) -> Register | None:
    """The comparison year from the ledger that the parameters name; None where they name none.

    Raises:
        ParametersError: the parameters of that year are wrong, or the ledger isn't one of it.
    """
    path = comparison_ledger(project, edition)
    if path is None or edition.comparison is None:
        return None
    then = project.edition(edition.comparison)
    if project.comparison(edition) != then:
        raise ParametersError(
            f"--set of age classes or weekdays doesn't hold for {then.edition}, of which the "
            "released ledger alone is compared",
            next_step="leave it out, or compare with the exports of that year",
        )
    released = read_released(path, edition.comparison_ledger or path.name, then.edition)
    nothing = Dataset(then.edition, then.period, {})
    return Register(then, nothing, project.codelists(), released=released)
