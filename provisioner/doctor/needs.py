"""What e5b needs of a machine: how to see whether it is there, and how it gets there.

A need that can't be met here says in one sentence what a person with the right to install must run.
"""

import getpass
import grp
import os
import platform
import re
import shlex
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from subprocess import CompletedProcess

from provisioner.build.bases import roots
from provisioner.core.errors import BrowserUnavailable
from provisioner.core.progress import Progress
from provisioner.doctor.need import Need, Seen, apt
from provisioner.examination.browser import SHARED, TOOLS, USER, WRAPPER, browser_user, candidate_browser
from provisioner.examination.browser_failure import missing_library
from provisioner.french import spelling
from provisioner.host.config import ROOT, Paths, load_stacks
from provisioner.host.machine import (
    ASK,
    INSTALL,
    SYSTEMD,
    CannotFix,
    NoRight,
    apt_install,
    as_root,
    check,
    free_bytes,
    is_debian,
    is_elsewhere,
    is_root,
    may_install,
    restart_with_new_groups,
    run,
    start_engine,
    which,
)

#: Golden images, a room of stations and the archives of one exam.
DISK_GIB = 6
#: How long Playwright may take, in seconds, to fetch its browser.
DOWNLOAD = 600
#: Two stations, a browser and the engine.
MEMORY_GIB = 3
SOCKET = "unix:///var/run/docker.sock"
#: The first whose networks leave this machine no address in them (bridge.inhibit_ipv4), which one before it ignores.
OLDEST_DOCKER = (20, 10)
DOCKER = ("docker.io", "docker-cli", "apparmor", "ca-certificates")
#: uidmap has an ordinary user build them; root needs none.
BASES = ("mmdebstrap", "debian-archive-keyring", "uidmap")
ADD_USER = ("useradd", "--system", "--user-group", "--home-dir=/nonexistent", "--shell=/usr/sbin/nologin", USER)
APPARMOR = Path("/etc/apparmor.d/e5b-navigateur")
#: Ubuntu's own switch, and where a profile is laid: a container may see the first without the second.
RESTRICTED = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
PROFILES = Path("/sys/kernel/security/apparmor/.replace")
PLAYWRIGHT = (sys.executable, "-m", "playwright")
#: What gives a browser a network of its own.
ISOLATION = ("iproute2", "util-linux")
BROWSER = ("chromium", "chromium-sandbox", "fonts-dejavu-core", "fonts-liberation", "libatomic1", *ISOLATION)


def needs(paths: Paths) -> tuple[Need, ...]:
    """Everything that e5b needs, each after what it builds on."""
    return (
        Need("Système", _look_at_system, optional=True),
        Need("Python", _look_at_python),
        Need("Mémoire", _look_at_memory, optional=True),
        Need("Docker", _look_at_docker, lambda progress: apt_install(progress, *DOCKER)),
        Need("Moteur Docker", _look_at_engine, lambda progress: _start_engine(paths, progress)),
        Need("Place sur le disque", lambda: _look_at_disk(paths)),
        Need("Images de base", _look_at_bases, _install_bases),
        Need("Navigateur", _look_at_browser, _install_browser),
        Need("Dictionnaire", _look_at_dictionary, lambda done: apt_install(done, *spelling.PACKAGES), optional=True),
        Need("npm (édition d'essai)", _look_at_npm, lambda progress: apt_install(progress, "npm"), optional=True),
    )


def _look_at_system() -> Seen:
    try:
        system = platform.freedesktop_os_release()
    except OSError:
        system = {}
    name = system.get("PRETTY_NAME", platform.system())
    if {system.get("ID", ""), *system.get("ID_LIKE", "").split()} & {"debian", "ubuntu"}:
        return Seen(True, name)
    return Seen(False, name, advice="e5b n'installe que sur Debian et Ubuntu : installez vous-même ce qui manque")


def _look_at_python() -> Seen:
    old = sys.version_info < (3, 11)
    return Seen(not old, platform.python_version(), apt("python3.11", "python3.11-venv") if old else ())


def _look_at_memory() -> Seen:
    gib = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    enough = gib >= MEMORY_GIB
    return Seen(enough, f"{gib:.0f} Gio", advice="" if enough else f"préférez une machine de {MEMORY_GIB} Gio")


def _docker(*words: str, deadline: float = ASK) -> "CompletedProcess[str]":
    """Ask the engine that the Docker library takes too: DOCKER_HOST, or this machine's; no `docker context`."""
    return run("docker", "--host", os.environ.get("DOCKER_HOST", SOCKET), *words, deadline=deadline)


