"""Commands for candidates' archives: make, verify, list, open, close and purge them; the list of their digests, and its key."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypedDict

import typer

from provisioner.cli import booked, resources, show
from provisioner.cli.screen import safe_line
from provisioner.cli.show import out
from provisioner.cli.usage import All, AsJson, Identity, InRoom, Names
from provisioner.core.batches import raise_combined
from provisioner.core.errors import Refusal
from provisioner.french.text import fold, numbered

if TYPE_CHECKING:
    from provisioner.archive.archives import Archive
    from provisioner.archive.hash_lists import HashList
    from provisioner.archive.verifying import ListedArchive, VerifiedArchive
    from provisioner.archive.viewing import View
    from provisioner.exam.purge import PurgePlan


class ArchiveDocument(TypedDict):
    """An archive in JSON; `bytes` is its size, `signed_by` the fingerprint of the key that signed it, `aside` why its station was replaced, `last` as in archive/latest.py."""

    archive: str
    sha256: str
    bytes: int
    station: str
    subject: str
    stack: str
    conforming: bool
    differs: list[str]
    taken_at: str
    golden: str
    address: str
    candidate: str | None
    report: str | None
    verified: bool
    signed_by: str | None
    aside: str | None
    last: bool


def make(names: Names = None, everything: All = False, room: InRoom = "", as_json: AsJson = False) -> int:
    """Archive des postes entiers, et relit chaque archive ; les postes restent tels quels."""
    from provisioner.archive.archiving import archive_each, archive_unknown, set_aside

    centre = resources.centre(room, foreign=True)
    archives: list[Archive]
    errors: Sequence[Exception]
    if centre.room.owner in ("", centre.state.id):
        only_waiting = set_aside(centre) and not names and not everything
        chosen = [] if only_waiting else resources.stations_with_work(centre, names, everything)
        with booked.act(centre, "archive", chosen) as act:
            archives, errors = archive_each(act.centre, chosen)
            put_away = [archive for archive in archives if archive.manifest.aside]
            act.done(
                [archive.manifest.station for archive in archives if not archive.manifest.aside], "archivé et relu"
            )
            act.text = f"{numbered(len(put_away), 'ancien poste', 'anciens postes')}" if put_away else ""
            act.failed(errors)
    elif everything:
        with booked.act(centre, "archive", []) as act:
            archives, errors = archive_unknown(act.centre)
            act.text = f"{numbered(len(archives), 'poste')} d'une autre salle"
    else:
        raise Refusal(
            f"Rien n'est su ici des postes de « {centre.room.name} », ouverte avec un autre dossier : « e5b archive make --all » "
            "les archive tous, sans rien y changer."
        )
    document = {"archives": [archive_document(archive) for archive in archives]}
    if not as_json:
        for archive in archives:
            out.print(
                f"{safe_line(archive.manifest.station)} est archivé et relu : {safe_line(str(archive.path))}{state_remark(archive)}",
                soft_wrap=True,
            )
    raise_combined(errors, document)
    if as_json:
        show.as_json(document)
    return 0


def archive_document(archive: Archive) -> ArchiveDocument:
    """An archive in JSON."""
    manifest = archive.manifest
    return {
        "archive": str(archive.path),
        "sha256": archive.sha256,
        "bytes": archive.path.stat().st_size,
        "station": manifest.station,
        "subject": manifest.subject,
        "stack": manifest.stack,
        "conforming": manifest.conforming,
        "differs": list(manifest.differs),
        "taken_at": manifest.taken_at.isoformat(),
        "golden": manifest.golden,
        "address": manifest.address,
        "candidate": manifest.candidate.number if manifest.candidate else None,
        "report": manifest.report,
        "verified": True,
        "signed_by": archive.signer.fingerprint if archive.signer else None,
        "aside": manifest.aside,
        "last": not manifest.why_not_last,
    }


def state_remark(archive: Archive) -> str:
    """Why an archive hasn't a candidate's last state, in brackets; empty where it has."""
    why_not_last = archive.manifest.why_not_last
    return f" ({why_not_last})" if why_not_last else ""


def verify(
    files: Annotated[list[Path] | None, typer.Argument(metavar="ARCHIVE…", help="Des archives ; sinon toutes.")] = None,
    identity: Identity = None,
    list_file: Annotated[
        Path | None,
        typer.Option("--list", metavar="FICHIER", help="Compare aussi à une liste de « e5b archive hashes » (.json)."),
    ] = None,
    key_file: Annotated[
        Path | None, typer.Option("--key", metavar="FICHIER", help="La clé qui doit avoir signé cette liste (.pub).")
    ] = None,
    digest: Annotated[
        str,
        typer.Option("--sha256", metavar="EMPREINTE", help="Compare une archive à une empreinte lue sur la feuille."),
    ] = "",
    as_json: AsJson = False,
) -> int:
    """Relit des archives entières et dit si elles sont intactes, et signées par cette salle."""
    from provisioner.archive import hash_lists
    from provisioner.archive.verifying import verify_archives
    from provisioner.station.state import State

    if digest and len(files or []) != 1:
        raise Refusal("Une empreinte est celle d'une archive : donnez une archive, et une seule, avec « --sha256 ».")
    hash_list = _read_list(list_file, key_file)
    state = State(resources.paths(), resources.settings().zone)
    verified, errors = verify_archives(state, files or [], identity)
    if hash_list:
        errors += hash_lists.unlike_list(state, hash_list, [row.archive for row in verified], everything=not files)
    for row in verified if digest else ():
        hash_lists.refuse_other_digest(row.archive, digest)
    on_list = [hash_list.has(row.archive) if hash_list else None for row in verified]
    document = {"archives": [_verified_document(*row) for row in zip(verified, on_list, strict=True)]}
    if not as_json:
        for row, listed in zip(verified, on_list, strict=True):
            out.print(_verified_in_french(row) + _ON_LIST[listed], soft_wrap=True)
        _explain(verified, hash_list)
        if not verified and not errors:
            out.print("Aucune archive.")
    raise_combined(errors, document)
    if as_json:
        show.as_json(document)
    return 0


def _read_list(list_file: Path | None, key_file: Path | None) -> HashList | None:
    """The list of digests in a file, signed by a key where that is named; None where none is."""
    from provisioner.archive.hash_lists import read_list
    from provisioner.host.signing import read_public_key

    if list_file is None and key_file:
        raise Refusal("« --key » dit qui doit avoir signé la liste : donnez aussi la liste, avec « --list FICHIER ».")
    key = read_public_key(key_file) if key_file else None
    return read_list(list_file, key) if list_file else None


def _explain(verified: Sequence[VerifiedArchive], hash_list: HashList | None) -> None:
    """Print what answers for archives without a signature, and for the list."""
    if any(row.archive.signer is None for row in verified):
        out.print(
            "Non signée : une version d'avant l'a écrite, ou sa signature lui a été ôtée ailleurs. Seules son empreinte et la "
            "feuille de la commission en répondent."
        )
    if hash_list and (fingerprint := hash_list.signer):
        out.print(
            f"La liste est signée par la clé {fingerprint} : comparez cette empreinte à celle de la feuille.",
            soft_wrap=True,
        )
    elif hash_list:
        out.print(
            "La liste n'est pas signée par une clé gardée ailleurs : seule la feuille signée par la commission en répond.",
            soft_wrap=True,
        )


_ON_LIST = {None: "", True: " ; conforme à la liste", False: " ; [yellow]pas telle quelle sur la liste[/]"}


def _verified_document(row: VerifiedArchive, on_list: bool | None) -> dict[str, object]:
    """A verified archive in JSON; `signature`: see verifying.Trust; `on_list` is None where no list was given."""
    return {
        **archive_document(row.archive),
        "golden_beside": row.golden_beside and row.golden_usable,
        "signature": row.trust.value,
        "to_examine": row.remark or None,
        "on_list": on_list,
    }


def _verified_in_french(row: VerifiedArchive) -> str:
    """The sentence that is printed of an archive that is whole."""
    manifest = row.archive.manifest
    candidate = f"candidat {safe_line(manifest.candidate.number)}, " if manifest.candidate else ""
    taken_at, why_not_last = f"{manifest.taken_at:%Y-%m-%d %H:%M}", manifest.why_not_last
    station, subject = safe_line(manifest.station), safe_line(manifest.subject)
    parts = [
        f"{safe_line(row.archive.path.name)} : {_trust_in_french(row)} ({station}, {candidate}{subject}, {taken_at}",
        f", {why_not_last})" if why_not_last else ")",
        f" ; {row.remark}" if row.remark else "",
        *(f" ; {doubt}" for doubt in row.doubts),
    ]
    return "".join(parts)


def _trust_in_french(row: VerifiedArchive) -> str:
    """Whether an archive that is whole is signed, and by whom."""
    signer = row.archive.signer
    if signer is None:
        return "intacte, [yellow]non signée[/]"
    if row.trust.value == "known":
        return "intacte et signée"
    return f"intacte, [yellow]signée par une clé que cette machine ne connaît pas[/] (empreinte {signer.fingerprint})"


def list_(as_json: AsJson = False) -> int:
    """Montre les archives de cette machine, sans les relire ; « e5b archive verify » les relit."""
    from provisioner.archive.verifying import list_archives
    from provisioner.station.state import State

    listed, errors = list_archives(State(resources.paths(), resources.settings().zone))
    document = {"archives": [_listed_document(archive) for archive in listed]}
    if not as_json:
        _show_listed(listed)
        if not listed and not errors:
            out.print("Aucune archive.")
    raise_combined(errors, document)
    if as_json:
        show.as_json(document)
    return 0


def _listed_document(archive: ListedArchive) -> dict[str, object]:
    manifest = archive.manifest
    return {
        "archive": str(archive.path),
        "bytes": archive.size,
        "encrypted": manifest is None,
        "candidate": manifest.candidate.number if manifest and manifest.candidate else None,
        "station": manifest.station if manifest else None,
        "subject": manifest.subject if manifest else None,
        "stack": manifest.stack if manifest else None,
        "taken_at": manifest.taken_at.isoformat() if manifest else None,
        "signature": archive.trust.value if archive.trust else None,
        "to_examine": archive.remark or None,
    }


_SIGNATURES = {"known": "signée", "unknown": "clé inconnue", "unsigned": "non signée"}


def _show_listed(listed: list[ListedArchive]) -> None:
    if not listed:
        return
    rows = show.table("Archive", "Candidat", "Sujet", "Taille", "Signature")
    for archive in listed:
        manifest = archive.manifest
        candidate = manifest.candidate.number if manifest and manifest.candidate else "–"
        signature = _SIGNATURES[archive.trust.value] if archive.trust else "chiffrée"
        size = f"{archive.size / 1e6:.1f} Mo"
        cells = (archive.path.name, candidate, manifest.subject if manifest else "–", size, signature)
        rows.add_row(*map(safe_line, cells))
    show.print_table(rows)
    for archive in listed:
        if archive.remark:
            out.print(f"{safe_line(archive.path.name)} : {archive.remark}", soft_wrap=True)
    out.print(f"Elles sont dans {safe_line(str(listed[0].path.parent))}", soft_wrap=True)


def hashes(
    day: Annotated[
        str, typer.Option("--day", metavar="DATE", help="Le jour des archives, ex. 21/05/2026 ; sinon aujourd'hui.")
    ] = "",
    key_file: Annotated[
        Path | None, typer.Option("--key", metavar="FICHIER", help="La clé du centre, qui signe la liste.")
    ] = None,
    room: InRoom = "",
    as_json: AsJson = False,
) -> int:
    """Relit les archives d'un jour et imprime leurs empreintes, que la commission signe."""
    from provisioner.french.dates import day as day_in
    from provisioner.host.signing import read_private_key
    from provisioner.papers.hash_list import write_hash_list
    from provisioner.station.state import State

    chosen = day_in(day) if day else None
    if day and chosen is None:
        raise Refusal(f"La date « {day} » n'est pas lisible : écrivez par exemple 21/05/2026.")
    settings = resources.settings()
    state = State(resources.paths(), settings.zone)
    signing_key = read_private_key(key_file) if key_file else None
    hash_list, written, errors = write_hash_list(
        state, room or settings.room, settings.zone, chosen or state.present().date(), signing_key
    )
    document = {"list": hash_list.document(), "files": [str(path) for path in written]}
    if not as_json:
        count = hash_list.count
        out.print(f"{count} archives sont sur la liste." if count > 1 else f"{count} archive est sur la liste.")
        for line in hash_list.archives:
            if line.remark and (line.foreign or not line.sha256):
                who = f"candidat {line.number}" if line.number else line.station
                out.print(
                    f"  [yellow]{safe_line(who)} : {safe_line(line.remark)}[/] {safe_line(line.file)}".rstrip(),
                    soft_wrap=True,
                )
        for path in written:
            out.print(f"  {safe_line(str(path))}", soft_wrap=True)
        out.print(
            "Imprimez le PDF et faites-le signer par la commission ; gardez le .json avec les copies des archives, pour "
            "« e5b archive verify --list »."
        )
    raise_combined(errors, document)
    if as_json:
        show.as_json(document)
    return 0


