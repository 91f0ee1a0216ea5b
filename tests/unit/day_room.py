"""A room in memory in which candidates of a list work, for tests of a whole day: the use-cases run, no archive is packed.

What a candidate saves is known by its container and follows it into images and archives, so that a test can say whether any
of it is lost.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from provisioner.archive import archiving
from provisioner.archive.archives import SUFFIX, Archive
from provisioner.archive.golden_images import GoldenImages
from provisioner.archive.manifest import Manifest
from provisioner.core.errors import ArchiveSpoilt, EngineUnavailable
from provisioner.core.model import Conformity, Golden
from provisioner.engine.protocol import ContainerSpec, ContainerState
from provisioner.exam import reset as exam_reset
from provisioner.exam import times, working_time
from provisioner.exam.list_update import save_roster
from provisioner.exam.roster import Roster
from provisioner.exam.seating import assign_stations
from provisioner.network.room import Room
from provisioner.station import lifecycle, snapshots, spares
from provisioner.station.centre import Centre, station_named, stations
from provisioner.station.state import State
from tests.unit.exam_room import entry, exam_room
from tests.unit.fake_engine import FakeEngine
from tests.unit.samples import manifest

#: Three places; the third has two series, as its last candidate comes by himself.
THREE_SERIES = Roster(
    (
        entry("1", "wordpress-a", 1, 9),
        entry("2", "prestashop-a", 2, 9),
        entry("3", "wordpress-a", 3, 9),
        entry("4", "prestashop-a", 1, 10),
        entry("5", "prestashop-a", 2, 10),
        entry("6", "wordpress-a", 3, 10),
        entry("7", "wordpress-a", 1, 11),
        entry("8", "wordpress-a", 2, 11),
    ),
    (),
)


@dataclass
class WorkingEngine(FakeEngine):
    """An engine that knows what was saved in each container and image; `spoilt`: whose containers can't be archived."""

    saved: dict[str, frozenset[str]] = field(default_factory=lambda: defaultdict(frozenset))

    def create(self, spec: ContainerSpec) -> str:
        made = super().create(spec)
        self.saved[made] = self.saved[spec.image]
        return made

    def commit(self, container: str, tag: str | None, labels: object, changes: Sequence[str] = ()) -> str:
        image = super().commit(container, tag, labels, changes)  # type: ignore[arg-type]
        self.saved[image] = self.saved[container]
        return image


