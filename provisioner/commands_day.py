"""Commands of the day of the exam: candidates' time, the list, the sheets."""

from typing import Annotated, Any

import typer

from provisioner import opening, show
from provisioner.show import out
from provisioner.usage import All, AsJson, InRoom, Names

Why = Annotated[str, typer.Option("--why", metavar="RAISON", help="Pourquoi, pour le dossier du candidat.")]


def start(
    names: Names = None,
    everything: All = False,
    extra: Annotated[int, typer.Option("--extra", metavar="MINUTES", min=0, help="Du temps en plus.")] = 0,
    why: Why = "",
    room: InRoom = "",
    as_json: AsJson = False,
) -> int:
    """Ouvre des postes à leurs candidats pour 40 minutes ; sa porte se ferme toute seule à la fin."""
    from provisioner.exam import start as begin

    return _timed(names, everything, room, as_json, lambda centre, name: begin(centre, name, extra, why))


def stop(
    names: Names = None, everything: All = False, why: Why = "", room: InRoom = "", as_json: AsJson = False
) -> int:
    """Ferme des postes à leurs candidats avant l'heure ; le travail reste pour les examinateurs."""
    from provisioner.exam import stop as end

    return _timed(names, everything, room, as_json, lambda centre, name: end(centre, name, why))


def _timed(names: Any, everything: bool, room: str, as_json: bool, act: Any) -> int:
    centre = opening.centre(room)
    done, errors = opening.each(opening.chosen(centre, names, everything), lambda name: act(centre, name), 1)
    document = {
        "stations": [
            {
                **show.station_document(station), "started": running.started.isoformat(), "end": running.end.isoformat(),
                "extra": running.extra,
            }
            for station, running in done
        ]
    }  # fmt: skip
    if not as_json:
        for station, running in done:
            more = f", dont {running.extra} min de plus" if running.extra else ""
            out.print(f"{station.name} : de {running.started:%H:%M} à {running.end:%H:%M}{more}, à {station.address}")
    opening.tell(errors, document)
    if as_json:
        show.as_json(document)
    return 0
