"""What a technician is told of archives: each station for itself, and an archive with the image that it stands on."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from provisioner import archiving, commands_archive, opening
from provisioner.archives import Archive
from provisioner.engine import ContainerState
from provisioner.errors import ArchiveSpoilt, EvidenceLost, ProvisionerError
from provisioner.goldens import golden_beside
from provisioner.lifecycle import Centre, reset, up
from provisioner.model import Conformity, Golden
from tests.unit.mortal import room

GOLDEN = Golden("wordpress-2024", "sha256:" + "a" * 64, datetime(2026, 5, 20, tzinfo=UTC), Conformity(), {})


def manifest(station: str) -> dict[str, Any]:
    return {
        "room": "salle", "station": station, "subject": "wordpress-a", "stack": "wordpress-2024", "conforming": True, "differs": [],
        "taken_at": "2026-05-21T09:40:00+02:00", "golden": GOLDEN.image, "address": "", "candidate": None, "report": None,
    }  # fmt: skip


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Centre:
    """Two stations, the first with a predecessor who was set aside and whom nobody can archive."""
    monkeypatch.setenv("E5B_STATE", str(tmp_path / "state"))
    centre = room(tmp_path, monkeypatch)
    first, _ = up(centre, 2, ["wordpress-a"], GOLDEN)
    began = [{"at": "2026-05-21T09:00:00+00:00", "what": "start", "minutes": 40}]
    centre.state.note(first.container, clock=began, sitting="seance")
    reset(centre, "poste-01", GOLDEN)
    monkeypatch.setattr(opening, "centre", lambda room="", **_: centre)

    def sealed(centre: Centre, container: ContainerState) -> Archive:
        if container.id == first.container:
            raise EvidenceLost("L'ancien poste-01 ne peut pas être archivé.")
        path = centre.state.archives / "salle-poste-02.e5b.zip"
        path.write_text("x")
        return Archive(path, manifest(container.labels["e5b.station"]), "0" * 64)

    monkeypatch.setattr(archiving, "_sealed", sealed)
    return centre


def test_a_predecessor_who_can_not_be_archived_keeps_no_station_back(
    centre: Centre, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(EvidenceLost, match="ancien poste-01") as told:
        commands_archive.archive(["poste-02"], as_json=True)
    assert told.value.done is not None
    assert [one["station"] for one in told.value.done["archives"]] == ["poste-02"]


@pytest.mark.parametrize("whole", [True, False])
def test_archives_are_read_with_the_image_that_they_stand_on(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], whole: bool
) -> None:
    path = centre.state.archives / "salle-poste-01-20260521-094000.e5b.zip"
    path.write_text("x")
    golden = golden_beside(centre.state.archives, GOLDEN.image)
    golden.parent.mkdir()
    # An empty frame, or half of one.
    golden.write_bytes(bytes.fromhex("28b52ffd2000010000") if whole else bytes.fromhex("28b52ffd2000"))
    monkeypatch.setattr("provisioner.archives.verify", lambda path: Archive(path, manifest("poste-01"), "0" * 64))
    if whole:
        assert commands_archive.archives(None, as_json=True) == 0
        assert json.loads(capsys.readouterr().out)["archives"][0]["verified"]
        return
    with pytest.raises(ProvisionerError) as told:
        commands_archive.archives(None, as_json=True)
    assert isinstance(told.value, ArchiveSpoilt)
    assert golden.name in str(told.value)


@pytest.mark.parametrize("kept_here", [True, False])
def test_an_archive_without_its_image_beside_it_is_not_called_whole(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, kept_here: bool
) -> None:
    stick = tmp_path / "cle"
    stick.mkdir()
    path = stick / "salle-poste-01-abc123-20260521-094000.e5b.zip"
    path.write_text("x")
    if kept_here:
        golden = golden_beside(centre.state.archives, GOLDEN.image)
        golden.parent.mkdir()
        golden.write_bytes(b"")
    monkeypatch.setattr("provisioner.archives.verify", lambda path: Archive(path, manifest("poste-01"), "0" * 64))
    if kept_here:
        assert commands_archive.archives([path]) == 0
        assert "copiez aussi le dossier « images »" in capsys.readouterr().out
        return
    with pytest.raises(EvidenceLost, match="rien ne la rouvre") as told:
        commands_archive.archives([path])
    assert told.value.done is not None
    assert told.value.done["archives"][0]["golden_beside"] is False


def test_of_a_candidate_who_was_examined_no_earlier_archive_waits(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    golden = golden_beside(centre.state.archives, GOLDEN.image)
    golden.parent.mkdir()
    golden.write_bytes(bytes.fromhex("28b52ffd2000010000"))
    reports = {"salle-poste-01-a-20260521-094000.e5b.zip": None, "salle-poste-01-a-20260521-094500.e5b.zip": "report/"}
    for name in reports:
        (centre.state.archives / name).write_text("x")
    whose = {"key": "1/wordpress-a/2026-05-21", "number": "1"}
    monkeypatch.setattr(
        "provisioner.archives.verify",
        lambda path: Archive(
            path, {**manifest("poste-01"), "candidate": whose, "report": reports[path.name]}, "0" * 64
        ),
    )
    assert commands_archive.archives(None) == 0
    assert "pas encore examinée" not in capsys.readouterr().out
    reports |= dict.fromkeys(reports)
    assert commands_archive.archives(None) == 0
    assert "pas encore examinée" in capsys.readouterr().out
