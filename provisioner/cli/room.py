"""Commands for a room and its stations."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from provisioner.cli import booked, resources, show
from provisioner.cli.archive import archive_document, state_remark
from provisioner.cli.screen import safe_markup
from provisioner.cli.show import out
from provisioner.cli.usage import All, AsJson, Discard, Identity, InRoom, Names, OfStack, OfSubjects, OneStation
from provisioner.core.batches import in_turn, raise_combined
from provisioner.core.errors import Refusal
from provisioner.core.model import Credentials, Station, worst
from provisioner.french.text import numbered
from provisioner.host.editions import every_stack, stack_named

if TYPE_CHECKING:
    from provisioner.exam.reset import Renewed
    from provisioner.station.centre import Centre
    from provisioner.station.sittings import Situation


def up(
    count: Annotated[int, typer.Argument(metavar="NOMBRE", min=1, help="Combien de postes de chaque sujet.")] = 1,
    subject: OfSubjects = None,
    stack: OfStack = "",
    roster: Annotated[
        Path | None, typer.Option("--roster", metavar="FICHIER", help="La liste des candidats du jour, CSV ou XLSX.")
    ] = None,
    room: InRoom = "",
    as_json: AsJson = False,
) -> int:
    """Prépare des postes, et donne l'adresse et les identifiants de chacun."""
    if roster is not None:
        if subject or stack or count != 1:
            raise Refusal("La liste dit quels postes et quels sujets : donnez « --roster » seul.")
        from provisioner.cli.day import up_for

        return up_for(roster, room, as_json)
    from provisioner.exam.open_room import open_for_practice, subjects_for_candidates
    from provisioner.station.centre import stations
    from provisioner.subject.subjects import subject_ids

    # Without a subject, `up` runs again what exists: the gateway, the firewall, stations that had stopped.
    if not subject and (stack or count != 1 or not stations(resources.centre(room))):
        resources.settings()  # they may name a folder of subjects
        known_subjects = ", ".join(subject_ids())
        raise Refusal(
            f"Dites quel sujet, par exemple « e5b up {count} --subject wordpress-a ». Sujets : {known_subjects}."
        )
    resources.settings()  # they may name a folder of subjects
    subjects = subjects_for_candidates(subject or ())
    centre = resources.centre_for_new_stations(room) if subjects else resources.centre(room)
    with booked.act(centre, "up", []) as act:
        opened = open_for_practice(act.centre, subjects, count, stack, partial(resources.golden, centre))
        act.text = f"{numbered(len(opened.stations), 'poste')} en place"
    _show_stations(centre, opened.stations, as_json, secrets=True, errors=opened.errors, whole=True)
    return 0


def status(room: InRoom = "", as_json: AsJson = False) -> int:
    """Dit où en sont les postes de la salle ; sans poste, de quand datent les images de référence."""
    from provisioner.build.stacks import golden_of
    from provisioner.exam.autosnapshot import ensure_running
    from provisioner.station.centre import stations

    centre = resources.centre(room, foreign=True)
    present = stations(centre)
    _show_stations(centre, present, as_json, whole=True)
    for stack in () if present or as_json else every_stack():
        if golden := golden_of(centre.engine, stack):
            show.image_age(stack, golden)
    if centre.room.owner == centre.state.id:
        ensure_running(centre)
    return 0


def credentials(station: OneStation, room: InRoom = "", as_json: AsJson = False) -> int:
    """Redonne l'adresse et les identifiants d'un poste, et dit de quel candidat il est."""
    from provisioner.exam.seating import candidate_of
    from provisioner.station.centre import station_named

    centre = resources.centre(room, foreign=True)
    station_found = station_named(centre, station)
    if not as_json and (candidate := candidate_of(centre, station_found)):
        out.print(f"Le candidat de {station_found.name} est {safe_markup(candidate)}.")
    _show_stations(centre, [station_found], as_json, secrets=True)
    return 0


