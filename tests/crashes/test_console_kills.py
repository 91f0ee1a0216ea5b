"""A console that is killed in the middle of acts loses none of them unsaid and does none twice."""

import os

import pytest

from benchmarks.console import main
from provisioner.core.model import Golden

TIMES = int(os.environ.get("E5B_CONSOLE_KILLS", "20"))


def test_what_the_book_says_after_each_kill_is_what_the_clocks_say(
    trial: Golden, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["--stations", "4", "--screens", "0", "--kills", str(TIMES)])
    told = capsys.readouterr().out
    assert code == 0, told
    assert f"{TIMES} kills: " in told
