"""A list that is given where there was one: who stays on it whatever it says, who keeps his password, what is told."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from provisioner.archive.latest import last_archives
from provisioner.core.errors import EvidenceLost, Refusal
from provisioner.exam.roster import Entry as Listed
from provisioner.exam.roster import Roster
from provisioner.french.persons import alike, bare, is_his, same_person
from provisioner.host.config import edition_for
from provisioner.network.gateway import name_of
from provisioner.station import sittings
from provisioner.station.identity import drawn
from provisioner.station.lifecycle import Centre
from provisioner.subject.subjects import load_subject

Entry = dict[str, Any]


def keep(centre: Centre, roster: Roster, source: str) -> list[Entry]:
    """Keep the list with credentials drawn; who was on it already keeps his, since they may be printed.

    Who has begun stays on it even where the file has him no more: his archive is found by it. Who hasn't gets the
    edition that is the CMS's by now, and where his number was another person's, a password that this one can't know.
    Where the list that was kept can't be read any more, the archives say who is archived. Who is not in this file and
    has not begun is `dropped`: a list of another day given in between costs nobody the password of a printed sheet.
    """
    with centre.state.changing_roster(centre.room.name):
        sat, told, lost = who_began(centre), list[str](), False
        try:
            before_it = centre.state.roster(centre.room.name) or {}
            listed, earlier = before_it.get("entries", []), before_it.get("dropped", [])
        except EvidenceLost:  # it asks for this very list
            listed, earlier, lost = [], [], True
            sat, told = _by_archives(centre, sat)
        known = {entry["key"]: entry for entry in (*earlier, *listed)}
        there = {**sat, **{key: one for key, one in known.items() if key in sat or one.get("archived")}}
        everybody = [*listed, *sat.values(), *(one.document() for one in roster.entries)]
        _leave_his_number(roster, source, there, everybody)
        moved = {_sitting(one): one for one in known.values() if one["key"] not in there}
        staying = {_sitting(one.document()) for one in roster.entries}
        dropped = [one for sitting, one in moved.items() if sitting not in staying]
        entries = []
        for one in roster.entries:
            before = there.get(one.key) or known.get(one.key) or moved.get(_sitting(one.document()), {})
            stack = edition_for(load_subject(one.subject).cms, centre.settings).id
            mine = drawn(stack)
            his = {"user": mine.user, "password": mine.password, "stack": stack}
            there_now = {}
            if one.key in there:
                his |= before
                if one.key in sat:
                    there_now = {key: sat[one.key][key] for key in ("place", "station")}
                told += _of_who_began(one, before, there_now, source, past=one.at <= centre.state.present())
            elif before and is_his(before, one.document(), everybody):
                his["password"] = before["password"]
            else:
                told += _of_a_new_password(one, before, dropped, source)
            if before and before["number"] != one.number:
                told.append(
                    f"le numéro {before['number']} est écrit {one.number} dans {source} : si un tableur en a ôté les zéros, corrigez-le "
                    "avant que le candidat commence"
                )
            entries.append({**his, **one.document(), "station": name_of(one.place), **there_now})
        gone = [there[key] for key in sorted(there.keys() - {one.key for one in roster.entries})]
        told += _of_who_is_not_in_it(gone, [one for one in roster.entries if one.key not in there], source)
        expected = [one for one in dropped if one in listed]
        told += _of_who_is_dropped(expected, roster.entries, source)
        entries = sorted([*entries, *gone], key=lambda one: (at_of(one), one["place"]))
        document = {
            "file": source,
            "read_at": centre.state.now(),
            "warnings": [*told, *roster.warnings],
            "entries": entries,
            "dropped": dropped,
        }
        if lost:  # not before: a list that is refused must not make it as if there had never been one
            centre.state.put_aside_roster(centre.room.name)
        centre.state.keep_roster(centre.room.name, document)
        return entries


def _by_archives(centre: Centre, sat: dict[str, Entry]) -> tuple[dict[str, Entry], list[str]]:
    """Who has begun or is archived, where the list that said so can't be read any more; what that means."""
    archived, unread = last_archives(centre)
    told = [
        "la liste d'avant n'était plus lisible : qui n'a pas commencé a un nouveau mot de passe, imprimez de nouveau "
        "sa feuille"
    ]
    if unread:
        told.append(
            f"{len(unread)} archive(s) ne disent pas sans clé de qui elles sont ({unread[0]}) : leurs candidats sont "
            "de nouveau « à venir ». Voyez « e5b archive verify » avant de faire passer quelqu'un"
        )
    return {key: {**archived.get(key, {}), **sat.get(key, {})} for key in archived | sat}, told


def _of_who_began(
    one: Listed, before: Entry, there_now: Mapping[str, Any], source: str, *, past: bool
) -> Iterator[str]:
    """What the list says of him that can't be any more; `past`: his hour has come by now."""
    if not same_person(before, one.document()):
        yield (
            f"le candidat {one.number} ({one.subject}), qui a commencé, était {before['name']} {before['first_name']}, {source} écrit "
            f"{one.name} {one.first_name} : si ce n'est pas la même personne, corrigez la liste et donnez-la de nouveau"
        )
    if before.get("archived") and not past:
        yield (
            f"le candidat {one.number} ({one.subject}) est déjà archivé : aucun poste ne lui est préparé pour le {one.at:%d/%m à %H:%M}. "
            f"S'il n'avait pas vraiment passé l'épreuve, écrivez son numéro {one.number}-bis dans la liste, et donnez-la de nouveau"
        )
    if there_now and there_now["place"] != one.place and not before.get("archived"):
        yield (
            f"le candidat {one.number} ({one.subject}) a commencé à {there_now['station']}, et {source} le place à "
            f"{name_of(one.place)} : il reste à {there_now['station']}"
        )


