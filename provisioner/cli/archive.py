"""Commands for archives: to make one, to read it back, to open it."""

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from provisioner.cli import resources, show
from provisioner.cli.screen import said
from provisioner.cli.show import out
from provisioner.cli.usage import All, AsJson, Identity, InRoom, Names
from provisioner.core.errors import ArchiveSpoilt, EvidenceLost, Refusal

if TYPE_CHECKING:
    from provisioner.archive.archives import Archive


def archive(names: Names = None, everything: All = False, room: InRoom = "", as_json: AsJson = False) -> int:
    """Archive des postes entiers, et relit chaque archive ; les postes restent tels quels."""
    from provisioner.archive.archives import Archive
    from provisioner.archive.archiving import archive as seal_station
    from provisioner.archive.archiving import archive_unknown, put_each_away, set_aside

    centre = resources.centre(room, foreign=True)
    made: list[Archive]
    errors: list[Exception]
    if centre.room.owner not in ("", centre.state.id):
        if not everything:
            raise Refusal(
                f"Rien n'est su ici des postes de « {centre.room.name} », ouverte avec un autre dossier : « e5b archive --all » "
                "les archive tous, sans rien y changer."
            )
        made, unread = archive_unknown(centre)
        errors = list(unread)
    else:
        only_waiting = set_aside(centre) and not names and not everything
        chosen = [] if only_waiting else resources.attended(centre, names, everything)
        made, errors = resources.each(chosen, lambda name: seal_station(centre, name), 2)
        put, refused = put_each_away(centre)
        made, errors = made + put, errors + list(refused)
    document = {"archives": [archive_document(one) for one in made]}
    if not as_json:
        for one in made:
            out.print(f"{one.manifest.station} est archivé et relu : {one.path}{state_told(one)}", soft_wrap=True)
    resources.tell(errors, document)
    if as_json:
        show.as_json(document)
    return 0


def archive_document(archived: "Archive") -> dict[str, object]:
    """An archive in JSON."""
    manifest = archived.manifest
    return {
        "archive": str(archived.path),
        "sha256": archived.sha256,
        "bytes": archived.path.stat().st_size,
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
        "aside": manifest.aside,
        "last": not manifest.why_not_last,
    }


def state_told(archived: "Archive") -> str:
    """That an archive isn't of a candidate's last state, in brackets; nothing where it is."""
    why = archived.manifest.why_not_last
    return f" ({why})" if why else ""


