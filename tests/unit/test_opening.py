"""What a command works with, whoever runs it."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.console import Console

from provisioner.cli import resources
from provisioner.cli.archive import make
from provisioner.cli.room import down
from provisioner.cli.room import up as command_up
from provisioner.cli.screen import ScreenProgress
from provisioner.core.errors import EngineUnavailable, EvidenceLost, Refusal
from provisioner.core.model import Conformity, Golden
from provisioner.host.paths import Paths
from provisioner.host.settings import Settings
from provisioner.network.gateway import Gateway, Room
from provisioner.station import lifecycle
from provisioner.station.centre import Centre, stations
from provisioner.station.lifecycle import up
from provisioner.station.spares import prepare
from provisioner.station.state import State
from tests.unit.fake_engine import FakeEngine

GOLDEN = Golden("wordpress-2024", "sha256:" + "a" * 64, datetime(2026, 5, 20, tzinfo=UTC), Conformity(), {})


def test_with_sudo_the_settings_are_those_of_who_asked_for_it_where_root_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    his, roots, usual = tmp_path / "alice", tmp_path / "root", ".config/e5b/e5b.toml"
    monkeypatch.setattr("pwd.getpwnam", lambda name: {"alice": SimpleNamespace(pw_dir=str(his))}[name])
    monkeypatch.setattr("os.geteuid", lambda: 0)
    for name in ("E5B_CONFIG", "E5B_STATE", "E5B_CACHE", "SUDO_USER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(roots))
    assert resources.paths().settings == roots / usual
    monkeypatch.setenv("SUDO_USER", "alice")
    assert resources.paths().settings == his / usual
    monkeypatch.setenv("SUDO_USER", "gone")
    assert resources.paths().settings == roots / usual
    monkeypatch.setenv("SUDO_USER", "alice")
    (roots / usual).parent.mkdir(parents=True)
    (roots / usual).touch()
    assert resources.paths().settings == roots / usual


def test_all_stations_of_a_room_without_any_are_none_and_it_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("provisioner.station.centre.stations", lambda _: [])
    monkeypatch.setattr(resources, "progress", ScreenProgress(Console(stderr=True)))
    state = State(Paths(tmp_path, tmp_path / "state", tmp_path))
    centre = Centre(FakeEngine(), Settings(), state, Room("salle", "localhost", "127.0.0.1", 8101, 3))
    assert resources.named_stations(centre, None, True) == []
    assert "La salle n'a aucun poste : « e5b up » en prépare." in capsys.readouterr().err


def test_with_sudo_what_is_kept_is_that_of_who_asked_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    his, roots, usual = tmp_path / "alice", tmp_path / "root", ".local/state/e5b"
    monkeypatch.setattr("pwd.getpwnam", lambda name: {"alice": SimpleNamespace(pw_dir=str(his))}[name])
    monkeypatch.delenv("E5B_STATE", raising=False)
    monkeypatch.setenv("HOME", str(roots))
    monkeypatch.setenv("SUDO_USER", "alice")
    monkeypatch.setattr("os.geteuid", lambda: 1001)  # sudo -u bob
    assert resources.paths().state == roots / usual
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert resources.paths().state == his / usual
    monkeypatch.setenv("E5B_STATE", "/srv/e5b")
    assert resources.paths().state == Path("/srv/e5b")


def test_with_sudo_the_archives_are_those_of_who_asked_for_it_where_root_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    his, roots, usual = tmp_path / "alice", tmp_path / "root", ".cache/e5b"
    monkeypatch.setattr("pwd.getpwnam", lambda name: {"alice": SimpleNamespace(pw_dir=str(his))}[name])
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setenv("HOME", str(roots))
    monkeypatch.setenv("SUDO_USER", "alice")
    monkeypatch.setenv("E5B_CACHE", "")
    assert resources.paths().artifacts == his / usual / "artifacts"
    assert resources.paths().overrides == his / usual / "overrides.toml"
    (roots / usual).mkdir(parents=True)
    assert resources.paths().cache == roots / usual
    monkeypatch.setenv("E5B_CACHE", "/srv/e5b")
    assert resources.paths().cache == Path("/srv/e5b")


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """One engine; says whose state folder is used from here on."""
    engine = FakeEngine()
    monkeypatch.setattr("provisioner.engine.docker.DockerEngine", lambda: engine)
    for module in ("creation", "lifecycle", "spares"):
        monkeypatch.setattr(f"provisioner.station.{module}.await_answer", lambda *_, **__: None)
    monkeypatch.setattr("provisioner.station.spares.compare", lambda *_: None)
    monkeypatch.setattr(lifecycle, "gateway_image", lambda *_: "e5b/gateway")
    monkeypatch.setattr(lifecycle, "ensure_firewall", lambda *_: None)
    monkeypatch.setattr(Gateway, "_await", lambda self, container: None)
    (tmp_path / "e5b.toml").touch()
    monkeypatch.setenv("E5B_CONFIG", str(tmp_path / "e5b.toml"))
    return lambda name: monkeypatch.setenv("E5B_STATE", str(tmp_path / name))


@pytest.mark.parametrize("left", ["gateway", "station", "spare"])
def test_a_room_is_changed_from_the_state_folder_that_opened_it_alone(
    at: Callable[[str], None], left: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def seal(*_: object) -> None:
        raise EvidenceLost("scellé")

    monkeypatch.setattr("provisioner.archive.archiving._archive_and_note", seal)
    at("alice")
    centre: Centre = resources.centre()
    up(centre, 1, ["wordpress-a"], GOLDEN)
    prepare(centre, GOLDEN)
    for box in centre.engine.containers(kind="*"):
        if box.labels["e5b.kind"] != left:
            centre.engine.remove(box.id)
    at("bob")
    with pytest.raises(Refusal, match=r"« salle » a été ouverte par un autre utilisateur.*--discard"):
        resources.centre()
    with pytest.raises(Refusal):
        down()
    sealing = pytest.raises(EvidenceLost, match="scellé") if left == "station" else nullcontext()
    with pytest.raises(Refusal, match="--all"):
        make(["poste-01"])
    with sealing:  # his folder may be lost: the work isn't
        make(everything=True)
    assert resources.centre("autre").room.name == "autre"
    assert resources.centre(foreign=True).room.owner == centre.state.id
    at("alice")
    assert resources.centre().room.owner == centre.state.id
    at("bob")
    down(discard="le dossier est perdu")
    bobs: Centre = resources.centre()
    assert bobs.engine.containers(kind="*") == []
    lines = (bobs.state.folder / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["why"] for line in lines} == {"le dossier est perdu"}


def test_up_alone_brings_back_what_is_there_and_makes_nothing(
    at: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for unneeded in ("ensure_running", "ensure_shared_sites", "leak_check"):
        monkeypatch.setattr(f"provisioner.exam.open_room.{unneeded}", lambda *_: None)
    at("alice")
    with pytest.raises(Refusal, match="Dites quel sujet"):
        command_up()
    centre: Centre = resources.centre()
    (made,) = up(centre, 1, ["wordpress-a"], GOLDEN)
    centre.engine.stop(made.container)
    assert command_up() == 0
    (back,) = stations(centre)
    assert (back.container, centre.engine.container(back.container).state) == (made.container, "running")
    assert "poste-01" in capsys.readouterr().out


@pytest.mark.parametrize("by", ["a new session of this command", "nothing"])
def test_an_engine_that_refuses_a_session_that_is_too_old_is_asked_in_a_new_one(
    monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    """Every command does so, and not only the one that gave the right."""

    class Refusing:
        def ping(self) -> str:
            raise EngineUnavailable("Connexion : ce compte n'a pas encore le droit.")

    class BegunAnew(Exception):
        """The program is another from here on."""

    def again() -> None:
        if by != "nothing":
            raise BegunAnew

    monkeypatch.setattr("provisioner.engine.docker.DockerEngine", Refusing)
    monkeypatch.setattr("provisioner.doctor.container_engine.begin_again_as_member", again)
    with pytest.raises(EngineUnavailable if by == "nothing" else BegunAnew):
        resources.centre()
