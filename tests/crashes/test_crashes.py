"""Nothing that was confirmed to a candidate is lost, whatever is killed in whatever moment."""

import os
import signal
import time
from contextlib import suppress

from provisioner.core.model import Golden, Station
from provisioner.engine.protocol import Engine
from provisioner.exam.working_time import start, stop
from provisioner.station.answering import NO_ANSWER, why_closed
from provisioner.station.centre import Centre
from tests.command import Program
from tests.crashes.crashes import Ledger, crash

TIMES = int(os.environ.get("E5B_CRASHES", "2"))


def test_what_was_confirmed_is_found_after_each_kill(
    centre: Centre, engine: Engine, golden: Golden, station: Station, program: Program
) -> None:
    start(centre, station.name)
    ledger = Ledger()
    for number in range(TIMES):
        crash(centre, engine, golden, program.environment, ledger)
        print(
            f"{number + 1}: {ledger.saved} confirmed, {len(ledger.lost)} lost; {ledger.sittings} sittings; "
            f"{ledger.archives} archives whole, {len(ledger.told)} announced; back by itself {ledger.by_itself} times; "
            f"{ledger.late} late; "
            f"{ledger.kills}",
            flush=True,
        )
        assert ledger.lost == []
    assert ledger.saved


def test_a_door_that_was_closed_is_closed_when_the_whole_room_comes_back(
    centre: Centre, engine: Engine, trial_station: Station
) -> None:
    start(centre, trial_station.name)
    stop(centre, trial_station.name)
    assert why_closed(centre.room, 1) == "over"
    for one in engine.containers(kind="*", room=centre.room.name):
        os.kill(one.pid, signal.SIGKILL)
    seen: list[str] = []
    deadline = time.monotonic() + 60
    while len(seen) < 20:  # from the first answer on
        assert time.monotonic() < deadline, seen
        with suppress(*NO_ANSWER):
            seen.append(why_closed(centre.room, 1))
        time.sleep(0.1)
    assert set(seen) == {"over"}
    deadline = time.monotonic() + 60
    while any(one.state != "running" for one in engine.containers(kind="*", room=centre.room.name)):
        assert time.monotonic() < deadline, engine.containers(kind="*", room=centre.room.name)
        time.sleep(0.1)
