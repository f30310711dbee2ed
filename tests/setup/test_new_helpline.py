"""A helpline that wasn't reported before begins with questions, and with nothing of another's."""

import shutil
from pathlib import Path

import pytest

from helpline_report.errors import ParametersError, UserError
from helpline_report.parameters.project import Project
from helpline_report.parameters.references import check_edition, find_copied_facts, list_notes
from helpline_report.setup.new_helpline import NewHelpline, propose_helpline, write_helpline
from tests.conftest import ROOT
from tests.setup.proposals import decided

SAMPLE = ROOT / "data" / "sample" / "2017"
ANSWERS = {
    **dict.fromkeys(("name", "full_name", "website", "responsible", "address", "tested"), "ons"),
    **dict.fromkeys(("phone", "opening_days", "opening_hours", "cost"), "ons"),
    "prepared_on": "2022-01-01",
    "start": "2021-01-01",
    "end": "2021-12-31",
}


def begin(project: Project, name: str = "ours-2021", language: str = "nl") -> NewHelpline:
    new = propose_helpline(project, name, (), language=language)
    write_helpline(project, new)
    return new


@pytest.fixture
def exports(project: Project) -> Path:
    folder = project.root / "data" / "ours-2021"
    folder.mkdir()
    shutil.copy(SAMPLE / "contactnames.csv", folder)
    return folder


@pytest.mark.parametrize("name", ["ours-2021", "ours"])
def test_proposals_taken_as_they_stand_are_an_edition_of_nobody_else(
    project: Project, name: str
) -> None:
    """It has no campaign, print, break, decision or fact of another helpline."""
    shutil.copytree(ROOT / "notebooks", project.root / "notebooks")
    begin(project, name)
    path = project.parameters_file(name)
    path.write_text(decided(path.read_text(encoding="utf-8"), ANSWERS), encoding="utf-8")
    edition = project.edition(name)
    assert (edition.rows, edition.year) == ("confidential", "2021")
    lists = [edition.campaigns, edition.events, edition.breaks, edition.printed]
    assert lists == [[], [], [], []]
    assert (edition.trend, edition.disclosure, edition.comparison) == (None, None, None)
    assert set(edition.facts) == {"phone", "opening_days", "opening_hours", "cost"}
    layout = name.removesuffix("-2021")
    assert list(list_notes(project, name)) == [
        f"  params/{name}.yaml: 'disclosure' has no threshold for small numbers yet: only a draft "
        "can be built, with --draft (docs/disclosure.md)",
        f"  params/help/{layout}.yaml: there are no help numbers: the box on the page stays empty "
        "(docs/new-helpline.md)",
    ]
    assert "closed_phone" in path.read_text(encoding="utf-8"), "the other facts are named"


def test_the_layout_is_proposed_from_the_exports(project: Project, exports: Path) -> None:
    """Under the names without their year; git takes none of the exports along.

    The layout reads the files of other years too, whose parameters name theirs.
    """
    (exports / "contactnames.csv").rename(exports / "contactnames-2021.csv")
    new = begin(project)
    assert project.layout_file("ours").read_text(encoding="utf-8") == new.layout
    assert "    name: contactnames.csv\n" in new.layout
    source = "{layout: ours, folder: data/ours-2021, files: {contacts: contactnames-2021.csv}}\n"
    assert f"  - {source}" in new.edition.text
    assert "groups:" not in new.edition.text, "it tells women and men, and no other gender"
    assert (exports / ".gitignore").read_text(encoding="utf-8") == "*\n"
    assert new.next_steps()[0].startswith("answer the questions of params/layouts/ours.yaml")
    with pytest.raises(UserError, match="--coded: no column 'x'"):
        propose_helpline(project, "other-2021", list(exports.glob("*.csv")), coded=["x=channel"])


def test_without_exports_the_next_steps_say_how_a_layout_is_proposed(project: Project) -> None:
    """They name the folder for the exports, which exists."""
    steps = begin(project).next_steps()
    assert steps[:2] == [
        "put the exports of ours-2021 into data/ours-2021",
        "have a layout proposed: helpline-report layout data/ours-2021/* --name ours",
    ]
    assert (project.root / "data" / "ours-2021").is_dir()


def test_an_edition_in_english_has_its_texts_there(project: Project) -> None:
    """It has none in Dutch; its steps name the folder, and each text is asked once."""
    steps = begin(project, language="en").next_steps()
    texts = project.texts("ours-2021", "en")
    assert [path.name for path in texts.parent.iterdir() if path.is_dir()] == ["en"]
    text = project.parameters_file("ours-2021").read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if "nl:" in line and "…" not in line] == []
    assert "label: 0 to 5 years}" in text
    assert "locale" not in text
    assert "# The helpline" in (texts / "helpline.md").read_text(encoding="utf-8")
    assert [step for step in steps if "/en/" in step] == [
        "write in params/ours-2021/en/helpline.md what its line !todo asks",
        "write what the year has to say in params/ours-2021/en/",
    ]


