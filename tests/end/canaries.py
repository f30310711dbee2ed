"""A project with a canary in every place that a build reads, or that its machine tells it."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.conftest import copy_project
from tests.exports.workbook_files import xlsx
from tests.report.small_projects import code, text

# No text of the project begins a word with it; what follows says where it was planted.
WORD = "kanarie"
FILES = {
    "contacts": f"{WORD}bestand-Peeters.xlsx",
    "persons": f"{WORD}personen {WORD}vier.csv",
    "followups": f"{WORD}gevolg.csv",
}
NAMES = {
    "contacts": "contactnames.csv",
    "persons": "gemelde_personen.csv",
    "followups": "gevolggevingen.csv",
}
REMARK = "opmerking"
PERSONAL = f"{WORD}opmerking belde van 0475 12 34 56, jan.{WORD}mail@voorbeeld.be, 85.07.30-033.28"


def planted(folder: Path, chapters: str) -> tuple[Path, dict[str, str]]:
    """A project below `folder`, with the lines that name its chapters, and its run's variables."""
    project = copy_project(folder / f"{WORD}map één" / f"{WORD}project")
    elsewhere = folder / f"{WORD}elders"
    variables = {
        "HOME": str(folder / f"{WORD}thuis"),
        "USER": f"{WORD}gebruiker",
        "LOGNAME": f"{WORD}inlognaam",
        "USERNAME": f"{WORD}vensternaam",
        "HOSTNAME": f"{WORD}machine",
        "COMPUTERNAME": f"{WORD}computer",
        "GIT_AUTHOR_NAME": f"{WORD}git",
        "EMAIL": f"{WORD}post@voorbeeld.be",
        f"{WORD.upper()}_GEHEIM": f"{WORD}geheim",
        "PLACE_OF_EXPORTS": str(elsewhere),
        "TMPDIR": str(folder / f"{WORD}tijdelijk"),
    }
    for name in ("HOME", "TMPDIR"):
        Path(variables[name]).mkdir()
    _git(project)
    _exports(project, elsewhere)
    _layout(project / "params" / "layouts" / "registration-1712.yaml")
    _parameters(project / "params" / "2017.yaml", chapters)
    for notebook in sorted((project / "notebooks").glob("*.ipynb")):
        _notebook(notebook)
    for own in sorted((project / "params" / "2017" / "nl").glob("*.md")):
        content = own.read_text(encoding="utf-8")
        own.write_text(f"<!-- {WORD}tekst -->\n{content}", encoding="utf-8")
    return project, variables


def _git(project: Path) -> None:
    """A repository whose owner has a name."""
    (project / ".git").mkdir()
    config = f"[user]\n\tname = {WORD}eigenaar\n\temail = {WORD}adres@voorbeeld.be\n"
    (project / ".git" / "config").write_text(config, encoding="utf-8")


def _exports(project: Path, elsewhere: Path) -> None:
    """Exports of 2017 elsewhere, by other names: keys, ignored columns and properties say things.

    A row is corrected too: what stood there is named in the corrections beside them.
    """
    sample = project / "data" / "sample" / "2017"
    elsewhere.mkdir()
    for table, name in NAMES.items():
        rows = list(csv.reader(io.StringIO((sample / name).read_text("utf-8")), delimiter=";"))
        rows[0] = [*rows[0], REMARK, f"{WORD}kolom"]
        for number, row in enumerate(rows[1:]):
            row[:] = [cell.replace("C2017-", f"{WORD}sleutel-") for cell in row]
            row[:] = [cell.replace("P2017-", f"{WORD}persoon-") for cell in row]
            row += [PERSONAL, f"{WORD}rij{'abc'[number % 3]}"]
        if table == "contacts":
            rows[1][4] = f"{WORD}fout"
        _write(elsewhere / FILES[table], rows)
        (sample / name).unlink()
    (elsewhere / "corrections.csv").write_text(
        "file,key,column,stands,becomes,reason\n"
        f"{FILES['contacts']},{WORD}sleutel-000001,kanaal,{WORD}fout,E-mail,typing_error\n",
        encoding="utf-8",
    )
    banner = sample / "google-analytics" / "apparaten.csv"
    text = banner.read_text(encoding="utf-8")
    banner.write_text(text.replace("# Apparaten", f"# {WORD}rapport van Jan"), encoding="utf-8")


