"""Files of text: one table of what is refused, and one of what is read, mended and counted."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from helpline_report.exports.export_files import LARGEST, Export, read_export
from helpline_report.parameters.row_layouts import RowFile
from tests.exports.conftest import mended, texts, told

Read = Callable[..., Export]
HEADER = "nr;day;channel\n"
CAFE = HEADER + "1;02/03/2017;Café\n"
ROWS = "C1;02/03/2017;x\nC2;03/03/2017;y\n"
C3 = "C3;02/03/2017;x\n"
BOTH = {"encodings": ["utf-8", "windows-1252"]}
FOOTER = {"footer": ["Source: .*", r"(?P<rows>\S+) rows"]}
UTF_8 = "export the file again as CSV in UTF-8"
RESAVE = "export the file again; don't open and save it in a spreadsheet"
WHOLE = "export the file again, whole"
IGNORE = "leave it out of the export, or list it in the layout under 'ignored' with the reason"
OTHERS = "expected no other columns, for one may identify somebody"
DUE = "expected 3, as in the header"
QUOTES = 'expected quotes around a whole field, and two ("") for one inside it'
LOST = "letters were lost in an earlier conversion"
NO_UTF_16 = f"is no whole character of it → {UTF_8}"
BARE = "the file is UTF-16 without a byte order mark, so it may be read in two ways"
TWO_ROWS = "a header of two rows, or of merged cells; expected one row with a name for each column"
GROUPS = "export without groups of columns and without merged cells"
FIRST = "put the header first, above all rows"
LIMIT = "a newline in a field without quotes: the row goes on in line"
QUOTED = "expected quotes around a field with a newline"
ANOTHER = "a total row with another number than that of the rows above it"
PATTERN = "leave it out of the export, or give its pattern in the layout under 'footer'"


def refused(name: str, content: str | bytes, *messages: str, **changes: object) -> object:
    """A file, and all messages with which it is refused, without its name."""
    return pytest.param(content, messages, changes, id=name)


REFUSED = [
    refused(
        "cut UTF-16",
        b"\xff\xfe" + CAFE.encode("utf-16-le")[:-1],
        f"[B02] :2: the file is UTF-16, and byte 66 {NO_UTF_16}",
    ),
    refused(
        "half a pair of UTF-16",
        b"\xff\xfe" + b"n\0\x00\xd8r\0" + CAFE.encode("utf-16-le"),
        f"[B02] :1: the file is UTF-16, and byte 4 {NO_UTF_16}",
    ),
    *(
        refused(f"bare {name}", CAFE.encode(name), f"[B02] : {BARE} → {UTF_8}", **BOTH)
        for name in ("utf-16-le", "utf-16-be")
    ),
    refused(
        "Windows-1252, with the line to add",
        CAFE.encode("windows-1252"),
        "[B03] :2: byte 31 is not UTF-8 → if the system writes Windows-1252, add this line to the "
        "file in the layout: encodings: [utf-8, windows-1252]",
    ),
    refused(
        "two encodings",
        CAFE.encode("windows-1252") + "2;02/03/2017;Café\n".encode(),
        f"[B04] :3: two encodings in one file: byte 49 is UTF-8, byte 31 (line 2) is not → {UTF_8}",
        **BOTH,
    ),
    *(
        refused(
            f"byte {byte:x}, which Windows-1252 lacks",
            CAFE.encode("windows-1252") + b"2;02/03/2017;" + bytes([byte]) + b"\n",
            f"[B04] :3: byte 46 is neither UTF-8 nor Windows-1252 → {UTF_8}",
            **BOTH,
        )
        for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
    ),
    refused(
        "a mark of UTF-8 before another encoding",
        b"\xef\xbb\xbf" + CAFE.encode("windows-1252"),
        f"[B04] :2: the file says that it is UTF-8, and byte 34 is not → {UTF_8}",
        **BOTH,
    ),
    refused(
        "mojibake",
        CAFE + "2;02/03/2017;CafÃ©\n",
        f"[B05] :3, column channel: {LOST}: 'AaaA?' → export the file again, and open it nowhere "
        "in between",
    ),
    refused("NUL", CAFE + "2;\0;x\n", f"[B06] :3: a NUL byte → {UTF_8}"),
    refused(
        "lines that end in CR alone",
        (CAFE + "2;\0;x\n").replace("\n", "\r"),
        f"[B06] :3: a NUL byte → {UTF_8}",
    ),
    *(
        refused(f"nothing {blank!r}", blank, f"[B07] : the file is empty → {UTF_8}")
        for blank in ("", "\n\n", "   \r\n")
    ),
    *(
        refused(f"delimiters {blank!r}", blank, f"[B07] : the file is empty → {RESAVE}")
        for blank in (";;\n;;\n", ";", '"";""\n', "sep=;\n", "sep=;\n;;\n")
    ),
    refused("a header alone", HEADER + ";;\n", f"[B07] :1: a header and no rows → {RESAVE}"),
    refused("headers alone", HEADER * 3, f"[B07] :1: a header and no rows → {RESAVE}"),
    *(
        refused(kind, start, f"[B08] : the file is {kind}; expected CSV → {UTF_8}")
        for start, kind in (
            (b"PK\x03\x04\x14\x00", "a zip archive, such as a workbook (.xlsx)"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old or encrypted workbook (.xls)"),
            (b"PK\x05\x06\0\0\0\0\0\0", "an empty zip archive"),
            (b"\x1f\x8b\x08\0", "a compressed file (.gz)"),
            (b"%PDF-1.7\n", "a PDF"),
            (b"<HTML><body>", "a web page"),
            (b"\xef\xbb\xbf\r\n  <!DOCTYPE html>", "a web page"),
            (b"\n<table border=1>", "a web page"),
            ("\ufeff<html>".encode("utf-16-le"), "a web page"),
            (b'<?xml version="1.0"?><Workbook>', "an XML document"),
            (b'\n[{"nr": 1}]', "a JSON document"),
            (b'{ "rows": []}', "a JSON document"),
        )
    ),
    *(
        refused(
            f"cut off after {cut!r}",
            HEADER + ROWS + cut,
            f"[B09] :4: the last row is cut off: {cut.count(';') + 1} field(s); {DUE} → {RESAVE}",
        )
        for cut in ("C", "C3", "C3;02/0")
    ),
    refused(
        "cut off within quotes",
        HEADER + ROWS + 'C3;"02/0',
        f"[B09] :4: the file is cut off: its last quote stays open; {QUOTES} → {RESAVE}",
    ),
    refused(
        "a footer that says more rows",
        HEADER + ROWS + "3 rows\n",
        f"[B10] :4: the footer says 3 row(s), and 2 stand above it → {WHOLE}",
        **FOOTER,
    ),
    refused(
        "a footer that says fewer rows",
        HEADER + ROWS + "1 rows\n",
        f"[B70] :4: the footer says 1 row(s), and 2 stand above it → {WHOLE}",
        **FOOTER,
    ),
    refused(
        "another delimiter",
        (HEADER + ROWS).replace(";", ","),
        "[B13] :1: the columns are separated by a comma; expected a semicolon → export with the "
        "delimiter of the layout, or say delimiter: in the layout",
    ),
    refused(
        "more titles than twenty lines",
        "x\n" * 20 + HEADER + ROWS,
        "[B15] :21: the header stands below 20 other rows; expected it within 20 lines → leave out "
        "what stands above the header",
    ),
    *(
        refused(
            f"a row above the header: {row!r}",
            f"\n{row}\n{HEADER}{ROWS}",
            f"[B15] :2: a row above the header, which is no title → {FIRST}",
        )
        for row in ("C9;01/03/2017;z", "C9", "C9;;", "Period;2016;2017")
    ),
    *(
        refused(f"groups {groups!r}", groups + ROWS, f"[B16] :1: {TWO_ROWS} → {GROUPS}")
        for groups in (
            f"Contact;;Channel\n{HEADER}",
            f"Contact;Contact;Channel\n{HEADER}",
            "nr;day;Group\n;;channel\n",
        )
    ),
    refused(
        "a wrong total",
        HEADER + ROWS + "Totaal;;3\n",
        f"[B18] :4: {ANOTHER}; expected 2 → export the file again, whole and without a total row",
    ),
    refused(
        "a total without a number",
        HEADER + ROWS + "Totaal;;\n",
        "[B18] :4: a total row without a number of rows → export the file without it",
    ),
    *(
        refused(
            f"an unknown footer {text!r}",
            f"{HEADER}{ROWS}\n{text}\n",
            f"[B19] :5: a footer that the layout doesn't know → {PATTERN}",
            **FOOTER,
        )
        for text in ("Printed on 1/1/2018", "Printed;on 1/1/2018", '"a\nb"', "- 1 -")
    ),
    refused(
        "a footer whose number is none",
        HEADER + ROWS + "no rows\n",
        "[B19] :4: a footer whose 'rows' is no number → correct its pattern in the layout under "
        "'footer'",
        **FOOTER,
    ),
    refused(
        "a column twice",
        "nr;day;channel;Day\n1;02/03/2017;x;03/03/2017\n",
        "[B20] :1, column day: the column 'day' twice, at positions 2 and 4 → export the file with "
        "each column once",
    ),
    refused(
        "a column that is missing, with the nearest",
        "nr;day;chanel\n1;02/03/2017;x\n",
        "[B23] :1: the column at position 3 ('aaaaaa') isn't in the layout, the nearest is "
        f"'channel'; {OTHERS} → {IGNORE}",
        "[B22] :1, column channel: the column 'channel' is missing, is it the column at position "
        "3? → export the column, or give its new name in the layout",
    ),
    refused(
        "no header",
        "1;02/03/2017;x\n2;02/03/2017;x\n",
        "[B22] :1: no header: none of 3 expected columns stands here; expected nr, day, channel → "
        "export the file with its header, or name its columns in the layout",
    ),
    refused(
        "a column that the layout doesn't list",
        "nr;day;channel;e-mail\n1;02/03/2017;x;secret\n",
        f"[B23] :1: the column at position 4 ('a-aaaa') isn't in the layout; {OTHERS} → {IGNORE}",
    ),
    refused(
        "a column without name that holds something",
        "nr;day;channel;\n1;02/03/2017;x;\n2;03/03/2017;y;secret\n",
        f"[B23] :1: the column at position 4 (blank) isn't in the layout; {OTHERS} → {IGNORE}",
    ),
    refused(
        "rows too long and too short",
        HEADER + "C1;02/03/2017;x;y\nC2;02/03/2017\n" + C3,
        f"[B25] :2: 4 field(s); {DUE} → {RESAVE}",
        f"[B26] :3: 2 field(s); {DUE} → {RESAVE}",
    ),
    refused(
        "short rows that make no row",
        HEADER + "C3;a\nC4;b;c;d\nC5\n" + ROWS,
        f"[B26] :2: 2 field(s); {DUE} → {RESAVE}",
        f"[B25] :3: 4 field(s); {DUE} → {RESAVE}",
        f"[B26] :4: 1 field(s); {DUE} → {RESAVE}",
    ),
    refused(
        "a row wider than any table",
        HEADER + "1;02/03/2017;x;" * 10_000,
        f"[B25] :2: 30001 field(s) in one row; expected 16384 at most → {RESAVE}",
    ),
    refused(
        "a wrapped row that is too short",
        HEADER + '"C1;02/03/2017"\n' + C3,
        f"[B26] :2: 1 field(s); {DUE} → {RESAVE}",
    ),
    refused(
        "all rows one field too long",
        HEADER + "1;02/03/2017;x;y\n2;02/03/2017;x;y\n",
        "[B27] :1: all 2 rows have 4 fields, the header has 3 → export the file with a name for "
        "every column",
    ),
    *(
        refused(
            f"a row that a newline breaks: {row!r}",
            HEADER + ROWS + row + "C4;02/03/2017;x\n",
            f"[B28] :4: {LIMIT} 5; {QUOTED} → {RESAVE}",
        )
        for row in ("C3;02/0\n3/2017;x\n", "C\n3;02/03/2017;x\n", "C3;02/03/2017;\nx\n")
    ),
    refused(
        "a field that is the rest of the row above",
        HEADER + ROWS + "y\n" + "C4;02/03/2017;x\n",
        f"[B28] :3: {LIMIT} 4; {QUOTED} → {RESAVE}",
    ),
    *(
        refused(
            f"a stray quote {row!r}",
            HEADER + "C1;02/03/2017;x\n" + row,
            f"[B30] :3: a quote that doesn't open and close a field; {QUOTES} → {RESAVE}",
        )
        for row in (
            '2;02/03/2017;"x\n3;02/03/2017;"x"\n4;02/03/2017;x\n',
            '2;02/03/2017;x "y" z\n',
        )
    ),
    *(
        refused(
            f"a quote that swallows a row {rows!r}",
            HEADER + ROWS + rows,
            f"[B30] :4: a quote that opens in one row and closes in another; {QUOTES} → {RESAVE}",
        )
        for rows in (
            '"C3;02/03/2017;x\nC4";02/03/2017;x\n',
            'C3;"02/03/2017;x\nC4;x";y\n',
            '"C3;02/03/2017;x\nC4;02/03/2017;x"\nC5;02/03/2017;x\n',
        )
    ),
    refused(
        "a stray cell under the data",
        HEADER + ROWS + ";;\n;;zzz\n",
        "[B32] :5: a stray cell under the data → leave it out of the export",
    ),
]


@pytest.mark.parametrize(("content", "messages", "changes"), REFUSED)
def test_what_is_refused(
    read: Read, content: str | bytes, messages: Sequence[str], changes: Mapping[str, object]
) -> None:
    """Each by its code, its place, what was expected and what to do next."""
    export = read(content, **changes)
    assert [each.replace(" a.csv", " ", 1) for each in told(export)] == list(messages)
    assert not export.rows.whole or messages[0].startswith(("[B05]", "[B1", "[B70]", "[B32]"))


def accepted(
    name: str,
    content: str | bytes,
    *rows: str,
    noted: Mapping[str, int] | None = None,
    excluded: Mapping[str, int] | None = None,
    repaired: Sequence[int] = (),
    **changes: object,
) -> object:
    """A file, the rows that it holds after their lines, and what is counted."""
    counts = (noted or {}, excluded or {}, {"B71": [*repaired]} if repaired else {})
    return pytest.param(content, rows, counts, changes, id=name)


ONE = "2|1|02/03/2017|Café"
TWO = ("2|C1|02/03/2017|x", "3|C2|03/03/2017|y")
ACCEPTED = [
    accepted("a byte order mark", "\ufeff" + CAFE, ONE, noted={"B01": 1}),
    *(
        accepted(name, f"\ufeff{CAFE}".encode(name), ONE, noted={"B02": 1})
        for name in ("utf-16-le", "utf-16-be")
    ),
    accepted("Windows-1252", CAFE.encode("windows-1252"), ONE, noted={"B03": 1}, **BOTH),
    accepted(
        "quotes and capitals of Windows-1252, which are no UTF-8",
        (CAFE + "2;02/03/2017;CAFÉ’S\n").encode("windows-1252"),
        ONE,
        "3|2|02/03/2017|CAFÉ’S",
        noted={"B03": 1},
        **BOTH,
    ),
    accepted("lines end as Windows ends them", CAFE.replace("\n", "\r\n"), ONE),
    accepted("lines end in CR", CAFE.replace("\n", "\r"), ONE, noted={"B31": 1}),
    accepted("mixed line ends", HEADER.replace("\n", "\r\n") + CAFE[15:], ONE, noted={"B31": 1}),
    accepted(
        "texts that stay texts",
        HEADER + "007;NA;1E05\n; None ;NULL\n01;TRUE;1.0\n 1;False;1\n1;true;1,0\n",
        *("2|007|NA|1E05", "3|| None |NULL", "4|01|TRUE|1.0", "5| 1|False|1", "6|1|true|1,0"),
    ),
    accepted(
        "marks within the file",
        HEADER + "\ufeff1;a;x\n\ufeff2;b;y\n",
        "2|\ufeff1|a|x",
        "3|\ufeff2|b|y",
    ),
    accepted("a first line sep=", f"sep=;\n{CAFE}", "3" + ONE[1:], noted={"B14": 1}),
    *(
        accepted(
            f"titles {titles[:20]!r}",
            titles + CAFE,
            f"{titles.count(chr(10)) + 2}{ONE[1:]}",
            noted={"B15": number} if number else {},
        )
        for titles, number in (
            ("Export of contacts\n", 1),
            ("Export of contacts;;\n;;\n", 1),
            ("Export\n\nPeriod: 2017\n", 2),
            ('"Export; 2017"\n', 1),
            ("x\n" * 19, 19),
            ("\n;;\n", 0),
        )
    ),
    *(
        accepted(
            f"the header again {again!r}",
            f"{HEADER}C1;02/03/2017;x\n{again}\nC2;03/03/2017;y\n",
            *("2|C1|02/03/2017|x", "4|C2|03/03/2017|y"),
            excluded={"B17": 1},
        )
        for again in ("nr;day;channel", "NR;DAY;CHANNEL", '"nr";"day"; channel')
    ),
    accepted("names in some cells", HEADER + "nr;02/03/2017;channel\n", "2|nr|02/03/2017|channel"),
    *(
        accepted(
            f"a total {total!r}",
            f"{HEADER}{ROWS}{total}\n",
            *TWO,
            excluded={"B18": 1, **({"B32": 2} if ";;\n" in total + "\n" and "\n" in total else {})},
        )
        for total in ("Totaal;;2", "Totaal;2", "TOTAL: 2", ";;Somme 2", "Eindtotaal;2;2")
    ),
    accepted(
        "a total below blank rows and a header",
        f"{HEADER}{ROWS}\n{HEADER}{C3}Grand total;;3\n\n;;\n",
        *(*TWO, "6|C3|02/03/2017|x"),
        excluded={"B17": 1, "B18": 1, "B32": 3},
    ),
    *(
        accepted(
            f"a known footer {text!r}",
            f"{HEADER}{ROWS}{text}\n",
            *TWO,
            excluded={"B19": 1},
            **FOOTER,
        )
        for text in ("Source: system", "Source: system;;", "2 rows")
    ),
    accepted(
        "names in other capitals and spaces",
        "\u00a0NR ;Day\u200b;channel\n1;02/03/2017;Café\n",
        ONE,
        noted={"B21": 2},
    ),
    accepted("an ignored column", "nr;day;channel;remark\n1;02/03/2017;Café;secret\n", ONE),
    accepted(
        "columns without name and content",
        "nr;day;channel;;\nC1;02/03/2017;x;;\nC2;03/03/2017;y; ;\n",
        *TWO,
    ),
    accepted("another order of columns", "channel;nr;day\nCafé;1;02/03/2017\n", ONE),
    accepted("no newline at the end", CAFE[:-1], ONE),
    accepted(
        "quoted delimiters, newlines and quotes",
        HEADER + '1;02/03/2017;"a;b\nc ""d"""\n2;"";x\n',
        *('2|1|02/03/2017|a;b\nc "d"', "4|2||x"),
    ),
    accepted("fields quoted and empty", HEADER + '"C1";"";"x"\nC2;"";""\n', "2|C1||x", "3|C2||"),
    accepted(
        "blank rows",
        HEADER + "\nC1;02/03/2017;x\n;;\n\nC2;03/03/2017;y\n\n",
        *("3|C1|02/03/2017|x", "6|C2|03/03/2017|y"),
        excluded={"B32": 4},
    ),
    *(
        accepted(
            f"a row of blanks {blank!r}",
            f"{HEADER}C1;02/03/2017;x\n{blank}\nC2;03/03/2017;y\n",
            *("2|C1|02/03/2017|x", "4|C2|03/03/2017|y"),
            excluded={"B32": 1},
        )
        for blank in ('"";"";""', "  ;\t;", "\u00a0;;", '""', "   ")
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
        for after in ("", ";", ";;", ";;;;")
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
    rows: Sequence[str],
    counts: Sequence[Mapping[str, object]],
    changes: Mapping[str, object],
) -> None:
    """Texts as they stand with their physical lines; each row that was read is accounted for."""
    export = read(content, **changes)
    assert told(export) == []
    assert ["|".join(row) for row in texts(export)] == list(rows)
    assert (export.findings.noted, export.findings.excluded, mended(export)) == tuple(counts)
    assert export.rows.read == len(rows) + export.findings.excluded.total()
    assert export.rows.whole


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
    assert [each[:5] for each in told(read(f"{CAFE}2;02/03/2017;Caf{spoilt}\n"))] == ["[B05]"]


