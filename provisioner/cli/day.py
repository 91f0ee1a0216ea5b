"""Commands of the day of the exam: candidates' time, the list, the sheets."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from provisioner.cli import booked, resources, show
from provisioner.cli.screen import safe_markup
from provisioner.cli.show import out
from provisioner.cli.usage import All, AsJson, Identity, InRoom, Names, OfStack, OneStation, Why
from provisioner.core.batches import raise_combined
from provisioner.core.model import Station
from provisioner.french.text import numbered

if TYPE_CHECKING:
    from provisioner.exam.times import Timed
    from provisioner.station.centre import Centre


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
    from provisioner.exam.times import start_stations

    centre = resources.centre(room)
    chosen = resources.named_stations(centre, names, everything)
    with booked.act(centre, "extra" if extra else "start", chosen, minutes=extra, why=why) as act:
        timed = start_stations(act.centre, chosen, everything=everything, extra=extra, why=why)
        _book_timed(act, timed)
    return _show_timed(centre, timed, as_json)


def stop(
    names: Names = None, everything: All = False, why: Why = "", room: InRoom = "", as_json: AsJson = False
) -> int:
    """Ferme des postes à leurs candidats avant l'heure ; le travail reste pour les examinateurs."""
    from provisioner.exam.times import stop_stations

    centre = resources.centre(room)
    chosen = resources.named_stations(centre, names, everything)
    with booked.act(centre, "stop", chosen, why=why) as act:
        timed = stop_stations(act.centre, chosen, everything=everything, why=why)
        _book_timed(act, timed)
    return _show_timed(centre, timed, as_json)


def _book_timed(act: booked.Written, timed: "Timed") -> None:
    for station, running in timed.done:
        act.done([station], f"de {running.started:%H:%M} à {running.end:%H:%M}")
    act.failed(timed.errors)


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
    from provisioner.station.snapshots import rewind as rewind_station

    with booked.act(resources.centre(room), "rewind", [station], to=to, why=why) as act:
        station_back, chosen = rewind_station(act.centre, station, to, why)
        act.done([station], f"ramené à {chosen.at:%H:%M:%S}")
    return _print_moved(station_back, f"ramené à {chosen.at:%H:%M:%S}", {"to": chosen.at.isoformat()}, as_json)


def replace(station: OneStation, why: Why = "", room: InRoom = "", as_json: AsJson = False) -> int:
    """Remplace un poste en panne par un autre, avec tout le travail du candidat."""
    from provisioner.station.snapshots import replace as replace_station

    with booked.act(resources.centre(room), "replace", [station], why=why) as act:
        station_moved = replace_station(act.centre, station, why)
        act.done([station], "remplacé, avec son travail")
    return _print_moved(station_moved, "remplacé, avec son travail", {}, as_json)


def guard(room: InRoom = "", as_json: AsJson = False) -> int:
    """Photographie les postes des candidats qui travaillent ; « e5b start » s'en charge."""
    from provisioner.exam.autosnapshot import take_snapshots

    count = take_snapshots(resources.centre(room))
    if as_json:
        show.as_json({"snapshots": count})
    return 0


def _print_moved(station: Station, participle: str, values: Mapping[str, object], as_json: bool) -> int:
    if as_json:
        show.as_json({"stations": [{**show.station_document(station), **values}]})
    else:
        out.print(f"{station.name} est {participle}, à {station.address}.")
    return 0


def up_for(roster: Path, room: str, as_json: bool) -> int:
    """Prepare the room for the candidates of a list."""
    from provisioner.exam.open_room import open_for_list

    centre = resources.centre_for_new_stations(room)
    with booked.act(centre, "up", []) as act:
        opened = open_for_list(act.centre, roster, partial(resources.golden, centre))
        act.text = f"{numbered(len(opened.stations), 'poste')} en place, pour la liste"
    return _show_day(centre, as_json, opened.errors)


