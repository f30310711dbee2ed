"""Propose what unknown files hold: tables, keys, dates, fields, and columns that aren't read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from helpline_report.errors import UserError, nearest
from helpline_report.exports.cell_texts import plain
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.row_layouts import RowTable
from helpline_report.setup.column_profiles import (
    ALMOST,
    MANY_KEYS,
    ColumnProfile,
    guess_language,
    profile_column,
)
from helpline_report.setup.file_profiles import FileProfile
from helpline_report.setup.matching import (
    BY_NAME,
    FlagGroup,
    Match,
    find_siblings,
    group_flags,
    match_columns,
    name_score,
)

BETTER = 0.05
TABLES: tuple[RowTable, ...] = ("contacts", "persons", "followups")

Columns = Sequence[ColumnProfile]


@dataclass(frozen=True)
class Joint:
    """The key of a file, and of which other file a column of it holds keys; empty where none.

    `lost` is how many of them aren't keys of that file.
    """

    key: str = ""
    parent: str = ""
    parent_file: str = ""
    lost: int = 0


@dataclass(frozen=True)
class Proposal:
    """One file: the tables it feeds in their order, and what each of its columns seems to give.

    `repeated` is the key of contacts that stand again for each of their persons.
    """

    file: FileProfile
    columns: Columns
    tables: tuple[RowTable, ...]
    joint: Joint
    repeated: str
    date: ColumnProfile | None
    dates: int
    time: ColumnProfile | None
    age: ColumnProfile | None
    matches: Mapping[str, Match]
    flags: Sequence[FlagGroup]
    siblings: frozenset[str]

    def ask_whose(self, column: ColumnProfile, table: RowTable) -> str:
        """The question whether a column is of the caller or of the person; none where it's plain.

        It is plain where the column's name says so, or where the file is about either alone.
        """
        match = self.matches.get(column.name)
        if match is not None and match.codelist.field not in self.siblings:
            return ""
        caller, victim = column.is_named("caller"), column.is_named("victim")
        if caller != victim:
            of_other = caller == (table == "persons")
        else:
            of_other = {"contacts", "persons"} <= set(self.tables)
        return "of the person reported, or of the caller?" if of_other else ""

    def column(self, name: str) -> ColumnProfile:
        """A column by its name."""
        return next(column for column in self.columns if column.name == name)

    def columns_of(self, table: RowTable) -> list[ColumnProfile]:
        """The columns that give a date, a time, an age or a coded field of a table."""
        single = {"contacts": (self.date, self.time), "persons": (self.age,)}.get(table, ())
        names = {column.name for column in single if column is not None}
        names |= {name for name, match in self.matches.items() if match.codelist.table == table}
        return [column for column in self.columns if column.name in names]

    def unread(self) -> list[ColumnProfile]:
        """The columns that aren't read, which a layout must name all the same."""
        used = {self.joint.key, self.joint.parent, self.repeated, *self.matches}
        used |= {column.name for column in (self.date, self.time, self.age) if column is not None}
        used |= {column.name for group in self.flags for column, _ in group.columns}
        return [column for column in self.columns if column.name not in used]


def propose_tables(
    files: Sequence[FileProfile], codelists: Mapping[str, CodeList], coded: Mapping[str, str]
) -> list[Proposal]:
    """What the files seem to hold; `coded` are fields by column, as a user gave them.

    Raises:
        UserError: a column or a field of `coded` that isn't there.
    """
    columns = {
        file.name: [profile_column(name, column) for name, column in file.columns.items()]
        for file in files
    }
    names = [column.name for each in columns.values() for column in each]
    fields = [name for name, item in codelists.items() if item.table != "traffic"]
    for name, field in coded.items():
        if name not in names:
            raise UserError(f"--coded: no column '{name}'{nearest(name, names)}")
        if field not in fields:
            raise UserError(
                f"--coded: no field '{field}'{nearest(field, fields)}",
                next_step=f"the fields are: {', '.join(fields)}",
            )
    lists = list(codelists.values())
    language = guess_language([column for each in columns.values() for column in each])
    siblings = find_siblings(lists)
    joints = {name: _joint(name, columns) for name in columns}
    depths = {name: _depth(name, joints) for name in joints}
    proposals = []
    for file in files:
        tables: tuple[RowTable, ...] = (TABLES[min(depths[file.name], 2)],)
        if not any(depths.values()):
            tables = _tables_alone(columns[file.name], lists, coded)
        fitting = [item for item in lists if item.table in tables]
        proposals.append(
            _proposal(
                file,
                columns[file.name],
                tables,
                joints[file.name],
                fitting,
                coded,
                language,
                siblings,
            )
        )
    return proposals


