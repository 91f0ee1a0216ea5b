"""Prints results: tables for a person, or one JSON document for a program, on standard output."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table

from provisioner.build.driver import driver_of
from provisioner.cli.screen import SafeConsole, safe_markup
from provisioner.core.model import Credentials, Golden, Stack, Station, Verdict
from provisioner.examination.page_content import counts_of, verdicts_of
from provisioner.french.text import numbered
from provisioner.host.editions import cms_name, stack_named
from provisioner.host.fingerprint import is_made_otherwise

if TYPE_CHECKING:
    from provisioner.core.model import ArtifactState
    from provisioner.doctor.diagnosis import Diagnosis
    from provisioner.examination.again import JudgedAgain
    from provisioner.examination.document import CandidateDocument, ExaminationDocument
    from provisioner.station.sittings import Situation

out = SafeConsole(highlight=False)

_COLOURS = {"met": "green", "not_met": "red", "to_judge": "cyan", "blocked": "yellow", "broken": "yellow"}
#: Columns that are never cut.
_WHOLE = ("Poste", "Adresse", "Identifiant", "Mot de passe", "Archive", "Heure", "Candidat", "Sujet", "Édition")
#: How the columns that count verdicts are headed: met, not met, to judge, at fault. As in templates/verdict.html.j2.
_COUNTED = ("✓", "✗", "?", "!")
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
    """Print the document, and nothing else, on standard output.

    Control characters stay escaped, those that turn the writing around too, and so do halves of pairs
    and the letters that the output's encoding lacks.
    """
    utf8 = (sys.stdout.encoding or "utf-8").lower().startswith("utf")
    text = json.dumps(document, ensure_ascii=not utf8, indent=1)
    sys.stdout.write(
        re.sub(
            "[\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]",
            lambda match: f"\\u{ord(match[0]):04x}",
            text,
        )
        + "\n"
    )
    sys.stdout.flush()


def table(*titles: str) -> Table:
    """A table without lines whose addresses and passwords are never cut."""
    new_table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in titles:
        new_table.add_column(title, no_wrap=title in _WHOLE)
    return new_table


def print_table(rows: Table) -> None:
    """Print a table; where the terminal is too narrow for the columns that are never cut, it wraps the lines itself."""
    least = Measurement.get(out, out.options.update(max_width=sys.maxsize), rows)
    if least.minimum > out.width:
        rows.width = least.maximum
    out.print(rows, crop=False)


def banner(differs: Sequence[str], official: bool) -> None:
    """Print whether a station's edition is official and its versions conforming, as every result has to say."""
    if not official:
        out.print("\n[bold black on yellow]  ÉDITION D'ESSAI — JAMAIS UN POSTE D'EXAMEN  [/]")
    if not differs:
        out.print("[green]Versions conformes.[/]")
        return
    out.print("[bold yellow]Versions NON conformes :[/]")
    for sentence in differs:
        out.print(f"  • {safe_markup(sentence)}")


def needs(report: Diagnosis) -> None:
    """Print the doctor's diagnosis."""
    rows = table("", "Besoin", "Constat")
    for row in report.rows:
        rows.add_row(_NEED[row.state], safe_markup(row.name), safe_markup(row.seen))
    print_table(rows)
    out.print(
        "Cette machine peut accueillir des postes d'examen." if report.ok else f"[bold]{safe_markup(report.remedy)}[/]"
    )


def archives(states: Sequence[ArtifactState], idle: Sequence[str]) -> None:
    """Print the state of the artifacts in the store; `idle` are sentences on stand-ins that replace nothing."""
    rows = table("Archive", "Version", "État")
    for state in states:
        rows.add_row(state.artifact.file, state.artifact.version, safe_markup(state.status.french))
    print_table(rows)
    for sentence in [*(state.sentence for state in states if str(state.status) in ("mismatch", "stand_in")), *idle]:
        out.print(f"  • {safe_markup(sentence)}")


def fetched(differs: Sequence[str | None]) -> None:
    """Print how many artifacts were fetched; `differs` has for each how it differs from its pin, or None."""
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


