"""Why a browser didn't start, as a sentence that says what to do."""

import os
import re
import tempfile
from pathlib import Path

#: Where a browser's folder is.
REACHED = "/tmp"
#: What a starting browser writes at least, in bytes.
_SOME = 1 << 20


def why(program: Path, log: str) -> str:
    """One sentence from what a browser that didn't start wrote."""
    if any(said in log for said in ("No usable sandbox", "new namespace", "unshare failed", "RTNETLINK")):
        return (
            f"{program} ne peut pas s'isoler sur cette machine (les espaces de noms y sont fermés) ; "
            "lancez : e5b doctor --fix."
        )
    if library := missing_library(log):
        return f"{program} ne démarre pas, la bibliothèque {library} manque ; lancez : e5b doctor --fix."
    folders = list(dict.fromkeys((os.environ.get("TMPDIR", REACHED), REACHED)))
    if "ENOSPC" in log or not all(map(_room_in, folders)):
        where = " ou ".join(folder for folder in folders if not _room_in(folder)) or folders[0]
        return f"{program} ne démarre pas, le disque de {where} est plein : libérez de la place, puis relancez la commande."
    said = [line.strip().rstrip(".") for line in re.findall(r"\[err\] (.*)", log)]
    fatal = [line for line in said if "FATAL" in line]
    detail = (fatal or said or [first_line(log)])[-1]
    return f"{program} ne démarre pas (détail : {detail}) ; lancez : e5b doctor --fix."


def _room_in(folder: str) -> bool:
    """Whether a file can still be made there; Chromium doesn't say when that is what it lacks."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(_SOME))
    except OSError:
        return False
    return True


def missing_library(log: str) -> str:
    """The shared library that a program didn't find when it started; empty when that isn't why it failed."""
    _, found, rest = log.partition("error while loading shared libraries: ")
    return rest.split(":")[0] if found else ""


def first_line(log: str) -> str:
    """Its first line that says something."""
    return next((line.strip().rstrip(".") for line in log.splitlines() if line.strip()), "raison inconnue")
