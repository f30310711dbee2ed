"""The code lists that ship with the project: codes in order, groups, dates and wording."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpline_report.parameters.codelists import CodeList, load_codelists

FOLDER = Path(__file__).parents[2] / "data" / "codelists"
LISTS = load_codelists(FOLDER)

ORDERS = """
helpline: antwerpen limburg oost-vlaanderen vlaams-brabant west-vlaanderen
channel: phone email other not_registered
caller_age_class: adult youth child unknown
caller_gender: female male unknown
anonymity: known anonymous not_registered
caller_role: victim parent grandparent relative surroundings perpetrator perpetrator_surroundings \
education culture sport welfare justice unknown
handling: advice case
gender: female male unknown
problem: child_abuse partner_violence adult_violence elder_abuse between_minors historical_abuse \
domestic_violence other
form: emotional physical sexual physical_neglect emotional_neglect financial unknown
context: nuclear_family wider_family school work sport leisure sport_leisure institution other \
unknown not_registered
site: adult children youth
device: mobile desktop tablet
user_gender: female male unknown
"""


@pytest.mark.parametrize("line", ORDERS.strip().splitlines())
def test_codes_stand_in_the_order_that_breaks_ties(line: str) -> None:
    """Codes of other helplines come after these, so that they change no tie."""
    field, _, codes = line.partition(": ")
    assert LISTS[field].order[: len(codes.split())] == codes.split()


def test_each_list_is_the_file_of_its_field() -> None:
    """The name of a file is the field that it is about."""
    assert sorted(LISTS) == sorted(path.stem for path in FOLDER.glob("*.yaml"))


@pytest.mark.parametrize(
    ("field", "group", "members"),
    [
        ("caller_role", "side.victim", "victim parent grandparent relative surroundings"),
        ("caller_role", "side.perpetrator", "perpetrator perpetrator_surroundings"),
        ("caller_role", "sector", "education culture sport welfare justice"),
        ("caller_age_class", "minor", "youth child"),
    ],
)
def test_a_group_stands_for_its_members(field: str, group: str, members: str) -> None:
    """Members are named on the codes themselves."""
    assert LISTS[field].expand(group) == members.split()


@pytest.mark.parametrize("group", ["referred", "registered"])
def test_follow_ups_belong_to_the_group_in_their_name(group: str) -> None:
    """`referred.vk` is a referral; advice and other follow-ups are neither."""
    members = [code for code in LISTS["followup"].order if code.startswith(f"{group}.")]
    assert LISTS["followup"].expand(group) == members
    assert members


def test_contexts_are_dated() -> None:
    """Registered from July 2016 on; sport and leisure were one code until the year ended."""
    dates = {
        code.code: f"{code.start or ''}/{code.until or ''}"
        for code in LISTS["context"].codes
        if code.start or code.until
    }
    assert dates == {
        "sport": "2017-01-01/",
        "leisure": "2017-01-01/",
        "sport_leisure": "2016-07-01/2016-12-31",
        "not_registered": "/2016-06-30",
    }


@pytest.mark.parametrize("field", sorted(LISTS))
def test_what_is_not_known_is_marked_as_missing(field: str) -> None:
    """Unknown, not registered and empty, and no other code."""
    missing = {code.code for code in LISTS[field].codes if code.missing}
    assert missing == {"unknown", "not_registered", "empty"} & set(LISTS[field].order)


@pytest.mark.parametrize("field", sorted(LISTS))
def test_phrases_take_labels(field: str) -> None:
    """A condition puts its labels into the phrase, in both languages; a breakdown has none."""
    phrases: CodeList = LISTS[field]
    assert phrases.where.nl.count("{labels}") == phrases.where.en.count("{labels}") == 1
    assert "{" not in phrases.by.nl + phrases.by.en


@pytest.mark.parametrize("field", sorted(set(LISTS) - {"helpline"}))
def test_dutch_labels_are_written_as_within_a_sentence(field: str) -> None:
    """Lower case at the start, for a label stands after 'via' or 'met als vorm'."""
    capitals = [code.nl for code in LISTS[field].by_code.values() if code.nl[0].isupper()]
    assert capitals == []


@pytest.mark.parametrize("field", sorted(LISTS))
def test_labels_tell_codes_apart(field: str) -> None:
    """No two codes of a list have the same label in one language."""
    for language in ("nl", "en"):
        labels = [code.label(language) for code in LISTS[field].codes]
        assert len(set(labels)) == len(labels)
