"""What unknown files seem to hold: tables, keys, dates, fields, and columns that aren't read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from helpline_report.errors import UserError, nearest
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.row_layouts import RowTable
from helpline_report.setup.flags import FlagGroup, flag_groups
from helpline_report.setup.joined import Joint, joints, repeated_key
from helpline_report.setup.looks import DATE_WORDS, Look, look_at
from helpline_report.setup.matching import Match, fields_of, name_score
from helpline_report.setup.nearness import words
from helpline_report.setup.seen import SeenFile

BETTER = 0.05


@dataclass(frozen=True)
class Proposal:
    """One file: the tables it feeds in their order, and what each of its columns seems to give.

    `repeated` is the key of contacts that stand again for each of their persons.
    """

    seen: SeenFile
    looks: tuple[Look, ...]
    tables: tuple[RowTable, ...]
    joint: Joint
    repeated: str
    date: Look | None
    dates: int
    time: Look | None
    age: Look | None
    matches: Mapping[str, Match]
    flags: tuple[FlagGroup, ...]

    def used(self) -> set[str]:
        """The columns that are read."""
        singles = [look.name for look in (self.date, self.time, self.age) if look is not None]
        flags = [look.name for group in self.flags for look, _ in group.columns]
        joint = [n for n in (self.joint.key, self.joint.parent, self.repeated) if n]
        return {*singles, *flags, *joint, *self.matches}

    def unread(self) -> list[Look]:
        """The others, which a layout must name all the same."""
        return [look for look in self.looks if look.name not in self.used()]


def propose(
    files: Sequence[SeenFile], lists: Mapping[str, CodeList], said: Mapping[str, str]
) -> list[Proposal]:
    """What the files seem to hold; `said` are fields by column, as a user gave them.

    Raises:
        UserError: a column or a field of `said` that isn't there.
    """
    looks = {
        file.name: tuple(look_at(name, column) for name, column in file.columns.items())
        for file in files
    }
    _refuse_unknown(looks, lists, said)
    joined = joints(looks)
    tables = _tables(looks, joined, list(lists.values()), said)
    return [
        _proposal(
            file, looks[file.name], tables[file.name], joined[file.name], lists=lists, said=said
        )
        for file in files
    ]


def _refuse_unknown(
    looks: Mapping[str, Sequence[Look]], lists: Mapping[str, CodeList], said: Mapping[str, str]
) -> None:
    columns = [look.name for each in looks.values() for look in each]
    fields = [name for name, item in lists.items() if item.table != "traffic"]
    for column, field in said.items():
        if column not in columns:
            raise UserError(f"--coded: no column '{column}'{nearest(column, columns)}")
        if field not in fields:
            raise UserError(
                f"--coded: no field '{field}'{nearest(field, fields)}",
                next_step=f"the fields are: {', '.join(fields)}",
            )


def _tables(
    looks: Mapping[str, Sequence[Look]],
    joined: Mapping[str, Joint],
    lists: Sequence[CodeList],
    said: Mapping[str, str],
) -> dict[str, tuple[RowTable, ...]]:
    """The tables of each file: from the top down, by which file holds keys of which."""
    order: tuple[RowTable, ...] = ("contacts", "persons", "followups")
    depths = {name: _depth(name, joined) for name in looks}
    deepest = max(depths.values())
    found: dict[str, tuple[RowTable, ...]] = {}
    for name, depth in depths.items():
        if depth or deepest:
            found[name] = (order[min(depth, 2)],)
        elif any(look.kind in ("date", "datetime") for look in looks[name]):
            found[name] = _of_one_file(looks[name], lists, said)
        else:
            found[name] = (_likeliest(looks[name], lists, said),)
    return found


def _depth(name: str, joined: Mapping[str, Joint]) -> int:
    """How many files stand above one."""
    depth, above = 0, joined[name].parent_file
    while above and depth < len(joined):
        depth, above = depth + 1, joined[above].parent_file
    return depth


def _of_one_file(
    looks: Sequence[Look], lists: Sequence[CodeList], said: Mapping[str, str]
) -> tuple[RowTable, ...]:
    """The tables of a file that stands alone: contacts, and those whose fields it gives too."""
    scores = {table: _scores(looks, lists, said, table) for table in ("contacts", "persons")}
    better = [
        name
        for name, score in scores["persons"].items()
        if score > scores["contacts"].get(name, 0.0) + BETTER
    ]
    aged = any(look.kind == "age" for look in looks)
    of_persons = [item for item in lists if item.table == "persons"]
    persons = aged or bool(better) or bool(flag_groups(looks, of_persons))
    tables: tuple[RowTable, ...] = ("contacts", "persons") if persons else ("contacts",)
    followups = _scores(looks, lists, said, "followups")
    strong = [n for n, s in followups.items() if s > max(x.get(n, 0.0) for x in scores.values())]
    return (*tables, "followups") if strong and persons else tables


def _scores(
    looks: Sequence[Look], lists: Sequence[CodeList], said: Mapping[str, str], table: str
) -> dict[str, float]:
    """How well the labels of each column go with a field of a table; its name isn't counted."""
    of_table = [item for item in lists if item.table == table]
    found = fields_of(looks, of_table, said)
    return {
        name: match.score - 0.3 * name_score(name, match.codelist) for name, match in found.items()
    }


def _likeliest(
    looks: Sequence[Look], lists: Sequence[CodeList], said: Mapping[str, str]
) -> RowTable:
    tables: tuple[RowTable, ...] = ("contacts", "persons", "followups")
    return max(tables, key=lambda table: sum(_scores(looks, lists, said, table).values()))


def _proposal(
    file: SeenFile,
    looks: tuple[Look, ...],
    tables: tuple[RowTable, ...],
    joint: Joint,
    *,
    lists: Mapping[str, CodeList],
    said: Mapping[str, str],
) -> Proposal:
    free = [look for look in looks if look.name not in (joint.key, joint.parent)]
    fields = [item for item in lists.values() if item.table in tables]
    matches = fields_of(free, fields, said)
    left = [
        item for item in fields if item.field not in {m.codelist.field for m in matches.values()}
    ]
    dates = [look for look in free if look.kind in ("date", "datetime")]
    contacts = "contacts" in tables
    date = max(dates, key=_is_date_name) if contacts and dates else None
    alone = date is not None and date.kind == "date"
    both = date is not None and tables[:2] == ("contacts", "persons")
    repeated = repeated_key(free, file.columns, date.name) if both and date is not None else ""
    return Proposal(
        seen=file,
        looks=looks,
        tables=tables,
        joint=joint,
        repeated=repeated,
        date=date,
        dates=len(dates),
        time=_first(free, "time") if contacts and alone else None,
        age=_first(free, "age") if "persons" in tables else None,
        matches=matches,
        flags=tuple(flag_groups([x for x in free if x.name not in matches], left)),
    )


def _is_date_name(look: Look) -> bool:
    return bool(set(words(look.name)) & set(DATE_WORDS))


def _first(looks: Sequence[Look], kind: str) -> Look | None:
    return next((look for look in looks if look.kind == kind), None)
