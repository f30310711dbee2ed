"""Each kind of mistake is found, with its numbers, and each kind of right statement is let be."""

import pytest

from tests.audit.proofreading.documents import proof, said, verdicts

GROWTH = [
    (
        "Het aantal klachten steeg van 120 naar 150, een stijging van 20 %.",
        "Van 120 naar 150 is een stijging van 25,0 %, en niet 20 %.",
    ),
    (
        "In 2018 waren er 1.304 leden. Dat is 12 % meer dan in 2017 (1.012 leden).",
        "Van 1.012 naar 1.304 is een stijging van 28,9 %, en niet 12 %.",
    ),
    (
        "Er kwamen 480 gasten, een daling van 20 % tegenover 2017 (n=520).",
        "Van 520 naar 480 is een daling van 7,7 %, en niet 20 %.",
    ),
    (
        "We telden 48 bezoekers, tegenover 40 in 2016. Dat is een stijging van 30 %.",
        "Van 40 naar 48 is een stijging van 20,0 %, en niet 30 %.",
    ),
    (
        "Het aantal leden daalde van 200 naar 230.",
        "Van 200 naar 230 is geen daling.",
    ),
    (
        "Het ledenaantal nam toe van 410 tot 389.",
        "Van 410 naar 389 is geen stijging.",
    ),
]


@pytest.mark.parametrize(("text", "explanation"), GROWTH)
def test_a_growth_that_its_two_numbers_contradict(text: str, explanation: str) -> None:
    """The growth is computed from the two numbers beside it, whichever stands first."""
    assert said(text) == explanation


def test_a_count_that_is_no_such_share_of_the_whole_beside_it() -> None:
    """A whole, a part and a percentage in one sentence have to agree."""
    text = "Van de 412 leden kwamen er 150 (50 %) naar de vergadering."
    assert said(text).startswith("150 is 36,41 % van het totaal van 412 leden, en niet 50 %")


def test_a_count_that_is_called_another_population_by_its_share() -> None:
    """The pair fits the total of persons, so it counts persons, whatever it is called."""
    text = """\
De lijn kreeg 2.412 oproepen over 3.108 personen.

20 % van de oproepen ging over pesten (n=620).
"""
    assert verdicts(text) == [(3, "shares", "wrong_population")]
    assert said(text) == (
        "620 is 20 % van 3.108 personen. Van 2.412 contacten zou het 25,70 % zijn. "
        "Het getal telt dus personen, en heet hier contacten."
    )


def test_a_count_that_is_a_share_of_a_part_named_just_before() -> None:
    """The whole may be a part itself, named as another population in the sentence before."""
    text = """\
De lijn kreeg 2.412 oproepen over 3.108 personen.

Bij 1.850 personen ging het over pesten. 90 % van deze oproepen over pesten kwam van een school
(n=1.665).
"""
    assert [item[1:] for item in verdicts(text)] == [("shares", "wrong_population")]


def test_percentages_that_no_whole_number_of_the_population_gives() -> None:
    """Three shares that make up a whole fit persons alone, and the sentences speak of a person."""
    text = """\
De lijn kreeg 2.412 oproepen over 3.108 personen.

In 51,87 % van de oproepen is de persoon een vrouw. In 33,53 % is die een man.
Bij 14,61 % van de oproepen is het geslacht van de persoon onbekend.
"""
    assert [item[1:] for item in verdicts(text)] == [("granularity", "wrong_population")]


def test_percentages_that_the_population_gives_are_right() -> None:
    """1.251, 809 and 352 of 2.412 oproepen."""
    text = """\
De lijn kreeg 2.412 oproepen over 3.108 personen.

In 51,87 % van de oproepen is de persoon een vrouw. In 33,54 % is die een man.
Bij 14,59 % van de oproepen is het geslacht van de persoon onbekend.
"""
    assert proof(text).findings == ()