def spare(stack: OfStack = "", room: InRoom = "", as_json: AsJson = False) -> int:
    """Tient prêt un poste de réserve par édition : « e5b reset » le donne en un instant."""
    from provisioner.exam.open_room import prepare_spares

    centre = resources.centre(room)
    with booked.act(centre, "spare", []) as act:
        ready = prepare_spares(act.centre, stack, partial(resources.golden, centre))
        act.text = ", ".join(ready)
    if as_json:
        show.as_json({"spares": ready})
    else:
        out.print(
            f"Une réserve est prête pour {', '.join(ready)}." if ready else "La salle n'a aucun poste à réserver."
        )
    return 0


def day(room: InRoom = "", as_json: AsJson = False) -> int:
    """Dit quel candidat vient quand, à quel poste, et où il en est."""
    from provisioner.exam.autosnapshot import ensure_running

    centre = resources.centre(room)
    ensure_running(centre)
    return _show_day(centre, as_json)


def sheets(room: InRoom = "", as_json: AsJson = False) -> int:
    """Écrit en PDF la feuille d'accès de chaque candidat, et les sujets avec leurs annexes."""
    from provisioner.papers.sheets import write_sheets_of_list

    with booked.act(resources.centre(room), "sheets", []) as act:
        paths, errors = write_sheets_of_list(act.centre)
        act.text = "\n".join([f"{numbered(len(paths), 'document')} à imprimer", *map(str, errors)])
    return _show_written(paths, as_json, errors)


def forms(
    commission: Annotated[str, typer.Option("--commission", metavar="N°", help="Une seule commission.")] = "",
    identity: Identity = None,
    room: InRoom = "",
    as_json: AsJson = False,
) -> int:
    """Écrit les fiches d'évaluation et les grilles d'aide, par commission, en HTML et en PDF."""
    from provisioner.papers.marking import write_forms

    paths, errors = write_forms(resources.centre(room), commission, identity)
    return _show_written(paths, as_json, errors)


def _show_written(paths: Sequence[Path], as_json: bool, errors: Sequence[Exception] = ()) -> int:
    document = {"files": [str(path) for path in paths]}
    for folder in [] if as_json else sorted({path.parent for path in paths}):
        out.print(f"{sum(path.parent == folder for path in paths)} documents dans {folder}", soft_wrap=True)
    raise_combined(errors, document)
    if as_json:
        show.as_json(document)
    return 0


def _show_day(centre: "Centre", as_json: bool, errors: Sequence[Exception] = ()) -> int:
    from provisioner.exam.seating import day_rows
    from provisioner.station.centre import stations

    candidates, present = day_rows(centre), stations(centre)
    roster = centre.state.roster(centre.room.name)
    warnings = list(roster.warnings) if roster else []
    document = {
        "candidates": [candidate.document() for candidate in candidates],
        "warnings": warnings,
        "stations": [show.station_document(station) for station in present],
    }
    if as_json:
        raise_combined(errors, document)
        show.as_json(document)
        return 0
    rows = show.table("Heure", "Poste", "Candidat", "Nom", "Commission", "Sujet", "Où il en est")
    for candidate in candidates:
        entry = candidate.entry
        name = f"{entry.name} {entry.first_name}"
        cells = (f"{entry.at:%d/%m %H:%M}", entry.station, entry.number, name, entry.commission, entry.subject)
        rows.add_row(*map(safe_markup, (*cells, candidate.state)))
    show.print_table(rows)
    for warning in warnings:
        out.print(f"[yellow]À vérifier, {safe_markup(warning)}.[/]")
    show.images(present)
    raise_combined(errors, document)
    return 0


def _show_timed(centre: "Centre", timed: "Timed", as_json: bool) -> int:
    from provisioner.exam.seating import candidate_of

    document = {
        "stations": [
            {
                **show.station_document(station),
                "started": running.started.isoformat(),
                "end": running.end.isoformat(),
                "extra": running.extra,
            }
            for station, running in timed.done
        ]
    }
    for station, running in () if as_json else timed.done:
        more = f", dont {running.extra} min de plus" if running.extra else ""
        of_candidate = f", candidat {safe_markup(name)}" if (name := candidate_of(centre, station)) else ""
        out.print(
            f"{station.name}{of_candidate} : de {running.started:%H:%M} à {running.end:%H:%M}{more}, à {station.address}"
        )
    raise_combined(timed.errors, document)
    if as_json:
        show.as_json(document)
    return 0
