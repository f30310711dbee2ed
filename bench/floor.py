"""The floor: one plain script reads the same exports and draws as many charts as the edition.

No page, no ledger, no check, no second count: what pandas, scipy and seaborn take by themselves.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from scipy.stats import beta

YEARS = ("2017", "2016")
Tables = Mapping[str, pd.DataFrame]


def read(data: Path) -> dict[str, pd.DataFrame]:
    """The registered rows of both years as one table each, and what other years printed."""
    tables = {"years": pd.read_csv(data / "printed" / "other-years.csv")}
    for name in ("contactnames", "gemelde_personen", "gevolggevingen"):
        files = [data / "sample" / year / f"{name}.csv" for year in YEARS]
        parts = [pd.read_csv(file, sep=";").assign(year=file.parent.name) for file in files]
        tables[name] = pd.concat(parts)
    contacts = tables["contactnames"]
    contacts["datum"] = pd.to_datetime(contacts["datum"], format="%d/%m/%Y")
    contacts["maand"] = contacts["datum"].dt.month
    contacts["weekdag"] = contacts["datum"].dt.day_of_week
    contacts["uur"] = contacts["tijdstip"].str[:2]
    roles = contacts[["contactnummer", "hoedanigheid"]]
    persons = tables["gemelde_personen"].merge(roles, on="contactnummer")
    tables["gemelde_personen"] = persons
    problems = persons[["persoonsnummer", "problematiek"]]
    tables["gevolggevingen"] = tables["gevolggevingen"].merge(problems, on="persoonsnummer")
    return tables


def columns(axes: Axes, tables: Tables, table: str, field: str) -> None:
    """Counts by a field, the year before beside them."""
    sns.countplot(tables[table], x=field, hue="year", ax=axes)


def bars(axes: Axes, tables: Tables, table: str, field: str) -> None:
    """Ranked counts of a field."""
    now = tables[table].query("year == '2017'")
    sns.countplot(now, y=field, order=now[field].value_counts().index, ax=axes)


def squares(axes: Axes, tables: Tables, table: str, fields: tuple[str, str]) -> None:
    """Counts by two fields."""
    now = tables[table].query("year == '2017'")
    sns.heatmap(pd.crosstab(now[fields[0]], now[fields[1]]), annot=True, fmt="d", ax=axes)


def days(axes: Axes, tables: Tables) -> None:
    """Contacts of each day."""
    counts = tables["contactnames"].query("year == '2017'").groupby("datum").size()
    sns.lineplot(counts, ax=axes)


def margins(axes: Axes, tables: Tables) -> None:
    """How each problem changed against the year before, with an exact interval."""
    counts = pd.crosstab(
        tables["gemelde_personen"]["problematiek"], tables["gemelde_personen"]["year"]
    )
    now, then = counts["2017"].to_numpy(), counts["2016"].to_numpy()
    low, high = beta.ppf(0.025, now, then + 1), beta.ppf(0.975, now + 1, then)
    ratio, low, high = now / then, low / (1 - low), high / (1 - high)
    axes.errorbar(ratio, counts.index, xerr=[ratio - low, high - ratio], fmt="o")


def years(axes: Axes, tables: Tables, noun: str) -> None:
    """Totals of other years, as printed."""
    printed = tables["years"].groupby("noun").get_group(noun)
    sns.scatterplot(printed, x="year", y="value", hue="standing", ax=axes)


CONTACTS, PERSONS, FOLLOWUPS = "contactnames", "gemelde_personen", "gevolggevingen"
# The charts of each chapter that has any.
CHARTS: Mapping[str, tuple[Callable[..., None], ...]] = {
    "contacts": (
        partial(columns, table=CONTACTS, field="maand"),
        partial(columns, table=CONTACTS, field="weekdag"),
        partial(squares, table=CONTACTS, fields=("weekdag", "uur")),
        partial(bars, table=CONTACTS, field="kanaal"),
    ),
    "callers": (
        partial(bars, table=CONTACTS, field="hoedanigheid"),
        partial(bars, table=CONTACTS, field="leeftijdsklasse"),
    ),
    "problems": (
        partial(bars, table=PERSONS, field="problematiek"),
        partial(squares, table=PERSONS, fields=("hoedanigheid", "problematiek")),
        partial(squares, table=PERSONS, fields=("problematiek", "vorm")),
        partial(bars, table=PERSONS, field="vorm"),
        partial(bars, table=PERSONS, field="context"),
        partial(columns, table=PERSONS, field="geslacht"),
        partial(columns, table=PERSONS, field="leeftijd"),
        partial(squares, table=PERSONS, fields=("leeftijd", "geslacht")),
        margins,
    ),
    "followup": (
        partial(bars, table=FOLLOWUPS, field="gevolggeving"),
        partial(squares, table=FOLLOWUPS, fields=("problematiek", "gevolggeving")),
    ),
    "media": (days,),
    "trend": (partial(years, noun="contacts"), partial(years, noun="persons")),
}


def draw(chapter: str, number: int, tables: Tables) -> None:
    """Draw one chart of a chapter as a figure of its own."""
    CHARTS[chapter][number](plt.subplots(figsize=(9, 4))[1], tables)


if __name__ == "__main__":
    plt.switch_backend("svg")
    exports = read(Path(sys.argv[1]))
    for name, charts in CHARTS.items():
        for place in range(len(charts)):
            draw(name, place, exports)
            plt.savefig(Path(sys.argv[2]) / f"{name}-{place}.svg", bbox_inches="tight")
            plt.close()
