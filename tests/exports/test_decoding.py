"""Bytes become text: byte order marks, encodings, line ends, and what is no CSV at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

ROWS = "nr;day;channel\n1;02/03/2017;Café\n"


def test_a_byte_order_mark_is_mended(read: Callable[..., Any]) -> None:
    """B01: the mark is taken off and noted, the header is found."""
    export = read(b"\xef\xbb\xbf" + ROWS.encode())
    assert export.texts == [["2", "1", "02/03/2017", "Café"]]
    assert export.noted == {"B01": 1}


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_mended(read: Callable[..., Any], name: str) -> None:
    """B02: two bytes a character, in either order, are read by their mark."""
    export = read("\ufeff".encode(name) + ROWS.encode(name))
    assert export.texts == [["2", "1", "02/03/2017", "Café"]]
    assert export.noted == {"B02": 1}


def _told_of_utf_16(read: Callable[..., Any], raw: bytes) -> list[str]:
    return [problem.partition("\n")[0] for problem in read(b"\xff\xfe" + raw).told]


def test_utf_16_that_was_cut_is_refused(read: Callable[..., Any]) -> None:
    """B02: half a character at the end is half a file, perhaps."""
    assert _told_of_utf_16(read, ROWS.encode("utf-16-le")[:-1]) == [
        "[B02] contacts.csv:2: the file is UTF-16, and byte 66 is no whole character of it"
    ]


def test_half_a_pair_in_utf_16_is_refused(read: Callable[..., Any]) -> None:
    """B02: a character isn't replaced by another."""
    assert _told_of_utf_16(read, b"n\0\x00\xd8r\0" + ROWS.encode("utf-16-le")) == [
        "[B02] contacts.csv:1: the file is UTF-16, and byte 4 is no whole character of it"
    ]


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be"])
def test_utf_16_that_doesnt_say_so_is_refused_by_its_name(
    read: Callable[..., Any], name: str
) -> None:
    """B02: not as NUL bytes, nor as Windows-1252."""
    assert read(ROWS.encode(name), encodings=["utf-8", "windows-1252"]).told == [
        "[B02] contacts.csv: the file is UTF-16 without a byte order mark, so it may be read in "
        "two ways\n  → export the file again as CSV in UTF-8"
    ]


def test_windows_1252_is_read_where_the_layout_says_so(read: Callable[..., Any]) -> None:
    """B03: accepted and noted."""
    export = read(ROWS.encode("windows-1252"), encodings=["utf-8", "windows-1252"])
    assert export.texts == [["2", "1", "02/03/2017", "Café"]]
    assert export.noted == {"B03": 1}


def test_windows_1252_is_refused_elsewhere_with_the_line_to_add(read: Callable[..., Any]) -> None:
    """B03: the message says what to write in the layout."""
    assert read(ROWS.encode("windows-1252")).told == [
        "[B03] contacts.csv:2: byte 31 is not UTF-8\n"
        "  → if the system writes Windows-1252, add this line to the file in the layout: "
        "encodings: [utf-8, windows-1252]"
    ]


def test_two_encodings_in_one_file_are_refused(read: Callable[..., Any]) -> None:
    """B04: with the byte and the line of both."""
    mixed = ROWS.encode("windows-1252") + "2;02/03/2017;Café\n".encode()
    export = read(mixed, encodings=["utf-8", "windows-1252"])
    assert export.told == [
        "[B04] contacts.csv:3: two encodings in one file: byte 49 is UTF-8, byte 31 (line 2) is "
        "not\n  → export the file again as CSV in UTF-8"
    ]


def test_bytes_of_no_encoding_are_refused(read: Callable[..., Any]) -> None:
    """B04: Windows-1252 has no character for 0x81."""
    export = read(ROWS.encode() + b"2;\x81;x\n", encodings=["utf-8", "windows-1252"])
    assert export.told == [
        "[B04] contacts.csv:3: byte 36 is neither UTF-8 nor Windows-1252\n"
        "  → export the file again as CSV in UTF-8"
    ]


@pytest.mark.parametrize("byte", [0x81, 0x8D, 0x8F, 0x90, 0x9D])
def test_bytes_that_windows_1252_lacks_are_refused(read: Callable[..., Any], byte: int) -> None:
    """B04: each of the five."""
    raw = ROWS.encode("windows-1252") + b"2;02/03/2017;" + bytes([byte]) + b"\n"
    export = read(raw, encodings=["utf-8", "windows-1252"])
    assert [problem[:23] for problem in export.told] == ["[B04] contacts.csv:3: b"]


