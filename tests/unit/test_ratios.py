"""What the benchmarks count: a hand-over as a visitor meets it, a room of twelve, and when a bound is passed."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from benchmarks import ratios
from provisioner.lifecycle import Centre
from provisioner.model import Golden

OLD, NEW = b"old\n", b"new\n"
CENTRE = cast(Centre, None)


@pytest.mark.parametrize(
    ("seen", "seconds"),
    [
        ([(0.0, OLD), (1.0, OLD), (3.0, NEW), (4.0, NEW)], 2.0),
        ([(0.0, OLD), (1.0, NEW), (2.0, OLD), (3.5, NEW), (4.0, NEW)], 3.5),  # both answer for a while
    ],
)
def test_a_turn_lasts_from_the_last_page_of_the_old_alone_to_the_first_of_the_new_alone(
    monkeypatch: pytest.MonkeyPatch, seen: list[tuple[float, bytes]], seconds: float
) -> None:
    monkeypatch.setattr(ratios, "visited", lambda *_: seen)
    assert ratios.turn(CENTRE, lambda: None) == seconds


@pytest.mark.parametrize(("renewing", "archiving", "above"), [(4, 70, 0), (6, 70, 1), (6, 90, 2)])
def test_a_room_of_twelve_has_two_bounds(
    monkeypatch: pytest.MonkeyPatch, renewing: int, archiving: int, above: int
) -> None:
    clock = SimpleNamespace(now=0)

    def goes_on(seconds: int, answer: Any) -> Any:
        clock.now += seconds
        return answer

    twelve = [SimpleNamespace(name=f"poste-{n:02}") for n in range(1, 13)]
    monkeypatch.setattr(ratios, "time", SimpleNamespace(monotonic=lambda: clock.now))
    monkeypatch.setattr(ratios, "stations", lambda _: twelve)
    for name in ("up", "keep_golden", "prepare", "start", "work", "down"):
        monkeypatch.setattr(ratios, name, lambda *_, **__: None)
    monkeypatch.setattr(ratios, "each", lambda names, act, workers: goes_on(renewing, (names, [])))
    monkeypatch.setattr(ratios, "put_away", lambda _: goes_on(archiving, twelve))
    monkeypatch.setattr(ratios, "above", [])
    ratios.measure_room(CENTRE, cast(Golden, SimpleNamespace(stack="wordpress-trial", image="x")))
    assert len(ratios.above) == above


def test_a_step_lasts_until_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter((1.0, 4.0, 36.5))
    monkeypatch.setattr(ratios, "time", SimpleNamespace(monotonic=lambda: next(moments)))
    steps = ratios.Steps()
    for text in ("installation", "contenus de l'entreprise", "contenus en place en 32 s, contrôle des versions"):
        steps.step(text)
    assert steps.seconds("contenus de l'entreprise") == 32.5
