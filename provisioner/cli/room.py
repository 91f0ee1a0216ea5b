"""Commands for a room and its stations."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from provisioner.cli import resources, show
from provisioner.cli.archive import archive_document, state_remark
from provisioner.cli.resources import progress
from provisioner.cli.screen import safe_markup
from provisioner.cli.show import out
from provisioner.cli.usage import All, AsJson, Discard, Identity, InRoom, Names, OfStack, OfSubjects, OneStation
from provisioner.core.errors import Busy, Interrupted, Refusal
from provisioner.core.model import Golden, Station, worst
from provisioner.host.config import edition_for, load_stacks, stack_named


def up(
    count: Annotated[int, typer.Argument(metavar="NOMBRE", min=1, help="Combien de postes de chaque sujet.")] = 1,
    subject: OfSubjects = None,
    stack: OfStack = "",
    roster: Annotated[
        Path | None, typer.Option("--roster", metavar="FICHIER", help="La liste des candidats du jour, CSV ou XLSX.")
    ] = None,
    room: InRoom = "",
    as_json: AsJson = False,
) -> int:
    """Prépare des postes, et donne l'adresse et les identifiants de chacun."""
    if roster is not None:
        if subject or stack or count != 1:
            raise Refusal("La liste dit quels postes et quels sujets : donnez « --roster » seul.")
        from provisioner.cli.day import up_for

        return up_for(roster, room, as_json)
    from provisioner.exam.autosnapshot import leave_running
    from provisioner.leakcheck.short_proof import sealed
    from provisioner.station.lifecycle import enough_for, stations, up_each
    from provisioner.station.shared_site import share
    from provisioner.subject.subjects import load_subject, subject_ids

    # Without a subject, what is there comes back: the door, its rules, stations that had stopped.
    if not subject and (stack or count != 1 or not stations(resources.centre(room))):
        known = ", ".join(subject_ids())
        raise Refusal(f"Dites quel sujet, par exemple « e5b up {count} --subject wordpress-a ». Sujets : {known}.")
    loaded = [load_subject(name) for name in subject or ()]
    for one in loaded:
        if (home := subject_ids().get(one.id)) is None or home.parent != one.folder.resolve():
            raise Refusal(
                f"Le sujet {one.id} n'est pas dans les scénarios : « e5b check » ne l'y retrouverait pas. "
                f"Mettez son dossier dans scenarios/{one.context}/subjects/{one.id}."
            )
    centre = resources.centre_for_new_stations(room) if loaded else resources.centre(room)
    editions = {one.id: stack_named(stack) if stack else edition_for(one.cms, centre.settings) for one in loaded}
    for one in loaded:
        if (edition := editions[one.id]).cms != one.cms:
            raise Refusal(f"Le sujet {one.id} est pour {one.cms} ; l'édition {edition.id} est pour {edition.cms}.")
    before = {one.name for one in stations(centre)}
    enough_for(centre, count, {name: edition.id for name, edition in editions.items()})
    try:
        # An edition whose archives can't be had keeps no other from its stations.
        wanted = {edition.id: edition for edition in editions.values()}
        made, errors = resources.in_turn(wanted, lambda name: resources.golden(centre, wanted[name]))
        if not made:
            resources.raise_combined(errors, {})
        goldens = dict(made)
        up_each(centre, count, {name: goldens[one.id] for name, one in editions.items() if one.id in goldens}, errors)
        leave_running(centre)
        share(centre, {one.stack for one in stations(centre)})
        progress.step("Ce que les postes atteignent")
        sealed(centre)
    except KeyboardInterrupt:
        if not (come := [one.name for one in stations(centre) if one.name not in before]):
            raise
        raise Interrupted(
            f"Interrompu : {', '.join(come)} {'sont' if len(come) > 1 else 'est'} en place, mais ce qu'un poste atteint n'est pas contrôlé. Relancez la "
            "même commande : elle ne refera pas ce qui est fait, et donnera les identifiants."
        ) from None
    _show_stations(centre, stations(centre), as_json, secrets=True, errors=errors, whole=True)
    return 0


def status(room: InRoom = "", as_json: AsJson = False) -> int:
    """Dit où en sont les postes de la salle ; sans poste, de quand datent les images de référence."""
    from provisioner.build.stacks import golden_of
    from provisioner.exam.autosnapshot import leave_running
    from provisioner.station.lifecycle import stations

    centre = resources.centre(room, foreign=True)
    present = stations(centre)
    _show_stations(centre, present, as_json, whole=True)
    for stack in () if present or as_json else load_stacks().values():
        if golden := golden_of(centre.engine, stack):
            show.image_age(stack, golden)
    if centre.room.owner == centre.state.id:
        leave_running(centre)
    return 0


