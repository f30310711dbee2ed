"""Persons of whom several columns say one code, drawn as text, with how many have each code.

The truth is counted by eye, in the column at the right: no count of the program made it.
"""

from dataclasses import dataclass

LAYOUT = """\
layout: small
about: one row a contact and its person
files:
  both:
    name: both.csv
    delimiter: ";"
    dates: dd/mm/yyyy
    tables:
      contacts: {key: row, columns: {day: {field: date, kind: date}}}
      persons: {key: row, parent: row, {persons}}
"""
FLAGS = 'flags: {form: {"yes": [Ja, J], "no": [Nee, Onbekend, ""], columns: {{flags}}}}'
ACTS = ("aanranding", "verkrachting", "grooming", "beelden")


@dataclass(frozen=True)
class Drawing:
    """What a layout says of persons, their rows, and how many persons have each code.

    The last column of `rows` is for the reader: the codes that the row has.
    """

    persons: str
    rows: str
    truth: dict[str, int]

    @property
    def layout(self) -> str:
        """The layout of the drawing."""
        return LAYOUT.replace("{persons}", self.persons)

    @property
    def export(self) -> str:
        """The rows with a day each, without what the reader sees beside them."""
        lines = [line.rpartition("||")[0] for line in self.rows.strip().splitlines()]
        days = ["day", *(f"{day}/03/2017" for day in range(13, 12 + len(lines)))]
        return "\n".join(f"{day} | {line}" for day, line in zip(days, lines, strict=True))

    @property
    def codes_by_eye(self) -> list[list[str]]:
        """The codes that each row has, as the drawing says."""
        return [line.rpartition("||")[2].split() for line in self.rows.strip().splitlines()[1:]]


def flags(**columns: str) -> str:
    """What a layout says of columns of yes and no."""
    listed = ", ".join(f"{title}: {code}" for title, code in columns.items())
    return FLAGS.replace("{flags}", listed)


TWENTY = [f"daad{number}" for number in range(1, 21)]
CASES = {
    "several flags of one code": Drawing(
        flags(**dict.fromkeys(ACTS, "sexual"), slaan="physical"),
        """
        aanranding | verkrachting | grooming | beelden | slaan    || has
        Ja         | Nee          | Nee      | Nee     | Nee      || sexual
        Ja         | Ja           | Ja       | Ja      | Ja       || physical sexual
        Nee        | Nee          | Nee      | Nee     | Ja       || physical
        Nee        | Onbekend     | Ja       |         | Onbekend || sexual
                   | JA           |          | Nee     |          || sexual
        Nee        | Nee          | Nee      | Nee     | Nee      ||
        Onbekend   | Onbekend     | Onbekend | Nee     | Nee      ||
        """,
        {"sexual": 4, "physical": 2},
    ),
    "twenty flags": Drawing(
        flags(**dict.fromkeys(TWENTY, "sexual")),
        "\n".join(
            [
                f"{' | '.join(TWENTY)} || has",
                f"{' | '.join(['Ja'] * 20)} || sexual",
                f"{' | '.join(['Ja', *['Nee'] * 19])} || sexual",
                f"{' | '.join([*['Nee'] * 19, 'Ja'])} || sexual",
                f"{' | '.join(['Nee'] * 20)} ||",
            ]
        ),
        {"sexual": 3},
    ),
    "a flag beside a column of codes": Drawing(
        "several: [form], columns: {vorm: {field: form, blank: unknown, "
        "codes: {Fysiek: physical, Seksueel: sexual}}}, "
        + flags(aanranding="sexual", grooming="sexual"),
        """
        vorm     | aanranding | grooming || has
        Fysiek   | Nee        | Nee      || physical
        Seksueel | Ja         | Ja       || sexual
        Seksueel | Nee        | Nee      || sexual
        Fysiek   | Ja         | Nee      || physical sexual
                 | Nee        | Ja       || sexual unknown
                 | Nee        | Nee      || unknown
        """,
        {"sexual": 4, "physical": 2, "unknown": 2},
    ),
    "two columns of codes": Drawing(
        "several: [form], columns: {"
        "vorm 1: {field: form, codes: {Fysiek: physical, Slaan: physical}}, "
        "vorm 2: {field: form, codes: {Fysiek: physical, Seksueel: sexual}}}",
        """
        vorm 1 | vorm 2   || has
        Fysiek | Fysiek   || physical
        Slaan  | Fysiek   || physical
        Slaan  | Seksueel || physical sexual
        Slaan  |          || physical
               | SEKSUEEL || sexual
               |          ||
        """,
        {"physical": 4, "sexual": 2},
    ),
    "several labels a cell, and a flag": Drawing(
        "several: [form], columns: {vorm: {field: form, separator: ',', "
        "codes: {Slaan: physical, Schoppen: physical, "
        "Seksueel: sexual, Beide: [physical, sexual]}}}, " + flags(grooming="sexual"),
        """
        vorm               | grooming || has
        Slaan,Schoppen     | Nee      || physical
        Slaan,slaan, Slaan | Nee      || physical
        Seksueel,Beide     | Ja       || physical sexual
                           | Ja       || sexual
        Schoppen           | Ja       || physical sexual
                           | Nee      ||
        """,
        {"physical": 4, "sexual": 3},
    ),
    "labels that share a code": Drawing(
        "columns: {vorm: {field: form, codes: {Slaan: physical, Schoppen: physical, "
        "Alles: [physical, sexual], Lichamelijk: [physical]}}}",
        """
        vorm        || has
        Slaan       || physical
        Schoppen    || physical
        Alles       || physical sexual
        Lichamelijk || physical
        """,
        {"physical": 4, "sexual": 1},
    ),
}
