"""What was set aside goes once its archive was read back, and no station waits for another's."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from provisioner import archiving
from provisioner.archiving import put_away, put_each_away, set_aside
from provisioner.engine import ContainerState
from provisioner.errors import EvidenceLost, Refusal
from provisioner.lifecycle import Centre, down, recover, reset, station_named, stations, up
from provisioner.model import Conformity, Golden
from provisioner.spares import prepare, renew
from tests.unit.mortal import Mortal, room

GOLDEN = Golden("wordpress-2024", "sha256:" + "a" * 64, datetime(2026, 5, 20, tzinfo=UTC), Conformity(), {})


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Centre:
    """Three stations, each with a candidate who started."""
    centre = room(tmp_path, monkeypatch)
    for station in up(centre, 3, ["wordpress-a"], GOLDEN):
        began = "2026-05-21T09:00:00+00:00"
        centre.state.note(station.container, clock=[{"at": began, "what": "start", "minutes": 40}], sitting="seance")
    return centre


def all_reset(centre: Centre) -> list[str]:
    old = [one.container for one in stations(centre)]
    for station in stations(centre):
        reset(centre, station.name, GOLDEN)
    return old


def test_one_that_can_not_be_archived_stays_and_keeps_no_other_back(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *others = all_reset(centre)
    sealed = archiving._sealed

    def spoilt(centre: Centre, container: ContainerState) -> object:
        if container.id == first:
            raise EvidenceLost("le disque est plein")
        return sealed(centre, container)

    with monkeypatch.context() as broken:
        broken.setattr(archiving, "_sealed", spoilt)
        made, errors = put_each_away(centre)
        assert (len(made), [str(one) for one in errors]) == (2, ["le disque est plein"])
        with pytest.raises(EvidenceLost, match="plein"):
            put_away(centre)
    assert [one.id for one in set_aside(centre)] == [first]
    assert not set(others) & {one.id for one in centre.engine.containers(kind="station")}
    assert len(put_away(centre)) == 1


def test_two_commands_at_once_put_each_away_once(centre: Centre) -> None:
    all_reset(centre)
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(lambda _: put_each_away(centre), range(2))
    assert len(one[0]) + len(other[0]) == 3
    assert one[1] + other[1] == []
    assert set_aside(centre) == []


@pytest.mark.parametrize("left", [None, ""])
def test_one_whose_record_is_lost_counts_as_to_archive_in_an_exam(centre: Centre, left: str | None) -> None:
    assert isinstance(centre.engine, Mortal)
    centre.engine.rests = True
    centre.state.keep_roster("salle", {"entries": []})
    station = station_named(centre, "poste-01")
    record = centre.state.folder / "stations" / f"{station.container[:24]}.json"
    record.unlink() if left is None else record.write_text(left)
    with pytest.raises(Refusal, match="poste-01"):
        down(centre)
    reset(centre, "poste-01", GOLDEN)
    assert [one.id for one in set_aside(centre)] == [station.container]
    assert len(put_away(centre)) == 1


@pytest.mark.parametrize("left", [None, ""])
def test_one_that_was_set_aside_and_whose_record_is_lost_does_not_come_back(centre: Centre, left: str | None) -> None:
    assert isinstance(centre.engine, Mortal)
    centre.engine.rests = True
    centre.state.keep_roster("salle", {"entries": []})
    old = station_named(centre, "poste-01")
    new, _ = reset(centre, "poste-01", GOLDEN)
    record = centre.state.folder / "stations" / f"{old.container[:24]}.json"
    record.unlink() if left is None else record.write_text(left)
    recover(centre, "poste-01")
    assert station_named(centre, "poste-01").container == new.container
    assert [one.id for one in set_aside(centre)] == [old.container]
    assert len(put_away(centre)) == 1


def test_a_newer_container_that_has_a_candidates_clock_is_never_thrown_away(centre: Centre) -> None:
    engine = centre.engine
    assert isinstance(engine, Mortal)
    old = station_named(centre, "poste-01")
    new, _ = reset(centre, "poste-01", GOLDEN)
    centre.state.note(new.container, clock=[{"at": centre.state.now(), "what": "start", "minutes": 40}])
    centre.state.note(old.container, aside=None)  # as a program of before would have left it
    engine.connect("e5b-salle-poste-01", old.container, str(centre.gateway.network(1).address))
    recover(centre, "poste-01")
    assert [one.id for one in set_aside(centre)] == [new.container]


@pytest.mark.parametrize("left", [None, ""])
def test_a_spare_that_was_given_is_never_cleared_away_whatever_became_of_its_record(
    centre: Centre, left: str | None
) -> None:
    assert isinstance(centre.engine, Mortal)
    centre.engine.rests = True
    prepare(centre, GOLDEN)
    given, _ = renew(centre, "poste-01", GOLDEN)
    record = centre.state.folder / "stations" / f"{given.container[:24]}.json"
    record.unlink() if left is None else record.write_text(left)
    prepare(centre, GOLDEN)
    assert given.container in {one.id for one in centre.engine.containers(kind="spare")}


@pytest.mark.parametrize("domain", ["", "examen.test"])
def test_a_spare_learns_at_the_hand_over_where_it_will_stand_and_then_the_rooms_names(
    centre: Centre, domain: str
) -> None:
    engine = centre.engine
    assert isinstance(engine, Mortal)
    centre = replace(centre, room=replace(centre.room, domain=domain))
    prepare(centre, GOLDEN)
    given, _ = renew(centre, "poste-01", GOLDEN)
    assert engine.container(given.container).labels["e5b.kind"] == "spare"
    at = engine.container(given.container).networks["e5b-salle-poste-01"]
    told = [command[1:] for command in engine.commands if command[0] == given.container]
    assert ("/opt/e5b/hand-over", at) in told
    assert told.count(("/opt/e5b/know-names", at)) == bool(domain)
