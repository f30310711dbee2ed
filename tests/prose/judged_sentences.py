"""Read the sentences that staff may write, half of them true, each with why."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

FOLDER = Path(__file__).parent
WHY = "  # "


@dataclass(frozen=True)
class JudgedSentence:
    """A sentence in Markdown, whether it is true of the edition of 2017, and why."""

    text: str
    is_true: bool
    why: str


def read_judged_sentences(language: Literal["nl", "en"]) -> list[JudgedSentence]:
    """The sentences of a language, in the order of their file."""
    sentences, is_true = [], True
    for line in (FOLDER / f"sentences-{language}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            is_true = line == "[true]"
        elif line and not line.startswith("#"):
            text, _, why = line.partition(WHY)
            sentences.append(JudgedSentence(text, is_true, why))
    return sentences
