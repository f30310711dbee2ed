"""Layouts: what the files, columns and labels of one system's exports mean, read from YAML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Self

from pydantic import model_validator

from helpline_report.errors import ParametersError, nearest
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.row_layouts import RowFile, TableLayout
from helpline_report.parameters.values import Identifier, Text
from helpline_report.parameters.web_layouts import WebFolder
from helpline_report.parameters.yaml import Closed, Document, KeyPath, read_yaml, validate


class Layout(Closed):
    """The exports of one system, by a short name: files of rows, or a folder of web analytics."""

    layout: Identifier
    about: Text
    files: dict[Identifier, RowFile] = {}
    web: WebFolder | None = None

    @model_validator(mode="before")
    @classmethod
    def _no_reports(cls, given: object) -> object:
        if isinstance(given, dict) and "reports" in given:
            raise ValueError(
                "'reports' isn't read any more: write 'web' instead, with 'users' and "
                "'dimensions', and take out what says how files are written; see "
                "docs/web-analytics.md"
            )
        return given

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.files and self.web is None:
            raise ValueError("a layout has 'files' or 'web'")
        return self


def load_layout(path: Path, root: Path | None = None) -> Layout:
    """Read one layout; `root` is the folder that messages show paths from.

    Raises:
        ParametersError: no such file, or one that the schema refuses.
    """
    return _layout(read_yaml(path, root))


def _layout(document: Document) -> Layout:
    layout, stem = validate(Layout, document), document.path.stem
    if layout.layout != stem:
        raise ParametersError(
            f"the file is named '{stem}' and says it is layout '{layout.layout}'",
            where=document.place(("layout",)),
        )
    return layout


def check_codes(path: Path, lists: Mapping[str, CodeList], root: Path | None = None) -> Layout:
    """Read one layout and hold its fields and codes against the code lists.

    Raises:
        ParametersError: with one line for each field or code that no list knows.
    """
    document = read_yaml(path, root)
    layout = _layout(document)
    complaints = [
        f"{document.place(place)}: {complaint}"
        for place, table, field, codes in _coded(layout)
        for complaint in _complaints(lists, table, field, codes)
    ]
    if complaints:
        raise ParametersError("\n".join(complaints))
    return layout


Coded = Iterator[tuple[KeyPath, str, str, list[str]]]


def _coded(layout: Layout) -> Coded:
    """Every place of a layout that names codes: where, of which table and field, which."""
    for file_id, file in layout.files.items():
        for table, part in file.tables.items():
            yield from _coded_rows(part, table, ("files", file_id, "tables", table))
    if layout.web is not None:
        yield from _coded_web(layout.web)


def _coded_rows(part: TableLayout, table: str, at: KeyPath) -> Coded:
    for name, column in part.columns.items():
        if column.kind == "coded":
            yield (*at, "columns", name), table, column.field, column.all_codes()
    for field, flags in part.flags.items():
        yield (*at, "flags", field), table, field, list(flags.columns.values())


def _coded_web(web: WebFolder) -> Coded:
    for name, where in web.properties.items():
        for field, code in where.items():
            yield ("web", "properties", name, field), "traffic", field, [code]
    for field, wanted in web.dimensions.items():
        yield ("web", "dimensions", field), "traffic", field, list(wanted.codes.values())


def _complaints(
    lists: Mapping[str, CodeList], table: str, field: str, codes: list[str]
) -> Iterator[str]:
    known = [name for name, item in lists.items() if item.table == table]
    if field not in known:
        yield f"the table '{table}' has no field '{field}'{nearest(field, known)}"
        return
    order = lists[field].order
    for code in dict.fromkeys(codes):
        if code not in order and not lists[field].open:
            yield f"the field '{field}' has no code '{code}'{nearest(code, order)}"
