"""No message holds a value: files whose every cell is a canary, at fault in every way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

CANARY = "Zeemeeuw"
HEADER = "nr;day;channel\n"
ROW = "Zeemeeuw1;Zeemeeuw2;Zeemeeuw3\n"
FAULTY = {
    "no header": ROW * 3,
    "one name": "nr;Zeemeeuw;Zeemeeuw2\n" + ROW,
    "column twice": "nr;day;channel;Zeemeeuw;Zeemeeuw\n" + "Zeemeeuw;" * 4 + "x\n",
    "column near": "nr;day;chanel\n" + ROW,
    "title": "Zeemeeuw;Zeemeeuw;Zeemeeuw\n" + HEADER + ROW,
    "groups": "Zeemeeuw;;Zeemeeuw\n" + HEADER + ROW,
    "titles": "Zeemeeuw\n" * 30 + HEADER + ROW,
    "other delimiter": (HEADER + ROW).replace(";", "|"),
    "total": HEADER + ROW + "Totaal;Zeemeeuw\n",
    "wrong total": HEADER + ROW + "Totaal Zeemeeuw;;87654321\n",
    "footer": HEADER + ROW + "Zeemeeuw:\n",
    "stray": HEADER + ROW + ";;Zeemeeuw\n",
    "long": HEADER + ROW + ROW[:-1] + ";Zeemeeuw\n",
    "all long": HEADER + ROW[:-1] + ";Zeemeeuw\n",
    "short": HEADER + "Zeemeeuw1;Zeemeeuw\n" + ROW,
    "broken": HEADER + "Zeemeeuw1;Zee\nmeeuw;Zeemeeuw\n" + ROW,
    "cut": HEADER + ROW + "Zeemeeuw1;Zeemeeuw",
    "cut in quotes": HEADER + ROW + 'Zeemeeuw1;"Zeemeeuw',
    "open quote": HEADER + 'Zeemeeuw"1;Zeemeeuw;Zeemeeuw\n' + ROW,
    "swallowed": HEADER + 'Zeemeeuw1;"Zeemeeuw;Zeemeeuw\nZeemeeuw1;Zeemeeuw";Zeemeeuw\n' + ROW,
    "mojibake": HEADER + "Zeemeeuw1;ZeemeeuwÃ©;Zeemeeuw\n",
    "NUL": HEADER + "Zeemeeuw1;Zeemeeuw\0;Zeemeeuw\n",
    "markup": "<table><td>Zeemeeuw",
    "JSON": '[{"Zeemeeuw": "Zeemeeuw"}]',
    "other encoding": (HEADER + "Zeemeeuw1;Zeemeeuwé;x\n").encode("windows-1252"),
    "no encoding": HEADER.encode() + b"Zeemeeuw1;Zeemeeuw\x81;x\n",
    "two encodings": HEADER.encode() + b"Zeemeeuw1;Zeemeeuw\xe9;Zeemeeuw\xc3\xa9\n",
    "half UTF-16": b"\xff\xfe" + (HEADER + ROW).encode("utf-16-le")[:-1],
    "bare UTF-16": (HEADER + ROW).encode("utf-16-be"),
}


@pytest.mark.parametrize("encodings", [["utf-8"], ["utf-8", "windows-1252"]])
@pytest.mark.parametrize("content", FAULTY.values(), ids=FAULTY)
def test_no_message_holds_a_value(
    read: Callable[..., Any], content: bytes | str, encodings: list[str]
) -> None:
    """What is told is where, what and what to do; of a value, its shape."""
    export = read(content, encodings=encodings)
    told = "\n".join(export.told)
    accepted = content is FAULTY["other encoding"] and len(encodings) > 1
    assert bool(told) != accepted
    assert CANARY.casefold() not in told.casefold()
    assert "87654321" not in told
