"""Replaces a room's list by a corrected one: who stays on it, who keeps his password, and what to warn of."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from provisioner.archive.latest import last_archives
from provisioner.core.errors import EvidenceLost, Refusal
from provisioner.core.records import RosterEntry, RosterRecord, UnfinishedMoves
from provisioner.exam.room_documents import Corrected, folder_of, follow_list
from provisioner.exam.roster import Line, Roster, stem_of
from provisioner.french.persons import Person, bare, may_be_same_person, same_person, share_a_name
from provisioner.host.editions import edition_for
from provisioner.network.gateway import name_of
from provisioner.station import sittings
from provisioner.station.centre import Centre
from provisioner.station.identity import new_credentials
from provisioner.subject.subjects import load_subject
from provisioner.subject.suitability import refuse_unsuited

#: The bare number and the subject, which stay the same when the day or the writing of the number is corrected.
Sitting = tuple[str, str]

#: For how long after his hour, past midnight too, a candidate may still come.
_LATEST = timedelta(hours=12)


@dataclass(frozen=True)
class Before:
    """The list until now; `lost` where it can't be read, and its archived candidates are known from their archives.

    `unfinished` has what an interrupted command left to do with the printed documents.
    """

    entries: tuple[RosterEntry, ...]
    dropped: tuple[RosterEntry, ...]
    began: Mapping[str, RosterEntry]
    lost: bool
    warnings: tuple[str, ...]
    unfinished: UnfinishedMoves | None = None


@dataclass(frozen=True)
class Known:
    """What is known of the candidates before the new list: `entries` by key, `waiting` (not begun) by sitting.

    `staying` have begun or are archived: they stay on the list whatever the new one says.
    """

    entries: Mapping[str, RosterEntry]
    staying: Mapping[str, RosterEntry]
    waiting: Mapping[Sitting, RosterEntry]
    everybody: Sequence[Person]

    def before(self, line: Line) -> RosterEntry | None:
        """The earlier entry of this line's candidate, where there is one."""
        return self.staying.get(line.key) or self.entries.get(line.key) or self.waiting.get(_sitting(line))


@dataclass(frozen=True)
class Update:
    """What a list makes of the one before: the record to keep, and the entry of each of its lines.

    `remarks` are the warnings of a line, by its key. `absent` have begun and aren't in the file.
    """

    before: Before
    knowledge: Known
    record: RosterRecord
    remarks: Mapping[str, tuple[str, ...]]
    absent: tuple[RosterEntry, ...]
    newly_dropped: tuple[RosterEntry, ...]


def save_roster(centre: Centre, roster: Roster, source: str) -> list[RosterEntry]:
    """Write the list with new credentials; candidates who were on it keep theirs, since sheets may be printed.

    A candidate who has begun stays even where the file doesn't have him, since his archive is found by the list. The
    others get the CMS's present edition, and a new password where their number was another person's, who knows the old
    one. Where the list until now can't be read, the archives say who is archived. Candidates who aren't in this file and
    haven't begun are kept as `dropped`, so that they get their passwords back with the next list that has them.
    """
    with centre.state.changing_roster(centre.room.name):
        update = update_of(centre, roster, source)
        if update.before.lost:  # only now: where the new list is refused, the unreadable one must stay
            centre.state.put_aside_roster(centre.room.name)
        entries = list(update.record.entries)
        _keep_and_move(centre, update.record, _corrected_documents(update.before, update.knowledge, entries))
        return entries


def update_of(centre: Centre, roster: Roster, source: str) -> Update:
    """What `save_roster` would make of the room's list, with its refusals; nothing is written."""
    before = _list_before(centre)
    knowledge = _knowledge(before, roster)
    _refuse_taken_numbers(roster, source, knowledge)
    past = _past(roster, knowledge, centre.state.present())
    _refuse_past_days(roster, past, source, centre.state.present())
    in_file = {_sitting(line) for line in roster.entries}
    dropped = tuple(entry for sitting, entry in knowledge.waiting.items() if sitting not in in_file)
    to_come = {line.subject for line in roster.entries if line.key not in knowledge.staying}
    stacks = {subject: _stack_of(centre, subject) for subject in sorted(to_come)}
    entries = [
        _entry(line, stacks.get(line.subject, ""), knowledge, before.began.get(line.key)) for line in roster.entries
    ]
    remarks = {
        line.key: tuple(_warnings_of_line(centre, line, knowledge, before.began.get(line.key), dropped, source))
        for line in roster.entries
    }
    warnings = [*before.warnings, *(remark for of_line in remarks.values() for remark in of_line), *_of_past_days(past)]
    keys = {line.key for line in roster.entries}
    absent = [knowledge.staying[key] for key in sorted(knowledge.staying.keys() - keys)]
    waiting_lines = [line for line in roster.entries if line.key not in knowledge.staying]
    warnings += _of_those_not_in_file(absent, waiting_lines, source)
    newly_dropped = dropped if before.unfinished else tuple(entry for entry in dropped if entry in before.entries)
    warnings += _of_those_dropped(newly_dropped, roster.entries, source)
    record = RosterRecord(
        file=source,
        read_at=centre.state.now(),
        warnings=(*warnings, *roster.warnings),
        entries=tuple(sorted([*entries, *absent], key=lambda entry: (entry.at, entry.place))),
        dropped=dropped,
    )
    return Update(before, knowledge, record, remarks, tuple(absent), newly_dropped)


