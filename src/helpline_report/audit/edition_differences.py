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

from lxml import html

from helpline_report.audit.manifest import Manifest, hash_file, name_role, read_manifest
from helpline_report.audit.sentences import Sentence, read_sentences
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

Item = TypeVar("Item")
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

    An item is None where that edition lacks it.

    A sentence has the `language` of its page.
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
    pages = sorted(each for each in manifest["outputs"] if OF_LANGUAGE.fullmatch(each))
    for file in (LEDGER, AUDIT, PAGE, *pages):
        if hash_file(folder / file, f"{place}/{file}") != manifest["outputs"].get(file):
            again = "take it from where the edition was published, or build the edition again"
            raise RefusedError("isn't what was published", where=f"{place}/{file}", next_step=again)
        texts[file] = (folder / file).read_text(encoding="utf-8")
    again = "build that edition again with this version"
    ledger = read_ledger(folder / LEDGER, f"{place}/{LEDGER}", again)
    rows = html.document_fromstring(texts[AUDIT]).xpath(PARAMETERS)
    parameters = {row[0].text_content(): row[1].text_content() for row in rows}
    by_language = {html.document_fromstring(texts[f]).get("lang", ""): f for f in (PAGE, *pages)}
    sentences = [each for file in by_language.values() for each in read_sentences(texts[file])]
    return PublishedEdition(label, folder, ledger, manifest, parameters, by_language, sentences)


def compare_editions(first: PublishedEdition, second: PublishedEdition) -> EditionDifferences:
    """All that differs between two editions; numbers are compared as they were computed."""
    one, other = first.parameters, second.parameters
    parameters = [
        DifferingPair(name, "", (one.get(name), other.get(name)))
        for name in {**one, **other}
        if one.get(name) != other.get(name)
    ]
    causes = list(_list_causes(first, second, [item.id for item in parameters]))
    figures = list(_compare_figures(first.ledger, second.ledger, causes))
    names, sentences = {item.id for item in figures}, []
    # Of a translation that one of them hasn't got the parameter 'languages' says so.
    common = {*first.pages} & {*second.pages}
    texts = ([s for s in each.sentences if s.language in common] for each in (first, second))
    for pair in pair_sentences(*texts):
        place = next(each for each in reversed(pair) if each is not None)
        why = _causes_of_sentence(pair, place.chapter, names, causes)
        sentences.append(
            DifferingPair(place.anchor, place.chapter, pair, why, language=place.language)
        )
    both = (first, second)
    return EditionDifferences(both, causes, parameters, figures, sentences)


def _list_causes(
    first: PublishedEdition, second: PublishedEdition, parameters: Sequence[str]
) -> Iterator[Cause]:
    """The inputs of two editions that differ.

    Of two years only inputs that both have are compared: the others differ in any case.
    """
    years = (first.ledger.edition, second.ledger.edition)
    same_year = years[0] == years[1]
    if not same_year:
        yield Cause("year", " → ".join(years))
    one, other = (_list_origins(each) for each in (first, second))
    for cause in sorted(one | other):
        values = (one.get(cause, "–"), other.get(cause, "–"))
        if values[0] != values[1] and (same_year or "–" not in values):
            named = f"{cause.subject} {' → '.join(values)}".strip()
            yield cause._replace(subject=named) if cause.kind in VALUES else cause
    overridden = {*first.ledger.overrides} ^ {*second.ledger.overrides}
    roots = {"--set", *(text.partition("=")[0].split(".")[0] for text in overridden)}
    for name in parameters if same_year else ():
        if (root := name.split(".")[0]) not in roots:
            yield Cause("page" if root in OF_PAGES else "parameter", name)


