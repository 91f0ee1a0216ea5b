"""A candidate's time: what was given is what he has, and no door stays open or closed by mistake."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from provisioner.core import clock
from provisioner.core.records import SittingRecord
from provisioner.engine.protocol import ContainerSpec, ContainerState
from provisioner.network.access_windows import at_least, write
from provisioner.station.sittings import needs_archive
from tests.unit.fake_engine import FakeEngine
from tests.unit.samples import CANDIDATE

START = datetime(2026, 5, 21, 9, 0, tzinfo=UTC)
LATER = START + timedelta(hours=9)


def entry(what: str, minutes: int = 0, after: int = 0) -> dict[str, Any]:
    return {"at": (START + timedelta(minutes=after)).isoformat(), "what": what, "minutes": minutes}


def gateway(engine: FakeEngine) -> ContainerState:
    made = engine.create(ContainerSpec("gateway", "image", {}))
    engine.start(made)
    return engine.container(made)


def record(**values: Any) -> SittingRecord:
    return SittingRecord.model_validate(values)


def end(*entries: dict[str, Any]) -> float:
    running = record(clock=entries).running
    assert running is not None
    return (running.end - START).total_seconds() / 60


def test_nobody_has_a_clock_before_his_start() -> None:
    assert clock.read([]) is None
    assert record(user="candidat").running is None


def test_a_start_gives_forty_minutes_and_extra_time_is_added_to_them() -> None:
    assert end(entry("start", 40)) == 40
    assert end(entry("start", 40), entry("extra", 13)) == 53
    assert end(entry("start", 40), entry("extra", 5, after=20), entry("extra", 5, after=30)) == 50


def test_time_given_after_the_end_counts_from_then() -> None:
    assert end(entry("start", 40), entry("extra", 5, after=50)) == 55


def test_a_stop_ends_it_and_time_given_later_opens_it_again() -> None:
    assert end(entry("start", 40), entry("stop", after=25)) == 25
    assert end(entry("start", 40), entry("stop", after=60)) == 40
    assert end(entry("start", 40), entry("stop", after=25), entry("extra", 10, after=30)) == 40


def test_the_extra_time_is_told_as_the_jury_wants_to_read_it() -> None:
    running = record(clock=[entry("start", 40), entry("extra", 13), entry("extra", 2, after=10)]).running
    assert running is not None
    assert running.extra == 15


def test_work_stops_at_the_candidates_end_however_late_one_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    running = record(clock=[entry("start", 40), entry("extra", 10)]).running
    assert clock.stopped(running, LATER) == START + timedelta(minutes=50)
    assert clock.stopped(running, START + timedelta(minutes=20)) == START + timedelta(minutes=20)
    early = record(clock=[entry("start", 40), entry("stop", after=5)]).running
    assert clock.stopped(early, LATER) == START + timedelta(minutes=5)
    assert clock.stopped(None, LATER) == LATER
    monkeypatch.setenv("E5B_NOW", "a rehearsal")
    assert clock.stopped(running, LATER) == LATER


@pytest.mark.parametrize("archived_after", [None, 30, 40])
def test_work_is_safe_only_in_an_archive_taken_at_its_end_or_later(archived_after: int | None) -> None:
    kept: dict[str, Any] = {"clock": [entry("start", 40)]}
    if archived_after is not None:
        kept["archived"] = {"taken_at": (START + timedelta(minutes=archived_after)).isoformat()}
    assert needs_archive(record(**kept), LATER) is (archived_after != 40)


def test_a_station_that_nobody_started_holds_nothing_to_archive() -> None:
    assert not needs_archive(record(user="candidat"), LATER)


@pytest.mark.parametrize("minutes", [45, 130])
def test_an_archive_that_a_clock_dated_too_late_is_taken_again(minutes: int) -> None:
    at = START + timedelta(minutes=125)
    kept: dict[str, Any] = {
        "clock": [entry("start", 40)],
        "archived": {"taken_at": at.isoformat(), "booted": clock.booted() + 7200},
    }
    assert needs_archive(record(**kept), START + timedelta(minutes=minutes))


def test_an_archive_counts_where_the_clock_was_set_forward_or_the_machine_started_again() -> None:
    at = START + timedelta(minutes=41)
    kept: dict[str, Any] = {
        "clock": [entry("start", 40)],
        "archived": {"taken_at": at.isoformat(), "booted": clock.booted() - 7200},
    }
    assert not needs_archive(record(**kept), LATER)


@pytest.mark.parametrize(("archived_after", "again"), [(20, True), (45, False)])
def test_a_station_whose_record_was_lost_is_archived_as_it_was_when_it_was_replaced(
    archived_after: int, again: bool
) -> None:
    at = START + timedelta(minutes=archived_after)
    kept: dict[str, Any] = {"lost": True, "archived": {"taken_at": at.isoformat()}}
    assert needs_archive(record(**kept), LATER)  # it serves still: he may have gone on since
    kept["aside"] = {"at": (START + timedelta(minutes=45)).isoformat(), "why": "reset"}
    assert needs_archive(record(**kept), LATER) is again


@pytest.mark.parametrize("number", [1764025678, 1799999999, 1000000000, 9999999999, 1764025609])
def test_the_gateways_rule_tells_each_second_before_the_end_from_each_after(number: int) -> None:
    rule = re.compile(rf"^(?:{at_least(number)})$")
    for distance in (1, 2, 9, 10, 11, 59, 60, 599, 3600, 86400, 31_000_000, 400_000_000):
        if number - distance >= 10**9:
            assert not rule.match(str(number - distance)), distance
        if number + distance < 10**10:
            assert rule.match(str(number + distance)), distance
    assert rule.match(str(number))


def test_each_place_follows_its_own_clock() -> None:
    engine = FakeEngine()
    running = record(clock=[entry("start", 40)])
    write(engine, gateway(engine), {7: running, 17: record()}, zone=UTC)
    rules = engine.files["/etc/e5b/doors/room.conf"].decode()
    last = int((START + timedelta(minutes=40)).timestamp())
    (rule,) = re.findall(r'"~(.*)" over;', rules)
    rule = rule.replace("\\.", ".", 1)
    assert re.search(rule, f"7:{last}.000")
    assert not re.search(rule, f"7:{last - 1}.999")
    assert not re.search(rule, f"17:{last}.000")


def test_a_place_is_told_where_the_gateway_knew_another_clock() -> None:
    engine = FakeEngine()
    door = gateway(engine)
    assert write(engine, door, {1: record(clock=[entry("start", 40)])}, zone=UTC) == {1}
    assert write(engine, door, {1: record(clock=[entry("start", 40)])}, zone=UTC) == set()


def test_the_door_of_a_candidate_of_the_list_waits_for_his_start() -> None:
    engine, began = FakeEngine(), record(candidate=CANDIDATE, clock=[entry("start", 40)])
    write(engine, gateway(engine), {1: record(candidate=CANDIDATE), 2: began, 3: record()}, zone=UTC)
    rules = engine.files["/etc/e5b/doors/room.conf"].decode()
    assert '"~^1:" before;' in rules
    assert len(rules.splitlines()) == 2  # a station for practice is open


def test_what_was_found_since_an_archive_belongs_into_one() -> None:
    archived = {"taken_at": (START + timedelta(minutes=45)).isoformat(), "reports": 1}
    kept: dict[str, Any] = {"clock": [entry("start", 40)], "archived": archived, "reports": ["/un"]}
    assert not needs_archive(record(**kept), LATER)
    assert needs_archive(record(**{**kept, "reports": ["/un", "/deux"]}), LATER)
