"""Examines an archive as its station would have been: by the same checks, on a copy at the same address."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from provisioner.archive.archives import Archive, tries_of, verify
from provisioner.archive.viewing import image_of
from provisioner.core import clock
from provisioner.core.errors import Refusal
from provisioner.core.model import Station, Verdict
from provisioner.examination.examine import examined, verdicts
from provisioner.host.disk import disk_in_french
from provisioner.host.encryption import readable
from provisioner.station.copies import clear, labels_of
from provisioner.station.identity import station_in
from provisioner.station.lifecycle import Centre


def examine_archive(centre: Centre, path: Path, identity: Path | None = None) -> dict[str, Any]:
    """Examine the station of an archive, as `examine`, at its own address: the room it comes from has to be open.

    The forms take the report where it is the last archive of a candidate of the list.
    """
    with readable(path, identity, centre.state.folder) as plain:
        with disk_in_french(path, Refusal):
            sealed = verify(plain, path)
            tries = tries_of(plain)
        told, who = sealed.manifest, sealed.manifest["candidate"]
        station = station_in(told)
        _may_stand(centre, path, station, told)
        with centre.state.holding(centre.room.name, station.name, "check"):
            document = examined(
                centre,
                station,
                _laid(centre, sealed, path.resolve().parent, station),
                {key: who[key] for key in ("number", "name", "first_name")} if who else None,
                lambda: tries,
            )
        if who:
            _note(centre, path.name, told, who, document)
        return document


def _may_stand(centre: Centre, path: Path, station: Station, told: Mapping[str, Any]) -> None:
    """Raise unless the copy of that station can stand at its address."""
    if told.get("rehearsal") or clock.rehearsed():
        raise Refusal(
            f"L'archive {path.name} ne peut pas être examinée : dans une répétition, les heures du site et de l'épreuve "
            "ne sont pas les mêmes. Rouvrez-la par « e5b archive open »."
        )
    if centre.gateway.find() is None:
        raise Refusal(
            f"L'archive {path.name} s'examine à l'adresse du candidat, {station.address}, et aucune salle n'est ouverte. Avec "
            f"le e5b.toml de l'épreuve, lancez « e5b up 1 --subject {station.subject} », puis recommencez."
        )
    if centre.room.address_of(station.place) != station.address:
        raise Refusal(
            f"L'archive {path.name} s'examine à l'adresse du candidat, {station.address}, et la salle ouverte a d'autres "
            "adresses. Fermez-la par « e5b down », puis rouvrez-la avec le e5b.toml de l'épreuve et recommencez."
        )


def _note(centre: Centre, name: str, told: Mapping[str, Any], who: Mapping[str, Any], document: dict[str, Any]) -> None:
    """Have the forms take the report, or say why they don't."""
    entries = (centre.state.roster(told["room"]) or {}).get("entries", [])
    archives = [one.get("archived") for one in entries if one["key"] == who["key"]]
    if name not in archives:
        why = "ce n'est pas sa dernière archive" if archives else "il n'est pas sur la liste de la salle"
        centre.progress.step(f"{name} : la grille du candidat {who['number']} ne prend pas ce rapport, {why}")
    elif set(verdicts(document)) == {Verdict.BLOCKED}:
        centre.progress.step(f"{name} : rien n'a pu être examiné, recommencez")
    else:
        later = {"archive": name, "report": str(Path(document["report"]).parent)}
        centre.state.mark(told["room"], who["key"], examined=later)


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
