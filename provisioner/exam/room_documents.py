"""What is printed for a room's candidates, in `documents`: whose a file is, by its name; put aside after a corrected list."""

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path

from provisioner.core.errors import EvidenceLost
from provisioner.core.records import RosterEntry
from provisioner.exam.roster import plain, stem_of
from provisioner.host.disk import disk_in_french, write_whole
from provisioner.station.state import State

#: In each folder of documents: those of candidates who are no longer on the list.
ASIDE = "retirés"
SHEETS = "feuilles"
#: Files that have the documents of several candidates, and which files they are made of.
COLLECTIONS = {
    "candidats.pdf": "candidat-*.pdf",
    "toutes-les-fiches.pdf": "*-fiche-evaluation.pdf",
    "toutes-les-grilles.pdf": "*-grille-aide.pdf",
}


def folder_of(state: State, room: str) -> Path:
    """The folder of a room's documents."""
    return state.folder / "documents" / room


def commission_folder(commission: str) -> str:
    """The name of the folder of a commission's forms."""
    return f"commission-{plain(commission)}"


def stem_in(path: Path) -> str:
    """The sitting whose document this is, as `stem_of` gives it; empty where the name tells none."""
    folder = path.parent.parent if path.parent.name == ASIDE else path.parent
    name = path.name.removeprefix("candidat-") if folder.name == SHEETS else path.name
    match = re.match(r"(.+-[a-z]+-.+-\d{4}-\d\d-\d\d)(?=[.-])", name)
    return match[1] if match else ""


def day_in(path: Path) -> date | None:
    """The day that a document's name ends with or has before its kind; None where it has none."""
    days = re.findall(r"(?<!\d)\d{4}-\d\d-\d\d(?!\d)", path.name)
    with suppress(ValueError):
        return date.fromisoformat(days[-1]) if days else None
    return None


def joined(parts: Sequence[Path]) -> bytes:
    """Several PDFs as one, in their order, so that they are printed in one go."""
    from pypdf import PdfWriter

    whole, data = PdfWriter(), BytesIO()
    for part in parts:
        whole.append(part)
    whole.write(data)
    return data.getvalue()


def can_be_joined(parts: Sequence[Path]) -> bool:
    """Whether a collection can be made of these PDFs: there are some, and all can be read."""
    from pypdf.errors import PyPdfError

    try:
        return bool(parts and joined(parts))
    except (PyPdfError, ValueError, OSError):
        return False


def collect_again(folder: Path, entries: Sequence[RosterEntry]) -> None:
    """Make the collections of a folder anew, from the documents that are there; remove those without any.

    The candidates stand in the order of `entries`. A collection that can't be made is removed all the same, since it
    shows who left: « e5b sheets » and « e5b forms » write it again. Interrupted meanwhile, a collection stays as it was.
    """
    from pypdf.errors import PyPdfError

    order = {stem_of(entry): place for place, entry in enumerate(entries)}
    for name, pattern in COLLECTIONS.items():
        collection = folder / name
        if not collection.exists():
            continue
        parts = sorted(folder.glob(pattern), key=lambda part: (order.get(stem_in(part), len(order)), part.name))
        try:
            content = joined(parts) if parts else b""
        except (PyPdfError, ValueError, OSError):
            content = b""
        if content:
            with suppress(OSError):
                write_whole(collection, content, mode=0o600)
                continue
        collection.unlink()


@dataclass(frozen=True)
class Corrected:
    """A list after its correction; sittings are named by their stems.

    `known`: who was on it before. `another`: sittings that are another person's now, or have a new password.
    `returning`: sittings whose documents hold again. `is_unfinished`: the moves of the list before were interrupted, so
    that a collection may not be that of the documents beside it.
    """

    entries: Sequence[RosterEntry]
    known: Sequence[RosterEntry]
    another: Collection[str]
    returning: Collection[str]
    is_unfinished: bool = False

    def stems_in(self, folder: str) -> set[str] | None:
        """The sittings that have documents in a folder of this name; None where it isn't one of candidates."""
        if folder == SHEETS:
            return {stem_of(entry) for entry in self.entries}
        if not folder.startswith("commission-"):
            return None
        return {stem_of(entry) for entry in self.entries if commission_folder(entry.commission) == folder}


def follow_list(room_folder: Path, corrected: Corrected) -> Iterator[str]:
    """Put aside the documents of those who are no longer on the list, and bring back those of `returning`.

    Gives French warnings that name the candidates: without a full stop, as a list's are. A list without changes does
    nothing. Where this was interrupted, doing it again with `is_unfinished` and the same sittings ends it.
    """
    gone, back = dict[str, None](), dict[str, None]()
    for folder in sorted(path for path in room_folder.glob("*") if path.is_dir()):
        stems = corrected.stems_in(folder.name)
        if stems is None:
            continue
        absent = [
            path
            for path in sorted(folder.iterdir())
            if path.is_file() and (stem := stem_in(path)) and (stem not in stems or stem in corrected.another)
        ]
        with disk_in_french(folder, EvidenceLost):
            for path in absent:
                _put_aside(path)
            returned = [path for path in sorted((folder / ASIDE).glob("*")) if _returns(path, stems, corrected)]
            for path in returned:
                path.rename(folder / path.name)
        gone |= dict.fromkeys(map(stem_in, absent))
        back |= dict.fromkeys(map(stem_in, [folder / path.name for path in returned]))
        if absent or returned or corrected.is_unfinished:
            collect_again(folder, corrected.entries)
    if gone:
        yield (
            f"les feuilles et les fiches écrites pour {_named(gone, corrected)} ne suivent plus la liste : elles sont mises de "
            f"côté, dans les dossiers « {ASIDE} » de {room_folder}"
        )
    if back:
        yield (
            f"les feuilles et les fiches écrites pour {_named(back, corrected)} valent de nouveau : elles sont revenues des "
            f"dossiers « {ASIDE} »"
        )


def _put_aside(path: Path) -> None:
    """Move a document to ASIDE; an older one of the same name there gets a number, so that nothing is lost."""
    aside = path.parent / ASIDE
    aside.mkdir(mode=0o700, exist_ok=True)
    target, number = aside / path.name, 1
    older = target
    while older.exists():
        number += 1
        older = aside / f"{path.stem}-{number}{path.suffix}"
    if older != target:
        target.rename(older)
    path.rename(target)


def _returns(path: Path, stems: Collection[str], corrected: Corrected) -> bool:
    stem = stem_in(path)
    is_newest = re.search(r"-\d+$", path.stem.removeprefix("candidat-").removeprefix(stem)) is None
    there = (path.parent.parent / path.name).exists()
    return stem in stems and stem in corrected.returning and is_newest and not there


def _named(stems: Collection[str], corrected: Corrected) -> str:
    """Candidates by number, names, subject and day; ten of them, and how many more."""
    known = {stem_of(entry): entry for entry in (*corrected.entries, *corrected.known)}
    names = [
        f"{entry.number} {entry.name} {entry.first_name} ({entry.subject}, {entry.at:%d/%m})"
        if (entry := known.get(stem))
        else stem
        for stem in stems
    ]
    more = f" et {len(names) - 10} autres" if len(names) > 10 else ""
    return ", ".join(names[:10]) + more
