"""The page of the machine's load and of the room's progress: plots of the last hour, for whoever would rather look than read."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from provisioner.console.guards import needs
from provisioner.console.load import HEIGHT, WIDTH, Look, line_of
from provisioner.console.pages import fragment, page
from provisioner.console.people import Role
from provisioner.console.services import Services
from provisioner.console.tiles import State

#: The states in which a candidate works, and those after his time.
_AT_WORK = (State.WORKING, State.LAST_MINUTES)
_AFTER = (State.OVER, State.EXAMINED, State.ARCHIVED)


def routes(services: Services) -> list[BaseRoute]:
    """The routes of this part."""

    @needs(*Role)
    async def whole(request: Request) -> Response:
        return page(request, "load.html.j2", 200, **_values(services))

    @needs(*Role)
    async def plots(request: Request) -> Response:
        """The plots alone, for a page that is open."""
        return HTMLResponse(fragment("plots.html.j2", **_values(services)))

    return [Route("/charge", whole), Route("/charge/traces", plots)]


def _values(services: Services) -> Mapping[str, object]:
    looks = services.room.load.looks()
    return {
        "looks": looks,
        "width": WIDTH,
        "height": HEIGHT,
        "machine": (
            (
                "Processeurs",
                "solid",
                line_of([look.processors for look in looks]),
                [f"{round(100 * look.processors)} %" for look in looks[-1:]],
            ),
            (
                "Mémoire",
                "dashed",
                line_of([look.memory for look in looks]),
                [f"{round(100 * look.memory)} %" for look in looks[-1:]],
            ),
        ),
        "room": (
            (
                "Au travail",
                "solid",
                line_of([_part(look, _AT_WORK) for look in looks]),
                [_count(look, _AT_WORK) for look in looks[-1:]],
            ),
            (
                "Terminés, examinés ou archivés",
                "dashed",
                line_of([_part(look, _AFTER) for look in looks]),
                [_count(look, _AFTER) for look in looks[-1:]],
            ),
        ),
        "zone": services.zone,
    }


def _count(look: Look, states: tuple[State, ...]) -> str:
    """How many stations are in one of these states, of how many."""
    return f"{_number(look, states)} sur {sum(number for number, _ in look.states)}"


def _part(look: Look, states: tuple[State, ...]) -> float:
    return _number(look, states) / max(1, sum(number for number, _ in look.states))


def _number(look: Look, states: tuple[State, ...]) -> int:
    return sum(number for number, state in look.states if state in states)
