"""Texts of an edition's own, in the place of those of its chapters: blocks in files by chapter."""

from pathlib import Path
from random import Random

from tests.projects.chapters import HEADINGS, SENTENCES, Chapter

FOREWORD = {
    "nl": "# Vooraf\n\nDit is het verslag over {{ period }} van {{ helpline }}.",
    "en": "# Foreword\n\nThis is the report for {{ period }} of {{ helpline }}.",
}
TITLES = {
    "nl": ("Het jaar 2017 in beeld", "Wie belt na 17 uur", "Een titel met “woorden” & meer"),
    "en": ("The year 2017 in a picture", "Who calls after 5 pm", "A title with “words” & more"),
}
SHOWN = {"table": ".table", "chart": ".chart"}


def draw_texts(
    random: Random, chapters: list[Chapter], languages: list[str]
) -> dict[str, dict[str, str]]:
    """Own texts by language and chapter."""
    texts: dict[str, dict[str, str]] = {each: {} for each in languages}
    if random.random() < 0.2:
        for language in languages:
            texts[language]["foreword"] = f"=== foreword ===\n{FOREWORD[language]}\n"
    for chapter in chapters if random.random() < 0.4 else ():
        at = random.randrange(100)
        cells = [each.name for each in chapter.cells if each.text and each.name != "title"]
        cell = random.choice(cells)
        shown = random.choice(chapter.shown) if chapter.shown and random.random() < 0.6 else None
        for language in languages:
            sentences = SENTENCES[language]["text"]
            heading = HEADINGS[language][at % len(HEADINGS[language])]
            block = f"=== {cell} ===\n## {heading}\n\n{sentences[at % len(sentences)]}\n"
            if shown is not None:
                title = TITLES[language][at % len(TITLES[language])]
                what = ("hide", f"title: {title}", f"after: {cell}")[at % 3]
                block += f"\n=== {shown} ===\n{what}\n"
            texts[language][chapter.name] = block
    return texts


def write_texts(texts: dict[str, dict[str, str]], folder: Path) -> None:
    """Write own texts into the folder of an edition."""
    for language, chapters in texts.items():
        for name, text in chapters.items():
            (folder / language).mkdir(parents=True, exist_ok=True)
            (folder / language / f"{name}.md").write_text(text, "utf-8")
