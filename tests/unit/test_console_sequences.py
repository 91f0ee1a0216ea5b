"""A thousand days of acts on an engine in memory; see tests/sequences.py. The use-cases themselves run."""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, nullcontext
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from provisioner.console import series_change
from provisioner.core import batches, interruption
from provisioner.core.documents import Record
from provisioner.core.errors import Busy
from provisioner.core.model import Verdict
from provisioner.core.records import Examined, SittingRecord
from provisioner.station import access, act_book, freezing, spares
from provisioner.station import state as state_module
from provisioner.station.centre import Centre, station_named
from provisioner.station.state import State
from tests.sequences import WEIGHTS, done_kinds, play, refuse_all
from tests.unit.day_room import Day, day

SEQUENCES = 1000


class AtOnce:
    """A pool that does what is submitted at once, in its order: what comes of a seed is then always the same."""

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def __enter__(self) -> "AtOnce":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def submit(self, run: Callable[..., Any], *args: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        try:
            future.set_result(run(*args))
        except Exception as error:
            future.set_exception(error)
        return future

    def shutdown(self, **_: object) -> None:
        pass


@contextmanager
def in_memory() -> Iterator[pytest.MonkeyPatch]:
    """One thread, no locks on the disk (but a station that is held is), no waiting for the disk."""
    held = set[str]()

    @contextmanager
    def holding(_: State, room: str, name: str, command: str) -> Iterator[None]:
        if name in held:
            raise Busy(f"{name} est occupé par « e5b {command} ».")
        held.add(name)
        try:
            yield
        finally:
            held.discard(name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.fsync", lambda _: None)
        patch.setattr(State, "holding", holding)
        _parse_once(patch)
        for module in (access, act_book, freezing, state_module):
            patch.setattr(module, "locked", lambda *_, **__: nullcontext())
        for pool_of in (batches, interruption, spares):
            patch.setattr(pool_of, "ThreadPoolExecutor", AtOnce)
        patch.setattr("provisioner.examination.examine.examine", _examine)
        patch.setattr("provisioner.examination.examine_archive.examine_archive", _examine_archive)
        patch.setattr(series_change._Change, "_write_sheets", lambda *_: None)
        patch.setattr(series_change, "_examined_after", lambda _: Morning.examined_after)
        yield patch


def _parse_once(patch: pytest.MonkeyPatch) -> None:
    """Have a document of the state folder be parsed once for each time that it is written: a day reads it a thousand times."""
    read, forget, write = State.record, State.forget, State._write_document

    def record(state: State, container: str) -> SittingRecord:
        path = state._station(container)
        if path not in _parsed:
            _parsed[path] = read(state, container)
        return _parsed[path]

    def written(state: State, path: Path, document: Record) -> None:
        _parsed.pop(path, None)
        write(state, path, document)

    def forgotten(state: State, container: str) -> None:
        _parsed.pop(state._station(container), None)
        forget(state, container)

    patch.setattr(State, "record", record)
    patch.setattr(State, "_write_document", written)
    patch.setattr(State, "forget", forgotten)


#: See _parse_once.
_parsed: dict[Path, SittingRecord] = {}


def _document() -> dict[str, Any]:
    return {"questions": [{"checks": [{"findings": [{"verdict": str(Verdict.MET)}]}]}]}


def _examine(centre: Centre, name: str, *_: object) -> dict[str, Any]:
    with centre.state.holding(centre.room.name, name, "check"):
        container = station_named(centre, name).container
        reports = (*centre.state.record(container).reports, "rapport")
        centre.state.note(container, reports=reports, examined_at=centre.state.now())
    return _document()


def _examine_archive(centre: Centre, path: Path, **_: object) -> dict[str, Any]:
    entries = [entry for entry in centre.state.entries(centre.room.name) if entry.archived == path.name]
    assert entries, f"{path.name} is nobody's last archive"
    centre.state.mark(centre.room.name, entries[0].key, examined=Examined(archive=path.name, report="rapport"))
    return _document()


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Morning"]:
    """The room at eight, made once."""
    with in_memory() as patch:
        yield Morning(day(tmp_path_factory.mktemp("room"), patch))


class Morning:
    """The room as it is before the first candidate, to begin each day from.

    `examined_after`: whether the day's archives can be examined.
    """

    examined_after = True

    def __init__(self, room: Day) -> None:
        self.room, self._engine = room, deepcopy(room.engine.__dict__)
        self._kept = room.centre.state.folder.with_name("kept")
        shutil.copytree(room.centre.state.folder, self._kept)

    def again(self) -> Day:
        """The room once more as it was made."""
        _parsed.clear()
        folder = self.room.centre.state.folder
        shutil.rmtree(folder)
        shutil.copytree(self._kept, folder)
        self.room.engine.__dict__.update(deepcopy(self._engine))
        self.room.work = 0
        self.room.cannot_archive.clear()
        return self.room


@pytest.mark.parametrize("tenth", range(10))
def test_whatever_is_pressed_no_work_is_lost_and_nobody_left_out_without_a_reason(morning: Morning, tenth: int) -> None:
    done = set[str]()
    for seed in range(tenth * SEQUENCES // 10, (tenth + 1) * SEQUENCES // 10):
        Morning.examined_after = seed % 2 == 0
        played = play(morning.again(), seed)
        refuse_all(played, seed)
        done |= done_kinds(played)
    assert done == set(WEIGHTS)  # each kind could be done somewhere
