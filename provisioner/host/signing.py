"""Signs with Ed25519: makes keys, reads them, signs, and tells whether a signature is right."""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING

from provisioner.core.errors import Refusal
from provisioner.host.disk import disk_in_french, write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

# The library takes a while to load, and most commands sign nothing.

ALGORITHM = "Ed25519"
#: A key's file is a few lines: what is longer is another file.
_LONGEST = 10_000


@dataclass(frozen=True)
class PublicKey:
    """A public key, as its 32 bytes in base64."""

    encoded: str

    @property
    def fingerprint(self) -> str:
        """Its first 32 hexadecimal digits of SHA-256, in groups of four, as people compare them."""
        digits = hashlib.sha256(self.encoded.encode()).hexdigest()[:32]
        return " ".join(digits[start : start + 4] for start in range(0, 32, 4))

    def signed(self, message: bytes, signature: str) -> bool:
        """Whether this key's owner signed these bytes; `signature` is in base64. False where either can't be read."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            key = Ed25519PublicKey.from_public_bytes(b64decode(self.encoded, validate=True))
            key.verify(b64decode(signature, validate=True), message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, repr=False)
class PrivateKey:
    """A private key, in PEM; whoever has it can sign as its owner."""

    pem: bytes

    @property
    def public(self) -> PublicKey:
        """The public key that belongs to it; Refusal where it isn't an Ed25519 key that needs no passphrase."""
        return _encoded(self._loaded().public_key())

    def sign(self, message: bytes) -> str:
        """The signature of these bytes, in base64."""
        return b64encode(self._loaded().sign(message)).decode()

    def _loaded(self) -> Ed25519PrivateKey:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        try:
            key = load_pem_private_key(self.pem, None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:  # TypeError: it is under a passphrase
            raise Refusal(
                "Cette clé ne peut pas signer : ce n'est pas une clé Ed25519 en PEM, sans mot de passe. « e5b archive key "
                "FICHIER » en fait une."
            ) from error
        if not isinstance(key, Ed25519PrivateKey):
            raise Refusal(
                "Cette clé ne peut pas signer : ce n'est pas une clé Ed25519. « e5b archive key FICHIER » en fait une."
            )
        return key


def new_key() -> PrivateKey:
    """A private key that nobody has yet."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return PrivateKey(Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def read_private_key(path: Path) -> PrivateKey:
    """The private key in a file; Refusal where there is none that can sign."""
    key = PrivateKey(_read(path))
    _ = key.public
    return key


def read_public_key(path: Path) -> PublicKey:
    """The public key in a file, which holds it or its private key in PEM; Refusal where there is none."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    pem = _read(path)
    if b"PRIVATE KEY" in pem:
        return PrivateKey(pem).public
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise Refusal(f"{path} ne contient pas de clé publique Ed25519 en PEM.")
    return _encoded(key)


def write_key(path: Path, key: PrivateKey) -> Path:
    """Write a private key to a new file, its owner's alone, and its public key to another with `.pub` added, which is returned."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    with disk_in_french(path.parent, Refusal):
        if not path.name or path.is_dir():
            raise Refusal(
                f"{path} est un dossier : donnez le nom du fichier à écrire, par exemple {path / 'centre.pem'}."
            )
    public_path = path.with_name(f"{path.name}.pub")
    public = key._loaded().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    with disk_in_french(path.parent, Refusal):
        if path.exists() or public_path.exists():
            raise Refusal(
                f"{path} ou {public_path.name} existe déjà : une clé n'est jamais remplacée. Donnez un autre nom."
            )
        write_whole(path, key.pem, mode=0o600)
        write_whole(public_path, public)
    return public_path


def _read(path: Path) -> bytes:
    with disk_in_french(path, Refusal), path.open("rb") as file:
        return file.read(_LONGEST)


def _encoded(key: Ed25519PublicKey) -> PublicKey:
    return PublicKey(b64encode(key.public_bytes_raw()).decode())
