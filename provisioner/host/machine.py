"""What e5b may do to the machine it runs on: run a tool, install a package, start the engine."""

import os
import platform
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from provisioner.core.interruption import to_the_end
from provisioner.core.progress import Progress
from provisioner.core.waiting import wait_until
from provisioner.host.disk import hand_back, make_private_folder

#: How long to wait, in seconds: for a question to a tool, an installation, and the engine's start.
ASK, INSTALL, START = 20, 1800, 60

#: There where systemd rules.
SYSTEMD = Path("/run/systemd/system")
#: What a tool that fetches things has to know, and sudo forgets unless told.
PROXIES = ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
#: Set in a command that was begun again: once is enough.
AGAIN = "E5B_RELANCE"
#: Where tools are: an ordinary user's own path lacks the administrator's, such as dockerd.
PATH = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"


class CannotFix(Exception):
    """Why something could not be installed or started: French, without a full stop."""


class NoRight(CannotFix):
    """This user may not change the machine: somebody else has to."""


def run(*words: str, deadline: float = ASK, whole: bool = False) -> "subprocess.CompletedProcess[str]":
    """Run a tool to its end, in English so that its messages can be recognised; never from a shell.

    A tool that is missing answers 127, one that exceeds its deadline 124, as a shell's would. One that works
    `whole` is never stopped in its middle: a terminal's Ctrl-C doesn't reach it, and past its deadline it is left alone.
    """
    environment = {**os.environ, "PATH": PATH, "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
    try:
        process = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            env=environment,
            start_new_session=whole,
        )
    except OSError:
        return subprocess.CompletedProcess(words, 127, "", f"{words[0]} est introuvable, ou ne se lance pas")
    try:
        out, err = process.communicate(timeout=deadline)
    except BaseException as error:
        if not whole:
            with suppress(PermissionError):  # by sudo it is another's, and ends by itself
                process.kill()
                process.wait()
        if isinstance(error, subprocess.TimeoutExpired):
            return subprocess.CompletedProcess(words, 124, "", f"{words[0]} ne répond pas après {deadline:g} s")
        raise
    return subprocess.CompletedProcess(words, process.returncode, out, err)


def which(tool: str) -> str | None:
    """Where a tool is, or None."""
    return shutil.which(tool, path=PATH)


def is_root() -> bool:
    """Whether this is the machine's administrator."""
    return os.geteuid() == 0


@cache
def may_install() -> bool:
    """Whether this user may change the machine: root, or sudo without a password."""
    # As as_root will: a ticket that sudo keeps for a terminal counts in its session alone.
    return is_root() or run("sudo", "-n", "true", whole=True).returncode == 0


def rooted(*words: str) -> tuple[str, ...]:
    """The command as this user has to write it to run it as root."""
    if is_root():
        return words
    # By their names: what they hold may be a password, which the list of processes would show.
    preserved = ",".join(name for name in PROXIES if name in os.environ)
    return ("sudo", "-n", *([f"--preserve-env={preserved}"] if preserved else []), *words)


def as_root(*words: str, deadline: float = ASK) -> None:
    """Change the machine with a tool as root, whole even when interrupted, or say why that failed."""
    if not may_install():
        raise NoRight
    with to_the_end():
        done = run(*rooted(*words), deadline=deadline, whole=True)
    check(done, words[0])


def check(done: "subprocess.CompletedProcess[str]", what: str) -> None:
    """Nothing when it ended well, else the line in which it says why not."""
    if done.returncode:
        lines = [line.strip() for line in (done.stdout + "\n" + done.stderr).splitlines() if line.strip()]
        errors = [line for line in lines if line.startswith("E:")] or lines
        raise CannotFix(f"{what} a échoué ({errors[-1] if errors else f'code {done.returncode}'})")


def apt_install(progress: Progress, *packages: str) -> None:
    """Install those of these Debian packages that exist here, waiting for another installation to end."""
    if not may_install():
        raise NoRight
    if not _apt_update.cache_info().currsize:
        progress.step("Lecture de la liste des paquets")
    _apt_update()
    here = [name for name in packages if run("apt-cache", "show", "--no-all-versions", name).stdout.strip()]
    if not here:
        raise CannotFix(f"le dépôt de paquets de cette machine n'a pas {' ni '.join(packages)}")
    install = (
        "env",
        "DEBIAN_FRONTEND=noninteractive",  # sudo forgets ours
        "apt-get",
        "install",
        "--yes",
        "--no-install-recommends",
        "-o",
        f"DPkg::Lock::Timeout={INSTALL}",
        *here,
    )
    # What takes long is waiting for another installation and downloading: that may be interrupted.
    progress.step(f"Téléchargement de {', '.join(here)}")
    check(run(*rooted(*install, "--download-only"), deadline=2 * INSTALL), "apt-get")
    progress.step(f"Installation de {', '.join(here)}")
    as_root(*install, deadline=2 * INSTALL)


