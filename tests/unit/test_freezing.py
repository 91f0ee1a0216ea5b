"""One moment of a station: who reads it is alone, since the first to end has the engine let it go on."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from provisioner.station import freezing
from tests.unit.mortal import Mortal, room


def test_a_station_is_read_by_one_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    centre = room(tmp_path, monkeypatch)
    reading: list[str] = []
    together: list[int] = []

    def commit(_: Mortal, container: str, *__: object) -> str:
        reading.append(container)
        together.append(len(reading))
        time.sleep(0.02)
        reading.remove(container)
        return "sha256:a"

    monkeypatch.setattr(Mortal, "commit", commit)
    with ThreadPoolExecutor(4) as pool:
        kept = list(pool.map(lambda _: freezing.commit_station(centre, "poste", {}), range(4)))
    assert kept == ["sha256:a"] * 4
    assert together == [1] * 4
