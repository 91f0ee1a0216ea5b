"""Removes what is kept of candidates before a day, and writes down for good what was removed: no names.

What it will remove is written down before it begins, and once more when all of it is gone: a purge that was
killed is seen, and the next one ends it.
"""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Any, NotRequired, TypedDict

from provisioner.core.errors import UNFORESEEN, EvidenceLost, Refusal
from provisioner.core.records import RosterEntry, RosterRecord
from provisioner.engine.image_order import remove_images
from provisioner.engine.protocol import Engine
from provisioner.exam.roster import stem_of
from provisioner.host import debug_log
from provisioner.host.disk import disk_in_french, locked
from provisioner.leakcheck.refused_tries import shorten
from provisioner.station.identity import labels_in_name
from provisioner.station.state import REPORT_JSON, State

Entries = Sequence[RosterEntry]

#: Where browsers keep what they keep: see browser.py, and View.browser.
_TEMPORARY = Path("/tmp")


class ArchiveGone(TypedDict):
    """An archive that was removed, with its size in bytes."""

    file: str
    sha256: str
    bytes: int


class PurgeRecord(TypedDict):
    """What is written down of a purge for good: the archives that go, and how many of all else; `done` once all is gone."""

    at: str
    what: str
    before: str
    archives: list[ArchiveGone]
    reports: int
    lists: int
    documents: int
    tries: int
    records: int
    images: int
    profiles: int
    discards: int
    done: NotRequired[bool]


def purge(state: State, engine: Engine, before: date) -> PurgeRecord:
    """Remove all that is kept of the days before this one; the record of it.

    Refused while a candidate of those days still has a station, or may have one whose record is lost, or an archive is
    open.
    """
    if before > state.present().date():
        raise Refusal(f"Le {before:%d/%m/%Y} n'est pas encore passé : rien n'a été effacé.")
    old = _Old(state, before)
    with ExitStack() as locks:
        locks.enter_context(locked(state.folder / "locks" / "effacement.lock", "l'effacement", 0))
        for room in old.rooms():
            locks.enter_context(state.holding(room, "salle", "archive purge"))
        _nobody_there(state, engine, before)
        with disk_in_french(state.folder, EvidenceLost):
            doomed = _found(state, engine, old, before)
            record = doomed.record(state, old, before)
            state.log({**record, "done": False})
            _remove_files(state, old, doomed)
        state.reword(old.unnamed)
        debug_log.forget_before(state.folder, before)
        for container in doomed.containers:
            engine.remove(container)
        if errors := remove_images(engine, doomed.images):
            raise errors[0]
        done: PurgeRecord = {**record, "done": True}
        state.log(done)
    return done


@dataclass(frozen=True)
class _Doomed:
    """What a purge removes; `lists` has the candidates who stay on each list that goes or gets shorter, by room."""

    archives: Sequence[Path]
    reports: Sequence[Path]
    records: Sequence[Path]
    documents: Sequence[Path]
    profiles: Sequence[Path]
    lists: Mapping[str, Entries]
    containers: Sequence[str]
    images: Sequence[str]

    def record(self, state: State, old: "_Old", before: date) -> PurgeRecord:
        """What is written down of it for good: digests and numbers, no names."""
        return {
            "at": state.now(),
            "what": "purge",
            "before": before.isoformat(),
            "archives": [_archive_gone(path) for path in self.archives if path.suffix != ".sha256"],
            "reports": len(self.reports),
            "lists": sum(not kept for kept in self.lists.values()),
            "documents": len(self.documents),
            "tries": sum(len(old.tries(room)[1]) for room in old.rooms()),
            "records": len(self.records),
            "images": len(self.images),
            "profiles": len(self.profiles),
            "discards": sum(old.unnamed(act) != act for act in state.logged()),
        }


def _found(state: State, engine: Engine, old: "_Old", before: date) -> _Doomed:
    rooms = old.rooms()
    containers = _left_of_killed(engine, before, state.present().tzinfo)
    return _Doomed(
        archives=list(old.archives()),
        reports=list(old.reports()),
        records=list(old.records(engine)),
        documents=[path for room in rooms for path in old.documents(room)],
        profiles=list(old.profiles()),
        lists={room: kept for room in rooms for kept, shorter in [old.list_left(room)] if shorter},
        containers=containers,
        images=_images(state, engine, before, without=containers),
    )


def _remove_files(state: State, old: "_Old", doomed: _Doomed) -> None:
    for path in (*doomed.archives, *doomed.documents, *doomed.records):
        path.unlink(missing_ok=True)
    for folder in doomed.reports:
        shutil.rmtree(folder)
    for folder in doomed.profiles:
        shutil.rmtree(folder, ignore_errors=True)  # another user's, or a browser's that still runs
    for room in doomed.lists:
        _shorten(state, room, old)
    for room in old.rooms():
        with locked(state.folder / "locks" / f"{room}-reseau.lock", "le journal du réseau", 60):
            stay, gone = old.tries(room)
            if gone:
                shorten(state.folder, room, stay)


