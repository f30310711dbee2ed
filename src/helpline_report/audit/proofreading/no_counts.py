"""Numbers that count nothing: dates, hours, telephone numbers, ages, references, names."""

from __future__ import annotations

import re
from functools import cache

from helpline_report.audit.proofreading.vocabulary import dutch


def masked(text: str, names: frozenset[str] = frozenset()) -> str:
    """The text with what is no count blanked out, letter for letter."""
    for pattern in _no_counts():
        text = pattern.sub(_blank, text)
    for name in names:
        text = re.sub(rf"(?<![\d.,]){name}(?![\d,]|\.\d)", _blank, text)
    return text


def _blank(match: re.Match[str]) -> str:
    """Spaces; a noun that only vouches for the number before it stays."""
    return re.sub(r"\d", " ", match[0])


@cache
def _no_counts() -> tuple[re.Pattern[str], ...]:
    words = dutch()
    month = "|".join((*words.months, *sorted(words.short_months, key=len, reverse=True)))
    year = r"(?:19|20)\d\d"
    to = r"(?:tot(?: en met)?|t/m|-|–|en|of)"
    hour = r"\d{1,2}(?:[.:u]\d\d)?"
    age = r"(?:jaar|jarigen?|jarige)\b"
    phone = "|".join(re.escape(word) for word in words.before_phones)
    place = "|".join(re.escape(word) for word in words.before_places)
    patterns = (
        r"(?:https?://|www\.)\S+|\S+@\S+|\b[\w-]*[A-Za-z][\w.-]*\.(?:be|nl|com|org|eu|net)\b",
        rf"\b\d{{1,2}}(?:\s*{to}\s*\d{{1,2}})?\s+(?:{month})\b(?![-'’]\d)(?:\s+{year}\d?)?",
        rf"\b(?:{month})[-.\s'’]*(?:{year}|\d\d)\b",
        r"\b\d{1,2}[/-]\d{1,2}[/-](?:\d{4}|\d\d)\b|\b\d{4}-\d\d-\d\d\b",
        rf"(?<![\d.,]){year}\s*[-–/]\s*(?:{year}|\d\d)\b",
        rf"(?<![\d.,]){year}(?![\d%]|[.,]\d|\s?%)(?!\s+(?:{'|'.join(words.nouns)})\b)",
        r"(?<!\w)['’]\d\d\b",
        rf"\b{hour}\s*(?:u|uur|h)?\s*{to}\s*{hour}\s*(?:u|uur|h)\b",
        r"\b\d{1,2}(?:[.:]\d\d)?\s*(?:u|uur|h)\b(?:\d\d)?",
        rf"[-+]?\s?\d{{1,3}}\s*(?:{to}\s*\d{{1,3}}\s*)?-?{age}",
        r"\b\d{1,3}\+(?!\d)|(?<=\()[-+]\s?\d{1,2}(?=\))|-\d{1,2}-",
        r"\b(?:jonger|ouder)\s+dan\s+\d{1,3}\b|\b\d{1,3}-plussers?\b",
        rf"\b(?:{phone})\s*:?\s*(?:dan\s)?[+\d][\d ./-]*",
        r"\+\d\d[\d ./()-]{6,}|\b0\d{1,3}[ /.-]\d{2,3}[ .]?\d\d[ .]?\d{2,3}\b",
        rf"(?:\b(?:{place})|§)\s*\d+(?:\.\d+)*\.?",
        r"\bbladzijde\s+\d+\s+van\s+\d+",
        r"\b\d+(?:e|ste|de|ième)\b",
        r"^\s*(?:\d{1,2}(?:\.\d{1,2})*[.)]\s+|\d{1,2}(?:\.\d{1,2})+\s+|\d{1,2}\s+(?=Bron\b))",
        r"\bCC[- ]BY\S*(?:\s*\d\.\d)?",
        r"\b\d+\s+op\s+(?:de\s+)?\d+\b",
    )
    return tuple(re.compile(pattern, re.IGNORECASE | re.MULTILINE) for pattern in patterns)


def named_numbers(text: str) -> frozenset[str]:
    """Numbers that are a name: what a text calls a telephone number, or joins to a word."""
    called = re.findall(r"\b(?:telefoonnummer|nummer|bel(?:t|len)?(?: naar)?)\s+(\d{3,4})\b", text)
    joined = re.findall(r"(?<![\d.,-])(\d{3,4})-[a-z]{3,}", text)
    return frozenset((*called, *joined))
