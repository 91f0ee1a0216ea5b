"""From a stack's pins to a golden image: base, runtime, workshop, commit."""

import hashlib
import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from provisioner.artifacts import Store
from provisioner.bases import built_on
from provisioner.config import ROOT, Settings, read_toml
from provisioner.driver import Inside, driver_of
from provisioner.engine import ContainerSpec, Engine, ImageState
from provisioner.errors import BuildFailed, EngineError, UnknownName
from provisioner.model import Conformity, Golden, Stack
from provisioner.progress import Progress

SCENARIO = "biscuiterie"
_DATABASE_READY = "for _ in $(seq 300); do [ -S /run/mysqld/mysqld.sock ] && exit; sleep 0.1; done; exit 1"
#: What a station's container runs; the workshop replaces it by the database alone.
_STATION = ('ENTRYPOINT ["/opt/e5b/station-init"]',)


def golden_of(engine: Engine, stack: Stack) -> Golden | None:
    """The newest golden image of a stack."""
    images = engine.images(kind="golden", stack=stack.id)
    return _golden(images[0]) if images else None


def needed_golden(engine: Engine, stack: Stack) -> Golden:
    """The newest golden image of a stack, or a refusal that says how to make it."""
    golden = golden_of(engine, stack)
    if golden is None:
        raise UnknownName(f"L'image de {stack.id} n'est pas construite. Lancez « e5b build {stack.id} ».")
    return golden


def build(engine: Engine, stack: Stack, store: Store, settings: Settings, progress: Progress) -> Golden:
    """Make the golden image of a stack; nothing of a failed or interrupted build stays.

    Its archives are fetched where they are missing. The versions that the running site gives are
    compared with the pins at the end, and a difference that no stand-in explains fails the build.
    """
    progress.step(f"{stack.id} : archives")
    resolved = {artifact.name: store.fetch(artifact) for artifact in stack.artifacts}
    differs = [] if stack.official else [stack.why_unofficial]
    differs += [one.differs for one in resolved.values() if one.differs]

    progress.step(f"{stack.id} : image Debian {stack.suite}")

    def on_base(base: str) -> str:
        progress.step(f"{stack.id} : serveur web, PHP et base de données")
        return _runtime_image(engine, stack, base, progress)

    runtime = built_on(engine, stack.suite, settings, progress, on_base)

    driver, scenario = driver_of(stack.id), ROOT / "scenarios" / SCENARIO
    for left in engine.containers(kind="workshop", stack=stack.id):
        if not Path("/proc", left.labels["e5b.process"]).exists():  # of a build that was killed
            engine.remove(left.id)
    built_at = datetime.now(settings.zone).replace(microsecond=0)
    workshop = engine.create(
        ContainerSpec(
            name=f"e5b-workshop-{stack.id}-{os.getpid()}",
            image=runtime,
            labels={"e5b.kind": "workshop", "e5b.stack": stack.id, "e5b.process": str(os.getpid())},
            entrypoint=("/usr/sbin/mariadbd", "--user=mysql"),
            environment={"TZ": settings.time_zone},
        )
    )
    try:
        engine.start(workshop)
        inside = Inside(engine, workshop)
        inside.run("bash", "-c", _DATABASE_READY)
        progress.step(f"{stack.id} : installation en français")
        company = read_toml(scenario / "context.toml")
        driver.install(inside, stack, {name: one.path for name, one in resolved.items()}, company, settings.time_zone)
        progress.step(f"{stack.id} : contenus de l'entreprise")
        driver.seed(inside, stack, scenario)
        progress.step(f"{stack.id} : contrôle des versions")
        versions = driver.versions(inside)
        differs += _unpinned(stack, versions, {one.version for one in resolved.values() if one.differs})
        inside.run("bash", "-c", "rm -rf /opt/e5b/workshop /opt/debian /tmp/* /var/tmp/*")
        inside.run("/opt/e5b/watch-layer", "image")
        engine.stop(workshop, seconds=60)
        labels = {
            "e5b.kind": "golden",
            "e5b.stack": stack.id,
            "e5b.differs": json.dumps(differs, ensure_ascii=False),
            "e5b.versions": json.dumps(versions, ensure_ascii=False),
            "e5b.built_at": built_at.isoformat(),
        }
        progress.step(f"{stack.id} : image de référence")
        image = engine.commit(workshop, f"e5b/{stack.id}:{built_at:%Y%m%d-%H%M%S}", labels, _STATION)
    finally:
        engine.remove(workshop)
    _forget_older(engine, stack, image)
    return Golden(stack.id, image, built_at, Conformity(tuple(differs)), versions)


