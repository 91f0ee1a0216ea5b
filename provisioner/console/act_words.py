"""Says on the screen what the command line says: acts by the names of their buttons, French spaces and quotes."""

import re

from provisioner.examination.report import french_spaces
from provisioner.french.text import without_deceit
from provisioner.station.act_book import KINDS

#: The button or page that does what a command does.
_BUTTONS = (
    (r"start\b.*--extra", KINDS["extra"]),
    (r"start\b", KINDS["start"]),
    (r"stop\b", KINDS["stop"]),
    (r"reset\b.*--next|--next$", KINDS["next"]),
    (r"reset\b", KINDS["reset"]),
    (r"check\b", KINDS["examine"]),
    (r"archive make\b", KINDS["archive"]),
    (r"replace\b", KINDS["replace"]),
    (r"rewind\b", KINDS["rewind"]),
    (r"(status|day)\b", "Salle"),
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
    name = next((name for pattern, name in _BUTTONS if re.match(pattern, command)), "")
    return f"« {name} »" if name else found[0]
