"""Files of text: one table of what is refused, and one of what is read, mended and counted."""

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark import ParameterSet

from helpline_report.exports.export_files import LARGEST, Export, read_export
from helpline_report.parameters.row_layouts import RowFile
from tests.exports.conftest import codes, list_shown, mended, messages, texts

Read = Callable[..., Export]
LAYOUT = ("nr", "day", "channel")
HEADER = "nr;day;channel\n"
CAFE = HEADER + "1;02/03/2017;Café\n"
ROWS = "C1;02/03/2017;x\nC2;03/03/2017;y\n"
C3 = "C3;02/03/2017;x\n"
BOTH: dict[str, Any] = {"encodings": ["utf-8", "windows-1252"]}
FOOTER: dict[str, Any] = {"footer": ["Source: .*", r"(?P<rows>\S+) rows"]}
LATIN = CAFE.encode("windows-1252")


def refused(
    place: str, content: str | bytes, *, all_rows: bool = False, **changes: Any
) -> ParameterSet:
    """A file, and the code and place of each problem with it, after the name of the case.

    With `all_rows` the problem costs no row, so that a key that is missing there is missing.
    """
    name, _, places = place.rpartition(": ")
    return pytest.param(content, places.split(", "), all_rows, changes, id=name)


REFUSED = [
    refused("cut UTF-16: B02 2", b"\xff\xfe" + CAFE.encode("utf-16-le")[:-1]),
    refused("half a pair: B02 1", b"\xff\xfen\0\x00\xd8r\0" + CAFE.encode("utf-16-le")),
    refused("UTF-16 without a mark: B02 0", CAFE.encode("utf-16-be"), **BOTH),
    refused("Windows-1252: B03 2", LATIN),
    *(
        refused(f"two encodings, {known}: B04 3", LATIN + "2;02/03/2017;Café\n".encode(), **known)
        for known in (BOTH, {})
    ),
    refused("a byte that Windows-1252 lacks: B04 3", LATIN + b"2;02/03/2017;\x81\n", **BOTH),
    refused("a mark before another encoding: B04 2", b"\xef\xbb\xbf" + LATIN, **BOTH),
    refused("mojibake: B05 3 channel", CAFE + "2;02/03/2017;CafÃ©\n", all_rows=True),
    refused("NUL: B06 3", CAFE + "2;\0;x\n"),
    refused("NUL between lines that end in CR: B06 3", (CAFE + "2;\0;x\n").replace("\n", "\r")),
    *(refused(f"nothing {blank!r}: B07 0", blank) for blank in ("", " \r\n", ";;\n;\n", "sep=;\n")),
    refused("a header alone: B07 1", HEADER + ";;\n"),
    refused("headers alone: B07 1", HEADER * 3),
    refused("a workbook: B08 0", b"PK\x03\x04\x14\x00"),
    refused("a page: B08 0", b"\xef\xbb\xbf\r\n  <!DOCTYPE html>"),
    refused("a page in UTF-16: B08 0", "\ufeff<html>".encode("utf-16-le")),
    refused("XML: B08 0", b'<?xml version="1.0"?><Workbook>'),
    refused("JSON: B08 0", b'\n[{"nr": 1}]'),
    *(refused(f"cut at {cut!r}: B09 4", HEADER + ROWS + cut) for cut in ("C", "C3;02/0")),
    refused("cut within quotes: B09 4", HEADER + ROWS + 'C3;"02/0'),
    refused(
        "a footer that says more rows: B10 4", HEADER + ROWS + "3 rows\n", all_rows=True, **FOOTER
    ),
    refused(
        "a footer that says fewer rows: B70 4", HEADER + ROWS + "1 rows\n", all_rows=True, **FOOTER
    ),
    refused("another delimiter: B13 1", (HEADER + ROWS).replace(";", ",")),
    refused("more titles than lines: B15 21", "x\n" * 20 + HEADER + ROWS),
    *(
        refused(f"a row above the header {row!r}: B15 2", f"\n{row}\n{HEADER}{ROWS}")
        for row in ("C9;01/03/2017;z", "C9", "C9;;", "Period;2016;2017")
    ),
    refused("groups: B16 1", f"Contact;;Channel\n{HEADER}{ROWS}"),
    refused("a group twice: B16 1", f"Contact;Contact;Channel\n{HEADER}{ROWS}"),
    refused("names in two rows: B16 1", "nr;day;Soort\n;;channel\n" + ROWS),
    refused("a wrong total: B18 4", HEADER + ROWS + "Totaal;;87654321\n", all_rows=True),
    refused("a total without a number: B18 4", HEADER + ROWS + "Totaal;;\n", all_rows=True),
    *(
        refused(
            f"an unknown footer {text!r}: B19 5",
            f"{HEADER}{ROWS}\n{text}\n",
            all_rows=True,
            **FOOTER,
        )
        for text in ("Printed on 1/1/2018", "Printed;on 1/1/2018", '"a\nb"', "- 1 -")
    ),
    refused(
        "a footer whose number is none: B19 4", HEADER + ROWS + "no rows\n", all_rows=True, **FOOTER
    ),
    refused("a column twice: B20 1 day", "nr;day;channel;Day\n1;02/03/2017;x;03/03/2017\n"),
    refused("another twice: B20 1, B23 1, B23 1", "nr;day;channel;naam;Naam\n1;2/3/2017;x;y;z\n"),
    refused("a column missing: B23 1, B22 1 channel", "nr;day;chanel\n1;02/03/2017;x\n"),
    refused("no header: B22 1", "1;02/03/2017;x\n2;02/03/2017;x\n"),
    refused("a column too many: B23 1", "nr;day;channel;e-mail\n1;02/03/2017;x;secret\n"),
    refused("no name: B23 1", "nr;day;channel;\n1;02/03/2017;x;\n2;03/03/2017;y;secret\n"),
    refused("too long, too short: B25 2, B26 3", f"{HEADER}C1;02/03/2017;x;y\nC2;02/03/2017\n{C3}"),
    refused("blank but for a cell beside: B25 2", f"{HEADER};;;x\n{C3}"),
    refused("short rows: B26 2, B25 3, B26 4", f"{HEADER}C3;a\nC4;b;c;d\nC5\n{ROWS}"),
    refused("wider than any table: B25 2", HEADER + "1;02/03/2017;x;" * 10_000),
    refused("a wrapped row that is too short: B26 2", HEADER + '"C1;02/03/2017"\n' + C3),
    refused("all rows longer: B27 1", HEADER + "1;02/03/2017;x;y\n2;02/03/2017;x;y\n"),
    *(
        refused(f"a newline breaks {row!r}: B28 4", HEADER + ROWS + row + "C4;02/03/2017;x\n")
        for row in ("C3;02/0\n3/2017;x\n", "C\n3;02/03/2017;x\n", "C3;02/03/2017;\nx\n")
    ),
    refused("the rest of the row above: B28 3", HEADER + ROWS + "y\nC4;02/03/2017;x\n"),
    refused("a stray quote: B30 3", f'{HEADER}{C3}2;02/03/2017;"x\n3;02/03/2017;"x"\n{C3}'),
    refused("a quote within a field: B30 3", f'{HEADER}{C3}2;02/03/2017;x "y" z\n'),
    *(
        refused(f"a quote over {rows!r}: B30 4", HEADER + ROWS + rows)
        for rows in (
            '"C3;02/03/2017;x\nC4";02/03/2017;x\n',
            'C3;"02/03/2017;x\nC4;x";y\n',
            '"C3;02/03/2017;x\nC4;02/03/2017;x"\nC5;02/03/2017;x\n',
        )
    ),
    refused("a stray cell under the data: B32 5", HEADER + ROWS + ";;\n;;zzz\n", all_rows=True),
]


