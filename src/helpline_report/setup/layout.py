"""Propose a layout for unknown files, as YAML with what was noticed and what isn't certain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import yaml

from helpline_report.errors import ParametersError, UserError
from helpline_report.exports.cell_texts import plain, shape
from helpline_report.parameters.project import Project
from helpline_report.parameters.row_layouts import RowFile
from helpline_report.parameters.values import is_identifier
from helpline_report.parameters.yaml import TAG
from helpline_report.setup.column_profiles import (
    FREQUENT,
    OLDEST,
    SERIAL,
    ColumnProfile,
    WrittenForm,
    hints,
)
from helpline_report.setup.file_profiles import profile_file
from helpline_report.setup.matching import (
    NAMED,
    FlagGroup,
    Match,
    Meaning,
    generic_labels,
    name_score,
)
from helpline_report.setup.proposal import Proposal, propose_tables

INDENT = "  "
UNKNOWN_NUMBERS = ("999", "9999", "99", "-1", "-9", "-99", "888", "777")
# An age that a system may give whoever has none, and how far it then stands out.
HIGHEST, PEAK = "99", 3
IDENTIFYING = ("personal", "text")
# What a column that isn't read holds, by its kind.
HOLDS = {
    "text": "free text or names",
    "key": "codes or numbers",
    "flag": "yes and no",
    "coded": "few labels, none like a code list's; of codes, say --coded COLUMN=FIELD",
}


def layout_text(
    project: Project, paths: Sequence[Path], name: str | None, coded: Mapping[str, str]
) -> str:
    """A layout of some files as YAML; the same files give the same text.

    No text of a row stands in it but labels of coded columns that at least `FREQUENT` rows share,
    or that are words of the code lists.

    Raises:
        ExportError: a file can't be read.
        UserError: a report of web analytics, or `coded` names what isn't there.
    """
    twice = [file for file, times in Counter(path.name for path in paths).items() if times > 1]
    if twice:
        raise UserError(f"two files are named '{twice[0]}': a layout tells them by their names")
    files = [profile_file(path) for path in paths]
    proposals = propose_tables(files, project.codelists(), coded)
    return "\n".join(_lines(proposals, name)) + "\n"


def write_layout(project: Project, name: str, text: str) -> None:
    """Write a new layout.

    Raises:
        ParametersError: there is one of that name, or the name can't be one.
    """
    path = project.layout_file(name)
    refuse_name(project, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(text)


def refuse_name(project: Project, name: str) -> None:
    """Find out that a layout can't have this name before files are read.

    Raises:
        ParametersError: there is one of that name, or the name can't be one.
    """
    if not is_identifier(name):
        raise ParametersError(f"'{name}' can't name a layout: small letters, digits, '-' and '_'")
    path = project.layout_file(name)
    if path.exists():
        raise ParametersError(
            f"there is a layout '{name}' already",
            where=path.relative_to(project.root).as_posix(),
            next_step="give another name: --name NAME",
        )


def _lines(proposals: Sequence[Proposal], name: str | None) -> Iterator[str]:
    names = ", ".join(proposal.file.name for proposal in proposals)
    yield f"# A layout proposed for {names}."
    yield f"# What is tagged {TAG} isn't certain, or is yours to decide: mend what stands behind"
    yield "# it, and take the tag away. Nothing is read before all are decided."
    yield (
        f"layout: {name}" if name else f"layout: {TAG} new  # as its file: params/layouts/new.yaml"
    )
    yield f'about: {TAG} ""  # which system writes these files, and what is a row of each?'
    yield "files:"
    numbers: Counter[str] = Counter()
    for proposal in proposals:
        first = proposal.tables[0]
        numbers[first] += 1
        again = numbers[first] > 1
        note = f"  # {TAG} a second file of {first}: one layout reads one" if again else ""
        yield f"{INDENT}{first}{f'-{numbers[first]}' if again else ''}:{note}"
        yield from (INDENT * 2 + line for line in _file(proposal))


def _file(proposal: Proposal) -> Iterator[str]:
    file = proposal.file
    yield f"# {file.rows} rows. {'; '.join(file.remarks)}."
    yield f"name: {scalar(file.name)}"
    if file.encoding != "utf-8":
        yield f"encodings: {TAG} [utf-8, {file.encoding}]  # are accents below as they should be?"
    if file.delimiter is not None:
        yield f"delimiter: {_quoted(file.delimiter)}"
    elif RowFile.model_fields["delimiter"].is_required():
        yield 'delimiter: ";"  # of no matter in a workbook'
    if file.sheets > 1:
        yield f'sheet: {TAG} ""  # of {file.sheets} sheets with data, sheet {file.sheet} was read'
    if file.footers:
        counted = any(footer.rows for footer in file.footers)
        shapes = ", ".join(footer.shape for footer in file.footers)
        pattern = _quoted(r"\D*(?P<rows>\d+)\D*") if counted else ""
        yield f"footer: {TAG} [{pattern}]  # under the data: {shapes}. A pattern of each?"
    yield from _forms(proposal)
    yield "tables:"
    for table in proposal.tables:
        yield f"{INDENT}{table}:"
        yield from (INDENT * 2 + line for line in _table(proposal, table))
    unread = proposal.unread()
    if unread:
        yield "# Columns that aren't read, each with its reason."
        yield "ignored:"
        yield from (f"{INDENT}{scalar(column.name)}: {_reason(column)}" for column in unread)


def _forms(proposal: Proposal) -> Iterator[str]:
    """How dates and times are written in the file."""
    date, time = proposal.date, proposal.time
    if date is not None and date.written is not None:
        yield _form("stamps" if date.kind == "datetime" else "dates", date, date.written)
        if date.why == SERIAL:
            yield f"serial_dates: {TAG} true  # {SERIAL}: from 1900 (true), or from 1904 (1904)?"
    if time is not None and time.written is not None and time.written.form != "hh:mm":
        yield _form("times", time, time.written)
    if date is None and "contacts" in proposal.tables:
        yield f'dates: {TAG} ""  # contacts have dates, and no column of dates was found'


def _form(key: str, column: ColumnProfile, written: WrittenForm) -> str:
    wrong = round((1 - written.share) * (column.rows - column.blank))
    notes = [f"{wrong} row(s) hold something else"] if wrong else []
    tag = ""
    if written.otherwise:
        tag = f"{TAG} "
        notes.insert(0, f"every date could be {written.otherwise} as well: which?")
    return f"{key}: {tag}{written.form}" + (f"  # {' '.join(notes)}" if notes else "")


def _table(proposal: Proposal, table: str) -> Iterator[str]:
    yield from _keys(proposal, table)
    columns = _singles(proposal, table)
    for match in proposal.matches.values():
        if match.codelist.table == table:
            columns[match.column.name] = list(_coded(match))
    if columns:
        yield "columns:"
    for column in proposal.columns:
        yield from (INDENT + line for line in columns.get(column.name, ()))
    groups = [group for group in proposal.flags if group.codelist.table == table]
    if groups:
        yield "flags:"
    for group in groups:
        yield from (INDENT + line for line in _flags(group))


def _keys(proposal: Proposal, table: str) -> Iterator[str]:
    joint, first = proposal.joint, table == proposal.tables[0]
    if proposal.repeated and table == "contacts":
        # A file in which a contact stands again for each of its persons.
        yield f"key: {scalar(proposal.repeated)}  # it stands again for each person, on one date"
        return
    if proposal.repeated and table == "persons":
        yield f"key: {scalar(joint.key or 'row')}"
        yield f"parent: {scalar(proposal.repeated)}"
        return
    key = next((column for column in proposal.columns if column.name == joint.key), None)
    if first and key is not None:
        yield f"key: {scalar(joint.key)}  # unique in every row: {key.shapes}"
    else:
        yield "key: row  # no column is a key: each row is one" if first else "key: row"
    if table == "contacts":
        return
    if not first:
        yield "parent: row"
    elif joint.parent:
        lost = f", but {joint.lost} of them" if joint.lost else ""
        yield f"parent: {scalar(joint.parent)}  # its keys stand in {joint.parent_file}{lost}"
    else:
        yield f'parent: {TAG} ""  # which column holds the key of the table above?'


def _singles(proposal: Proposal, table: str) -> dict[str, list[str]]:
    """The lines of columns with a value a row: date, time and age."""
    lines: dict[str, list[str]] = {}
    date, time, age = proposal.date, proposal.time, proposal.age
    if table == "contacts" and date is not None:
        several = f"of {proposal.dates} columns of dates: the day of the contact?"
        tag, note = (f"{TAG} ", f"  # {several}") if proposal.dates > 1 else ("", "")
        lines[date.name] = [f"{scalar(date.name)}: {tag}{{field: date, kind: {date.kind}}}{note}"]
    if table == "contacts" and time is not None:
        blank, note = (", blank: unknown", f"  # {time.blank} blank") if time.blank else ("", "")
        lines[time.name] = [f"{scalar(time.name)}: {{field: hour, kind: time{blank}}}{note}"]
    if table == "persons" and age is not None:
        lines[age.name] = [_age(age)]
    return lines


def _reason(column: ColumnProfile) -> str:
    """Why a column isn't read, for the user to confirm; of its texts the shape alone."""
    if column.kind == "empty":
        return f"{TAG} it is empty"
    identifying = column.kind in IDENTIFYING
    reason = "it may identify somebody" if identifying else "no figure uses it"
    what = column.why or HOLDS.get(column.kind, f"a column of kind {column.kind}")
    return f"{TAG} {reason}  # {what}: {len(column.counts)} different, {column.shapes}"


