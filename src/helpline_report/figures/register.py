"""The register: the tables of an edition and of its comparison year, or that year's ledger."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar, cast

from helpline_report.errors import ParametersError, PopulationError, nearest
from helpline_report.figures.ledger import Ledger, LeftOut, SourceFile, read_ledger
from helpline_report.figures.model import Figure, Key, PopulationSpec, Reason, make_key
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Edition, is_private
from helpline_report.parameters.layouts import name_ledger
from helpline_report.parameters.project import Project
from helpline_report.parameters.project_folder import what_if
from helpline_report.parameters.row_layouts import DERIVED, OLDEST, PARENTS, UNKNOWN, YOUNGEST
from helpline_report.parameters.yaml import make_error
from helpline_report.steps import digest
from helpline_report.tables.dataset import Dataset, Table

Product = TypeVar("Product")

NOT_RELEASED = Reason(code="not_released")

NOUN_TABLES = {"contacts": "contacts", "persons": "persons", "followups": "followups"}
NOUN_TABLES |= dict.fromkeys(("users", "page_views", "sessions"), "traffic")


@dataclass(frozen=True, eq=False)
class Register:
    """One edition's tables; `previous` is the register of the comparison year, if there is one.

    A year whose rows are gone has no tables: `released` is its released ledger. `compared_by` is
    the edition for which a comparison year is opened.
    """

    edition: Edition
    dataset: Dataset
    codelists: Mapping[str, CodeList]
    previous: Register | None = None
    released: Released | None = None
    compared_by: Edition | None = None
    # Results by name (`once`). A register made by `replace` begins without any.
    _products: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False)

    def once(self, name: Hashable, make: Callable[[], Product]) -> Product:
        """The result of `make`, which is called once for each name."""
        if name not in self._products:
            self._products[name] = make()
        return cast("Product", self._products[name])

    def table(self, name: str) -> Table | None:
        """A table, or None where no source gives it."""
        return self.dataset.tables.get(name)

    @property
    def is_protected(self) -> bool:
        """Whether numbers of its rows are private."""
        return is_private(self.edition, self.compared_by)

    def holds(self, name: str) -> bool:
        """Whether a source gives a table, or gave it to the released ledger."""
        if self.released is not None:
            return name in self.released.ledger.fields
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
        fields = [*self.codelists, *DERIVED]
        close = nearest(field, fields)
        step = "" if close else f"the fields are: {', '.join(sorted(fields))}"
        raise make_error(PopulationError, "no_field", field=field, hint=close, step=step)

    def codes(self, field: str) -> list[str] | None:
        """Every code that a field can have, in order; None where its list is open.

        Raises:
            PopulationError: there is no such field.
        """
        self.field_table(field)
        period = self.edition.period
        match field:
            case "month":
                months = [f"{month:02d}" for month in range(1, 13)]
                return period.month_codes() if period.repeats_months else months
            case "weekday":
                return [str(day) for day in range(1, 8)]
            case "hour":
                return [*(f"{hour:02d}" for hour in range(24)), UNKNOWN]
            case "date":
                return [day.isoformat() for day in period.each_day()]
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
        if table == "traffic" and field in ("month", "date"):
            return True
        if field == "age_class" and self.gives(table, "age"):
            return True
        source = "date" if field in ("month", "weekday") else field
        if self.released is not None:
            fields = self.released.ledger.fields
            return any(source in names for name, names in fields.items() if is_above(name, table))
        rows = self.table(table)
        return rows is not None and rows.has(source)


def is_above(upper: str, lower: str) -> bool:
    """Whether `lower` hangs on `upper`, or is it."""
    return upper == lower or (lower in PARENTS and is_above(upper, PARENTS[lower]))


class Released:
    """The released ledger of another edition, in the place of its rows: nothing is counted."""

    def __init__(self, ledger: Ledger, file: str, sha256: str) -> None:
        self.ledger = ledger
        self.source = SourceFile(
            edition=ledger.edition, file=file, sha256=sha256, table="ledger", rows=0
        )

    def size(self, spec: PopulationSpec) -> tuple[int, Reason | None]:
        """The size of a population by the ledger, or why the ledger doesn't say it."""
        key = make_key(spec)
        if key in self._numbers:
            return self._numbers[key], None
        counts = (each for each in self.ledger.figures.values() if each.kind == "count")
        reasons = (each.reason for each in counts if make_key(each.population) == key)
        return 0, next(filter(None, reasons), NOT_RELEASED)

    def breakdown(self, spec: PopulationSpec, by: str) -> tuple[dict[str, int], Reason | None]:
        """The counts by code of a series of this population, or why there are none.

        A series of shares has the counts as numerators; a series of counts is taken first.
        """
        key, listed = make_key(spec), self.ledger.breakdowns.values()
        for series in sorted(listed, key=lambda item: item.kind != "count"):
            has_counts = series.kind in ("count", "share") and series.by == (by,) and series.members
            if not has_counts or make_key(series.population) != key:
                continue
            figures = {each.codes[0]: self.ledger.figures[each.figure] for each in series.members}
            for figure in figures.values():
                if figure.status != "ok":
                    return {}, figure.reason
            return {code: int(each.numerator or 0) for code, each in figures.items()}, None
        return {}, NOT_RELEASED

    def list_figures(self, kind: str, spec: PopulationSpec) -> Iterator[Figure]:
        """The figures of a kind and a population that have a value."""
        key = make_key(spec)
        for each in self.ledger.figures.values():
            if each.kind == kind and each.status == "ok" and make_key(each.population) == key:
                yield each

    @cached_property
    def _numbers(self) -> dict[Key, int]:
        numbers: dict[Key, int] = {}
        for figure in self.ledger.figures.values():
            for spec, number in list_counts(figure) if figure.status == "ok" else ():
                if spec.edition == self.ledger.edition:
                    numbers.setdefault(make_key(spec), int(number))
        return numbers


