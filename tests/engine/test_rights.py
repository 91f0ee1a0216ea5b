"""No container of a room has more rights, or more of the machine, than what it is for."""

import json
import subprocess
from dataclasses import replace
from typing import Any

from provisioner.core.model import Golden, Station
from provisioner.engine.protocol import Engine
from provisioner.station import snapshots
from provisioner.station.centre import Centre
from provisioner.station.copies import copied, frozen
from provisioner.station.creation import CAPABILITIES, WATCHED
from provisioner.station.shared_site import ensure_shared_sites
from provisioner.station.spares import prepare

#: By what a container is for, the rights that it has; whoever runs in it as root has no others.
RIGHTS = {
    "station": set(WATCHED),
    "copy": set(CAPABILITIES),
    "spare": set(WATCHED),
    "site": set(CAPABILITIES),
    "gateway": {"NET_ADMIN", "KILL", "SETGID", "SETUID"},
    "guard": {"NET_ADMIN"},
}
#: What keeps the machine's rules is on the machine's network; no other is.
ON_THE_MACHINE = {"guard"}


def _inspected(engine: Engine, centre: Centre) -> dict[str, list[dict[str, Any]]]:
    """All that the engine tells of each container of the room, by what it is for."""
    found: dict[str, list[dict[str, Any]]] = {}
    for one in engine.containers(kind="*", room=centre.room.name):
        told = subprocess.run(["docker", "inspect", one.id], capture_output=True, text=True, check=True).stdout
        found.setdefault(one.labels["e5b.kind"], []).append(json.loads(told)[0])
    return found


def test_every_container_of_a_room_has_the_rights_and_the_limits_that_it_needs_and_no_more(
    centre: Centre, engine: Engine, trial: Golden, trial_station: Station
) -> None:
    centre = replace(centre, settings=centre.settings.model_copy(update={"editions": {"wordpress": trial.stack}}))
    prepare(centre, trial)
    assert ensure_shared_sites(centre, ["prestashop-2024"]) == ["wordpress"]  # as where candidates work on the shop
    renewed = snapshots.replace(
        centre, trial_station.name
    )  # made otherwise than the one before it, which is there still
    with frozen(centre, renewed) as (image, moment), copied(centre, renewed, image, moment):
        found = _inspected(engine, centre)
    assert found.keys() == RIGHTS.keys()
    for kind, containers in found.items():
        for one in containers:
            host, name = one["HostConfig"], one["Name"]
            assert host["CapDrop"] == ["ALL"], name
            assert {right.removeprefix("CAP_") for right in host["CapAdd"]} == RIGHTS[kind], name
            assert any(option.startswith("no-new-privileges") for option in host["SecurityOpt"]), name
            assert not host["Privileged"], name
            assert host["Memory"] > 0, name
            assert host["PidsLimit"] > 0, name
            if set(CAPABILITIES) <= RIGHTS[kind] and kind != "gateway":
                assert host["Memory"] == centre.settings.memory_mib << 20, name
                assert host["PidsLimit"] == centre.settings.processes, name
            assert one["Mounts"] == [], name  # neither the engine's socket nor a folder of the machine
            assert not host["Binds"], name
            assert not host["Devices"], name
            assert (host["NetworkMode"] == "host") == (kind in ON_THE_MACHINE), name
            assert "host" not in (host["PidMode"], host["IpcMode"], host["UTSMode"]), name
