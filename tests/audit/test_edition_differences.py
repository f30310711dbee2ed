"""What two editions say otherwise, and why, drawn from ledgers and pages of a few lines."""

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from helpline_report.audit.differences_page import DifferencesWriter
from helpline_report.audit.edition_differences import (
    Cause,
    PublishedEdition,
    Sentence,
    compare_editions,
    read_edition,
    read_sentences,
)
from helpline_report.audit.manifest import is_private, seal
from helpline_report.errors import RefusedError
from helpline_report.figures.ledger import CellRecord, ChapterRecord, Ledger, Protected, SourceFile
from helpline_report.figures.model import Figure, Interval, Reason
from helpline_report.parameters.project import Project
from tests.prose.two_years import count, share, spec

TOTAL = count("contacts.total", 4812, spec())
PHONE = share("contacts.share.phone", (4158, 4812), spec(channel="phone"), spec())
CHAPTER = ChapterRecord(name="contacts", cells=(CellRecord(id="n", figures=(TOTAL.id, PHONE.id)),))
ROWS = SourceFile(edition="2017", file="contacts.csv", sha256="a", table="contacts", rows=4812)
LEDGER = Ledger(
    edition="2017",
    figures={each.id: each for each in (TOTAL, PHONE)},
    chapters=(CHAPTER,),
    sources=(ROWS, ROWS.model_copy(update={"file": "persons.csv", "table": "persons"})),
    protected=Protected(cells=9, hidden=0, threshold=3),
)
NOTEBOOK, TEXT = "notebooks/04_contacts.ipynb", "params/2017/nl/contacts.md"
FILES = [
    {"role": "notebook", "file": NOTEBOOK, "sha256": "a"},
    {"role": "text", "file": TEXT, "sha256": "a"},
    {"role": "text", "file": "params/2017/nl/callers.md", "sha256": "a"},
]
PAGE = """<header><p>Bovenaan.</p></header><main><section><h1 id="title">Verslag</h1></section>
<section id="chapter-contacts"><h2 id="title-contacts">Contacten</h2>
<p>Dat zijn er <button popovertarget="figure-contacts.total"><data data-figure="contacts.total"
 >4.812</data></button>. De rest is <em>tekst</em> van
 86,41&nbsp;%.</p>
<figure id="contacts.chart"><figcaption>Meest in juni</figcaption><svg><text>521</text></svg>
<details><summary>Tabel</summary><table><caption>Per maand</caption><thead><tr><th>Maand</th></tr>
</thead><tbody><tr><td>521</td></tr></tbody></table></details>
<p>Bron.<span class="files"> · CSV</span></p></figure><ul><li>Een<br>punt</li></ul>
<section id="campaign-x"><h3>Campagne</h3></section></section></main><aside>Kaart</aside>"""
EDITION = PublishedEdition(
    "2017",
    Path("2017"),
    LEDGER,
    {
        "versions": {"helpline-report": "1"},
        "code": "a",
        "project": FILES,
        "rows": "synthetic",
        "status": "draft",
    },
    {"title": "Verslag", "disclosure.threshold": "3"},
    {"": "index.html"},
    read_sentences(PAGE),
)


def changed(ledger: dict[str, object] | None = None, **manifest: object) -> PublishedEdition:
    """The edition with other parts of its ledger or manifest."""
    other = LEDGER.model_copy(update=ledger or {})
    return replace(EDITION, ledger=other, manifest={**EDITION.manifest, **manifest})


def with_figures(*figures: Figure, **rest: object) -> PublishedEdition:
    return changed({"figures": {each.id: each for each in figures}, **rest})