def list_counts(figure: Figure) -> Iterator[tuple[PopulationSpec, float]]:
    """The populations whose counts are in a figure, with these counts."""
    # The numerator of a mean by months is no count: a user of two months is in it twice.
    is_sum = figure.kind == "mean" and figure.by
    has_count = figure.kind in ("count", "share", "mean", "change", "rate_ratio")
    if has_count and not is_sum and figure.numerator is not None:
        yield figure.population, figure.numerator
    if figure.kind in ("share", "change") and figure.of and figure.denominator is not None:
        yield figure.of, figure.denominator


def open_released_year(project: Project, edition: Edition) -> Register | None:
    """The comparison year from the ledger that the parameters name; None where they name none.

    Raises:
        ParametersError: the parameters of that year are wrong, or there is no such ledger, or it is
            of another version or edition, or is a draft.
        MachineError: it can't be read.
    """
    name = edition.comparison_ledger
    if name is None or edition.comparison is None:
        return None
    then = project.edition(edition.comparison)
    if project.comparison(edition) != then:
        raise make_error(ParametersError, "set_of_ledger", edition=then.edition)
    path = project.resolve(name)
    step = "name the data/ledger.json of the published edition under 'comparison_ledger'"
    ledger = read_ledger(path, name, step)
    what = ""
    if ledger.edition != then.edition:
        what = f"this is the ledger of '{ledger.edition}', and '{then.edition}' is compared with"
    elif ledger.draft:
        what = "this is the ledger of a draft: nobody may compare with it"
    elif what_if(ledger.overrides):
        what = "this is the ledger of a what-if: nobody may compare with it"
    if what:
        raise ParametersError(what, where=name, next_step=step)
    released = Released(ledger, name_ledger(then.edition), digest(path))
    nothing = Dataset(then.edition, then.period, {})
    return Register(then, nothing, project.codelists(), released=released, compared_by=edition)


def list_years(register: Register) -> list[Register]:
    """The register, and that of its comparison year where it has one."""
    return [each for each in (register, register.previous) if each is not None]


def count_left_out(register: Register) -> tuple[LeftOut, ...]:
    """The rows that a draft left out of each file; a row that feeds two tables counts once."""
    left_out: dict[tuple[str, str, str], LeftOut] = {}
    for year in list_years(register):
        for balance in year.dataset.balances:
            file, edition = year.dataset.public_name(balance.file), year.edition.edition
            for code, rows in balance.faulty.items():
                item = LeftOut(edition=edition, file=file, code=code, rows=rows)
                other = left_out.setdefault((edition, file, code), item)
                left_out[edition, file, code] = max(item, other, key=lambda each: each.rows)
    return tuple(left_out.values())


def is_draft(register: Register) -> bool:
    """Whether rows with faults may have been left out, of the edition or of its comparison."""
    return any(each.edition.draft for each in list_years(register))
