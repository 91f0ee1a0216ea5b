"""What comes out of a station is its candidate's, who runs code in it: each such value, driven through the program.

docs/architecture.md, "What comes out of a station", has a row for each test.
"""

import io
import json
import logging
import re
import tarfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import IPv4Network
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import MagicMock
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Error as PlaywrightError
from pydantic import ValidationError

from provisioner.archive import viewing
from provisioner.archive.archives import Archive, escaped, unescaped
from provisioner.build.driver import Inside, SignedIn
from provisioner.cli import main, show, show_network
from provisioner.console.act_pages import counts, spreadsheet
from provisioner.console.pages import fragment
from provisioner.console.story import story
from provisioner.core.errors import ArchiveSpoilt, EngineError, StationNotPristine, StationNotReady
from provisioner.core.model import Conformity, Credentials, Finding, Golden, Station, Verdict
from provisioner.core.records import SittingRecord
from provisioner.engine.docker import commands, files
from provisioner.engine.protocol import ContainerSpec, Output
from provisioner.examination import additions, check_failure, evidence, second_look, withheld
from provisioner.examination.junit import junit
from provisioner.examination.report import write_report
from provisioner.host import debug_log
from provisioner.host.paths import Paths
from provisioner.host.settings import Settings
from provisioner.leakcheck import room_proof
from provisioner.leakcheck.log_lines import Reading, read
from provisioner.leakcheck.ways_out import WAYS_OUT
from provisioner.network.gateway_files import gateway_files
from provisioner.network.room import Addresses, Room
from provisioner.network.view_gateway import view_gateway_files
from provisioner.station import answering, copies, freezing, pristine
from provisioner.station.act_book import Book
from provisioner.station.acts import COMMAND_LINE, ActLine, Outcome
from provisioner.station.centre import Centre
from provisioner.station.copies import Copy
from provisioner.station.state import State
from tests.unit.fake_engine import FakeEngine
from tests.unit.samples import manifest
from tests.unit.test_report import document, finding

#: Commands of a terminal, of HTML, of a configuration, of a shell; signs that hide; the end of a line and of a text.
HOSTILE = "a\x1b[2J\x9b\u202e<script>alert(1)</script>\"'; }\n$(touch /tmp/e5b) | \\ \x00é"
COMMANDS = {"\x1b", "\x9b", "\u202e", "\x00"}


class Answering(FakeEngine):
    """Every command in every container prints this."""

    def __init__(self, stdout: bytes = b"", status: int = 0, stderr: bytes = b"") -> None:
        super().__init__()
        self.output = Output(status, stdout, stderr)

    def run(self, container: str, command: Sequence[str], **_: object) -> Output:
        return self.output

    def logs(self, container: str, lines: int = 20) -> str:
        return self.output.stdout.decode(errors="replace")


def centre_of(engine: FakeEngine, folder: Path) -> Centre:
    state = State(Paths(folder / "cache", folder / "state", folder / "e5b.toml"))
    return Centre(engine, Settings(), state, Room("salle", "localhost", "127.0.0.1", 8101, 3))


def printed(error: Exception, capsys: pytest.CaptureFixture[str]) -> str:
    """What the command line prints of an error."""
    with pytest.raises(SystemExit):
        main._complain(str(error), 3)
    return "".join(capsys.readouterr())


def test_cookies_of_the_examiner() -> None:
    answer = {"user": HOSTILE, "cookies": {"wordpress_12ab": HOSTILE}, "nonce": HOSTILE}
    cookies = SignedIn.read(answer).cookies
    written = view_gateway_files(IPv4Network("10.0.0.0/29"), "10.0.0.3", "/wp-admin/", "/entree", cookies)
    (line,) = [line for line in written["etc/e5b/nginx.conf"].decode().splitlines() if "Set-Cookie" in line]
    assert re.fullmatch(
        r' *add_header Set-Cookie "wordpress_12ab=[A-Za-z0-9%._~-]+; Path=/; HttpOnly; SameSite=Lax";', line
    )
    with pytest.raises(StationNotReady) as refusal:
        SignedIn.read({**answer, "cookies": {HOSTILE: "a"}})
    assert not (COMMANDS | {"\n"}) & set(str(refusal.value))


