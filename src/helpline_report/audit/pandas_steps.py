"""How a population and a figure are counted, as pandas a researcher reads: a line a step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from helpline_report.figures.model import Condition, Figure, PopulationSpec
from helpline_report.parameters.values import Period

ROWS, OTHERS = "rows", "others"
TABLES = ("contacts", "persons", "followups")
# Fields whose codes are numbers, missing where they are unknown.
NUMBERS, UNKNOWN = ("hour", "age"), "unknown"


class PandasSteps:
    """Writes steps for the figures of an edition, over what `df` gives of a population.

    `contacts` are those of the edition, `contacts_2016` those of the year that it is compared with.
    `periods` are those of whole years, which need no condition; `multiple` are the fields of which
    a row may have several codes, each a column of its own. Web traffic is looked up in reports, and
    counted from no rows: it has no steps.
    """

    def __init__(self, edition: str, periods: Sequence[Period], multiple: frozenset[str]) -> None:
        self._edition = edition
        self._periods = periods
        self._multiple = multiple

    def figure(self, figure: Figure) -> tuple[str, ...]:
        """The steps to the value of a figure; none for what isn't counted from rows."""
        if figure.kind == "own" or figure.population.table not in TABLES:
            return ()
        lines = [*self._rows(figure.population, ROWS)]
        if figure.of is not None:
            lines += self._rows(figure.of, OTHERS)
        return (*lines, _value(figure))

    def broken_down(self, spec: PopulationSpec, by: Sequence[str]) -> tuple[str, ...]:
        """The steps to the counts of a series or a cross-table."""
        columns = [f'{ROWS}["{field}"]' for field in by]
        if spec.table not in TABLES:
            return ()
        if any(field in self._multiple for field in by):
            tables = [
                f'{ROWS}.filter(like="{field}:").sum()' for field in by if field in self._multiple
            ]
            return (*self._rows(spec, ROWS), *tables)
        if len(by) == 1:
            return (*self._rows(spec, ROWS), f"{columns[0]}.value_counts()")
        return (*self._rows(spec, ROWS), f"pd.crosstab({', '.join(columns)})")

    def _rows(self, spec: PopulationSpec, name: str) -> Iterator[str]:
        """The rows of a population, by a name."""
        whole = self._table(spec) + "".join(f".having({self._chosen(s)})" for s in spec.having)
        yield f"{name} = {whole}.df"
        masks = [*self._masks(spec, name)]
        if masks:
            yield f"{name} = {name}[{' & '.join(masks)}]"

    def _table(self, spec: PopulationSpec) -> str:
        """The name of a whole population: `contacts`, or `contacts_2016` of the year before."""
        return spec.table if spec.edition == self._edition else f"{spec.table}_{spec.edition}"

    def _chosen(self, spec: PopulationSpec) -> str:
        """A population that another has at least one of, as a chapter writes it."""
        where = [
            f"{condition.field}=[{_listed(condition.given)}]"
            if condition.form == "codes" and not condition.negated
            else f"{condition.field}=…"
            for condition in spec.conditions
        ]
        having = "".join(f".having({self._chosen(lower)})" for lower in spec.having)
        return self._table(spec) + having + (f".where({', '.join(where)})" if where else "")

    def _masks(self, spec: PopulationSpec, name: str) -> Iterator[str]:
        if spec.period not in self._periods:
            yield _days(name, spec.period)
        if spec.without is not None:
            yield f"~{_days(name, spec.without)}"
        for condition in spec.conditions:
            yield self._mask(condition, name)

    def _mask(self, condition: Condition, name: str) -> str:
        column = f'{name}["{condition.field}"]'
        codes = condition.given if condition.negated else condition.codes
        if condition.field in NUMBERS and condition.form == "codes":
            numbers = ", ".join(str(int(code)) for code in codes if code != UNKNOWN)
            mask = f"{column}.isin([{numbers}])"
            mask = f"({mask} | {column}.isna())" if UNKNOWN in codes else mask
        elif condition.form == "between":
            low, high = condition.given
            if condition.field in NUMBERS:
                low, high = (end and str(int(end)) for end in (low, high))
            else:
                low, high = (end and f'"{end}"' for end in (low, high))
            ends = [f"({column} >= {low})"] if low else []
            ends += [f"({column} <= {high})"] if high else []
            mask = " & ".join(ends)
        elif condition.field in self._multiple:
            columns = _listed([f"{condition.field}:{code}" for code in codes])
            mask = f"{name}[[{columns}]].any(axis=1)"
        elif len(codes) == 1:
            mask = f'({column} == "{codes[0]}")'
        else:
            mask = f"{column}.isin([{_listed(codes)}])"
        return f"~({mask})" if condition.negated else mask


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _days(name: str, period: Period) -> str:
    return f'{name}["date"].between("{period.start}", "{period.end}")'


def _value(figure: Figure) -> str:
    """The last step: from rows to the value."""
    rows, others = f"len({ROWS})", f"len({OTHERS})"
    exposure = figure.exposure
    by = _listed(figure.by)
    match figure.kind:
        case "share":
            return f"100 * {rows} / {others}"
        case "change":
            return f"100 * ({rows} - {others}) / {others}"
        case "mean" if exposure is not None:
            return f"{rows} / {exposure.of:.15g}"
        case "rate_ratio" | "flag" if exposure is not None and exposure.against is not None:
            return f"({rows} / {exposure.of:.15g}) / ({others} / {exposure.against:.15g})"
        case "maximum":
            return f"{ROWS}.groupby([{by}], observed=True).size().max()"
        case "top" | "rank" | "flag" if figure.by:
            among = f".loc[[{_listed(figure.among)}]]" if figure.among else ""
            sizes = f"{ROWS}.groupby({by}, observed=True).size(){among}"
            at = (figure.place or 1) - 1
            place = f".iloc[{at}:{at + 1}]" if figure.kind == "top" else ""
            return f"{sizes}.sort_values(ascending={figure.lowest}){place}"
    return rows
