"""The first signal stops the work, no further one its undoing, and some work goes to its end."""

import signal
import threading
from collections.abc import Iterator

import pytest
from rich.console import Console

from provisioner import interruption
from provisioner.screen import ScreenProgress


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
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(first)
    signal.raise_signal(signal.SIGINT)
    assert stopped == ["stop"]
    assert "Un instant : e5b range ce qui était commencé." in capfd.readouterr().err


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
