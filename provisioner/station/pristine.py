"""The full proof that a station is as its golden image: every file, and the sorted dump of the database.

What each start writes is left out: process files, sockets, and the database's own files, whose contents the dump
compares. The stack's own script masks dates and secrets.
"""

import difflib
from typing import Any

from provisioner.build.driver import Inside
from provisioner.core.errors import StationNotPristine
from provisioner.core.model import Golden, Station
from provisioner.engine.protocol import ContainerSpec, Limits
from provisioner.station.centre import Centre
from provisioner.station.creation import CAPABILITIES


def verify(centre: Centre, station: Station, golden: Golden) -> None:
    """Raise StationNotPristine, naming what differs, unless the station equals a container of its golden image.

    Raises Busy where another command is at the station: meanwhile none may change it.
    """
    with centre.state.holding(centre.room.name, station.name, "reset"):
        compare(centre, station.container, station.name, golden)


def compare(centre: Centre, container: str, name: str, golden: Golden) -> None:
    """Raise StationNotPristine, naming what differs, unless a container equals its golden image."""
    labels = {"e5b.kind": "twin", "e5b.room": centre.room.name, "e5b.station": name}
    for leftover in centre.engine.containers(kind="twin", room=centre.room.name, station=name):
        centre.engine.remove(leftover.id)
    twin = centre.engine.create(
        ContainerSpec(
            name=f"e5b-{centre.room.name}-{name}-temoin",
            image=golden.image,
            labels=labels,
            entrypoint=("/usr/sbin/mariadbd", "--user=mysql"),
            limits=Limits(centre.settings.memory_mib, centre.settings.processes),
            capabilities=CAPABILITIES,
        )
    )
    try:
        centre.engine.start(twin)
        expected = _picture(Inside(centre.engine, twin))
        observed = _picture(Inside(centre.engine, container))
    finally:
        centre.engine.remove(twin)
    if expected == observed:
        return
    changed = [
        line[1:].strip()
        for line in difflib.unified_diff(expected, observed, n=0, lineterm="")
        if line[:1] in "+-" and not line.startswith(("+++", "---"))
    ]
    raise StationNotPristine(
        f"{name} diffère de son image de référence en {len(changed)} point(s), d'abord : "
        f"{changed[0][:200]}. Remettez-le à neuf avec « e5b reset {name} »."
    )


def _picture(inside: Inside) -> list[str]:
    output: Any = inside.engine.run(inside.container, ["/opt/e5b/picture"], privileged=True)
    if output.status != 0:
        error = output.stderr.decode(errors="replace").strip()[-300:]
        raise StationNotPristine(f"L'état du poste n'a pas pu être lu en entier : {error}")
    return str(output.stdout.decode(errors="replace")).splitlines()
