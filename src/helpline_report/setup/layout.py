"""Propose a layout for unknown files, with questions about what isn't certain."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path, PurePosixPath

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from helpline_report.errors import ParametersError, UserError, nearest
from helpline_report.exports.cell_texts import plain
from helpline_report.parameters.codelists import add_age_classes
from helpline_report.parameters.project import Project
from helpline_report.parameters.row_layouts import RowTable
from helpline_report.parameters.values import is_identifier
from helpline_report.parameters.yaml import TAG, make_error, write_scalar
from helpline_report.setup.column_profiles import (
    ALMOST,
    FREQUENT,
    MANY_KEYS,
    OLDEST_AGE,
    ColumnProfile,
    guess_language,
    parse_whole_number,
    profile_column,
    read_hints,
)
from helpline_report.setup.file_profiles import FileProfile, profile_file
from helpline_report.setup.matching import GENERIC, FlagGroup, Match, Matcher, find_siblings

CLEARLY_BETTER = 0.05
TABLES: tuple[RowTable, ...] = ("contacts", "persons", "followups")
UNKNOWN_NUMBERS = (999, 9999, -1, -9, -99, 888, 777)
Profiles = Sequence[ColumnProfile]


@dataclass(frozen=True)
class FileKeys:
    """The columns that link a file: its own `key`, and `parent`, with keys of `parent_file`.

    Each is '' if there is none. `lost` is how many texts of `parent` are no such keys.
    """

    key: str = ""
    parent: str = ""
    parent_file: str = ""
    lost: int = 0


@dataclass(frozen=True)
class Proposal:
    """One file: the tables it feeds, upper ones first, and what each of its columns seems to give.

    `repeated` is the column with keys of contacts whose rows are repeated for each person. `date`
    is the column of dates that seems to hold the day of a contact.
    """

    file: FileProfile
    columns: Profiles
    tables: tuple[RowTable, ...]
    file_keys: FileKeys
    repeated: str
    dates: Profiles
    date: ColumnProfile | None
    time: ColumnProfile | None
    age: ColumnProfile | None
    matches: Mapping[str, Match]
    flags: Sequence[FlagGroup]
    siblings: frozenset[str]

    def ask_whose(self, column: ColumnProfile, table: RowTable) -> str:
        """The question whether a column is of the caller or of the person; '' if it is certain.

        It is if the column's name says so, or if the file is about one of them only.
        """
        match = self.matches.get(column.name)
        if match is not None and match.codelist.field not in self.siblings:
            return ""
        is_doubtful = {"contacts", "persons"} <= set(self.tables)
        caller, victim = column.is_named("caller"), column.is_named("victim")
        if caller != victim:
            is_doubtful = caller == (table == "persons")
        return "of the person reported, or of the caller?" if is_doubtful else ""

    def fields(self) -> set[str]:
        """The tables and fields that it gives."""
        single = {"date": self.date, "hour": self.time, "age_class": self.age}
        fields = {match.codelist.field for match in self.matches.values()}
        fields |= {group.codelist.field for group in self.flags}
        return {*self.tables, *fields, *(name for name, column in single.items() if column)}

    def several(self, table: RowTable) -> dict[str, list[str]]:
        """The fields of a table that several columns give, with these columns."""
        titles: dict[str, list[str]] = {}
        for name, match in self.matches.items():
            if match.codelist.table == table:
                titles.setdefault(match.codelist.field, []).append(name)
        for group in self.flags:
            if group.codelist.field in titles:
                titles[group.codelist.field] += [column.name for column, _ in group.columns]
        return {field: names for field, names in titles.items() if len(names) > 1}

    @property
    def tells_genders(self) -> bool:
        """Whether a label of persons' gender may mean another one than women or men."""
        usual = {"female", "male", *GENERIC}
        return any(
            not meaning.sure or meaning.code not in usual
            for match in self.matches.values()
            for meaning in match.meanings
            if match.codelist.field == "gender"
        )

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
        used = {self.file_keys.key, self.file_keys.parent, self.repeated, *self.matches}
        single = (self.date, self.time, self.age)
        used |= {column.name for column in single if column is not None}
        used |= {column.name for group in self.flags for column, _ in group.columns}
        return [column for column in self.columns if column.name not in used]


