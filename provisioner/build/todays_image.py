"""Builds editions, except those whose golden image of today is here already: building it again would make the same."""

from collections.abc import Sequence
from datetime import datetime

from provisioner.build.artifacts import Store
from provisioner.build.checksums import digest_of_archives
from provisioner.build.stacks import build, gateway_image, golden_of
from provisioner.core.batches import in_turn
from provisioner.core.errors import ArtifactError, ProvisionerError
from provisioner.core.model import Golden, Stack
from provisioner.core.progress import Progress
from provisioner.engine.protocol import Engine
from provisioner.host.fingerprint import builder_of, is_made_otherwise
from provisioner.host.settings import Settings


def built_today(engine: Engine, stack: Stack, store: Store, settings: Settings) -> Golden | None:
    """The golden image that was built today from what is here now: this program, and these archives; None without one.

    Its archives are read whole; where one is missing or wrong, a build fetches it.
    """
    golden = golden_of(engine, stack)
    if golden is None or is_made_otherwise(golden):
        return None
    image = engine.image(golden.image)
    if image is None or image.labels.get("e5b.builder") != builder_of(stack, settings.time_zone):
        return None
    if golden.built_at.astimezone(settings.zone).date() != datetime.now(settings.zone).date():
        return None
    try:
        archives = [store.resolve(artifact) for artifact in stack.artifacts]
    except ArtifactError:
        return None
    told = {archive.differs for archive in archives if archive.differs}
    same = golden.archives == digest_of_archives(archives) and told <= set(golden.conformity.differs)
    return golden if same else None


def build_each(
    engine: Engine,
    editions: Sequence[Stack],
    store: Store,
    settings: Settings,
    progress: Progress,
    *,
    anew: bool = False,
) -> tuple[list[tuple[Stack, Golden]], list[ProvisionerError]]:
    """Build these editions, and the image of a room's gateway, so that a room can open without the Internet.

    Those that were built today are kept, unless `anew`. An edition that can't be built doesn't prevent the others.
    """

    def of_today(stack: Stack) -> Golden:
        existing = None if anew else built_today(engine, stack, store, settings)
        if existing:
            progress.step(f"{stack.id} : déjà construite aujourd'hui ; « e5b build {stack.id} --anew » la refait")
        return existing or build(engine, stack, store, settings, progress)

    built, errors = in_turn(editions, of_today)
    errors += in_turn([settings], lambda of: gateway_image(engine, of, progress))[1]
    return built, errors


def golden_or_built(engine: Engine, stack: Stack, store: Store, settings: Settings, progress: Progress) -> Golden:
    """The golden image of a stack, built where there is none; once, where several commands need it at the same time."""
    return golden_of(engine, stack) or build(engine, stack, store, settings, progress, again=False)
