"""What was published before: approvals, printed figures, totals of other years."""

import csv
import datetime as dt
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import Field, ValidationError

from helpline_report.errors import ParametersError, nearest
from helpline_report.parameters.edition import Edition, TrendBreak
from helpline_report.parameters.project import Project
from helpline_report.parameters.project_folder import LEDGER, is_approved
from helpline_report.parameters.values import Text, Translated
from helpline_report.parameters.yaml import Closed, match_pattern, read_text, read_yaml, validate


class SignOff(Closed):
    """Somebody's approval of one content; another content needs another one.

    `content` is the SHA-256 of everything that the pages are made from, but this approval. Until
    the day of the `embargo`, that day not counted, nobody makes the edition public.
    """

    status: Literal["provisional", "final"]
    name: Text
    role: Text
    date: dt.date
    embargo: dt.date | None = None
    content: Annotated[
        str, match_pattern(r"^[0-9a-f]{64}$", "9f86d0…0a08, the 64 digits of a SHA-256")
    ]


def find_signoff_file(project: Project, edition: str) -> Path:
    """Where the approval of an edition stands, beside its texts."""
    return project.root / "params" / edition / "sign-off.yaml"


def read_signoff(project: Project, edition: str) -> SignOff | None:
    """The approval of an edition, whichever content it is of; None where nobody approved.

    Raises:
        ParametersError: the file says something else.
    """
    path = find_signoff_file(project, edition)
    return validate(SignOff, read_yaml(path, project.root)) if path.exists() else None


def write_signoff_text(signed: SignOff) -> str:
    """An approval as its file holds it."""
    data = signed.model_dump(mode="python", exclude_none=True)
    head = "# Written by 'helpline-report sign-off'. It holds for this content and for no other.\n"
    return head + yaml.safe_dump(data, allow_unicode=True, sort_keys=False)


COLUMNS = ("year", "noun", "value", "standing", "why_nl", "why_en", "source", "address")


class PrintedYear(Closed):
    """One total of one year as somebody printed it.

    It is `provisional` where the print is a rounding, is derived from another number, or doesn't
    say what it counts; `why` says which.
    """

    id: str
    year: Annotated[int, Field(ge=1900, le=2200)]
    noun: Literal["contacts", "persons"]
    value: Annotated[int, Field(ge=0)]
    standing: Literal["final", "provisional"]
    why: Translated | None = None
    source: Text
    address: str = ""


class OtherYears(Closed):
    """The totals of a trend and its breaks, as an edition shows them."""

    points: tuple[PrintedYear, ...] = ()
    breaks: tuple[TrendBreak, ...] = ()

    def of(self, noun: str) -> Self:
        """The totals of one noun by year, with the breaks that lie among its years."""
        points = sorted((each for each in self.points if each.noun == noun), key=lambda p: p.year)
        years = range(points[0].year, points[-1].year + 1) if points else ()
        within = sorted((e for e in self.breaks if e.date.year in years), key=lambda e: e.date)
        return type(self)(points=tuple(points), breaks=tuple(within))


def read_rows(
    path: Path,
    label: str,
    columns: tuple[str, ...],
    faults: list[str],
    *,
    step: str,
    more: tuple[str, ...] = (),
) -> Iterator[tuple[str, dict[str, str]]]:
    """The place and the cells, by their columns, of each row of comma-separated text in UTF-8.

    Its header is `columns`, behind which `more` may stand. A row of another length is added to
    `faults`. `step` is what to do where there is no such file.

    Raises:
        ParametersError: the file can't be read, or has another header.
    """
    rows = csv.reader(io.StringIO(read_text(path, label, step), newline=""), strict=True)
    try:
        header = tuple(next(rows, []))
        if header not in (columns, (*columns, *more)):
            unknown = [column for column in header if column not in (*columns, *more)]
            what = "a column is missing, stands elsewhere or stands twice"
            if unknown:
                what = f"unknown column '{unknown[0]}'{nearest(unknown[0], list(columns))}"
            expected = f"the header is: {','.join(columns)}"
            raise ParametersError(what, where=f"{label}:1", next_step=expected)
        for cells in rows:
            place = f"{label}:{rows.line_num}"
            if len(cells) == len(header):
                yield place, dict(zip(header, cells, strict=True))
            else:
                faults.append(f"{place}: {len(cells)} cells, and {len(header)} were expected")
    except csv.Error as error:
        raise ParametersError(f"not CSV: {error}", where=f"{label}:{rows.line_num}") from None


def read_other_years(path: Path, label: str) -> tuple[PrintedYear, ...]:
    """The totals of a file, in its order; each has an id of its year, noun and place.

    Raises:
        ParametersError: the file can't be read, or a line of it isn't such a total.
    """
    step = "name the file of totals under 'trend.file', or leave 'trend' out"
    points, places, faults = list[PrintedYear](), Counter[str](), list[str]()
    for place, row in read_rows(path, label, COLUMNS, faults, step=step):
        why = {"nl": row.pop("why_nl"), "en": row.pop("why_en")}
        key = f"{row['noun']}.{row['year']}"
        places[key] += 1
        own = {"id": f"trend.{key}.{places[key]}", "why": why if any(why.values()) else None}
        try:
            points.append(PrintedYear.model_validate({**row, **own}))
        except ValidationError as error:
            first = error.errors()[0]
            faults.append(f"{place}, column {'.'.join(map(str, first['loc']))}: {first['msg']}")
    if faults:
        raise ParametersError("\n".join(faults))
    return tuple(points)


def read_trend(project: Project, edition: Edition) -> OtherYears | None:
    """The totals of other years that the edition shows, with its breaks; None where it names none.

    Raises:
        ParametersError: their file can't be read.
    """
    if edition.trend is None:
        return None
    path = project.resolve(edition.trend.file)
    label = project.label(path)
    points = read_other_years(path, label)
    return OtherYears(points=points, breaks=tuple(edition.trend.breaks)) if points else None


def list_earlier_files(project: Project, edition: Edition) -> tuple[Path, ...]:
    """The files of `printed`, and the ledger of the comparison year if that was approved.

    A draft is nobody's word: its ledger is taken where the parameters name it, and never by itself.
    """
    named = [project.resolve(path) for path in edition.printed]
    folder = project.output / (edition.comparison or "")
    ledger = folder / LEDGER
    if edition.comparison and ledger.is_file() and ledger not in named and is_approved(folder):
        named.append(ledger)
    return tuple(named)
