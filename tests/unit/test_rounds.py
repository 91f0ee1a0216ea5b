"""Who sits where and who comes next."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from provisioner.cli import day, resources
from provisioner.core.clock import Clock
from provisioner.core.errors import Busy, ProvisionerError, Refusal, StationNotReady, UnknownName
from provisioner.core.model import Golden, Station, WantedStation
from provisioner.core.records import RosterEntry
from provisioner.exam import seating, times
from provisioner.exam.list_update import save_roster
from provisioner.exam.roster import Roster
from provisioner.station import access, lifecycle
from provisioner.station.centre import Centre, station_named, stations
from provisioner.station.lifecycle import reset
from tests.unit.exam_room import ROSTER, ZONE, begin, corrected, entry, exam_room, now_is, sits
from tests.unit.fake_engine import FakeEngine


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Centre:
    return exam_room(tmp_path, monkeypatch)


def test_each_station_gets_its_first_candidate_with_the_password_of_his_sheet(centre: Centre) -> None:
    kept = save_roster(centre, ROSTER, "liste.csv")
    first, second = seating.assign_stations(centre)
    assert (first.subject, first.stack) == ("wordpress-a", "wordpress-2024")
    assert (second.subject, second.stack) == ("prestashop-a", "prestashop-2024")
    mine = centre.state.credentials(first.container)
    assert mine is not None
    assert (mine.user, mine.password) == (kept[0].user, kept[0].password)
    told = centre.state.record(first.container).document()["candidate"]
    assert (told["number"], told["name"]) == ("1", "NOM1")
    assert [one.container for one in seating.assign_stations(centre)] == [
        first.container,
        second.container,
    ]  # as they were


def made_anew(centre: Centre, name: str, *, skip: bool = False) -> Station:
    """As `e5b reset` does it."""
    old = station_named(centre, name)
    coming = seating.next_candidate(centre, old, skip=skip)
    golden = coming.golden if coming else seating.golden_for(centre, old.stack)
    return reset(centre, name, golden, wanted=coming)[0]


def doors(centre: Centre) -> list[str]:
    """What the gateway was told of its doors."""
    assert isinstance(centre.engine, FakeEngine)
    return centre.engine.files["/etc/e5b/doors/room.conf"].decode().splitlines()


def test_the_next_candidate_may_have_another_subject(centre: Centre) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    first = seating.assign_stations(centre)[0]
    begin(centre, first, "2026-05-21T08:00")
    wanted = seating.next_candidate(centre, first)
    assert wanted is not None
    assert wanted.golden.stack == "prestashop-2024"
    renewed, _ = reset(centre, "poste-01", wanted.golden, wanted=wanted)
    assert (renewed.subject, renewed.stack) == ("prestashop-a", "prestashop-2024")
    begin(centre, renewed, "2026-05-21T10:00")
    assert seating.next_candidate(centre, renewed) is None


ONE_PLACE = Roster(
    tuple(entry(number, "wordpress-a", 1, hour) for number, hour in (("1", 9), ("2", 10), ("3", 11))), ()
)


def test_who_begins_while_a_corrected_list_is_seated_keeps_his_station(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    first = seating.assign_stations(centre)[0]
    other = Roster((entry("9", "wordpress-a", 1, 9), *ROSTER.entries[1:]), ())
    save_roster(centre, other, "liste.csv")
    corrected = seating._corrected

    def meanwhile(
        centre: Centre, station: Station, entries: Sequence[RosterEntry], goldens: dict[str, Golden]
    ) -> WantedStation | None:
        found = corrected(centre, station, entries, goldens)
        if station.place == 1:
            begin(centre, station, "2026-05-21T08:00")
        return found

    monkeypatch.setattr(seating, "_corrected", meanwhile)
    with pytest.raises(Busy, match="poste-01 vient de changer"):
        seating.assign_stations(centre)
    assert station_named(centre, "poste-01") == first


def test_a_station_that_can_not_follow_a_corrected_list_keeps_no_other_from_it(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    first = seating.assign_stations(centre)[0]
    save_roster(centre, corrected(entry("8", "wordpress-a", 1, 9), entry("9", "prestashop-a", 2, 9)), "liste.csv")

    def fails(centre: Centre, name: str, golden: Golden, **named: Any) -> tuple[Station, float]:
        if name == "poste-01":
            raise StationNotReady("poste-01 ne répond pas")
        return reset(centre, name, golden, **named)

    with monkeypatch.context() as broken:
        broken.setattr(seating, "reset", fails)
        ailing: list[ProvisionerError] = []
        same, followed = seating.assign_stations(centre, ailing)
        assert [str(one) for one in ailing] == ["poste-01 ne répond pas"]
        assert (same.container, sits(centre, followed)) == (first.container, "9")
        with pytest.raises(StationNotReady):
            seating.assign_stations(centre)
    assert [sits(centre, one) for one in seating.assign_stations(centre)] == ["8", "9"]


def test_a_station_that_another_command_is_at_keeps_no_other_from_a_corrected_list(centre: Centre) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    first = seating.assign_stations(centre)[0]
    longer = (entry("8", "wordpress-a", 1, 9), entry("9", "prestashop-a", 2, 9), entry("4", "wordpress-a", 3, 9))
    save_roster(centre, corrected(*longer), "liste.csv")
    ailing: list[ProvisionerError] = []
    with centre.state.holding("salle", "poste-01", "check"):
        same, followed, new = seating.assign_stations(centre, ailing)
    assert [str(one).split(" depuis")[0] for one in ailing] == ["poste-01 est occupé par « e5b check »"]
    assert (same.container, sits(centre, followed), sits(centre, new)) == (first.container, "9", "4")
    assert sits(centre, seating.assign_stations(centre)[0]) == "8"


def test_a_reset_that_is_said_again_passes_over_nobody(centre: Centre) -> None:
    save_roster(centre, ONE_PLACE, "liste.csv")
    begin(centre, seating.assign_stations(centre)[0], "2026-05-21T09:00")
    now_is("2026-05-21T10:10")  # the day is late
    once = made_anew(centre, "poste-01")
    assert sits(centre, once) == "2"
    again = made_anew(centre, "poste-01")
    assert sits(centre, again) == "2"
    assert again.container != once.container
    begin(centre, again, "2026-05-21T10:12")
    assert sits(centre, made_anew(centre, "poste-01")) == "3"


def test_a_candidate_who_does_not_come_is_passed_over_when_it_is_asked_for_or_his_time_is_past(centre: Centre) -> None:
    save_roster(centre, ONE_PLACE, "liste.csv")
    seating.assign_stations(centre)
    now_is("2026-05-21T09:55")
    assert sits(centre, made_anew(centre, "poste-01")) == "1"
    assert sits(centre, made_anew(centre, "poste-01", skip=True)) == "2"
    now_is("2026-05-21T12:00")
    assert sits(centre, made_anew(centre, "poste-01")) == "3"
    now_is("2026-05-21T13:00")
    assert sits(centre, made_anew(centre, "poste-01")) == ""


def test_after_the_last_candidate_the_next_days_list_is_seated_and_the_door_waits_until_then(centre: Centre) -> None:
    save_roster(centre, ONE_PLACE, "jour1.csv")
    begin(centre, seating.assign_stations(centre)[0], "2026-05-21T09:00")
    for hour in (10, 11):
        now_is(f"2026-05-21T{hour}:00")
        begin(centre, made_anew(centre, "poste-01"), f"2026-05-21T{hour}:00")
    now_is("2026-05-21T12:00")
    empty = made_anew(centre, "poste-01")
    assert sits(centre, empty) == ""
    assert doors(centre) == ['"~^1:" before;']
    now_is("2026-05-22T08:00")
    tomorrow = replace(entry("9", "wordpress-a", 1, 9), at=datetime(2026, 5, 22, 9, tzinfo=ZONE))
    kept = save_roster(centre, corrected(tomorrow), "jour2.csv")
    (seated,) = seating.assign_stations(centre)
    assert sits(centre, seated) == "9"
    assert centre.state.credentials(seated.container) == seating.credentials_of(kept[-1])
    assert doors(centre) == ['"~^1:" before;']


def test_a_station_for_practice_stays_one_when_it_is_made_anew(centre: Centre) -> None:
    golden = seating.golden_for(centre, "wordpress-2024")
    lifecycle.up(centre, 1, ["wordpress-a"], golden)
    save_roster(centre, ONE_PLACE, "liste.csv")
    made_anew(centre, "poste-01")
    told: list[str] = []
    (practice,) = seating.assign_stations(replace(centre, progress=SimpleNamespace(step=told.append)))
    assert sits(centre, practice) == ""
    assert doors(centre) == []
    assert [line for line in told if "poste-01 sert à l'entraînement" in line]


def test_what_is_said_of_several_stations_is_said_once(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    telling = replace(centre, progress=SimpleNamespace(step=told.append))
    save_roster(centre, corrected(*(entry(str(place), "wordpress-a", place, 11) for place in (1, 2, 3))), "liste.csv")
    seating.assign_stations(telling)
    told.clear()
    monkeypatch.setattr(times, "ensure_running", lambda _: None)
    assert times.start_stations(telling, ["poste-01", "poste-02", "poste-03"], everything=True).done == ()
    assert told == [
        "poste-01, poste-02, poste-03 : le candidat est attendu le 21/05 à 11:00 ; pour l'ouvrir quand même : "
        "« e5b start POSTE --why RAISON »"
    ]
    told.clear()
    monkeypatch.setattr(resources, "progress", telling.progress)
    assert resources.stations_with_work(centre, None, True) == []
    assert told == ["poste-01, poste-02, poste-03 : le candidat n'a pas commencé, il n'y a pas de travail"]
    for station in stations(centre)[:2]:
        centre.state.note(station.container, candidate=None, practice=True)
    told.clear()
    seating.assign_stations(telling)
    assert [line for line in told if "l'entraînement" in line] == [
        "poste-01, poste-02 servent à l'entraînement : la liste n'y place personne. Lancez « e5b down », puis donnez-la "
        "de nouveau"
    ]


@pytest.mark.parametrize("left", [None, ""])
def test_the_next_candidate_is_seated_where_a_record_was_lost_and_nobody_at_work_loses_his_station(
    centre: Centre, left: str | None
) -> None:
    save_roster(centre, ONE_PLACE, "liste.csv")
    first = seating.assign_stations(centre)[0]
    record = centre.state.folder / "stations" / f"{first.container[:24]}.json"
    record.unlink() if left is None else record.write_text(left)
    now_is("2026-05-21T09:20")
    assert [one.container for one in seating.assign_stations(centre)] == [first.container]
    now_is("2026-05-21T09:50")
    assert sits(centre, made_anew(centre, "poste-01")) == "2"
    assert doors(centre) == ['"~^1:" before;']


@pytest.mark.parametrize("left", [None, ""])
def test_the_door_of_a_candidate_whose_record_is_lost_stays_as_it_was(
    centre: Centre, left: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    first = seating.assign_stations(centre)[0]
    begin(centre, first, "2026-05-21T09:00")
    monkeypatch.delenv("E5B_NOW")  # in a rehearsal a door has no rule while the time runs
    access.settle_access_windows(centre)
    before = doors(centre)
    assert before[0].endswith("over;")
    for place in (1, 2):
        container = station_named(centre, f"poste-0{place}").container
        record = centre.state.folder / "stations" / f"{container[:24]}.json"
        record.unlink() if left is None else record.write_text(left)
    access.settle_access_windows(centre, sure=True)
    assert doors(centre) == before
    centre.engine.files.clear()  # type: ignore[attr-defined]  # the gateway was made again
    access.settle_access_windows(centre)
    assert doors(centre) == ['"~^1:" before;', '"~^2:" before;']


def test_the_day_says_how_far_each_candidate_is(centre: Centre) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    first, second = seating.assign_stations(centre)
    for station, start in ((first, "07:50"), (second, "07:00")):
        entries = [{"at": f"2026-05-21T{start}:00+02:00", "what": "start", "minutes": 40}]
        centre.state.note(station.container, clock=entries)
    assert [one.state for one in seating.day_rows(centre)] == [
        "en cours, jusqu'à 08:30",
        "terminé, à archiver",
        "à venir",
    ]
    centre.state.mark("salle", ROSTER.entries[2].key, archived="x.zip")
    assert seating.day_rows(centre)[2].state == "archivé"
    assert "password" not in seating.day_rows(centre)[0].document()


def test_a_started_candidates_station_is_set_aside_and_the_room_can_not_be_taken_down(centre: Centre) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    first = seating.assign_stations(centre)[0]
    begin(centre, first, "2026-05-21T07:50")
    wanted = seating.next_candidate(centre, first)
    assert wanted is not None
    renewed, _ = reset(centre, "poste-01", wanted.golden, wanted=wanted)
    assert [one.container for one in stations(centre) if one.place == 1] == [renewed.container]
    assert centre.engine.container(first.container)
    with pytest.raises(Refusal, match="poste-01"):
        lifecycle.down(centre)
    lifecycle.down(centre, discard="essai")


def test_an_edition_that_is_not_built_keeps_no_other_from_its_stations(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = seating.golden_for

    def golden(of: Centre, stack: str) -> Golden:
        if stack == "prestashop-2024":
            raise UnknownName("L'image de prestashop-2024 n'est pas construite.")
        return there(of, stack)

    monkeypatch.setattr(seating, "golden_for", golden)
    save_roster(centre, ROSTER, "liste.csv")
    assert [(one.place, one.subject) for one in seating.assign_stations(centre)] == [(1, "wordpress-a")]
    monkeypatch.setattr(seating, "golden_for", there)  # built since
    assert [(one.place, one.subject) for one in seating.assign_stations(centre)] == [
        (1, "wordpress-a"),
        (2, "prestashop-a"),
    ]


def test_without_a_list_there_is_no_day(centre: Centre) -> None:
    with pytest.raises(Refusal, match="--roster"):
        seating.day_rows(centre)


def test_a_station_for_practice_stays_one_whatever_list_was_once_given(centre: Centre) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    golden = seating.golden_for(centre, "wordpress-2024")
    (practice,) = lifecycle.up(centre, 1, ["wordpress-a"], golden)
    assert seating.next_candidate(centre, practice) is None


def test_who_has_begun_at_one_station_has_no_other_whatever_the_list_says_since(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise StationNotReady("le poste ne peut pas être refait")

    at_two, at_one = (corrected(entry("1", "wordpress-a", place, 9)) for place in (2, 1))
    save_roster(centre, at_two, "liste.csv")
    seating.assign_stations(centre)
    save_roster(centre, at_one, "liste.csv")
    with monkeypatch.context() as broken:
        broken.setattr(seating, "reset", fails)
        first, second = seating.assign_stations(centre, [])
    begin(centre, first, "2026-05-21T08:00")
    save_roster(centre, at_two, "liste.csv")
    assert list(seating.not_due(centre)) == ["poste-02"]
    same, renewed = seating.assign_stations(centre)
    assert (same.container, sits(centre, renewed)) == (first.container, "")
    assert centre.state.credentials(renewed.container) != centre.state.credentials(second.container)


def test_a_station_follows_the_corrected_list_until_its_candidate_begins(centre: Centre) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    first, second = seating.assign_stations(centre)
    began = [{"at": "2026-05-21T07:50:00+02:00", "what": "start", "minutes": 40}]
    centre.state.note(second.container, clock=began)
    other = entry("11", "prestashop-a", 1, 9)  # the number and the subject were wrong
    kept = save_roster(centre, corrected(other, entry("12", "wordpress-a", 2, 9), ROSTER.entries[2]), "liste.csv")
    renewed, same = seating.assign_stations(centre)
    assert same.container == second.container
    assert renewed.container != first.container
    assert (renewed.subject, centre.state.record(renewed.container).document()["candidate"]["number"]) == (
        "prestashop-a",
        "11",
    )
    (mine,) = [one for one in kept if one.number == "11"]
    assert centre.state.credentials(renewed.container) == seating.credentials_of(mine)
    assert [one.container for one in seating.assign_stations(centre)] == [renewed.container, second.container]


@pytest.mark.parametrize("place", [1, None], ids=["moved", "struck off"])
def test_the_station_that_a_candidate_is_moved_from_is_nobodys(centre: Centre, place: int | None) -> None:
    save_roster(centre, corrected(entry("1", "wordpress-a", 2, 9)), "liste.csv")
    (old,) = seating.assign_stations(centre)
    his = centre.state.credentials(old.container)
    left = [entry("1", "wordpress-a", place, 9)] if place else [entry("2", "wordpress-a", 1, 9)]
    save_roster(centre, corrected(*left), "liste.csv")
    assert list(seating.not_due(centre)) == ["poste-02"]  # killed before the room follows
    there, renewed = seating.assign_stations(centre)
    assert (sits(centre, there), sits(centre, renewed)) == ("1" if place else "2", "")
    assert (renewed.place, renewed.subject, renewed.container != old.container) == (2, "wordpress-a", True)
    assert centre.state.credentials(renewed.container) != his
    assert doors(centre) == ['"~^1:" before;', '"~^2:" before;']
    assert seating.not_due(centre)["poste-02"] == "ce poste n'attend personne"
    assert [one.container for one in seating.assign_stations(centre)] == [there.container, renewed.container]


def test_a_station_that_was_lost_is_made_again_for_who_comes_not_for_who_has_begun(centre: Centre) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    first = seating.assign_stations(centre)[0]
    began = [{"at": "2026-05-21T07:50:00+02:00", "what": "start", "minutes": 40}]
    centre.state.note(first.container, clock=began, aside={"at": "2026-05-21T08:40:00+02:00", "why": "reset"})
    renewed = seating.assign_stations(centre)[0]
    assert centre.state.record(renewed.container).document()["candidate"]["number"] == "3"


def test_nobody_is_passed_over_before_his_hour(centre: Centre) -> None:
    save_roster(centre, ONE_PLACE, "liste.csv")
    seating.assign_stations(centre)
    now_is("2026-05-21T09:20")
    second = made_anew(centre, "poste-01", skip=True)
    assert centre.state.record(second.container).document()["candidate"]["number"] == "2"
    with pytest.raises(Refusal, match="attend le candidat 2 à 10:00"):
        made_anew(centre, "poste-01", skip=True)  # said twice, or killed and said again
    assert centre.state.record(second.container).document()["candidate"]["number"] == "2"


def test_with_all_only_those_begin_whose_hour_has_come(centre: Centre) -> None:
    assert seating.not_due(centre) == {}  # without a list every station is somebody's
    save_roster(centre, corrected(entry("1", "wordpress-a", 1, 9), entry("2", "wordpress-a", 2, 11)), "liste.csv")
    first, _ = seating.assign_stations(centre)
    now_is("2026-05-21T08:55")
    assert seating.not_due(centre) == {"poste-02": "le candidat est attendu le 21/05 à 11:00"}
    begin(centre, first, "2026-05-21T09:00")
    now_is("2026-05-21T10:45")
    made_anew(centre, "poste-01")
    assert seating.not_due(centre) == {"poste-01": "ce poste n'attend personne"}
    now_is("2026-05-21T13:01")  # he didn't come
    assert seating.not_due(centre)["poste-02"] == "le candidat était attendu le 21/05 à 11:00"


def test_with_all_nobody_begins_for_whom_another_is_due_already_nor_of_the_next_series(centre: Centre) -> None:
    series = [entry("1", "wordpress-a", 1, 9), entry("2", "wordpress-a", 1, 10), entry("3", "wordpress-a", 2, 9)]
    next_series = replace(series[2], at=datetime(2026, 5, 21, 9, 30, tzinfo=ZONE))
    save_roster(centre, corrected(*series[:2], next_series), "liste.csv")
    seating.assign_stations(centre)
    now_is("2026-05-21T09:00")
    assert seating.not_due(centre) == {"poste-02": "le candidat est attendu le 21/05 à 09:30"}
    now_is("2026-05-21T09:45")  # the first didn't come
    assert seating.not_due(centre) == {
        "poste-01": "le candidat était attendu à 09:00, et le candidat 2 l'est à 10:00 ; si le premier n'est pas venu, "
        "« e5b reset poste-01 --next »"
    }
    made_anew(centre, "poste-01", skip=True)
    assert seating.not_due(centre) == {}


@pytest.fixture
def began(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The stations that `e5b start` has opened."""
    opened: list[str] = []

    def give(centre: Centre, name: str, extra: int, why: str) -> tuple[Station, Clock]:
        opened.append(name)
        return station_named(centre, name), Clock(centre.state.present(), centre.state.present(), extra)

    monkeypatch.setattr(resources, "centre", lambda *_: centre)
    monkeypatch.setattr("provisioner.exam.times.ensure_running", lambda _: None)
    monkeypatch.setattr("provisioner.exam.times.start", give)
    return opened


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2026-05-21T08:30", "le candidat est attendu le 21/05 à 09:00"),
        ("2026-05-21T09:50", "« e5b reset poste-01 --next »"),
    ],
)
def test_a_station_that_waits_for_another_is_not_opened_by_its_name_either(
    centre: Centre, began: list[str], now: str, said: str
) -> None:
    save_roster(centre, ONE_PLACE, "liste.csv")
    seating.assign_stations(centre)
    now_is(now)
    with pytest.raises(Refusal) as refused:
        day.start(["poste-01"], False, 0, "", "", True)
    assert said in str(refused.value)
    assert "« e5b start poste-01 --why RAISON »" in str(refused.value)
    with pytest.raises(Refusal, match="--why RAISON », puis donnez-lui le temps en plus"):
        day.start(["poste-01"], False, 5, "coupure, pour qui l'a quitté", "", True)
    assert began == []
    day.start(["poste-01"], False, 0, "il est en avance", "", True)
    assert began == ["poste-01"]