def _of_a_new_password(one: Listed, before: Entry, dropped: Iterable[Entry], source: str) -> Iterator[str]:
    """Whose sheet has to be printed again: his number was another's, or another number was his."""
    if before:
        yield (
            f"le numéro {one.number} était à {before['name']} {before['first_name']}, {source} le donne à {one.name} "
            f"{one.first_name} : le mot de passe est nouveau, imprimez de nouveau sa feuille"
        )
    elif was := next((each for each in dropped if same_person(each, one.document())), None):
        yield (
            f"{one.name} {one.first_name} était le candidat {was['number']} ({was['subject']}), dans {source} c'est le candidat "
            f"{one.number} ({one.subject}) : le mot de passe est nouveau, imprimez de nouveau sa feuille"
        )


def _of_who_is_dropped(expected: Iterable[Entry], coming: Iterable[Listed], source: str) -> Iterator[str]:
    """Who was expected and is no more: an absentee's sheet for the commission is printed by the list."""
    if gone := [one for one in expected if not any(same_person(one, each.document()) for each in coming)]:
        yield (
            f"{source} n'a pas ceux qui étaient attendus et n'ont pas commencé ({_some(one['number'] for one in gone)}) : la liste ne "
            "les attend plus, et leur fiche n'est pas imprimée. Donnée de nouveau avec eux, elle leur garde leur mot de passe"
        )


def _of_who_is_not_in_it(gone: Sequence[Entry], coming: Iterable[Listed], source: str) -> Iterator[str]:
    """Who has begun, stays on the list without being in the file, and may be expected in it another time."""
    for one in gone:
        if not one.get("archived"):
            yield (
                f"le candidat {one['number']} ({one['subject']}, {at_of(one):%d/%m}) a commencé et n'est pas dans {source} : il reste "
                "sur la liste"
            )
    if past := [one["number"] for one in gone if one.get("archived")]:
        yield f"{source} n'a pas ceux qui sont archivés ({_some(past)}) : ils restent sur la liste"
    for again in coming:
        for was in gone:
            if (was["number"], was["subject"]) == (again.number, again.subject):
                yield (
                    f"le candidat {was['number']} ({was['subject']}) a commencé à la date du {at_of(was):%d/%m}, et {source} l'attend une autre "
                    f"fois le {again.at:%d/%m} : s'il ne passe qu'une fois, écrivez-y le {at_of(was):%d/%m}, et donnez-la de nouveau"
                )


def _some(numbers: Iterable[str]) -> str:
    """The first of these, and how many others there are."""
    every = list(numbers)
    first, others = every[:3], every[3:]
    return ", ".join(first) + (f" et {len(others)} autres" if others else "")


def _leave_his_number(
    roster: Roster, source: str, there: Mapping[str, Entry], everybody: Iterable[Mapping[str, Any]]
) -> None:
    """Raise where the number of somebody who has begun is given to another, or written otherwise."""
    for one in roster.entries:
        before = there.get(one.key)
        if before and not is_his(before, one.document(), everybody):
            raise Refusal(
                f"Le numéro {one.number} ({one.subject}, {one.at:%d/%m}) est celui de {before['name']} {before['first_name']}, "
                f"qui a commencé ; {source} le donne à {one.name} {one.first_name}. Un numéro n'est qu'à un candidat : "
                "corrigez-le, puis donnez la liste de nouveau."
            )
        for was in there.values():
            same = bare(was["number"]) == bare(one.number)
            if same and was["number"] != one.number and alike(was, one.document()):
                raise Refusal(
                    f"{source} écrit {one.number} le numéro de {one.name} {one.first_name}, qui a commencé avec le numéro "
                    f"{was['number']} : un tableur en a peut-être changé les zéros. Écrivez-y {was['number']}, puis donnez-la de nouveau."
                )


def who_began(centre: Centre) -> dict[str, Entry]:
    """The candidates who have begun and whose stations are still there, by key, as a list has them."""
    found = {}
    for one in sittings.held(centre.engine, centre.state, centre.room.name):
        record = centre.state.record(one.id) or {}
        if (candidate := record.get("candidate")) and record.get("clock"):
            found[candidate["key"]] = {
                **candidate,
                "subject": one.labels["e5b.subject"],
                "place": int(one.labels["e5b.place"]),
                "station": one.labels["e5b.station"],
                "stack": one.labels["e5b.stack"],
                **{key: record[key] for key in ("user", "password") if key in record},
            }
    return found


def _sitting(entry: Entry) -> tuple[str, str]:
    """What tells one sitting from another whatever its day is corrected to, and however its number is written."""
    return bare(entry["number"]), entry["subject"]


def at_of(entry: Entry) -> datetime:
    """When a candidate is expected."""
    return datetime.fromisoformat(entry["at"])
