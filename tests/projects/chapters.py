"""Chapters of a project: cells that count, show and say, drawn by what the years have."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from tests.projects.codes import CodeList
from tests.projects.people import Year

NOUNS = ("contacts", "persons", "followups")
# What hangs on what.
ABOVE = {
    "contacts": ("contacts",),
    "persons": ("persons", "contacts"),
    "followups": ("followups", "persons", "contacts"),
}
DERIVED = {"contacts": ("month", "weekday"), "persons": (), "followups": ()}
# The lines of a cell, and the figures that a text may say, by kind of sentence.
Counted = tuple[list[str], list[tuple[str, str]]]
KINDS = ("columns", "bars", "lines", "")
PLOTS = ("strokes", "squares", "steps", "dots", "pie", "words", "area", "pairs")
HEADINGS = {
    "nl": (
        "De uren van de dag, van 9 tot 17 uur",
        "Kinderen van 6 tot 12 jaar",
        "Artikel 458bis",
        "Na 17 uur",
        "Sinds 12 maart 2014",
        "Wie, wat & waar",
        "Een kop met “aanhalingstekens”",
        "Hoe: vaak?",
        "Van 2016 naar 2017",
        "Wie belt in 2016 en 2017",
        "Een ‘lange’ kop die over meer dan een regel "
        "van het blad gaat, zodat een lezer hem over meer regels ziet staan op papier en scherm",
    ),
    "en": (
        "The hours of the day, from 9am to 5pm",
        "Children aged 6 to 12",
        "Article 458bis",
        "After 5 pm",
        "Since 12 March 2014",
        "Who, what & where",
        "A heading with “quotes”",
        "How: often?",
        "From 2016 to 2017",
        "Who calls in 2016 and 2017",
        "A ‘long’ heading that goes on for more than one "
        "line of a sheet, so that a reader sees it over more lines, on paper and on a screen",
    ),
}
SENTENCES = {
    "nl": {
        "count": (
            "Er waren {{{{ {id} | noun }}}}.",
            "De hulplijn telde {{{{ {id} | noun }}}} in {{{{ period }}}}.",
        ),
        "share": (
            "Dat is {{{{ {id} | about }}}} van {whole}.",
            "{{{{ {id} }}}} van {whole} ({{{{ {id} | interval }}}}).",
        ),
        "mean": ("Het gemiddelde is {{{{ {id} }}}}.",),
        "change": (
            "Dat zijn {{{{ {id} | change }}}}.",
            "In {{{{ year }}}} waren er {{{{ {id} | finding }}}}.",
        ),
        "ratio": ("Per dag zijn dat {{{{ {id} | change }}}}.",),
        "top": ("Het vaakst: {{{{ {id} | counted }}}}.", "{{{{ {id} | Label }}}} staat bovenaan."),
        "text": (
            "Wie na 17 uur belt, hoort een bandje.",
            "Sinds 12 maart 2014 kan dat ook.",
            "Dat zegt [een bron](<bron:het verslag van 2016, blz. 34>).",
            "*Schuin*, **vet** en “aangehaald”; en dan nog een zin – met streepjes.",
            "- Een lijst\n- met meer punten",
            "Een zin met een noot.[^n]\n\n[^n]: Zo staat het er sinds 2012.",
        ),
    },
    "en": {
        "count": (
            "There were {{{{ {id} | noun }}}}.",
            "The helpline counted {{{{ {id} | noun }}}} in {{{{ period }}}}.",
        ),
        "share": (
            "That is {{{{ {id} | about }}}} of {whole}.",
            "{{{{ {id} }}}} of {whole} ({{{{ {id} | interval }}}}).",
        ),
        "mean": ("The mean is {{{{ {id} }}}}.",),
        "change": (
            "That is {{{{ {id} | change }}}}.",
            "In {{{{ year }}}} there were {{{{ {id} | finding }}}}.",
        ),
        "ratio": ("Per day, that is {{{{ {id} | change }}}}.",),
        "top": ("Most often: {{{{ {id} | counted }}}}.", "{{{{ {id} | Label }}}} comes first."),
        "text": (
            "Whoever calls after 5 pm hears a message.",
            "Since 12 March 2014 that can be done too.",
            "So says [a source](<source:the report of 2016, page 34>).",
            "*Slanted*, **bold** and “quoted”; and one sentence more – with dashes.",
            "- A list\n- with more points",
            "A sentence with a note.[^n]\n\n[^n]: So it has stood since 2012.",
        ),
    },
}
WHOLES = {
    "nl": {
        "contacts": "de contactnames",
        "persons": "de gemelde personen",
        "followups": "de gevolggevingen",
    },
    "en": {"contacts": "contacts", "persons": "reported persons", "followups": "follow-ups"},
}


@dataclass
class Cell:
    """A cell of code, or one of text in two languages."""

    name: str
    code: str = ""
    text: dict[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()


@dataclass
class Chapter:
    """A chapter with its cells; `shown` are its charts and tables, as own texts name them."""

    name: str
    cells: list[Cell]
    shown: list[str] = field(default_factory=list)


class Author:
    """Who writes chapters about two years, by chance."""

    def __init__(
        self, random: Random, lists: dict[str, CodeList], now: Year, then: Year | None, most: int
    ) -> None:
        self.random, self.lists, self.now, self.then = random, lists, now, then
        self.most = most
        self.number = 0
        self.has_campaigns = False
        # Counts that have been written, with what they count.
        self.counts: list[tuple[str, str]] = []
        self.shown: list[str] = []

    def write_chapter(self, name: str) -> Chapter:
        """A chapter of some cells."""
        random = self.random
        title = {each: f"# {random.choice(HEADINGS[each])}" for each in SENTENCES}
        cells = [Cell("title", text=title)]
        nouns = [noun for noun in NOUNS if noun in self.now.fields or random.random() < 0.1]
        names = ", ".join(nouns)
        quoted = ", ".join(f'"{noun}"' for noun in nouns)
        code = f"{names} = chapter.populations({quoted})"
        cells.append(Cell("populations", code=code))
        self.shown = []
        for _ in range(random.randint(1, self.most)):
            cells += self._write_section(name, nouns)
        if self.has_campaigns and "contacts" in nouns and random.random() < 0.6:
            cells.append(Cell("campaigns", code=f'chapter.campaigns("{name}.campaign", contacts)'))
            self.has_campaigns = False
        return Chapter(name, cells, self.shown)

    def _write_section(self, chapter: str, nouns: list[str]) -> list[Cell]:
        self.number += 1
        random, number = self.random, self.number
        heading = {each: f"## {random.choice(HEADINGS[each])}" for each in SENTENCES}
        noun = random.choice(nouns)
        makers = [self._series, self._series, self._single, self._single, self._crosstab]
        code, said = random.choice(makers)(f"{chapter}.s{number}", noun)
        texts = {language: [heading[language]] for language in SENTENCES}
        kinds = [("text", "")] if random.random() < 0.4 else []
        for kind, name in [*said, *kinds]:
            at = random.randrange(100)
            for language, sentences in SENTENCES.items():
                options = sentences[kind]
                whole = WHOLES[language][noun]
                sentence = options[at % len(options)]
                if kind != "text":
                    sentence = sentence.format(id=name, whole=whole)
                texts[language].append(sentence)
        text = {language: "\n\n".join(parts) for language, parts in texts.items()}
        return [Cell(f"say-{number}", text=text), Cell(f"count-{number}", code="\n".join(code))]

    # What a cell counts: its lines, and the figures that a text may say, by kind of sentence.

    def _single(self, name: str, noun: str) -> Counted:
        random = self.random
        code = [f"part = {self._narrow(noun, random.randint(1, 2))}"]
        said: list[tuple[str, str]] = []
        for kind in random.sample(("count", "share", "mean", "change", "ratio", "top", "other"), 3):
            line = self._count(kind, f"{name}.{kind}", noun)
            if line:
                code.append(line)
                said += [(kind, f"{name}.{kind}")] if random.random() < 0.8 else []
        if random.random() < 0.3:
            counts = f'chapter.count("{name}.whole", {noun}), chapter.count("{name}.part", part)'
            code.append(f"chapter.table({counts})")
        return code, [each for each in said if each[0] != "other"]

    def _count(self, kind: str, figure: str, noun: str) -> str:
        """A call that makes a figure of a part; nothing where two years can't be compared so."""
        random, call = self.random, f'chapter.{{}}("{figure}", part'
        match kind:
            case "count":
                self.counts.append((figure, noun))
                return f"{call.format('count')})"
            case "share":
                return f"{call.format('share')}, of={noun})"
            case "mean":
                per = random.choice(["month", "open_day", "calendar_day"])
                per = "contact" if noun != "contacts" and random.random() < 0.4 else per
                return f'{call.format("mean")}, per="{per}")'
            case "change" if self.then is not None:
                lengths = [year.end - year.start for year in (self.now, self.then)]
                return f"{call.format('change')})" if abs(lengths[0] - lengths[1]).days < 2 else ""
            case "ratio" if self.then is not None:
                days = random.choice(("open_day", "calendar_day"))
                before = "chapter.previous(part)"
                return f'{call.format("rate_ratio")}, {before}, exposure="{days}")'
            case "top":
                by, place = random.choice(self._fields(noun, ranked=True)), random.randint(1, 2)
                return f'chapter.top("{figure}", {noun}, by="{by}", place={place})'
            case "other":
                by = random.choice(("date", "month", "weekday"))
                return f'{call.format("maximum")}, by=["{by}"])'
        return ""

    def _series(self, name: str, noun: str) -> Counted:
        random = self.random
        by = random.choice(self._fields(noun))
        whole = self._narrow(noun, random.choice((0, 0, 1)), without=by)
        against = ', against="previous"' if self.then and random.random() < 0.4 else ""
        code = [f'series = chapter.counts("{name}", {whole}, by="{by}"{against})']
        beside = {"shares": f'chapter.shares("{name}.share", {whole}, by="{by}")'}
        if by in self.lists and self.lists[by].missing and by not in self._several():
            missing = ", ".join(f'"{each}"' for each in self.lists[by].missing)
            known = f"{whole}.where({by}=not_({missing}))"
            beside["known"] = f'chapter.shares("{name}.known", {known}, by="{by}")'
        beside["ranks"] = f'chapter.ranks("{name}.rank", {whole}, by="{by}")'
        beside["means"] = f'chapter.means("{name}.mean", {whole}, by="{by}", per="month")'
        chosen = [each for each in beside if random.random() < 0.3]
        code += [f"{each} = {beside[each]}" for each in chosen]
        return [*code, *self._show(name, by, chosen)], []

    def _show(self, name: str, by: str, beside: list[str]) -> list[str]:
        """A call that shows a series as a table or a chart, or none."""
        random = self.random
        kind = random.choices(("table", "chart", "own", ""), (8, 7, 4, 1))[0]
        self.shown += [f"{'table' if kind == 'table' else 'chart'} {name}."] if kind else []
        if kind == "table":
            self.shown[-1] += "table"
            most = f", most={random.choice((3, 10))}" if random.random() < 0.2 else ""
            return [f"chapter.table({', '.join(['series', *beside])}{most})"]
        if kind:
            self.shown[-1] += "chart"
        if kind == "chart":
            drawn_as = "daily" if by == "date" else random.choice(KINDS)
            given = f', "{drawn_as}"' if drawn_as else ""
            most = f", most={random.choice((3, 10))}" if random.random() < 0.2 else ""
            marks = ", marks=True" if drawn_as == "daily" else ""
            return [f"chapter.chart(series{given}, beside=[{', '.join(beside)}]{most}{marks})"]
        plots = [each for each in PLOTS if each not in ("squares", "pairs")]
        return [f"chapter.chart(series, plots.{random.choice(plots)})"] if kind else []

    def _crosstab(self, name: str, noun: str) -> Counted:
        random = self.random
        fields = [each for each in self._fields(noun) if each != "date"]
        if len(fields) < 2:
            return self._series(name, noun)
        rows, columns = random.sample(fields, 2)
        code = [f'crosstab = chapter.counts("{name}", {noun}, by=("{rows}", "{columns}"))']
        show = random.random()
        if show < 0.4:
            code.append("chapter.table(crosstab)")
        elif show < 0.7:
            code.append("chapter.chart(crosstab)")
        elif show < 0.95:
            code.append(f"chapter.chart(crosstab, plots.{random.choice(('squares', 'pairs'))})")
        return code, []

    # What there is to count by

    def _several(self) -> set[str]:
        return {*self.now.several, *(self.then.several if self.then else ())}

    def _fields(self, noun: str, *, ranked: bool = False) -> list[str]:
        """The fields of a table and of those above it, now and then one that isn't given."""
        fields: list[str] = ["month", "weekday"]
        for table in ABOVE[noun]:
            fields += [each for each in self.now.fields.get(table, ()) if each != "age"]
            if table == "persons" and "age" in self.now.fields.get(table, ()):
                fields.append("age_class")
        if not ranked and self.random.random() < 0.1:
            fields.append("channel")
        if not ranked and self.random.random() < 0.05:
            fields.append("date")
        return list(dict.fromkeys(each for each in fields if each != "date" or not ranked))

    def _narrow(self, noun: str, number: int, without: str = "") -> str:
        """A population of a table with so many conditions."""
        random = self.random
        fields = [each for each in self._fields(noun) if each not in (without, "date")]
        conditions = [
            f"{each}={self._condition(each)}"
            for each in random.sample(fields, min(number, len(fields)))
        ]
        text = f"{noun}.where({', '.join(conditions)})" if conditions else noun
        if noun == "contacts" and "persons" in self.now.fields and random.random() < 0.2:
            text += f".having({self._narrow('persons', 1, without)})"
        return text

    def _condition(self, name: str) -> str:
        random = self.random
        match name:
            case "month":
                codes = [f"{day:%m}" for day in self.now.days()]
                if len({f"{day:%Y-%m}" for day in self.now.days()}) > 12:
                    return f'"{random.choice([f"{day:%Y-%m}" for day in self.now.days()])}"'
                return random.choice((f'"{random.choice(codes)}"', "between(3, 5)"))
            case "weekday":
                return random.choice(("between(1, 5)", "[6, 7]", "not_(1)", "3"))
            case "hour":
                return random.choice(("range(9, 17)", "between(17, None)", 'not_("unknown")', "13"))
            case "age_class":
                codes = [*(code for code, _, _ in self.now.classes), "unknown"]
            case _:
                codes = [each["code"] for each in self.lists[name].codes]
                groups = [each["code"] for each in self.lists[name].file.get("groups", ())]
                if groups and random.random() < 0.3:
                    return f'"{random.choice(groups)}"'
        chosen = random.sample(codes, random.randint(1, min(3, len(codes) - 1)))
        listed = ", ".join(f'"{each}"' for each in chosen)
        if random.random() < 0.25:
            return f"not_({listed})"
        return f"[{listed}]" if len(chosen) > 1 or random.random() < 0.2 else listed


