"""Names stay on the machine: archives for the centre's key alone, and what is old is removed with a record."""

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyrage
import pytest

from provisioner.core.errors import ArchiveSpoilt, EvidenceLost, Refusal
from provisioner.core.model import Credentials
from provisioner.core.records import RosterRecord
from provisioner.engine.protocol import ContainerSpec, ImageState
from provisioner.exam import purge as purging
from provisioner.exam.purge import purge
from provisioner.host import encryption
from provisioner.host.paths import Paths
from provisioner.station.act_book import Book
from provisioner.station.acts import COMMAND_LINE, ActLine, Outcome
from provisioner.station.state import State
from tests.unit.exam_room import list_in
from tests.unit.fake_engine import FakeEngine
from tests.unit.samples import CANDIDATE, ENTRY

BODY = bytes(range(256)) * 4000


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml"), UTC)


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Instead of this machine's."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr("provisioner.exam.purge._TEMPORARY", folder)
    return folder


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "salle-poste-01-20260521-094000.e5b.zip"
    path.write_bytes(BODY)
    return path


def key(folder: Path, name: str) -> tuple[Path, str]:
    made = pyrage.x25519.Identity.generate()
    path = folder / name
    path.write_text(f"# clé du centre\n{made}\n")
    return path, str(made.to_public())


def test_only_the_centres_key_reads_an_encrypted_archive(archive: Path, tmp_path: Path) -> None:
    mine, public = key(tmp_path, "centre.key")
    other, _ = key(tmp_path, "autre.key")
    encrypted = archive.with_name(archive.name + encryption.SUFFIX)
    encryption.encrypt(archive, encrypted, public)
    assert BODY[:64] not in encrypted.read_bytes()
    with encryption.readable(encrypted, mine, tmp_path) as plain:
        assert plain.read_bytes() == BODY
    assert not plain.exists()
    with pytest.raises(ArchiveSpoilt, match="n'est pas la sienne"), encryption.readable(encrypted, other, tmp_path):
        pass
    with pytest.raises(Refusal, match="--identity"), encryption.readable(encrypted, None, tmp_path):
        pass


