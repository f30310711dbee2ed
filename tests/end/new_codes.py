"""A copy of the project with two new codes in each code list, made as docs/add-a-code.md says.

One is a code like any other, and one is marked missing; rows of the exports have both.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from helpline_report.errors import ParametersError
from helpline_report.parameters.project import Project
from helpline_report.parameters.references import check_edition

# The file of the exports that holds each field of rows, with its column.
COLUMNS = {
    "anonymity": ("contactnames", "anonimiteit"),
    "caller_age_class": ("contactnames", "leeftijdsklasse"),
    "caller_gender": ("contactnames", "geslacht"),
    "caller_role": ("contactnames", "hoedanigheid"),
    "channel": ("contactnames", "kanaal"),
    "handling": ("contactnames", "label"),
    "helpline": ("contactnames", "hulplijn"),
    "context": ("gemelde_personen", "context"),
    "form": ("gemelde_personen", "vorm"),
    "gender": ("gemelde_personen", "geslacht"),
    "problem": ("gemelde_personen", "problematiek"),
    "followup": ("gevolggevingen", "gevolggeving"),
}
# Of website traffic: the file, and the row that gives a part of its visits to each new label.
TRAFFIC = {
    "device": ("apparaten", "desktop"),
    "site": ("sites", "/volwassenen/"),
    "user_gender": ("geslacht", "female"),
    "traffic_channel": ("kanalen", "Direct"),
    "referrer": ("verwijzende-sites", ""),
}
FIRST_DAY = "2017-04-01"
NEW, DECLINED = "Nieuw antwoord", "Wil niet zeggen"
CODES = {NEW: "new_answer", DECLINED: "declined"}
WORDS = {
    "nl": {"new_answer": "nieuw antwoord ({})", "declined": "geen antwoord ({})"},
    "en": {"new_answer": "new answer ({})", "declined": "no answer ({})"},
}


def label(field: str, code: str, language: str) -> str:
    """The label of a new code."""
    return WORDS[language][code].format(field)


def add_codes(root: Path, fields: Iterable[str]) -> None:
    """Follow docs/add-a-code.md for each of some fields: list, layout, parameters, and rows."""
    for field in fields:
        add_to_list(root, field)
        add_to_layout(root, field)
        if field in COLUMNS:
            add_to_rows(root, field)
        else:
            add_to_traffic(root, field)
    add_breaks(root)


def add_to_list(root: Path, field: str) -> None:
    """Step 1: a line in the code list for each code."""
    path = root / "data" / "codelists" / f"{field}.yaml"
    lines = [
        f'  - {{code: {code}, nl: "{label(field, code, "nl")}", '
        f'en: "{label(field, code, "en")}", from: {FIRST_DAY}'
        + (", missing: true}" if code == "declined" else "}")
        for code in CODES.values()
    ]
    text = path.read_text("utf-8")
    before, groups, after = text.partition("\ngroups:\n")
    path.write_text(
        before.rstrip("\n") + "\n" + "\n".join(lines) + "\n" + groups.lstrip("\n") + after
    )


def add_to_layout(root: Path, field: str) -> None:
    """Step 2: the labels in the layout."""
    name = "registration-1712" if field in COLUMNS else "google-analytics-nl"
    path = root / "params" / "layouts" / f"{name}.yaml"
    text, where = (
        path.read_text("utf-8"),
        f"field: {field}\n" if field in COLUMNS else f"    {field}:\n",
    )
    at = text.index("codes:", text.index(where)) + len("codes:")
    labels = ", ".join(f"{each}: {code}" for each, code in CODES.items())
    if text[at:].startswith(" {"):
        text = f"{text[:at]} {{{labels}, {text[at + 2 :]}"
    else:
        indent = re.match(r"\n( +)", text[at:])
        assert indent is not None
        text = (
            text[:at] + "".join(f"\n{indent[1]}{each}" for each in labels.split(", ")) + text[at:]
        )
    path.write_text(text, "utf-8")


def add_breaks(root: Path) -> None:
    """Step 3: the breaks that `check` prints, with a reason each."""
    path = root / "params" / "2017.yaml"
    try:
        check_edition(Project(root), "2017")
    except ParametersError as error:
        lines = re.findall(r"(?m)^ {6}(.*)$", str(error))
        note = 'note: {nl: "een antwoord dat er niet was", en: "an answer that there was not"}'
        entries = [note if line.startswith("note:") else line for line in lines]
        entries = [
            f"  {line}" if line.startswith("- ") else f"    {line.strip()}" for line in entries
        ]
        text = path.read_text("utf-8")
        path.write_text(
            text.replace("\nbreaks:\n", "\nbreaks:\n" + "\n".join(entries) + "\n"), "utf-8"
        )
    check_edition(Project(root), "2017")


def add_to_rows(root: Path, field: str) -> None:
    """Each seventh row of the field has the new label, each eleventh the other, from the day on."""
    file, column = COLUMNS[field]
    path = root / "data" / "sample" / "2017" / f"{file}.csv"
    rows, days, place = read_rows(root, file), days_of_rows(root, file), [*COLUMNS].index(field)
    for at, (row, day) in enumerate(zip(rows, days, strict=True)):
        if day >= FIRST_DAY and at % 7 == place % 7:
            row[column] = NEW
        elif day >= FIRST_DAY and at % 11 == place % 11:
            row[column] = DECLINED
    with path.open("w", encoding="utf-8", newline="") as to:
        writer = csv.DictWriter(to, [*rows[0]], delimiter=";", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def read_rows(root: Path, file: str) -> list[dict[str, str]]:
    """The rows of an export of 2017."""
    path = root / "data" / "sample" / "2017" / f"{file}.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def days_of_rows(root: Path, file: str) -> list[str]:
    """The day of the contact that each row of an export belongs to, as `2017-04-01`."""
    days = {
        row["contactnummer"]: "-".join(reversed(row["datum"].split("/")))
        for row in read_rows(root, "contactnames")
    }
    if file == "gevolggevingen":
        contacts = {
            row["persoonsnummer"]: row["contactnummer"]
            for row in read_rows(root, "gemelde_personen")
        }
        return [days[contacts[row["persoonsnummer"]]] for row in read_rows(root, file)]
    return [days[row["contactnummer"]] for row in read_rows(root, file)]


def add_to_traffic(root: Path, field: str) -> None:
    """Some visits of a row are those of the new labels; the total stays what it was."""
    file, of = TRAFFIC[field]
    path = root / "data" / "sample" / "2017" / "google-analytics" / f"{file}.csv"
    lines = path.read_text("utf-8").splitlines()
    at = next(
        place
        for place, line in enumerate(lines)
        if re.match(r'[^,#]+,"?\d', line) and line.startswith(of)
    )
    name, *cells = lines[at].split(",", 4)
    numbers = [int(cell.replace(".", "")) for cell in cells[:3]]
    parts = [[number // 10 for number in numbers], [number // 20 for number in numbers]]
    rest = [number - sum(each) for number, *each in zip(numbers, *parts, strict=True)]
    new = [
        f"{label_},{','.join(f'{number:,}'.replace(',', '.') for number in each)},{cells[3]}"
        for label_, each in zip((name, *CODES), (rest, *parts), strict=True)
    ]
    path.write_text("\n".join([*lines[:at], *new, *lines[at + 1 :]]) + "\n", "utf-8")


def count_codes(root: Path, field: str) -> Counter[str]:
    """How many rows of the exports have each label of a field; the new ones by their code."""
    file, column = COLUMNS[field]
    labels = Counter(row[column] for row in read_rows(root, file))
    return Counter({CODES.get(text, text): rows for text, rows in labels.items()})


def count_known(root: Path, field: str) -> int:
    """How many rows have a label that isn't one of what is missing."""
    counts = count_codes(root, field)
    return counts.total() - sum(counts[each] for each in ("", "Onbekend", "declined"))


def read_visits(root: Path, field: str) -> dict[str, int]:
    """The users of each new label of website traffic."""
    path = root / "data" / "sample" / "2017" / "google-analytics" / f"{TRAFFIC[field][0]}.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.reader(stream) if row and row[0] in CODES]
    return {CODES[row[0]]: int(row[1].replace(".", "")) for row in rows}
