"""A short day of the exam with robots: what benchmarks/two_days.py plays for two whole ones."""

from pathlib import Path

import pytest

from benchmarks.two_days import main
from provisioner.core.model import Golden


@pytest.mark.browser
def test_a_day_of_two_stations_and_two_rounds_ends_as_it_must(
    trial: Golden, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("E5B_NOW", "")  # it sets its own
    short = ["--stations", "2", "--rounds", "2", "--days", "1", "--subjects", "wordpress-a", "--editions", trial.stack]
    code = main([*short, "--page", str(tmp_path / "page.html")])
    told = capsys.readouterr().out
    assert code == 0, told
    assert "3 candidates, 2 crashes, " in told
    assert "<li>rien</li>" in (tmp_path / "page.html").read_text(encoding="utf-8")
