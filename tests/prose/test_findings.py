"""Typed numbers and findings in literal prose, and claims beside a figure."""

from __future__ import annotations

import pytest

from helpline_report.prose.catalogue import LANGUAGES, catalogue
from helpline_report.prose.findings import typed_findings
from helpline_report.prose.markdown import Place, TextError, parse
from tests.prose.two_years import PLACE, figure, writer

HERE = Place("a.md")


def found(text: str, language: str = "nl") -> list[str]:
    """The words that are refused, in order."""
    complaints = typed_findings(parse(text, HERE), language)
    return [item.what.split("'")[1] for item in complaints]


@pytest.mark.parametrize(
    "numeral",
    ["12", "4.812", "86,41", "½", "x²", "٣", "Ⅳ", "１２", "8-10", "covid19", "1/3"],
)
def test_numerals_of_any_script(numeral: str) -> None:
    """Digits, fractions, powers: whatever a reader reads as a number."""
    assert len(found(f"Er waren {numeral} contactnames.")) == 1


def test_a_percent_sign() -> None:
    """The sign comes with its number, from the form."""
    assert found("{{ a }} % van hen") == ["%"]


@pytest.mark.parametrize(
    "word",
    [
        "twee", "twaalf", "vijfentwintig", "éénentwintig", "driehonderd", "tweeduizend", "miljoen",
        "één", "éen", "tweede", "derde", "vierde", "twintigste", "tweemaal", "drievoudig",
        "tientallen", "half", "halve", "helft", "anderhalf", "kwart", "dubbel", "tweeën", "procent",
        "tweederde", "driekwart", "drievierde",
    ],
)  # fmt: skip
def test_number_words(word: str) -> None:
    """Cardinals, ordinals and fractions in words."""
    assert found(f"Dat zijn {word} oproepen.") == [word]


@pytest.mark.parametrize(
    "text",
    [
        "een gesprek",
        "eerste hulp",
        "in acht nemen",
        "betrokken derden",
        "mensen achten dit",
        "vieren we dit jaar",
        "een kwartaal later",
        "ten minste",
        "het verdriet van slachtoffers",
        "het hoger onderwijs",
        "stil en even vroeg",
        "een CD, een DVD, maat XL en een CV",
        "hoe vaak geweld voorkomt",
        "onderaan de pagina",
    ],
)
def test_words_that_only_look_like_one(text: str) -> None:
    """The article, set phrases, and other words that begin alike."""
    assert found(text) == []


@pytest.mark.parametrize(
    "word",
    [
        "stijging", "stijgt", "steeg", "gestegen", "daling", "daalde", "toename", "afname",
        "toegenomen", "meeste", "meest", "meestal", "vaker", "vaakst", "hoogste", "laagste",
        "drukste", "grootste", "meerderheid", "minderheid", "overgrote", "verdubbeld",
        "verdubbeling", "gehalveerd", "nauwelijks", "bijna alle", "record", "piek", "evenveel",
        "hoofdzakelijk", "vooral", "significante", "vaak", "zelden", "fors", "sterk", "liep op",
        "liepen terug", "klom", "zakte", "bovenaan", "koploper", "het gros", "amper", "steeds meer",
        "steeds minder", "almaar meer", "veel meer", "meer oproepen", "minder e-mails",
        "nooit eerder", "opvallend weinig", "terugval", "explodeerde", "bijna elke",
    ],
)  # fmt: skip
def test_words_that_claim_a_finding(word: str) -> None:
    """What figures should say, no text says on its own."""
    assert found(f"Er is {word} te zien.") == [word]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("meer contactnames over geweld dan vorig jaar", "meer contactnames over geweld dan"),
        ("minder dan vorig jaar", "minder dan"),
        ("het aantal nam dit jaar toe", "nam dit jaar toe"),
        ("meer {{ a }} dan", "meer \N{OBJECT REPLACEMENT CHARACTER} dan"),
    ],
)
def test_words_that_belong_together(text: str, expected: str) -> None:
    """Up to four words may stand between them."""
    assert found(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bovenaan staat {{ a }}.", []),
        ("Bij hen staan {{ a }} en {{ b }} bovenaan.", []),
        ("Bovenaan staat partnergeweld. Dat zijn er {{ a }}.", ["Bovenaan"]),
    ],
)
def test_a_place_is_a_figures(text: str, expected: list[str]) -> None:
    """'Bovenaan' may be said of a figure in the same sentence, and of nothing else."""
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "de *meeste* mensen",
        "de **mee**ste mensen",
        "de MEESTE mensen",
        "de mee\N{SOFT HYPHEN}ste mensen",
        "de mee\N{ZERO WIDTH SPACE}ste mensen",
        "de m\N{COMBINING ACUTE ACCENT}eeste mensen",
        "de ｍｅｅｓｔｅ mensen",
        "# De meeste",
        "- de meeste",
        "> de meeste",
        "[de meeste](#a)",
        "de mees&#116;e",
    ],
)
def test_no_disguise_helps(text: str) -> None:
    """Emphasis, capitals, invisible and composed characters, entities, and every kind of block."""
    assert len(found(text)) == 1


