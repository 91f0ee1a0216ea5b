"""Options and arguments that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

from provisioner.network.room import full_name

AsJson = Annotated[
    bool, typer.Option("--json", metavar="", help="Un document JSON sur la sortie standard, rien d'autre.")
]
InRoom = Annotated[str, typer.Option("--room", metavar="SALLE", help="La salle ; celle des réglages sinon.")]
OfStack = Annotated[str, typer.Option("--stack", metavar="ÉDITION", help="L'édition, ex. wordpress-2024.")]
OfSession = Annotated[
    str, typer.Option("--session", metavar="SESSION", help="La session, ex. 2025 ; celle des réglages sinon.")
]
OfSubjects = Annotated[
    list[str] | None, typer.Option("--subject", metavar="SUJET", help="Un sujet, ex. wordpress-a ; se répète.")
]
Identity = Annotated[
    Path | None, typer.Option("--identity", metavar="FICHIER", help="La clé du centre, pour des archives chiffrées.")
]
Discard = Annotated[
    str, typer.Option("--discard", metavar="RAISON", help="Ne pas archiver le travail d'un candidat, et pourquoi.")
]
_NAMES = "Un ou plusieurs postes, ex. poste-01, ou 1 2 3."
Names = Annotated[list[str] | None, typer.Argument(metavar="POSTE…", help=_NAMES, parser=full_name)]
OneStation = Annotated[str, typer.Argument(metavar="POSTE", help="Un poste, ex. poste-01, ou 1.", parser=full_name)]
Why = Annotated[str, typer.Option("--why", metavar="RAISON", help="Pourquoi, pour le dossier du candidat.")]
All = Annotated[bool, typer.Option("--all", metavar="", help="Tous les postes de la salle.")]
