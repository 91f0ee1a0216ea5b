"""What the gateway's pages say of a place: whose it is, when it opens and ends, whatever a name is made of."""

import html
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from provisioner.core.records import UNREADABLE, SittingRecord
from provisioner.exam.list_update import save_roster
from provisioner.exam.seating import assign_stations
from provisioner.host.paths import ROOT
from provisioner.network.door_notes import LEFT, NOTES, TIME_PAGE, files, write
from provisioner.station.centre import Centre, stations
from tests.unit.exam_room import ROSTER, corrected, entry, exam_room
from tests.unit.fake_engine import FakeEngine
from tests.unit.samples import CANDIDATE
from tests.unit.test_clock import gateway

PARIS = ZoneInfo("Europe/Paris")
START = datetime(2026, 5, 21, 7, 0, tzinfo=UTC)
BEGAN: list[dict[str, Any]] = [{"at": START.isoformat(), "what": "start", "minutes": 40}]


def record(**values: Any) -> SittingRecord:
    return SittingRecord.model_validate(values)


def notes(records: dict[int, SittingRecord]) -> dict[str, str]:
    """What each place's pages show, as a browser reads it."""
    lines = files(records, PARIS)[NOTES].decode().splitlines()
    matches = [re.fullmatch(r'"(\d+:\w+)" "([ -~]*)";', line) for line in lines]
    return {match[1]: html.unescape(match[2]) for match in matches if match}


def test_a_closed_door_names_the_station_its_candidate_and_his_hour() -> None:
    waiting, working = record(candidate=CANDIDATE), record(candidate=CANDIDATE, clock=BEGAN)
    assert notes({1: waiting, 2: working, 3: record()}) == {
        "1:who": "Poste 01 — candidat nº 12, GOFF Anne",
        "1:from": "9 h 00",
        "2:who": "Poste 02 — candidat nº 12, GOFF Anne",
        "2:until": "9 h 40",
        "2:end": str(int((START + timedelta(minutes=40)).timestamp())),
        "3:who": "Poste 03",
    }


HOSTILE = '"; } server { $host </p><script>alert(1)</script> \\" \'&#39; é\n${a}{{ b }}'


def test_a_name_means_nothing_to_the_gateway_and_nothing_to_a_browser() -> None:
    content = files({1: record(candidate={**CANDIDATE, "name": HOSTILE})}, PARIS)[NOTES].decode()
    first, second = content.splitlines()
    value = re.fullmatch(r'"1:who" "(.*)";', first)
    assert value
    assert second == '"1:from" "9 h 00";'
    assert re.fullmatch(r"(?:[A-Za-z0-9 ]|&#\d+;)+", value[1])
    assert HOSTILE.replace("\n", "") in html.unescape(value[1])


@pytest.mark.parametrize(
    ("seconds", "minutes"),
    [(2400, ""), (1801, ""), (1800, "30"), (300, "5"), (299, "5"), (240, "4"), (59, "1"), (0, "1")],
)
def test_a_browser_without_scripts_reads_about_how_much_is_left(seconds: int, minutes: str) -> None:
    lines = files({7: record(clock=BEGAN)}, PARIS)[LEFT].decode().splitlines()
    asked = f"7:{int((START + timedelta(minutes=40)).timestamp()) - seconds}.500"
    rules = [re.fullmatch(r'"~(.*)" (\d+);', line) for line in lines]
    assert next((rule[2] for rule in rules if rule and re.search(rule[1], asked)), "") == minutes
    assert not any(rule and re.search(rule[1], f"1{asked}") for rule in rules)


def test_a_rehearsal_counts_no_time_down(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "now").write_text("2026-05-21T09:00:00+02:00")
    monkeypatch.setenv("E5B_NOW", str(tmp_path / "now"))
    assert files({1: record(clock=BEGAN)}, PARIS)[LEFT] == b""
    assert "1:end" not in notes({1: record(clock=BEGAN)})


def test_a_place_whose_record_is_lost_keeps_what_its_pages_said() -> None:
    engine = FakeEngine()
    door = gateway(engine)
    assert write(engine, door, {1: record(candidate=CANDIDATE, clock=BEGAN), 2: record()}, PARIS)
    before = engine.files[f"/{NOTES}"], engine.files[f"/{LEFT}"]
    assert not write(engine, door, {1: UNREADABLE, 2: record()}, PARIS)
    assert write(engine, door, {1: UNREADABLE, 2: record(candidate=CANDIDATE)}, PARIS)
    assert engine.files[f"/{NOTES}"].startswith(before[0].rpartition(b'"2:who')[0])
    assert engine.files[f"/{LEFT}"] == before[1]


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Centre:
    return exam_room(tmp_path, monkeypatch)


def shown(centre: Centre) -> str:
    assert isinstance(centre.engine, FakeEngine)
    return html.unescape(centre.engine.files[f"/{NOTES}"].decode())


def test_a_corrected_hour_is_on_the_door_and_the_gateway_reads_it(centre: Centre) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    assign_stations(centre)
    assert "candidat nº 1, NOM1 P" in shown(centre)
    assert '"1:from" "9 h 00"' in shown(centre)
    assert "NOM3" not in shown(centre)
    _, second, third = ROSTER.entries
    save_roster(centre, corrected(entry("1", "wordpress-a", 1, 11), second, third), "liste.csv")
    before = [station.container for station in stations(centre)]
    assign_stations(centre)
    assert [station.container for station in stations(centre)] == before
    assert '"1:from" "11 h 00"' in shown(centre)


def test_every_door_serves_the_page_of_the_time() -> None:
    nginx = (ROOT / "stacks/gateway/nginx.conf.j2").read_text(encoding="utf-8")
    assert f"location = {TIME_PAGE} {{" in nginx
    assert f"location = {TIME_PAGE}.json {{" in nginx
    for name in (
        "stacks/gateway/time.html",
        "stacks/gateway/before.conf",
        "provisioner/templates/print/candidate.html.j2",
    ):
        assert TIME_PAGE in (ROOT / name).read_text(encoding="utf-8")
