"""List the commands in `--help` by who uses them."""

from typing import Any

from typer.core import TyperGroup

# What each of the three users begins with; `--help` shows it first.
FIRST = {
    "For a researcher": ("new-year", "check", "build"),
    "For communications staff": ("desk", "publish", "package"),
    "For an auditor": ("trace", "verify", "diff"),
}


class GroupedCommands(TyperGroup):
    """Lists the commands by who uses them, and all others below these."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write a section for each user."""
        known = self.list_commands(ctx)
        first = [name for names in FIRST.values() for name in names]
        more = {"More": [name for name in known if name not in first]}
        for title, names in {**FIRST, **more}.items():
            with formatter.section(title):
                formatter.write_dl(
                    [(name, self.commands[name].get_short_help_str(62)) for name in names]
                )
