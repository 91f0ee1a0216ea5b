"""Starts the command line. Ctrl-C in the second that its libraries take to load is one sentence, too."""

import os
import signal
from typing import NoReturn


def main() -> NoReturn:
    """Load the program and run it."""
    for ended in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(ended) is not signal.SIG_IGN:  # as under nohup
            signal.signal(ended, _before_anything)
    from provisioner.cli import main as run

    run()


def _before_anything(*_: object) -> None:
    os.write(2, "e5b : Interrompu : rien n'a été commencé, relancez la commande quand vous voudrez.\n".encode())
    os._exit(130)