def split_coded(texts: Sequence[str]) -> dict[str, str]:
    """Fields by column, of options `COLUMN=FIELD`.

    Raises:
        UserError: one isn't written so.
    """
    fields: dict[str, str] = {}
    for text in texts:
        column, _, field = text.rpartition("=")
        if not (column and field):
            raise UserError(f"--coded {text}: 'COLUMN=FIELD' was expected")
        fields[column] = field
    return fields


def propose_files(
    project: Project, paths: Sequence[Path], coded: Mapping[str, str]
) -> dict[str, Proposal]:
    """What each of some files gives, by its upper table; `coded` are fields that a user gave.

    Raises:
        ExportError: a file can't be read.
        UserError: two files of one name, or `coded` names what isn't there.
    """
    twice = [file for file, times in Counter(path.name for path in paths).items() if times > 1]
    if twice:
        raise UserError(f"two files are named '{twice[0]}': a layout tells them by their names")
    files = [profile_file(path) for path in paths]
    columns = {
        file.name: [profile_column(name, column) for name, column in file.columns.items()]
        for file in files
    }
    codelists = project.codelists()
    # With the classes of ages of the first edition that can be read.
    for name in reversed(project.editions()):
        with suppress(ParametersError):
            codelists = add_age_classes(codelists, project.edition(name))
    names = [column.name for each in columns.values() for column in each]
    fields = sorted(name for name, item in codelists.items() if item.table != "traffic")
    for name, field in coded.items():
        if name not in names:
            raise UserError(f"--coded: no column '{name}'{nearest(name, names)}")
        if field not in fields:
            step = f"the fields are: {', '.join(fields)}"
            raise UserError(f"--coded: no field '{field}'{nearest(field, fields)}", next_step=step)
    language = guess_language([column for each in columns.values() for column in each])
    matcher = Matcher(list(codelists.values()), coded, language)
    keys_by_file = {name: _find_keys(name, columns) for name in columns}
    depths = {name: _count_files_above(name, keys_by_file) for name in keys_by_file}
    proposals: dict[str, Proposal] = {}
    for file in files:
        tables: tuple[RowTable, ...] = (TABLES[min(depths[file.name], 2)],)
        if not any(depths.values()):
            tables = _guess_tables(columns[file.name], matcher)
        # Down to the lowest one with a column that a user says is coded.
        coded_fields = [coded[each.name] for each in columns[file.name] if each.name in coded]
        coded_tables = [codelists[field].table for field in coded_fields]
        lowest = max([tables[-1], *coded_tables], key=TABLES.index)
        tables = TABLES[TABLES.index(tables[0]) : TABLES.index(lowest) + 1]
        number = 1 + sum(other.tables[0] == tables[0] for other in proposals.values())
        file_id = f"{tables[0]}-{number}" if number > 1 else tables[0]
        file_keys = keys_by_file[file.name]
        proposals[file_id] = _propose(file, columns[file.name], tables, file_keys, matcher)
    return proposals


def _propose(
    file: FileProfile,
    columns: Profiles,
    tables: tuple[RowTable, ...],
    file_keys: FileKeys,
    matcher: Matcher,
) -> Proposal:
    """What the columns of a file give, once its tables are known."""
    free = [column for column in columns if column.name not in (file_keys.key, file_keys.parent)]
    age = _find_age_of_persons(free) if "persons" in tables else None
    # Where a file has ages, their classes are made from them.
    fitting = matcher.restrict(tables, without=["age_class"] if age is not None else [])
    matches = fitting.match_columns(free)
    dates = [c for c in free if c.is_dated] if "contacts" in tables else []
    date = max(dates, key=lambda column: column.is_named("date"), default=None)
    may_repeat = "persons" in tables or not file_keys.key
    repeated = _find_repeated_key(free, file, date.name) if date and may_repeat else ""
    has_times = date is not None and date.kind == "date"
    return Proposal(
        file=file,
        columns=columns,
        tables=tables,
        file_keys=file_keys,
        repeated=repeated,
        dates=dates,
        date=date,
        time=next((c for c in free if c.kind == "time"), None) if has_times else None,
        age=age,
        matches=matches,
        flags=fitting.restrict(tables).group_flags(
            [column for column in free if column.name not in matches]
        ),
        siblings=find_siblings(matcher.lists),
    )


