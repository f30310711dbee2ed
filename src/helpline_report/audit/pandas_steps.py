"""How a population and a figure are counted, as pandas a researcher reads: a line a step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from helpline_report.figures.model import Condition, Figure, PopulationSpec
from helpline_report.parameters.values import Period

ROWS, OTHERS = "rows", "others"


class PandasSteps:
    """Writes steps for the figures of an edition.

    `periods` are those of whole years, which need no condition; `multiple` are the fields of which
    a row may have several codes, each a column of its own.
    """

    def __init__(self, edition: str, periods: Sequence[Period], multiple: frozenset[str]) -> None:
        self._edition = edition
        self._periods = periods
        self._multiple = multiple

    def figure(self, figure: Figure) -> tuple[str, ...]:
        """The steps to the value of a figure; none for what isn't counted from rows."""
        if figure.population.table in ("calendar", "files"):
            return ()
        lines = [*self._rows(figure.population, ROWS)]
        if figure.of is not None:
            lines += self._rows(figure.of, OTHERS)
        return (*lines, _value(figure))

    def broken_down(self, spec: PopulationSpec, by: Sequence[str]) -> tuple[str, ...]:
        """The steps to the counts of a series or a cross-table."""
        columns = [f'{ROWS}["{field}"]' for field in by]
        if spec.table == "traffic":
            return (*self._rows(spec, ROWS), f'{ROWS}.groupby([{_listed(by)}])["value"].sum()')
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
        for number, lower in enumerate(spec.having, 1):
            yield from self._rows(lower, f"{name}_{lower.table}_{number}")
        whole = spec.table if spec.edition == self._edition else f"chapter.previous({spec.table})"
        yield f"{name} = {whole}.df"
        masks = [*self._masks(spec, name)]
        if masks:
            yield f"{name} = {name}[{' & '.join(masks)}]"

    def _masks(self, spec: PopulationSpec, name: str) -> Iterator[str]:
        if spec.table == "traffic":
            yield f'({name}["measure"] == "{spec.noun}")'
        if spec.period not in self._periods:
            yield _days(name, spec.period)
        if spec.without is not None:
            yield f"~{_days(name, spec.without)}"
        for condition in spec.conditions:
            yield self._mask(condition, name)
        for number, lower in enumerate(spec.having, 1):
            yield f"{name}.index.isin({name}_{lower.table}_{number}.parent)"

    def _mask(self, condition: Condition, name: str) -> str:
        column = f'{name}["{condition.field}"]'
        codes = condition.given if condition.negated else condition.codes
        if condition.form == "between":
            low, high = condition.given
            ends = [f"({column} >= {low!r})"] * bool(low) + [f"({column} <= {high!r})"] * bool(high)
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


def _size(spec: PopulationSpec, name: str) -> str:
    return f'{name}["value"].sum()' if spec.table == "traffic" else f"len({name})"


def _value(figure: Figure) -> str:
    """The last step: from rows to the value."""
    rows = _size(figure.population, ROWS)
    others = _size(figure.of, OTHERS) if figure.of is not None else ""
    exposure = figure.exposure
    by = _listed(figure.by)
    match figure.kind:
        case "share":
            return f"100 * {rows} / {others}"
        case "change":
            return f"100 * ({rows} - {others}) / {others}"
        case "mean" if exposure is not None:
            return f"{rows} / {exposure.of:g}"
        case "rate_ratio" | "flag" if exposure is not None and exposure.against is not None:
            return f"({rows} / {exposure.of:g}) / ({others} / {exposure.against:g})"
        case "maximum":
            return f"{ROWS}.groupby([{by}]).size().max()"
        case "top" | "rank" | "flag" if figure.by:
            return f"{ROWS}.groupby([{by}]).size().sort_values(ascending={figure.lowest})"
    return rows
