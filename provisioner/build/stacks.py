"""From a stack's pins to a golden image: base, runtime, workshop, commit."""

import hashlib
import json
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from provisioner.build.artifacts import Store
from provisioner.build.bases import build_on_debian, build_reporter, proxies
from provisioner.build.checksums import digest_of_archives
from provisioner.build.driver import Inside, driver_of
from provisioner.core.errors import ArtifactError, BuildFailed, EngineError, UnknownName
from provisioner.core.interruption import to_the_end
from provisioner.core.model import Artifact, Conformity, Golden, Resolved, Stack
from provisioner.core.progress import Progress
from provisioner.engine.protocol import ContainerSpec, Engine
from provisioner.host.companies import company_folder
from provisioner.host.disk import disk_in_french, locked
from provisioner.host.fingerprint import builder_of, is_made_otherwise, maker_of
from provisioner.host.paths import ROOT
from provisioner.host.settings import Settings
from provisioner.host.toml_files import read_toml

#: Work that the database put off, each station would do at its start; room that the installation left empty in its
#: files, each station would copy.
_DATABASE_TIDIED = "ALTER TABLE mysql.innodb_index_stats FORCE; SET GLOBAL innodb_fast_shutdown = 0"
_DATABASE_READY = "for _ in $(seq 300); do [ -S /run/mysqld/mysqld.sock ] && exit; sleep 0.1; done; exit 1"
#: What a station's container runs. The workshop, in which the image is made, runs the database alone.
_STATION_ENTRYPOINT = ('ENTRYPOINT ["/opt/e5b/station-init"]',)
#: How long another command may take to make the same image, in seconds.
_LOCK_SECONDS = 3600
#: How long a command may go on making containers of an image that was the newest when it began: it may build the images
#: of other stacks meanwhile.
_IN_USE = timedelta(hours=1)


def golden_of(engine: Engine, stack: Stack) -> Golden | None:
    """The newest golden image of a stack that was built or imported here, else the newest that came with an archive."""
    images = sorted(engine.images(kind="golden", stack=stack.id), key=lambda image: not image.named)
    return golden_from_labels(images[0].id, images[0].labels) if images else None


def require_golden(engine: Engine, stack: Stack) -> Golden:
    """The newest golden image of a stack, or a refusal that says how to make it."""
    golden = golden_of(engine, stack)
    if golden is None:
        raise UnknownName(f"L'image de {stack.id} n'est pas construite. Lancez « e5b build {stack.id} ».")
    return golden


def build(
    engine: Engine, stack: Stack, store: Store, settings: Settings, progress: Progress, *, again: bool = True
) -> Golden:
    """Make the golden image of a stack, one command at a time; nothing of a failed or interrupted build stays.

    Without `again`, an image of the same recipe that another command made meanwhile is returned as it is; not one that
    doesn't say of which archives it is made, since nothing can be proven of those.
    """
    with ExitStack() as lock:
        with disk_in_french(store.folder, ArtifactError):
            path, what = store.folder / f".image-{stack.id}.lock", f"l'image de {stack.id}"
            lock.enter_context(locked(path, what, _LOCK_SECONDS, progress.step))
        existing = None if again else golden_of(engine, stack)
        if existing and existing.archives and not is_made_otherwise(existing):
            return existing
        return _build_golden(engine, stack, store, settings, progress)


def _build_golden(engine: Engine, stack: Stack, store: Store, settings: Settings, progress: Progress) -> Golden:
    """Install and seed the stack in a container, the workshop, and commit that. Missing archives are fetched."""
    if stack.untried:
        progress.step(f"{stack.id} : {stack.untried}")
    progress.step(f"{stack.id} : archives")
    resolved = {artifact.name: store.fetch(artifact) for artifact in stack.artifacts}
    runtime = _runtime_image(engine, stack, settings, progress)
    maker, archives = maker_of(stack.id), digest_of_archives(resolved.values())
    builder = builder_of(stack, settings.time_zone)
    _remove_abandoned_workshops(engine, stack)
    built_at = datetime.now(settings.zone).replace(microsecond=0)
    workshop = ""
    try:
        with to_the_end():  # else Ctrl-C while it is created would leave a container whose name is not known here
            workshop = _create_workshop(engine, stack, runtime, settings)
        engine.start(workshop)
        versions = _install(Inside(engine, workshop), stack, resolved, settings, progress)
        differs = _differences(stack, resolved, versions)
        _tidy(Inside(engine, workshop))
        engine.stop(workshop, seconds=60)
        labels = {
            "e5b.kind": "golden",
            "e5b.stack": stack.id,
            "e5b.differs": json.dumps(differs, ensure_ascii=False),
            "e5b.versions": json.dumps(versions, ensure_ascii=False),
            "e5b.built_at": built_at.isoformat(),
            "e5b.maker": maker,
            "e5b.builder": builder,
            "e5b.archives": archives,
        }
        progress.step(f"{stack.id} : image de référence")
        image = engine.commit(workshop, f"e5b/{stack.id}:{built_at:%Y%m%d-%H%M%S}", labels, _STATION_ENTRYPOINT)
    finally:
        if workshop:
            engine.remove(workshop)
    _remove_older(engine, stack)
    return Golden(stack.id, image, built_at, Conformity(tuple(differs)), versions, maker, archives)


