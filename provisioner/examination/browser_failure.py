"""Why a browser didn't start, as a sentence that says what to do."""

import os
import re
import tempfile
from pathlib import Path

#: Where a browser's temporary folder is made. TMPDIR may be closed to other users, or too long for a socket's name.
TEMPORARY = "/tmp"
#: What a browser writes at least when it starts, in bytes.
_LEAST_ROOM = 1 << 20


def why_not_started(program: Path, log: str) -> str:
    """One French sentence from the log of a browser that didn't start."""
    if any(words in log for words in ("No usable sandbox", "new namespace", "unshare failed", "RTNETLINK")):
        return (
            f"{program} ne peut pas s'isoler sur cette machine (les espaces de noms y sont fermés) ; "
            "lancez : e5b doctor --fix."
        )
    if library := missing_library(log):
        return f"{program} ne démarre pas, la bibliothèque {library} manque ; lancez : e5b doctor --fix."
    folders = list(dict.fromkeys((os.environ.get("TMPDIR", TEMPORARY), TEMPORARY)))
    if "ENOSPC" in log or not all(map(_room_in, folders)):
        where = " ou ".join(folder for folder in folders if not _room_in(folder)) or folders[0]
        return f"{program} ne démarre pas, le disque de {where} est plein : libérez de la place, puis relancez la commande."
    errors = [line.strip().rstrip(".") for line in re.findall(r"\[err\] (.*)", log)]
    fatal = [line for line in errors if "FATAL" in line]
    detail = (fatal or errors or [first_line(log)])[-1]
    return f"{program} ne démarre pas (détail : {detail}) ; lancez : e5b doctor --fix."


def _room_in(folder: str) -> bool:
    """Whether a file can still be written there. Tried out, since Chromium's log doesn't say that the disk is full."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(_LEAST_ROOM))
    except OSError:
        return False
    return True


def missing_library(log: str) -> str:
    """The shared library that a program didn't find when it started; empty when it failed for another reason."""
    _, found, rest = log.partition("error while loading shared libraries: ")
    return rest.split(":")[0] if found else ""


def first_line(log: str) -> str:
    """The first line of a log that isn't blank."""
    return next((line.strip().rstrip(".") for line in log.splitlines() if line.strip()), "raison inconnue")
