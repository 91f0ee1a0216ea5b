"""The site that all candidates share says from which golden image it comes."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from provisioner.core.model import Conformity, Golden
from provisioner.core.progress import Quiet
from provisioner.engine.protocol import ImageState
from provisioner.host.editions import load_stacks
from provisioner.host.paths import Paths
from provisioner.host.settings import Settings
from provisioner.network.gateway import Gateway, Room
from provisioner.station import shared_site
from provisioner.station.centre import Centre
from provisioner.station.shared_site import ensure_shared_sites, sites
from provisioner.station.state import State
from tests.unit.fake_engine import FakeEngine

BUILT = datetime(2026, 6, 1, 8, tzinfo=UTC)
STAND_IN = Golden(
    "prestashop-2024", "sha256:one", BUILT, Conformity(("prestashop 1.7.7.8 : remplacée",)), {"php": "7.4"}
)


class Told(Quiet):
    """Remembers what was told."""

    def __init__(self) -> None:
        self.steps: list[str] = []

    def step(self, text: str) -> None:
        self.steps.append(text)


def built(engine: FakeEngine, golden: Golden) -> None:
    labels = {
        "e5b.kind": "golden",
        "e5b.stack": golden.stack,
        "e5b.differs": json.dumps(golden.conformity.differs),
        "e5b.versions": json.dumps(golden.versions),
        "e5b.built_at": golden.built_at.isoformat(),
    }
    engine.kept_images = {golden.image: ImageState(golden.image, labels, "", 0)}


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Centre:
    """A centre whose shared sites always answer."""
    state = State(Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml"))
    engine, room = FakeEngine(), Room("salle", "localhost", "127.0.0.1", 8101, 3)
    centre = Centre(engine, Settings(), state, room, Told())
    monkeypatch.setattr(shared_site, "_answers", lambda *_: True)
    monkeypatch.setattr(Gateway, "attach_site", lambda *_: None)
    monkeypatch.setattr(Gateway, "site_network", lambda *_: None)
    return centre


def test_a_stand_in_that_all_candidates_see_is_told_and_known_by_its_site(centre: Centre) -> None:
    engine: Any = centre.engine
    built(engine, STAND_IN)
    ensure_shared_sites(centre, {"wordpress-2024"})
    assert sites(centre) == [(f"http://{centre.room.site_host('prestashop')}", STAND_IN)]
    assert any("NON conformes : prestashop 1.7.7.8 : remplacée" in text for text in centre.progress.steps)  # type: ignore[attr-defined]


def test_what_differs_in_a_shared_site_as_in_the_stations_is_not_said_again(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine: Any = centre.engine
    built(engine, STAND_IN)
    station = SimpleNamespace(conformity=STAND_IN.conformity)
    monkeypatch.setattr(shared_site, "stations", lambda _: [station])
    ensure_shared_sites(centre, {"wordpress-2024"})
    steps: list[str] = centre.progress.steps  # type: ignore[attr-defined]
    assert not [text for text in steps if "NON conformes" in text]
    station.conformity = Conformity(("wordpress 6.4.2 : remplacée",))
    ensure_shared_sites(centre, {"wordpress-2024"})
    assert [text for text in steps if "NON conformes : prestashop 1.7.7.8 : remplacée" in text]


def test_a_session_without_an_edition_of_the_other_cms_has_no_site_of_it_and_says_so(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_site, "editions_chosen", lambda _: [load_stacks()["wordpress-2024"]])
    assert ensure_shared_sites(centre, {"wordpress-2024"}) == []
    steps: list[str] = centre.progress.steps  # type: ignore[attr-defined]
    assert steps == ["La session 2024 n'a pas de PrestaShop : la salle n'a pas ce site à montrer"]


def test_one_of_an_image_that_was_built_anew_since_stays_and_is_told(centre: Centre) -> None:
    engine: Any = centre.engine
    pinned = replace(STAND_IN, conformity=Conformity())
    built(engine, pinned)
    ensure_shared_sites(centre, {"wordpress-2024"})
    before, told = dict(engine.boxes), centre.progress.steps  # type: ignore[attr-defined]
    assert not [text for text in told if "conformes" in text or "d'avant" in text]
    built(engine, replace(pinned, image="sha256:two"))
    ensure_shared_sites(centre, {"wordpress-2024"})
    assert engine.boxes == before
    assert "il reste celui d'avant la dernière construction de prestashop-2024" in told[-1]
    for name, box in before.items():  # as e5b made them before
        engine.boxes[name] = replace(box, labels={key: box.labels[key] for key in ("e5b.kind", "e5b.room", "e5b.cms")})
    assert sites(centre) == []


def test_one_of_another_company_than_the_stations_stays_and_is_told(centre: Centre) -> None:
    engine: Any = centre.engine
    built(engine, STAND_IN)
    ensure_shared_sites(centre, {"wordpress-2024"})
    before, told = dict(engine.boxes), centre.progress.steps  # type: ignore[attr-defined]
    assert not [text for text in told if "il reste celui de" in text]
    ensure_shared_sites(centre, {"wordpress-2024-clairepine"})
    assert engine.boxes == before
    assert "il reste celui de « biscuiterie », non de « clairepine »" in told[-1]
