"""Removes what is kept of candidates before a day, and logs in `journal.jsonl` what was removed, without names.

What it will remove is logged before it begins, and once more when all is removed: so a purge that was killed is seen,
and the next one finishes it.
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

#: Where browsers have their profiles: see browser.py, and View.browser.
_TEMPORARY = Path("/tmp")


class ArchiveGone(TypedDict):
    """An archive that was removed, with its size in bytes."""

    file: str
    sha256: str
    bytes: int


class PurgeRecord(TypedDict):
    """A purge's entry of `journal.jsonl`: the removed archives, and the number of all else; `done` after all is removed."""

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
    """Remove all that is kept of the days before this one; the entry that is logged.

    Refused while a candidate of those days has a station, or may have one whose record is lost, and while an archive is
    open.
    """
    if before > state.present().date():
        raise Refusal(f"Le {before:%d/%m/%Y} n'est pas encore passé : rien n'a été effacé.")
    old_data = _Old(state, before)
    with ExitStack() as locks:
        locks.enter_context(locked(state.folder / "locks" / "effacement.lock", "l'effacement", 0))
        for room in old_data.rooms():
            locks.enter_context(state.holding(room, "salle", "archive purge"))
        _refuse_while_in_use(state, engine, before)
        with disk_in_french(state.folder, EvidenceLost):
            doomed = _list_doomed(state, engine, old_data, before)
            record = doomed.record(state, old_data, before)
            state.log({**record, "done": False})
            _remove_files(state, old_data, doomed)
        state.reword(old_data.unnamed)
        debug_log.forget_before(state.folder, before)
        for container in doomed.containers:
            engine.remove(container)
        if errors := remove_images(engine, doomed.images):
            raise errors[0]
        finished: PurgeRecord = {**record, "done": True}
        state.log(finished)
    return finished


@dataclass(frozen=True)
class _Doomed:
    """What a purge removes; `lists` has, by room, the candidates who stay on each list that is shortened or removed."""

    archives: Sequence[Path]
    reports: Sequence[Path]
    records: Sequence[Path]
    documents: Sequence[Path]
    profiles: Sequence[Path]
    lists: Mapping[str, Entries]
    containers: Sequence[str]
    images: Sequence[str]

    def record(self, state: State, old_data: "_Old", before: date) -> PurgeRecord:
        """The entry to log of it: digests and numbers, no names."""
        return {
            "at": state.now(),
            "what": "purge",
            "before": before.isoformat(),
            "archives": [_archive_gone(path) for path in self.archives if path.suffix != ".sha256"],
            "reports": len(self.reports),
            "lists": sum(not staying for staying in self.lists.values()),
            "documents": len(self.documents),
            "tries": sum(len(old_data.tries(room)[1]) for room in old_data.rooms()),
            "records": len(self.records),
            "images": len(self.images),
            "profiles": len(self.profiles),
            "discards": sum(old_data.unnamed(entry) != entry for entry in state.logged()),
        }


def _list_doomed(state: State, engine: Engine, old_data: "_Old", before: date) -> _Doomed:
    rooms = old_data.rooms()
    containers = _abandoned_containers(engine, before, state.present().tzinfo)
    return _Doomed(
        archives=list(old_data.archives()),
        reports=list(old_data.reports()),
        records=list(old_data.records(engine)),
        documents=[path for room in rooms for path in old_data.documents(room)],
        profiles=list(old_data.profiles()),
        lists={room: staying for room in rooms for staying, shorter in [old_data.list_left(room)] if shorter},
        containers=containers,
        images=_images(state, engine, before, without=containers),
    )


def _remove_files(state: State, old_data: "_Old", doomed: _Doomed) -> None:
    for path in (*doomed.archives, *doomed.documents, *doomed.records):
        path.unlink(missing_ok=True)
    for folder in doomed.reports:
        shutil.rmtree(folder)
    for folder in doomed.profiles:
        shutil.rmtree(folder, ignore_errors=True)  # another user's, or a browser's that still runs
    for room in doomed.lists:
        _shorten(state, room, old_data)
    for room in old_data.rooms():
        with locked(state.folder / "locks" / f"{room}-reseau.lock", "le journal du réseau", 60):
            young_lines, old_lines = old_data.tries(room)
            if old_lines:
                shorten(state.folder, room, young_lines)


