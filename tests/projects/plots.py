"""Charts of a project's own, by functions of many kinds: a drawn project has these beside it."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes


def strokes(df: pd.DataFrame, ax: Axes) -> None:
    """A lying bar a code, with its text."""
    sns.barplot(df, x="value", y="label", hue="year", orient="h", ax=ax)
    ax.figure.set_figheight(  # type: ignore[union-attr]
        max(3, len(df) / 4)
    )


def steps(df: pd.DataFrame, ax: Axes) -> None:
    """A stairway a year."""
    sns.lineplot(df, x="short", y="value", hue="year", drawstyle="steps-mid", ax=ax)


def dots(df: pd.DataFrame, ax: Axes) -> None:
    """A dot a code, with its number beside it."""
    ax.scatter(df["value"], range(len(df)), s=30)
    for at, (value, text) in enumerate(zip(df["value"], df["text"], strict=True)):
        if not np.isnan(value):
            ax.text(value, at, f" {text}")
    ax.figure.set_figheight(  # type: ignore[union-attr]
        max(3, len(df) / 5)
    )


def pie(df: pd.DataFrame, ax: Axes) -> None:
    """A slice a code."""
    values = df["value"].fillna(0)
    if values.sum():
        ax.pie(values, labels=[*df["short"]])
    else:
        ax.text(0, 0, "0")


def words(df: pd.DataFrame, ax: Axes) -> None:
    """Nothing but words."""
    for at, label in enumerate(df["label"]):
        ax.text(0.1, 1 - (at + 1) / (len(df) + 1), label, transform=ax.transAxes)
    ax.set_axis_off()


def area(df: pd.DataFrame, ax: Axes) -> None:
    """A field below a line."""
    values = df["value"].fillna(0)
    ax.fill_between(range(len(df)), values, color="C0")
    ax.set_xticks(range(len(df)), df["short"], rotation=90)


def squares(df: pd.DataFrame, ax: Axes) -> None:
    """A square a pair of codes."""
    table = df.pivot_table(index="row", columns="column", values="value", sort=False, aggfunc="sum")
    sns.heatmap(table, annot=True, fmt=".0f", cbar=False, ax=ax)
    ax.figure.set_figheight(  # type: ignore[union-attr]
        max(4, len(table) / 3)
    )


def pairs(df: pd.DataFrame, ax: Axes) -> None:
    """A dot a pair of codes, as large as its number."""
    columns = {name: at for at, name in enumerate(df["short_column"].unique())}
    rows = {name: at for at, name in enumerate(df["short_row"].unique())}
    ax.scatter(df["short_column"].map(columns), df["short_row"].map(rows), s=df["value"].fillna(0))
    ax.set_xticks(list(columns.values()), list(columns), rotation=90)
    ax.set_yticks(list(rows.values()), list(rows))
    plt.setp(ax.get_yticklabels(), fontsize=8)
