"""A layout for unknown files, as YAML with what was seen and what isn't certain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from helpline_report.errors import ParametersError, UserError
from helpline_report.parameters.project import Project
from helpline_report.parameters.row_layouts import RowFile
from helpline_report.parameters.values import is_identifier
from helpline_report.parameters.yaml import TAG, count_undecided
from helpline_report.setup.field_lines import (
    INDENT,
    age_line,
    coded_lines,
    flags_lines,
    quoted,
    scalar,
)
from helpline_report.setup.looks import SERIAL, Look
from helpline_report.setup.proposal import Proposal, propose
from helpline_report.setup.seen import see
from helpline_report.setup.writing import Written


def layout_text(
    project: Project, paths: Sequence[Path], name: str | None, said: Mapping[str, str]
) -> str:
    """A layout of some files as YAML; the same files give the same text.

    No text of a row stands in it but labels of coded columns that at least `FREQUENT` rows share,
    or that are words of the code lists.

    Raises:
        ExportError: a file can't be read.
        UserError: a report of web analytics, or `said` names what isn't there.
    """
    names = [path.name for path in paths]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise UserError(f"two files are named '{twice[0]}': a layout tells them by their names")
    files = [see(path) for path in paths]
    proposals = propose(files, project.codelists(), said)
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


def count_questions(text: str) -> int:
    """How many values of a layout are to decide."""
    return count_undecided(text)


def _lines(proposals: Sequence[Proposal], name: str | None) -> Iterator[str]:
    names = ", ".join(proposal.seen.name for proposal in proposals)
    yield f"# A layout proposed for {names}."
    yield f"# What is tagged {TAG} isn't certain, or is yours to decide: mend what stands behind"
    yield "# it, and take the tag away. Nothing is read before all are decided."
    yield (
        f"layout: {name}" if name else f"layout: {TAG} new  # as its file: params/layouts/new.yaml"
    )
    yield f'about: {TAG} ""  # which system writes these files, and what is a row of each?'
    yield "files:"
    ids: list[str] = []
    for proposal in proposals:
        first = proposal.tables[0]
        again = sum(identifier.split("-")[0] == first for identifier in ids)
        ids.append(f"{first}-{again + 1}" if again else first)
        note = f"  # {TAG} a second file of {first}: one layout reads one" if again else ""
        yield f"{INDENT}{ids[-1]}:{note}"
        yield from (INDENT * 2 + line for line in _file(proposal))


def _file(proposal: Proposal) -> Iterator[str]:
    seen = proposal.seen
    yield f"# {seen.rows} rows. {'; '.join(seen.remarks)}."
    yield f"name: {scalar(seen.name)}"
    if seen.encoding != "utf-8":
        yield f"encodings: {TAG} [utf-8, {seen.encoding}]  # are accents below as they should be?"
    if seen.delimiter is not None:
        yield f"delimiter: {quoted(seen.delimiter)}"
    elif RowFile.model_fields["delimiter"].is_required():
        yield 'delimiter: ";"  # of no matter in a workbook'
    if seen.sheets > 1:
        yield f'sheet: {TAG} ""  # of {seen.sheets} sheets with data, sheet {seen.sheet} was read'
    if seen.footers:
        counted, shapes = (
            any(f.rows for f in seen.footers),
            ", ".join(f.shape for f in seen.footers),
        )
        pattern = quoted(r"\D*(?P<rows>\d+)\D*") if counted else ""
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
        yield from (f"{INDENT}{scalar(look.name)}: {_reason(look)}" for look in unread)


def _forms(proposal: Proposal) -> Iterator[str]:
    """How dates and times are written in the file."""
    if proposal.date is not None and proposal.date.written is not None:
        key = "stamps" if proposal.date.kind == "datetime" else "dates"
        yield _form(key, proposal.date, proposal.date.written)
        if proposal.date.why == SERIAL:
            yield f"serial_dates: {TAG} true  # {SERIAL}: from 1900 (true), or from 1904 (1904)?"
    time = proposal.time
    if time is not None and time.written is not None and time.written.form != "hh:mm":
        yield _form("times", time, time.written)
    if proposal.date is None and "contacts" in proposal.tables:
        yield f'dates: {TAG} ""  # contacts have dates, and no column of dates was found'


def _form(key: str, look: Look, written: Written) -> str:
    wrong = round((1 - written.share) * (look.rows - look.blank))
    odd = f"{wrong} row(s) hold something else" if wrong else ""
    if written.otherwise:
        either = f"every date could be {written.otherwise} as well: which?"
        return f"{key}: {TAG} {written.form}  # {either}" + (f" {odd}" if odd else "")
    return f"{key}: {written.form}" + (f"  # {odd}" if odd else "")


def _table(proposal: Proposal, table: str) -> Iterator[str]:
    yield from _keys(proposal, table)
    columns = _singles(proposal, table)
    columns |= {
        match.look.name: list(coded_lines(match))
        for match in proposal.matches.values()
        if match.codelist.table == table
    }
    if columns:
        yield "columns:"
    for look in proposal.looks:
        yield from (INDENT + line for line in columns.get(look.name, ()))
    groups = [group for group in proposal.flags if group.codelist.table == table]
    if groups:
        yield "flags:"
        for group in groups:
            yield from (INDENT + line for line in flags_lines(group))


def _keys(proposal: Proposal, table: str) -> Iterator[str]:
    joint, first = proposal.joint, table == proposal.tables[0]
    if proposal.repeated and table in ("contacts", "persons"):
        yield from _repeated_keys(proposal, table)
        return
    look = next((look for look in proposal.looks if look.name == joint.key), None)
    if first and look is not None:
        yield f"key: {scalar(joint.key)}  # unique in every row: {look.shapes}"
    elif first:
        yield "key: row  # no column is a key: each row is one"
    else:
        yield "key: row"
    if table == "contacts":
        return
    if not first:
        yield "parent: row"
    elif joint.parent:
        lost = f", but {joint.lost} of them" if joint.lost else ""
        yield f"parent: {scalar(joint.parent)}  # its keys stand in {joint.parent_file}{lost}"
    else:
        yield f'parent: {TAG} ""  # which column holds the key of the table above?'


def _repeated_keys(proposal: Proposal, table: str) -> Iterator[str]:
    """The keys of a file in which a contact stands again for each of its persons."""
    if table == "contacts":
        yield f"key: {scalar(proposal.repeated)}  # it stands again for each person, on one date"
    else:
        yield f"key: {scalar(proposal.joint.key) if proposal.joint.key else 'row'}"
        yield f"parent: {scalar(proposal.repeated)}"


def _singles(proposal: Proposal, table: str) -> dict[str, list[str]]:
    """The lines of columns with a value a row: date, time and age."""
    found: dict[str, list[str]] = {}
    date, time, age = proposal.date, proposal.time, proposal.age
    if table == "contacts" and date is not None:
        several = f"of {proposal.dates} columns of dates: the day of the contact?"
        tag, note = (f"{TAG} ", f"  # {several}") if proposal.dates > 1 else ("", "")
        found[date.name] = [f"{scalar(date.name)}: {tag}{{field: date, kind: {date.kind}}}{note}"]
    if table == "contacts" and time is not None:
        blank, note = (", blank: unknown", f"  # {time.blank} blank") if time.blank else ("", "")
        found[time.name] = [f"{scalar(time.name)}: {{field: hour, kind: time{blank}}}{note}"]
    if table == "persons" and age is not None:
        found[age.name] = [age_line(age)]
    return found


_REASONS = {
    "personal": "it may identify somebody",
    "text": "it may identify somebody",
    "empty": "it is empty",
}


def _reason(look: Look) -> str:
    """Why a column isn't read, for the user to confirm; of its texts the shape alone."""
    reason = _REASONS.get(look.kind, "no figure uses it")
    if look.kind == "empty":
        return f"{TAG} {reason}"
    what = look.why or {
        "text": "free text or names",
        "key": "codes or numbers",
        "flag": "yes and no",
        "coded": "few labels, none like a code list's; of codes, say --coded COLUMN=FIELD",
    }.get(look.kind, f"a column of kind {look.kind}")
    return f"{TAG} {reason}  # {what}: {len(look.counts)} different, {look.shapes}"
