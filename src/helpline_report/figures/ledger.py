"""The ledger: all that an edition computed and shows, and the cell that each comes from."""

import json
from functools import partial
from pathlib import Path
from typing import Any, Literal

from pydantic import ConfigDict, Field, model_validator

from helpline_report.errors import ParametersError, unread
from helpline_report.figures import ledger_contract
from helpline_report.figures.ledger_contract import CROSSTABS, SERIES
from helpline_report.figures.model import Breakdown, Chart, Figure, ReportTable
from helpline_report.parameters.earlier_reports import OtherYears
from helpline_report.parameters.values import Translated
from helpline_report.parameters.yaml import Closed

RECORD_MIME = "application/vnd.helpline-report.record+json"


class Reference(Closed):
    """What a cell leaves in the page: the name of a chart, a table or another part."""

    kind: Literal[
        "chart",
        "table",
        "highlights",
        "campaigns",
        "quality",
        "missing",
        "breaks",
        "reconciliation",
        "trend",
    ]
    id: str


class Highlights(Closed):
    """Headline figures, each beside the same figure of the year before where there is one."""

    id: str
    figures: tuple[str, ...]


class CampaignEffects(Closed):
    """The figures of one campaign: its window, for all contacts and for its target group.

    It is compared with the days before and after it, and (`relative`) with the same window of the
    comparison year, each in proportion to the rest of its year.
    """

    campaign: str
    contacts: str
    before: str
    after: str
    relative: str
    target: str | None = None
    target_before: str | None = None
    target_after: str | None = None
    target_relative: str | None = None


class Campaigns(Closed):
    """The effects of each campaign of the parameters."""

    id: str
    effects: tuple[CampaignEffects, ...]


class OutcomeCount(Closed):
    """How many rows have an outcome, by the code of the fault; `faulty` are left out by a draft."""

    model_config = ConfigDict(validate_by_name=True, serialize_by_alias=True)

    # Ledgers are published with the keys `fate` and `fates`.
    outcome: Literal["repaired", "excluded", "noted"] = Field(
        validation_alias="fate", serialization_alias="fate"
    )
    code: str
    rows: int | None
    faulty: int = 0


class KnownFault(Closed):
    """Something that stops a run unless it is acknowledged, and why it didn't."""

    edition: str
    code: str
    file: str = ""
    rows: int | None = 0
    about: str = ""
    reason: Translated | None = None
    by: str = ""


class CorrectedFor(Closed):
    """How many corrections were made to the exports of an edition for one reason, in words."""

    edition: str
    reason: Translated
    corrections: int | None


class QualityFile(Closed):
    """The row counts of one file, by figure id, and why rows were repaired or excluded.

    `outcomes` counts rows by the code of the fault; `noted` is what touched no row.
    """

    model_config = ConfigDict(validate_by_name=True, serialize_by_alias=True)

    edition: str = ""
    file: str
    read: str
    used: str
    repaired: str
    excluded: str
    outcomes: tuple[OutcomeCount, ...] = Field(
        default=(), validation_alias="fates", serialization_alias="fates"
    )
    noted: tuple[OutcomeCount, ...] = ()


class Quality(Closed):
    """What became of the rows of each file, of the edition and of its comparison.

    `known` are the faults that the parameters acknowledge, `waiting` those that a draft only lists.
    """

    id: str
    files: tuple[QualityFile, ...]
    known: tuple[KnownFault, ...] = ()
    waiting: tuple[KnownFault, ...] = ()
    corrected: tuple[CorrectedFor, ...] = ()


class Missing(Closed):
    """Missing values by field, as figures (shares with their counts)."""

    id: str
    figures: tuple[tuple[str, str], ...]


class SourceFile(Closed):
    """A file that was read: its name (never its folder), content and rows."""

    edition: str
    file: str
    sha256: str
    table: str
    rows: int | None


class LeftOut(Closed):
    """Rows of one file that a draft left out, by the code of their fault."""

    edition: str
    file: str
    code: str
    rows: int


class CellRecord(Closed):
    """One code cell of a chapter: what it computed and what it shows."""

    id: str
    figures: tuple[str, ...] = ()
    shows: tuple[Reference, ...] = ()