def archives(
    files: Annotated[list[Path] | None, typer.Argument(metavar="ARCHIVE…", help="Des archives ; sinon toutes.")] = None,
    identity: Identity = None,
    as_json: AsJson = False,
) -> int:
    """Relit des archives entières et dit si elles sont intactes."""
    from provisioner.archive.archives import SUFFIX, Archive, is_examined, verify
    from provisioner.archive.golden_images import golden_beside, names_of
    from provisioner.archive.manifest import unexamined
    from provisioner.host.disk import disk_in_french
    from provisioner.host.encryption import readable
    from provisioner.station.state import State

    state = State(resources.paths())
    all_files = sorted(state.archives.glob(f"[!.]*{SUFFIX}*"))  # what begins with a point is being written
    chosen = [str(path) for path in files or all_files if path.suffix != ".sha256"]

    written = {one.get("file"): one.get("sha256") for one in state.logged() if one.get("what") == "archive"}

    def read(path: str) -> tuple[Archive, bool]:
        with disk_in_french(Path(path), Refusal), readable(Path(path), identity, state.folder) as plain:
            sealed = dataclasses.replace(verify(plain, Path(path)), path=Path(path))
            if written.get(sealed.path.name, sealed.sha256) != sealed.sha256:
                raise ArchiveSpoilt(
                    f"{sealed.path.name} n'est plus le fichier que cette machine a écrit, d'après son journal.jsonl. Reprenez-la "
                    "d'une autre copie ; si le poste est encore là, archivez-le de nouveau."
                )
            return sealed, is_examined(plain, sealed.manifest)

    each, errors = resources.each(chosen, read, 2)
    done = [one for one, _ in each]
    under = {one.path: golden_beside(one.path.resolve().parent, one.manifest.golden) for one in done}
    alone = {path for path, golden in under.items() if not golden.exists()}
    # As `open` does.
    under |= {one.path: golden_beside(state.archives, one.manifest.golden) for one in done if one.path in alone}
    goldens = {str(under[one.path]): one.manifest.golden for one in done if under[one.path].exists()}
    right, wrong = resources.each(sorted(goldens), lambda path: names_of(Path(path), goldens[path]) and path, 2)
    unusable = {path for path, golden in under.items() if str(golden) in goldens and str(golden) not in right}
    errors += wrong
    errors += [
        EvidenceLost(
            f"{one.path.name} : l'image de référence sur laquelle elle repose n'est ni à côté d'elle, ni parmi les archives de "
            "cette machine. Sans elle, rien ne la rouvre : retrouvez le dossier « images » de la machine de l'épreuve."
        )
        for one in done
        if not under[one.path].exists()
    ]
    document = {
        "archives": [{**archive_document(one), "golden_beside": one.path not in alone | unusable} for one in done]
    }
    later = {
        entry.examined.archive
        for room in {one.manifest.room for one in done}
        for entry in state.entries(room)
        if entry.examined
    }
    waiting = unexamined((one.path.name, one.manifest, examined) for one, examined in each) - later
    if not as_json:
        for one in done:
            told = one.manifest
            who = f"candidat {told.candidate.number}, " if told.candidate else ""
            at = f"{told.taken_at:%Y-%m-%d %H:%M}"
            out.print(
                f"{said(one.path.name)} : intacte ({told.station}, {said(who)}{told.subject}, {at}"
                + (f", {why})" if (why := told.why_not_last) else ")")
                + (", pas encore examinée" if one.path.name in waiting else "")
                + (
                    " ; à côté d'elle il manque son image de référence : copiez aussi le dossier « images »"
                    if one.path in alone
                    else ""
                )
                + (" ; mais son image de référence ne peut pas servir" if one.path in unusable else ""),
                soft_wrap=True,
            )
        if not done and not errors:
            out.print("Aucune archive.")
    resources.tell(errors, document)
    if as_json:
        show.as_json(document)
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
        show.as_json(
            {
                "views": [
                    {
                        "view": one.name,
                        "address": one.address,
                        "examiner": one.address + ENTRANCE,
                        "door": one.door,
                        "direct": one.direct,
                        "browser": one.browser,
                        "last": not one.earlier,
                    }
                    for one in views
                ]
            }
        )
        return 0
    for one in views:
        out.print(f"[bold]{one.address}[/] est rouvert sous le nom {one.name}, à regarder seulement.", soft_wrap=True)
        if one.earlier:
            out.print(f"  [yellow]Le candidat n'a pas laissé son site ainsi[/] ({one.earlier}).", soft_wrap=True)
        if one.direct:
            out.print(
                f"  Le site : {one.address}\n  L'administration, sans mot de passe : {one.address}{ENTRANCE}",
                soft_wrap=True,
            )
        else:
            out.print("  Sur cette machine, cette adresse ne mène pas à l'archive ; ouvrez-la ainsi :", soft_wrap=True)
            print(f"  {one.browser}")
        out.print(f"  Pour la refermer : e5b close {one.name}")
    if not views:
        out.print("Aucune archive n'est ouverte. Ouvrez-en une avec « e5b open ARCHIVE ».")
    return 0


def close(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NOM…", help="Des archives ouvertes ; sinon toutes.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Referme des archives ouvertes ; les archives elles-mêmes restent."""
    from provisioner.archive.viewing import close as close_views

    closed = close_views(resources.centre(foreign=True), names or [])
    if as_json:
        show.as_json({"closed": closed})
    else:
        out.print(f"Refermé : {', '.join(closed)}." if closed else "Aucune archive n'était ouverte.")
    return 0


def purge(
    before: Annotated[str, typer.Option("--before", metavar="DATE", help="Le premier jour à garder, ex. 01/07/2026.")],
    as_json: AsJson = False,
) -> int:
    """Efface ce qui est gardé des candidats avant une date, et garde la trace de ce qui a été effacé."""
    from provisioner.exam.purge import purge as remove
    from provisioner.french.dates import day

    first = day(before)
    if first is None:
        raise Refusal(f"La date « {before} » n'est pas lisible : écrivez par exemple 01/07/2026.")
    centre = resources.centre(foreign=True)
    record = remove(centre.state, centre.engine, first)
    if as_json:
        show.as_json(record)
    else:
        out.print(
            f"Effacé : {len(record['archives'])} archive(s), {record['reports']} rapport(s), {record['lists']} liste(s), "
            f"{record['documents']} document(s), {record['tries']} ligne(s) du journal du réseau et "
            f"{record['records'] + record['images']} reste(s) de postes. La trace est dans journal.jsonl."
        )
    return 0
