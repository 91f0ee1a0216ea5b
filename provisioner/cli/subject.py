"""Commands for the list of functionalities, its checks and the subjects."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from provisioner.cli import resources, show, show_proofs
from provisioner.cli.screen import safe_markup
from provisioner.cli.show import out
from provisioner.cli.usage import AsJson, OfSession, OfStack, OfSubjects
from provisioner.core.errors import Refusal, UnknownName
from provisioner.host.editions import load_stacks, stack_if_known, stack_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from provisioner.core.model import Golden, Stack
    from provisioner.proof.altered import Altered
    from provisioner.proof.ledger import Ledger
    from provisioner.proof.selection import Selection
    from provisioner.station.centre import Centre
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
            proofs |= fact_proofs(Standings(stack, "", _own_proofs()))
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


_OnAnUntouchedSite = Annotated[
    bool,
    typer.Option(
        "--untouched", metavar="", help="Seulement des demandes voisines, sur un site que personne n'a touché."
    ),
]
_Altered = Annotated[
    bool,
    typer.Option(
        "--altered",
        metavar="",
        help="Seulement des travaux justes dont une chose est ensuite changée : ce qui les gâte doit se voir.",
    ),
]
_StoredOtherwise = Annotated[
    bool,
    typer.Option("--roads", metavar="", help="Seulement des travaux justes que le site enregistre d'une autre façon."),
]


def prove(
    functionality: Annotated[
        list[str] | None, typer.Option("--functionality", metavar="LIGNE", help="Une ligne de la liste ; se répète.")
    ] = None,
    subject: OfSubjects = None,
    stack: OfStack = "",
    changed: Annotated[
        bool, typer.Option("--changed", metavar="", help="Seulement ce qui manque au registre, ou n'y vaut plus.")
    ] = False,
    untouched: _OnAnUntouchedSite = False,
    altered: _Altered = False,
    roads: _StoredOtherwise = False,
    ledger: Annotated[
        bool, typer.Option("--ledger", metavar="", help="Compter ce que le registre prouve, sans rien prouver.")
    ] = False,
    merge: Annotated[
        Path | None,
        typer.Option(
            "--merge", metavar="DOSSIER", help="Reprendre les preuves d'une autre copie d'e5b, sans rien prouver."
        ),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Prouve des contrôles et des sujets : avant, après chaque chemin, chaque presque-juste, chaque autre voie."""
    from provisioner.proof.ledger import Ledger
    from provisioner.proof.prove import prove as prove_all
    from provisioner.proof.selection import select

    proving = functionality or subject or changed or untouched or altered or roads
    if merge is not None:
        if proving or ledger:
            raise Refusal("« --merge » reprend les preuves d'une autre copie : il ne va qu'avec --stack et --json.")
        return _merge_ledgers(merge, stack, as_json)
    if ledger:
        if proving:
            raise Refusal("« --ledger » compte toutes les preuves d'une édition : il ne va qu'avec --stack et --json.")
        return _count_ledgers(stack, as_json)
    _refuse_together(subject or [], untouched=untouched, altered=altered, roads=roads)
    selection = select(functionality or [], subject or [], stack, resources.settings())
    edition, centre = selection.edition, resources.centre(foreign=True)
    golden = resources.golden(centre, edition, todays=True)
    registry = Ledger(edition, golden, datetime.now(centre.settings.zone).date(), _own_proofs())
    if untouched:
        return _prove_untouched(centre, golden, selection, registry, changed=changed, as_json=as_json)
    if altered or roads:
        steps = _altered_steps(selection, roads=roads)
        return _prove_altered(centre, golden, selection.edition, steps, registry, changed=changed, as_json=as_json)
    document, proofs = prove_all(
        centre, edition, golden, selection.examples, selection.subjects, registry, changed=changed
    )
    if as_json:
        show.as_json(document)
    else:
        show.banner(document["differs"], edition.official)
        show_proofs.proofs(proofs, registry)
        show_proofs.written(document)
    failures = [failure for proven in [*document["checks"], *document["subjects"]] for failure in proven["failures"]]
    return 3 if any(proof.fault for proof in proofs) else int(bool(failures))


def _refuse_together(subjects: Sequence[str], **asked: bool) -> None:
    """Refuse what doesn't go together: these proofs are made of examples, and one at a time."""
    if any(asked.values()) and subjects:
        raise Refusal(
            "« --untouched », « --altered » et « --roads » partent des exemples des contrôles : ils ne vont pas avec --subject."
        )
    if sum(asked.values()) > 1:
        raise Refusal(
            "« --untouched », « --altered » et « --roads » sont trois preuves : lancez-les l'une après l'autre."
        )