def _keep_and_move(centre: Centre, record: RosterRecord, corrected: Corrected) -> None:
    """Keep a list and have the printed documents follow it.

    The list is kept first, with what is still to be done: merging documents is slow, and where it is interrupted, the
    next list knows which documents have moved already and which haven't.
    """
    unfinished = UnfinishedMoves(another=tuple(sorted(corrected.another)), returning=tuple(sorted(corrected.returning)))
    interrupted = (
        "les feuilles et les fiches déjà écrites n'ont pas fini de suivre cette liste, si la commande a été interrompue : donnez la "
        "liste de nouveau"
    )
    centre.state.keep_roster(
        centre.room.name,
        record.model_copy(update={"warnings": (*record.warnings, interrupted), "unfinished": unfinished}),
    )
    moves = tuple(follow_list(folder_of(centre.state, centre.room.name), corrected))
    centre.state.keep_roster(centre.room.name, record.model_copy(update={"warnings": (*record.warnings, *moves)}))


def _corrected_documents(before: Before, knowledge: Known, entries: Sequence[RosterEntry]) -> Corrected:
    """What the documents that are printed already have to follow."""
    known = {stem_of(entry): entry for entry in (*before.dropped, *before.entries)}
    dropped = {stem_of(entry): entry.password for entry in before.dropped}
    waiting = {stem_of(entry): entry for entry in entries if entry.key not in knowledge.staying}
    unfinished = before.unfinished or UnfinishedMoves()
    same_password = {
        stem for stem, entry in waiting.items() if stem in known and known[stem].password == entry.password
    }
    another = {
        stem
        for stem in waiting
        if before.lost or (stem in known and stem not in same_password) or stem in unfinished.another
    }
    returning = {
        stem
        for stem, entry in waiting.items()
        if dropped.get(stem) == entry.password or (stem in unfinished.returning and stem in same_password)
    }
    return Corrected(
        entries, list(known.values()), another, returning - another, is_unfinished=before.unfinished is not None
    )


def _list_before(centre: Centre) -> Before:
    began = who_began(centre)
    try:
        roster = centre.state.roster(centre.room.name) or RosterRecord()
    except EvidenceLost:  # no error here: what it asks for is the list that is being given
        return _before_by_archives(centre, began)
    return Before(roster.entries, roster.dropped, began, lost=False, warnings=(), unfinished=roster.unfinished)


def _before_by_archives(centre: Centre, began: dict[str, RosterEntry]) -> Before:
    """Who has begun or is archived, by stations and archives, where the list can't be read any more."""
    archived, unread = last_archives(centre)
    warnings = [
        "la liste d'avant n'était plus lisible : qui n'a pas commencé a un nouveau mot de passe, imprimez de nouveau "
        "sa feuille"
    ]
    if unread:
        warnings.append(
            f"{len(unread)} archive(s) ne disent pas sans clé de qui elles sont ({unread[0]}) : leurs candidats sont "
            "de nouveau « à venir ». Voyez « e5b archive verify » avant de faire passer quelqu'un"
        )
    merged = {
        key: archived[key].changed(began[key].document()) if key in archived and key in began else entry
        for key, entry in (archived | began).items()
    }
    return Before((), (), merged, lost=True, warnings=tuple(warnings))


def _knowledge(before: Before, roster: Roster) -> Known:
    entries = {entry.key: entry for entry in (*before.dropped, *before.entries)}
    listed = {key: entry for key, entry in entries.items() if key in before.began or entry.archived}
    staying = {**before.began, **listed}
    waiting = {_sitting(entry): entry for entry in entries.values() if entry.key not in staying}
    return Known(entries, staying, waiting, [*before.entries, *before.began.values(), *roster.entries])


