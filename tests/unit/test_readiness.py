"""What a room needs before the candidates come: each point says how it stands, what is missing, and who mends it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from provisioner.core.errors import EngineError, Refusal
from provisioner.core.model import Conformity, Golden
from provisioner.doctor import room_needs
from provisioner.doctor.need import Observation
from provisioner.exam import readiness as module
from provisioner.exam.list_update import save_roster
from provisioner.exam.proposed_list import propose
from provisioner.exam.readiness import Level, Point, editions_needed, readiness
from provisioner.exam.seating import assign_stations
from provisioner.host.paths import Paths
from provisioner.leakcheck import last_proof
from provisioner.leakcheck.last_proof import NetworkProof, prove_and_keep
from provisioner.leakcheck.room_proof import RoomProof, Row
from provisioner.station.centre import Centre
from tests.unit.exam_room import ROSTER, exam_room, now_is

BUILT = datetime(2026, 5, 20, tzinfo=UTC)
WIRED = {"wiring": "routeur", "parts": [], "holds": True, "after_restart": True, "follows": True}


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml")


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Centre:
    """A room on a machine that has all that it needs, but no list."""
    monkeypatch.setattr(module, "look_at_room", lambda *_: (Observation(True, "assez"), True))
    monkeypatch.setattr(module, "look_at_clock", lambda: Observation(True, "à l'heure"))
    monkeypatch.setattr(module, "status_of_wiring", lambda _: WIRED)
    monkeypatch.setattr(module, "golden_of", lambda _, stack: golden(stack.id))
    monkeypatch.setattr(module, "is_made_otherwise", lambda _: False)
    return exam_room(tmp_path, monkeypatch)


def golden(stack: str, built_at: datetime = BUILT, *differs: str) -> Golden:
    return Golden(stack, f"sha256:{stack}", built_at, Conformity(differs), {})


def point(centre: Centre, paths: Paths, id: str) -> Point:
    return next(one for one in readiness(centre, paths).points if one.id == id)


def levels(centre: Centre, paths: Paths) -> dict[str, Level]:
    return {one.id: one.level for one in readiness(centre, paths).points}


def test_without_a_list_the_room_cannot_be_opened(centre: Centre, paths: Paths) -> None:
    found = readiness(centre, paths)
    assert [one.id for one in found.blocking] == ["candidates"]
    assert "aucune liste" in found.blocking[0].text
    save_roster(centre, ROSTER, "liste.csv")
    found = readiness(centre, paths)
    assert found.blocking == ()
    assert (found.open, found.needed) == (0, 2)


def test_a_list_says_its_candidates_its_series_and_its_remarks(centre: Centre, paths: Paths) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    found = point(centre, paths, "candidates")
    assert found.level is Level.LOOK
    assert found.text == "la liste « liste.csv » a 3 candidats, 2 séries ; aujourd'hui ; 1 remarque"


def test_a_list_whose_days_are_over_prevents_the_opening(centre: Centre, paths: Paths) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    now_is("2026-05-22T08:00")
    assert "passés" in point(centre, paths, "candidates").text
    assert point(centre, paths, "candidates").level is Level.BLOCKS


def test_a_list_that_waits_to_be_confirmed_is_said(centre: Centre, paths: Paths) -> None:
    propose(centre, "nouvelle.csv", b"bonjour", "Mme Riou")
    assert point(centre, paths, "candidates").level is Level.BLOCKS
    save_roster(centre, ROSTER, "liste.csv")
    assert point(centre, paths, "candidates").level is Level.LOOK
    assert "« nouvelle.csv » est déposée" in point(centre, paths, "candidates").text


def test_a_list_that_cannot_be_read_prevents_the_opening_and_hides_no_other_point(centre: Centre, paths: Paths) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    (centre.state.folder / "rosters" / "salle.json").write_text("{")
    found = levels(centre, paths)
    assert found["candidates"] is Level.BLOCKS
    assert found["machine"] is Level.DONE


@pytest.mark.parametrize(
    ("image", "level", "said", "remedy"),
    [
        (None, Level.BLOCKS, "pas encore construite", "construisez-la"),
        (golden("wordpress-2024"), Level.DONE, "versions conformes, construite hier", ""),
        (golden("wordpress-2024", BUILT - timedelta(days=30)), Level.LOOK, "il y a 31 jours", "vieillissent"),
        (golden("wordpress-2024", BUILT, "une autre version"), Level.LOOK, "NON conformes", "archives prévues"),
    ],
    ids=["missing", "right", "old", "not conforming"],
)
def test_an_edition_is_built_conforming_and_not_too_old(
    centre: Centre,
    paths: Paths,
    monkeypatch: pytest.MonkeyPatch,
    image: Golden | None,
    level: Level,
    said: str,
    remedy: str,
) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    monkeypatch.setattr(module, "golden_of", lambda _, stack: image if "wordpress" in stack.id else golden(stack.id))
    found = point(centre, paths, "editions")
    assert (found.level, found.act) == (level, "build")
    assert said in found.text
    assert remedy in found.remedy


def test_an_edition_of_another_version_of_the_program_is_built_again(
    centre: Centre, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "is_made_otherwise", lambda _: True)
    assert "autre version d'e5b" in point(centre, paths, "editions").text


def test_the_editions_are_those_of_the_list_else_those_of_the_settings(centre: Centre) -> None:
    assert {stack.cms for stack in editions_needed(centre)} == {"wordpress", "prestashop"}
    save_roster(centre, type(ROSTER)(ROSTER.entries[:1], ()), "liste.csv")
    assert [stack.cms for stack in editions_needed(centre)] == ["wordpress"]


def test_a_full_disk_prevents_the_opening_and_a_tight_machine_does_not(
    centre: Centre, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    def free(gib: float) -> None:
        monkeypatch.setattr(room_needs, "free_bytes", lambda _: int(gib * 2**30))
        monkeypatch.setattr(room_needs, "_images_folder", lambda: Path("/"))

    monkeypatch.setattr(module, "look_at_room", room_needs.look_at_room)
    save_roster(centre, ROSTER, "liste.csv")
    for gib, level in ((5, Level.BLOCKS), (7, Level.LOOK), (5000, Level.DONE)):
        free(gib)
        found = point(centre, paths, "machine")
        assert found.level is level or (gib == 5000 and "mémoire" in found.remedy)
        assert bool(found.remedy) is (found.level is not Level.DONE)
    monkeypatch.setattr("os.sysconf", lambda name: 1 if "PHYS" in name else 2**30)
    assert "une machine de 2 Gio de mémoire" in point(centre, paths, "machine").remedy


@pytest.mark.parametrize(
    ("answer", "ok", "said"), [("yes", True, "serveur de temps"), ("no", False, "aucun"), ("", False, "ne dit pas")]
)
def test_the_clock_follows_a_time_server_or_a_person_compares_it(
    monkeypatch: pytest.MonkeyPatch, answer: str, ok: bool, said: str
) -> None:
    monkeypatch.delenv("E5B_NOW", raising=False)

    class Done:
        stdout = f"{answer}\n"

    monkeypatch.setattr(room_needs, "run", lambda *_: Done)
    found = room_needs.look_at_clock()
    assert (found.ok, said in found.text, bool(found.advice)) == (ok, True, not ok)


def test_a_rehearsals_clock_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("E5B_NOW", str(tmp_path))
    assert room_needs.look_at_clock().text == "horloge d'une répétition"


def proven(centre: Centre, **values: Any) -> None:
    proof = NetworkProof(at=centre.state.present(), wiring="routeur", **values)
    (centre.state.folder / "network").mkdir(exist_ok=True)
    (centre.state.folder / "network" / "salle.preuve").write_text(proof.model_dump_json())


def declared(centre: Centre, wiring: str) -> Centre:
    network = centre.settings.network.model_copy(update={"wiring": wiring})
    return replace(centre, settings=centre.settings.model_copy(update={"network": network}))


def test_the_network_is_wired_and_proven_today(centre: Centre, paths: Paths) -> None:
    centre = declared(centre, "routeur")
    assert point(centre, paths, "network").level is Level.LATER
    save_roster(centre, ROSTER, "liste.csv")
    assign_stations(centre)
    found = point(centre, paths, "network")
    assert (found.level, found.act, "jamais prouvé" in found.text) == (Level.LOOK, "prove", True)
    proven(centre)
    assert point(centre, paths, "network").level is Level.DONE
    now_is("2026-05-24T08:00")
    found = point(centre, paths, "network")
    assert (found.level, "il y a 3 jours" in found.text) == (Level.LOOK, True)


def test_a_way_that_was_open_is_said_in_the_open_room(centre: Centre, paths: Paths) -> None:
    centre = declared(centre, "routeur")
    proven(centre, leaks=("un autre site",))
    assert point(centre, paths, "network").level is Level.LOOK
    save_roster(centre, ROSTER, "liste.csv")
    assign_stations(centre)
    found = point(centre, paths, "network")
    assert (found.level, "1 voie ouverte (un autre site)" in found.text) == (Level.BLOCKS, True)


def test_who_lays_the_wiring_is_said_where_it_is_not_laid(
    centre: Centre, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "« wiring »" in point(centre, paths, "network").remedy
    centre = declared(centre, "routeur")

    def refused(_: Centre) -> Any:
        raise Refusal("Ces règles ne se lisent qu'en administrateur.")

    for status, said in (
        (lambda _: {**WIRED, "wiring": ""}, "« sudo e5b network on »"),
        (lambda _: {**WIRED, "holds": False, "parts": [{"part": "la carte", "there": False}]}, "il manque la carte"),
        (refused, "« sudo e5b network status »"),
    ):
        monkeypatch.setattr(module, "status_of_wiring", status)
        found = point(centre, paths, "network")
        assert (found.level, said in found.remedy) == (Level.LOOK, True)


def test_a_wiring_of_the_candidates_machines_is_not_said_to_be_laid_here(
    centre: Centre, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "status_of_wiring", lambda _: {**WIRED, "wiring": "plat"})
    assert "posé sur chaque machine de candidat" in point(declared(centre, "plat"), paths, "network").text


def test_spares_are_made_with_the_room_and_looked_for_in_it(
    centre: Centre, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert point(centre, paths, "spares").level is Level.LATER
    save_roster(centre, ROSTER, "liste.csv")
    assign_stations(centre)
    found = point(centre, paths, "spares")
    assert (found.level, found.act) == (Level.LOOK, "spare")
    monkeypatch.setattr(module, "spares", lambda *_: ["one"])
    assert point(centre, paths, "spares").level is Level.DONE


def test_what_cannot_be_looked_at_hides_no_other_point(
    centre: Centre, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        raise EngineError("Le moteur ne répond pas.")

    monkeypatch.setattr(module, "golden_of", broken)
    found = point(centre, paths, "editions")
    assert (found.level, found.text) == (Level.LOOK, "Le moteur ne répond pas.")
    assert levels(centre, paths)["clock"] is Level.DONE


def test_what_a_proof_shows_is_kept_with_its_hour(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [Row("a", "un autre site", {"x": "reached"}, {"poste": "reached"}), Row("b", "un doute", {"x": "silence"})]
    monkeypatch.setattr(last_proof, "prove_network", lambda _: RoomProof(rows, 12.5, "rien ne ferme"))
    assert last_proof.last_proof(centre) is None
    prove_and_keep(centre)
    kept = last_proof.last_proof(centre)
    assert kept is not None
    assert (kept.leaks, kept.doubtful, kept.unheld, kept.ways) == (
        ("un autre site",),
        ("un doute",),
        "rien ne ferme",
        2,
    )
    assert kept.at == centre.state.present()
