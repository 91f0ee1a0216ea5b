"""What is said of a station, or of a copy, that does not answer."""

from collections.abc import Callable

import pytest

from provisioner.core.errors import StationNotReady
from provisioner.engine.protocol import ContainerSpec
from provisioner.network.room import Room
from provisioner.station import answering
from tests.unit.fake_engine import FakeEngine

JOURNAL = """2026-05-21  9:00:00 0 [Note] InnoDB: Starting crash recovery
2026-05-21  9:00:01 0 [ERROR] InnoDB: Page 12 is corrupted
2026-05-21  9:00:01 0 [Note] The end
e5b: the database did not start
"""


class Silent(FakeEngine):
    """No container answers; each wrote the same journal."""

    def logs(self, container: str, lines: int = 20) -> str:
        return JOURNAL


def refusal(monkeypatch: pytest.MonkeyPatch, *, copy: bool, ended: bool) -> str:
    def refused(*_: object, **__: object) -> None:
        raise ConnectionRefusedError

    def asked_once(missing: Callable[[], str], *_: object, **__: object) -> str:
        return missing()

    monkeypatch.setattr(answering, "ask_station", refused)
    monkeypatch.setattr(answering, "wait_until", asked_once)
    engine, room = Silent(), Room("salle", "localhost", "127.0.0.1", 8101, 3)
    container = engine.create(ContainerSpec("poste", "image", {}))
    engine.start(container)
    if ended:
        engine.stop(container)
    with pytest.raises(StationNotReady) as refusal:
        answering.await_answer(engine, room, 1, container, copy=copy)
    return str(refusal.value)


def test_a_copy_that_has_ended_is_not_awaited(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    said = refusal(monkeypatch, copy=True, ended=True)
    assert said.startswith("La copie de poste-01 s'est arrêtée en démarrant. Le travail du candidat est intact")
    assert "[ERROR] InnoDB: Page 12 is corrupted / e5b: the database did not start" in said
    assert JOURNAL.strip() in caplog.text


def test_a_copy_that_runs_is_awaited(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "ne répond pas après 90 secondes" in refusal(monkeypatch, copy=True, ended=False)


def test_a_station_that_has_ended_is_awaited_as_the_engine_restarts_it(monkeypatch: pytest.MonkeyPatch) -> None:
    said = refusal(monkeypatch, copy=False, ended=True)
    assert "poste-01 ne répond pas après 90 secondes" in said
    assert "Page 12 is corrupted" in said