def _age(column: ColumnProfile) -> str:
    """The line of a column of ages; no age of anybody stands in it."""
    ages = {text: rows for text, rows in column.counts.items() if text.lstrip("-").isdigit()}
    beyond = {text: rows for text, rows in ages.items() if not 0 <= int(text) <= OLDEST}
    coded = [text for text in UNKNOWN_NUMBERS if beyond.get(text, 0) >= FREQUENT]
    # Far more people are 99 than are of any of the ages below it: then nobody is.
    below = max(ages.get(str(age), 0) for age in range(90, 99))
    coded += [HIGHEST] if ages.get(HIGHEST, 0) >= max(FREQUENT, PEAK * below) else []
    texts = [text for text in column.frequent() if text not in ages]
    unknown = [text for text in texts if plain(text) in hints()["unknown"]]
    doubted = [*coded, *(text for text in texts if text not in unknown)]
    outside = sum(rows for text, rows in beyond.items() if text not in coded)
    parts = [f"field: age, kind: integer, from: 0, to: {OLDEST}", "outside: refuse"]
    notes = []
    if column.blank:
        notes.append(f"{column.blank} blank")
    if outside:
        parts[1] = f"outside: {TAG} unknown"
        notes.append(f"{outside} row(s) outside 0 to {OLDEST}: unknown, or refused?")
    parts += ["blank: unknown"] if column.blank else []
    if doubted or unknown:
        tag = f"{TAG} " if doubted else ""
        parts.append(f"unknown: {tag}[{_listed(*doubted, *unknown)}]")
    if doubted:
        notes.append(f"do these {'numbers' if doubted == coded else 'texts'} mean unknown?")
    note = f"  # {'; '.join(notes)}" if notes else ""
    return f"{scalar(column.name)}: {{{', '.join(parts)}}}{note}"


