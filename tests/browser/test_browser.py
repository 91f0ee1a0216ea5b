"""The browsers are sandboxed for real, each knows one way out, and none sees the host's network change."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as PlaywrightError

from provisioner.core.errors import BrowserUnavailable
from provisioner.examination.browser import (
    Examiner,
    _driver,
    browser_user,
    candidate_browser,
    examining_browser,
    find_program,
    new_context,
    upload,
)
from provisioner.host.settings import Settings
from tests.conftest import OPTIONAL

pytestmark = pytest.mark.browser

#: Every way that a page may try to reach the trap: TCP at `{tcp}`, UDP at `{udp}`.
ESCAPES = """async ({tcp, udp}) => {
  const tries = ['127.0.0.1', 'localhost', '[::1]'].map(h => fetch(`http://${h}:${tcp}/fetch`, {mode: 'no-cors'}));
  new Image().src = `http://127.0.0.1:${tcp}/image`;
  navigator.sendBeacon(`http://127.0.0.1:${tcp}/beacon`, 'x');
  new WebSocket(`ws://127.0.0.1:${tcp}/socket`);
  try { new WebTransport(`https://127.0.0.1:${udp}/transport`).ready.catch(() => 0); } catch {}
  for (const rel of ['dns-prefetch', 'preconnect', 'prefetch', 'prerender']) {
    document.head.append(Object.assign(document.createElement('link'), {rel, href: `http://127.0.0.1:${tcp}/${rel}`}));
  }
  const peer = new RTCPeerConnection({iceServers: [
    {urls: `stun:127.0.0.1:${udp}`},
    {urls: [`turn:127.0.0.1:${udp}?transport=udp`, `turn:127.0.0.1:${tcp}?transport=tcp`],
     username: 'u', credential: 'c'}]});
  peer.createDataChannel('x');
  await peer.setLocalDescription(await peer.createOffer());
  await Promise.allSettled(tries);
  await new Promise(done => setTimeout(done, 1500));
}"""


class Trap:
    """A TCP and a UDP port of this machine that remember what arrived."""

    def __init__(self) -> None:
        self.tcp, self.udp = socket.create_server(("127.0.0.1", 0)), socket.socket(type=socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", 0))
        self.tcp.setblocking(False)
        self.udp.setblocking(False)

    @property
    def ports(self) -> dict[str, int]:
        return {"tcp": self.tcp.getsockname()[1], "udp": self.udp.getsockname()[1]}

    def caught(self) -> set[str]:
        kinds = set()
        for kind, take in (("tcp", self.tcp.accept), ("udp", lambda: self.udp.recvfrom(1))):
            try:
                take()
                kinds.add(kind)
            except BlockingIOError:
                pass
        return kinds


class Door:
    """An HTTP proxy that answers every page itself, refuses every tunnel, and remembers both."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(client,), daemon=True).start()

    def _answer(self, client: socket.socket) -> None:
        with client:
            client.settimeout(5)
            line = client.recv(65536).decode("latin-1").split("\r\n")[0]
            self.requests.append(line)
            page = b"<title>copie</title>ok"
            head = b"403 Forbidden" if line.startswith("CONNECT") else b"200 OK"
            client.sendall(b"HTTP/1.1 %s\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n%s" % (head, page))


@contextmanager
def examined() -> Iterator[tuple[Door, Trap, Page]]:
    door, trap = Door(), Trap()
    with examining_browser(door.port) as browser:
        yield door, trap, new_context(browser, Settings()).new_page()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with candidate_browser() as browser:
        yield browser


@contextmanager
def plain_browser() -> Iterator[Browser]:
    """A Chromium in the host's own network, without any of our rules."""
    with _driver() as playwright:
        program = find_program(playwright)
        browser = playwright.chromium.launch(executable_path=program, chromium_sandbox=os.geteuid() != 0)
        yield browser
        browser.close()


