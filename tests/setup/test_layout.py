"""A layout proposed for unknown exports: what it says, and what it never shows."""

import csv
import io
import os
import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpline_report.errors import ExportError, ParametersError, UserError
from helpline_report.parameters.layouts import load_layout
from helpline_report.parameters.project import Project
from helpline_report.parameters.yaml import count_undecided
from helpline_report.setup.layout import propose_files, refuse_name, write_layout, write_layout_text
from tests.cases import draw_rows
from tests.conftest import ROOT, refusal
from tests.exports.workbook_files import ods, saved, xlsx
from tests.setup.proposals import decided, edits

SAMPLE = ROOT / "data" / "sample" / "2017"
FILES = ("contactnames.csv", "gemelde_personen.csv", "gevolggevingen.csv")
LAYOUTS = ROOT / "params" / "layouts"
OURS = Project(ROOT, {})
Proposing = Callable[..., str]


@pytest.fixture
def proposed(tmp_path: Path) -> Proposing:
    """Write an export, and propose a layout named `calls` for it."""

    def propose(
        export: str | bytes, *, coded: dict[str, str] | None = None, name: str = "calls.csv"
    ) -> str:
        path = tmp_path / name
        path.write_bytes(export if isinstance(export, bytes) else export.encode())
        return write_layout_text(propose_files(OURS, [path], coded or {}), "calls")

    return propose


def rows(number: int, *columns: Sequence[str]) -> str:
    """So many rows, the texts of each column one after another and again."""
    return "".join(
        ";".join(column[at % len(column)] for column in columns) + "\n" for at in range(number)
    )


def with_days(header: str, *columns: Sequence[str], number: int = 60) -> str:
    """An export whose first column holds dates that nobody can read the other way round."""
    days = [f"{13 + at % 18}/01/2018" for at in range(number)]
    return f"datum;{header}\n" + rows(number, days, *columns)


def keys(number: int = 60) -> list[str]:
    return [f"K-{at:04}" for at in range(number)]


TWO_WAYS = "dates: !todo {}  # every date could be {} as well: which?"
RANDOM = [f"{at:08x}-0ae4-4b1c-9d2f-0470123456{at:02x}" for at in range(60)]
SEXES = ["Vrouw", "Man"]
AGES = [str(at) for at in range(3, 63)]
NINE = "13/01/2018;x\n" * 9


def test_a_small_export_is_proposed_word_for_word(proposed: Proposing) -> None:
    """What is certain stands as it is, and what isn't is tagged with its question; each time."""
    columns = (
        ["09:15", "10:30", ""],
        ["Tel", "E-mail", "Chat"],
        ["Vrouw", "Man", "Trans vrouw", ""],
        ["34", "999", "onbekend", ""],
        ["Jan Peeters", "Els Maes"],
        ["een lang verhaal over iemand", *[f"verhaal nummer {at}" for at in range(39)]],
    )
    days = [f"{13 + at % 18}/01/2018" for at in range(40)]
    header = "nummer;datum;uur;kanaal;geslacht;leeftijd;naam;nota\n"
    export = header + rows(40, keys(), days, *columns)
    text = proposed(export)
    assert text == (Path(__file__).parent / "proposed.yaml").read_text(encoding="utf-8")
    assert text == proposed(export)
    assert count_undecided(text) == 9


def test_the_layout_of_the_sample_is_few_edits_away(project: Project) -> None:
    """Taken as it stands it is a layout; left to write are rare labels, and what no row shows."""
    text = write_layout_text(propose_files(project, [SAMPLE / name for name in FILES], {}), "new")
    write_layout(project, "new", text)
    with pytest.raises(ParametersError, match=r"params/layouts/new\.yaml:5: to decide: about:"):
        load_layout(project.layout_file("new"), project.root)
    answered = decided(text, {"about": "the system"})
    project.layout_file("new").write_text(answered, encoding="utf-8")
    layout = load_layout(project.layout_file("new"), project.root)
    tables = ("contacts", "persons", "followups")
    assert {name: list(file.tables) for name, file in layout.files.items()} == {
        table: [table] for table in tables
    }
    contacts, persons, followups = (f"files.{name}.tables.{name}.columns" for name in tables)
    left = f"{followups}.gevolggeving.codes"
    assert edits(text, LAYOUTS / "registration-1712.yaml", {}) == sorted(
        [
            "about: None → registration system of helpline 1712, three files joined by their "
            "numbers",
            "layout: new → registration-1712",
            *(f"files.{table}.encodings: nothing → ['utf-8', 'windows-1252']" for table in tables),
            f"{contacts}.tijdstip.blank: nothing → unknown",
            f"{persons}.context.blank: nothing → not_registered",
            f"{persons}.context.codes.Sport en vrije tijd: nothing → sport_leisure",
            f"{left}.Aangemeld bij bemiddelingscommissie historisch misbruik: nothing → "
            "registered.mediation_commission",
            f"{left}.Aangemeld bij politie: nothing → registered.police",
            f"{left}.Verwezen naar lotgenotencontacten historisch misbruik: nothing → "
            "referred.peer_contacts",
        ]
    )