@pytest.mark.parametrize(("content", "places", "all_rows", "changes"), REFUSED)
def test_a_faulty_text_is_refused_with_its_place(
    read: Read,
    content: str | bytes,
    places: list[str],
    all_rows: bool,  # noqa: FBT001 - a case of the table
    changes: Mapping[str, object],
) -> None:
    """Each by its code and its place; no message holds what stands in a cell."""
    export = read(content, **changes)
    assert (codes(export), export.whole) == (places, all_rows)
    # Without its zeros UTF-16 reads as Latin-1, whichever byte is first.
    text = content if isinstance(content, str) else content.decode("latin-1").replace("\0", "")
    assert list_shown(re.split(r'[;,"\r\n]', text), LAYOUT, export) == []


@pytest.mark.parametrize(
    ("head", "names"),
    [("nr;day;channel;naam", ["naam"]), ("nr;day;channel;naam;Naam", ["Naam", "naam", "Naam"])],
    ids=["one", "one that stands twice"],
)
def test_an_unknown_column_is_kept_by_its_name(read: Read, head: str, names: list[str]) -> None:
    """For the private report: no message holds it."""
    export = read(f"{head}\n")
    assert [each.header for each in export.findings.problems if each.header] == names


def test_a_message_says_what_is_wrong_what_was_expected_and_what_to_do(read: Read) -> None:
    """It gives position and shape, the nearest name, and the line to add to the layout."""
    assert messages(read("nr;day;chanel\n1;02/03/2017;x\n")) == [
        "[B23] a.csv:1: the column at position 3 ('aaaaaa') isn't in the layout; expected no other "
        "columns, for one may identify somebody → leave it out of the export, list it in the "
        "layout under 'ignored' with the reason, or make it a field (docs/add-a-field.md)",
        "[B22] a.csv:1, column channel: the column 'channel' is missing, is it the column at "
        "position 3? → export the column; or give its new name in the layout, or "
        "in a copy of it for this year where the year before has the old name",
    ]
    assert messages(read(LATIN)) == [
        "[B03] a.csv:2: byte 31 is not UTF-8 → if the system writes Windows-1252, add this line "
        "to the file in the layout: encodings: [utf-8, windows-1252]"
    ]


