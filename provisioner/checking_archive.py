"""Examines an archive as its station would have been: by the same checks, on a copy at the same address."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from provisioner import clock
from provisioner.archives import Archive, manifest_of, tries_of, verify
from provisioner.checking import examined
from provisioner.copies import clear, labels_of
from provisioner.disk import disk_in_french
from provisioner.encryption import readable
from provisioner.errors import Refusal
from provisioner.identity import station_in
from provisioner.lifecycle import Centre
from provisioner.model import Station
from provisioner.viewing import image_of


def examine_archive(centre: Centre, path: Path, identity: Path | None = None) -> dict[str, Any]:
    """Examine the station of an archive, as `examine`, at its own address: the room it comes from has to be open."""
    with readable(path, identity, centre.state.folder) as plain:
        with disk_in_french(path, Refusal):
            told = manifest_of(plain)
        station = station_in(told)
        if not centre.gateway.find() or centre.room.address_of(station.place) != station.address:
            raise Refusal(
                f"L'archive {path.name} s'examine à l'adresse du candidat, {station.address}, et la salle ouverte n'y est "
                f"pas. Avec le e5b.toml de l'épreuve, lancez « e5b up 1 --subject {station.subject} », puis recommencez."
            )
        with centre.state.holding(centre.room.name, station.name, "check"):
            sealed, who = verify(plain), told["candidate"]
            document = examined(
                centre, station, _laid(centre, sealed, path.resolve().parent, station),
                {key: who[key] for key in ("number", "name", "first_name")} if who else None, lambda: tries_of(plain),
            )  # fmt: skip
            if who:
                later = {"archive": path.name, "report": str(Path(document["report"]).parent)}
                centre.state.mark(told["room"], who["key"], examined=later)
            return document


@contextmanager
def _laid(centre: Centre, sealed: Archive, beside: Path, station: Station) -> Iterator[tuple[str, datetime]]:
    clear(centre, station)
    name = f"e5b-{centre.room.name}-{station.name}-pose"
    image = image_of(centre, sealed, beside, labels_of(centre, station), name)
    try:
        taken_at = datetime.fromisoformat(sealed.manifest["taken_at"]).astimezone(centre.settings.zone)
        yield image, clock.stopped(sealed.manifest, taken_at)
    finally:
        centre.engine.remove_image(image)
