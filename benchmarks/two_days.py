"""Plays whole days of the exam on a clock that it moves itself, and counts what must be true at their end.

    .venv/bin/python benchmarks/two_days.py [--stations 12] [--rounds 6] [--days 2] [--page FILE]

Robots work well, in part or not at all; in each round one station crashes while its candidate works, and one
candidate has a third more time; one a day doesn't come. Each leaves words of his own on his station, which are
looked for on the next candidate's and in his archive. Exit code 1 when an archive isn't whole, a verdict isn't
as the work was done, a station holds something of who was there before, a spare that stood ready wasn't used,
or it could not go on; the page of what happened is written in any case.
"""

import argparse
import html
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

from provisioner.archive.archives import layer_of, verify
from provisioner.archive.archiving import put_away
from provisioner.archive.golden_images import keep_golden
from provisioner.build.artifacts import Store
from provisioner.build.overrides import load_overrides
from provisioner.build.stacks import build, golden_of
from provisioner.core.clock import EXAM_MINUTES
from provisioner.core.model import Golden, Station, Verdict, judged_by_a_person
from provisioner.core.progress import Quiet
from provisioner.core.records import Pristine
from provisioner.demo.demonstration import work
from provisioner.engine.docker import DockerEngine
from provisioner.exam.autosnapshot import take_due_snapshots
from provisioner.exam.list_update import save_roster
from provisioner.exam.roster import read_roster
from provisioner.exam.seating import assign_stations, entries_of, next_candidate
from provisioner.exam.working_time import start
from provisioner.examination.examine import examine
from provisioner.host.editions import edition_for, stack_named
from provisioner.host.paths import Paths
from provisioner.host.settings import Settings
from provisioner.network.gateway import Room
from provisioner.station.access import settle_access_windows
from provisioner.station.answering import HEALTH, NO_ANSWER, ask_station, why_closed
from provisioner.station.centre import Centre, station_named, stations
from provisioner.station.lifecycle import down
from provisioner.station.shared_site import ensure_shared_sites
from provisioner.station.snapshots import replace as repair
from provisioner.station.spares import prepare, renew, spares
from provisioner.station.state import State
from provisioner.subject.subjects import Subject, load_subject
from tests.cms import cms_of

KINDS = ("bon", "partiel", "rien")
#: How many questions a robot answers, by its kind.
ANSWERED = {"bon": 5, "partiel": 2, "rien": 0}
SUBJECTS = ("wordpress-a", "prestashop-a", "wordpress-b", "prestashop-b")
#: The words that a candidate leaves, by his number.
WORDS = "e5b-mots-de-{}"
_WORDS = re.compile(rb"e5b-mots-de-(\d{7})")
_PATIENCE = 90
#: A third of the exam, in minutes.
MORE = 13
#: In May 2026.
FIRST_DAY = 26


@dataclass
class Days:
    """What happened."""

    wrong: list[str] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    crashes: Counter[str] = field(default_factory=Counter)
    absent: set[str] = field(default_factory=set)
    handed_over: int = 0
    archives: int = 0


def listed(path: Path, numbers: argparse.Namespace, day: int) -> None:
    """The candidates of one day, as a centre would write them."""
    lines = ["N°;Nom;Prénom;Commission;Sujet;Poste;Date;Heure"]
    for turn in range(numbers.rounds):
        for place in range(1, numbers.stations + 1):
            number = (day + 1) * 10000 + turn * 100 + place  # see kind_of
            at = datetime(2026, 5, FIRST_DAY + day, 8) + timedelta(minutes=75 * turn)
            subject = numbers.subjects[(place + turn) % len(numbers.subjects)].replace("-", " ")
            lines.append(f"{number:07};NOM{number};Prénom;{place % 3 + 1};{subject};{place};{at:%d/%m/%Y};{at:%Hh%M}")
    path.write_text("\n".join(lines), encoding="utf-8")


