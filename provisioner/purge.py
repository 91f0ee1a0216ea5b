"""Removes what is kept of candidates before a day, and writes down for good what was removed: no names."""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from provisioner.disk import disk_in_french
from provisioner.errors import EvidenceLost, Refusal
from provisioner.state import State


def purge(state: State, before: date) -> dict[str, Any]:
    """Remove archives, reports, lists and documents of the days before this one; the record of it."""
    if before > state.present().date():
        raise Refusal(f"Le {before:%d/%m/%Y} n'est pas encore passé : rien n'a été effacé.")
    removed: dict[str, Any] = {"archives": [], "reports": 0, "documents": 0, "lists": 0}
    with disk_in_french(state.folder, EvidenceLost):
        for path in _of_before(state.archives, before):
            if path.suffix != ".sha256":
                with path.open("rb") as file:
                    digest = hashlib.file_digest(file, "sha256").hexdigest()
                removed["archives"].append({"file": path.name, "sha256": digest, "bytes": path.stat().st_size})
            path.unlink()
        for folder in _folders(state.folder / "reports", before):
            shutil.rmtree(folder)
            removed["reports"] += 1
        for path in sorted((state.folder / "rosters").glob("*.json")):
            days = [datetime.fromisoformat(one["at"]).date() for one in json.loads(path.read_bytes())["entries"]]
            if not days or max(days) < before:
                path.unlink()
                removed["lists"] += 1
                documents = state.folder / "documents" / path.stem
                removed["documents"] += sum(one.is_file() for one in documents.rglob("*"))
                shutil.rmtree(documents, ignore_errors=True)
    record = {"at": state.now(), "what": "purge", "before": before.isoformat(), **removed}
    state.log(record)
    return record


def _of_before(folder: Path, before: date) -> Iterator[Path]:
    """The files of a folder whose names hold a day before this one: an encrypted archive tells no other."""
    for path in sorted(folder.iterdir()):
        if (
            path.is_file()
            and (found := re.search(r"-(\d{8})-\d{6}(-\d+)?\.e5b\.zip", path.name))
            and _day(found[1]) < before
        ):
            yield path


def _folders(folder: Path, before: date) -> Iterator[Path]:
    """Reports' folders, named by their moment."""
    for path in sorted(folder.glob("*/*/*")):
        if (found := re.match(r"(\d{8})-\d{6}", path.name)) and path.is_dir() and _day(found[1]) < before:
            yield path


def _day(digits: str) -> date:
    return datetime.strptime(digits, "%Y%m%d").date()
