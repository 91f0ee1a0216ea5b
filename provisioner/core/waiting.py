"""Waiting until something holds, for so long and no longer."""

import time
from collections.abc import Callable


def wait_until(missing: Callable[[], str], seconds: float, *, pause: float = 0.1) -> str:
    """Ask `missing` again and again until it says that nothing is, or that time has passed.

    `missing` says what still keeps the caller waiting (an error, a state, "aucune réponse"), "" once nothing does; it
    may raise where waiting on is of no use. Gives its last answer: "" where what was waited for holds. It is asked
    at least once, and once more after the last pause; `pause` is in seconds.
    """
    end = time.monotonic() + seconds
    while (last := missing()) and time.monotonic() <= end:
        time.sleep(pause)
    return last
