"""A register of two years, drawn as text."""

from typing import Any

import pytest

from helpline_report.figures.register import Register
from tests.figures.drawn import register

CONTACTS = """
nr | date  | hour | channel | helpline | role
a  | 01-02 | 9    | phone   | north    | victim
b  | 01-03 | 9    | phone   | north    | parent
c  | 01-03 | 14   | email   | south    | victim
d  | 03-06 |      | phone   | north    | victim
e  | 08-05 | 23   | chat    | south    | perpetrator
"""
PERSONS = """
nr | contact | problem          | form              | context | age
1  | a       | child_abuse      | physical+sexual   | family  | 4
2  | a       | child_abuse      | physical          | family  | 9
3  | b       | partner_violence | emotional         | family  | 40
4  | d       | child_abuse      | sexual            | sport   |
5  | e       | partner_violence | physical          | leisure | 70
"""
FOLLOWUPS = """
nr | person | followup
p  | 1      | advice
q  | 1      | referred.police
r  | 3      | referred.care
s  | 4      | advice
"""
CONTACTS_BEFORE = """
nr | date  | hour | channel | helpline | role
a  | 02-29 | 10   | phone   | north    | victim
b  | 03-01 | 10   | fax     | south    | parent
c  | 09-01 | 10   | email   | south    | victim
d  | 12-30 | 10   | phone   | south    | victim
"""
PERSONS_BEFORE = """
nr | contact | problem          | form     | context       | age
1  | a       | child_abuse      | physical | family        | 4
2  | c       | child_abuse      | sexual   | sport_leisure | 15
3  | d       | partner_violence | sexual   | sport_leisure | 30
"""


@pytest.fixture
def before() -> Register:
    """Four contacts and three persons of 2016."""
    return register(2016, contacts=CONTACTS_BEFORE, persons=PERSONS_BEFORE)


@pytest.fixture
def year(before: Register) -> Register:
    """Five contacts, five persons and four follow-ups of 2017, compared with 2016."""
    tables: dict[str, Any] = {"contacts": CONTACTS, "persons": PERSONS, "followups": FOLLOWUPS}
    return register(**tables, previous=before, comparison="2016")
