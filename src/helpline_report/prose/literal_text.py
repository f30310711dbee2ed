"""Find the numbers that literal prose types, and the words in it that claim a finding.

A typed number has no figure behind it: it is written in digits, in words ('drieëntwintig') or as a
fraction ('de helft'). Ordinary numbers count nothing: dates and years, hours, ages, laws, telephone
numbers, addresses, names, and quotations with their credit. Words that claim something ('steeg')
are for whoever approves the text. The words and patterns of each language stand in its catalogue.

The noun behind a figure is its population's: '86 % van de oproepen' behind a share of follow-ups is
the commonest mistake of a printed report.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

from babel import Locale
from babel.dates import get_month_names
from babel.numbers import NumberFormatError, parse_decimal

from helpline_report.figures.model import Figure
from helpline_report.parameters.values import exact, rounded
from helpline_report.prose import nodes as tree
from helpline_report.prose.markdown import Complaint
from helpline_report.prose.numbers import catalogue
from helpline_report.prose.vocabulary import Vocabulary

# Stands for a placeholder, and for a text whose source is marked: it is part of no word.
SET_OUT = "\N{OBJECT REPLACEMENT CHARACTER}"
GAP = rf"(?:\s+[\w{SET_OUT}'’-]+){{0,4}}?"
# Runs of digits (each drawn as 0) and percent signs, with the marks between digits, as in 4.812.
NUMERALS = re.compile(r"[0%‰]+(?:[.,:/–-]0[0%‰]*)*")
# Ordinary numbers of these kinds count something where a counted noun stands behind them, or a word
# like 'ruim' before them.
MAY_COUNT = ("year", "name", "telephone", "law", "duration", "thing", "address")
# Somebody's age in digits, up to 120.
AGE = r"(?:[1-9]\d?|1[01]\d|120)(?!\d)"
NUMBER_STEP = (
    "write the figure by its name, {{ figure | form }}, or mark the number's source: "
    "[words](<bron:the source>)"
)
NOUN_STEP = "write {{ figure | noun }}, which names what was counted, or take another figure"
SHARES = ("percent", "percent change")
COUNTED = (*SHARES, "count", "mean", "ratio")
MOST_OFFERED = 2

Span = tuple[int, int]


@dataclass(frozen=True)
class BlockText:
    """The text of a block as a reader sees it, and the line and column of each of its letters.

    Emphasis doesn't interrupt a word, the end of a line is a space, and what is invisible (a soft
    hyphen, a zero-width space) is gone.
    """

    text: str
    places: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class TypedNumber:
    """A number that no figure answers for, as it is written; one in digits has a value."""

    span: Span
    words: str
    value: Decimal | None
    is_share: bool


@dataclass(frozen=True)
class Reading:
    """What literal prose says: typed numbers, ordinary ones with their kind, claiming words."""

    numbers: tuple[TypedNumber, ...]
    ordinary: tuple[tuple[Span, str], ...]
    claims: tuple[Span, ...]


def is_set_out(node: tree.Node) -> bool:
    """Whether a node is no literal prose: a figure, or words with a source of their own."""
    return not isinstance(node, tree.Text | tree.SoftBreak)


def read_block(nodes: Iterable[tree.Node]) -> BlockText:
    """The text of the inline nodes of one block."""
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    line = column = 0
    for node in tree.leaves(nodes):
        text = SET_OUT if is_set_out(node) else " "
        if isinstance(node, tree.Text):
            line, column = node.line, node.column
            text = unicodedata.normalize("NFC", node.text.replace(SET_OUT, " "))
        for at, letter in enumerate(text):
            if unicodedata.category(letter) not in ("Cf", "Mn", "Mc", "Me"):
                letters.append(letter)
                places.append((line, column + at))
    return BlockText("".join(letters), tuple(places))


@lru_cache(maxsize=4096)
def _strip_accents(text: str) -> str:
    """A text without accents and other marks, and its letters in their plain shapes."""
    taken_apart = unicodedata.normalize("NFKD", text)
    return "".join(c for c in taken_apart if not unicodedata.category(c).startswith("M"))


def _strip_letters(text: str) -> str:
    """A text without accents in which each letter keeps its place."""
    return "".join(_strip_accents(letter)[:1] or " " for letter in text)


def read_literal(text: str, language: str, names: Collection[str] = ()) -> Reading:
    """What a text says by itself; `names` are those with a number in them: '1712'."""
    patterns, plain = _make_patterns(language), _strip_letters(text)
    ordinary = tuple(_find_ordinary(plain, language, names))
    digits = "".join("0" if letter.isnumeric() else letter for letter in text)
    hits = [*_find_spans(NUMERALS, digits), *_find_spans(patterns["numbers"], plain)]
    typed = _keep_outermost(
        hit for hit in hits if not _lies_in(hit, (span for span, _ in ordinary))
    )
    numbers: list[TypedNumber] = []
    for number in (_parse_number(span, text, plain, language) for span in typed):
        # The percent sign of the number before it is no number.
        if not numbers or number.span[0] >= numbers[-1].span[1]:
            numbers.append(number)
    claims = _keep_outermost(_find_spans(patterns["claims"], text))
    return Reading(tuple(numbers), ordinary, tuple(c for c in claims if not _lies_in(c, typed)))


def _find_ordinary(text: str, language: str, names: Collection[str]) -> Iterator[tuple[Span, str]]:
    """The ordinary numbers of a text without accents; a year that counts something is none."""
    patterns = _make_patterns(language)
    for kind, pattern in (
        *_make_ordinary_patterns(language),
        ("name", _make_name_pattern(tuple(names))),
    ):
        for start, end in _find_spans(pattern, text):
            is_counted = (
                patterns["counted"].match(text, end)
                or patterns["percent"].match(text, end)
                or patterns["before_counts"].search(text[:start])
            )
            if not is_counted or kind not in MAY_COUNT:
                yield (start, end), kind


def _parse_number(span: Span, text: str, plain: str, language: str) -> TypedNumber:
    """A typed number, in digits with its value; a percent sign or word behind it belongs to it."""
    words = text[slice(*span)].casefold()
    sign = _make_patterns(language)["percent"].match(plain, span[1])
    end = sign.end() if sign else span[1]
    fractions = [each["words"] for each in catalogue(language)["shares"]["fractions"]]
    is_share = bool(sign) or "%" in words or any(each in words for each in fractions)
    value = None
    with suppress(NumberFormatError):
        value = parse_decimal(words.rstrip("%‰"), Locale.parse(language), strict=True)
    return TypedNumber((span[0], end), text[span[0] : end], value, is_share)


def _find_spans(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    return (match.span() for match in pattern.finditer(text) if match.group())


def _lies_in(span: Span, spans: Iterable[Span]) -> bool:
    return any(first <= span[0] and span[1] <= last for first, last in spans)


def _keep_outermost(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, without those that lie within another one."""
    outer: list[Span] = []
    for span in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not _lies_in(span, outer):
            outer.append(span)
    return outer


