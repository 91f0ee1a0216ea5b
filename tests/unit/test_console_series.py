"""« Changer de série »: whose work is safe passes on, who still works stays, and each station's line says why."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import anyio
import httpx
import pytest
from pypdf import PdfReader, PdfWriter

from provisioner.archive import archiving
from provisioner.archive.archives import Archive
from provisioner.console import series_change
from provisioner.console.act_kinds import KINDS
from provisioner.console.acting import Acts
from provisioner.console.people import Person, Role
from provisioner.console.series import series_end
from provisioner.console.services import Services
from provisioner.console.tiles import State
from provisioner.core.errors import ArchiveSpoilt, Busy, EngineUnavailable, Refusal, StationNotReady
from provisioner.core.model import Verdict
from provisioner.exam.room_documents import SHEETS, folder_of
from provisioner.exam.roster import stem_of
from provisioner.station.act_book import Book
from provisioner.station.acts import Act, Outcome
from provisioner.station.centre import Centre, station_named
from tests.sequences import sitting
from tests.staged_room import ZONE, StagedRoom, some_tiles, staged
from tests.unit.console_acts import PERSON
from tests.unit.day_room import Day, day
from tests.unit.exam_room import begin, now_is
from tests.unit.samples import CANDIDATE, manifest
from tests.unit.test_console_act_pages import Browser, form_of
from tests.unit.test_console_act_pages import plain as words

ROOM = ["poste-01", "poste-02", "poste-03"]


class Examining:
    """What an examination of an archive comes to, by the file's beginning: its verdicts, or an error."""

    def __init__(self) -> None:
        self.fates: dict[str, list[Any]] = {}
        self.examined: list[str] = []

    def examine_archive(self, centre: Centre, path: Path, **_: object) -> Any:
        station = path.name.split("-")[1] + "-" + path.name.split("-")[2]
        fate = self.fates.get(station, [[Verdict.MET, Verdict.MET]]).pop(0)
        if isinstance(fate, Exception):
            raise fate
        self.examined.append(station)
        return fate


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Day:
    """At a quarter to ten: two have worked, the third did not come; nothing is written to print."""
    made = day(tmp_path, monkeypatch)
    now_is("2026-05-21T09:01")
    for name in ROOM[:2]:
        begin(made.centre, station_named(made.centre, name), "2026-05-21T09:01")
    made.save()
    now_is("2026-05-21T09:45")
    monkeypatch.setattr(series_change._Change, "_write_sheets", lambda *_: None)
    monkeypatch.setattr("provisioner.core.clock.rehearsed", lambda: False)
    return made


@pytest.fixture
def examining(monkeypatch: pytest.MonkeyPatch) -> Examining:
    found = Examining()
    monkeypatch.setattr("provisioner.examination.examine_archive.examine_archive", found.examine_archive)
    monkeypatch.setattr("provisioner.examination.examine.verdicts", lambda document: document)
    return found


@pytest.fixture
def acts(room: Day) -> Acts:
    return Acts(Book.of(room.centre.state), lambda: room.centre, threads=False)


