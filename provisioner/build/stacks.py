"""From a stack's pins to a golden image: base, runtime, workshop, commit."""

import hashlib
import json
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from provisioner.build.artifacts import Store
from provisioner.build.bases import build_on_debian, build_reporter, proxies
from provisioner.build.driver import Inside, driver_of
from provisioner.core.errors import ArtifactError, BuildFailed, EngineError, UnknownName
from provisioner.core.interruption import to_the_end
from provisioner.core.model import Artifact, Conformity, Golden, Stack
from provisioner.core.progress import Progress
from provisioner.engine.protocol import ContainerSpec, Engine
from provisioner.host.config import ROOT, Settings, read_toml
from provisioner.host.disk import disk_in_french, locked
from provisioner.host.fingerprint import SCENARIO, is_made_otherwise, maker_of

#: What it put off, each station would do at its start; what the making left empty, each would copy.
_DATABASE_RESTS = "ALTER TABLE mysql.innodb_index_stats FORCE; SET GLOBAL innodb_fast_shutdown = 0"
_DATABASE_READY = "for _ in $(seq 300); do [ -S /run/mysqld/mysqld.sock ] && exit; sleep 0.1; done; exit 1"
#: What a station's container runs; the workshop replaces it by the database alone.
_STATION = ('ENTRYPOINT ["/opt/e5b/station-init"]',)
#: How long another command may take to make the same image, in seconds.
_PATIENCE = 3600
#: How long after it was given an image a command may make containers of it: it may build those of other stacks meanwhile.
_TAKEN = timedelta(hours=1)


def golden_of(engine: Engine, stack: Stack) -> Golden | None:
    """The newest golden image of a stack that was built or carried here, before any that an archive brought along."""
    images = sorted(engine.images(kind="golden", stack=stack.id), key=lambda image: not image.named)
    return golden_from_labels(images[0].id, images[0].labels) if images else None


def needed_golden(engine: Engine, stack: Stack) -> Golden:
    """The newest golden image of a stack, or a refusal that says how to make it."""
    golden = golden_of(engine, stack)
    if golden is None:
        raise UnknownName(f"L'image de {stack.id} n'est pas construite. Lancez « e5b build {stack.id} ».")
    return golden


def build(
    engine: Engine, stack: Stack, store: Store, settings: Settings, progress: Progress, *, again: bool = True
) -> Golden:
    """Make the golden image of a stack, one command at a time; nothing of a failed or interrupted build stays.

    Unless it is to be made `again`, one that another command made meanwhile, of the same recipe, is taken as it is.
    """
    with ExitStack() as held:
        with disk_in_french(store.folder, ArtifactError):
            lock, what = store.folder / f".image-{stack.id}.lock", f"l'image de {stack.id}"
            held.enter_context(locked(lock, what, _PATIENCE, progress.step))
        made = None if again else golden_of(engine, stack)
        return made if made and not is_made_otherwise(made) else _made(engine, stack, store, settings, progress)


