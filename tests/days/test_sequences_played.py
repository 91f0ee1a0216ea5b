"""Days of acts on real stations; see tests/sequences.py. `E5B_SEQUENCES=50` plays more of them."""

import io
import os
import subprocess
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import zstandard

from provisioner.archive import archiving
from provisioner.archive.archives import LAYER, Archive, write_archive
from provisioner.archive.verifying import read_archive
from provisioner.core.errors import ArchiveSpoilt, EngineError, EngineUnavailable
from provisioner.core.model import Golden
from provisioner.core.records import Candidate
from provisioner.engine.protocol import ContainerState, Engine
from provisioner.exam.list_update import save_roster
from provisioner.exam.open_room import open_for_kept_list
from provisioner.exam.roster import Roster
from provisioner.host.paths import Paths
from provisioner.host.settings import Settings
from provisioner.network.room import Room
from provisioner.station import sittings
from provisioner.station.centre import Centre, stations
from provisioner.station.lifecycle import down
from provisioner.station.state import State
from tests.sequences import ROOM, done_kinds, play, refuse_all
from tests.unit.exam_room import ZONE, entry

TIMES = int(os.environ.get("E5B_SEQUENCES", "5"))
#: As in memory, by candidates of the trial edition's CMS: the third place has two series.
THREE_SERIES = Roster(
    tuple(
        entry(str(number), "wordpress-a", place, hour)
        for number, (place, hour) in enumerate(
            ((1, 9), (2, 9), (3, 9), (1, 10), (2, 10), (3, 10), (1, 11), (2, 11)), start=1
        )
    ),
    (),
)
#: What candidates save: a line each time, of whoever works at the station.
WORK = "/var/www/html/travail.txt"


@dataclass
class RealRoom:
    """The room of such a day on real stations: what fails in it fails before the engine is asked."""

    centre: Centre
    patch: pytest.MonkeyPatch
    saved: set[str] = field(default_factory=set)

    def save(self) -> None:
        """Whoever may work saves a line; only what the station took counts."""
        for station in stations(self.centre):
            running = self.centre.state.record(station.container).running
            if running and not running.over(self.centre.state.present()):
                line = f"{_whose(self.centre.state.record(station.container).candidate)}{len(self.saved)}"
                words = ["docker", "exec", "-u", "www-data", station.container, "sh", "-c", f"echo {line} >>{WORK}"]
                if subprocess.run(words, capture_output=True).returncode == 0:
                    self.saved.add(line)

    def ever_saved(self) -> set[str]:
        """What stations took."""
        return set(self.saved)

    def everything_saved(self) -> set[str]:
        """What is in a container that is there, or in an archive that is there and that the journal has, as its candidate's."""
        kept, state = set[str](), self.centre.state
        for container in self._containers():
            whose = _whose(state.record(container.id).candidate)
            kept |= _lines(self.centre.engine.get(container.id, WORK), whose)
        for line in state.logged():
            path = state.archives / str(line.get("file"))
            if line["what"] == "archive" and path.is_file():
                kept |= _lines(_in_archive(path), _whose(read_archive(state, path, path).manifest.candidate))
        return kept

    def everything(self) -> Any:
        """The containers, their records and the list."""
        state, room = self.centre.state, self.centre.room.name
        there = sorted(one.id for one in self._containers())
        return there, [state.record(container) for container in there], state.entries(room)

    def _containers(self) -> list[ContainerState]:
        """Those of stations: a spare that was handed over is one by its record alone."""
        return sittings.containers_of(self.centre.engine, self.centre.state, self.centre.room.name)

    @contextmanager
    def failing(self, fault: str, station: str) -> Iterator[None]:
        """See sequences.Room."""

        def cannot_write(centre: Centre, container: ContainerState) -> Archive:
            if container.labels["e5b.station"] != station:
                return write_archive(centre, container)
            if fault == "archive":
                raise ArchiveSpoilt("L'archive ne peut pas servir.")
            raise EngineUnavailable("Le moteur ne répond pas.")

        def cannot(*_: object, **__: object) -> None:
            raise EngineError(f"{fault} a échoué")

        with self.patch.context() as patch:
            if fault in ("archive", "engine"):
                patch.setattr(archiving, "write_archive", cannot_write)
            elif fault:
                patch.setattr(type(self.centre.engine), fault, cannot)
            yield


def _whose(candidate: Candidate | None) -> str:
    """What each line begins with that this candidate saved."""
    return f"{candidate.number if candidate else 'personne'}-"


def _lines(text: bytes | None, whose: str) -> set[str]:
    lines = set((text or b"").decode().split())
    assert all(line.startswith(whose) for line in lines), f"{lines} passes for the work of {whose}"
    return lines


def _in_archive(path: Path) -> bytes:
    with zipfile.ZipFile(path) as bundle, bundle.open(LAYER) as layer:
        plain = zstandard.ZstdDecompressor().stream_reader(layer).read()
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        found = [entry for entry in tar if entry.name.strip("/") == WORK.strip("/")]
        file = tar.extractfile(found[0]) if found else None
        return file.read() if file else b""


@pytest.fixture
def room(engine: Engine, trial: Golden, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RealRoom]:
    """The room at eight in the morning, each station for the first candidate of its place."""
    now, paths = tmp_path / "now", Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml")
    now.write_text("2026-05-21T08:00:00+02:00")
    made = Room.on_free_ports(f"suite-{os.getpid()}", 3)
    paths.settings.write_text(f'room = "{made.name}"\nfirst_port = {made.first_port}\nplaces = 3\n')
    for name, value in (("E5B_NOW", now), ("E5B_STATE", paths.state), ("E5B_CONFIG", paths.settings)):
        monkeypatch.setenv(name, str(value))
    centre = Centre(engine, Settings(editions={"wordpress": trial.stack}), State(paths, ZONE), made)
    try:
        save_roster(centre, THREE_SERIES, "liste.csv")
        opened = open_for_kept_list(centre, lambda _: trial)
        assert not opened.errors
        assert [station.name for station in opened.stations] == ROOM
        yield RealRoom(centre, monkeypatch)
    finally:
        down(centre, discard="fin d'un essai")


@pytest.mark.browser
@pytest.mark.parametrize("seed", range(TIMES))
def test_whatever_is_pressed_no_work_is_lost_and_nobody_left_out_without_a_reason(room: RealRoom, seed: int) -> None:
    played = play(room, seed)
    refuse_all(played, seed)
    assert done_kinds(played)
    assert room.ever_saved() or seed % 3 == 0  # only most days begin as they should
