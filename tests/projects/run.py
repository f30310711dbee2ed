"""Draw projects, build them, and say what became of each: `python -m tests.projects.run`."""

import argparse
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.compiled_templates import compile_templates_once
from tests.projects.project import draw_project
from tests.projects.running import run_project


def main() -> None:
    """Run some seeds and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--from", type=int, default=0, dest="first")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--unread", action="store_true", help="don't read finished files back")
    options = parser.parse_args()
    verdicts = Counter[str]()
    asked = differing = 0
    for seed in range(options.first, options.first + options.seeds):
        start = time.process_time()
        drawn = draw_project(seed)
        with TemporaryDirectory() as temporary:
            folder = (options.keep or Path(temporary)) / str(seed)
            outcome = run_project(drawn, folder, read_back=not options.unread)
        seconds = time.process_time() - start
        verdicts[outcome.verdict] += 1
        asked += bool(outcome.asked) and outcome.verdict == "passed"
        differing += len(outcome.differences)
        year = drawn.years[drawn.name]
        print(  # noqa: T201 - it is a command
            f"{seed:6d} {outcome.verdict:12s} {seconds:5.1f} s, {len(year.contacts)} contacts, "
            f"{drawn.systems[drawn.name].arrangement}, threshold {drawn.threshold}, "
            f"{'+'.join(drawn.languages)}; asked: {', '.join(outcome.asked) or '-'}"
        )
        if outcome.verdict in ("false alarm", "missed"):
            print(f"foretold: {drawn.foretold}\n{outcome.message[:2000]}")  # noqa: T201
        for line in outcome.differences[:10]:
            print(f"       {line}")  # noqa: T201
        sys.stdout.flush()
    print(  # noqa: T201
        f"\nseeds {options.seeds}, passed {verdicts['passed']} (asked and acknowledged {asked}), "
        f"refused as foretold {verdicts['refused']}, hidden by the gate {verdicts['gate']}, "
        f"false alarms {verdicts['false alarm']}, faults that passed {verdicts['missed']}, "
        f"figures that differ from the truth {differing}"
    )


if __name__ == "__main__":
    with compile_templates_once():
        main()