def now_is(moment: datetime) -> None:
    """Move the clock; whoever reads it meanwhile reads one moment or the other."""
    told = Path(os.environ["E5B_NOW"])
    told.with_suffix(".part").write_text(moment.isoformat(), encoding="utf-8")
    told.with_suffix(".part").replace(told)


def kind_of(number: str) -> str:
    """How the candidate of this number works: all kinds in each round, and one after the other at each station."""
    turn, place = int(number[-4:-2]), int(number[-2:])
    return KINDS[(turn + place) % len(KINDS)]


def number_at(centre: Centre, station: Station) -> str:
    candidate = centre.state.record(station.container).document().get("candidate") or {}
    return str(candidate.get("number", ""))


def leave_words(centre: Centre, station: Station, number: str) -> None:
    """What a candidate saves in a file and in the database of his site."""
    words, uploads = WORDS.format(number), cms_of(station.stack).uploads
    saved = ["bash", "-euc", f"echo {words} >{uploads}/{words}.txt"]
    assert centre.engine.run(station.container, saved, user="www-data").status == 0
    sql = f"create table mots (mot text); insert into mots values ('{words}');"
    assert centre.engine.run(station.container, ["mariadb", "site", "-e", sql]).status == 0


def words_on(centre: Centre, station: Station) -> dict[str, set[str]]:
    """Whose words stand in which files of a station, those of its database among them."""
    told = centre.engine.run(
        station.container,
        [
            "grep",
            "-raoE",
            "--exclude-dir=proc",
            "--exclude-dir=sys",
            "--exclude-dir=dev",
            WORDS.format("[0-9]{7}"),
            "/",
        ],
        privileged=True,
    )
    assert told.status in (0, 1, 2), told.stderr  # 2: a file went while it was read
    found: dict[str, set[str]] = {}
    for line in told.stdout.splitlines():
        if one := _WORDS.search(line.rpartition(b":")[2]):
            found.setdefault(one[1].decode(), set()).add(line.rpartition(b":")[0].decode(errors="replace"))
    return found


def words_in(pieces: Iterable[bytes]) -> set[str]:
    """Whose words stand in a stream."""
    found, end = set(), b""
    for piece in pieces:
        found |= {one.decode() for one in _WORDS.findall(end + piece)}
        end = (end + piece)[-len(WORDS.format("0000000")) :]
    return found


def sitting(centre: Centre, days: Days, station: Station, unlucky: bool) -> None:
    """One candidate's work; the crash comes between two of his questions, else between his words and his end."""
    number, subject = number_at(centre, station), load_subject(station.subject)
    leave_words(centre, station, number)
    asked_of_him = subject.questions[: ANSWERED[kind_of(number)]]
    before = len(asked_of_him) // 2 if unlucky else len(asked_of_him)
    answer(centre, station, replace(subject, questions=asked_of_him[:before]))
    if unlucky:
        days.crashes[crash(centre, station)] += 1
        answer(centre, station, replace(subject, questions=asked_of_him[before:]))


def answer(centre: Centre, station: Station, subject: Subject) -> None:
    if subject.questions:
        work(centre, station, subject)


def crash(centre: Centre, station: Station) -> str:
    """One of the ways in which a station breaks; it is back by itself or by one command."""
    way = random.choice(["base de données", "serveur web", "conteneur", "poste remplacé"])
    if way == "base de données":
        centre.engine.run(station.container, ["bash", "-c", "pkill -KILL mariadbd || true"])
    elif way == "serveur web":
        centre.engine.run(station.container, ["bash", "-c", "pkill -KILL apache2 || true"])
    elif way == "conteneur":
        os.kill(centre.engine.container(station.container).pid, signal.SIGKILL)
    else:
        subprocess.run(["docker", "kill", station.container], check=True, capture_output=True, timeout=60)
        repair(centre, station.name, "panne simulée")
    back(centre, station)
    return way


