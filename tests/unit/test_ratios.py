"""What the benchmarks count: a hand-over as a visitor meets it, a room of twelve, and when a bound is passed."""

import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from benchmarks import ratios
from provisioner.core.model import Golden, Station
from provisioner.station.centre import Centre
from provisioner.subject.subjects import Subject

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


@pytest.mark.parametrize(
    ("examining", "renewing", "archiving", "above"), [(90, 4, 70, 0), (90, 6, 70, 1), (90, 6, 90, 2), (100, 4, 70, 1)]
)
def test_a_room_of_twelve_has_three_bounds(
    monkeypatch: pytest.MonkeyPatch, examining: int, renewing: int, archiving: int, above: int
) -> None:
    clock = SimpleNamespace(now=0)

    def goes_on(seconds: int, answer: Any) -> Any:
        clock.now += seconds
        return answer

    twelve = [SimpleNamespace(name=f"poste-{n:02}") for n in range(1, 13)]
    monkeypatch.setattr(ratios, "time", SimpleNamespace(monotonic=lambda: clock.now, sleep=lambda _: None))
    monkeypatch.setattr(ratios, "stations", lambda _: twelve)
    for name in ("up", "keep_golden", "prepare", "start", "work", "down"):
        monkeypatch.setattr(ratios, name, lambda *_, **__: None)
    monkeypatch.setattr(ratios, "examine", lambda *_: goes_on(10, None))  # twelve of them, one by one: 120
    monkeypatch.setattr(ratios, "examine_stations", lambda *_: goes_on(examining, None))
    monkeypatch.setattr(ratios, "each", lambda names, act, workers: goes_on(renewing, (names, [])))
    monkeypatch.setattr(ratios, "put_away", lambda _: goes_on(archiving, twelve))
    monkeypatch.setattr(ratios, "above", [])
    ratios.measure_room(CENTRE, cast(Golden, SimpleNamespace(stack="wordpress-trial", image="x")))
    assert len(ratios.above) == above


@pytest.mark.parametrize(("verdicts", "there"), [("met to_judge", True), ("met not_met", False), ("to_judge", False)])
def test_a_broken_station_counts_as_replaced_when_what_was_done_on_it_is_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], verdicts: str, there: bool
) -> None:
    asked: list[str] = []
    for name in ("start", "work", "docker", "replace"):
        monkeypatch.setattr(ratios, name, lambda *_, name=name: asked.append(name))
    findings = [{"verdict": one} for one in verdicts.split()]
    monkeypatch.setattr(ratios, "examine", lambda *_: {"questions": [{"checks": [{"findings": findings}]}]})
    station = cast(Station, SimpleNamespace(name="poste-01", container="c"))
    with nullcontext() if there else pytest.raises(AssertionError):
        ratios.measure_broken(CENTRE, station, cast(Subject, None))
    assert asked == ["start", "work", "docker", "replace"]
    assert ("within 5" in capsys.readouterr().out) == there


def test_a_step_lasts_until_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter((1.0, 4.0, 36.5))
    monkeypatch.setattr(ratios, "time", SimpleNamespace(monotonic=lambda: next(moments)))
    steps = ratios.Steps()
    for text in ("installation", "contenus de l'entreprise", "contenus en place en 32 s, contrôle des versions"):
        steps.step(text)
    assert steps.seconds("contenus de l'entreprise") == 32.5


@pytest.mark.parametrize(
    ("code", "above"), [(0, []), (3, ["demo with an empty store"]), (None, ["demo with an empty store"])]
)
def test_a_demonstration_of_an_empty_store_ends_without_its_room_and_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], code: int | None, above: list[str]
) -> None:
    ran: list[str] = []

    def run(words: list[Any], *, env: dict[str, str], **_: object) -> Any:
        ran.append(words[1])
        assert not Path(env["E5B_CACHE"]).exists()
        if code is None and words[1] == "demo":
            raise subprocess.TimeoutExpired(words, 1200)
        return SimpleNamespace(returncode=code if words[1] == "demo" else 0)

    monkeypatch.setenv("E5B_CACHE", "/")
    monkeypatch.setattr(ratios, "docker", lambda *_: "one\ntwo")
    monkeypatch.setattr("subprocess.run", run)
    monkeypatch.setattr(ratios, "above", [])
    monkeypatch.setattr(sys, "argv", ["ratios.py", "demo-empty"])
    ratios.main()
    assert ran == ["demo", "down"]
    assert ratios.above == above
    assert ("within 600" in capsys.readouterr().out) == (code == 0)


def test_a_demonstration_as_the_machine_is_takes_its_store(monkeypatch: pytest.MonkeyPatch) -> None:
    stores: list[str | None] = []

    def run(words: list[Any], *, env: dict[str, str], **_: object) -> Any:
        stores.append(env.get("E5B_CACHE"))
        return SimpleNamespace(returncode=0)

    monkeypatch.setenv("E5B_CACHE", "/srv/store")
    monkeypatch.setattr(ratios, "docker", lambda *_: "one\ntwo")
    monkeypatch.setattr("subprocess.run", run)
    ratios.measure_demo("demo")
    assert stores == ["/srv/store"] * 2
