"""The pages of the list of candidates: a file is given, looked at, confirmed; what is printed of the list."""

import secrets
from collections.abc import Mapping
from functools import partial

from anyio import to_thread
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from provisioner.console.guards import needs
from provisioner.console.listed import as_rows, by_series, kept_list, printed_for
from provisioner.console.pages import fields, page, services_of
from provisioner.console.people import Role
from provisioner.console.preparation_acts import preparation_task
from provisioner.console.services import Services
from provisioner.core.errors import Refusal
from provisioner.core.records import RosterRecord
from provisioner.exam.proposed_list import Look, adopt, look_at, propose, proposed_list, withdraw
from provisioner.french.text import numbered
from provisioner.station.centre import Centre, stations

_PAGE = "/preparation/liste"


def routes(services: Services) -> list[BaseRoute]:
    """The routes of this part."""
    return [
        Route(_PAGE, _list),
        Route(_PAGE, _give, methods=["POST"]),
        Route(f"{_PAGE}/confirmation", _confirm, methods=["POST"]),
        Route(f"{_PAGE}/retrait", _withdraw, methods=["POST"]),
        Route("/preparation/feuilles/{name}", _document, methods=["POST"]),
    ]


@needs(Role.TECHNICIAN)
def _list(request: Request) -> Response:
    return _list_page(request)


@needs(Role.TECHNICIAN)
async def _give(request: Request) -> Response:
    async with request.form(max_files=1, max_fields=4) as form:
        given = form.get("file")
        is_file = isinstance(given, UploadFile) and bool(given.filename)
        name, data = (given.filename or "", await given.read()) if isinstance(given, UploadFile) else ("", b"")
    if not is_file:
        return await to_thread.run_sync(partial(_list_page, request, "Choisissez d’abord un fichier, CSV ou XLSX."))
    return await to_thread.run_sync(partial(_given, request, name, data))


def _given(request: Request, name: str, data: bytes) -> Response:
    services = services_of(request)
    look = propose(services.centre(), name, data, request.state.person.name)
    _note(request, f"liste déposée : {look.proposed.file} ({_found(look)})")
    return RedirectResponse(_PAGE, 303)


def _found(look: Look) -> str:
    """What was found in a list, for the book."""
    if look.reading is None:
        return "pas lisible"
    if look.reading.mistakes:
        return numbered(len(look.reading.mistakes), "faute")
    return "refusée" if look.refused else numbered(len(look.reading.roster.entries), "candidat")


@needs(Role.TECHNICIAN)
async def _confirm(request: Request) -> Response:
    fingerprint, key = await fields(request, "seen", "key")
    return await to_thread.run_sync(partial(_confirmed, request, fingerprint, key))


def _confirmed(request: Request, fingerprint: str, key: str) -> Response:
    """Write the list; where the room is open or being opened, its stations follow at once, as with the command."""
    services = services_of(request)
    centre = services.centre()
    proposed = proposed_list(centre)
    if proposed is None:  # the same form, sent twice
        return RedirectResponse(_PAGE, 303)
    try:
        entries = adopt(centre, fingerprint)
    except Refusal as refusal:
        return _list_page(request, str(refusal))
    _note(request, f"liste confirmée : {proposed.file} ({numbered(len(entries), 'candidat')})")
    services.acts.poke()
    if not (stations(centre) or services.acts.under_way("up", services.name)):
        return RedirectResponse("/preparation", 303)
    # An act of its own, after one that is under way: that one may have read the list of before.
    act = services.acts.begin_task(request.state.person, preparation_task("up", services.paths), key)
    return RedirectResponse(f"/actes/{act.id}", 303)


@needs(Role.TECHNICIAN)
def _withdraw(request: Request) -> Response:
    centre = services_of(request).centre()
    if proposed := proposed_list(centre):
        withdraw(centre, proposed)
        _note(request, f"liste déposée, puis retirée : {proposed.file}")
    return RedirectResponse(_PAGE, 303)


@needs(Role.TECHNICIAN)
def _document(request: Request) -> Response:
    """A printed document: of a name that the folder has, whatever was asked for."""
    services = services_of(request)
    path = printed_for(services.centre()).files.get(request.path_params["name"])
    if path is None:
        raise HTTPException(404)
    _note(request, f"document pris pour l’imprimer : {path.name}")
    return FileResponse(path, media_type="application/pdf", filename=path.name)


def _list_page(request: Request, mistake: str = "") -> Response:
    services = services_of(request)
    centre = services.centre()
    proposed, roster, lost = proposed_list(centre), *kept_list(centre)
    look = look_at(centre, proposed) if proposed else None
    return page(
        request,
        "candidates.html.j2",
        422 if mistake else 200,
        mistake=mistake,
        look=look,
        roster=roster,
        lost=lost,
        is_open=bool(stations(centre)),
        key=secrets.token_urlsafe(16),
        zone=services.zone,
        **_shown(centre, look, roster),
    )


def _shown(centre: Centre, look: Look | None, roster: RosterRecord | None) -> Mapping[str, object]:
    present = centre.state.present()
    entries = look.foreseen.record.entries if look and look.foreseen else roster.entries if roster else ()
    return {
        "titles_and_rows": as_rows(look.reading) if look and look.reading and look.reading.mistakes else None,
        "all_series": by_series(entries, present),
        "printed": printed_for(centre) if roster and not look else None,
    }


def _note(request: Request, text: str) -> None:
    services = services_of(request)
    services.acts.note(request.state.person, text, room=services.name)
