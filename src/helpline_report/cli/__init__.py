"""The command line: what it takes, what it prints, and with which code it ends."""

from __future__ import annotations

import gc
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import NoReturn

# The order of the modules is that of the help.
from helpline_report.cli import making, editing, approving, beginning  # isort: skip
from helpline_report.cli.given import app, say
from helpline_report.errors import EXIT_FAULT, HelplineError, place_of

__all__ = ["app", "approving", "beginning", "editing", "main", "making"]

# A terminal that is closed hangs up; Windows has no such signal.
STOPS = [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
SAID = ("interrupted", "terminated", "the terminal was closed")
STOPPED = {128 + number: said for number, said in zip(STOPS, SAID, strict=False)}


def _stop(number: int, _: FrameType | None) -> NoReturn:
    """End in good order at a signal, and let no second one disturb that."""
    for each in STOPS:
        signal.signal(each, signal.SIG_IGN)
    raise SystemExit(128 + number)


def main() -> None:
    """Run a command, and end with the exit code of its kind of outcome."""
    for number in STOPS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)
    # A run is short, and keeps nearly all that it makes: looking less often for what is left over
    # spares a tenth of its work.
    gc.set_threshold(100_000, 20, 20)
    try:
        app()
    except HelplineError as error:
        say(f"helpline-report: {error}")
        sys.exit(error.exit_code)
    except SystemExit as error:
        if error.code in STOPPED:
            say(f"helpline-report: {STOPPED[error.code]}; the last edition stands")
        raise
    except MemoryError:
        say("helpline-report: the machine has too little memory")
        say("  → end other programs and run again; the last edition stands")
        sys.exit(EXIT_FAULT)
    except OSError as error:
        what = error.strerror or type(error).__name__
        where = f"{Path(str(error.filename)).name}: " if error.filename else ""
        say(f"helpline-report: {where}{what}")
        say("  → see that there is room, and that you may write there, and run again")
        sys.exit(EXIT_FAULT)
    except Exception as error:  # noqa: BLE001 - its text may hold a value of a row
        say(f"helpline-report: a fault of the program: {type(error).__name__}, {place_of(error)}")
        say("  → please report this line, and what you ran; the last edition stands")
        sys.exit(EXIT_FAULT)
