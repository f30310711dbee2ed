"""Compare two editions as they were released: their parameters, figures and sentences.

Nothing is read but what was published: the released ledger, the manifest and the pages. So nothing
can be shown that wasn't released.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from operator import attrgetter
from pathlib import Path, PurePosixPath
from typing import Generic, NamedTuple, TypeVar

from lxml import etree, html

from helpline_report.audit.manifest import Manifest, hash_file, name_role, read_manifest
from helpline_report.audit.printed_figures import make_figure_key
from helpline_report.errors import RefusedError
from helpline_report.figures.ledger import Ledger, read_ledger
from helpline_report.figures.model import Figure, make_undated_key
from helpline_report.parameters.edition import OF_PAGES
from helpline_report.parameters.project_folder import LEDGER

PAGE, AUDIT = "index.html", "audit/index.html"
# The page of a translation.
OF_LANGUAGE = re.compile(r"[a-z]{2}/index\.html")
# The parameters as the overview of the audit lists them, a row each.
PARAMETERS = "//h2[@id='page-parameters']/following::tr[th/code]"
# The roles of project files that can change a figure or a sentence.
ROLES = ("notebook", "text", "code list", "layout", "other years")
# What is compared of a figure, beside its populations.
CONTENT = ("status", "reason", "value", "numerator", "denominator", "interval")
# The kinds of causes that are named with their old and their new value.
VALUES = ("version", "threshold")
# The kinds of causes that can change any sentence.
OF_SENTENCES = ("set", "parameter", "page", "code list", "other years", "program")
# The kinds of causes that change no figure.
OF_PAGES_ALONE = ("page", "text", "other years")
# Two sentences with fewer words in common are no versions of one another.
ALIKE = 0.4
# What is read of a page: its blocks, and where one begins to which a link may lead.
BLOCKS = {"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd", "figcaption", "caption"}
ANCHORS = {"section", "figure", "div", *BLOCKS}
# What is compared as figures, or says where something stands.
SKIPPED = """.//*[self::svg or self::thead or self::tbody or self::nav or self::aside
    or self::summary or @class='unseen' or @class='highlights' or @class='files']"""
# Stands before and after the id of a figure, which pages can't hold.
MARK = "\0"
END = re.compile(r"(?<=[.!?])[ \n]+(?=\0|[\"'‘“(]?[A-ZÀ-Þ0-9])")
FIGURE = re.compile(f"{MARK}(.*?){MARK}")

Item = TypeVar("Item")


class Sentence(NamedTuple):
    """A sentence, where it stands, the figures whose values are in it, and its language."""

    chapter: str
    anchor: str
    text: str
    figures: tuple[str, ...] = ()
    language: str = ""


SentencePair = tuple[Sentence | None, Sentence | None]


@dataclass(frozen=True)
class PublishedEdition:
    """What lies in the folder of an edition; `label` is its name on the page.

    `pages` are the files of its report by their languages.
    """

    label: str
    folder: Path
    ledger: Ledger
    manifest: Manifest
    parameters: Mapping[str, str]
    pages: Mapping[str, str]
    sentences: Sequence[Sentence]


class Cause(NamedTuple):
    """One thing that makes two editions differ: its kind, and a file, a name or a change."""

    kind: str
    subject: str = ""


@dataclass(frozen=True)
class DifferingPair(Generic[Item]):
    """One thing that differs between two editions, with its possible causes.

    An item is None where that edition lacks it. A sentence has the `language` of its page.
    """

    id: str
    chapter: str
    items: tuple[Item | None, Item | None]
    causes: Sequence[Cause] = ()
    language: str = ""


@dataclass(frozen=True)
class EditionDifferences:
    """All that differs between two editions, and what is known of why."""

    editions: tuple[PublishedEdition, PublishedEdition]
    causes: Sequence[Cause]
    parameters: Sequence[DifferingPair[str]]
    figures: Sequence[DifferingPair[Figure]]
    sentences: Sequence[DifferingPair[Sentence]]

    @property
    def total(self) -> int:
        """How many things differ."""
        return sum(map(len, (self.parameters, self.figures, self.sentences)))


def read_edition(folder: Path, label: str, place: str) -> PublishedEdition:
    """Read what was published of an edition; `place` is its folder in messages.

    Raises:
        ParametersError: no edition lies there, or one of another version of the program.
        MachineError: a file can't be read.
        RefusedError: a file isn't what was published.
    """
    manifest, texts = read_manifest(folder, place), {}
    translations = sorted(name for name in manifest["outputs"] if OF_LANGUAGE.fullmatch(name))
    for file in (LEDGER, AUDIT, PAGE, *translations):
        if hash_file(folder / file, f"{place}/{file}") != manifest["outputs"].get(file):
            step = "take it from where the edition was published, or build the edition again"
            raise RefusedError("isn't what was published", where=f"{place}/{file}", next_step=step)
        texts[file] = (folder / file).read_text(encoding="utf-8")
    step = "build that edition again with this version"
    ledger = read_ledger(folder / LEDGER, f"{place}/{LEDGER}", step)
    rows = html.document_fromstring(texts[AUDIT]).xpath(PARAMETERS)
    parameters = {row[0].text_content(): row[1].text_content() for row in rows}
    pages, sentences = {}, []
    for file in (PAGE, *translations):
        pages[html.document_fromstring(texts[file]).get("lang", "")] = file
        sentences += read_sentences(texts[file])
    return PublishedEdition(label, folder, ledger, manifest, parameters, pages, sentences)


def read_sentences(page: str) -> list[Sentence]:
    """The sentences of the main part of a page in their order; captions are sentences too."""
    sentences: list[Sentence] = []
    document = html.document_fromstring(page)
    main, language = document.find(".//main"), document.get("lang", "")
    for item in main.xpath(SKIPPED) if main is not None else ():
        item.drop_tree()
    chapter = anchor = "title"
    text = ""
    for event, item in etree.iterwalk(main, events=("start", "end")) if main is not None else ():
        if item.tag in BLOCKS:
            sentences += _split_sentences(text, chapter, anchor, language)
            text = ""
        if event == "end":
            text += item.tail or ""
            continue
        if item.tag in ANCHORS and item.get("id"):
            anchor = item.get("id")
            if item.tag == "section" and next(item.iterancestors("section"), None) is None:
                chapter = anchor
        figure = item.get("data-figure")
        text += f"{MARK}{figure}{MARK}" if figure else ""
        text += " " if item.tag == "br" else item.text or ""
    return [*sentences, *_split_sentences(text, chapter, anchor, language)]


def _split_sentences(text: str, chapter: str, anchor: str, language: str) -> Iterator[Sentence]:
    for part in END.split(re.sub(r"[ \t\r\n]+", " ", text).strip()):
        if sentence := FIGURE.sub("", part).strip():
            figures = tuple(dict.fromkeys(FIGURE.findall(part)))
            yield Sentence(chapter, anchor, sentence, figures, language)


def compare_editions(first: PublishedEdition, second: PublishedEdition) -> EditionDifferences:
    """All that differs between two editions; numbers are compared as they were computed."""
    parameters = [
        DifferingPair(name, "", (first.parameters.get(name), second.parameters.get(name)))
        for name in {**first.parameters, **second.parameters}
        if first.parameters.get(name) != second.parameters.get(name)
    ]
    causes = list(_list_causes(first, second, [pair.id for pair in parameters]))
    figures = list(_compare_figures(first.ledger, second.ledger, causes))
    sentences = list(_compare_sentences(first, second, {pair.id for pair in figures}, causes))
    return EditionDifferences((first, second), causes, parameters, figures, sentences)


def _list_causes(
    first: PublishedEdition, second: PublishedEdition, parameters: Sequence[str]
) -> Iterator[Cause]:
    """The inputs of two editions that differ.

    Between two years only inputs that both have are compared: all others differ anyway.
    """
    years = (first.ledger.edition, second.ledger.edition)
    is_same_year = years[0] == years[1]
    if not is_same_year:
        yield Cause("year", " → ".join(years))
    origins = [_list_origins(edition) for edition in (first, second)]
    for cause in sorted(origins[0] | origins[1]):
        values = [of_edition.get(cause, "–") for of_edition in origins]
        if values[0] != values[1] and (is_same_year or "–" not in values):
            subject = f"{cause.subject} {' → '.join(values)}".strip()
            yield cause._replace(subject=subject) if cause.kind in VALUES else cause
    overridden = {*first.ledger.overrides} ^ {*second.ledger.overrides}
    roots = {"--set", *(text.partition("=")[0].split(".")[0] for text in overridden)}
    for name in parameters if is_same_year else ():
        root = name.split(".")[0]
        if root not in roots:
            yield Cause("page" if root in OF_PAGES else "parameter", name)


def _list_origins(edition: PublishedEdition) -> dict[Cause, str]:
    """What an edition is made from, each with its hash, version or value."""
    ledger, manifest = edition.ledger, edition.manifest
    origins = {
        Cause(name_role(source), f"{source.file} ({source.edition})"): source.sha256
        for source in ledger.sources
    }
    origins |= {Cause("set", text): text for text in ledger.overrides}
    origins[Cause("threshold")] = str(ledger.protected.threshold) if ledger.protected else "–"
    for file in manifest["project"]:
        if file["role"] in ROLES:
            origins[Cause(file["role"], file["file"])] = file["sha256"]
    origins[Cause("program")] = manifest["code"]
    return origins | {Cause("version", name): text for name, text in manifest["versions"].items()}


def _compare_figures(
    first: Ledger, second: Ledger, causes: Sequence[Cause]
) -> Iterator[DifferingPair[Figure]]:
    """The figures that differ, in the order in which the chapters of the second show them.

    Between two years, the year is the cause of all differences.
    """
    year = [cause for cause in causes if cause.kind == "year"]
    origins = second.origins() | first.origins() | second.origins()
    for name in origins | second.figures | first.figures:
        pair = (first.figures.get(name), second.figures.get(name))
        contents = [[getattr(figure, part, None) for part in CONTENT] for figure in pair]
        definitions = [figure and make_figure_key(figure, make_undated_key) for figure in pair]
        if contents[0] == contents[1] and definitions[0] == definitions[1]:
            continue
        why: list[Cause] = []
        if pair[0] is not None and pair[1] is not None:
            breaks = {*pair[0].breaks} ^ {*pair[1].breaks}
            why += [Cause("break", identifier) for identifier in sorted(breaks)]
            why += [Cause("definition")] if definitions[0] != definitions[1] else []
        is_hidden = any(figure is not None and figure.status == "suppressed" for figure in pair)
        without = OF_PAGES_ALONE if is_hidden else (*OF_PAGES_ALONE, "threshold")
        why += [cause for cause in causes if cause.kind not in without]
        yield DifferingPair(name, origins.get(name, ("", ""))[0], pair, year or why)


def _compare_sentences(
    first: PublishedEdition, second: PublishedEdition, figures: set[str], causes: Sequence[Cause]
) -> Iterator[DifferingPair[Sentence]]:
    """The sentences that differ; `figures` are those that do.

    That one of the editions lacks a translation is said by its parameter 'languages'.
    """
    common = {*first.pages} & {*second.pages}
    texts = [
        [sentence for sentence in edition.sentences if sentence.language in common]
        for edition in (first, second)
    ]
    for pair in pair_sentences(*texts):
        sentence = next(version for version in reversed(pair) if version is not None)
        place, language = (sentence.anchor, sentence.chapter), sentence.language
        why = _list_causes_of_sentence(pair, sentence.chapter, figures, causes)
        yield DifferingPair(*place, pair, why, language=language)


def pair_sentences(first: Sequence[Sentence], second: Sequence[Sentence]) -> Iterator[SentencePair]:
    """The sentences that differ, each beside its other version in the same chapter and language."""
    chapters, others = (
        {name: [*group] for name, group in groupby(texts, key=attrgetter("language", "chapter"))}
        for texts in (first, second)
    )
    for name in others | chapters:
        before, after = chapters.get(name, []), others.get(name, [])
        texts = [[sentence.text for sentence in version] for version in (before, after)]
        matcher = SequenceMatcher(None, texts[0], texts[1], autojunk=False)
        for kind, start, end, start_after, end_after in matcher.get_opcodes():
            if kind != "equal":
                yield from _pair_alike(before[start:end], after[start_after:end_after])


def _pair_alike(first: Sequence[Sentence], second: Sequence[Sentence]) -> Iterator[SentencePair]:
    """Sentences in their order, each beside the one that has most words in common with it."""
    rest = list(second)
    for sentence in first:
        words = sentence.text.split()
        ratios = [SequenceMatcher(None, words, other.text.split()).ratio() for other in rest]
        if max(ratios, default=0) < ALIKE:
            yield sentence, None
            continue
        best = ratios.index(max(ratios))
        yield from ((None, other) for other in rest[:best])
        yield sentence, rest[best]
        del rest[: best + 1]
    yield from ((None, other) for other in rest)


def _list_causes_of_sentence(
    pair: SentencePair, chapter: str, figures: set[str], causes: Sequence[Cause]
) -> Sequence[Cause]:
    """Why a sentence differs: figures in it, else its text, else what can change any sentence."""
    names = dict.fromkeys(name for sentence in pair if sentence for name in sentence.figures)
    if own := [Cause("figure", name) for name in names if name in figures]:
        return own
    if year := [cause for cause in causes if cause.kind == "year"]:
        return year
    # A notebook and a file of texts have the name of their chapter.
    texts = []
    for cause in causes:
        name = PurePosixPath(cause.subject).stem.lstrip("0123456789_")
        if cause.kind in ("text", "notebook") and name == chapter.removeprefix("chapter-"):
            texts.append(cause)
    return texts or [cause for cause in causes if cause.kind in OF_SENTENCES]
