"""Prints the list of a day's archives with their digests, for the commission to sign at the end of a half-day."""

import hashlib
import json
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from provisioner.archive.hash_lists import HashList, folder_of_lists, list_of_day, signed_list
from provisioner.core.errors import BrowserUnavailable, EvidenceLost
from provisioner.host.signing import PrivateKey
from provisioner.papers.printing import page, write, write_pdfs
from provisioner.station.state import State


def write_hash_list(
    state: State, room: str, zone: ZoneInfo, day: date, key: PrivateKey | None = None
) -> tuple[HashList, list[Path], list[Exception]]:
    """Write the list of a room's archives of a day, as a file to compare with and as PDF; `key` signs it.

    Returns the list, the files, and the errors of the archives that are left out, since they aren't right, or of the PDF.
    """
    hash_list, errors = list_of_day(state, room, day)
    if key:
        hash_list = signed_list(hash_list, key)
    folder = folder_of_lists(state, room)
    stem = f"empreintes-{hash_list.day}-{hash_list.made_at:%H%M%S}"
    document = folder / f"{stem}.json"
    data = json.dumps(hash_list.document(), ensure_ascii=False, indent=1).encode()
    write(document, data)
    written = [document]
    html = hash_list_page(zone, hash_list, document.name, hashlib.sha256(data).hexdigest())
    try:
        written += write_pdfs({document.with_suffix(".pdf"): html})
    except (BrowserUnavailable, EvidenceLost) as error:  # the file to compare with is there all the same
        errors = [*errors, error]
    return hash_list, written, errors


def hash_list_page(zone: ZoneInfo, hash_list: HashList, document: str, digest: str) -> str:
    """The list, as it is printed: with the name and the digest of its file, so that a signature covers every sheet."""
    keys = sorted({line.signed_by for line in hash_list.archives if line.signed_by and not line.foreign})
    return page(
        "hashes",
        zone,
        list=hash_list,
        document=document,
        digest=" ".join(digest[start : start + 8] for start in range(0, 64, 8)),
        day=date.fromisoformat(hash_list.day),
        made_at=hash_list.made_at.astimezone(zone),
        keys=keys,
        unsigned=[line.file for line in hash_list.archives if line.sha256 and not line.signed_by],
        centre_key=hash_list.signer,
        tz=zone,
    )