def test_rows_that_are_refused_leave_the_others(read: Read) -> None:
    """B26, B28: both lines of a broken row are at fault; a draft leaves out both."""
    export = read(HEADER + "C3;02/0\n3/2017;x\n" + ROWS + "C4;x\n" + C3)
    assert [row[0] for row in texts(export)] == ["4", "5", "7"]
    assert export.findings.faulty == {"B28": [2, 3], "B26": [6]}
    assert not export.rows.whole


def test_of_many_faulty_rows_some_are_told_and_all_are_counted(read: Read) -> None:
    """Messages are made for a thousand."""
    export = read(HEADER + ROWS + "C3;x\n" * 3_000)
    assert export.findings.counted == {"B26": 3_000}
    assert len(told(export)) == 1_000


def test_thousands_of_a_total_may_be_marked(read: Read) -> None:
    """B18: `1.002` rows are a thousand and two."""
    rows = "".join(f"C{at};02/03/2017;x\n" for at in range(1_002))
    assert told(read(HEADER + rows + "Totaal;;1.002\n")) == []


THERE = "or name it in the parameters under 'sources'"
RIGHT = "give the account that runs this the right to read it"


def test_a_file_that_is_not_there_is_a_problem(tmp_path: Path, layout: RowFile) -> None:
    """B00: a file, a folder, or a folder in place of the file."""
    (tmp_path / "y.csv").mkdir()
    assert [
        told(read_export(tmp_path / name, "a.csv", layout)) for name in ("x.csv", "no/x", "y.csv")
    ] == [
        [f"[B00] a.csv: there is no such file → put the export there, {THERE}"],
        [f"[B00] a.csv: there is no such folder → put the folder there, {THERE}"],
        [f"[B00] a.csv: the file can't be read (Is a directory) → {RIGHT}"],
    ]


