"""The pages of what is kept: the archives, what is missing, verification, digests, refused tries."""

import asyncio
import hashlib
import html
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from provisioner.archive.archives import TRIES
from provisioner.console.acting import Acts
from provisioner.console.people import Role
from provisioner.core.errors import ProvisionerError, Refusal, UnknownName
from provisioner.core.model import Verdict
from provisioner.core.records import RosterRecord
from provisioner.host.paths import Paths
from provisioner.host.settings import Settings
from provisioner.host.signing import new_key
from provisioner.network.room import Room
from provisioner.station.act_book import Book
from provisioner.station.acts import Act, Outcome
from provisioner.station.centre import Centre
from provisioner.station.room_keys import room_key
from provisioner.station.state import State
from tests.staged_room import ZONE, StagedRoom, staged
from tests.unit.fake_engine import FakeEngine
from tests.unit.packed import laid, packed
from tests.unit.samples import CANDIDATE, ENTRY, bundle, repacked

IMAGE, GOLDEN, _ = packed()
FIRST = "salle-poste-01-abc123-20260521-094000.e5b.zip"
SECOND = "salle-poste-02-def456-20260521-104100.e5b.zip"
BEFORE = "salle-poste-01-0a1b2c-20260520-094000.e5b.zip"
CLOCK = {"at": "2026-05-21T09:00:00+02:00", "what": "start", "minutes": 40}
OTHER = {**CANDIDATE, "key": "l", "number": "13", "name": "KERVELLA", "first_name": "Inès", "commission": "3"}


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Centre:
    now = tmp_path / "now"
    now.write_text("2026-05-21T18:00:00+02:00")
    monkeypatch.setenv("E5B_NOW", str(now))
    state = State(Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml"), ZONE)
    laid(state.archives, GOLDEN, IMAGE)
    return Centre(FakeEngine(), Settings(), state, Room("salle", "localhost", "127.0.0.1", 8101, 3))


def archived(centre: Centre, name: str = FIRST, *, key: Any = None, **values: Any) -> Path:
    """An archive as this machine writes it, with its line of the journal."""
    told = {"golden": GOLDEN, "candidate": CANDIDATE, "clock": [CLOCK], **values}
    path = bundle(centre.state.archives / name, key or room_key(centre.state, "salle"), **told)
    noted(centre, path)
    return path


def noted(centre: Centre, path: Path) -> None:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    centre.state.log({"at": "2026-05-21T09:41:00+02:00", "what": "archive", "file": path.name, "sha256": digest})


def listed(centre: Centre, *entries: Mapping[str, Any]) -> None:
    centre.state.keep_roster("salle", RosterRecord.model_validate({"entries": [{**ENTRY, **one} for one in entries]}))


def acts_of(centre: Centre) -> Acts:
    return Acts(Book.of(centre.state), lambda: centre, threads=False)


def app_of(centre: Centre, acts: Acts | None = None, role: Role = Role.TECHNICIAN) -> Starlette:
    return staged(StagedRoom(), centre.state.folder, role, lambda: centre, acts or acts_of(centre))


def ask(app: Starlette, path: str, method: str = "GET", **options: Any) -> httpx.Response:
    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://salle") as client:
            return await client.request(method, path, **options)

    return asyncio.run(asked())


def words(answer: httpx.Response) -> str:
    """What a page says, without its tags, with plain spaces."""
    text = html.unescape(re.sub(r"<[^>]*>", " ", answer.text))
    return " ".join(text.split())


def row_of(answer: httpx.Response, file: str) -> str:
    """What the line of an archive says."""
    rows = re.findall(r"<tr>.*?</tr>", answer.text, re.DOTALL)
    (row,) = [row for row in rows if f">{file}<" in row]
    return words(httpx.Response(200, text=row))


def done(acts: Acts, answer: httpx.Response) -> Act:
    """The act that an answer leads to, once it is done."""
    assert answer.status_code == 303, words(answer)
    acts.work()
    return acts.act(answer.headers["location"].removeprefix("/actes/"))


def test_each_archive_says_whose_it_is_and_what_is_known_of_it(centre: Centre) -> None:
    archived(centre)
    archived(centre, SECOND, candidate=OTHER, place=2, taken_at="2026-05-21T10:41:00+02:00", key=new_key())
    text = ask(app_of(centre), "/conservation")
    first, second = row_of(text, FIRST), row_of(text, SECOND)
    assert "12 GOFF Anne" in first
    assert "wordpress-a" in first
    assert "9 h 40" in first
    assert "À l’écriture 9 h 41" in first
    assert "Signée" in first
    assert "Le travail n’a pas été examiné" in first
    assert "KERVELLA Inès" in second
    assert "Clé inconnue" in second
    assert "2 archives" in words(text)
    assert "manque" not in words(text)


def test_an_archive_that_was_examined_says_so_and_one_without_a_candidate_needs_not(centre: Centre) -> None:
    report = {"report/report.json": json.dumps({"taken_at": "2026-05-21T09:40:00+02:00"}).encode()}
    report["report/report.html"] = b"x"
    archived(centre, members=report, report="report/report.html")
    archived(centre, SECOND, candidate=None, clock=None)
    text = ask(app_of(centre), "/conservation")
    assert "Examinée" in row_of(text, FIRST)
    assert "xamin" not in row_of(text, SECOND)
    assert "sans candidat" in row_of(text, SECOND)


def test_days_are_apart_and_the_newest_is_shown(centre: Centre) -> None:
    archived(centre)
    archived(centre, BEFORE, taken_at="2026-05-20T09:40:00+02:00")
    app = app_of(centre)
    newest, other = ask(app, "/conservation").text, ask(app, "/conservation?jour=2026-05-20").text
    assert (FIRST in newest, BEFORE in newest) == (True, False)
    assert (FIRST in other, BEFORE in other) == (False, True)
    for odd in ("2026-13-45", "hier", "20260520", "' OR 1=1"):
        assert FIRST in ask(app, f"/conservation?jour={odd}").text


def test_an_archive_that_is_gone_is_an_error_until_its_day_is_purged(centre: Centre) -> None:
    archived(centre).unlink()
    app = app_of(centre)
    assert f"L’archive {FIRST} n’est plus parmi celles de cette machine" in words(ask(app, "/conservation"))
    centre.state.log({"what": "purge", "at": "2026-05-22T08:00:00+02:00", "before": "2026-05-22", "archives": []})
    assert FIRST not in ask(app, "/conservation").text


def test_one_that_can_not_be_read_is_an_error_and_hides_no_other(centre: Centre) -> None:
    archived(centre)
    repacked(archived(centre, SECOND, candidate=OTHER), {"more.txt": b"x"})
    text = ask(app_of(centre), "/conservation")
    assert f"L’archive {SECOND} ne peut pas servir" in words(text)
    assert "GOFF" in row_of(text, FIRST)


def test_an_examiner_sees_the_archives_of_his_commission_alone(centre: Centre) -> None:
    archived(centre)
    archived(centre, SECOND, candidate=OTHER)
    archived(centre, BEFORE).unlink()
    mine, theirs = ("salle-poste-03-aaaaaa-20260521-094000.e5b.zip", "salle-poste-04-bbbbbb-20260521-094000.e5b.zip")
    listed(
        centre,
        {"key": "m", "number": "14", "commission": "3", "archived": mine},
        {"key": "n", "number": "15", "commission": "1", "archived": theirs},
    )
    app = app_of(centre, role=Role.EXAMINER)
    text = ask(app, "/conservation").text
    assert (SECOND in text, mine in text) == (True, True)
    for hidden in (FIRST, BEFORE, theirs, "GOFF", "/conservation/empreintes", 'name="scope"'):
        assert hidden not in text, hidden
    assert ask(app, f"/conservation/refus/{SECOND}").status_code == 200
    with pytest.raises(UnknownName):
        ask(app, f"/conservation/refus/{FIRST}")
    for path in ("relecture", "empreintes"):
        assert ask(app, f"/conservation/{path}", "POST", data={"key": "k", "scope": "all"}).status_code == 403


def test_an_archive_is_of_the_commission_that_the_list_says_by_now(centre: Centre) -> None:
    archived(centre)  # of commission 1 when it was written
    archived(centre, SECOND, candidate=OTHER)
    listed(centre, {**CANDIDATE, "commission": "3"}, {**OTHER, "name": "TANGUY", "first_name": "Luc"})
    text = ask(app_of(centre, role=Role.EXAMINER), "/conservation").text
    assert (FIRST in text, SECOND in text) == (True, True)  # the second's number is another person's by now
    listed(centre, {**CANDIDATE, "commission": "  3 "}, {**OTHER, "commission": "1"})
    text = ask(app_of(centre, role=Role.EXAMINER), "/conservation").text
    assert (FIRST in text, SECOND in text) == (True, False)


def test_a_reader_reads_the_list_and_acts_on_nothing(centre: Centre) -> None:
    archived(centre)
    app = app_of(centre, role=Role.READER)
    text = ask(app, "/conservation").text
    assert FIRST in text
    assert 'type="checkbox"' not in text
    assert 'name="scope"' not in text


def test_all_are_verified_and_each_says_what_came_of_it(centre: Centre) -> None:
    archived(centre)
    repacked(archived(centre, SECOND, candidate=OTHER), {TRIES: b"[]"})
    archived(centre, BEFORE, taken_at="2026-05-20T09:40:00+02:00", candidate=None, clock=None).unlink()
    acts = acts_of(centre)
    app = app_of(centre, acts)
    act = done(acts, ask(app, "/conservation/relecture", "POST", data={"key": "k", "scope": "all"}))
    assert (act.kind, act.who, act.room) == ("verify", "Mme Riou", "salle")
    outcomes = {line.station: (line.candidate, line.outcome) for line in act.lines}
    assert outcomes == {FIRST: ("12", Outcome.DONE), SECOND: ("13", Outcome.FAILED)}
    first, second = act.line(FIRST), act.line(SECOND)
    assert first is not None
    assert second is not None
    assert first.text.startswith("intacte et signée")
    assert "network.json" in second.text
    assert BEFORE in act.text
    text = ask(app, "/conservation")
    assert "Relue 18 h 00" in row_of(text, FIRST)
    assert "À voir" in row_of(text, SECOND)
    page = words(ask(app, f"/actes/{act.id}"))
    assert "Relire des archives" in page
    assert "← Les archives" in page


def test_a_verification_that_a_kill_cuts_short_is_said_and_counts_as_none(centre: Centre) -> None:
    archived(centre)
    gone = Acts(Book(centre.state.folder, centre.state.now, "1-2-3", lambda _: True), lambda: centre, threads=False)
    answer = ask(app_of(centre, gone), "/conservation/relecture", "POST", data={"key": "k", "scope": "all"})
    gone.book.begins(answer.headers["location"].removeprefix("/actes/"), FIRST)
    acts = acts_of(centre)
    (act,) = acts.cut_short
    app = app_of(centre, acts)
    text = words(ask(app, f"/actes/{act.id}"))
    assert "Il n’est pas repris de lui-même : recommencez." in text
    assert "commencé, puis e5b s’est arrêté : recommencez" in text
    assert "poste" not in text.partition("Résultat")[2].replace(FIRST, "")
    assert "À l’écriture 9 h 41" in row_of(ask(app, "/conservation"), FIRST)


def test_those_that_were_chosen_are_verified_and_no_other(centre: Centre) -> None:
    for name in (FIRST, SECOND):
        archived(centre, name)
    acts = acts_of(centre)
    form = {"key": "k", "scope": "chosen", "archive": [SECOND, SECOND]}
    act = done(acts, ask(app_of(centre, acts), "/conservation/relecture", "POST", data=form))
    assert [(line.station, line.outcome) for line in act.lines] == [(SECOND, Outcome.DONE)]


def test_a_form_that_is_sent_twice_verifies_once_and_with_another_choice_again(centre: Centre) -> None:
    for name in (FIRST, SECOND):
        archived(centre, name)
    acts = acts_of(centre)
    app = app_of(centre, acts)
    for chosen in (FIRST, FIRST, SECOND):
        data = {"key": "k", "scope": "chosen", "archive": chosen}
        done(acts, ask(app, "/conservation/relecture", "POST", data=data))
    assert [[line.station for line in act.lines] for act in acts.recent()] == [[SECOND], [FIRST]]


def test_those_that_were_chosen_are_examined_each_once_and_one_that_fails_keeps_no_other_back(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    met = {"questions": [{"checks": [{"findings": [{"verdict": str(Verdict.MET)}]}]}]}
    blocked = {"questions": [{"checks": [{"findings": [{"verdict": str(Verdict.BLOCKED)}]}]}]}
    fates: dict[str, Any] = {FIRST: blocked, SECOND: met, BEFORE: Refusal("Aucune salle n'est ouverte.")}
    asked: list[str] = []

    def examine_archive(_: Centre, path: Path, remark: Callable[[str], object]) -> Any:
        asked.append(path.name)
        remark(f"{path.name} : la grille du candidat 13 ne prend pas ce rapport, ce n'est pas sa dernière archive")
        if isinstance(fates[path.name], Exception):
            raise fates[path.name]
        return fates[path.name]

    monkeypatch.setattr("provisioner.examination.examine_archive.examine_archive", examine_archive)
    encrypted = f"{FIRST}.age"
    (centre.state.archives / encrypted).write_bytes(b"age-encryption.org/v1")
    noted(centre, centre.state.archives / encrypted)
    for name in fates:
        archived(centre, name)
    acts = acts_of(centre)
    form = {"key": "k", "archive": [FIRST, BEFORE, encrypted, SECOND, SECOND]}
    act = done(acts, ask(app_of(centre, acts), "/conservation/examen", "POST", data=form))
    assert asked == [FIRST, BEFORE, SECOND]
    assert act.french == "Examiner des archives"
    assert [(line.station, line.outcome, line.text.replace("\xa0", " ")) for line in act.lines] == [
        (FIRST, Outcome.FAILED, "rien n’a pu être examiné."),
        (BEFORE, Outcome.NOT_DONE, "Aucune salle n’est ouverte."),
        (encrypted, Outcome.NOT_DONE, act.lines[2].text.replace("\xa0", " ")),
        (
            SECOND,
            Outcome.DONE,
            "examiné · réalisé : 1 ; la grille du candidat 13 ne prend pas ce rapport, ce n’est pas sa dernière archive",
        ),
    ]
    assert "--identity" in act.lines[2].text
    with pytest.raises(Refusal, match="Cochez d’abord"):
        ask(app_of(centre, acts), "/conservation/examen", "POST", data={"key": "k"})


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"key": "k", "scope": "chosen"}, "Cochez d’abord"),
        ({"key": "k", "scope": "chosen", "archive": "../../console.sqlite"}, "pas parmi celles de cette machine"),
        ({"key": "k", "scope": "chosen", "archive": f"x/{FIRST}"}, "pas parmi celles de cette machine"),
        ({"key": "k", "scope": "day", "day": "2026-05-01"}, "Aucune archive n’est gardée de ce jour"),
        ({"key": "k", "scope": "day", "day": "n’importe quoi"}, "Aucune archive n’est gardée de ce jour"),
        ({"key": " ", "scope": "all"}, "n’a pas de numéro"),
    ],
)
def test_what_can_not_be_verified_is_refused_in_one_sentence(centre: Centre, form: dict[str, str], why: str) -> None:
    archived(centre)
    acts = acts_of(centre)
    with pytest.raises(ProvisionerError, match=why):
        ask(app_of(centre, acts), "/conservation/relecture", "POST", data=form)
    assert acts.recent() == ()


def test_an_archive_whose_golden_image_is_gone_is_whole_and_to_be_looked_at(centre: Centre) -> None:
    archived(centre, golden=f"sha256:{'0' * 64}")
    acts = acts_of(centre)
    act = done(acts, ask(app_of(centre, acts), "/conservation/relecture", "POST", data={"key": "k", "scope": "all"}))
    (line,) = act.lines
    assert line.outcome is Outcome.FAILED
    assert "image de référence" in line.text


def test_an_encrypted_archive_says_what_the_list_knows_and_is_not_verified_here(centre: Centre) -> None:
    name = f"{FIRST}.age"
    (centre.state.archives / name).write_bytes(b"age-encryption.org/v1")
    noted(centre, centre.state.archives / name)
    listed(centre, {"archived": name, "name": "LE GOFF"})
    acts = acts_of(centre)
    app = app_of(centre, acts)
    row = row_of(ask(app, "/conservation"), name)
    assert "12 LE GOFF Anne" in row
    assert "9 h 40" in row
    assert "Chiffrée" in row
    act = done(acts, ask(app, "/conservation/relecture", "POST", data={"key": "k", "scope": "all"}))
    assert [line.outcome for line in act.lines] == [Outcome.NOT_DONE]
    assert "Relue" not in row_of(ask(app, "/conservation"), name)


