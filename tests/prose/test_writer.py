"""Texts that are checked and filled in, and figures by their ids."""

from __future__ import annotations

import pytest

from helpline_report.errors import ProseError
from helpline_report.prose.markdown import TextError
from helpline_report.prose.nodes import Element, Node, Text, Value, plain, values
from helpline_report.prose.writer import Resolved
from tests.prose.two_years import PLACE, figure, writer


def paragraph(*children: Node) -> Element:
    return Element("paragraph", children)


NO_CHANNEL = Element("note", (Text("Niet in dit verslag: de bron registreert geen kanaal."),))
WRITER = writer(
    contacts__total=figure("count", 4812),
    contacts__phone=figure("count", None),
    contacts__email=figure("share", None),
    site=figure("top", "<b>*awel*</b>", by=("referrer",)),
)


def resolve(text: str) -> Resolved:
    return WRITER.markdown(text, PLACE)


def test_a_figure_becomes_a_value() -> None:
    """With its text, its id, its form and its value for machines."""
    assert resolve("{{ contacts.total | noun }}").nodes == (
        paragraph(Value("4.812 contactnames", "contacts.total", "noun", "4812")),
    )


def test_a_parameter_becomes_a_value_without_figure() -> None:
    """What the parameters say has no page in the audit."""
    assert resolve("{{ helpline }}").nodes == (paragraph(Value("1712")),)


def test_a_figure_in_a_heading() -> None:
    """Headlines say findings too."""
    (heading,) = resolve("# {{ contacts.total }}").nodes
    assert heading.kind == "heading"


def test_a_label_stays_a_label() -> None:
    """Markdown and HTML in the data are text."""
    (value,) = values(resolve("{{ site }}").nodes)
    assert value.text == "<b>*awel*</b>"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ contacts.phone }} belden.\n\n{{ else }} Velen belden.", "Velen belden."),
        ("Er waren {{ contacts.total }}.\n\n{{ else }} Velen belden.", "Er waren 4.812."),
        (
            "{{ contacts.phone }} belden.\n\n{{ else }} Er waren {{ contacts.total }}.",
            "Er waren 4.812.",
        ),
    ],
)
def test_a_paragraph_that_stands_for_another(text: str, said: str) -> None:
    """Where that lacks a figure, and nowhere otherwise."""
    assert plain(resolve(text).nodes) == said


def test_a_paragraph_that_stands_for_another_lacks_a_figure_itself() -> None:
    """The note of the first stays."""
    text = "{{ contacts.phone }} belden.\n\n{{ else }} {{ contacts.email }} mailden."
    assert resolve(text).nodes == (NO_CHANNEL,)


def test_a_paragraph_without_its_figure_is_left_out() -> None:
    """And a note says why."""
    made = resolve("Voor.\n\nVia telefoon: {{ contacts.phone }}.\n\nNa.")
    assert made.nodes == (paragraph(Text("Voor.")), NO_CHANNEL, paragraph(Text("Na.")))


def test_what_was_left_out_is_told() -> None:
    """By figure, reason and place."""
    (dropped,) = resolve("a\n\nb {{ contacts.phone }}").dropped
    assert (dropped.name, dropped.reason.code) == ("contacts.phone", "no_field")
    assert dropped.place == "04_contacts.ipynb, cell 'total', line 12"


def test_one_reason_is_told_once() -> None:
    """Blocks in a row that lack the same thing have one note."""
    assert resolve("{{ contacts.phone }}\n\n{{ contacts.email }}").nodes == (NO_CHANNEL,)


def test_a_list_loses_an_item() -> None:
    """The others stand, and the note stands behind the list."""
    made = resolve("- a\n- {{ contacts.phone }}\n- b")
    items = tuple(Element("item", (paragraph(Text(text)),), tight=True) for text in "ab")
    assert made.nodes == (Element("bullets", items), NO_CHANNEL)


