"""Write what differs between two editions: as a page, as CSV, and in a few lines."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

from markupsafe import Markup, escape

from helpline_report import __version__
from helpline_report.audit.audit_words import AuditWords
from helpline_report.audit.edition_differences import (
    LEDGER,
    Cause,
    DifferingPair,
    EditionDifferences,
    PublishedEdition,
    compare_editions,
    read_edition,
)
from helpline_report.audit.page_sentences import Sentence
from helpline_report.audit.pages import TEMPLATES
from helpline_report.errors import ParametersError, UserError, unwritten
from helpline_report.figures.model import Figure
from helpline_report.parameters.house_files import read_house
from helpline_report.parameters.project import Project
from helpline_report.private_files import write_private
from helpline_report.prose.numbers import capitalised, number, raw
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.house import (
    faces,
    font_faces,
    logo_address,
    logo_alternative,
    variables,
)
from helpline_report.report.markup import cells_environment, made
from helpline_report.report.open_data import ROWS, SYNTHETIC, harmless
from helpline_report.report.page import CONTROLS, FONTS, frame_of
from helpline_report.report.publication import Publication

# Where the pages lie, in `output/` or in what is private.
PLACE = "differences"
COLUMNS = (
    *("what", "id", "chapter", "first", "second", "first_shown", "second_shown"),
    *("difference", "relative", "reason"),
)
# So many subjects of one kind of cause are named, and so many differences in the terminal.
NAMED = 3
COVER = "title"


class Side(NamedTuple):
    """What one edition says of a figure, what stands below it, and the address of its trace."""

    text: str
    more: str = ""
    address: str = ""


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
        raise UserError(
            "name two editions, or one and --before",
            next_step=f"helpline-report diff {name} trial, or helpline-report diff {name} --before",
        )
    second = _folder_of(project, name if before else other or "")
    first = _folder_before(project, name) if before else _folder_of(project, name)
    labels = (f"{name}-before" if before else first.name, name if before else second.name)
    if labels[0] == labels[1] and first != second:
        labels = (f"{labels[0]}-1", f"{labels[1]}-2")
    editions = [
        read_edition(folder, label, _shown(folder, project))
        for folder, label in zip((first, second), labels, strict=True)
    ]
    differences = compare_editions(*editions)
    private = any(each.private for each in editions)
    names = [re.sub(r"[^A-Za-z0-9_-]+", "-", each).strip("-") or "edition" for each in labels]
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
            continue
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise unwritten(error, _shown(path, project)) from None
    return (*writer.summary(), *(_shown(path, project) for path in files))


def _folder_of(project: Project, name: str) -> Path:
    """The folder of an edition: by its name in `output/`, else that of a draft, else a path."""
    named = re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name) is not None
    places = [project.output / name, project.private / "drafts" / name] if named else []
    for folder in (*places, Path(name)):
        if (folder / LEDGER).is_file():
            return folder
    released = sorted(path.parts[-3] for path in project.output.glob(f"*/{LEDGER}"))
    listed = f"; there are: {', '.join(released)}" if released else ""
    raise ParametersError(
        f"no edition '{name}' lies in output/, and no folder of that name holds {LEDGER}{listed}",
        where=name,
        next_step=f"make it (helpline-report build {name}), or name the folder of an edition",
    )


def _folder_before(project: Project, name: str) -> Path:
    folder = project.private / "replaced" / name
    if not (folder / LEDGER).is_file():
        raise ParametersError(
            f"there is no edition '{name}' before this one",
            where=f"output/{name}",
            next_step="an edition is kept when the next one takes its place",
        )
    return folder


def _shown(path: Path, project: Project) -> str:
    absolute, root = path.resolve(), project.root.resolve()
    inside = absolute.is_relative_to(root)
    return (absolute.relative_to(root) if inside else path).as_posix()


class DifferencesWriter:
    """Writes the differences of two editions, each number in the words of its own edition."""

    def __init__(self, project: Project, differences: EditionDifferences, place: Path) -> None:
        self.project, self.differences, self.place = project, differences, place
        publications = [_publication_of(project, each) for each in differences.editions]
        self.publication = publications[1]
        self.words = [AuditWords(EditionWords(each).writer) for each in publications]
        self.say, self.head, self.count = (
            getattr(self.words[1], name) for name in ("say", "head", "count")
        )
        self.labels = [each.label for each in differences.editions]
        self.origins = [each.ledger.origins() for each in differences.editions]
        self.private = any(each.private for each in differences.editions)
        self.csv = place.with_suffix(".csv").name
        self.synthetic = any(e.manifest.get("rows") == "synthetic" for e in differences.editions)

    def page(self) -> str:
        """The page: one file that requests nothing."""
        environment = cells_environment(TEMPLATES, autoescape=True)
        environment.filters["capital"] = capitalised
        text = environment.get_template("differences.html.j2").render(
            page=self,
            causes=_by_kind(self.differences.causes),
            count=self.count,
            differences=self.differences,
            figures=self._by_chapter(self.differences.figures),
            fonts=made(FONTS),
            frame=frame_of(EditionWords(self.publication), hidden=True),
            head=self.head,
            labels=self.labels,
            logo=logo_address(self.publication),
            logo_alternative=logo_alternative(self.publication),
            publication=self.publication,
            say=self.say,
            sentences=self._by_chapter(self.differences.sentences),
            tokens=made(variables(self.publication)),
            version=__version__,
        )
        rules = font_faces(text, faces(self.publication.house)[:2])
        return CONTROLS.sub("", text).replace(FONTS, rules, 1) + "\n"

    def table(self) -> str:
        """The differences as comma-separated text: values as computed and as they are shown."""
        differences, rows = self.differences, list[list[str]]()
        for pair in differences.parameters:
            rows.append(["parameter", pair.id, "", *(harmless(each or "") for each in pair.items)])
        for item in differences.figures:
            values = [raw(figure.value) if figure else "" for figure in item.items]
            sides = [self.side(item, place).text for place in (0, 1)]
            why = [*self.difference(item), self.reason(item.causes)]
            rows.append(["figure", item.id, item.chapter, *values, *sides, *why])
        for sentence in differences.sentences:
            chapter = sentence.chapter.removeprefix("chapter-")
            cells = [*map(harmless, self.texts(sentence)), "", "", "", ""]
            reason = harmless(self.reason(sentence.causes))
            rows.append(["sentence", sentence.id, chapter, *cells, reason])
        marks = [(ROWS, SYNTHETIC)] if self.synthetic else []
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([*COLUMNS, *(column for column, _ in marks)])
        for row in rows:
            blanks = [""] * (len(COLUMNS) - len(row))
            writer.writerow([*row, *blanks, *(mark for _, mark in marks)])
        return text.getvalue()

    def summary(self) -> Iterator[str]:
        """How much differs, and the first few parameters and figures with both values."""
        differences = self.differences
        counts = {
            "parameter": len(differences.parameters),
            "figure": len(differences.figures),
            "sentence": len(differences.sentences),
        }
        listed = (f"{each} {noun}{'s' * (each != 1)}" for noun, each in counts.items())
        yield f"{' and '.join(self.labels)} differ: {', '.join(listed)}"
        for parameter in differences.parameters[:NAMED]:
            yield f"  {parameter.id}: {' → '.join(each or '–' for each in parameter.items)}"
        for item in differences.figures[:NAMED]:
            sides = [self.side(item, place) for place in (0, 1)]
            same = sides[0].text == sides[1].text
            texts = [f"{each.text} ({each.more})" if same else each.text for each in sides]
            yield f"  {item.id}: {' → '.join(texts)}"

    def describe_editions(self) -> dict[str, list[str]]:
        """What each edition says of itself, by the key of its phrase."""
        rows: dict[str, list[str]] = {}
        for edition in self.differences.editions:
            ledger, manifest = edition.ledger, edition.manifest
            described = {
                "folder": _shown(edition.folder, self.project),
                "edition": ledger.edition,
                "status": self.say(f"differences.status_{manifest.get('status', 'unknown')}"),
                "rows": self.say(f"differences.rows_{manifest.get('rows', 'unknown')}"),
                "figures_of": self.count(len(ledger.figures)),
                "hidden": self.count(ledger.protected.hidden) if ledger.protected else "–",
            }
            for key, text in described.items():
                rows.setdefault(key, []).append(text)
        return rows

    def define(self, item: DifferingPair[Figure]) -> str:
        """What a figure is, in the words of the second edition that has it."""
        pairs = zip(reversed(item.items), reversed(self.words), strict=True)
        return next(words.writer.definition(figure) for figure, words in pairs if figure)

    def difference(self, item: DifferingPair[Figure]) -> tuple[str, str]:
        """How much more the second counts, and in proportion; of what is no count nothing."""
        figures = [each for each in item.items if each is not None and each.value is not None]
        counts = [each.number for each in figures if each.unit == "count"]
        if len(counts) < len(item.items) or counts[0] == counts[1]:
            return "", ""
        step, words = counts[1] - counts[0], self.words[1]
        relative = words.decimal(100 * step / counts[0], "percent change") if counts[0] else ""
        return number(words.writer.idiom, step, signed=True), relative

    def side(self, item: DifferingPair[Figure], place: int) -> Side:
        """What one edition says of a figure, and what both don't say the same way below it."""
        figure, other, words = item.items[place], item.items[1 - place], self.words[place]
        if figure is None:
            return Side(self.say("differences.not_there"))
        more = []
        if figure.unit != "count" and figure.numerator is not None and figure.denominator:
            parts = (figure.numerator, figure.denominator)
            part, whole = (words.number(value, "count") for value in parts)
            more.append(self.say("differences.of", part=part, whole=whole))
        if other is not None and words.value(figure) == self.words[1 - place].value(other):
            # Rounded they are the same.
            if figure.value != other.value:
                more.append(raw(figure.value))
            elif figure.interval and figure.interval != other.interval:
                unit = "ratio" if figure.kind == "flag" else figure.unit
                more.append(words.interval("interval.value", figure.interval, unit))
        chapter = self.origins[place].get(item.id, ("index", ""))[0]
        address = self.address(place, f"audit/{chapter}.html", item.id)
        return Side(words.value(figure), " · ".join(more), address)

    def address(self, place: int, page: str, anchor: str) -> str:
        """A place in one of the editions, relative to the page; of one elsewhere there is none."""
        edition = self.differences.editions[place]
        folder, root = edition.folder.resolve(), self.project.root.resolve()
        if not (edition.manifest and folder.is_relative_to(root)):
            return ""
        relative = os.path.relpath(folder / page, self.place.resolve().parent)
        return f"{Path(relative).as_posix()}#{anchor}"

    def reason(self, causes: Sequence[Cause]) -> str:
        """What can have made something another: by kind, the first few of each by their names."""
        parts = []
        for kind, subjects in _by_kind(causes).items():
            named = [subject for subject in subjects[:NAMED] if subject]
            if more := len(subjects[NAMED:]):
                named.append(self.say("differences.more", number=self.count(more)))
            listed = f": {', '.join(named)}" if named else ""
            parts.append(f"{self.say(f'cause.{kind}')}{listed}")
        return "; ".join(parts)

    def _by_chapter(self, items: Iterable[DifferingPair[Any]]) -> list[tuple[str, list[Any]]]:
        """What differs in each chapter, under its own heading, which is its first line."""
        titles = {COVER: self.say("differences.cover"), "": self.say("differences.other")}
        for edition in self.differences.editions:
            headings = {each.chapter: each.text for each in reversed(edition.sentences)}
            titles |= {name: text for name, text in headings.items() if name != COVER}
        grouped = [(name, list(group)) for name, group in groupby(items, attrgetter("chapter"))]
        return [
            (titles.get(name) or titles.get(f"chapter-{name}") or name, group)
            for name, group in grouped
        ]

    def texts(self, item: DifferingPair[Sentence]) -> list[str]:
        """What both say; nothing where a sentence isn't there."""
        return [sentence.text if sentence else "" for sentence in item.items]

    def mark(self, texts: Sequence[str], place: int) -> Markup:
        """One of two texts, in which the words that the other hasn't got are marked."""
        says = (self.say("differences.removed"), self.say("differences.added"))
        return mark_words(texts, place, says)


