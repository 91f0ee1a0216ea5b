"""The main job from nothing: a station, a robot candidate, an examination, a station as new."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from provisioner.build.artifacts import Store
from provisioner.build.overrides import load_overrides
from provisioner.build.stacks import build
from provisioner.core.errors import (
    ArtifactError,
    BuildFailed,
    EngineUnavailable,
    ProvisionerError,
    Refusal,
    StationNotReady,
)
from provisioner.core.model import Golden, Stack, Station, worst
from provisioner.core.progress import Progress
from provisioner.doctor.container_engine import begin_again_as_member
from provisioner.doctor.diagnosis import repair
from provisioner.engine.docker import DockerEngine
from provisioner.examination.browser import candidate_browser, new_context
from provisioner.examination.examine import examine, verdicts
from provisioner.examination.run_checks import stopped_by
from provisioner.examination.site import CandidateDesk
from provisioner.host.editions import edition_for, load_stacks, stack_named
from provisioner.host.paths import Paths
from provisioner.host.settings import Settings
from provisioner.network.gateway import Room
from provisioner.station import sittings
from provisioner.station.centre import Centre, station_named, stations
from provisioner.station.lifecycle import down, reset, up
from provisioner.station.state import State
from provisioner.subject.subjects import Subject, load_subject, subject_ids

ROOM = "demo"
#: How long a demonstration may be at it, on the slowest of machines.
_LONGEST = timedelta(hours=1)


def demonstrate(
    paths: Paths, settings: Settings, stack: str, progress: Progress, banner: Callable[[str, Sequence[str], bool], None]
) -> dict[str, Any]:
    """Do all of it, for every CMS or for the one edition; the document holds the exit code.

    `banner` is called with title, differences and whether it is official, as soon as it is known what a
    station is built from. A CMS whose image can't be had is left out, and `skipped` says why.
    """
    with State(paths, settings.zone).holding(ROOM, "robot", "demo"):  # it begins by emptying its room
        return _demonstrated(paths, settings, stack, progress, banner)


def _demonstrated(
    paths: Paths, settings: Settings, stack: str, progress: Progress, banner: Callable[[str, Sequence[str], bool], None]
) -> dict[str, Any]:
    progress.step("Ce que cette machine a et ce qui lui manque")
    report = repair(paths, progress)
    if not report.ok:
        begin_again_as_member()
        missing = ", ".join(f"{row.name} ({row.seen})" for row in report.rows if row.state == "manque")
        raise EngineUnavailable(f"Cette machine n'est pas prête : {missing}. {report.remedy}.")
    engine, state = DockerEngine(), State(paths, settings.zone)
    store = Store(paths, load_overrides(paths.overrides), progress)

    def empty() -> None:
        _empty(Centre(engine, settings, state, Room.named(engine, ROOM, settings), progress))

    empty()  # what can't be is told before anything is built
    chosen, skipped = _reachable(store, stack, settings, progress)
    goldens, failures = [], []
    for edition, subject in chosen:
        try:
            goldens.append((build(engine, edition, store, settings, progress), subject))
        except (ArtifactError, BuildFailed) as error:
            failures.append(error)
            skipped.append(f"{edition.title} n'est pas montré, son image n'a pas pu être construite : {error}")
            progress.step(skipped[-1])
            continue
        progress.step(f"ÉDITION : {edition.title}")
        banner(edition.title, goldens[-1][0].conformity.differs, edition.official)
    if not goldens:
        raise failures[0]

    empty()  # another account may have begun one meanwhile
    centre = Centre(engine, settings, state, Room.on_free_ports(ROOM, len(goldens)), progress)
    try:
        for golden, subject in goldens:
            up(centre, 1, [subject.id], golden)
        done = [
            _examined(centre, station, golden, subject)
            for station, (golden, subject) in zip(stations(centre), goldens, strict=True)
        ]
    except BaseException:
        down(centre)
        raise
    found = [verdict for one in done for verdict in verdicts(one["check"])]
    # Archives that can't be had are nobody's fault; an image that can't be built is the machine's.
    unbuilt = max((one.exit_code for one in failures if isinstance(one, BuildFailed)), default=0)
    return {"stations": done, "skipped": skipped, "exit": max(worst(found), unbuilt)}


def _empty(centre: Centre) -> None:
    """Remove what another demonstration left, whoever made it: at this room's door, on this machine alone, nobody sits.

    Where their record is another account's, or lost, `down` alone would keep its stations for a candidate's. Those that a
    person put there himself carry his folder (see Room.owner), and are his to remove; and nothing tells of young ones
    that their demonstration is over.
    """
    held, state = sittings.containers_of(centre.engine, centre.state, ROOM), centre.state
    left = [one for one in held if sittings.is_lost(state, one) and sittings.to_archive(state, one)]
    youngest = max((datetime.fromisoformat(one.created) for one in left), default=datetime.min.replace(tzinfo=UTC))
    if any(one.labels.get("e5b.owner") for one in left) or datetime.now(UTC) - youngest < _LONGEST:
        raise Refusal(
            f"La salle « {ROOM} » sert, ou servait il y a moins d'une heure, à un autre utilisateur de cette machine, ou avec "
            "un autre E5B_STATE : rien n'y a été touché. Attendez qu'il ait fini ; si plus personne n'y travaille, lancez "
            f"« e5b down --room {ROOM} --discard démonstration », puis recommencez."
        )
    for one in left:
        centre.discard(one.id)
    down(centre)


def _examined(centre: Centre, station: Station, golden: Golden, subject: Subject) -> dict[str, Any]:
    """Worked on by the robot, examined, reset: the row of a document."""
    _walked(centre, station, golden, subject)
    document = examine(centre, station.name)
    renewed, seconds = reset(centre, station.name, golden)
    mine = centre.state.credentials(renewed.container)
    if mine is None:
        raise StationNotReady(f"Les identifiants de {renewed.name} n'ont pas été gardés.")
    return {
        "station": renewed.name,
        "stack": golden.stack,
        "conforming": golden.conformity.conforming,
        "differs": list(golden.conformity.differs),
        "address": renewed.address,
        "user": mine.user,
        "password": mine.password,
        "check": document,
        "reset": {"seconds": seconds, "pristine": True},
    }


def _walked(centre: Centre, station: Station, golden: Golden, subject: Subject) -> None:
    """The robot's work; a screen that is slow once doesn't end the demonstration: it begins anew, once."""
    held = partial(centre.state.holding, centre.room.name, station.name, "demo")
    try:
        with held():
            return work(centre, station, subject)
    except Exception as error:  # as in a proof: a road that can't be walked to its end
        centre.progress.step(f"{station.name} : le robot recommence sur un poste neuf ({stopped_by(error)})")
    reset(centre, station.name, golden)
    try:
        with held():
            work(centre, station, subject)
    except ProvisionerError:
        raise
    except Exception as error:
        raise StationNotReady(
            f"Le candidat robot n'a pas pu finir son travail sur {station.name} : {stopped_by(error)}. Recommencez ; si "
            "cela se répète, cette machine est trop lente ou trop chargée."
        ) from error


def _reachable(
    store: Store, stack: str, settings: Settings, progress: Progress
) -> tuple[list[tuple[Stack, Subject]], list[str]]:
    """What the demonstration shows, an edition and a subject for each CMS, and sentences for what it can't.

    The exam's own edition where its archives are there or can be fetched, else the trial edition, if there is one.
    """
    subjects = {one.cms: one for one in map(load_subject, reversed(list(subject_ids())))}  # the first of each CMS
    if stack:
        edition = stack_named(stack)
        if edition.cms not in subjects:
            raise Refusal(f"Aucun sujet n'est écrit pour {edition.id} : il n'y a rien à y montrer.")
        return [(edition, subjects[edition.cms])], []
    chosen, skipped, errors = [], [], []
    for cms, subject in sorted(subjects.items(), reverse=True):
        official = edition_for(cms, settings)
        try:
            for artifact in official.artifacts:
                store.fetch(artifact)
        except ArtifactError as error:
            errors.append(error)
            progress.step(f"{official.id} : {error}")
            trial = next((one for one in load_stacks().values() if one.cms == cms and not one.official), None)
            if trial is None:
                skipped.append(f"{official.title} n'est pas montré, ses archives sont hors d'atteinte : {error}")
                progress.step(skipped[-1])
                continue
            progress.step(f"Ses archives sont hors d'atteinte : la démonstration prend {trial.id}, l'ÉDITION D'ESSAI")
            official = trial
        chosen.append((official, subject))
    if not chosen:
        raise errors[0]
    return chosen, skipped


def work(centre: Centre, station: Station, subject: Subject) -> None:
    """The five questions, through the real screens, as a candidate would."""
    credentials = centre.state.credentials(station_named(centre, station.name).container)
    if credentials is None:
        raise StationNotReady(f"Les identifiants de {station.name} n'ont pas été gardés.")
    with candidate_browser(centre.room.port_of(station.place), centre.room.local_address) as browser:
        desk = CandidateDesk(new_context(browser, centre.settings), station, credentials, subject.documents)
        for question in subject.questions:
            for wanted in question.wanted:
                way = wanted.check.ways()[0]
                centre.progress.step(f"{station.name}, le candidat robot, question {question.number} : {way.name}")
                way.run(desk)
