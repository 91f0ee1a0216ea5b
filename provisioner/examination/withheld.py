"""Shows a site's pages without the programs that a candidate added to them, while the site's own run as ever.

A check that finds something else in such a page than in the whole one has found what an added program does. A page comes with a
policy that names, by their digests, the scripts and the handlers of events that aren't the candidate's (see
`additions.KnownScripts`); the browser runs no other. Of script files it loads those of the site's programs.
"""

import hashlib
import html
import posixpath
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from playwright.sync_api import CDPSession, Page
from playwright.sync_api import Error as PlaywrightError

from provisioner.examination.additions import Additions, KnownScripts

_SCRIPT = re.compile(r"<script\b", re.IGNORECASE)
_SCRIPT_END = re.compile(r"</script", re.IGNORECASE)
_HANDLER = re.compile(r"""[\s/"']on[a-z]{3,}+\s*+=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""", re.IGNORECASE)
_SOURCE = re.compile(r"""\ssrc\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)
#: Files of a site that hold its programs. WordPress puts several of its own together at the address of a .php.
_PROGRAM = re.compile(r"(?:\.m?js|/load-scripts\.php)$")
_PATTERNS = [
    {"urlPattern": "*", "resourceType": "Document", "requestStage": "Response"},
    {"urlPattern": "*", "resourceType": "Script", "requestStage": "Request"},
]
#: They are of the page as it travelled, or are replaced.
_NOT_PASSED_ON = ("content-encoding", "content-length", "transfer-encoding")


class Withholding:
    """What is withheld from the pages of one check; `pages` are the paths of those in which there was something."""

    def __init__(self, additions: Additions, address: str) -> None:
        self._known = KnownScripts(additions)
        self._files = frozenset(additions.page_files)
        self._host = urlsplit(address).netloc
        self._shown = address
        self.pages: list[str] = []

    def applied(self, page: Page) -> Page:
        """The page, of which each document comes without what was added."""
        session = page.context.new_cdp_session(page)
        session.on("Fetch.requestPaused", lambda event: self._answer(session, event))
        session.send("Fetch.enable", {"patterns": _PATTERNS})
        return page

    def _answer(self, session: CDPSession, event: Mapping[str, Any]) -> None:
        with suppress(PlaywrightError):  # the page was closed meanwhile
            if event["resourceType"] == "Script":
                self._answer_script(session, event)
            else:
                self._answer_document(session, event)

    def _answer_script(self, session: CDPSession, event: Mapping[str, Any]) -> None:
        asked = {"requestId": event["requestId"]}
        if self.is_program(event["request"]["url"]):
            session.send("Fetch.continueRequest", asked)
            return
        self._note(self._shown)
        session.send("Fetch.failRequest", {**asked, "errorReason": "BlockedByClient"})

    def _answer_document(self, session: CDPSession, event: Mapping[str, Any]) -> None:
        asked = {"requestId": event["requestId"]}
        given = event.get("responseHeaders", [])
        kind = next((header["value"] for header in given if header["name"].lower() == "content-type"), "")
        status = event.get("responseStatusCode", 0)
        if (
            not status
            or 300 <= status < 400
            or not kind.lower().startswith(("text/html", "application/xhtml", "image/svg"))
        ):
            session.send("Fetch.continueRequest", asked)
            return
        answer = session.send("Fetch.getResponseBody", asked)
        body = b64decode(answer["body"]) if answer["base64Encoded"] else answer["body"].encode()
        address = event["request"]["url"]
        self._shown = address
        policy, withheld = self.policy(address, body.decode(errors="replace"))
        if withheld:
            self._note(address)
        headers = [header for header in given if header["name"].lower() not in _NOT_PASSED_ON]
        session.send(
            "Fetch.fulfillRequest",
            {
                **asked,
                "responseCode": status,
                "responseHeaders": [*headers, {"name": "Content-Security-Policy", "value": policy}],
                "body": b64encode(body).decode(),
            },
        )

    def is_program(self, name: str, page: str = "") -> bool:
        """Whether a script file of that address, as the page names it, is one of the site's programs."""
        try:
            parts = urlsplit(urljoin(page, name))
        except ValueError:  # no address at all
            return False
        path = _path(parts.path)
        return parts.netloc == self._host and path not in self._files and _PROGRAM.search(f"/{path}") is not None

    def policy(self, address: str, page: str) -> tuple[str, bool]:
        """The policy of the page at that address, and whether it withholds something that stands in it."""
        if _path(urlsplit(address).path) in self._files:
            return "script-src 'none'", True
        scripts, loaded = [], []
        for attributes, text in _scripts(page):
            source = _SOURCE.search(attributes)
            if source:
                loaded.append(html.unescape(next(filter(None, source.groups()), "")))
            else:
                scripts.append(text)
        handlers = [html.unescape(next(filter(None, found), "")) for found in _HANDLER.findall(page)]
        written = {text for text in (*scripts, *handlers) if text.strip()}
        own = {text for text in written if not self._known.added(text)}
        withholds = own < written or not all(self.is_program(name, address) for name in loaded)
        return f"script-src 'self' 'unsafe-eval' 'unsafe-hashes' {_digests(own)}", withholds

    def _note(self, address: str) -> None:
        parts = urlsplit(address)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        if path not in self.pages:
            self.pages.append(path)


def _path(path: str) -> str:
    """The path of the file that a web server gives for that of an address, below the site's root."""
    return posixpath.normpath(f"/{unquote(path)}").lstrip("/")


def _scripts(page: str) -> Iterator[tuple[str, str]]:
    """The attributes and the text of each script of a page, which ends somewhere."""
    at = 0
    while start := _SCRIPT.search(page, at):
        begins = page.find(">", start.end()) + 1
        end = _SCRIPT_END.search(page, begins) if begins else None
        if not end:
            return
        yield page[start.end() : begins - 1], page[begins : end.start()]
        at = end.end()


def _digests(scripts: Iterable[str]) -> str:
    # A browser makes one end of lines of two.
    texts = (text.replace("\r\n", "\n").replace("\r", "\n") for text in sorted(scripts))
    digests = (b64encode(hashlib.sha256(text.encode(errors="replace")).digest()).decode() for text in texts)
    return " ".join(f"'sha256-{digest}'" for digest in digests)