def accepted(
    name: str,
    content: str | bytes,
    *rows: str,
    noted: Mapping[str, int] | None = None,
    excluded: Mapping[str, int] | None = None,
    repaired: list[int] | None = None,
    **changes: Any,
) -> ParameterSet:
    """A file, the rows that it holds after their lines, and what is counted."""
    counts = (noted or {}, excluded or {}, {"B71": repaired} if repaired else {})
    return pytest.param(content, rows, counts, changes, id=name)


ONE = "2|1|02/03/2017|Café"
TWO = ("2|C1|02/03/2017|x", "3|C2|03/03/2017|y")
TWO_APART = ("2|C1|02/03/2017|x", "4|C2|03/03/2017|y")
APART = HEADER + "C1;02/03/2017;x\n{}\nC2;03/03/2017;y\n"
ACCEPTED = [
    accepted("a byte order mark", "\ufeff" + CAFE, ONE, noted={"B01": 1}),
    accepted("UTF-16", f"\ufeff{CAFE}".encode("utf-16-be"), ONE, noted={"B02": 1}),
    accepted(
        "quotes and capitals of Windows-1252, which are no UTF-8",
        LATIN + "2;02/03/2017;CAFÉ’S\n".encode("windows-1252"),
        *(ONE, "3|2|02/03/2017|CAFÉ’S"),
        noted={"B03": 1},
        **BOTH,
    ),
    accepted("lines end as Windows ends them", CAFE.replace("\n", "\r\n"), ONE),
    accepted("lines end in CR", CAFE.replace("\n", "\r"), ONE, noted={"B31": 1}),
    accepted("mixed line ends", HEADER.replace("\n", "\r\n") + CAFE[15:], ONE, noted={"B31": 1}),
    accepted(
        "texts that stay texts",
        HEADER + "007;NA;1E05\n; None ;NULL\n01;TRUE;1.0\n1;true;1,0\n",
        *("2|007|NA|1E05", "3|| None |NULL", "4|01|TRUE|1.0", "5|1|true|1,0"),
    ),
    accepted("marks within the file", HEADER + "\ufeff1;a;x\n2;b;y\n", "2|\ufeff1|a|x", "3|2|b|y"),
    accepted("a first line sep=", f"sep=;\n{CAFE}", "3" + ONE[1:], noted={"B14": 1}),
    *(
        accepted(
            f"titles {titles[:20]!r}",
            titles + CAFE,
            f"{titles.count(chr(10)) + 2}{ONE[1:]}",
            noted={"B15": number} if number else {},
        )
        for titles, number in (
            ("Export of contacts;;\n;;\n", 1),
            ("Export\n\nPeriod: 2017\n", 2),
            ('"Export; 2017"\n', 1),
            ("x\n" * 19, 19),
            ("\n;;\n", 0),
        )
    ),
    *(
        accepted(f"again {again!r}", APART.format(again), *TWO_APART, excluded={"B17": 1})
        for again in ("NR;DAY;CHANNEL", '"nr";"day"; channel')
    ),
    accepted("names in some cells", HEADER + "nr;02/03/2017;channel\n", "2|nr|02/03/2017|channel"),
    *(
        accepted(f"a total {total!r}", f"{HEADER}{ROWS}{total}\n", *TWO, excluded={"B18": 1})
        for total in ("Totaal;2", "TOTAL: 2", ";;Somme 2", "Eindtotaal;2;2")
    ),
    accepted(
        "a total below blank rows and a header",
        f"{HEADER}{ROWS}\n{HEADER}{C3}Grand total;;3\n\n;;\n",
        *(*TWO, "6|C3|02/03/2017|x"),
        excluded={"B17": 1, "B18": 1, "B32": 3},
    ),
    *(
        accepted(f"{text!r}", f"{HEADER}{ROWS}{text}\n", *TWO, excluded={"B19": 1}, **FOOTER)
        for text in ("Source: system", "Source: system;;", "2 rows")
    ),
    accepted(
        "names in other capitals and spaces",
        "\u00a0NR ;Day\u200b;channel\n1;02/03/2017;Café\n",
        ONE,
        noted={"B21": 2},
    ),
    accepted("an ignored column", "nr;day;channel;remark\n1;02/03/2017;Café;secret\n", ONE),
    accepted("no name", "nr;day;channel;;\nC1;02/03/2017;x;;\nC2;03/03/2017;y; ;\n", *TWO),
    accepted("another order of columns", "channel;nr;day\nCafé;1;02/03/2017\n", ONE),
    accepted("no newline at the end", CAFE[:-1], ONE),
    accepted(
        "quoted delimiters, newlines and quotes",
        HEADER + '1;02/03/2017;"a;b\nc ""d"""\n2;"";x\n',
        *('2|1|02/03/2017|a;b\nc "d"', "4|2||x"),
    ),
    *(
        accepted(f"blank {blank!r}", APART.format(blank), *TWO_APART, excluded={"B32": 1})
        for blank in ('"";"";""', "  ;\t;", "\u00a0;;", '""', ";;;;;")
    ),
    accepted("a last row that holds its key alone", f"{HEADER}{ROWS}C3;;\n", *TWO, "4|C3||"),
    accepted(
        "keys of letters and digits in any order",
        HEADER + "a3f9;a;x\n09bc;b;x\n7e1d;c;x\nc0de;d;x\ne4e4;;\n",
        *("2|a3f9|a|x", "3|09bc|b|x", "4|7e1d|c|x", "5|c0de|d|x", "6|e4e4||"),
    ),
    *(
        accepted(
            f"a wrapped row and then {after!r}",
            HEADER + f'C1;02/03/2017;x\n"C2;03/03/2017;""y;z"""{after}\n',
            *("2|C1|02/03/2017|x", "3|C2|03/03/2017|y;z"),
            repaired=[3],
        )
        for after in ("", ";;", ";;;;")
    ),
    accepted(
        "a whole file wrapped, with a newline in a field",
        '"nr;day;channel"\n"C1;02/03/2017;""a\nb"""\nC2;03/03/2017;y\n',
        *("2|C1|02/03/2017|a\nb", "4|C2|03/03/2017|y"),
        noted={"B71": 1},
        repaired=[1, 2],
    ),
    accepted("a field that holds delimiters", HEADER + '"C1;a";b;x\n', "2|C1;a|b|x"),
]


