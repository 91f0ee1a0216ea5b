"""Commands for the functionality list, its checks and the subjects."""

from typing import Annotated

import typer

from provisioner.cli import resources, show
from provisioner.cli.screen import said
from provisioner.cli.show import out
from provisioner.cli.usage import AsJson, OfStack, OfSubjects
from provisioner.core.errors import Refusal, UnknownName
from provisioner.core.model import judged_by_a_person
from provisioner.host.config import edition_for, load_functionalities, stack_named


def functions(
    cms: Annotated[str, typer.Option("--cms", metavar="CMS", help="Un seul CMS.", show_default=False)] = "",
    as_json: AsJson = False,
) -> int:
    """Montre la liste officielle et ce qui prouve chacun de ses points."""
    from provisioner.subject.subjects import proving_checks

    lines, by_fact = load_functionalities().values(), proving_checks()
    if cms and cms not in (known := list(dict.fromkeys(line.cms for line in lines))):
        raise UnknownName(f"Le CMS « {cms} » n'est pas dans la liste. CMS connus : {', '.join(known)}.")
    rows = [
        {
            "id": line.id,
            "cms": line.cms,
            "heading": line.heading,
            "text": line.text,
            "facts": [
                {"text": text, "judged": judged_by_a_person(text), "checks": by_fact.get(fact, [])}
                for fact, text in zip(line.fact_ids(), line.facts, strict=True)
            ],
        }
        for line in lines
        if not cms or line.cms == cms
    ]
    if as_json:
        show.as_json({"functionalities": rows})
    else:
        show.functionalities(rows)
    return 0


def subject_check(
    subject: Annotated[str, typer.Argument(metavar="SUJET", help="Son identifiant, ou son fichier.")],
    as_json: AsJson = False,
) -> int:
    """Dit si un sujet est valable."""
    from provisioner.subject.subjects import load_subject

    loaded = load_subject(subject)
    if as_json:
        show.as_json({"id": loaded.id, "cms": loaded.cms, "title": loaded.title, "valid": True})
    else:
        count = sum(len(question.wanted) for question in loaded.questions)
        out.print(f"Le sujet {loaded.id} « {said(loaded.title)} » est valable : 5 questions, {count} contrôles.")
    return 0


def prove(
    functionality: Annotated[
        list[str] | None, typer.Option("--functionality", metavar="LIGNE", help="Une ligne de la liste ; se répète.")
    ] = None,
    subject: OfSubjects = None,
    stack: OfStack = "",
    as_json: AsJson = False,
) -> int:
    """Prouve des contrôles et des sujets : avant, après chaque chemin, après chaque presque-juste."""
    from provisioner.proof.prove import prove as prove_all
    from provisioner.proof.steps import feasible
    from provisioner.subject.subjects import examples_for, load_subject

    subjects = [load_subject(name) for name in subject or []]
    cms = stack_named(stack).cms if stack else (subjects[0].cms if subjects else "")
    examples = [] if subjects and not functionality else examples_for(functionality or [], cms)
    if not examples and not subjects:
        raise Refusal("Aucun contrôle ne prouve cette ligne. Voyez « e5b functions ».")
    wanted = sorted({one.cms for one in subjects} | {type(one).id.split(".")[0] for one in examples})
    if len(wanted) > 1 or (cms and wanted != [cms]):
        raise Refusal(
            f"Une preuve se fait sur un seul CMS, et il en faudrait pour {', '.join(wanted)}. "
            "Choisissez l'édition avec --stack, et des sujets de son CMS."
        )
    edition = stack_named(stack) if stack else edition_for(wanted[0], resources.settings())
    asked = [*examples, *(row.check for one in subjects for question in one.questions for row in question.wanted)]
    if not any(feasible(check, edition) for check in asked):
        raise Refusal(
            f"{edition.id} n'a pas ce que ces contrôles demandent : choisissez une autre édition avec --stack."
        )
    centre = resources.centre(foreign=True)
    document, proofs = prove_all(centre, edition, resources.golden(centre, edition, todays=True), examples, subjects)
    failures = [failure for one in [*document["checks"], *document["subjects"]] for failure in one["failures"]]
    if as_json:
        show.as_json(document)
    else:
        show.banner(document["differs"], edition.official)
        show.proofs(proofs)
        if document["left_out"]:
            out.print(f"Hors de portée de cette édition : {', '.join(document['left_out'])}.")
        out.print(f"Page : {document['report']}", soft_wrap=True)
    return 3 if any(proof.fault for proof in proofs) else int(bool(failures))
