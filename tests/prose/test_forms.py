"""Figures, and what the parameters say, in words: the natural way of each unit, and each form."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from helpline_report.errors import ProseError
from helpline_report.prose.forms import FORMS
from helpline_report.prose.vocabulary import Unavailable
from helpline_report.prose.writer import list_parameter_forms
from tests.cases import read_cases
from tests.prose.two_years import NB, figure, in_words, writer

CASES = read_cases(Path(__file__).with_name("forms.yaml"))
PARAMETERS = CASES.pop("parameters")
OF_FIGURES = [
    ("en" if name == "english" else "nl", *case) for name, group in CASES.items() for case in group
]


def compare(now: int, then: int, **more: Any) -> dict[str, Any]:
    return {"kind": "change", "value": 100 * (now - then) / then, "counts": (now, then), **more}


@pytest.mark.parametrize(("language", "form", "item", "expected"), OF_FIGURES)
def test_figures_in_words(language: str, form: str, item: dict[str, Any], expected: str) -> None:
    """By the population's noun; a register's counts are said, what follows only with its margin.

    A capital begins a sentence, and nothing says a cause.
    """
    if "value" not in item:
        item = compare(*item["counts"], **{k: item[k] for k in item if k not in ("counts", "kind")})
    words = in_words(figure(**item), form or None, language)
    assert words.replace(NB, "~") == expected
    if form == "about":
        assert in_words(figure(**item)).split()[-1] == words.split()[-1]


@pytest.mark.parametrize(("name", "form", "expected"), PARAMETERS)
def test_what_the_parameters_say(name: str, form: str, expected: str) -> None:
    """Each placeholder that is no figure, and its forms."""
    assert writer().value(name, form or None) == expected


def test_no_form_is_left_out() -> None:
    tried = {form[:1].lower() + form[1:] for _, form, *_ in OF_FIGURES}
    tried |= {form[:1].lower() + form[1:] for _, form, _ in PARAMETERS}
    assert tried - {""} == {*FORMS}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_each_noun_has_its_question(language: str) -> None:
    """Whether more of it happened in the world, whether less, and whether as much."""
    for noun in ("contacts", "persons", "followups", "users", "page_views", "sessions"):
        same = figure("rate_ratio", 1.001, noun=noun)
        assert in_words(same, "finding", language).count("; ") == 1
        for now, then in ((2, 1), (1, 2)):
            item = figure(**compare(now, then, noun=noun))
            assert in_words(item, "finding", language).count("; ") == 1


def test_made_up_rows_bear_nothing_out() -> None:
    """Their generator draws its own spread: the margin stands alone, and chance may be all."""
    words = writer(
        far=figure(**compare(200, 100, interval=[50, 160, 0])),
        near=figure(**compare(104, 100, interval=[-20, 40, 0])),
    )
    words = replace(words, edition=words.edition.model_copy(update={"rows": "synthetic"}))
    far, near = (words.value(name, "finding").replace(NB, "~") for name in ("far", "near"))
    assert far.endswith("(+100,0~%), marge van 95~%: +50,0~% tot +160,0~%")
    assert near.endswith("een verschil dat toeval kan zijn (marge van 95~%: −20,0~% tot +40,0~%)")


@pytest.mark.parametrize(
    ("form", "days", "now", "doubted"),
    [
        ("change", [1, 2, 3, 4, 5, 6], 120, "want de hulplijn was meer dagen open dan in 2016"),
        ("change", [1, 2, 3, 4], 80, "want de hulplijn was minder dagen open dan in 2016"),
        ("change", [1, 2, 3, 4], 120, ""),
        ("change", [1, 2, 3, 4, 5], 120, ""),
        ("rate_ratio", [1, 2, 3, 4, 5, 6], 120, ""),
    ],
)
def test_other_open_days_are_named_beside_the_change_they_may_make(
    form: str, days: list[int], now: int, doubted: str
) -> None:
    """Not beside one that goes against them, nor beside a number a day."""
    value = now - 100 if form == "change" else now / 100
    none = 0 if form == "change" else 1
    item = figure(form, value, counts=(now, 100), interval=[value - 0.1, value + 0.1, none])
    words = writer(x=item)
    calendar = words.edition.calendar.model_copy(update={"working_days": days})
    words = replace(words, edition=words.edition.model_copy(update={"calendar": calendar}))
    counted, _, doubt = words.value("x", "finding").partition("; ")
    assert "een verschil dat toeval alleen niet verklaart" in counted
    assert doubt.partition(", is niet te zeggen, ")[2] == doubted


def test_who_lacks_an_interval() -> None:
    """Of traffic to ask for one is a mistake of the text; rows of a year may be gone.

    That of a comparison stands in its finding alone, with each break beside it.
    """
    with pytest.raises(ProseError, match="figures of the website have none"):
        in_words(figure("share", 31, noun="users"), "interval")
    with pytest.raises(Unavailable):
        in_words(figure("share", 31, noun="persons"), "interval")
    with pytest.raises(ProseError, match="doesn't fit"):
        in_words(figure(**compare(2, 1, interval=[-5, 5, 0])), "interval")


def test_an_own_percentage_has_no_whole() -> None:
    """What a chapter computed itself says in words what it is, and not of which population."""
    with pytest.raises(ProseError, match="'x' is a share and doesn't say of what"):
        in_words(figure("own", 33, unit="percent"), "noun")


def test_a_rise_is_said_by_its_ratio() -> None:
    """A flag would say it without its interval and breaks."""
    with pytest.raises(ProseError, match=r"write the ratio that it was made of"):
        in_words(figure("flag", 1), "finding")


@pytest.mark.parametrize("value", [4812, None])
def test_a_form_that_does_not_fit_lists_those_that_do(value: int | None) -> None:
    """The unit decides, in a year without the figure too; a misspelt form has a nearest one."""
    with pytest.raises(ProseError, match=r"doesn't fit 'x', which is a count\n.*noun, or_none"):
        in_words(figure("count", value), "change")
    with pytest.raises(ProseError, match=r"doesn't fit 'fact.phone', which is a text\n.*text"):
        writer().value("fact.phone", "month")
    with pytest.raises(ProseError, match="there is no form 'chagne', did you mean 'change'"):
        in_words(figure("count", value), "chagne")


def test_every_name_can_be_written() -> None:
    """None fails in a form that fits it."""
    words = writer(language="en")
    names = list_parameter_forms(words)
    assert all(words.value(name, form) for name, forms in names.items() for form in forms)
    assert all(words.value(name) for name in names)
