"""What the program asks of a CMS. `stacks/<cms>/driver.py` answers; all that differs from one CMS to another is there."""

import importlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self, cast
from urllib.parse import quote

from provisioner.core.errors import BuildFailed, EngineError, EngineUnavailable, StationNotReady
from provisioner.core.model import Credentials, Stack
from provisioner.engine.protocol import Engine
from provisioner.host.editions import stack_named

if TYPE_CHECKING:  # the browser's library takes a while to load, and most commands need none
    from playwright.sync_api import Page

#: How long a station may take to answer a question, in seconds.
_ANSWER = 60
#: How long such an answer may be, in bytes: that of the longest list of versions is a hundredth of it.
_LONGEST_ANSWER = 256 << 10
#: What a cookie's name may be: it is written into a configuration. A CMS sets two cookies, of a few hundred letters.
_COOKIE_NAME = re.compile(r"[A-Za-z0-9_-]{1,128}")
_MOST_COOKIES, _LONGEST_VALUE = 8, 4096


@dataclass(frozen=True)
class Inside:
    """Commands inside one container: the workshop of a golden image, or a copy."""

    engine: Engine
    container: str

    def run(self, *command: str, stdin: bytes = b"", user: str = "root") -> bytes:
        """Standard output of a command; BuildFailed when it fails, since it does while an image is made."""
        output = self.engine.run(self.container, command, stdin=stdin, user=user)
        if output.status != 0:
            detail = (output.stderr or output.stdout).decode(errors="replace").strip()
            step = " ".join(f"{Path(command[0]).name} {Path(command[-1]).name}".split())[:60]
            if "no space left" in detail.lower():
                raise BuildFailed(
                    f"Le disque de Docker est plein, à l'étape « {step} ». Libérez de la place, puis recommencez."
                )
            raise BuildFailed(
                f"L'installation a échoué à l'étape « {step} » (code {output.status}). Vérifiez les archives avec "
                "« e5b artifacts » ; celle qui est entière mais n'est pas la bonne, « e5b artifacts forget ARCHIVE » la fait "
                f"oublier, et vous la reprenez. Recommencez ensuite (détail : {detail[-600:] or 'sans message'})."
            )
        return output.stdout

    def ask(self, script: str, question: Mapping[str, str]) -> Mapping[str, Any]:
        """The JSON object that a PHP script of the stack answers, run as the web server's user; StationNotReady."""
        command, stdin = ["php", f"/opt/e5b/{script}"], json.dumps(question).encode()
        try:
            output = self.engine.run(self.container, command, stdin=stdin, user="www-data", seconds=_ANSWER)
        except EngineUnavailable:
            raise
        except EngineError as error:  # what the candidate added to the site runs with the script
            raise StationNotReady(f"Le poste ne répond pas à l'examinateur ({script}) : {error}") from error
        if output.status != 0:
            detail = output.stderr.decode(errors="replace").strip()
            raise StationNotReady(
                f"Le poste ne répond pas à l'examinateur (détail : {script}, {detail[-300:] or 'sans message'})."
            )
        try:
            if len(output.stdout) > _LONGEST_ANSWER:
                raise ValueError("too long")
            answer = json.loads(output.stdout)
            if not isinstance(answer, dict):
                raise ValueError("no object")
        except (ValueError, RecursionError) as error:  # the latter where brackets are nested without end
            start = " ".join(output.stdout[:120].decode(errors="replace").split())
            raise _unexpected(f"{script}, {start}") from error
        return answer

    def put(self, folder: str, files: Mapping[str, bytes | Path]) -> None:
        """Put files into a folder."""
        self.engine.put(self.container, folder, files)


def _unexpected(detail: str) -> StationNotReady:
    return StationNotReady(
        f"Le poste répond à l'examinateur autre chose que ce qui est attendu (détail : {detail}). "
        "C'est peut-être une extension du candidat qui le fait."
    )