def mark_words(texts: Sequence[str], place: int, says: Sequence[str] = ("", "")) -> Markup:
    """One of two texts, in which the words that the other hasn't got are marked as out or in.

    `says` is what a mark says for who doesn't see it.
    """
    parts = [text.split(" ") for text in texts]
    tag = ("del", "ins")[place]
    matcher = SequenceMatcher(None, parts[0], parts[1], autojunk=False)
    marked = []
    for kind, *ends in matcher.get_opcodes():
        start, end = ends[2 * place : 2 * place + 2]
        text = " ".join(parts[place][start:end])
        if kind == "equal":
            marked.append(escape(text))
        elif text:
            markup = Markup('<{0} data-say="{1}">{2}</{0}>')
            marked.append(markup.format(tag, says[place], text))
    return Markup(" ").join(marked)


def _publication_of(project: Project, published: PublishedEdition) -> Publication:
    """What the words and the look of an edition are taken from: its parameters and its ledger."""
    ledger = published.ledger
    edition = project.edition(ledger.edition, ledger.overrides)
    return Publication(
        edition=edition,
        comparison=project.edition(edition.comparison) if edition.comparison else None,
        codelists=project.codelists(),
        ledger=ledger,
        notebooks={},
        house=read_house(edition.house_style, project.root),
        language=edition.language,
    )


def _by_kind(causes: Iterable[Cause]) -> dict[str, list[str]]:
    """The subjects of causes by kind, each once; of an export its year too."""
    kinds: dict[str, dict[str, None]] = {}
    for cause in causes:
        subject = f"{cause.subject} ({cause.edition})" if cause.edition else cause.subject
        kinds.setdefault(cause.kind, {})[subject] = None
    return {kind: list(subjects) for kind, subjects in kinds.items()}