def test_what_the_exports_dont_give_is_asked_or_left_out(project: Project) -> None:
    """Chapters of which they give nothing, and whom 'girls or women' counts."""
    shutil.copytree(ROOT / "notebooks", project.root / "notebooks")
    folder = project.root / "data" / "ours-2021"
    folder.mkdir()
    rows = "".join(
        f"{13 + at % 9}/01/2021;{('Vrouw', 'Man', 'Trans vrouw')[at % 3]}\n" for at in range(30)
    )
    (folder / "calls.csv").write_text(f"datum;geslacht slachtoffer\n{rows}", encoding="utf-8")
    text = begin(project).edition.text
    assert (
        "chapters: !todo [summary, helpline, contacts, problems, media, method]  # these files "
        "give nothing for website, callers, followup, trend: without these?\n"
    ) in text
    assert "groups: !todo {gender: {women: [female], men: [male]}}  # whom else" in text


def test_facts_and_genders_that_no_text_counts_are_noticed(project: Project) -> None:
    """A fact that is misspelt, and a register that tells more genders than the report."""
    shutil.copytree(ROOT / "notebooks", project.root / "notebooks")
    path = project.parameters_file("linea144-2021")
    text = path.read_text(encoding="utf-8").replace("  cost:", "  costs:")
    path.write_text(text.replace("groups:\n  gender:", "groups:\n  form:"), encoding="utf-8")
    with pytest.raises(ParametersError, match=r"groups\.form\.women: 'form' has no code 'female'"):
        check_edition(project, "linea144-2021")
    assert [line.partition(": ")[2][:40] for line in list_notes(project, "linea144-2021")] == [
        "no text uses 'facts.costs', did you mean",
        "'groups' doesn't say whom 'girls or wome",
    ]


def test_nothing_is_written_over(project: Project, exports: Path) -> None:
    """Neither parameters, nor a layout, nor texts that are there."""
    begin(project)
    for name, kind in {"ours-2021": "edition", "ours-2022": "layout"}.items():
        with pytest.raises(ParametersError, match=f"there is an? {kind} 'ours"):
            propose_helpline(project, name, [exports / "contactnames.csv"])
    texts = project.texts("mine", "nl") / "helpline.md"
    texts.parent.mkdir(parents=True)
    texts.write_text("mine", encoding="utf-8")
    begin(project, "mine")
    assert texts.read_text(encoding="utf-8") == "mine"


def test_what_no_edition_can_have_is_refused(project: Project, exports: Path) -> None:
    """A name, with the command that takes another; a language, with those that there are.

    Exports in two folders are of two systems: a source has one.
    """
    with pytest.raises(ParametersError, match=r"→ .*: helpline-report new-helpline my-line-2021$"):
        propose_helpline(project, "My_Line", ())
    with pytest.raises(UserError, match=r"language fr: there is no such language[^>]*: nl, en;"):
        propose_helpline(project, "other-2021", (), language="fr")
    files = [exports / "contactnames.csv", SAMPLE / "gevolggevingen.csv"]
    with pytest.raises(UserError, match="the exports lie in several folders"):
        propose_helpline(project, "other-2021", files)


def test_facts_that_were_copied_from_another_helpline_are_noticed(project: Project) -> None:
    """Number, website, name, help box, trend, and who answers, each once; another year's aren't."""
    ours = project.parameters_file("2017")
    text = ours.read_text(encoding="utf-8").replace("  role:", "  address: Straat 1\n  role:", 1)
    ours.write_text(text, encoding="utf-8")
    text = text.replace('edition: "2017"', "edition: copied").replace('name: "1712"', "name: Ons")
    project.parameters_file("copied").write_text(text, encoding="utf-8")
    lines = list(find_copied_facts(project, "copied"))
    texts = ("tested", "enforcement", *(f"limits.{at}" for at in range(3)))
    assert {line.split(" says ")[0].strip() for line in lines} == {
        f"params/copied.yaml: {place}"
        for place in (
            *("helpline.full_name.nl", "helpline.full_name.en", "helpline.website", "help"),
            *("trend.file", "disclosure.reason.nl", "disclosure.reason.en"),
            *("publisher.responsible", "publisher.address"),
            *(f"publisher.accessibility.{text}.{each}" for text in texts for each in ("nl", "en")),
            *("facts.phone", "facts.number", "facts.website"),
            *("facts.press.nl", "facts.press.en", "facts.facts_source.nl", "facts.facts_source.en"),
        )
    }
    assert lines[0].endswith("does of 1712 (helpline.name): was it copied?")
    assert len(lines) == 26
    project.parameters_file("copied").unlink()
    for name in ("2017", "linea144-2021"):
        assert list(find_copied_facts(project, name)) == []
