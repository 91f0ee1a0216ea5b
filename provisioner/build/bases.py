"""Debian under every image: its root file system, and the mirror that its packages come from.

A suite that is past its support leaves the mirrors, file by file at first. What is built on it then comes
from Debian's archive of old releases, where that can be reached. An image once built is kept.
"""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from provisioner.core.errors import BuildFailed, ConfigurationError
from provisioner.core.progress import Progress
from provisioner.engine.protocol import Engine
from provisioner.host.config import ROOT, Settings, load_stacks
from provisioner.host.disk import disk_in_french

ARCHIVE = "http://archive.debian.org/debian"
#: What apt says of a mirror that doesn't have what is asked. Of a network that is down it says other things, where it is
#: told to (APT::Update::Error-Mode, in the Dockerfiles): else it goes on without lists, and can locate no package.
_LACKS = (
    "404  Not Found",
    "410  Gone",
    "is expired",
    "have a Release file",
    "has a Release file",
    "is not signed",
    "Hash Sum mismatch",
    "held broken packages",
    "no installation candidate",
    "Unable to locate package",
)

#: What Debian's own slim images leave out as well: every package is unpacked the sooner.
_SLIM = (
    '--aptopt=Acquire::Languages "none"',
    *(f"--dpkgopt=path-exclude=/usr/share/{folder}/*" for folder in ("doc", "info", "lintian", "locale", "man")),
    "--dpkgopt=path-include=/usr/share/doc/*/copyright",
)

#: What a package manager says of each package, and of many.
_DONE = {"Unpacking": "déballés", "Setting up": "installés"}


def build_on_debian(
    engine: Engine, suite: str, settings: Settings, progress: Progress, build: Callable[[str], str]
) -> str:
    """What `build(base)` makes on this Debian, from the centre's mirror or else from Debian's archive."""
    suites = {stack.suite for stack in load_stacks().values()}
    if strange := sorted(settings.debian_mirrors.keys() - suites):
        raise ConfigurationError(
            f"e5b.toml, « debian_mirrors » : aucune édition n'est sur Debian {', '.join(strange)}. "
            f"Corrigez le nom ; il y a {' et '.join(sorted(suites))}."
        )
    mirror = settings.debian_mirrors.get(suite, "")
    try:
        return build(_base(engine, suite, mirror, progress))
    except BuildFailed as error:
        if not any(said in str(error) for said in _LACKS):
            raise
        told = f"Le miroir {mirror or 'public de Debian'} n'a plus tout ce qu'il faut de Debian {suite}"
        lacking = error
    progress.step(f"{told} : {ARCHIVE} prend sa place")
    try:
        return build(_base(engine, suite, ARCHIVE, progress))
    except BuildFailed as error:
        raise BuildFailed(
            f"{told}, et la construction depuis {ARCHIVE} a échoué aussi. Donnez dans e5b.toml un miroir qui l'a, debian_mirrors = "
            f"{{ {suite} = \"http://…\" }}, ou apportez l'image d'une machine où elle est construite (voir README ; "
            f"détail : {lacking})."
        ) from error


def proxies() -> dict[str, str]:
    """The proxies of the environment, which a build takes as its arguments."""
    return {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}


def build_reporter(progress: Progress) -> Callable[[str], None]:
    """What tells of a build as it goes, in French: the number of each step, and how far the packages are."""
    done: Counter[str] = Counter()

    def say(text: str) -> None:
        if step := re.match(r"Step (\d+)/(\d+) ", text):
            progress.step(f"  étape {step[1]} sur {step[2]}")
        for one in re.findall(rf"(?m)^({'|'.join(_DONE)}) ", text):
            done[one] += 1
            if done[one] % 25 == 0:
                progress.step(f"  {done[one]} paquets {_DONE[one]}")

    return say


