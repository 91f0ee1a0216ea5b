"""Removes what is kept of candidates before a day, and logs in `journal.jsonl` what was removed, without names.

What it will remove is logged before it begins, and once more when all is removed: so a purge that was killed is seen,
and the next one finishes it.
"""

import hashlib
import json
import re
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Any, NotRequired, TypedDict

from provisioner.core.errors import UNFORESEEN, EvidenceLost, Refusal
from provisioner.core.records import RosterEntry, RosterRecord, UnfinishedMoves
from provisioner.engine.image_order import remove_images
from provisioner.engine.protocol import Engine
from provisioner.exam.proposed_list import SUFFIX as PROPOSED
from provisioner.exam.room_documents import COLLECTIONS, can_be_joined, collect_again, day_in, folder_of, stem_in
from provisioner.exam.roster import stem_of
from provisioner.host import debug_log
from provisioner.host.disk import disk_in_french, locked
from provisioner.leakcheck.refused_tries import shorten
from provisioner.station import act_book
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


@dataclass(frozen=True)
class PurgePlan:
    """What a purge would remove: the entry that it would log, and the candidates who would leave the lists, by room.

    `files` has, by kind as in the entry, the paths under the state folder of all that is no archive; profiles are whole
    paths. `engine_ids` are the images and containers.
    """

    record: PurgeRecord
    leaving: Mapping[str, Entries]
    files: Mapping[str, Sequence[str]]
    engine_ids: Sequence[str]

    @property
    def contents(self) -> dict[str, object]:
        """What it would remove, without when it was looked at."""
        return {key: value for key, value in self.record.items() if key not in ("at", "done")}

    @property
    def is_empty(self) -> bool:
        """Whether nothing would go."""
        counted = any(value for key, value in self.contents.items() if key not in ("what", "before"))
        return not (counted or self.leaving or self.engine_ids)  # a list that gets shorter isn't counted

    def is_same(self, other: "PurgePlan") -> bool:
        """Whether both remove the same: file by file, and candidate by candidate."""
        return all(
            mine == others
            for mine, others in (
                (self.contents, other.contents),
                (self.files, other.files),
                (self.engine_ids, other.engine_ids),
                (_stems_by_room(self.leaving), _stems_by_room(other.leaving)),
            )
        )


def _stems_by_room(leaving: Mapping[str, Entries]) -> dict[str, list[str]]:
    return {room: [stem_of(entry) for entry in entries] for room, entries in leaving.items()}


def plan_purge(state: State, engine: Engine, before: date) -> PurgePlan:
    """What `purge` would remove now; refused where `purge` is. Removes and logs nothing."""
    _refuse_days_to_come(state, before)
    old_data = _Old(state, before)
    _refuse_while_in_use(state, engine, before)
    with disk_in_french(state.folder, EvidenceLost):
        return _list_doomed(state, engine, old_data, before).plan(state, old_data, before)


def purge(state: State, engine: Engine, before: date, agreed: PurgePlan | None = None) -> PurgeRecord:
    """Remove all that is kept of the days before this one; the entry that is logged.

    Refused while a candidate of those days has a station, or may have one whose record is lost, and while an archive is
    open; also where it would not remove what was `agreed`, since that was looked at before.
    """
    _refuse_days_to_come(state, before)
    old_data = _Old(state, before)
    with ExitStack() as locks:
        locks.enter_context(locked(state.folder / "locks" / "effacement.lock", "l'effacement", 0))
        for room in old_data.rooms():
            locks.enter_context(state.holding(room, "salle", "archive purge"))
        _refuse_while_in_use(state, engine, before)
        with disk_in_french(state.folder, EvidenceLost):
            doomed = _list_doomed(state, engine, old_data, before)
            plan = doomed.plan(state, old_data, before)
            record = plan.record
            if agreed and not plan.is_same(agreed):
                raise Refusal(
                    "Ce qui serait effacé a changé depuis que la question a été posée : rien n'a été effacé. Regardez de nouveau, puis recommencez."
                )
            state.log({**record, "done": False})
            _remove_files(state, old_data, doomed)
        state.reword(old_data.unnamed)
        act_book.forget_before(state.folder, before, state.present().tzinfo)
        debug_log.forget_before(state.folder, before)
        for container in doomed.containers:
            engine.remove(container)
        if errors := remove_images(engine, doomed.images):
            raise errors[0]
        finished: PurgeRecord = {**record, "done": True}
        state.log(finished)
    return finished