def credentials(station: OneStation, room: InRoom = "", as_json: AsJson = False) -> int:
    """Redonne l'adresse et les identifiants d'un poste, et dit de quel candidat il est."""
    from provisioner.exam.seating import candidate_of
    from provisioner.station.lifecycle import station_named

    centre = resources.centre(room, foreign=True)
    one = station_named(centre, station)
    if not as_json and (whose := candidate_of(centre, one)):
        out.print(f"Le candidat de {one.name} est {safe_markup(whose)}.")
    _show_stations(centre, [one], as_json, secrets=True)
    return 0


def reset(
    names: Names = None,
    everything: All = False,
    verify: Annotated[bool, typer.Option("--verify", metavar="", help="Comparer tout à l'image de référence.")] = False,
    skip: Annotated[bool, typer.Option("--next", metavar="", help="Passer un candidat absent.")] = False,
    discard: Discard = "",
    room: InRoom = "",
    as_json: AsJson = False,
) -> int:
    """Remet un poste à neuf, à la même adresse ; le travail d'un candidat qui a commencé est archivé."""
    from provisioner.archive.archiving import put_each_away
    from provisioner.build.stacks import needed_golden
    from provisioner.exam.autosnapshot import leave_running
    from provisioner.exam.seating import following
    from provisioner.leakcheck.refused_tries import bring
    from provisioner.station.lifecycle import station_named, stations
    from provisioner.station.pristine import verify as prove_pristine
    from provisioner.station.sittings import left_to_him, moment
    from provisioner.station.sittings import unexamined as unexamined_there
    from provisioner.station.spares import AT_ONCE, prepare_each, renew

    if skip and everything:
        raise Refusal("Dites quel poste a un candidat absent : « --next » ne va pas avec « --all ».")
    centre = resources.centre(room)
    chosen = resources.named_stations(centre, names, everything)
    leave_running(centre)
    # Whose station is archived loses it here, and with it whose each try was.
    bring(centre, progress.step)
    present = [one for one in stations(centre) if one.name in chosen]
    unexamined = [one.name for one in present if unexamined_there(centre.state, one.container)]
    for name in unexamined:
        progress.step(f"{name} : le travail n'a pas été examiné ; « e5b check --archive » l'examinera dans son archive")
    renewed: list[Station] = []
    behind, compared, busy = dict[str, Golden](), set[str](), list[Busy]()

    def one(name: str) -> dict[str, Any]:
        old = station_named(centre, name)
        seen = moment(centre.state, old.container)
        record = centre.state.record(old.container) or {}
        left_to_him(name, record, centre.state.present())
        coming = following(centre, old, skip=skip)
        sits = coming.more["candidate"] if coming else None
        golden = coming.golden if coming else needed_golden(centre.engine, stack_named(old.stack))
        station, seconds = renew(centre, name, golden, discard, coming, seen)
        renewed.append(station)
        by_spare = (centre.state.record(station.container) or {}).get("pristine", {}).get("by") == "comparison"
        # Without a list, nobody says whether its stack is still needed: a spare that was taken is followed by another.
        if coming or (by_spare and centre.state.roster(centre.room.name) is None):
            behind[golden.stack] = golden
        if sits and sits["key"] == (record.get("candidate") or {}).get("key"):
            progress.step(
                f"{name} : le candidat {sits['number']} n'a pas commencé, le poste neuf reste le sien ; s'il est absent, "
                f"« e5b reset {name} --next » passe au suivant"
            )
        if verify:
            progress.step(f"{name} : comparaison de chaque fichier et de chaque table")
            try:
                prove_pristine(centre, station, golden)
                compared.add(name)
            except Busy as error:  # another command came first: the station is new all the same
                busy.append(error)
        proof = "comparaison complète" if by_spare or name in compared else "construction"
        return {
            **show.station_document(station),
            "seconds": seconds,
            "pristine": True,
            "proof": proof,
            "spare": by_spare,
            "candidate": sits["number"] if sits else None,
        }

    try:
        rows, errors = resources.each(chosen, one, AT_ONCE)
        errors += busy
    except KeyboardInterrupt:
        if not renewed:
            raise
        are = "sont déjà neufs" if len(renewed) > 1 else "est déjà neuf"
        told = Interrupted(
            f"Interrompu : {', '.join(sorted(one.name for one in renewed))} {are}, avec de nouveaux identifiants "
            f"(« e5b credentials {renewed[0].name} ») ; rien d'autre n'a changé."
        )
        told.done = {"stations": [show.station_document(station) for station in renewed]}
        raise told from None
    document: dict[str, Any] = {"stations": rows, "unexamined": unexamined}
    if not as_json:
        for row in rows:
            whose = f", pour le candidat {safe_markup(row['candidate'])}" if row["candidate"] else ""
            then = " quand la réserve a été préparée" if row["spare"] and row["station"] not in compared else ""
            out.print(f"{row['station']} est neuf{whose} ({row['seconds']} s, prouvé par {row['proof']}{then}).")
        if rows:
            _show_stations(centre, [station_named(centre, row["station"]) for row in rows], False, secrets=True)
    put, refused = put_each_away(centre)
    errors += refused
    document["archives"] = [archive_document(one) for one in put]
    if not as_json:
        for old in put:
            out.print(
                f"L'ancien {old.manifest['station']} est archivé et relu : {old.path}{state_remark(old)}",
                soft_wrap=True,
            )
    errors += prepare_each(centre, behind.values())
    resources.raise_combined(errors, document)
    if as_json:
        show.as_json(document)
    return 0


