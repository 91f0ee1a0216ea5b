"""What becomes of stations: nothing that a candidate did is lost, and nothing foreign is touched."""

import json
import os
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from provisioner.core.errors import (
    Busy,
    EngineError,
    ProvisionerError,
    Refusal,
    StationNotPristine,
    StationNotReady,
    UnknownName,
)
from provisioner.core.interruption import together
from provisioner.core.model import Conformity, Credentials, Golden, Station, WantedStation
from provisioner.core.progress import Quiet
from provisioner.core.records import Candidate
from provisioner.engine.protocol import ContainerSpec, Engine
from provisioner.host.paths import Paths
from provisioner.host.settings import Settings
from provisioner.network.gateway import Gateway, Room
from provisioner.station import creation, lifecycle, recovery, sittings
from provisioner.station.access import settle_access_windows
from provisioner.station.centre import Centre, station_named, stations
from provisioner.station.lifecycle import down, ensure_stations, forget_killed, reset, up, up_each
from provisioner.station.recovery import recover, recovered
from provisioner.station.state import State
from tests.unit.fake_engine import FakeEngine
from tests.unit.samples import CANDIDATE

BUILT = datetime(2026, 6, 1, 8, tzinfo=UTC)
GOLDEN = Golden("wordpress-2024", "sha256:" + "a" * 64, BUILT, Conformity(("thème : 1 au lieu de 2",)), {"php": "8.2"})


