"""A station's whole way, by the commands that a technician gives, with a real engine and a real browser.

Built, worked on by a robot, examined, archived, made as new; its archive read back and opened; its room proven. One
station has the right work, its neighbour one slip in it.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from provisioner.core.model import Station
from provisioner.demo.demonstration import work
from provisioner.engine.protocol import Engine
from provisioner.examination.browser import candidate_browser, new_context
from provisioner.examination.site import CandidateDesk
from provisioner.host.editions import stack_named
from provisioner.station.centre import Centre, station_named
from provisioner.subject.subjects import load_subject
from tests.command import Program

STACK = "wordpress-trial"
SUBJECT = load_subject(f"{stack_named(STACK).cms}-a")


@pytest.fixture
def program(centre: Centre, tmp_path: Path) -> Program:
    """The command line in the room of this test."""
    room = centre.room
    (tmp_path / "e5b.toml").write_text(
        f'room = "{room.name}"\nfirst_port = {room.first_port}\nplaces = {room.places}\n'
        f'editions = {{ wordpress = "{STACK}" }}\n'
    )
    return Program({"E5B_STATE": str(tmp_path / "state"), "E5B_CONFIG": str(tmp_path / "e5b.toml")})


@pytest.fixture
def browser() -> None:
    """What the robot works with, and what examines its work."""


def told(program: Program, *words: str, code: int = 0) -> dict[str, Any]:
    """What a command answers."""
    ran = program.run(*words, "--json", seconds=900)
    assert ran.code == code, ran.err
    document = json.loads(ran.out)
    assert isinstance(document, dict)
    return document


@contextmanager
def step(title: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    print(f"{time.monotonic() - began:7.1f} s  {title}", flush=True)


def verdicts(examined: dict[str, Any], question: int) -> dict[str, str]:
    """The verdict of each fact of a question."""
    (checks,) = (one["checks"] for one in examined["questions"] if one["number"] == question)
    return {finding["fact"]: finding["verdict"] for check in checks for finding in check["findings"]}


def slip(centre: Centre, station: Station) -> str:
    """The first question worked with its first near miss; the fact that it leaves out."""
    mine = centre.state.credentials(station_named(centre, station.name).container)
    assert mine is not None
    act = SUBJECT.questions[0].wanted[0].check.near_misses()[0]
    with candidate_browser(centre.room.port_of(station.place), centre.room.local_address) as chromium:
        act.run(CandidateDesk(new_context(chromium, centre.settings), station, mine, SUBJECT.documents))
    return act.fact


def test_a_station_goes_its_whole_way(centre: Centre, engine: Engine, program: Program, browser: None) -> None:
    print()
    with step("build"):
        assert told(program, "build", STACK)
    with step("up"):
        assert len(told(program, "up", "2", "--subject", SUBJECT.id)["stations"]) == 2
        right, slipped = station_named(centre, "poste-01"), station_named(centre, "poste-02")
        first = right.container
    with step("the robot's right work"):
        work(centre, right, SUBJECT)
    with step("one near miss"):
        missed = slip(centre, slipped)
    with step("check"):
        by_name = {one["station"]: one for one in told(program, "check", "--all", code=1)["stations"]}
        for question in SUBJECT.questions:
            found = verdicts(by_name[right.name], question.number)
            assert found
            assert set(found.values()) <= {"met", "to_judge"}, found
        assert "met" in verdicts(by_name[right.name], 1).values()
        assert verdicts(by_name[slipped.name], 1)[missed] == "not_met"
        assert Path(by_name[right.name]["report"]).is_file()
        assert not by_name[right.name]["conforming"]  # the trial is never an exam station
    with step("archive, and read it back"):
        (made,) = told(program, "archive", "make", right.name)["archives"]
        assert made["verified"]
        assert [one["station"] for one in told(program, "archive", "verify", made["archive"])["archives"]] == [
            right.name
        ]
    with step("reset --verify"):
        (renewed,) = told(program, "reset", right.name, "--verify")["stations"]
        assert renewed["pristine"]
        assert renewed["address"] == right.address
        assert station_named(centre, right.name).container != first
    with step("every way out tried, without rules and in the room"):
        proof = told(program, "network", "prove")
        assert (proof["leaks"], proof["doubtful"]) == ([], [])
        assert len(proof["ways"]) >= 45
    with step("down"):
        told(program, "down")
        assert engine.containers(kind="*", room=centre.room.name) == []
    with step("open the archive, and close it"):
        (opened,) = told(program, "archive", "open", made["archive"])["views"]
        try:
            assert opened["address"] == right.address
            search = httpx.get(f"{right.address}/?s=Portes+ouvertes", trust_env=False, timeout=60)
            assert "Portes ouvertes à l’atelier" in search.text  # what the robot wrote
        finally:
            assert told(program, "archive", "close")["closed"] == [opened["view"]]