# The patterns of each language


@cache
def _make_name_pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    either = _match_words(map(_strip_accents, names)) or "(?!)"
    return re.compile(rf"(?<![\w.,])(?:{either})(?!\w|[.,]\d)")


@cache
def _make_ordinary_patterns(language: str) -> list[tuple[str, re.Pattern[str]]]:
    """The pattern of each kind of ordinary number; a word in capitals stands for another one."""
    texts = catalogue(language)["texts"]
    stand_ins = {
        "MONTH": "|".join(map(_strip_accents, get_month_names("wide", locale=language).values())),
        "AGE": f"(?:{texts['words']}|{AGE})",
        "WORDS": texts["words"],
        "COUNTED": f"(?i:{_make_counted_pattern(language)})",
    }
    return [
        (kind, re.compile(re.sub("|".join(stand_ins), lambda match: stand_ins[match[0]], pattern)))
        for kind, patterns in texts["ordinary"].items()
        for pattern in ["|".join(f"(?:{each})" for each in patterns)]
    ]


@cache
def _make_patterns(language: str) -> dict[str, re.Pattern[str]]:
    words = catalogue(language)["texts"]
    parts, glue = _match_words(words["number_parts"]), _match_words(words["number_glue"])
    # Words made of the parts of numbers alone, with an ending or not: 'vijfentwintigste'.
    endings = _match_words(words["number_endings"])
    number = rf"(?<!\w)(?:(?:{parts}|{glue})-?)*(?:{parts})(?:{endings})?(?!\w)"
    hedges = _match_phrases(words["hedges"])
    patterns = {
        "numbers": f"{_match_phrases(words['numbers'])}|{number}",
        "percent": rf"\s*(?:[%‰]|{_match_phrases(words['percent'])})",
        "claims": f"{_match_phrases(words['claims'])}|{hedges}(?=\\s+{SET_OUT})",
        "counted": rf"\s+(?:{words['adjective']}\s+)?{_make_counted_pattern(language)}",
        "before_counts": rf"{_match_phrases(words['before_counts'])}\s+$",
    }
    return {key: re.compile(pattern, re.IGNORECASE) for key, pattern in patterns.items()}


