"""Hold literal prose to the figures: which one a typed number says, and which noun stands beside.

The noun behind a figure is its population's: '86 % van de oproepen' behind a share of follow-ups is
the commonest mistake of a printed report.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache

from helpline_report.figures.model import Figure
from helpline_report.prose.catalogue import catalogue
from helpline_report.prose.forms import fitting_forms
from helpline_report.prose.literal_text import (
    SET_OUT,
    TypedNumber,
    any_of,
    read,
    read_literal,
)
from helpline_report.prose.markdown import Complaint
from helpline_report.prose.nodes import Element, Placeholder, SoftBreak, Text, leaves, text_blocks
from helpline_report.prose.numbers import exact, rounded
from helpline_report.prose.vocabulary import Vocabulary

NUMBER_STEP = (
    "write the figure by its name, {{ figure | form }}, or mark the number's source: "
    "[words](<bron:the source>)"
)
NOUN_STEP = "write {{ figure | noun }}, which names what was counted, or take another figure"
COUNTED = ("count", "percent", "percent change", "mean", "ratio")
SHARES = ("percent", "percent change")
# A figure this far from a typed number, as a part of it, may be the one that was meant.
CLOSE = 0.05
MOST_OFFERED = 2


def typed_numbers(
    blocks: tuple[Element, ...],
    language: str,
    names: Collection[str],
    words: Vocabulary | None = None,
) -> Iterator[Complaint]:
    """A complaint for every typed number, with the figures of its value where `words` know any."""
    for block in text_blocks(blocks, quoted=False):
        reading = read(block.children)
        for number in read_literal(reading.text, language, names).numbers:
            what = f"'{number.words}' is a number that is typed"
            behind = reading.text[number.span[1] :].casefold()
            offers = "; ".join(_offers(number, behind, words)) if words else ""
            line, column = reading.places[number.span[0]]
            what += f"; {offers}" if offers else ""
            yield Complaint(line, what, NUMBER_STEP, column)


def _offers(number: TypedNumber, behind: str, words: Vocabulary) -> Iterator[str]:
    """The figures that a typed number may be, as a placeholder to copy with what it says."""
    if number.value is None:
        return
    value = number.value
    decimals = max(0, -int(value.as_tuple().exponent))
    ranked = []
    for figure in words.ledger.figures.values():
        if figure.unit not in COUNTED or figure.value is None:
            continue
        if (figure.unit in SHARES) != (number.unit == "percent"):
            continue
        size = abs(exact(figure.number))
        same = rounded(size, decimals) == rounded(value, decimals)
        off = float(abs(size - value)) / max(float(value), 1)
        other = not re.match(rf"\s*(?:van de )?{words.noun(figure.population.noun)}", behind)
        if same or off <= CLOSE:
            ranked.append((not same, off if not same else 0, other, len(figure.id), figure.id))
    exact_ones = [each for each in sorted(ranked) if not each[0]]
    for *_, name in (exact_ones or sorted(ranked)[:1])[:MOST_OFFERED]:
        figure = words.figure(name)
        form = " | change" if "change" in fitting_forms(figure) else ""
        yield (
            f"{{{{ {name}{form} }}}} says it" if exact_ones else f"the nearest is {{{{ {name} }}}}"
        )


def false_nouns(
    blocks: tuple[Element, ...], figures: Mapping[str, Figure], language: str
) -> Iterator[Complaint]:
    """A complaint for every noun behind a figure that isn't what was counted."""
    for block in text_blocks(blocks):
        text = read(block.children).bare.casefold()
        set_out = (n for n in leaves(block.children) if not isinstance(n, Text | SoftBreak))
        for place, node in zip(re.finditer(SET_OUT, text), set_out, strict=True):
            figure = figures.get(node.name) if isinstance(node, Placeholder) else None
            if isinstance(node, Placeholder) and figure and figure.unit in COUNTED:
                after = text[place.end() :].partition(SET_OUT)[0]
                yield from _beside(node, figure, after, language)


def _beside(
    placeholder: Placeholder, figure: Figure, after: str, language: str
) -> Iterator[Complaint]:
    share = figure.unit == "percent"
    # 'Van de …' always stands behind a share, and maybe behind a count with its noun.
    with_noun = (placeholder.form or "").lower().startswith("noun")
    of = "always" if share else "maybe" if with_noun else "never"
    counted = figure.of if share and figure.of else figure.population
    for noun, pattern in _nouns(language, of).items():
        claimed = pattern.match(after)
        if claimed and noun != counted.noun:
            kind = "a share of" if share else "about"
            what = f"'{figure.id}' is {kind} {counted.noun}, and the text says '{claimed['noun']}'"
            yield Complaint(placeholder.line, what, NOUN_STEP, placeholder.column)


@cache
def _nouns(language: str, of: str) -> dict[str, re.Pattern[str]]:
    """By population, the pattern of its nouns right behind a number, or behind 'van de'."""
    words = catalogue(language)["texts"]
    of_the = rf"{any_of(words['of'])}\s+{any_of(words['determiners'])}\s+"
    head = {"always": of_the, "maybe": f"(?:{of_the})?", "never": ""}[of]
    head += rf"(?:{any_of(words['adjectives'])}\s+)?"
    return {
        noun: re.compile(rf"\s*{head}(?P<noun>{any_of(names)})")
        for noun, names in words["nouns"].items()
    }