def change_lines(change: Callable[[list[str]], list[str]]) -> Callable[[str], str]:
    return lambda text: "\n".join(change(text.splitlines())) + "\n"


def change_cells(change: Callable[[str, str], object]) -> Callable[[str], list[list[object]]]:
    """The rows of a text as cells, each changed; its column is called by name."""

    def apply(text: str) -> list[list[object]]:
        head, *below = csv.reader(text.splitlines(), delimiter=";")
        return [[*head], *([*map(change, head, cells)] for cells in below)]

    return apply


def join(rows: list[list[object]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";", lineterminator="\n").writerows(rows)
    return buffer.getvalue()


def number_of(column: str, text: str) -> object:
    """A day as a spreadsheet's number, what else a cell holds as it stands."""
    days = pd.to_datetime(text, format="%d/%m/%Y") if column == "datum" else pd.NaT
    return text if pd.isna(days) else (days - pd.Timestamp("1899-12-30")).days


def wrap(line: str) -> str:
    return '"' + line.replace('"', '""') + '"'


as_text, as_numbers = change_cells(lambda _, text: text), change_cells(number_of)
REPAIRED: dict[str, Callable[[str], str | bytes]] = {
    "B03": lambda text: text.encode("cp1252"),
    "B14": "sep=;\n{}".format,
    "B14, B02": lambda text: f"sep=;\n{text}".encode("utf-16"),
    "B15": "Registratie\nUitvoer van 2 januari 2018\n\n{}".format,
    "B17, B21": change_lines(lambda lines: [*lines[:9], lines[0].upper(), *lines[9:]]),
    "B18, two cells": lambda text: f"{text}Totaal;{text.count(chr(10)) - 1}\n",
    "B31, CR CR LF": lambda text: text.replace("\n", "\r\r\n"),
    "B32": change_lines(lambda lines: [each for line in lines for each in (line, "", ";;")]),
    "B44": lambda text: join(as_numbers(text)),
    "B61": lambda text: unicodedata.normalize(
        "NFD", join(change_cells(lambda _, cell: f" {cell}\u00a0")(text))
    ),
    "B61, capitals": change_lines(
        lambda lines: [line.upper() if at % 9 == 8 else line for at, line in enumerate(lines)]
    ),
    "B71": change_lines(lambda lines: [*map(wrap, lines)]),
    "blank columns": change_lines(lambda lines: [f"{line};;" for line in lines]),
    "a workbook of numbers": lambda text: xlsx(as_numbers(text)),
    "a workbook with a title": lambda text: xlsx([["Registratie"], [], *as_text(text)]),
    "ODS with a total": lambda text: ods([*as_text(text), ["Totaal", text.count("\n") - 1]]),
}


@cache
def read_few_rows() -> dict[str, str]:
    """The first contacts of the sample, with their persons and follow-ups."""
    texts, keys = {}, {"contactnummer"} | {f"C2017-{at:06}" for at in range(101)}
    for file, column in zip(FILES, (0, 1, 0), strict=True):
        lines = (SAMPLE / file).read_text(encoding="utf-8").splitlines()
        rows = [line for line in lines if line.split(";")[column] in keys]
        texts[file] = "\n".join(rows) + "\n"
        keys = {row.split(";")[0] for row in rows}
    return texts


def propose_for_changed(folder: Path, change: Callable[[str], str | bytes]) -> object:
    """What is proposed for these rows, but for what says how a file is written."""
    for file, text in read_few_rows().items():
        export = change(text)
        (folder / file).write_bytes(export.encode() if isinstance(export, str) else export)
    text = write_layout_text(propose_files(OURS, [folder / file for file in FILES], {}), "x")
    files = yaml.safe_load(unicodedata.normalize("NFC", decided(text, {})))["files"]
    written = {"encodings", "delimiter", "dates", "serial_dates"}
    return {name: {k: file[k] for k in file.keys() - written} for name, file in files.items()}


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> object:
    return propose_for_changed(tmp_path_factory.mktemp("clean"), str)


@pytest.mark.parametrize("change", REPAIRED.values(), ids=REPAIRED)
def test_what_a_reading_repairs_is_proposed_like_a_clean_file(
    tmp_path: Path, clean: object, change: Callable[[str], str | bytes]
) -> None:
    """But for what says how the file is written."""
    assert propose_for_changed(tmp_path, change) == clean


@pytest.mark.skipif(
    not os.environ.get("HELPLINE_REAL_DATA"),
    reason="HELPLINE_REAL_DATA isn't set: docs/new-helpline.md says how to get the exports",
)
def test_the_layout_of_a_real_export_is_few_edits_away() -> None:
    """Spanish labels that are like no code, rare labels, and the words of reasons and names."""
    path = Path(os.environ["HELPLINE_REAL_DATA"]) / "linea144" / "linea144-2021.csv"
    text = write_layout_text(propose_files(OURS, [path], {}), "linea144")
    left_over = edits(text, LAYOUTS / "linea144.yaml", {"contacts": "consultations"})
    kinds = [re.sub(r"^files\.consultations\.?|^tables\.persons\.", "", line) for line in left_over]
    by_part = {
        part: sum(part in line for line in kinds)
        for part in ("about", "name:", "ignored.", "edad_", "genero_persona", "flags.")
    }
    assert sum(by_part.values()) == len(left_over) == 28
    assert by_part["flags."] == 12
    assert by_part["genero_persona"] <= 10
    # Nothing was read otherwise than it is: what differs is to write, or a reason, or a range.
    wrong = [line for line in left_over if "codes." in line and ": None →" not in line]
    assert [line for line in wrong if ": nothing →" not in line] == []


CANARIES = ("Peeters", "0470", "kanarie", "example", "93051822361", "Zeldzaam", "geheim")


def test_no_text_of_a_row_is_shown_but_frequent_labels(proposed: Proposing) -> None:
    """Names, numbers, free text, rare and long labels, titles and footers are shapes at most."""
    labels = ["Telefoon", "E-mail", "Chat", "Telefoon", "E-mail", "Chat"] * 10
    labels[7] = "Zeldzaam kanarie"
    text = proposed(
        "Export van Jan Peeters (geheim)\n\n"
        + with_days(
            "nummer;kanaal;medewerker;behandeld door;wie;gsm;rrn;mail;lang",
            keys(),
            labels,
            ["Jan Peeters", "Els Peeters"],
            ["Jan Peeters", "Els Peeters"],
            [f"Peeters kanarie {at}" for at in range(60)],
            ["0470123456", "0470123457"],
            ["93051822361"],
            ["kanarie@example.org"],
            ["geheim " * 20],
        )
        + "Gemaakt door Jan Peeters\n"
    )
    assert [word for word in CANARIES if word in text] == []
    assert "1 label(s) aren't shown, of fewer than 5 rows or long: 'Aaaaaaaa aaaaaaa'" in text
    assert "# under the data: 'Aaaaaaa aaaa Aaa Aaaaaaa'. A pattern of each?" in text


SECRET = st.text("abcxyz0189 -", min_size=0, max_size=12).map(lambda text: f"zq{text}".strip())


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data(), columns=st.integers(1, 4), number=st.integers(3, 40))
def test_whatever_stands_in_unknown_columns_stays_there(
    proposed: Proposing, data: st.DataObject, columns: int, number: int
) -> None:
    """No text of them is shown, however frequent; names of columns are."""
    few = st.lists(SECRET, min_size=1, max_size=5)
    texts = [data.draw(few | st.lists(SECRET, min_size=number)) for _ in range(columns)]
    header = ";".join(["kanaal", "soort", "wat", "iets"][:columns])
    assert "zq" not in proposed(with_days(header, *texts, number=number))


