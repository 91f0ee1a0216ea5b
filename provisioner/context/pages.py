"""What a page of a site holds, read without a browser: its links, files, words, and what is missing in it."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

#: What a reader would see as a hole when it has neither words nor a picture.
_FILLED = (
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "p",
    "figure",
    "ul",
    "ol",
    "li",
    "dl",
    "table",
    "td",
    "blockquote",
    "button",
    "a",
    "section",
    "div",
)
_VOID = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr")
_SHOWN = ("img", "input", "video", "audio", "iframe", "svg", "object", "select", "textarea", "canvas")
_LISTS = ("ul", "ol")
#: What has its content at an address of its own.
_SOURCES = ("img", "source", "video", "audio", "script")
_LABELS = ("alt", "title", "placeholder", "aria-label")
_HIDDEN = ("script", "style", "template", "noscript")
_PAINTED = re.compile(r"\burl\(\s*[\"']?([^\"')]+)")
_CLICKED = re.compile(r"\blocation(?:\.href)? ?= ?'([^']+)'")
_PHP = re.compile(r"(?:Fatal error|Parse error|Warning|Notice|Deprecated)</b>:|There has been a critical error")


class Page(HTMLParser):
    """One page. `links` lead to other pages, `files` are what it shows, `holes` are elements without content.

    `pieces` are its texts one by one, `labels` what pictures and fields say when asked, `cells` the lines of its lists,
    `menus` the first words of each entry of each list, such as those of a menu without what hangs below them.
    """

    def __init__(self, address: str, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.address = address
        self.links: list[str] = []
        self.files: list[str] = []
        self.holes: list[str] = []
        self.pieces: list[str] = []
        self.labels: list[str] = []
        self.cells: list[str] = []
        self.menus: list[list[str]] = []
        self.errors = sorted(set(_PHP.findall(text)))
        self._open: list[tuple[str, str, bool]] = []
        self._said: list[str] = []
        self._lists: list[list[str]] = []
        self.feed(text)
        self.close()

    @property
    def words(self) -> str:
        """All that a visitor reads, an element a line, then all that he may hear or point at."""
        text = "\n".join(["".join(self._said), *self.labels])
        return re.sub(r"\s*\n\s*", "\n", text.replace("\u00a0", " ").replace("\u202f", " "))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See HTMLParser."""
        given = {name: value or "" for name, value in attrs}
        self._keep_addresses(tag, given)
        self.labels += [given[name] for name in _LABELS if given.get(name, "").strip()]
        if tag == "input" and given.get("type") in ("submit", "button", "reset") and given.get("value"):
            self.labels.append(given["value"])
        self._begin_list(tag)
        if tag in _SHOWN:
            self._fill()
        if tag == "br":
            self._said.append("\n")
        if tag not in _VOID:
            self._open.append((tag, given.get("class", "") or given.get("id", ""), False))

    def _keep_addresses(self, tag: str, given: Mapping[str, str]) -> None:
        """Where an element leads to, and the files that it shows."""
        if tag == "a" and given.get("href"):
            self._keep(self.links, given["href"])
        if found := _CLICKED.search(given.get("onclick", "")):
            self._keep(self.links, found[1])
        if tag in _SOURCES and given.get("src"):
            self._keep(self.files, given["src"])
        for sized in given.get("srcset", "").split(", ") if given.get("srcset") else ():
            self._keep(self.files, sized.split()[0])
        self._paint(given.get("style", ""))
        if tag == "link" and given.get("rel") in ("stylesheet", "icon", "shortcut icon"):
            self._keep(self.files, given.get("href", ""))

    def _begin_list(self, tag: str) -> None:
        if tag in _LISTS:
            self._lists.append([])
            self.menus.append(self._lists[-1])
        if tag == "li" and self._lists:
            self._lists[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        """See HTMLParser."""
        if not any(open_tag == tag for open_tag, _, _ in self._open):
            return
        while True:
            ended, name, filled = self._open.pop()
            if ended in _FILLED and not filled:
                within = f" ({self._open[-1][1]})" if ended == "li" and self._open and self._open[-1][1] else ""
                self.holes.append(f"<{ended}> {name}".strip() + within)
            if ended in _LISTS:
                self._lists.pop()
            if ended not in ("span", "em", "strong", "b", "i", "abbr", "sup"):
                self._said.append(" " if ended == "a" else "\n")
            if ended == tag:
                return

    def handle_data(self, data: str) -> None:
        """See HTMLParser."""
        if self._open and self._open[-1][0] == "style":
            self._paint(data)
        if any(tag in _HIDDEN for tag, _, _ in self._open):
            return
        self._said.append(data)
        if data.strip():
            self._fill()
            self.pieces.append(" ".join(data.split()))
            if self._lists and self._lists[-1] and not self._lists[-1][-1] and re.search(r"\w", data):
                self._lists[-1][-1] = self.pieces[-1]
            if any(tag == "td" for tag, _, _ in self._open):
                self.cells.append(self.pieces[-1])

    def _fill(self) -> None:
        self._open = [(tag, name, True) for tag, name, _ in self._open]

    def _paint(self, css: str) -> None:
        for file in _PAINTED.findall(css):
            self._keep(self.files, file.strip())

    def _keep(self, where: list[str], address: str) -> None:
        if not address.startswith(("mailto:", "tel:", "data:", "javascript:", "#")):
            where.append(urldefrag(urljoin(self.address, address)).url)