class Slow(BaseHTTPRequestHandler):
    """A page with many pictures, each of which takes its time and shows its address."""

    PICTURES = 24
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/":
            kind, body = "text/html", "".join(f"<img src=/{i}.svg>" for i in range(self.PICTURES))
        elif self.path.endswith(".svg"):
            time.sleep(0.3)
            kind, body = "image/svg+xml", '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
        else:
            kind, body = "text/plain", self.headers["Host"]
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture
def slow() -> Iterator[int]:
    """The port of a slow server."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Slow) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@contextmanager
def changing_network() -> Iterator[None]:
    """Meanwhile this machine gets interfaces and addresses and loses them, as when Docker starts a container."""
    done = threading.Event()

    def change() -> None:
        while not done.wait(0.05):
            for line in (
                "link add e5btest0 type veth peer name e5btest1",
                "link set e5btest0 up",
                "link set e5btest1 up",
                "address add 192.0.2.77/32 dev e5btest0",
            ):
                subprocess.run(("ip", *line.split()), check=True)
            done.wait(0.1)
            subprocess.run(("ip", "link", "delete", "e5btest0"), check=True)

    subprocess.run(("ip", "link", "delete", "e5btest0"), stderr=subprocess.DEVNULL, check=False)  # a killed test's
    thread = threading.Thread(target=change)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def failures(browser: Browser, port: int) -> list[str]:
    """The requests for the slow page that failed, and why."""
    page, failed, answered = new_context(browser, Settings()).new_page(), list[str](), list[str]()
    page.on("requestfailed", lambda request: failed.append(request.failure or "?"))
    page.on("requestfinished", lambda request: answered.append(request.url))
    try:
        page.goto(f"http://localhost:{port}/")
    except PlaywrightError as error:
        failed.append(str(error))
    page.context.close()
    assert failed or len(answered) > Slow.PICTURES
    return failed


def renderers() -> list[Path]:
    """The renderers among this process's descendants, as folders of /proc."""
    parents: dict[int, int] = {}
    found: list[int] = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if b"--type=renderer" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except (FileNotFoundError, ProcessLookupError):
            continue

    def ours(pid: int) -> bool:
        return pid == os.getpid() or (pid in parents and ours(parents[pid]))

    return [Path("/proc") / str(pid) for pid in found if ours(pid)]


def descendants(root: int) -> dict[int, bytes]:
    """The processes that a process started, they too, with their command lines."""
    found: dict[int, bytes] = {}
    for task in Path(f"/proc/{root}/task").glob("*/children"):
        words: list[str] = []
        with suppress(FileNotFoundError, ProcessLookupError):
            words = task.read_text().split()
        for word in words:
            with suppress(FileNotFoundError, ProcessLookupError):  # it ended meanwhile
                found[int(word)] = Path(f"/proc/{word}/cmdline").read_bytes()
            found |= descendants(int(word))
    return found


def alive(pid: int, line: bytes) -> bool:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes() == line != b""
    except (FileNotFoundError, ProcessLookupError):
        return False


def status(process: Path) -> dict[str, str]:
    lines = (process / "status").read_text().splitlines()
    return {key: value.strip() for key, value in (line.split(":", 1) for line in lines)}


def test_pages_run_sandboxed_and_never_as_root(browser: Browser) -> None:
    page = new_context(browser, Settings()).new_page()
    page.goto("data:text/html,bonjour")
    processes = renderers()
    assert processes
    for process in processes:
        seen = status(process)
        assert "0" not in seen["Uid"].split()
        assert "0" not in seen["Groups"].split()
        assert seen["CapEff"] == "0" * 16
        assert (seen["NoNewPrivs"], seen["Seccomp"]) == ("1", "2")
        assert b"--no-sandbox" not in (process / "cmdline").read_bytes()
        for kind in ("user", "pid", "net"):  # nobody else's users, processes and network
            assert (process / "ns" / kind).readlink() != Path("/proc/self/ns", kind).readlink()


