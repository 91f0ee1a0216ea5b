"""What a command in a station can't do to the program that runs it; what the engine lists."""

import http.client
import time
from dataclasses import replace

import pytest

from provisioner.build import driver
from provisioner.build.driver import Inside, driver_of
from provisioner.core.errors import EngineError, StationNotReady
from provisioner.core.model import Station
from provisioner.engine.docker import commands
from provisioner.engine.protocol import ContainerSpec, ContainerState, Engine
from provisioner.leakcheck.log_lines import utc
from provisioner.station.centre import Centre


def test_a_command_that_writes_without_end_is_given_up(
    engine: Engine, trial_station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "MAX_OUTPUT", 1 << 20)
    enough = engine.run(trial_station.container, ["head", "-c", str(1 << 19), "/dev/zero"])
    assert (enough.status, len(enough.stdout)) == (0, 1 << 19)
    with pytest.raises(EngineError, match="sans fin"):
        engine.run(trial_station.container, ["timeout", "60", "yes"])


@pytest.mark.parametrize("loop", ["sleep 60", "for i in $(seq 600); do echo $i; sleep 0.1; done"])
def test_a_command_has_a_deadline_whether_it_writes_or_not(engine: Engine, trial_station: Station, loop: str) -> None:
    with pytest.raises(EngineError, match="n'a pas fini"):
        engine.run(trial_station.container, ["bash", "-c", loop], seconds=2)


def test_code_of_the_candidate_that_never_ends_is_not_the_examiners_to_wait_for(
    engine: Engine, trial_station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant = "echo '<?php while (true) {}' > /var/www/html/wp-content/mu-plugins/endless.php"
    assert engine.run(trial_station.container, ["bash", "-c", plant], user="www-data").status == 0
    monkeypatch.setattr(driver, "_ANSWER", 5)
    inside = Inside(engine, trial_station.container)
    with pytest.raises(StationNotReady, match="n'a pas fini"):
        driver_of(trial_station.stack).sign_in(inside, "administrator", trial_station.address)


def test_what_a_command_writes_is_whole_also_where_it_came_with_the_head_of_the_answer(
    engine: Engine, trial_station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = http.client.HTTPResponse.begin

    def late(answer: http.client.HTTPResponse) -> None:
        time.sleep(0.5)  # head and first words then lie together in the socket
        begin(answer)

    many = ["seq", "200000"]
    whole = engine.run(trial_station.container, many).stdout
    assert whole.endswith(b"\n200000\n")
    monkeypatch.setattr(http.client.HTTPResponse, "begin", late)
    assert engine.run(trial_station.container, ["echo", "bonjour"]).stdout == b"bonjour\n"
    assert engine.run(trial_station.container, many).stdout == whole


def test_what_the_engine_lists_is_what_it_tells_of_each(centre: Centre, engine: Engine, trial_station: Station) -> None:
    room = centre.room.name
    image = engine.container(trial_station.container).image
    new = engine.create(ContainerSpec(f"e5b-{room}-neuf", image, {"e5b.kind": "station", "e5b.room": room}))

    def compared() -> ContainerState:
        told = {one.id: one for one in engine.containers(kind="*", room=room)}
        listed = {one.id: one for one in engine.containers(kind="*", room=room, brief=True)}
        assert listed.keys() == told.keys()
        for one in told.values():
            its = listed[one.id]
            assert its == replace(one, created=its.created, health="", pid=0, restarts=0)
            assert 0 <= (utc(one.created) - utc(its.created)).total_seconds() < 1
        return listed[trial_station.container]

    one = compared()
    assert (one.state, one.started) == ("running", True)
    assert not next(one.started for one in engine.containers(kind="*", room=room, brief=True) if one.id == new)
    engine.remove(new)
    (network,) = one.networks
    engine.disconnect(network, one.id)
    assert compared().networks == {}
    engine.connect(network, one.id, one.networks[network])
    assert compared().networks == one.networks
    engine.stop(one.id)
    assert compared().state == "exited"
    engine.start(one.id)
    assert compared().state == "running"