def reset(
    names: Names = None,
    everything: All = False,
    verify: Annotated[bool, typer.Option("--verify", metavar="", help="Comparer tout à l'image de référence.")] = False,
    skip: Annotated[bool, typer.Option("--next", metavar="", help="Passer un candidat absent.")] = False,
    discard: Discard = "",
    room: InRoom = "",
    as_json: AsJson = False,
) -> int:
    """Remet un poste à neuf, à la même adresse ; le travail d'un candidat qui a commencé est archivé."""
    from provisioner.exam.reset import ResetInterrupted, reset_stations

    if skip and everything:
        raise Refusal("Dites quel poste a un candidat absent : « --next » ne va pas avec « --all ».")
    centre = resources.centre(room)
    chosen = resources.named_stations(centre, names, everything)

    def show_renewed(renewed: "Sequence[Renewed]") -> None:
        if not as_json:
            _show_renewed(centre, renewed)

    with booked.act(centre, "next" if skip else "reset", chosen, why=discard) as act:
        try:
            outcome = reset_stations(
                act.centre, chosen, compare=verify, skip=skip, discard=discard, on_renewed=show_renewed
            )
        except ResetInterrupted as error:
            error.done = {"stations": [show.station_document(station) for station in error.renewed]}
            act.done(error.renewed, "neuf")
            raise
        for renewed in outcome.renewed:
            act.done([renewed.station], f"neuf{f', pour {renewed.candidate.number}' if renewed.candidate else ''}")
        act.failed(outcome.errors, outcome.failed)
    document = {
        "stations": [_renewed_document(renewed) for renewed in outcome.renewed],
        "unexamined": list(outcome.unexamined),
        "archives": [archive_document(archive) for archive in outcome.archives],
    }
    for archive in () if as_json else outcome.archives:
        out.print(
            f"L'ancien {archive.manifest.station} est archivé et relu : {archive.path}{state_remark(archive)}",
            soft_wrap=True,
        )
    raise_combined(outcome.errors, document)
    if as_json:
        show.as_json(document)
    return 0


def _show_renewed(centre: "Centre", all_renewed: "Sequence[Renewed]") -> None:
    from provisioner.station.centre import station_named

    for renewed in all_renewed:
        name, candidate = renewed.station.name, renewed.candidate
        for_candidate = f", pour le candidat {safe_markup(candidate.number)}" if candidate else ""
        proof_time = " quand la réserve a été préparée" if renewed.by_spare and not renewed.compared else ""
        out.print(f"{name} est neuf{for_candidate} ({renewed.seconds} s, prouvé par {renewed.proof}{proof_time}).")
    if all_renewed:
        _show_stations(
            centre, [station_named(centre, renewed.station.name) for renewed in all_renewed], False, secrets=True
        )


def _renewed_document(renewed: "Renewed") -> dict[str, object]:
    return {
        **show.station_document(renewed.station),
        "seconds": renewed.seconds,
        "pristine": True,
        "proof": renewed.proof,
        "spare": renewed.by_spare,
        "candidate": renewed.candidate.number if renewed.candidate else None,
    }


def check(
    names: Names = None,
    everything: All = False,
    candidate: Annotated[str, typer.Option("--candidate", metavar="NOM", help="Le candidat, pour le rapport.")] = "",
    junit_file: Annotated[
        Path | None, typer.Option("--junit", metavar="FICHIER", help="Écrire aussi les constats en JUnit XML.")
    ] = None,
    archives: Annotated[
        list[Path] | None, typer.Option("--archive", metavar="FICHIER", help="Examiner une archive ; se répète.")
    ] = None,
    identity: Identity = None,
    again: Annotated[
        Path | None,
        typer.Option("--again", metavar="RAPPORT", help="Juger de nouveau, sans poste, ce qu'un rapport a gardé."),
    ] = None,
    room: InRoom = "",
    as_json: AsJson = False,
) -> int:
    """Examine le travail d'un candidat sur une copie de son poste, et écrit le rapport."""
    if again is not None:
        if names or everything or candidate or junit_file or archives or identity or room:
            raise Refusal("« --again » juge de nouveau ce qu'un rapport a gardé : il ne va qu'avec --json.")
        return _judge_again(again, as_json)
    from provisioner.exam.autosnapshot import ensure_running
    from provisioner.examination.examine import examine_stations
    from provisioner.examination.examine_archive import examine_archives
    from provisioner.examination.junit import junit
    from provisioner.papers.printing import write

    centre = resources.centre(room)
    if archives and (names or everything or candidate):
        raise Refusal(
            "Dites des postes ou des archives, pas les deux : ils s'examinent l'un après l'autre, et une archive sait "
            "de qui elle est."
        )
    chosen = [] if archives else resources.stations_with_work(centre, names, everything)
    ensure_running(centre)
    several = everything or len(chosen or archives or ()) > 1
    if archives:
        examined = examine_archives(centre, archives, identity)
    else:
        with booked.act(centre, "examine", chosen) as act:
            examined = examine_stations(act.centre, chosen, candidate)
            act.done([document["station"] for document in examined.documents], "examiné")
            act.failed(examined.errors)
    document = {"stations": list(examined.documents)}
    if not as_json:
        show.examinations(examined.documents, several=several)
    not_written = in_turn([junit_file], lambda file: write(file, junit(examined.documents)))[1] if junit_file else []
    code = worst(examined.verdicts)
    raise_combined([*examined.errors, *not_written], document, code)
    if as_json:
        show.as_json(document)
    return code


