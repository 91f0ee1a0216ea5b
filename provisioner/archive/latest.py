"""Finds each candidate's last archive by the archives' manifests, for a room whose list is lost."""

from provisioner.archive.archives import SUFFIX, summary_of
from provisioner.archive.manifest import Manifest
from provisioner.core import clock
from provisioner.core.errors import ArchiveSpoilt
from provisioner.core.records import RosterEntry
from provisioner.station.centre import Centre


def last_archives(centre: Centre) -> tuple[dict[str, RosterEntry], list[str]]:
    """The list entries of the room's archived candidates, by key; and the names of archives that can't be read."""
    latest: dict[str, tuple[Manifest, str]] = {}
    unread = []
    for path in sorted(centre.state.archives.glob(f"[!.]*{SUFFIX}*")):
        if path.suffix == ".sha256":
            continue
        try:
            manifest = summary_of(path).manifest
        except (ArchiveSpoilt, OSError):  # encrypted, or incomplete
            unread.append(path.name)
            continue
        if not manifest.candidate or manifest.room != centre.room.name or not manifest.last:
            continue
        if manifest.rehearsal != clock.rehearsed():  # a rehearsal is no exam
            continue
        key = manifest.candidate.key
        if key not in latest or latest[key][0].sealed_at <= manifest.sealed_at:
            latest[key] = manifest, path.name
    return {key: _entry(manifest, name) for key, (manifest, name) in latest.items()}, unread


def _entry(manifest: Manifest, file: str) -> RosterEntry:
    candidate = manifest.candidate
    assert candidate is not None
    return RosterEntry.model_validate(
        {
            **candidate.document(),
            "archived": file,
            "subject": manifest.subject,
            "place": manifest.place,
            "station": manifest.station,
            "stack": manifest.stack,
        }
    )
