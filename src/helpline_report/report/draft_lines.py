"""What a draft leaves out, in a few lines for the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from helpline_report.exports.corrected_exports import HANGS
from helpline_report.exports.faults import FAULTS, outcome_words
from helpline_report.figures.quality import is_draft, left_out
from helpline_report.figures.register import Register


def draft_lines(register: Register) -> Iterator[str]:
    """What a draft leaves out and what it only lists, in a few lines; else nothing."""
    if not is_draft(register):
        return
    counts = Counter[str]()
    for item in left_out(register):
        counts[item.code] += item.rows
    hanging = counts[HANGS]
    belong = f", and {hanging} that belong to them" if hanging else ""
    faulty = counts.total() - hanging
    yield f"  a draft: {faulty} row(s) with faults are left out{belong}{':' if faulty else ''}"
    for code, rows in sorted((+counts).items(), key=lambda found: (-found[1], found[0])):
        yield f"  {rows:>7} {outcome_words(code, 'en')}" + (f" [{code}]" if code in FAULTS else "")
    for each in (register, register.previous):
        for waits in each.dataset.waiting if each is not None else ():
            number = f"{waits.rows:>7}" if waits.rows else " " * 7
            what = outcome_words(waits.code, "en")
            yield f"  {number} {what} [{waits.code}]: counted, and not acknowledged yet"
