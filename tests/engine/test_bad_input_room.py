"""What a technician may do wrong, or meet, with stations there: told in one sentence, nothing lost."""

import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from provisioner.core.errors import PortTaken
from provisioner.core.model import Golden, Station
from provisioner.engine.docker import DockerEngine
from provisioner.engine.protocol import Engine
from provisioner.host.editions import stack_named
from provisioner.station.centre import Centre
from provisioner.station.lifecycle import up
from tests.command import Program, interrupting, small_disk

INTERRUPTED = "Interrompu : rien n'est resté à moitié fait, relancez la commande quand vous voudrez."
RENEWED = "Interrompu : poste-01 est déjà neuf, avec de nouveaux identifiants"
UP = ("up", "1", "--subject", "wordpress-a")


def there(centre: Centre) -> dict[str, Any]:
    """All that there is of the room, but for the debug log and its locks, which are files without a holder, and the folder's own name.

    The record of what was refused outlives the room, and any command may bring it up to date. The book of acts outlives
    it too, and says what was tried in vain.
    """
    name, kept = centre.room.name, centre.state.folder
    paths = (path for path in kept.rglob("*") if path.is_file() and path.suffix != ".lock" and path.name != "identite")
    beside = ("e5b.log", "acts.jsonl")
    files = {
        path: path.read_bytes() for path in paths if kept / "network" not in path.parents and path.name not in beside
    }
    return {
        "containers": sorted((one.id, one.state) for one in centre.engine.containers(kind="*", room=name)),
        "images": [one.id for one in centre.engine.images(kind="copy", room=name)],
        "networks": centre.engine.networks(kind="network", room=name),
        "files": files,
    }


NOTHING: dict[str, Any] = {"containers": [], "images": [], "networks": {}, "files": {}}


def answers(program: Program) -> None:
    """The room is whole: `up` has nothing to do but to find its station answering."""
    ran = program.run(*UP, "--json")
    assert ran.code == 0, ran.err
    assert [one["state"] for one in json.loads(ran.out)["stations"]] == ["prêt"]