OPEN = """from helpline_report.chapter import between, not_, open_chapter
import plots

chapter = open_chapter("{name}", edition, overrides=overrides, preview=preview)"""
PARAMETERS = 'edition = "2017"\noverrides = []\npreview = True'
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def write_chapters(chapters: list[Chapter], first: int, folder: Path, languages: list[str]) -> None:
    """Write chapters as notebooks, and their texts in another language beside them."""
    for at, chapter in enumerate(chapters, start=first):
        cells: list[dict[str, Any]] = []
        for cell in chapter.cells:
            if cell.text:
                source = cell.text["nl" if "nl" in languages else "en"]
                cells.append(_cell("markdown", cell.name, source, cell.tags))
            else:
                cells.append(_cell("code", cell.name, cell.code, cell.tags))
        head = [
            _cell("code", "parameters", PARAMETERS, ("parameters",)),
            _cell("code", "open", OPEN.format(name=chapter.name), ()),
        ]
        metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
        whole = {
            "cells": [cells[0], *head, *cells[1:]],
            "metadata": metadata,
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        path = folder / f"{at:02d}_{chapter.name}.ipynb"
        path.write_text(json.dumps(whole, ensure_ascii=False), "utf-8")
        if {"nl", "en"} <= {*languages}:
            blocks = [f"=== {c.name} ===\n{c.text['en']}\n" for c in chapter.cells if c.text]
            (folder / "en").mkdir(exist_ok=True)
            (folder / "en" / f"{chapter.name}.md").write_text("\n".join(blocks), "utf-8")


def _cell(kind: str, name: str, source: str, tags: tuple[str, ...]) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "id": name, "source": source}
    cell["metadata"] = {"tags": list(tags)} if tags else {}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell
