"""Finds each candidate's last archive by the archives' manifests, for a room whose list is lost."""

from provisioner.archive.archives import SUFFIX, summary_of
from provisioner.archive.manifest import Manifest
from provisioner.archive.verifying import refuse_unlike_record
from provisioner.core import clock
from provisioner.core.errors import ArchiveSpoilt
from provisioner.core.records import RosterEntry
from provisioner.station.centre import Centre
from provisioner.station.room_keys import known_keys


def last_archives(centre: Centre) -> tuple[dict[str, RosterEntry], list[str]]:
    """The list entries of the room's archived candidates, by key; and the names of archives that can't be read.

    One that a key of this machine signed comes before any other. One that isn't as the journal says counts as unread.
    """
    latest: dict[str, tuple[bool, Manifest, str]] = {}
    keys = known_keys(centre.state)
    unread = []
    for path in sorted(centre.state.archives.glob(f"[!.]*{SUFFIX}*")):
        if path.suffix == ".sha256":
            continue
        try:
            summary = summary_of(path)
            refuse_unlike_record(centre.state, path.name, summary.signer)
        except (ArchiveSpoilt, OSError):  # encrypted, incomplete, or changed
            unread.append(path.name)
            continue
        manifest, known = summary.manifest, summary.signer in keys
        if not manifest.candidate or manifest.room != centre.room.name or not manifest.last:
            continue
        if manifest.rehearsal != clock.rehearsed():  # a rehearsal is no exam
            continue
        key = manifest.candidate.key
        if key not in latest or (latest[key][0], latest[key][1].sealed_at) <= (known, manifest.sealed_at):
            latest[key] = known, manifest, path.name
    return {key: _entry(manifest, name) for key, (_, manifest, name) in latest.items()}, unread


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
