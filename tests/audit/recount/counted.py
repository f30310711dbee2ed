"""A small project whose one chapter ran, to be counted again with what an earlier count left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from helpline_report.audit.counted_from import with_rows
from helpline_report.audit.recount.answers import Keep, keep_of
from helpline_report.audit.recount.arithmetic import Rows
from helpline_report.audit.recount.second import count_twice
from helpline_report.edition_register import open_register
from helpline_report.figures.ledger import Check, Ledger
from helpline_report.figures.register import Register
from helpline_report.figures.rows import lines_of
from helpline_report.parameters.project import Project
from helpline_report.report.rows_key import rows_key
from helpline_report.run.execution import ChapterParameters, run_chapters
from helpline_report.run.notebooks import read_notebooks
from helpline_report.run.records import collect
from tests.audit.recount.both import standing_of
from tests.report.small_projects import chapter, code, copy_small

COUNTS = """
contacts, persons = chapter.populations("contacts", "persons")
chapter.counts("contacts.by_channel", contacts, by="channel")
chapter.share("children", persons.where(age_class="age_0_5"), of=persons)
chapter.mean("contacts.mean", contacts, per=["helpline", "open_day"])
chapter.campaigns("campaigns", contacts)
"""
OTHER_DAYS = "campaigns.1.around_days=20"


@dataclass
class Counted:
    """A project whose chapter ran, and what its figures say."""

    project: Project
    register: Register
    ledger: Ledger

    def again(self, before: Mapping[str, Rows] = {}) -> tuple[tuple[Check, ...], dict[str, Rows]]:
        """The checks of a second count that finds answers kept, and what it keeps."""
        keep = self.keep()
        keep.write(before)
        return self.twice(keep), keep.read()

    def twice(self, keep: Keep) -> tuple[Check, ...]:
        """The checks of a second count, as a build makes it."""
        first, standing = partial(lines_of, self.register), standing_of(self.register)
        editions = with_rows(self.register)
        return count_twice(
            self.project, editions, lambda: self.ledger, first, standing=standing, keep=keep
        )

    def keep(self) -> Keep:
        """Where its answers are kept."""
        rows = rows_key(self.project, self.register)
        return keep_of(self.project, with_rows(self.register), rows)

    def with_one_more(self, figure: str) -> Counted:
        """The same with one more in a figure than there is."""
        was = self.ledger.figures[figure]
        off = was.model_copy(update={"value": was.number + 1, "numerator": was.number + 1})
        figures = {**self.ledger.figures, off.id: off}
        ledger = self.ledger.model_copy(update={"figures": figures}, deep=True)
        return Counted(self.project, self.register, ledger)


def counted(root: Path, *overrides: str) -> Counted:
    """The chapter of a project, as it runs."""
    project = Project(root)
    register = open_register(project, "2017", overrides)
    inputs = ChapterParameters("2017", overrides)
    executed = run_chapters(project, read_notebooks(project), inputs, register=register)
    return Counted(project, register, collect("2017", executed))


def one_chapter(root: Path) -> Path:
    """A project with one chapter; returns its folder."""
    found = copy_small(root)
    chapter(found, code("count", COUNTS.strip()))
    return found