def _make_counted_pattern(language: str) -> str:
    """A pattern of the nouns that are counted."""
    words = catalogue(language)["texts"]
    return _match_phrases(
        [*(noun for names in words["nouns"].values() for noun in names), *words["counted"]]
    )


@cache
def _make_noun_patterns(language: str, of: str) -> dict[str, re.Pattern[str]]:
    """The pattern of the nouns of each population right behind a number, or behind 'van de'."""
    words = catalogue(language)["texts"]
    of_the = rf"{_match_phrases(words['of'])}\s+{_match_phrases(words['determiners'])}\s+"
    head = {"always": of_the, "maybe": f"(?:{of_the})?", "never": ""}[of]
    head += rf"(?:{_match_phrases(words['adjectives'])}\s+)?"
    return {
        noun: re.compile(rf"\s*{head}(?P<noun>{_match_phrases(names)})")
        for noun, names in words["nouns"].items()
    }


def _match_words(words: Iterable[str]) -> str:
    ordered = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in ordered)


def _match_phrases(phrases: Iterable[str]) -> str:
    """A pattern of phrases: '…' stands for up to four words, '*' for the rest of a word."""
    either = _match_words(phrases).replace(r"\s+…", GAP).replace(r"\*", r"\w*")
    return rf"(?<!\w)(?:{either})(?!\w)"


# Literal prose and the figures


def find_typed_numbers(
    blocks: tuple[tree.Element, ...],
    language: str,
    names: Collection[str],
    words: Vocabulary | None = None,
) -> Iterator[Complaint]:
    """A complaint for every typed number, with the figures of its value where `words` know any."""
    for block in tree.text_blocks(blocks, quoted=False):
        reading = read_block(block.children)
        for number in read_literal(reading.text, language, names).numbers:
            behind = _strip_letters(reading.text[number.span[1] :]).casefold()
            offers = _offer_figures(number, behind, words) if words else ()
            what = "; ".join([f"'{number.words}' is a number that is typed", *offers])
            line, column = reading.places[number.span[0]]
            yield Complaint(line, what, NUMBER_STEP, column)


def _offer_figures(number: TypedNumber, behind: str, words: Vocabulary) -> list[str]:
    """The figures that a typed number may be, as a placeholder to copy with what it says."""
    if number.value is None:
        return []
    value, nouns, ledger = number.value, _make_noun_patterns(words.language, "maybe"), words.ledger
    decimals = max(0, -int(value.as_tuple().exponent))
    members = {
        member.figure for breakdown in ledger.breakdowns.values() for member in breakdown.members
    }
    same = [
        figure
        for figure in ledger.figures.values()
        # No text of a report is about the rows of its files.
        if figure.unit in COUNTED and figure.population.table != "files"
        if figure.value is not None and (figure.unit in SHARES) == number.is_share
        if rounded(abs(exact(figure.number)), decimals) == rounded(value, decimals)
    ]

    def rank(figure: Figure) -> tuple[bool, bool, int, str]:
        """What the noun behind names comes first; last days and cells of tables."""
        noun = figure.population.noun
        has_noun = noun in nouns and nouns[noun].match(behind) is not None
        return not has_noun, figure.id in members, len(figure.id), figure.id

    offers = []
    for figure in sorted(same, key=rank)[:MOST_OFFERED]:
        form = " | change" if figure.unit == "percent change" else ""
        offers.append(f"{{{{ {figure.id}{form} }}}} says it")
    return offers


def find_false_nouns(
    blocks: tuple[tree.Element, ...], figures: Mapping[str, Figure], language: str
) -> Iterator[Complaint]:
    """A complaint for every noun behind a figure that isn't what was counted."""
    for block in tree.text_blocks(blocks):
        _, *behind = _strip_letters(read_block(block.children).text).casefold().split(SET_OUT)
        set_out = filter(is_set_out, tree.leaves(block.children))
        for after, node in zip(behind, set_out, strict=True):
            if not isinstance(node, tree.Placeholder):
                continue
            figure = figures.get(node.name)
            if figure is None or figure.unit not in COUNTED:
                continue
            # 'Van de …' always stands behind a share, and maybe behind a count with its noun.
            counted, kind, of = figure.population, "about", "never"
            if figure.unit == "percent":
                counted, kind, of = figure.of or figure.population, "a share of", "always"
            elif (node.form or "").lower().startswith("noun"):
                of = "maybe"
            for noun, pattern in _make_noun_patterns(language, of).items():
                claimed = pattern.match(after)
                if claimed and noun != counted.noun:
                    what = f"'{figure.id}' is {kind} {counted.noun}, and the text says "
                    what += f"'{claimed['noun']}'"
                    yield Complaint(node.line, what, NOUN_STEP, node.column)
