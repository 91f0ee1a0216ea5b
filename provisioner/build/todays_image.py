"""Whether today's golden image of an edition is here already, so that building it again would make the same."""

from datetime import datetime

from provisioner.build.artifacts import Store
from provisioner.build.checksums import digest_of_archives
from provisioner.build.stacks import golden_of
from provisioner.core.errors import ArtifactError
from provisioner.core.model import Golden, Stack
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
    if image is None or image.labels.get("e5b.builder") != builder_of(stack.cms, settings.time_zone):
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
