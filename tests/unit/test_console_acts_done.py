"""Acts of the screen on a room in memory: the use-cases themselves run, and a real process is really killed."""

import json
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from provisioner.console.acting import Acts
from provisioner.core.errors import EvidenceLost
from provisioner.core.model import Conformity, Golden
from provisioner.core.records import SittingRecord
from provisioner.exam import reset as exam_reset
from provisioner.exam import seating, times, working_time
from provisioner.host.paths import ROOT
from provisioner.network.room import Room
from provisioner.station.act_book import Book
from provisioner.station.acts import Act, Outcome
from provisioner.station.centre import Centre, station_named
from provisioner.station.lifecycle import up
from provisioner.station.snapshots import snapshot
from tests.unit.console_acts import NAMES, PERSON
from tests.unit.mortal import room

GOLDEN = Golden("wordpress-2024", "sha256:" + "a" * 64, datetime(2026, 5, 20, tzinfo=UTC), Conformity(), {})


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Centre:
    """Two stations for practice."""
    centre = room(tmp_path, monkeypatch)
    for module in (times, exam_reset):
        monkeypatch.setattr(module, "ensure_running", lambda _: None)
    monkeypatch.setattr(exam_reset, "collect_and_report", lambda *_: None)
    monkeypatch.setattr(exam_reset, "require_golden", lambda *_: GOLDEN)
    monkeypatch.setattr(seating, "golden_for", lambda *_: GOLDEN)
    up(centre, 2, ["wordpress-a"], GOLDEN)

    def why_closed(_: Room, place: int) -> str:
        running = record_of(centre, f"poste-{place:02}").running
        return "over" if running and running.over(centre.state.present()) else ""

    monkeypatch.setattr(working_time, "why_closed", why_closed)
    return centre


def record_of(centre: Centre, name: str) -> SittingRecord:
    return centre.state.record(station_named(centre, name).container)


def test_a_sitting_goes_through_every_act_of_the_screen(centre: Centre) -> None:
    acts = Acts(Book.of(centre.state), lambda: centre, threads=False)

    def done(kind: str, *names: str, **values: str) -> Act:
        act = acts.begin(PERSON, kind, names or ("poste-01",), values, f"{kind}{names}{values}")
        acts.work()
        return acts.act(act.id)

    def outcome(kind: str, *names: str, **values: str) -> list[tuple[Outcome, str]]:
        return [(line.outcome, line.text.partition(" ")[0]) for line in done(kind, *names, **values).lines]

    both = ("poste-01", "poste-02")
    assert outcome("stop") == [(Outcome.NOT_DONE, "personne")]
    assert outcome("start", *both) == [(Outcome.DONE, "ouvert")] * 2
    assert outcome("start", why="encore") == [(Outcome.NOT_DONE, "travaille")]
    assert outcome("extra", minutes="13", why="tiers temps") == [(Outcome.DONE, "13")]
    assert outcome("extra", minutes="13", why="tiers  temps") == [(Outcome.NOT_DONE, "Ces")]
    assert outcome("extra", minutes="5", why="coupure") == [(Outcome.DONE, "5")]
    running = record_of(centre, "poste-01").running
    assert running is not None
    assert running.extra == 18
    assert outcome("rewind") == [(Outcome.NOT_DONE, "aucun")]
    snapshot(centre, station_named(centre, "poste-01"))
    before = station_named(centre, "poste-01").container
    assert outcome("rewind", why="page perdue") == [(Outcome.DONE, "ramené")]
    assert outcome("replace", why="en panne") == [(Outcome.DONE, "remplacé,")]
    assert station_named(centre, "poste-01").container != before
    assert outcome("reset", *both) == [(Outcome.NOT_DONE, "travaille")] * 2
    assert outcome("stop", why="malade") == [(Outcome.DONE, "arrêté")]
    assert outcome("next") == [(Outcome.DONE, "neuf")]
    assert record_of(centre, "poste-01").clock == ()
    assert [event.what for event in record_of(centre, "poste-01").events] == []
    assert outcome("reset", *both, why="fin") == [(Outcome.DONE, "neuf"), (Outcome.NOT_DONE, "travaille")]
    assert all(not act.is_open for act in acts.recent())


def test_a_record_that_cannot_be_read_keeps_no_other_station_back(centre: Centre) -> None:
    acts = Acts(Book.of(centre.state), lambda: centre, threads=False)
    path = centre.state._station(station_named(centre, "poste-02").container)
    path.unlink()
    path.mkdir()
    with pytest.raises(EvidenceLost):
        record_of(centre, "poste-02")
    for kind in acts.kinds:
        (line,) = acts.plan(kind, ["poste-02"], {}).lines
        assert line.why_not.startswith("ce qui est noté de ce poste n’est pas lisible")
    act = acts.begin(PERSON, "start", ["poste-01", "poste-02"], {}, "k")
    acts.work()
    assert [line.outcome for line in acts.act(act.id).lines] == [Outcome.DONE, Outcome.NOT_DONE]
    assert record_of(centre, "poste-01").running
    for number, kind in enumerate(["extra", "replace", "stop", "reset", "next"]):
        act = acts.begin(PERSON, kind, ["poste-01"], {"minutes": "5", "why": "x"}, f"{number}")
        acts.work()
        assert [line.outcome for line in acts.act(act.id).lines] == [Outcome.DONE], kind
    assert path.name in acts.act(act.id).text


_CONSOLE = """
import sys, time
from pathlib import Path
from tests.unit.console_acts import CENTRE, NAMES, PERSON, candidate, one_by_one
from provisioner.console.act_kind import Kind
from provisioner.console.acting import Acts
from provisioner.console.plans import Seat
from provisioner.station.act_book import Book
folder = Path(sys.argv[1])

def act(centre, name, values):
    with (folder / "done").open("a") as done:
        done.write(name + "\\n")
    if name == NAMES[3]:
        time.sleep(60)
    return "fait"

kinds = {"start": Kind("start", "sera démarré", "seront démarrés", one_by_one(act, 1))}
book = Book(folder, lambda: "2026-05-21T09:00:00+00:00")
acts = Acts(book, lambda: CENTRE, kinds, seats=lambda *_: {name: Seat(candidate(name)) for name in NAMES})
acts.begin(PERSON, "start", NAMES, {}, "k")
print("begun", flush=True)
time.sleep(60)
"""


def test_a_console_that_is_killed_loses_no_act_and_repeats_none(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _CONSOLE, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    book, done = Book(tmp_path, lambda: "2026-05-21T09:01:00+00:00"), tmp_path / "done"
    deadline = time.monotonic() + 30
    while (not done.exists() or len(done.read_text().split()) < 4) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert book.say_cut_short() == ()  # it runs
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    (act,) = book.say_cut_short()
    really = done.read_text().split()
    assert really == NAMES[:4]
    assert [line.outcome for line in act.lines] == [Outcome.DONE] * 3 + [Outcome.UNKNOWN] + [Outcome.NOT_DONE] * 4
    assert [json.loads(line)["what"] for line in book.path.read_text().splitlines()][-1] == "cut"
    assert book.say_cut_short() == ()