def key(
    file: Annotated[Path, typer.Argument(metavar="FICHIER", help="Où écrire la clé, ex. sur une clé USB.")],
    as_json: AsJson = False,
) -> int:
    """Fait la clé du centre, qui signe les listes d'empreintes et se garde hors de cette machine."""
    from provisioner.host.signing import new_key, write_key

    made = new_key()
    public_path = write_key(file, made)
    fingerprint = made.public.fingerprint
    if as_json:
        show.as_json({"key": str(file), "public": str(public_path), "fingerprint": fingerprint})
        return 0
    out.print(
        f"La clé est dans {safe_line(str(file))} ; sa partie publique, dans {safe_line(public_path.name)}.",
        soft_wrap=True,
    )
    out.print(f"Son empreinte : {fingerprint}. Notez-la sur papier, et ne laissez pas la clé branchée à cette machine.")
    return 0


def open_(
    file: Annotated[
        Path | None, typer.Argument(metavar="ARCHIVE", help="Une archive ; sinon, celles qui sont ouvertes.")
    ] = None,
    identity: Identity = None,
    as_json: AsJson = False,
) -> int:
    """Rouvre une archive, à regarder seulement, à l'adresse du candidat."""
    from provisioner.archive.viewing import ENTRANCE, open_archive, opened

    centre = resources.centre(foreign=True)
    views = [open_archive(centre, file, identity)] if file else opened(centre)
    if as_json:
        show.as_json({"views": [_view_document(view, ENTRANCE) for view in views]})
        return 0
    for view in views:
        _show_view(view, ENTRANCE)
    if not views:
        out.print("Aucune archive n'est ouverte. Ouvrez-en une avec « e5b archive open ARCHIVE ».")
    return 0


