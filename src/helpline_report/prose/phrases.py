"""All that can stand in `{{ }}`: each name with the words that each form makes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from helpline_report.errors import ProseError
from helpline_report.figures.model import Figure
from helpline_report.prose import reasons
from helpline_report.prose.names import Names, Unavailable
from helpline_report.prose.parameters import parameter_forms, parameter_names, parameter_words
from helpline_report.prose.words import FORMS, figure_words


@dataclass(frozen=True)
class Phrase:
    """What one writes between the braces, and what then stands in the page."""

    written: str
    said: str


@dataclass(frozen=True)
class Phrases:
    """A name with all its phrases; `missing` says why there are none."""

    name: str
    phrases: tuple[Phrase, ...] = ()
    missing: str = ""


def figure_phrases(names: Names, figure: Figure) -> Phrases:
    """A figure by each form that fits it."""
    fitting = [form for form, item in FORMS.items() if figure.unit in item.units]
    return _phrases(names, figure.id, fitting, lambda form: figure_words(names, figure, form))


def parameter_phrases(names: Names) -> Iterator[Phrases]:
    """Everything that the parameters and code lists say, in their order, by each form that fits."""
    for name in parameter_names(names):
        try:
            fitting = parameter_forms(names, name)
        except Unavailable as error:
            yield Phrases(name, missing=reasons.clause(names, error.reason))
            continue
        yield _phrases(names, name, fitting, _parameter(names, name))


def _parameter(names: Names, name: str) -> Callable[[str | None], str]:
    return lambda form: parameter_words(names, name, form)


def _phrases(
    names: Names, name: str, fitting: Sequence[str], say: Callable[[str | None], str]
) -> Phrases:
    """The phrases that can be made; a form that asks for what a figure doesn't keep is left out."""
    made = []
    for form in (None, *fitting):
        try:
            written = f"{{{{ {name} | {form} }}}}" if form else f"{{{{ {name} }}}}"
            made.append(Phrase(written, say(form)))
        except ProseError:
            continue
        except Unavailable as error:
            return Phrases(name, missing=reasons.clause(names, error.reason))
    return Phrases(name, tuple(made))
