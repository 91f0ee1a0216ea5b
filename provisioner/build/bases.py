"""Debian under every image: its root file system, and the mirror that its packages come from.

When a suite's support ends, its files leave the mirrors one by one. What is built on it then comes from Debian's
archive of old releases, where that can be reached. An image is built once.
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
from provisioner.host.disk import disk_in_french
from provisioner.host.editions import load_stacks
from provisioner.host.paths import ROOT
from provisioner.host.settings import Settings

ARCHIVE = "http://archive.debian.org/debian"
#: What apt says when a mirror doesn't have what is asked. When the network is down it says other things, because of
#: APT::Update::Error-Mode in the Dockerfiles; without that, it would go on without lists and locate no package.
_MIRROR_LACKS = (
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

#: What Debian's own slim images leave out too. Without it, packages are unpacked sooner.
_SLIM = (
    '--aptopt=Acquire::Languages "none"',
    *(f"--dpkgopt=path-exclude=/usr/share/{folder}/*" for folder in ("doc", "info", "lintian", "locale", "man")),
    "--dpkgopt=path-include=/usr/share/doc/*/copyright",
)

#: What dpkg says of each package, and the French word for many.
_PACKAGE_STEPS = {"Unpacking": "déballés", "Setting up": "installés"}


def build_on_debian(
    engine: Engine, suite: str, settings: Settings, progress: Progress, build: Callable[[str], str]
) -> str:
    """What `build(base)` returns for a base image of this suite: on the centre's mirror, else on Debian's archive."""
    suites = {stack.suite for stack in load_stacks().values()}
    if unknown := sorted(settings.debian_mirrors.keys() - suites):
        raise ConfigurationError(
            f"e5b.toml, « debian_mirrors » : aucune édition n'est sur Debian {', '.join(unknown)}. "
            f"Corrigez le nom ; il y a {' et '.join(sorted(suites))}."
        )
    mirror = settings.debian_mirrors.get(suite, "")
    try:
        return build(_base_image(engine, suite, mirror, progress))
    except BuildFailed as error:
        if not any(words in str(error) for words in _MIRROR_LACKS):
            raise
        reason = f"Le miroir {mirror or 'public de Debian'} n'a plus tout ce qu'il faut de Debian {suite}"
        lacking = error
    progress.step(f"{reason} : {ARCHIVE} prend sa place")
    try:
        return build(_base_image(engine, suite, ARCHIVE, progress))
    except BuildFailed as error:
        raise BuildFailed(
            f"{reason}, et la construction depuis {ARCHIVE} a échoué aussi. Donnez dans e5b.toml un miroir qui l'a, debian_mirrors = "
            f"{{ {suite} = \"http://…\" }}, ou apportez l'image d'une machine où elle est construite (voir README ; "
            f"détail : {lacking})."
        ) from error


def proxies() -> dict[str, str]:
    """The proxies of the environment, as arguments of a build."""
    return {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}


def build_reporter(progress: Progress) -> Callable[[str], None]:
    """A function for the lines of a build, which reports each step and every 25 packages in French."""
    packages: Counter[str] = Counter()

    def report(text: str) -> None:
        if step := re.match(r"Step (\d+)/(\d+) ", text):
            progress.step(f"  étape {step[1]} sur {step[2]}")
        for package_step in re.findall(rf"(?m)^({'|'.join(_PACKAGE_STEPS)}) ", text):
            packages[package_step] += 1
            if packages[package_step] % 25 == 0:
                progress.step(f"  {packages[package_step]} paquets {_PACKAGE_STEPS[package_step]}")

    return report


def _base_image(engine: Engine, suite: str, mirror: str, progress: Progress) -> str:
    """The base image; if a mirror is given, it is the one that the image's own list of sources names."""
    root = _root_image(engine, suite, mirror, progress)
    if not mirror:
        return root
    recipe = ROOT / "stacks/base/Dockerfile"
    ingredients = f"{root} {mirror}".encode() + recipe.read_bytes()
    tag = f"e5b/base-{suite}:{hashlib.sha256(ingredients).hexdigest()[:8]}"
    arguments = {"BASE": root, "DEBIAN_MIRROR": mirror, **proxies()}
    labels = {"e5b.kind": "base", "e5b.suite": suite}
    if not engine.image(tag):
        progress.step(f"Debian {suite} du miroir {mirror}")
        engine.build({"Dockerfile": recipe}, tag, arguments, labels, build_reporter(progress))
    return tag


def root_images(suite: str) -> tuple[str, str]:
    """The images that may be a suite's root file system, in the order of preference: our own, the official one."""
    return f"e5b/base-{suite}:latest", f"debian:{suite}-slim"


def _root_image(engine: Engine, suite: str, mirror: str, progress: Progress) -> str:
    """The root file system: one that is here, else the official image, else one that mmdebstrap makes."""
    tag, official = root_images(suite)
    for reference in (tag, official):
        known = engine.image(reference)
        # One that was made from a mirror has that mirror in its list of sources, perhaps another centre's: it will do
        # only where another mirror takes its place there.
        if known and (mirror or not known.labels.get("e5b.mirror")):
            return reference
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
        archive = _bootstrap(tool, suite, mirror, Path(folder))
        made_from = {"e5b.mirror": mirror} if mirror not in ("", ARCHIVE) else {}
        engine.import_root(archive, tag, {"e5b.kind": "base", "e5b.suite": suite, **made_from})
    return tag


def _bootstrap(mmdebstrap: str, suite: str, mirror: str, folder: Path) -> Path:
    """A tar of a suite's root file system, made in this folder."""
    folder.chmod(0o755)  # for an ordinary user, mmdebstrap works there as users of a namespace
    archive = folder / f"{suite}.tar"
    command = [mmdebstrap, "--quiet", "--variant=minbase", suite, str(archive), *_SLIM]
    # The lists of an archived suite have passed the date until which they are valid.
    command += ['--aptopt=Acquire::Check-Valid-Until "false"', mirror] if mirror else []
    try:
        done = _run_in_group(command, folder, 900)
    except subprocess.TimeoutExpired as error:
        raise BuildFailed("mmdebstrap n'a pas fini en 15 minutes : le miroir Debian répond-il ?") from error
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or ["sans message"]
        detail = next((line for line in lines if any(words in line for words in _MIRROR_LACKS)), lines[-1])
        raise BuildFailed(
            f"mmdebstrap n'a pas pu construire Debian {suite}. Vérifiez l'accès au miroir Debian et la place sur le "
            f"disque, puis recommencez (détail : {detail})."
        )
    return archive


def _run_in_group(command: list[str], folder: Path, seconds: float) -> "subprocess.CompletedProcess[str]":
    """Run a command with its temporary files in this folder. When it is cut short, all its processes are ended first."""
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "TMPDIR": str(folder)},
    ) as process:
        try:
            out, err = process.communicate(timeout=seconds)
        except BaseException:
            for number in (signal.SIGTERM, signal.SIGKILL):  # on the first, mmdebstrap removes what it began
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, number)
                with suppress(subprocess.TimeoutExpired):
                    process.communicate(timeout=30)
                    break
            raise
    return subprocess.CompletedProcess(command, process.returncode, out, err)
