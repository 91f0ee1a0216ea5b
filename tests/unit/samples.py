"""Documents as the program keeps them, complete, for tests that care for a few of their values."""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import zstandard

from provisioner.archive.archives import DIGESTS, LAYER, MANIFEST, TRIES
from provisioner.archive.manifest import FORMAT, Manifest
from provisioner.archive.signatures import SIGNATURE, signed
from provisioner.host.companies import HOME, company_folder
from provisioner.host.signing import PrivateKey

#: A candidate, as the record of his station names him.
CANDIDATE: dict[str, Any] = {
    "key": "k",
    "number": "12",
    "name": "GOFF",
    "first_name": "Anne",
    "commission": "1",
    "at": "2026-05-21T09:00:00+02:00",
}
#: The home company's folder: what a check's examples and a station of an edition are of.
COMPANY = company_folder(HOME)
#: An entry of a list, before its credentials are drawn.
ENTRY: dict[str, Any] = {**CANDIDATE, "subject": "wordpress-a", "place": 1}
_MANIFEST: dict[str, Any] = {
    "format": 1,
    "room": "salle",
    "station": "poste-01",
    "place": 1,
    "subject": "wordpress-a",
    "stack": "wordpress-2024",
    "address": "",
    "golden": "sha256:a",
    "built_at": "2026-05-20T00:00:00+00:00",
    "conforming": True,
    "differs": [],
    "versions": {},
    "taken_at": "2026-05-21T09:40:00+02:00",
    "sealed_at": "2026-05-21T09:40:20+02:00",
}


def manifest_document(**values: Any) -> dict[str, Any]:
    """What `manifest.json` of an archive holds."""
    return {**_MANIFEST, **values}


def manifest(**values: Any) -> Manifest:
    """An archive's manifest."""
    return Manifest.model_validate(manifest_document(**values))


def bundle(
    path: Path, key: PrivateKey | None = None, members: Mapping[str, bytes] | None = None, **values: Any
) -> Path:
    """Write the archive of a station where nothing changed: signed by a key, or as earlier versions wrote it without one.

    `members` are added, or take another's place; `values` are the manifest's.
    """
    inside = {LAYER: zstandard.compress(bytes(1024)), DIGESTS: b"", TRIES: b"{}", **(members or {})}
    files = [
        {"name": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()} for name, data in inside.items()
    ]
    layer = {"entries": 0, "files": 0, "gone": []}
    told = manifest_document(files=files, layer=layer)
    if key:
        told |= {"format": FORMAT, "name": path.name, "layer": {**layer, "unpacked": 1024}}
    written = json.dumps({**told, **values}).encode()
    with zipfile.ZipFile(path, "w") as packed:
        for name, data in {**inside, MANIFEST: written, **({SIGNATURE: signed(written, key)} if key else {})}.items():
            packed.writestr(name, data)
    return path


def repacked(path: Path, members: Mapping[str, bytes | None]) -> Path:
    """Write an archive again with other members; None takes one away."""
    with zipfile.ZipFile(path) as packed:
        inside: dict[str, bytes | None] = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(path, "w") as packed:
        for name, data in {**inside, **members}.items():
            if data is not None:
                packed.writestr(name, data)
    return path


def answering_site(**values: Any) -> MagicMock:
    """A site whose office answers each screen without an error."""
    site = MagicMock(**{"company": COMPANY, **values})
    site.signed_in.return_value.goto.return_value.status = 200
    return site
