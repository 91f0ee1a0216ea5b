"""Commands of the day of the exam: candidates' time, the list, the sheets."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from provisioner.cli import resources, show
from provisioner.cli.screen import safe_markup
from provisioner.cli.show import out
from provisioner.cli.usage import All, AsJson, Identity, InRoom, Names, OfStack, OneStation
from provisioner.core.errors import EvidenceLost, Refusal
from provisioner.host.config import load_stacks

Why = Annotated[str, typer.Option("--why", metavar="RAISON", help="Pourquoi, pour le dossier du candidat.")]


def start(
    names: Names = None,
    everything: All = False,
    extra: Annotated[
        int, typer.Option("--extra", metavar="MINUTES", min=0, max=120, help="Du temps en plus, 120 au plus.")
    ] = 0,
    why: Why = "",
    room: InRoom = "",
    as_json: AsJson = False,
) -> int:
    """Ouvre des postes à leurs candidats pour 40 minutes ; leur porte se ferme toute seule à la fin."""
    from provisioner.exam.seating import NOBODY, not_working, not_yet
    from provisioner.exam.working_time import start as begin

    def act(centre: Any, name: str) -> Any:
        reason = NOBODY
        if not everything:  # --all has left them out by now
            with suppress(EvidenceLost):  # where the list can't be read, nobody can tell, and his time has come
                reason = not_yet(centre).get(name, NOBODY)
        # Who is there and whom the station waits for may be two; and the reason for more time may be of who left it.
        if reason != NOBODY and (extra or not why):
            raise Refusal(
                f"{name} n'est pas ouvert : {reason}. Pour l'ouvrir à ce candidat quand même, dites pourquoi : « e5b start {name} "
                f"--why RAISON »{', puis donnez-lui le temps en plus' if extra else ''}."
            )
        return begin(centre, name, extra, why)

    later = not_working if extra else not_yet
    anyway = f" --extra {extra}" if extra else " --why RAISON"
    return _timed(names, everything, room, as_json, act, later, anyway)


def stop(
    names: Names = None, everything: All = False, why: Why = "", room: InRoom = "", as_json: AsJson = False
) -> int:
    """Ferme des postes à leurs candidats avant l'heure ; le travail reste pour les examinateurs."""
    from provisioner.exam.seating import not_working
    from provisioner.exam.working_time import stop as end

    return _timed(
        names,
        everything,
        room,
        as_json,
        lambda centre, name: end(centre, name, why),
        partial(not_working, unknown=False),
    )


def rewind(
    station: OneStation,
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="HEURE",
            help="Le dernier cliché pris à cette minute ou avant, ex. 9:42 ; ou à la seconde, ex. 9:42:30.",
        ),
    ] = "",
    why: Why = "",
    room: InRoom = "",
    as_json: AsJson = False,
) -> int:
    """Ramène le site d'un candidat à son dernier cliché ; le jury le voit dans le dossier."""
    from provisioner.station.snapshots import rewind as take_back

    taken_back, chosen = take_back(resources.centre(room), station, to, why)
    return _taken_over(taken_back, f"ramené à {chosen.at:%H:%M:%S}", {"to": chosen.at.isoformat()}, as_json)


def replace(station: OneStation, why: Why = "", room: InRoom = "", as_json: AsJson = False) -> int:
    """Remplace un poste en panne par un autre, avec tout le travail du candidat."""
    from provisioner.station.snapshots import replace as renew

    return _taken_over(renew(resources.centre(room), station, why), "remplacé, avec son travail", {}, as_json)


def guard(room: InRoom = "", as_json: AsJson = False) -> int:
    """Photographie les postes des candidats qui travaillent ; « e5b start » s'en charge."""
    from provisioner.exam.autosnapshot import watch

    taken = watch(resources.centre(room))
    if as_json:
        show.as_json({"snapshots": taken})
    return 0


def _taken_over(station: Any, what: str, more: dict[str, Any], as_json: bool) -> int:
    if as_json:
        show.as_json({"stations": [{**show.station_document(station), **more}]})
    else:
        out.print(f"{station.name} est {what}, à {station.address}.")
    return 0


def up_for(roster: Path, room: str, as_json: bool) -> int:
    """Prepare the room for the candidates of a list."""
    from provisioner.archive.golden_images import keep_golden
    from provisioner.exam.autosnapshot import leave_running
    from provisioner.exam.list_update import keep
    from provisioner.exam.roster import read_roster
    from provisioner.exam.seating import seat
    from provisioner.host.config import stack_named
    from provisioner.leakcheck.refused_tries import bring
    from provisioner.leakcheck.short_proof import sealed
    from provisioner.station.shared_site import share
    from provisioner.station.spares import prepare_each

    centre = resources.centre_for_new_stations(room)
    read = read_roster(roster, centre.settings.zone, centre.room.places)
    for warning in read.warnings:
        resources.progress.step(f"À vérifier, {warning}")
    stacks = sorted({entry["stack"] for entry in keep(centre, read, roster.name) if not entry.get("archived")})
    # An edition whose archives can't be had keeps no other from its stations.
    made, errors = resources.in_turn(stacks, lambda stack: resources.golden(centre, stack_named(stack)))
    if not made:
        resources.raise_combined(errors, {})
    for stack, golden in made:
        resources.progress.step(f"{stack} : l'image de référence est posée à côté des archives")
        keep_golden(centre, golden.image)
    bring(centre, resources.progress.step)  # whose station follows the list loses it here
    seat(centre, errors)
    leave_running(centre)
    share(centre, {stack for stack, _ in made})
    resources.progress.step("Ce que les postes atteignent")
    sealed(centre)
    errors += prepare_each(centre, [golden for _, golden in made])
    return _day(centre, as_json, errors)


