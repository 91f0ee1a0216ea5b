"""The first signal stops the work, no further one its undoing, and some work goes to its end."""

import io
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext

import pytest
from rich.console import Console

from provisioner.cli.screen import ScreenProgress
from provisioner.core import interruption


@pytest.fixture
def stopped() -> Iterator[list[str]]:
    """What was told to stop; the test's own signals come back afterwards."""
    before = {one: signal.getsignal(one) for one in interruption.SIGNALS}
    told: list[str] = []
    interruption.watch(lambda: told.append("stop"))
    yield told
    interruption.watch(lambda: None)
    for one, handler in before.items():
        signal.signal(one, handler)


@pytest.mark.parametrize("first", interruption.SIGNALS)
def test_the_first_signal_interrupts_and_the_next_are_only_told(
    stopped: list[str], first: signal.Signals, capfd: pytest.CaptureFixture[str]
) -> None:
    for raised in (pytest.raises(KeyboardInterrupt), nullcontext()):
        with raised:
            signal.raise_signal(first)
        assert "Un instant : e5b range ce qui était commencé." in capfd.readouterr().err
    assert stopped == ["stop"]


def test_a_signal_interrupts_where_nobody_reads_what_is_told(stopped: list[str]) -> None:
    kept, (reads, writes) = os.dup(2), os.pipe()
    os.close(reads)
    os.dup2(writes, 2)
    try:
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGHUP)
        signal.raise_signal(signal.SIGHUP)
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(writes)
    assert stopped == ["stop"]


def test_what_goes_to_its_end_is_interrupted_after_it_and_that_is_told(
    stopped: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    done: list[str] = []

    def work() -> None:
        with interruption.to_the_end():
            signal.raise_signal(signal.SIGINT)
            done.append("whole")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert (done, stopped) == (["whole"], ["stop"])
    assert "Un instant" in capfd.readouterr().err


def test_another_thread_ends_at_its_next_step_and_the_main_one_goes_on(stopped: list[str]) -> None:
    progress = ScreenProgress(Console(quiet=True))
    progress.step("avant")
    progress.stop()
    progress.step("le rangement")
    ended: list[type[BaseException]] = []

    def work() -> None:
        try:
            progress.step("après")
        except KeyboardInterrupt as error:
            ended.append(type(error))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert ended == [KeyboardInterrupt]


class Forgotten(io.RawIOBase):
    """A stream that is interrupted while Python closes it for want of a holder, which drops the interruption."""

    def close(self) -> None:
        """Ctrl-C, the first time."""
        if not self.closed:
            super().close()
            signal.raise_signal(signal.SIGINT)


def test_an_interruption_that_python_drops_is_raised_at_the_next_step(stopped: list[str]) -> None:
    progress = ScreenProgress(Console(quiet=True))
    Forgotten()
    assert stopped == ["stop"]
    with pytest.raises(KeyboardInterrupt):
        progress.step("la suite")


def test_what_undoes_tells_its_steps(stopped: list[str]) -> None:
    progress, told = ScreenProgress(Console(quiet=True)), list[str]()

    def work() -> None:
        try:
            signal.raise_signal(signal.SIGINT)
        finally:
            progress.step("le rangement")
            told.append("le rangement")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert told == ["le rangement"]


def test_no_dropped_interruption_waits_for_another_thread(stopped: list[str]) -> None:
    with ThreadPoolExecutor(1) as pool:
        never = threading.Event()
        future = pool.submit(never.wait, 60)
        Forgotten()
        try:
            with pytest.raises(KeyboardInterrupt):
                interruption.awaited(future)
        finally:
            never.set()
