"""Texts that are checked and filled in, and figures by their ids."""

from pathlib import Path

import pytest

from helpline_report.prose.markdown import TextError
from helpline_report.prose.nodes import Value, plain, values
from helpline_report.prose.rendering import html
from helpline_report.prose.writer import Resolved
from tests.cases import read_cases
from tests.prose.two_years import PLACE, figure, writer

CASES = read_cases(Path(__file__).with_name("texts.yaml"))

WRITER = writer(
    contacts__total=figure("count", 4812),
    contacts__phone=figure("count", None),
    contacts__email=figure("share", None),
    site=figure("top", "<b>*awel*</b>", by=("referrer",)),
    club=figure("top", "Awel v.z.w.", by=("referrer",)),
)


def resolve(text: str) -> Resolved:
    return WRITER.markdown(text, PLACE)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (
            "{{ contacts.total | noun }}",
            Value("4.812 contactnames", "contacts.total", "noun", "4812"),
        ),
        ("# {{ contacts.total }}", Value("4.812", "contacts.total", None, "4812")),
        ("{{ helpline }}", Value("1712")),
        ("{{ site }}", Value("<b>*awel*</b>", "site", None, "<b>*awel*</b>")),
    ],
)
def test_a_placeholder_becomes_a_value(text: str, value: Value) -> None:
    """With its text, its id, its form and its value for machines; a label stays a label.

    What the parameters say has no figure, and no page in the audit.
    """
    assert [*values(resolve(text).nodes)] == [value]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Zie {{ club }}. Dan.", "Zie Awel v.z.w. Dan."),
        ("*{{ club }}*.", "Awel v.z.w."),
        ("*Zie {{ club }}.*", "Zie Awel v.z.w."),
        ("{{ club }}, dan.", "Awel v.z.w., dan."),
        ("{{ club }}...", "Awel v.z.w...."),
        ("{{ club }}[^x].\n\n[^x]: Een noot.", "Awel v.z.w."),
        ("{{ site }}.", "<b>*awel*</b>."),
    ],
)
def test_a_sentence_has_one_full_stop(text: str, says: str) -> None:
    """Where what stands last in it ends with one."""
    assert plain(resolve(text).nodes) == says


@pytest.mark.parametrize(("text", "says"), CASES["else"])
def test_a_paragraph_that_stands_for_another(text: str, says: str) -> None:
    """Where that lacks a figure, and nowhere otherwise; then nothing is left out."""
    assert plain(resolve(text).nodes) == says
    assert resolve(text).dropped == ()


@pytest.mark.parametrize(("text", "page"), CASES["left out"])
def test_what_lacks_a_figure_is_left_out(text: str, page: str) -> None:
    """A paragraph, an item, a part of a quotation; nothing empty is left, and a note says why.

    One reason is told once.
    """
    assert html(resolve(text).nodes) == page


def test_a_cell_whose_figure_is_missing() -> None:
    """The reason in it says of which figure it is; no parameter answers for that."""
    page = html(resolve("| A |\n|---|\n| {{ contacts.phone | noun }} |").nodes)
    says = '<span data-missing="contacts.phone" data-form="noun">niet geregistreerd</span>'
    assert says in page


def test_what_was_left_out_is_told() -> None:
    """By figure, reason and place."""
    (dropped,) = resolve("a\n\nb {{ contacts.phone }}").dropped
    assert (dropped.name, dropped.reason.code) == ("contacts.phone", "no_field")
    assert dropped.place == "04_contacts.ipynb, cell 'total', line 12"


def test_without_a_comparison_year() -> None:
    """A sentence about the year before is left out, with the reason."""
    resolved = writer(compared=False).markdown("In {{ year.previous }} was dat anders.", PLACE)
    assert plain(resolved.nodes) == ("Niet in dit verslag: er is geen jaar om mee te vergelijken.")


def test_exemptions_are_listed() -> None:
    """For the auditor: the text, its source and its place."""
    (exemption,) = resolve("a\n[de helft](<bron:art. 3>)").exemptions
    assert (exemption.text, exemption.source) == ("de helft", "art. 3")
    assert exemption.place == "04_contacts.ipynb, cell 'total', line 11"


@pytest.mark.parametrize(("text", "what"), CASES["wrong"])
def test_what_is_wrong_is_told(text: str, what: str) -> None:
    """With its place and the nearest name; in a block that would be left out all the same."""
    with pytest.raises(TextError) as caught:
        resolve(text)
    assert what in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_cell_of_a_table() -> None:
    """The value where there is one, else why not: never an empty cell, and never 0."""
    figures = WRITER.ledger.figures
    assert WRITER.cell_text(figures["contacts.total"]) == "4.812"
    assert WRITER.cell_text(figures["contacts.phone"]) == "niet geregistreerd"