def _base(engine: Engine, suite: str, mirror: str, progress: Progress) -> str:
    """The base image, whose own package lists name the mirror, if one is given."""
    plain = _root(engine, suite, mirror, progress)
    if not mirror:
        return plain
    recipe = ROOT / "stacks/base/Dockerfile"
    made_of = f"{plain} {mirror}".encode() + recipe.read_bytes()
    tag = f"e5b/base-{suite}:{hashlib.sha256(made_of).hexdigest()[:8]}"
    arguments = {"BASE": plain, "DEBIAN_MIRROR": mirror, **proxies()}
    labels = {"e5b.kind": "base", "e5b.suite": suite}
    if not engine.image(tag):
        progress.step(f"Debian {suite} du miroir {mirror}")
        engine.build({"Dockerfile": recipe}, tag, arguments, labels, build_reporter(progress))
    return tag


def root_images(suite: str) -> tuple[str, str]:
    """The images that are a suite's root file system, the first that is there: one that was kept once made, the official."""
    return f"e5b/base-{suite}:latest", f"debian:{suite}-slim"


def _root(engine: Engine, suite: str, mirror: str, progress: Progress) -> str:
    """The root file system: kept once made, else the official image, else made by mmdebstrap."""
    tag, official = root_images(suite)
    for there in (tag, official):
        known = engine.image(there)
        # The lists of a root that a mirror made name that mirror, perhaps another centre's: it serves where one is set.
        if known and (mirror or not known.labels.get("e5b.mirror")):
            return there
    progress.step(f"image {official} : téléchargement")
    if not (why := engine.pull(official)):
        return official
    tool = shutil.which("mmdebstrap")
    if tool is None:
        raise BuildFailed(
            f"L'image {official} ne peut pas être téléchargée, et mmdebstrap n'est pas installé pour la "
            f"construire. Lancez « e5b doctor --fix » ({why})."
        )
    progress.step(f"image {official} hors d'atteinte ({why}) : construction par mmdebstrap")
    try:
        place = Path(tempfile.gettempdir())
    except FileNotFoundError as error:
        raise BuildFailed(
            f"Aucun dossier ne peut servir à construire Debian {suite} : libérez de la place dans /tmp, puis recommencez."
        ) from error
    with (
        disk_in_french(place, BuildFailed),
        tempfile.TemporaryDirectory(prefix="e5b-base-") as folder,
    ):
        Path(folder).chmod(0o755)  # for an ordinary user, mmdebstrap works there as users of a namespace
        archive = Path(folder) / f"{suite}.tar"
        command = [tool, "--quiet", "--variant=minbase", suite, str(archive), *_SLIM]
        # An archived suite's lists are dated, and said to be out of date.
        command += ['--aptopt=Acquire::Check-Valid-Until "false"', mirror] if mirror else []
        try:
            done = _whole(command, folder, 900)
        except subprocess.TimeoutExpired as error:
            raise BuildFailed("mmdebstrap n'a pas fini en 15 minutes : le miroir Debian répond-il ?") from error
        if done.returncode != 0:
            said = done.stderr.strip().splitlines() or ["sans message"]
            told = next((line for line in said if any(word in line for word in _LACKS)), said[-1])
            raise BuildFailed(
                f"mmdebstrap n'a pas pu construire Debian {suite}. Vérifiez l'accès au miroir Debian et la place sur le "
                f"disque, puis recommencez (détail : {told})."
            )
        made_from = {"e5b.mirror": mirror} if mirror not in ("", ARCHIVE) else {}
        engine.import_root(archive, tag, {"e5b.kind": "base", "e5b.suite": suite, **made_from})
    return tag


def _whole(command: list[str], folder: str, seconds: float) -> "subprocess.CompletedProcess[str]":
    """Run a command that works in this folder; whatever cuts it short ends all that it began, and waits for that."""
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "TMPDIR": folder},
    ) as process:
        try:
            out, err = process.communicate(timeout=seconds)
        except BaseException:
            for order in (signal.SIGTERM, signal.SIGKILL):  # by the first one, mmdebstrap tidies up
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, order)
                with suppress(subprocess.TimeoutExpired):
                    process.communicate(timeout=30)
                    break
            raise
    return subprocess.CompletedProcess(command, process.returncode, out, err)
