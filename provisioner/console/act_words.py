"""Says on the screen what the command line says: acts by the names of their buttons, French spaces and quotes."""

import re
from datetime import datetime

from provisioner.core.records import Candidate
from provisioner.examination.report import french_spaces
from provisioner.french.text import without_deceit
from provisioner.station.acts import ACT_NAMES
from provisioner.station.centre import Centre

#: The button or page that does what a command does, and the options of the command that it takes.
_BUTTONS = (
    (r"start\b.*--extra", ACT_NAMES["extra"], {"--extra", "--why"}),
    (r"start\b", ACT_NAMES["start"], {"--why"}),
    (r"stop\b", ACT_NAMES["stop"], {"--why"}),
    (r"reset\b.*--next|--next$", ACT_NAMES["next"], {"--next"}),
    (r"reset\b", ACT_NAMES["reset"], set[str]()),
    (r"check --archive\b", "Examiner les archives cochées", {"--archive"}),
    (r"archive open$", "Rouvrir", set[str]()),
    (r"network free\b", ACT_NAMES["free"], {"--why"}),
    (r"check\b", ACT_NAMES["examine"], set[str]()),
    (r"archive make\b", ACT_NAMES["archive"], set[str]()),
    (r"replace\b", ACT_NAMES["replace"], {"--why"}),
    (r"rewind\b", ACT_NAMES["rewind"], {"--to", "--why"}),
    (r"archive verify$", ACT_NAMES["verify"], set[str]()),
    (r"archive purge$", ACT_NAMES["purge"], set[str]()),
    (r"archive close$", ACT_NAMES["close"], set[str]()),
    (r"archive hashes$", ACT_NAMES["hashes"], set[str]()),
    (r"up\b.*--roster", "Préparation", {"--roster"}),
    (r"build\b", ACT_NAMES["build"], set[str]()),
    (r"spare$", ACT_NAMES["spare"], set[str]()),
    (r"network prove$", ACT_NAMES["prove"], set[str]()),
    (r"sheets$", ACT_NAMES["sheets"], set[str]()),
    (r"(status|day)\b", "Salle", set[str]()),
)


def on_screen(sentence: str) -> str:
    """A sentence of the program as a page says it; what has no button stays a command.

    >>> on_screen("Son temps court : « e5b stop poste-01 », puis « e5b up ».").replace(chr(0xA0), " ")
    'Son temps court : « Arrêter », puis « e5b up ».'
    """
    words = re.sub(r"« (?:e5b )?([^»]+) »", _button, sentence.strip())
    return french_spaces(without_deceit(words).replace("'", "’"))


def _button(found: re.Match[str]) -> str:
    command = found[1]
    if not found[0].startswith("« e5b ") and not command.startswith("--"):
        return found[0]
    name, taken = next(((name, taken) for pattern, name, taken in _BUTTONS if re.match(pattern, command)), ("", set()))
    # What a button doesn't take would be something else: the command stays.
    if not name or set(re.findall(r"--[a-z]+", command)) - taken - {"--all"}:
        return found[0]
    to = re.search(r"--to (\S+)", command)
    return f"« {name} »{f' à {to[1]}' if to else ''}"


def hour(at: datetime, centre: Centre) -> str:
    """An hour of the centre, as people write it."""
    there = at.astimezone(centre.settings.zone)
    return f"{there.hour}\xa0h\xa0{there:%M}"


def label(candidate: Candidate | None) -> str:
    """A candidate by his number and name; empty for none."""
    return f"{candidate.number} {candidate.name} {candidate.first_name}" if candidate else ""