@pytest.mark.parametrize(("content", "rows", "counts", "changes"), ACCEPTED)
def test_what_is_accepted_or_mended(
    read: Read,
    content: str | bytes,
    rows: tuple[str, ...],
    counts: tuple[object, ...],
    changes: Mapping[str, object],
) -> None:
    """Texts as they stand with their physical lines; each row that was read is accounted for."""
    export = read(content, **changes)
    assert messages(export) == []
    assert texts(export) == list(rows)
    assert (export.findings.noted, export.findings.excluded, mended(export)) == counts
    assert export.read == len(rows) + export.findings.excluded.total()
    assert export.whole


@pytest.mark.parametrize(
    ("letter", "read_as"),
    [
        *((letter, "windows-1252") for letter in "éïÀ€œ’ž"),
        *((letter, page) for letter in "éïÀ" for page in ("cp850", "cp437", "mac-roman")),
    ],
)
def test_mojibake_is_known_whatever_it_was_read_as(read: Read, letter: str, read_as: str) -> None:
    """B05: the letters of Western Europe, in the code pages of its computers."""
    spoilt = letter.encode().decode(read_as, errors="replace")
    assert codes(read(f"{CAFE}2;02/03/2017;Caf{spoilt}\n")) == ["B05 3 channel"]


def test_rows_that_are_refused_leave_the_others(read: Read) -> None:
    """B26, B28: both lines of a broken row are at fault; a draft leaves out both."""
    export = read(HEADER + "C3;02/0\n3/2017;x\n" + ROWS + "C4;x\n" + C3)
    assert [row[0] for row in texts(export)] == ["4", "5", "7"]
    assert export.findings.faulty == {"B28": [2, 3], "B26": [6]}
    assert not export.whole


