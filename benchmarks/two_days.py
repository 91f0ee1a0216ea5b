"""Plays whole days of the exam on a clock that it moves itself, and counts what must be true at their end.

    .venv/bin/python benchmarks/two_days.py [--stations 12] [--rounds 6] [--days 2] [--page FILE]

Robots work well, in part or not at all; one station crashes in each round. Exit code 1 when an archive isn't
whole, a verdict isn't as the work was done, or a station holds something of who was there before.
"""

import argparse
import html
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from provisioner.archives import verify
from provisioner.archiving import put_away
from provisioner.checking import examine
from provisioner.clock import EXAM
from provisioner.config import Paths, Settings, stack_named
from provisioner.demo import work
from provisioner.docker_engine import DockerEngine
from provisioner.exam import start
from provisioner.guard import look
from provisioner.lifecycle import Centre, down, settle_doors, stations
from provisioner.model import Station, Verdict
from provisioner.network import Room
from provisioner.progress import Quiet
from provisioner.roster import read_roster
from provisioner.rounds import entries_of, following, keep, seat
from provisioner.snapshots import replace as repair
from provisioner.spares import renew
from provisioner.stacks import golden_of
from provisioner.state import State
from provisioner.subjects import Subject, load_subject

KINDS = ("bon", "partiel", "rien")
#: How many questions a robot answers, by its kind.
ANSWERED = {"bon": 5, "partiel": 2, "rien": 0}


@dataclass
class Days:
    """What happened."""

    wrong: list[str] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    crashes: int = 0


def listed(path: Path, numbers: argparse.Namespace, subjects: list[str]) -> None:
    """The candidates of all days, as a centre would write them."""
    lines, number = ["N°;Nom;Prénom;Commission;Sujet;Poste;Date;Heure"], 0
    for day in range(numbers.days):
        for turn in range(numbers.rounds):
            for place in range(1, numbers.stations + 1):
                number += 1
                at = datetime(2026, 5, 26 + day, 8) + timedelta(minutes=75 * turn)
                subject = subjects[(place + turn) % len(subjects)].replace("-", " ")
                lines.append(
                    f"{number:07};NOM{number};Prénom;{place % 3 + 1};{subject};{place};{at:%d/%m/%Y};{at:%Hh%M}"
                )
    path.write_text("\n".join(lines), encoding="utf-8")


def now_is(moment: datetime) -> None:
    Path(os.environ["E5B_NOW"]).write_text(moment.isoformat(), encoding="utf-8")


def robot(centre: Centre, station: Station, subject: Subject, kind: str) -> None:
    if kind != "rien":
        work(centre, station, replace(subject, questions=subject.questions[: ANSWERED[kind]]))


def crash(centre: Centre, station: Station) -> None:
    """One of the ways in which a station breaks; the room is back by itself or by one command."""
    way = random.choice(["database", "container"])
    if way == "database":
        centre.engine.run(station.container, ["bash", "-c", "pkill -KILL mariadbd || true"])
        deadline = time.monotonic() + 60
        while centre.engine.container(station.container).state != "running" and time.monotonic() < deadline:
            time.sleep(0.2)
    else:
        subprocess.run(["docker", "kill", station.container], check=True, capture_output=True, timeout=60)
        repair(centre, station.name, "panne simulée")


def judged(document: dict[str, Any], kind: str) -> list[str]:
    """What the verdicts of a report say that the robot's work doesn't."""
    wrong = []
    for question in document["questions"]:
        answered = question["number"] <= ANSWERED[kind]
        for check in question["checks"]:
            for one in check["findings"]:
                verdict = Verdict(one["verdict"])
                right = (Verdict.MET if answered else Verdict.NOT_MET, Verdict.TO_JUDGE)
                if verdict not in right:
                    wrong.append(f"question {question['number']}, {one['fact']} : {verdict} ({one['observed']})")
    return wrong


