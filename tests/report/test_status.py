"""What every page of a draft says, in words that nobody takes for an ordinary draft."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from helpline_report.figures.ledger import Ledger, LeftOut
from helpline_report.parameters.yaml import read_phrases
from helpline_report.report.markup import every_sheet
from helpline_report.report.status import notices, warning


class Words:
    """The words of a page, Dutch numbers left out."""

    def say(self, key: str, **values: str) -> str:
        """A phrase of the catalogue."""
        return read_phrases("helpline_report.report", "nl")[key].format(**values)

    def number(self, value: float, _: str) -> str:
        """A number as it is."""
        return str(int(value))


def draft(faulty: int, hanging: int = 0) -> Ledger:
    """The ledger of a draft with so many rows left out."""
    left = [("B43", faulty), ("hangs", hanging)]
    return Ledger(
        edition="2017",
        draft=True,
        left_out=tuple(
            LeftOut(edition="2017", file="x.csv", code=code, rows=rows)
            for code, rows in left
            if rows
        ),
    )


def of(ledger: Ledger, *, published: bool = True) -> Any:
    """A publication, as far as drafts go."""
    return SimpleNamespace(
        ledger=ledger, edition=SimpleNamespace(published=published), unreleased=False
    )


@pytest.mark.parametrize(
    ("ledger", "said"),
    [
        (Ledger(edition="2017"), ""),
        (draft(0), "Ontwerp dat niet vrijgegeven kan worden"),
        (draft(1), "Ontwerp met weggelaten rijen: 1 rij met fouten telt niet mee"),
        (draft(40), "Ontwerp met weggelaten rijen: 40 rijen met fouten tellen niet mee"),
        (
            draft(1, 1),
            "Ontwerp met weggelaten rijen: 1 rij met fouten telt niet mee, "
            "en 1 rij die daarbij hoort",
        ),
        (
            draft(6, 23),
            "Ontwerp met weggelaten rijen: 6 rijen met fouten tellen niet mee, "
            "en 23 rijen die daarbij horen",
        ),
    ],
)
def test_the_warning_says_how_many_rows_are_left_out(ledger: Ledger, said: str) -> None:
    """Those with faults, and those that belong to them; an ordinary edition has none."""
    words: Any = Words()
    assert warning(of(ledger), words) == said


def test_a_draft_that_isnt_published_says_whom_it_is_for() -> None:
    """Before all else."""
    words: Any = Words()
    assert warning(of(draft(0), published=False), words) == (
        "Vertrouwelijk, niet vrijgegeven, alleen voor wie het maakte: ontwerp dat niet vrijgegeven "
        "kan worden"
    )


def test_a_draft_cant_be_released() -> None:
    """Whether rows were left out or not: the rule stands in the ledger."""
    assert Ledger(edition="2017").may_be_released
    assert not draft(0).may_be_released
    assert not draft(1).may_be_released


def test_a_draft_without_faults_says_that_all_rows_count() -> None:
    """It has the numbers of the build, and is marked all the same."""
    words: Any = Words()
    assert notices(of(draft(0)), words)[1] == (
        "Dit ontwerp mocht rijen met fouten weglaten. Er waren er geen: alle rijen tellen mee. "
        "Het kan niet vrijgegeven worden."
    )


def test_a_text_cant_end_a_style_sheet() -> None:
    """Quotes, backslashes and tags are written by their number."""
    assert every_sheet('a "b" \\ </style>', "#a8481a") == (
        "@page { margin-bottom: 20mm; @bottom-center { "
        'content: "a \\000022b\\000022 \\00005c \\00003c\\00002fstyle\\00003e"; '
        "color: #a8481a; font: 600 10pt sans-serif } }"
    )