class _Old:
    """What a state folder keeps of the days before one."""

    def __init__(self, state: State, before: date) -> None:
        self._folder, self._before, self._zone = state.folder, before, state.present().tzinfo
        self._archives = state.archives

    def rooms(self) -> list[str]:
        """Every room of which something is kept."""
        found = [
            *self._folder.glob("rosters/*.json"),
            *self._folder.glob("network/*.jsonl"),
            *self._folder.glob("documents/*/"),
        ]
        return sorted({path.stem for path in found})

    def archives(self) -> Iterator[Path]:
        """Their names hold the day: an encrypted one tells no other. Those of candidates who stay on a list stay too.

        The machine's date may have been wrong on the day of the exam, the list's is right.
        """
        lists = [self._list(room) for room in self.rooms()]
        staying = {entry.archived for kept, _, _ in lists for entry in kept}
        leaving = {entry.archived for _, gone, _ in lists for entry in gone} - staying - {""}
        for path in sorted(self._archives.iterdir()):
            if path.name.removesuffix(".sha256") in staying:
                continue
            found = re.search(r"-(\d{8})-\d{6}(-\d+)?\.e5b\.zip", path.name)
            old = found and self._is_old(found[1])
            if path.is_file() and (old or path.name.removesuffix(".sha256") in leaving):  # one may be made a day later
                yield path

    def reports(self) -> Iterator[Path]:
        """Their folders are named by their moment; the work may be of an earlier day."""
        for path in sorted(self._folder.glob("reports/*/*/*")):
            if (found := re.match(r"(\d{8})-\d{6}", path.name)) and path.is_dir():
                try:
                    taken_at = json.loads((path / REPORT_JSON).read_bytes())["taken_at"]
                    day = f"{datetime.fromisoformat(taken_at):%Y%m%d}"
                except (OSError, ValueError, KeyError, TypeError):
                    day = found[1]
                if self._is_old(day):
                    yield path

    def records(self, engine: Engine) -> Iterator[Path]:
        """What is known of containers that are gone."""
        there = {one.id[:24] for one in engine.containers(kind="*")}
        for path in sorted(self._folder.glob("stations/*")):
            if path.name.partition(".")[0] not in there and self._written_before(path):
                yield path
        for path in (*self._folder.glob("rosters/*.illisible"), self._folder / UNFORESEEN):
            if path.exists() and self._written_before(path):
                yield path

    def profiles(self) -> Iterator[Path]:
        """What browsers kept of candidates' sites: killed ones of examinations, and those that looked at archives."""
        for path in sorted(_TEMPORARY.glob("e5b-*")):
            ours = re.fullmatch(r"e5b-(navigateur-.+|[0-9a-f]{10})", path.name)
            if ours and path.is_dir() and not path.is_symlink() and self._written_before(path):
                yield path

    def list_left(self, room: str) -> tuple[Entries, bool]:
        """The candidates who stay on a room's list, and whether it goes or gets shorter."""
        kept, gone, spoilt = self._list(room)
        return kept, bool(gone) or spoilt

    def _list(self, room: str) -> tuple[Entries, Entries, bool]:
        """The candidates who stay on a room's list, those who leave it, and whether it goes with nobody leaving it."""
        path = self._folder / "rosters" / f"{room}.json"
        try:
            roster = RosterRecord.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            return [], [], False
        except ValueError:  # nobody can read it, and it holds names all the same
            return [], [], self._written_before(path)
        entries = [*roster.entries, *roster.dropped]
        staying = self.staying(entries)
        kept = [entry for entry in roster.entries if entry in staying]
        return kept, [entry for entry in entries if entry not in staying], not entries

    def dropped(self, room: str) -> Entries:
        """Those whom another list may bring back, with the password of their printed sheet."""
        with suppress(OSError, ValueError):
            roster = RosterRecord.model_validate_json((self._folder / "rosters" / f"{room}.json").read_bytes())
            return self.staying(roster.dropped)
        return []

    def staying(self, entries: Entries) -> Entries:
        """Those who aren't expected before the day."""
        return [entry for entry in entries if entry.at.date() >= self._before]

    def documents(self, room: str) -> Iterator[Path]:
        """A room's documents that aren't of a candidate who stays; where nobody goes, only those of before."""
        kept, shorter = self.list_left(room)
        mine = tuple(stem_of(one) for one in (*kept, *self.dropped(room)))
        for path in sorted(self._folder.glob(f"documents/{room}/**/*")):
            name = path.name.removeprefix("candidat-")
            if path.is_file() and not name.startswith(mine) and (shorter or self._written_before(path)):
                yield path

    def tries(self, room: str) -> tuple[list[str], list[str]]:
        """The lines of the network's record that stay, and those that go."""
        try:
            text = (self._folder / "network" / f"{room}.jsonl").read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return [], []
        lines = [line for line in text.split("\n") if line]  # a try may hold what others take for a line's end
        left = [line for line in lines if not self._is_an_old_line(line)]
        return left, [line for line in lines if self._is_an_old_line(line)]

    def unnamed(self, act: Mapping[str, Any]) -> dict[str, Any]:
        """A line of what was written down for good; of before, without whose work was thrown away and why."""
        try:
            old = self._is_old_moment(act["at"])
        except (ValueError, KeyError, TypeError):
            old = False
        hidden = {key: "" for key in ("candidate", "why") if key in act}
        return {**act, **hidden} if old else dict(act)

    def _is_an_old_line(self, line: str) -> bool:
        try:
            return self._is_old_moment(json.loads(line)["at"])
        except (ValueError, KeyError, TypeError):  # cut short by a power cut: nobody reads it any more
            return True

    def _is_old_moment(self, at: str) -> bool:
        return datetime.fromisoformat(at).astimezone(self._zone).date() < self._before

    def _is_old(self, digits: str) -> bool:
        return datetime.strptime(digits, "%Y%m%d").date() < self._before

    def _written_before(self, path: Path) -> bool:
        return datetime.fromtimestamp(path.stat().st_mtime, self._zone).date() < self._before