def _proposal(  # noqa: PLR0917 - what is known of one file
    file: FileProfile,
    columns: Columns,
    tables: tuple[RowTable, ...],
    joint: Joint,
    lists: Sequence[CodeList],
    coded: Mapping[str, str],
    language: str,
    siblings: frozenset[str],
) -> Proposal:
    """What the columns of a file give, once its tables are known."""
    free = [column for column in columns if column.name not in (joint.key, joint.parent)]
    matches = match_columns(free, lists, coded, language)
    matched = {match.codelist.field for match in matches.values()}
    dates = [c for c in free if c.is_dated] if "contacts" in tables else []
    date = max(dates, key=lambda column: column.is_named("date"), default=None)
    repeated = _repeated_key(free, file, date.name) if date and "persons" in tables else ""
    has_times = date is not None and date.kind == "date"
    return Proposal(
        file=file,
        columns=columns,
        tables=tables,
        joint=joint,
        repeated=repeated,
        date=date,
        dates=len(dates),
        time=_first(free, "time") if has_times else None,
        age=_age_of_persons(free) if "persons" in tables else None,
        matches=matches,
        flags=group_flags(
            [column for column in free if column.name not in matches],
            [item for item in lists if item.field not in matched],
            language,
        ),
        siblings=siblings,
    )


def _age_of_persons(columns: Columns) -> ColumnProfile | None:
    """The column of ages that isn't named as the caller's: first one that is named as theirs."""
    ages = [column for column in columns if column.kind == "age"]
    ages = [each for each in ages if each.is_named("victim") or not each.is_named("caller")]
    return max(ages, key=lambda column: column.is_named("victim"), default=None)


def _first(columns: Columns, kind: str) -> ColumnProfile | None:
    return next((column for column in columns if column.kind == kind), None)


def _repeated_key(columns: Columns, file: FileProfile, date: str) -> str:
    """The column of keys that stand again for each person of a contact, or nothing.

    Many of them, none blank, and on all rows of one key the same date.
    """
    for column in columns:
        many = MANY_KEYS * column.rows < len(column.counts) < column.rows
        if column.kind == "key" and many and not column.blank:
            pairs = np.stack([file.columns[column.name].codes, file.columns[date].codes])
            if np.unique(pairs, axis=1).shape[1] == len(column.counts):
                return column.name
    return ""


# How files hang together


def _joint(name: str, files: Mapping[str, Columns]) -> Joint:
    """The key of a file, and the column that holds nearly only keys of another one."""
    best, score = Joint(), (0.0, False)
    keys = [(other, key) for other in files if other != name for key in _keys(files[other])]
    dated = {other: any(column.is_dated for column in each) for other, each in files.items()}
    for (other, key), column in product(keys, files[name]):
        # Where both are keys, the file with fewer rows, or without a date, is below.
        above, below = (key.rows, dated[other]), (column.rows, dated[name])
        if column.kind not in ("key", "text", "coded") or (column.is_key and above <= below):
            continue
        share = sum(text in key.counts for text in column.counts) / len(column.counts)
        alike = share, plain(column.name) == plain(key.name)
        if share >= ALMOST and alike > score:
            lost = round(len(column.counts) * (1 - share))
            best, score = Joint("", column.name, other, lost), alike
    own = [key.name for key in _keys(files[name]) if key.name != best.parent]
    return replace(best, key=own[0] if own else "")


def _keys(columns: Columns) -> list[ColumnProfile]:
    keys = [column for column in columns if column.is_key]
    return sorted(keys, key=lambda column: not column.unique)


def _depth(name: str, joints: Mapping[str, Joint]) -> int:
    """How many files stand above one."""
    depth, above = 0, joints[name].parent_file
    while above and depth < len(joints):
        depth, above = depth + 1, joints[above].parent_file
    return depth


# Which tables a file gives that stands alone


def _tables_alone(
    columns: Columns, lists: Sequence[CodeList], coded: Mapping[str, str]
) -> tuple[RowTable, ...]:
    """Contacts and those whose fields it gives too; without dates the table that fits best."""
    scores = {table: _label_scores(columns, table, lists, coded) for table in TABLES}
    if not any(column.is_dated for column in columns):
        return (max(TABLES, key=lambda table: sum(scores[table].values())),)
    contacts, persons, followups = scores.values()
    better = any(score > contacts.get(name, 0.0) + BETTER for name, score in persons.items())
    of_persons = [item for item in lists if item.table == "persons"]
    if not (better or _age_of_persons(columns) or group_flags(columns, of_persons)):
        return ("contacts",)
    strong = any(
        score > max(contacts.get(name, 0.0), persons.get(name, 0.0))
        for name, score in followups.items()
    )
    return TABLES if strong else TABLES[:2]


def _label_scores(
    columns: Columns, table: str, lists: Sequence[CodeList], coded: Mapping[str, str]
) -> dict[str, float]:
    """How well the labels of each column go with a field of a table; its name isn't counted."""
    of_table = [item for item in lists if item.table == table]
    return {
        name: match.score - BY_NAME * name_score(name, match.codelist)
        for name, match in match_columns(columns, of_table, coded).items()
    }