def _look_at_docker() -> Seen:
    wanted = ("docker",) if os.environ.get("DOCKER_HOST") else ("docker", "dockerd")
    missing = [tool for tool in wanted if not which(tool)]
    if missing:
        alone = missing == ["docker"] and which("dockerd")  # a package of its own since Debian 13
        return Seen(False, f"{' et '.join(missing)} : introuvable", apt("docker-cli" if alone else "docker.io"))
    return Seen(True, run("docker", "--version").stdout.strip())


def look_at_engine() -> Seen:
    """Whether a container engine answers this user."""
    done = _docker("version", "--format", "{{.Server.Version}}")
    if done.returncode == 0:
        return Seen(True, f"répond, version {done.stdout.strip()}")
    user = getpass.getuser()
    join = () if is_root() or _in_docker_group(user) else (f"usermod --append --groups docker {user}",)
    reopen = "" if is_root() else "fermez puis rouvrez votre session"
    if "permission denied" in done.stderr:
        return Seen(False, f"{user} n'a pas encore le droit de lui parler", join, reopen)
    if os.environ.get("DOCKER_HOST"):
        return Seen(False, f"{os.environ['DOCKER_HOST']} ne répond pas", advice="corrigez ou retirez DOCKER_HOST")
    start = "systemctl enable --now docker" if SYSTEMD.is_dir() else "service docker start"
    return Seen(False, "ne répond pas", (start, *join), reopen if join else "")


def _look_at_engine() -> Seen:
    seen = look_at_engine()
    told = re.match(r"répond, version (\d+)\.(\d+)", seen.text)
    if told and (int(told[1]), int(told[2])) < OLDEST_DOCKER:
        return Seen(False, seen.text, advice="installez Docker 20.10, ou un plus récent")
    if seen.ok and (far := is_elsewhere(os.environ.get("DOCKER_HOST", SOCKET))):
        return Seen(False, f"sur une autre machine, {far}", advice="retirez DOCKER_HOST, les postes seraient là-bas")
    return seen


def _in_docker_group(user: str) -> bool:
    try:
        return user in grp.getgrnam("docker").gr_mem
    except KeyError:
        return False


def _start_engine(paths: Paths, progress: Progress) -> None:
    if os.environ.get("DOCKER_HOST"):
        raise CannotFix("un moteur que DOCKER_HOST désigne n'est pas démarré d'ici")

    def up() -> bool:
        done = _docker("version")
        return done.returncode == 0 or "permission denied" in done.stderr

    if not up():
        start_engine(progress, up, paths.state / "dockerd.log")
    user = getpass.getuser()
    if not look_at_engine().ok and not _in_docker_group(user):
        as_root("usermod", "--append", "--groups", "docker", user)


def begin_again_as_member() -> None:
    """Where the engine refuses this user only because his session is older than his right, begin the command anew."""
    if not os.environ.get("DOCKER_HOST") and _in_docker_group(getpass.getuser()) and not look_at_engine().ok:
        restart_with_new_groups("docker", "--host", SOCKET, "version")


def _look_at_disk(paths: Paths) -> Seen:
    kept = _docker("info", "--format", "{{.DockerRootDir}}").stdout.strip() or "/var/lib/docker"
    free = {place: free_bytes(place) / 2**30 for place in (Path(kept), paths.cache)}
    text = ", ".join(f"{gib:.0f} Gio libres pour {place}" for place, gib in free.items())
    full = [str(place) for place, gib in free.items() if gib < DISK_GIB]
    return Seen(not full, text, advice=f"libérez {DISK_GIB} Gio pour {' et '.join(full)}" if full else "")


def _base_images() -> dict[str, str]:
    """For each Debian that something stands on, its image that is here; empty where none is."""
    suites = {stack.suite for stack in load_stacks().values()}
    here = {one for suite in suites for one in roots(suite) if _docker("image", "inspect", one).returncode == 0}
    return {suite: next(filter(here.__contains__, roots(suite)), "") for suite in sorted(suites)}


def _look_at_bases() -> Seen:
    if which("mmdebstrap") and (is_root() or which("newuidmap")):
        return Seen(True, "mmdebstrap les construit")
    images = _base_images()
    if all(images.values()):  # made here before, pulled, or carried from another machine
        return Seen(True, ", ".join(images.values()))
    lacking = "newuidmap, qu'il faut à mmdebstrap" if which("mmdebstrap") else "mmdebstrap"
    without = " et ".join(suite for suite, image in images.items() if not image)
    return Seen(False, f"ni {lacking}, ni image de Debian {without}", apt(*BASES))