@pytest.mark.parametrize(
    "stdout", [HOSTILE.encode(), b"[" * 200_000, b'{"a": "' + b"a" * (1 << 20) + b'"}', b"[]", b"\xff"]
)
def test_answers_of_its_php(stdout: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(StationNotReady, match="autre chose que ce qui est attendu") as refusal:
        Inside(Answering(stdout), "poste").ask("sign-in.php", {})
    assert not COMMANDS & set(printed(refusal.value, capsys))


def test_what_its_commands_print_where_they_fail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(StationNotReady) as refusal:
        Inside(Answering(b"", 1, HOSTILE.encode()), "poste").ask("sign-in.php", {})
    assert not COMMANDS & set(printed(refusal.value, capsys))
    show.as_json({"error": str(refusal.value)})
    assert not {"\x1b", "\x9b", "\x00"} & set(capsys.readouterr().out)
    formatted = debug_log._Masked("%(message)s").format(logging.makeLogRecord({"msg": str(refusal.value)}))
    assert not {"\x1b", "\x9b", "\x00"} & set(formatted)
    book = Book(tmp_path, lambda: "2026-05-21T09:00:00+00:00")
    act = book.begin("alice", COMMAND_LINE, "start", [ActLine("poste-01", "1")])
    book.ends(act.id, "poste-01", Outcome.FAILED, f"={refusal.value}")
    book.end(act.id, str(refusal.value))
    words = {
        "act": book.act(act.id),
        "steps": (HOSTILE,),
        "zone": UTC,
        "counts": counts,
        "tones": {},
        "may_print": False,
    }
    page = fragment("act_lines.html.j2", **words)
    assert not COMMANDS & set(page)
    assert "<script" not in page
    cells = spreadsheet(book.acts(), UTC)
    assert not COMMANDS & set(cells)
    assert ";=" not in cells.replace('"', "")


def test_the_last_line_of_its_own_log(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    engine, room = Answering(HOSTILE.encode() * 50), Room("salle", "localhost", "127.0.0.1", 8101, 3)
    container = engine.create(ContainerSpec("poste", "image", {}))
    monkeypatch.setattr(answering, "wait_until", lambda *_, **__: "erreur 500")
    with pytest.raises(StationNotReady) as refusal:
        answering.await_answer(engine, room, 1, container)
    assert len(str(refusal.value)) < 600
    assert not COMMANDS & set(printed(refusal.value, capsys))


@pytest.mark.parametrize("stdout", [HOSTILE.encode(), b"", b"-1", b"9" * 5000, b"nan", b"1e9", b"\xff\xfe"])
def test_numbers_that_its_tools_print(stdout: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Answering(stdout)
    centre = centre_of(engine, tmp_path)
    container = engine.create(ContainerSpec("poste", "image", {}))
    engine.start(container)
    assert freezing.room_left(centre, container) in (None, 1, 9, 999_999_999)
    begun = {"at": "2026-05-21T09:00:00+02:00", "what": "start", "minutes": 40}
    ended = {"at": "2026-05-21T09:10:00+02:00", "what": "stop"}
    centre.state.keep(container, Credentials("a", "b"), {"station": "poste-01", "clock": [begun, ended]})
    asked: list[str] = []
    monkeypatch.setattr(freezing, "wait_until", lambda missing, *_, **__: asked.append(missing()))
    freezing.await_requests_under_way(centre, engine.container(container))
    assert asked in ([""], ["1 demandes"], ["9 demandes"], ["999999999 demandes"])


def test_what_it_says_of_its_health(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = SimpleNamespace(status=500, read=lambda size: HOSTILE.encode()[:size])
    monkeypatch.setattr(copies, "ask_station", lambda *_, **__: (MagicMock(), answer))
    station = Station(
        "poste-01", 1, "salle", "wordpress-2024", "a", "", "g", "c", "prêt", Conformity(), datetime.now(UTC), {}
    )
    copy = copies.Copy(centre_of(FakeEngine(), tmp_path), station, "c", datetime.now(UTC))
    assert copy.fault() == "il répond par l'erreur 500"


def test_headers_of_its_pages() -> None:
    room = Room("salle", "localhost", "127.0.0.1", 8101, 3)
    written = gateway_files(room, Addresses(IPv4Network("10.213.0.0/22")), Settings())["etc/e5b/nginx.conf"].decode()
    before_servers = written.partition("server {")[0]
    for header in ("X-E5B-Door", "X-E5B-Refused", "X-E5B-Wait"):
        assert f"proxy_hide_header {header};" in before_servers
    view = view_gateway_files(IPv4Network("10.0.0.0/29"), "10.0.0.3", "/", "/entree", {})["etc/e5b/nginx.conf"].decode()
    for configuration in (before_servers, view.partition("server {")[0]):
        assert re.search(r"proxy_ignore_headers [^;]*X-Accel-Redirect", configuration)


def test_texts_of_its_pages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    observed = document(finding("not_met", "wordpress.contenu.publier/publier", HOSTILE + "\ud800"))
    page = write_report(tmp_path, observed).read_text(encoding="utf-8")
    assert "<script" not in page
    assert not COMMANDS & set(page)
    assert "default-src 'none'" in page
    assert json.loads((tmp_path / "report.json").read_text())["questions"]
    (case,) = ElementTree.fromstring(junit([observed])).iter("failure")
    assert "<script>" in (case.text or "")
    monkeypatch.setattr(show.out, "_width", 300)
    show.findings(observed)
    show.as_json(observed)
    shown = capsys.readouterr().out
    assert not {"\x1b", "\x9b", "\x00", "\ud800"} & set(shown)
    assert "\u202e" not in shown.partition("{")[0]


def test_names_of_evidence(tmp_path: Path) -> None:
    made = evidence.Evidence(tmp_path / "rapport").note(f"../../{HOSTILE}" * 9, HOSTILE)
    assert re.fullmatch(r"preuves/01-[a-z0-9-]{1,60}\.txt", made)
    assert [path.name for path in tmp_path.iterdir()] == ["rapport"]


def test_what_the_browser_says_of_its_pages() -> None:
    said = check_failure.stopped_by(PlaywrightError("x" * 5000 + HOSTILE))
    assert len(said) < 400
    assert "\n" not in said


@pytest.mark.parametrize("log", ["web", "proxy", "dns"])
def test_what_it_asks_of_other_sites(log: str, capsys: pytest.CaptureFixture[str]) -> None:
    room = Room("salle", "localhost", "127.0.0.1", 8101, 3)
    asked = {"at": "2026-05-21T08:00:00+00:00", "from": "10.213.0.11", "host": HOSTILE * 20, "status": 403}
    asked |= {"request": f"GET http://{HOSTILE * 20} HTTP/1.1", "url": f"http://{HOSTILE * 20}", "agent": HOSTILE * 20}
    dns = f"May 21 08:00:00 dnsmasq[9]: 4 10.213.0.11/4023 query[A] {HOSTILE} from 10.213.0.11"
    lines = [dns] if log == "dns" else [json.dumps(asked), json.dumps({**asked, "status": HOSTILE}), "{", "[]", HOSTILE]
    entries = [entry for line in lines if (entry := read(Reading(room, ()), log, line))]
    assert all(len(entry.host) <= 200 and len(entry.path) <= 300 and len(entry.agent) <= 120 for entry in entries)
    assert len(entries) == (0 if log == "dns" else 1)
    show_network.tries(entries, UTC)
    assert not COMMANDS & set(capsys.readouterr().out)
    assert all("\n" not in json.dumps(entry.json()) for entry in entries)
    moments = story(SittingRecord(), [], entries, datetime(2026, 5, 21, 9, tzinfo=UTC))
    page = fragment("story.html.j2", moments=[(moment, "9 h") for moment in moments], gap="")
    assert not COMMANDS & set(page)
    assert "<script" not in page


def test_what_probes_in_it_say(tmp_path: Path) -> None:
    said = f"http\treached\n{HOSTILE}\treached\nnobody\treached\ndns-udp\tshut\t{HOSTILE}\n".encode()
    http, name = (next(way for way in WAYS_OUT if way.id == wanted) for wanted in ("http", "dns-udp"))
    outcomes = room_proof.probe(Answering(said), "poste", {http: ("203.0.113.10", 0), name: ("203.0.113.10", 0)})
    assert outcomes.keys() == {"http", "dns-udp"}


@pytest.mark.parametrize("stdout", [HOSTILE.encode(), b"[1]", b'{"a": 1}', b'{"a": ["b"]}', b"null", b"[" * 200_000])
def test_what_its_cms_says_that_it_reaches(stdout: bytes) -> None:
    station = cast(Station, SimpleNamespace(stack="wordpress-trial", name="poste-01"))
    with pytest.raises(EngineError, match="L'essai des moyens de poste-01 s'est arrêté"):
        room_proof._vehicles(Answering(stdout), "poste", station)


def test_names_of_its_files() -> None:
    for name in (HOSTILE, "a  b", "/tmp/\u2028x", "octet\udcff", "-rf", "\\n"):
        line = escaped(name)
        assert line.splitlines() == [line]
        line.encode()
        assert not COMMANDS & set(line)
        assert unescaped(line) == name


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_what_it_has_in_the_place_of_a_file(kind: bytes) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        info = tarfile.TarInfo("site.php")
        info.type, info.linkname = kind, "/etc/shadow"
        tar.addfile(info)
    engine = cast(files.Files, SimpleNamespace(_api=MagicMock()))
    cast(Any, engine)._api.get_archive.return_value = ([packed.getvalue()], {})
    with pytest.raises(EngineError, match="n'est pas un fichier"):
        files.Files.get(engine, "poste", "/var/lib/e5b/site/site.php")


def report_of(added: additions.Additions, folder: Path) -> str:
    """A report's page, which says what was added, and has no sign of it that commands."""
    write_report(folder, document(finding(), additions=added.document()))
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "Ce qui a été ajouté au programme du site" in page
    assert "<script>alert" not in page
    assert not COMMANDS & set(page)
    return page


def test_names_of_its_files_that_run(tmp_path: Path) -> None:
    files, _ = additions.sorted_files("wordpress-2024", [f"/var/www/html/wp-content/{HOSTILE}.php", f"/opt/{HOSTILE}"])
    added = additions.Additions(files=files * 15, unread=HOSTILE, in_database=(HOSTILE,) * 30)
    assert "Et 10 de plus." in report_of(added, tmp_path)
    (said,) = second_look.doubted([Finding("a/b", Verdict.MET, "x", "y")], added)
    assert said.verdict is Verdict.TO_JUDGE
    assert len(said.observed) < 1000


@pytest.mark.parametrize(
    "printed",
    [HOSTILE.encode(), b"[" * 200_000, b'{"a": 1}', b"[1]", b'[{"place": 1, "name": "", "text": ""}]', b"\xff"],
)
def test_programs_that_its_database_holds(printed: bytes, tmp_path: Path) -> None:
    copy = SimpleNamespace(centre=SimpleNamespace(engine=Answering(printed)), container="copie")
    with pytest.raises((ValueError, RecursionError)):
        additions._stored(cast(Copy, copy))
    program = additions._stored_program({"place": HOSTILE, "name": HOSTILE, "text": HOSTILE})
    page = report_of(additions.Additions(page_files=(HOSTILE,), stored=(program,) * 30), tmp_path)
    assert page.count("<li>") >= 20


@pytest.mark.parametrize("added", ["<script src='http://[x'></script>", "<script>" * 999, "<a onclick=" * 999, HOSTILE])
def test_pages_that_are_shown_without_its_programs(added: str) -> None:
    known = additions.Additions(stored=(additions.StoredProgram("t", "", added),))
    withholding = withheld.Withholding(known, "http://poste-01.test")
    policy, withholds = withholding.policy("http://poste-01.test/x", f"<p>a</p>{added}<script>sien()</script>")
    assert withholds
    assert re.fullmatch(r"script-src 'self' 'unsafe-eval' 'unsafe-hashes'(?: 'sha256-[A-Za-z0-9+/=]+')* ?", policy)


def test_how_much_it_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "MAX_OUTPUT", 1000)
    buffer = io.BytesIO()
    for _ in range(10):
        commands._append(buffer, b"a" * 100, ["php"])
    with pytest.raises(EngineError, match="écrit sans fin"):
        commands._append(buffer, b"a", ["php"])


def test_how_it_differs_from_its_golden_image(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    engine = Answering()
    twin = iter([Output(0, b"as it was\n", b""), Output(0, (HOSTILE * 50).encode(), b"")])
    engine.run = lambda *_, **__: next(twin)  # type: ignore[method-assign]
    golden = Golden("wordpress-2024", "sha256:a", datetime.now(UTC), Conformity(), {})
    with pytest.raises(StationNotPristine) as refusal:
        pristine.compare(centre_of(engine, tmp_path), "poste", "poste-01", golden)
    assert len(str(refusal.value)) < 500
    assert not COMMANDS & set(printed(refusal.value, capsys))


@pytest.mark.parametrize(
    "address",
    [
        "http://a$(touch x)",
        "http://a b",
        "http://a;b",
        'http://a"b',
        "http://a/b",
        "ftp://a",
        "",
        "http://a\n",
        "http://a:123456",
    ],
)
def test_the_address_in_an_archive(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.e5b.zip"
    path.write_bytes(b"")
    archive = Archive(path, manifest(address="http://localhost:8101"), "ab" * 32)
    opened: list[str] = []
    monkeypatch.setattr(viewing, "read_archive_to_run", lambda *_: archive)
    monkeypatch.setattr(viewing, "_view_of", lambda centre, archive, *_: opened.append(archive.manifest.address))
    centre = centre_of(FakeEngine(), tmp_path)
    viewing.open_archive(centre, path)
    if address:
        with pytest.raises(ValidationError):
            manifest(address=address)
    archive = replace(archive, manifest=archive.manifest.model_copy(update={"address": address}))
    with pytest.raises(ArchiveSpoilt, match="n'est pas celle d'un poste"):
        viewing.open_archive(centre, path)
    assert opened == ["http://localhost:8101"]


def test_an_unforeseen_error_that_quotes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("E5B_STATE", str(tmp_path))
    sentence = main._save_unforeseen(ValueError(HOSTILE + "\ud800"))
    (file,) = [path for path in tmp_path.iterdir() if path.name in sentence]
    assert not {"\x1b", "\x9b", "\x00"} & set(file.read_text(encoding="utf-8"))