def golden(golden_image: Golden, stack: Stack) -> None:
    """Print that a golden image is ready."""
    out.print(f"\n[bold]{safe_markup(stack.title)}[/] est prête ({golden_image.image[7:19]}).")
    banner(golden_image.conformity.differs, stack.official)


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
    present: Sequence[Station],
    credentials_of: Mapping[str, Credentials | None] | None = None,
    *,
    situations: Mapping[str, Situation] | None = None,
) -> None:
    """Print the stations of a room and their situations by name, with their credentials where `credentials_of` is given."""
    if not present:
        out.print("Aucun poste. Préparez-en, par exemple avec « e5b up 3 --subject wordpress-a ».")
        return
    rows = table(
        "Poste", "Adresse", *(("Identifiant", "Mot de passe") if credentials_of is not None else ()), "Sujet", "État"
    )
    for station in present:
        credentials = credentials_of.get(station.name) if credentials_of is not None else None
        secrets = [credentials.user, credentials.password] if credentials else ["inconnu", "inconnu"]
        credential_cells = secrets if credentials_of is not None else []
        situation = (situations or {}).get(station.name)
        state = situation.french if situation else station.state
        cells = [station.name, station.address, *credential_cells, station.subject, state]
        rows.add_row(*(safe_markup(cell) for cell in cells))
    print_table(rows)
    if lost := [name for name, credentials in (credentials_of or {}).items() if credentials is None]:
        out.print(
            f"Le mot de passe de {', '.join(lost)} n'a pas été gardé sur cette machine : le candidat continue avec "
            f"le sien ; « e5b reset {lost[0]} » en donne un nouveau, sur un site neuf ; le travail d'un candidat est archivé d'abord."
        )
    if credentials_of is not None:
        stacks = [stack_named(station.stack) for station in present]
        for cms, office in dict.fromkeys((cms_name(stack.cms), driver_of(stack.id).office) for stack in stacks):
            out.print(f"{safe_markup(cms)} s'administre à l'adresse du poste suivie de {office}")
    images(present)


def images(present: Sequence[Station]) -> None:
    """Print the golden images of these stations and their age."""
    made_from = list(dict.fromkeys((station.stack, station.golden) for station in present))
    for stack, image in made_from:
        of_image = [station for station in present if (station.stack, station.golden) == (stack, image)]
        several = sum(each_stack == stack for each_stack, _ in made_from) > 1
        names = f" — {', '.join(station.name for station in of_image)}" if several else ""
        image_age(stack_named(stack), of_image[0], names)


def image_age(
    stack: Stack, image: Golden | Station, remark: str = "", next_step: str = "remettez les postes à neuf"
) -> None:
    """Print a golden image's edition, whether it conforms, and whether it is stale or outdated.

    `image` may be a station instead; `remark` follows the title; `next_step` is what to do after building it again.
    """
    out.print(f"\n[bold]{safe_markup(stack.title)}[/]{remark}")
    banner(image.conformity.differs, stack.official)
    if image.stale(datetime.now(image.built_at.tzinfo)):
        out.print(
            f"[yellow]Cette image date du {image.built_at:%d/%m/%Y} : ses dates vieillissent. "
            f"Refaites-la avec « e5b build {stack.id} », puis {next_step}.[/]"
        )
    if is_made_otherwise(image):
        out.print(
            f"[yellow]Cette image est construite par une autre version d'e5b : lancez « e5b build {stack.id} », puis "
            f"{next_step}.[/]"
        )


def examinations(documents: Sequence[ExaminationDocument], *, several: bool) -> None:
    """Print the findings of an examination; where `several` stations were to be examined, one line for each."""
    if several:
        summaries(documents)
    else:
        for document in documents:
            findings(document)