def test_the_browser_itself_runs_without_rights_or_secrets(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    user = browser_user()
    uid = user.pw_uid if user else os.getuid()
    monkeypatch.setenv("E5B_SECRET_OF_A_TEST", "secret")
    with candidate_browser() as other:
        new_context(other, Settings()).new_page()
        parents = [Path("/proc") / status(process)["PPid"] for process in renderers()]
        for process in parents:  # zygotes, in the browser's own user namespace or not
            assert status(process)["Uid"].split() == [str(uid)] * 4
            assert b"E5B_SECRET_OF_A_TEST" not in (process / "environ").read_bytes()


def test_every_request_goes_through_the_door() -> None:
    with examined() as (door, _, page):
        for address in ("http://localhost:8101/", "http://127.0.0.1:8000/", "http://poste.example/page"):
            page.goto(address)
            assert page.title() == "copie"
            assert f"GET {address} HTTP/1.1" in door.requests
        page.context.request.get("http://localhost:8101/api")  # Playwright's own client, by a tunnel
        assert door.requests[-1] == "CONNECT localhost:8101 HTTP/1.1"


def test_what_the_door_does_not_carry_goes_nowhere() -> None:
    with examined() as (door, trap, page):
        page.goto("http://localhost:8101/")
        page.evaluate(ESCAPES, trap.ports)
        assert trap.caught() == set()
        port = trap.ports["tcp"]
        assert f"GET http://127.0.0.1:{port}/fetch HTTP/1.1" in door.requests
        assert f"CONNECT 127.0.0.1:{port} HTTP/1.1" in door.requests  # the WebSocket


def test_the_trap_catches_a_browser_without_a_door() -> None:
    """Otherwise the test above would prove nothing."""
    with plain_browser() as browser:
        trap, page = Trap(), new_context(browser, Settings()).new_page()
        page.goto("about:blank")
        page.evaluate(ESCAPES, trap.ports)
        assert trap.caught() == {"tcp", "udp"}


def test_the_candidates_browser_reaches_its_port_and_no_other() -> None:
    trap, other = Trap(), Trap()
    with candidate_browser(trap.ports["tcp"]) as browser:
        page = new_context(browser, Settings()).new_page()
        page.goto("about:blank")
        page.evaluate(ESCAPES, trap.ports)
        page.evaluate(ESCAPES, other.ports)
    assert (trap.caught(), other.caught()) == ({"tcp"}, set())


def test_a_browser_without_a_port_reaches_nothing(browser: Browser) -> None:
    trap, page = Trap(), new_context(browser, Settings()).new_page()
    page.goto("about:blank")
    page.evaluate(ESCAPES, trap.ports)
    assert trap.caught() == set()
    assert page.evaluate("navigator.onLine")  # or scripts would behave as no candidate's do


def test_a_station_answers_under_every_address_that_a_centre_may_give_it(slow: int) -> None:
    with candidate_browser(slow) as browser:
        page = new_context(browser, Settings()).new_page()
        for host in ("localhost", "127.0.0.1", "[::1]", "192.168.1.10", "poste.example"):
            page.goto(f"http://{host}:{slow}/host")
            assert page.inner_text("body") == f"{host}:{slow}"


def test_a_station_that_does_not_answer_is_told_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with candidate_browser(port) as browser, pytest.raises(PlaywrightError, match="net::ERR_"):
        new_context(browser, Settings()).new_page().goto(f"http://localhost:{port}/", timeout=5000)


@pytest.mark.skipif(os.geteuid() != 0, reason=f"only root may change this machine's network {OPTIONAL}")
def test_no_request_fails_when_the_hosts_network_changes(slow: int) -> None:
    with plain_browser() as plain, candidate_browser(slow) as candidate, changing_network():
        aborted = (any("ERR_NETWORK_CHANGED" in why for why in failures(plain, slow)) for _ in range(10))
        assert any(aborted)  # otherwise the rest would prove nothing
        for _ in range(5):
            assert failures(candidate, slow) == []


@pytest.mark.skipif(os.geteuid() != 0, reason=f"only root may change this machine's network {OPTIONAL}")
def test_the_examining_browser_does_not_see_the_hosts_network_change_either(slow: int) -> None:
    door = Door()
    with examining_browser(door.port) as browser, changing_network():
        page, failed = new_context(browser, Settings()).new_page(), list[str]()
        page.on("requestfailed", lambda request: failed.append(request.failure or "?"))
        for number in range(50):
            page.goto(f"http://localhost:8101/{number}")
        assert failed == []


def test_a_quiet_browser_asks_for_nothing_of_its_own() -> None:
    with examined() as (door, _, page):
        page.goto("http://localhost:8101/")
        time.sleep(2)
        assert {line.split()[1] for line in door.requests} <= {
            "http://localhost:8101/",
            "http://localhost:8101/favicon.ico",
        }


def test_a_context_is_a_french_visitor_in_the_centres_time_zone(browser: Browser) -> None:
    page = new_context(browser, Settings(time_zone="Indian/Reunion")).new_page()
    assert page.evaluate("[navigator.language, Intl.DateTimeFormat().resolvedOptions().timeZone]") == [
        "fr-FR",
        "Indian/Reunion",
    ]


def test_a_document_that_only_root_may_read_can_be_uploaded(browser: Browser, tmp_path: Path) -> None:
    document = tmp_path / "logo.png"
    document.write_bytes(b"contenu")
    document.chmod(0o600)
    page = new_context(browser, Settings()).new_page()
    page.set_content("<input type=file>")
    page.set_input_files("input", upload(document))
    seen = page.evaluate("(async f => [f.name, f.type, await f.text()])(document.querySelector('input').files[0])")
    assert seen == ["logo.png", "image/png", "contenu"]


def test_each_thread_may_open_both_browsers_at_once() -> None:
    versions: list[str] = []

    def work() -> None:
        with candidate_browser() as mine, examining_browser(9) as theirs:
            versions.extend((mine.version, theirs.version))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(versions) == 4


def test_an_examining_browser_that_is_held_is_killed_and_the_next_one_is_there() -> None:
    with Examiner(9) as examiner:
        held = examiner.browser
        page = new_context(held, Settings()).new_page()
        with examiner.within(3) as expired, pytest.raises(PlaywrightError):
            page.evaluate("() => { while (true) {} }")
        assert expired.is_set()
        assert not held.is_connected()
        with examiner.within(60) as expired:
            assert new_context(examiner.browser, Settings()).new_page().evaluate("1 + 1") == 2
        assert not expired.is_set()
        assert examiner.browser is not held


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A temporary folder that every user may enter; pytest's own are closed."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        yield Path(folder)


def in_a_thread(work: Callable[[], None]) -> None:
    """Do something where no driver runs yet, so that it starts with the environment of the moment."""
    errors: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(60)
    if errors:
        raise errors[0]


def test_a_browser_leaves_nothing_behind(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(open_folder))
    monkeypatch.setattr("tempfile.tempdir", str(open_folder))
    monkeypatch.setattr("provisioner.examination.browser.TEMPORARY", str(open_folder))

    def work() -> None:
        with candidate_browser() as browser:
            new_context(browser, Settings()).new_page()
            assert list(open_folder.glob("e5b-navigateur-*"))

    in_a_thread(work)
    assert list(open_folder.iterdir()) == []


def test_a_temporary_folder_that_only_root_may_enter_does_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def work() -> None:
        with candidate_browser() as browser:
            assert new_context(browser, Settings()).new_page().evaluate("1 + 1") == 2

    in_a_thread(work)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGKILL])
