"""What a web analytics export says of itself, held against what is expected of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from helpline_report.exports.findings import Findings
from helpline_report.exports.shapes import shape

CONCERNS = {
    "sampled": "figure(s) estimated from a sample of the visits",
    "thresholded": "figure(s) of a report that leaves small groups out",
    "collapsed": "figure(s) of a report in which the service put together what was too much",
    "other": "row(s) '(other)': values that the service put together because they were too many",
}
CONCERN_STEP = (
    "export a shorter period, or fewer dimensions; where that can't be, acknowledge it in the "
    "parameters"
)


def refuse_other_property(
    findings: Findings, said: str | None, expected: Collection[str], line: int = 0
) -> None:
    """Refuse an export of another property than those that are expected, if any are (B68)."""
    if not expected or said in expected:
        return
    findings.refuse(
        "B68",
        "the export names no property" if said is None else "the export is of another property",
        line=line,
        expected=" or ".join(f"'{name}'" for name in expected),
        next_step="export the report of this property, or correct its name in the parameters or "
        "the layout",
    )


def refuse_other_time_zone(findings: Findings, said: str | None, expected: str | None) -> None:
    """Refuse days that were counted in another time zone (B68); most exports don't say theirs."""
    if expected is None or said is None or said == expected:
        return
    findings.refuse(
        "B68",
        f"the property counts its days in the time zone {shape(said)}",
        expected=expected,
        next_step="give the property this time zone and export days from then on, or name its own "
        "time zone in the parameters",
    )


def acknowledge_concerns(findings: Findings, concerns: Mapping[str, int], figures: int) -> None:
    """Ask that sampled, thresholded and collapsed reports be known (B66)."""
    for concern, line in concerns.items():
        if figures:
            findings.acknowledge(
                "B66", CONCERNS[concern], rows=figures, lines=[line], next_step=CONCERN_STEP
            )


def acknowledge_other(findings: Findings, lines: Sequence[int]) -> None:
    """Ask that rows of values which the service put together be known (B66)."""
    if lines:
        findings.acknowledge(
            "B66", CONCERNS["other"], rows=len(lines), lines=lines, next_step=CONCERN_STEP
        )