def _view_document(view: View, entrance: str) -> dict[str, object]:
    return {
        "view": view.name,
        "address": view.address,
        "examiner": view.address + entrance,
        "door": view.gateway_address,
        "direct": view.direct,
        "browser": view.browser,
        "last": not view.earlier,
        "signature": view.signature or None,
    }


def _show_view(view: View, entrance: str) -> None:
    from provisioner.archive.verifying import Trust

    out.print(
        f"[bold]{safe_line(view.address)}[/] est rouvert sous le nom {view.name}, à regarder seulement.", soft_wrap=True
    )
    if view.earlier:
        out.print(f"  [yellow]Le candidat n'a pas laissé son site ainsi[/] ({view.earlier}).", soft_wrap=True)
    if view.signature and (remark := Trust(view.signature).remark):
        out.print(
            f"  [yellow]Cette archive est {remark}[/] : comparez son empreinte à la feuille de la commission.",
            soft_wrap=True,
        )
    if view.direct:
        out.print(
            f"  Le site : {view.address}\n  L'administration, sans mot de passe : {view.address}{entrance}",
            soft_wrap=True,
        )
    else:
        out.print("  Sur cette machine, cette adresse ne mène pas à l'archive ; ouvrez-la ainsi :", soft_wrap=True)
        print(f"  {view.browser}")
    out.print(f"  Pour la refermer : e5b archive close {view.name}")


