"""Write what differs between two editions: as a page, as CSV, and in a few lines."""

import os
import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from markupsafe import Markup, escape

from helpline_report import __version__
from helpline_report.audit.audit_words import AuditWords
from helpline_report.audit.edition_differences import (
    Cause,
    DifferingPair,
    EditionDifferences,
    PublishedEdition,
    Sentence,
    compare_editions,
    read_edition,
)
from helpline_report.audit.manifest import is_private
from helpline_report.audit.pages import TEMPLATES
from helpline_report.errors import ParametersError, UserError
from helpline_report.figures.model import Figure
from helpline_report.parameters.edition import list_readable_overrides
from helpline_report.parameters.house_files import read_house
from helpline_report.parameters.project import Project
from helpline_report.parameters.project_folder import LEDGER
from helpline_report.private_files import replace_file, write_private
from helpline_report.prose.numbers import capitalised, number, raw
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.house import choose_faces, write_font_faces
from helpline_report.report.markup import open_templates
from helpline_report.report.open_data import ROWS, SYNTHETIC, escape_formula, write_rows
from helpline_report.report.page import CONTROLS, FONTS, frame_of
from helpline_report.report.publication import Publication

# Where the pages lie, in `output/` or in what is private.
PLACE = "differences"
COLUMNS = (
    *("what", "id", "chapter", "first", "second", "first_shown", "second_shown"),
    *("difference", "relative", "reason", "language"),
)
# What is counted at the head of the page and in the terminal.
NOUNS = ("parameter", "figure", "sentence")
# At most this many subjects of one kind of cause are named.
NAMED = 3
COVER = "title"


class DifferenceRow(NamedTuple):
    """A difference as it is shown: of each edition the value, how it is written, and its address.

    `more` stands below what is written; a figure has a `name`, and may stand `in_text`; a count
    says how many `more`, and a sentence has a `language`.
    """

    what: str
    id: str
    chapter: str
    values: Sequence[str]
    written: Sequence[str] = ("", "")
    more: Sequence[str] = ("", "")
    addresses: Sequence[str] = ("", "")
    name: str = ""
    in_text: bool = False
    difference: str = ""
    relative: str = ""
    reason: str = ""
    language: str = ""


def write_differences(
    project: Project, name: str, other: str | None, *, before: bool
) -> tuple[str, ...]:
    """Compare two editions, write what differs, and return it in a few lines.

    Where one of them is confidential and not approved, the files are their owner's alone.

    Raises:
        UserError: not two editions are named, or one lies nowhere.
        RefusedError: a file of one isn't what was published.
        MachineError: a file can't be read or written.
    """
    if before == (other is not None):
        two = f"helpline-report diff {name} {other or 'trial'}"
        step = f"{two}, or helpline-report diff {name} --before"
        raise UserError("name two editions, or one and --before", next_step=step)
    folders = [_find_edition(project, edition) for edition in (name, other) if edition is not None]
    labels = [folder.name for folder in folders]
    if before:
        folders.insert(0, project.private / "replaced" / name)
        labels = [f"{name}-before", name]
        if not (folders[0] / LEDGER).is_file():
            raise ParametersError(
                f"there is no edition '{name}' before this one",
                where=f"output/{name}",
                next_step="an edition is kept when the next one takes its place",
            )
    elif labels[0] == labels[1] and folders[0] != folders[1]:
        labels = [f"{label}-{place}" for place, label in enumerate(labels, start=1)]
    first, second = (
        read_edition(folder, label, project.label(folder))
        for folder, label in zip(folders, labels, strict=True)
    )
    differences = compare_editions(first, second)
    private = is_private(first.manifest) or is_private(second.manifest)
    names = [re.sub(r"[^A-Za-z0-9_-]+", "-", label).strip("-") or "edition" for label in labels]
    place = (project.private if private else project.output) / PLACE / f"{'--'.join(names)}.html"
    files = (place, place.with_suffix(".csv"))
    if not differences.total:
        for path in files:
            path.unlink(missing_ok=True)
        return (f"{labels[0]} and {labels[1]}: nothing differs",)
    writer = DifferencesWriter(project, differences, place)
    for path, text in zip(files, (writer.page(), writer.table()), strict=True):
        if private:
            write_private(path, text)
        else:
            replace_file(path, text, project.label(path))
    return (writer.summary(), *(project.label(path) for path in files))


def _find_edition(project: Project, name: str) -> Path:
    """The folder of an edition: by its name in `output/`, else that of a draft, else a path."""
    is_name = re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name) is not None
    places = [project.output / name, project.private / "drafts" / name] if is_name else []
    for folder in (*places, Path(name).resolve()):
        if (folder / LEDGER).is_file():
            return folder
    next_step = "name the folder of an edition, the one that holds index.html"
    if is_name:
        command = f"build {name}" if name in project.editions() else f"build YEAR --as {name}"
        next_step = f"make it (helpline-report {command}), or {next_step}"
    raise ParametersError(
        f"no edition '{name}' lies in output/, and no folder of that name holds {LEDGER}",
        where=name,
        next_step=next_step,
    )


