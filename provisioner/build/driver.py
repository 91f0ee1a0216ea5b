"""What the core asks of a CMS. `stacks/<cms>/driver.py` answers, and is the only place that knows it."""

import importlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from provisioner.core.errors import BuildFailed, EngineError, EngineUnavailable, StationNotReady
from provisioner.core.model import Credentials, Stack
from provisioner.engine.protocol import Engine
from provisioner.host.config import load_stacks

if TYPE_CHECKING:  # the browser's library takes a while to load, and most verbs need none
    from playwright.sync_api import Page

#: How long a station may think about a question, in seconds.
_ANSWER = 60


@dataclass(frozen=True)
class Inside:
    """Commands inside one container: the workshop of a golden image, or a copy."""

    engine: Engine
    container: str

    def run(self, *command: str, stdin: bytes = b"", user: str = "root") -> bytes:
        """Standard output of a command that has to succeed while an image is made."""
        output = self.engine.run(self.container, command, stdin=stdin, user=user)
        if output.status != 0:
            said = (output.stderr or output.stdout).decode(errors="replace").strip()
            step = " ".join(f"{Path(command[0]).name} {Path(command[-1]).name}".split())[:60]
            if "no space left" in said.lower():
                raise BuildFailed(
                    f"Le disque de Docker est plein, à l'étape « {step} ». Libérez de la place, puis recommencez."
                )
            raise BuildFailed(
                f"L'installation a échoué à l'étape « {step} » (code {output.status}). Vérifiez les archives avec "
                "« e5b artifacts » ; celle qui est entière mais n'est pas la bonne, « e5b artifacts forget ARCHIVE » la fait "
                f"oublier, et vous la reprenez. Recommencez ensuite (détail : {said[-600:] or 'sans message'})."
            )
        return output.stdout

    def ask(self, script: str, question: Mapping[str, Any]) -> dict[str, Any]:
        """What a PHP script of the stack answers, in JSON, as the web server's user."""
        words, stdin = ["php", f"/opt/e5b/{script}"], json.dumps(question).encode()
        try:
            output = self.engine.run(self.container, words, stdin=stdin, user="www-data", seconds=_ANSWER)
        except EngineUnavailable:
            raise
        except EngineError as error:  # what the candidate added to his site runs with the script
            raise StationNotReady(f"Le poste ne répond pas à l'examinateur ({script}) : {error}") from error
        if output.status != 0:
            said = output.stderr.decode(errors="replace").strip()
            raise StationNotReady(
                f"Le poste ne répond pas à l'examinateur (détail : {script}, {said[-300:] or 'sans message'})."
            )
        try:
            return cast("dict[str, Any]", json.loads(output.stdout))
        except ValueError as error:
            start = output.stdout[:120].decode(errors="replace")
            raise StationNotReady(
                f"Le poste répond à l'examinateur autre chose que ce qui est attendu (détail : {script}, {start})."
            ) from error

    def put(self, folder: str, files: Mapping[str, bytes | Path]) -> None:
        """Put files into a folder."""
        self.engine.put(self.container, folder, files)


@dataclass(frozen=True)
class SignedIn:
    """Cookies that sign a browser in, and the token that the CMS wants with its own interface."""

    user: str
    cookies: Mapping[str, str]
    nonce: str


class Driver(Protocol):
    """One CMS, at whatever edition."""

    #: The candidate's user name.
    candidate: str
    #: The path of its back office.
    office: str
    #: The pages that a visitor's links lead to, and those of the back office that only show something.
    shown: re.Pattern[str]
    office_shown: re.Pattern[str]
    #: Where the back office leads whom it doesn't let in; and pages that it shows to nobody else than whom it knows.
    office_shut: re.Pattern[str]
    office_inside: re.Pattern[str]
    #: What it leaves empty by itself: elements, classes, classes of their lists.
    hollow: tuple[str, ...]
    #: What its installer names in English, and words of its screens that the pinned catalogue translates.
    english_names: frozenset[str]
    english_screens: frozenset[str]
    #: By tables of the seed ("pages+posts"), the screens of the back office that show one row each, with its number.
    sheets: Mapping[str, re.Pattern[str]]
    #: How many rows of such tables its installer has made; its lists show them too.
    own_sheets: Mapping[str, int]
    #: By tables of the seed, the paths of the site that show one row each, with its slug or its name.
    public: Mapping[str, re.Pattern[str]]

    def menus(self, seed: Mapping[str, Any]) -> list[list[str]]:
        """The entries of each menu that this seed puts on the front page, without what hangs below them."""

    def install(
        self, inside: Inside, stack: Stack, archives: Mapping[str, Path], company: Mapping[str, Any], time_zone: str
    ) -> None:
        """Install the CMS from its archives (by artifact name), in French, asking nobody."""

    def seed(self, inside: Inside, stack: Stack, scenario: Path) -> None:
        """Seed the company of this scenario through the CMS's own classes."""

    def versions(self, inside: Inside) -> dict[str, str]:
        """What the running site says that it is, under the names that the stack's pins use."""

    def log_in(self, page: "Page", address: str, credentials: Credentials) -> None:
        """Sign in through the real log-in screen, as a candidate does."""

    def sign_in(self, inside: Inside, role: str, address: str) -> SignedIn:
        """Sign in by the copy's database; adds no user."""


def driver_of(stack: str) -> Driver:
    """The driver of a stack's CMS, by the stack's id."""
    return cast(Driver, importlib.import_module(f"stacks.{load_stacks()[stack].cms}.driver").DRIVER)
