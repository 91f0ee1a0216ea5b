"""The container engine among e5b's needs: Docker's programs, a daemon that answers, and this user's right to it.

It is looked at by the `docker` command, since the doctor must work where the engine doesn't answer.
"""

import getpass
import grp
import json
import os
import re
from subprocess import CompletedProcess

from provisioner.core.progress import Progress
from provisioner.doctor.need import Observation, apt
from provisioner.host.machine import (
    ASK,
    SYSTEMD,
    CannotFix,
    as_root,
    is_elsewhere,
    is_root,
    restart_with_new_groups,
    run,
    start_engine,
    which,
)
from provisioner.host.paths import Paths

SOCKET = "unix:///var/run/docker.sock"
#: The first version that can leave this machine without an address in a network (bridge.inhibit_ipv4).
OLDEST_DOCKER = (20, 10)
PACKAGES = ("docker.io", "docker-cli", "apparmor", "ca-certificates")


def docker(*words: str, deadline: float = ASK) -> "CompletedProcess[str]":
    """Run the `docker` command on the engine that the Docker library uses: DOCKER_HOST, else this machine's.

    The command alone would follow `docker context`, which the library doesn't.
    """
    return run("docker", "--host", os.environ.get("DOCKER_HOST", SOCKET), *words, deadline=deadline)


def look_at_programs() -> Observation:
    """Whether Docker's programs are installed; for an engine that DOCKER_HOST names, its command alone."""
    wanted = ("docker",) if os.environ.get("DOCKER_HOST") else ("docker", "dockerd")
    missing = [tool for tool in wanted if not which(tool)]
    if missing:
        only_command = missing == ["docker"] and which("dockerd")  # a package of its own since Debian 13
        return Observation(
            False, f"{' et '.join(missing)} : introuvable", apt("docker-cli" if only_command else "docker.io")
        )
    return Observation(True, run("docker", "--version").stdout.strip())


def look_at_engine() -> Observation:
    """Whether a container engine answers this user, whichever it is."""
    done = docker("version", "--format", "{{.Server.Version}}")
    if done.returncode == 0:
        return Observation(True, f"répond, version {done.stdout.strip()}")
    user = getpass.getuser()
    join = () if is_root() or in_docker_group(user) else (f"usermod --append --groups docker {user}",)
    reopen = "" if is_root() else "fermez puis rouvrez votre session"
    if "permission denied" in done.stderr:
        return Observation(False, f"{user} n'a pas encore le droit de lui parler", join, reopen)
    if os.environ.get("DOCKER_HOST"):
        return Observation(
            False, f"{os.environ['DOCKER_HOST']} ne répond pas", advice="corrigez ou retirez DOCKER_HOST"
        )
    start = "systemctl enable --now docker" if SYSTEMD.is_dir() else "service docker start"
    return Observation(False, "ne répond pas", (start, *join), reopen if join else "")


def look_at_engine_for_rooms() -> Observation:
    """Whether an engine answers that can hold rooms: recent enough, and on this machine."""
    found = look_at_engine()
    version = re.match(r"répond, version (\d+)\.(\d+)", found.text)
    if version and (int(version[1]), int(version[2])) < OLDEST_DOCKER:
        return Observation(False, found.text, advice="installez Docker 20.10, ou un plus récent")
    if found.ok and (host := is_elsewhere(os.environ.get("DOCKER_HOST", SOCKET))):
        return Observation(
            False, f"sur une autre machine, {host}", advice="retirez DOCKER_HOST, les postes seraient là-bas"
        )
    return found


def look_at_bounds() -> Observation:
    """Whether the engine can bound what a station takes of the processors and of the disk, for the others' sake."""
    from provisioner.engine.docker.machine import machine_of

    try:
        unbounded = machine_of(json.loads(docker("info", "--format", "{{json .}}").stdout)).unbounded()
    except ValueError:  # no engine answers, as another line says
        return Observation(False, "inconnues sans moteur Docker")
    if not unbounded:
        return Observation(True, "processeur, disque")
    advice = "un poste qui s'emballe peut ralentir les autres ; sur un Linux récent (cgroup v2), le moteur Docker de la machine borne tout"
    return Observation(False, f"sans {', '.join(unbounded)}", advice=advice)


def start(paths: Paths, progress: Progress) -> None:
    """Start this machine's engine, and give this user the right to it."""
    if os.environ.get("DOCKER_HOST"):
        raise CannotFix("un moteur que DOCKER_HOST désigne n'est pas démarré d'ici")

    def is_up() -> bool:
        done = docker("version")
        return done.returncode == 0 or "permission denied" in done.stderr

    if not is_up():
        start_engine(progress, is_up, paths.state / "dockerd.log")
    user = getpass.getuser()
    if not look_at_engine().ok and not in_docker_group(user):
        as_root("usermod", "--append", "--groups", "docker", user)


def begin_again_as_member() -> None:
    """Restart the command with this user's new right to the engine, if the session is older than that right.

    Does nothing when the engine answers, or when a restart wouldn't help.
    """
    if not os.environ.get("DOCKER_HOST") and in_docker_group(getpass.getuser()) and not look_at_engine().ok:
        restart_with_new_groups("docker", "--host", SOCKET, "version")


def in_docker_group(user: str) -> bool:
    """Whether the system's list of groups has a user as a member of Docker's, whatever his session began with."""
    try:
        return user in grp.getgrnam("docker").gr_mem
    except KeyError:
        return False
