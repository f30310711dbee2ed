"""Write how a population and a figure are counted, as pandas a researcher reads: a line a step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from helpline_report.figures.model import Condition, Figure, PopulationSpec
from helpline_report.parameters.values import Period

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
        others = self._rows(figure.of, "others") if figure.of is not None else ()
        return (*self._rows(figure.population, "rows"), *others, _value(figure))

    def broken_down(self, spec: PopulationSpec, by: Sequence[str]) -> tuple[str, ...]:
        """The steps to the counts of a series or a cross-table."""
        if spec.table not in TABLES:
            return ()
        columns = [f'rows["{field}"]' for field in by]
        several = [field for field in by if field in self._multiple]
        if several:
            counts = [f'rows.filter(like="{field}:").sum()' for field in several]
        elif len(by) == 1:
            counts = [f"{columns[0]}.value_counts()"]
        else:
            counts = [f"pd.crosstab({', '.join(columns)})"]
        return (*self._rows(spec, "rows"), *counts)

    def _rows(self, spec: PopulationSpec, name: str) -> Iterator[str]:
        """The rows of a population, by a name."""
        having = "".join(f".having({self._chosen(lower)})" for lower in spec.having)
        yield f"{name} = {self._table(spec)}{having}.df"
        masks = [] if spec.period in self._periods else [_days(name, spec.period)]
        if spec.without is not None:
            masks.append(f"~{_days(name, spec.without)}")
        masks += [self._mask(condition, name) for condition in spec.conditions]
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

    def _mask(self, condition: Condition, name: str) -> str:
        column, is_number = f'{name}["{condition.field}"]', condition.field in NUMBERS
        codes = condition.given if condition.negated else condition.codes
        if condition.form == "between":
            low, high = (
                end and (str(int(end)) if is_number else f'"{end}"') for end in condition.given
            )
            ends = [f"({column} >= {low})"] if low else []
            ends += [f"({column} <= {high})"] if high else []
            mask = " & ".join(ends)
        elif is_number:
            numbers = ", ".join(str(int(code)) for code in codes if code != UNKNOWN)
            mask = f"{column}.isin([{numbers}])"
            mask = f"({mask} | {column}.isna())" if UNKNOWN in codes else mask
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
    rows, others, by, exposure = "len(rows)", "len(others)", _listed(figure.by), figure.exposure
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
            return f"rows.groupby([{by}], observed=True).size().max()"
        case "top" | "rank" | "flag" if figure.by:
            among = f".loc[[{_listed(figure.among)}]]" if figure.among else ""
            at = (figure.place or 1) - 1
            place = f".iloc[{at}:{at + 1}]" if figure.kind == "top" else ""
            sizes = f"rows.groupby({by}, observed=True).size(){among}"
            return f"{sizes}.sort_values(ascending={figure.lowest}){place}"
    return rows