def test_a_program_that_is_stopped_leaves_no_process_behind(slow: int, open_folder: Path, stop: signal.Signals) -> None:
    code = (
        f"import time; from provisioner.examination import browser; browser.TEMPORARY = {str(open_folder)!r}\n"
        f"with browser.candidate_browser({slow}) as b:\n print(b.version, flush=True); time.sleep(60)"
    )
    command = (sys.executable, "-c", code)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as program:
        assert program.stdout
        assert program.stdout.readline()
        mine = descendants(program.pid)
        assert any(b"--user-data-dir" in line for line in mine.values())
        program.send_signal(stop)
        program.wait(20)
    end = time.monotonic() + 10
    while left := [line for pid, line in mine.items() if alive(pid, line)]:
        assert time.monotonic() < end, left
        time.sleep(0.1)
    if stop != signal.SIGKILL:
        assert list(open_folder.iterdir()) == []


def test_a_machine_without_the_tools_that_isolate_a_browser_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("provisioner.examination.browser.which", lambda tool: None)
    with pytest.raises(BrowserUnavailable, match="il manque ip, setpriv, unshare ;"), candidate_browser():
        pass


def test_a_machine_without_a_browser_says_what_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("provisioner.examination.browser.which", lambda tool: f"/usr/bin/{tool}")
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setattr("provisioner.examination.browser.SHARED", Path("/nowhere"))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", "/nowhere")
    with pytest.raises(BrowserUnavailable, match=r"Aucun navigateur .* e5b doctor --fix"), candidate_browser():
        pass


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("FATAL:sandbox.cc No usable sandbox! Update your kernel", "ne peut pas s'isoler"),
        ("error while loading shared libraries: libnss3.so: cannot open", "la bibliothèque libnss3.so manque"),
        ("quelque chose", "ne démarre pas \\(détail : quelque chose"),
    ],
)
def test_a_browser_that_does_not_start_is_told_in_one_sentence(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch, said: str, sentence: str
) -> None:
    program = open_folder / "chromium"
    program.write_text(f"#!/bin/sh\necho '{said}' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setattr("provisioner.examination.browser.find_program", lambda playwright: program)
    with pytest.raises(BrowserUnavailable, match=sentence) as raised, candidate_browser():
        pass
    assert "\n" not in str(raised.value)
