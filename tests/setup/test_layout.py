"""A layout proposed for unknown exports: what it says, and what it never shows."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpline_report.errors import ExportError, ParametersError, UserError
from helpline_report.parameters.layouts import load_layout
from helpline_report.parameters.project import Project
from helpline_report.parameters.yaml import count_undecided
from helpline_report.setup.layout import layout_text, propose_files, refuse_name, write_layout
from tests.conftest import ROOT
from tests.setup.proposals import decided, edits

SAMPLE = ROOT / "data" / "sample" / "2017"
FILES = ("contactnames.csv", "gemelde_personen.csv", "gevolggevingen.csv")
LAYOUTS = ROOT / "params" / "layouts"
Proposing = Callable[..., str]


@pytest.fixture
def proposed(project: Project, tmp_path: Path) -> Proposing:
    """Write `calls.csv`, and propose a layout named `calls` for it."""

    def propose(text: str | bytes, *, coded: dict[str, str] | None = None) -> str:
        path = tmp_path / "calls.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return layout_text(propose_files(project, [path], coded or {}), "calls")

    return propose


def rows(number: int, *columns: Sequence[str]) -> str:
    """So many rows, the texts of each column one after another and again."""
    return "".join(
        ";".join(column[at % len(column)] for column in columns) + "\n" for at in range(number)
    )


def days(number: int) -> list[str]:
    """Dates of January that nobody can read the other way round."""
    return [f"{13 + at % 18}/01/2018" for at in range(number)]


def keys(number: int) -> list[str]:
    return [f"K-{at:04}" for at in range(number)]


TWO_WAYS = "dates: !todo {}  # every date could be {} as well: which?"
RANDOM = [f"{at:08x}-0ae4-4b1c-9d2f-0470123456{at:02x}" for at in range(40)]
WITH_A_COMMA = ["Welzijn, gezondheid en gezin", "Onderwijs", "Justitie"]


def test_a_small_export_is_proposed_word_for_word(proposed: Proposing) -> None:
    """What is certain stands as it is, and what isn't is tagged with its question."""
    header = "nummer;datum;uur;kanaal;geslacht;leeftijd;naam;nota\n"
    text = proposed(
        header
        + rows(
            40,
            keys(40),
            days(40),
            ["09:15", "10:30", ""],
            ["Tel", "E-mail", "Chat"],
            ["Vrouw", "Man", "Trans vrouw", ""],
            ["34", "999", "onbekend", ""],
            ["Jan Peeters", "Els Maes"],
            ["een lang verhaal over iemand", *[f"verhaal nummer {at}" for at in range(39)]],
        )
    )
    assert text == (Path(__file__).parent / "proposed.yaml").read_text(encoding="utf-8")


def test_the_layout_of_the_sample_is_few_edits_away(project: Project) -> None:
    """Taken as it stands it is a layout; left to write are rare labels, and what no row shows."""
    text = layout_text(propose_files(project, [SAMPLE / name for name in FILES], {}), "new")
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
    assert edits(text, LAYOUTS / "registration-1712.yaml", {}) == sorted(
        [
            "about: None → registration system of helpline 1712, three files joined by their "
            "numbers",
            "layout: new → registration-1712",
            *(f"files.{table}.encodings: nothing → ['utf-8', 'windows-1252']" for table in tables),
            f"{contacts}.tijdstip.blank: nothing → unknown",
            f"{persons}.context.blank: nothing → not_registered",
            f"{persons}.context.codes.Sport en vrije tijd: nothing → sport_leisure",
            f"{followups}.gevolggeving.codes.Aangemeld bij bemiddelingscommissie historisch "
            "misbruik: nothing → registered.mediation_commission",
            f"{followups}.gevolggeving.codes.Aangemeld bij politie: nothing → registered.police",
            f"{followups}.gevolggeving.codes.Verwezen naar lotgenotencontacten historisch "
            "misbruik: nothing → referred.peer_contacts",
        ]
    )


