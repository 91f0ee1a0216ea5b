"""A unit test needs the Python environment alone: no engine, nothing of who runs it."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.prestashop.reading import answers as of_shop
from checks.wordpress.reading import answers as of_site
from provisioner.exam.list_update import save_roster
from provisioner.exam.seating import assign_stations
from provisioner.station.centre import Centre
from tests.unit.exam_room import ROSTER, exam_room

PROXIES = [spelt for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY") for spelt in (name, name.lower())]


@pytest.fixture(scope="session", autouse=True)
def nobodys_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A home where nothing lies, and an engine that answers nobody."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        patch.setenv("DOCKER_HOST", f"unix://{home}/docker.sock")
        for name in ("E5B_CONFIG", "E5B_STATE", "E5B_CACHE", "E5B_NOW", "SUDO_USER", "DOCKER_CONFIG", *PROXIES):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Centre:
    """A room on the morning of an exam: its list is kept, and its stations are there."""
    centre = exam_room(tmp_path, monkeypatch)
    save_roster(centre, ROSTER, "liste.csv")
    assign_stations(centre)
    return centre


@pytest.fixture
def right_screens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every screen of an office is taken for the one that was asked for: pages that pretend have no marks."""
    monkeypatch.setattr(of_shop, "menu", lambda site: defaultdict(str))
    for answers, proof in ((of_shop, "_shows"), (of_site, "_expect")):
        monkeypatch.setattr(answers, "expect_healthy", lambda page: None)
        monkeypatch.setattr(answers, proof, lambda *_: True)
