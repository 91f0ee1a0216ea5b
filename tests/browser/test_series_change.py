"""« Changer de série » on real stations and the real clock: the next candidate begins while the last one's work is examined."""

from pathlib import Path
from typing import Any

import pytest

from provisioner.console.acting import Acts
from provisioner.exam.working_time import start, stop
from provisioner.examination import examine_archive
from provisioner.station.act_book import Book
from provisioner.station.acts import Outcome
from provisioner.station.centre import Centre, station_named
from tests.command import Program
from tests.engine.test_day import LIST, write
from tests.unit.console_acts import PERSON


@pytest.mark.browser
def test_the_next_candidate_begins_while_the_last_ones_archive_is_examined(
    centre: Centre, program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = program.run("up", "--roster", str(write(tmp_path / "liste.csv", LIST)))
    assert opened.code == 0, opened.err
    start(centre, "poste-01", why="répétition")
    first = station_named(centre, "poste-01").container
    stop(centre, "poste-01")
    began: list[str] = []
    real = vars(examine_archive)["examine_frozen"]

    def examine_frozen(*args: Any) -> Any:
        station, _ = start(centre, "poste-01", why="répétition")
        began.append(station.container)
        return real(*args)

    monkeypatch.setattr(examine_archive, "examine_frozen", examine_frozen)
    acts = Acts(Book.of(centre.state), lambda: centre, threads=False)
    act = acts.begin(PERSON, "series", acts.everywhere("series"), {}, "key")
    acts.work()
    told = {line.station: (line.outcome, line.text) for line in acts.act(act.id).lines}
    assert told["poste-01"][0] is Outcome.DONE, told
    assert "examiné" in told["poste-01"][1]
    assert told["poste-02"][0] is Outcome.NOT_DONE
    assert began == [station_named(centre, "poste-01").container]
    assert began != [first]
    (entry,) = [entry for entry in centre.state.entries(centre.room.name) if entry.archived]
    assert entry.number == "0241123"
    assert entry.examined
