"""Code lists: the canonical codes of each field, with labels, parents and dates of validity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from helpline_report.errors import ParametersError, nearest
from helpline_report.parameters import yaml
from helpline_report.parameters.row_layouts import DatedCode
from helpline_report.parameters.values import LANGUAGES, Label, Translated

if TYPE_CHECKING:  # an edition names layouts, which name code lists
    from helpline_report.parameters.edition import Edition

CODE_PATTERN = r"^[a-z0-9][a-z0-9_.-]*$"


class Code(DatedCode):
    """One code: its labels, the group it belongs to, and from when until when it exists.

    `missing` is a code that says that nothing is known, `rest` one for all that has no code.

    `never_with` names codes of other fields that it can't stand beside: no row of both tells
    anything of anybody.
    """

    code: str = yaml.match_pattern(CODE_PATTERN, "social_media")
    nl: Label
    en: Label
    parent: str | None = None
    missing: bool = False
    rest: bool = False
    never_with: dict[str, list[str]] = {}

    def label(self, language: str) -> str:
        """The label in `language`, in lower case where it is no name."""
        return self.en if language == "en" else self.nl


class CodeList(yaml.CheckedModel):
    """The codes of one field of one table, and the words that go with the field.

    `where` is the phrase that a condition adds to a population's noun, with `{labels}` in it
    ('via {labels}'); `by` is the phrase of a breakdown ('per kanaal'). If a field isn't
    `sensitive`, others may know that everybody in a group has the same value.
    """

    field: str = yaml.match_pattern(r"^[a-z][a-z0-9_]*$", "caller_role")
    table: Literal["contacts", "persons", "followups", "traffic"]
    name: Translated
    by: Translated
    where: Translated
    codes: list[Code] = []
    groups: list[Code] = []
    open: bool = False
    sensitive: bool = True

    def _complaints(self) -> Iterator[str | tuple[yaml.KeyPath, str]]:
        twice = yaml.find_repeated(code.code for code in (*self.codes, *self.groups))
        if twice:
            yield f"the code '{twice}' twice"
        parents = {code.parent for code in self.codes if code.parent}
        unknown = parents - {group.code for group in self.groups}
        if unknown:
            yield f"the parent '{min(unknown)}' isn't among the groups"
        for language in LANGUAGES:
            words = self.where.in_language(language).split("{labels}")
            if len(words) == 1 or any("{" in word or "}" in word for word in words):
                what = "write '{labels}' where the labels come, as in 'by {labels}'"
                yield ("where", language), what

    @cached_property
    def by_code(self) -> dict[str, Code]:
        """Codes and groups by their code."""
        return {code.code: code for code in (*self.codes, *self.groups)}

    @cached_property
    def order(self) -> list[str]:
        """The codes, without the groups, in the order of the list."""
        return [code.code for code in self.codes]

    def expand(self, code: str) -> list[str]:
        """The codes that `code` stands for: itself, or the members of a group.

        Raises:
            ParametersError: the list doesn't know it.
        """
        if any(group.code == code for group in self.groups):
            return [item.code for item in self.codes if item.parent == code]
        if code in self.by_code or self.open:
            return [code]
        close = nearest(code, list(self.by_code))
        raise ParametersError(f"the field '{self.field}' has no code '{code}'{close}")

    def label(self, code: str, language: str) -> str:
        """The label of a code or group; an open list labels a code by itself."""
        return self.by_code[code].label(language) if code in self.by_code else code


def load_codelists(folder: Path, root: Path | None = None) -> dict[str, CodeList]:
    """Every code list of a folder, by field.

    Raises:
        ParametersError: a list is wrong, or there is none.
    """
    lists = [
        yaml.validate(CodeList, yaml.read_yaml(path, root))
        for path in sorted(folder.glob("*.yaml"))
    ]
    if not lists:
        raise ParametersError("there are no code lists", where=str(folder.name))
    return {item.field: item for item in lists}


def add_age_classes(lists: Mapping[str, CodeList], edition: Edition) -> dict[str, CodeList]:
    """Code lists, and the classes of persons' ages as one: a source may give them for ages."""
    name = Translated(nl="leeftijdsklasse", en="age class")
    ages = edition.person_ages
    codes = [Code(code=item.code, nl=item.label.nl, en=item.label.en) for item in ages]
    codes.append(Code(code="unknown", nl="onbekend", en="unknown", missing=True))
    field = "age_class"
    where = Translated(nl="{labels}", en="{labels}")
    classes = CodeList(field=field, table="persons", name=name, by=name, where=where, codes=codes)
    return {**lists, field: classes}
