"""The code lists that ship with the project: codes in order, groups, dates and wording."""

from pathlib import Path

import pytest

from helpline_report.errors import ParametersError
from helpline_report.parameters.codelists import load_codelists
from tests.cases import read_cases

FOLDER = Path(__file__).parents[2] / "data" / "codelists"
LISTS = load_codelists(FOLDER)
CASES = read_cases(Path(__file__).with_name("cases.yaml"))


@pytest.mark.parametrize(("field", "codes"), CASES["orders"])
def test_codes_stand_in_the_order_that_breaks_ties(field: str, codes: str) -> None:
    """Codes of other helplines among them change no tie."""
    order = [code for code in LISTS[field].order if code in codes.split()]
    assert order == codes.split()


@pytest.mark.parametrize(("field", "group", "members"), CASES["groups"])
def test_a_group_stands_for_its_members(field: str, group: str, members: str) -> None:
    """Members are named on the codes themselves; of follow-ups the group is in the name."""
    assert LISTS[field].expand(group) == members.split()
    followups = LISTS["followup"]
    for of in ("referred", "registered"):
        assert followups.expand(of) == [c for c in followups.order if c.startswith(f"{of}.")]


@pytest.mark.parametrize("field", sorted(path.stem for path in FOLDER.glob("*.yaml")))
def test_a_list_can_stand_in_sentences(field: str) -> None:
    """What isn't known is marked as missing; no two codes have one label.

    Dutch labels begin in lower case, for one stands after 'via' or 'met als vorm'.
    """
    codes = LISTS[field]
    missing = {code.code for code in codes.codes if code.missing}
    assert missing == {"unknown", "not_registered", "empty"} & set(codes.order)
    assert "{" not in codes.by.nl + codes.by.en
    for language in ("nl", "en"):
        assert len({code.label(language) for code in codes.codes}) == len(codes.codes)
    capitals = [code.nl for code in codes.by_code.values() if code.nl[0].isupper()]
    assert capitals == [] or field == "helpline"


@pytest.mark.parametrize("words", ["by phone", "by {lables}", "by {labels} {", "by {labels!x}"])
def test_a_phrase_takes_its_labels(tmp_path: Path, words: str) -> None:
    """A phrase without labels would leave the codes out of a definition, or stop a chapter."""
    text = (FOLDER / "channel.yaml").read_text(encoding="utf-8")
    assert "by {labels}" in text
    (tmp_path / "channel.yaml").write_text(text.replace("by {labels}", words), encoding="utf-8")
    with pytest.raises(
        ParametersError, match=r"where.en: write '\{labels\}' where the labels come"
    ):
        load_codelists(tmp_path)


def test_no_code_ends_before_it_begins(tmp_path: Path) -> None:
    """It would never exist, and a break be asked for."""
    text = (FOLDER / "channel.yaml").read_text(encoding="utf-8")
    text = text.replace("code: email,", "code: email, from: 2018-01-01, until: 2017-01-01,")
    (tmp_path / "channel.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ParametersError, match=r"codes.1: 'until' is before 'from'"):
        load_codelists(tmp_path)