def _refuse_days_to_come(state: State, before: date) -> None:
    if before > state.present().date():
        raise Refusal(f"Le {before:%d/%m/%Y} n'est pas encore passé : rien n'a été effacé.")


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

    def plan(self, state: State, old_data: "_Old", before: date) -> PurgePlan:
        """The entry to log, and what is removed by name."""
        kinds = {
            "documents": self.documents,
            "reports": self.reports,
            "records": self.records,
            "profiles": self.profiles,
        }
        return PurgePlan(
            self.record(state, old_data, before),
            {room: entries for room in old_data.rooms() if (entries := old_data.leaving(room))},
            {
                kind: [
                    str(path.relative_to(state.folder) if path.is_relative_to(state.folder) else path) for path in paths
                ]
                for kind, paths in kinds.items()
            },
            sorted((*self.images, *self.containers)),
        )

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
    for room in old_data.rooms():  # before the lists are shortened: a purge that is killed here does it again
        _tidy_documents(state, room, old_data)
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
            *self._folder.glob("markings/*/"),
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
        unread = [path for end in (".illisible", PROPOSED) for path in self._folder.glob(f"rosters/*{end}")]
        for path in (*unread, self._folder / UNFORESEEN):
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

    def leaving(self, room: str) -> Entries:
        """The candidates who leave a room's list."""
        return self._list(room)[1]

    def documents(self, room: str) -> Iterator[Path]:
        """A room's documents and markings of the days before; one of a single sitting goes by the day in its name alone.

        A file that has the documents of several goes where somebody leaves the list, or where it is old, and nothing of
        it stays that it can be made of again. A printed subject names nobody: it goes when it is old and nobody of the
        list has it. A file without a day that isn't the program's, as a jury's notes, goes only when it is old.
        """
        staying = (*self.list_left(room)[0], *self.dropped(room))
        stems = {stem_of(entry) for entry in staying}
        subjects = {f"sujet-{entry.subject}.pdf" for entry in staying}
        markings = self._folder.glob(f"markings/{room}/*")
        for path in (*sorted(self._folder.glob(f"documents/{room}/**/*")), *sorted(markings)):
            if not path.is_file():
                continue
            if day := day_in(path):
                goes = stem_in(path) not in stems and day < self._before
            elif path.name in COLLECTIONS:
                goes = self.is_to_collect(room, path) and not self._can_be_made_again(path, stems)
            elif path.name.startswith("sujet-"):
                goes = path.name not in subjects and self._written_before(path)
            else:
                goes = self._written_before(path)
            if goes:
                yield path

    def is_to_collect(self, room: str, collection: Path) -> bool:
        """Whether a collection of documents may have some of those who leave."""
        return self.list_left(room)[1] or self._written_before(collection)

    def _can_be_made_again(self, collection: Path, stems: Collection[str]) -> bool:
        """Whether documents that the collection is made of stay, and can be read."""
        parts = collection.parent.glob(COLLECTIONS[collection.name])
        return can_be_joined(
            [part for part in parts if stem_in(part) in stems or ((day := day_in(part)) and day >= self._before)]
        )

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
            shorter = {
                "entries": tuple(staying),
                "dropped": tuple(dropped),
                "warnings": (),
                "unfinished": _unfinished_of({stem_of(entry) for entry in (*staying, *dropped)}, roster.unfinished),
            }
            state.keep_roster(room, roster.model_copy(update=shorter))
            return
        (state.folder / "rosters" / f"{room}.json").unlink(missing_ok=True)


def _unfinished_of(stems: Collection[str], unfinished: UnfinishedMoves | None) -> UnfinishedMoves | None:
    """What is left to do with the documents of these sittings: the stems have the numbers of candidates."""
    return unfinished and UnfinishedMoves(
        another=tuple(stem for stem in unfinished.another if stem in stems),
        returning=tuple(stem for stem in unfinished.returning if stem in stems),
    )


def _tidy_documents(state: State, room: str, old_data: _Old) -> None:
    """Have the collections without those who leave, and no empty folder."""
    entries: Sequence[RosterEntry] = ()
    with suppress(EvidenceLost):  # a list that can't be read: any order does
        entries = state.entries(room)
    documents = folder_of(state, room)
    for folder in sorted(path for path in documents.rglob("*") if path.is_dir()):
        if any(old_data.is_to_collect(room, path) for name in COLLECTIONS if (path := folder / name).exists()):
            collect_again(folder, entries)
    for folder in (*sorted((path for path in documents.rglob("*") if path.is_dir()), reverse=True), documents):
        with suppress(OSError):  # it isn't empty, or isn't there
            folder.rmdir()
