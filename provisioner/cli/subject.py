"""Commands for the list of functionalities, its checks and the subjects."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from provisioner.cli import resources, show, show_proofs
from provisioner.cli.screen import safe_markup
from provisioner.cli.show import out
from provisioner.cli.usage import AsJson, OfSession
from provisioner.core.errors import UnknownName
from provisioner.host.editions import load_stacks

if TYPE_CHECKING:
    from provisioner.subject.official_list import FactProof


def functions(
    cms: Annotated[str, typer.Option("--cms", metavar="CMS", help="Un seul CMS.", show_default=False)] = "",
    session: OfSession = "",
    as_json: AsJson = False,
) -> int:
    """Montre la liste officielle d'une session et ce qui prouve ses points."""
    from provisioner.proof.ledger import Standings
    from provisioner.proof.ledger_count import fact_proofs
    from provisioner.subject.official_list import functionality_rows
    from provisioner.subject.session_list import listed_sessions

    asked = session or resources.settings().session
    if asked not in listed_sessions():
        raise UnknownName(
            f"La liste de la session « {asked} » n'est pas connue : {', '.join(listed_sessions())} le sont."
        )
    proofs: dict[str, FactProof] = {}
    functionality_rows(asked, cms)  # refuses what the list doesn't have
    for stack in load_stacks().values():
        if stack.official and stack.edition == asked and cms in ("", stack.cms):
            proofs |= fact_proofs(Standings(stack, "", resources.own_proofs()))
    rows = functionality_rows(asked, cms, proofs)
    if as_json:
        show.as_json({"session": asked, "functionalities": rows})
    else:
        out.print(f"Liste de la session {asked}")
        show_proofs.functionalities(rows)
    return 0


def subject_check(
    subject: Annotated[str, typer.Argument(metavar="SUJET", help="Son identifiant, ou son fichier.")],
    session: Annotated[
        str,
        typer.Option("--session", metavar="SESSION", help="Convient-il à celle-ci, ex. 2025 ; code de sortie 1 sinon."),
    ] = "",
    as_json: AsJson = False,
) -> int:
    """Dit si un sujet est valable, et à quelles sessions il convient."""
    from provisioner.subject.subjects import doubts, load_subject
    from provisioner.subject.suitability import obstacles, off_the_list, suited_sessions, untried

    asked = resources.settings_of(session).session
    loaded, warnings = load_subject(subject), doubts(subject)
    suited, found = suited_sessions(loaded), obstacles(loaded, asked)
    warnings += [*off_the_list(loaded, asked), *untried(loaded, asked)] if not found else []
    if as_json:
        document = {"id": loaded.id, "cms": loaded.cms, "title": loaded.title, "valid": True, "warnings": warnings}
        show.as_json({**document, "sessions": suited, "obstacles": found})
        return int(bool(session and found))
    count = sum(len(question.wanted) for question in loaded.questions)
    out.print(f"Le sujet {loaded.id} « {safe_markup(loaded.title)} » est valable : 5 questions, {count} contrôles.")
    out.print(f"Il convient aux sessions : {', '.join(suited) or 'aucune'}.")
    for obstacle in found:
        out.print(f"[red]Pas à la session {asked}. {safe_markup(obstacle)}[/]")
    for warning in warnings:
        out.print(f"[yellow]À vérifier, {safe_markup(warning)}[/]")
    return int(bool(session and found))


def subject_list(as_json: AsJson = False) -> int:
    """Montre les sujets : ceux d'e5b, et ceux du dossier que les réglages donnent."""
    from provisioner.subject.listing import listed_subjects

    settings = resources.settings()
    listed = listed_subjects(settings)
    if as_json:
        show.as_json({"subjects": [row.document() for row in listed]})
        return 0
    rows = show.table("Sujet", "Édition", "Sessions", "Titre")
    for row in listed:
        rows.add_row(*map(safe_markup, (row.id, row.edition, ", ".join(row.sessions), row.title or "à corriger")))
    show.print_table(rows)
    for folder in sorted({str(row.file.parent.parent) for row in listed}):
        names = ", ".join(row.id for row in listed if str(row.file.parent.parent) == folder)
        out.print(f"Dans {safe_markup(folder)} : {safe_markup(names)}", soft_wrap=True)
    if settings.subjects and not Path(settings.subjects).is_dir():
        out.print(
            f"[yellow]Le dossier de « subjects » dans e5b.toml, {safe_markup(settings.subjects)}, n'existe pas.[/]"
        )
    for row in listed:
        if row.mistake:
            out.print(f"[yellow]À corriger : {safe_markup(row.mistake)}[/]")
    return 0
