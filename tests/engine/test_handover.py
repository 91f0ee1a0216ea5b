"""A station changes containers and nothing else: not its address, not its candidate, not a thing that he did."""

import dataclasses
import socket
import time
from contextlib import closing, suppress
from ipaddress import IPv4Address, IPv4Network

import httpx
import pytest

from provisioner.archive.archiving import put_away, set_aside
from provisioner.core.errors import Refusal
from provisioner.core.model import Golden, Station
from provisioner.engine.protocol import Engine
from provisioner.exam import autosnapshot
from provisioner.exam.working_time import start
from provisioner.station.centre import Centre, station_named, stations
from provisioner.station.lifecycle import down, reset
from provisioner.station.recovery import recover
from provisioner.station.snapshots import replace, rewind, snapshot, snapshots
from provisioner.station.spares import prepare, renew, spares
from tests.cms import browsing, cms_of


def leave(engine: Engine, station: Station, name: str) -> None:
    done = engine.run(station.container, ["bash", "-c", f"echo {name} >/var/www/html/{name}.txt"], user="www-data")
    assert done.status == 0, done.stderr


def found(station: Station, name: str) -> bool:
    return httpx.get(f"{station.address}/{name}.txt", trust_env=False, timeout=60).text == f"{name}\n"


def test_a_wrecked_site_goes_back_to_its_snapshot_and_the_jury_reads_it(
    centre: Centre, engine: Engine, station: Station
) -> None:
    with pytest.raises(Refusal, match="aucun"):
        rewind(centre, "poste-01")
    start(centre, "poste-01")
    leave(engine, station, "avant")
    kept = snapshot(centre, station)
    assert kept is not None
    leave(engine, station, "apres")
    engine.run(station.container, ["bash", "-c", "rm -f /var/www/html/index.php"], user="www-data")
    back, chosen = rewind(centre, "poste-01", why="le candidat a effacé son site")
    assert chosen.image == kept.image
    assert back.address == station.address
    assert httpx.get(f"{back.address}/", trust_env=False, timeout=60).status_code == 200
    assert found(back, "avant")
    assert not found(back, "apres")
    record = centre.state.record(back.container)
    assert [event.what for event in record.events] == ["rewind"]
    assert record.running is not None  # his time goes on
    assert [one.image for one in snapshots(centre, back) if not one.left] == [kept.image]
    assert [one.id for one in set_aside(centre)] == [station.container]
    (sealed,) = put_away(centre)  # the wrecked site is kept as well
    assert sealed.manifest.aside == "rewind"


def test_a_snapshot_that_a_later_one_stands_on_is_offered_all_the_same(
    centre: Centre, engine: Engine, trial_station: Station
) -> None:
    centre = dataclasses.replace(centre, settings=centre.settings.model_copy(update={"snapshots": 2}))
    start(centre, "poste-01")
    leave(engine, trial_station, "avant")
    first = snapshot(centre, trial_station)
    back, _ = rewind(centre, "poste-01")
    leave(engine, back, "apres")
    second = snapshot(centre, back)
    assert first
    assert second
    assert [one.image for one in snapshots(centre, back) if not one.left] == [second.image, first.image]
    back, _ = rewind(centre, "poste-01")
    assert found(back, "apres")
    third = snapshot(centre, back)  # the first is one too many now, and the second stands on it
    assert third is not None
    put_away(centre)
    last = snapshot(centre, back)
    assert last is not None
    assert [one.image for one in snapshots(centre, back)][:2] == [last.image, third.image]
    down(centre, discard="fin d'un essai")
    assert engine.images(room=centre.room.name) == []


