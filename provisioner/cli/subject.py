"""Commands for the list of functionalities, its checks and the subjects."""

from pathlib import Path
from typing import Annotated

import typer

from provisioner.cli import resources, show
from provisioner.cli.screen import safe_markup
from provisioner.cli.show import out
from provisioner.cli.usage import AsJson, OfStack, OfSubjects


def functions(
    cms: Annotated[str, typer.Option("--cms", metavar="CMS", help="Un seul CMS.", show_default=False)] = "",
    as_json: AsJson = False,
) -> int:
    """Montre la liste officielle et ce qui prouve ses points."""
    from provisioner.subject.official_list import functionality_rows

    rows = functionality_rows(cms)
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
    from provisioner.subject.subjects import doubts, load_subject

    resources.settings()  # they may name a folder of subjects
    loaded, warnings = load_subject(subject), doubts(subject)
    if as_json:
        document = {"id": loaded.id, "cms": loaded.cms, "title": loaded.title, "valid": True, "warnings": warnings}
        show.as_json(document)
        return 0
    count = sum(len(question.wanted) for question in loaded.questions)
    out.print(f"Le sujet {loaded.id} « {safe_markup(loaded.title)} » est valable : 5 questions, {count} contrôles.")
    for warning in warnings:
        out.print(f"[yellow]À vérifier, {safe_markup(warning)}[/]")
    return 0


def subject_list(as_json: AsJson = False) -> int:
    """Montre les sujets : ceux d'e5b, et ceux du dossier que les réglages donnent."""
    from provisioner.subject.subjects import listed_subjects

    settings = resources.settings()
    listed = listed_subjects(settings)
    if as_json:
        show.as_json({"subjects": [row.document() for row in listed]})
        return 0
    rows = show.table("Sujet", "Édition", "Titre")
    for row in listed:
        rows.add_row(*map(safe_markup, (row.id, row.edition, row.title or "à corriger")))
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


def prove(
    functionality: Annotated[
        list[str] | None, typer.Option("--functionality", metavar="LIGNE", help="Une ligne de la liste ; se répète.")
    ] = None,
    subject: OfSubjects = None,
    stack: OfStack = "",
    as_json: AsJson = False,
) -> int:
    """Prouve des contrôles et des sujets : avant, après chaque chemin, chaque presque-juste, chaque autre voie."""
    from provisioner.proof.prove import prove as prove_all
    from provisioner.proof.selection import select

    selection = select(functionality or [], subject or [], stack, resources.settings())
    edition, centre = selection.edition, resources.centre(foreign=True)
    golden = resources.golden(centre, edition, todays=True)
    document, proofs = prove_all(centre, edition, golden, selection.examples, selection.subjects)
    failures = [failure for proven in [*document["checks"], *document["subjects"]] for failure in proven["failures"]]
    if as_json:
        show.as_json(document)
    else:
        show.banner(document["differs"], edition.official)
        show.proofs(proofs)
        if document["left_out"]:
            out.print(f"Hors de portée de cette édition : {', '.join(document['left_out'])}.")
        out.print(f"Page : {document['report']}", soft_wrap=True)
    return 3 if any(proof.fault for proof in proofs) else int(bool(failures))
