"""Names stay on the machine: archives for the centre's key alone, and what is old is removed with a record."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyrage
import pytest

from provisioner import encryption
from provisioner.config import Paths
from provisioner.errors import ArchiveSpoilt, EvidenceLost, Refusal
from provisioner.purge import purge
from provisioner.state import State

BODY = bytes(range(256)) * 4000


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml"), UTC)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "salle-poste-01-20260521-094000.e5b.zip"
    path.write_bytes(BODY)
    return path


def key(folder: Path, name: str) -> tuple[Path, str]:
    made = pyrage.x25519.Identity.generate()
    path = folder / name
    path.write_text(f"# clé du centre\n{made}\n")
    return path, str(made.to_public())


def test_only_the_centres_key_reads_an_encrypted_archive(archive: Path, tmp_path: Path) -> None:
    mine, public = key(tmp_path, "centre.key")
    other, _ = key(tmp_path, "autre.key")
    encrypted = archive.with_name(archive.name + encryption.SUFFIX)
    encryption.encrypt(archive, encrypted, public)
    assert BODY[:64] not in encrypted.read_bytes()
    with encryption.readable(encrypted, mine, tmp_path) as plain:
        assert plain.read_bytes() == BODY
    assert not plain.exists()
    with pytest.raises(ArchiveSpoilt, match="n'est pas la sienne"), encryption.readable(encrypted, other, tmp_path):
        pass
    with pytest.raises(Refusal, match="--identity"), encryption.readable(encrypted, None, tmp_path):
        pass


def test_an_encrypted_archive_that_was_changed_is_told(archive: Path, tmp_path: Path) -> None:
    mine, public = key(tmp_path, "centre.key")
    encrypted = archive.with_name(archive.name + encryption.SUFFIX)
    encryption.encrypt(archive, encrypted, public)
    data = bytearray(encrypted.read_bytes())
    data[len(data) // 2] ^= 1
    encrypted.write_bytes(data)
    with pytest.raises(ArchiveSpoilt, match="abîmée"), encryption.readable(encrypted, mine, tmp_path):
        pass


def test_an_encryption_that_is_not_read_back_the_same_is_refused(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(incoming: object, outgoing: object, identities: object) -> None:
        outgoing.write(BODY[:-1])  # type: ignore[attr-defined]

    monkeypatch.setattr(pyrage, "decrypt_io", half)
    with pytest.raises(EvidenceLost, match="pas été relu"):
        encryption.encrypt(archive, tmp_path / "chiffrée", key(tmp_path, "centre.key")[1])


def test_a_file_without_a_key_gets_a_sentence(tmp_path: Path) -> None:
    encrypted = tmp_path / "archive.e5b.zip.age"
    encrypted.write_bytes(b"x")
    empty = tmp_path / "vide.key"
    empty.write_text("rien\n")
    with pytest.raises(Refusal, match="aucune clé"), encryption.readable(encrypted, empty, tmp_path):
        pass


def test_a_purge_removes_what_is_older_keeps_the_rest_and_says_what_went(state: State) -> None:
    old, new = "salle-poste-01-20260521-094000.e5b.zip", "salle-poste-01-20260603-094000.e5b.zip"
    for name in (old, f"{old}.sha256", new, f"{new}.sha256", "salle-poste-02-20260520-094000.e5b.zip.age"):
        (state.archives / name).write_text("x")
    for moment in ("20260521-100000", "20260603-100000"):
        (state.folder / "reports/salle/poste-01" / moment).mkdir(parents=True)
    for room, day in (("salle", "2026-05-21"), ("autre", "2026-06-03")):
        state.keep_roster(room, {"entries": [{"at": f"{day}T09:00:00+02:00", "key": "1", "name": "LE GOFF"}]})
        (state.folder / "documents" / room).mkdir(parents=True)
        (state.folder / "documents" / room / "fiche.pdf").write_text("LE GOFF")
    record = purge(state, date(2026, 6, 1))
    assert sorted(path.name for path in state.archives.glob("*.e5b*")) == [new, f"{new}.sha256"]
    assert [path.name for path in (state.folder / "reports/salle/poste-01").iterdir()] == ["20260603-100000"]
    assert state.roster("salle") is None
    assert state.roster("autre") is not None
    assert not (state.folder / "documents/salle").exists()
    assert (state.folder / "documents/autre/fiche.pdf").exists()
    assert [one["file"] for one in record["archives"]] == [old, "salle-poste-02-20260520-094000.e5b.zip.age"]
    (line,) = (state.folder / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["what"] == "purge"
    assert "LE GOFF" not in line


def test_a_purge_of_days_to_come_is_refused(state: State) -> None:
    (state.archives / "salle-poste-01-20260521-094000.e5b.zip").write_text("x")
    with pytest.raises(Refusal, match="pas encore passé"):
        purge(state, (datetime.now(UTC) + timedelta(days=2)).date())
    assert list(state.archives.iterdir())
