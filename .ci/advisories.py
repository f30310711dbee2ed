"""Look for known vulnerabilities in locks, by pip-audit, and say what it found once.

A package stands in several locks, and a registry may give no pages of vulnerabilities at all: that
is one line, and no line for each package. Whatever was found, or couldn't be looked up, fails.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

OPTIONS = ("--disable-pip", "--require-hashes", "--progress-spinner", "off", "--format", "json")
MOST_LISTED = 10


@dataclass
class Advisories:
    """What is known of the packages of some locks, each by its name and version."""

    looked_up: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    vulnerable: dict[str, list[str]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def add(self, lock: str, packages: Sequence[dict[str, Any]]) -> None:
        """Add what pip-audit says of the packages of a lock."""
        for each in packages:
            version = each.get("version", "")
            name = f"{each['name']} {version}".strip()
            (self.unknown if "skip_reason" in each else self.looked_up).add(name)
            for found in each.get("vulns", []):
                mended = ", ".join(found.get("fix_versions", [])) or "no version yet"
                line = f"{name}: {found['id']}, mended in {mended}"
                self.vulnerable.setdefault(line, []).append(lock)

    def list_lines(self) -> list[str]:
        """What is wrong, a line each; none if every package was looked up and is sound."""
        lines = [f"{line} ({', '.join(locks)})" for line, locks in sorted(self.vulnerable.items())]
        names = sorted(self.unknown)
        if names and not self.looked_up:
            lines.append(
                f"none of {len(names)} packages could be looked up: the registry gives no pages of "
                "known vulnerabilities; ask one that does"
            )
        elif names:
            more = f" and {len(names) - MOST_LISTED} more" if len(names) > MOST_LISTED else ""
            listed = ", ".join(names[:MOST_LISTED])
            lines.append(f"{len(names)} package(s) couldn't be looked up: {listed}{more}")
        return [*lines, *self.failed]


def ask(program: str, locks: Sequence[str]) -> Advisories:
    """What pip-audit, the `program`, says of each lock."""
    advisories = Advisories()
    for lock in locks:
        command = [program, *OPTIONS, "--requirement", lock]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        try:
            packages = json.loads(done.stdout)["dependencies"]
        except (ValueError, KeyError):
            last = (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]
            advisories.failed.append(f"{lock}: it couldn't be looked up ({last})")
        else:
            advisories.add(lock, packages)
    return advisories


if __name__ == "__main__":
    lines = ask(sys.argv[1], sys.argv[2:]).list_lines()
    for line in lines:
        sys.stderr.write(f"{line}\n")
    sys.exit(1 if lines else 0)
