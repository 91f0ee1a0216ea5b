"""A unit test needs the Python environment alone: no engine, nothing of who runs it."""

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def nobodys_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A home where nothing lies, and an engine that answers nobody."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        patch.setenv("DOCKER_HOST", f"unix://{home}/docker.sock")
        for name in ("E5B_CONFIG", "E5B_STATE", "E5B_CACHE", "E5B_NOW", "XDG_CONFIG_HOME"):
            patch.delenv(name, raising=False)
        yield