MORE = count("contacts.total", 4813, spec())
OTHER_ROWS = ROWS.model_copy(update={"sha256": "b"})
HIDDEN = TOTAL.model_copy(
    update={"value": None, "status": "suppressed", "reason": Reason(code="protected")}
)
NEXT = count("contacts.total", 4813, spec(year=2018))
BROKEN = MORE.model_copy(update={"breaks": ("system",)})
OF_PHONES = count("contacts.total", 4158, spec(channel="phone"))
FIVE = Protected(cells=9, hidden=1, threshold=5)
ONE_MORE: dict[str, object] = {"figures": {each.id: each for each in (MORE, PHONE)}}
OF_EXPORT = Cause("export", "contacts.csv (2017)")
LONGER = [{**each, "sha256": "b"} if each["role"] == "notebook" else each for each in FILES]


@pytest.mark.parametrize(
    ("other", "kinds"),
    [
        (with_figures(MORE, PHONE), []),
        (with_figures(NEXT, PHONE, edition="2018"), [Cause("year", "2017 → 2018")]),
        (with_figures(MORE, PHONE, overrides=("a=[]",)), [Cause("set", "a=[]")]),
        (with_figures(HIDDEN, PHONE, protected=FIVE), [Cause("threshold", "3 → 5")]),
        (with_figures(MORE, PHONE, protected=FIVE), []),
        (with_figures(BROKEN, PHONE), [Cause("break", "system")]),
        (with_figures(OF_PHONES, PHONE), [Cause("definition")]),
        (with_figures(MORE, PHONE, sources=(OTHER_ROWS, LEDGER.sources[1])), [OF_EXPORT]),
        (with_figures(MORE, PHONE, sources=LEDGER.sources[1:]), [OF_EXPORT]),
        (changed(ONE_MORE, project=LONGER), [Cause("notebook", NOTEBOOK)]),
        (
            changed(ONE_MORE, versions={"helpline-report": "2"}, code="b"),
            [Cause("program"), Cause("version", "helpline-report 1 → 2")],
        ),
    ],
)
def test_why_a_figure_differs(other: PublishedEdition, kinds: list[Cause]) -> None:
    """By what isn't the same of all that the editions are made from."""
    (figure,) = compare_editions(EDITION, other).figures
    assert (figure.id, figure.chapter) == ("contacts.total", "contacts")
    assert [*figure.causes] == kinds


def test_a_parameter_is_a_reason_if_it_can_change_a_number() -> None:
    """Another title changes none."""
    parameters = {"title": "Ander verslag", "disclosure.threshold": "5", "age_classes.0.to": "9"}
    other = replace(with_figures(MORE, PHONE), parameters=parameters)
    differences = compare_editions(EDITION, other)
    assert [item.id for item in differences.parameters] == [*parameters]
    causes = [cause.subject for cause in differences.figures[0].causes]
    assert causes == ["disclosure.threshold", "age_classes.0.to"]


def test_numbers_are_compared_unrounded() -> None:
    """A share that is written the same is another; a figure that one lacks differs too."""
    near = PHONE.model_copy(update={"value": float(PHONE.number) + 1e-9})
    differences = compare_editions(EDITION, with_figures(near))
    assert [item.items for item in differences.figures] == [(TOTAL, None), (PHONE, near)]


def test_sentences_side_by_side() -> None:
    """Two versions of a sentence stand together, whatever came between; each says why."""
    page = PAGE.replace("4.812", "4.813").replace("<em>tekst</em>", "proza")
    page = page.replace("<p>Dat", "<p>Heel iets anders, van een redacteur.</p><p>Dat")
    texts = [{**each, "sha256": "b"} if each["role"] == "text" else each for each in FILES]
    other = replace(with_figures(MORE, PHONE), sentences=read_sentences(page))
    differences = compare_editions(
        EDITION, replace(other, manifest={**EDITION.manifest, "project": texts})
    )
    text = [Cause("text", TEXT)]
    assert [
        (*(each and each.text for each in item.items), item.causes)
        for item in differences.sentences
    ] == [
        (None, "Heel iets anders, van een redacteur.", text),
        ("Dat zijn er 4.812.", "Dat zijn er 4.813.", [Cause("figure", "contacts.total")]),
        (
            "De rest is tekst van 86,41\N{NO-BREAK SPACE}%.",
            "De rest is proza van 86,41\N{NO-BREAK SPACE}%.",
            text,
        ),
    ]