def back(centre: Centre, station: Station) -> None:
    """Wait until the candidate's address answers as it should, several times in a row."""
    deadline, right = time.monotonic() + _PATIENCE, 0
    while right < 5:
        try:
            connection, told = ask_station(centre.room, station.place, HEALTH)
            connection.close()
            right = right + 1 if told.status == 200 else 0
        except NO_ANSWER:
            right = 0
        assert time.monotonic() < deadline, f"{station.name} did not come back"
        time.sleep(0.2)


def judged(document: Mapping[str, Any], kind: str) -> list[str]:
    """What the verdicts of a report say that the robot's work doesn't; as its proof, a fact is a person's where it says so."""
    wrong = []
    for question in document["questions"]:
        answered = question["number"] <= ANSWERED[kind]
        for check in question["checks"]:
            for one in check["findings"]:
                verdict, right = Verdict(one["verdict"]), Verdict.MET if answered else Verdict.NOT_MET
                if judged_by_a_person(one["fact"]):
                    right = Verdict.TO_JUDGE
                if verdict is not right:
                    wrong.append(f"question {question['number']}, {one['fact']} : {verdict} ({one['observed']})")
    return wrong


def one_round(centre: Centre, days: Days, at: datetime, at_once: int, *, one_absent: bool = False) -> None:
    """Every candidate of one time works, a few at once, while the clock goes on; then his door is closed."""
    now_is(at)
    present = those_who_come(centre, days, one_absent=one_absent)
    slow = random.choice(present).name
    for station in present:
        start(centre, station.name)
        if station.name == slow:
            start(centre, station.name, MORE, "tiers temps")
    work_until_the_end(centre, days, at, at_once, present)
    now_is(at + timedelta(minutes=EXAM_MINUTES + 1))
    take_due_snapshots(centre)
    settle_access_windows(centre)
    wanted = {station.name: "" if station.name == slow else "over" for station in present}
    for station in stations(centre):
        if (door := why_closed(centre.room, station.place)) != wanted.get(station.name, "before"):
            days.wrong.append(f"{station.name} : après {EXAM_MINUTES} minutes, sa porte dit « {door} »")
    now_is(at + timedelta(minutes=EXAM_MINUTES + MORE + 1))
    take_due_snapshots(centre)
    settle_access_windows(centre)
    for station in stations(centre):  # one was replaced, perhaps
        if station.name in wanted:
            judge_station(centre, days, at, station)


def those_who_come(centre: Centre, days: Days, *, one_absent: bool) -> list[Station]:
    """The stations whose candidates begin; of those who do nothing, one stays away where `one_absent`."""
    present = stations(centre)
    days.wrong += [
        f"la porte de {station.name} n'attend pas le début"
        for station in present
        if why_closed(centre.room, station.place) != "before"
    ]
    idle = [station for station in present if kind_of(number_at(centre, station)) == "rien"]
    if one_absent and idle and len(present) > 1:
        days.absent.add(number_at(centre, idle[0]))
        present.remove(idle[0])
    return present


def work_until_the_end(centre: Centre, days: Days, at: datetime, at_once: int, present: list[Station]) -> None:
    """Each works, so many at once; the clock goes on as they finish. One of them has bad luck."""
    working = [station for station in present if kind_of(number_at(centre, station)) != "rien"]
    unlucky, finished, alone = random.choice(working or present).name, 0, Lock()

    def work(station: Station) -> None:
        nonlocal finished
        sitting(centre, days, station, station.name == unlucky)
        with alone:
            finished += 1
            now_is(at + timedelta(minutes=(EXAM_MINUTES - 1) * finished / len(present)))
            take_due_snapshots(centre)

    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(work, present))


