"""Draw small publications at random: labels, texts, sizes of tables, languages, fonts."""

import shutil
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import matplotlib as mpl
import nbformat.v4 as nb
from PIL import Image

from helpline_report.figures.ledger import CellRecord, ChapterRecord, Ledger, LeftOut, Reference
from helpline_report.figures.model import Chart, ReportTable
from helpline_report.parameters.help_numbers import HelpNumbers
from helpline_report.parameters.house_files import House, read_house
from helpline_report.parameters.house_style import HouseStyle
from helpline_report.prose.texts import CellText
from helpline_report.report.publication import Publication
from tests.released import released
from tests.report.small_publication import BREAK, LAYOUTS, Maker, cell, codelist, edition

WORDS = (
    *("telefoon", "kindermishandeling", "office", "fluffy", "efficiënt", "Ångström", "cafe\u0301"),
    *(
        "e\u0301e\u0308n",
        "co\u00adop",
        "na-oorlogs",
        "e-mail",
        "1.234,5",
        "−3,2\u00a0%",
        "½",
        "2017",
    ),
    *("www.een-heel-lang-adres.example/met/een/pad?en=vraag#plek", "95\u202f%", "'17", "“citaat”"),
    *(
        "«guillemets»",
        "„laag”",
        "l'ami",
        "it’s",
        "5–17",
        "a—b",
        "…",
        "{page}",
        "{number}",
        "{total}",
        "…",
    ),
    *(
        "Tabel 3:",
        "bladzijde 34.",
        "#let",
        "…",
        "$x^2$",
        "\\u{41}",
        "*vet*",
        "_schuin_",
        "`code`",
        "@w",
    ),
    *(
        "<b>",
        "&amp;",
        "//",
        "/*",
        "~",
        "--",
        "---",
        "...",
        "…",
        ".8",
        "ﬁn",
        "ﬄ",
        "ĳ",
        "ß",
        "İ",
        "ı",
    ),
    *("Œuvre", "100%", "3×4", "‰", "†", "¹", "₂", "\u2011", "non\u2011breaking"),
)
STRANGE = (
    "\N{GRINNING FACE}",
    "👩‍👩‍👧",
    "שלום עולם",
    "مرحبا 123 أهلا",
    "\N{CJK UNIFIED IDEOGRAPH-4E2D}\N{CJK UNIFIED IDEOGRAPH-6587}",
    "\N{RIGHT-TO-LEFT OVERRIDE}gpj.exe",
    "a\u200bb",
    "x\u2060y",
    "нет Ελλάδα",
    "नमस्ते",
)
# Words of texts, without numbers, which texts name by their figures.
PLAIN = (
    *("telefoon", "kindermishandeling", "office", "efficiënt", "naïve", "café", "na-oorlogs", "of"),
    *("e-mail", "“citaat”", "it’s", "a—b", "vandaag", "dat", "mensen", "hulp", "zoeken", "en"),
    *("contactnemersvertrouwensverantwoordelijkheidsgevoel", "ook"),
)
FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"
FACES = {"tekst": "Sans", "vet": "Sans-Bold", "kop": "Serif-Bold"}
STYLE = {
    "sans": {"regular": "tekst.ttf", "semibold": "vet.ttf"},
    "serif": {"semibold": "kop.ttf"},
}


# How deep lists stand in lists, and how often something is drawn that is there at times.
DEEPEST, SOME = 2, 0.3


def draw_label(random: Random, most: int = 6) -> str:
    """Words of all kinds, letters of any script, or one word of 120 letters."""
    if random.random() < SOME**2:
        return "".join(random.choice("abcdefghijklmnoprstuvwéë") for _ in range(120))
    pieces = random.choices(WORDS, k=random.randint(1, most))
    if random.random() < SOME:
        pieces.insert(random.randrange(len(pieces) + 1), random.choice(STRANGE))
    return random.choice((" ", " ", " ", "", "  ", "/", "-")).join(pieces)


def draw_sentence(random: Random, most: int = 30) -> str:
    """A sentence of a text, with what may stand in a line: emphasis, links, notes, figures."""
    pieces = random.choices(PLAIN, k=random.randint(1, most))
    marked = (
        "**{}**",
        "*{}*",
        "[{}](https://www.example.org/pad)",
        "[{}](last.md)",
        "[{}](<bron:een verslag>)",
        "{{{{ total | noun }}}} {}",
        "{{{{ total }}}} {}",
    )
    for at in random.sample(range(len(pieces)), random.randint(0, min(3, len(pieces)))):
        pieces[at] = random.choice(marked).format(pieces[at])
    return " ".join(pieces) + random.choice(".?!")