def _find_age_of_persons(columns: Profiles) -> ColumnProfile | None:
    """The column of ages of persons: one that is named so, or else one that isn't the caller's."""
    ages = [column for column in columns if column.kind == "age"]
    ages = [each for each in ages if each.is_named("victim") or not each.is_named("caller")]
    return max(ages, key=lambda column: column.is_named("victim"), default=None)


def _find_repeated_key(columns: Profiles, file: FileProfile, date: str) -> str:
    """The column of keys that are repeated with one date each, as for each person; '' if none."""
    for column in columns:
        many = MANY_KEYS * column.rows < len(column.counts) < column.rows
        if column.kind == "key" and many and not column.blank:
            pairs = np.stack([file.columns[column.name].codes, file.columns[date].codes])
            if np.unique(pairs, axis=1).shape[1] == len(column.counts):
                return column.name
    return ""


# How files are linked


def _find_keys(name: str, files: Mapping[str, Profiles]) -> FileKeys:
    """The key of a file, and the column that holds nearly only keys of another file."""
    parent, best = FileKeys(), (0.0, False)
    keys = [(other, key) for other in files if other != name for key in _list_keys(files[other])]
    dated = {other: any(column.is_dated for column in each) for other, each in files.items()}
    for (other, key), column in product(keys, files[name]):
        # If both are keys, the lower file has fewer rows, or no date.
        is_above = (key.rows, dated[other]) > (column.rows, dated[name])
        if column.kind not in ("key", "text", "coded") or (column.is_key and not is_above):
            continue
        share = sum(text in key.counts for text in column.counts) / len(column.counts)
        same_name = plain(column.name) == plain(key.name)
        # Row numbers of two files are the same numbers, and link nothing.
        is_repeated = len(column.counts) > MANY_KEYS * column.rows and not column.is_key
        if all(map(str.isdecimal, column.counts)) and not (same_name or is_repeated):
            continue
        if share >= ALMOST and (share, same_name) > best:
            lost = round(len(column.counts) * (1 - share))
            parent, best = FileKeys("", column.name, other, lost), (share, same_name)
    own_keys = [key.name for key in _list_keys(files[name]) if key.name != parent.parent]
    return replace(parent, key=next(iter(own_keys), ""))


def _list_keys(columns: Profiles) -> list[ColumnProfile]:
    keys = [column for column in columns if column.is_key]
    return sorted(keys, key=lambda column: not column.unique)


def _count_files_above(name: str, keys_by_file: Mapping[str, FileKeys]) -> int:
    depth, above = 0, keys_by_file[name].parent_file
    while above and depth < len(keys_by_file):
        depth, above = depth + 1, keys_by_file[above].parent_file
    return depth


def _guess_tables(columns: Profiles, matcher: Matcher) -> tuple[RowTable, ...]:
    """The tables of a file that isn't linked to another one, by its labels."""
    best: dict[str, defaultdict[str, float]] = {table: defaultdict(float) for table in TABLES}
    for match in matcher.restrict(TABLES).find_matches(columns):
        of_table, name = best[match.codelist.table], match.column.name
        of_table[name] = max(of_table[name], match.by_labels)
    if not any(column.is_dated for column in columns):
        return (max(TABLES, key=lambda table: sum(best[table].values())),)
    contacts, persons, followups = best.values()
    if not (
        any(score > contacts[name] + CLEARLY_BETTER for name, score in persons.items())
        or _find_age_of_persons(columns)
        or matcher.restrict(["persons"]).group_flags(columns)
    ):
        return TABLES[:1]
    strong = any(score > max(contacts[name], persons[name]) for name, score in followups.items())
    return TABLES if strong else TABLES[:2]


