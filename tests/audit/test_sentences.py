"""The sentences of a page, each with its place and the figures in it."""

from helpline_report.audit.sentences import Sentence, read_sentences
from tests.audit.test_edition_differences import PAGE


def test_the_sentences_of_a_page() -> None:
    """Each with its chapter, the anchor before it and its figures; no table, card or drawing."""
    chapter, chart = "chapter-contacts", "contacts.chart"
    assert read_sentences(PAGE) == [
        Sentence("title", "title", "Verslag"),
        Sentence(chapter, "title-contacts", "Contacten"),
        Sentence(chapter, "title-contacts", "Dat zijn er 4.812.", ("contacts.total",)),
        Sentence(chapter, "title-contacts", "De rest is tekst van 86,41\N{NO-BREAK SPACE}%."),
        Sentence(chapter, chart, "Meest in juni"),
        Sentence(chapter, chart, "Per maand"),
        Sentence(chapter, chart, "Bron."),
        Sentence(chapter, chart, "Een punt"),
        Sentence(chapter, "campaign-x", "Campagne"),
    ]


def test_a_text_behind_the_last_block() -> None:
    """What stands at the end of a page by itself is a sentence too."""
    assert [each.text for each in read_sentences("<main><p>Een.</p>Twee.</main>")] == [
        "Een.",
        "Twee.",
    ]


def test_where_a_sentence_ends() -> None:
    """Before a capital, a digit or a figure; not behind an abbreviation or within a number."""
    text = "Dat is bijv. elk uur 1.203. 12 minder? <data data-figure='a'>Acht</data> meer! (En zo.)"
    assert [each.text for each in read_sentences(f"<main><p>{text}</p></main>")] == [
        "Dat is bijv. elk uur 1.203.",
        "12 minder?",
        "Acht meer!",
        "(En zo.)",
    ]


def test_a_page_without_a_main_part() -> None:
    """It has no sentences."""
    assert read_sentences("<p>Een.</p>") == []
