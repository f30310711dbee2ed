"""The floor: one plain script reads the same exports and draws each chart of the edition once.

No page, no ledger, no check, no second count: what pandas, scipy and matplotlib take by themselves.
A chart is drawn at one width and saved as one SVG, cut to its content as a notebook does it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from io import StringIO
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from scipy.stats import beta

YEAR, BEFORE = "2017", "2016"
MONTHS = range(1, 13)
REGISTERED = ("contactnames", "gemelde_personen", "gevolggevingen")
AGES = (-1, 5, 11, 17, 29, 44, 59, 120)
SPORT = ("Sport", "Vrije tijd", "Sport en vrije tijd")
# How many days of a year the context of the violence was registered.
DAYS = {YEAR: 365, BEFORE: 184}

Tables = Mapping[str, pd.DataFrame]


def read(data: Path) -> dict[str, pd.DataFrame]:
    """Every export of both years, by year and name, and the totals of other years."""
    tables = {"other-years": pd.read_csv(data / "printed" / "other-years.csv")}
    for year in (YEAR, BEFORE):
        folder = data / "sample" / year
        for name in REGISTERED:
            tables[f"{year}/{name}"] = pd.read_csv(folder / f"{name}.csv", sep=";")
        for path in sorted((folder / "google-analytics").glob("*.csv")):
            tables[f"{year}/{path.stem}"] = _web(path)
        contacts = tables[f"{year}/contactnames"]
        contacts["datum"] = pd.to_datetime(contacts["datum"], format="%d/%m/%Y")
        persons = tables[f"{year}/gemelde_personen"]
        tables[f"{year}/gemelde_personen"] = persons.merge(
            contacts[["contactnummer", "datum", "hoedanigheid"]], on="contactnummer"
        )
    return tables


def _web(path: Path) -> pd.DataFrame:
    """The first block of a web report, without its total."""
    block = path.read_text(encoding="utf-8").split("\n\n")[1]
    table = pd.read_csv(StringIO(block), thousands=".", decimal=",")
    return table[table.iloc[:, 0].notna()]


def page_views(tables: Tables) -> Figure:
    """Page views by month, with the year before."""
    now, before = (tables[f"{y}/paginaweergaven"]["Paginaweergaven"] for y in (YEAR, BEFORE))
    return _beside(list(MONTHS), now.to_numpy(), before.to_numpy(), "paginaweergaven")


def referrers(tables: Tables) -> Figure:
    """The sites that visitors came from."""
    found = tables[f"{YEAR}/verwijzende-sites"]
    return _ranked(found.set_index("Bron")["Gebruikers"], "gebruikers")


def contacts_by_month(tables: Tables) -> Figure:
    """Contacts by month, with the year before."""
    now, before = (
        tables[f"{y}/contactnames"]["datum"].dt.month.value_counts().reindex(MONTHS).to_numpy()
        for y in (YEAR, BEFORE)
    )
    return _beside(list(MONTHS), now, before, "contactnames")


def contacts_by_weekday(tables: Tables) -> Figure:
    """Contacts by day of the week."""
    days = tables[f"{YEAR}/contactnames"]["datum"].dt.day_of_week
    return _columns(days.value_counts().sort_index(), "contactnames")


def contacts_by_hour(tables: Tables) -> Figure:
    """Contacts by day of the week and hour."""
    contacts = tables[f"{YEAR}/contactnames"]
    hours = contacts["tijdstip"].str[:2].rename("uur")
    return _squares(pd.crosstab(contacts["datum"].dt.day_of_week, hours))


def caller_roles(tables: Tables) -> Figure:
    """Contacts by role of the caller."""
    return _ranked(tables[f"{YEAR}/contactnames"]["hoedanigheid"].value_counts(), "contactnames")


def problems(tables: Tables) -> Figure:
    """Persons by problem, with the year before."""
    now, before = (
        tables[f"{y}/gemelde_personen"]["problematiek"].value_counts() for y in (YEAR, BEFORE)
    )
    labels = list(now.index)
    return _beside(labels, now.to_numpy(), before.reindex(labels).to_numpy(), "personen")


def problem_changes(tables: Tables) -> Figure:
    """How many per cent more or fewer persons than the year before, by problem."""
    now, before = (
        tables[f"{y}/gemelde_personen"]["problematiek"].value_counts() for y in (YEAR, BEFORE)
    )
    return _ranked((now / before - 1) * 100, "%")


def problems_by_role(tables: Tables) -> Figure:
    """Persons by role of the caller and problem."""
    persons = tables[f"{YEAR}/gemelde_personen"]
    return _squares(pd.crosstab(persons["hoedanigheid"], persons["problematiek"]))


def problems_by_form(tables: Tables) -> Figure:
    """Persons by problem and form of violence."""
    persons = tables[f"{YEAR}/gemelde_personen"]
    return _squares(pd.crosstab(persons["problematiek"], persons["vorm"]))


def forms(tables: Tables) -> Figure:
    """The share of each form of violence."""
    persons = tables[f"{YEAR}/gemelde_personen"]
    return _ranked(persons["vorm"].value_counts(normalize=True) * 100, "%")


def contexts(tables: Tables) -> Figure:
    """The share of each context of the violence."""
    persons = tables[f"{YEAR}/gemelde_personen"]
    return _ranked(persons["context"].value_counts(normalize=True) * 100, "%")


def ages(tables: Tables) -> Figure:
    """Persons by age."""
    classes = pd.cut(tables[f"{YEAR}/gemelde_personen"]["leeftijd"], AGES)
    return _columns(classes.value_counts(sort=False, dropna=False), "personen")


def followups(tables: Tables) -> Figure:
    """Follow-ups by kind."""
    kinds = tables[f"{YEAR}/gevolggevingen"]["gevolggeving"].fillna("niet ingevuld")
    return _ranked(kinds.value_counts(), "gevolggevingen")


def contacts_by_day(tables: Tables) -> Figure:
    """Contacts of each day of the year."""
    days = pd.date_range(f"{YEAR}-01-01", f"{YEAR}-12-31")
    counted = tables[f"{YEAR}/contactnames"]["datum"].value_counts().reindex(days, fill_value=0)
    figure, axes = plt.subplots(figsize=(9, 3))
    axes.plot(days, counted)
    axes.set_ylabel("contactnames")
    return figure


def sport_and_leisure(tables: Tables) -> Figure:
    """How contacts on sexual violence in sport and leisure changed, each day, with a margin."""
    now, before = (_about_sport(tables, year) for year in (YEAR, BEFORE))
    exposure = DAYS[BEFORE] / DAYS[YEAR]
    low, high = beta.ppf(0.025, now, before + 1), beta.ppf(0.975, now + 1, before)
    ratio, low, high = (exposure * p / (1 - p) for p in (now / (now + before), low, high))
    figure, axes = plt.subplots(figsize=(9, 1.5))
    axes.errorbar([ratio], [0], xerr=[[ratio - low], [high - ratio]], fmt="o")
    axes.axvline(1)
    axes.set_yticks([])
    return figure


def _about_sport(tables: Tables, year: str) -> int:
    persons = tables[f"{year}/gemelde_personen"]
    about = persons[persons["context"].isin(SPORT) & (persons["vorm"] == "Seksueel")]
    return int(about["contactnummer"].nunique())


def contacts_of_years(tables: Tables) -> Figure:
    """Contacts of other years, as printed."""
    return _years(tables, "contacts")


def persons_of_years(tables: Tables) -> Figure:
    """Persons of other years, as printed."""
    return _years(tables, "persons")


def _years(tables: Tables, noun: str) -> Figure:
    found = tables["other-years"].groupby("noun").get_group(noun)
    figure, axes = plt.subplots(figsize=(9, 3.5))
    for standing, group in found.groupby("standing"):
        axes.scatter(group["year"], group["value"], label=standing)
    axes.set_ylim(bottom=0)
    axes.legend()
    return figure


def _beside(labels: list[object], now: np.ndarray, before: np.ndarray, unit: str) -> Figure:
    figure, axes = plt.subplots(figsize=(9, 4))
    places = np.arange(len(labels))
    axes.bar(places - 0.2, before, 0.4, color="0.7", label=BEFORE)
    axes.bar(places + 0.2, now, 0.4, label=YEAR)
    axes.set_xticks(places, [str(label) for label in labels], rotation=30, ha="right")
    axes.set_ylabel(unit)
    axes.legend()
    return figure


def _columns(values: pd.Series, unit: str) -> Figure:
    figure, axes = plt.subplots(figsize=(9, 4))
    axes.bar([str(label) for label in values.index], values)
    axes.set_ylabel(unit)
    return figure


def _ranked(values: pd.Series, unit: str) -> Figure:
    figure, axes = plt.subplots(figsize=(9, 5))
    ranked = values.sort_values()
    bars = axes.barh([str(label) for label in ranked.index], ranked)
    axes.bar_label(bars, fmt="%.0f")
    axes.set_xlabel(unit)
    return figure


def _squares(table: pd.DataFrame) -> Figure:
    figure, axes = plt.subplots(figsize=(9, 5))
    axes.imshow(table, aspect="auto", cmap="Blues")
    axes.set_xticks(range(table.shape[1]), table.columns, rotation=60, ha="right")
    axes.set_yticks(range(table.shape[0]), table.index)
    return figure


Chart = Callable[[Tables], Figure]
# The charts of each chapter that has any.
CHARTS: Mapping[str, tuple[Chart, ...]] = {
    "website": (page_views, referrers),
    "contacts": (contacts_by_month, contacts_by_weekday, contacts_by_hour),
    "callers": (caller_roles,),
    "problems": (
        problems,
        problem_changes,
        problems_by_role,
        problems_by_form,
        forms,
        contexts,
        ages,
    ),
    "followup": (followups,),
    "media": (contacts_by_day, sport_and_leisure),
    "method": (contacts_of_years, persons_of_years),
}


def draw(data: Path, folder: Path) -> None:
    """Read the exports below `data`, and write each chart as an SVG file into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = read(data)
    for charts in CHARTS.values():
        for chart in charts:
            figure = chart(tables)
            figure.savefig(folder / f"{chart.__name__}.svg", bbox_inches="tight")
            plt.close(figure)


if __name__ == "__main__":
    plt.switch_backend("svg")
    draw(Path(sys.argv[1]), Path(sys.argv[2]))