def test_words_across_the_end_of_a_line() -> None:
    """A line's end is a space."""
    assert found("bijna\nalle mensen") == ["bijna alle"]


@pytest.mark.parametrize(
    "text",
    [
        "{{ a.top4 | change }}",
        "[de helft van 12](<bron:een decreet>)",
        "[de site](https://www.1712.be/2017)",
        "Wil je meer weten? Lees dan verder.",
        "een teken \N{OBJECT REPLACEMENT CHARACTER} uit een tekstverwerker",
    ],
    ids=["a placeholder", "a marked source", "an address", "more alone", "a stray character"],
)
def test_what_is_no_finding(text: str) -> None:
    """What figures say, what a source says, and what no reader reads."""
    assert found(text) == []


def test_every_finding_is_told_and_says_what_to_do() -> None:
    """In order, with its line and the next step."""
    complaints = typed_findings(parse("Drie keer\n\nmeer dan 12.", HERE), "nl")
    assert [item.what for item in complaints] == [
        "'Drie' is a number that is typed",
        "'meer dan' is a finding that is typed",
        "'12' is a number that is typed",
    ]
    assert [item.line for item in complaints] == [0, 2, 2]
    assert "write it as {{ figure | form }}" in complaints[0].next_step


@pytest.mark.parametrize(
    "text", ["most callers", "a rise of", "twenty-five", "half", "more calls than", "fifth"]
)
def test_english_findings(text: str) -> None:
    """Each language has its words."""
    assert found(text, "en")


@pytest.mark.parametrize("text", ["at least", "one another", "first aid", "often", "a person"])
def test_english_words_that_pass(text: str) -> None:
    """And its phrases."""
    assert found(text, "en") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_of_the_catalogue_is_found(language: str) -> None:
    """No entry is written in vain."""
    words = catalogue(language)["findings"]
    phrases = [*words["numbers"], *words["findings"], *words["number_parts"]]
    missed = [p for p in phrases if not found(p.replace("…", "zo").replace("*", ""), language)]
    assert missed == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_allowed_phrase_passes(language: str) -> None:
    """What the catalogue allows is allowed."""
    refused = [p for p in catalogue(language)["findings"]["allowed"] if found(p, language)]
    assert refused == []


# Claims beside a figure


BESIDE = writer(
    total=figure("count", 4812),
    persons=figure("count", 946, noun="persons"),
    referred=figure("share", 59.3, noun="followups"),
    busiest=figure("top", 6, by=("month",), unit="month"),
)


def refusal(text: str) -> str:
    with pytest.raises(TextError) as caught:
        BESIDE.markdown(text, PLACE)
    return str(caught.value)


@pytest.mark.parametrize("form", ["noun", "Noun", "noun_words"])
def test_a_count_of_something_else(form: str) -> None:
    """Contacts called a number of the persons."""
    told = refusal(f"Dat zijn {{{{ total | {form} }}}} van de gemelde personen.")
    assert "'total' is about contacts, and the text says 'gemelde personen'" in told


@pytest.mark.parametrize(
    "text",
    [
        "{{ referred }} van de oproepen",
        "{{ referred | percent0 }} van alle contactnames",
        "*{{ referred }}* van\nde contacten",
        "**{{ referred }} van de gemelde personen**",
    ],
)
def test_a_share_called_one_of_something_else(text: str) -> None:
    """The mistake of the printed report: a share of follow-ups called one of calls."""
    assert "'referred' is a share of followups, and the text says" in refusal(text)


def test_a_count_called_something_else() -> None:
    """Persons printed as calls."""
    told = refusal("Er waren {{ persons }} oproepen.")
    assert "'persons' is about persons, and the text says 'oproepen'" in told


@pytest.mark.parametrize(
    "text",
    [
        "{{ referred }} van de gevolggevingen",
        "{{ total }} contactnames over {{ persons }} gemelde personen",
        "{{ total }} unieke contactnames",
        "{{ persons }} slachtoffers",
        "{{ total }} van slachtoffers",
        "{{ busiest }} gemelde personen",
        "{{ persons | noun }}",
    ],
)
def test_nouns_that_agree(text: str) -> None:
    """The population's own noun and its synonyms pass, and what isn't a claim."""
    assert BESIDE.markdown(text, PLACE).nodes


@pytest.mark.parametrize("hedge", ["ruim", "bijna", "ongeveer", "Slechts", "maar liefst"])
def test_hedges_are_computed(hedge: str) -> None:
    """Whether it is a little more or a little less, the figure knows."""
    assert f"'{hedge.casefold()}' before 'total' is typed" in refusal(f"{hedge} {{{{ total }}}}")


def test_a_hedge_elsewhere_passes() -> None:
    """'Rond' before a month cuts nothing short."""
    assert BESIDE.markdown("rond {{ busiest }}, een ruim gebouw", PLACE).nodes