FOLLOW_UPS = """\
De lijn kreeg 2.412 oproepen. Er waren 5.000 gevolggevingen.

Bij {share} van de {noun} werd verwezen naar een dienst.

Gevolggeving Aantal
Advies 1.998
Verwezen naar politie 1.204
Verwezen naar een centrum 1.698
Andere 100
Totaal 5.000
"""


def test_a_share_of_a_table_that_is_called_another_populations() -> None:
    """The rows that the sentence names add up to that share of follow-ups, not of calls."""
    text = FOLLOW_UPS.format(share="58 %", noun="oproepen")
    assert verdicts(text) == [(3, "table_shares", "wrong_population")]
    assert said(text) == (
        "In de tabel op regel 6 zijn de 2 rijen ‘Verwezen …’ samen 2.902 van 5.000 gevolggevingen, "
        "dus 58,04 %. Van 2.412 contacten zou het 120,32 % zijn. Het is een aandeel van "
        "gevolggevingen, en heet hier een aandeel van contacten."
    )


@pytest.mark.parametrize(("share", "noun"), [("58 %", "gevolggevingen"), ("41 %", "oproepen")])
def test_a_share_of_what_it_is_called_or_of_nothing_in_the_table(share: str, noun: str) -> None:
    """A share of the table's own population is right; one that isn't in it is somebody else's."""
    assert proof(FOLLOW_UPS.format(share=share, noun=noun)).findings == ()


def test_shares_that_leave_some_out() -> None:
    """Told to the unit: 2.205 and 180 of 2.412 leave 27."""
    text = """\
De lijn kreeg 2.412 oproepen.

91,42 % van de oproepen kwam telefonisch, tegenover 7,46 % via e-mail.
"""
    assert verdicts(text) == [(3, "breakdown", "incomplete")]
    assert "Van 27 contacten staat er niet waar ze bij horen." in said(text)


def test_counts_that_leave_some_out() -> None:
    """A list of who called, its parts of parts left aside, is 12 short."""
    text = """\
De lijn kreeg 412 oproepen.

De meeste oproepen kwamen van familie (n=250). Daarvan kwamen er 80 van een ouder. 90 oproepen
kwamen van buren, 40 oproepen van scholen en 20 oproepen van de politie.
"""
    assert verdicts(text) == [(3, "breakdown", "incomplete")]
    assert "Van 12 contacten staat er niet waar ze bij horen." in said(text)


@pytest.mark.parametrize(
    "rest",
    [
        "Bij 12 oproepen is niet genoteerd van wie ze kwamen.",
        "Bij 7 oproepen is niets genoteerd, en 5 oproepen kwamen van anderen.",
    ],
)
def test_a_gap_that_is_told_is_none(rest: str) -> None:
    """One number of the section accounts for the rest, or two do."""
    text = f"""\
De lijn kreeg 412 oproepen.

De meeste oproepen kwamen van familie (n=250). 90 oproepen kwamen van buren, 40 oproepen van
scholen en 20 oproepen van de politie. {rest}
"""
    assert proof(text).findings == ()


def test_whole_percentages_that_add_up_to_less_prove_nothing() -> None:
    """71 and 27 percent may leave anything from 1 to 3 percent."""
    text = """\
De lijn kreeg 412 oproepen.

71 % van de oproepen kwam van een vrouw, 27 % van de oproepen van een man.
"""
    assert proof(text).findings == ()


def test_a_mean_that_its_share_contradicts() -> None:
    """A mean over months is held against the share with the same characteristic."""
    text = """\
De lijn kreeg 2.412 oproepen: 91,42 % kwam telefonisch en 8,58 % via e-mail.

Gemiddeld zijn er 184 telefonische oproepen per maand en 15 e-mails per maand.
"""
    assert verdicts(text) == [(3, "means", "contradicts")]
    assert said(text) == (
        "8,58 % van 2.412 is 207. Gedeeld door 12 maanden is dat 17,25, en niet 15."
    )


