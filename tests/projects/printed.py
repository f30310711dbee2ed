"""Figures that an earlier report printed: some as they are counted now, and some otherwise."""

import csv
import io
from random import Random

from tests.projects.people import Year

COLUMNS = ("id", "section", "printed", "value", "unit", "population", "claimed", "source")


def draw_printed(random: Random, counts: list[tuple[str, str]], year: Year) -> str:
    """A file of some printed counts, each a figure with what it counts."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for name, noun in random.sample(counts, random.randint(1, len(counts))):
        number = random.randint(1, max(2, len(year.contacts)))
        printed = f"{number:,}".replace(",", ".")
        source = f"het verslag van {year.name}"
        writer.writerow([name, "3.1", printed, number, "count", noun, noun, source])
    return text.getvalue()