def close(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NOM…", help="Des archives ouvertes ; sinon toutes celles d'ici.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Referme des archives ouvertes ; les archives elles-mêmes restent."""
    from provisioner.archive.viewing import close as close_views
    from provisioner.archive.viewing import others

    centre = resources.centre(foreign=True)
    closed = close_views(centre, names or [])
    left = [] if names else others(centre)
    if as_json:
        show.as_json({"closed": closed, "left": left})
        return 0
    out.print(f"Refermé : {', '.join(closed)}." if closed else "Aucune archive n'était ouverte depuis ce dossier.")
    if left:
        out.print(
            f"Restent ouvertes : {', '.join(left)}, qu'un autre utilisateur, un autre E5B_STATE ou une version d'avant a "
            f"ouvertes. Une archive se referme aussi par son nom : e5b archive close {left[0]}",
            soft_wrap=True,
        )
    return 0


#: How many lines a purge shows of the documents that would go, and of each other kind of files.
_SHOWN_DOCUMENTS, _SHOWN_OTHERS = 20, 5


def purge(
    before: Annotated[str, typer.Option("--before", metavar="DATE", help="Le premier jour à garder, ex. 01/07/2026.")],
    yes: Annotated[bool, typer.Option("--yes", metavar="", help="Effacer sans demander.")] = False,
    as_json: AsJson = False,
) -> int:
    """Efface ce qui est gardé des candidats avant une date, après l'avoir montré, et garde la trace de ce qui a été effacé."""
    from provisioner.exam.purge import plan_purge
    from provisioner.exam.purge import purge as remove
    from provisioner.exam.purge_summary import removed_in_french
    from provisioner.french.dates import day

    first = day(before)
    if first is None:
        raise Refusal(f"La date « {before} » n'est pas lisible : écrivez par exemple 01/07/2026.")
    centre = resources.centre(foreign=True)
    plan = None if yes else plan_purge(centre.state, centre.engine, first)
    if plan is not None and not plan.is_empty:
        _have_agreed(plan, first, as_json)
    with booked.act(centre, "purge", [], of=f"d'avant le {first:%d/%m/%Y}") as act:
        record = remove(centre.state, centre.engine, first, plan)
        act.text = f"Effacé : {removed_in_french(record)}."
    if as_json:
        show.as_json(record)
    elif plan is not None and plan.is_empty:
        out.print(f"Rien n'est gardé d'avant le {first:%d/%m/%Y}.")
    else:
        out.print(f"Effacé : {removed_in_french(record)}. La trace est dans journal.jsonl.")
    return 0


def _have_agreed(plan: PurgePlan, first: date, as_json: bool) -> None:
    """Show what would go, and ask; a refusal where the answer isn't yes or nobody can answer."""
    document = {
        **plan.contents,
        "files": dict(plan.files),
        "candidates": {room: [entry.number for entry in entries] for room, entries in plan.leaving.items()},
    }
    if not as_json:
        _show_plan(plan, first)
    if as_json or not sys.stdin.isatty():
        refusal = Refusal(
            f"Rien n'est effacé sans une réponse : regardez ce qui partirait d'avant le {first:%d/%m/%Y}, puis ajoutez « --yes »."
        )
        refusal.done = document
        raise refusal
    out.print("Effacer tout cela ? Écrivez « oui » : ", end="")
    if fold(sys.stdin.readline()) not in ("oui", "o"):
        raise Refusal("La réponse n'est pas « oui » : rien n'a été effacé.")


def _show_plan(plan: PurgePlan, first: date) -> None:
    from provisioner.exam.purge_summary import documents_in_french, leaving_by_day, removed_in_french

    out.print(f"Serait effacé, de ce qui est gardé d'avant le {first:%d/%m/%Y} (ce jour et les suivants restent) :")
    out.print(f"  {removed_in_french(plan.record)}.")
    for archive in plan.record["archives"]:
        out.print(f"  archive {safe_line(archive['file'])}", soft_wrap=True)
    for left in leaving_by_day(plan):
        out.print(
            f"  salle {left.room}, {left.day:%d/%m/%Y}, {numbered(len(left.entries), 'candidat')} : {safe_line(left.numbers)}"
        )
    for line in (
        *_first_lines(
            [(safe_line(line), count) for line, count in documents_in_french(plan.files["documents"])], _SHOWN_DOCUMENTS
        ),
        *(
            line
            for kind in ("reports", "records", "profiles")
            for line in _first_lines([(safe_line(path), 1) for path in plan.files[kind]], _SHOWN_OTHERS)
        ),
    ):
        out.print(f"  {line}", soft_wrap=True)


def _first_lines(lines: Sequence[tuple[str, int]], most: int) -> list[str]:
    """The first of these lines, each with the number of its files, and how many other files there are, in French."""
    others = sum(count for _, count in lines[most:])
    return [line for line, _ in lines[:most]] + ([f"et {others} autres"] if others else [])
