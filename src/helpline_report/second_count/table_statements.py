"""Write the statements that make all tables of the second count, from the texts of the exports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.layouts import Layout
from helpline_report.second_count.parameter_tables import parameter_tables
from helpline_report.second_count.row_tables import (
    KEYS,
    RowSource,
    coded_fields,
    row_sources,
    row_tables,
)
from helpline_report.second_count.web_traffic import traffic_tables


def table_statements(
    editions: Sequence[Edition], layouts: Mapping[str, Layout], lists: Mapping[str, CodeList]
) -> Iterator[str]:
    """What makes all tables from the texts of the exports: the build and an auditor run it."""
    sources = row_sources(editions, layouts)
    yield from parameter_tables(editions, lists, coded_fields(sources))
    yield from row_tables(sources, lists)
    yield from traffic_tables(editions, layouts, lists)
    yield _files_table(sources)


def _files_table(sources: Sequence[RowSource]) -> str:
    """What became of the rows of each file: how many were read, used, repaired and left out.

    How many there are the reading of the file says, in `rows_read` and `web_files`.
    """
    tables = {table for source in sources for table in source.file.tables}
    counts = [
        f"  SELECT edition, '{table}' AS \"table\", 0 AS place,\n"
        "    count(*) FILTER (NOT mended) AS used, count(*) FILTER (mended) AS repaired\n"
        f"  FROM {table} GROUP BY edition"
        for table in KEYS
        if table in tables
    ]
    counts.append(
        "  SELECT edition, 'traffic' AS \"table\", file_place AS place,\n"
        "    count(DISTINCT row_place) FILTER (NOT mended) AS used,\n"
        "    count(DISTINCT row_place) FILTER (mended) AS repaired\n"
        "  FROM traffic GROUP BY edition, file_place"
    )
    union = "\n  UNION ALL\n".join(counts)
    return (
        "CREATE OR REPLACE TABLE files AS\n"
        'SELECT edition, file, "table", rows AS read, coalesce(used, 0) AS used,\n'
        "  coalesce(repaired, 0) AS repaired, rows - coalesce(used + repaired, 0) AS excluded\n"
        "FROM (\n"
        '  SELECT edition, file, "table", 0 AS place, rows FROM rows_read\n'
        "  UNION ALL\n"
        "  SELECT edition, file, 'traffic' AS \"table\", place, rows FROM web_files\n"
        f') LEFT JOIN (\n{union}\n) AS rows_kept USING (edition, "table", place);'
    )