def test_names_that_are_frequent_are_no_codes(proposed: Proposing) -> None:
    """Of a column that nothing says holds codes no text is shown, unless a user says that it does.

    Then its frequent labels are, each with its question.
    """
    text = proposed(with_days("door", ["Kanarie", "Merel", "Mees"]))
    assert "Kanarie" not in text
    assert (
        "door: !todo no figure uses it  # few labels, none like a code list's; of codes, say "
        "--coded COLUMN=FIELD: 3 different, 'Aaaaaaa', 'Aaaaa', 'Aaaa'\n"
    ) in text
    export = with_days("via", ["Fax", "Post"]) + "13/01/2018;Duif\n"
    text = proposed(export, coded={"via": "channel"})
    assert 'Fax: !todo ""  # 30 rows: which code?' in text
    assert "Duif" not in text
    # What somebody says of a column brings the table that it belongs to.
    text = proposed(with_days("efter", ["Råd", "Inget"]), coded={"efter": "followup"})
    assert "followups:\n        key: row\n        parent: row\n        columns:\n" in text


# A column, its texts in turn, and what is proposed or asked; $ is the end of the line.
OF_COLUMNS = """
uur | 9:15 | times: h:mm$
uur | 9u15 | times: hhumm$
# Dots may be those of numbers.
uur | 09.15 | times: hh.mm$
pris | 09.15 | pris: !todo no figure uses it
gewijzigd | 14/01/2018 | datum: !todo {field: date, kind: date}  # of 2 columns
gewijzigd | 14/01/2018 | columns of dates: the day of the contact?
gewijzigd | 14/01/2018 | : !todo no figure uses it  # a column of kind date
leeftijd | 34 / 35 / NULL | caller?; do these texts mean unknown?
leeftijd | 34 / 35 / onbekend | unknown: ["onbekend"]}  # of the person
leeftijd | 34 / 98 / 99 | : !todo {field: age, kind: integer, from: 0, to: 120
# Classes of ages are those of the parameters.
leeftijd slachtoffer | 0-5 jaar / 6-11 jaar / 60+ | age_class  # 2 of 3 labels are like its codes$
leeftijd slachtoffer | 0-5 jaar / 6-11 jaar / 60+ | !todo age_0_5  # '0 tot en met 5 jaar'?$
problematiek | Ouderenmisbehandeling / Andere | Ouderenmisbehandeling: elder_abuse$
hoedanigheid | Welzijn, gezondheid en gezin / Onderwijs | gezondheid en gezin': welfare
"""
DUTCH = "datum;vé\n" + NINE
WHOLE = "datum;vak\n" + NINE
# Files as a reading repairs them, or as a total or another row ends them, and what is said.
OF_FILES: list[tuple[str | bytes, str]] = [
    # A total of as many digits is no row; a row whose label stands above it is one.
    ("nummer;datum\n" + rows(60, keys(), ["43113"]) + "Totaal;60\n", "# 60 rows. "),
    ("vak;datum\n" + rows(60, ["Totaal", "Deel"], ["43113"]) + "Totaal;7\n", "# 61 rows. "),
    (
        with_days("vak", ["a"], number=39) + "later;a\n",
        "dd/mm/yyyy  # 1 row(s) hold something else",
    ),
    (with_days("id;geslacht", RANDOM, SEXES), "key: id  # unique"),
    ("datum;kanaal\n" + '"13/01/2018;Telefoon"\n' * 9, "rows in quotes as a whole"),
    ("\ufeff" + DUTCH, "UTF-8, with a byte order mark"),
    (DUTCH.encode("utf-16"), "UTF-16"),
    (DUTCH.encode("cp1252"), "Windows-1252 is a guess, so look whether"),
    (DUTCH.encode("cp1252"), "[utf-8, windows-1252]  # are accents below as they should be?"),
    ("sep=;\n" + WHOLE, "a first line 'sep=', which is left out"),
    ("datum\tvak\n" + "13/01/2018\tx\n" * 9, "tabs: 100% of the rows have as many fields"),
    ("Verslag\n\n" + WHOLE, "1 title line(s) above the header in line 3"),
    (WHOLE * 2, "the header 1 time(s) among the rows"),
    (WHOLE + "1;2;3\n" + NINE, "1 row(s) with another number of fields, not looked at"),
    (WHOLE + "Aantal: 9\n", "footer: !todo []  # under the data: 'Aaaaaa: 9'. A pattern of each?"),
]
# The first date of twenty rows, and how dates are written then.
OF_DATES = [
    ("02/03/2018", TWO_WAYS.format("dd/mm/yyyy", "mm/dd/yyyy")),
    ("13/03/2018", "dates: dd/mm/yyyy\n"),
    ("03/13/2018", "dates: mm/dd/yyyy\n"),
    ("02.03.18", TWO_WAYS.format("dd.mm.yy", "mm.dd.yy")),
    ("2018-03-02 09:15", "stamps: yyyy-mm-dd hh:mm\n"),
    ("2018-03-02T09:15:30Z", "stamps: yyyy-mm-ddThh:mm:ssZ\n"),
]
# Yes and no columns give one field, whose codes their names say; a blank is a question.
YES_AND_NO = (
    '          form:\n            "yes": ["Ja"]\n'
    '            "no": !todo ["Nee", ""]  # 20 blank cells: no? Else they are refused\n'
    "            columns:\n              geweld fysiek: physical\n"
    '              geweld stalking: !todo ""  # which code?\n'
)


