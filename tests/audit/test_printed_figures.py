"""Figures of earlier reports: their closed format, and what released editions said."""

import json
from pathlib import Path

import pytest

from helpline_report.audit.printed_figures import (
    convert_released,
    read_earlier_figures,
    read_printed,
)
from helpline_report.audit.reconciliation import reconcile
from helpline_report.errors import ParametersError
from helpline_report.figures.ledger import Ledger, SourceFile
from helpline_report.parameters.earlier_reports import list_earlier_files
from helpline_report.parameters.project import Project
from tests.audit.in_process import writer_of
from tests.conftest import refusal
from tests.prose.two_years import count, share, spec

HEADER = "id,section,printed,value,unit,population,claimed,source"
GOOD = "contacts.total,2.2,4.812,4812,count,contacts,contacts,the report"


WRONG = GOOD.replace(",count,", ",numbers,")


@pytest.mark.parametrize(
    ("lines", "complaints"),
    [
        ([HEADER, GOOD.replace(",count,", ",cuont,")], ["unit: there is no unit 'cuont', did you"]),
        ([HEADER, GOOD.replace(",4812,", ',"4812,5",')], ["value: '4812,5' is no number with a d"]),
        ([HEADER, GOOD.replace("contacts.total", "A b")], ["id: 'A b' is no id of a figure"]),
        ([HEADER, GOOD.replace(",contacts,c", ",contact,c")], ["population: there is no popula"]),
        ([HEADER, GOOD.replace("the report", " ")], ["source: is empty"]),
        ([HEADER, GOOD.replace("4812,count", "13,month")], ["value: '13' is no month: 1 to 12"]),
        ([HEADER, GOOD, GOOD], ["id: 'contacts.total' stands twice"]),
        # All faults at once.
        ([HEADER, WRONG, WRONG, "a,b"], ["2, column", "3, column", "4: 2 cells"]),
        ([HEADER.replace("unit", "units"), GOOD], ["1: unknown column 'units', did you mean 'uni"]),
        ([HEADER.replace("id,sec", "sec,id"), GOOD], ["1: unknown column 'sec"]),
    ],
)
def test_a_fault_names_file_line_and_column(
    tmp_path: Path, lines: list[str], complaints: list[str]
) -> None:
    """The place of each fault, and what was expected there; each on a line."""
    path = tmp_path / "2017.csv"
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    message = refusal(ParametersError, read_printed, path, "data/2017.csv")
    for complaint, line in zip(complaints, message.splitlines(), strict=False):
        place = "" if complaint[0].isdigit() else f"{len(lines)}, column "
        assert line.startswith(f"data/2017.csv:{place}{complaint}")


def test_a_file_that_isnt_there(tmp_path: Path) -> None:
    """The message says what to do."""
    with pytest.raises(ParametersError, match="there is no such file"):
        read_printed(tmp_path / "2017.csv", "2017.csv")


PHONE = spec(year=2016, channel="phone")


