"""Check what an edition is made from before a chapter runs, and that it didn't change since."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from helpline_report.audit.catalogue_phrases import refuse_unfit_catalogues
from helpline_report.audit.printed_figures import read_printed
from helpline_report.errors import HelplineError, ProseError, RefusedError
from helpline_report.inputs import Inputs, find_changed_inputs
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.earlier_reports import read_trend
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.help_numbers import read_help_numbers
from helpline_report.parameters.house_files import read_house
from helpline_report.parameters.project import Project
from helpline_report.parameters.yaml import make_error
from helpline_report.report.house import choose_faces
from helpline_report.report.own_texts import read_own_texts
from helpline_report.report.publication import Texts
from helpline_report.run.notebooks import Notebook, read_notebooks

SHOWN_CHANGES = 5


@dataclass(frozen=True)
class Checked:
    """Parameters, notebooks and texts of an edition, checked before any chapter runs.

    `texts` are by language, chapter and cell; `output` is the name of the folder in `output/`.
    """

    edition: Edition
    comparison: Edition | None
    codelists: Mapping[str, CodeList]
    notebooks: tuple[Notebook, ...]
    texts: Mapping[str, Texts]
    overrides: tuple[str, ...]
    output: str

    @property
    def editions(self) -> tuple[Edition, ...]:
        """The edition, and the one that it is compared with."""
        return (self.edition,) if self.comparison is None else (self.edition, self.comparison)


def require_threshold(edition: Edition) -> None:
    """Refuse confidential rows without a threshold for small numbers, before any chapter runs.

    Raises:
        RefusedError: no threshold was decided, and the edition is no draft.
    """
    if edition.rows == "confidential" and not edition.draft and not edition.threshold:
        name = edition.edition
        raise make_error(RefusedError, "no_threshold", f"params/{name}.yaml", name=name)


def check_parameters(
    project: Project,
    name: str,
    overrides: Sequence[str] = (),
    *,
    to_run: bool = False,
    what_if: str = "",
    errors: list[ProseError] | None = None,
) -> Checked:
    """Check everything that an edition is made from but the exports, in well under a second.

    With `to_run` no chapter ran yet: the texts are then checked without a ledger. `what_if` is the
    name of a what-if's folder. If `errors` is a list, faults of texts are added to it instead of
    raised.

    Raises:
        UserError: parameters, house style, code lists, catalogues, printed figures, notebooks or
            texts are wrong.
        MachineError: a font of the page is gone.
    """
    edition = project.edition(name, overrides)
    for language in (edition.language, *edition.translations):
        refuse_unfit_catalogues(language)
    choose_faces(read_house(edition.house_style, project.root))
    read_help_numbers(edition.help, project.root)
    comparison = project.comparison(edition) if edition.comparison else None
    codelists = project.codelists()
    notebooks = read_notebooks(project, edition)
    cells = {notebook.name: notebook.texts() for notebook in notebooks}
    texts = read_own_texts(project, edition, cells, errors, to_run=to_run)
    if to_run:
        # A wrong file must stop the build before its chapters run.
        read_trend(project, edition)
        for path in map(project.resolve, edition.printed):
            if path.suffix != ".json":
                read_printed(path, project.label(path))
    output = project.output_name(name, overrides, what_if)
    return Checked(edition, comparison, codelists, notebooks, texts, tuple(overrides), output)


def refuse_changes(project: Project, inputs: Inputs) -> None:
    """Refuse an edition if a file changed meanwhile: parts of it would be of different versions.

    Raises:
        RefusedError: a file isn't as it was.
    """
    changes = find_changed_inputs(project, inputs)
    if changes:
        listed = "; ".join(map(str, changes[:SHOWN_CHANGES]))
        raise make_error(RefusedError, "changed_meanwhile", changes=listed)


@contextmanager
def blame_changes(project: Project, inputs: Inputs) -> Iterator[None]:
    """On an error, blame a file that changed meanwhile, if there is one: it may be the cause.

    Raises:
        RefusedError: a file isn't as it was.
    """
    try:
        yield
    except HelplineError:
        refuse_changes(project, inputs)
        raise