def test_a_mean_over_the_days_that_the_text_names() -> None:
    """2.412 calls on 240 days are ten a day, not nine."""
    text = """\
De lijn kreeg 2.412 oproepen. Ze was 240 dagen open. Per dag zijn dat gemiddeld {} oproepen.
"""
    assert proof(text.format(10)).findings == ()
    assert [item.verdict for item in proof(text.format(9)).findings] == ["contradicts"]


UNEQUAL = """\
In 2018 waren er {} oproepen over pesten, een stijging ten opzichte van 2017 ({} oproepen in 6
maanden).
"""


def test_a_rise_between_unequal_periods_that_the_numbers_do_not_carry() -> None:
    """30 in a year against 12 in half a year is 1,25 a month, and that may be chance."""
    assert said(UNEQUAL.format(30, 12)) == (
        "30 in 12 maanden tegenover 12 in 6 maanden: per maand is dat 1,25 keer zoveel, met een "
        "95 %-interval van 0,62 tot 2,68. Dat draagt geen stijging."
    )


def test_a_rise_between_unequal_periods_that_the_numbers_carry() -> None:
    """90 in a year against 12 in half a year is a rise."""
    assert proof(UNEQUAL.format(90, 12)).findings == ()


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Er waren 60 klachten, namelijk 30 over geur, 20 over afval en 15 andere.", "contradicts"),
        ("Er waren 60 klachten, namelijk 30 over geur, 20 over afval en 5 andere.", "incomplete"),
        ("Er waren 61 klachten: 30 over geur, 20 over afval en 10 andere.", "incomplete"),
        ("Er waren 30 klachten, waarvan 45 over geur.", "contradicts"),
    ],
)
def test_a_list_of_parts_that_is_not_its_whole(text: str, verdict: str) -> None:
    """'Namelijk' gives all parts; behind a colon nearly all of them are taken for all."""
    assert verdicts(text) == [(1, "enumeration", verdict)]


RIGHT = [
    "Het aantal klachten steeg van 120 naar 150, een stijging van 25 %.",
    "In 2018 waren er 1.304 leden. Dat is ruim 28 % meer dan in 2017 (1.012 leden).",
    "Er kwamen 480 gasten, een daling van ruim 7 % tegenover 2017 (n=520).",
    "Van de 400 leden kwamen er 150 (37,5 %) naar de vergadering.",
    "De lijn kreeg 2.400 oproepen. Gemiddeld zijn dat 200 oproepen per maand, of 46 per week.",
    "Er waren 60 klachten, namelijk 30 over lawaai, 20 over afval en 10 over geur.",
    "Het aantal leden steeg van 100 naar 120, dat van de helpers van 40 naar 60 (+50 %).",
    "Er kwamen 1.000 oproepen. Gemiddeld gaan er 12 oproepen per maand over pesten.",
    "Het aandeel vrouwen steeg van 48 % naar 52 %.",
    "De prijs steeg met 2 % tot 14 euro, tegenover 12 euro in 2010.",
    "Het aantal oproepen steeg met 10 % tot 1.100, na een daling van 5 % in 2016.",
    "Van 9 tot 17 uur is de stijging het grootst: 30 %.",
    "Er waren 412 oproepen: 380 van volwassenen, van wie 200 vrouwen, en 32 van minderjarigen.",
    "Het budget daalde van 1,2 miljoen euro naar 1,1 miljoen euro, of 8 % minder.",
    "Bijna 400 mensen kwamen; 52 procent (201) van hen was lid.",
    "Twee derde van de 300 leden (203) kwam.",
    "In het eerste kwartaal kwamen er 120 oproepen, in 2017 waren het er 400. Geen stijging dus.",
]


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_right_is_not_reported(text: str) -> None:
    """A rounding, a hedge, another clause, a part of a part: none of them is a mistake."""
    assert proof(text).findings == ()