def judge_station(centre: Centre, days: Days, at: datetime, station: Station) -> None:
    """Whether the door is closed, the words of its candidate are there, and the verdicts are those of his work."""
    number, found = number_at(centre, station), words_on(centre, station)
    if why_closed(centre.room, station.place) != "over":
        days.wrong.append(f"candidat {number} : sa porte n'est pas fermée")
    for folder in (cms_of(station.stack).uploads, "/var/lib/mysql"):
        if not any(path.startswith(folder) for path in found.get(number, ())):
            days.wrong.append(f"candidat {number} : ses mots ne sont plus dans {folder}")
    document = examine(centre, station.name)
    kind = kind_of(number)
    wrong = judged(document, kind)
    days.wrong += [f"candidat {number} ({kind}) : {fault}" for fault in wrong]
    days.rows.append(
        {"number": number, "station": station.name, "subject": station.subject, "kind": kind, "wrong": len(wrong)}
    )
    print(f"{at:%d/%m %H:%M} {station.name} {number} {station.subject} {kind}: {len(wrong)} wrong", flush=True)


def next_round(centre: Centre, days: Days) -> None:
    """Hand every station to its next candidate, by a spare where one is ready, and archive who was there."""
    coming = {
        one.name: next_candidate(centre, one, skip=number_at(centre, one) in days.absent) for one in stations(centre)
    }
    goldens = {
        one.name: wanted.golden if (wanted := coming[one.name]) else golden_named(centre, one.stack)
        for one in stations(centre)
    }
    ready = Counter({stack: len(spares(centre, golden)) for stack, golden in by_stack(goldens.values()).items()})
    wanted_of = Counter(golden.stack for golden in goldens.values())
    used: Counter[str] = Counter()
    for name, golden in goldens.items():
        renewed, _ = renew(centre, name, golden, wanted=coming[name])
        record = centre.state.record(renewed.container)
        proof = record.pristine or Pristine(by="")
        used[golden.stack] += proof.by == "comparison"
        next_one = coming[name]
        if proof.golden != golden.image or record.clock:
            days.wrong.append(f"{name} n'est pas neuf pour le candidat suivant")
        if record.candidate != (next_one.candidate if next_one else None):
            days.wrong.append(f"{name} n'est pas au nom du candidat suivant")
        for number, places in words_on(centre, station_named(centre, name)).items():
            days.wrong.append(f"{name} a encore des mots du candidat {number} : {', '.join(sorted(places))}")
    days.handed_over += used.total()
    if idle := (ready - used) & (wanted_of - used):
        days.wrong.append(f"une réserve prête n'a pas servi : {dict(idle)}")
    put_away(centre)
    for golden in by_stack(goldens.values()).values():
        prepare(centre, golden)


def by_stack(goldens: Iterable[Golden]) -> dict[str, Golden]:
    return {golden.stack: golden for golden in goldens}


def golden_named(centre: Centre, stack: str) -> Golden:
    golden = golden_of(centre.engine, stack_named(stack))
    assert golden is not None
    return golden


def look_into_archives(centre: Centre, days: Days) -> None:
    """Every archive is whole; each candidate has his, and in it are his words and nobody else's."""
    for path in sorted(centre.state.archives.glob("*.e5b.zip")):
        candidate = verify(path).manifest.candidate
        number = candidate.number if candidate else None
        days.archives += 1
        with layer_of(path) as tar:
            found = words_in(tar)
        if found != {number}:
            days.wrong.append(f"{path.name}, candidat {number} : les mots sont de {sorted(found)}")
    for entry in entries_of(centre):
        if entry.number in days.absent:
            continue
        if not entry.archived or not (centre.state.archives / entry.archived).exists():
            days.wrong.append(f"candidat {entry.number} : pas d'archive")