@dataclass
class Day:
    """The room on its day: `cannot_archive` are the stations of which an archive fails, by its error."""

    centre: Centre
    cannot_archive: dict[str, Exception] = field(default_factory=dict)
    work: int = 0

    @property
    def engine(self) -> WorkingEngine:
        assert isinstance(self.centre.engine, WorkingEngine)
        return self.centre.engine

    def save(self) -> None:
        """Every candidate whose time runs saves something."""
        for station in stations(self.centre):
            running = self.centre.state.record(station.container).running
            if running and not running.over(self.centre.state.present()):
                self.work += 1
                self.engine.saved[station.container] |= {f"{station.name}-{self.work}"}

    def ever_saved(self) -> set[str]:
        """What was saved in any container since the morning."""
        return {piece for pieces in self.engine.saved.values() for piece in pieces}

    def everything_saved(self) -> set[str]:
        """What is in a container that is there, or in an archive that is there and that the journal has."""
        kept = {saved for box in self.engine.boxes for saved in self.engine.saved[box]}
        for line in self.centre.state.logged():
            path = self.centre.state.archives / str(line.get("file"))
            if line["what"] == "archive" and path.is_file():
                with suppress(ValueError):  # spoilt by a test
                    kept |= set(json.loads(path.read_text())["saved"])
        return kept

    def everything(self) -> Any:
        """Containers, their records and the list, to compare with later."""
        state, boxes = self.centre.state, self.engine.boxes
        return deepcopy(boxes), {box: state.record(box) for box in boxes}, state.entries(self.centre.room.name)

    @contextmanager
    def failing(self, fault: str, station: str) -> Iterator[None]:
        """Have the station's archive fail, or what the engine is asked by that name, until this is left."""
        if fault == "archive":
            self.cannot_archive[station] = ArchiveSpoilt("L'archive ne peut pas servir.")
        elif fault == "engine":
            self.cannot_archive[station] = EngineUnavailable("Le moteur ne répond pas.")
        else:
            self.engine.fail = fault
        try:
            yield
        finally:
            self.engine.fail = ""
            self.cannot_archive.clear()

    def write_archive(self, centre: Centre, container: ContainerState) -> Archive:
        """An archive that is what was saved and the manifest."""
        name = container.labels["e5b.station"]
        if name in self.cannot_archive:
            raise self.cannot_archive[name]
        record = centre.state.record(container.id)
        taken_at = record.aside.at if record.aside else datetime.fromisoformat(centre.state.now())
        number = len(list(centre.state.archives.glob(f"*{SUFFIX}")))
        path = centre.state.archives / f"salle-{name}-{container.id[:6]}-{taken_at:%Y%m%d-%H%M%S}-{number}{SUFFIX}"
        written = manifest(
            name=path.name,
            station=name,
            place=int(container.labels["e5b.place"]),
            taken_at=taken_at,
            sealed_at=taken_at,
            candidate=record.candidate,
            clock=record.clock or None,
            events=record.events or None,
            aside=record.aside.why if record.aside else None,
            rehearsal=True,
        )
        document = {"saved": sorted(self.engine.saved[container.id]), "manifest": written.document()}
        path.write_text(json.dumps(document))
        return Archive(path, written, hashlib.sha256(path.read_bytes()).hexdigest())


def read_archive(state: State, path: Path, file: Path) -> Archive:
    """An archive of `Day.write_archive`, as it is on the disk."""
    try:
        read = Manifest.model_validate(json.loads(path.read_text())["manifest"])
    except ValueError as error:
        raise ArchiveSpoilt(f"L'archive {path.name} ne peut pas servir.") from error
    return Archive(path, read, hashlib.sha256(path.read_bytes()).hexdigest())


def day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, roster: Roster = THREE_SERIES) -> Day:
    """The room at eight in the morning, each station for the first candidate of its place."""
    made = exam_room(tmp_path, monkeypatch)
    centre = Centre(WorkingEngine(), made.settings, made.state, Room("salle", "localhost", "127.0.0.1", 8101, 3))
    room = Day(centre)
    golden_at = datetime(2026, 5, 20, tzinfo=UTC)

    def golden(_: object, stack: str) -> Golden:
        return Golden(stack, f"sha256:{stack}", golden_at, Conformity(), {})

    for module in (snapshots, spares):
        monkeypatch.setattr(module, "await_answer", lambda *_, **__: None)
    for module in (times, exam_reset):
        monkeypatch.setattr(module, "ensure_running", lambda _: None)
    monkeypatch.setattr(lifecycle, "ensure_firewall", lambda *_: None)
    monkeypatch.setattr(spares, "compare", lambda *_: None)
    monkeypatch.setattr(exam_reset, "collect_and_report", lambda *_: None)
    monkeypatch.setattr(exam_reset, "require_golden", lambda _, stack: golden(_, stack.id))
    monkeypatch.setattr(working_time, "_SURE", 1)
    monkeypatch.setattr(working_time, "why_closed", lambda _, place: _why_closed(centre, place))
    monkeypatch.setattr(archiving, "write_archive", room.write_archive)
    monkeypatch.setattr(archiving, "read_archive", read_archive)
    monkeypatch.setattr(archiving, "keep_golden", lambda *_: None)
    monkeypatch.setattr(GoldenImages, "ensure_usable", lambda *_: None)
    save_roster(centre, roster, "liste.csv")
    assign_stations(centre)
    return room


def _why_closed(centre: Centre, place: int) -> str:
    running = centre.state.record(station_named(centre, f"poste-{place:02}").container).running
    return "over" if running and running.over(centre.state.present()) else ""