@pytest.mark.skipif(
    not hasattr(os, "getuid") or os.getuid() == 0, reason="the superuser may read every file"
)
def test_a_file_that_may_not_be_read_is_a_problem(tmp_path: Path, layout: RowFile) -> None:
    """B00: a right to read is missing, not the file."""
    path = tmp_path / "x.csv"
    path.write_text(HEADER)
    path.chmod(0)
    assert told(read_export(path, "a.csv", layout)) == [
        f"[B00] a.csv: the file can't be read (Permission denied) → {RIGHT}"
    ]


def test_a_file_that_is_too_large_or_none_is_refused_unread(
    tmp_path: Path, layout: RowFile
) -> None:
    """B11, B00: by its size, which costs nothing to see; and a pipe would never end."""
    with (tmp_path / "x.csv").open("wb") as file:
        file.truncate(LARGEST + 1)
    os.mkfifo(tmp_path / "y.csv")
    assert [told(read_export(tmp_path / name, "a.csv", layout)) for name in ("x.csv", "y.csv")] == [
        [
            "[B11] a.csv: the file has 2,147,483,649 bytes; expected 2,147,483,648 at most → "
            "export the period in parts, or look whether this is the export"
        ],
        [f"[B00] a.csv: there is something here that is no file → put the export there, {THERE}"],
    ]
