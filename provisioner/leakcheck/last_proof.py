"""Keeps what the last long proof of a room's network has shown, and when."""

from contextlib import suppress
from pathlib import Path

from provisioner.core.documents import Instant, Record
from provisioner.core.errors import EvidenceLost
from provisioner.french.text import numbered
from provisioner.host.disk import disk_in_french, write_whole
from provisioner.leakcheck.room_proof import RoomProof, prove_network
from provisioner.station.centre import Centre


class NetworkProof(Record):
    """A long proof that was made: when, in which wiring; the French titles of the ways that were open or doubtful.

    `unheld`: see RoomProof.
    """

    at: Instant
    wiring: str = ""
    leaks: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    unheld: str = ""
    ways: int = 0


def prove_and_keep(centre: Centre) -> RoomProof:
    """Prove the room's network, as `prove_network`, and keep what that showed."""
    proof = prove_network(centre)
    kept = NetworkProof(
        at=centre.state.present().replace(microsecond=0),
        wiring=centre.settings.network.wiring,
        leaks=tuple(row.title for row in proof.leaks),
        doubtful=tuple(row.title for row in proof.doubtful),
        unheld=proof.unheld,
        ways=len(proof.rows),
    )
    path = _path(centre)
    with disk_in_french(centre.state.folder, EvidenceLost):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, kept.model_dump_json(), mode=0o600)
    return proof


def in_words(proof: RoomProof) -> list[str]:
    """What a proof has shown, as the book of acts says it, in French sentences."""
    said = [f"Voie ouverte : {row.title}." for row in proof.leaks]
    if proof.doubtful:
        verb = "n’ont pas pu être vérifiées" if len(proof.doubtful) > 1 else "n’a pas pu être vérifiée"
        said.append(f"{numbered(len(proof.doubtful), 'voie')} {verb} : recommencez.")
    if proof.unheld:
        said.append(proof.unheld)
    if not (proof.leaks or proof.doubtful):
        said.append(f"Les postes et l’entrée tiennent : {numbered(len(proof.rows), 'voie fermée', 'voies fermées')}.")
    return said


def last_proof(centre: Centre) -> NetworkProof | None:
    """What the last proof of this room's network has shown; None where none was made here, or it can't be read."""
    with disk_in_french(centre.state.folder, EvidenceLost), suppress(FileNotFoundError, ValueError):
        return NetworkProof.model_validate_json(_path(centre).read_bytes())
    return None


def _path(centre: Centre) -> Path:
    return centre.state.folder / "network" / f"{centre.room.name}.preuve"
