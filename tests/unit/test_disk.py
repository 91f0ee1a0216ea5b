"""Files that are whole or not there."""

import os
import stat
from pathlib import Path

import pytest

from provisioner.host.disk import write_whole


def test_a_file_is_replaced_with_its_mode_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "fiche.json"
    write_whole(path, "avant", mode=0o600)
    write_whole(path, "été".encode(), mode=0o600)
    assert path.read_text(encoding="utf-8") == "été"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_write_that_fails_leaves_the_file_of_before_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "fiche.json"
    write_whole(path, "avant")

    def refuse(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(os if step == "fsync" else Path, step, refuse)
    with pytest.raises(OSError):  # noqa: PT011
        write_whole(path, "après")
    assert path.read_text() == "avant"
    assert list(tmp_path.iterdir()) == [path]


def test_an_interruption_leaves_no_draft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "fiche.json", "après")
    assert list(tmp_path.iterdir()) == []
