"""Who sits where and who comes next."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from provisioner import lifecycle, rounds
from provisioner.config import Paths, Settings
from provisioner.errors import Refusal, UnknownName
from provisioner.lifecycle import Centre, reset, stations
from provisioner.model import Conformity, Credentials, Golden
from provisioner.network import Gateway, Room
from provisioner.roster import Entry, Roster
from provisioner.state import State
from tests.unit.fake_engine import FakeEngine

ZONE = ZoneInfo("Europe/Paris")


def entry(number: str, subject: str, place: int, hour: int) -> Entry:
    return Entry(number, f"NOM{number}", "P", "1", subject, place, datetime(2026, 5, 21, hour, tzinfo=ZONE))


ROSTER = Roster(
    (entry("1", "wordpress-a", 1, 9), entry("2", "prestashop-a", 2, 9), entry("3", "prestashop-a", 1, 10)), ("à voir",)
)


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Centre:
    monkeypatch.setattr(lifecycle, "await_answer", lambda *_, **__: None)
    monkeypatch.setattr(lifecycle, "gateway_image", lambda *_: "e5b/gateway")
    monkeypatch.setattr(Gateway, "_await", lambda self, container: None)

    def golden(_: Centre, stack: str) -> Golden:
        return Golden(stack, f"sha256:{stack}", datetime(2026, 5, 20, tzinfo=UTC), Conformity(), {})

    monkeypatch.setattr(rounds, "golden_for", golden)
    now = tmp_path / "now"
    now.write_text("2026-05-21T08:00:00+02:00")
    monkeypatch.setenv("E5B_NOW", str(now))
    state = State(Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml"), ZONE)
    return Centre(FakeEngine(), Settings(), state, Room("salle", "localhost", "127.0.0.1", 8101, 3))


def test_each_station_gets_its_first_candidate_with_the_password_of_his_sheet(centre: Centre) -> None:
    kept = rounds.keep(centre, ROSTER, "liste.csv")
    first, second = rounds.seat(centre)
    assert (first.subject, first.stack) == ("wordpress-a", "wordpress-2024")
    assert (second.subject, second.stack) == ("prestashop-a", "prestashop-2024")
    mine = centre.state.credentials(first.container)
    assert mine is not None
    assert (mine.user, mine.password) == (kept[0]["user"], kept[0]["password"])
    told = (centre.state.record(first.container) or {})["candidate"]
    assert (told["number"], told["name"]) == ("1", "NOM1")
    assert [one.container for one in rounds.seat(centre)] == [first.container, second.container]  # as they were


def test_a_list_that_is_read_again_keeps_the_passwords_that_may_be_printed(centre: Centre) -> None:
    before = rounds.keep(centre, ROSTER, "liste.csv")
    longer = Roster((*ROSTER.entries, entry("4", "wordpress-a", 3, 9)), ())
    after = {one["number"]: one["password"] for one in rounds.keep(centre, longer, "liste.csv")}
    new = after.pop("4")
    assert after == {one["number"]: one["password"] for one in before}
    assert new not in after.values()


def test_the_next_candidate_may_have_another_subject(centre: Centre) -> None:
    rounds.keep(centre, ROSTER, "liste.csv")
    first = rounds.seat(centre)[0]
    wanted = rounds.following(centre, first)
    assert wanted is not None
    assert wanted.golden.stack == "prestashop-2024"
    renewed, _ = reset(centre, "poste-01", wanted.golden, wanted=wanted)
    assert (renewed.subject, renewed.stack) == ("prestashop-a", "prestashop-2024")
    assert rounds.following(centre, renewed) is None


def test_the_day_says_how_far_each_candidate_is(centre: Centre) -> None:
    rounds.keep(centre, ROSTER, "liste.csv")
    first, second = rounds.seat(centre)
    for station, start in ((first, "07:50"), (second, "07:00")):
        entries = [{"at": f"2026-05-21T{start}:00+02:00", "what": "start", "minutes": 40}]
        centre.state.note(station.container, clock=entries)
    assert [one["state"] for one in rounds.progress(centre)] == [
        "en cours, jusqu'à 08:30", "terminé, à archiver", "à venir",
    ]  # fmt: skip
    centre.state.mark("salle", ROSTER.entries[2].key, archived="x.zip")
    assert rounds.progress(centre)[2]["state"] == "archivé"
    assert "password" not in rounds.progress(centre)[0]


def test_a_started_candidates_station_is_set_aside_and_the_room_can_not_be_taken_down(centre: Centre) -> None:
    rounds.keep(centre, ROSTER, "liste.csv")
    first = rounds.seat(centre)[0]
    centre.state.note(first.container, clock=[{"at": "2026-05-21T07:50:00+02:00", "what": "start", "minutes": 40}])
    wanted = rounds.following(centre, first)
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
    there = rounds.golden_for

    def golden(of: Centre, stack: str) -> Golden:
        if stack == "prestashop-2024":
            raise UnknownName("L'image de prestashop-2024 n'est pas construite.")
        return there(of, stack)

    monkeypatch.setattr(rounds, "golden_for", golden)
    rounds.keep(centre, ROSTER, "liste.csv")
    assert [(one.place, one.subject) for one in rounds.seat(centre)] == [(1, "wordpress-a")]
    monkeypatch.setattr(rounds, "golden_for", there)  # built since
    assert [(one.place, one.subject) for one in rounds.seat(centre)] == [(1, "wordpress-a"), (2, "prestashop-a")]


def test_without_a_list_there_is_no_day(centre: Centre) -> None:
    with pytest.raises(Refusal, match="--roster"):
        rounds.progress(centre)


def test_a_station_for_practice_stays_one_whatever_list_was_once_given(centre: Centre) -> None:
    rounds.keep(centre, ROSTER, "liste.csv")
    golden = rounds.golden_for(centre, "wordpress-2024")
    (practice,) = lifecycle.up(centre, 1, ["wordpress-a"], golden)
    assert rounds.following(centre, practice) is None


def corrected(*entries: Entry) -> Roster:
    return Roster(tuple(sorted(entries, key=lambda one: one.at)), ())


def test_a_corrected_hour_keeps_the_password_and_is_told_to_the_station(centre: Centre) -> None:
    before = rounds.keep(centre, ROSTER, "liste.csv")
    first = rounds.seat(centre)[0]
    moved = replace(entry("1", "wordpress-a", 1, 9), at=datetime(2026, 5, 21, 9, 15, tzinfo=ZONE), name="LE GOFF")
    after = rounds.keep(centre, corrected(moved, *ROSTER.entries[1:]), "liste.csv")
    assert after[1]["password"] == before[0]["password"]
    same = rounds.seat(centre)[0]
    assert same.container == first.container
    told = (centre.state.record(same.container) or {})["candidate"]
    assert (told["at"], told["name"]) == ("2026-05-21T09:15:00+02:00", "LE GOFF")
    centre.state.mark("salle", told["key"], archived="x.zip")
    assert rounds.progress(centre)[1]["archived"] == "x.zip"


def test_a_day_that_is_moved_keeps_the_password_of_who_has_not_begun(centre: Centre) -> None:
    before = rounds.keep(centre, ROSTER, "liste.csv")
    moved = replace(entry("3", "prestashop-a", 1, 10), at=datetime(2026, 5, 22, 10, tzinfo=ZONE))
    after = rounds.keep(centre, corrected(*ROSTER.entries[:2], moved), "liste.csv")
    assert after[2]["password"] == before[2]["password"]


def test_a_station_follows_the_corrected_list_until_its_candidate_begins(centre: Centre) -> None:
    rounds.keep(centre, ROSTER, "liste.csv")
    first, second = rounds.seat(centre)
    began = [{"at": "2026-05-21T07:50:00+02:00", "what": "start", "minutes": 40}]
    centre.state.note(second.container, clock=began)
    other = entry("11", "prestashop-a", 1, 9)  # the number and the subject were wrong
    kept = rounds.keep(centre, corrected(other, entry("12", "wordpress-a", 2, 9), ROSTER.entries[2]), "liste.csv")
    renewed, same = rounds.seat(centre)
    assert same.container == second.container
    assert renewed.container != first.container
    assert (renewed.subject, (centre.state.record(renewed.container) or {})["candidate"]["number"]) == (
        "prestashop-a",
        "11",
    )
    (mine,) = [one for one in kept if one["number"] == "11"]
    assert centre.state.credentials(renewed.container) == Credentials(mine["user"], mine["password"])
    assert [one.container for one in rounds.seat(centre)] == [renewed.container, second.container]


def test_who_has_begun_or_is_archived_stays_on_the_list_whatever_file_is_read_next(centre: Centre) -> None:
    rounds.keep(centre, ROSTER, "jour1.csv")
    first, _ = rounds.seat(centre)
    began = [{"at": "2026-05-21T07:50:00+02:00", "what": "start", "minutes": 40}]
    centre.state.note(first.container, clock=began)
    centre.state.mark("salle", ROSTER.entries[1].key, archived="x.zip")
    tomorrow = replace(entry("4", "wordpress-a", 1, 9), at=datetime(2026, 5, 22, 9, tzinfo=ZONE))
    entries = rounds.keep(centre, corrected(tomorrow), "jour2.csv")
    assert [(one["number"], one.get("archived")) for one in entries] == [("1", None), ("2", "x.zip"), ("4", None)]
    warnings = (centre.state.roster("salle") or {})["warnings"]
    assert [warning.split(" (")[0] for warning in warnings] == ["le candidat 1", "le candidat 2"]


def test_a_station_that_was_lost_is_made_again_for_who_comes_not_for_who_has_begun(centre: Centre) -> None:
    rounds.keep(centre, ROSTER, "liste.csv")
    first = rounds.seat(centre)[0]
    began = [{"at": "2026-05-21T07:50:00+02:00", "what": "start", "minutes": 40}]
    centre.state.note(first.container, clock=began, aside={"at": "2026-05-21T08:40:00+02:00", "why": "reset"})
    renewed = rounds.seat(centre)[0]
    assert (centre.state.record(renewed.container) or {})["candidate"]["number"] == "3"


def test_a_list_that_is_read_as_an_archive_is_marked_loses_neither(centre: Centre) -> None:
    rounds.keep(centre, ROSTER, "liste.csv")
    with ThreadPoolExecutor(4) as pool:
        marks = [pool.submit(centre.state.mark, "salle", one.key, archived="x.zip") for one in ROSTER.entries]
        reads = [pool.submit(rounds.keep, centre, ROSTER, "liste.csv") for _ in range(6)]
        for mark in marks:
            mark.result()
        for read in reads:
            read.result()
    assert [one["state"] for one in rounds.progress(centre)] == ["archivé"] * 3
