"""How much a population holds, and what is 'not registered' instead of 0."""

from __future__ import annotations

import datetime as dt

from helpline_report.figures.measures import clustered, exists, size, sized
from helpline_report.figures.model import Reason
from helpline_report.figures.register import Register
from tests.figures.conftest import CONTACTS
from tests.figures.drawn import register, saying, whole


def test_a_code_that_had_rows_in_no_year_is_zero(year: Register) -> None:
    """Elder abuse could be registered, and wasn't."""
    assert size(whole(year, "persons").where(problem="elder_abuse")) == (0, None)


def test_a_code_that_didnt_exist_is_not_zero(year: Register, before: Register) -> None:
    """There was no fax in 2017, and no context 'sport' in 2016."""
    assert size(whole(year).where(channel="fax")) == _not_registered("channel")
    assert size(whole(before, "persons").where(context="sport")) == _not_registered("context")


def test_at_any_depth(before: Register) -> None:
    """Contacts with a person in sport: in 2016 nobody could say so."""
    sport = whole(before, "persons").where(context="sport")
    assert size(whole(before).having(sport)) == _not_registered("context")


def test_one_code_that_existed_is_enough(before: Register) -> None:
    """Sport, leisure, or both as one code: of 2016 there are two."""
    codes = ["sport", "leisure", "sport_leisure"]
    assert size(whole(before, "persons").where(context=codes)) == (2, None)


def test_a_code_exists_in_a_window_that_touches_its_days(year: Register) -> None:
    """Chat began on 1 July."""
    spring = whole(year).during(dt.date(2017, 1, 1), dt.date(2017, 6, 30))
    summer = whole(year).during(dt.date(2017, 6, 30), dt.date(2017, 7, 1))
    assert size(spring.where(channel="chat")) == _not_registered("channel")
    assert size(summer.where(channel="chat")) == (0, None)


def test_a_code_that_the_source_cant_say_is_not_zero(year: Register) -> None:
    """A system that knows telephone and e-mail has no number of chats."""
    deaf = saying(year, "contacts", "channel", "phone", "email")
    assert size(whole(deaf).where(channel="chat")) == _not_registered("channel")
    assert not exists(whole(deaf), "channel", "chat")
    assert size(whole(deaf).where(channel="email")) == (1, None)


def test_a_class_of_ages_that_the_other_year_hasnt_is_not_zero(before: Register) -> None:
    """Classes were cut otherwise in 2017."""
    seniors = [{"code": "seniors", "from": 60, "label": {"nl": "x", "en": "x"}}]
    year = register(
        contacts=CONTACTS, persons="contact | age\na | 70", previous=before, person_ages=seniors
    )
    then = whole(year, "persons").where(age_class="seniors").previous()
    assert size(then) == _not_registered("age_class")


def test_persons_come_with_the_rows_of_each_contact(year: Register) -> None:
    """Contacts don't."""
    persons = sized(whole(year, "persons"))
    assert persons.clusters is not None
    assert (persons.number, persons.clusters.contacts.tolist()) == (5, [0, 0, 1, 3, 4])
    assert sized(whole(year)).clusters is None


def test_persons_without_contacts_are_not_clustered() -> None:
    """A source may know persons alone."""
    alone = register(persons="problem\nchild_abuse")
    assert not clustered(whole(alone, "persons"))
    assert sized(whole(alone, "persons")).number == 1


def _not_registered(field: str) -> tuple[int, Reason]:
    return 0, Reason(code="not_registered", about=field)