def _made(engine: Engine, stack: Stack, store: Store, settings: Settings, progress: Progress) -> Golden:
    """A golden image that is new.

    Its archives are fetched where they are missing. The versions that the running site gives are
    compared with the pins at the end, and a difference that no stand-in explains fails the build.
    """
    progress.step(f"{stack.id} : archives")
    resolved = {artifact.name: store.fetch(artifact) for artifact in stack.artifacts}
    differs = [] if stack.official else [stack.why_unofficial]
    differs += [one.differs for one in resolved.values() if one.differs]

    runtime = _runtime_image(engine, stack, settings, progress)
    driver, scenario = driver_of(stack.id), ROOT / "scenarios" / SCENARIO
    maker = maker_of(stack.cms)
    for left in engine.containers(kind="workshop", stack=stack.id):
        if not Path("/proc", left.labels["e5b.process"]).exists():  # of a build that was killed
            engine.remove(left.id)
    built_at = datetime.now(settings.zone).replace(microsecond=0)
    workshop = ""
    try:
        with to_the_end():  # one that is made while Ctrl-C comes would have no name here
            workshop = engine.create(
                ContainerSpec(
                    name=f"e5b-workshop-{stack.id}-{os.getpid()}",
                    image=runtime,
                    labels={"e5b.kind": "workshop", "e5b.stack": stack.id, "e5b.process": str(os.getpid())},
                    entrypoint=("/usr/sbin/mariadbd", "--user=mysql"),
                    environment={"TZ": settings.time_zone},
                )
            )
        engine.start(workshop)
        inside = Inside(engine, workshop)
        inside.run("bash", "-c", _DATABASE_READY)
        progress.step(f"{stack.id} : installation en français")
        company = read_toml(scenario / "context.toml")
        driver.install(inside, stack, {name: one.path for name, one in resolved.items()}, company, settings.time_zone)
        progress.step(f"{stack.id} : contenus de l'entreprise")
        began = time.monotonic()
        driver.seed(inside, stack, scenario)
        progress.step(f"{stack.id} : contenus en place en {time.monotonic() - began:.0f} s, contrôle des versions")
        versions = driver.versions(inside)
        unproven = [pin for pin in stack.artifacts if not (pin.sha256 or pin.sha1 or resolved[pin.name].differs)]
        differs += _unpinned(stack, versions, {one.version for one in resolved.values() if one.differs}, unproven)
        inside.run("bash", "-c", "rm -rf /opt/e5b/workshop /opt/debian /tmp/* /var/tmp/*")
        inside.run("mariadb", "-e", _DATABASE_RESTS)
        inside.run("/opt/e5b/watch-layer", "image")
        engine.stop(workshop, seconds=60)
        labels = {
            "e5b.kind": "golden",
            "e5b.stack": stack.id,
            "e5b.differs": json.dumps(differs, ensure_ascii=False),
            "e5b.versions": json.dumps(versions, ensure_ascii=False),
            "e5b.built_at": built_at.isoformat(),
            "e5b.maker": maker,
        }
        progress.step(f"{stack.id} : image de référence")
        image = engine.commit(workshop, f"e5b/{stack.id}:{built_at:%Y%m%d-%H%M%S}", labels, _STATION)
    finally:
        if workshop:
            engine.remove(workshop)
    _forget_older(engine, stack)
    return Golden(stack.id, image, built_at, Conformity(tuple(differs)), versions, maker)


def gateway_image(engine: Engine, settings: Settings, progress: Progress) -> str:
    """The image of the room's door."""
    folder = ROOT / "stacks/gateway"
    context = {"Dockerfile": folder / "Dockerfile", "files": folder / "files"}
    step, labels = "Image de l'entrée de la salle", {"e5b.kind": "gateway"}
    try:
        return _on_debian(engine, "bookworm", "gateway", context, {}, labels, settings, progress, step)
    except BuildFailed as error:  # whoever opens an archive may never have built anything
        raise BuildFailed(
            "L'image de l'entrée n'est pas sur cette machine : la construire demande Internet, une seule fois. Relancez la même commande "
            f"pendant que la machine y a accès ; ensuite elle s'en passe. {error}"
        ) from error


def golden_from_labels(image: str, labels: Mapping[str, str]) -> Golden:
    """A golden image by its labels, which what was made from it has too."""
    return Golden(
        stack=labels["e5b.stack"],
        image=image,
        built_at=datetime.fromisoformat(labels["e5b.built_at"]),
        conformity=Conformity(tuple(json.loads(labels["e5b.differs"]))),
        versions=json.loads(labels["e5b.versions"]),
        maker=labels.get("e5b.maker", ""),
    )


def _unpinned(
    stack: Stack, versions: Mapping[str, str], excused: set[str], unproven: Sequence[Artifact] = ()
) -> list[str]:
    """Sentences for the versions that a declared stand-in explains; any other difference fails the build.

    A stand-in of the CMS itself brings modules and themes of its own. Whether something is activated is no version.
    `unproven` are the archives that are whole, and of which nothing else was known when they came.
    """
    wrong = {name: versions.get(name, "absent") for name, pin in stack.versions.items() if versions.get(name) != pin}
    sentences = [f"{name} : {seen} au lieu de {stack.versions[name]}" for name, seen in wrong.items()]

    def explained(name: str, seen: str) -> bool:
        version, _, state = seen.partition(" ")
        same = state == stack.versions[name].partition(" ")[2]
        return same and (version in excused or wrong.get(stack.cms) in excused)

    if not all(explained(name, seen) for name, seen in wrong.items()):
        raise BuildFailed(
            f"{stack.id} n'a pas les versions prévues ({' ; '.join(sentences)}). L'image n'est pas gardée : "
            f"{_way_out(stack, wrong, unproven)}."
        )
    return sentences


