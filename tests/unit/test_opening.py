"""What a command works with, whoever runs it."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.console import Console

from provisioner import opening
from provisioner.screen import ScreenProgress


def test_with_sudo_the_settings_are_those_of_who_asked_for_it_where_root_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    his, roots, usual = tmp_path / "alice", tmp_path / "root", ".config/e5b/e5b.toml"
    monkeypatch.setattr("pwd.getpwnam", lambda name: {"alice": SimpleNamespace(pw_dir=str(his))}[name])
    for name in ("E5B_CONFIG", "E5B_STATE", "E5B_CACHE", "SUDO_USER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(roots))
    assert opening.paths().settings == roots / usual
    monkeypatch.setenv("SUDO_USER", "alice")
    assert opening.paths().settings == his / usual
    assert opening.paths().state == roots / ".local/state/e5b"
    monkeypatch.setenv("SUDO_USER", "gone")
    assert opening.paths().settings == roots / usual
    monkeypatch.setenv("SUDO_USER", "alice")
    (roots / usual).parent.mkdir(parents=True)
    (roots / usual).touch()
    assert opening.paths().settings == roots / usual


def test_all_stations_of_a_room_without_any_are_none_and_it_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("provisioner.lifecycle.stations", lambda _: [])
    monkeypatch.setattr(opening, "progress", ScreenProgress(Console(stderr=True)))
    assert opening.chosen(None, None, True) == []
    assert "La salle n'a aucun poste : « e5b up » en prépare." in capsys.readouterr().err