def test_a_list_that_loses_all_is_gone() -> None:
    """No empty list is left."""
    assert resolve("1. {{ contacts.phone }}\n2. {{ contacts.email }}").nodes == (NO_CHANNEL,)


def test_an_item_keeps_its_text_without_a_part_of_its_list() -> None:
    """A list inside a list loses its own items alone."""
    made = resolve("- a\n  - {{ contacts.phone }}")
    item = Element("item", (paragraph(Text("a")),), tight=True)
    assert made.nodes == (Element("bullets", (item,)), NO_CHANNEL)


def test_a_quotation_loses_a_paragraph() -> None:
    """What is left of it stands."""
    made = resolve("> a\n>\n> {{ contacts.phone }}")
    assert made.nodes == (Element("quote", (paragraph(Text("a")),)), NO_CHANNEL)


def test_without_a_comparison_year() -> None:
    """A sentence about the year before is left out, with the reason."""
    made = writer(compared=False).markdown("In {{ year.previous }} was dat anders.", PLACE)
    reason = Text("Niet in dit verslag: er is geen jaar om mee te vergelijken.")
    assert made.nodes == (Element("note", (reason,)),)


def test_exemptions_are_listed() -> None:
    """For the auditor: the text, its source and its place."""
    (exemption,) = resolve("a\n[de helft](<bron:art. 3>)").exemptions
    assert (exemption.text, exemption.source) == ("de helft", "art. 3")
    assert exemption.place == "04_contacts.ipynb, cell 'total', line 11"


def test_parameters_in_an_address() -> None:
    """A telephone number stands once, in the parameters."""
    (block,) = resolve("[bel ons](<tel:{{ fact.phone }}>)").nodes
    assert block == paragraph(Element("link", (Text("bel ons"),), href="tel:1712"))


def test_a_parameter_cannot_change_where_a_link_leads() -> None:
    """An address made of parameters is checked like any other."""
    with pytest.raises(ProseError, match=r"a link to 'www\.1712\.be'"):
        writer().markdown("[site](<{{ helpline.website }}>)", PLACE)


def test_an_unknown_figure() -> None:
    """Told with file, cell, line and the nearest name."""
    with pytest.raises(TextError) as caught:
        resolve("a\n{{ contacts.totaal }}")
    assert str(caught.value).startswith(
        "04_contacts.ipynb, cell 'total', line 11, column 1: there is no figure and no parameter "
        "'contacts.totaal', did you mean 'contacts.total'?"
    )


def test_every_complaint_comes_at_once() -> None:
    """Names, forms and findings, in the order of their lines."""
    with pytest.raises(TextError) as caught:
        resolve("Twaalf {{ contacts.totaal }}\n{{ contacts.total | change }}\nen 12.")
    assert [item.line for item in caught.value.complaints] == [0, 0, 1, 2]


def test_a_name_that_is_wrong_is_told_beside_one_without_a_value() -> None:
    """A block that would be left out is checked all the same."""
    with pytest.raises(TextError, match="there is no figure"):
        resolve("{{ contacts.phone }} {{ contacts.totaal }}")


def test_the_exit_code_is_the_users() -> None:
    """A text that can't be used is what the user gave."""
    with pytest.raises(ProseError) as caught:
        resolve("12")
    assert caught.value.exit_code == 2


def test_a_figure_by_its_id() -> None:
    """As good as the figure itself; a misspelt one is told with the nearest."""
    assert WRITER.value("contacts.total", "noun") == "4.812 contactnames"
    with pytest.raises(ProseError, match=r"no figure 'contacts\.totaal', did you mean"):
        WRITER.value("contacts.totaal")


def test_a_cell_of_a_table() -> None:
    """The value where there is one, else why not: never an empty cell, and never 0."""
    assert WRITER.shown("contacts.total") == "4.812"
    assert WRITER.shown("contacts.phone") == "niet geregistreerd"