def of_2016(files: str = "then", number: int = 4596) -> Ledger:
    """What the edition of 2016 said: its contacts, and how many came by phone."""
    total = count("contacts.total", number, spec(year=2016))
    phones = share("contacts.share.phone", (number // 2, number), PHONE, spec(year=2016))
    return Ledger(
        edition="2016",
        figures={"contacts.total": total, "contacts.share.phone": phones},
        sources=(source(files),),
    )


def of_2017(files: str = "then", number: int = 4596) -> Ledger:
    """What the edition of 2017 counts: its contacts, and those of 2016 again."""
    now = count("contacts.total", 4812, spec())
    then = count("contacts.total.previous", number, spec(year=2016))
    return Ledger(edition="2017", figures={now.id: now, then.id: then}, sources=(source(files),))


def source(content: str) -> SourceFile:
    return SourceFile(
        edition="2016", file="contactnames.csv", sha256=content, table="contacts", rows=1
    )


def written(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_two_reports_print_the_same_figure(tmp_path: Path, repository: Path) -> None:
    """Each has its own verdict, beside its own source."""
    row = "contacts.total,1,{0},{1},count,contacts,contacts,{2}"
    one, two = row.format("4.812", "4812", "report A"), row.format("4.810", "4810", "report B")
    path = written(tmp_path / "p.csv", HEADER, one, two)
    ledger = of_2017()
    reconciled = reconcile(read_printed(path, "p.csv"), ledger, writer_of(repository, ledger))
    assert [(item.printed.source, item.verdict) for item in reconciled] == [
        ("report A", "agrees"),
        ("report B", "revised"),
    ]


def test_a_report_of_another_year(tmp_path: Path, repository: Path) -> None:
    """A figure of 2016 is held against what is counted for 2016, and never against 2017."""
    row = "contacts.total,1,4.596,4596,count,contacts,contacts,report of 2016,2016"
    path = written(tmp_path / "p.csv", f"{HEADER},edition", row)
    ledger = of_2017()
    (reconciled,) = reconcile(read_printed(path, "p.csv"), ledger, writer_of(repository, ledger))
    assert (reconciled.computed, reconciled.verdict, reconciled.about) == (
        "4596",
        "agrees",
        "contacts.total.previous",
    )


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        (
            "now",
            "Gepubliceerd werd 4596, en de bestanden van nu geven 4.600. De bestanden van dat jaar "
            "zijn niet meer die van toen.",
        ),
        (
            "then",
            "Gepubliceerd werd 4596, en geteld wordt nu 4.600. De bestanden van dat jaar zijn "
            "dezelfde gebleven: een definitie of het programma is veranderd.",
        ),
    ],
)
def test_both_numbers_with_the_reason(repository: Path, files: str, reason: str) -> None:
    """Where the exports give another number than was published, both stand there, and why."""
    ledger = of_2017(files, 4600)
    published = list(convert_released(of_2016(), ledger, "Jaarverslag 2016"))
    (reconciled,) = reconcile(published, ledger, writer_of(repository, ledger))
    assert (reconciled.printed.printed, reconciled.computed, reconciled.verdict) == (
        "4596",
        "4600",
        "revised",
    )
    assert reconciled.reason == reason


def released(project: Path, status: str) -> Path:
    folder = project / "output" / "2016"
    for name in ("data", "audit"):
        (folder / name).mkdir(parents=True)
    manifest = json.dumps({"status": status})
    (folder / "audit" / "manifest.json").write_text(manifest, encoding="utf-8")
    path = folder / "data" / "ledger.json"
    path.write_text(of_2016().to_json(), encoding="utf-8")
    return path


@pytest.mark.parametrize(("status", "taken"), [("draft", 0), ("provisional", 1), ("final", 1)])
def test_an_approved_ledger_comes_by_itself(project: Path, status: str, taken: int) -> None:
    """An approved edition is held against this one without being named; a draft is not."""
    path = released(project, status)
    edition = Project(project).edition("2017")
    assert list(list_earlier_files(Project(project), edition)).count(path) == taken


def test_a_ledger_that_is_named(project: Path) -> None:
    """One that the parameters name is taken, whatever its status, and once."""
    path = released(project, "final")
    edition = Project(project).edition("2017", ["printed=[output/2016/data/ledger.json]"])
    assert list_earlier_files(Project(project), edition) == (path,)
    (reconciled,) = read_earlier_figures(Project(project), edition, of_2017(), "nl")
    assert reconciled.source == "Jaarverslag 2016"


def test_what_is_no_ledger(project: Path) -> None:
    """Another JSON file is refused by its name."""
    written(project / "other.json", "{}")
    edition = Project(project).edition("2017", ["printed=[other.json]"])
    assert refusal(
        ParametersError, read_earlier_figures, Project(project), edition, of_2017(), "nl"
    ).startswith("other.json: is no ledger of this version")