def test_an_encrypted_archive_that_was_changed_is_told(archive: Path, tmp_path: Path) -> None:
    mine, public = key(tmp_path, "centre.key")
    encrypted = archive.with_name(archive.name + encryption.SUFFIX)
    encryption.encrypt(archive, encrypted, public)
    data = bytearray(encrypted.read_bytes())
    data[len(data) // 2] ^= 1
    encrypted.write_bytes(data)
    with pytest.raises(ArchiveSpoilt, match="abîmée"), encryption.readable(encrypted, mine, tmp_path):
        pass


def test_an_encryption_that_is_not_read_back_the_same_is_refused(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(incoming: object, outgoing: object, identities: object) -> None:
        outgoing.write(BODY[:-1])  # type: ignore[attr-defined]

    monkeypatch.setattr(pyrage, "decrypt_io", half)
    with pytest.raises(EvidenceLost, match="pas été relu"):
        encryption.encrypt(archive, tmp_path / "chiffrée", key(tmp_path, "centre.key")[1])


def test_a_file_without_a_key_gets_a_sentence(tmp_path: Path) -> None:
    encrypted = tmp_path / "archive.e5b.zip.age"
    encrypted.write_bytes(b"x")
    empty = tmp_path / "vide.key"
    empty.write_text("rien\n")
    with pytest.raises(Refusal, match="aucune clé"), encryption.readable(encrypted, empty, tmp_path):
        pass


OLD, NEW = "salle-poste-01-20260521-094000.e5b.zip", "salle-poste-01-20260603-094000.e5b.zip"
FIRST_KEPT = date(2026, 6, 1)


def listed(state: State, room: str, **days: str) -> None:
    """A list of candidates by number and day."""
    state.keep_roster(
        room,
        RosterRecord.model_validate(
            {
                "entries": [
                    {
                        **ENTRY,
                        "key": number,
                        "number": number.strip("_"),
                        "subject": "wordpress-a",
                        "name": "LE GOFF",
                        "at": f"{day}T09:00:00+02:00",
                    }
                    for number, day in days.items()
                ]
            }
        ),
    )


def written(path: Path, day: str, text: str = "LE GOFF") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    moment = datetime.fromisoformat(f"{day}T12:00:00+00:00").timestamp()
    os.utime(path, (moment, moment))
    return path


def journal(state: State) -> list[dict[str, Any]]:
    lines = (state.folder / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    assert "GOFF" not in "".join(lines)
    return [json.loads(line) for line in lines]


def test_a_purge_removes_what_is_older_keeps_the_rest_and_says_what_went(state: State) -> None:
    for name in (OLD, f"{OLD}.sha256", NEW, f"{NEW}.sha256", "salle-poste-02-20260520-094000.e5b.zip.age"):
        (state.archives / name).write_text("x")
    for moment in ("20260521-100000", "20260603-100000", "20260604-100000"):
        (state.folder / "reports/salle/poste-01" / moment).mkdir(parents=True)
    later = state.folder / "reports/salle/poste-01/20260604-100000/report.json"  # of an archive, examined later
    later.write_text(json.dumps({"taken_at": "2026-05-21T09:40:00+02:00"}))
    listed(state, "salle", _1="2026-05-21")
    listed(state, "autre", _1="2026-06-03")
    for room, day in (("salle", "2026-05-21"), ("autre", "2026-06-03")):
        written(state.folder / "documents" / room / f"commission-1/1-wordpress-a-{day}-grille-aide.pdf", "2026-06-03")
    record = purge(state, FakeEngine(), FIRST_KEPT)
    assert sorted(path.name for path in state.archives.glob("*.e5b*")) == [NEW, f"{NEW}.sha256"]
    assert [path.name for path in (state.folder / "reports/salle/poste-01").iterdir()] == ["20260603-100000"]
    assert state.roster("salle") is None
    assert state.roster("autre") is not None
    assert not (state.folder / "documents/salle").exists()
    assert len(list((state.folder / "documents/autre/commission-1").iterdir())) == 1
    assert [one["file"] for one in record["archives"]] == [OLD, "salle-poste-02-20260520-094000.e5b.zip.age"]
    begun, ended = journal(state)
    assert (begun["what"], begun["done"], ended["done"]) == ("purge", False, True)
    assert begun["archives"] == ended["archives"] == record["archives"]


def test_a_purge_leaves_nothing_of_those_days_in_the_debug_log(state: State) -> None:
    log = state.folder / "e5b.log"
    log.write_text("2026-05-21 10:00:00,000 1 INFO x: LE GOFF\n2026-06-03 10:00:00,000 1 INFO x: SALAÜN\n")
    (state.folder / "e5b.log.1").write_text("2026-05-20 10:00:00,000 1 INFO x: LE GOFF\n")
    purge(state, FakeEngine(), FIRST_KEPT)
    assert log.read_text() == "2026-06-03 10:00:00,000 1 INFO x: SALAÜN\n"
    assert not (state.folder / "e5b.log.1").exists()


def test_of_a_list_of_two_days_the_first_days_candidates_go_and_their_documents(state: State) -> None:
    listed(state, "salle", _1="2026-05-21", _11="2026-06-03")
    sheets, forms = state.folder / "documents/salle/feuilles", state.folder / "documents/salle/commission-1"
    for folder, name in ((sheets, "candidat-{}-wordpress-a-{}.pdf"), (forms, "{}-wordpress-a-{}-rapport.html")):
        for number, day in (("1", "2026-05-21"), ("11", "2026-05-21"), ("11", "2026-06-03")):
            written(folder / name.format(number, day), "2026-06-03")
    written(sheets / "candidats.pdf", "2026-06-03")
    purge(state, FakeEngine(), FIRST_KEPT)
    assert [one["number"] for one in list_in(state, "salle")["entries"]] == ["11"]
    left = sorted(path.name for path in (state.folder / "documents").rglob("*") if path.is_file())
    assert left == ["11-wordpress-a-2026-06-03-rapport.html", "candidat-11-wordpress-a-2026-06-03.pdf"]


def test_who_is_off_the_list_of_the_day_keeps_his_sheet_until_his_own_day_is_purged(state: State) -> None:
    listed(state, "salle", _1="2026-05-21")
    later = {**ENTRY, "key": "2", "number": "2", "name": "X", "at": "2026-06-03T09:00:00+02:00"}
    gone = {**later, "key": "3", "number": "3", "at": "2026-05-20T09:00:00+02:00"}
    state.keep_roster("salle", RosterRecord.model_validate({**list_in(state, "salle"), "dropped": [later, gone]}))
    sheets = state.folder / "documents/salle/feuilles"
    for number, day in (("1", "2026-05-21"), ("2", "2026-06-03"), ("3", "2026-05-20")):
        written(sheets / f"candidat-{number}-wordpress-a-{day}.pdf", "2026-06-03")
    purge(state, FakeEngine(), FIRST_KEPT)
    left = list_in(state, "salle")
    assert left["entries"] == []
    assert [entry["key"] for entry in left["dropped"]] == ["2"]
    assert [path.name for path in sheets.iterdir()] == ["candidat-2-wordpress-a-2026-06-03.pdf"]
    purge(state, FakeEngine(), date(2026, 7, 1))
    assert state.roster("salle") is None
    assert not (state.folder / "documents/salle").exists()


def test_the_warnings_of_a_list_that_gets_shorter_go_since_they_name_people(state: State) -> None:
    listed(state, "salle", _1="2026-05-21", _2="2026-06-03")
    listed(state, "autre", _3="2026-06-03")
    for room in ("salle", "autre"):
        kept = list_in(state, room)
        state.keep_roster(
            room, RosterRecord.model_validate({**kept, "warnings": ["le numéro 1 était à LE GOFF Maëlle"]})
        )
    purge(state, FakeEngine(), FIRST_KEPT)
    assert list_in(state, "salle")["warnings"] == []
    assert list_in(state, "autre")["warnings"] != []  # nobody went from it


def test_the_documents_of_a_list_that_was_replaced_go_as_well(state: State) -> None:
    listed(state, "salle", _11="2026-06-03")
    left = written(
        state.folder / "documents/salle/commission-1/1-wordpress-a-2026-05-21-grille-aide.html", "2026-05-21"
    )
    mine = written(
        state.folder / "documents/salle/commission-1/11-wordpress-a-2026-06-03-grille-aide.html", "2026-05-21"
    )
    purge(state, FakeEngine(), FIRST_KEPT)
    assert not left.exists()
    assert mine.exists()


def test_the_networks_record_and_those_of_containers_that_are_gone_lose_their_names(state: State) -> None:
    tries = [{"at": f"{day}T08:00:00+00:00", "candidate": f"{day} LE GOFF"} for day in ("2026-05-21", "2026-06-03")]
    kept = json.dumps(tries[1])
    network = written(state.folder / "network/salle.jsonl", "2026-06-03", f"{json.dumps(tries[0])}\n{{cut\n{kept}\n")
    engine = FakeEngine()
    there = engine.create(ContainerSpec("poste", "image", {"e5b.kind": "station", "e5b.room": "salle"}))
    (gone, standing), body = (
        ("a" * 24, there[:24]),
        '{"candidate": {"name": "LE GOFF", "at": "2026-06-03T09:00:00+02:00"}}',
    )
    for one in (gone, standing, "b" * 24):
        written(state.folder / f"stations/{one}.json", "2026-06-03" if one[0] == "b" else "2026-05-21", body)
    purge(state, engine, FIRST_KEPT)
    assert network.read_text() == f"{kept}\n"
    assert {path.stem for path in (state.folder / "stations").iterdir()} == {standing, "b" * 24}


def test_what_killed_commands_left_in_the_engine_goes_and_what_a_station_stands_on_stays(state: State) -> None:
    engine = FakeEngine()
    for name, kind, day in (
        ("old", "snapshot", 21),
        ("used", "snapshot", 21),
        ("sealing", "sealing", 21),
        ("golden", "golden", 21),
    ):
        engine.kept_images[name] = ImageState(name, {"e5b.kind": kind}, f"2026-05-{day}T10:00:00Z", 0)
    engine.kept_images["new"] = ImageState("new", {"e5b.kind": "snapshot"}, "2026-06-03T10:00:00Z", 0)
    engine.create(ContainerSpec("poste", "used", {"e5b.kind": "station", "e5b.room": "salle"}))
    purge(state, engine, FIRST_KEPT)
    assert set(engine.kept_images) == {"used", "golden", "new"}


def test_what_browsers_kept_of_candidates_sites_goes(state: State, temporary: Path) -> None:
    for name in ("navigateur-ab12", "0123456789", "navigateur-cd34", "autre"):
        written(temporary / f"e5b-{name}/Cookies", "2026-05-21")
        day = "2026-06-03" if name.endswith("cd34") else "2026-05-21"
        moment = datetime.fromisoformat(f"{day}T12:00:00+00:00").timestamp()
        os.utime(temporary / f"e5b-{name}", (moment, moment))
    record = purge(state, FakeEngine(), FIRST_KEPT)
    assert sorted(path.name for path in temporary.iterdir()) == ["e5b-autre", "e5b-navigateur-cd34"]
    assert record["profiles"] == 2


def test_half_a_list_that_a_killed_command_left_goes_and_one_that_is_being_written_stays(state: State) -> None:
    dead, alive = (
        written(state.folder / f"rosters/salle.json.{process}.part", "2026-06-03") for process in (4194305, os.getpid())
    )
    State(Paths(state.folder, state.folder, state.folder))
    assert not dead.exists()
    assert alive.exists()


def test_a_list_that_is_spoilt_is_no_reason_to_keep_it_nor_to_go_without_a_record(state: State) -> None:
    (state.archives / OLD).write_text("x")
    spoilt = written(state.folder / "rosters/salle.json", "2026-05-21", '{"entries": [{"name": "LE GOFF"')
    recent = written(state.folder / "rosters/autre.json", "2026-06-03", "{")
    purge(state, FakeEngine(), FIRST_KEPT)
    assert not spoilt.exists()
    assert recent.exists()
    assert [one["done"] for one in journal(state)] == [False, True]


def test_a_purge_that_is_killed_has_said_what_it_would_remove_and_the_next_one_ends_it(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    (state.archives / OLD).write_text("x")
    listed(state, "salle", _1="2026-05-21")

    def killed(*_: object, **__: object) -> None:
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr("provisioner.exam.purge._shorten", killed)
        with pytest.raises(SystemExit):
            purge(state, FakeEngine(), FIRST_KEPT)
    (begun,) = journal(state)
    assert not begun["done"]
    assert [one["file"] for one in begun["archives"]] == [OLD]
    purge(state, FakeEngine(), FIRST_KEPT)
    assert state.roster("salle") is None
    assert [one["done"] for one in journal(state)] == [False, False, True]


@pytest.mark.parametrize(
    ("labels", "word"),
    [({"e5b.kind": "station", "e5b.room": "salle"}, "poste-07"), ({"e5b.view": "abc"}, "e5b archive close")],
)
def test_a_candidate_who_still_has_a_station_or_an_open_archive_prevents_a_purge(
    state: State, labels: dict[str, str], word: str
) -> None:
    (state.archives / OLD).write_text("x")
    engine = FakeEngine()
    box = engine.create(ContainerSpec("poste", "image", labels))
    candidate = {**CANDIDATE, "name": "LE GOFF", "at": "2026-05-21T09:00:00+02:00"}
    state.keep(box, Credentials("a", "b"), {"station": "poste-07", "candidate": candidate})
    with pytest.raises(Refusal, match=word):
        purge(state, engine, FIRST_KEPT)
    assert (state.archives / OLD).exists()


def test_a_refused_purge_gives_its_commands_for_the_room_that_they_are_of(state: State) -> None:
    engine = FakeEngine()
    for room in ("salle", "b204"):
        box = engine.create(ContainerSpec(f"poste {room}", "image", {"e5b.kind": "station", "e5b.room": room}))
        candidate = {**CANDIDATE, "name": "LE GOFF", "at": "2026-05-21T09:00:00+02:00"}
        state.keep(box, Credentials("a", "b"), {"station": "poste-07", "candidate": candidate})
    with pytest.raises(Refusal, match=r"ajoutez « --room b204 » pour la salle b204\. Rien n'a été effacé"):
        purge(state, engine, FIRST_KEPT)


@pytest.mark.parametrize("left", [None, ""], ids=["missing", "unreadable"])
@pytest.mark.parametrize(
    ("name", "place", "named"),
    [
        ("e5b-salle-poste-07-1a", {"e5b.kind": "station", "e5b.station": "poste-07"}, "poste-07"),
        ("e5b-salle-poste-07-wordpress-a-20260521T070000Z", {"e5b.kind": "spare"}, "poste-07"),
        ("e5b-salle-reserve-1a", {"e5b.kind": "spare"}, "un poste de réserve"),
    ],
    ids=["station", "given spare", "spare"],
)
def test_a_station_that_may_be_a_candidates_since_its_record_is_lost_prevents_a_purge(
    state: State, left: str | None, name: str, place: dict[str, str], named: str
) -> None:
    (state.archives / OLD).write_text("x")
    engine, told = FakeEngine(), {"e5b.host": "x", "e5b.first_port": "8101", "e5b.names_port": "80", "e5b.domain": ""}
    labels = {"e5b.room": "salle", "e5b.owner": state.id, **told, **place}
    box = engine.create(ContainerSpec(name, "image", labels))
    if left is not None:
        written(state.folder / f"stations/{box[:24]}.json", "2026-05-21", left)
    engine.start(box)
    with pytest.raises(Refusal, match=rf"{named} \(salle salle\).*« e5b down »\. Rien n'a été effacé"):
        purge(state, engine, FIRST_KEPT)
    assert (state.archives / OLD).exists()
    purge(state, engine, date(2026, 1, 1))  # it isn't of before
    engine.remove(box)
    purge(state, engine, FIRST_KEPT)
    assert not (state.archives / OLD).exists()


@pytest.mark.parametrize(("owner", "started"), [("autre", True), ("", True), (None, False)])
def test_a_station_that_is_anothers_or_nobodys_prevents_no_purge(
    state: State, owner: str | None, started: bool
) -> None:
    """Another state folder's has its record there; where none is told, as in a proof, or it never ran, nobody sat."""
    engine = FakeEngine()
    labels = {"e5b.kind": "station", "e5b.room": "salle", "e5b.owner": state.id if owner is None else owner}
    box = engine.create(ContainerSpec("poste", "image", labels))
    if started:
        engine.start(box)
    assert purge(state, engine, FIRST_KEPT)["done"]


def test_a_purge_of_days_to_come_is_refused(state: State) -> None:
    (state.archives / OLD).write_text("x")
    with pytest.raises(Refusal, match="pas encore passé"):
        purge(state, FakeEngine(), (datetime.now(UTC) + timedelta(days=2)).date())
    assert list(state.archives.iterdir())


def test_a_try_that_stays_stays_whole_and_what_is_brought_next_is_cut_nowhere(state: State) -> None:
    old, kept = ({"at": f"{day}T08:00:00+00:00", "path": "/a\u2028b\x85c"} for day in ("2026-05-21", "2026-06-03"))
    lines = [json.dumps(one, ensure_ascii=False) for one in (old, kept)]
    network = written(state.folder / "network/salle.jsonl", "2026-06-03", "".join(f"{line}\n" for line in lines))
    marks = written(state.folder / "network/salle.json", "2026-06-03", '{"kernel_at": 7, "length": 4000}')
    assert purge(state, FakeEngine(), FIRST_KEPT)["tries"] == 1
    assert network.read_text() == f"{lines[1]}\n"
    assert json.loads(marks.read_text()) == {"kernel_at": 7}


def test_what_a_killed_archive_or_examination_left_goes_with_its_container(state: State) -> None:
    engine = FakeEngine()
    engine.kept_images["left"] = ImageState("left", {"e5b.kind": "sealing"}, "2026-05-21T10:00:00Z", 0)
    engine.create(ContainerSpec("scelle", "left", {"e5b.kind": "sealing"}))
    unforeseen = written(state.folder / "erreur-imprevue.txt", "2026-05-21")
    spoilt = written(state.folder / "rosters/salle.json.illisible", "2026-05-21")
    proposed = written(state.folder / "rosters/salle.deposee", "2026-05-21")
    recent = written(state.folder / "rosters/autre.deposee", "2026-06-03")
    written(state.folder / "network/salle.jsonl", "2026-06-03", '{"at": "2026-06-03T08:00:00+00:00"}\n')
    purge(state, engine, FIRST_KEPT)
    assert (engine.boxes, engine.kept_images) == ({}, {})
    assert not unforeseen.exists()
    assert not spoilt.exists()
    assert (proposed.exists(), recent.exists()) == (False, True)


def test_an_archive_that_was_made_a_day_later_goes_with_its_candidate(state: State) -> None:
    listed(state, "salle", _1="2026-05-31", _2="2026-06-03")
    names = [f"salle-poste-0{number}-abc123-20260601-083000.e5b.zip" for number in (1, 2)]
    for number, name in zip(("_1", "_2"), names, strict=True):
        written(state.archives / name, "2026-06-01")
        state.mark("salle", number, archived=name)
    purge(state, FakeEngine(), FIRST_KEPT)
    assert [path.name for path in state.archives.glob("*.e5b.zip*")] == [names[1]]


def test_days_are_those_of_the_centre_and_a_snapshot_of_who_is_there_stays(tmp_path: Path) -> None:
    at_noumea = State(Paths(tmp_path, tmp_path / "state", tmp_path / "e5b.toml"), ZoneInfo("Pacific/Noumea"))
    engine = FakeEngine()
    for name, at, sitting in (
        ("this morning", "2026-06-02T21:30:00Z", ""),
        ("yesterday", "2026-06-02T10:30:00Z", ""),
        ("his", "2026-06-02T10:30:00Z", "seance"),
    ):
        engine.kept_images[name] = ImageState(name, {"e5b.kind": "snapshot", "e5b.sitting": sitting}, at, 0)
    there = engine.create(ContainerSpec("poste", "image", {"e5b.kind": "station", "e5b.room": "salle"}))
    at_noumea.keep(there, Credentials("a", "b"), {"sitting": "seance"})
    purge(at_noumea, engine, date(2026, 6, 3))
    assert set(engine.kept_images) == {"this morning", "his"}


def test_a_list_that_is_given_while_a_purge_works_is_not_written_over(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed(state, "salle", _1="2026-05-21")
    shorten = purging._shorten

    def given_meanwhile(*told: Any) -> None:
        listed(state, "salle", _2="2026-06-03")
        shorten(*told)

    monkeypatch.setattr(purging, "_shorten", given_meanwhile)
    purge(state, FakeEngine(), FIRST_KEPT)
    assert [one["number"] for one in list_in(state, "salle")["entries"]] == ["2"]


def test_what_was_thrown_away_stays_written_down_without_whose_it_was_and_why(state: State) -> None:
    for day in ("2026-05-21", "2026-06-03"):
        told = {"why": "LE GOFF est malade\u2028", "station": "poste-01", "candidate": "12"}
        state.log({"at": f"{day}T08:00:00+00:00", "what": "discard", **told})
    path = state.folder / "journal.jsonl"
    with path.open("a") as lines:
        lines.write('{"cut\n[]\n')
    before = path.read_text(encoding="utf-8").split("\n")
    assert purge(state, FakeEngine(), FIRST_KEPT)["discards"] == 1
    first, *others = path.read_text(encoding="utf-8").split("\n")
    assert json.loads(first) == {**json.loads(before[0]), "why": "", "candidate": ""}
    assert others[:3] == before[1:4]
    assert [json.loads(line)["done"] for line in others[3:-1]] == [False, True]
    assert purge(state, FakeEngine(), FIRST_KEPT)["discards"] == 0


def test_a_line_that_is_written_while_a_purge_shortens_the_others_is_not_lost(state: State) -> None:
    state.log({"at": "2026-05-21T08:00:00+00:00", "why": "essai"})

    def reworded(told: dict[str, Any]) -> dict[str, Any]:
        pool.submit(state.log, {"at": "2026-06-03T08:00:00+00:00"})
        time.sleep(0.2)
        return {**told, "why": ""}

    with ThreadPoolExecutor(1) as pool:
        state.reword(reworded)
    assert state.logged() == [{"at": "2026-05-21T08:00:00+00:00", "why": ""}, {"at": "2026-06-03T08:00:00+00:00"}]


def test_an_archive_that_a_candidate_who_stays_needs_stays_whatever_day_its_name_says(state: State) -> None:
    listed(state, "salle", _1="2026-06-03")
    archive, other = ("salle-poste-01-abc123-20250603-094000.e5b.zip", "salle-poste-02-abc123-20250603-094000.e5b.zip")
    for name in (archive, f"{archive}.sha256", other, f"{other}.sha256"):
        written(state.archives / name, "2026-06-03")
    state.mark("salle", "_1", archived=archive)
    purge(state, FakeEngine(), FIRST_KEPT)
    assert sorted(path.name for path in state.archives.glob("*.e5b.zip*")) == [archive, f"{archive}.sha256"]


def test_a_purge_removes_the_old_acts_from_the_book_and_leaves_the_others(state: State) -> None:
    moments = iter([f"2026-05-31T09:0{minute}:00+00:00" for minute in range(4)] + ["2026-06-01T09:00:00+00:00"] * 3)
    book = Book(state.folder, lambda: next(moments))
    old = book.begin("riou", COMMAND_LINE, "start", [ActLine("poste-01", "12")], values={"why": "LE GOFF tousse"})
    book.ends(old.id, "poste-01", Outcome.DONE, "ouvert")
    book.end(old.id)
    book.note("riou", COMMAND_LINE, "LE GOFF")
    new = book.begin("riou", COMMAND_LINE, "stop", [ActLine("poste-02", "13")])
    book.ends(new.id, "poste-02", Outcome.DONE, "arrêté")
    book.end(new.id)
    with book.path.open("a") as file:
        file.write('{"act": "LE GOFF')
    assert len(book.acts()) == 3
    purge(state, FakeEngine(), FIRST_KEPT)
    assert "GOFF" not in book.path.read_text(encoding="utf-8")
    (kept,) = book.acts()
    assert (kept.id, kept.lines[0].text, kept.is_open) == (new.id, "arrêté", False)
    assert book.path.stat().st_mode & 0o777 == 0o600
