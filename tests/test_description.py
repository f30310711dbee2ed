"""What the files of an edition say, as data."""

from helpline_report.description import Description, Node

TITLE = Node("by_month.chart", "title", "Juni was de drukste maand", "by_month.06")
MARK = Node("by_month.chart", "mark", "juni", "by_month.06", form="bar main 521")


def test_a_node_is_a_line() -> None:
    """What it lacks at its end is left out, and a line stays one."""
    assert str(Node("contacts", "text", "Juni\nwas")) == "contacts | text | Juni was"
    assert str(MARK) == "by_month.chart | mark | juni | by_month.06 |  | bar main 521"


def test_what_two_files_say_stands_in_the_transcript_once() -> None:
    described = Description("nl", {"index.html": (TITLE, MARK), "report.pdf": (TITLE,)})
    assert described.write_transcript() == f"# index.html\n{TITLE}\n{MARK}\n# report.pdf\n"