# So may several columns of one code, and numbered ones of codes: questions too.
ONE_CODE = (
    "              geweld fysiek licht: physical\n"
    "              geweld fysiek zwaar: !todo physical  # 'fysiek geweld'?\n"
)
NUMBERED = (
    "        several:\n          - !todo form  # vorm van geweld 1, vorm van geweld 2: has a row "
    "the codes of each? Columns of other people need rows of their own\n"
    "        columns:\n          vorm van geweld 1:\n            field: form\n"
)
FORMS, YES = ["fysiek geweld", "seksueel geweld"], ["Ja", "Nee"]


@pytest.mark.parametrize(
    ("export", "line"),
    [
        *((f"datum;geslacht\n{rows(20, [first], SEXES)}", line) for first, line in OF_DATES),
        *(
            (with_days(column, texts.split(" / ")), line.replace("$", "\n"))
            for column, texts, line in draw_rows(OF_COLUMNS)
        ),
        (
            with_days(
                "geweld fysiek;geweld stalking;leeftijd", ["Ja", "Nee"], ["Nee", "", "Ja"], AGES
            ),
            YES_AND_NO,
        ),
        (
            with_days("geweld fysiek licht;geweld fysiek zwaar;leeftijd", YES, YES[::-1], AGES),
            ONE_CODE,
        ),
        (with_days("vorm van geweld 1;vorm van geweld 2", FORMS, [*FORMS, ""]), NUMBERED),
        *OF_FILES,
    ],
)
def test_what_is_proposed_or_asked(proposed: Proposing, export: str | bytes, line: str) -> None:
    """If something can be read in two ways, the proposal asks."""
    assert line in proposed(export)