def _write(path: Path, rows: list[list[str]]) -> None:
    if path.suffix == ".xlsx":
        path.write_bytes(xlsx(rows, _properties))
        return
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";", lineterminator="\n").writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")


def _properties(sheet: Any) -> None:
    sheet.title = f"{WORD}blad"
    properties = sheet.parent.properties
    properties.creator = properties.lastModifiedBy = f"{WORD}auteur"
    properties.title = properties.description = f"{WORD}titel"


def _layout(path: Path) -> None:
    """The layout ignores the columns, by their names, and says why."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    for file in content["files"].values():
        file.setdefault("ignored", {}).update(
            {REMARK: f"{WORD}reden: it is free text", f"{WORD}kolom": "no figure uses it"}
        )
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
    path.write_text(f"# {WORD}layout\n{text}", encoding="utf-8")


def _parameters(path: Path, chapters: str) -> None:
    """The parameters say where the exports are, by what names, and hold a comment."""
    content = path.read_text(encoding="utf-8")
    before = "{layout: registration-1712, folder: data/sample/2017}"
    assert before in content
    files = ", ".join(f"{table}: '{name}'" for table, name in FILES.items())
    after = f"{{layout: registration-1712, folder: '${{PLACE_OF_EXPORTS}}', files: {{{files}}}}}"
    text = content.replace(before, after)
    path.write_text(f"# {WORD}commentaar: vraag het aan Jan\n{text}\n{chapters}", encoding="utf-8")


def _notebook(path: Path) -> None:
    """Somebody worked on it: its metadata say who, where and with what; one chapter shows rows."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["metadata"] |= {
        "authors": [{"name": f"{WORD}schrijver"}],
        "kernelspec": {
            "display_name": f"{WORD}kern (/home/{WORD}/venv)",
            "language": "python",
            "name": "python3",
        },
        "widgets": {"state": f"{WORD}widget"},
    }
    if path.name == "04_contacts.ipynb":
        notebook["cells"] += [*_leaking()]
    for cell in notebook["cells"]:
        cell["metadata"]["collapsed_by"] = f"{WORD}cel"
    path.write_text(json.dumps(notebook), encoding="utf-8")


# What a cell leaves that is no result of `chapter.…`, each under the name of its cell.
LEAKING = {
    "printed-row": f"print('{WORD}afdruk', contacts.df.iloc[0].to_dict())",
    "shown-frame": f"contacts.df.assign(note='{WORD}kader').head()",
    "traceback": f"""import traceback
try:
    raise ValueError('{WORD}fouttekst')
except ValueError:
    traceback.print_exc()""",
    "plot": f"""import matplotlib.pyplot as plt
plt.title('{WORD}plot')
plt.bar([1, 2], [3, 4])
plt.show()""",
    "display": f"""from IPython.display import SVG, display
svg = SVG("<svg xmlns='http://www.w3.org/2000/svg'><text>{WORD}tekening</text></svg>")
display(svg, metadata={{"image/svg+xml": {{"note": "{WORD}metadata"}}}}, display_id="{WORD}scherm")
state = {{"model_id": "{WORD}model"}}
display({{"application/vnd.jupyter.widget-view+json": state}}, raw=True)""",
    "warning": f"import warnings\nwarnings.warn('{WORD}waarschuwing')",
    "comment": f"# {WORD}opmerking: bel terug\nx = 1",
    # Of these the source is published: what they print beside their result isn't.
    "beside": """import os
chapter.count("contacts.beside", contacts)
print(os.environ["HOME"], os.getcwd())
contacts.df.head()""",
}


def _leaking() -> Iterator[dict[str, object]]:
    """Cells that show and say what nobody else may see."""
    for name, source in LEAKING.items():
        yield code(name, source)
    yield {"cell_type": "raw", "id": "raw", "metadata": {}, "source": f"{WORD}ruw"}
    attached = {f"{WORD}beeld.png": {"image/png": "iVBORw0KGgo="}}
    yield text("attached", f"Een zin.<!-- {WORD}nota -->") | {"attachments": attached}