@cache
def _apt_update() -> None:
    def locked() -> str:
        done = run(*rooted("apt-get", "update"), deadline=600)
        return done.stderr if done.returncode and "lock" in done.stderr else ""

    # Whatever comes of it, an old list may do: what matters is whether the installation succeeds.
    wait_until(locked, 300, pause=3)


def is_debian() -> bool:
    """Whether this is Debian itself, and no system that is made from it."""
    return Path("/etc/debian_version").exists() and platform.freedesktop_os_release().get("ID") == "debian"


def is_elsewhere(engine: str) -> str:
    """The machine of an engine's address, as in DOCKER_HOST, unless it is this one."""
    host = urlsplit(engine if "://" in engine else f"tcp://{engine}").hostname
    if not host:
        return ""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, 0, type=socket.SOCK_DGRAM)[0]
        with socket.socket(family, kind) as probe:
            probe.bind(address)  # this machine alone has that address
    except OSError:
        return host
    return ""


def start_engine(progress: Progress, answers: Callable[[], bool], log: Path) -> None:
    """Start Docker's daemon, by systemd where it rules, and wait until `answers`.

    Without systemd the daemon is left running on its own, and writes to `log`.
    """
    if not may_install():
        raise NoRight
    progress.step("Démarrage de Docker")
    daemon, detail = None, "voir : journalctl -u docker"
    if SYSTEMD.is_dir():
        as_root("systemctl", "enable", "--now", "docker", deadline=START)
    elif run("pgrep", "-x", "dockerd").returncode == 0:
        detail = "son démon tourne pourtant"
    else:
        _mount_cgroups()
        daemon = launch_daemon(log)

    def missing() -> str:
        if answers():
            return ""
        if daemon and daemon.poll() is not None:
            raise CannotFix(f"dockerd s'est arrêté : {_last_line(log)}")
        return _last_line(log) if daemon else detail

    if last := wait_until(missing, START, pause=0.2):
        raise CannotFix(f"Docker ne répond pas après {START} s : {last}")


def launch_daemon(log: Path, *options: str) -> "subprocess.Popen[bytes]":
    """Docker's daemon in a session of its own: it outlives this program and its terminal."""
    make_private_folder(log.parent)
    with log.open("ab") as lines:
        hand_back(log)
        return subprocess.Popen(
            rooted("dockerd", *options),
            stdin=subprocess.DEVNULL,
            stdout=lines,
            stderr=lines,
            env={**os.environ, "PATH": PATH},
            cwd="/",
            start_new_session=True,
        )


def restart_with_new_groups(*witness: str) -> None:
    """Begin this very command anew with the groups that its user has by now; returns where that can't be, or helps nothing.

    A session keeps the groups that it began with. `witness` is a command that ends well only where the new ones count.
    """
    if is_root() or AGAIN in os.environ or not may_install():
        return
    # sudo takes the values from the environment, where passwords are safe; these alone it sets itself.
    preserved = ",".join(name for name in os.environ if name.isidentifier())
    own = [f"{name}={os.environ[name]}" for name in ("HOME", "LOGNAME", "PATH", "SHELL", "USER") if name in os.environ]
    anew = (
        "sudo",
        "-n",
        f"--preserve-env={preserved}",
        "setpriv",
        f"--reuid={os.getuid()}",
        f"--regid={os.getgid()}",
        "--init-groups",
        "--inh-caps=-all",
        "env",
        *own,
        f"{AGAIN}=1",
    )
    if run(*anew, *witness).returncode == 0:
        os.execvpe(anew[0], [*anew, sys.executable, *sys.orig_argv[1:]], {**os.environ, "PATH": PATH})


def _mount_cgroups() -> None:
    """A machine that started without an init of its own may lack what the engine limits memory with."""
    mounts = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
    if not any(place.startswith("/sys/fs/cgroup") for place in mounts):
        as_root("mount", "-t", "cgroup2", "cgroup2", "/sys/fs/cgroup")


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").split("\n") if log.exists() else []
    return next((line for line in reversed(lines) if line.strip()), "son journal est vide") + f" (journal : {log})"


def free_bytes(place: Path) -> int:
    """What can still be written at a place that may not exist yet, or lies in a folder that is another's."""
    try:
        return shutil.disk_usage(place).free
    except OSError:
        if place == place.parent:
            raise
        return free_bytes(place.parent)