# What is written


def write_layout_text(proposals: Mapping[str, Proposal], name: str | None, year: str = "") -> str:
    """A layout of some files as YAML, without the `year` in their names.

    The only texts of rows in it are labels of coded columns that at least `FREQUENT` rows share, or
    that are words of the code lists.
    """
    return render_template(
        "layout.yaml.j2",
        name=name,
        proposals=proposals,
        names={name: remove_year(each.file.name, year) for name, each in proposals.items()},
        frequent=FREQUENT,
        age_column=_write_age_column,
    )


def remove_year(file: str, year: str) -> str:
    """The name of a file without its year, where something is left."""
    path = PurePosixPath(file)
    stem = re.sub(rf"[-_. ]?{year}", "", path.stem) if year else path.stem
    return f"{stem}{path.suffix}" if stem else file


def render_template(template: str, **values: object) -> str:
    """A YAML text from one of the templates of this folder."""
    environment = Environment(  # noqa: S701 - YAML isn't HTML: each text is quoted by a filter
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    quoted = {"quoted": lambda text: json.dumps(text, ensure_ascii=False)}
    environment.filters |= {"scalar": write_scalar, **quoted}
    return environment.get_template(template).render(values)


def _write_age_column(column: ColumnProfile, whose: str) -> str:
    """What a column of ages means, with the question `whose`; it holds nobody's age."""
    ages: Counter[int] = Counter()
    for text, rows in column.counts.items():
        age = parse_whole_number(text)
        if age is not None:
            ages[age] += rows
    beyond = {age: rows for age, rows in ages.items() if not 0 <= age <= OLDEST_AGE}
    coded = [str(age) for age in UNKNOWN_NUMBERS if beyond.get(age, 0) >= FREQUENT]
    texts = [text for text in column.frequent() if parse_whole_number(text) is None]
    unknown = [text for text in texts if plain(text) in read_hints()["unknown"]]
    doubted = [*coded, *(text for text in texts if text not in unknown)]
    outside = sum(rows for age, rows in beyond.items() if str(age) not in coded)
    listed = json.dumps([*doubted, *unknown], ensure_ascii=False)
    parts = {
        f"outside: {TAG} unknown" if outside else "outside: refuse": True,
        "blank: unknown": column.blank,
        f"unknown: {f'{TAG} ' if doubted else ''}{listed}": doubted or unknown,
    }
    notes = {
        whose: whose,
        f"{column.blank} blank": column.blank,
        f"{outside} row(s) outside 0 to {OLDEST_AGE}: unknown, or refused?": outside,
        f"do these {'numbers' if doubted == coded else 'texts'} mean unknown?": doubted,
    }
    written = ", ".join(text for text, holds in parts.items() if holds)
    note = "; ".join(text for text, holds in notes.items() if holds)
    tag = f"{TAG} " if whose else ""
    column_text = f"{tag}{{field: age, kind: integer, from: 0, to: {OLDEST_AGE}, {written}}}"
    return f"{column_text}  # {note}" if note else column_text


def refuse_name(project: Project, name: str) -> None:
    """Refuse a name that a new layout can't have.

    Raises:
        ParametersError: there is one of that name, or the name can't be one.
    """
    if not is_identifier(name):
        raise ParametersError(f"'{name}' can't name a layout: small letters, digits, '-' and '_'")
    path = project.layout_file(name)
    if path.exists():
        raise make_error(ParametersError, "layout_there", project.label(path), name=name)


def write_layout(project: Project, name: str, text: str) -> None:
    """Write a new layout.

    Raises:
        ParametersError: there is one of that name, or the name can't be one.
    """
    refuse_name(project, name)
    path = project.layout_file(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
