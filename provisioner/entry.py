"""Starts the command line. Ctrl-C in the second that its libraries take to load is one sentence, too."""

import io
import os
import signal
import sys
import warnings
from typing import NoReturn


def main() -> NoReturn:
    """Load the program and run it."""
    for ended in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(ended) is not signal.SIG_IGN:  # as under nohup
            signal.signal(ended, _before_anything)
    # Under cron, or after >&-, there is nowhere to write to.
    sys.stdout, sys.stderr = (stream or io.StringIO() for stream in (sys.stdout, sys.stderr))
    # A terminal that isn't UTF-8 lacks « ✓ » and « — »: it shows \u2713, and no error.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    # Python tells in English, under our sentence, of a call that Ctrl-C cut, and of what a library leaves unfinished
    # when the program ends. A developer asks for both with -W.
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
        sys.unraisablehook = lambda _: None
    from provisioner.cli.main import main as run

    run()


def _before_anything(*_: object) -> None:
    os.write(2, "e5b : Interrompu : rien n'a été commencé, relancez la commande quand vous voudrez.\n".encode())
    os._exit(130)