@dataclass(frozen=True)
class SignedIn:
    """Cookies that sign a browser in, and the token that the CMS wants with requests to its own interface.

    A cookie's name has letters, digits, `_` and `-` alone. Its value is percent-encoded, as PHP sends it and reads it
    again: neither a configuration nor a browser finds a sign in it that it would read otherwise.
    """

    user: str
    cookies: Mapping[str, str]
    nonce: str

    @classmethod
    def read(cls, answer: Mapping[str, Any]) -> Self:
        """What a station answered, whose candidate's code ran with the script; StationNotReady where it isn't as expected."""
        user, cookies, nonce = answer.get("user"), answer.get("cookies"), answer.get("nonce")
        if not (isinstance(user, str) and isinstance(nonce, str) and isinstance(cookies, dict)):
            raise _unexpected("sans compte, sans cookies ou sans jeton")
        if not 1 <= len(cookies) <= _MOST_COOKIES:
            raise _unexpected(f"{len(cookies)} cookies")
        return cls(user, {name: _cookie_value(name, value) for name, value in cookies.items()}, nonce)


def _cookie_value(name: str, value: object) -> str:
    """The percent-encoded value of a cookie that may be sent to a browser; StationNotReady for any other."""
    if not _COOKIE_NAME.fullmatch(name):
        raise _unexpected(f"un cookie nommé {ascii(name)[:80]}")
    if not isinstance(value, str) or len(value) > _LONGEST_VALUE:
        raise _unexpected(f"la valeur du cookie {name}")
    try:
        return quote(value, safe="")
    except UnicodeEncodeError as error:  # half of a pair of surrogates
        raise _unexpected(f"la valeur du cookie {name}") from error


class Driver(Protocol):
    """One CMS, at whatever edition."""

    #: The path of its back office.
    office: str
    #: Addresses of the pages that a visitor's links lead to, and of those of the back office that change nothing.
    shown: re.Pattern[str]
    office_shown: re.Pattern[str]
    #: Where the back office leads a person who may not enter; pages that it shows only to a person who is signed in.
    office_shut: re.Pattern[str]
    office_inside: re.Pattern[str]
    #: What is empty on its pages by its own doing: elements, classes, classes of their lists.
    hollow: tuple[str, ...]
    #: English names that its installer gives; English words of its screens that the pinned catalogue translates.
    english_names: frozenset[str]
    english_screens: frozenset[str]
    #: By tables of the seed ("pages+posts"), the screens of the back office that show one row each, with its number.
    sheets: Mapping[str, re.Pattern[str]]
    #: How many rows of such tables its installer has made; its lists show them too.
    own_sheets: Mapping[str, int]
    #: By tables of the seed, the paths of the site that show one row each, with its slug or its name.
    public: Mapping[str, re.Pattern[str]]
    #: JavaScript that runs before each page's own when a check visits it: it does what every visitor first does.
    on_arrival: str

    def candidate(self, company: Mapping[str, object]) -> str:
        """The candidate's user name on the site of a company, by its context.toml."""

    def menus(self, seed: Mapping[str, object]) -> list[list[str]]:
        """The entries of each menu that this seed puts on the front page, without what hangs below them."""

    def install(
        self, inside: Inside, stack: Stack, archives: Mapping[str, Path], company: Mapping[str, object], time_zone: str
    ) -> None:
        """Install the CMS from its archives (by artifact name), in French, asking nobody."""

    def seed(self, inside: Inside, stack: Stack, scenario: Path) -> None:
        """Seed the company of this scenario through the CMS's own classes."""

    def versions(self, inside: Inside) -> dict[str, str]:
        """The versions that the running site gives, under the names that the stack's pins use."""

    def log_in(self, page: "Page", address: str, credentials: Credentials) -> None:
        """Sign in through the real log-in screen, as a candidate does."""

    def sign_in(self, inside: Inside, role: str, address: str) -> SignedIn:
        """Sign in through the database of a copy, without a password; adds no user."""


def driver_of(stack: str) -> Driver:
    """The driver of a stack's CMS, by the stack's id."""
    return cast(Driver, importlib.import_module(f"stacks.{stack_named(stack).cms}.driver").DRIVER)
