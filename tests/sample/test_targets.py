"""The patterns of the sample know no other codes than the totals of a year."""

from helpline_report.sample.year_totals import read_labels, read_patterns


def test_patterns_name_known_codes() -> None:
    """A misspelt code in a pattern would be neutral without a word."""
    names = read_labels() | {"number": dict.fromkeys("1234", ""), "size": {"several": ""}}
    names["person_gender"] = names["gender"]
    sides = [f"{side}.{code}" for side in ("victim", "other") for code in names["problem"]]
    names["side_and_problem"] = dict.fromkeys(sides, "")
    for field, lifts in read_patterns().lifts.items():
        for by, codes in lifts.items():
            assert set(codes) <= set(names[by]), (field, by)
            assert set().union(*codes.values()) <= set(names[field]), (field, by)
