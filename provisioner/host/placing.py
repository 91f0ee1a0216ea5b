"""Puts files and links on a machine, and says what was there, so that all comes back as it was."""

import base64
import os
from pathlib import Path
from typing import NotRequired, TypedDict, final

from provisioner.host.disk import replace_durably, sync_folder


def missing_folders(path: Path) -> list[str]:
    """The folders that have to be made for this file, innermost first."""
    return [str(folder) for folder in path.parents if not folder.exists()]


def make_folders(path: Path) -> None:
    """Make them so that everybody finds the file, whatever the administrator's umask: a browser is its user's."""
    for folder in reversed(missing_folders(path)):
        Path(folder).mkdir(exist_ok=True)
        Path(folder).chmod(0o755)


@final
class SavedLink(TypedDict):
    """A symbolic link that was there, and where to."""

    link: str


@final
class SavedFile(TypedDict):
    """A file that was there: its content and the values of its attributes in base64, its time in nanoseconds."""

    content: str
    mode: int
    uid: int
    gid: int
    mtime: NotRequired[int]
    attributes: NotRequired[dict[str, str]]


def saved(path: Path) -> SavedLink | SavedFile | None:
    """All that `restore` needs to have it there again; None where there is nothing."""
    if path.is_symlink():
        return {"link": str(path.readlink())}
    if not path.exists():
        return None
    known = path.stat()
    return {
        "content": base64.b64encode(path.read_bytes()).decode(),
        "mode": known.st_mode & 0o7777,
        "uid": known.st_uid,
        "gid": known.st_gid,
        "mtime": known.st_mtime_ns,
        # Among these are lists of who may do what.
        "attributes": {name: base64.b64encode(os.getxattr(path, name)).decode() for name in os.listxattr(path)},
    }


def part_of(path: Path) -> Path:
    """Where a file is written before it takes its place: what was killed meanwhile leaves it."""
    return path.with_name(f"{path.name}.e5b")


def restore(path: Path, before: SavedLink | SavedFile | None) -> None:
    """Have there again what `saved` found."""
    if before is None:
        path.unlink(missing_ok=True)
    elif "link" in before:
        link(path, before["link"])
    else:
        put(path, base64.b64decode(before["content"]), before)


def put(path: Path, content: bytes, was: SavedFile | None = None) -> None:
    """Write a file, with the owner, mode, time and attributes that `was` there; else everybody may read it.

    Whole or not at all, and on the disk when it returns.
    """
    make_folders(path)
    part = part_of(path)
    part.write_bytes(content)
    part.chmod(was["mode"] if was else 0o644)
    if was and os.geteuid() == 0:
        os.chown(part, was["uid"], was["gid"])
    if was:
        for name, value in was.get("attributes", {}).items():
            os.setxattr(part, name, base64.b64decode(value))
        if "mtime" in was:
            os.utime(part, ns=(was["mtime"], was["mtime"]))
    replace_durably(part, path)


def link(path: Path, to: str) -> None:
    """Make a link. Whole or not at all: the machine may die in between."""
    make_folders(path)
    part = part_of(path)
    part.unlink(missing_ok=True)
    part.symlink_to(to)
    part.replace(path)
    sync_folder(path.parent)
