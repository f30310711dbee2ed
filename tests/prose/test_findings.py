from __future__ import annotations

import pytest

from helpline_report.prose.catalogue import LANGUAGES, catalogue
from helpline_report.prose.findings import typed_findings
from helpline_report.prose.markdown import parse
from helpline_report.prose.place import Place

HERE = Place("a.md")


def found(text: str, language: str = "nl") -> list[str]:
    """The words that are refused, in order."""
    complaints = typed_findings(parse(text, HERE), language)
    return [item.what.split("'")[1] for item in complaints]


@pytest.mark.parametrize(
    "numeral",
    [
        *("12", "4.812", "86,41", "½", "x²", "٣", "Ⅳ", "１２", "8-10", "covid19", "1/3"),
        *("MMXVII", "XII", "IV", "*MM*XV"),
    ],
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


def test_more_alone_is_no_comparison() -> None:
    """'Meer weten' compares nothing."""
    assert found("Wil je meer weten? Lees dan verder.") == []


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


def test_a_placeholder_is_no_finding() -> None:
    """What the figures say, they may say."""
    assert found("{{ a.top4 | change }}") == []


def test_marked_sources_pass() -> None:
    """A quotation on its source's word."""
    assert found("[de helft van 12](<bron:een decreet>)") == []


def test_an_address_is_no_prose() -> None:
    """Nobody reads the digits of a link."""
    assert found("[de site](https://www.1712.be/2017)") == []


def test_the_line_of_a_finding() -> None:
    """Counted from the text's first line."""
    complaints = typed_findings(parse("a\n\nb\nde meeste", HERE), "nl")
    assert [item.line for item in complaints] == [3]


def test_every_finding_is_told_and_says_what_to_do() -> None:
    """In order, with the next step."""
    complaints = typed_findings(parse("Drie keer meer dan 12.", HERE), "nl")
    assert [item.what for item in complaints] == [
        "'Drie' is a number that is typed",
        "'meer dan' is a finding that is typed",
        "'12' is a number that is typed",
    ]
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
    words = catalogue(language).findings
    phrases = [*words.numbers, *words.findings, *words.number_parts]
    missed = [p for p in phrases if not found(p.replace("…", "zo").replace("*", ""), language)]
    assert missed == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_allowed_phrase_passes(language: str) -> None:
    """What the catalogue allows is allowed."""
    refused = [p for p in catalogue(language).findings.allowed if found(p, language)]
    assert refused == []
