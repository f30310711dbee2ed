"""Propose what unknown files hold: tables, keys, dates, fields, and columns that aren't read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from helpline_report.errors import UserError, nearest
from helpline_report.exports.cell_texts import plain
from helpline_report.exports.text_tables import TextColumn
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.row_layouts import RowTable
from helpline_report.setup.column_profiles import (
    MANY_KEYS,
    ColumnProfile,
    profile_column,
)
from helpline_report.setup.file_profiles import FileProfile
from helpline_report.setup.matching import (
    BY_NAME,
    FlagGroup,
    Match,
    group_flags,
    match_columns,
    name_score,
)

BETTER = 0.05
ALMOST = 0.95
TABLES: tuple[RowTable, ...] = ("contacts", "persons", "followups")

Columns = Sequence[ColumnProfile]


@dataclass(frozen=True)
class Joint:
    """The key of a file, and of which other file a column of it holds keys; empty where none."""

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
    columns: tuple[ColumnProfile, ...]
    tables: tuple[RowTable, ...]
    joint: Joint
    repeated: str
    date: ColumnProfile | None
    dates: int
    time: ColumnProfile | None
    age: ColumnProfile | None
    matches: Mapping[str, Match]
    flags: tuple[FlagGroup, ...]

    def unread(self) -> list[ColumnProfile]:
        """The columns that aren't read, which a layout must name all the same."""
        singles = [column.name for column in (self.date, self.time, self.age) if column is not None]
        flags = [column.name for group in self.flags for column, _ in group.columns]
        joint = (self.joint.key, self.joint.parent, self.repeated)
        used = {*singles, *flags, *joint, *self.matches}
        return [column for column in self.columns if column.name not in used]


def propose_tables(
    files: Sequence[FileProfile], lists: Mapping[str, CodeList], coded: Mapping[str, str]
) -> list[Proposal]:
    """What the files seem to hold; `coded` are fields by column, as a user gave them.

    Raises:
        UserError: a column or a field of `coded` that isn't there.
    """
    profiles = {
        file.name: tuple(profile_column(name, column) for name, column in file.columns.items())
        for file in files
    }
    _refuse_unknown(profiles, lists, coded)
    return _Proposer(profiles, list(lists.values()), coded).proposals(files)


def _refuse_unknown(
    files: Mapping[str, Columns], lists: Mapping[str, CodeList], coded: Mapping[str, str]
) -> None:
    names = [column.name for each in files.values() for column in each]
    fields = [name for name, item in lists.items() if item.table != "traffic"]
    for name, field in coded.items():
        if name not in names:
            raise UserError(f"--coded: no column '{name}'{nearest(name, names)}")
        if field not in fields:
            raise UserError(
                f"--coded: no field '{field}'{nearest(field, fields)}",
                next_step=f"the fields are: {', '.join(fields)}",
            )


