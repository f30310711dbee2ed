"""2017 counted twice: with the exports of 2016, and with the released ledger of 2016 alone."""

import shutil
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from helpline_report.audit.trace import Tracer
from helpline_report.edition_register import open_register
from helpline_report.errors import ExportError, RefusedError
from helpline_report.figures.counting import list_lines
from helpline_report.figures.ledger import Check, Ledger
from helpline_report.figures.model import Figure
from helpline_report.figures.register import Register
from helpline_report.parameters.project import Project
from helpline_report.second_count.differences import check_counts
from helpline_report.second_count.recount import CountedNumbers, recount_ledger
from tests.audit.in_process import compose_publication, ledger_from, ledger_of, writer_of

NAMED = ["comparison_ledger=ledger-2016.json"]


@dataclass(frozen=True)
class Gone:
    """A project without the exports of 2016, and what its chapters record of 2017."""

    root: Path
    register: Register
    ledger: Ledger
    second: CountedNumbers

    def compare(self, ledger: Ledger) -> tuple[Check, ...]:
        """What the second count says of a ledger."""
        first, editions = partial(list_lines, self.register), (self.register.edition,)
        return check_counts(
            Project(self.root), editions, ledger, self.second, lines=first, output="trial"
        )


@pytest.fixture(scope="module")
def gone(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Gone:
    """The sample, whose year 2016 is its released ledger and nothing else."""
    root = tmp_path_factory.mktemp("gone")
    for part in ("params", "notebooks", "data"):
        shutil.copytree(repository / part, root / part, ignore=shutil.ignore_patterns("raw"))
    shutil.rmtree(root / "data" / "sample" / "2016")
    released = ledger_of(repository, "2016").to_json()
    (root / "ledger-2016.json").write_text(released, encoding="utf-8")
    register = open_register(Project(root), "2017", NAMED)
    ledger = ledger_from(root, register)
    second = recount_ledger(Project(root), (register.edition,), ledger)
    return Gone(root, register, ledger, second)


@pytest.fixture(scope="module")
def pairs(sample_ledger: Ledger, gone: Gone) -> list[tuple[Figure, Figure]]:
    """Each figure that is made of the rows of 2016, and the one that is made without them."""
    return [
        (figure, gone.ledger.figures[name])
        for name, figure in sample_ledger.figures.items()
        if figure.population.table != "files" and _of_both(figure)
    ]


def _of_both(figure: Figure) -> bool:
    specs = (figure.population, figure.of)
    return any(spec is not None and spec.edition == "2016" for spec in specs)


def test_figures_of_the_year_before_are_those_of_its_ledger(
    pairs: list[tuple[Figure, Figure]],
) -> None:
    """All but those of windows and of what one year alone asks; these have a reason, and no 0."""
    gone = [new for old, new in pairs if new.value is None and old.value is not None]
    assert (len(pairs), len(gone)) == (73, 9)
    assert {new.id.partition(".")[0] for new in gone} == {"media", "sectors"}
    assert {new.reason.code for new in gone if new.reason is not None} == {"not_released"}
    assert [new.id for old, new in pairs if new.value not in (None, old.value)] == []


def test_what_is_of_this_year_is_as_it_was(sample_ledger: Ledger, gone: Gone) -> None:
    """Counted from its rows, whatever it is compared with; series stand in the same order."""
    theirs = {name: one for name, one in sample_ledger.figures.items() if not _of_both(one)}
    compared = {name for name, one in theirs.items() if one.interval and one.interval.dispersion}
    assert {name.split(".")[-1] for name in compared} == {"before", "after"}
    ours = {name: gone.ledger.figures[name] for name in theirs}
    assert {name: one for name, one in ours.items() if name not in compared} == {
        name: one for name, one in theirs.items() if name not in compared
    }
    assert gone.ledger.breakdowns == sample_ledger.breakdowns


def test_without_the_ledger_the_message_says_that_there_is_one(gone: Gone) -> None:
    """A missing export of the comparison year: put it there, or name the ledger."""
    with pytest.raises(ExportError) as error:
        open_register(Project(gone.root), "2017")
    assert {problem.next_step for problem in error.value.problems} == {
        "put the folder there, or name another one, under 'sources' of the parameters or in the "
        "command; or, if it is gone for good, name that year's ledger.json as 'comparison_ledger'"
    }


def test_the_second_count_says_what_was_taken_over(gone: Gone) -> None:
    """What stands on the ledger isn't among what was counted twice."""
    checks = {check.name: check.of for check in gone.compare(gone.ledger)}
    with_value = [one for one in gone.ledger.figures.values() if one.status == "ok"]
    taken = [figure for figure in with_value if _of_both(figure)]
    assert checks["taken_over"] == len(taken) > 0
    assert checks["second_count"] == len(with_value) - len(taken)


@pytest.mark.parametrize("wrong", [{"numerator": 9999.0}, {"value": 99.5}])
def test_this_years_side_of_a_comparison_is_counted_again(
    gone: Gone, wrong: dict[str, float]
) -> None:
    """Another numerator is noticed, and a change that doesn't follow from its two counts.

    The file that names the rows is called after what is made: a trial leaves the edition's alone.
    """
    name = "persons.total.change"
    figure = gone.ledger.figures[name].model_copy(update=wrong)
    figures = {**gone.ledger.figures, name: figure}
    with pytest.raises(RefusedError, match=r"look at these rows: \.helpline/recount/trial\.csv"):
        gone.compare(gone.ledger.model_copy(update={"figures": figures}))
    assert name in (gone.root / ".helpline/recount/trial.csv").read_text(encoding="utf-8")


def test_the_trace_says_why_there_is_no_interval(gone: Gone) -> None:
    """And of which year the rows are gone; the ledger is a source beside this year's exports.

    The statement of this year's side stands; one of the other year nobody could run.
    """
    tracer, figures = Tracer(compose_publication(gone.root, gone.ledger)), gone.ledger.figures
    trace = tracer.trace(figures["persons.total.change"])
    facts = {fact.term: (fact.text, fact.more) for fact in trace.facts}
    assert facts["marge"] == (
        "geen",
        "de rijen van 2016 zijn er niet meer, en zonder die rijen is niet te zeggen hoe ze per "
        "contactname samenhangen",
    )
    sources = {(one.file, one.edition) for one in trace.sources}
    assert sources >= {("ledger-2016.json", "2016"), ("gemelde_personen.csv", "2017")}
    assert [query.gives for query in trace.queries] == ["numerator"]
    texts = [query.text for figure in figures.values() for query in tracer.trace(figure).queries]
    assert not [text for text in texts if "2016-" in text]


def test_a_finding_says_why_nothing_follows(gone: Gone) -> None:
    """What was counted is said; what its interval would have been nobody knows."""
    writer = writer_of(gone.root, gone.ledger)
    counted = writer.value("persons.total.change", "change")
    finding = writer.value("persons.total.change", "finding")
    assert finding.startswith(f"{counted}; of er ook over meer mensen hulp gezocht werd, is niet")
    assert "de rijen van dat jaar zijn er niet meer" in finding
