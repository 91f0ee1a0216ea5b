"""A room with two commissions whose candidates can be marked through the whole console, for the tests of its pages."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import httpx
import pytest
from argon2 import PasswordHasher

from provisioner.console import marks
from provisioner.console.app import console
from provisioner.console.guards import Guards
from provisioner.console.people import People, Role
from provisioner.console.services import Services
from provisioner.exam import seating
from provisioner.exam.list_update import save_roster
from provisioner.exam.roster import Line, Roster
from provisioner.exam.seating import assign_stations
from provisioner.papers import marking as papers
from provisioner.station.centre import Centre, stations
from tests.staged_room import StagedActs, StagedRoom, some_tiles
from tests.unit.exam_room import ZONE, exam_room, now_is

PASSWORD = "le phare de la Jument"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
HOST = "127.0.0.5:8400"
#: Who may sign in: M. Even and Mme Gall mark for commission A, M. Bihan for « B / 2 ».
PEOPLE = {
    "M. Even": (Role.EXAMINER, "A"),
    "Mme Gall": (Role.EXAMINER, "A"),
    "M. Bihan": (Role.EXAMINER, "B / 2"),
    "Mme Guen": (Role.READER, ""),
}
#: The pages of the first candidate of commission A, of the second, and of the one of « B / 2 ».
FIRST, SECOND = "/commission/A/1-wordpress-a-2026-05-21", "/commission/A/2-wordpress-a-2026-05-21"
OTHERS = "/commission/B%2520%252F%25202/3-prestashop-a-2026-05-21"
#: The least that is a whole picture.
JPEG, PNG = b"\xff\xd8\xff capture \xff\xd9", b"\x89PNG\r\n\x1a\n capture IEND\xaeB`\x82"


def line(number: str, name: str, commission: str, subject: str, place: int, hour: int) -> Line:
    return Line(number, name, "P", commission, subject, place, datetime(2026, 5, 21, hour, tzinfo=ZONE))


LIST = Roster(
    (
        line("1", "ÉVENOU", "A", "wordpress-a", 1, 9),
        line("2", "KERVELLA", "A", "wordpress-a", 2, 9),
        line("3", "TANGUY", "B / 2", "prestashop-a", 3, 9),
    ),
    (),
)


def finding(verdict: str, fact: str, observed: str, *evidence: str) -> dict[str, Any]:
    return {
        "fact": f"wordpress.contenu.publier/{fact}",
        "verdict": verdict,
        "expected": f"attendu de {fact}",
        "observed": observed,
        "evidence": list(evidence),
    }


def report_of(*questions: list[dict[str, Any]]) -> dict[str, Any]:
    """The document of an examination, with the findings of each question."""
    check = {
        "id": "wordpress.contenu.published_content",
        "title": "Le contenu",
        "skill": "s",
        "acts": False,
        "may_act": False,
    }
    return {
        "station": "poste-01",
        "subject": "wordpress-a",
        "subject_title": "t",
        "taken_at": "2026-05-21T09:41:00+02:00",
        "ended": True,
        "differs": [],
        "questions": [
            {"number": number, "text": "q", "criterion": "c", "checks": [{**check, "findings": findings}]}
            for number, findings in enumerate(questions, 1)
        ],
    }


@dataclass
class Marked:
    """The room and its console, with a token of each of its people."""

    centre: Centre
    app: Guards
    acts: StagedActs
    tokens: dict[str, str]

    def ask(
        self, method: str, path: str, who: str = "M. Even", headers: Mapping[str, str] | None = None, **data: Any
    ) -> httpx.Response:
        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, client=("192.0.2.10", 50000))
            async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client:
                cookie = {"Cookie": f"e5b-console={self.tokens[who]}", "Origin": f"http://{HOST}"}
                return await client.request(method, path, headers={**cookie, **(headers or {})}, data=data or None)

        return asyncio.run(asked())

    def get(self, path: str, who: str = "M. Even") -> httpx.Response:
        return self.ask("GET", path, who)

    def write(self, path: str, version: int = 0, who: str = "M. Even", level: str = "", **typed: str) -> httpx.Response:
        """Send a form without a script; `level` is of the question's first skill."""
        return self.ask("POST", path, who, None, **{"version": str(version), "level-0": level, **typed})

    def live(self, path: str, version: int = 0, who: str = "M. Even", level: str = "", **typed: str) -> httpx.Response:
        """The same as htmx sends it."""
        return self.ask(
            "POST", path, who, {"HX-Request": "true"}, **{"version": str(version), "level-0": level, **typed}
        )

    def examine(self, document: Mapping[str, Any], files: Mapping[str, bytes], place: int = 1) -> Path:
        """Have the candidate at a place have worked, and been examined with this."""
        station = stations(self.centre)[place - 1]
        folder = self.centre.state.report_folder("salle", station.name, datetime(2026, 5, 21, 9, 42, tzinfo=ZONE))
        folder.mkdir(parents=True)
        (folder / "report.json").write_text(json.dumps(document))
        (folder / "report.html").write_text("rapport")
        for name, data in files.items():
            (folder / name).write_bytes(data)
        clock = [{"at": "2026-05-21T09:00:00+02:00", "what": "start", "minutes": 40}]
        self.centre.state.note(
            station.container, clock=clock, reports=[str(folder)], examined_at="2026-05-21T09:41:00+02:00"
        )
        now_is("2026-05-21T10:00")
        return folder


def marked_room(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Marked:
    """The room at eight in the morning; nobody has begun."""
    centre = exam_room(folder, monkeypatch)
    monkeypatch.setattr(marks, "RECENT", 0.0)
    monkeypatch.setattr(papers, "golden_for", seating.golden_for)  # that of the fake engine
    save_roster(centre, LIST, "liste.csv")
    assign_stations(centre)
    file, tokens = _accounts()
    (folder / "console.sqlite").write_bytes(file)
    people = People(folder / "console.sqlite", QUICK)
    room, acts = StagedRoom(), StagedActs()
    room.show(*some_tiles(3), series="Série 1")
    services = Services(lambda: centre, people, room, cast(Any, acts), "salle", ZONE)
    return Marked(centre, console(services, ["127.0.0.5"]), acts, dict(tokens))


@cache
def _accounts() -> tuple[bytes, dict[str, str]]:
    """A file of accounts, and a token of each: made once."""
    with TemporaryDirectory() as folder:
        people = People(file := Path(folder) / "console.sqlite", QUICK)
        people.make_first(people.first_code(), "Mme Riou", PASSWORD, "192.0.2.10")
        for name, (role, commission) in PEOPLE.items():
            people.choose_password(people.make(name, role, commission)[1], PASSWORD, "192.0.2.10")
        tokens = {name: people.sign_in(name, PASSWORD, "192.0.2.10")[1] for name in ("Mme Riou", *PEOPLE)}
        return file.read_bytes(), tokens