def _prove_untouched(
    centre: Centre, golden: Golden, selection: Selection, registry: Ledger, *, changed: bool, as_json: bool
) -> int:
    """Verify values near those of the checks' examples on a site that nobody touched, and print what is wrong."""
    from provisioner.proof.prove_untouched import prove_untouched
    from provisioner.proof.untouched import untouched_steps

    steps = untouched_steps(selection.examples, selection.edition)
    proofs = prove_untouched(centre, golden, steps, registry, changed=changed)
    if as_json:
        rows = [
            {
                "check": type(proof.step.checks[0]).id,
                "values": proof.step.checks[0].model_dump(mode="json", exclude_defaults=True),
                "findings": [{"fact": one.fact, "verdict": str(one.verdict)} for one in proof.all_findings()],
                "failure": proof.failure,
            }
            for proof in proofs
        ]
        show.as_json({"stack": golden.stack, "untouched": rows})
    else:
        show.banner(list(golden.conformity.differs), selection.edition.official)
        show_proofs.proofs(proofs, registry)
    return 3 if any(proof.fault for proof in proofs) else int(any(proof.failure for proof in proofs))


def _altered_steps(selection: Selection, *, roads: bool) -> Sequence[Altered]:
    """The steps of `--altered`, or those of `--roads`."""
    from provisioner.proof.altered import altered_steps
    from provisioner.proof.stored_roads import stored_road_steps

    return (stored_road_steps if roads else altered_steps)(selection.examples, selection.edition)


def _prove_altered(
    centre: Centre,
    golden: Golden,
    edition: Stack,
    steps: Sequence[Altered],
    registry: Ledger,
    *,
    changed: bool,
    as_json: bool,
) -> int:
    """Alter what the first way of each check stored, or store it otherwise, and print what is wrong."""
    from provisioner.proof.prove_altered import prove_altered

    proofs = prove_altered(centre, golden, steps, registry, changed=changed)
    if as_json:
        rows = [
            {
                "check": type(proof.step.checks[0]).id,
                "values": proof.step.checks[0].model_dump(mode="json", exclude_defaults=True),
                "states": [state.model_dump(mode="json") for state in proof.states],
                "refused": list(proof.refused),
                "failure": proof.failure,
            }
            for proof in proofs
        ]
        show.as_json({"stack": golden.stack, "altered": rows})
    else:
        show.banner(list(golden.conformity.differs), edition.official)
        show_proofs.proofs(proofs, registry)
    return 3 if any(proof.fault for proof in proofs) else int(any(proof.failure for proof in proofs))


def _count_ledgers(stack: str, as_json: bool) -> int:
    """Count what the ledgers prove: of one edition, or of the official ones and of any other that has a ledger."""
    from provisioner.proof.ledger import Standings
    from provisioner.proof.ledger_count import edition_standings
    from provisioner.subject.ledger_file import editions_with_ledger

    resources.settings()  # they may name a folder of subjects
    named = [stack_named(stack)] if stack else []
    official = [one.id for one in load_stacks().values() if one.official]
    known = filter(None, map(stack_if_known, sorted({*official, *editions_with_ledger()})))
    editions = named or list(known)
    counted = [edition_standings(Standings(one, resources.archives_here(one), _own_proofs())) for one in editions]
    if as_json:
        show.as_json({"editions": counted})
    else:
        for one in counted:
            show_proofs.edition(one)
    return int(any(one["outdated"] or one["missing"] for one in counted))


def _merge_ledgers(other: Path, stack: str, as_json: bool) -> int:
    """Take over what another checkout proved: of one edition, or of all that have a ledger there."""
    from provisioner.proof.merge import ledgers_in, merge
    from provisioner.subject.ledger_file import editions_with_ledger

    resources.settings()  # they may name a folder of subjects
    folder = ledgers_in(other)
    known = filter(None, map(stack_if_known, editions_with_ledger(folder)))
    editions = [stack_named(stack)] if stack else list(known)
    taken = {edition.id: merge(edition, folder) for edition in editions}
    if as_json:
        show.as_json({"editions": [{"stack": name, "taken": count} for name, count in taken.items()]})
    else:
        for name, count in taken.items():
            show_proofs.merged(name, count)
    return 0


def _own_proofs() -> Path:
    """Where this machine keeps what it doesn't write into the program's ledgers."""
    return resources.paths().state / "proofs"