def draw_words(random: Random, least: int, most: int) -> str:
    """Words of a text without any markup."""
    return " ".join(random.choices(PLAIN, k=random.randint(least, most)))


def draw_block(random: Random) -> list[str]:
    """The lines of a paragraph, a heading, a list, a quotation, or a table."""
    match random.choice(
        ("text", "text", "text", "bullets", "numbers", "quote", "table", "heading")
    ):
        case "bullets":
            return draw_list(random, "- ")
        case "numbers":
            return draw_list(random, "1. ")
        case "quote":
            inside = [draw_sentence(random), "", *draw_list(random, "- ")]
            return [*(f"> {line}".rstrip() for line in inside), ">", "> — een moeder"]
        case "heading":
            return [f"{random.choice(('##', '###'))} {draw_sentence(random, 6)}"]
        case "table":
            columns = range(random.randint(2, 4))
            rows = [
                [draw_words(random, 1, 5) for _ in columns] for _ in range(random.randint(2, 5))
            ]
            heads, *cells = [f"| {' | '.join(row)} |" for row in rows]
            return [heads, "|---" * len(columns) + "|", *cells]
        case _:
            return [draw_sentence(random) for _ in range(random.randint(1, 3))]


def draw_list(random: Random, mark: str, depth: int = 0) -> list[str]:
    """The lines of a list, perhaps with lists inside, and with or without space between items."""
    lines: list[str] = []
    between = random.choice(([], [""]))
    for _ in range(random.randint(1, 4)):
        lines += [f"{mark}{draw_sentence(random)}", *between]
        if depth < DEEPEST and random.random() < SOME:
            inside = draw_list(random, random.choice(("- ", "1. ")), depth + 1)
            lines += [*(f"{' ' * len(mark)}{line}".rstrip() for line in inside), *between]
    return lines


def draw_text(random: Random) -> str:
    """A text with a note, below its title."""
    blocks = [draw_block(random) for _ in range(random.randint(1, 9))]
    if random.random() > SOME:
        notes = [[f"{draw_sentence(random)[:-1]}[^{each}]."] for each in "ab"]
        blocks += notes
        blocks += [[f"[^{each}]: {draw_sentence(random)}"] for each in "ab"]
    return "\n\n".join("\n".join(block) for block in blocks)


def draw_house(random: Random, folder: Path) -> House:
    """A logo or none; the program's fonts, or others that have Arabic and Greek letters."""
    style: dict[str, Any] = {}
    if random.random() < SOME:
        Image.new("RGB", random.choice(((3, 1), (30, 1))), "teal").save(folder / "logo.png")
        words = dict.fromkeys(("nl", "en"), draw_label(random))
        style["logo"] = {"file": "logo.png", "alternative": words}
    if random.random() < SOME:
        for name, source in FACES.items():
            shutil.copy(FONTS / f"DejaVu{source}.ttf", folder / f"{name}.ttf")
        style["fonts"] = STYLE
    return read_house(HouseStyle.model_validate(style), folder)


def draw_exhibits(
    random: Random, codes: Sequence[str], make: Maker
) -> tuple[list[Chart], list[ReportTable]]:
    """Charts and tables of every code, of the months, and of a cross-table."""
    make.by("by", "channel", {code: random.choice((1, 2, 7, 1234)) for code in codes})
    make.by("by.previous", "channel", {code: random.choice((3, None)) for code in codes}, 2016)
    months: dict[str, float | None] = {
        f"{month:02d}": random.randrange(500) for month in range(1, 13)
    }
    make.by("by_month", "month", months)
    days, hours = range(1, random.randint(2, 8)), range(9, random.randint(10, 24))
    make.tab(
        "tab", {pair: random.randrange(99) for pair in product(map(str, days), map(str, hours))}
    )
    charts = [
        Chart(id="by.chart", kind="bars", breakdown="by", most=random.choice((4, None))),
        Chart(id="by_month.chart", kind="columns", breakdown="by_month"),
        Chart(id="tab.chart", kind="heatmap", breakdown="tab"),
    ]
    tables = [
        ReportTable(id="by.table", breakdowns=("by", "by.previous")),
        ReportTable(id="tab.table", breakdowns=("tab",)),
        ReportTable(id="total.table", figures=("total", "gone")),
    ]
    return charts, tables


