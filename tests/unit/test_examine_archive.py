"""Where an archive may be examined, and whose forms take what was found."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from provisioner.archive.archives import Archive
from provisioner.core.errors import Refusal
from provisioner.core.model import Conformity, Golden
from provisioner.core.records import RosterRecord
from provisioner.examination import examine_archive as examine_archive_module
from provisioner.examination.examine_archive import examine_archive
from provisioner.host.signing import new_key
from provisioner.station.centre import Centre
from provisioner.station.lifecycle import up
from provisioner.station.room_keys import room_key
from tests.unit import samples
from tests.unit.exam_room import list_in
from tests.unit.mortal import room
from tests.unit.samples import CANDIDATE, ENTRY

GOLDEN = Golden("wordpress-2024", "sha256:" + "a" * 64, datetime(2026, 5, 20, tzinfo=UTC), Conformity(), {})
WHO = CANDIDATE


class Steps:
    """Keeps what was told."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def step(self, text: str) -> None:
        self.said.append(text)


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Centre:
    return replace(room(tmp_path, monkeypatch), progress=Steps())  # type: ignore[arg-type]


@pytest.fixture
def path(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The archive of a candidate of the first place, of whom every line was met."""
    manifest = samples.manifest(
        room=centre.room.name,
        address=centre.room.address_of(1),
        golden=GOLDEN.image,
        candidate=WHO,
        taken_at="2026-05-21T09:40:00+00:00",
    )
    path = centre.state.archives / "x.e5b.zip"
    monkeypatch.setattr(
        examine_archive_module, "read_archive_to_run", lambda state, path, *_: Archive(path, manifest, "0" * 64)
    )
    monkeypatch.setattr(examine_archive_module, "tries_of", lambda _: {})
    found(monkeypatch, "met")
    return path


def found(monkeypatch: pytest.MonkeyPatch, verdict: str) -> None:
    document = {"questions": [{"checks": [{"findings": [{"verdict": verdict}]}]}], "report": "/r/later/report.html"}
    monkeypatch.setattr(examine_archive_module, "examine_frozen", lambda *_: document)


def examined(centre: Centre) -> Any:
    (entry,) = list_in(centre.state, centre.room.name)["entries"]
    return entry.get("examined")


def test_the_forms_take_what_was_found_in_a_candidates_last_archive_and_in_no_other(
    centre: Centre, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    up(centre, 1, ["wordpress-a"], GOLDEN)
    centre.state.keep_roster(
        centre.room.name, RosterRecord.model_validate({"entries": [{**ENTRY, "archived": "another.zip"}]})
    )
    examine_archive(centre, path)
    assert examined(centre) is None
    assert "ne prend pas ce rapport" in centre.progress.said[-1]  # type: ignore[attr-defined]
    centre.state.keep_roster(
        centre.room.name, RosterRecord.model_validate({"entries": [{**ENTRY, "archived": path.name}]})
    )
    found(monkeypatch, "blocked")
    examine_archive(centre, path)
    assert examined(centre) is None
    found(monkeypatch, "met")
    examine_archive(centre, path)
    assert examined(centre) == {"archive": path.name, "report": "/r/later"}


def test_who_examines_an_archive_learns_that_nobody_of_this_machine_signed_it(
    centre: Centre, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    up(centre, 1, ["wordpress-a"], GOLDEN)
    unsigned = vars(examine_archive_module)["read_archive_to_run"](centre.state, path)
    for signer, signature, said in (
        (None, "unsigned", "x.e5b.zip : archive non signée"),
        (new_key().public, "unknown", "x.e5b.zip : archive signée par une clé que cette machine ne connaît pas"),
        (room_key(centre.state, centre.room.name).public, "known", ""),
    ):
        centre.progress.said.clear()  # type: ignore[attr-defined]
        archive = replace(unsigned, signer=signer)
        monkeypatch.setattr(examine_archive_module, "read_archive_to_run", lambda *_, archive=archive: archive)
        assert examine_archive(centre, path)["signature"] == signature
        steps = "\n".join(centre.progress.said)  # type: ignore[attr-defined]
        assert (said in steps) if said else ("sign" not in steps)


def test_an_archive_is_examined_at_its_own_address_and_in_no_rehearsal(
    centre: Centre, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Refusal, match="aucune salle n'est ouverte"):
        examine_archive(centre, path)
    up(centre, 1, ["wordpress-a"], GOLDEN)
    elsewhere = replace(centre, room=replace(centre.room, first_port=centre.room.first_port + 1))
    with pytest.raises(Refusal, match="d'autres adresses"):
        examine_archive(elsewhere, path)
    examine_archive(centre, path)
    monkeypatch.setenv("E5B_NOW", "a rehearsal")
    with pytest.raises(Refusal, match="répétition"):
        examine_archive(centre, path)


def test_while_an_archive_is_examined_the_station_is_free_for_its_next_candidate(
    centre: Centre, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    up(centre, 1, ["wordpress-a"], GOLDEN)
    held: list[str] = []
    real = vars(examine_archive_module)["examine_frozen"]

    def examine_frozen(*args: Any, **values: Any) -> Any:
        with centre.state.holding(centre.room.name, "poste-01", "start"):
            held.append("poste-01")
        return real(*args, **values)

    monkeypatch.setattr(examine_archive_module, "examine_frozen", examine_frozen)
    examine_archive(centre, path)
    assert held == ["poste-01"]
