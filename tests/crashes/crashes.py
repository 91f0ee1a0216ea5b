"""Kills at random moments while a candidate saves and uploads, and counts what was confirmed and what is found.

`E5B_CRASHES=100 ./test crashes -k each_kill` kills a hundred times; `--randomly-seed=N` repeats what was random.
"""

import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from provisioner.archive.archives import SUFFIX, Archive, verify
from provisioner.archive.archiving import set_aside
from provisioner.archive.viewing import close, open_archive
from provisioner.core.errors import EngineError
from provisioner.core.model import Golden
from provisioner.engine.protocol import ContainerState, Engine
from provisioner.exam.working_time import start
from provisioner.host.editions import stack_named
from provisioner.station.answering import await_answer, why_closed
from provisioner.station.centre import Centre, station_named
from provisioner.station.recovery import recover
from provisioner.station.snapshots import snapshot
from provisioner.station.spares import prepare
from tests.cms import browsing, cms_of

STATION = "poste-01"
FRAME = b"\xff\xfb\x90\x64" + bytes(413)
#: Prints a line for each thing that the candidate saved: its title, or its file's name and bytes.
_WORDPRESS = r"""
mariadb site -N -e "select post_title from wp_posts where post_title like 'Essai %' and post_status = 'publish'"
find /var/www/html/wp-content/uploads -name 'essai-*' -printf '%f %s\n'
"""
_PRESTASHOP = r"""
mariadb site -N -r -e "select concat(message, ' ', file_name) from ps_customer_message where message like 'Essai %'" |
while read -r word number file; do echo "$word $number $(stat -c %s "/var/www/html/upload/$file")"; done
"""
#: A snapshot, as the guard takes it.
SNAPSHOT = (
    "from provisioner.cli import resources as opening; from provisioner.station.centre import station_named; "
    "from provisioner.station.snapshots import snapshot; "
    f"centre = opening.centre(); snapshot(centre, station_named(centre, '{STATION}'))"
)
MAIN = "from provisioner.entry import main; main()"
#: `e5b reset` in the middle of saves, which it refuses while a candidate's time runs.
RESET = f"from provisioner.station import sittings; sittings.refuse_while_working = lambda *_: None; {MAIN}"
#: What is killed, and how.
Kill = tuple[str, Callable[[], object]]


@dataclass
class Ledger:
    """What the CMS confirmed to the candidate who sits there, by the line that tells of it, and what became of it.

    `told` are the archives that the program said it had made; `late` counts kills of which the command had ended.
    """

    confirmed: set[str] = field(default_factory=set)
    lost: list[str] = field(default_factory=list)
    kills: dict[str, int] = field(default_factory=dict)
    told: set[Path] = field(default_factory=set)
    archives: int = 0
    saved: int = 0
    sittings: int = 1
    by_itself: int = 0
    late: int = 0

    def confirm(self, line: str) -> None:
        """Note that the CMS said yes."""
        self.confirmed.add(line)
        self.saved += 1