def play(centre: Centre, days: Days, numbers: argparse.Namespace, folder: Path) -> None:
    """From each day's list to the last archive; the room stands from one day to the next."""
    for day in range(numbers.days):
        now_is(datetime(2026, 5, FIRST_DAY + day, 7, tzinfo=centre.settings.zone))
        listed(folder / f"jour-{day + 1}.csv", numbers, day)
        settings, file = centre.settings, folder / f"jour-{day + 1}.csv"
        roster = read_roster(file, settings.zone, numbers.stations, settings.session)
        stacks = sorted({entry.stack for entry in save_roster(centre, roster, f"jour-{day + 1}.csv")})
        for stack in stacks:
            keep_golden(centre, golden_named(centre, stack).image)
        assign_stations(centre)
        ensure_shared_sites(centre, stacks)
        for stack in stacks:
            prepare(centre, golden_named(centre, stack))
        for turn, at in enumerate(sorted({one.at for one in roster.entries})):
            one_round(centre, days, at, numbers.at_once, one_absent=turn == 1)
            next_round(centre, days)
    look_into_archives(centre, days)


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser()
    for name, default in (("stations", 12), ("rounds", 6), ("days", 2), ("at-once", 2)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--page", type=Path, default=Path("deux-jours.html"))
    parser.add_argument("--subjects", nargs="+", default=SUBJECTS)
    parser.add_argument("--editions", nargs="+", default=())
    numbers = parser.parse_args(words)
    settings = Settings(editions={stack_named(name).cms: name for name in numbers.editions})
    days, started = Days(), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["E5B_NOW"] = f"{folder}/now"
        usual = Paths.from_environment()
        paths = Paths(usual.cache, Path(folder) / "state", Path(folder) / "e5b.toml")
        now_is(datetime(2026, 5, FIRST_DAY, 7, tzinfo=settings.zone))
        room = Room.on_free_ports(f"jours-{os.getpid()}", numbers.stations)
        centre = Centre(DockerEngine(), settings, State(paths, settings.zone), room, Quiet())
        try:
            for name in {edition_for(load_subject(one).cms, settings).id for one in numbers.subjects}:
                if golden_of(centre.engine, stack_named(name)) is None:
                    store = Store(paths, load_overrides(paths.overrides))
                    build(centre.engine, stack_named(name), store, settings, Quiet())
            play(centre, days, numbers, Path(folder))
        except Exception as error:
            traceback.print_exc()
            days.wrong.append(f"arrêté avant la fin : {type(error).__name__} {error}")
        finally:
            summary(numbers.page, days)
            down(centre, discard="jours simulés")
    print(
        f"{len(days.rows)} candidates, {days.crashes.total()} crashes, {days.handed_over} spares handed over, "
        f"{days.archives} archives whole, {len(days.wrong)} wrong, {(time.monotonic() - started) / 60:.0f} min"
    )
    for one in days.wrong:
        print(f"  {one}")
    return int(bool(days.wrong))


def summary(page: Path, days: Days) -> None:
    rows = "".join(
        f"<tr>{''.join(f'<td>{html.escape(str(row[key]))}</td>' for key in ('number', 'station', 'subject', 'kind', 'wrong'))}</tr>"
        for row in days.rows
    )
    wrong = "".join(f"<li>{html.escape(one)}</li>" for one in days.wrong) or "<li>rien</li>"
    crashes = ", ".join(f"{way} {times}" for way, times in sorted(days.crashes.items())) or "aucune"
    page.write_text(
        f'<!doctype html><html lang="fr"><meta charset="utf-8"><title>Jours simulés</title><h1>Jours simulés</h1>'
        f"<p>{len(days.rows)} candidats examinés, {len(days.absent)} absents, {days.handed_over} réserves données, {days.archives} archives relues "
        f"entières.</p><p>Pannes pendant le travail : {html.escape(crashes)}.</p>"
        f"<h2>Ce qui ne va pas</h2><ul>{wrong}</ul><table><tr><th>Candidat<th>Poste<th>Sujet<th>Travail<th>Écarts</tr>"
        f"{rows}</table></html>",
        encoding="utf-8",
    )


if __name__ == "__main__":
    sys.exit(main())
