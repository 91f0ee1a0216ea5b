"""Which archive is a candidate's, by what archives say of themselves: nothing else tells it once the list is lost."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from provisioner import clock
from provisioner.archives import SUFFIX, manifest_of
from provisioner.errors import ArchiveSpoilt
from provisioner.lifecycle import Centre


def is_last(manifest: Mapping[str, Any]) -> bool:
    """Whether it is of a candidate's last state: his time was over, or the station was replaced for the next one."""
    running, why = clock.of(manifest), manifest["aside"]
    over = running is not None and running.over(datetime.fromisoformat(manifest["taken_at"]))
    return why == "reset" or (why is None and over)


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
            **told["candidate"], "archived": files[key], **{name: told[name] for name in ("subject", "place", "station", "stack")},
        }
        for key, told in found.items()
    }, unread  # fmt: skip