class Answers:
    """Stands in for await_answer: the containers in `deaf` never answer."""

    def __init__(self) -> None:
        self.all_deaf = False
        self.asked: list[str] = []

    def wait(self, engine: Engine, room: Room, place: int, container: str, **_: object) -> None:
        self.asked.append(container)
        if self.all_deaf:
            raise StationNotReady("ne répond pas")


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    answers = Answers()
    for module in (creation, lifecycle):
        monkeypatch.setattr(module, "await_answer", answers.wait)
    monkeypatch.setattr(lifecycle, "gateway_image", lambda *_: "e5b/gateway")
    monkeypatch.setattr(Gateway, "_await", lambda self, container: None)
    return answers


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def centre(engine: FakeEngine, tmp_path: Path, answers: Answers) -> Centre:
    state = State(Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml"))
    return Centre(engine, Settings(), state, Room("salle", "localhost", "127.0.0.1", 8101, 3))


def one_up(centre: Centre) -> Station:
    (station,) = up(centre, 1, ["wordpress-a"], GOLDEN)
    return station


def containers_of(engine: FakeEngine, station: str) -> list[str]:
    return [box.id for box in engine.containers(kind="station", station=station)]


def interrupted_reset(centre: Centre, engine: FakeEngine, *, started: bool) -> tuple[str, str]:
    """The old and the new container of a reset that was killed before its end."""
    old = one_up(centre).container
    box = engine.boxes[old]
    (network,) = box.networks
    engine.disconnect(network, old)
    new = engine.create(ContainerSpec("new", GOLDEN.image, box.labels, join=centre.gateway.join(1)))
    centre.state.keep(new, Credentials("candidat", "motdepasse"), {"station": "poste-01"})
    if started:
        engine.start(new)
    return old, new


def test_up_gives_each_subject_its_stations_at_consecutive_places(centre: Centre) -> None:
    made = up(centre, 1, ["wordpress-a", "wordpress-b"], GOLDEN)
    assert [(one.name, one.subject, one.address, one.state) for one in made] == [
        ("poste-01", "wordpress-a", "http://localhost:8101", "prêt"),
        ("poste-02", "wordpress-b", "http://localhost:8102", "prêt"),
    ]
    assert made[0].conformity.differs == ("thème : 1 au lieu de 2",)
    assert made[0].versions == {"php": "8.2"}
    assert made[0].built_at == BUILT


def test_up_leaves_the_stations_that_are_there_and_starts_those_that_stopped(
    centre: Centre, engine: FakeEngine
) -> None:
    first = one_up(centre)
    engine.stop(first.container)
    both = up(centre, 2, ["wordpress-a"], GOLDEN)
    assert [one.name for one in both] == ["poste-01", "poste-02"]
    assert both[0].container == first.container
    assert both[0].state == "prêt"


def test_a_station_that_does_not_answer_keeps_no_other_from_the_room(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = one_up(centre)

    def answers(engine: object, room: object, place: int, *_: object, **__: object) -> None:
        if place == first.place:
            raise StationNotReady("poste-01 ne répond pas")

    for module in (creation, lifecycle):
        monkeypatch.setattr(module, "await_answer", answers)
    ailing: list[ProvisionerError] = []
    both = up_each(centre, 2, {"wordpress-a": GOLDEN}, ailing)
    assert [one.name for one in both] == ["poste-01", "poste-02"]
    assert [str(one) for one in ailing] == ["poste-01 ne répond pas"]
    with pytest.raises(StationNotReady):
        up(centre, 3, ["wordpress-a"], GOLDEN)
    assert len(stations(centre)) == 3


@pytest.mark.parametrize(
    ("engines", "shown"), [("exited", "arrêté"), ("restarting", "redémarre"), ("paused", "en pause")]
)
def test_a_station_that_does_not_run_is_told_in_french(
    centre: Centre, engine: FakeEngine, engines: str, shown: str
) -> None:
    container = one_up(centre).container
    engine.boxes[container] = replace(engine.boxes[container], state=engines)
    assert stations(centre)[0].state == shown


def test_stations_of_two_editions_come_up_whole_or_not_at_all(centre: Centre, engine: FakeEngine) -> None:
    other = replace(GOLDEN, stack="prestashop-2024", image="sha256:" + "b" * 64)
    with pytest.raises(Refusal, match="3 places, et il en faudrait 4"):
        up_each(centre, 2, {"wordpress-a": GOLDEN, "prestashop-a": other})
    assert not engine.boxes
    made = up_each(centre, 1, {"wordpress-a": GOLDEN, "prestashop-a": other})
    assert [(one.name, one.stack, one.golden) for one in made] == [
        ("poste-01", "wordpress-2024", GOLDEN.image),
        ("poste-02", "prestashop-2024", other.image),
    ]


def test_up_fills_the_place_that_a_lost_station_left(centre: Centre, engine: FakeEngine) -> None:
    first, _ = up(centre, 2, ["wordpress-a"], GOLDEN)
    engine.remove(first.container)
    assert [one.name for one in up(centre, 2, ["wordpress-a"], GOLDEN)] == ["poste-01", "poste-02"]


def test_up_beyond_the_room_is_refused_and_makes_nothing(centre: Centre, engine: FakeEngine) -> None:
    with pytest.raises(Refusal, match="3 places, et il en faudrait 4"):
        up(centre, 4, ["wordpress-a"], GOLDEN)
    assert engine.boxes == {}
    assert engine.nets == {}


def test_an_up_that_fails_leaves_only_what_was_there(centre: Centre, engine: FakeEngine, answers: Answers) -> None:
    first = one_up(centre)
    answers.all_deaf = True
    with pytest.raises(StationNotReady):
        up(centre, 3, ["wordpress-a"], GOLDEN)
    assert [one.container for one in stations(centre)] == [first.container]
    assert sorted(engine.networks(role="station")) == ["e5b-salle-poste-01"]
    assert len(list((centre.state.folder / "stations").iterdir())) == 1


@dataclass
class SecondTerminal(Quiet):
    """What another program does in the moment in which this one says that a station answers."""

    act: Callable[[], object] = lambda: None
    did: threading.Event = field(default_factory=threading.Event)
    told: list[str] = field(default_factory=list)

    def step(self, text: str) -> None:
        self.told.append(text)
        if text.startswith("poste-01 répond"):
            self.act()
            self.did.set()


@pytest.mark.parametrize("cut", [StationNotReady, KeyboardInterrupt])
@pytest.mark.parametrize("what", ["started", "archived", "lost", "held"])
def test_an_up_that_is_cut_short_leaves_a_station_that_is_somebodys_by_then(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, what: str, cut: type[BaseException]
) -> None:
    began = [{"at": "2026-05-21T09:00:00+00:00", "what": "start", "minutes": 40}]
    archived = {"taken_at": "2026-05-21T09:45:00+00:00"}
    held = ExitStack()

    def act() -> None:
        mine = station_named(centre, "poste-01").container
        if what == "held":
            held.enter_context(centre.state.holding("salle", "poste-01", "start"))
        elif what == "lost":
            centre.state.forget(mine)
        else:
            centre.state.note(mine, clock=began, **({"archived": archived} if what == "archived" else {}))

    second = SecondTerminal(act)

    def wait(engine: Engine, room: Room, place: int, *_: object, **__: object) -> None:
        if place == 2:
            assert second.did.wait(10)
            raise cut

    for module in (creation, lifecycle):
        monkeypatch.setattr(module, "await_answer", wait)
    with held, pytest.raises(cut):
        up(replace(centre, progress=second), 2, ["wordpress-a"], GOLDEN)
    (left,) = stations(centre)
    assert (left.name, left.state) == ("poste-01", "prêt")
    assert sorted(centre.engine.networks(role="station")) == ["e5b-salle-poste-01"]
    door = centre.gateway.find()
    assert door is not None
    assert "e5b-salle-poste-01" in door.networks
    assert [line for line in second.told if line.startswith("poste-01 sert déjà")]


def test_an_up_that_fails_takes_back_a_station_beside_one_that_waits_to_be_archived(
    centre: Centre, engine: FakeEngine, answers: Answers
) -> None:
    old = one_up(centre).container
    centre.state.note(old, clock=[{"at": "2026-05-21T09:00:00+00:00", "what": "start", "minutes": 40}])
    sittings.set_aside(centre.state, old, "reset")
    engine.disconnect("e5b-salle-poste-01", old)
    answers.all_deaf = True
    with pytest.raises(StationNotReady):
        one_up(centre)
    assert containers_of(engine, "poste-01") == [old]
    assert engine.networks(role="station") == {}


def test_a_candidate_has_a_password_that_the_engine_is_never_told_on_a_command_line(
    centre: Centre, engine: FakeEngine
) -> None:
    first, second = up(centre, 2, ["wordpress-a"], GOLDEN)
    mine, other = centre.state.credentials(first.container), centre.state.credentials(second.container)
    assert mine is not None
    assert other is not None
    assert len(mine.password) == 10
    assert not set(mine.password) & set("0O1lI")
    assert mine.password != other.password
    assert json.loads(engine.told[first.container])["candidate"]["password"] == mine.password
    assert mine.password not in repr(engine.specs[first.container])


def test_a_reset_station_is_new_at_the_same_address_with_a_new_password(centre: Centre, engine: FakeEngine) -> None:
    old = one_up(centre)
    before, where = centre.state.credentials(old.container), engine.boxes[old.container].networks
    network, at = next(iter(where.items()))
    new, seconds = reset(centre, "poste-01", GOLDEN)
    assert new.container != old.container
    assert (new.address, new.subject) == (old.address, old.subject)
    beside = engine.boxes[new.container].networks[network]
    assert beside != at
    place = engine.files["/etc/e5b/places/01.conf"]
    assert place == f"set $station {beside};\nset $sitting {new.container[:12]};\n".encode()  # somebody else's
    again, _ = reset(centre, "poste-01", GOLDEN)
    assert engine.boxes[again.container].networks == where
    assert containers_of(engine, "poste-01") == [again.container]
    assert centre.state.credentials(old.container) is None
    assert centre.state.credentials(again.container) not in (before, None)
    assert seconds >= 0


def test_a_reset_keeps_the_proof_that_the_station_is_pristine(centre: Centre) -> None:
    new, _ = reset(centre, one_up(centre).name, GOLDEN)
    record = centre.state.record(new.container)
    assert record.pristine
    assert record.pristine.golden == GOLDEN.image
    assert record.pristine.by == "construction"


def test_a_reset_that_does_not_answer_brings_the_old_station_back(
    centre: Centre, engine: FakeEngine, answers: Answers
) -> None:
    old = one_up(centre)
    where = engine.boxes[old.container].networks
    kept = centre.state.credentials(old.container)
    answers.all_deaf = True
    with pytest.raises(StationNotReady):
        reset(centre, "poste-01", GOLDEN)
    assert containers_of(engine, "poste-01") == [old.container]
    assert engine.boxes[old.container].networks == where
    assert centre.state.credentials(old.container) == kept


@pytest.mark.parametrize("verb", ["create", "start"])
def test_a_reset_that_the_engine_refuses_brings_the_old_station_back(
    centre: Centre, engine: FakeEngine, verb: str
) -> None:
    old = one_up(centre)
    where = engine.boxes[old.container].networks
    engine.fail = verb
    with pytest.raises(EngineError):
        reset(centre, "poste-01", GOLDEN)
    assert containers_of(engine, "poste-01") == [old.container]
    assert engine.boxes[old.container].networks == where


def test_a_reset_interrupted_by_hand_brings_the_old_station_back(
    centre: Centre, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ctrl_c(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    old = one_up(centre)
    where = engine.boxes[old.container].networks
    for module in (creation, lifecycle):
        monkeypatch.setattr(module, "await_answer", ctrl_c)
    with pytest.raises(KeyboardInterrupt):
        reset(centre, "poste-01", GOLDEN)
    assert containers_of(engine, "poste-01") == [old.container]
    assert engine.boxes[old.container].networks == where


def test_a_container_of_another_image_is_never_put_to_service(
    centre: Centre, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = engine.create
    monkeypatch.setattr(engine, "create", lambda spec: create(replace(spec, image="sha256:other")))
    with pytest.raises(StationNotPristine, match="n'est pas neuf"):
        one_up(centre)
    assert containers_of(engine, "poste-01") == []


def test_a_station_that_another_command_holds_is_not_reset(centre: Centre) -> None:
    old = one_up(centre)
    with centre.state.holding("salle", "poste-01", "check"), pytest.raises(Busy, match="« e5b check »"):
        reset(centre, "poste-01", GOLDEN)
    assert station_named(centre, "poste-01").container == old.container


@pytest.mark.parametrize("started", [True, False])
def test_after_a_killed_reset_the_older_container_comes_back_with_its_address(
    centre: Centre, engine: FakeEngine, started: bool
) -> None:
    old, new = interrupted_reset(centre, engine, started=started)
    where = engine.boxes[new].networks
    recover(centre)
    assert containers_of(engine, "poste-01") == [old]
    assert engine.boxes[old].networks == where
    assert centre.state.credentials(old) is not None


@pytest.mark.parametrize("connected", [True, False])
def test_a_station_comes_back_where_one_that_was_set_aside_has_its_address_still(
    centre: Centre, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch, connected: bool
) -> None:
    old = one_up(centre).container
    (network,) = engine.boxes[old].networks
    address = engine.boxes[old].networks[network]
    new = engine.create(ContainerSpec("new", GOLDEN.image, engine.boxes[old].labels))
    engine.start(new)
    centre.state.keep(new, Credentials("candidat", "motdepasse"), {"station": "poste-01"})
    sittings.set_aside(centre.state, old, "reset")
    if connected:  # both were told the same one, and the engine can't start it
        engine.boxes[new] = replace(engine.boxes[new], networks={network: address}, state="exited")
    begin = engine.start

    def start(container: str, stdin: bytes | None = None) -> None:
        if address in [box.networks.get(network) for box in engine.boxes.values() if box.id != container]:
            raise EngineError("Address already in use")
        begin(container, stdin)

    monkeypatch.setattr(engine, "start", start)
    recover(centre)
    assert (engine.boxes[new].state, engine.boxes[new].networks) == ("running", {network: address})
    assert (engine.boxes[old].state, engine.boxes[old].networks) == ("exited", {})


def test_while_a_reset_is_under_way_status_shows_the_candidates_own_station(centre: Centre, engine: FakeEngine) -> None:
    old, _ = interrupted_reset(centre, engine, started=True)
    assert [one.container for one in stations(centre)] == [old]


def test_a_container_that_was_never_started_holds_nothing_and_goes(centre: Centre, engine: FakeEngine) -> None:
    old = engine.boxes[one_up(centre).container]
    labels = {**old.labels, "e5b.station": "poste-02", "e5b.place": "2"}
    made = engine.create(ContainerSpec("never", GOLDEN.image, labels))
    recover(centre)
    assert made not in engine.boxes
    assert old.id in engine.boxes


def test_a_station_whose_first_start_was_cut_short_goes_and_up_makes_another(
    centre: Centre, engine: FakeEngine
) -> None:
    broken = one_up(centre).container
    engine.nobodys.add(broken)
    recover(centre)
    assert broken not in engine.boxes
    assert one_up(centre).name == "poste-01"


def test_a_station_that_a_candidate_began_at_or_that_cannot_be_asked_is_kept(
    centre: Centre, engine: FakeEngine
) -> None:
    first, second = up(centre, 2, ["wordpress-a"], GOLDEN)
    engine.nobodys.add(first.container)
    centre.state.note(first.container, clock=[{"at": centre.state.now(), "what": "start", "minutes": 40}])
    engine.fail = "get"
    recover(centre, second.name)
    engine.fail = ""
    recover(centre, first.name)
    assert {first.container, second.container} <= set(engine.boxes)


def test_a_station_that_up_is_beginning_is_not_taken_for_one_that_was_cut_short(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    def another_command(*_: object, **__: object) -> None:
        with pytest.raises(Busy, match="« e5b up »"):
            reset(centre, "poste-01", GOLDEN)

    for module in (creation, lifecycle):
        monkeypatch.setattr(module, "await_answer", another_command)
    assert one_up(centre).name == "poste-01"


def test_recovery_of_one_station_leaves_the_others(centre: Centre, engine: FakeEngine) -> None:
    old = engine.boxes[one_up(centre).container]
    labels = {**old.labels, "e5b.station": "poste-02", "e5b.place": "2"}
    made = engine.create(ContainerSpec("never", GOLDEN.image, labels))
    recover(centre, "poste-01")
    assert made in engine.boxes


def test_down_takes_all_of_its_room_and_nothing_else(centre: Centre, engine: FakeEngine) -> None:
    other = replace(centre, room=Room("autre", "localhost", "127.0.0.1", 9001, 1))
    up(other, 1, ["wordpress-a"], GOLDEN)
    foreign = engine.create(ContainerSpec("nextcloud", "nextcloud", {"com.example": "1"}))
    engine.create_network("bridge", "172.17.0.0/16", {})
    up(centre, 2, ["wordpress-a"], GOLDEN)
    engine.commit(stations(centre)[0].container, None, {"e5b.kind": "copy", "e5b.room": "salle"})
    engine.commit(foreign, None, {"e5b.kind": "golden", "e5b.stack": "wordpress-2024"})

    assert down(centre) == ["poste-01", "poste-02"]
    assert engine.containers(room="salle") == []
    assert engine.networks(room="salle") == {}
    assert [image.labels["e5b.kind"] for image in engine.kept_images.values()] == ["golden"]
    assert foreign in engine.boxes
    assert "bridge" in engine.nets
    assert [one.name for one in stations(other)] == ["poste-01"]
    assert len(list((centre.state.folder / "stations").iterdir())) == 1


def test_down_waits_for_nobody_and_removes_nothing_while_a_station_is_held(centre: Centre, engine: FakeEngine) -> None:
    up(centre, 2, ["wordpress-a"], GOLDEN)
    with centre.state.holding("salle", "poste-02", "check"), pytest.raises(Busy, match="poste-02 est occupé"):
        down(centre)
    assert len(stations(centre)) == 2


def test_down_of_an_empty_room_is_nothing_at_all(centre: Centre) -> None:
    assert down(centre) == []


def test_a_station_that_does_not_exist_is_refused_with_those_that_do(centre: Centre) -> None:
    with pytest.raises(UnknownName, match="aucun ; lancez « e5b up »"):
        station_named(centre, "poste-09")
    one_up(centre)
    with pytest.raises(UnknownName, match=r"« poste-09 » n'existe pas. Postes de la salle : poste-01\."):
        reset(centre, "poste-09", GOLDEN)


def test_a_station_whose_candidate_was_let_in_is_not_asked_whether_it_began(centre: Centre, engine: FakeEngine) -> None:
    station = one_up(centre)
    engine.nobodys.add(station.container)
    assert not recovery.has_served(centre, engine.container(station.container))
    centre.state.note(station.container, clock=[{"at": "2026-05-21T09:00:00+00:00", "what": "start", "minutes": 40}])
    assert recovery.has_served(centre, engine.container(station.container))


def test_an_ill_station_is_shown_as_such(centre: Centre, engine: FakeEngine) -> None:
    container = one_up(centre).container
    engine.boxes[container] = replace(engine.boxes[container], health="unhealthy")
    assert station_named(centre, "poste-01").state == "en défaut"


def test_an_image_is_stale_after_two_weeks(centre: Centre) -> None:
    station = one_up(centre)
    assert not station.stale(BUILT + timedelta(days=14))
    assert station.stale(BUILT + timedelta(days=14, seconds=1))


def test_a_gateway_that_was_lost_reaches_the_stations_again_after_up(centre: Centre, engine: FakeEngine) -> None:
    one_up(centre)
    door = centre.gateway.find()
    assert door is not None
    engine.remove(door.id)
    one_up(centre)
    door = centre.gateway.find()
    assert door is not None
    assert "e5b-salle-poste-01" in door.networks


def test_new_stations_stay_where_another_is_ill(
    centre: Centre, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ill = one_up(centre).container

    def wait(engine: Engine, room: Room, place: int, container: str, **_: object) -> None:
        if container == ill:
            raise StationNotReady("ne répond pas")

    for module in (creation, lifecycle):
        monkeypatch.setattr(module, "await_answer", wait)
    with pytest.raises(StationNotReady):
        up(centre, 2, ["wordpress-a"], GOLDEN)
    assert [one.name for one in stations(centre)] == ["poste-01", "poste-02"]


def test_after_a_failure_what_has_not_begun_never_does() -> None:
    begun: list[int] = []
    released = threading.Event()

    def run(number: int) -> None:
        begun.append(number)
        if number == 0:
            raise StationNotReady("ne répond pas")
        released.wait(0.3)

    with pytest.raises(StationNotReady):
        together([partial(run, number) for number in range(200)])
    assert len(begun) < 200


def test_a_gateway_that_is_made_anew_knows_every_clock_before_it_opens(
    centre: Centre, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    station = one_up(centre)
    centre.state.note(station.container, clock=[{"at": "2026-05-21T09:00:00+00:00", "what": "start", "minutes": 40}])
    door = centre.gateway.find()
    assert door is not None
    engine.remove(door.id)
    engine.files.clear()
    told: list[bytes] = []
    opened = Gateway.start

    def opening(gateway: Gateway) -> None:
        told.append(engine.files["/etc/e5b/doors/room.conf"])
        opened(gateway)

    monkeypatch.setattr(Gateway, "start", opening)
    ensure_stations(centre, lambda present: [WantedStation(2, "wordpress-a", GOLDEN, candidate=Candidate(**CANDIDATE))])
    (rules,) = told
    assert b'"~^1:' in rules
    assert b'"~^2:" before;' in rules


@pytest.mark.parametrize("act", [station_named, recovered])
def test_no_station_is_named_by_the_sign_for_all(centre: Centre, act: Callable[[Centre, str], object]) -> None:
    one_up(centre)
    with pytest.raises(UnknownName):
        act(centre, "*")


def test_the_gateway_turns_once_for_what_it_was_told_and_again_to_be_sure(centre: Centre, engine: FakeEngine) -> None:
    station = one_up(centre)
    centre.state.note(station.container, clock=[{"at": "2026-05-21T09:00:00+00:00", "what": "start", "minutes": 40}])
    engine.commands.clear()
    turned = []
    for sure in (False, False, True):
        settle_access_windows(centre, sure=sure)
        turned.append(sum("/opt/e5b/reload" in words[-1] for words in engine.commands))
    assert turned == [1, 1, 2]


def test_doors_follow_even_where_a_station_does_not_answer(
    centre: Centre, engine: FakeEngine, answers: Answers
) -> None:
    station = one_up(centre)
    centre.state.note(station.container, clock=[{"at": "2026-05-21T09:00:00+00:00", "what": "start", "minutes": 40}])
    answers.all_deaf = True
    with pytest.raises(StationNotReady):
        one_up(centre)
    assert b'"~^1:' in engine.files["/etc/e5b/doors/room.conf"]


def test_doors_that_are_settled_at_once_all_follow(
    centre: Centre, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    up(centre, 3, ["wordpress-a"], GOLDEN)
    put = engine.put

    def slowly(container: str, folder: str, files: Mapping[str, bytes | Path]) -> None:
        time.sleep(0.05 if b"1:" in next(iter(files.values())) else 0)  # type: ignore[operator]
        put(container, folder, files)

    monkeypatch.setattr(engine, "put", slowly)

    def begun(station: Station) -> None:
        began = [{"at": "2026-05-21T09:00:00+00:00", "what": "start", "minutes": 40}]
        centre.state.note(station.container, clock=began)
        settle_access_windows(centre)

    together([partial(begun, one) for one in stations(centre)])
    rules = engine.files["/etc/e5b/doors/room.conf"].decode()
    assert [line[3] for line in rules.splitlines()] == ["1", "2", "3"]


def test_a_clock_that_was_set_back_makes_no_new_station_the_older_one(centre: Centre, engine: FakeEngine) -> None:
    old, new = interrupted_reset(centre, engine, started=True)
    centre.state.note(old, clock=[{"at": "2026-05-21T09:00:00+00:00", "what": "start", "minutes": 40}])
    engine.boxes[old], engine.boxes[new] = (
        replace(engine.boxes[one], created=f"2026-05-21T1{hour}:00:00Z") for one, hour in ((old, 1), (new, 0))
    )
    recover(centre)
    assert containers_of(engine, "poste-01") == [old]


@pytest.fixture
def killed(centre: Centre) -> Centre:
    """A room as a proof makes it, whose program is gone."""
    gone = subprocess.Popen(["true"])
    gone.wait()
    return replace(centre, room=Room(f"preuve-{gone.pid}", "localhost", "127.0.0.1", 9001, 2))


def test_who_runs_the_gateways_image_by_hand_keeps_no_proof_from_tidying(centre: Centre, engine: FakeEngine) -> None:
    container = engine.create(ContainerSpec("essai", "sha256:e", {"e5b.kind": "gateway"}))
    forget_killed(centre, "preuve")
    assert container in engine.boxes


@pytest.mark.parametrize("account", ["its own", "another's"])
def test_what_a_killed_proof_left_goes_whoever_made_it(
    centre: Centre, killed: Centre, engine: FakeEngine, tmp_path: Path, account: str
) -> None:
    up(killed, 2, ["preuve"], GOLDEN)
    up(centre, 1, ["wordpress-a"], GOLDEN)
    other = State(Paths(tmp_path / "cache", tmp_path / "autre", tmp_path / "e5b.toml"))
    forget_killed(centre if account == "its own" else replace(centre, state=other), "preuve")
    assert engine.containers(kind="*", room=killed.room.name) == []
    assert [one.name for one in stations(centre)] == ["poste-01"]


def test_a_room_that_is_only_called_like_a_proof_loses_no_candidates_work(
    centre: Centre, killed: Centre, tmp_path: Path
) -> None:
    up(killed, 1, ["wordpress-a"], GOLDEN)
    other = State(Paths(tmp_path / "cache", tmp_path / "autre", tmp_path / "e5b.toml"))
    with pytest.raises(Refusal, match="poste-01"):
        forget_killed(replace(centre, state=other), "preuve")
    assert [one.name for one in stations(killed)] == ["poste-01"]


def test_the_room_of_a_proof_that_runs_is_left_alone(centre: Centre, killed: Centre) -> None:
    runs = replace(killed, room=replace(killed.room, name=f"preuve-{os.getpid()}"))
    up(runs, 1, ["preuve"], GOLDEN)
    forget_killed(centre, "preuve")
    assert [one.name for one in stations(runs)] == ["poste-01"]