@pytest.mark.parametrize(("header", "key"), [("", "row"), ("persoon;", "persoon")])
def test_contacts_that_stand_again_for_each_person_are_seen(
    proposed: Proposing, header: str, key: str
) -> None:
    """Their numbers repeat, each with one date."""
    contacts = [f"C-{at // 2:04}" for at in range(40)]
    days = [f"{13 + at // 2 % 18}/01/2018" for at in range(40)]
    persons = [[f"P-{at:04}" for at in range(40)]] if header else []
    text = proposed(
        f"{header}contact;datum;leeftijd\n" + rows(40, *persons, contacts, days, ["9", "41"])
    )
    assert "key: contact  # it stands again for each person, on one date\n" in text
    assert f"      persons:\n        key: {key}\n        parent: contact\n" in text


def test_a_key_that_repeats_where_all_is_of_callers_is_a_question(proposed: Proposing) -> None:
    """Rows of one contact may be its persons, and then they are fewer contacts than rows."""
    contacts = [f"C-{at // 2:04}" for at in range(40)]
    days = [f"{13 + at // 2 % 18}/01/2018" for at in range(40)]
    text = proposed("contact;datum;kanaal\n" + rows(40, contacts, days, ["Telefoon", "Chat"]))
    assert "key: !todo contact  # 20 row(s) repeat one, on the same date: is a contact" in text
    assert "contact: !todo it may identify somebody" not in text
    alone = proposed("rij;contact;datum\n" + rows(40, keys(40), contacts, days))
    assert "        key: rij  # unique in every row" in alone