class _Old:
    """Finds what a state folder keeps of the days before one."""

    def __init__(self, state: State, before: date) -> None:
        self._folder, self._before, self._zone = state.folder, before, state.present().tzinfo
        self._archives = state.archives

    def rooms(self) -> list[str]:
        """Every room of which something is kept."""
        paths = [
            *self._folder.glob("rosters/*.json"),
            *self._folder.glob("network/*.jsonl"),
            *self._folder.glob("documents/*/"),
        ]
        return sorted({path.stem for path in paths})

    def archives(self) -> Iterator[Path]:
        """The archives to remove, by the day in their names, since encrypted ones say no other.

        An archive of a candidate who stays on a list stays, and one of a candidate who leaves it goes: the machine's date
        may have been wrong on the day of the exam, the list's is right.
        """
        lists = [self._list(room) for room in self.rooms()]
        staying = {entry.archived for stay, _, _ in lists for entry in stay}
        leaving = {entry.archived for _, leave, _ in lists for entry in leave} - staying - {""}
        for path in sorted(self._archives.iterdir()):
            if path.name.removesuffix(".sha256") in staying:
                continue
            date = re.search(r"-(\d{8})-\d{6}(-\d+)?\.e5b\.zip", path.name)
            is_old = date and self._is_old(date[1])
            if path.is_file() and (
                is_old or path.name.removesuffix(".sha256") in leaving
            ):  # an archive may be made a day later
                yield path

    def reports(self) -> Iterator[Path]:
        """The folders of reports, by when the examined work was taken; that may be a day before the folder's name."""
        for path in sorted(self._folder.glob("reports/*/*/*")):
            if (date := re.match(r"(\d{8})-\d{6}", path.name)) and path.is_dir():
                try:
                    taken_at = json.loads((path / REPORT_JSON).read_bytes())["taken_at"]
                    day = f"{datetime.fromisoformat(taken_at):%Y%m%d}"
                except (OSError, ValueError, KeyError, TypeError):
                    day = date[1]
                if self._is_old(day):
                    yield path

    def records(self, engine: Engine) -> Iterator[Path]:
        """The records of containers that no longer exist, and other files that may hold names."""
        containers = {container.id[:24] for container in engine.containers(kind="*")}
        for path in sorted(self._folder.glob("stations/*")):
            if path.name.partition(".")[0] not in containers and self._written_before(path):
                yield path
        for path in (*self._folder.glob("rosters/*.illisible"), self._folder / UNFORESEEN):
            if path.exists() and self._written_before(path):
                yield path

    def profiles(self) -> Iterator[Path]:
        """Profiles of browsers, with candidates' sites: of examinations that were killed, and of opened archives."""
        for path in sorted(_TEMPORARY.glob("e5b-*")):
            match = re.fullmatch(r"e5b-(navigateur-.+|[0-9a-f]{10})", path.name)
            if match and path.is_dir() and not path.is_symlink() and self._written_before(path):
                yield path

    def list_left(self, room: str) -> tuple[Entries, bool]:
        """The candidates who stay on a room's list, and whether it is shortened or removed."""
        stay, leave, spoilt = self._list(room)
        return stay, bool(leave) or spoilt

    def _list(self, room: str) -> tuple[Entries, Entries, bool]:
        """The candidates who stay on a room's list, those who leave it, and whether it is removed although nobody leaves."""
        path = self._folder / "rosters" / f"{room}.json"
        try:
            roster = RosterRecord.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            return [], [], False
        except ValueError:  # it can't be parsed, but may hold names
            return [], [], self._written_before(path)
        entries = [*roster.entries, *roster.dropped]
        staying = self.staying(entries)
        stay = [entry for entry in roster.entries if entry in staying]
        return stay, [entry for entry in entries if entry not in staying], not entries

    def dropped(self, room: str) -> Entries:
        """The dropped candidates who stay: another list may bring them back, with the password of their printed sheet."""
        with suppress(OSError, ValueError):
            roster = RosterRecord.model_validate_json((self._folder / "rosters" / f"{room}.json").read_bytes())
            return self.staying(roster.dropped)
        return []

    def staying(self, entries: Entries) -> Entries:
        """Those whose exam isn't before the day."""
        return [entry for entry in entries if entry.at.date() >= self._before]

    def documents(self, room: str) -> Iterator[Path]:
        """A room's documents, without those of candidates who stay; where nobody leaves the list, only old ones."""
        stay, shorter = self.list_left(room)
        stems_staying = tuple(stem_of(entry) for entry in (*stay, *self.dropped(room)))
        for path in sorted(self._folder.glob(f"documents/{room}/**/*")):
            name = path.name.removeprefix("candidat-")
            if path.is_file() and not name.startswith(stems_staying) and (shorter or self._written_before(path)):
                yield path

    def tries(self, room: str) -> tuple[list[str], list[str]]:
        """The lines of the record of refused tries that stay, and those to remove."""
        try:
            text = (self._folder / "network" / f"{room}.jsonl").read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return [], []
        lines = [
            line for line in text.split("\n") if line
        ]  # not splitlines: a try may hold other signs that end a line
        young_lines = [line for line in lines if not self._is_an_old_line(line)]
        return young_lines, [line for line in lines if self._is_an_old_line(line)]

    def unnamed(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        """An entry of `journal.jsonl`; an old one without whose work was discarded and why."""
        try:
            is_old = self._is_old_time(entry["at"])
        except (ValueError, KeyError, TypeError):
            is_old = False
        hidden = {key: "" for key in ("candidate", "why") if key in entry}
        return {**entry, **hidden} if is_old else dict(entry)

    def _is_an_old_line(self, line: str) -> bool:
        try:
            return self._is_old_time(json.loads(line)["at"])
        except (ValueError, KeyError, TypeError):  # cut short, as by a power cut: it can't be read any more
            return True

    def _is_old_time(self, at: str) -> bool:
        return datetime.fromisoformat(at).astimezone(self._zone).date() < self._before

    def _is_old(self, digits: str) -> bool:
        return datetime.strptime(digits, "%Y%m%d").date() < self._before

    def _written_before(self, path: Path) -> bool:
        return datetime.fromtimestamp(path.stat().st_mtime, self._zone).date() < self._before


def _refuse_while_in_use(state: State, engine: Engine, before: date) -> None:
    if any(container.labels.get("e5b.owner", state.id) == state.id for container in engine.containers(view="*")):
        raise Refusal("Des archives sont ouvertes : refermez-les avec « e5b archive close ». Rien n'a été effacé.")
    occupied, unknown, rooms = [], [], set[str]()
    for container in (container for kind in ("station", "spare") for container in engine.containers(kind=kind)):
        record, room = state.record(container.id), container.labels["e5b.room"]
        if record.candidate and record.candidate.at.date() < before:
            occupied.append(f"{record.station} (salle {room})")
            rooms.add(room)
        # A station of another state folder has its record there, and is that folder's to purge; one with an empty owner
        # is a demonstration's or a proof's, where no candidate sits.
        of_this_folder = container.labels.get("e5b.owner", state.id) == state.id
        if (
            of_this_folder
            and record.unknown
            and container.started
            and _day(container.created, state.present().tzinfo) < before
        ):
            labels = {
                **container.labels,
                **(labels_in_name(container) if container.labels["e5b.kind"] == "spare" else {}),
            }
            unknown.append(f"{labels.get('e5b.station', 'un poste de réserve')} (salle {room})")
            rooms.add(room)
    sentences = []
    if occupied:
        sentences.append(
            f"Un candidat d'avant le {before:%d/%m/%Y} a encore son poste : {', '.join(sorted(occupied))}. Archivez-le, puis "
            "retirez-le avec « e5b reset » ou « e5b down »."
        )
    if unknown:
        sentences.append(
            f"On ne sait plus de qui est un poste d'avant le {before:%d/%m/%Y}, et un candidat a pu y travailler : "
            f"{', '.join(sorted(unknown))}. Archivez avec « e5b archive make --all », puis retirez tout avec « e5b down »."
        )
    sentences += [
        f"À ces commandes, ajoutez « --room {room} » pour la salle {room}." for room in sorted(rooms - {"salle"})
    ]
    if sentences:
        raise Refusal(f"{' '.join(sentences)} Rien n'a été effacé.")


def _abandoned_containers(engine: Engine, before: date, zone: tzinfo | None) -> list[str]:
    """The old containers that a killed command left of archives and examinations: each has a candidate's whole station."""
    containers = [container for kind in ("sealing", "copy") for container in engine.containers(kind=kind)]
    return [container.id for container in containers if _day(container.created, zone) < before]


def _images(state: State, engine: Engine, before: date, without: Sequence[str]) -> list[str]:
    """The old images of candidates' stations that killed commands left; never a snapshot of a candidate who is there."""
    containers = [container for container in engine.containers(kind="*") if container.id not in without]
    in_use = {container.image for container in containers}
    sittings = {state.record(container.id).sitting for container in containers} - {""}
    images = [image for kind in ("sealing", "copy", "view", "snapshot") for image in engine.images(kind=kind)]
    return [
        image.id
        for image in images
        if _day(image.created, state.present().tzinfo) < before
        and image.id not in in_use
        and image.labels.get("e5b.sitting") not in sittings
    ]


def _day(created: str, zone: tzinfo | None) -> date:
    return datetime.fromisoformat(created).astimezone(zone).date()


def _archive_gone(path: Path) -> ArchiveGone:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"file": path.name, "sha256": digest, "bytes": path.stat().st_size}


def _shorten(state: State, room: str, old_data: _Old) -> None:
    with state.changing_roster(room):
        staying, _ = old_data.list_left(room)  # read again: another command may have changed it
        dropped = old_data.dropped(room)
        if staying or dropped:
            roster = state.roster(room) or RosterRecord()
            # Its warnings go too, since they may name candidates who leave it.
            shorter = {"entries": tuple(staying), "dropped": tuple(dropped), "warnings": ()}
            state.keep_roster(room, roster.model_copy(update=shorter))
            return
        (state.folder / "rosters" / f"{room}.json").unlink(missing_ok=True)
        shutil.rmtree(state.folder / "documents" / room, ignore_errors=True)