def spare(stack: OfStack = "", room: InRoom = "", as_json: AsJson = False) -> int:
    """Tient prêt un poste de réserve par édition : « e5b reset » le donne en un instant."""
    from provisioner.host.config import stack_named
    from provisioner.station.lifecycle import stations
    from provisioner.station.spares import prepare

    centre = resources.centre(room)
    ready = [stack] if stack else sorted({station.stack for station in stations(centre)})
    for one in ready:
        prepare(centre, resources.golden(centre, stack_named(one)))
    if as_json:
        show.as_json({"spares": ready})
    else:
        out.print(
            f"Une réserve est prête pour {', '.join(ready)}." if ready else "La salle n'a aucun poste à réserver."
        )
    return 0


def day(room: InRoom = "", as_json: AsJson = False) -> int:
    """Dit quel candidat vient quand, à quel poste, et où il en est."""
    from provisioner.exam.autosnapshot import leave_running

    centre = resources.centre(room)
    leave_running(centre)
    return _day(centre, as_json)


def sheets(room: InRoom = "", as_json: AsJson = False) -> int:
    """Écrit en PDF la feuille d'accès de chaque candidat, et les sujets avec leurs annexes."""
    from provisioner.exam.seating import entries_of, golden_for
    from provisioner.papers.sheets import write_sheets

    centre = resources.centre(room)
    stacks = sorted({entry["stack"] for entry in entries_of(centre)})
    built, errors = resources.in_turn(stacks, lambda stack: golden_for(centre, stack))
    if not built:
        resources.raise_combined(errors, {})
    return _written(write_sheets(centre, dict(built)), as_json, errors)


def forms(
    commission: Annotated[str, typer.Option("--commission", metavar="N°", help="Une seule commission.")] = "",
    identity: Identity = None,
    room: InRoom = "",
    as_json: AsJson = False,
) -> int:
    """Écrit les fiches d'évaluation et les grilles d'aide, par commission, en HTML et en PDF."""
    from provisioner.papers.marking import write_forms

    paths, errors = write_forms(resources.centre(room), commission, identity)
    return _written(paths, as_json, errors)


def _written(paths: Sequence[Path], as_json: bool, errors: Sequence[Exception] = ()) -> int:
    document = {"files": [str(path) for path in paths]}
    for folder in [] if as_json else sorted({path.parent for path in paths}):
        out.print(f"{sum(path.parent == folder for path in paths)} documents dans {folder}", soft_wrap=True)
    resources.raise_combined(errors, document)
    if as_json:
        show.as_json(document)
    return 0


def _day(centre: Any, as_json: bool, errors: Sequence[Exception] = ()) -> int:
    from provisioner.exam.seating import progress
    from provisioner.station.lifecycle import stations

    entries, present = progress(centre), stations(centre)
    warnings = (centre.state.roster(centre.room.name) or {}).get("warnings", [])
    document = {
        "candidates": entries,
        "warnings": warnings,
        "stations": [show.station_document(one) for one in present],
    }
    if as_json:
        resources.raise_combined(errors, document)
        show.as_json(document)
        return 0
    rows = show.table("Heure", "Poste", "Candidat", "Nom", "Commission", "Sujet", "Où il en est")
    for entry in entries:
        at = f"{datetime.fromisoformat(entry['at']):%d/%m %H:%M}"
        name = f"{entry['name']} {entry['first_name']}"
        cells = (at, entry["station"], entry["number"], name, entry["commission"], entry["subject"], entry["state"])
        rows.add_row(*map(safe_markup, cells))
    show.print_table(rows)
    for warning in warnings:
        out.print(f"[yellow]À vérifier, {safe_markup(warning)}.[/]")
    show.images(present, load_stacks())
    resources.raise_combined(errors, document)
    return 0


def _timed(
    names: Any, everything: bool, room: str, as_json: bool, act: Any, later: Any, anyway: str | None = None
) -> int:
    """`later`: who isn't meant by --all, and why not; `anyway`: with what he is named to be meant, where he may be."""
    from provisioner.exam.autosnapshot import leave_running
    from provisioner.exam.seating import candidate_of

    centre = resources.centre(room)
    chosen = resources.named_stations(centre, names, everything)
    for name, why in later(centre).items() if everything else ():
        named = "" if anyway is None else f" ; pour l'ouvrir quand même : « e5b start {name}{anyway} »"
        resources.progress.step(f"{name} : {why}{named}")
        chosen.remove(name)
    done, errors = resources.each(chosen, lambda name: act(centre, name), 1)
    leave_running(centre)
    document = {
        "stations": [
            {
                **show.station_document(station),
                "started": running.started.isoformat(),
                "end": running.end.isoformat(),
                "extra": running.extra,
            }
            for station, running in done
        ]
    }
    if not as_json:
        for station, running in done:
            more = f", dont {running.extra} min de plus" if running.extra else ""
            whose = f", candidat {safe_markup(name)}" if (name := candidate_of(centre, station)) else ""
            out.print(
                f"{station.name}{whose} : de {running.started:%H:%M} à {running.end:%H:%M}{more}, à {station.address}"
            )
    resources.raise_combined(errors, document)
    if as_json:
        show.as_json(document)
    return 0
