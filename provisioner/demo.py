"""The main job from nothing: a station, a robot candidate, an examination, a station as new."""

from collections.abc import Callable, Sequence
from typing import Any

from provisioner.artifacts import Store
from provisioner.browser import candidate_browser
from provisioner.checking import examine, verdicts
from provisioner.config import ROOT, Paths, Settings, edition_for, load_overrides, load_stacks, stack_named
from provisioner.docker_engine import DockerEngine
from provisioner.doctor import mend
from provisioner.errors import ArtifactError, EngineUnavailable, StationNotReady
from provisioner.lifecycle import Centre, down, reset, station_named, up
from provisioner.model import Stack, Station, worst
from provisioner.network import Room
from provisioner.progress import Progress
from provisioner.site import CandidateDesk
from provisioner.stacks import build
from provisioner.state import State
from provisioner.subjects import Subject, load_subject, subject_ids

ROOM = "demo"


def run(
    paths: Paths, settings: Settings, stack: str, progress: Progress, banner: Callable[[Sequence[str], bool], None]
) -> dict[str, Any]:
    """Do all of it; the document holds the examination, the reset, the credentials and the exit code.

    `banner` is called as soon as it is known what the station is built from.
    """
    progress.step("Ce que cette machine a et ce qui lui manque")
    report = mend(paths, progress)
    if not report.ok:
        missing = ", ".join(f"{row.name} ({row.seen})" for row in report.rows if row.state == "manque")
        raise EngineUnavailable(f"Cette machine n'est pas prête : {missing}. {report.remedy}.")
    engine, store = DockerEngine(), Store(paths, load_overrides(paths.overrides), progress)
    subject = load_subject(next(iter(subject_ids())))
    chosen = stack_named(stack) if stack else _reachable(store, subject, settings, progress)
    golden = build(engine, chosen, store, settings, progress)
    progress.step(f"ÉDITION : {chosen.title}")
    banner(golden.conformity.differs, chosen.official)

    centre = Centre(engine, settings, State(paths), Room.named(engine, ROOM, settings), progress)
    down(centre)
    centre = Centre(engine, settings, State(paths), Room.apart(ROOM, 2), progress)
    try:
        station = up(centre, 1, [subject.id], golden)[0]
        work(centre, station, subject)
        document = examine(centre, station.name)
        renewed, seconds = reset(centre, station.name, golden)
    except BaseException:
        down(centre)
        raise
    mine = centre.state.credentials(renewed.container)
    if mine is None:
        raise StationNotReady(f"Les identifiants de {renewed.name} n'ont pas été gardés.")
    return {
        "stack": chosen.id,
        "conforming": golden.conformity.conforming,
        "differs": list(golden.conformity.differs),
        "check": document,
        "reset": {"station": renewed.name, "address": renewed.address, "seconds": seconds, "pristine": True},
        "user": mine.user,
        "password": mine.password,
        "exit": worst(verdicts(document)),
    }


def _reachable(store: Store, subject: Subject, settings: Settings, progress: Progress) -> Stack:
    """The exam's own edition where its archives are there or can be fetched, else the trial edition."""
    official = edition_for(subject.cms, settings)
    try:
        for artifact in official.artifacts:
            store.fetch(artifact)
    except ArtifactError as error:
        trial = [stack for stack in load_stacks().values() if stack.cms == subject.cms and not stack.official]
        if not trial:
            raise
        progress.step(f"{official.id} : {error}")
        progress.step(f"Ses archives sont hors d'atteinte : la démonstration prend {trial[0].id}, l'ÉDITION D'ESSAI")
        return trial[0]
    return official


def work(centre: Centre, station: Station, subject: Subject) -> None:
    """The five questions, through the real screens, as a candidate would."""
    credentials = centre.state.credentials(station_named(centre, station.name).container)
    if credentials is None:
        raise StationNotReady(f"Les identifiants de {station.name} n'ont pas été gardés.")
    folders = (subject.folder, *sorted((ROOT / "scenarios").glob("*/media")))
    with candidate_browser(centre.room.port_of(station.place), centre.room.near) as browser:
        desk = CandidateDesk(browser, station, credentials, centre.settings, folders)
        for question in subject.questions:
            for wanted in question.wanted:
                way = wanted.check.ways()[0]
                centre.progress.step(f"Le candidat robot, question {question.number} : {way.name}")
                wanted.check.given(desk)
                way.run(desk)
        desk.close()