def _remove_abandoned_workshops(engine: Engine, stack: Stack) -> None:
    """Remove the workshops of builds that were killed."""
    for workshop in engine.containers(kind="workshop", stack=stack.id):
        if not Path("/proc", workshop.labels["e5b.process"]).exists():
            engine.remove(workshop.id)


def _create_workshop(engine: Engine, stack: Stack, runtime: str, settings: Settings) -> str:
    return engine.create(
        ContainerSpec(
            name=f"e5b-workshop-{stack.id}-{os.getpid()}",
            image=runtime,
            labels={"e5b.kind": "workshop", "e5b.stack": stack.id, "e5b.process": str(os.getpid())},
            entrypoint=("/usr/sbin/mariadbd", "--user=mysql"),
            environment={"TZ": settings.time_zone},
        )
    )


def _install(
    inside: Inside, stack: Stack, resolved: Mapping[str, Resolved], settings: Settings, progress: Progress
) -> dict[str, str]:
    """Install the CMS and seed the company; the versions that the running site gives."""
    driver, scenario = driver_of(stack.id), company_folder(stack.company)
    inside.run("bash", "-c", _DATABASE_READY)
    progress.step(f"{stack.id} : installation en français")
    archives = {name: archive.path for name, archive in resolved.items()}
    driver.install(inside, stack, archives, read_toml(scenario / "context.toml"), settings.time_zone)
    progress.step(f"{stack.id} : contenus de l'entreprise")
    began = time.monotonic()
    driver.seed(inside, stack, scenario)
    progress.step(f"{stack.id} : contenus en place en {time.monotonic() - began:.0f} s, contrôle des versions")
    return driver.versions(inside)


def _differences(stack: Stack, resolved: Mapping[str, Resolved], versions: Mapping[str, str]) -> list[str]:
    """Sentences on what differs from the official edition; BuildFailed where no stand-in explains a version."""
    excused = {archive.version for archive in resolved.values() if archive.differs}
    unproven = [pin for pin in stack.artifacts if not (pin.sha256 or pin.sha1 or resolved[pin.name].differs)]
    return [
        *([] if stack.official else [stack.why_unofficial]),
        *([stack.untried] if stack.untried else []),
        *(archive.differs for archive in resolved.values() if archive.differs),
        *_unpinned(stack, versions, excused, unproven),
    ]


def _tidy(inside: Inside) -> None:
    """Remove what served the installation alone, and leave the database as each station is to find it."""
    inside.run("bash", "-c", "rm -rf /opt/e5b/workshop /opt/debian /tmp/* /var/tmp/*")
    inside.run("mariadb", "-e", _DATABASE_TIDIED)
    inside.run("/opt/e5b/watch-layer", "image")


def gateway_image(engine: Engine, settings: Settings, progress: Progress) -> str:
    """The image of a room's gateway."""
    folder = ROOT / "stacks/gateway"
    context = {"Dockerfile": folder / "Dockerfile", "files": folder / "files"}
    step, labels = "Image de l'entrée de la salle", {"e5b.kind": "gateway"}
    try:
        return _image_on_debian(engine, "bookworm", "gateway", context, {}, labels, settings, progress, step)
    except BuildFailed as error:  # a machine that opens archives alone may never have built anything
        raise BuildFailed(
            "L'image de l'entrée n'est pas sur cette machine : la construire demande Internet, une seule fois. Relancez la même commande "
            f"pendant que la machine y a accès ; ensuite elle s'en passe. {error}"
        ) from error


def golden_from_labels(image: str, labels: Mapping[str, str]) -> Golden:
    """A golden image, by its digest and labels. Containers and images that were made of it have the same labels."""
    return Golden(
        stack=labels["e5b.stack"],
        image=image,
        built_at=datetime.fromisoformat(labels["e5b.built_at"]),
        conformity=Conformity(tuple(json.loads(labels["e5b.differs"]))),
        versions=json.loads(labels["e5b.versions"]),
        maker=labels.get("e5b.maker", ""),
        archives=labels.get("e5b.archives", ""),
    )


