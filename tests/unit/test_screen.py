"""What a long command shows while it works."""

import io

import pytest
from rich.console import Console
from rich.table import Table

from provisioner.cli.screen import SafeConsole, ScreenProgress


def shown(terminal: bool) -> tuple[ScreenProgress, io.StringIO]:
    out = io.StringIO()
    return ScreenProgress(Console(file=out, force_terminal=terminal, width=120, highlight=False)), out


def test_a_terminal_shows_a_download_as_a_bar_that_ends_with_it() -> None:
    progress, out = shown(terminal=True)
    progress.transfer("astra.zip", 1_000_000, 4_000_000)
    progress.transfer("astra.zip", 3_000_000, 4_000_000)
    assert progress._bar is not None
    (task,) = progress._bar.tasks
    assert (task.description, task.percentage) == ("astra.zip", 75)
    progress.transfer("astra.zip", 4_000_000, 4_000_000)
    assert progress._bar is None
    assert "4.0 sur 4.0 Mo" in out.getvalue()
    assert "━" in out.getvalue()


def test_a_download_whose_length_is_unknown_has_a_bar_until_the_next_step() -> None:
    progress, out = shown(terminal=True)
    progress.transfer("astra.zip", 1_000_000, None)
    assert progress._bar is not None
    progress.step("la suite")
    assert progress._bar is None
    assert out.getvalue().rstrip().endswith("la suite")


def test_a_download_that_breaks_off_gives_the_terminal_back(capsys: pytest.CaptureFixture[str]) -> None:
    progress, out = shown(terminal=True)
    progress.transfer("astra.zip", 1_000_000, 4_000_000)
    print("{}")  # a JSON document, say
    assert capsys.readouterr().out == "{}\n"
    progress.end_transfer()
    progress.end_transfer()
    assert out.getvalue().count("\x1b[?25l") == out.getvalue().count("\x1b[?25h") == 1  # the cursor


def test_without_a_terminal_a_download_is_told_in_lines_its_end_always() -> None:
    progress, out = shown(terminal=False)
    for done in (1_000_000, 2_000_000, 4_000_000):
        progress.transfer("astra.zip", done, 4_000_000)
    assert out.getvalue().splitlines() == ["astra.zip : 1.0 sur 4.0 Mo", "astra.zip : 4.0 sur 4.0 Mo"]


def test_a_fingerprint_is_shown_letter_by_letter() -> None:
    out = io.StringIO()
    console, table = SafeConsole(file=out, width=80), Table()
    table.add_row("73:AB:01:CD:")
    console.print("73:AB:01:CD:", table)
    assert out.getvalue().count("73:AB:01:CD:") == 2
