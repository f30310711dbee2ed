"""Start the command line; Ctrl-C ends it without a traceback while it still loads."""

import signal

if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from helpline_report.cli import main

if __name__ == "__main__":
    main()
