"""Which archive is a candidate's, by what archives say of themselves: nothing else tells it once the list is lost."""

import json
import zipfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from provisioner.archive.archives import SUFFIX, Archive, manifest_of
from provisioner.core import clock
from provisioner.core.errors import ArchiveSpoilt
from provisioner.station.lifecycle import Centre
from provisioner.station.state import REPORT_JSON

#: What a station was set aside for that went on elsewhere: see lifecycle.py.
_ASIDE = {
    "rewind": "état d'avant un retour",
    "replace": "état d'avant un remplacement",
    "undone": "état d'un échange de postes qui a échoué",
    "recover": "état d'un échange de postes qui a été coupé",
}


def is_last(manifest: Mapping[str, Any]) -> bool:
    """Whether it is of a candidate's last state: his time was over, or the station was replaced for the next one."""
    why = manifest["aside"]
    return why == "reset" or (why is None and clock.of(manifest) is not None and not _early(manifest))


def why_not_last(manifest: Mapping[str, Any]) -> str:
    """Why an archive isn't of a candidate's last state, in French; nothing where it is, or where nobody had begun."""
    why = manifest["aside"]
    return _ASIDE.get(why, "") or (
        "avant la fin : ce n'est pas le dernier état" if why is None and _early(manifest) else ""
    )


def _early(manifest: Mapping[str, Any]) -> bool:
    """Whether it was taken while its candidate had time left."""
    running = clock.of(manifest)
    return running is not None and not running.over(datetime.fromisoformat(manifest["taken_at"]))


def is_examined(plain: Path, manifest: Mapping[str, Any]) -> bool:
    """Whether the report in an archive that was read whole is of all that its candidate did."""
    if not manifest["report"]:
        return False
    try:
        with zipfile.ZipFile(plain) as bundle:
            taken_at = json.loads(bundle.read(f"report/{REPORT_JSON}"))["taken_at"]
        return bool(manifest.get("rehearsal")) or clock.is_complete(manifest, taken_at)
    except (KeyError, TypeError, ValueError):  # it wasn't written to its end
        return False


def unexamined(archives: Iterable[tuple[Archive, bool]]) -> set[str]:
    """The names of those that wait for an examination, by each archive and whether it `is_examined`.

    It is each candidate's last one, or his newest where none is the last: what was found in an earlier state is not of
    what he left.
    """
    newest: dict[tuple[Any, ...], tuple[tuple[bool, str], str, bool]] = {}
    for one, examined in archives:
        told = one.manifest
        if told["candidate"]:
            whose = (told["room"], bool(told.get("rehearsal")), told["candidate"]["key"])
            mine = ((is_last(told), told["sealed_at"]), one.path.name, examined)
            newest[whose] = max(newest.get(whose, mine), mine)
    return {name for _, name, examined in newest.values() if not examined}


def last_archives(centre: Centre) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """The candidates of the room who are archived, by key, as a list has them; and the archives that don't say whose."""
    found: dict[str, Mapping[str, Any]] = {}
    files, unread = dict[str, str](), []
    for path in sorted(centre.state.archives.glob(f"[!.]*{SUFFIX}*")):
        if path.suffix == ".sha256":
            continue
        try:
            manifest = manifest_of(path)
        except (ArchiveSpoilt, OSError):  # encrypted, or cut
            unread.append(path.name)
            continue
        if not manifest["candidate"] or manifest["room"] != centre.room.name or not is_last(manifest):
            continue
        if bool(manifest.get("rehearsal")) != clock.rehearsed():  # who rehearsed has not sat the exam
            continue
        key = manifest["candidate"]["key"]
        if key not in found or found[key]["sealed_at"] <= manifest["sealed_at"]:
            found[key], files[key] = manifest, path.name
    return {
        key: {
            **told["candidate"],
            "archived": files[key],
            **{name: told[name] for name in ("subject", "place", "station", "stack")},
        }
        for key, told in found.items()
    }, unread