def test_numbers_of_two_files_are_keys_of_the_right_one(tmp_path: Path) -> None:
    """Numbers from 1 on stand among those of any file that has more rows."""
    days = [f"{13 + at % 18}/01/2018" for at in range(40)]
    numbers = [str(at) for at in range(1, 41)]
    persons = [str(at) for at in range(1, 61)]
    contact = [str(1 + at * 2 // 3) for at in range(60)]
    (tmp_path / "a.csv").write_text("id;contact;sekse\n" + rows(60, persons, contact, SEXES))
    (tmp_path / "b.csv").write_text(
        "contact;datum;minuten\n" + rows(40, numbers, days, ["5", "10"])
    )
    files = [tmp_path / "a.csv", tmp_path / "b.csv"]
    text = write_layout_text(propose_files(OURS, files, {}), "calls")
    assert "  contacts:\n    # 40 rows" in text
    assert "        parent: contact  # its keys stand in b.csv\n" in text


def test_what_is_of_the_caller_is_never_said_of_the_person(proposed: Proposing) -> None:
    """The name of a column tells; where it doesn't, that is the question."""
    header = "geslacht beller;geslacht slachtoffer;leeftijd beller;leeftijd slachtoffer"
    text = proposed(with_days(header, SEXES, SEXES[::-1], AGES[::-1], AGES))
    lines = [line.strip() for line in text.splitlines()]
    for column, field in (("beller", "caller_gender"), ("slachtoffer", "gender")):
        assert lines[lines.index(f"geslacht {column}:") + 1] == f"field: {field}"
    assert "leeftijd slachtoffer: {field: age, kind: integer" in text
    assert "leeftijd beller: !todo no figure uses it  # ages; those of callers are classes" in text
    alone = proposed(with_days("geslacht;leeftijd", SEXES, AGES))
    assert alone.count("of the person reported, or of the caller?") == 2
    text = proposed(with_days("Alter der anrufenden Person;Alter der Betroffenen", AGES, AGES))
    assert "Alter der anrufenden Person: !todo no figure uses it  # ages; those of callers" in text
    assert "Alter der Betroffenen: {field: age, kind: integer" in text


def test_keys_that_repeat_or_are_blank_are_seen(proposed: Proposing) -> None:
    """They are proposed as keys, with a question for each."""
    numbers = keys()
    numbers[7], numbers[9] = numbers[6], ""
    text = proposed(with_days("nummer", numbers))
    assert "key: !todo nummer  # 1 row(s) repeat one: are they there twice: 'A-9999'\n" in text
    assert "blank_key: !todo row  # 1 blank: is each a row by itself?" in text


def test_a_likeness_to_another_language_proposes_no_code(proposed: Proposing) -> None:
    """It is a hint in the question; the same word in two languages is a code."""
    french = proposed(with_days("sexe appelant;âge victime", ["Femme", "Homme"], ["12"]))
    assert "sexe appelant: !todo no figure uses it" in french, "'Homme' is no 'home'"
    cells = ["Físico", "Sexual", "Simbólica", "Otra"]
    text = proposed(with_days("edad;tipo", ["12"], cells), coded={"tipo": "form"})
    assert "Sexual: sexual\n" in text
    assert "Simbólica: !todo \"\"  # symbolic ('symbolisch geweld')? It is like a word of" in text
    # 'Other' in a label isn't what tells its code: 'Mother' is no other relative.
    text = proposed(with_days("role", ["Victim", "Mother", "Other"]), coded={"role": "caller_role"})
    assert "Victim: victim\n" in text
    for label in ("Mother", "Other"):
        assert f'{label}: !todo ""  # 20 rows: which code?\n' in text


NO_NAME = "\n  → export the file with a name for every column, each once"
CUT = "\n  → export the file again; don't open and save it in a spreadsheet"


@pytest.mark.parametrize(
    ("export", "message"),
    [
        (
            "13/01/2018;Vrouw\n14/01/2018;Man\n15/01/2018;Vrouw\n",
            "[B22] calls.csv:1: no header: '99/99/9999' looks like a value, not like the name of a "
            "column" + NO_NAME,
        ),
        (
            "Vrouw;Limburg\nMan;Limburg\nVrouw;Antwerpen\n",
            "[B22] calls.csv:1: no header: 'Aaaaa' looks like a value, not like the name of a "
            "column" + NO_NAME,
        ),
        ("a;;c\n1;2;3\n", "[B22] calls.csv:1: the column at position 2 has no name" + NO_NAME),
        ("a;b;A\n1;2;3\n", "[B20] calls.csv:1: the column 'A' twice" + NO_NAME),
        (
            "a;b\n",
            "[B07] calls.csv:1: a header and no rows"
            "\n  → export the rows again, over the period of the edition",
        ),
        ("", "[B07] calls.csv: the file is empty\n  → export the file again as CSV in UTF-8"),
        (
            'a;b\n"1;2\n',
            "[B30] calls.csv:2: a quote that doesn't open and close a field; expected quotes "
            'around a whole field, and two ("") for one inside it' + CUT,
        ),
        (b"PK\x03\x04 cut", "[B09] calls.csv: the workbook is damaged or cut off"),
        (xlsx([]), "[B07] calls.csv: the workbook is empty"),
    ],
)
def test_a_file_that_cant_be_looked_at_is_told(
    proposed: Proposing, export: str | bytes, message: str
) -> None:
    """With the codes of any export, and no value."""
    heading = "1 problem(s) in the exports; nothing was written.\n"
    assert refusal(ExportError, proposed, export).startswith(heading + message)


@pytest.mark.parametrize(
    "export",
    [
        "# ----------------------------------------\n# x\n\nJaar,Gebruikers\n2017,1\n",
        '\ufeff{"kind": "x", "metricHeaders": [{"name": "users"}]}\n',
    ],
)
def test_a_report_of_web_analytics_is_sent_on(proposed: Proposing, export: str) -> None:
    assert refusal(UserError, proposed, export) == (
        "calls.csv: a report of a web analytics service, and no file of rows\n"
        "  → the layout 'web-analytics' reads it, under any name: docs/web-analytics.md"
    )


@pytest.mark.parametrize(
    ("coded", "message"),
    [
        ({"vja": "channel"}, "--coded: no column 'vja', did you mean 'via'?"),
        (
            {"via": "chanel"},
            "--coded: no field 'chanel', did you mean 'channel'?\n  → the fields are: age_class, "
            "anonymity, caller_age_class, ",
        ),
    ],
)
def test_what_isnt_there_cant_be_coded(
    proposed: Proposing, coded: dict[str, str], message: str
) -> None:
    """With the nearest name."""
    refused = refusal(UserError, proposed, "datum;via\n13/01/2018;x\n", coded=coded)
    assert refused.startswith(message)


def test_a_layout_has_a_new_name_and_files_with_different_names(tmp_path: Path) -> None:
    """A layout tells files by their names, is named as a file may be, and replaces none."""
    with pytest.raises(UserError, match=r"two files are named 'a\.csv'"):
        propose_files(OURS, [tmp_path / "a.csv", tmp_path / "b" / "a.csv"], {})
    with pytest.raises(ParametersError, match=r"'A b' can't name a layout: small letters"):
        refuse_name(OURS, "A b")
    with pytest.raises(ParametersError, match=r"^params/layouts/linea144\.yaml: there is a layout"):
        refuse_name(OURS, "linea144")


# Workbooks


def sheet_of(number: int = 20) -> list[list[object]]:
    labels = ["Telefoon", "E-mail"]
    body = [[f"K-{at:03}", f"2018-01-{1 + at:02}", labels[at % 2], 20 + at] for at in range(number)]
    return [["nr", "datum", "kanaal", "leeftijd"], *body]


def test_of_several_sheets_the_longest_is_looked_at(proposed: Proposing) -> None:
    """Its name is the user's to write, for it may hold anything."""
    book = openpyxl.Workbook()
    book.active.title = "Jan Peeters"
    book.active.append(["x"])
    sheet = book.create_sheet("Els Maes")
    for row in sheet_of():
        sheet.append(row)
    text = proposed(saved(book), name="calls.xlsx")
    assert '    sheet: !todo ""  # of 2 sheets with data, sheet 2 was read\n' in text
    assert [word for word in ("Peeters", "Maes") if word in text] == []