def plain(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ")


def planned(acts: Acts, **values: str) -> dict[str, str]:
    return {line.station: plain(line.why_not) for line in acts.plan("series", acts.everywhere("series"), values).lines}


def changed(acts: Acts, **values: str) -> Act:
    act = acts.begin(PERSON, "series", ROOM, values, f"key{values}")
    acts.work()
    return acts.act(act.id)


def lines(act: Act) -> dict[str, tuple[Outcome, str]]:
    return {line.station: (line.outcome, plain(line.text)) for line in act.lines}


def test_whose_time_has_ended_passes_on_archived_and_examined_after(
    room: Day, acts: Acts, examining: Examining
) -> None:
    act = changed(acts)
    told = lines(act)
    assert [outcome for outcome, _ in told.values()] == [Outcome.DONE, Outcome.DONE, Outcome.NOT_DONE]
    first = told["poste-01"][1]
    assert first.startswith("archivé et relu : salle-poste-01-")
    assert first.endswith("neuf, pour 4 NOM4 P ; examiné · réalisé : 2")
    assert told["poste-03"][1] == "le candidat 3, attendu à 9 h 00, n’a pas commencé"
    assert sitting(room.centre) == {"poste-01": "4", "poste-02": "5", "poste-03": "3"}
    assert examining.examined == ["poste-01", "poste-02"]
    assert room.everything_saved() == {"poste-01-1", "poste-02-2"}
    assert not act.is_open
    archived = {entry.number for entry in room.centre.state.entries("salle") if entry.archived}
    assert archived == {"1", "2"}


def test_the_next_series_waits_for_no_examination(room: Day, acts: Acts, examining: Examining) -> None:
    """Once the stations are new, what is left stands in the queue of long work, and each line says so."""
    seen: list[dict[str, tuple[Outcome, str]]] = []
    act = acts.begin(PERSON, "series", ROOM, {}, "k")
    real = examining.examine_archive

    def examine_archive(centre: Centre, path: Path, **_: object) -> Any:
        seen.append(lines(acts.act(act.id)))
        return real(centre, path)

    examining.examine_archive = examine_archive  # type: ignore[method-assign]
    patched = pytest.MonkeyPatch()
    patched.setattr("provisioner.examination.examine_archive.examine_archive", examine_archive)
    acts.work()
    patched.undo()
    assert seen[0]["poste-01"][1].endswith("neuf, pour 4 NOM4 P ; reste à examiner, dans son archive")
    assert {outcome for outcome, _ in seen[0].values()} == {Outcome.DONE, Outcome.NOT_DONE}
    assert KINDS["series"].queue is KINDS["reset"].queue is not KINDS["examine"].queue


def test_who_works_or_has_more_time_stays_and_is_said_by_name(room: Day, acts: Acts, examining: Examining) -> None:
    station = station_named(room.centre, "poste-02")
    clock = [
        {"at": "2026-05-21T09:01:00+02:00", "what": "start", "minutes": 40},
        {"at": "2026-05-21T09:02:00+02:00", "what": "extra", "minutes": 13},
    ]
    room.centre.state.note(station.container, clock=clock)
    plan = acts.plan("series", acts.everywhere("series"), {})
    assert planned(acts)["poste-02"] == "travaille jusqu’à 9 h 54, dont 13 min de plus"
    assert [line.whom for line in plan.left_out] == ["2 NOM2 P", "3 NOM3 P"]
    assert plan.asked == "le nom du candidat"
    assert lines(changed(acts))["poste-01"][0] is Outcome.DONE
    assert station_named(room.centre, "poste-02").container == station.container


def test_the_absent_pass_on_only_where_that_was_agreed_and_never_before_their_hour(
    room: Day, acts: Acts, examining: Examining
) -> None:
    remarks = {line.station: plain(line.remark) for line in acts.plan("series", ROOM, {"absent": "yes"}).lines}
    assert remarks["poste-03"] == "n’a pas commencé, n’est plus attendu ; ensuite : 6 NOM6 P"
    assert remarks["poste-01"] == "le travail n’a pas été examiné ; ensuite : 4 NOM4 P"
    act = changed(acts, absent="yes")
    assert lines(act)["poste-03"] == (Outcome.DONE, "neuf, pour 6 NOM6 P")
    assert dict(act.values) == {"absent": "yes"}
    assert planned(acts, absent="yes") == {
        name: f"attend déjà le candidat {number}, à 10 h 00" for name, number in zip(ROOM, "456", strict=True)
    }
    now_is("2026-05-21T10:05")
    assert planned(acts, absent="yes")["poste-01"].startswith("attend le candidat 4 depuis 10 h 00 : « Démarrer »")


def test_at_a_doubt_that_station_stays_as_it_is_and_the_others_go_on(
    room: Day, acts: Acts, examining: Examining
) -> None:
    before = station_named(room.centre, "poste-01").container
    room.cannot_archive["poste-01"] = ArchiveSpoilt("L'archive ne peut pas servir.")
    told = lines(changed(acts))
    assert told["poste-01"] == (Outcome.FAILED, "le poste reste comme il est : L’archive ne peut pas servir.")
    assert told["poste-02"][0] is Outcome.DONE
    assert sitting(room.centre) == {"poste-01": "1", "poste-02": "5", "poste-03": "3"}
    assert station_named(room.centre, "poste-01").container == before
    assert examining.examined == ["poste-02"]


def test_an_archive_of_before_that_is_spoilt_by_now_is_a_doubt_of_its_station(
    room: Day, acts: Acts, examining: Examining
) -> None:
    written = archiving.archive(room.centre, "poste-01")
    written.path.write_text("{")
    told = lines(changed(acts))
    assert told["poste-01"][0] is Outcome.FAILED
    assert "poste-01 n’est pas retiré" in told["poste-01"][1]
    assert told["poste-02"][0] is Outcome.DONE
    again = acts.begin(PERSON, "series", ROOM, {}, "again")  # by now it counts as not archived
    acts.work()
    assert lines(acts.act(again.id))["poste-01"][0] is Outcome.DONE
    assert room.everything_saved() == {"poste-01-1", "poste-02-2"}


def test_a_reset_that_fails_is_said_at_its_station_though_its_error_names_none(room: Day, acts: Acts) -> None:
    room.engine.fail = "create"
    act = acts.begin(PERSON, "reset", ROOM[:2], {}, "k")
    acts.work()
    assert set(lines(acts.act(act.id)).values()) == {(Outcome.FAILED, "create a échoué")}
    act = acts.begin(PERSON, "series", ROOM, {}, "series")
    acts.work()
    told = lines(acts.act(act.id))["poste-01"]
    assert told[0] is Outcome.FAILED
    assert told[1].endswith("; le poste reste comme il est : create a échoué")


def test_what_is_archived_already_is_read_again_and_not_written_twice(
    room: Day, acts: Acts, examining: Examining
) -> None:
    archiving.archive(room.centre, "poste-01")
    assert lines(changed(acts))["poste-01"][1].startswith("déjà archivé, et relu ; neuf, pour 4")
    assert len(list(room.centre.state.archives.glob("salle-poste-01-*"))) == 1
    assert "poste-01" in examining.examined


def test_at_a_doubt_of_the_machine_nothing_more_is_begun(
    room: Day, acts: Acts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(series_change, "_AT_ONCE", 1)
    room.cannot_archive["poste-02"] = EngineUnavailable("Le moteur ne répond pas.")
    told = lines(changed(acts, absent="yes"))
    assert told["poste-01"][0] is Outcome.FAILED
    assert told["poste-01"][1].endswith("; le poste reste comme il est")
    assert told["poste-02"] == (Outcome.FAILED, "le poste reste comme il est : Le moteur ne répond pas.")
    assert told["poste-03"] == (Outcome.NOT_DONE, "pas commencé : Le moteur ne répond pas.")
    assert sitting(room.centre) == {"poste-01": "1", "poste-02": "2", "poste-03": "3"}


def test_a_station_that_does_not_answer_is_left_out(room: Day, acts: Acts, examining: Examining) -> None:
    station = station_named(room.centre, "poste-01")
    box = room.engine.boxes[station.container]
    room.engine.boxes[station.container] = replace(box, health="unhealthy")
    assert planned(acts)["poste-01"].startswith("ne répond pas comme il faut (en défaut)")
    assert lines(changed(acts))["poste-01"][0] is Outcome.NOT_DONE
    assert sitting(room.centre)["poste-01"] == "1"


def test_an_examination_that_fails_costs_the_next_candidate_nothing(
    room: Day, acts: Acts, examining: Examining
) -> None:
    examining.fates = {
        "poste-01": [[Verdict.BLOCKED, Verdict.BLOCKED]],
        "poste-02": [StationNotReady("La copie ne démarre pas.")],
    }
    told = lines(changed(acts))
    assert [told[name][0] for name in ROOM[:2]] == [Outcome.FAILED, Outcome.FAILED]
    assert (
        "pas examiné : rien n’a pu être examiné. Son archive a tout : cochez-la à la page « Conservation »"
        in told["poste-01"][1]
    )
    assert "neuf, pour 5 NOM5 P ; pas examiné : La copie ne démarre pas." in told["poste-02"][1]
    assert sitting(room.centre) == {"poste-01": "4", "poste-02": "5", "poste-03": "3"}


def test_what_is_examined_is_the_last_archive_where_time_was_given_after_the_first(
    room: Day, acts: Acts, monkeypatch: pytest.MonkeyPatch
) -> None:
    examined: list[Path] = []

    def examine_archive(centre: Centre, path: Path, **_: object) -> list[Verdict]:
        examined.append(path)
        return [Verdict.MET]

    monkeypatch.setattr("provisioner.examination.examine.verdicts", lambda document: document)
    monkeypatch.setattr("provisioner.examination.examine_archive.examine_archive", examine_archive)

    def archive(centre: Centre, name: str) -> Archive:
        written = archiving.archive(centre, name)
        container = station_named(centre, name).container
        before = centre.state.record(container).archived
        assert before
        early = before.model_copy(update={"taken_at": before.taken_at - timedelta(minutes=30)})  # of before the end
        centre.state.note(container, archived=early)
        return written

    monkeypatch.setattr(series_change, "archive", archive)
    changed(acts)
    last = {entry.archived for entry in room.centre.state.entries("salle") if entry.archived}
    assert {path.name for path in examined} == last


def test_an_archive_whose_station_is_busy_is_examined_after_the_others(
    room: Day, acts: Acts, examining: Examining
) -> None:
    examining.fates = {"poste-01": [Busy("poste-01 est occupé."), [Verdict.MET]]}
    assert lines(changed(acts))["poste-01"][1].endswith("examiné · réalisé : 1")
    assert examining.examined == ["poste-02", "poste-01"]


@pytest.mark.parametrize("rehearsed", [True, False])
def test_where_no_archive_can_be_examined_the_examination_comes_first_and_may_be_a_doubt(
    room: Day, acts: Acts, monkeypatch: pytest.MonkeyPatch, rehearsed: bool
) -> None:
    """In a rehearsal, and where archives are encrypted."""
    if rehearsed:
        monkeypatch.setattr("provisioner.core.clock.rehearsed", lambda: True)
    else:
        room.centre = replace(room.centre, settings=room.centre.settings.model_copy(update={"archive_key": "age1x"}))

    def examine_stations(centre: Centre, names: list[str]) -> Any:
        (name,) = names
        verdict = Verdict.BLOCKED if name == "poste-01" else Verdict.MET
        if verdict is Verdict.MET:
            centre.state.note(station_named(centre, name).container, reports=("r",), examined_at=centre.state.now())
        return SimpleNamespace(errors=(), verdicts=[verdict])

    monkeypatch.setattr("provisioner.examination.examine.examine_stations", examine_stations)
    told = lines(changed(acts))
    assert told["poste-01"] == (
        Outcome.NOT_DONE,
        "le poste reste comme il est : rien n’a pu être examiné, regardez ce poste.",
    )
    assert told["poste-02"][1].startswith("examiné · réalisé : 1 ; archivé et relu : ")
    assert told["poste-02"][1].endswith("; neuf, pour 5 NOM5 P")


def test_who_asks_to_begin_nothing_more_keeps_the_stations_whose_work_is_archived(
    room: Day, acts: Acts, examining: Examining, monkeypatch: pytest.MonkeyPatch
) -> None:
    act = acts.begin(PERSON, "series", ROOM, {}, "k")
    before = {name: station_named(room.centre, name).container for name in ROOM}
    real = vars(archiving)["write_archive"]

    def write_archive(*args: Any) -> Any:
        acts.halt(PERSON, act.id)  # while the first is archived
        return real(*args)

    monkeypatch.setattr(archiving, "write_archive", write_archive)
    acts.work()
    told = lines(acts.act(act.id))
    assert told["poste-01"][0] is Outcome.FAILED
    assert told["poste-01"][1].startswith("archivé et relu : ")
    assert told["poste-01"][1].endswith("le poste reste comme il est")
    assert {name: station_named(room.centre, name).container for name in ROOM} == before
    assert examining.examined == []


def test_what_is_left_to_examine_is_examined_though_something_fails_after_the_renewal(
    room: Day, acts: Acts, examining: Examining, monkeypatch: pytest.MonkeyPatch
) -> None:
    def renew(*args: Any, **values: Any) -> Any:
        done(*args, **values)
        raise EngineUnavailable("Le moteur ne répond pas.")

    done = vars(series_change)["renew"]
    monkeypatch.setattr(series_change, "renew", renew)
    act = changed(acts)
    assert examining.examined == ["poste-01", "poste-02"]
    assert lines(act)["poste-01"][1].endswith("examiné · réalisé : 2")
    assert "Le moteur ne répond pas" in act.text
    assert not act.is_open


@pytest.mark.parametrize(("key", "examined"), [("l", "avant"), ("k", "après")])
def test_the_old_work_of_another_candidate_is_not_examined_in_the_place_of_the_last_ones(
    room: Day, monkeypatch: pytest.MonkeyPatch, key: str, examined: str
) -> None:
    put_away = manifest(station="poste-01", candidate={**CANDIDATE, "key": key}, aside="reset")
    change = series_change._Change(room.centre, cast(Any, SimpleNamespace(ends=lambda *_: None, remark=lambda _: None)))
    change._to_examine["poste-01"], change._keys["poste-01"] = Path("avant"), "k"

    def renew(centre: Centre, names: Any, ends: Any, *, skip: bool) -> Any:
        ends("poste-01", Outcome.DONE, "neuf")
        return [Archive(Path("après"), put_away, "0" * 64)], []

    monkeypatch.setattr(series_change, "renew", renew)
    change._renew(["poste-01"], skip=False)
    assert change._to_examine == {"poste-01": Path(examined)}


def test_the_last_series_is_archived_too_though_nobody_comes_after(room: Day, acts: Acts, examining: Examining) -> None:
    changed(acts, absent="yes")
    now_is("2026-05-21T10:00")
    begin(room.centre, station_named(room.centre, "poste-03"), "2026-05-21T10:00")
    room.save()
    now_is("2026-05-21T10:45")
    (line,) = [line for line in acts.plan("series", ROOM, {}).will if line.station == "poste-03"]
    assert plain(line.remark).endswith("personne ne vient ensuite")
    act = acts.begin(PERSON, "series", ROOM, {}, "last")
    acts.work()
    assert lines(acts.act(act.id))["poste-03"][0] is Outcome.DONE
    assert room.everything_saved() == {"poste-01-1", "poste-02-2", "poste-03-3"}


def test_above_the_places_it_is_said_how_far_the_series_is() -> None:
    tiles = some_tiles(40)
    at = max(tile.started for tile in tiles if tile.started)
    before = [replace(tile, end=None, started=None) for tile in tiles]
    assert series_end(before, at) is None
    working = [tile for tile in tiles if tile.end and tile.end > at]
    first = series_end(working, at)
    assert first
    assert not first.may_change
    assert "personne n’a encore fini, le premier finit à" in first.sentence
    ends = sorted(tile.end for tile in working if tile.end)
    some = series_end(working, ends[0])
    assert some
    assert (some.may_change, some.ended) == (True, False)
    last = series_end(working, ends[-1])
    assert last
    assert (last.may_change, last.ended, last.sentence) == (True, True, f"{len(working)} ont fini")
    longer = [replace(tile, extra=13) if tile.end == ends[-1] else tile for tile in working]
    with_more = series_end(longer, max(end for end in ends if end < ends[-1]))
    assert with_more
    assert with_more.ended


@pytest.fixture
def services(room: Day, acts: Acts) -> Services:
    shown: Any = SimpleNamespace(current=lambda: SimpleNamespace(series="Série 1 sur 3"))
    return Services(centre=lambda: room.centre, people=cast(Any, None), room=shown, acts=acts, zone=ZONE)


def test_the_page_plans_the_whole_room_without_a_choice_and_asks_for_a_number(
    services: Services, acts: Acts, examining: Examining
) -> None:
    browser = Browser(services)
    plan = browser.post(act="series")
    told = words(plan)
    assert "2 postes passeront au candidat suivant ; 1 autre reste comme avant." in told
    assert "3 NOM3 P Rien : le candidat 3, attendu à 9 h 00, n’a pas commencé" in told
    assert "écrivez le nombre de postes (2)" in told
    again = browser.post(**form_of(plan), absent="yes", step="plan")
    assert "3 postes passeront au candidat suivant." in words(again)
    assert 'name="absent" value="yes" checked' in again.text
    refused = browser.post(**form_of(again), absent="yes", typed="2", step="begin")
    assert refused.status_code == 422
    assert acts.recent() == ()
    assert browser.post(**form_of(again), typed="3", step="begin").status_code == 422  # not what was agreed
    begun = browser.post(**form_of(again), absent="yes", typed="3", step="begin")
    acts.work()
    shown = browser.get(begun.headers["location"])
    assert "3 faits" in words(shown)
    assert "absents passés" in words(shown)


def test_the_next_sheets_are_printed_in_one_go_and_the_book_says_so(
    room: Day, services: Services, acts: Acts, examining: Examining
) -> None:
    browser, act = Browser(services), changed(acts)
    path = f"/actes/{act.id}/feuilles"
    assert path in browser.get(f"/actes/{act.id}").text
    none = browser.ask("POST", path)
    assert (none.status_code, "Aucune feuille" in none.text) == (409, True)
    folder = folder_of(room.centre.state, "salle") / SHEETS
    folder.mkdir(parents=True)
    for entry in room.centre.state.entries("salle"):
        writer = PdfWriter()
        writer.add_blank_page(100, 100 + int(entry.number))
        writer.write(folder / f"candidat-{stem_of(entry)}.pdf")
    printed = browser.ask("POST", path)
    assert printed.headers["content-type"] == "application/pdf"
    assert sorted(page.mediabox.height - 100 for page in PdfReader(BytesIO(printed.content)).pages) == [3, 4, 5]
    assert acts.recent()[0].text == "feuilles prises pour les imprimer : 3 candidats"
    reader = Browser(services, Person(2, "M. Le Bris", Role.READER))
    assert path not in reader.get(f"/actes/{act.id}").text
    assert reader.ask("POST", path).status_code == 403


def test_sheets_are_written_anew_where_somebody_is_waited_for(room: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    written: list[Centre] = []

    def write(centre: Centre) -> tuple[list[Path], list[Exception]]:
        written.append(centre)
        return [], [Refusal("PrestaShop n'est pas construite.")]

    monkeypatch.setattr("provisioner.papers.sheets.write_sheets_of_list", write)
    remarks: list[str] = []
    doing: Any = SimpleNamespace(remark=remarks.append)
    for waiting in ({}, {"4": None, "5": None}):  # a list may have moved somebody since his sheet was written
        monkeypatch.setattr(series_change, "waiting_at", lambda *_, there=waiting: there)
        series_change._Change(room.centre, doing)._write_sheets(ROOM)
    assert len(written) == 1
    assert remarks == ["PrestaShop n’est pas construite."]


def test_the_button_stands_above_the_places_for_technicians_once_somebody_has_ended(tmp_path: Path) -> None:
    room = StagedRoom()
    working = [tile for tile in some_tiles(40) if tile.state.working]
    over = [tile for tile in some_tiles(40) if tile.state is State.OVER]
    shown = {}
    for name, tiles in (("working", working), ("over", [*working, *over]), ("before", [])):
        room.show(*tiles, series="Série 1")
        shown[name] = asked(staged(room, tmp_path), "/salle").text
    assert 'value="series"' not in shown["working"]
    assert "Changer de série : personne n’a encore fini" in plain(shown["working"])
    assert 'name="act" value="series"' in shown["over"]
    assert f"{len(over)} ont fini, {len(working)} travaillent encore" in plain(shown["over"])
    assert 'id="ending" class="ending" method="post" action="/actes" hidden' in shown["before"]
    room.show(*working, *over, series="Série 1")
    assert 'value="series"' not in asked(staged(room, tmp_path, Role.READER), "/salle").text


def asked(app: Any, path: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://console.test") as client:
            return await client.get(path)

    return anyio.run(ask)