class DifferencesWriter:
    """Writes the differences of two editions, each number in the words of its own edition."""

    def __init__(self, project: Project, differences: EditionDifferences, place: Path) -> None:
        self.project, self.differences, self.place = project, differences, place
        self.editions = differences.editions
        publications = [_make_publication(project, edition) for edition in self.editions]
        self.publication = publications[1]
        self.words = [AuditWords(EditionWords(each).writer) for each in publications]
        self.say, self.count = self.words[1].say, self.words[1].count
        self.origins = [edition.ledger.origins() for edition in self.editions]
        self.synthetic = any(item.manifest["rows"] == "synthetic" for item in self.editions)
        sentences = chain.from_iterable(edition.sentences for edition in self.editions)
        self.in_text = {name for sentence in sentences for name in sentence.figures}
        self.rows = {
            "parameter": [
                DifferenceRow("parameter", pair.id, "", [value or "" for value in pair.items])
                for pair in differences.parameters
            ],
            "figure": [self._show_figure(pair) for pair in differences.figures],
            "sentence": [self._show_sentence(pair) for pair in differences.sentences],
        }

    def page(self) -> str:
        """The page: one file that requests nothing."""
        environment = open_templates(TEMPLATES, autoescape=True)
        environment.filters["capital"] = capitalised
        says = (self.say("differences.removed"), self.say("differences.added"))
        text = environment.get_template("differences.html.j2").render(
            causes=_group_subjects(self.differences.causes),
            count=self.count,
            csv=self.place.with_suffix(".csv").name,
            figures=self._group_by_chapter(self.rows["figure"]),
            frame=frame_of(EditionWords(self.publication), hidden=True),
            head=self.words[1].head,
            labels=[edition.label for edition in self.editions],
            mark=partial(mark_words, says=says),
            parameters=self.rows["parameter"],
            private=any(is_private(edition.manifest) for edition in self.editions),
            publication=self.publication,
            say=self.say,
            sentences=self._group_by_chapter(self.rows["sentence"]),
            synthetic=self.synthetic,
            totals={f"{noun}s": len(self.rows[noun]) for noun in NOUNS},
            version=__version__,
        )
        rules = write_font_faces(text, choose_faces(self.publication.house)[:2])
        return CONTROLS.sub("", text).replace(FONTS, rules, 1) + "\n"

    def table(self) -> str:
        """The differences as comma-separated text: values as computed and as they are shown."""
        mark = {ROWS: SYNTHETIC} if self.synthetic else {}
        lines: list[list[str]] = [[*COLUMNS, *mark]]
        for row in chain.from_iterable(self.rows.values()):
            place = [row.what, row.id, row.chapter.removeprefix("chapter-")]
            cells = [*row.values, *row.written, row.difference, row.relative, row.reason]
            if row.what != "figure":
                cells = [escape_formula(cell) for cell in cells]
            lines.append([*place, *cells, row.language, *mark.values()])
        return write_rows(lines)

    def summary(self) -> str:
        """How much differs."""
        numbers = {noun: len(self.rows[noun]) for noun in NOUNS}
        listed = [
            f"{number} {noun if number == 1 else noun + 's'}" for noun, number in numbers.items()
        ]
        labels = " and ".join(edition.label for edition in self.editions)
        return f"{labels} differ: {', '.join(listed)}"

    def _show_figure(self, pair: DifferingPair[Figure]) -> DifferenceRow:
        """A figure in the words of each edition; of a count how many more, and in proportion."""
        both = list(zip(pair.items, self.words, strict=True))
        missing = self.say("differences.not_there")
        written = [words.value(figure) if figure else missing for figure, words in both]
        names = dict.fromkeys(words.writer.definition(figure) for figure, words in both if figure)
        values = [raw(figure.value) if figure else "" for figure in pair.items]
        more = ["", ""]
        if written[0] == written[1]:
            more = [_write_unrounded(figure, words) if figure else "" for figure, words in both]
        chapters = [origins.get(pair.id, ("index", ""))[0] for origins in self.origins]
        pages = [f"audit/{chapter}.html" for chapter in chapters]
        counts = [f.number for f in pair.items if f and f.value is not None and f.unit == "count"]
        difference, relative, words = "", "", self.words[1]
        if len(counts) == len(pair.items) and counts[0] != counts[1]:
            step = counts[1] - counts[0]
            difference = number(words.writer.idiom, step, signed=True)
            if counts[0]:
                relative = words.decimals(100 * step / counts[0], "percent change")
        return DifferenceRow(
            *("figure", pair.id, pair.chapter, values, written),
            more=more,
            addresses=self._list_addresses(pair, pages, [pair.id] * 2),
            name=" → ".join(names),
            in_text=pair.id in self.in_text,
            difference=difference,
            relative=relative,
            reason=self._explain(pair.causes),
        )

    def _show_sentence(self, pair: DifferingPair[Sentence]) -> DifferenceRow:
        texts = [sentence.text if sentence else "" for sentence in pair.items]
        anchors = [sentence.anchor if sentence else "" for sentence in pair.items]
        pages = [edition.pages[pair.language] for edition in self.editions]
        return DifferenceRow(
            *("sentence", pair.id, pair.chapter, texts),
            addresses=self._list_addresses(pair, pages, anchors),
            reason=self._explain(pair.causes),
            language=pair.language,
        )

    def _list_addresses(
        self, pair: DifferingPair[Any], pages: Sequence[str], anchors: Sequence[str]
    ) -> list[str]:
        """Where a pair stands in the editions, relative to the page; of one elsewhere nothing."""
        root, start = self.project.root.resolve(), self.place.resolve().parent
        addresses = []
        places = zip(self.editions, pair.items, pages, anchors, strict=True)
        for edition, item, page, anchor in places:
            folder = edition.folder.resolve()
            path = Path(os.path.relpath(folder / page, start)).as_posix()
            can_link = item is not None and folder.is_relative_to(root)
            addresses.append(f"{path}#{anchor}" if can_link else "")
        return addresses

    def _explain(self, causes: Sequence[Cause]) -> str:
        """What can have made something another: by kind, the first few of each by their names."""
        parts = []
        for kind, subjects in _group_subjects(causes).items():
            named = [subject for subject in subjects[:NAMED] if subject]
            if kind == "version":
                # Which versions they are stands above the tables.
                named = [subject.split()[0] for subject in named]
            if more := len(subjects[NAMED:]):
                named.append(self.say("differences.more", number=self.count(more)))
            listed = f": {', '.join(named)}" if named else ""
            parts.append(f"{self.say(f'cause.{kind}')}{listed}")
        return "; ".join(parts)

    def _group_by_chapter(
        self, rows: Iterable[DifferenceRow]
    ) -> list[tuple[str, list[DifferenceRow]]]:
        """What differs in each chapter, under its own heading, which is its first line."""
        titles = {COVER: self.say("differences.cover"), "": self.say("differences.other")}
        for edition in self.editions:
            headings = {line.chapter: line.text for line in reversed(edition.sentences)}
            titles |= {name: text for name, text in headings.items() if name != COVER}
        chapters: dict[str, list[DifferenceRow]] = {}
        for row in rows:
            chapters.setdefault(row.chapter, []).append(row)
        return [
            (titles.get(name) or titles.get(f"chapter-{name}") or name, listed)
            for name, listed in chapters.items()
        ]


