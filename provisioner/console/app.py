"""Puts the parts of the console together into one application."""

import logging
from collections.abc import Collection

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from provisioner.console import (
    act_pages,
    day_sheet_pages,
    door_pages,
    keeping_pages,
    list_pages,
    load_pages,
    marking_pages,
    preparation_pages,
    purge_pages,
    room_pages,
    station_pages,
    view_pages,
)
from provisioner.console.guards import Guards, roles_of
from provisioner.console.pages import STATIC, Place, page
from provisioner.console.services import Services
from provisioner.core.errors import ProvisionerError, Refusal

_log = logging.getLogger(__name__)
#: Where the bar on top leads, those who may see the page.
PLACES = (
    ("/preparation", "Préparation"),
    ("/salle", "Salle"),
    ("/commission", "Commission"),
    ("/conservation", "Conservation"),
    ("/actes", "Actes"),
    ("/comptes", "Comptes"),
)
#: The parts, each of which has routes.
_PARTS = (
    door_pages,
    room_pages,
    station_pages,
    act_pages,
    marking_pages,
    keeping_pages,
    purge_pages,
    view_pages,
    preparation_pages,
    list_pages,
    load_pages,
    day_sheet_pages,
)


def console(services: Services, hosts: Collection[str]) -> Guards:
    """The application, behind its guards. `hosts`: the names and addresses by which browsers may ask for it, without ports."""
    routes: list[BaseRoute] = [Mount("/static", StaticFiles(directory=STATIC), name="static")]
    for part in _PARTS:
        routes += part.routes(services)
    app = Starlette(
        routes=routes,
        exception_handlers={HTTPException: _not_there, ProvisionerError: _foreseen, Exception: _unforeseen},
    )
    app.state.services = services
    endpoints = {
        route.path: route.endpoint for route in reversed(routes) if isinstance(route, Route)
    }  # by GET: the first
    app.state.places = tuple(Place(path, word, roles_of(endpoints[path])) for path, word in PLACES)
    return Guards(app, hosts)


def _not_there(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    sentence = {
        404: "Cette page n’existe pas, ou n’existe plus.",
        405: "Cette adresse ne s’ouvre pas ainsi : revenez à la page d’où vous venez.",
    }.get(error.status_code, "Cette demande n’a pas pu être lue : revenez à la page d’où vous venez, et recommencez.")
    return page(request, "error.html.j2", error.status_code, sentence=sentence)


def _foreseen(request: Request, error: Exception) -> Response:
    return page(request, "error.html.j2", 409 if isinstance(error, Refusal) else 503, sentence=str(error))


def _unforeseen(request: Request, error: Exception) -> Response:
    _log.error("unforeseen error", exc_info=error)
    sentence = (
        f"Erreur imprévue ({type(error).__name__}). Recommencez ; si elle revient, signalez-la avec le fichier e5b.log."
    )
    return page(request, "error.html.j2", 500, sentence=sentence)