@contextmanager
def taken(port: int) -> Iterator[None]:
    """Another program listens there."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        yield


@pytest.mark.parametrize("which", ["first", "door"])
def test_a_port_in_use_is_told_with_its_number_and_leaves_nothing(program: Program, centre: Centre, which: str) -> None:
    port = centre.room.first_port if which == "first" else centre.room.examiner_port
    with taken(port):
        ran = program.run(*UP)
    assert ran.code == 3
    assert ran.sentence.startswith(f"Le port {port} est déjà pris par un autre programme de cette machine. Arrêtez-le")
    assert "« first_port » dans e5b.toml" in ran.sentence
    assert (
        f"Celui qui l'a : le programme « {Path('/proc/self/comm').read_text().strip()} » (processus {os.getpid()})"
        in ran.sentence
    )
    assert there(centre) == NOTHING


def test_a_port_of_another_room_is_told_with_the_command_that_closes_it(
    program: Program, centre: Centre, trial_station: Station
) -> None:
    other = replace(centre.room, name=f"{centre.room.name}-b")
    ran = program.run(*UP, "--room", other.name)
    assert ran.code == 3
    assert (
        f"l'entrée de la salle « {centre.room.name} » (« e5b down --room {centre.room.name} » la ferme)" in ran.sentence
    )


def test_a_port_at_which_nobody_listens_any_more_is_waited_for(
    program: Program, centre: Centre, trial: Golden, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[int] = []
    with socket.socket() as left:  # as a connection that has just ended leaves it
        left.bind(("127.0.0.1", centre.room.first_port))

        def start(engine: DockerEngine, container: str, stdin: bytes | None = None) -> None:
            try:
                started(engine, container, stdin)
            except PortTaken as error:
                refused.append(error.port)
                left.close()
                raise

        started = DockerEngine.start
        monkeypatch.setattr(DockerEngine, "start", start)
        (station,) = up(centre, 1, ["wordpress-a"], trial)
    assert refused == [centre.room.first_port]
    assert station.state == "prêt"


def test_a_station_that_does_not_exist_is_refused_with_those_that_do(
    program: Program, centre: Centre, trial_station: Station
) -> None:
    before = there(centre)
    for words in (["check"], ["reset"], ["credentials"], ["reset", "poste-01"]):
        ran = program.run(*words, "poste-7")
        assert ran.code == 2
        assert ran.sentence == "Le poste « poste-07 » n'existe pas. Postes de la salle : poste-01."
    assert there(centre) == before


def test_reset_while_another_command_works_on_the_station_is_refused_and_loses_nothing(
    program: Program, centre: Centre, trial_station: Station
) -> None:
    with centre.state.holding(centre.room.name, trial_station.name, "check"):
        before = there(centre)
        for words in (["reset", "poste-01"], ["reset", "--all"], ["check", "poste-01"], ["down"], UP):
            assert there(centre) == before
            ran = program.run(*words)
            assert ran.code == 2
            assert ran.sentence.startswith("poste-01 est occupé par « e5b check » depuis ")
            assert "Attendez qu'elle finisse, puis recommencez." in ran.sentence
        # `up` goes on with what else the room is to have, and lets the station be.
        assert set(before["containers"]) <= set(there(centre)["containers"])


@pytest.mark.parametrize("spoilt", ["", '{"user": 3}', "\udcff"])
def test_a_spoilt_file_of_the_state_hides_a_password_and_stops_nothing(
    program: Program, centre: Centre, trial_station: Station, spoilt: str
) -> None:
    (kept,) = (centre.state.folder / "stations").iterdir()
    kept.write_bytes(spoilt.encode(errors="surrogateescape"))
    ran = program.run("credentials", "poste-01")
    assert ran.code == 0
    assert "« e5b reset poste-01 » en donne un nouveau, sur un site neuf" in " ".join(ran.out.split())
    assert program.run("status").code == 0


@pytest.mark.parametrize("files", [1, 4])
def test_a_full_disk_of_the_state_leaves_the_room_as_it_was(
    program: Program, centre: Centre, trial_station: Station, tmp_path: Path, files: int
) -> None:
    before = there(centre)
    with small_disk(tmp_path / "full", files) as full:
        elsewhere = program.changed(E5B_STATE=str(full / "state"))
        for words in (["reset", "poste-01"], ["up", "2", "--subject", "wordpress-a"]):
            ran = elsewhere.run(*words)
            assert ran.code == 3
            assert f"Le disque de {full}/state" in ran.sentence
            assert "est plein : libérez de la place" in ran.sentence
    assert there(centre) == before


@pytest.mark.parametrize(("at", "times"), [("Entrée de la salle", 1), ("Démarrage de", 3)])
def test_up_interrupted_leaves_nothing(program: Program, centre: Centre, at: str, times: int) -> None:
    ran = program.interrupted(*UP, at=at, times=times)
    assert (ran.code, ran.sentence) == (130, INTERRUPTED)
    assert there(centre) == NOTHING
    answers(program)


def test_up_interrupted_keeps_the_stations_that_were_there(
    program: Program, centre: Centre, trial_station: Station
) -> None:
    before = there(centre)
    ran = program.interrupted("up", "2", "--subject", "wordpress-a", at="Démarrage de", by=signal.SIGTERM)
    assert (ran.code, ran.sentence) == (130, INTERRUPTED)
    assert there(centre) == before


def test_up_interrupted_before_its_proof_says_which_stations_are_there(program: Program, centre: Centre) -> None:
    ran = program.interrupted(*UP, at="Ce que les postes atteignent")
    assert ran.code == 130
    assert ran.sentence.startswith(
        "Interrompu : poste-01 est en place, mais ce qu'un poste atteint n'est pas contrôlé."
    )
    assert program.run(*UP).code == 0
    answers(program)


def test_reset_interrupted_has_one_station_that_answers(
    program: Program, centre: Centre, trial_station: Station
) -> None:
    ran = program.changed(interrupting("station.creation", "await_answer")).run("reset", "poste-01")
    assert ran.code == 130
    (one,) = centre.engine.containers(kind="station", room=centre.room.name)
    assert centre.state.credentials(one.id) is not None
    assert ran.sentence == INTERRUPTED if one.id == trial_station.container else ran.sentence.startswith(RENEWED)
    answers(program)


def test_the_full_proof_interrupted_leaves_no_twin(program: Program, centre: Centre, trial_station: Station) -> None:
    ran = program.interrupted("reset", "poste-01", "--verify", at="comparaison")
    assert ran.code == 130
    assert ran.sentence.startswith(RENEWED)
    assert not centre.engine.containers(kind="twin", room=centre.room.name)
    answers(program)


def test_down_interrupted_goes_to_its_end(program: Program, centre: Centre, trial_station: Station) -> None:
    ran = program.interrupted("down", at="Arrêt de poste-01", times=2)
    assert (ran.code, ran.sentence) == (130, INTERRUPTED)
    left = there(centre)
    if left != NOTHING:  # it had not begun
        assert [kind for kind in left if not left[kind]] == ["images"]
        answers(program)
    assert program.run("down").code == 0
    assert there(centre) == NOTHING


@pytest.mark.parametrize("at", ["wordpress-trial : archives", "installation en français"])
def test_build_interrupted_leaves_no_container_and_no_image(
    program: Program, engine: Engine, trial: Golden, at: str
) -> None:
    def images() -> list[str]:
        return [one.id for one in engine.images(kind="golden", stack=trial.stack)]

    before, workshops = images(), [one.id for one in engine.containers(kind="workshop")]
    ran = program.interrupted("build", trial.stack, "--anew", at=at)
    assert (ran.code, ran.sentence) == (130, INTERRUPTED)
    assert images() == before
    assert not {one.id for one in engine.containers(kind="workshop")} - set(workshops)


def test_an_image_of_debian_interrupted_leaves_nothing_that_goes_on(
    program: Program, engine: Engine, trial: Golden, tmp_path: Path
) -> None:
    pause = f"{10_000 + os.getpid() / 1e7:.7f}"  # seconds, and what tells it from any other's
    recipe = tmp_path / "Dockerfile"
    recipe.write_text(f"ARG BASE\nFROM ${{BASE}}\nRUN echo parti; sleep {pause}\n", encoding="utf-8")
    slow = (
        "from pathlib import Path\nfrom provisioner.engine.docker import images; from provisioner.build import stacks\n"
        "stacks._digest = lambda *_: 'essai'\n"
        "stacks.build_reporter = lambda progress: progress.step\n"
        "real = images.tar_of\n"
        f"images.tar_of = lambda context: real({{**context, 'Dockerfile': Path({str(recipe)!r})}})"
    )
    stack = stack_named(trial.stack)
    ran = program.changed(slow).interrupted("build", trial.stack, "--anew", at="s  parti", by=signal.SIGTERM)
    assert (ran.code, ran.sentence) == (130, INTERRUPTED)
    assert engine.image(f"e5b/runtime-{stack.cms}-{stack.suite}:essai") is None
    deadline = time.monotonic() + 30
    while left := running(pause):
        assert time.monotonic() < deadline, left
        time.sleep(0.2)


def running(word: str) -> list[str]:
    """What runs on this machine with this word in its command."""
    found = []
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            found.append(one.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
    return [told for told in found if word in told]
