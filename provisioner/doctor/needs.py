"""The list of all that e5b needs of a machine, with the needs that take a line or two to look at.

A need that can't be met here says in one sentence what a person with the right to install must run.
"""

import os
import platform
import sys
from pathlib import Path

from provisioner.core.progress import Progress
from provisioner.doctor import container_engine
from provisioner.doctor.base_images import install_bases, look_at_bases
from provisioner.doctor.container_engine import docker, look_at_bounds, look_at_engine_for_rooms, look_at_programs
from provisioner.doctor.need import Need, Observation, apt
from provisioner.doctor.sandboxed_browser import install_browser, look_at_browser
from provisioner.french import spelling
from provisioner.host.machine import apt_install, free_bytes, run, which
from provisioner.host.paths import Paths

#: Room on the disk for golden images, a room of stations and the archives of one exam.
DISK_GIB = 6
#: Memory for two stations, a browser and the engine.
MEMORY_GIB = 3


def needs(paths: Paths) -> tuple[Need, ...]:
    """Everything that e5b needs, each need after those that it builds on."""

    def install_docker(progress: Progress) -> None:
        apt_install(progress, *container_engine.PACKAGES)

    def install_dictionary(progress: Progress) -> None:
        apt_install(progress, *spelling.PACKAGES)

    def install_npm(progress: Progress) -> None:
        apt_install(progress, "npm")

    return (
        Need("Système", _look_at_system, optional=True),
        Need("Python", _look_at_python),
        Need("Mémoire", _look_at_memory, optional=True),
        Need("Docker", look_at_programs, install_docker),
        Need("Moteur Docker", look_at_engine_for_rooms, lambda progress: container_engine.start(paths, progress)),
        Need("Bornes des postes", look_at_bounds, optional=True),
        Need("Place sur le disque", lambda: look_at_disk(paths)),
        Need("Images de base", look_at_bases, install_bases),
        Need("Navigateur", look_at_browser, install_browser),
        Need("Dictionnaire", _look_at_dictionary, install_dictionary, optional=True),
        Need("npm (édition d'essai)", _look_at_npm, install_npm, optional=True),
    )


def _look_at_system() -> Observation:
    try:
        system = platform.freedesktop_os_release()
    except OSError:
        system = {}
    name = system.get("PRETTY_NAME", platform.system())
    if {system.get("ID", ""), *system.get("ID_LIKE", "").split()} & {"debian", "ubuntu"}:
        return Observation(True, name)
    return Observation(
        False, name, advice="e5b n'installe que sur Debian et Ubuntu : installez vous-même ce qui manque"
    )


def _look_at_python() -> Observation:
    old = sys.version_info < (3, 11)
    return Observation(not old, platform.python_version(), apt("python3.11", "python3.11-venv") if old else ())


def _look_at_memory() -> Observation:
    gib = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    enough = gib >= MEMORY_GIB
    return Observation(enough, f"{gib:.0f} Gio", advice="" if enough else f"préférez une machine de {MEMORY_GIB} Gio")


def look_at_disk(paths: Paths) -> Observation:
    """Whether the disks of the engine's images and of the program's cache have room."""
    images = docker("info", "--format", "{{.DockerRootDir}}").stdout.strip() or "/var/lib/docker"
    free = {place: free_bytes(place) / 2**30 for place in (Path(images), paths.cache)}
    text = ", ".join(f"{gib:.0f} Gio libres pour {place}" for place, gib in free.items())
    full = [str(place) for place, gib in free.items() if gib < DISK_GIB]
    return Observation(not full, text, advice=f"libérez {DISK_GIB} Gio pour {' et '.join(full)}" if full else "")


def _look_at_dictionary() -> Observation:
    if spelling.has_dictionary():
        return Observation(True, "français")
    return Observation(False, "introuvable", apt(*spelling.PACKAGES))


def _look_at_npm() -> Observation:
    if which("npm"):
        return Observation(True, f"version {run('npm', '--version').stdout.strip()}")
    return Observation(False, "introuvable", apt("npm"))
