"""Archives stations, and removes the old container of a replaced station once its archive was read back."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial

from provisioner.archive.archives import Archive, digest_of, write_archive
from provisioner.archive.golden_images import GoldenImages, keep_golden
from provisioner.archive.verifying import read_archive
from provisioner.core import clock
from provisioner.core.batches import each
from provisioner.core.errors import ArchiveSpoilt, Busy, EvidenceLost, ProvisionerError
from provisioner.core.interruption import together
from provisioner.core.records import Archived, ArchivedSitting
from provisioner.engine.protocol import ContainerState
from provisioner.host import encryption
from provisioner.host.disk import disk_in_french, printable
from provisioner.station import lifecycle, sittings, snapshots
from provisioner.station.centre import Centre
from provisioner.station.forgiving import Forgiving
from provisioner.station.freezing import await_requests_under_way
from provisioner.station.identity import station_of
from provisioner.station.recovery import has_served, recovered
from provisioner.station.room_keys import known_keys

#: How many stations are archived at the same time: each takes a processor.
_AT_ONCE = 3


def archive(centre: Centre, name: str) -> Archive:
    """Archive a station as it is now; it goes on as before."""
    with centre.state.holding(centre.room.name, name, "archive make"):
        container = recovered(centre, name)
        centre.progress.step(f"{name} : archive")
        return _archive_and_note(centre, container)


def archive_each(centre: Centre, names: Sequence[str]) -> tuple[list[Archive], list[Exception]]:
    """Archive these stations, then every station that was set aside; the archives, and the errors of the others."""
    archives, errors = each(names, partial(archive, centre), 2)
    put_away, refused = put_each_away(centre)
    return archives + put_away, [*errors, *refused]


def archive_unknown(centre: Centre) -> tuple[list[Archive], list[ProvisionerError]]:
    """Archive every station of a room that another state folder opened, replaced ones as well; change and remove none."""
    archives: list[Archive] = []
    errors: list[ProvisionerError] = []
    for container in sittings.containers_of(centre.engine, centre.state, centre.room.name):
        if not has_served(centre, container):
            continue
        centre.progress.step(f"{container.labels['e5b.station']} : archive")
        try:
            with sittings.holding_old(centre.state, container, "archive make"):
                archives.append(_archive_and_note(centre, container))
        except ProvisionerError as error:
            errors.append(error)
    return archives, errors


def set_aside(centre: Centre) -> list[ContainerState]:
    """The containers of candidates whose stations were replaced before their work was archived."""
    containers = sittings.containers_of(centre.engine, centre.state, centre.room.name)
    return [container for container in containers if sittings.is_aside(centre.state, container)]


def put_away(centre: Centre) -> list[Archive]:
    """Archive every station that was set aside, then remove it; raises the first error after all were tried."""
    archives, errors = put_each_away(centre)
    if errors:
        raise errors[0]
    return archives


def put_each_away(centre: Centre) -> tuple[list[Archive], list[ProvisionerError]]:
    """Archive every station that was set aside, then remove it, a few at a time; the archives and the errors.

    A station whose archive fails stays. One that another command is archiving is left to that command.
    """
    archives: list[Archive] = []
    errors: list[ProvisionerError] = []
    goldens = GoldenImages(centre)

    def put_away_one(container: ContainerState) -> None:
        with suppress(Busy), sittings.holding_old(centre.state, container, "archive make"):
            if not sittings.is_aside(centre.state, container):  # another command has archived it or taken it back
                return
            try:
                centre.engine.stop(container.id)
                if sittings.to_archive(centre.state, container):
                    centre.progress.step(f"{container.labels['e5b.station']} : archive de l'ancien poste")
                    archives.append(_archive_and_note(centre, container))
                elif sittings.is_archived(centre.state, container):
                    read_again(centre, goldens, container)
                centre.discard(container.id)
            except ProvisionerError as error:
                errors.append(error)

    def stop(container: ContainerState) -> None:
        # Errors are suppressed here: put_away_one meets them again and collects them.
        with suppress(ProvisionerError), sittings.holding_old(centre.state, container, "archive make"):
            if sittings.is_aside(centre.state, container):
                centre.engine.stop(container.id)

    reading = Forgiving(centre.state)
    old_containers = set_aside(replace(centre, state=reading))
    errors += map(EvidenceLost, reading.unread.values())  # these may have been set aside too: they stay
    # All are stopped first, so that nothing changes in those that wait.
    together([partial(stop, container) for container in old_containers])
    for start in range(0, len(old_containers), _AT_ONCE):
        together([partial(put_away_one, container) for container in old_containers[start : start + _AT_ONCE]])
    try:
        snapshots.forget(centre)
    except ProvisionerError as error:
        errors.append(error)
    return archives, errors


def down(centre: Centre, discard: str = "") -> list[str]:
    """As lifecycle.down; every archive is read again first.

    A station whose record was lost is archived once more, since its work may have gone on.
    """
    return lifecycle.down(
        centre, discard, partial(_archive_at_end, centre), partial(read_again, centre, GoldenImages(centre))
    )


def read_again(centre: Centre, goldens: GoldenImages, container: ContainerState) -> None:
    """Read the archive of a station back from the disk, before the station is removed. EvidenceLost unless it is right.

    It has to be there and whole, signed by a key of this room, of this station and candidate, and the file of which the
    station's record has the digest; of an encrypted one, whose key is elsewhere, the digest of the whole file says so.
    Where it isn't, the station counts as not archived, so that the next command archives it again. The golden image that
    the archive needs has to be usable too.
    """
    station, archived = container.labels["e5b.station"], centre.state.record(container.id).archived
    path = centre.state.archives / (archived.file if archived else "")
    stays = f"{station} n'est pas retiré, le travail du candidat y est encore."
    centre.progress.step(f"{station} : son archive est relue avant qu'il soit retiré")
    try:
        if not archived or not path.is_file():
            raise ArchiveSpoilt(f"L'archive {path.name} n'est plus là : « e5b archive make » l'écrira de nouveau.")
        with disk_in_french(path, EvidenceLost):
            if path.suffix == encryption.SUFFIX:
                digest = digest_of(path)
            else:
                archive = read_archive(centre.state, path, path)
                _refuse_another_stations(centre, container, archive)
                digest = archive.sha256
        if archived.sha256 and digest != archived.sha256:
            raise ArchiveSpoilt(f"L'archive {path.name} n'est plus le fichier qui a été écrit : gardez-la à part.")
    except (ArchiveSpoilt, EvidenceLost) as error:
        centre.state.note(container.id, archived=None)
        raise EvidenceLost(f"{stays} {error}") from error
    try:
        goldens.ensure_usable(container.labels["e5b.golden"])
    except (ArchiveSpoilt, EvidenceLost) as error:
        raise EvidenceLost(f"{stays} {error}") from error


def _refuse_another_stations(centre: Centre, container: ContainerState, archive: Archive) -> None:
    """ArchiveSpoilt unless an archive is of this station and its candidate, and signed by a key of the room.

    One that an earlier version wrote is not signed; the journal has its digest then, without a key.
    """
    manifest, name = archive.manifest, archive.path.name
    candidate = centre.state.record(container.id).candidate
    found = (manifest.room, manifest.station, manifest.candidate.key if manifest.candidate else None)
    wanted = (centre.room.name, station_of(container).name, candidate.key if candidate else None)
    if found != wanted:
        raise ArchiveSpoilt(f"L'archive {printable(name)} est celle d'un autre poste, ou d'un autre candidat.")
    if archive.signer is None:
        if any(line.get("file") == name and line.get("sha256") == archive.sha256 for line in centre.state.logged()):
            return
        raise ArchiveSpoilt(f"L'archive {printable(name)} n'est pas signée, et journal.jsonl n'en dit rien.")
    known = known_keys(centre.state).get(archive.signer)
    if known is None or known.room != centre.room.name:
        raise ArchiveSpoilt(f"L'archive {printable(name)} n'est pas signée par la clé de cette salle.")


def _archive_at_end(centre: Centre, container: ContainerState) -> None:
    """Stop a station for good and archive it; where that fails, it starts again."""
    with sittings.holding_old(centre.state, container, "down"):
        sittings.set_aside(centre.state, container.id, "down")
        try:
            centre.engine.stop(container.id)
            centre.progress.step(f"{container.labels['e5b.station']} : dernière archive")
            _archive_and_note(centre, container)
        except BaseException:
            sittings.take_back(centre.state, container.id)
            centre.engine.start(container.id)
            raise


def _archive_and_note(centre: Centre, container: ContainerState) -> Archive:
    await_requests_under_way(centre, container)
    reports = len(centre.state.record(container.id).reports)
    # Read first: a clock that is set back meanwhile then makes the archive too old, never too new.
    booted = clock.booted()
    written = write_archive(centre, container)
    # Logged as well, since who changes the archive can change the digest beside it too.
    entry = {
        "at": centre.state.now(),
        "what": "archive",
        "file": written.path.name,
        "sha256": written.sha256,
    }
    if written.signer:
        entry["signed_by"] = written.signer.fingerprint
    centre.state.log(entry)
    keep_golden(centre, container.labels["e5b.golden"])
    # The list names only the archive of a candidate's last state. It is written before the record: a command that is
    # killed in between archives the work once more, instead of leaving the list without its archive.
    manifest = written.manifest
    if manifest.candidate and manifest.last:
        archived_sitting = ArchivedSitting(
            candidate=manifest.candidate,
            clock=manifest.clock,
            events=manifest.events,
            differs=manifest.differs,
            reports=centre.state.record(container.id).reports,
        )
        centre.state.mark(centre.room.name, manifest.candidate.key, archived=written.path.name, kept=archived_sitting)
    archived = Archived(
        taken_at=manifest.taken_at,
        file=written.path.name,
        sha256=written.sha256,
        booted=booted,
        reports=reports,
    )
    centre.state.note(container.id, archived=archived)
    return written
