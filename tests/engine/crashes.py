"""Kills at random moments while a candidate saves and uploads, and counts what was confirmed and what is found.

E5B_CRASHES=100 .venv/bin/pytest tests/engine/test_crashes.py -s
"""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import httpx

from provisioner.answering import await_answer
from provisioner.archives import verify
from provisioner.engine import Engine
from provisioner.lifecycle import Centre, station_named
from tests.cms import browsing, cms_of

STATION = "poste-01"
FRAME = b"\xff\xfb\x90\x64" + bytes(413)


@dataclass
class Ledger:
    """What the CMS confirmed to the candidate: posts by id, files by address and size."""

    posts: dict[int, str] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    kills: dict[str, int] = field(default_factory=dict)
    by_itself: int = 0
    archives: int = 0


class Candidate:
    """Saves and uploads without end, and writes down what was confirmed."""

    def __init__(self, centre: Centre, ledger: Ledger) -> None:
        self._centre, self._ledger, self._ended = centre, ledger, threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join(60)

    def _work(self) -> None:
        station = station_named(self._centre, STATION)
        mine = self._centre.state.credentials(station.container)
        assert mine is not None
        while not self._ended.is_set():
            try:
                with browsing(station.address) as client:
                    cms_of(station.stack).sign_in(client, mine)
                    nonce = {"X-WP-Nonce": client.get("/wp-admin/admin-ajax.php?action=rest-nonce").text}
                    while not self._ended.is_set():
                        self._save(client, nonce)
                        self._upload(client, nonce)
            except (httpx.HTTPError, ValueError):  # the crash: he tries again
                time.sleep(0.2)

    def _save(self, client: httpx.Client, nonce: Mapping[str, str]) -> None:
        title = f"Article {random.randrange(10**9)}"
        answer = client.post("/wp-json/wp/v2/posts", json={"title": title, "status": "publish"}, headers=nonce)
        if answer.status_code == 201:
            self._ledger.posts[answer.json()["id"]] = title

    def _upload(self, client: httpx.Client, nonce: Mapping[str, str]) -> None:
        body = FRAME * random.randrange(50, 1500)
        answer = client.post("/wp-json/wp/v2/media", files={"file": ("son.mp3", body, "audio/mpeg")}, headers=nonce)
        if answer.status_code == 201:
            self._ledger.files[answer.json()["source_url"]] = len(body)


def crash(centre: Centre, engine: Engine, environment: Mapping[str, str], ledger: Ledger) -> None:
    """One kill at a random moment, the room back, and everything confirmed looked for."""
    candidate = Candidate(centre, ledger)
    station = station_named(centre, STATION)
    time.sleep(random.uniform(0.5, 3))
    what, kill = random.choice(_kills(centre, engine, environment, station.container))
    ledger.kills[what] = ledger.kills.get(what, 0) + 1
    kill()
    time.sleep(random.uniform(0, 0.5))
    candidate.stop()
    _come_back(centre, engine, environment, ledger)
    _count(centre, ledger)


def _kills(
    centre: Centre, engine: Engine, environment: Mapping[str, str], container: str
) -> list[tuple[str, Callable[[], object]]]:
    def inside(pattern: str) -> Callable[[], object]:
        return lambda: engine.run(container, ["bash", "-c", f"pkill -KILL {pattern} || true"])

    def room() -> None:
        for one in engine.containers(kind="*", room=centre.room.name):
            if one.pid:
                os.kill(one.pid, signal.SIGKILL)

    def program(*words: str) -> Callable[[], object]:
        def run() -> None:
            process = subprocess.Popen(
                [sys.executable, "-c", "from provisioner.entry import main; main()", *words],
                env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            time.sleep(random.uniform(0.3, 6))
            process.kill()
            process.wait()

        return run

    return [
        ("MariaDB", inside("mariadbd")),
        ("Apache", inside("apache2")),
        ("le conteneur", lambda: os.kill(engine.container(container).pid, signal.SIGKILL)),
        ("toute la salle", room),
        ("e5b archive", program("archive", STATION)),
        ("e5b replace", program("replace", STATION)),
        ("e5b up", program("up", "--subject", "wordpress-a")),
    ]


def _come_back(centre: Centre, engine: Engine, environment: Mapping[str, str], ledger: Ledger) -> None:
    """The room is back by itself, else by one command."""
    deadline = time.monotonic() + 45
    while time.monotonic() < deadline:
        try:
            if httpx.get(station_named(centre, STATION).address, trust_env=False, timeout=10).status_code == 200:
                ledger.by_itself += 1
                return
        except (httpx.HTTPError, ValueError):
            pass
        time.sleep(0.3)
    subprocess.run(
        [sys.executable, "-c", "from provisioner.entry import main; main()", "up", "--subject", "wordpress-a"],
        env={**os.environ, **environment}, stdout=subprocess.DEVNULL, check=True, timeout=300,
    )  # fmt: skip
    station = station_named(centre, STATION)
    await_answer(engine, centre.room, station.place, station.container)


def _count(centre: Centre, ledger: Ledger) -> None:
    address = station_named(centre, STATION).address
    with browsing(address) as client:
        for number, title in ledger.posts.items():
            answer = client.get(f"/wp-json/wp/v2/posts/{number}")
            if answer.status_code != 200 or answer.json()["title"]["rendered"] != title:
                ledger.lost.append(f"article {number}")
        for url, size in ledger.files.items():
            answer = client.get(url.removeprefix(address))
            if answer.status_code != 200 or len(answer.content) != size:
                ledger.lost.append(url)
    ledger.archives = 0
    for path in centre.state.archives.glob("*.e5b.zip"):
        verify(path)
        ledger.archives += 1