def _install_bases(progress: Progress) -> None:
    try:
        apt_install(progress, *BASES)
    except CannotFix:
        if not look_at_engine().ok:
            raise
        for image in [roots(suite)[1] for suite, there in _base_images().items() if not there]:
            progress.step(f"Téléchargement de {image}")
            if _docker("pull", image, deadline=INSTALL).returncode:
                raise  # what apt said matters more: most machines can't pull


def _look_at_browser() -> Seen:
    fix = f"{shlex.quote(str(ROOT / 'e5b'))} doctor --fix"  # whoever is asked to stands elsewhere
    remedy = apt(*BROWSER) if is_debian() else (fix,)
    driver = run(*PLAYWRIGHT, "--version")
    if driver.returncode:
        return Seen(False, f"il manque {missing_library(driver.stderr) or 'Playwright'}", remedy)
    try:
        with candidate_browser() as browser:
            version = browser.version
    except BrowserUnavailable as error:
        text = str(error).split(" : libérez")[0]
        if full := re.search(r"(le disque de .*) est plein", text, re.IGNORECASE):
            return Seen(False, text, advice=f"libérez de la place sur {full[1].lower()}")
        return Seen(False, text.split(" ; lancez")[0].rstrip("."), remedy)
    user = browser_user()
    if user and user.pw_name != USER:
        return Seen(False, f"Chromium {version}, sans utilisateur à lui", (" ".join(ADD_USER),))
    if user and _lacks_profile():
        return Seen(False, f"Chromium {version}, que seul root peut isoler", (fix,))
    return Seen(True, f"Chromium {version}, isolé" + (f", sous l'utilisateur {USER}" if user else ""))


def _install_browser(progress: Progress) -> None:
    """Debian's own Chromium where that can be; elsewhere Playwright's, since Ubuntu's is a snap."""
    user = browser_user()
    if user and user.pw_name != USER:
        as_root(*ADD_USER)
    if may_install() and _lacks_profile():  # root's own browser, which does without, would hide it
        _allow_namespaces()
    if _look_at_browser().ok:
        return
    if is_debian() and may_install():
        apt_install(progress, *BROWSER)
        with suppress(CannotFix):  # lighter, and not in every Debian
            apt_install(progress, "chromium-headless-shell")
        return
    if missing_library(run(*PLAYWRIGHT, "--version").stderr) and not may_install():
        raise NoRight
    if not all(map(which, TOOLS)):
        apt_install(progress, *ISOLATION)
    progress.step("Téléchargement du navigateur de Playwright")
    folder = (f"PLAYWRIGHT_BROWSERS_PATH={SHARED}",) if is_root() else ()
    patience = "PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT=10000"
    done = run("env", *folder, patience, *PLAYWRIGHT, "install", "chromium", deadline=DOWNLOAD)
    check(done, "playwright install chromium")
    if may_install():
        as_root(*PLAYWRIGHT, "install-deps", "chromium", deadline=INSTALL)
        _allow_namespaces()


def _restricts_namespaces() -> bool:
    return RESTRICTED.exists() and RESTRICTED.read_text().strip() == "1"


def _lacks_profile() -> bool:
    """Whether an ordinary user's browser, started from this clone, could isolate nothing here, and a profile would help."""
    if not _restricts_namespaces() or not PROFILES.exists():
        return False
    try:
        return f'"{WRAPPER}"' not in APPARMOR.read_text(errors="replace")
    except OSError:
        return True


def _allow_namespaces() -> None:
    """Ubuntu lets a browser isolate its pages, and us isolate it, only when a profile of AppArmor names the program."""
    if not _restricts_namespaces():
        return
    places = f"{{{SHARED},{Path.home()}/.cache/ms-playwright}}/chromium-*/chrome-linux*/chrome"
    with tempfile.NamedTemporaryFile("w", prefix="e5b-", suffix=".apparmor") as profile:
        profile.write(
            "abi <abi/4.0>,\ninclude <tunables/global>\n"
            f'profile e5b-navigateur "{places}" flags=(unconfined) {{\n  userns,\n}}\n'
            f'profile e5b-reseau "{WRAPPER}" flags=(unconfined) {{\n  userns,\n}}\n'
        )
        profile.flush()
        as_root("install", "--mode=644", profile.name, str(APPARMOR))
    as_root("apparmor_parser", "--replace", str(APPARMOR))


def _look_at_dictionary() -> Seen:
    return Seen(True, "français") if spelling.has_dictionary() else Seen(False, "introuvable", apt(*spelling.PACKAGES))


def _look_at_npm() -> Seen:
    if which("npm"):
        return Seen(True, f"version {run('npm', '--version').stdout.strip()}")
    return Seen(False, "introuvable", apt("npm"))