def _way_out(stack: Stack, wrong: Iterable[str], unproven: Sequence[Artifact]) -> str:
    """How to have another archive where the one that these versions come from may be whole and wrong."""
    own = {one.name for one in stack.artifacts}
    words = {name.rpartition(" ")[2] for name in wrong}
    if words - own - {"locale"}:  # what has no archive of its own comes with the CMS
        words.add(stack.cms)
    these = [one for one in unproven if one.name in words or ("locale" in words and one.name.endswith("-fr"))]
    if stack.cms not in own:
        these = these or list(unproven)
    if not these:
        return "vérifiez les archives avec « e5b artifacts »"
    files = " ".join(one.file for one in these)
    which = (
        "une archive, bien qu'entière, n'est sans doute pas la bonne"
        if len(these) > 1
        else "l'archive, bien qu'entière, n'est sans doute pas la bonne"
    )
    return (
        f"{which}. Lancez « e5b artifacts forget {files} », puis « {these[0].fetched_by} » ou, depuis une clé USB, "
        "« e5b artifacts import DOSSIER », et recommencez"
    )


def _runtime_image(engine: Engine, stack: Stack, settings: Settings, progress: Progress) -> str:
    """What a stack's site is installed on."""
    folder = ROOT / "stacks" / stack.cms
    context = {"Dockerfile": folder / "Dockerfile", "files": folder / "files", "base": ROOT / "stacks/base/files"}
    packages = {"DEBIAN_PACKAGES": " ".join(stack.debian_packages)} if stack.debian_packages else {}
    labels = {"e5b.kind": "runtime", "e5b.stack": stack.id}
    name, step = f"runtime-{stack.cms}-{stack.suite}", f"{stack.id} : serveur web, PHP et base de données"
    return _on_debian(engine, stack.suite, name, context, packages, labels, settings, progress, step)


def _on_debian(
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
    """The image of a Dockerfile on Debian; one of the same files, made here or brought from elsewhere, is kept."""
    tag = f"e5b/{name}:{_digest(context, arguments)}"
    if engine.image(tag):
        return tag
    progress.step(step)

    def on_base(base: str) -> str:
        given = {"BASE": base, **arguments, **proxies()}
        return engine.build(context, tag, given, labels, build_reporter(progress))

    return build_on_debian(engine, suite, settings, progress, on_base)


def _digest(context: Mapping[str, Path], arguments: Mapping[str, str]) -> str:
    """What tells one recipe from another: its files, by name, content and right to run; what it is given."""
    parts: list[Any] = [dict(arguments)]
    for name, path in context.items():
        for file in sorted(one for one in (path, *path.rglob("*")) if one.is_file()):
            runs = bool(file.stat().st_mode & 0o100)
            parts.append([name, str(file.relative_to(path)), runs, hashlib.sha256(file.read_bytes()).hexdigest()])
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:8]


def _forget_older(engine: Engine, stack: Stack) -> None:
    """Remove the images that no container uses, and that no command can be about to use.

    A command was given its image while that was the newest: one that has been replaced for long is nobody's. One that
    a clock which was ahead has dated goes at once: it would pass for the newest as long as that moment hasn't come.
    """
    used = {container.image for container in engine.containers(kind="*")}
    images = engine.images(kind="golden", stack=stack.id)
    built = {image.id: golden_from_labels(image.id, image.labels).built_at for image in images}
    now = datetime.now(UTC)
    for image in images:
        replaced = any(built[image.id] < built[one.id] < now - _TAKEN for one in images if one.named)
        if (replaced or built[image.id] > now) and image.id not in used:
            with suppress(EngineError):  # a candidate's snapshot may stand on it
                engine.remove_image(image.id)