def _stack_of(centre: Centre, subject: str) -> str:
    """The edition that candidates of a subject get; a subject takes a while to load."""
    loaded = load_subject(subject)
    edition = edition_for(loaded.cms, centre.settings, loaded.context)
    refuse_unsuited(loaded, edition)
    return edition.id


def _entry(line: Line, stack: str, knowledge: Known, began: RosterEntry | None) -> RosterEntry:
    """The entry of a line; `began` is the entry by the station where its candidate has begun.

    Who has begun keeps all that he has; `stack` is the edition of those who are to come.
    """
    before = knowledge.before(line)
    values: dict[str, object] = {}
    if line.key in knowledge.staying:
        values |= knowledge.staying[line.key].document()
    else:
        credentials = new_credentials(stack)
        values |= {"user": credentials.user, "password": credentials.password, "stack": stack}
    if line.key not in knowledge.staying and before and may_be_same_person(before, line, knowledge.everybody):
        values["password"] = before.password
    values |= {**line.document(), "station": name_of(line.place)}
    if began:
        values |= {"place": began.place, "station": began.station}
    return RosterEntry.model_validate(values)


def _warnings_of_line(
    centre: Centre,
    line: Line,
    knowledge: Known,
    began: RosterEntry | None,
    dropped: Iterable[RosterEntry],
    source: str,
) -> Iterator[str]:
    before = knowledge.before(line)
    if line.key in knowledge.staying:
        past = line.at <= centre.state.present()
        yield from _of_a_candidate_who_began(line, knowledge.staying[line.key], began, source, past=past)
    elif not (before and may_be_same_person(before, line, knowledge.everybody)):
        yield from _of_a_new_password(line, before, dropped, source)
    if before and before.number != line.number:
        yield (
            f"le numéro {before.number} est écrit {line.number} dans {source} : si un tableur en a ôté les zéros, corrigez-le "
            "avant que le candidat commence"
        )


def _of_a_candidate_who_began(
    line: Line, before: RosterEntry, began: RosterEntry | None, source: str, *, past: bool
) -> Iterator[str]:
    """Warnings of what the list changes too late, since its candidate has begun; `past`: his hour has come by now."""
    if not same_person(before, line):
        yield (
            f"le candidat {line.number} ({line.subject}), qui a commencé, était {before.name} {before.first_name}, {source} écrit "
            f"{line.name} {line.first_name} : si ce n'est pas la même personne, corrigez la liste et donnez-la de nouveau"
        )
    if before.archived and not past:
        yield (
            f"le candidat {line.number} ({line.subject}) est déjà archivé : aucun poste ne lui est préparé pour le {line.at:%d/%m à %H:%M}. "
            f"S'il n'avait pas vraiment passé l'épreuve, écrivez son numéro {line.number}-bis dans la liste, et donnez-la de nouveau"
        )
    if began and began.place != line.place and not before.archived:
        yield (
            f"le candidat {line.number} ({line.subject}) a commencé à {began.station}, et {source} le place à "
            f"{name_of(line.place)} : il reste à {began.station}"
        )


def _of_a_new_password(
    line: Line, before: RosterEntry | None, dropped: Iterable[RosterEntry], source: str
) -> Iterator[str]:
    """Warnings of sheets to print again, since the number was another person's, or the person had another number."""
    if before:
        yield (
            f"le numéro {line.number} était à {before.name} {before.first_name}, {source} le donne à {line.name} "
            f"{line.first_name} : le mot de passe est nouveau, imprimez de nouveau sa feuille"
        )
    elif earlier := next((entry for entry in dropped if same_person(entry, line)), None):
        yield (
            f"{line.name} {line.first_name} était le candidat {earlier.number} ({earlier.subject}), dans {source} c'est le candidat "
            f"{line.number} ({line.subject}) : le mot de passe est nouveau, imprimez de nouveau sa feuille"
        )


def _of_those_dropped(expected: Iterable[RosterEntry], lines: Iterable[Line], source: str) -> Iterator[str]:
    """A warning of those who were expected and aren't any more: the commission's forms are printed by the list."""
    absent = [entry for entry in expected if not any(same_person(entry, line) for line in lines)]
    if absent:
        yield (
            f"{source} n'a pas ceux qui étaient attendus et n'ont pas commencé ({_some(entry.number for entry in absent)}) : la liste ne "
            "les attend plus, et leur fiche n'est pas imprimée. Donnée de nouveau avec eux, elle leur garde leur mot de passe"
        )


