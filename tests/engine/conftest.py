"""A real engine, a real golden image, a room of the test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioner.artifacts import Store
from provisioner.config import Paths, Settings, load_overrides, stack_named
from provisioner.docker_engine import DockerEngine
from provisioner.engine import Engine
from provisioner.errors import ArtifactError
from provisioner.lifecycle import Centre, down, up
from provisioner.model import Golden, Station
from provisioner.network import Room
from provisioner.progress import Quiet
from provisioner.stacks import build, golden_of
from provisioner.state import State

STACKS = ("wordpress-trial", "wordpress-2024")


@pytest.fixture(scope="session")
def engine() -> Engine:
    return DockerEngine()


@pytest.fixture(scope="session", params=STACKS)
def golden(engine: Engine, request: pytest.FixtureRequest) -> Golden:
    """A golden image of today's tree; skips where the stack's archives aren't in the store."""
    paths, stack = Paths.from_environment(), stack_named(request.param)
    store = Store(paths, load_overrides(paths.overrides))
    if stack.official:
        try:
            for artifact in stack.artifacts:
                store.resolve(artifact)
        except ArtifactError as error:
            pytest.skip(f"{stack.id}: its archives are not in the store ({error})")
    return build(engine, stack, store, Settings(), Quiet())


@pytest.fixture(scope="session")
def trial(engine: Engine) -> Golden:
    """The trial edition, for what doesn't depend on the CMS."""
    paths, stack = Paths.from_environment(), stack_named("wordpress-trial")
    found = golden_of(engine, stack)
    return found or build(engine, stack, Store(paths, load_overrides(paths.overrides)), Settings(), Quiet())


@pytest.fixture
def centre(engine: Engine, tmp_path: Path) -> Iterator[Centre]:
    """An empty room of two places; nothing of it stays."""
    paths = Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml")
    made = Centre(engine, Settings(), State(paths), Room.apart(f"essai-{tmp_path.name[-8:].strip('_-').lower()}", 2))
    yield made
    down(made)


@pytest.fixture
def station(centre: Centre, golden: Golden) -> Station:
    """One station of each stack, just begun."""
    return up(centre, 1, ["wordpress-a"], golden)[0]


@pytest.fixture
def trial_station(centre: Centre, trial: Golden) -> Station:
    return up(centre, 1, ["wordpress-a"], trial)[0]
