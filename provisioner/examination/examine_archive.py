"""Examines an archive by the checks of its station, on a copy at the station's own address."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from provisioner.archive.archives import Archive, tries_of
from provisioner.archive.manifest import Manifest
from provisioner.archive.verifying import read_archive_to_run, trust_of
from provisioner.archive.viewing import image_of
from provisioner.core import clock
from provisioner.core.batches import each
from provisioner.core.errors import Refusal
from provisioner.core.model import Station, Verdict
from provisioner.core.records import Candidate, Examined
from provisioner.examination.document import ExaminationDocument
from provisioner.examination.examine import Examinations, candidate_document, examine_frozen, verdicts
from provisioner.host.disk import disk_in_french, printable
from provisioner.host.encryption import readable
from provisioner.station.centre import Centre
from provisioner.station.copies import clear, labels_of


def examine_archives(centre: Centre, paths: Sequence[Path], identity: Path | None = None) -> Examinations:
    """Examine these archives, one after another, each once."""
    documents, errors = each(list(dict.fromkeys(paths)), lambda path: examine_archive(centre, path, identity), 1)
    return Examinations(tuple(documents), tuple(errors))


def examine_archive(
    centre: Centre, path: Path, identity: Path | None = None, remark: Callable[[str], object] | None = None
) -> ExaminationDocument:
    """Examine the station of an archive, as `examine` does a station. The room that it comes from has to be open.

    The candidate's forms take the report when it is the last archive of a candidate of the list. `remark` is told in French
    where they don't, and what to know of the archive's signature; without it, the progress is.
    """
    remark = remark or centre.progress.step
    with readable(path, identity, centre.state.folder) as plain:
        with disk_in_french(path, Refusal):
            archive = read_archive_to_run(centre.state, plain, path)
            tries = tries_of(plain)
        trust = trust_of(centre.state, archive)
        if trust.remark:
            remark(
                f"{printable(path.name)} : archive {trust.remark}, comparez son empreinte à la feuille de la commission"
            )
        manifest = archive.manifest
        station = manifest.as_station()
        _ensure_address_free(centre, path, station, manifest)
        # The station itself may be the next candidate's by now: it isn't held.
        document = examine_frozen(
            centre,
            station,
            _unpacked(centre, archive, path.resolve().parent, station),
            candidate_document(manifest.candidate),
            manifest.running,
            lambda: tries,
        )
        if manifest.candidate:
            _note_for_forms(centre, path.name, manifest.room, manifest.candidate, document, remark)
        else:
            remark(f"{printable(path.name)} : l'archive n'est d'aucun candidat, aucune grille ne prend ce rapport")
        return {**document, "signature": trust.value}


def _ensure_address_free(centre: Centre, path: Path, station: Station, manifest: Manifest) -> None:
    """Raise a Refusal unless a copy of that station can answer at its address now."""
    if manifest.rehearsal or clock.rehearsed():
        raise Refusal(
            f"L'archive {path.name} ne peut pas être examinée : dans une répétition, les heures du site et de l'épreuve "
            "ne sont pas les mêmes. Rouvrez-la par « e5b archive open »."
        )
    if centre.gateway.find() is None:
        raise Refusal(
            f"L'archive {path.name} s'examine à l'adresse du candidat, {station.address}, et aucune salle n'est ouverte. Avec "
            f"le e5b.toml de l'épreuve, lancez « e5b up 1 --subject {station.subject} », puis recommencez."
        )
    if centre.room.address_of(station.place) != station.address:
        raise Refusal(
            f"L'archive {path.name} s'examine à l'adresse du candidat, {station.address}, et la salle ouverte a d'autres "
            "adresses. Fermez-la par « e5b down », puis rouvrez-la avec le e5b.toml de l'épreuve et recommencez."
        )


def _note_for_forms(
    centre: Centre,
    name: str,
    room: str,
    candidate: Candidate,
    document: ExaminationDocument,
    remark: Callable[[str], object],
) -> None:
    """Note the report in the list's entry, from which the forms take it, or say why it isn't noted."""
    archives = [entry.archived for entry in centre.state.entries(room) if entry.key == candidate.key]
    if name not in archives:
        why = "ce n'est pas sa dernière archive" if archives else "il n'est pas sur la liste de la salle"
        remark(f"{name} : la grille du candidat {candidate.number} ne prend pas ce rapport, {why}")
    elif set(verdicts(document)) == {Verdict.BLOCKED}:
        remark(f"{name} : rien n'a pu être examiné, recommencez")
    else:
        examined = Examined(archive=name, report=str(Path(document["report"]).parent))
        centre.state.mark(room, candidate.key, examined=examined)


@contextmanager
def _unpacked(centre: Centre, archive: Archive, folder: Path, station: Station) -> Iterator[tuple[str, datetime]]:
    """The archive as an image for the time of the block, and when its work stopped; golden images are in `folder`."""
    clear(centre, station)
    name = f"e5b-{centre.room.name}-{station.name}-pose"
    image = image_of(centre, archive, folder, labels_of(centre, station), name)
    try:
        taken_at = archive.manifest.taken_at.astimezone(centre.settings.zone)
        yield image, clock.stopped(archive.manifest.running, taken_at)
    finally:
        centre.engine.remove_image(image)
