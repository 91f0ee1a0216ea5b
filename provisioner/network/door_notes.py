"""What the gateway's own pages say of each place: its station, its candidate, his hours, and the time that is left.

The notes stand in the gateway's files beside the access windows, and so survive a restart. They come from the centre's
list: every character but plain letters and digits is written as HTML names it by number, so that it means nothing to
nginx or to a browser.
"""

from collections.abc import Mapping
from datetime import datetime, tzinfo

from provisioner.core import clock
from provisioner.core.records import Candidate, SittingRecord
from provisioner.engine.protocol import ContainerState, Engine
from provisioner.network.access_windows import at_least
from provisioner.network.room import name_of

NOTES, LEFT = "etc/e5b/doors/notes.conf", "etc/e5b/doors/left.conf"
#: The page of a station's own address that says how much time is left; no CMS has it.
TIME_PAGE = "/.e5b-temps"
#: How many minutes are left at least, as the page says it to browsers that run no script, least first.
_STEPS = (1, 2, 3, 4, 5, 10, 15, 20, 30)


def files(
    records: Mapping[int, SittingRecord], zone: tzinfo, before: Mapping[str, bytes] | None = None
) -> dict[str, bytes]:
    """The gateway's files of these places; a place whose record is lost keeps its lines of `before`."""
    old = {name: content.decode(errors="replace").splitlines() for name, content in (before or {}).items()}
    notes, left = [], []
    for place, record in sorted(records.items()):
        if record.unknown and record.running is None:
            notes += [line for line in old.get(NOTES, ()) if line.startswith(f'"{place}:')]
            left += [line for line in old.get(LEFT, ()) if line.startswith(f'"~^{place}:')]
            continue
        notes += _notes(place, record, zone)
        left += _left(place, record)
    return {NOTES: _joined(notes), LEFT: _joined(left)}


def write(engine: Engine, gateway: ContainerState, records: Mapping[int, SittingRecord], zone: tzinfo) -> bool:
    """Write the notes of these places for the gateway to read; whether they changed."""
    before = {name: engine.get(gateway.id, f"/{name}") for name in (NOTES, LEFT)}
    known = {name: content for name, content in before.items() if content is not None}
    wanted = files(records, zone, known)
    if known == wanted:
        return False
    engine.put(gateway.id, "/", wanted)
    return True


def _notes(place: int, record: SittingRecord, zone: tzinfo) -> list[str]:
    """Lines of nginx's map from "place:what" to what its pages say."""
    running = record.running
    station = name_of(place).replace("-", " ").capitalize()
    values = {"who": _escaped(f"{station}{_named(record.candidate)}")}
    if running:
        # In a rehearsal the present is another than the gateway's.
        shown = {} if clock.rehearsed() else {"end": str(int(running.end.timestamp()))}
        values |= {"until": _escaped(_hour(running.end, zone)), **shown}
    elif record.candidate:
        values["from"] = _escaped(_hour(record.candidate.at, zone))
    return [f'"{place}:{what}" "{value}";' for what, value in values.items()]


def _named(candidate: Candidate | None) -> str:
    if candidate is None:
        return ""
    return f" — candidat nº {candidate.number}, {candidate.name} {candidate.first_name}".rstrip()


def _hour(at: datetime, zone: tzinfo) -> str:
    local = at.astimezone(zone)
    return f"{local.hour} h {local.minute:02}"


def _left(place: int, record: SittingRecord) -> list[str]:
    """Lines of nginx's map from "place:seconds" to the fewest whole minutes that are left, the fewest first."""
    if record.running is None or clock.rehearsed():
        return []
    end = int(record.running.end.timestamp())
    return [f'"~^{place}:(?:{at_least(end - 60 * minutes)})\\." {minutes};' for minutes in _STEPS]


def _escaped(text: str) -> str:
    printable = (character for character in text if character.isprintable())
    return "".join(
        character if character.isascii() and (character.isalnum() or character == " ") else f"&#{ord(character)};"
        for character in printable
    )


def _joined(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()
