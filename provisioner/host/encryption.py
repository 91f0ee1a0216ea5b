"""Encrypts archives (age), so that nobody reads one without the centre's key."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import pyrage
from pydantic import AfterValidator

from provisioner.core.errors import ArchiveSpoilt, EvidenceLost, Refusal
from provisioner.host.disk import disk_in_french, flush_to_disk, private_folder

SUFFIX = ".age"


def _checked(key: str) -> str:
    try:
        return key and str(pyrage.x25519.Recipient.from_str(key))
    except pyrage.RecipientError as error:  # what stands there may be the secret one: it isn't repeated
        raise ValueError("ce n'est pas une clé publique age (age1…)") from error


#: The setting that says for whom archives are encrypted; empty for nobody.
PublicKey = Annotated[str, AfterValidator(_checked)]


def encrypt(plain: Path, encrypted: Path, recipient: str) -> None:
    """Encrypt a file for a recipient and read it back, by a second recipient's key that is kept nowhere. EvidenceLost if it differs."""
    theirs, witness = pyrage.x25519.Recipient.from_str(recipient), pyrage.x25519.Identity.generate()
    with plain.open("rb") as incoming, encrypted.open("wb") as outgoing:
        pyrage.encrypt_io(incoming, outgoing, [theirs, witness.to_public()])
    flush_to_disk(encrypted)
    digest = _Digest()
    with encrypted.open("rb") as incoming:
        pyrage.decrypt_io(incoming, digest, [witness])
    with plain.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != digest.value.hexdigest():
            raise EvidenceLost(f"{encrypted.name} n'a pas été relu tel qu'il a été chiffré. Recommencez.")


@contextmanager
def readable(path: Path, identity: Path | None, folder: Path) -> Iterator[Path]:
    """The archive as it can be read: itself, or decrypted into `folder` for the time of the block."""
    if path.suffix != SUFFIX:
        yield path
        return
    if identity is None:
        raise Refusal(f"{path.name} est chiffrée : dites où est la clé du centre avec « --identity FICHIER ».")
    with disk_in_french(path, EvidenceLost), private_folder(folder) as own:
        plain = own / path.with_suffix("").name
        try:
            with path.open("rb") as incoming, plain.open("wb") as outgoing:
                pyrage.decrypt_io(incoming, outgoing, _identities(identity))
        except (pyrage.DecryptError, OSError) as error:
            if isinstance(error, OSError) and error.errno:  # the disk's, not the cipher's
                raise
            raise ArchiveSpoilt(
                f"{path.name} ne se déchiffre pas : la clé de {identity} n'est pas la sienne, ou l'archive est abîmée."
            ) from error
        yield plain


def _identities(path: Path) -> list[Any]:
    with disk_in_french(path, Refusal):
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    try:
        found = [pyrage.x25519.Identity.from_str(line.strip()) for line in lines if line.startswith("AGE-SECRET-KEY-")]
    except pyrage.IdentityError as error:
        raise Refusal(f"{path} ne contient pas une clé age lisible.") from error
    if not found:
        raise Refusal(f"{path} ne contient aucune clé age (AGE-SECRET-KEY-…).")
    return found


class _Digest:
    def __init__(self) -> None:
        self.value = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.value.update(data)
        return len(data)

    def flush(self) -> None:
        """Nothing waits."""
