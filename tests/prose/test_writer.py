"""Texts that are checked and filled in, figures by their ids, and numbers that prose may type."""

from dataclasses import replace
from pathlib import Path

import pytest

from helpline_report.figures.model import Breakdown
from helpline_report.parameters.values import LANGUAGES
from helpline_report.prose.literal_text import find_typed_numbers, read_literal
from helpline_report.prose.markdown import Place, TextError, parse
from helpline_report.prose.nodes import Value, plain, values
from helpline_report.prose.numbers import catalogue
from helpline_report.prose.rendering import html
from helpline_report.prose.writer import Resolved
from tests.cases import read_cases
from tests.conftest import refusal
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


@pytest.mark.parametrize(
    ("text", "words", "source"),
    [
        ("a\n[de helft](<bron:art. 3>)", "de helft", "art. 3"),
        # A quoted number by its credit, as what is marked with a source.
        ("a\nZij zei: “ik belde 3 keer” (moeder).", "“ik belde 3 keer”", "moeder"),
    ],
)
def test_exemptions_are_listed(text: str, words: str, source: str) -> None:
    """For the auditor: the text, its source and its place."""
    (exemption,) = resolve(text).exemptions
    assert (exemption.text, exemption.source) == (words, source)
    assert exemption.place.startswith("04_contacts.ipynb, cell 'total', line 11")


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


# Which numbers literal prose may type, and which words of it are listed for who approves

FOLDER = Path(__file__).parent
NAMES = ("1712", "106", "102", "3919", "Línea 144")


def lines(name: str) -> list[str]:
    text = (FOLDER / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def refused(text: str, language: str) -> list[str]:
    """The typed numbers of a text, as they are written."""
    complaints = find_typed_numbers(parse(text, Place("a.md")), language, NAMES)
    return [item.what.split("'")[1] for item in complaints]


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentence_without_a_number_passes(language: str) -> None:
    """A hundred Dutch and forty English ones, written without looking at the check."""
    sentences = lines(f"ordinary-{language}.txt")
    assert len(sentences) >= {"nl": 100, "en": 40}[language]
    assert {each: refused(each, language) for each in sentences if refused(each, language)} == {}


def test_ordinary_numbers_pass() -> None:
    """Names, telephone numbers, dates, hours, laws, addresses, and quotations with a credit."""
    for line in lines("ordinary-numbers.txt"):
        language, _, sentence = line.partition(": ")
        assert (sentence, refused(sentence, language)) == (sentence, [])


def test_planted_numbers_are_refused() -> None:
    """In digits of any script, in words, as a fraction, whatever disguises them."""
    for line in lines("planted-numbers.txt"):
        language, sentence, numbers = line.split(" | ")
        assert (sentence, refused(sentence, language)) == (sentence, numbers.split(", "))


def test_a_number_is_told_with_its_place() -> None:
    """The line and the column at which it begins, and what to do."""
    (item,) = find_typed_numbers(parse("Eerst.\n\nDat *zijn* er\nnu 12.", Place("a.md")), "nl", ())
    assert (item.line, item.column) == (3, 4)
    assert "mark the number's source" in item.next_step


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_claiming_word_is_listed(language: str) -> None:
    """No entry is written in vain, and none is refused."""
    words = catalogue(language)["texts"]
    phrases = [each.replace("…", "zo").replace("*", "") for each in words["claims"]]
    silent = [each for each in phrases if not read_literal(f"a {each} b", language).claims]
    assert silent == []


def test_claims_stand_with_their_sentence_and_place() -> None:
    """For who approves: the word, in the sentence that readers get, where it stands."""
    text = "Een jaar.\nHet aantal steeg tot {{ total }}. Punt."
    (claim,) = writer(total=figure("count", 4812)).markdown(text, PLACE).claims
    assert (claim.words, claim.sentence) == ("steeg", "Het aantal steeg tot 4.812.")
    assert claim.place == "04_contacts.ipynb, cell 'total', line 11, column 12"


def test_nobody_judges_a_text_that_is_not_on_the_page() -> None:
    """Of a paragraph whose figure is hidden, and of what stands in place of it, one is there."""
    hidden = figure("count", None)
    text = """Het aantal steeg tot {{ total }}, [12](<bron:x>).

{{ else }} Het aantal daalde, [13](<bron:x>).
"""
    for total, word, number in ((hidden, "daalde", "13"), (figure("count", 4812), "steeg", "12")):
        resolved = writer(total=total).markdown(text, PLACE)
        assert [each.words for each in resolved.claims] == [word]
        assert [each.text for each in resolved.exemptions] == [number]


# Figures of the value, and nouns beside a figure

BESIDE = writer(
    total=figure("count", 4812),
    persons=figure("count", 946, noun="persons"),
    followups=figure("count", 946, noun="followups"),
    referred=figure("share", 59.3, noun="followups"),
    growth=figure("change", 4.7),
    busiest=figure("top", 6, by=("month",), unit="month"),
)


def refused_beside(text: str) -> str:
    return refusal(TextError, BESIDE.markdown, text, PLACE)


@pytest.mark.parametrize(("text", "offer"), CASES["offers"])
def test_the_figure_of_a_typed_number_is_offered(text: str, offer: str) -> None:
    """By value and unit, that of the noun behind it first, with the placeholder to copy."""
    assert f"is a number that is typed; {offer}\n" in refused_beside(text)


def test_the_number_of_a_day_is_offered_last() -> None:
    """A small number stands in many cells of tables: the figure that texts name comes first."""
    of_a_day = {"codes": ("1",), "figure": "a"}
    both = writer(a=figure("count", 3), by_child__in_sport=figure("count", 3))
    series: dict[str, object] = {"id": "s", "by": ("date",), "members": [of_a_day]}
    series |= {"population": both.ledger.figures["a"].population}
    ledger = both.ledger.model_copy(update={"breakdowns": {"s": Breakdown.model_validate(series)}})
    words = replace(both, ledger=ledger)
    (item,) = find_typed_numbers(parse("Er waren er 3.", PLACE), "nl", (), words)
    assert "typed; {{ by_child.in_sport }} says it; {{ a }} says it" in item.what


def test_the_noun_of_an_offer_is_that_of_the_language() -> None:
    """What stands behind a number is read by the catalogue; without a figure no offer is made."""
    english = writer(
        language="en",
        persons=figure("count", 946, noun="persons"),
        followups=figure("count", 946, noun="followups"),
    )
    with pytest.raises(TextError, match=r"typed; {{ followups }} says it; {{ persons }} says it"):
        english.markdown("That is 946 of the follow-ups.", PLACE)
    assert "is a number that is typed\n" in refused_beside("Er waren 12 oproepen.")


@pytest.mark.parametrize(("text", "what"), CASES["false nouns"])
def test_a_figure_called_something_else(text: str, what: str) -> None:
    """The mistake of the printed report: a share of follow-ups called one of calls."""
    assert f"is {what}, and the text says" in refused_beside(text)


@pytest.mark.parametrize("text", CASES["nouns"])
def test_nouns_that_agree(text: str) -> None:
    """The population's own noun and its synonyms pass, and what isn't a claim."""
    assert BESIDE.markdown(text, PLACE).nodes