class ChapterRecord(Closed):
    """One chapter: its cells that computed or show something, in order."""

    name: str
    cells: tuple[CellRecord, ...]


class Check(Closed):
    """A check of the edition: over how many things it went, and whether all of them passed.

    `of` is None where the number would say something of few people.
    """

    name: str
    passed: bool
    of: int | None


class Protected(Closed):
    """How many counts of people an edition has, and how many are hidden to protect small ones."""

    cells: int
    hidden: int
    threshold: int


class Ledger(Closed):
    """All that an edition's chapters computed. Ids are unique over the edition.

    `trend` holds totals that others printed, with their sources: they are no figures of this
    edition, and nobody counted them. A `draft` may have rows left out (`left_out`): it can't be
    released, whoever signs it. Of the fields and tables in `artefacts` (`2017.hour`) no headline
    speaks: something known makes them look other than they are. `protected` says what was hidden,
    and `merged` into which figure of a wider class another went. `elsewhere` are names that the
    chapters use, of figures and series that a chapter counts which the edition leaves out.
    """

    edition: str
    draft: bool = False
    left_out: tuple[LeftOut, ...] = ()
    figures: dict[str, Figure] = {}
    breakdowns: dict[str, Breakdown] = {}
    charts: dict[str, Chart] = {}
    tables: dict[str, ReportTable] = {}
    highlights: dict[str, Highlights] = {}
    campaigns: dict[str, Campaigns] = {}
    quality: dict[str, Quality] = {}
    missing: dict[str, Missing] = {}
    fields: dict[str, tuple[str, ...]] = {}
    sources: tuple[SourceFile, ...] = ()
    checks: tuple[Check, ...] = ()
    trend: OtherYears | None = None
    overrides: tuple[str, ...] = ()
    artefacts: tuple[str, ...] = ()
    protected: Protected | None = None
    merged: dict[str, str] = {}
    elsewhere: tuple[str, ...] = ()
    chapters: tuple[ChapterRecord, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _read_published(cls, data: Any) -> Any:
        if not isinstance(data, dict) or ledger_contract.KEY not in data:
            return data
        try:
            return _join_breakdowns(ledger_contract.migrate(data, "a ledger"))
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError(f"no breakdowns of a ledger: {error!r}") from None

    def is_artefact(self, item: Figure | Breakdown) -> bool:
        """Whether something known of the exports makes an item look other than it is."""
        names = {
            f"{part.edition}.{name}"
            for spec in filter(None, (item.population, item.of))
            for part in spec.list_nested()
            for name in (part.table, *item.by, *part.fields)
        }
        return not names.isdisjoint(self.artefacts)

    @property
    def rows_left_out(self) -> int:
        """How many rows a draft left out, of the edition and of its comparison."""
        return sum(item.rows for item in self.left_out)

    def origins(self) -> dict[str, tuple[str, str]]:
        """Chapter and cell of every figure."""
        return {
            figure: (chapter.name, cell.id)
            for chapter in self.chapters
            for cell in chapter.cells
            for figure in cell.figures
        }

    @property
    def references(self) -> list[Reference]:
        """What the cells of all chapters show, in their order."""
        cells = [cell for chapter in self.chapters for cell in chapter.cells]
        return [reference for cell in cells for reference in cell.shows]

    @property
    def multiple(self) -> frozenset[str]:
        """The fields of which a row may have several codes, as far as a series says so."""
        return frozenset(each.by[0] for each in self.breakdowns.values() if each.overlapping)

    @property
    def taken_over(self) -> frozenset[str]:
        """The editions whose rows are gone: their figures are those of a released ledger."""
        return frozenset(item.edition for item in self.sources if item.table == "ledger")

    @property
    def counted_once(self) -> int:
        """How many figures have a value of a chapter's own code, which nobody counts again."""
        figures = self.figures.values()
        return sum(figure.kind == "own" and figure.status == "ok" for figure in figures)

    @property
    def figures_taken_over(self) -> int:
        """How many figures have a value that is of a year whose rows are gone, or rests on it."""
        counted = (f for f in self.figures.values() if f.status == "ok" and f.kind != "own")
        years = ({each.edition for each in (f.population, f.of) if each} for f in counted)
        return sum(not self.taken_over.isdisjoint(each) for each in years)

    def to_json(self) -> str:
        """The ledger as stable JSON, one line a figure or other item, keys in order."""
        dump = partial(json.dumps, ensure_ascii=False, sort_keys=True, allow_nan=False)
        parts = []
        published = _split_breakdowns(self.model_dump(mode="json", exclude_defaults=True))
        published[ledger_contract.KEY] = ledger_contract.VERSION
        for key, value in sorted(published.items()):
            text = dump(value)
            if isinstance(value, dict):
                inner = (f"  {dump(name)}: {dump(item)}" for name, item in sorted(value.items()))
                text = "{\n" + ",\n".join(inner) + "\n}"
            elif isinstance(value, list):
                text = "[\n" + ",\n".join(f"  {dump(item)}" for item in value) + "\n]"
            parts.append(f"{dump(key)}: {text}")
        return "{\n" + ",\n".join(parts) + "\n}\n"


def _split_breakdowns(data: dict[str, Any]) -> dict[str, Any]:
    """The parts of a ledger in the form in which it is published."""
    parts: dict[str, dict[str, Any]] = {"series": {}, "crosstabs": {}}
    for name, item in data.pop("breakdowns", {}).items():
        by, members = item.pop("by"), item.pop("members")
        part, of_fields, of_members, of_codes = SERIES if len(by) == 1 else CROSSTABS
        item |= dict(zip(of_fields, by, strict=True))
        item[of_members] = [
            dict(zip(of_codes, each["codes"], strict=True)) | {"figure": each["figure"]}
            for each in members
        ]
        parts[part][name] = {"unit": "count"} | item if part == "series" else item
    for chart in data.get("charts", {}).values():
        if name := chart.pop("breakdown", None):
            chart["crosstab" if name in parts["crosstabs"] else "series"] = name
    for table in data.get("tables", {}).values():
        if names := table.pop("breakdowns", None):
            crossed = names[0] in parts["crosstabs"]
            table.update({"crosstab": names[0]} if crossed else {"series": names})
    return data | {part: items for part, items in parts.items() if items}


def _join_breakdowns(data: dict[str, Any]) -> dict[str, Any]:
    """The parts of a ledger from the form in which it is published."""
    breakdowns = dict[str, Any]()
    for part, of_fields, of_members, of_codes in (SERIES, CROSSTABS):
        for name, item in data.get(part, {}).items():
            others = {key: item[key] for key in item.keys() - {*of_fields, of_members}}
            members = [
                {"codes": [each[key] for key in of_codes], "figure": each["figure"]}
                for each in item[of_members]
            ]
            by = [item[key] for key in of_fields]
            breakdowns[name] = others | {"by": by, "members": members}
    charts, tables = (
        {name: dict(item) for name, item in data.get(kind, {}).items()}
        for kind in ("charts", "tables")
    )
    for chart in charts.values():
        if name := chart.pop("series", None) or chart.pop("crosstab", None):
            chart["breakdown"] = name
    for table in tables.values():
        crosstab = table.pop("crosstab", None)
        table["breakdowns"] = [crosstab] if crosstab else table.pop("series", ())
    others = {key: data[key] for key in data.keys() - {"series", "crosstabs"}}
    return others | {"breakdowns": breakdowns, "charts": charts, "tables": tables}


def read_ledger(path: Path, where: str, next_step: str) -> Ledger:
    """The released ledger of an edition; `where` is its name in messages.

    Raises:
        ParametersError: there is none, it isn't one, or its version isn't known here.
        MachineError: it can't be read.
    """
    try:
        data = json.loads(path.read_bytes())
        ledger = ledger_contract.migrate(data, where)
        return Ledger.model_validate(ledger | {ledger_contract.KEY: ledger_contract.VERSION})
    except (FileNotFoundError, NotADirectoryError):
        what = "there is no such ledger"
    except OSError as error:
        raise unread(error, where, what="the ledger") from None
    except ValueError:
        what = "is no ledger of this version"
    raise ParametersError(what, where=where, next_step=next_step)


def write_ledger_schema() -> str:
    """The JSON Schema of a released ledger, as it is published."""
    return ledger_contract.write_schema(Ledger.model_json_schema(by_alias=True))