def _unpinned(
    stack: Stack, versions: Mapping[str, str], excused: set[str], unproven: Sequence[Artifact] = ()
) -> list[str]:
    """Sentences for the versions that a declared stand-in explains; any other difference fails the build.

    `excused` are the versions of stand-ins; a stand-in of the CMS itself explains other versions of the modules and
    themes that come with it, but not whether one is activated. `unproven` are the archives whose checksum nobody
    published: they are whole, and may be wrong.
    """
    wrong = {name: versions.get(name, "absent") for name, pin in stack.versions.items() if versions.get(name) != pin}
    sentences = [f"{name} : {found} au lieu de {stack.versions[name]}" for name, found in wrong.items()]

    def explained(name: str, found: str) -> bool:
        version, _, state = found.partition(" ")
        same = state == stack.versions[name].partition(" ")[2]
        return same and (version in excused or wrong.get(stack.cms) in excused)

    if not all(explained(name, found) for name, found in wrong.items()):
        raise BuildFailed(
            f"{stack.id} n'a pas les versions prévues ({' ; '.join(sentences)}). L'image n'est pas gardée : "
            f"{_remedy(stack, wrong, unproven)}."
        )
    return sentences


def _remedy(stack: Stack, wrong: Iterable[str], unproven: Sequence[Artifact]) -> str:
    """How to replace the archives that the wrong versions may come from, as the end of a French sentence."""
    artifacts = {artifact.name for artifact in stack.artifacts}
    names = {name.rpartition(" ")[2] for name in wrong}
    if names - artifacts - {"locale"}:  # what has no archive of its own comes with the CMS
        names.add(stack.cms)
    suspects = [pin for pin in unproven if pin.name in names or ("locale" in names and pin.name.endswith("-fr"))]
    if stack.cms not in artifacts:
        suspects = suspects or list(unproven)
    if not suspects:
        return "vérifiez les archives avec « e5b artifacts »"
    files = " ".join(artifact.file for artifact in suspects)
    which = (
        "une archive, bien qu'entière, n'est sans doute pas la bonne"
        if len(suspects) > 1
        else "l'archive, bien qu'entière, n'est sans doute pas la bonne"
    )
    return (
        f"{which}. Lancez « e5b artifacts forget {files} », puis « {suspects[0].fetched_by} » ou, depuis une clé USB, "
        "« e5b artifacts import DOSSIER », et recommencez"
    )


def _runtime_image(engine: Engine, stack: Stack, settings: Settings, progress: Progress) -> str:
    """What a stack's site is installed on."""
    folder = ROOT / "stacks" / stack.cms
    context = {"Dockerfile": folder / "Dockerfile", "files": folder / "files", "base": ROOT / "stacks/base/files"}
    packages = {"DEBIAN_PACKAGES": " ".join(stack.debian_packages)} if stack.debian_packages else {}
    labels = {"e5b.kind": "runtime", "e5b.stack": stack.id}
    name, step = f"runtime-{stack.cms}-{stack.suite}", f"{stack.id} : serveur web, PHP et base de données"
    return _image_on_debian(engine, stack.suite, name, context, packages, labels, settings, progress, step)


def _image_on_debian(
    engine: Engine,
    suite: str,
    name: str,
    context: Mapping[str, Path],
    arguments: Mapping[str, str],
    labels: Mapping[str, str],
    settings: Settings,
    progress: Progress,
    step: str,
) -> str:
    """The image of a Dockerfile on Debian: one of the same recipe that is here, wherever it was made, else a new one."""
    tag = f"e5b/{name}:{_digest(context, arguments)}"
    if engine.image(tag):
        return tag
    progress.step(step)

    def on_base(base: str) -> str:
        given = {"BASE": base, **arguments, **proxies()}
        return engine.build(context, tag, given, labels, build_reporter(progress))

    return build_on_debian(engine, suite, settings, progress, on_base)


def _digest(context: Mapping[str, Path], arguments: Mapping[str, str]) -> str:
    """The digest of a recipe: of its arguments and its files, by name, content and whether they are executable."""
    parts: list[object] = [dict(arguments)]
    for name, path in context.items():
        for file in sorted(found for found in (path, *path.rglob("*")) if found.is_file()):
            executable = bool(file.stat().st_mode & 0o100)
            content = hashlib.sha256(file.read_bytes()).hexdigest()
            parts.append([name, str(file.relative_to(path)), executable, content])
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:8]


def _remove_older(engine: Engine, stack: Stack) -> None:
    """Remove the golden images that no container uses, and that no running command can still need.

    A command takes the image that is the newest when it begins, so an image that was replaced long ago is needed by no
    command. An image whose date lies in the future, after a clock correction, goes at once: until that date, it would
    pass for the newest.
    """
    used = {container.image for container in engine.containers(kind="*")}
    images = engine.images(kind="golden", stack=stack.id)
    built = {image.id: golden_from_labels(image.id, image.labels).built_at for image in images}
    now = datetime.now(UTC)
    for image in images:
        replaced = any(built[image.id] < built[other.id] < now - _IN_USE for other in images if other.named)
        if (replaced or built[image.id] > now) and image.id not in used:
            with suppress(EngineError):  # a candidate's snapshot may stand on it
                engine.remove_image(image.id)