def test_of_many_faulty_rows_some_are_told_and_all_are_counted(read: Read) -> None:
    """Messages are made for a thousand; a total row under them is still seen."""
    export = read(HEADER + ROWS + "C3;x\n" * 3_000 + "Totaal: 3.002\n")
    assert export.findings.counted == {"B26": 3_000}
    assert export.findings.excluded == {"B18": 1}
    assert len(messages(export)) == 1_000


def test_a_name_is_one_however_its_accents_are_composed(tmp_path: Path) -> None:
    """B21: in the file, and where the layout names it twice."""
    written, composed = "nume\u0301ro", "num\u00e9ro"
    tables = {
        "contacts": {"key": composed, "columns": {"day": {"field": "date", "kind": "date"}}},
        "persons": {"key": "row", "parent": written},
    }
    head = {"name": "a.csv", "delimiter": ";", "dates": "dd/mm/yyyy", "tables": tables}
    path = tmp_path / "a.csv"
    path.write_text(f"{written};day\n1;02/03/2017\n", encoding="utf-8")
    export = read_export(path, "a.csv", RowFile.model_validate(head))
    assert (messages(export), export.findings.noted) == ([], {"B21": 1})


THERE = "or name another one, under 'sources' of the parameters or in the command"


def test_a_file_that_is_not_there_is_a_problem(tmp_path: Path, layout: RowFile) -> None:
    """B00, B11: no file, no folder, a folder or a pipe in its place, or more than can be."""
    (tmp_path / "y.csv").mkdir()
    os.mkfifo(tmp_path / "z.csv")
    with (tmp_path / "large.csv").open("wb") as file:
        file.truncate(LARGEST + 1)
    names, rest = ("x.csv", "no/x", "y.csv", "z.csv", "large.csv"), f"the export there, {THERE}"
    assert [messages(read_export(tmp_path / name, "a.csv", layout)) for name in names] == [
        [f"[B00] a.csv: there is no such file → put the export there, {THERE}"],
        [f"[B00] a.csv: there is no such folder → put the folder there, {THERE}"],
        *([f"[B00] a.csv: this is no file, but a folder or a device → put {rest}"] for _ in "yz"),
        [
            "[B11] a.csv: the file has 2,147,483,649 bytes; expected 2,147,483,648 at most → "
            "export the period in parts, or look whether this is the export"
        ],
    ]


@pytest.mark.skipif(os.getuid() == 0, reason="the superuser may read every file")
def test_a_file_that_may_not_be_read_is_a_problem(tmp_path: Path, layout: RowFile) -> None:
    path = tmp_path / "x.csv"
    path.write_text(HEADER)
    path.chmod(0)
    assert codes(read_export(path, "a.csv", layout)) == ["B00 0"]
