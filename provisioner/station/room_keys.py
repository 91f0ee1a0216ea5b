"""A room's key, which signs its archives: made with the room and removed with it; its public key stays on this machine.

So whoever gets at the disk after the room was closed can't sign in its name, unless he had copied the key before.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from provisioner.core.errors import EvidenceLost, Refusal
from provisioner.host.disk import disk_in_french, locked, make_private_folder, write_whole
from provisioner.host.signing import PrivateKey, PublicKey, new_key, read_private_key
from provisioner.station.state import State


@dataclass(frozen=True)
class KnownKey:
    """A key that a room of this machine has or had: the room, and when the key was made, in ISO 8601."""

    room: str
    made_at: str


def room_key(state: State, room: str) -> PrivateKey:
    """The private key of a room; made where it has none, as where an earlier version opened it."""
    path = _private(state, room)
    with (
        disk_in_french(path.parent, EvidenceLost),
        locked(state.folder / "locks" / f"{room}-cle.lock", "la clé de la salle", 30),
    ):
        make_private_folder(path.parent)
        if path.exists():
            try:
                return read_private_key(path)
            except Refusal:  # cut short, or changed: its public key still verifies what it signed
                path.replace(path.with_name(f"{path.name}.illisible"))
        key = new_key()
        public, made_at = key.public, state.present()
        document = {
            "room": room,
            "made_at": state.now(),
            "public_key": public.encoded,
            "fingerprint": public.fingerprint,
        }
        # First: a key that signs is one that is known.
        known = path.with_name(f"{room}-{made_at:%Y%m%d}-{public.fingerprint.replace(' ', '')[:8]}.json")
        write_whole(known, json.dumps(document, indent=1), mode=0o600)
        write_whole(path, key.pem, mode=0o600)
        return key


def forget_private_key(state: State, room: str) -> None:
    """Remove the private key of a room that is closed; the public keys that have signed an archive stay."""
    used = {line.get("signed_by") for line in state.logged()}
    with disk_in_french(state.folder, EvidenceLost):
        _private(state, room).unlink(missing_ok=True)
        for path, key, known in _public(state):
            if known.room == room and key.fingerprint not in used:
                path.unlink(missing_ok=True)


def known_keys(state: State) -> dict[PublicKey, KnownKey]:
    """Every key that rooms of this machine have or had; files that can't be read are left out."""
    with disk_in_french(state.folder, EvidenceLost):
        return {key: known for _, key, known in _public(state)}


def _public(state: State) -> Iterator[tuple[Path, PublicKey, KnownKey]]:
    for path in sorted((state.folder / "signing").glob("*.json")):
        try:
            document = json.loads(path.read_bytes())
            key = PublicKey(str(document["public_key"]))
            known = KnownKey(str(document["room"]), str(document["made_at"]))
        except (ValueError, KeyError, TypeError, RecursionError):
            continue
        yield path, key, known


def _private(state: State, room: str) -> Path:
    return state.folder / "signing" / f"{room}.pem"