def _coded(match: Match) -> Iterator[str]:
    """A column of labels; what is only near a label of the code list is to be confirmed."""
    column, field = match.column, match.codelist.field
    yield f"{scalar(column.name)}:"
    telling = [meaning.nearness for meaning in match.meanings if meaning.code]
    sure = name_score(column.name, match.codelist) >= NAMED
    sure = sure or (bool(telling) and sum(telling) >= NAMED * len(match.meanings))
    doubt = f"  # {len(telling)} of {len(match.meanings)} labels are like its codes"
    yield f"{INDENT}field: {field}" if sure else f"{INDENT}field: {TAG} {field}{doubt}"
    if column.separator:
        yield f"{INDENT}separator: {_quoted(column.separator)}  # several labels in a cell"
    elif column.blank:
        yield f"{INDENT}blank: {TAG} {_missing(match)}  # {column.blank} blank: which code?"
    public = _public_meanings(match)
    if not public:
        yield f"{INDENT}codes: {TAG} {{}}  # no label is in {FREQUENT} rows: which do you know?"
        return
    yield f"{INDENT}codes:"
    for meaning in public:
        rows = column.counts[meaning.label]
        yield f"{INDENT * 2}{scalar(meaning.label)}: {_code(meaning, f'{rows} rows: which code?')}"
    hidden = [meaning.label for meaning in match.meanings if meaning not in public]
    if hidden:
        shapes = ", ".join(sorted({shape(label) for label in hidden})[:5])
        yield (
            f"{INDENT * 2}# {len(hidden)} label(s) aren't shown, of fewer than {FREQUENT} rows or "
            f"long: {shapes}"
        )