def draw_ledger(random: Random, codes: Sequence[str]) -> Ledger:
    """A total, and charts and tables in any order, in two chapters; of a draft perhaps."""
    make = Maker()
    make.figure("total", 4812, numerator=4812, breaks=("renewed",))
    make.figure("gone", None)
    charts, tables = draw_exhibits(random, codes, make)
    shows = [("chart", chart.id) for chart in charts] + [("table", table.id) for table in tables]
    shows += [("breaks", "breaks")]
    random.shuffle(shows)
    references = tuple(Reference.model_validate({"kind": k, "id": name}) for k, name in shows)
    half, draft = random.randint(0, len(references)), random.random() < SOME
    left_out = LeftOut(edition="2017", file="x.csv", code="B59", rows=random.choice((3, 1_500)))
    counted = CellRecord(id="count", figures=tuple(make.figures))
    first = (counted, CellRecord(id="show", shows=references[:half]))
    last = (CellRecord(id="more", shows=references[half:]),)
    return Ledger(
        edition="2017",
        figures=make.figures,
        breakdowns=make.breakdowns,
        charts={chart.id: chart for chart in charts},
        tables={table.id: table for table in tables},
        fields={"contacts": ("channel", "date")},
        draft=draft,
        left_out=(left_out,) if draft else (),
        chapters=(ChapterRecord(name="first", cells=first), ChapterRecord(name="last", cells=last)),
    )


# What the edition lacks: a line stands in the place of each text that needs it.
NEEDS = ("persons", "followups", "traffic")
# The cells of the chapters, texts and code.
CELLS = {
    "first": ("title", "count", "about", "show", "end"),
    "last": ("title", "text", "more", *NEEDS),
}
CODE = ("count", "show", "more")


def draw_texts(random: Random, language: str) -> dict[str, dict[str, CellText]]:
    """Texts of every chapter, below its title."""
    texts: dict[str, dict[str, CellText]] = {}
    for name, cells in CELLS.items():
        file = f"params/2017/{language}/{name}.md"
        drawn = {each: draw_text(random) for each in cells if each not in (*CODE, *NEEDS, "title")}
        drawn["title"] = f"# {draw_words(random, 1, 20)}"
        texts[name] = {each: CellText(text, 1, file) for each, text in drawn.items()}
    return texts


def draw_parameters(random: Random) -> dict[str, Any]:
    """What the parameters say of an edition, in words of all kinds."""

    def both(most: int) -> dict[str, str]:
        return dict.fromkeys(("nl", "en"), draw_label(random, most))

    return {
        "title": both(random.choice((3, 3, 60))),
        "breaks": [{**BREAK, "note": both(12)}],
        "helpline": {"name": draw_label(random, 1), "full_name": both(4), "website": "www.1712.be"},
        "publisher": {
            "name": both(2),
            "licence": "CC-BY-4.0",
            "responsible": draw_label(random, 2),
            "address": draw_label(random, 5),
            "email": "post@1712.example",
            "phone": "+32 2 123 45 67",
        },
    }


def draw_help(random: Random) -> HelpNumbers:
    """Some help numbers, or none."""

    def both(most: int) -> dict[str, str]:
        return dict.fromkeys(("nl", "en"), draw_label(random, most))

    phone = random.choice(("17 12", "0800 30 030"))
    numbers = [
        {"who": both(3), "phone": phone, "about": both(6)},
        {"who": both(2), "address": "https://www.1712.be/een/pad?en=1"},
        {"who": both(2), "phone": "106"},
    ]
    return HelpNumbers.model_validate({"numbers": numbers[: random.randint(0, 3)]})


def draw_publication(seed: int, folder: Path) -> Publication:
    """A sound publication; fonts of its own, if any, are copied into a folder."""
    random = Random(seed)
    language = random.choice(("nl", "en"))
    labels = {f"c{at}": draw_label(random) for at in range(random.choice((1, 3, 9, 40, 75)))}
    ledger = draw_ledger(random, list(labels))
    notebooks = {
        name: nb.new_notebook(
            cells=[
                cell(
                    "code" if each in CODE else "text",
                    each,
                    "pass",
                    *([f"needs:{each}"] if each in NEEDS else []),
                )
                for each in cells
            ]
        )
        for name, cells in CELLS.items()
    }
    return Publication(
        help=draw_help(random),
        edition=edition(2017, language=language, **draw_parameters(random)),
        comparison=edition(2016),
        codelists={"channel": codelist(labels=labels)},
        ledger=ledger,
        notebooks=released(notebooks, ledger),
        version="0.1.0",
        files={"first": "01_first.ipynb", "last": "02_last.ipynb"},
        layouts=LAYOUTS,
        language=language,
        texts={language: draw_texts(random, language)},
        house=draw_house(random, folder),
    )
