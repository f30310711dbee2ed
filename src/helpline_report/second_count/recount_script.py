"""Write the scripts that make all tables: the build runs them, and an auditor in DuckDB's shell.

The columns of web analytics are named by the first reading (`web_export`); their cells are read in
SQL a second time.
"""

from collections.abc import Iterator, Mapping, Sequence

from helpline_report.exports.cell_texts import plain
from helpline_report.exports.decoding import is_named_workbook
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.layouts import Layout, WebFolder
from helpline_report.parameters.web_service import THOUSANDS, Dimension, service, simple
from helpline_report.second_count.row_tables import (
    RowSource,
    list_row_sources,
    name_exports,
    write_parameter_tables,
    write_row_tables,
)
from helpline_report.second_count.sql import Literal, create_table, read_script

SCRIPT = "recount.sql"
WEB_SCRIPT = "recount-web.sql"

# Tables of what layouts take from web analytics, and of the texts of its exports.
WANTED = ("web_users", "web_properties", "web_dimensions", "web_labels")
TEXTS = ("web_files", "web_blocks", "web_cells")


def write_scripts(
    editions: Sequence[Edition], layouts: Mapping[str, Layout], lists: Mapping[str, CodeList]
) -> dict[str, str]:
    """The scripts by their names, as DuckDB's shell runs them; no path of a machine is in them.

    That of website traffic is there only if the editions have exports of it.
    """
    sources = list_row_sources(editions, layouts)
    web = [
        f"{edition.edition}/{source.layout}/"
        for edition in editions
        for source in edition.sources
        if layouts[source.layout].web is not None
    ]
    folders = ", ".join(f"{edition.edition}/" for edition in editions)
    but = f", and of website traffic after {WEB_SCRIPT}" if web else ""
    head = read_script("recount_head.sql", folders=folders, name=SCRIPT, but=but)
    parts = [head, read_script("macros.sql"), _read_rows(sources)]
    parts += _write_register_tables(editions, sources, lists)
    scripts = {SCRIPT: parts}
    if web:
        names = {"rows": SCRIPT, "name": WEB_SCRIPT}
        head = read_script("web_head.sql", folders=", ".join(web), **names)
        traffic = write_traffic_tables(editions, layouts, lists)
        scripts[WEB_SCRIPT] = [head, read_web_csv(editions, layouts), *traffic]
    return {name: "\n\n".join(parts) + "\n" for name, parts in scripts.items()}


def _read_rows(sources: Sequence[RowSource]) -> str:
    """The texts of the files of each layout, as DuckDB reads them itself, and how many rows."""
    files = [
        (source.texts, export.edition.edition, name, table)
        for source, export, table, name in name_exports(sources)
    ]
    paths: dict[str, dict[str, str]] = {source.texts: {} for source in sources}
    workbooks: dict[str, dict[str, str]] = {source.texts: {} for source in sources}
    for texts, edition, name, _ in files:
        path = f"{edition}/{name}"
        paths[texts][edition] = path
        if is_named_workbook(path):
            # DuckDB reads the CSV file that an auditor saves of it.
            workbooks[texts][path] = paths[texts][edition] = f"{path.rpartition('.')[0]}.csv"
    known = {"sources": sources, "paths": paths, "workbooks": workbooks}
    return read_script("read_rows.sql", files=files, **known)


def write_table_statements(
    editions: Sequence[Edition], layouts: Mapping[str, Layout], lists: Mapping[str, CodeList]
) -> Iterator[str]:
    """The statements that make all tables from the texts of the exports."""
    yield from _write_register_tables(editions, list_row_sources(editions, layouts), lists)
    yield from write_traffic_tables(editions, layouts, lists)


def _write_register_tables(
    editions: Sequence[Edition], sources: Sequence[RowSource], lists: Mapping[str, CodeList]
) -> Iterator[str]:
    yield from write_parameter_tables(editions, lists, sources)
    yield from write_row_tables(sources, lists)
    tables = [table for source in sources for table in source.file.tables]
    yield read_script("files.sql", tables=dict.fromkeys(tables))


def write_traffic_tables(
    editions: Sequence[Edition], layouts: Mapping[str, Layout], lists: Mapping[str, CodeList]
) -> Iterator[str]:
    """What layouts want of web analytics, and the table of traffic from the texts of exports."""
    rows: dict[str, list[Sequence[Literal]]] = {name: [] for name in WANTED}
    for name in sorted({source.layout for each in editions for source in each.sources}):
        web = layouts[name].web
        if web is not None:
            for table, row in _list_wanted(web, lists):
                rows[table].append([name, *row])
    for table in WANTED:
        yield create_table(table, rows[table])
    yield read_script("traffic.sql", collapsed=service().collapsed)


def _list_wanted(
    web: WebFolder, lists: Mapping[str, CodeList]
) -> Iterator[tuple[str, Sequence[Literal]]]:
    """The rows of each table, without the name of the layout."""
    for place, metric in enumerate(web.users):
        yield "web_users", [metric, place]
    for property_, codes in web.properties.items():
        yield "web_properties", [property_, codes]
    for name, known in service().dimensions.items():
        field = web.field_of(name)
        grain = known.grain if known.grain != "week" else None
        if grain is not None or field is not None:
            is_open = field is not None and lists[field].open
            row = [name, grain, known.nth, field, is_open, known.only, known.never]
            yield "web_dimensions", row
    for field, wanted in web.dimensions.items():
        alike: dict[str, list[str]] = {}
        for label in wanted.codes:
            alike.setdefault(plain(label), []).append(label)
        for labels in alike.values():
            yield "web_labels", [field, labels[-1], wanted.codes[labels[-1]], labels]


def read_web_csv(editions: Sequence[Edition], layouts: Mapping[str, Layout]) -> str:
    """The texts of web analytics exports as DuckDB reads CSV itself.

    The exports of a source stand in a folder in that of its edition, named after its layout.
    """
    folders = [
        (each.edition, place, source.layout)
        for each in editions
        for place, source in enumerate(each.sources)
        if layouts[source.layout].web is not None
    ]
    names: list[Sequence[Literal]] = [
        [name, expected, at]
        for name, layout in sorted(layouts.items())
        if layout.web is not None
        for at, expected in enumerate(layout.web.names)
    ]
    return read_script(
        "web_files.sql",
        texts=TEXTS,
        web_names=[
            [name, *row]
            for name, layout in sorted(layouts.items())
            if layout.web is not None
            for row in _list_service_names(layout.web)
        ],
        web_languages=[
            [name, THOUSANDS | ({"layout": layout.web.thousands} if layout.web.thousands else {})]
            for name, layout in sorted(layouts.items())
            if layout.web is not None
        ],
        property_words=[*map(simple, service().property)],
        total_words=[*map(simple, service().totals)],
        folders=folders,
        layout_folders=[[edition, layout] for edition, _, layout in folders],
        file_names=names,
    )


def _list_service_names(web: WebFolder) -> Iterator[Sequence[Literal]]:
    """What the service calls each metric and dimension, and what a dimension says of visits."""
    entries = [*service().metrics.items(), *service().dimensions.items()]
    for name, entry in entries:
        titles = {language: [*map(simple, getattr(entry, language))] for language in THOUSANDS}
        titles["layout"] = [*map(simple, web.headers.get(name, ()))]
        if isinstance(entry, Dimension):
            whole = entry.whole or entry.grain is not None
            yield [False, name, whole, entry.personal, entry.kinds, titles]
        else:
            yield [True, name, False, False, entry.kinds, titles]
