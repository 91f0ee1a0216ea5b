"""The whole use of the program from nothing: a station, a robot in a candidate's place, an examination, a reset."""

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
from provisioner.examination.check_failure import stopped_by
from provisioner.examination.examine import examine, verdicts
from provisioner.examination.site import CandidateDesk
from provisioner.host.companies import HOME, company_folder
from provisioner.host.editions import cms_name, editions_chosen, load_stacks, stack_named
from provisioner.host.paths import Paths
from provisioner.host.settings import Settings
from provisioner.network.gateway import Room
from provisioner.station import sittings
from provisioner.station.centre import Centre, station_named, stations
from provisioner.station.lifecycle import down, reset, up
from provisioner.station.state import State
from provisioner.subject.subjects import Subject, load_subject, subject_ids
from provisioner.subject.suitability import refuse_unsuited

ROOM = "demo"
#: How long a demonstration may take, on the slowest machine.
_LONGEST = timedelta(hours=1)


def demonstrate(
    paths: Paths, settings: Settings, stack: str, progress: Progress, banner: Callable[[str, Sequence[str], bool], None]
) -> dict[str, Any]:
    """Demonstrate every CMS, or the one edition `stack`; the document for `--json`, with the exit code in `exit`.

    `banner` is called with an edition's title, its differences and whether it is official, as soon as its image is
    built. A CMS whose image can't be built is left out, and `skipped` says why.
    """
    with State(paths, settings.zone).holding(ROOM, "robot", "demo"):  # alone, since it begins by emptying its room
        return _demonstrate(paths, settings, stack, progress, banner)


