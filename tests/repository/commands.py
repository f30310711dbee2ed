"""The reference of the command line, docs/commands.md: what `--help` says, in one page.

`python -m tests.repository.commands` writes it again.
"""

from typer.main import get_group
from typer.testing import CliRunner

from helpline_report.commands import app
from tests.repository.tree import ROOT

PAGE = ROOT / "docs" / "commands.md"
INTRODUCTION = """\
# Commands

`make` alone says what can be made of the repository. Behind it is one program, which works on the
folder it is run in (the one that holds `params/`):

    .venv/bin/helpline-report COMMAND

It writes nothing to standard output but what a command is for (`schema`); progress and errors go
to standard error. How it ends:

| exit code | |
|---|---|
| 0 | done; also: nothing to do |
| 1 | a fault of the program or the machine: full disk, killed kernel, unreadable folder |
| 2 | what was given: command, parameters, exports, notebooks, texts |
| 3 | a check refuses release, or found something |
| 130, 143, 129 | interrupted, terminated, its terminal closed; the last edition stands |
"""


def names() -> list[str]:
    """The commands, in the order of the help."""
    return list(get_group(app).commands)


def help_of(*command: str) -> str:
    """What `--help` prints, at a fixed width."""
    wide = {"COLUMNS": "80", "TERM": "dumb"}
    run = CliRunner().invoke(app, [*command, "--help"], prog_name="helpline-report", env=wide)
    return "\n".join(line.rstrip() for line in run.stdout.strip().splitlines())


def reference() -> str:
    """The page, made again."""
    parts = [f"## helpline-report {name}\n\n```text\n{help_of(name)}\n```\n" for name in names()]
    return "\n".join([INTRODUCTION, *parts])


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