def check(
    names: Names = None,
    everything: All = False,
    candidate: Annotated[str, typer.Option("--candidate", metavar="NOM", help="Le candidat, pour le rapport.")] = "",
    collected: Annotated[
        Path | None, typer.Option("--junit", metavar="FICHIER", help="Écrire aussi les constats en JUnit XML.")
    ] = None,
    sealed: Annotated[
        list[Path] | None, typer.Option("--archive", metavar="FICHIER", help="Examiner une archive ; se répète.")
    ] = None,
    identity: Identity = None,
    room: InRoom = "",
    as_json: AsJson = False,
) -> int:
    """Examine le travail d'un candidat sur une copie de son poste, et écrit le rapport."""
    from provisioner.exam.autosnapshot import leave_running
    from provisioner.examination.examine import examine, verdicts
    from provisioner.examination.examine_archive import examine_archive
    from provisioner.examination.junit import junit
    from provisioner.papers.printing import write

    centre = resources.centre(room)
    if sealed and (names or everything or candidate):
        raise Refusal(
            "Dites des postes ou des archives, pas les deux : ils s'examinent l'un après l'autre, et une archive sait "
            "de qui elle est."
        )
    chosen = [] if sealed else resources.stations_with_work(centre, names, everything)
    leave_running(centre)
    if candidate and len(chosen) != 1:
        raise Refusal(
            "Un seul poste à la fois peut porter le nom d'un candidat : « e5b check poste-01 --candidate NOM »."
        )
    if sealed:
        files = list(dict.fromkeys(str(file) for file in sealed))
        documents, errors = resources.each(files, lambda file: examine_archive(centre, Path(file), identity), 1)
    else:
        documents, errors = resources.each(chosen, lambda name: examine(centre, name, candidate), 2)
    if not as_json:
        for document in documents:
            show.findings(document)
    if collected:
        errors += resources.in_turn([collected], lambda file: write(file, junit(documents)))[1]
    code = worst([verdict for document in documents for verdict in verdicts(document)])
    resources.raise_combined(errors, {"stations": documents}, code)
    if as_json:
        show.as_json({"stations": documents})
    return code


def down(discard: Discard = "", room: InRoom = "", as_json: AsJson = False) -> int:
    """Retire tous les postes de la salle, et la salle."""
    from provisioner.archive.archiving import down as take_down
    from provisioner.leakcheck.refused_tries import bring

    centre = resources.centre(room, foreign=bool(discard))
    bring(centre, progress.step, last=not discard)
    if centre.room.owner != centre.state.id:
        log = {"at": centre.state.now(), "what": "discard", "why": discard, "room": centre.room.name}
        centre.state.log({**log, "station": "*", "candidate": ""})
    gone = take_down(centre, discard)
    if as_json:
        show.as_json({"stations": [{"station": name, "state": "retiré"} for name in gone]})
    else:
        out.print(f"Postes retirés : {', '.join(gone)}." if gone else "Il n'y avait aucun poste.")
    return 0


def _show_stations(
    centre: Any,
    present: Sequence[Station],
    as_json: bool,
    *,
    secrets: bool = False,
    whole: bool = False,
    errors: Sequence[Exception] = (),
) -> None:
    """The stations; of a `whole` room, the sites that all its candidates share too."""
    from provisioner.station.shared_site import sites

    shared = sites(centre) if whole else []
    known = {one.name: centre.state.credentials(one.container) for one in present} if secrets else None
    if not as_json:
        show.stations(present, load_stacks(), known)
        then = "rouvrez la salle (« e5b down », « e5b up ») sans candidat au travail"
        for address, golden in shared:
            show.image_age(load_stacks()[golden.stack], golden, f" — site partagé, {address}", then)
    documents = [show.station_document(one) for one in present]
    for one in documents if known else []:
        mine = (known or {})[one["station"]]
        one |= {"user": mine.user, "password": mine.password} if mine else {}
    document: dict[str, Any] = {"stations": documents}
    if whole:
        document["sites"] = [show.site_document(address, golden) for address, golden in shared]
    resources.raise_combined(errors, document)
    if as_json:
        show.as_json(document)