def _judge_again(report: Path, as_json: bool) -> int:
    """Print what today's code concludes from what a report has kept."""
    from provisioner.examination.again import judge_report_again, rests_on_other_data

    document, judged = judge_report_again(report)
    other_data = rests_on_other_data(document)
    if as_json:
        show.as_json(
            {
                "station": document["station"],
                "subject": document["subject"],
                "taken_at": document["taken_at"],
                "other_data": other_data,
                "checks": [one.document() for one in judged],
            }
        )
    else:
        show.judged_again(document, judged, other_data)
    return int(any(one.outcome != "same" for one in judged))


def down(discard: Discard = "", room: InRoom = "", as_json: AsJson = False) -> int:
    """Retire tous les postes de la salle, et la salle."""
    from provisioner.exam.open_room import close_room

    with booked.act(resources.centre(room, foreign=bool(discard)), "down", [], why=discard) as act:
        removed = close_room(act.centre, discard)
        act.text = f"retirés : {', '.join(removed)}" if removed else "il n'y avait aucun poste"
    if as_json:
        show.as_json({"stations": [{"station": name, "state": "retiré"} for name in removed]})
    else:
        out.print(f"Postes retirés : {', '.join(removed)}." if removed else "Il n'y avait aucun poste.")
    return 0


def _show_stations(
    centre: "Centre",
    present: Sequence[Station],
    as_json: bool,
    *,
    secrets: bool = False,
    whole: bool = False,
    errors: Sequence[Exception] = (),
) -> None:
    """Print the stations; of a `whole` room, its shared sites too. Raises the `errors` combined at the end."""
    from provisioner.station.shared_site import sites
    from provisioner.station.sittings import situation

    shared = sites(centre) if whole else []
    present_time, listed = centre.state.present(), centre.state.exam(centre.room.name)
    situations = {
        station.name: situation(station, centre.state.record(station.container), present_time, listed=listed)
        for station in present
    }
    credentials = {station.name: centre.state.credentials(station.container) for station in present if secrets}
    if not as_json:
        show.stations(present, credentials if secrets else None, situations=situations)
        next_step = "rouvrez la salle (« e5b down », « e5b up ») sans candidat au travail"
        images = {station.golden for station in present}
        for address, golden in shared:
            if golden.image in images:  # what is to be said of it has just been said of the stations
                out.print(f"[dim]Site partagé, de la même image : {address}[/]")
                continue
            show.image_age(stack_named(golden.stack), golden, f" — site partagé, {address}", next_step)
    document: dict[str, object] = {
        "stations": [
            {
                **_station_document(station, credentials.get(station.name)),
                **_situation_document(situations[station.name]),
            }
            for station in present
        ]
    }
    if whole:
        document["sites"] = [show.site_document(address, golden) for address, golden in shared]
    raise_combined(errors, document)
    if as_json:
        show.as_json(document)


def _station_document(station: Station, credentials: Credentials | None) -> Mapping[str, object]:
    signs_in = {"user": credentials.user, "password": credentials.password} if credentials else {}
    return {**show.station_document(station), **signs_in}


def _situation_document(situation: "Situation") -> Mapping[str, object]:
    """The words of `status`, whether the door is open, null where that isn't known, and the candidate's time, if any."""
    running = situation.running
    return {
        "situation": situation.french,
        "open": situation.is_open,
        "started": running.started.isoformat() if running else None,
        "end": running.end.isoformat() if running else None,
    }