def test_a_snapshot_is_due_every_few_minutes_and_once_more_at_the_end(
    centre: Centre, trial_station: Station, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    present = tmp_path_factory.mktemp("clock") / "now"
    monkeypatch.setenv("E5B_NOW", str(present))

    def at(hour: str) -> tuple[int, bool]:
        present.write_text(f"2026-05-21T{hour}+02:00")
        return autosnapshot.take_due_snapshots(centre)

    present.write_text("2026-05-21T09:00:00+02:00")
    start(centre, "poste-01")
    assert at("09:04:59") == (0, True)
    assert at("09:05:00") == (1, True)
    assert at("09:09:59") == (0, True)
    assert at("09:10:00") == (1, True)
    assert at("09:40:01") == (1, False)
    assert at("09:50:00") == (0, False)


def test_a_broken_station_is_replaced_with_its_work(centre: Centre, engine: Engine, station: Station) -> None:
    start(centre, "poste-01")
    leave(engine, station, "travail")
    named = engine.run(station.container, ["mariadb", "site", "-e", cms_of(station.stack).title])
    assert named.status == 0, named.stderr
    mine = centre.state.credentials(station.container)
    engine.run(station.container, ["bash", "-c", "pkill -STOP apache2"])
    renewed = replace(centre, "poste-01", "panne")
    assert renewed.container != station.container
    assert found(renewed, "travail")
    assert centre.state.credentials(renewed.container) == mine
    assert mine is not None
    with browsing(renewed.address) as client:
        assert "Kept" in client.get("/").text
        assert cms_of(renewed.stack).inside in cms_of(renewed.stack).sign_in(client, mine).text


def test_a_spare_takes_the_place_of_a_station_and_is_as_new(
    centre: Centre, engine: Engine, golden: Golden, station: Station
) -> None:
    prepare(centre, golden)
    (spare,) = spares(centre, golden)
    prepare(centre, golden)  # one is enough
    assert [one.id for one in spares(centre, golden)] == [spare.id]
    assert [one.container for one in stations(centre)] == [station.container]
    leave(engine, station, "ancien")
    renewed, _ = renew(centre, "poste-01", golden)
    assert renewed.container == spare.id
    assert (renewed.name, renewed.address, renewed.subject) == ("poste-01", station.address, station.subject)
    assert not found(renewed, "ancien")
    assert spares(centre, golden) == []
    mine = centre.state.credentials(renewed.container)
    assert mine is not None
    with browsing(renewed.address) as client:
        office = cms_of(renewed.stack).sign_in(client, mine)
        assert cms_of(renewed.stack).inside in office.text
        assert "e5b.invalid" not in client.get("/").text
    # Its card has another name than that of a station that began in its place.
    ask = ["php", "-r", "require '/opt/e5b/tell.php'; echo e5b_gateway();"]
    own = IPv4Address(centre.gateway.network(1).address)
    assert IPv4Address(engine.run(renewed.container, ask).stdout.decode()) in IPv4Network(f"{own}/29", strict=False)
    recover(centre, "poste-01")
    assert station_named(centre, "poste-01").container == spare.id


def test_a_connection_that_a_browser_holds_ready_does_not_lead_to_the_station_of_before(
    centre: Centre, trial: Golden, trial_station: Station
) -> None:
    def ready() -> socket.socket:
        made = socket.create_connection((centre.room.local_address, centre.room.port_of(trial_station.place)), 10)
        time.sleep(0.2)  # the gateway has taken it
        return made

    def answered(connection: socket.socket) -> bytes:
        with closing(connection), suppress(ConnectionError):
            connection.settimeout(10)
            connection.sendall(f"GET / HTTP/1.1\r\nHost: {centre.room.host_of(trial_station.place)}\r\n\r\n".encode())
            return connection.recv(4000)
        return b""

    assert answered(ready()).startswith(b"HTTP/1.1 200 ")
    held = ready()
    reset(centre, "poste-01", trial)
    assert answered(held) == b""  # it was closed, and a browser opens another


def test_a_hand_over_that_was_killed_gives_the_candidate_his_own_station_back(
    centre: Centre, engine: Engine, trial: Golden, trial_station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(centre, trial)
    (spare,) = spares(centre, trial)
    leave(engine, trial_station, "travail")

    def killed(*_: object, **__: object) -> None:
        raise SystemExit  # as kill -9: nothing is put back

    with monkeypatch.context() as dying:
        dying.setattr("provisioner.station.spares.await_answer", killed)
        dying.setattr(type(engine), "remove", killed)
        with pytest.raises(SystemExit):
            renew(centre, "poste-01", trial)
    assert {one.id for one in engine.containers(kind="spare", room=centre.room.name)} == {spare.id}
    recover(centre, "poste-01")
    assert station_named(centre, "poste-01").container == trial_station.container
    assert found(trial_station, "travail")