def one_round(centre: Centre, days: Days, at: datetime) -> None:
    now_is(at)
    present = stations(centre)
    kinds = {one.name: random.choice(KINDS) for one in present}
    for station in present:
        start(centre, station.name)
    unlucky = random.choice(present).name
    for station in present:
        subject = load_subject(station.subject)
        robot(centre, station, subject, kinds[station.name])
        now_is(at + timedelta(minutes=EXAM // 2))
        look(centre)
        if station.name == unlucky:
            days.crashes += 1
            crash(centre, station)
    now_is(at + timedelta(minutes=EXAM + 1))
    look(centre)
    settle_doors(centre)
    for station in present:
        document = examine(centre, station.name)
        who = document["candidate"] or {}
        wrong = judged(document, kinds[station.name])
        days.wrong += [f"candidat {who.get('number')} ({kinds[station.name]}) : {one}" for one in wrong]
        days.rows.append({"number": who.get("number"), "station": station.name, "subject": station.subject,
                          "kind": kinds[station.name], "wrong": len(wrong)})  # fmt: skip
        print(
            f"{at:%d/%m %H:%M} {station.name} {station.subject} {kinds[station.name]}: {len(wrong)} wrong", flush=True
        )


def next_round(centre: Centre, days: Days) -> None:
    """Hand every station to its next candidate, and archive who was there."""
    for station in stations(centre):
        wanted = following(centre, station)
        golden = wanted.golden if wanted else golden_of(centre.engine, stack_named(station.stack))
        assert golden is not None
        renewed, _ = renew(centre, station.name, golden, wanted=wanted)
        proof = (centre.state.record(renewed.container) or {}).get("pristine") or {}
        if proof.get("golden") != golden.image or (centre.state.record(renewed.container) or {}).get("clock"):
            days.wrong.append(f"{station.name} n'est pas neuf pour le candidat suivant")
    put_away(centre)


def main() -> int:
    parser = argparse.ArgumentParser()
    for name, usual in (("stations", 12), ("rounds", 6), ("days", 2)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--page", type=Path, default=Path("deux-jours.html"))
    parser.add_argument("--subjects", nargs="+", default=["wordpress-a", "prestashop-a"])
    numbers = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["E5B_NOW"] = f"{folder}/now"
        settings = Settings()
        now_is(datetime(2026, 5, 26, 7, tzinfo=settings.zone))
        paths = Paths(Path(folder) / "cache", Path(folder) / "state", Path(folder) / "e5b.toml")
        room = Room.apart("jours", numbers.stations)
        centre = Centre(DockerEngine(), settings, State(paths, settings.zone), room, Quiet())
        days = Days()
        try:
            listed(Path(folder) / "liste.csv", numbers, numbers.subjects)
            keep(centre, read_roster(Path(folder) / "liste.csv", settings.zone, numbers.stations), "liste.csv")
            seat(centre)
            for at in sorted({datetime.fromisoformat(entry["at"]) for entry in entries_of(centre)}):
                one_round(centre, days, at)
                next_round(centre, days)
            archived = sorted(centre.state.archives.glob("*.e5b.zip"))
            for path in archived:
                verify(path)
            missing = [entry["number"] for entry in entries_of(centre) if not entry.get("archived")]
            days.wrong += [f"candidat {number} : pas d'archive" for number in missing]
            summary(numbers.page, days, len(archived))
        finally:
            down(centre, discard="jours simulés")
    print(
        f"{len(days.rows)} candidates, {days.crashes} crashes, {len(archived)} archives whole, {len(days.wrong)} wrong"
    )
    for one in days.wrong:
        print(f"  {one}")
    return int(bool(days.wrong))


def summary(page: Path, days: Days, archived: int) -> None:
    rows = "".join(
        f"<tr>{''.join(f'<td>{html.escape(str(row[key]))}</td>' for key in ('number', 'station', 'subject', 'kind', 'wrong'))}</tr>"
        for row in days.rows
    )
    wrong = "".join(f"<li>{html.escape(one)}</li>" for one in days.wrong) or "<li>rien</li>"
    page.write_text(
        f'<!doctype html><html lang="fr"><meta charset="utf-8"><title>Jours simulés</title><h1>Jours simulés</h1>'
        f"<p>{len(days.rows)} candidats, {days.crashes} pannes, {archived} archives relues entières.</p>"
        f"<h2>Ce qui ne va pas</h2><ul>{wrong}</ul><table><tr><th>Candidat<th>Poste<th>Sujet<th>Travail<th>Écarts</tr>"
        f"{rows}</table></html>",
        encoding="utf-8",
    )


if __name__ == "__main__":
    sys.exit(main())
