"""Commands for the companies that sites are seeded with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from provisioner.cli import resources, show
from provisioner.cli.screen import safe_markup
from provisioner.cli.show import out
from provisioner.cli.usage import AsJson
from provisioner.core.batches import raise_combined

if TYPE_CHECKING:
    from provisioner.context.check_company import CompanyReport
    from provisioner.context.texts import Fault
    from provisioner.core.errors import ProvisionerError
    from provisioner.core.model import Golden, Stack
    from provisioner.station.centre import Centre

#: How many untranslated words are printed; `--json` has all.
_SOME = 8


def context_check(
    stack: Annotated[
        list[str] | None,
        typer.Option(
            "--stack", metavar="ÉDITION", help="Une édition à parcourir ; se répète. Celles des réglages sinon."
        ),
    ] = None,
    company: Annotated[
        list[str] | None,
        typer.Option("--company", metavar="ENTREPRISE", help="Une entreprise ; se répète. Toutes sinon."),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Prouve que chaque entreprise est entière : pages, images, textes, et ses deux sites d'accord."""
    from provisioner.context.check_company import check_company, companies_asked
    from provisioner.host.editions import editions_chosen

    reports: list[CompanyReport] = []
    errors: list[ProvisionerError] = []
    editions = stack or [one.id for one in editions_chosen(resources.settings())]
    for asked in companies_asked(company or [], stack or []):
        report, failures = check_company(asked, editions, _open_edition)
        reports.append(report)
        errors += failures
        if not as_json:
            _show_company(report, whole=not failures)
    document = {"companies": [report.json() for report in reports]}
    raise_combined(errors, document)
    if as_json:
        show.as_json(document)
    return int(any(report.count for report in reports))


def _show_company(report: CompanyReport, *, whole: bool) -> None:
    out.print(f"[bold]{safe_markup(report.company)}[/]")
    for site in report.sites:
        _show_site(site)
    _show_faults(report.paper)
    if report.count or whole:
        out.print("Rien à redire." if not report.count else f"{report.count} point(s) à corriger.")


def _open_edition(edition: Stack) -> tuple[Centre, Golden]:
    centre = resources.centre(foreign=True)
    return centre, resources.golden(centre, edition)


def _show_site(site: Mapping[str, Any]) -> None:
    from provisioner.context.texts import Fault

    out.print(f"{site['stack']} : {site['pages']} pages et {site['office_pages']} écrans parcourus.")
    _show_faults([Fault(**fault) for fault in site["faults"]])
    if words := site["untranslated"]:
        some = " ; ".join(word["what"] for word in words[:_SOME]) + (" …" if words[_SOME:] else "")
        out.print(
            f"  [yellow]–[/] {len(words)} mots des écrans ne sont pas en français. Ce n'est pas une faute de "
            f"l'entreprise : les archives de cette machine diffèrent ({safe_markup(' '.join(site['differs']))}) "
            f"— {safe_markup(some)}",
            soft_wrap=True,
        )


def _show_faults(faults: Sequence[Fault]) -> None:
    for fault in faults:
        out.print(f"  [red]•[/] {safe_markup(fault.where)} : {safe_markup(fault.what)}", soft_wrap=True)
