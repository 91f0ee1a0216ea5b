"""A list that is given where there was one: who stays on it whatever it says, who keeps his password, what to warn of."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from provisioner.archive.latest import last_archives
from provisioner.core.errors import EvidenceLost, Refusal
from provisioner.core.records import RosterEntry, RosterRecord
from provisioner.exam.roster import Line, Roster
from provisioner.french.persons import Person, bare, may_be_same_person, same_person, share_a_name
from provisioner.host.editions import edition_for
from provisioner.network.gateway import name_of
from provisioner.station import sittings
from provisioner.station.centre import Centre
from provisioner.station.identity import new_credentials
from provisioner.subject.subjects import load_subject

#: A sitting whatever its day is corrected to and however the candidate's number is written: the bare number, the subject.
Sitting = tuple[str, str]


@dataclass(frozen=True)
class _Before:
    """The list that was kept; `lost` where it can't be read, and the archives say in its place who is archived."""

    entries: tuple[RosterEntry, ...]
    dropped: tuple[RosterEntry, ...]
    began: Mapping[str, RosterEntry]
    lost: bool
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class _Known:
    """What is known of the candidates before the new list: by key, and by sitting where they have not begun.

    `staying` have begun or are archived, whatever the new list says.
    """

    entries: Mapping[str, RosterEntry]
    staying: Mapping[str, RosterEntry]
    waiting: Mapping[Sitting, RosterEntry]
    everybody: Sequence[Person]

    def before(self, line: Line) -> RosterEntry | None:
        """What is known of this line's candidate."""
        return self.staying.get(line.key) or self.entries.get(line.key) or self.waiting.get(_sitting(line))


def save_roster(centre: Centre, roster: Roster, source: str) -> list[RosterEntry]:
    """Keep the list with credentials drawn; who was on it already keeps his, since they may be printed.

    Who has begun stays on it even where the file has him no more: his archive is found by it. Who hasn't gets the
    edition that is the CMS's by now, and where his number was another person's, a password that this one can't know.
    Where the list that was kept can't be read any more, the archives say who is archived. Who is not in this file and
    has not begun is `dropped`: a list of another day given in between costs nobody the password of a printed sheet.
    """
    with centre.state.changing_roster(centre.room.name):
        before = _before(centre)
        known = _known(before, roster)
        _refuse_taken_numbers(roster, source, known)
        in_file = {_sitting(line) for line in roster.entries}
        dropped = tuple(entry for sitting, entry in known.waiting.items() if sitting not in in_file)
        warnings, entries = list(before.warnings), []
        for line in roster.entries:
            entries.append(_entry(centre, line, known, before.began.get(line.key)))
            warnings += _warnings_of_line(centre, line, known, before.began.get(line.key), dropped, source)
        keys = {line.key for line in roster.entries}
        gone = [known.staying[key] for key in sorted(known.staying.keys() - keys)]
        warnings += _of_those_not_in_file(gone, [one for one in roster.entries if one.key not in known.staying], source)
        warnings += _of_those_dropped([one for one in dropped if one in before.entries], roster.entries, source)
        every = sorted([*entries, *gone], key=lambda entry: (entry.at, entry.place))
        if before.lost:  # not before: a list that is refused must not make it as if there had never been a list
            centre.state.put_aside_roster(centre.room.name)
        centre.state.keep_roster(
            centre.room.name,
            RosterRecord(
                file=source,
                read_at=centre.state.now(),
                warnings=(*warnings, *roster.warnings),
                entries=tuple(every),
                dropped=dropped,
            ),
        )
        return every


def _before(centre: Centre) -> _Before:
    began = who_began(centre)
    try:
        kept = centre.state.roster(centre.room.name) or RosterRecord()
    except EvidenceLost:  # its sentence asks for the very list that is being given
        return _before_by_archives(centre, began)
    return _Before(kept.entries, kept.dropped, began, lost=False, warnings=())


def _before_by_archives(centre: Centre, began: dict[str, RosterEntry]) -> _Before:
    """Who has begun or is archived, where the list that said so can't be read any more."""
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
    either = {
        key: archived[key].changed(began[key].document()) if key in archived and key in began else found
        for key, found in (archived | began).items()
    }
    return _Before((), (), either, lost=True, warnings=tuple(warnings))


def _known(before: _Before, roster: Roster) -> _Known:
    entries = {entry.key: entry for entry in (*before.dropped, *before.entries)}
    listed = {key: entry for key, entry in entries.items() if key in before.began or entry.archived}
    staying = {**before.began, **listed}
    waiting = {_sitting(entry): entry for entry in entries.values() if entry.key not in staying}
    return _Known(entries, staying, waiting, [*before.entries, *before.began.values(), *roster.entries])


def _entry(centre: Centre, line: Line, known: _Known, there: RosterEntry | None) -> RosterEntry:
    """The entry of a line; `there` is the station where its candidate has begun."""
    stack = edition_for(load_subject(line.subject).cms, centre.settings).id
    credentials = new_credentials(stack)
    values: dict[str, object] = {"user": credentials.user, "password": credentials.password, "stack": stack}
    before = known.before(line)
    if line.key in known.staying:
        values |= known.staying[line.key].document()
    elif before and may_be_same_person(before, line, known.everybody):
        values["password"] = before.password
    values |= {**line.document(), "station": name_of(line.place)}
    if there:
        values |= {"place": there.place, "station": there.station}
    return RosterEntry.model_validate(values)


