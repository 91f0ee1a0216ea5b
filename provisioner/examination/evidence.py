"""The folder in which one examination keeps its screenshots and notes."""

import re
from pathlib import Path
from threading import Lock

from playwright.sync_api import Locator, Page

from provisioner.core.errors import EvidenceLost
from provisioner.examination.capture import capture
from provisioner.examination.document import CaptionDocument
from provisioner.french.text import fold
from provisioner.host.disk import disk_in_french

#: How many bytes of pictures a report has at most: after that, each capture is the first picture of its page.
ROOM = 60_000_000


class Evidence:
    """Writes screenshots and notes into a report's folder; their paths are relative to it.

    A disk that refuses raises EvidenceLost.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        #: What a report says of each piece, by its path.
        self.captions: dict[str, CaptionDocument] = {}
        with disk_in_french(folder, EvidenceLost):
            (folder / "preuves").mkdir(parents=True, exist_ok=True)
        self._count, self._room, self._lock = 0, ROOM, Lock()  # two checks at a time write here

    def shot(self, name: str, page: Page, mark: Locator | None = None) -> str:
        """Screenshots of the page (see capture.py); what is at `mark` is outlined. The path is that of the first.

        A page of which no screenshot can be taken raises Playwright's error: the check's fault, not the report's.
        """
        taken = capture(page, mark, self._room)
        path = self._path(name, "jpg")
        parts = [path, *(path.replace(".jpg", f"-{number}.jpg") for number in range(2, len(taken.pictures) + 1))]
        with disk_in_french(self.folder, EvidenceLost):
            for part, picture in zip(parts, taken.pictures, strict=True):
                (self.folder / part).write_bytes(picture)
        with self._lock:
            self._room -= sum(map(len, taken.pictures))
        self.captions[path] = {"title": _titled(name), "remark": taken.remark, "parts": parts[1:]}
        return path

    def note(self, name: str, text: str) -> str:
        """A text file, UTF-8."""
        path = self._path(name, "txt")
        with disk_in_french(self.folder, EvidenceLost):
            (self.folder / path).write_text(text, encoding="utf-8", errors="replace")
        self.captions[path] = {"title": _titled(name), "remark": "", "parts": []}
        return path

    def _path(self, name: str, suffix: str) -> str:
        with self._lock:
            self._count += 1
            number = self._count
        plain = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:60]
        return f"preuves/{number:02}-{plain}.{suffix}"


class NotesOnly(Evidence):
    """Evidence of which only the notes are read: its pictures are named, and not taken."""

    def shot(self, name: str, page: Page, mark: Locator | None = None) -> str:
        """See Evidence."""
        return self._path(name, "jpg")


def _titled(name: str) -> str:
    return name[:1].upper() + name[1:]