def _list_origins(edition: PublishedEdition) -> dict[Cause, str]:
    """What an edition is made from, each with its hash, version or value."""
    ledger, manifest = edition.ledger, edition.manifest
    project = [item for item in manifest["project"] if item["role"] in ROLES]
    return {
        **{Cause(name_role(s), f"{s.file} ({s.edition})"): s.sha256 for s in ledger.sources},
        **{Cause("set", text): text for text in ledger.overrides},
        Cause("threshold"): str(ledger.protected.threshold) if ledger.protected else "–",
        **{Cause(item["role"], item["file"]): item["sha256"] for item in project},
        Cause("program"): manifest["code"],
        **{Cause("version", name): text for name, text in manifest["versions"].items()},
    }


def _compare_figures(
    first: Ledger, second: Ledger, causes: Sequence[Cause]
) -> Iterator[DifferingPair[Figure]]:
    """The figures that differ, in the order in which the chapters of the second show them.

    Of two years, the year is the cause of all of them.
    """
    year = [cause for cause in causes if cause.kind == "year"]
    origins = second.origins() | first.origins() | second.origins()
    for name in origins | second.figures | first.figures:
        pair = (first.figures.get(name), second.figures.get(name))
        contents = [[getattr(each, part, None) for part in CONTENT] for each in pair]
        definitions = [
            each and (make_undated_key(each.population), each.of and make_undated_key(each.of))
            for each in pair
        ]
        if contents[0] == contents[1] and definitions[0] == definitions[1]:
            continue
        own: list[Cause] = []
        if pair[0] is not None and pair[1] is not None:
            own = [Cause("break", each) for each in sorted({*pair[0].breaks} ^ {*pair[1].breaks})]
            own += [Cause("definition")] if definitions[0] != definitions[1] else []
        hidden = any(figure is not None and figure.status == "suppressed" for figure in pair)
        without = OF_PAGES_ALONE if hidden else (*OF_PAGES_ALONE, "threshold")
        why = year or [*own, *(cause for cause in causes if cause.kind not in without)]
        yield DifferingPair(name, origins.get(name, ("", ""))[0], pair, why)


def pair_sentences(first: Sequence[Sentence], second: Sequence[Sentence]) -> Iterator[SentencePair]:
    """The sentences that differ, each beside its other version in the same chapter and language."""
    chapters = [
        {name: [*group] for name, group in groupby(of, key=attrgetter("language", "chapter"))}
        for of in (first, second)
    ]
    for name in chapters[1] | chapters[0]:
        one, other = (of.get(name, []) for of in chapters)
        texts, others = ([item.text for item in of] for of in (one, other))
        matcher = SequenceMatcher(None, texts, others, autojunk=False)
        for kind, start, end, other_start, other_end in matcher.get_opcodes():
            if kind != "equal":
                yield from _pair_alike(one[start:end], other[other_start:other_end])


def _pair_alike(first: Sequence[Sentence], second: Sequence[Sentence]) -> Iterator[SentencePair]:
    """Sentences in their order, each beside the one that has most words in common with it."""
    rest = list(second)
    for sentence in first:
        words = sentence.text.split()
        ratios = [SequenceMatcher(None, words, each.text.split()).ratio() for each in rest]
        if max(ratios, default=0) < ALIKE:
            yield sentence, None
            continue
        best = ratios.index(max(ratios))
        yield from ((None, each) for each in rest[:best])
        yield sentence, rest[best]
        del rest[: best + 1]
    yield from ((None, each) for each in rest)


def _causes_of_sentence(
    pair: SentencePair, chapter: str, names: set[str], causes: Sequence[Cause]
) -> Sequence[Cause]:
    """Why a sentence differs: figures in it, else its text, else what can change any sentence."""
    figures = dict.fromkeys(name for each in pair if each for name in each.figures)
    # A notebook and a file of texts have the name of their chapter.
    texts = [
        cause
        for cause in causes
        if cause.kind in ("text", "notebook")
        and PurePosixPath(cause.subject).stem.lstrip("0123456789_")
        == chapter.removeprefix("chapter-")
    ]
    return (
        [Cause("figure", name) for name in figures if name in names]
        or [cause for cause in causes if cause.kind == "year"]
        or texts
        or [cause for cause in causes if cause.kind in OF_SENTENCES]
    )