def gateway_image(engine: Engine, settings: Settings, progress: Progress) -> str:
    """The image of the room's door."""
    folder = ROOT / "stacks/gateway"
    parts = [folder / "Dockerfile", *sorted(path for path in (folder / "files").rglob("*") if path.is_file())]
    tag = f"e5b/gateway:{hashlib.sha256(b''.join(path.read_bytes() for path in parts)).hexdigest()[:8]}"
    if engine.image(tag):
        return tag
    progress.step("Image de l'entrée de la salle")

    def on_base(base: str) -> str:
        files, labels = {"Dockerfile": parts[0], "files": folder / "files"}, {"e5b.kind": "gateway"}
        return engine.build(files, tag, {"BASE": base}, labels, _steps(progress))

    return built_on(engine, "bookworm", settings, progress, on_base)


def _golden(image: ImageState) -> Golden:
    return Golden(
        stack=image.labels["e5b.stack"],
        image=image.id,
        built_at=datetime.fromisoformat(image.labels["e5b.built_at"]),
        conformity=Conformity(tuple(json.loads(image.labels["e5b.differs"]))),
        versions=json.loads(image.labels["e5b.versions"]),
    )


def _unpinned(stack: Stack, versions: Mapping[str, str], excused: set[str]) -> list[str]:
    """Sentences for the versions that a declared stand-in explains; any other difference fails the build."""
    wrong = {name: versions.get(name, "absent") for name, pin in stack.versions.items() if versions.get(name) != pin}
    sentences = [f"{name} : {seen} au lieu de {stack.versions[name]}" for name, seen in wrong.items()]
    if any(seen.split(" ")[0] not in excused for seen in wrong.values()):
        raise BuildFailed(
            f"{stack.id} n'a pas les versions prévues ({' ; '.join(sentences)}). L'image n'est pas gardée : "
            "vérifiez les archives avec « e5b artifacts »."
        )
    return sentences


def _runtime_image(engine: Engine, stack: Stack, base: str, progress: Progress) -> str:
    """The stack's Dockerfile on its base; the engine's cache makes the second time free."""
    folder = ROOT / "stacks" / stack.cms
    context = {"Dockerfile": folder / "Dockerfile", "files": folder / "files", "base": ROOT / "stacks/base/files"}
    arguments: dict[str, Any] = {"BASE": base, "DEBIAN_PACKAGES": " ".join(stack.debian_packages)}
    arguments |= {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
    recipe = hashlib.sha256(json.dumps([stack.debian_packages, base]).encode()).hexdigest()[:8]
    tag = f"e5b/runtime-{stack.cms}-{stack.suite}:{recipe}"
    return engine.build(context, tag, arguments, {"e5b.kind": "runtime", "e5b.stack": stack.id}, _steps(progress))


def _steps(progress: Progress) -> Any:
    def say(line: str) -> None:
        if step := re.match(r"Step (\d+)/(\d+) ", line):
            progress.step(f"  étape {step[1]} sur {step[2]}")

    return say


def _forget_older(engine: Engine, stack: Stack, newest: str) -> None:
    used = {container.image for container in engine.containers(kind="*")}
    for image in engine.images(kind="golden", stack=stack.id):
        if image.id != newest and image.id not in used:
            with suppress(EngineError):  # a candidate's snapshot may stand on it
                engine.remove_image(image.id)
