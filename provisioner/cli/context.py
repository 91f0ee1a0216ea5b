"""Commands for the company that the sites are seeded with."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from provisioner.cli import resources, show
from provisioner.cli.screen import said
from provisioner.cli.show import out
from provisioner.cli.usage import AsJson
from provisioner.core.model import Stack
from provisioner.host.config import ROOT, load_stacks, stack_named

if TYPE_CHECKING:
    from provisioner.context.texts import Fault

#: How many of the words that a stand-in leaves in English are printed; `--json` has all.
_SOME = 8


def context_check(
    stack: Annotated[
        list[str] | None,
        typer.Option("--stack", metavar="ÉDITION", help="Une édition à parcourir ; se répète. Les deux de 2024 sinon."),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Prouve que l'entreprise est entière : pages, images, textes, et les deux sites d'accord."""
    from provisioner.context.consistency import misspelled, on_paper
    from provisioner.context.texts import Fault, spelled
    from provisioner.context.visit import visit
    from provisioner.host.fingerprint import SCENARIO

    scenario = ROOT / "scenarios" / SCENARIO
    editions = [stack_named(one) for one in stack or _editions()]
    texts, paper = spelled(scenario), list(on_paper(scenario))

    def seen_of(edition: Stack) -> Mapping[str, Any]:
        centre = resources.centre(foreign=True)
        seen = visit(centre, resources.golden(centre, edition), scenario)
        # What the site says of the company is on paper too: words that only a page has are its screens'.
        unknown = [vars(one) for one in misspelled(seen.words, scenario)]
        kind = "faults" if seen.document["conforming"] else "untranslated"
        return {**seen.document, kind: [*seen.document[kind], *unknown]}

    made, errors = resources.in_turn(editions, seen_of)
    documents = [document for _, document in made]
    paper += list(misspelled(texts, scenario))
    count = len(paper) + sum(len(one["faults"]) for one in documents)
    told = {"context": SCENARIO, "faults": [vars(one) for one in paper], "stacks": documents}
    if as_json:
        resources.tell(errors, told)
        show.as_json(told)
        return int(bool(count))
    for document in documents:
        out.print(f"{document['stack']} : {document['pages']} pages et {document['office_pages']} écrans parcourus.")
        _tell([Fault(**one) for one in document["faults"]])
        if left := document["untranslated"]:
            some = " ; ".join(one["what"] for one in left[:_SOME]) + (" …" if left[_SOME:] else "")
            out.print(
                f"  [yellow]–[/] {len(left)} mots des écrans ne sont pas en français. Ce n'est pas une faute de "
                f"l'entreprise : les archives de cette machine diffèrent ({said(' '.join(document['differs']))}) "
                f"— {said(some)}",
                soft_wrap=True,
            )
    _tell(paper)
    if count or not errors:
        out.print("Rien à redire." if not count else f"{count} point(s) à corriger.")
    resources.tell(errors, told)
    return int(bool(count))


def _editions() -> list[str]:
    """The editions of the exam."""
    return [one.id for one in load_stacks().values() if one.official and one.id.endswith("-2024")]


def _tell(faults: "Sequence[Fault]") -> None:
    for one in faults:
        out.print(f"  [red]•[/] {said(one.where)} : {said(one.what)}", soft_wrap=True)