@pytest.mark.skipif(
    not os.environ.get("HELPLINE_REAL_DATA"),
    reason="HELPLINE_REAL_DATA isn't set: docs/new-helpline.md says how to get the exports",
)
@pytest.mark.parametrize(("year", "left"), [("2020", 30), ("2021", 28)])
def test_the_layout_of_a_real_export_is_few_edits_away(
    project: Project, year: str, left: int
) -> None:
    """Spanish labels that are like no code, rare labels, and the words of reasons and names."""
    path = Path(os.environ["HELPLINE_REAL_DATA"]) / "linea144" / f"linea144-{year}.csv"
    text = layout_text(propose_files(project, [path], {}), "linea144")
    left_over = edits(text, LAYOUTS / "linea144.yaml", {"contacts": "consultations"})
    kinds = [re.sub(r"^files\.consultations\.?|^tables\.persons\.", "", line) for line in left_over]
    by_part = {
        part: sum(part in line for line in kinds)
        for part in ("about", "name:", "ignored.", "edad_", "genero_persona", "flags.")
    }
    assert sum(by_part.values()) == len(left_over) == left
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
        "nummer;datum;kanaal;medewerker;behandeld door;wie;gsm;rrn;mail;lang\n"
        + rows(
            60,
            keys(60),
            days(60),
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


def test_names_that_are_frequent_are_no_codes(proposed: Proposing) -> None:
    """Of a column that nothing says holds codes no text is shown, unless a user says that it does.

    Then its frequent labels are, each with its question.
    """
    text = proposed("datum;door\n" + rows(60, days(60), ["Kanarie", "Merel", "Mees"]))
    assert "Kanarie" not in text
    assert (
        "door: !todo no figure uses it  # few labels, none like a code list's; of codes, say "
        "--coded COLUMN=FIELD: 3 different, 'Aaaaaaa', 'Aaaaa', 'Aaaa'\n"
    ) in text
    export = "datum;via\n" + rows(60, days(60), ["Fax", "Post"]) + "13/01/2018;Duif\n"
    text = proposed(export, coded={"via": "channel"})
    assert 'Fax: !todo ""  # 30 rows: which code?' in text
    assert "Duif" not in text


def test_classes_of_ages_are_told_as_such(proposed: Proposing) -> None:
    """No code list has them: they are those of the parameters."""
    bands = ["0-17", "18-64", "65+"]
    rows = "".join(f"{1 + n % 28:02}/03/2017;{bands[n % 3]}\n" for n in range(90))
    text = proposed(f"datum;leeftijd\n{rows}")
    assert "leeftijd: !todo no figure uses it  # classes of ages; of persons say 'field: " in text


@pytest.mark.parametrize(
    ("export", "line"),
    [
        *(
            (f"datum;geslacht\n{rows(20, [first], ['Vrouw', 'Man'])}", line)
            for first, line in (
                ("02/03/2018", TWO_WAYS.format("dd/mm/yyyy", "mm/dd/yyyy")),
                ("13/03/2018", "dates: dd/mm/yyyy\n"),
                ("03/13/2018", "dates: mm/dd/yyyy\n"),
                ("2/3/2018", TWO_WAYS.format("d/m/yyyy", "m/d/yyyy")),
                ("2018-03-02", "dates: yyyy-mm-dd\n"),
                ("20180302", "dates: yyyymmdd\n"),
                ("02.03.18", TWO_WAYS.format("dd.mm.yy", "mm.dd.yy")),
                ("2018-03-02 09:15", "stamps: yyyy-mm-dd hh:mm\n"),
                ("2018-03-02T09:15:30Z", "stamps: yyyy-mm-ddThh:mm:ssZ\n"),
            )
        ),
        *(
            (f"datum;uur\n{rows(20, days(20), [time])}", f"times: {form}\n")
            for time, form in (
                ("9:15", "h:mm"),
                ("09:15:30", "hh:mm:ss"),
                ("09u15", "hhumm"),
                ("9u15", "hhumm"),
                ("9h15", "hhhmm"),
            )
        ),
        (
            f"datum;vak\n{rows(39, days(39), ['a'])}later;a\n",
            "dates: dd/mm/yyyy  # 1 row(s) hold something else\n",
        ),
        (
            f"gewijzigd;datum\n{rows(20, days(20), days(20))}",
            "datum: !todo {field: date, kind: date}  # of 2 columns of dates: the day of the "
            "contact?",
        ),
        (
            f"gewijzigd;datum\n{rows(20, days(20), days(20))}",
            "gewijzigd: !todo no figure uses it  # a column of kind date",
        ),
        (
            f"datum;nummer\n{rows(20, [str(43_101 + at) for at in range(20)], keys(20))}",
            "    dates: yyyy-mm-dd\n"
            "    serial_dates: !todo true  # a spreadsheet's numbers of days: from 1900 (true), or "
            "from 1904 (1904)?\n",
        ),
        *(
            (f"datum;leeftijd\n{rows(60, days(60), ages)}", line)
            for ages, line in (
                (
                    ["34", "90", "99", "99", "99"],
                    'unknown: !todo ["99"]}  # of the person reported, or of the caller?; do these '
                    "numbers mean unknown?",
                ),
                (["34", "35", "NULL"], "caller?; do these texts mean unknown?"),
                (["34", "35", "onbekend"], 'unknown: ["onbekend"]}  # of the person'),
                (
                    ["34", "98", "99"],
                    "leeftijd: !todo {field: age, kind: integer, from: 0, to: 120",
                ),
            )
        ),
        (f"id;datum;geslacht\n{rows(40, RANDOM, days(40), ['Vrouw', 'Man'])}", "key: id  # unique"),
        (
            f"datum;problematiek\n{rows(60, days(60), ['Ouderenmisbehandeling', 'Andere'])}",
            "Ouderenmisbehandeling: elder_abuse\n",
        ),
        (
            f"datum;hoedanigheid\n{rows(60, days(60), WITH_A_COMMA)}",
            "'Welzijn, gezondheid en gezin': welfare",
        ),
    ],
)
def test_what_is_proposed_or_asked(proposed: Proposing, export: str, line: str) -> None:
    """Where a date could be read in two ways, or a number mean unknown, that is the question.

    A key drawn at random is a key, a word may hold a part in brackets, and a label a comma.
    """
    assert line in proposed(export)


@pytest.mark.parametrize(
    ("raw", "remark"),
    [
        ("\ufeffdatum;vé\n".encode() + b"13/01/2018;x\n" * 9, "UTF-8, with a byte order mark"),
        ("datum;vé\n".encode("utf-16") + ("13/01/2018;x\n" * 9).encode("utf-16-le"), "UTF-16"),
        (
            "datum;vé\n".encode("cp1252") + b"13/01/2018;x\n" * 9,
            "not UTF-8: Windows-1252 is a guess, so look whether accents read right below",
        ),
        (
            "datum;vé\n".encode("cp1252") + b"13/01/2018;x\n" * 9,
            "encodings: !todo [utf-8, windows-1252]  # are accents below as they should be?",
        ),
        (b"sep=;\ndatum;vak\n" + b"13/01/2018;x\n" * 9, "a first line 'sep=', which is left out"),
        (b"datum\tvak\n" + b"13/01/2018\tx\n" * 9, "tabs: 100% of the rows have as many fields"),
        (
            b"Verslag\n\ndatum;vak\n" + b"13/01/2018;x\n" * 9,
            "1 title line(s) above the header in line 3",
        ),
        (
            b"datum;vak\n" + b"13/01/2018;x\n" * 9 + b"datum;vak\n" + b"13/01/2018;x\n" * 9,
            "the header 1 time(s) among the rows",
        ),
        (
            b"datum;vak\n" + b"13/01/2018;x\n" * 9 + b"1;2;3\n" + b"13/01/2018;x\n" * 9,
            "1 row(s) with another number of fields, not looked at",
        ),
        (
            b"datum;vak\n" + "13/01/2018;cafÃ©\n".encode() * 9,
            "letters were lost in an earlier conversion, which is refused (B05)",
        ),
    ],
)
def test_what_was_seen_of_a_file_is_said(proposed: Proposing, raw: bytes, remark: str) -> None:
    """In the comment above its name."""
    assert remark in proposed(raw)


def test_a_footer_with_the_number_of_rows_is_proposed_as_a_pattern(proposed: Proposing) -> None:
    """Which is checked when the file is read; its words aren't shown."""
    text = proposed("datum;vak\n" + "13/01/2018;x\n" * 9 + "Aantal: 9\n")
    (line,) = [line.strip() for line in text.splitlines() if "footer:" in line]
    assert line == (
        r'footer: !todo ["\\D*(?P<rows>\\d+)\\D*"]  '
        "# under the data: 'Aaaaaa: 9'. A pattern of each?"
    )


def test_yes_and_no_columns_give_one_field(proposed: Proposing) -> None:
    """The names say which codes; blanks are a question."""
    text = proposed(
        "datum;geweld fysiek;geweld seksueel;geweld stalking;leeftijd\n"
        + rows(60, days(60), ["Ja", "Nee"], ["Nee", "ja"], ["Nee", "", "Ja"], ["12"])
    )
    assert dedent(text[text.index("        flags:") :]) == dedent(
        """\
        flags:
          form:
            "yes": ["Ja"]
            "no": !todo ["Nee", ""]  # 20 blank cells: no? Else they are refused
            columns:
              geweld fysiek: physical
              geweld seksueel: sexual
              geweld stalking: !todo ""  # which code?
        """
    )


@pytest.mark.parametrize(
    ("header", "persons", "key"),
    [("", [], "row"), ("persoon;", [[f"P-{at:04}" for at in range(40)]], "persoon")],
)
def test_contacts_that_stand_again_for_each_person_are_seen(
    proposed: Proposing, header: str, persons: list[list[str]], key: str
) -> None:
    """By numbers that repeat, on one date each."""
    text = proposed(
        f"{header}contact;datum;leeftijd\n"
        + rows(
            40,
            *persons,
            [f"C-{at // 2:04}" for at in range(40)],
            [days(40)[at // 2] for at in range(40)],
            ["9", "41"],
        )
    )
    lines = [line.strip() for line in text.splitlines()]
    assert "key: contact  # it stands again for each person, on one date" in lines
    at = lines.index("persons:")
    assert lines[at + 1 : at + 3] == [f"key: {key}", "parent: contact"]


SEXES = ["Vrouw", "Man"]


def test_what_is_of_the_caller_is_never_said_of_the_person(proposed: Proposing) -> None:
    """The name of a column tells; where it doesn't, that is the question."""
    header = "datum;geslacht beller;geslacht slachtoffer;leeftijd beller;leeftijd slachtoffer\n"
    ages = [str(at) for at in range(20, 60)], [str(at) for at in range(3, 43)]
    text = proposed(header + rows(40, days(40), SEXES, SEXES[::-1], *ages))
    lines = [line.strip() for line in text.splitlines()]
    for column, field in (("beller", "caller_gender"), ("slachtoffer", "gender")):
        assert lines[lines.index(f"geslacht {column}:") + 1] == f"field: {field}"
    assert "leeftijd slachtoffer: {field: age, kind: integer" in text
    assert "leeftijd beller: !todo no figure uses it  # ages; those of callers are classes" in text
    alone = proposed("datum;geslacht;leeftijd\n" + rows(40, days(40), SEXES, ages[1]))
    assert alone.count("of the person reported, or of the caller?") == 2


def test_keys_that_repeat_or_are_blank_are_seen(proposed: Proposing) -> None:
    """As keys, with a question for each."""
    numbers = keys(60)
    numbers[7], numbers[9] = numbers[6], ""
    text = proposed("nummer;datum\n" + rows(60, numbers, days(60)))
    assert "key: !todo nummer  # 1 row(s) repeat one: are they there twice: 'A-9999'\n" in text
    assert "blank_key: !todo row  # 1 blank: is each a row by itself?" in text


@pytest.mark.parametrize(
    ("export", "seen"),
    [
        ("datum;kanaal;;\n" + rows(20, days(20), ["Telefoon"], [""], [""]), "Telefoon: phone"),
        ("datum;kanaal\n" + '"13/01/2018;Telefoon"\n' * 9, "rows in quotes as a whole"),
        ('"datum;kanaal"\n' + '"13/01/2018;Telefoon"\n' * 9, "Telefoon: phone"),
    ],
)
def test_what_a_reading_repairs_is_opened(proposed: Proposing, export: str, seen: str) -> None:
    """Columns without a name and a value at the end, and rows in quotes as a whole."""
    assert seen in proposed(export)


def test_a_likeness_to_another_language_proposes_no_code(proposed: Proposing) -> None:
    """It is a hint in the question; the same word in two languages is a code."""
    cells = ["Físico", "Sexual", "Simbólica", "Otra"]
    text = proposed("fecha;edad;tipo\n" + rows(60, days(60), ["12"], cells), coded={"tipo": "form"})
    assert "Sexual: sexual\n" in text
    assert "Simbólica: !todo \"\"  # symbolic ('symbolisch geweld')? It is like a word of" in text


def test_several_labels_in_a_cell_are_told_apart(proposed: Proposing) -> None:
    """By what stands between them, where most labels also stand elsewhere."""
    cells = ["Fysiek", "Seksueel", "Fysiek, Seksueel", "Seksueel, Financieel", "Financieel"]
    text = proposed("datum;vorm\n" + rows(60, days(60), cells))
    assert 'separator: ","  # several labels in a cell' in text
    assert "Fysiek: !todo physical  # 'fysiek geweld'?" in text


NO_NAME = "\n  → export the file with a name for every column, each once"


@pytest.mark.parametrize(
    ("text", "message"),
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
            "[B07] calls.csv:1: a header and no rows\n"
            "  → export the file again; don't open and save it in a spreadsheet",
        ),
        ("", "[B07] calls.csv: the file is empty\n  → export the file again as CSV in UTF-8"),
        (
            'a;b\n"1;2\n',
            "[B30] calls.csv:2: a quote that doesn't open and close a field; expected quotes "
            'around a whole field, and two ("") for one inside it\n'
            "  → export the file again; don't open and save it in a spreadsheet",
        ),
    ],
)
def test_a_file_that_cant_be_looked_at_is_told(
    proposed: Proposing, text: str, message: str
) -> None:
    """With the codes of any export, and no value."""
    with pytest.raises(ExportError) as error:
        proposed(text)
    heading = "1 problem(s) in the exports; nothing was written.\n"
    assert str(error.value) == heading + message


@pytest.mark.parametrize(
    "text",
    [
        "# ----------------------------------------\n# x\n\nJaar,Gebruikers\n2017,1\n",
        '\ufeff{"kind": "x", "metricHeaders": [{"name": "users"}]}\n',
    ],
)
def test_a_report_of_web_analytics_is_sent_on(proposed: Proposing, text: str) -> None:
    """It is no file of rows."""
    with pytest.raises(UserError) as error:
        proposed(text)
    assert str(error.value) == (
        "calls.csv: a report of a web analytics service, and no file of rows\n"
        "  → the layout 'web-analytics' reads it, under any name: docs/web-analytics.md"
    )


@pytest.mark.parametrize(
    ("coded", "message"),
    [
        ({"vja": "channel"}, "--coded: no column 'vja', did you mean 'via'?"),
        (
            {"via": "chanel"},
            "--coded: no field 'chanel', did you mean 'channel'?\n  → the fields are: anonymity, "
            "caller_age_class, caller_gender, caller_role, channel, context, followup, form, "
            "gender, handling, helpline, problem",
        ),
    ],
)
def test_what_isnt_there_cant_be_coded(
    proposed: Proposing, coded: dict[str, str], message: str
) -> None:
    """With the nearest name."""
    with pytest.raises(UserError) as error:
        proposed("datum;via\n13/01/2018;x\n", coded=coded)
    assert str(error.value) == message


def test_two_files_have_two_names(project: Project, tmp_path: Path) -> None:
    """A layout tells files by their names."""
    with pytest.raises(UserError, match=r"two files are named 'a\.csv'"):
        layout_text(
            propose_files(project, [tmp_path / "a.csv", tmp_path / "b" / "a.csv"], {}), None
        )


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "linea144",
            "params/layouts/linea144.yaml: there is a layout 'linea144' already\n"
            "  → give another name: --name NAME",
        ),
        ("A b", "'A b' can't name a layout: small letters, digits, '-' and '_'"),
    ],
)
def test_a_layout_that_is_there_stays(project: Project, name: str, message: str) -> None:
    """And a name is one that a file may have."""
    with pytest.raises(ParametersError) as error:
        refuse_name(project, name)
    assert str(error.value) == message


def test_the_same_file_gives_the_same_text(proposed: Proposing) -> None:
    """To the letter, and its questions are counted."""
    export = "datum;kanaal\n" + rows(60, days(60), ["Tel", "Mail", "Chat"])
    assert proposed(export) == proposed(export)
    assert count_undecided(proposed(export)) == 4


SECRET = st.text("abcxyz0189 -", min_size=0, max_size=12).map(lambda text: f"zq{text}".strip())


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), columns=st.integers(1, 4), number=st.integers(3, 40))
def test_whatever_stands_in_unknown_columns_stays_there(
    data: st.DataObject, columns: int, number: int
) -> None:
    """However often it stands, in whatever form: names of columns alone are shown."""
    few = st.lists(SECRET, min_size=1, max_size=5)
    texts = [data.draw(few | st.lists(SECRET, min_size=number)) for _ in range(columns)]
    names = ["datum", "kanaal", "soort", "wat", "iets"][: columns + 1]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "calls.csv"
        path.write_text(";".join(names) + "\n" + rows(number, days(number), *texts), "utf-8")
        assert "zq" not in layout_text(propose_files(Project(ROOT, {}), [path], {}), "calls")