class Candidate:
    """Saves and uploads without end, and writes down what was confirmed."""

    def __init__(self, centre: Centre, ledger: Ledger) -> None:
        self._ledger, self._ended = ledger, threading.Event()
        self._station = station_named(centre, STATION)
        mine = centre.state.credentials(self._station.container)
        assert mine is not None
        self._mine = mine
        work = {"wordpress": self._articles, "prestashop": self._messages}[stack_named(self._station.stack).cms]
        self._thread = threading.Thread(target=self._work, args=(work,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join(90)

    def _work(self, work: Callable[[httpx.Client], None]) -> None:
        while not self._ended.is_set():
            try:
                with browsing(self._station.address) as client:
                    work(client)
            except (httpx.HTTPError, ValueError, AttributeError):  # the crash: he tries again
                time.sleep(0.2)

    def _sign_in(self, client: httpx.Client) -> None:
        """With what opens his own station, and no other that may stand at its address by now."""
        cms = cms_of(self._station.stack)
        if cms.inside not in cms.sign_in(client, self._mine).text:
            raise ValueError("this isn't his station, or it doesn't answer yet")

    def _articles(self, client: httpx.Client) -> None:
        self._sign_in(client)
        nonce = {"X-WP-Nonce": client.get("/wp-admin/admin-ajax.php?action=rest-nonce").text}
        while not self._ended.is_set():
            title, name = f"Essai {random.randrange(10**9)}", f"essai-{random.randrange(10**9)}.mp3"
            answer = client.post("/wp-json/wp/v2/posts", json={"title": title, "status": "publish"}, headers=nonce)
            if answer.status_code == 201:
                self._ledger.confirm(title)
            body = FRAME * random.randrange(50, 1500)
            answer = client.post("/wp-json/wp/v2/media", files={"file": (name, body, "audio/mpeg")}, headers=nonce)
            if answer.status_code == 201:
                self._ledger.confirm(f"{name} {len(body)}")

    def _messages(self, client: httpx.Client) -> None:
        page = client.get("/index.php?controller=contact").text
        found = re.search(r'name="token" value="(\w+)"', page)
        if found is None:
            raise ValueError("the shop doesn't answer yet")
        self._sign_in(client)  # after the token, which is of the station that it came from
        contact = re.search(r'<option value="(\d+)"[^>]*>[^<]*[Cc]lient', page) or re.search(
            r'<option value="(\d+)"', page
        )
        assert contact is not None
        form = {
            "id_contact": contact[1],
            "from": "essai@example.org",
            "url": "",
            "token": found[1],
            "submitMessage": "1",
        }
        while not self._ended.is_set():
            title, body = f"Essai {random.randrange(10**9)}", b"x" * random.randrange(10_000, 500_000)
            files = {"fileUpload": ("essai.txt", body, "text/plain")}
            answer = client.post("/index.php?controller=contact", data={**form, "message": title}, files=files)
            if answer.status_code == 200 and "alert-success" in answer.text:
                self._ledger.confirm(f"{title} {len(body)}")
            elif answer.status_code == 200:
                raise ValueError("the form wants a new token")


def crash(
    centre: Centre,
    engine: Engine,
    golden: Golden,
    environment: Mapping[str, str],
    ledger: Ledger,
    kills: Sequence[Kill] = (),
) -> None:
    """One kill at a random moment, the room back, and everything confirmed looked for; `kills`: none but these."""
    station = station_named(centre, STATION)
    kills = kills or _kills(centre, engine, golden, environment, ledger)
    fewest = min(ledger.kills.get(what, 0) for what, _ in kills)
    what, kill = random.choice([one for one in kills if ledger.kills.get(one[0], 0) == fewest])
    candidate = Candidate(centre, ledger)
    time.sleep(random.uniform(0.5, 3))
    kept: set[str] | None = None
    if what == "e5b rewind":
        kept = set(ledger.confirmed)
        snapshot(centre, station)
    ledger.kills[what] = ledger.kills.get(what, 0) + 1
    kill()
    time.sleep(random.uniform(0, 0.5))
    candidate.stop()
    _come_back(centre, engine, environment, ledger)
    _count(centre, engine, environment, ledger, kept)
    _archives(centre, ledger)


def during(
    environment: Mapping[str, str],
    ledger: Ledger,
    what: str,
    kill: Callable[[], object],
    *words: str,
    code: str = MAIN,
    after: Callable[[], object] = lambda: None,
) -> Kill:
    """A kill while that command (or code) is at work, which then ends by itself; `after` it ended."""

    def run() -> None:
        with _begun(environment, *words, code=code) as (process, out):
            time.sleep(random.uniform(0.3, 2))
            ledger.late += process.poll() is not None
            kill()
            try:
                process.wait(300)
            finally:
                after()
            ledger.told |= _told(out)

    return f"{what}, pendant {f'e5b {words[0]}' if words else 'un cliché'}", run


def _kills(
    centre: Centre, engine: Engine, golden: Golden, environment: Mapping[str, str], ledger: Ledger
) -> list[Kill]:
    station = station_named(centre, STATION)

    def inside(process: str) -> Callable[[], object]:
        return lambda: _until(lambda: engine.run(_here(centre).id, ["pkill", "-KILL", process]).status == 0)

    def container() -> None:
        _until(lambda: _killed(_here(centre)))

    def room() -> None:
        for one in engine.containers(kind="*", room=centre.room.name):
            _killed(one)

    def program(*words: str, code: str = MAIN) -> Callable[[], object]:
        def run() -> None:
            with _begun(environment, *words, code=code) as (process, out):
                time.sleep(random.uniform(0.3, 6))
                ledger.late += process.poll() is not None
                process.kill()
                process.wait()
                ledger.told |= _told(out)

        return run

    def handed_over() -> None:
        prepare(centre, golden)
        program("reset", STATION, code=RESET)()

    crashes: list[Kill] = [
        ("MariaDB", inside("mariadbd")),
        ("Apache", inside("apache2")),
        ("le conteneur", container),
        ("toute la salle", room),
    ]
    return [
        *crashes,
        *(during(environment, ledger, *one, "archive", "make", STATION) for one in crashes),
        *(during(environment, ledger, *one, "reset", STATION, code=RESET) for one in crashes),
        *(during(environment, ledger, *one, code=SNAPSHOT) for one in crashes),
        ("PHP", inside("php-fpm")),
        ("e5b archive make", program("archive", "make", STATION)),
        ("e5b replace", program("replace", STATION)),
        ("e5b check", program("check", STATION)),
        ("e5b up", program("up", "--subject", station.subject)),
        ("e5b reset", program("reset", STATION, code=RESET)),
        ("e5b reset, par une réserve", handed_over),
        ("e5b rewind", program("rewind", STATION)),
        ("e5b start", program("start", STATION, "--extra", "5")),
        ("un cliché", program(code=SNAPSHOT)),
    ]


def _here(centre: Centre) -> ContainerState:
    """The container that is the station in this moment: a reset may change it meanwhile."""
    return centre.engine.container(station_named(centre, STATION).container)


def _killed(one: ContainerState) -> bool:
    """Whether it ran and was killed: 0 would be this very program."""
    with suppress(ProcessLookupError):
        if one.pid:
            os.kill(one.pid, signal.SIGKILL)
            return True
    return False


def _until(killed: Callable[[], bool]) -> None:
    """Kill what may just be stopping, starting, or going."""
    deadline = time.monotonic() + 20
    while True:
        with suppress(EngineError):
            if killed():
                return
        assert time.monotonic() < deadline
        time.sleep(0.2)


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
    _ended(environment, ledger, "up", "--subject", station_named(centre, STATION).subject)
    station = station_named(centre, STATION)
    await_answer(engine, centre.room, station.place, station.container)


def _count(
    centre: Centre, engine: Engine, environment: Mapping[str, str], ledger: Ledger, kept: set[str] | None
) -> None:
    """Everything is in the candidate's station; in an archive where that was reset, and the next one's stands there.

    After a `rewind` it is in either, but for what was confirmed before the snapshot (`kept`), which he has before him.
    """
    recover(centre, STATION)
    station = station_named(centre, STATION)
    await_answer(engine, centre.room, station.place, station.container)
    here = _found(engine, station.container, station.stack)
    record = centre.state.record(station.container)
    running = record.running
    must = set() if running is None else ledger.confirmed if kept is None else kept
    ledger.lost += must - here
    missing = ledger.confirmed - here - must
    if set_aside(centre):
        before = set(centre.state.archives.glob(f"*{SUFFIX}"))
        _ended(environment, ledger, "archive", "make")
        made = set(centre.state.archives.glob(f"*{SUFFIX}")) - before
        assert made
        assert made <= ledger.told
    for path in _newest(centre) if missing else ():
        missing -= _in_archive(centre, engine, path, station.stack)
        if not missing:
            break
    ledger.lost += missing
    ledger.confirmed &= here
    if running is None:  # the next candidate's
        assert not here
        ledger.sittings += 1
        start(centre, STATION)
    else:
        extras = [entry.minutes for entry in record.clock if entry.what == "extra"]
        assert len(extras) <= ledger.kills.get("e5b start", 0)
    assert why_closed(centre.room, station.place) == ""


def _found(engine: Engine, container: str, stack: str) -> set[str]:
    script = {"wordpress": _WORDPRESS, "prestashop": _PRESTASHOP}[stack_named(stack).cms]
    done = engine.run(container, ["bash", "-euo", "pipefail", "-c", script])
    assert done.status == 0, done.stderr
    return set(done.stdout.decode().splitlines())


def _in_archive(centre: Centre, engine: Engine, path: Path, stack: str) -> set[str]:
    view = open_archive(centre, path)
    try:
        (opened,) = engine.containers(kind="view", view=view.name)
        return _found(engine, opened.id, stack)
    finally:
        close(centre, [view.name])


def _newest(centre: Centre) -> list[Path]:
    return sorted(centre.state.archives.glob(f"*{SUFFIX}"), key=lambda path: path.stat().st_mtime, reverse=True)


def _archives(centre: Centre, ledger: Ledger) -> None:
    """Every archive that was announced is there, and every one that is there is whole."""
    whole: list[Archive] = [verify(path) for path in _newest(centre)]
    assert ledger.told <= {one.path for one in whole}
    ledger.archives = len(whole)


@contextmanager
def _begun(
    environment: Mapping[str, str], *words: str, code: str = MAIN
) -> Iterator[tuple["subprocess.Popen[bytes]", Path]]:
    with tempfile.NamedTemporaryFile() as out:
        process = subprocess.Popen(
            [sys.executable, "-c", code, *words], env={**os.environ, **environment}, stdout=out, stderr=out
        )
        yield process, Path(out.name)


def _ended(environment: Mapping[str, str], ledger: Ledger, *words: str) -> None:
    with _begun(environment, *words) as (process, out):
        assert process.wait(300) == 0, (words, out.read_text())
        ledger.told |= _told(out)


def _told(out: Path) -> set[Path]:
    return {Path(found) for found in re.findall(rf"est archivé et relu : (/\S+{re.escape(SUFFIX)})", out.read_text())}
