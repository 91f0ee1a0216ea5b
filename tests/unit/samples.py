"""Documents as the program keeps them, complete, for tests that care for a few of their values."""

from typing import Any

from provisioner.archive.manifest import Manifest

#: A candidate, as the record of his station names him.
CANDIDATE: dict[str, Any] = {
    "key": "k",
    "number": "12",
    "name": "GOFF",
    "first_name": "Anne",
    "commission": "1",
    "at": "2026-05-21T09:00:00+02:00",
}
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