class _Proposer:
    """Sees how files hang together, and which tables and fields each gives."""

    def __init__(
        self, files: Mapping[str, Columns], lists: list[CodeList], coded: Mapping[str, str]
    ) -> None:
        self.files = files
        self.lists = lists
        self.coded = coded
        self.joints = {name: self.joint(name) for name in files}

    def proposals(self, files: Sequence[FileProfile]) -> list[Proposal]:
        """A proposal a file."""
        deepest = max(map(self.depth, self.files))
        return [self.proposal(file, self.tables(file.name, deepest)) for file in files]

    def proposal(self, file: FileProfile, tables: tuple[RowTable, ...]) -> Proposal:
        """What the columns of a file give, once its tables are known."""
        columns, joint = tuple(self.files[file.name]), self.joints[file.name]
        free = [column for column in columns if column.name not in (joint.key, joint.parent)]
        lists = [item for item in self.lists if item.table in tables]
        matches = match_columns(free, lists, self.coded)
        matched = {match.codelist.field for match in matches.values()}
        dates = [c for c in free if _is_dated(c)] if "contacts" in tables else []
        date = max(dates, key=lambda column: column.is_named("date"), default=None)
        both = date is not None and tables[:2] == ("contacts", "persons")
        alone = date is not None and date.kind == "date"
        return Proposal(
            file=file,
            columns=columns,
            tables=tables,
            joint=joint,
            repeated=_repeated_key(free, file.columns, date.name) if date and both else "",
            date=date,
            dates=len(dates),
            time=_first(free, "time") if alone else None,
            age=_first(free, "age") if "persons" in tables else None,
            matches=matches,
            flags=tuple(
                group_flags(
                    [column for column in free if column.name not in matches],
                    [item for item in lists if item.field not in matched],
                )
            ),
        )

    # How files hang together

    def joint(self, name: str) -> Joint:
        """The key of a file, and the column that holds nearly only keys of another one."""
        best, score = Joint(), (0.0, False)
        for other, key, column in self.pairs(name):
            share = sum(text in key.counts for text in column.counts) / len(column.counts)
            same = plain(column.name) == plain(key.name)
            if share >= ALMOST and (share, same) > score:
                lost = round(len(column.counts) * (1 - share))
                best, score = Joint("", column.name, other, lost), (share, same)
        own = [key.name for key in _keys(self.files[name]) if key.name != best.parent]
        return Joint(own[0] if own else "", best.parent, best.parent_file, best.lost)

    def pairs(self, name: str) -> Iterator[tuple[str, ColumnProfile, ColumnProfile]]:
        """Keys of other files, and columns of this one that may hold them."""
        columns = self.files[name]
        dated = any(map(_is_dated, columns))
        for other, theirs in self.files.items():
            for key in _keys(theirs) if other != name else ():
                above = key.rows, any(map(_is_dated, theirs))
                for column in columns:
                    # Where both are keys, the file with fewer rows, or without a date, is below.
                    below = not column.unique or above > (column.rows, dated)
                    if column.kind in ("key", "text", "coded") and column.counts and below:
                        yield other, key, column

    def depth(self, name: str) -> int:
        """How many files stand above one."""
        depth, above = 0, self.joints[name].parent_file
        while above and depth < len(self.joints):
            depth, above = depth + 1, self.joints[above].parent_file
        return depth

    # Which tables a file gives

    def tables(self, name: str, deepest: int) -> tuple[RowTable, ...]:
        """From the top down, by which file holds keys of which; of one alone, by its fields."""
        if deepest:
            return (TABLES[min(self.depth(name), 2)],)
        columns = self.files[name]
        if any(map(_is_dated, columns)):
            return self.of_one_file(columns)
        return (max(TABLES, key=lambda table: sum(self.scores(columns, table).values())),)

    def of_one_file(self, columns: Columns) -> tuple[RowTable, ...]:
        """The tables of a file that stands alone: contacts, and those whose fields it gives too."""
        contacts, persons, followups = (self.scores(columns, table) for table in TABLES)
        better = any(score > contacts.get(name, 0.0) + BETTER for name, score in persons.items())
        aged = any(column.kind == "age" for column in columns)
        of_persons = [item for item in self.lists if item.table == "persons"]
        if not (aged or better or group_flags(columns, of_persons)):
            return ("contacts",)
        strong = any(
            score > max(contacts.get(name, 0.0), persons.get(name, 0.0))
            for name, score in followups.items()
        )
        return TABLES if strong else TABLES[:2]

    def scores(self, columns: Columns, table: str) -> dict[str, float]:
        """How well the labels of each column go with a field of a table; its name isn't counted."""
        lists = [item for item in self.lists if item.table == table]
        return {
            name: match.score - BY_NAME * name_score(name, match.codelist)
            for name, match in match_columns(columns, lists, self.coded).items()
        }


def _is_dated(column: ColumnProfile) -> bool:
    return column.kind in ("date", "datetime")


def _keys(columns: Columns) -> list[ColumnProfile]:
    return [column for column in columns if column.kind == "key" and column.unique]


def _first(columns: Columns, kind: str) -> ColumnProfile | None:
    return next((column for column in columns if column.kind == kind), None)


def _repeated_key(columns: Columns, texts: Mapping[str, TextColumn], date: str) -> str:
    """The column of keys that stand again for each person of a contact, or nothing.

    Many of them, none blank, and on all rows of one key the same date.
    """
    for column in columns:
        many = MANY_KEYS * column.rows < len(column.counts) < column.rows
        if column.kind == "key" and many and not column.blank:
            pairs = np.stack([texts[column.name].codes, texts[date].codes])
            if np.unique(pairs, axis=1).shape[1] == len(column.counts):
                return column.name
    return ""
