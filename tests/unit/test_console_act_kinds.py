"""The acts of the screen leave out whom the command line leaves out, call what it calls, and say so in plain words."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from provisioner.console import act_reasons, act_runs
from provisioner.console.act_kind import Queue, Values
from provisioner.console.act_kinds import KINDS
from provisioner.console.act_words import hour, label, on_screen
from provisioner.console.acting import Acts
from provisioner.console.plans import Plan
from provisioner.core.clock import Clock, ClockEntry, read
from provisioner.core.errors import EngineError, EvidenceLost, Refusal
from provisioner.core.model import Station, Verdict
from provisioner.exam import seating, times
from provisioner.exam.list_update import save_roster
from provisioner.exam.reset import Renewed, Reset
from provisioner.exam.times import Timed
from provisioner.network.gateway import BoundMachine
from provisioner.station import snapshots as snapshots_module
from provisioner.station.act_book import Book
from provisioner.station.acts import ACT_NAMES, Act, Outcome
from provisioner.station.centre import Centre, station_named, stations
from provisioner.station.machines import Freed
from provisioner.station.snapshots import Snapshot
from tests.unit.console_acts import PERSON
from tests.unit.exam_room import ROSTER, begin, exam_room, now_is

ALL = ["poste-01", "poste-02"]


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Centre:
    """At eight: one waits for 9 h and then 10 h, two for 9 h."""
    centre = exam_room(tmp_path, monkeypatch)
    save_roster(centre, ROSTER, "liste.csv")
    seating.assign_stations(centre)
    return centre


@pytest.fixture
def acts(centre: Centre) -> Acts:
    return Acts(Book.of(centre.state), lambda: centre, threads=False)


def texts(plan: Plan) -> dict[str, str]:
    return {line.station: plain(line.why_not) for line in plan.lines}


def plain(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ")


def done(acts: Acts, kind: str, names: Sequence[str] = ALL, values: Values | None = None) -> Act:
    """The act, once it has ended."""
    act = acts.begin(PERSON, kind, names, values or {}, f"{kind}{values}")
    acts.work()
    return acts.act(act.id)


def said(act: Act) -> dict[str, tuple[str, str]]:
    return {line.station: (str(line.outcome), plain(line.text)) for line in act.lines}


def test_every_kind_has_its_button_and_its_words() -> None:
    for kind in KINDS.values():
        assert kind.french == ACT_NAMES[kind.id]
        assert kind.one.split()[0] in ("sera", "aura", "passera", "pourra")
        assert kind.several.split()[0] in ("seront", "auront", "passeront", "pourront")
    assert [kind.id for kind in KINDS.values() if kind.costs] == [
        "stop",
        "reset",
        "next",
        "series",
        "replace",
        "rewind",
    ]
    assert [kind.id for kind in KINDS.values() if kind.of_room] == ["series"]
    assert [kind.id for kind in KINDS.values() if kind.each_named] == ["replace", "rewind", "free"]


def test_a_start_leaves_out_who_works_and_who_is_not_due(centre: Centre, acts: Acts) -> None:
    assert texts(acts.plan("start", ALL, {}))["poste-01"] == "le candidat est attendu le 21/05 à 09:00"
    now_is("2026-05-21T09:05")
    begin(centre, station_named(centre, "poste-02"), "2026-05-21T09:01")
    assert texts(acts.plan("start", ALL, {})) == {
        "poste-01": "",
        "poste-02": "travaille déjà, jusqu’à 9 h 41",
    }
    now_is("2026-05-21T09:50")
    told = texts(acts.plan("start", ALL, {}))
    assert told["poste-02"] == "son candidat a fini à 9 h 41"
    assert told["poste-01"].endswith("si le premier n’est pas venu, « Passer au suivant »")


def test_who_is_not_due_may_be_started_with_a_reason(acts: Acts) -> None:
    with pytest.raises(Refusal, match="pourquoi"):
        acts.begin(PERSON, "start", ALL, {"anyway": "oui"}, "k")
    assert set(texts(acts.plan("start", ALL, {"anyway": "oui", "why": "en avance"})).values()) == {""}


def test_where_the_list_cannot_be_read_candidates_who_are_there_can_be_started(
    acts: Acts, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(_: Centre) -> dict[str, str]:
        raise EvidenceLost("La liste n'est plus lisible.")

    monkeypatch.setattr(act_reasons, "not_due", lost)
    assert set(texts(acts.plan("start", ALL, {})).values()) == {""}


@pytest.mark.parametrize("minutes", ["", "0", "-5", "treize", "121", "5.5"])
def test_time_is_given_by_the_minute_up_to_two_hours(acts: Acts, minutes: str) -> None:
    with pytest.raises(Refusal, match="minutes"):
        acts.begin(PERSON, "extra", ALL, {"minutes": minutes, "why": "tiers temps"}, "k")


def test_time_is_given_with_a_reason_to_those_who_work(centre: Centre, acts: Acts) -> None:
    begin(centre, station_named(centre, "poste-02"), "2026-05-21T07:50")
    with pytest.raises(Refusal, match="pourquoi"):
        acts.begin(PERSON, "extra", ALL, {"minutes": "13"}, "k")
    values = {"minutes": "13", "why": "tiers  temps\n"}
    assert texts(acts.plan("extra", ALL, values)) == {"poste-01": "personne n’y a commencé", "poste-02": ""}
    assert texts(acts.plan("stop", ALL, {})) == {"poste-01": "personne n’y a commencé", "poste-02": ""}


def test_time_that_is_given_out_of_hours_begins_for_nobody(
    centre: Centre, acts: Acts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even where it isn't known any more whether somebody has begun."""
    now_is("2026-05-21T09:00")
    monkeypatch.setattr(times, "ensure_running", lambda _: None)
    begin(centre, station_named(centre, "poste-02"), "2026-05-21T08:00")
    values = {"minutes": "13", "why": "coupure", "anyway": "yes"}
    assert texts(acts.plan("extra", ALL, values)) == {"poste-01": "personne n’y a commencé", "poste-02": ""}
    centre.state.forget(station_named(centre, "poste-01").container)
    assert texts(acts.plan("extra", ALL, values))["poste-01"] == "on ne sait plus si quelqu’un y a commencé"
    told: list[tuple[str, Outcome, str]] = []
    doing: Any = SimpleNamespace(begins=lambda name: None, ends=lambda *line: told.append(line))
    act_runs.give_time(centre, ["poste-01"], values, doing)
    assert told == [("poste-01", Outcome.NOT_DONE, "personne n’y a commencé")]


