"""The command that proves checks and subjects, and says what is proven."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from provisioner.cli import resources, show, show_proofs
from provisioner.cli.screen import safe_markup
from provisioner.cli.show import out
from provisioner.cli.usage import AsJson, OfStack, OfSubjects
from provisioner.core.errors import Refusal
from provisioner.french.text import numbered
from provisioner.host.editions import load_stacks, stack_if_known, stack_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from provisioner.core.model import Golden, Stack
    from provisioner.proof.altered import Altered
    from provisioner.proof.ledger import Ledger
    from provisioner.proof.selection import Selection
    from provisioner.station.centre import Centre


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
    shown: Annotated[
        str,
        typer.Option("--show", metavar="ÉTAPE", help="Dire ce qu'une étape enregistrée a demandé, reçu et conclu."),
    ] = "",
    accepted: Annotated[
        str,
        typer.Option(
            "--accept",
            metavar="ÉTAPE",
            help="Juger de nouveau ce qui est enregistré, et accepter le nouveau verdict d'une étape ; « phrases » : toutes les phrases.",
        ),
    ] = "",
    why: Annotated[
        str, typer.Option("--why", metavar="RAISON", help="Avec --accept : la raison, gardée au registre.")
    ] = "",
    as_json: AsJson = False,
) -> int:
    """Prouve des contrôles et des sujets : avant, après chaque chemin, chaque presque-juste, chaque autre voie."""
    from provisioner.proof.ledger import Ledger
    from provisioner.proof.selection import select

    proving = bool(functionality or subject or changed or untouched or altered or roads)
    if merge is not None or shown or accepted or ledger:
        return _read_proofs(merge, shown, accepted, why, stack, ledger=ledger, proving=proving, as_json=as_json)
    _refuse_together(subject or [], untouched=untouched, altered=altered, roads=roads)
    selection = select(functionality or [], subject or [], stack, resources.settings())
    edition, centre = selection.edition, resources.centre(foreign=True)
    golden = resources.golden(centre, edition, todays=True)
    registry = Ledger(edition, golden, datetime.now(centre.settings.zone).date(), resources.own_proofs())
    if untouched:
        return _prove_untouched(centre, golden, selection, registry, changed=changed, as_json=as_json)
    if altered or roads:
        steps = _altered_steps(selection, roads=roads)
        return _prove_altered(centre, golden, selection.edition, steps, registry, changed=changed, as_json=as_json)
    return _prove_examples(centre, golden, selection, registry, changed=changed, as_json=as_json)


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


def _read_proofs(
    merge: Path | None, shown: str, accepted: str, why: str, stack: str, *, ledger: bool, proving: bool, as_json: bool
) -> int:
    """Do what reads proofs already made: unite, show, accept or count them; it doesn't go with what makes new ones."""
    if merge is not None:
        if proving or ledger or shown or accepted:
            raise Refusal("« --merge » reprend les preuves d'une autre copie : il ne va qu'avec --stack et --json.")
        return _merge_ledgers(merge, stack, as_json)
    if shown or accepted:
        if proving or ledger or as_json or (shown and accepted):
            raise Refusal("« --show » et « --accept » lisent ce qui est enregistré : chacun ne va qu'avec --stack.")
        return _show_step(shown, stack) if shown else _accept(accepted, why, stack)
    if proving:
        raise Refusal("« --ledger » compte toutes les preuves d'une édition : il ne va qu'avec --stack et --json.")
    return _count_ledgers(stack, as_json)


def _prove_examples(
    centre: Centre, golden: Golden, selection: Selection, registry: Ledger, *, changed: bool, as_json: bool
) -> int:
    """Prove the ways and near misses of the checks' examples, and subjects, and print what is wrong."""
    from provisioner.proof.prove import prove as prove_all

    document, proofs = prove_all(
        centre, selection.edition, golden, selection.examples, selection.subjects, registry, changed=changed
    )
    if as_json:
        show.as_json(document)
    else:
        show.banner(document["differs"], selection.edition.official)
        show_proofs.proofs(proofs, registry)
        show_proofs.written(document)
    failures = [failure for proven in [*document["checks"], *document["subjects"]] for failure in proven["failures"]]
    return 3 if any(proof.fault for proof in proofs) else int(bool(failures))


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
    """Count what the ledgers prove: of one edition, or of the official ones and of those with a company that have a ledger."""
    from provisioner.proof.ledger import Standings
    from provisioner.proof.ledger_count import edition_standings
    from provisioner.subject.ledger_file import editions_with_ledger

    resources.settings()  # they may name a folder of subjects
    named = [stack_named(stack)] if stack else []
    known = filter(None, map(stack_if_known, sorted({*load_stacks(), *editions_with_ledger()})))
    editions = named or [one for one in known if one.official]
    counted = [
        edition_standings(Standings(one, resources.archives_here(one), resources.own_proofs())) for one in editions
    ]
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


def _show_step(step: str, stack: str) -> int:
    """Print what a recorded step was asked, answered, and found to be, by its name or identity."""
    from provisioner.proof.recordings import RECORDINGS, steps_by_identity
    from provisioner.proof.step_in_words import step_in_words
    from provisioner.subject.ledger_file import editions_with_ledger, ledger_path, read_ledger
    from provisioner.subject.subjects import proving_checks

    proving_checks()  # their scripts are named
    found = [
        (one, read_ledger(ledger_path(edition)).steps.get(one.step))
        for edition in ([stack_named(stack).id] if stack else editions_with_ledger())
        for of_step in steps_by_identity(RECORDINGS / edition).values()
        for one in of_step
        if step in (one.step, one.name)
    ]
    if not found:
        raise Refusal(f"Aucune étape enregistrée ne s'appelle « {step} », ni par son nom ni par son identité.")
    if len({one.step for one, _ in found}) > 1 or len({one.recording.edition for one, _ in found}) > 1:
        out.print(f"Plusieurs étapes s'appellent « {safe_markup(step)} » : donnez l'identité, et --stack.")
        for one, _ in found:
            out.print(f"  {one.step}  {one.recording.edition}, {one.recording.check}", soft_wrap=True)
        return 2
    for one, line in found:
        for said in step_in_words(one, line):
            out.print(safe_markup(said), soft_wrap=True, highlight=False)
    return 0


def _accept(step: str, why: str, stack: str) -> int:
    """Have the ledger take what today's code concludes: all sentences, or the verdicts of a step for that reason."""
    from provisioner.proof.replay import accept_sentences, accept_verdict

    edition = stack_named(stack) if stack else None
    if edition is None:
        raise Refusal("« --accept » change le registre d'une édition : nommez-la avec --stack.")
    if step != "phrases":
        if not why:
            raise Refusal("Un verdict ne s'accepte pas sans raison : dites-la avec --why.")
        today = datetime.now(resources.settings().zone).date()
        for said in accept_verdict(edition, step, why, today).changes():
            out.print(safe_markup(f"Accepté : {said}"), soft_wrap=True)
        return 0
    taken, left = accept_sentences(edition)
    out.print(f"{numbered(taken, 'étape')} : phrases acceptées." if taken else "Aucune phrase n'a changé.")
    for one in left:
        out.print(
            safe_markup(f"{one.recorded[0].step} « {one.step.name} » : {' ; '.join(one.changes())}"), soft_wrap=True
        )
    return int(bool(left))
