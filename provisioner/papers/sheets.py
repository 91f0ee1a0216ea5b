"""Prints before the exam each candidate's sheet to sign in with, and each subject with its annexes."""

import mimetypes
from base64 import b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path

import segno
from markdown_it import MarkdownIt

from provisioner.build.driver import driver_of
from provisioner.core.batches import in_turn, raise_combined
from provisioner.core.errors import ProvisionerError
from provisioner.core.model import Golden
from provisioner.core.records import RosterEntry
from provisioner.exam.roster import stem_of
from provisioner.exam.seating import entries_of, golden_for
from provisioner.host.editions import cms_name, stack_named
from provisioner.papers.printing import page, write_pdfs
from provisioner.station.centre import Centre
from provisioner.subject.subjects import Subject, load_subject


def write_sheets(centre: Centre, goldens: Mapping[str, Golden]) -> list[Path]:
    """Write as PDF the sheets of all candidates in one file, each candidate's sheet, and their subjects.

    Candidates whose stack isn't among the `goldens` are left out: how their stations will differ isn't known. So are
    those whose password isn't known any more, since they had begun when the list was lost.
    """
    folder = centre.state.folder / "documents" / centre.room.name / "feuilles"
    entries = [entry for entry in entries_of(centre) if entry.stack in goldens and entry.password is not None]
    zone = centre.settings.zone
    candidates = [_candidate(centre, entry, goldens[entry.stack]) for entry in entries]
    pages = {folder / "candidats.pdf": page("candidate", zone, candidates=candidates)}
    for entry, candidate in zip(entries, candidates, strict=True):
        pages[folder / f"candidat-{stem_of(entry)}.pdf"] = page("candidate", zone, candidates=[candidate])
    for name, stack in sorted({entry.subject: entry.stack for entry in entries}.items()):
        pages[folder / f"sujet-{name}.pdf"] = subject_page(centre, load_subject(name), stack)
    return write_pdfs(pages)


def write_sheets_of_list(centre: Centre) -> tuple[list[Path], list[ProvisionerError]]:
    """As `write_sheets`, for the editions of the room's list that are built; the errors of those that aren't.

    Raises where none is built.
    """
    stacks = sorted({entry.stack for entry in entries_of(centre)})
    built, errors = in_turn(stacks, lambda stack: golden_for(centre, stack))
    if not built:
        raise_combined(errors, {})
    return write_sheets(centre, dict(built)), errors


def subject_page(centre: Centre, subject: Subject, stack: str) -> str:
    """A subject as a candidate of that edition reads it on paper."""
    names = dict.fromkeys(name for question in subject.questions for name in question.annexes)
    annexes = [_annex(subject.folder / name) for name in names]
    edition = stack_named(stack)
    return page(
        "subject",
        centre.settings.zone,
        subject=subject,
        name=subject_name(subject.id),
        session=edition.edition if edition.official else "",
        annexes=annexes,
    )


def subject_name(subject: str) -> str:
    """A subject as the circular calls it: the CMS and a capital letter; or the word that it has instead."""
    return f"{cms_name(subject.rpartition('-')[0])} {subject_letter(subject)}"


def subject_letter(subject: str) -> str:
    """The letter or word of a subject, as it is printed."""
    return subject.rpartition("-")[2].capitalize()


def _candidate(centre: Centre, entry: RosterEntry, golden: Golden) -> dict[str, object]:
    """The values of a candidate's sheet, for its template."""
    address = centre.room.address_of(entry.place)
    return {
        **entry.document(),
        "address": address,
        "office": driver_of(entry.stack).office,
        "subject_title": f"{subject_name(entry.subject)}, {load_subject(entry.subject).title}",
        "warnings": warnings(entry.stack, golden.conformity.differs),
        "qr": segno.make(address, error="m").svg_inline(border=1, omitsize=True),
    }


def warnings(stack: str, differs: Sequence[str]) -> list[str]:
    """French warnings where a station is of a trial edition or not conforming."""
    trial = [] if stack_named(stack).official else ["ÉDITION D’ESSAI — jamais un poste d’examen"]
    return [*trial, *(["Versions NON conformes : " + " ".join(differs)] if differs else [])]


def _annex(path: Path) -> dict[str, str]:
    kind = mimetypes.guess_type(path.name)[0] or ""
    annex = {"name": path.name, "html": "", "image": ""}
    if path.suffix == ".md":
        annex["html"] = (
            MarkdownIt("commonmark", {"html": False}).enable("table").render(path.read_text(encoding="utf-8"))
        )
    elif kind.startswith("image/"):
        annex["image"] = f"data:{kind};base64,{b64encode(path.read_bytes()).decode('ascii')}"
    return annex
