"""The signature of an archive's manifest: how it stands in the archive, and whose it is."""

import json

from provisioner.archive.bounded import json_object
from provisioner.core.errors import ArchiveSpoilt
from provisioner.host.signing import ALGORITHM, PrivateKey, PublicKey

#: The member of an archive that has the signature of the exact bytes of its manifest.
SIGNATURE = "manifest.sig"


def signed(manifest: bytes, key: PrivateKey) -> bytes:
    """The member `manifest.sig` for these bytes of a manifest."""
    public = key.public
    document = {
        "algorithm": ALGORITHM,
        "public_key": public.encoded,
        "fingerprint": public.fingerprint,
        "signature": key.sign(manifest),
    }
    return json.dumps(document, indent=1).encode()


def signer_of(manifest: bytes, signature: bytes) -> PublicKey:
    """The key that signed these bytes of a manifest; ArchiveSpoilt where the signature is of other bytes."""
    document = json_object(signature, "sa signature")
    public, value = document.get("public_key"), document.get("signature")
    if document.get("algorithm") != ALGORITHM or not isinstance(public, str) or not isinstance(value, str):
        raise ArchiveSpoilt("sa signature n'est pas lisible")
    key = PublicKey(public)
    if not key.signed(manifest, value):
        raise ArchiveSpoilt(
            "sa signature n'est pas celle de son contenu : elle a été changée depuis qu'elle a été écrite, même si ses "
            "empreintes ont été refaites"
        )
    return key