def _warnings_of_line(
    centre: Centre,
    line: Line,
    known: _Known,
    there: RosterEntry | None,
    dropped: Iterable[RosterEntry],
    source: str,
) -> Iterator[str]:
    before = known.before(line)
    if line.key in known.staying:
        past = line.at <= centre.state.present()
        yield from _of_a_candidate_who_began(line, known.staying[line.key], there, source, past=past)
    elif not (before and may_be_same_person(before, line, known.everybody)):
        yield from _of_a_new_password(line, before, dropped, source)
    if before and before.number != line.number:
        yield (
            f"le numéro {before.number} est écrit {line.number} dans {source} : si un tableur en a ôté les zéros, corrigez-le "
            "avant que le candidat commence"
        )


def _of_a_candidate_who_began(
    line: Line, before: RosterEntry, there: RosterEntry | None, source: str, *, past: bool
) -> Iterator[str]:
    """What the list says of a candidate who has begun and can't be any more; `past`: his hour has come by now."""
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
    if there and there.place != line.place and not before.archived:
        yield (
            f"le candidat {line.number} ({line.subject}) a commencé à {there.station}, et {source} le place à "
            f"{name_of(line.place)} : il reste à {there.station}"
        )


def _of_a_new_password(
    line: Line, before: RosterEntry | None, dropped: Iterable[RosterEntry], source: str
) -> Iterator[str]:
    """Whose sheet has to be printed again: his number was another's, or another number was his."""
    if before:
        yield (
            f"le numéro {line.number} était à {before.name} {before.first_name}, {source} le donne à {line.name} "
            f"{line.first_name} : le mot de passe est nouveau, imprimez de nouveau sa feuille"
        )
    elif was := next((entry for entry in dropped if same_person(entry, line)), None):
        yield (
            f"{line.name} {line.first_name} était le candidat {was.number} ({was.subject}), dans {source} c'est le candidat "
            f"{line.number} ({line.subject}) : le mot de passe est nouveau, imprimez de nouveau sa feuille"
        )


def _of_those_dropped(expected: Iterable[RosterEntry], lines: Iterable[Line], source: str) -> Iterator[str]:
    """Who was expected and is no more: an absentee's sheet for the commission is printed by the list."""
    gone = [entry for entry in expected if not any(same_person(entry, line) for line in lines)]
    if gone:
        yield (
            f"{source} n'a pas ceux qui étaient attendus et n'ont pas commencé ({_some(entry.number for entry in gone)}) : la liste ne "
            "les attend plus, et leur fiche n'est pas imprimée. Donnée de nouveau avec eux, elle leur garde leur mot de passe"
        )


def _of_those_not_in_file(gone: Sequence[RosterEntry], lines: Iterable[Line], source: str) -> Iterator[str]:
    """Who has begun, stays on the list without being in the file, and may be expected in it another time."""
    for entry in gone:
        if not entry.archived:
            yield (
                f"le candidat {entry.number} ({entry.subject}, {entry.at:%d/%m}) a commencé et n'est pas dans {source} : il reste "
                "sur la liste"
            )
    if past := [entry.number for entry in gone if entry.archived]:
        yield f"{source} n'a pas ceux qui sont archivés ({_some(past)}) : ils restent sur la liste"
    for line in lines:
        for was in gone:
            if (was.number, was.subject) == (line.number, line.subject):
                yield (
                    f"le candidat {was.number} ({was.subject}) a commencé à la date du {was.at:%d/%m}, et {source} l'attend une autre "
                    f"fois le {line.at:%d/%m} : s'il ne passe qu'une fois, écrivez-y le {was.at:%d/%m}, et donnez-la de nouveau"
                )


def _some(numbers: Iterable[str]) -> str:
    """The first of these, and how many others there are."""
    every = list(numbers)
    first, others = every[:3], every[3:]
    return ", ".join(first) + (f" et {len(others)} autres" if others else "")


def _refuse_taken_numbers(roster: Roster, source: str, known: _Known) -> None:
    """Raise where the number of a candidate who has begun is given to another person, or written otherwise."""
    for line in roster.entries:
        before = known.staying.get(line.key)
        if before and not may_be_same_person(before, line, known.everybody):
            raise Refusal(
                f"Le numéro {line.number} ({line.subject}, {line.at:%d/%m}) est celui de {before.name} {before.first_name}, "
                f"qui a commencé ; {source} le donne à {line.name} {line.first_name}. Un numéro n'est qu'à un candidat : "
                "corrigez-le, puis donnez la liste de nouveau."
            )
        for was in known.staying.values():
            same = bare(was.number) == bare(line.number)
            if same and was.number != line.number and share_a_name(was, line):
                raise Refusal(
                    f"{source} écrit {line.number} le numéro de {line.name} {line.first_name}, qui a commencé avec le numéro "
                    f"{was.number} : un tableur en a peut-être changé les zéros. Écrivez-y {was.number}, puis donnez-la de nouveau."
                )


def who_began(centre: Centre) -> dict[str, RosterEntry]:
    """The candidates who have begun and whose stations are still there, by key, as a list has them."""
    found = {}
    for container in sittings.containers_of(centre.engine, centre.state, centre.room.name):
        record = centre.state.record(container.id)
        if record.candidate and record.clock:
            labels = container.labels
            found[record.candidate.key] = RosterEntry.model_validate(
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
    return found


def _sitting(entry: RosterEntry | Line) -> Sitting:
    return bare(entry.number), entry.subject
