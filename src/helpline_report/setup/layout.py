"""Propose a layout for unknown files, as YAML with what was noticed and what isn't certain."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from helpline_report.errors import ParametersError, UserError
from helpline_report.exports.cell_texts import plain
from helpline_report.parameters.project import Project
from helpline_report.parameters.values import is_identifier
from helpline_report.parameters.yaml import TAG
from helpline_report.setup.column_profiles import FREQUENT, OLDEST, ColumnProfile, hints
from helpline_report.setup.file_profiles import profile_file
from helpline_report.setup.proposal import Proposal, propose_tables

UNKNOWN_NUMBERS = ("999", "9999", "99", "-1", "-9", "-99", "888", "777")
# An age that a system may give whoever has none, and how far it then stands out.
HIGHEST, PEAK = "99", 3


def propose_files(
    project: Project, paths: Sequence[Path], coded: Mapping[str, str]
) -> dict[str, Proposal]:
    """What each of some files gives, by the short name that a layout has for it.

    Raises:
        ExportError: a file can't be read.
        UserError: a report of web analytics, or `coded` names what isn't there.
    """
    twice = [file for file, times in Counter(path.name for path in paths).items() if times > 1]
    if twice:
        raise UserError(f"two files are named '{twice[0]}': a layout tells them by their names")
    files = [profile_file(path) for path in paths]
    return _by_id(propose_tables(files, project.codelists(), coded))


def layout_text(proposals: Mapping[str, Proposal], name: str | None, year: str = "") -> str:
    """A layout of some files as YAML, without the `year` in their names.

    No text of a row stands in it but labels of coded columns that at least `FREQUENT` rows share,
    or that are words of the code lists.
    """
    return render_template(
        "layout.yaml.j2",
        name=name,
        proposals=proposals,
        names={name: without_year(each.file.name, year) for name, each in proposals.items()},
        frequent=FREQUENT,
        age_column=_age_column,
    )


def without_year(file: str, year: str) -> str:
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
    environment.filters |= {
        "scalar": scalar,
        "quoted": lambda text: json.dumps(text, ensure_ascii=False),
    }
    return environment.get_template(template).render(values)


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


def scalar(text: str) -> str:
    """A text as YAML writes it, in quotes where it needs them."""
    written: str = yaml.safe_dump([text], default_flow_style=True, allow_unicode=True, width=10_000)
    return written.strip()[1:-1]


def _by_id(proposals: Sequence[Proposal]) -> dict[str, Proposal]:
    """Each file under its upper table, with a number where there are several."""
    files: dict[str, Proposal] = {}
    for proposal in proposals:
        top = proposal.tables[0]
        number = 1 + sum(other.tables[0] == top for other in files.values())
        files[f"{top}-{number}" if number > 1 else top] = proposal
    return files


def _age_column(column: ColumnProfile, whose: str) -> str:
    """What a column of ages means, with the question `whose`; no age of anybody stands in it."""
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
    tag, notes = (f"{TAG} ", [whose]) if whose else ("", [])
    parts = [f"{tag}{{field: age, kind: integer, from: 0, to: {OLDEST}"]
    parts.append(f"outside: {TAG} unknown" if outside else "outside: refuse")
    if column.blank:
        parts.append("blank: unknown")
        notes.append(f"{column.blank} blank")
    if outside:
        notes.append(f"{outside} row(s) outside 0 to {OLDEST}: unknown, or refused?")
    if doubted or unknown:
        listed = json.dumps([*doubted, *unknown], ensure_ascii=False)
        parts.append(f"unknown: {TAG} {listed}" if doubted else f"unknown: {listed}")
    if doubted:
        notes.append(f"do these {'numbers' if doubted == coded else 'texts'} mean unknown?")
    return ", ".join(parts) + "}" + (f"  # {'; '.join(notes)}" if notes else "")