def _of_those_not_in_file(absent: Sequence[RosterEntry], lines: Iterable[Line], source: str) -> Iterator[str]:
    """Warnings of those who have begun and stay although the file doesn't have them, or has them on another day."""
    for entry in absent:
        if not entry.archived:
            yield (
                f"le candidat {entry.number} ({entry.subject}, {entry.at:%d/%m}) a commencé et n'est pas dans {source} : il reste "
                "sur la liste"
            )
    if past := [entry.number for entry in absent if entry.archived]:
        yield f"{source} n'a pas ceux qui sont archivés ({_some(past)}) : ils restent sur la liste"
    for line in lines:
        for earlier in absent:
            if (earlier.number, earlier.subject) == (line.number, line.subject):
                yield (
                    f"le candidat {earlier.number} ({earlier.subject}) a commencé à la date du {earlier.at:%d/%m}, et {source} l'attend une autre "
                    f"fois le {line.at:%d/%m} : s'il ne passe qu'une fois, écrivez-y le {earlier.at:%d/%m}, et donnez-la de nouveau"
                )


def _some(numbers: Iterable[str]) -> str:
    """The first three of these, and how many others there are, in French."""
    every = list(numbers)
    first, more = every[:3], every[3:]
    return ", ".join(first) + (f" et {len(more)} autres" if more else "")


def _refuse_taken_numbers(roster: Roster, source: str, knowledge: Known) -> None:
    """Raise where a number of a candidate who has begun is given to another person, or is written in another way."""
    for line in roster.entries:
        before = knowledge.staying.get(line.key)
        if before and not may_be_same_person(before, line, knowledge.everybody):
            raise Refusal(
                f"Le numéro {line.number} ({line.subject}, {line.at:%d/%m}) est celui de {before.name} {before.first_name}, "
                f"qui a commencé ; {source} le donne à {line.name} {line.first_name}. Un numéro n'est qu'à un candidat : "
                "corrigez-le, puis donnez la liste de nouveau."
            )
        for earlier in knowledge.staying.values():
            same_number = bare(earlier.number) == bare(line.number)
            if same_number and earlier.number != line.number and share_a_name(earlier, line):
                raise Refusal(
                    f"{source} écrit {line.number} le numéro de {line.name} {line.first_name}, qui a commencé avec le numéro "
                    f"{earlier.number} : un tableur en a peut-être changé les zéros. Écrivez-y {earlier.number}, puis donnez-la de nouveau."
                )


def _past(roster: Roster, knowledge: Known, present: datetime) -> list[Line]:
    """The lines of days that are over, whose candidates have neither begun nor been archived."""
    return [
        line
        for line in roster.entries
        if line.key not in knowledge.staying and line.at.date() < present.date() and line.at + _LATEST < present
    ]


def _refuse_past_days(roster: Roster, past: Sequence[Line], source: str, present: datetime) -> None:
    """Raise where all days of the list are over and nobody of it has ever come: a year mistyped, or another year's file."""
    if len(past) == len(roster.entries):
        last = max(line.at for line in past)
        raise Refusal(
            f"{source} n'a que des jours passés : le dernier est le {last:%d/%m/%Y}, et cette machine est au {present:%d/%m/%Y}. "
            "Corrigez la colonne de la date (ou l'horloge de la machine), puis donnez la liste de nouveau ; pour une répétition, "
            "mettez-y la date du jour."
        )


def _of_past_days(past: Sequence[Line]) -> Iterator[str]:
    """A warning of those whose day is over although others of the list are still to come."""
    if past:
        days = ", ".join(dict.fromkeys(f"{line.at:%d/%m/%Y}" for line in past))
        yield (
            f"le jour est passé ({days}) pour {_some(line.number for line in past)}, qui n'ont pas commencé : si la date est "
            "fausse, corrigez-la et donnez la liste de nouveau"
        )


def who_began(centre: Centre) -> dict[str, RosterEntry]:
    """The candidates who have begun and whose stations still exist, by key, as entries of a list."""
    entries = {}
    for container in sittings.containers_of(centre.engine, centre.state, centre.room.name):
        record = centre.state.record(container.id)
        if record.candidate and record.clock:
            labels = container.labels
            entries[record.candidate.key] = RosterEntry.model_validate(
                {
                    **record.candidate.document(),
                    "subject": labels["e5b.subject"],
                    "place": int(labels["e5b.place"]),
                    "station": labels["e5b.station"],
                    "stack": labels["e5b.stack"],
                    "user": record.user,
                    "password": record.password,
                }
            )
    return entries


def _sitting(entry: RosterEntry | Line) -> Sitting:
    return bare(entry.number), entry.subject
