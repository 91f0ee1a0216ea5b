"""How results look: tables for a person on standard output, one JSON document for a program."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from textwrap import shorten
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

from provisioner.build.driver import driver_of
from provisioner.cli.screen import safe_markup
from provisioner.core.model import Credentials, Golden, Stack, Station, Verdict
from provisioner.host.fingerprint import is_made_otherwise

if TYPE_CHECKING:
    from provisioner.core.model import ArtifactState
    from provisioner.doctor.diagnosis import Diagnosis
    from provisioner.proof.steps import StepProof
    from provisioner.subject.official_list import FunctionalityRow

out = Console(highlight=False)

_COLOURS = {"met": "green", "not_met": "red", "to_judge": "cyan", "blocked": "yellow", "broken": "yellow"}
#: Columns that are never cut.
_WHOLE = ("Poste", "Adresse", "Identifiant", "Mot de passe", "Archive", "Heure", "Candidat", "Sujet")
_NEED = {"présent": "[green]✓[/]", "manque": "[red]✗[/]", "facultatif": "[yellow]–[/]"}


class GoldenDocument(TypedDict):
    """A golden image in JSON."""

    stack: str
    conforming: bool
    differs: list[str]
    image: str
    built_at: str
    versions: Mapping[str, str]


class StationDocument(TypedDict):
    """A station in JSON; `user` and `password` where its credentials were asked for and are known."""

    station: str
    stack: str
    conforming: bool
    differs: list[str]
    address: str
    state: str
    subject: str
    built_at: str
    stale: bool
    outdated: bool
    user: NotRequired[str]
    password: NotRequired[str]


class SiteDocument(TypedDict):
    """A site that all candidates share, in JSON."""

    stack: str
    conforming: bool
    differs: list[str]
    address: str
    built_at: str
    stale: bool
    outdated: bool


def as_json(document: Mapping[str, Any]) -> None:
    """The document, and nothing else, on standard output; what commands a terminal stays an escape, and all that it lacks."""
    utf8 = (sys.stdout.encoding or "utf-8").lower().startswith("utf")
    text = json.dumps(document, ensure_ascii=not utf8, indent=1)
    sys.stdout.write(re.sub("[\x7f-\x9f]", lambda match: f"\\u{ord(match[0]):04x}", text) + "\n")
    sys.stdout.flush()


def table(*titles: str) -> Table:
    """A table without lines whose addresses and passwords are never cut."""
    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in titles:
        made.add_column(title, no_wrap=title in _WHOLE)
    return made


def print_table(rows: Table) -> None:
    """On standard output; where the terminal is too narrow for what is never cut, it breaks the lines itself."""
    least = Measurement.get(out, out.options.update(max_width=sys.maxsize), rows)
    if least.minimum > out.width:
        rows.width = least.maximum
    out.print(rows, crop=False)


def banner(differs: Sequence[str], official: bool) -> None:
    """What every screen says of what a station is built from."""
    if not official:
        out.print("\n[bold black on yellow]  ÉDITION D'ESSAI — JAMAIS UN POSTE D'EXAMEN  [/]")
    if not differs:
        out.print("[green]Versions conformes.[/]")
        return
    out.print("[bold yellow]Versions NON conformes :[/]")
    for sentence in differs:
        out.print(f"  • {safe_markup(sentence)}")


def needs(report: Diagnosis) -> None:
    """What the doctor saw."""
    rows = table("", "Besoin", "Constat")
    for row in report.rows:
        rows.add_row(_NEED[row.state], safe_markup(row.name), safe_markup(row.seen))
    print_table(rows)
    out.print(
        "Cette machine peut accueillir des postes d'examen." if report.ok else f"[bold]{safe_markup(report.remedy)}[/]"
    )


def archives(states: Sequence[ArtifactState], idle: Sequence[str]) -> None:
    """What the store holds."""
    rows = table("Archive", "Version", "État")
    for state in states:
        rows.add_row(state.artifact.file, state.artifact.version, safe_markup(state.status.french))
    print_table(rows)
    for sentence in [*(state.sentence for state in states if str(state.status) in ("mismatch", "stand_in")), *idle]:
        out.print(f"  • {safe_markup(sentence)}")


def fetched(differs: Sequence[str | None]) -> None:
    """What of the store is there now: of each archive, how it differs from the pinned one, if it does."""
    replaced = [sentence for sentence in differs if sentence]
    if whole := len(differs) - len(replaced):
        out.print(f"{whole} archives sont là et vérifiées." if whole > 1 else "1 archive est là et vérifiée.")
    if replaced:
        count = f"{len(replaced)} archives sont remplacées" if len(replaced) > 1 else "1 archive est remplacée"
        out.print(f"[bold yellow]{count}, et les versions ne seront pas conformes :[/]")
    for sentence in replaced:
        out.print(f"  • {safe_markup(sentence)}")


def golden_document(golden: Golden) -> GoldenDocument:
    """A golden image in JSON."""
    return {
        "stack": golden.stack,
        "conforming": golden.conformity.conforming,
        "differs": list(golden.conformity.differs),
        "image": golden.image,
        "built_at": golden.built_at.isoformat(),
        "versions": golden.versions,
    }


def golden(made: Golden, stack: Stack) -> None:
    """A golden image that is ready."""
    out.print(f"\n[bold]{safe_markup(stack.title)}[/] est prête ({made.image[7:19]}).")
    banner(made.conformity.differs, stack.official)


def station_document(station: Station) -> StationDocument:
    """A station in JSON."""
    return {
        "station": station.name,
        "stack": station.stack,
        "conforming": station.conformity.conforming,
        "differs": list(station.conformity.differs),
        "address": station.address,
        "state": station.state,
        "subject": station.subject,
        "built_at": station.built_at.isoformat(),
        "stale": station.stale(datetime.now(station.built_at.tzinfo)),
        "outdated": is_made_otherwise(station),
    }


def site_document(address: str, golden: Golden) -> SiteDocument:
    """A site that all candidates share, in JSON."""
    return {
        "stack": golden.stack,
        "conforming": golden.conformity.conforming,
        "differs": list(golden.conformity.differs),
        "address": address,
        "built_at": golden.built_at.isoformat(),
        "stale": golden.stale(datetime.now(golden.built_at.tzinfo)),
        "outdated": is_made_otherwise(golden),
    }


def stations(
    present: Sequence[Station], stacks: Mapping[str, Stack], known: Mapping[str, Credentials | None] | None = None
) -> None:
    """The stations of a room; with what candidates sign in with where `known` is given."""
    if not present:
        out.print("Aucun poste. Préparez-en, par exemple avec « e5b up 3 --subject wordpress-a ».")
        return
    rows = table("Poste", "Adresse", *(("Identifiant", "Mot de passe") if known is not None else ()), "Sujet", "État")
    for station in present:
        credentials = known.get(station.name) if known is not None else None
        secrets = [credentials.user, credentials.password] if credentials else ["inconnu", "inconnu"]
        shown = secrets if known is not None else []
        cells = [station.name, station.address, *shown, station.subject, station.state]
        rows.add_row(*(safe_markup(cell) for cell in cells))
    print_table(rows)
    if lost := [name for name, credentials in (known or {}).items() if credentials is None]:
        out.print(
            f"Le mot de passe de {', '.join(lost)} n'a pas été gardé sur cette machine : le candidat continue avec "
            f"le sien ; « e5b reset {lost[0]} » en donne un nouveau, sur un site neuf ; le travail d'un candidat est archivé d'abord."
        )
    if known is not None:
        for stack in dict.fromkeys(station.stack for station in present):
            cms = stacks[stack].title.split()[0]
            out.print(f"{safe_markup(cms)} s'administre à l'adresse du poste suivie de {driver_of(stack).office}")
    images(present, stacks)


def images(present: Sequence[Station], stacks: Mapping[str, Stack]) -> None:
    """What these stations were made from, and since when."""
    made_from = list(dict.fromkeys((station.stack, station.golden) for station in present))
    for stack, image in made_from:
        of_image = [station for station in present if (station.stack, station.golden) == (stack, image)]
        several = sum(other == stack for other, _ in made_from) > 1
        names = f" — {', '.join(station.name for station in of_image)}" if several else ""
        image_age(stacks[stack], of_image[0], names)


def image_age(stack: Stack, image: Golden | Station, whose: str = "", then: str = "remettez les postes à neuf") -> None:
    """A golden image, or what came of it: what it is, whether it conforms, whether it begins to look old; what to do `then`."""
    out.print(f"\n[bold]{safe_markup(stack.title)}[/]{whose}")
    banner(image.conformity.differs, stack.official)
    if image.stale(datetime.now(image.built_at.tzinfo)):
        out.print(
            f"[yellow]Cette image date du {image.built_at:%d/%m/%Y} : ses dates vieillissent. "
            f"Refaites-la avec « e5b build {stack.id} », puis {then}.[/]"
        )
    if is_made_otherwise(image):
        out.print(
            f"[yellow]Cette image est construite par une autre version d'e5b : lancez « e5b build {stack.id} », puis "
            f"{then}.[/]"
        )


def findings(document: Mapping[str, Any]) -> None:
    """What an examination found."""
    taken_at = datetime.fromisoformat(document["taken_at"])
    out.print(
        f"\n[bold]{document['station']}[/] — sujet {document['subject']}, travail arrêté le "
        f"{taken_at:%d/%m/%Y à %H:%M:%S}, examiné en {document['seconds']} s"
    )
    banner(document["differs"], document["official"])
    rows = table("Question", "Point", "Constat", "Observé")
    for question in document["questions"]:
        for check in question["checks"]:
            for finding in check["findings"]:
                verdict = Verdict(finding["verdict"])
                point, observed = finding["fact"].split("/", 1)[1], shorten(finding["observed"], 100, placeholder=" …")
                word = f"[{_COLOURS[verdict]}]{verdict.french}[/]"
                rows.add_row(str(question["number"]), safe_markup(point), word, safe_markup(observed))
    print_table(rows)
    out.print(f"Rapport : {document['report']}", soft_wrap=True)


def proofs(steps: Sequence[StepProof]) -> None:
    """What was proven, and what only at the second attempt."""
    for proof in steps:
        if proof.retried:
            out.print(f"[yellow]↻[/] {safe_markup(proof.step.name)}, refait une fois : {safe_markup(proof.retried)}")
        if proof.failure:
            out.print(f"[red]✗[/] {safe_markup(proof.step.name)} : {safe_markup(proof.failure)}")
    out.print(f"{sum(not proof.failure for proof in steps)} étapes prouvées sur {len(steps)}.")


def functionalities(rows: Sequence[FunctionalityRow]) -> None:
    """The list, and what proves it."""
    shown = table("Ligne", "Point", "Contrôles")
    for row in rows:
        for fact in row["facts"]:
            shown.add_row(row["id"], fact["text"], ", ".join(fact["checks"]) or "[dim]aucun[/]")
    print_table(shown)