def test_a_sentence_that_is_no_version_of_another_stands_alone() -> None:
    """Its cause is what can change any sentence: a title, and no rows."""
    *before, last = EDITION.sentences
    alone = replace(
        changed({"sources": (OTHER_ROWS, LEDGER.sources[1])}),
        parameters={**EDITION.parameters, "title": "Ander verslag"},
        sentences=[*before, last._replace(text="Heel iets anders.")],
    )
    pairs = compare_editions(EDITION, alone).sentences
    texts = [[each and each.text for each in pair.items] for pair in pairs]
    assert texts == [["Campagne", None], [None, "Heel iets anders."]]
    assert [pair.causes for pair in pairs] == [[Cause("page", "title")]] * 2


def test_an_edition_with_a_page_that_was_changed_is_not_compared(tmp_path: Path) -> None:
    """Nobody published what it says."""
    publish(tmp_path / "first", {"index.html": DUTCH})
    (tmp_path / "first" / "index.html").write_text(ENGLISH, encoding="utf-8")
    with pytest.raises(RefusedError, match=r"first/index\.html: isn't what was published"):
        read_edition(tmp_path / "first", "first", "first")


def test_a_sentence_of_another_year() -> None:
    """That it is another year is the reason, whatever else differs."""
    title = EDITION.sentences[0]._replace(text="Verslag 2018")
    other = replace(
        changed({"edition": "2018"}, code="b"), sentences=[title, *EDITION.sentences[1:]]
    )
    (sentence,) = compare_editions(EDITION, other).sentences
    assert sentence.causes == [Cause("year", "2017 → 2018")]


def test_whose_a_comparison_is() -> None:
    """Its owner's alone where rows are confidential and nobody approved."""
    kinds = [(rows, status) for rows in ("confidential", "public") for status in ("draft", "final")]
    private = [
        each for each in kinds if is_private(dict(zip(("rows", "status"), each, strict=True)))
    ]
    assert private == [("confidential", "draft")]


def test_what_is_written_alike_says_all_of_both(repository: Path) -> None:
    """Beside '86 %' and '86 %' stand value, counts and interval of each."""
    interval = Interval(low=85.2, high=88, level=0.95, method="wilson")
    other = PHONE.model_copy(update={"numerator": 8316, "denominator": 9624, "interval": interval})
    (row,) = _writer(repository, with_figures(PHONE), with_figures(other)).rows["figure"]
    assert [text.replace("\u00a0", " ") for text in row.more] == [
        f"{PHONE.value}; 4.158 / 4.812",
        f"{PHONE.value}; 8.316 / 9.624; 95 %: 85,2 % tot 88,0 %",
    ]


def test_a_name_stands_over_the_values_of_both_years(repository: Path) -> None:
    """It doesn't call a value of 2017 one of 2018."""
    (row,) = _writer(repository, EDITION, with_figures(NEXT, PHONE)).rows["figure"]
    assert (row.name, row.more) == ("contactnames in 2017 → contactnames in 2018", ["", ""])


def test_of_a_count_stands_how_many_more_and_in_proportion(repository: Path) -> None:
    """Nothing is a proportion of none, and what differs otherwise is no more or less."""
    for numbers, expected in {
        (4000, 5000): ("+1.000", "+25,0 %"),
        (0, 5): ("+5", ""),
        (7, 7): ("", ""),
    }.items():
        one = count("contacts.total", numbers[0], spec())
        other = count("contacts.total", numbers[1], spec(channel="phone"))
        (row,) = _writer(repository, with_figures(one), with_figures(other)).rows["figure"]
        assert (row.difference, row.relative.replace("\u00a0", " ")) == expected