def _demonstrate(
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

    def empty_room() -> None:
        _remove_earlier(Centre(engine, settings, state, Room.named(engine, ROOM, settings), progress))

    empty_room()  # first, so that a refusal comes before anything is built
    chosen, skipped = _choose_editions(store, stack, settings, progress)
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

    empty_room()  # again: another account may have begun a demonstration meanwhile
    centre = Centre(engine, settings, state, Room.on_free_ports(ROOM, len(goldens)), progress)
    try:
        for golden, subject in goldens:
            up(centre, 1, [subject.id], golden)
        rows = [
            _examine_and_reset(centre, station, golden, subject)
            for station, (golden, subject) in zip(stations(centre), goldens, strict=True)
        ]
    except BaseException:
        down(centre)
        raise
    all_verdicts = [verdict for row in rows for verdict in verdicts(row["check"])]
    # Archives that can't be fetched don't make the command fail; an image that can't be built does.
    unbuilt = max((failure.exit_code for failure in failures if isinstance(failure, BuildFailed)), default=0)
    return {"stations": rows, "skipped": skipped, "exit": max(worst(all_verdicts), unbuilt)}


def _remove_earlier(centre: Centre) -> None:
    """Remove what an earlier demonstration left, whoever ran it: no candidate sits in this room.

    `down` alone would refuse where the stations' records are another account's or lost. Refused where a person opened
    the room by hand (its stations have an owner, see Room.owner), or where the stations are younger than an hour: that
    demonstration may still run.
    """
    containers, state = sittings.containers_of(centre.engine, centre.state, ROOM), centre.state
    leftovers = [
        container
        for container in containers
        if sittings.is_lost(state, container) and sittings.to_archive(state, container)
    ]
    youngest = max(
        (datetime.fromisoformat(container.created) for container in leftovers), default=datetime.min.replace(tzinfo=UTC)
    )
    if any(container.labels.get("e5b.owner") for container in leftovers) or datetime.now(UTC) - youngest < _LONGEST:
        raise Refusal(
            f"La salle « {ROOM} » sert, ou servait il y a moins d'une heure, à un autre utilisateur de cette machine, ou avec "
            "un autre E5B_STATE : rien n'y a été touché. Attendez qu'il ait fini ; si plus personne n'y travaille, lancez "
            f"« e5b down --room {ROOM} --discard démonstration », puis recommencez."
        )
    for container in leftovers:
        centre.discard(container.id)
    down(centre)


def _examine_and_reset(centre: Centre, station: Station, golden: Golden, subject: Subject) -> dict[str, Any]:
    """Have the robot work on a station, examine it and reset it; the station's row of the document."""
    _have_robot_work(centre, station, golden, subject)
    document = examine(centre, station.name)
    renewed, seconds = reset(centre, station.name, golden)
    credentials = centre.state.credentials(renewed.container)
    if credentials is None:
        raise StationNotReady(f"Les identifiants de {renewed.name} n'ont pas été gardés.")
    return {
        "station": renewed.name,
        "stack": golden.stack,
        "conforming": golden.conformity.conforming,
        "differs": list(golden.conformity.differs),
        "address": renewed.address,
        "user": credentials.user,
        "password": credentials.password,
        "check": document,
        "reset": {"seconds": seconds, "pristine": True},
    }


def _have_robot_work(centre: Centre, station: Station, golden: Golden, subject: Subject) -> None:
    """Have the robot work; where it fails, try once more on a new station, since a screen may be slow once."""
    holding = partial(centre.state.holding, centre.room.name, station.name, "demo")
    try:
        with holding():
            return work(centre, station, subject)
    except Exception as error:  # any error of the browser or of a way
        centre.progress.step(f"{station.name} : le robot recommence sur un poste neuf ({stopped_by(error)})")
    reset(centre, station.name, golden)
    try:
        with holding():
            work(centre, station, subject)
    except ProvisionerError:
        raise
    except Exception as error:
        raise StationNotReady(
            f"Le candidat robot n'a pas pu finir son travail sur {station.name} : {stopped_by(error)}. Recommencez ; si "
            "cela se répète, cette machine est trop lente ou trop chargée."
        ) from error


def _choose_editions(
    store: Store, stack: str, settings: Settings, progress: Progress
) -> tuple[list[tuple[Stack, Subject]], list[str]]:
    """Choose an edition and a subject for each CMS; also French sentences for each CMS that can't be shown.

    The exam's own edition is preferred; where its archives can't be fetched, the trial edition, if there is one.
    """
    known_cms = {known.cms for known in load_stacks().values()}
    company = stack_named(stack).company if stack else HOME
    first = {name.rpartition("-")[0]: name for name in reversed(_by_company(company))}
    # A subject of the centre's that can't be loaded stands after the program's, and prevents no demonstration.
    subjects = {cms: load_subject(name) for cms, name in first.items() if cms in known_cms}
    if stack:
        edition = stack_named(stack)
        if edition.cms not in subjects:
            raise Refusal(f"Aucun sujet n'est écrit pour {edition.id} : il n'y a rien à y montrer.")
        refuse_unsuited(subjects[edition.cms], edition)
        return [(edition, subjects[edition.cms])], []
    chosen, skipped, errors = [], [], []
    of_cms = {edition.cms: edition for edition in editions_chosen(settings)}
    for cms, subject in sorted(subjects.items(), reverse=True):
        if why := _why_not_shown(cms, of_cms.get(cms), settings):
            skipped.append(why)
            progress.step(why)
            continue
        edition = of_cms[cms]
        try:
            for artifact in edition.artifacts:
                store.fetch(artifact)
        except ArtifactError as error:
            errors.append(error)
            progress.step(f"{edition.id} : {error}")
            trial = next((each for each in load_stacks().values() if each.cms == cms and not each.official), None)
            if trial is None:
                skipped.append(f"{edition.title} n'est pas montré, ses archives sont hors d'atteinte : {error}")
                progress.step(skipped[-1])
                continue
            progress.step(f"Ses archives sont hors d'atteinte : la démonstration prend {trial.id}, l'ÉDITION D'ESSAI")
            edition = trial
        refuse_unsuited(subject, edition)
        chosen.append((edition, subject))
    if not chosen:
        raise errors[0]
    return chosen, skipped


def _why_not_shown(cms: str, edition: Stack | None, settings: Settings) -> str:
    """Why a CMS can't be shown at that session, in French; "" where it can."""
    if edition is None:
        return f"La session {settings.session} n'a pas d'édition de {cms_name(cms)} : il n'est pas montré."
    return f"{edition.title} n'est pas montré : {edition.untried}." if edition.untried else ""


def _by_company(company: str) -> list[str]:
    """The ids of all subjects, those that come with a company first."""
    folder = company_folder(company)
    return [name for name, _ in sorted(subject_ids().items(), key=lambda item: not item[1].is_relative_to(folder))]


def work(centre: Centre, station: Station, subject: Subject) -> None:
    """Do the work of every question of the subject through the real screens, as a candidate would."""
    credentials = centre.state.credentials(station_named(centre, station.name).container)
    if credentials is None:
        raise StationNotReady(f"Les identifiants de {station.name} n'ont pas été gardés.")
    with candidate_browser(centre.room.port_of(station.place), centre.room.local_address) as browser:
        desk = CandidateDesk(new_context(browser, centre.settings), station, credentials, subject.documents)
        for question in subject.questions:
            for asked in question.wanted:
                way = asked.check.ways()[0]
                centre.progress.step(f"{station.name}, le candidat robot, question {question.number} : {way.name}")
                way.run(desk)