def _nobody_there(state: State, engine: Engine, before: date) -> None:
    if engine.containers(view="*"):
        raise Refusal("Des archives sont ouvertes : refermez-les avec « e5b archive close ». Rien n'a été effacé.")
    there, unknown, rooms = [], [], set[str]()
    for one in (container for kind in ("station", "spare") for container in engine.containers(kind=kind)):
        record, room = state.record(one.id), one.labels["e5b.room"]
        if record.candidate and record.candidate.at.date() < before:
            there.append(f"{record.station} (salle {room})")
            rooms.add(room)
        # Another state folder's has its record there, and its own purge; where no folder's is told, nobody sits.
        mine = one.labels.get("e5b.owner", state.id) == state.id
        if mine and record.unknown and one.started and _day(one.created, state.present().tzinfo) < before:
            labels = {**one.labels, **(labels_in_name(one) if one.labels["e5b.kind"] == "spare" else {})}
            unknown.append(f"{labels.get('e5b.station', 'un poste de réserve')} (salle {room})")
            rooms.add(room)
    told = []
    if there:
        told.append(
            f"Un candidat d'avant le {before:%d/%m/%Y} a encore son poste : {', '.join(sorted(there))}. Archivez-le, puis "
            "retirez-le avec « e5b reset » ou « e5b down »."
        )
    if unknown:
        told.append(
            f"On ne sait plus de qui est un poste d'avant le {before:%d/%m/%Y}, et un candidat a pu y travailler : "
            f"{', '.join(sorted(unknown))}. Archivez avec « e5b archive make --all », puis retirez tout avec « e5b down »."
        )
    told += [f"À ces commandes, ajoutez « --room {room} » pour la salle {room}." for room in sorted(rooms - {"salle"})]
    if told:
        raise Refusal(f"{' '.join(told)} Rien n'a été effacé.")


def _left_of_killed(engine: Engine, before: date, zone: tzinfo | None) -> list[str]:
    """The containers of archives and examinations that were killed: each holds a candidate's whole station."""
    left = [one for kind in ("sealing", "copy") for one in engine.containers(kind=kind)]
    return [one.id for one in left if _day(one.created, zone) < before]


def _images(state: State, engine: Engine, before: date, without: Sequence[str]) -> list[str]:
    """What commands that were killed left of candidates' stations in the engine; never a snapshot of who is there."""
    there = [one for one in engine.containers(kind="*") if one.id not in without]
    in_use = {one.image for one in there}
    sittings = {state.record(one.id).sitting for one in there} - {""}
    found = [one for kind in ("sealing", "copy", "view", "snapshot") for one in engine.images(kind=kind)]
    return [
        one.id
        for one in found
        if _day(one.created, state.present().tzinfo) < before
        and one.id not in in_use
        and one.labels.get("e5b.sitting") not in sittings
    ]


def _day(created: str, zone: tzinfo | None) -> date:
    return datetime.fromisoformat(created).astimezone(zone).date()


def _archive_gone(path: Path) -> ArchiveGone:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"file": path.name, "sha256": digest, "bytes": path.stat().st_size}


def _shorten(state: State, room: str, old: _Old) -> None:
    with state.changing_roster(room):
        kept, _ = old.list_left(room)  # as it is by now: another command may have changed it
        dropped = old.dropped(room)
        if kept or dropped:
            roster = state.roster(room) or RosterRecord()
            # What its warnings say may name who goes.
            shorter = {"entries": tuple(kept), "dropped": tuple(dropped), "warnings": ()}
            state.keep_roster(room, roster.model_copy(update=shorter))
            return
        (state.folder / "rosters" / f"{room}.json").unlink(missing_ok=True)
        shutil.rmtree(state.folder / "documents" / room, ignore_errors=True)