def mark_words(texts: Sequence[str], place: int, says: Sequence[str] = ("", "")) -> Markup:
    """One of two texts, in which the words that the other hasn't got are marked as out or in.

    `says` is what a mark says for who doesn't see it.
    """
    words = [text.split(" ") for text in texts]
    tag = ("del", "ins")[place]
    matcher = SequenceMatcher(None, words[0], words[1], autojunk=False)
    marked = []
    for kind, *ends in matcher.get_opcodes():
        start, end = ends[2 * place : 2 * place + 2]
        text = " ".join(words[place][start:end])
        if kind == "equal":
            marked.append(escape(text))
        elif text:
            markup = Markup('<{0} data-say="{1}">{2}</{0}>')
            marked.append(markup.format(tag, says[place], text))
    return Markup(" ").join(marked)


def _write_unrounded(figure: Figure, words: AuditWords) -> str:
    """The value, counts and interval of a figure, for one that is written as the other is."""
    counts = [words.count(n) for n in (figure.numerator, figure.denominator) if n is not None]
    interval = words.interval("interval.value", figure)
    return "; ".join(filter(None, (raw(figure.value), " / ".join(counts), interval)))


def _make_publication(project: Project, published: PublishedEdition) -> Publication:
    """What the words and the look of an edition are taken from: its parameters and its ledger.

    An override whose value isn't told has no say in them: it is of places or of numbers of rows.
    """
    ledger = published.ledger
    edition = project.edition(ledger.edition, list_readable_overrides(ledger.overrides))
    return Publication(
        edition=edition,
        comparison=project.edition(edition.comparison) if edition.comparison else None,
        codelists=project.codelists(),
        ledger=ledger,
        notebooks={},
        house=read_house(edition.house_style, project.root),
        language=edition.language,
    )


def _group_subjects(causes: Iterable[Cause]) -> dict[str, list[str]]:
    kinds: dict[str, list[str]] = {}
    for cause in causes:
        kinds.setdefault(cause.kind, []).append(cause.subject)
    return kinds
