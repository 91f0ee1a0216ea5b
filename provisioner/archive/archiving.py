"""When stations are archived, and when the old one of a replaced station may go: once its archive was read back."""

from contextlib import suppress
from functools import partial

from provisioner.archive.archives import Archive, write_archive
from provisioner.archive.golden_images import keep_golden
from provisioner.core import clock
from provisioner.core.errors import Busy, ProvisionerError
from provisioner.core.interruption import together
from provisioner.core.records import Archived, ArchivedSitting
from provisioner.engine.protocol import ContainerState
from provisioner.station import lifecycle, sittings, snapshots
from provisioner.station.centre import Centre
from provisioner.station.freezing import await_requests_under_way
from provisioner.station.recovery import has_served, recovered

#: How many stations are archived at the same time: each takes a processor.
_AT_ONCE = 3


def archive(centre: Centre, name: str) -> Archive:
    """Archive a station as it is in this moment; it goes on as it was."""
    with centre.state.holding(centre.room.name, name, "archive make"):
        container = recovered(centre, name)
        centre.progress.step(f"{name} : archive")
        return _archive_and_note(centre, container)


def archive_unknown(centre: Centre) -> tuple[list[Archive], list[ProvisionerError]]:
    """Archive each station of a room of which nothing is known here, replaced ones as well: none is changed or removed."""
    made: list[Archive] = []
    errors: list[ProvisionerError] = []
    for container in sittings.containers_of(centre.engine, centre.state, centre.room.name):
        if not has_served(centre, container):
            continue
        centre.progress.step(f"{container.labels['e5b.station']} : archive")
        try:
            with sittings.holding_old(centre.state, container, "archive make"):
                made.append(_archive_and_note(centre, container))
        except ProvisionerError as error:
            errors.append(error)
    return made, errors


def set_aside(centre: Centre) -> list[ContainerState]:
    """The containers of candidates whose stations were replaced before their work was archived."""
    held = sittings.containers_of(centre.engine, centre.state, centre.room.name)
    return [one for one in held if sittings.is_aside(centre.state, one)]


def put_away(centre: Centre) -> list[Archive]:
    """Archive every station that was set aside, then remove it; raises the first error, when all were tried."""
    made, errors = put_each_away(centre)
    if errors:
        raise errors[0]
    return made


def put_each_away(centre: Centre) -> tuple[list[Archive], list[ProvisionerError]]:
    """Archive every station that was set aside, then remove it, a few at a time; what failed stays, with why.

    One that another command is archiving is left to it.
    """
    made: list[Archive] = []
    errors: list[ProvisionerError] = []

    def one(container: ContainerState) -> None:
        with suppress(Busy), sittings.holding_old(centre.state, container, "archive make"):
            if not sittings.is_aside(centre.state, container):  # another command has put it away, or given it back
                return
            try:
                centre.engine.stop(container.id)
                if sittings.to_archive(centre.state, container):
                    centre.progress.step(f"{container.labels['e5b.station']} : archive de l'ancien poste")
                    made.append(_archive_and_note(centre, container))
                centre.discard(container.id)
            except ProvisionerError as error:
                errors.append(error)

    def still(container: ContainerState) -> None:
        # What is wrong is told when its turn comes.
        with suppress(ProvisionerError), sittings.holding_old(centre.state, container, "archive make"):
            if sittings.is_aside(centre.state, container):
                centre.engine.stop(container.id)

    waiting = set_aside(centre)
    together([partial(still, container) for container in waiting])  # first: nothing goes on in one that waits its turn
    for start in range(0, len(waiting), _AT_ONCE):
        together([partial(one, container) for container in waiting[start : start + _AT_ONCE]])
    try:
        snapshots.forget(centre)
    except ProvisionerError as error:
        errors.append(error)
    return made, errors


def down(centre: Centre, discard: str = "") -> list[str]:
    """As lifecycle.down; what may have gone on after its archive, since nothing is known of it, is archived at its end."""
    return lifecycle.down(centre, discard, partial(_ended, centre))


def _ended(centre: Centre, container: ContainerState) -> None:
    """Stop a station for good and archive it; whatever fails, it goes on as before."""
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
    booted = clock.booted()  # before: a clock that is set back meanwhile makes the archive too old, never too new
    sealed = write_archive(centre, container)
    # Whoever changes the archive can change the digest beside it as well.
    line = {"at": centre.state.now(), "what": "archive", "file": sealed.path.name, "sha256": sealed.sha256}
    centre.state.log(line)
    keep_golden(centre, container.labels["e5b.golden"])
    # Nothing but a candidate's last state is his archive.
    # The list first: killed in between, the work is archived once more, and not forgotten by its list.
    manifest = sealed.manifest
    if manifest.candidate and manifest.last:
        kept = ArchivedSitting(
            candidate=manifest.candidate,
            clock=manifest.clock,
            events=manifest.events,
            differs=manifest.differs,
            reports=centre.state.record(container.id).reports,
        )
        centre.state.mark(centre.room.name, manifest.candidate.key, archived=sealed.path.name, kept=kept)
    archived = Archived(
        taken_at=manifest.taken_at,
        file=sealed.path.name,
        sha256=sealed.sha256,
        booted=booted,
        reports=reports,
    )
    centre.state.note(container.id, archived=archived)
    return sealed