def test_time_that_ran_out_while_its_act_waited_is_given_all_the_same(
    centre: Centre, acts: Acts, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(centre, station_named(centre, "poste-01"), "2026-05-21T07:50")
    given: list[str] = []

    def run(of: Centre, names: Sequence[str], *_: Any) -> None:
        given.extend(names)

    acts.kinds = {**KINDS, "extra": replace(KINDS["extra"], run=run)}
    acts.begin(PERSON, "extra", ALL, {"minutes": "13", "why": "tiers temps"}, "k")
    now_is("2026-05-21T08:31")
    assert texts(acts.plan("extra", ["poste-01"], {}))["poste-01"] == "le temps de son candidat est fini"
    acts.work()
    assert given == ["poste-01"]


def test_no_time_waits_for_a_move_and_no_series_for_an_examination() -> None:
    queues = {kind.id: kind.queue for kind in KINDS.values()}
    assert {queues[name] for name in ("start", "extra", "stop")} == {Queue.TIME}
    assert {queues[name] for name in ("reset", "next", "series")} == {Queue.SERIES}
    assert {queues[name] for name in ("replace", "rewind", "examine", "archive")} == {Queue.MOVES, Queue.WORK}


def test_nothing_is_examined_or_archived_where_nobody_has_begun(centre: Centre, acts: Acts) -> None:
    begin(centre, station_named(centre, "poste-02"), "2026-05-21T07:50")
    nothing = "le candidat n’a pas commencé, il n’y a pas de travail"
    for kind in ("examine", "archive"):
        assert texts(acts.plan(kind, ALL, {})) == {"poste-01": nothing, "poste-02": ""}
    remark = acts.plan("examine", ALL, {}).lines[1].remark
    assert plain(remark) == "travaille jusqu’à 8 h 30 : à examiner de nouveau après"


def test_a_reset_leaves_out_who_works_and_says_who_comes_next_and_what_is_not_examined(
    centre: Centre, acts: Acts
) -> None:
    begin(centre, station_named(centre, "poste-01"), "2026-05-21T07:10")
    begin(centre, station_named(centre, "poste-02"), "2026-05-21T07:50")
    plan = acts.plan("reset", ALL, {})
    assert texts(plan) == {"poste-01": "", "poste-02": "travaille jusqu’à 8 h 30"}
    assert plan.lines[0].remark == "le travail n’a pas été examiné ; ensuite : 3 NOM3 P".replace(
        " ;", "\u202f;"
    ).replace(" :", "\xa0:")


def test_nobody_is_passed_over_before_his_hour(centre: Centre, acts: Acts) -> None:
    early = texts(acts.plan("next", ALL, {}))["poste-01"]
    assert early.startswith("poste-01 attend le candidat 1 à 09:00")
    assert "« Passer au suivant »" in early
    assert "« Préparation »" in early  # where a corrected list is given
    now_is("2026-05-21T09:30")
    plan = acts.plan("next", ["poste-01"], {})
    assert texts(plan) == {"poste-01": ""}
    assert plain(plan.lines[0].remark) == "ensuite : 3 NOM3 P"


def test_only_a_station_with_a_snapshot_goes_back(centre: Centre, acts: Acts, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = Snapshot("sha256:s", datetime(2026, 5, 21, 7, 40).astimezone(), 1)
    monkeypatch.setattr(snapshots_module, "snapshots", lambda _, station: [taken] if station.name == "poste-02" else [])
    assert texts(acts.plan("rewind", ALL, {})) == {"poste-01": "aucun cliché n’en est gardé", "poste-02": ""}


def test_each_act_calls_what_its_command_calls(centre: Centre, acts: Acts, monkeypatch: pytest.MonkeyPatch) -> None:
    now_is("2026-05-21T09:00")
    called: list[tuple[str, Any]] = []
    at = datetime.fromisoformat("2026-05-21T09:00:00+02:00")
    running = read([ClockEntry(at=at, what="start", minutes=40)])
    assert running is not None

    def timing(verb: str) -> Any:
        def call(of: Centre, names: Sequence[str], **options: Any) -> Timed:
            around = options.pop("around")
            called.append((verb, (list(names), options)))
            change = around(lambda name: (station_named(of, name), running))
            return Timed(tuple(change(name) for name in names), ())

        return call

    monkeypatch.setattr(act_runs, "start_stations", timing("start"))
    monkeypatch.setattr(act_runs, "stop_stations", timing("stop"))
    assert said(done(acts, "start", ["poste-01"], {"why": "x", "minutes": "9"})) == {
        "poste-01": ("done", "ouvert de 9 h 00 à 9 h 40")
    }
    begin(centre, station_named(centre, "poste-01"), "2026-05-21T09:00")
    assert said(done(acts, "stop", ["poste-01"])) == {"poste-01": ("done", "arrêté à 9 h 40")}
    assert called == [
        ("start", (["poste-01"], {"everything": False, "why": "x"})),
        ("stop", (["poste-01"], {"everything": False, "why": ""})),
    ]
    document = {
        "questions": [{"checks": [{"findings": [{"verdict": "met"}, {"verdict": "met"}, {"verdict": "to_judge"}]}]}]
    }
    monkeypatch.setattr("provisioner.examination.examine.examine", lambda centre, name, candidate, *_: document)
    assert said(done(acts, "examine", ["poste-01"])) == {
        "poste-01": ("done", f"examiné · {Verdict.MET.french} : 2 · {Verdict.TO_JUDGE.french} : 1")
    }


def test_the_room_is_looked_at_once_for_all_who_are_started(
    centre: Centre, acts: Acts, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_is("2026-05-21T09:00")
    looks: list[str] = []
    at = datetime.fromisoformat("2026-05-21T09:00:00+02:00")
    running = read([ClockEntry(at=at, what="start", minutes=40)])

    def looked(of: Centre) -> dict[str, str]:
        looks.append("due")
        return seating.not_due(of)

    def cannot_watch(_: Centre) -> None:
        looks.append("watched")
        raise EngineError("Rien ne veille.")

    monkeypatch.setattr(times, "not_due", looked)
    monkeypatch.setattr(times, "ensure_running", cannot_watch)
    monkeypatch.setattr(times, "start", lambda of, name, *_: (station_named(of, name), running))
    act = done(acts, "start")
    assert set(said(act).values()) == {("done", "ouvert de 9 h 00 à 9 h 40")}
    assert act.text == "Rien ne veille."
    assert looks == ["due", "watched"]


def test_time_that_is_taken_for_a_repetition_is_not_said_to_be_given(
    centre: Centre, acts: Acts, monkeypatch: pytest.MonkeyPatch
) -> None:
    station = station_named(centre, "poste-01")
    begin(centre, station, "2026-05-21T07:50")
    given = iter([13, 0])

    def start(of: Centre, name: str, extra: int, why: str) -> tuple[Station, Clock]:
        entries = list(of.state.record(station.container).clock)
        if next(given):
            entries.append(ClockEntry(at=of.state.present(), what="extra", minutes=extra))
            of.state.note(station.container, clock=tuple(entries))
        running = read(entries)
        assert running is not None
        return station_named(of, name), running

    monkeypatch.setattr(times, "start", start)
    monkeypatch.setattr(times, "ensure_running", lambda _: None)
    values = {"minutes": "13", "why": "coupure"}
    assert said(done(acts, "extra", ["poste-01"], values)) == {"poste-01": ("done", "13 min de plus, jusqu’à 8 h 43")}
    again = acts.begin(PERSON, "extra", ["poste-01"], values, "again")
    acts.work()
    outcome, text = said(acts.act(again.id))["poste-01"]
    assert outcome == "not_done"
    assert "une autre raison" in text


def test_a_reset_says_of_each_station_for_whom_it_is_new_or_what_went_wrong(
    centre: Centre, acts: Acts, monkeypatch: pytest.MonkeyPatch
) -> None:
    candidate = centre.state.record(station_named(centre, "poste-01").container).candidate

    def reset(of: Centre, names: Sequence[str], *, skip: bool, on_renewed: Any) -> Reset:
        assert not skip
        assert list(names) == ALL
        renewed = (Renewed(station_named(of, "poste-01"), 2.0, True, False, candidate),)
        on_renewed(renewed)
        of.progress.step("poste-01 : archive de l'ancien poste")
        errors = (EngineError("poste-02 ne peut pas être refait."), EngineError("La réserve n'a pas été faite."))
        return Reset(renewed, (), (), errors)

    monkeypatch.setattr(act_runs, "reset_stations", reset)
    act = done(acts, "reset")
    assert said(act) == {
        "poste-01": ("done", "neuf, pour 1 NOM1 P"),
        "poste-02": ("failed", "poste-02 ne peut pas être refait."),
    }
    assert act.text == "La réserve n’a pas été faite."
    assert [plain(step) for step in acts.steps(act.id)] == ["poste-01 : archive de l’ancien poste"]


def test_an_archive_puts_away_what_was_set_aside_and_says_so(
    centre: Centre, acts: Acts, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(centre, station_named(centre, "poste-01"), "2026-05-21T07:00")

    def archive(station: str) -> Any:
        manifest = SimpleNamespace(station=station, why_not_last="")
        return SimpleNamespace(manifest=manifest, path=Path(f"{station}.zip"))

    monkeypatch.setattr(act_runs, "archive", lambda _, name: archive(name))
    monkeypatch.setattr(
        act_runs, "put_each_away", lambda _: ([archive("poste-02")], [EngineError("poste-03 : plein.")])
    )
    act = done(acts, "archive", ["poste-01"])
    assert said(act) == {"poste-01": ("done", "archivé et relu : poste-01.zip")}
    assert plain(act.text) == "L’ancien poste-02 est archivé et relu : poste-02.zip.\nposte-03 : plein."


def test_a_station_is_replaced_and_taken_back_with_the_reason_that_was_given(
    centre: Centre, acts: Acts, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = Snapshot("sha256:s", datetime.fromisoformat("2026-05-21T07:40:00+02:00"), 1)
    called: list[tuple[str, ...]] = []

    def rewind(of: Centre, name: str, to: str, why: str) -> tuple[Station, Snapshot]:
        called.append((name, to, why))
        return station_named(of, name), taken

    monkeypatch.setattr(snapshots_module, "snapshots", lambda *_: [taken])
    monkeypatch.setattr(snapshots_module, "rewind", rewind)
    monkeypatch.setattr(snapshots_module, "replace", lambda _, name, why: called.append((name, why)))
    back = done(acts, "rewind", ["poste-01"], {"to": "7:40", "why": "page perdue"})
    assert said(back) == {"poste-01": ("done", "ramené à 7 h 40")}
    moved = done(acts, "replace", ["poste-02"], {"why": "en panne"})
    assert said(moved) == {"poste-02": ("done", "remplacé, avec son travail")}
    assert called == [("poste-01", "7:40", "page perdue"), ("poste-02", "en panne")]
    assert dict(moved.values) == {"why": "en panne"}


def test_a_spreadsheet_of_hours_and_names_reads_as_people_write(centre: Centre) -> None:
    assert plain(hour(datetime.fromisoformat("2026-05-21T07:05:00+00:00"), centre)) == "9 h 05"
    assert label(None) == ""
    assert [station.name for station in stations(centre)] == ALL


@pytest.mark.parametrize(
    ("command", "button"),
    [
        ("« e5b start poste-01 --extra 5 »", "« Donner du temps »"),
        ("« e5b start poste-01 --why RAISON »", "« Démarrer »"),
        ("« e5b reset poste-01 --next »", "« Passer au suivant »"),
        ("« --next »", "« Passer au suivant »"),
        ("« e5b reset poste-01 »", "« Remettre à neuf »"),
        ("« e5b check --archive »", "« Examiner les archives cochées »"),
        ("« e5b check poste-01 --candidate NOM »", "« e5b check poste-01 --candidate NOM »"),
        ("« e5b reset poste-01 --discard RAISON »", "« e5b reset poste-01 --discard RAISON »"),
        ("« e5b archive make --all »", "« Archiver »"),
        ("« e5b rewind poste-01 --to 10:42:11 »", "« Ramener » à 10:42:11"),
        ("« e5b day »", "« Salle »"),
        ("« e5b up --roster FICHIER »", "« Préparation »"),
        ("« e5b up »", "« e5b up »"),
        ("« une page »", "« une page »"),
    ],
)
def test_a_command_is_called_by_its_button(command: str, button: str) -> None:
    assert plain(on_screen(f"Lancez {command}.")) == f"Lancez {button}."


def test_what_a_candidate_wrote_commands_nothing_on_a_page() -> None:
    assert on_screen("poste-01 : \u202eabc\x1b[31m") == "poste-01\xa0: [U+202E]abc[U+001B][31m"


def test_a_machine_is_freed_and_the_line_says_whose_it_was(
    centre: Centre, acts: Acts, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {"poste-01": BoundMachine("192.0.2.31", datetime(2026, 5, 21, 7, tzinfo=UTC)), "poste-02": None}

    def freed(centre: Centre, name: str, why: str) -> Freed:
        assert why == "écran noir"
        return Freed(station_named(centre, name), before[name])

    monkeypatch.setattr(act_runs, "free_machine", freed)
    told = said(done(acts, "free", ["poste-01", "poste-02"], {"why": "écran noir"}))
    assert told == {
        "poste-01": (
            "done",
            "n’est plus celui de la machine 192.0.2.31 : la prochaine qui s’y connecte sera celle du candidat",
        ),
        "poste-02": ("done", "n’est celui d’aucune machine : la prochaine qui s’y connecte sera celle du candidat"),
    }
