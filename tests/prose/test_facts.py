from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from helpline_report.errors import ParametersError
from helpline_report.params.edition import Edition
from helpline_report.params.yaml import Document
from helpline_report.prose.facts import check_facts


def check(language: str = "nl", **facts: Any) -> None:
    """Facts that stand on line 7 of their file."""
    edition = Edition.model_construct(edition="2017", language=language, facts=facts)
    lines = {("facts", name): 7 for name in facts}
    check_facts(edition, Document(Path("2017.yaml"), "params/2017.yaml", {}, lines))


@pytest.mark.parametrize(
    "said", ["een stijging sinds vorig jaar", "voor de meeste slachtoffers", "86 % van de bellers"]
)
def test_claim_is_refused_with_its_line(said: str) -> None:
    """A fact stands in the prose unbound: what figures should say is refused, with its place."""
    with pytest.raises(ParametersError) as refused:
        check(audience=said)
    assert refused.value.where == "params/2017.yaml:7"


@pytest.mark.parametrize("said", ["1712", "van 9 tot 17 uur", dt.date(2012, 3, 12), 106])
def test_numerals_pass(said: Any) -> None:
    """A telephone number, hours and dates are facts."""
    check(phone=said)
