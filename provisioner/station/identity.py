"""What makes a container one candidate's station: its labels, and the payload that it reads at its start.

A spare has no labels of a place. Once it was handed over, they stand in its record, and in its name should the record
be lost.
"""

import json
import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from provisioner.build.driver import driver_of
from provisioner.core.model import Conformity, Credentials, Golden, Station, WantedStation
from provisioner.engine.protocol import RENAMED_SUFFIX, ContainerState
from provisioner.host.editions import company_of
from provisioner.host.settings import Settings
from provisioner.host.toml_files import read_toml
from provisioner.network.room import Room, name_of

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that look alike on paper: 0 and O, 1 and l
#: The engine's words for a container that doesn't run, as a person reads them.
_STATES = {
    "created": "pas démarré",
    "exited": "arrêté",
    "dead": "arrêté",
    "removing": "retiré",
    "restarting": "redémarre",
    "paused": "en pause",
}


def new_credentials(stack: str) -> Credentials:
    """New credentials for a candidate on this stack."""
    user = driver_of(stack).candidate(read_toml(company_of(stack) / "context.toml"))
    return Credentials(user, "".join(secrets.choice(_LETTERS) for _ in range(10)))


def labels_of(room: Room, wanted: WantedStation) -> dict[str, str]:
    """The labels of a station."""
    return {
        **labels_of_image(room, wanted.golden),
        "e5b.kind": "station",
        **_labels_of_place(room, wanted.place, wanted.subject),
    }


def labels_of_spare(room: Room, golden: Golden) -> dict[str, str]:
    """The labels of a spare: all that doesn't depend on its place."""
    return {
        **labels_of_image(room, golden),
        "e5b.kind": "spare",
        "e5b.host": room.host,
        "e5b.first_port": str(room.first_port),
        "e5b.domain": room.domain,
        "e5b.names_port": str(room.names_port),
        **({"e5b.tls": "1", "e5b.tls_port": str(room.tls_port)} if room.tls else {}),
    }


def name_of_given(room: Room, wanted: WantedStation) -> str:
    """The name of a spare after the hand-over: the place, the subject and since when."""
    return f"e5b-{room.name}-{name_of(wanted.place)}-{wanted.subject}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"


def labels_in_name(spare: ContainerState) -> dict[str, str]:
    """The labels of a spare's place, read from its name; empty before the hand-over."""
    room_name, own = spare.labels["e5b.room"], spare.labels
    parts = re.fullmatch(
        rf"e5b-{re.escape(room_name)}-poste-(\d+)-(.+)-(\d{{8}}T\d{{6}}Z)", spare.name.removesuffix(RENAMED_SUFFIX)
    )
    if parts is None:
        return {}
    ports, domain = (int(own["e5b.first_port"]), int(own["e5b.names_port"])), own["e5b.domain"]
    room = Room(
        room_name,
        own["e5b.host"],
        "",
        ports[0],
        int(parts[1]),
        domain=domain,
        names_port=ports[1],
        tls=bool(own.get("e5b.tls")),
        tls_port=int(own.get("e5b.tls_port", "443")),
    )
    since = datetime.strptime(parts[3], "%Y%m%dT%H%M%S%z").isoformat()
    return {**_labels_of_place(room, int(parts[1]), parts[2]), "e5b.kind": "station", "e5b.since": since}


def labels_of_image(room: Room, golden: Golden) -> dict[str, str]:
    """The labels of every container that is made from a golden image in a room."""
    return {
        "e5b.room": room.name,
        "e5b.owner": room.owner,
        "e5b.stack": golden.stack,
        "e5b.golden": golden.image,
        "e5b.differs": json.dumps(golden.conformity.differs, ensure_ascii=False),
        "e5b.built_at": golden.built_at.isoformat(),
        "e5b.versions": json.dumps(golden.versions, ensure_ascii=False),
        "e5b.maker": golden.maker,
        "e5b.archives": golden.archives,
    }


def _labels_of_place(room: Room, place: int, subject: str) -> dict[str, str]:
    return {
        "e5b.station": name_of(place),
        "e5b.place": str(place),
        "e5b.subject": subject,
        "e5b.address": room.address_of(place),
    }


def station_of(container: ContainerState) -> Station:
    """The station that a container is, by its labels and state."""
    labels, state = container.labels, container.state
    if state == "running":
        state = {"unhealthy": "en défaut", "full": "plein"}.get(container.health, "prêt")
    state = _STATES.get(state, state)
    return Station(
        name=labels["e5b.station"],
        place=int(labels["e5b.place"]),
        room=labels["e5b.room"],
        stack=labels["e5b.stack"],
        subject=labels["e5b.subject"],
        address=labels["e5b.address"],
        golden=labels["e5b.golden"],
        container=container.id,
        state=state,
        conformity=Conformity(tuple(json.loads(labels["e5b.differs"]))),
        built_at=datetime.fromisoformat(labels["e5b.built_at"]),
        versions=json.loads(labels["e5b.versions"]),
        maker=labels.get("e5b.maker", ""),
    )


def startup_payload(room: Room, settings: Settings, place: int, credentials: Credentials) -> bytes:
    """What a station reads from its standard input at its start: no argument nor label, since it holds secrets."""
    values = {
        "address": room.address_of(place),
        "secret": secrets.token_hex(32),
        "cron": True,
        "layer_mib": settings.layer_mib,
        "time_zone": settings.time_zone,
        "pages": room.shared_hosts(),
        "candidate": {"user": credentials.user, "password": credentials.password},
    }
    return payload_line(values)


def payload_line(values: Mapping[str, Any]) -> bytes:
    """One line of JSON for /opt/e5b/told, which knows by the line's end that nothing was cut off."""
    return f"{json.dumps(values)}\n".encode()
