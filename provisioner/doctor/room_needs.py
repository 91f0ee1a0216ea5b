"""What a room of so many stations needs of this machine: memory, disk, the right time. Quick to look at, changes nothing."""

import os
from functools import cache
from pathlib import Path

from provisioner.core.clock import rehearsed
from provisioner.doctor.container_engine import docker
from provisioner.doctor.need import Observation
from provisioner.doctor.needs import DISK_GIB
from provisioner.french.text import numbered
from provisioner.host.machine import free_bytes, run
from provisioner.host.paths import Paths

#: What a station may take of memory and of the disk, its archive included, in GiB: 16 and 60 for twenty of them.
MEMORY_OF_ONE, DISK_OF_ONE = 0.8, 3.0


def look_at_room(paths: Paths, count: int, made: int = 0) -> tuple[Observation, bool]:
    """Whether memory and disk are enough for `count` stations, of which `made` exist; and whether a room can be opened at all.

    Stations rarely take all that they may: with less, a room opens, and the person is told.
    """
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    free = min(free_bytes(place) for place in (_images_folder(), paths.cache, paths.state)) / 2**30
    # What stations that exist have written is no longer free.
    needed = max(0, count - made) * DISK_OF_ONE + DISK_GIB
    text = f"{free:.0f} Gio libres sur le disque, {memory:.0f} Gio de mémoire"
    stations = numbered(count, "poste")
    if free < DISK_GIB:
        advice = f"libérez {DISK_GIB} Gio sur le disque, puis rouvrez cette page"
        return Observation(False, f"{text} : le disque est trop plein pour ouvrir une salle", advice=advice), False
    lacking = []
    if memory < count * MEMORY_OF_ONE:
        lacking.append(f"une machine de {count * MEMORY_OF_ONE:.0f} Gio de mémoire")
    if free < needed:
        lacking.append(f"{needed:.0f} Gio libres sur le disque")
    if lacking:
        advice = f"préférez {' et '.join(lacking)}, ou moins de postes à la fois"
        return Observation(False, f"{text} : juste pour {stations}", advice=advice), True
    return Observation(True, f"{text} : assez pour {stations}" if count else text), True


def look_at_clock() -> Observation:
    """Whether this machine's clock follows a time server; where nothing says so, a person has to compare it."""
    if rehearsed():
        advice = "pour l'épreuve, arrêtez la console et relancez-la sans E5B_NOW"
        return Observation(False, "horloge d'une répétition", advice=advice)
    followed = run("timedatectl", "show", "--property=NTPSynchronized", "--value").stdout.strip()
    if followed == "yes":
        return Observation(True, "à l'heure d'un serveur de temps")
    advice = "comparez l'heure en haut de cette page avec celle du centre ; si elle est fausse, qui administre la machine la met à l'heure"
    if followed == "no":
        return Observation(False, "aucun serveur de temps n'est suivi", advice=advice)
    return Observation(False, "cette machine ne dit pas si elle suit un serveur de temps", advice=advice)


@cache
def _images_folder() -> Path:
    return Path(docker("info", "--format", "{{.DockerRootDir}}").stdout.strip() or "/var/lib/docker")
