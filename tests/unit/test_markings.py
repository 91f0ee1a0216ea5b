"""Where a marking is kept: whole, its owner's alone, in the archive that is written next, and gone with a purge."""

import json
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from provisioner.archive import archives
from provisioner.archive.archives import MARKING, Archive, write_archive
from provisioner.core.model import Conformity, Golden
from provisioner.core.records import RosterRecord
from provisioner.engine import layers
from provisioner.exam.marking import Desk
from provisioner.exam.purge import purge
from provisioner.station.centre import Centre
from provisioner.station.lifecycle import up
from provisioner.station.markings import MarkingFile, Outdated
from tests.unit.mortal import room
from tests.unit.samples import CANDIDATE, ENTRY, manifest

GOLDEN = Golden("wordpress-2024", "sha256:" + "a" * 64, datetime(2026, 5, 20, tzinfo=UTC), Conformity(), {})
KEY = "12/wordpress-a/2026-05-21"


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Centre:
    centre = room(tmp_path, monkeypatch)
    entries = {"entries": [{**ENTRY, "key": KEY}]}
    centre.state.keep_roster(centre.room.name, RosterRecord.model_validate(entries))
    return centre


def desk(centre: Centre, who: str = "M. Even") -> Desk:
    (entry,) = centre.state.entries(centre.room.name)
    return Desk(centre, entry, who)


def file_of(centre: Centre) -> MarkingFile:
    return MarkingFile(centre.state, centre.room.name, KEY)


def archived(centre: Centre, monkeypatch: pytest.MonkeyPatch, **candidate: Any) -> dict[str, bytes]:
    """What an archive of a candidate's station has beside its layer and its report."""
    found: dict[str, bytes] = {}

    @contextmanager
    def asleep(*_: object) -> Iterator[str]:
        yield "copy"

    monkeypatch.setattr(archives, "sleeping_container", asleep)
    for name in ("marks_of", "difference"):
        monkeypatch.setattr(layers, name, lambda *_: None)
    monkeypatch.setattr(archives, "of_sitting", lambda *_: {})
    monkeypatch.setattr(archives, "_write", lambda *said: (said[3].write_bytes(b"x"), found.update(said[-1])))
    monkeypatch.setattr(archives, "verify", lambda path: Archive(path, manifest(), "0" * 64))
    (station,) = up(centre, 1, ["wordpress-a"], GOLDEN)
    centre.state.note(station.container, candidate={**CANDIDATE, "key": KEY, **candidate})
    write_archive(centre, centre.engine.container(station.container))
    return found


def test_what_is_written_by_then_is_in_the_archive(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    desk(centre).write("note", {}, "12,5", 0)
    found = json.loads(archived(centre, monkeypatch)[MARKING])
    assert found["grids"]["m. even"]["parts"]["note"]["text"] == "12,5"


@pytest.mark.parametrize("spoilt", ["nobody wrote", "unreadable", "of somebody else"])
def test_what_is_not_his_or_cannot_be_read_keeps_no_work_from_being_archived(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, spoilt: str
) -> None:
    somebody = {"name": "AUTRE", "first_name": "Zoé"} if spoilt == "of somebody else" else {}
    if spoilt != "nobody wrote":
        desk(centre).write("note", {}, "12,5", 0)
    if spoilt == "unreadable":
        file_of(centre).path.write_text("{")
    assert MARKING not in archived(centre, monkeypatch, **somebody)


def test_an_archive_with_a_marking_is_read_back_by_its_manifest(tmp_path: Path) -> None:
    from tests.unit.samples import bundle

    path = bundle(tmp_path / "salle-poste-01-abc-20260521-094000.e5b.zip", members={MARKING: b"{}"})
    assert MARKING in {member.name for member in archives.summary_of(path).manifest.files}
    with zipfile.ZipFile(path) as packed:
        assert MARKING in packed.namelist()


def test_a_marking_is_its_owners_alone_and_goes_with_its_day(
    centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("provisioner.exam.purge._TEMPORARY", tmp_path)
    desk(centre).write("note", {}, "12,5", 0)
    path = file_of(centre).path
    assert path.stat().st_mode & 0o777 == 0o600
    purge(centre.state, centre.engine, date(2026, 5, 21))
    assert path.exists()
    record = purge(centre.state, centre.engine, date(2026, 5, 22))
    assert not path.exists()
    assert record["documents"] == 1
    assert list(centre.state.folder.rglob("*12-wordpress*")) == []


def test_of_two_who_write_on_the_same_version_at_once_one_is_kept_and_one_is_told(centre: Centre) -> None:
    for who in ("M. Even", "Mme Gall"):
        desk(centre, who).finish()
    together, told = threading.Barrier(2), list[str]()

    def write(who: str) -> None:
        together.wait(10)
        try:
            desk(centre, who).write("appreciation", {}, f"par {who}", 0, agreed=True)
            told.append("kept")
        except Outdated as outdated:
            told.append(outdated.stored.text)

    threads = [threading.Thread(target=write, args=(who,)) for who in ("M. Even", "Mme Gall")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    stored = file_of(centre).read().agreed.part("appreciation")
    assert sorted(told) == ["kept", stored.text]
    assert stored.version == 1


def test_an_examiner_is_the_same_however_he_writes_his_name_in_capitals(centre: Centre) -> None:
    desk(centre, "M. Even").write("note", {}, "12", 0)
    assert desk(centre, "M. EVEN").read().of("M. EVEN").part("note").text == "12"
