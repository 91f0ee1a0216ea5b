"""A candidate's browser on a machine that has these rules: what it opens, and which rules it knows.

Run in a mount and a network namespace of its own; reads one JSON document on standard input, and writes one:
`opened` (by address, the page's title or why there is none), `rules` (by name, what is wrong with it), or `deaf`.
"""

import json
import os
import pwd
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Error, TimeoutError, sync_playwright

#: Its rows are in shadow trees.
_RULES = """() => {
    const found = [];
    const look = root => root.querySelectorAll('*').forEach(one => {
        if (one.policy && one.policy.value !== undefined) found.push([one.policy.name, one.policy.error || '']);
        if (one.shadowRoot) look(one.shadowRoot);
    });
    look(document);
    return Object.fromEntries(found);
}"""


class Site(BaseHTTPRequestHandler):
    """Answers with a page, and with the room's proxy configuration."""

    def __init__(self, pac: str, *more: Any) -> None:
        self._pac = pac
        super().__init__(*more)

    def do_GET(self) -> None:
        asked_pac = self.path == "/proxy.pac"
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ns-proxy-autoconfig" if asked_pac else "text/html")
        self.end_headers()
        self.wfile.write((self._pac if asked_pac else "<title>ouvert</title>").encode())

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


def lay(told: dict[str, Any]) -> None:
    """The rules in an `/etc` of the test's own, without those of the machine, and the sites at their addresses."""
    for step in ("mount -t tmpfs tmpfs /mnt", "cp -a /etc /mnt", "mount --bind /mnt/etc /etc"):
        subprocess.run(step.split(), check=True)
    file = Path(told["file"])
    shutil.rmtree(Path(*file.parts[:3]), ignore_errors=True)
    if told["rules"]:
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(told["rules"]))
        for name, content in told["files"].items():
            Path(name).write_text(content)
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for host in {site.partition(":")[0] for site in told["sites"]}:
        subprocess.run(["ip", "address", "add", f"{host}/32", "dev", "lo"], check=True)
    for site in told["sites"]:
        host, _, port = site.partition(":")
        server = ThreadingHTTPServer((host, int(port)), partial(Site, told["pac"]))
        if site in told["certificates"]:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            with tempfile.NamedTemporaryFile("w") as certificate:
                certificate.write(told["certificates"][site])
                certificate.flush()
                context.load_cert_chain(certificate.name)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()


def looked(context: BrowserContext, addresses: list[str]) -> dict[str, str]:
    """What comes of each address, in a tab of its own."""
    opened = {}
    for address in addresses:
        page = context.new_page()
        try:
            page.goto(address, timeout=20_000)
            opened[address] = page.title() or "ouvert"
        except Error as error:
            opened[address] = str(error).splitlines()[0]
        page.close()
    return opened


def known(context: BrowserContext) -> dict[str, str]:
    """The rules that the browser was told."""
    page = context.new_page()
    page.goto("chrome://policy/")
    page.wait_for_function(f"() => Object.keys(({_RULES})()).length", timeout=20_000)
    rules: dict[str, str] = page.evaluate(_RULES)
    return rules


def main() -> dict[str, Any]:
    told = json.load(sys.stdin)
    lay(told)
    user = pwd.getpwnam("nobody")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home, sync_playwright() as playwright:
        os.chown(home, user.pw_uid, user.pw_gid)
        program, profile = Path(home, "chromium"), Path(home, "profil")
        as_user = f"setpriv --reuid={user.pw_uid} --regid={user.pw_gid} --clear-groups env HOME={home}"
        program.write_text(f'#!/bin/sh\nexec {as_user} {told["program"]} "$@"\n')
        program.chmod(0o755)
        profile.mkdir()
        os.chown(profile, user.pw_uid, user.pw_gid)
        try:
            context = playwright.chromium.launch_persistent_context(
                profile,
                executable_path=program,
                headless=True,
                args=["--headless=new"],
                chromium_sandbox=True,
                ignore_default_args=["--disable-extensions"],
                timeout=told["patience_ms"],
            )
        except TimeoutError:
            return {"deaf": True}
        opened = looked(context, told["addresses"])
        rules = known(context) if told["and_rules"] else {}
        context.close()
    return {"opened": opened, "rules": rules}


if __name__ == "__main__":
    print(json.dumps(main()))