def _public_meanings(match: Match) -> list[Meaning]:
    """The labels that may be shown: many rows hold them, or the code lists do."""
    frequent = match.column.frequent()
    public = {plain(text) for c in match.codelist.codes for text in (c.nl, c.en, c.code)}
    public |= generic_labels()
    by_label = {meaning.label: meaning for meaning in match.meanings}
    rare = sorted(label for label in by_label if label not in frequent and plain(label) in public)
    return [by_label[label] for label in (*frequent, *rare)]


def _code(meaning: Meaning, question: str) -> str:
    """The code of a label, or a question."""
    if meaning.sure:
        return meaning.code
    if meaning.code:
        return f"{TAG} {meaning.code}  # '{meaning.like}'?"
    return f'{TAG} ""  # {question}'


def _missing(match: Match) -> str:
    """The code that a blank may be: the one of the list for what is missing, if no label is it."""
    known = {meaning.code for meaning in match.meanings}
    missing = [code.code for code in match.codelist.codes if code.missing]
    left = [code for code in missing if code not in known]
    return left[0] if len(left) == 1 else '""'


def _flags(group: FlagGroup) -> Iterator[str]:
    """Yes and no columns of one field, and how they write it."""
    yield f"{group.codelist.field}:"
    yield f'{INDENT}"yes": [{_listed(*group.written(yes=True))}]'
    no = group.written(yes=False)
    if group.blank:
        question = f"{group.blank} blank cells: no? Else they are refused"
        yield f'{INDENT}"no": {TAG} [{_listed(*no, "")}]  # {question}'
    else:
        yield f'{INDENT}"no": [{_listed(*no)}]'
    yield f"{INDENT}columns:"
    for column, meaning in group.columns:
        yield f"{INDENT * 2}{scalar(column.name)}: {_code(meaning, 'which code?')}"


def scalar(text: str) -> str:
    """A text as YAML writes it, in quotes where it needs them."""
    written: str = yaml.safe_dump([text], default_flow_style=True, allow_unicode=True, width=10_000)
    return written.strip()[1:-1]


def _listed(*texts: str) -> str:
    return ", ".join(map(_quoted, texts))


def _quoted(text: str) -> str:
    """A text in double quotes, as YAML reads it."""
    for character, escape in (("\\", "\\\\"), ('"', '\\"'), ("\t", "\\t"), ("\n", "\\n")):
        text = text.replace(character, escape)
    return f'"{text}"'
