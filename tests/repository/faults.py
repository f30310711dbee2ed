"""The list at the end of docs/faults.md: what can be wrong with exports, as the program knows it.

`python -m tests.repository.faults` writes it again; what stands above it is written by hand.
"""

from string import Formatter

from helpline_report.exports.faults import FAULTS, find_message
from tests.repository.tree import ROOT

PAGE = ROOT / "docs" / "faults.md"
LIST = "## The list\n"
# Each group by the code that it begins with, in the order of the table.
GROUPS = {
    "The file": "B00",
    "Its structure": "B13",
    "Numbers": "B34",
    "Dates": "B42",
    "Keys": "B52",
    "Codes": "B59",
    "Web analytics": "B66",
    "Totals": "B70",
    "A year that reads well and is wrong": "B72",
    "A year that looks wrong": "silent_month",
}


def listed() -> str:
    codes = list(FAULTS)
    parts = [LIST]
    starts = [codes.index(first) for first in GROUPS.values()]
    for title, start, end in zip(GROUPS, starts, [*starts[1:], len(codes)], strict=True):
        named = codes[start:end]
        head = ["| code | what it is | answer | what to do | messages |", "|---|---|---|---|---|"]
        parts += [f"### {title}\n", *head, *map(_row, named), ""]
    return "\n".join(parts).rstrip() + "\n"


def _row(code: str) -> str:
    fault = FAULTS[code]
    says = [fault.says, *(find_message(code, case)["says"] for case in fault.messages)]
    messages = "; ".join(dict.fromkeys(_without_values(text) for text in says if text))
    cells = (code, fault.en, ", ".join(fault.answer), _without_values(fault.step), messages)
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def _without_values(template: str) -> str:
    """A message with '…' where a file's own values fill it in."""
    parts = Formatter().parse(template)
    return "".join(text + ("" if name is None else "…") for text, name, _, _ in parts)


if __name__ == "__main__":
    above, _, _ = PAGE.read_text(encoding="utf-8").partition(LIST)
    PAGE.write_text(above + listed(), encoding="utf-8")
