"""A project: its folder, its code lists, and its editions with their overrides applied."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from helpline_report.errors import ParametersError, nearest
from helpline_report.parameters.codelists import CodeList, add_age_classes, load_codelists
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.layouts import Layout, load_layout
from helpline_report.parameters.project_folder import ProjectFolder
from helpline_report.parameters.values import is_identifier
from helpline_report.parameters.yaml import Document, make_error, override, read_yaml, validate


class Project(ProjectFolder):
    """The folder of a project, and what stands in its parameters."""

    def place(self, edition: Edition, name: str) -> Path:
        """The folder of an output; a draft of confidential rows has a private one."""
        return (self.output if edition.published else self.private / "drafts") / name

    def codelists(self) -> dict[str, CodeList]:
        """The code lists, by field."""
        return load_codelists(self.root / "data" / "codelists", self.root)

    def codelists_of(self, edition: Edition) -> dict[str, CodeList]:
        """The code lists with the classes of persons' ages, by which exports are read."""
        return add_age_classes(self.codelists(), edition)

    def document(self, name: str, overrides: Sequence[str] = ()) -> Document:
        """The parameter file of an edition with `key=value` overrides, and the line of each key.

        Raises:
            ParametersError: no such edition, a file that can't be read, or a wrong override.
        """
        path = self.parameters_file(name)
        if not (is_identifier(name) and path.is_file()):
            known = self.editions()
            listed = f" (there are: {', '.join(known)})" if known else ""
            choose = "name one of these, or " if known else ""
            # A shell completes a path: 'params/2017.yaml'.
            bare = Path(name).name.removesuffix(".yaml")
            values = {"hint": nearest(bare, known), "listed": listed, "choose": choose}
            raise make_error(
                ParametersError, "no_edition", f"params/{bare}.yaml", name=name, **values
            )
        return override(read_yaml(path, self.root), overrides, Edition)

    def edition(self, name: str, overrides: Sequence[str] = ()) -> Edition:
        """The parameters of an edition, with `key=value` overrides through the same schema.

        Raises:
            ParametersError: no such edition, parameters that the schema refuses, or an override
                that makes confidential rows something else.
        """
        document = self.document(name, overrides)
        edition = validate(Edition, document)
        if edition.edition != name:
            place, other = document.place(("edition",)), edition.edition
            raise make_error(ParametersError, "other_edition", place, name=name, edition=other)
        confidential = bool(overrides) and self.document(name).data.get("rows") == "confidential"
        if confidential and edition.rows != "confidential":
            raise make_error(ParametersError, "confidential", f"params/{name}.yaml")
        return edition

    def layouts(self, editions: Iterable[Edition]) -> dict[str, Layout]:
        """The layouts of the sources of some editions, by name.

        Raises:
            ParametersError: there is no such layout, or the schema refuses one.
        """
        names = dict.fromkeys(source.layout for each in editions for source in each.sources)
        return {name: load_layout(self.layout_file(name), self.root) for name in names}

    def comparison(self, edition: Edition) -> Edition:
        """The edition that another one is compared with.

        Overrides of the age classes, and of the weekdays on which the helpline is open, hold for it
        too. Closing days are those of its own year.

        Raises:
            ParametersError: as `edition` raises it; or that year's rows are protected better than
                those of the edition.
        """
        before = self.edition(edition.comparison or "")
        if edition.comparison_ledger is None:
            where, name = f"params/{edition.edition}.yaml", before.edition
            if before.rows == "confidential" and edition.rows != "confidential":
                raise make_error(ParametersError, "comparison_confidential", where, name=name)
            if before.threshold > edition.threshold and not edition.draft:
                raise make_error(ParametersError, "comparison_threshold", where, name=name)
        if not self.parameters_file(edition.edition).is_file():
            return before
        own = self.edition(edition.edition)
        shared: dict[str, object] = {
            name: getattr(edition, name)
            for name in ("age_classes", "person_ages")
            if getattr(edition, name) != getattr(own, name)
        }
        weekdays = edition.calendar.working_days
        if weekdays != own.calendar.working_days:
            shared["calendar"] = before.calendar.model_copy(update={"working_days": weekdays})
        return before.model_copy(update=shared)