def test_what_no_sentence_says_stands_below(repository: Path) -> None:
    """No sentence of either; and is folded if it is more than somebody reads."""
    shares = [share(f"x{n}", (n, 4812), spec(channel="phone"), spec()) for n in range(1, 22)]
    silent = replace(EDITION, sentences=())
    few, many = (
        _writer(repository, silent, with_figures(MORE, PHONE, *others)).page()
        for others in (shares[:20], shares)
    )
    title = "<summary>Andere: in geen enkele zin ({})</summary>"
    assert f"<details open>{title.format(20)}" in few
    assert f"<details>{title.format(21)}" in many
    assert "Contacten: in geen enkele zin" not in many


def publish(folder: Path, pages: dict[str, str]) -> PublishedEdition:
    files = {"data/ledger.json": LEDGER.to_json(), "audit/index.html": "<p>Nagaan</p>", **pages}
    for file, text in files.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    sums = {file: sha256(text.encode()).hexdigest() for file, text in files.items()}
    manifest = json.loads(json.dumps({**EDITION.manifest, "outputs": sums}))
    (folder / "audit" / "manifest.json").write_text(seal(manifest), encoding="utf-8")
    return read_edition(folder, folder.name, folder.name)


def page(language: str, text: str) -> str:
    """A page in a language that has one sentence."""
    chapter = f"<section id='chapter-a'><h2>A</h2><p>{text}</p></section>"
    return f"<html lang='{language}'><main>{chapter}</main></html>"


DUTCH, ENGLISH = page("nl", "Een tekst."), page("en", "A text.")


@pytest.mark.parametrize(
    ("second", "differing"),
    [
        # A sentence that another text changed in the other language alone.
        ({"": DUTCH, "en/": page("en", "A word.")}, [("en", "A text."), ("en", "A word.")]),
        # A page is held to the one in its language, wherever that lies.
        ({"": ENGLISH, "nl/": page("nl", "Een dag.")}, [("nl", "Een tekst."), ("nl", "Een dag.")]),
        # The sentences of a language that one of them has alone aren't compared.
        ({"": DUTCH}, []),
    ],
)
def test_a_sentence_is_held_to_the_one_in_its_language(
    tmp_path: Path, repository: Path, second: dict[str, str], differing: list[tuple[str, str]]
) -> None:
    """The page of what differs says of which language it is."""
    first, other = (
        publish(tmp_path / name, {f"{folder}index.html": text for folder, text in pages.items()})
        for name, pages in (("first", {"": DUTCH, "en/": ENGLISH}), ("second", second))
    )
    items = [each for item in compare_editions(first, other).sentences for each in item.items]
    assert [(each.language, each.text) for each in items if each] == differing
    rows = _writer(repository, first, other).rows["sentence"]
    assert [row.language for row in rows] == [language for language, _ in differing[1:]]
    english = "<code>en</code>" in _writer(repository, first, other).page()
    assert english == (("en", "A text.") in differing)


def _writer(repository: Path, *editions: PublishedEdition) -> DifferencesWriter:
    place = editions[0].folder.parent / "differences.html"
    return DifferencesWriter(Project(repository), compare_editions(*editions), place)


# The sentences of a page, each with its place and the figures in it


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


@pytest.mark.parametrize(
    ("html", "sentences"),
    [
        # Before a capital, a digit or a figure; not behind an abbreviation or within a number.
        (
            "<main><p>Dat is bijv. elk uur 1.203. 12 minder? <data data-figure='a'>Acht</data> "
            "meer! (En zo.)</p></main>",
            ["Dat is bijv. elk uur 1.203.", "12 minder?", "Acht meer!", "(En zo.)"],
        ),
        # What stands at the end of a page by itself; a page without a main part has none.
        ("<main><p>Een.</p>Twee.</main>", ["Een.", "Twee."]),
        ("<p>Een.</p>", []),
    ],
)
def test_where_a_sentence_ends(html: str, sentences: list[str]) -> None:
    assert [each.text for each in read_sentences(html)] == sentences
