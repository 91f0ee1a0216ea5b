"""Ctrl-C, a closed terminal, an order to stop: what is under way is undone, and nothing is left half made.

The first signal raises KeyboardInterrupt in the main thread; further ones may not cut the undoing
short. What must not stop in its middle runs `to_the_end()`, and the signal waits for it.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from threading import current_thread, main_thread
from typing import TypeVar

Result = TypeVar("Result")

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class _Interruption:
    """Whether an interruption was asked for, and how many `to_the_end` blocks run; only the main thread changes them."""

    asked = False
    postponed = 0


def watch(stop: Callable[[], None]) -> None:
    """From now on signals interrupt; `stop`, which may not wait, tells the other threads."""

    def interrupt(*_: object) -> None:
        first, _Interruption.asked = not _Interruption.asked, True
        if first:
            stop()
        with suppress(OSError):  # the terminal was closed, or whoever read us got the same Ctrl-C
            os.write(2, "\nUn instant : e5b range ce qui était commencé.\n".encode())
        if first and not _Interruption.postponed:
            raise KeyboardInterrupt

    _Interruption.asked = False
    _each(interrupt)


def over() -> None:
    """Ignore further signals, once all is undone: they would only spoil the exit code."""
    _each(signal.SIG_IGN)


def raise_lost() -> None:
    """Raise again an interruption that was lost: Python drops what a signal raises while a forgotten stream is closed."""
    asked = _Interruption.asked and not _Interruption.postponed and current_thread() is main_thread()
    if asked and sys.exc_info()[0] is None:  # with one, its undoing is under way
        raise KeyboardInterrupt


@contextmanager
def to_the_end() -> Iterator[None]:
    """Run this block of the main thread to its end: an interruption meanwhile is raised after it."""
    _Interruption.postponed += 1
    try:
        yield
    finally:
        _Interruption.postponed -= 1
    if _Interruption.asked:
        raise KeyboardInterrupt


def awaited(future: "Future[Result]") -> "Future[Result]":
    """The future, once it has ended. A signal may reach another thread: the main thread wakes up to raise it."""
    while not future.done():
        wait([future], timeout=0.2)
        raise_lost()
    return future


def together(acts: Sequence[Callable[[], None]]) -> None:
    """Run all at once; the first error is raised when all have ended."""
    if not acts:
        return
    pool = ThreadPoolExecutor(max_workers=min(len(acts), 12))
    try:
        for future in [pool.submit(act) for act in acts]:
            awaited(future).result()
    finally:
        # What has not begun never does: an interruption must not go on working behind a person's back.
        pool.shutdown(wait=True, cancel_futures=True)


def _each(act: "Callable[..., None] | signal.Handlers") -> None:
    for number in SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
            signal.signal(number, act)
