"""Says before a list is kept what it changes: for whom, how, and for whom it is too late."""

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from provisioner.core.records import RosterEntry, RosterRecord
from provisioner.exam.list_update import Update, update_of
from provisioner.exam.roster import Line, Roster
from provisioner.station.centre import Centre


@dataclass(frozen=True)
class Change:
    """What a list changes for one candidate: `what` in a few French words, `remarks` in sentences without a full stop.

    `entry` is as it will be on the list, or was. `is_too_late`: he has begun or is archived, and not all can be done.
    """

    entry: RosterEntry
    what: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    is_too_late: bool = False


@dataclass(frozen=True)
class Foreseen:
    """What `save_roster` would keep, and what that changes; `is_first`: there was no list before, so all is new.

    `remarks` are the list's warnings that are of no single change.
    """

    record: RosterRecord
    changes: tuple[Change, ...]
    remarks: tuple[str, ...]
    is_first: bool


def foresee(centre: Centre, roster: Roster, source: str) -> Foreseen:
    """What `save_roster` would do with this list, with its refusals; nothing is written."""
    update = update_of(centre, roster, source)
    changes = (
        *_of_lines(update, roster, centre.settings.zone),
        *(Change(entry, ("n'est plus sur la liste",), (_DROPPED,)) for entry in update.newly_dropped),
        *(_of_absent(entry) for entry in update.absent),
    )
    said = {remark for change in changes for remark in change.remarks}
    remarks = tuple(warning for warning in update.record.warnings if warning not in said)
    is_first = not (update.before.entries or update.before.began)
    return Foreseen(update.record, changes, remarks, is_first)


_DROPPED = "la liste ne l'attend plus ; donnée de nouveau avec lui, elle lui garde son mot de passe"


def _of_lines(update: Update, roster: Roster, zone: ZoneInfo) -> Iterator[Change]:
    after = {entry.key: entry for entry in update.record.entries}
    for line in roster.entries:
        what, remarks = _what(update, line, after[line.key], zone), update.remarks[line.key]
        if what or remarks:
            is_too_late = line.key in update.knowledge.staying and bool(remarks)
            yield Change(after[line.key], what, remarks, is_too_late)


def _what(update: Update, line: Line, after: RosterEntry, zone: ZoneInfo) -> tuple[str, ...]:
    before, staying = update.knowledge.before(line), update.knowledge.staying
    if before is None or (before not in update.before.entries and line.key not in staying):
        return ("nouveau sur la liste",)
    return tuple(_differences(before, after, zone))


def _of_absent(entry: RosterEntry) -> Change:
    done = "est archivé" if entry.archived else "a commencé"
    return Change(entry, ("n'est plus dans le fichier",), (f"ce candidat {done} : il reste sur la liste",), True)


def _differences(before: RosterEntry, after: RosterEntry, zone: ZoneInfo) -> Iterator[str]:
    """How the entry of a candidate differs from the one before, in French; nothing of passwords."""
    old_at, new_at = before.at.astimezone(zone), after.at.astimezone(zone)
    pairs = (
        ("numéro", before.number, after.number),
        ("", f"{before.name} {before.first_name}", f"{after.name} {after.first_name}"),
        ("commission", before.commission, after.commission),
        ("sujet", before.subject, after.subject),
        ("", before.station, after.station),
        ("le", f"{old_at:%d/%m}", f"{new_at:%d/%m}"),
        ("à", f"{old_at:%H:%M}", f"{new_at:%H:%M}"),
    )
    return (f"{word} {new} au lieu de {old}".strip() for word, old, new in pairs if old != new)