def test_where_the_list_can_not_be_read_his_time_begins_all_the_same(centre: Centre, began: list[str]) -> None:
    save_roster(centre, ONE_PLACE, "liste.csv")
    seating.assign_stations(centre)
    (centre.state.folder / "rosters/salle.json").write_text("{")
    day.start(["poste-01"], False, 0, "", "", True)
    day.start(["poste-01"], False, 10, "panne", "", True)
    assert began == ["poste-01"] * 2


def test_a_start_says_whose_station_it_opens(
    centre: Centre, began: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    save_roster(centre, ONE_PLACE, "liste.csv")
    seating.assign_stations(centre)
    now_is("2026-05-21T09:00")
    day.start(["poste-01"], False, 0, "", "", False)
    assert began == ["poste-01"]
    assert "poste-01, candidat 1 NOM1 " in capsys.readouterr().out


def test_a_candidate_is_not_passed_over_by_the_same_command_said_again(centre: Centre) -> None:
    save_roster(centre, ONE_PLACE, "liste.csv")
    seating.assign_stations(centre)
    now_is("2026-05-21T10:02")
    assert sits(centre, made_anew(centre, "poste-01", skip=True)) == "2"
    with pytest.raises(Refusal, match="vient de passer au candidat 2"):
        made_anew(centre, "poste-01", skip=True)
    now_is("2026-05-21T09:40")
    with pytest.raises(Refusal, match="il ne peut pas encore être absent"):
        made_anew(centre, "poste-01", skip=True)
    now_is("2026-05-21T10:13")  # he is absent too
    assert sits(centre, made_anew(centre, "poste-01", skip=True)) == "3"


def test_who_comes_after_all_and_has_no_place_any_more_is_told(centre: Centre) -> None:
    save_roster(centre, ONE_PLACE, "liste.csv")
    seating.assign_stations(centre)
    now_is("2026-05-21T09:15")
    made_anew(centre, "poste-01", skip=True)
    told: list[str] = []
    listening = replace(centre, progress=cast(Any, SimpleNamespace(step=told.append)))
    seating.assign_stations(listening)
    assert told[-1].startswith("poste-01 attend le candidat 2 à 10:00, et plus le candidat 1 (09:00) : s'il vient")
    later = replace(ONE_PLACE.entries[0], at=datetime(2026, 5, 21, 10, 40, tzinfo=ZONE))
    save_roster(centre, corrected(later, *ONE_PLACE.entries[1:2]), "liste.csv")
    told.clear()
    seating.assign_stations(listening)
    assert not [one for one in told if "et plus le candidat" in one]


def test_who_was_left_at_a_station_that_the_list_has_for_another_is_told(centre: Centre) -> None:
    save_roster(centre, corrected(entry("1", "wordpress-a", 1, 9)), "jour1.csv")
    begin(centre, seating.assign_stations(centre)[0], "2026-05-21T09:00")
    now_is("2026-05-22T08:00")
    save_roster(
        centre,
        corrected(replace(entry("2", "wordpress-a", 1, 9), at=datetime(2026, 5, 22, 9, tzinfo=ZONE))),
        "jour2.csv",
    )
    told: list[str] = []
    seating.assign_stations(replace(centre, progress=cast(Any, SimpleNamespace(step=told.append))))
    assert told[-1].startswith(
        "poste-01 a encore le travail du candidat 1, dont le temps est fini : « e5b reset poste-01 »"
    )


def test_with_all_more_time_is_for_those_whose_time_runs(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    three = [entry(str(number), "wordpress-a", number, 9) for number in (1, 2, 3)]
    save_roster(centre, corrected(*three), "liste.csv")
    running, over, _ = seating.assign_stations(centre)
    begin(centre, running, "2026-05-21T09:00")
    begin(centre, over, "2026-05-21T08:00")
    now_is("2026-05-21T09:10")
    told: list[str] = []
    given: list[tuple[str, int]] = []

    def give(centre: Centre, name: str, extra: int, why: str) -> tuple[Station, Clock]:
        given.append((name, extra))
        return running, Clock(centre.state.present(), centre.state.present(), extra)

    listening = replace(centre, progress=SimpleNamespace(step=told.append))
    monkeypatch.setattr(resources, "centre", lambda *_: listening)
    monkeypatch.setattr("provisioner.exam.times.ensure_running", lambda _: None)
    monkeypatch.setattr("provisioner.exam.times.start", give)
    day.start(None, True, 10, "", "", True)
    assert given == [("poste-01", 10)]
    assert told == [
        "poste-02 : le temps de son candidat est fini ; pour l'ouvrir quand même : « e5b start poste-02 --extra 10 »",
        "poste-03 : personne n'y a commencé ; pour l'ouvrir quand même : « e5b start poste-03 --extra 10 »",
    ]


def test_with_all_a_station_whose_record_is_lost_is_stopped_and_given_no_more_time(centre: Centre) -> None:
    save_roster(centre, corrected(entry("1", "wordpress-a", 1, 9)), "liste.csv")
    (station,) = seating.assign_stations(centre)
    centre.state.forget(station.container)
    assert seating.not_working(centre) == {"poste-01": "on ne sait plus si quelqu'un y a commencé"}
    assert seating.not_working(centre, unknown=False) == {}


def test_with_all_nobody_examines_the_untouched_station_of_who_did_not_come(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    present, _ = seating.assign_stations(centre)
    begin(centre, present, "2026-05-21T09:00")
    told: list[str] = []
    monkeypatch.setattr(resources, "progress", SimpleNamespace(step=told.append))
    assert resources.stations_with_work(centre, None, True) == ["poste-01"]
    assert told == ["poste-02 : le candidat n'a pas commencé, il n'y a pas de travail"]
    assert resources.stations_with_work(centre, ["poste-02"], False) == ["poste-02"]  # who names it means it
