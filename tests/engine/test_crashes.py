"""Nothing that was confirmed to a candidate is lost, whatever is killed in whatever moment."""

import os
from pathlib import Path

from provisioner.engine import Engine
from provisioner.exam import start
from provisioner.lifecycle import Centre
from provisioner.model import Station
from tests.command import Program
from tests.engine.crashes import Ledger, crash

TIMES = int(os.environ.get("E5B_CRASHES", "4"))


def test_what_was_confirmed_is_found_after_each_kill(
    centre: Centre, engine: Engine, trial_station: Station, program: Program, tmp_path: Path
) -> None:
    start(centre, trial_station.name)
    ledger = Ledger()
    for number in range(TIMES):
        crash(centre, engine, program.environment, ledger)
        print(
            f"{number + 1}: {len(ledger.posts)} saved, {len(ledger.files)} uploaded, {len(ledger.lost)} lost; "
            f"{ledger.archives} archives whole; back by itself {ledger.by_itself} times; {ledger.kills}",
            flush=True,
        )
        assert ledger.lost == []
    assert ledger.posts
    assert ledger.files
