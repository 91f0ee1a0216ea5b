"""The same as told_browser.py with Firefox, which is driven by a protocol of its own (Marionette).

Of the rules it tells which are in force, and what its console says (`active`, `errors`).
"""

import json
import os
import pwd
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, BinaryIO

from tests.browser.told_browser import lay

#: What the page about:policies reads.
_ERRORS = """
    const kept = Cc["@mozilla.org/consoleAPI-storage;1"].getService(Ci.nsIConsoleAPIStorage).getEvents();
    return kept.filter(one => one.level === "error").map(one => one.prefix + ": " + one.arguments.map(String).join(" "));
"""
_ACTIVE = "return Object.keys(Services.policies.getActivePolicies() || {})"


class Marionette:
    """A conversation with the browser: each word is a length, a colon and a list in JSON."""

    def __init__(self, seconds: float) -> None:
        last = time.monotonic() + seconds
        while True:
            try:
                self._line = socket.create_connection(("127.0.0.1", 2828), timeout=60)
                break
            except OSError:
                if time.monotonic() > last:
                    raise
                time.sleep(0.3)
        self._heard: BinaryIO = self._line.makefile("rb")
        self._said = 0
        self._answer()
        self.ask("WebDriver:NewSession")

    def ask(self, what: str, **more: Any) -> Any:
        """What it answers; RuntimeError when it can't."""
        self._said += 1
        word = json.dumps([0, self._said, what, more]).encode()
        self._line.sendall(b"%d:%s" % (len(word), word))
        _, _, wrong, result = self._answer()
        if wrong:
            raise RuntimeError(wrong["message"] or wrong["error"])
        return result

    def _answer(self) -> Any:
        length = b""
        while (one := self._heard.read(1)) != b":":
            if not one:
                raise EOFError(length)
            length += one
        return json.loads(self._heard.read(int(length)))


def looked(browser: Marionette, addresses: list[str]) -> dict[str, str]:
    """What comes of each address."""
    opened = {}
    browser.ask("WebDriver:SetTimeouts", pageLoad=20_000)
    for address in addresses:
        try:
            browser.ask("WebDriver:Navigate", url=address)
            opened[address] = browser.ask("WebDriver:GetTitle")["value"]
        except RuntimeError as error:
            opened[address] = str(error).partition("\n")[0]
    return opened


def main() -> dict[str, Any]:
    told = json.load(sys.stdin)
    lay(told)
    user = pwd.getpwnam("nobody")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        os.chown(home, user.pw_uid, user.pw_gid)
        profile = Path(home, "profil")
        profile.mkdir()
        os.chown(profile, user.pw_uid, user.pw_gid)
        as_user = (
            "setpriv",
            f"--reuid={user.pw_uid}",
            f"--regid={user.pw_gid}",
            "--clear-groups",
            "env",
            f"HOME={home}",
        )
        fox = (
            told["program"],
            "--headless",
            "--marionette",
            "--remote-allow-system-access",
            "--no-remote",
            "--profile",
            str(profile),
        )
        process = subprocess.Popen([*as_user, *fox], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            try:
                browser = Marionette(told["patience_ms"] / 1000)
            except ConnectionRefusedError:
                return {"deaf": True}
            opened = looked(browser, told["addresses"])
            browser.ask("Marionette:SetContext", value="chrome")
            errors = browser.ask("WebDriver:ExecuteScript", script=_ERRORS, args=[])["value"]
            active = browser.ask("WebDriver:ExecuteScript", script=_ACTIVE, args=[])["value"]
        finally:
            process.kill()
            process.wait()
    return {"opened": opened, "errors": errors, "active": active}


if __name__ == "__main__":
    print(json.dumps(main()))
