"""The page of the preparation: what the room needs, point by point, with the button that mends it; then the room is opened."""

import secrets
from collections.abc import Mapping
from functools import partial

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from provisioner.console.act_pages import cut_short
from provisioner.console.guards import needs
from provisioner.console.pages import fields, fragment, page, services_of
from provisioner.console.people import Role
from provisioner.console.preparation_acts import preparation_task
from provisioner.console.services import Services
from provisioner.core.errors import Refusal
from provisioner.exam.readiness import Level, Readiness, readiness
from provisioner.station.acts import OF_PREPARATION, Act

#: What a page does to the word of a level: `●` and green, `▲` and amber, `■` and red.
_TONES = {Level.DONE: "good", Level.LATER: "none", Level.LOOK: "amber", Level.BLOCKS: "bad"}


def routes(services: Services) -> list[BaseRoute]:
    """The routes of this part."""
    return [
        Route("/preparation", _preparation),
        Route("/preparation/points", _points),
        Route("/preparation/acte", _begin, methods=["POST"]),
    ]


@needs(Role.TECHNICIAN)
def _preparation(request: Request) -> Response:
    return page(request, "preparation.html.j2", 200, **_values(request), **cut_short(request))


@needs(Role.TECHNICIAN)
def _points(request: Request) -> Response:
    """The points alone, for a page that is open while an act goes on."""
    return HTMLResponse(fragment("checklist.html.j2", **_values(request)))


@needs(Role.TECHNICIAN)
async def _begin(request: Request) -> Response:
    kind, key = await fields(request, "act", "key")
    act = await to_thread.run_sync(partial(begin, request, kind, key))
    return RedirectResponse(f"/actes/{act.id}", 303)


def begin(request: Request, kind: str, key: str) -> Act:
    """Begin an act of the preparation, or give the one of its kind that is under way; a Refusal where a point prevents it."""
    services = services_of(request)
    task = preparation_task(kind, services.paths)
    if going_on := services.acts.under_way(kind, services.name):
        return going_on
    if kind == "up":
        _refuse_blocked(readiness(services.centre(), services.paths))
    return services.acts.begin_task(request.state.person, task, key)


def _refuse_blocked(found: Readiness) -> None:
    """Raise where the room can't be opened yet; one that is open is prepared again all the same, as by the command."""
    if found.blocking and not found.open:
        points = ", ".join(point.title for point in found.blocking)
        raise Refusal(
            f"La salle ne peut pas encore être ouverte : {points}. La page « Préparation » dit ce qui manque."
        )


def _values(request: Request) -> Mapping[str, object]:
    services = services_of(request)
    found = readiness(services.centre(), services.paths)
    going_on = {kind: act for kind in OF_PREPARATION if (act := services.acts.under_way(kind, services.name))}
    return {
        "found": found,
        "tones": {str(level): tone for level, tone in _TONES.items()},
        "going_on": going_on,
        "key": secrets.token_urlsafe(16),
        "zone": services.zone,
    }