def test_a_mark_of_utf_8_before_another_encoding_is_refused(read: Callable[..., Any]) -> None:
    """B04: the file says what it is, and is something else."""
    raw = b"\xef\xbb\xbf" + ROWS.encode("windows-1252")
    assert read(raw, encodings=["utf-8", "windows-1252"]).told == [
        "[B04] contacts.csv:2: the file says that it is UTF-8, and byte 34 is not\n"
        "  → export the file again as CSV in UTF-8"
    ]


def test_quotes_and_capitals_of_windows_1252_are_no_utf_8(read: Callable[..., Any]) -> None:
    """B03: `É` before a curly quote is no two bytes of one letter, in a file with an `é`."""
    raw = "nr;day;channel\n1;02/03/2017;CAFÉ’S\n2;02/03/2017;Café\n".encode("windows-1252")
    assert read(raw, encodings=["utf-8", "windows-1252"]).texts[0][3] == "CAFÉ’S"


def test_mojibake_is_refused_by_line_and_column(read: Callable[..., Any]) -> None:
    """B05: letters that were lost before can't be guessed back."""
    assert read(ROWS + "2;02/03/2017;CafÃ©\n").told == [
        "[B05] contacts.csv:3, column channel: letters were lost in an earlier conversion: "
        "'AaaA?'\n  → export the file again, and open it nowhere in between"
    ]


@pytest.mark.parametrize(
    ("letter", "read_as"),
    [
        *((letter, "windows-1252") for letter in "éïÀ€œ’ž"),
        *((letter, page) for letter in "éïÀ" for page in ("cp850", "cp437", "mac-roman")),
    ],
)
def test_mojibake_is_known_whatever_it_was_read_as(
    read: Callable[..., Any], letter: str, read_as: str
) -> None:
    """B05: the letters of Western Europe, in the code pages of its computers."""
    spoilt = letter.encode().decode(read_as, errors="replace")
    export = read(ROWS + f"2;02/03/2017;Caf{spoilt}\n")
    assert [problem[:5] for problem in export.told] == ["[B05]"]


def test_a_nul_byte_is_refused(read: Callable[..., Any]) -> None:
    """B06: with its line."""
    assert read(ROWS + "2;\0;x\n").told == [
        "[B06] contacts.csv:3: a NUL byte\n  → export the file again as CSV in UTF-8"
    ]


@pytest.mark.parametrize("content", ["", "\n\n", "   \r\n"])
def test_an_empty_file_is_refused(read: Callable[..., Any], content: str) -> None:
    """B07: also where it holds blank lines only."""
    assert read(content).told == [
        "[B07] contacts.csv: the file is empty\n  → export the file again as CSV in UTF-8"
    ]


@pytest.mark.parametrize(
    ("start", "kind"),
    [
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
    ],
)
def test_what_is_no_csv_is_named_by_its_first_bytes(
    read: Callable[..., Any], start: bytes, kind: str
) -> None:
    """B08: the name of a file says nothing about what it is."""
    assert read(start).told == [
        f"[B08] contacts.csv: the file is {kind}; expected CSV\n"
        "  → export the file again as CSV in UTF-8"
    ]


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_of_other_systems_are_read(read: Callable[..., Any], end: str) -> None:
    """B31: the same rows, on the same lines."""
    assert read(ROWS.replace("\n", end)).texts == [["2", "1", "02/03/2017", "Café"]]


def test_a_fault_is_told_by_its_line_whatever_ends_lines(read: Callable[..., Any]) -> None:
    """B06 and others: a line that ends in CR alone is a line."""
    told = read((ROWS + "2;\0;x\n").replace("\n", "\r")).told
    assert [problem[:22] for problem in told] == ["[B06] contacts.csv:3: "]


def test_mixed_line_ends_are_mended(read: Callable[..., Any]) -> None:
    """B31: noted once a file."""
    assert read(ROWS + "2;02/03/2017;x\r\n").noted == {"B31": 1}


def test_one_kind_of_line_end_is_nothing_to_note(read: Callable[..., Any]) -> None:
    """Lines that all end as Windows ends them are no fault."""
    assert read(ROWS.replace("\n", "\r\n")).noted == {}