def judged_again(document: ExaminationDocument, judged: Sequence[JudgedAgain], other_data: bool) -> None:
    """Print what becomes of each check of a report that is judged again with today's code, and perhaps with other data."""
    candidate = _candidate_words(document["candidate"])
    out.print(f"[bold]{safe_markup(document['station'])}[/] {safe_markup(candidate)}".rstrip())
    for one in judged:
        head = f"Question {one.question}, {one.title}"
        if one.why:
            out.print(safe_markup(f"{head} : à revoir sur l'archive, {one.why}."))
        elif one.outcome == "same":
            out.print(safe_markup(f"{head} : jugé comme à l'examen."))
        else:
            out.print(safe_markup(f"{head} : {'verdict changé' if one.outcome == 'verdict' else 'phrase changée'}."))
            for fact, verdict, _, observed in (said for said in one.before if said not in one.now):
                out.print(Padding(safe_markup(f"{fact}, à l'examen : {verdict.french}, {observed}"), (0, 0, 0, 2)))
            for fact, verdict, _, observed in (said for said in one.now if said not in one.before):
                out.print(Padding(safe_markup(f"{fact}, aujourd'hui : {verdict.french}, {observed}"), (0, 0, 0, 2)))
    changed = sum(one.outcome != "same" for one in judged)
    if changed and other_data:
        out.print(
            "Les données de l'entreprise ou le sujet ont changé depuis l'examen : la différence peut venir de là."
        )
    same = f"Jugés comme à l'examen : {numbered(len(judged) - changed, 'contrôle')} sur {len(judged)}."
    out.print(
        f"{same} Le rapport reste tel qu'il est ; « e5b check --archive » en écrit un autre." if changed else same
    )


def summaries(documents: Sequence[ExaminationDocument]) -> None:
    """Print one line for each examination: whose it is, how many verdicts there are of each kind, where its page is.

    What differs from the exam's versions is said once for all stations of which the same is to be said.
    """
    if not documents:
        return
    rows = table("Poste", "N° et nom", *_COUNTED, "Rapport")
    for document in documents:
        counts = counts_of(verdict for question in document["questions"] for verdict in verdicts_of(question))
        numbers = (counts.met, counts.not_met, counts.to_judge, counts.fault)
        page = Path(document["report"])
        cells = (document["station"], _candidate_words(document["candidate"]), *map(str, numbers))
        rows.add_row(*map(safe_markup, (*cells, f"{page.parent.parent.name}/{page.parent.name}")))
    out.print()
    print_table(rows)
    words = [Verdict.MET.french, Verdict.NOT_MET.french, Verdict.TO_JUDGE.french, "en défaut"]
    out.print(f"[dim]{' · '.join(f'{sign} {word}' for sign, word in zip(_COUNTED, words, strict=True))}[/]")
    for folder in dict.fromkeys(Path(document["report"]).parents[2] for document in documents):
        name = Path(documents[0]["report"]).name
        out.print(f"Rapport : {name} dans ce dossier de {folder}", soft_wrap=True)
    of_edition: dict[tuple[str, bool, tuple[str, ...]], list[str]] = {}
    for document in documents:
        key = (document["stack_title"], document["official"], tuple(document["differs"]))
        of_edition.setdefault(key, []).append(document["station"])
    for (title, official, differs), names in of_edition.items():
        out.print(f"\n[bold]{safe_markup(title)}[/] — {safe_markup(', '.join(names))}")
        banner(differs, official)


def _candidate_words(candidate: CandidateDocument | None) -> str:
    if candidate is None:
        return "—"
    return " ".join(part for part in (candidate["number"], candidate["name"], candidate["first_name"]) if part)


def findings(document: ExaminationDocument) -> None:
    """Print the findings of an examination; why a station or a check is at fault is said once."""
    taken_at = datetime.fromisoformat(document["taken_at"])
    state = "arrêté" if document.get("ended", True) else "tel qu'il était"
    out.print(
        f"\n[bold]{document['station']}[/] — sujet {document['subject']}, travail {state} le "
        f"{taken_at:%d/%m/%Y à %H:%M:%S}, examiné en {document['seconds']} s"
    )
    banner(document["differs"], document["official"])
    rows, faults = table("Question", "Point", "Constat", "Observé"), set[str]()
    for question in document["questions"]:
        for check in question["checks"]:
            for finding in check["findings"]:
                verdict = Verdict(finding["verdict"])
                point, observed = finding["fact"].split("/", 1)[1], shorten(finding["observed"], 100, placeholder=" …")
                if finding["observed"] in faults:
                    observed = "pour la même raison"
                if verdict in (Verdict.BLOCKED, Verdict.BROKEN):
                    faults.add(finding["observed"])
                word = f"[{_COLOURS[verdict]}]{verdict.french}[/]"
                rows.add_row(str(question["number"]), safe_markup(point), word, safe_markup(observed))
    print_table(rows)
    out.print(f"Rapport : {document['report']}", soft_wrap=True)