def test_the_list_of_digests_is_made_shown_and_given_as_pdf(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    def printed(pages: Mapping[Path, str]) -> list[Path]:
        for path in pages:
            path.write_bytes(b"%PDF-1.7")
        return list(pages)

    monkeypatch.setattr("provisioner.papers.hash_list.write_pdfs", printed)
    digest = hashlib.sha256(archived(centre).read_bytes()).hexdigest()
    acts = acts_of(centre)
    app = app_of(centre, acts)
    act = done(acts, ask(app, "/conservation/empreintes", "POST", data={"key": "k", "day": "2026-05-21"}))
    assert "1 archive est sur la liste du 21 mai 2026." in act.text.replace("\xa0", " ")
    (name,) = re.findall(r'href="(/conservation/empreintes/[^"/]+)"', ask(app, "/conservation").text)
    page = words(ask(app, name))
    assert " ".join(digest[start : start + 8] for start in range(0, 64, 8)) in page
    written = centre.state.folder / "documents/salle/empreintes" / f"{name.rpartition('/')[2]}.json"
    assert hashlib.sha256(written.read_bytes()).hexdigest()[:8] in page
    assert "GOFF Anne" in page
    assert "Nom et signature d’un membre de la commission" in page
    paper = ask(app, f"{name}/pdf")
    assert (paper.content, paper.headers["content-type"]) == (b"%PDF-1.7", "application/pdf")
    assert ask(app_of(centre, role=Role.EXAMINER), name).status_code == 403


def test_a_day_without_archives_has_no_list_and_says_why(centre: Centre) -> None:
    archived(centre)
    acts = acts_of(centre)
    form = {"key": "k", "day": "2026-05-19"}
    act = done(acts, ask(app_of(centre, acts), "/conservation/empreintes", "POST", data=form))
    assert "Aucune archive de la salle" in act.text


def test_the_tries_of_a_candidate_are_those_of_his_archive_and_nothing_in_them_runs(centre: Centre) -> None:
    tries: dict[str, Any] = {
        "tries": [
            {"at": "2026-05-21T07:44:00", "host": "www.example.org", "path": "/<script>x</script>", "times": 2},
            {"at": "n’importe quoi", "host": ["x"], "times": "deux"},
            "rien",
        ],
        "shared": {"a": 1},
        "contacts": [{"at": "2026-05-21T07:50:00", "what": "envoi", "from": "192.0.2.9", "origin": "other"}],
        "background": 7,
        "incomplete": "Le journal s'est arrêté.",
        "unseen": True,
    }
    archived(centre, members={TRIES: json.dumps(tries).encode()})
    answer = ask(app_of(centre), f"/conservation/refus/{FIRST}")
    text = words(answer)
    assert "3 essais vers un autre site que le sien ont été refusés" in text
    assert "09:44:00 2 fois www.example.org/<script>x</script>" in text
    assert "<script>x" not in answer.text
    assert "envoi" in text
    assert "une autre machine, 192.0.2.9" in text
    assert "Le journal s’est arrêté." in text
    assert "câblage" in text
    assert "7 demandes" in text


def test_what_an_archive_says_is_escaped_and_bounded(centre: Centre) -> None:
    name = "<img src=x onerror=alert(1)>" + "x" * 5000
    archived(centre, candidate={**CANDIDATE, "name": name})
    text = ask(app_of(centre), "/conservation").text
    assert "<img" not in text
    assert "x" * 200 not in text
