"""The folder in which one examination keeps its screenshots and notes."""

import re
from pathlib import Path
from threading import Lock

from playwright.sync_api import Locator, Page

from provisioner.core.errors import EvidenceLost
from provisioner.french.text import fold
from provisioner.host.disk import disk_in_french


class Evidence:
    """Writes screenshots and notes into a report's folder; their paths are relative to it.

    A disk that refuses raises EvidenceLost.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with disk_in_french(folder, EvidenceLost):
            (folder / "preuves").mkdir(parents=True, exist_ok=True)
        self._count, self._lock = 0, Lock()  # two checks at a time write here

    def shot(self, name: str, page: Page, mark: Locator | None = None) -> str:
        """A screenshot of the whole page, at most 4000 pixels high, as JPEG; what is at `mark` is outlined.

        A page of which no screenshot can be taken raises Playwright's error: the check's fault, not the report's.
        """
        path = self._path(name, "jpg")
        if mark:
            mark.evaluate_all("nodes => nodes.forEach(node => node.style.outline = '3px solid #d6006c')")
        with disk_in_french(self.folder, EvidenceLost):
            height = int(page.evaluate("Math.min(document.documentElement.scrollHeight, 4000)"))
            width = (page.viewport_size or {"width": 1280})["width"]
            page.screenshot(
                path=self.folder / path,
                type="jpeg",
                quality=60,
                full_page=True,
                animations="disabled",
                clip={"x": 0, "y": 0, "width": width, "height": max(height, 200)},
            )
        if mark:
            mark.evaluate_all("nodes => nodes.forEach(node => node.style.outline = '')")
        return path

    def note(self, name: str, text: str) -> str:
        """A text file, UTF-8."""
        path = self._path(name, "txt")
        with disk_in_french(self.folder, EvidenceLost):
            (self.folder / path).write_text(text, encoding="utf-8", errors="replace")
        return path

    def _path(self, name: str, suffix: str) -> str:
        with self._lock:
            self._count += 1
            number = self._count
        plain = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:60]
        return f"preuves/{number:02}-{plain}.{suffix}"
