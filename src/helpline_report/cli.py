"""The command line: it runs a command, and ends with the exit code of its kind of outcome."""

import gc
import signal
import sys
from io import TextIOWrapper
from types import FrameType
from typing import NoReturn

from helpline_report.command_projects import label_path
from helpline_report.commands import app, say
from helpline_report.errors import EXIT_FAULT, HelplineError, place_of

STOP_REASONS = {signal.SIGINT: "interrupted", signal.SIGTERM: "terminated"}
if hasattr(signal, "SIGHUP"):  # Windows has no such signal
    STOP_REASONS[signal.SIGHUP] = "the terminal was closed"
# A command that a signal ended exits with this and the number of the signal.
EXIT_STOPPED = 128
# The signal that ends this program.
_stopped_by: list[int] = []


def _stop(number: int, _: FrameType | None) -> NoReturn:
    """End in good order at a signal; further signals are ignored meanwhile."""
    for stop_signal in STOP_REASONS:
        signal.signal(stop_signal, signal.SIG_IGN)
    _stopped_by.append(number)
    raise SystemExit(EXIT_STOPPED + number)


def _end_stopped() -> NoReturn:
    """End as a shell expects of a program that a signal ended."""
    number = _stopped_by[0]
    say(f"helpline-report: {STOP_REASONS[signal.Signals(number)]}; the last edition stands")
    sys.exit(EXIT_STOPPED + number)


def _fail(what: str, next_step: str) -> NoReturn:
    say(f"helpline-report: {what}\n  → {next_step}")
    sys.exit(EXIT_FAULT)


def _end_failed(error: BaseException) -> NoReturn:
    """Say what stops the program, and end with the code of its kind."""
    match error:
        case HelplineError():
            say(f"helpline-report: {error}")
            sys.exit(error.exit_code)
        case MemoryError():
            next_step = "end other programs and run again; the last edition stands"
            _fail("the machine has too little memory", next_step)
        case OSError():
            where = f"{label_path(str(error.filename))}: " if error.filename else ""
            next_step = (
                "see that there is room, and that you may read and write there, and run again"
            )
            _fail(f"{where}{error.strerror or type(error).__name__}", next_step)
        case Exception():
            next_step = "please report this line, and what you ran; the last edition stands"
            _fail(f"a fault of the program: {type(error).__name__}, {place_of(error)}", next_step)
    raise error


def main() -> None:
    """Run a command, and end with the exit code of its kind of outcome."""
    for stop_signal in STOP_REASONS:
        if signal.getsignal(stop_signal) is not signal.SIG_IGN:
            signal.signal(stop_signal, _stop)
    if isinstance(sys.stdout, TextIOWrapper):  # a terminal may know fewer letters than a trace
        sys.stdout.reconfigure(errors="backslashreplace")
    # A run uses nearly all objects to its end: collecting garbage less often saves a tenth of it.
    gc.set_threshold(100_000, 20, 20)
    try:
        app()
    except BaseException as error:  # noqa: BLE001 - its text may hold a value of a row
        # A library may make an error of its own of a signal, as DuckDB does in a query.
        if _stopped_by:
            _end_stopped()
        _end_failed(error)
