"""Charts of this project's own: each draws a tidy frame onto matplotlib axes.

A notebook imports one and gives it to `chapter.chart`, in the place of a kind:

    from plots import lines
    chapter.chart(monthly, lines)

See docs/charts.md.
"""

import seaborn as sns


def lines(df, ax):
    """Draw a line a year over the codes of a field, in their order."""
    sns.lineplot(df, x="short", y="value", hue="year", sort=False, linewidth=2.5, ax=ax)
    ax.set_ylim(0)
    ax.grid(axis="y")
