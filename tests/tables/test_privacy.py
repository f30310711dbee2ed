"""No message holds a value of a file, whatever is wrong with it."""

from __future__ import annotations

from typing import Any

import pytest

CANARY = "Kanariepiet"
CONTACTS = "nr;day;time;channel\n"
GOOD = "3;31/12/2017;23:59;Telefoon\n1;02/03/2017;09:15;Telefoon\n"
FAULTS = {
    "another encoding": f"{CONTACTS}{GOOD}9;02/03/2017;;{CANARY}".encode() + b"\xe9\n",
    "lost letters": f"{CONTACTS}{GOOD}9;02/03/2017;;{CANARY}Ã©\n",
    "another delimiter": f"{CONTACTS}{GOOD}9;02/03/2017;;{CANARY}\n".replace(";", ","),
    "no header": f"{CANARY};02/03/2017;;Telefoon\n{GOOD}",
    "a column too many": f"nr;day;time;channel;{CANARY}\n1;02/03/2017;;Telefoon;{CANARY}\n",
    "a column twice": f"nr;day;time;channel;{CANARY};{CANARY}\n1;02/03/2017;;Telefoon;x;x\n",
    "a column missing": f"nr;day;{CANARY};channel\n1;02/03/2017;;Telefoon\n",
    "a row too long": f"{CONTACTS}{GOOD}9;02/03/2017;;Telefoon;{CANARY}\n",
    "a row too short": f"{CONTACTS}{GOOD}{CANARY};02/03/2017\n",
    "all rows too long": f"{CONTACTS}1;02/03/2017;;Telefoon;{CANARY}\n",
    "a row cut off": f"{CONTACTS}{GOOD}{CANARY};02/03",
    "an open quote": f'{CONTACTS}{GOOD}9;02/03/2017;;"{CANARY}\n',
    "a name for a date": f"{CONTACTS}{GOOD}9;{CANARY};;Telefoon\n",
    "a name for a time": f"{CONTACTS}{GOOD}9;02/03/2017;{CANARY};Telefoon\n",
    "a name for a label": f"{CONTACTS}{GOOD}9;02/03/2017;;{CANARY}\n",
    "one key, two contents": f"{CONTACTS}{GOOD}{CANARY};02/03/2017;;\n{CANARY};03/03/2017;;\n",
}
FAULTS |= {
    "an error for a label": f"{CONTACTS}{GOOD}9;02/03/2017;;#{CANARY}!\n",
    "an e-mail address for a label": f"{CONTACTS}{GOOD}9;02/03/2017;;{CANARY}@voorbeeld.be\n",
    "a key with personal data": f"{CONTACTS}{GOOD}{CANARY}@voorbeeld.be;02/03/2017;;Telefoon\n",
    "a column of sentences": CONTACTS
    + GOOD
    + "".join(f"{n};02/03/2017;;{CANARY} belde {n} keer over thuis\n" for n in range(100, 140)),
}
OTHERS = {
    "a name for an age": ("persons.csv", f"11;1;Vrouw;{CANARY};School\n13;3;Man;;School\n"),
    "a person without contact": ("persons.csv", f"11;{CANARY};Vrouw;3;School\n13;3;Man;;School\n"),
    "a follow-up without person": ("followups.csv", f"{CANARY};Advies\n"),
}
HEADERS = {"persons.csv": "nr;contact;gender;age;context\n", "followups.csv": "person;followup\n"}


@pytest.mark.parametrize("content", FAULTS.values(), ids=FAULTS)
def test_a_refused_contact_is_not_shown(desk: Any, content: str | bytes) -> None:
    """A name typed in the wrong column reaches no message."""
    raw = content if isinstance(content, bytes) else content.encode()
    (desk.root / "raw" / "contacts.csv").write_bytes(raw)
    assert CANARY.casefold() not in desk.message().casefold()


@pytest.mark.parametrize(("name", "rows"), OTHERS.values(), ids=OTHERS)
def test_a_refused_person_or_followup_is_not_shown(desk: Any, name: str, rows: str) -> None:
    """Neither a value nor a key."""
    (desk.root / "raw" / name).write_text(HEADERS[name] + rows, encoding="utf-8")
    assert CANARY.casefold() not in desk.message().casefold()
