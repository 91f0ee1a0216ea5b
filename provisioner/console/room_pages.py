"""The pages of the room, and the stream that keeps them and those of stations live."""

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping

from anyio import to_thread
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from provisioner.console.act_pages import cut_short
from provisioner.console.guards import needs
from provisioner.console.pages import fragment, page
from provisioner.console.people import Role
from provisioner.console.series import series_end
from provisioner.console.services import Services
from provisioner.console.watching import Change, RoomView, RoomWatch, State, by_severity, counts
from provisioner.core import clock

#: From this number of places on, the room is shown as a list: as tiles they would not fit on one screen.
_LIST_FROM = 41
#: After how many milliseconds a browser that lost the stream asks for it again.
_AGAIN = 1000
#: How the counts name a state of several stations.
_PLURALS = {
    State.READY: "prêts",
    State.OVER: "terminés",
    State.EXAMINED: "examinés",
    State.ARCHIVED: "archivés",
    State.ABSENT: "absents",
    State.UNREAD: "non lus",
}


def routes(services: Services) -> list[BaseRoute]:
    """The routes of this part."""
    room: RoomWatch = services.room

    @needs(*Role)
    async def home(request: Request) -> Response:
        """Where the day is: for who opens the room, its preparation until the first candidate starts."""
        view = room.current()
        if view.over:
            return RedirectResponse("/conservation", 303)
        before = _may_act(request) and not (view.begun or view.trouble)
        return RedirectResponse("/preparation" if before else "/salle", 303)

    @needs(*Role)
    async def show_room(request: Request) -> Response:
        view, query = room.current(), request.query_params
        shown_as, order = _way(view, query), "incidents" if query.get("ordre") == "incidents" else "places"
        tiles = by_severity(view.tiles) if order == "incidents" else view.tiles
        values = _values(request, view) | await to_thread.run_sync(cut_short, request)
        return page(request, "room.html.j2", 200, tiles=tiles, shown_as=shown_as, order=order, **values)

    @needs(*Role)
    async def stream(request: Request) -> Response:
        return EventSourceResponse(
            _events(services, request), headers={"Cache-Control": "no-store"}, ping=3600, send_timeout=10
        )

    return [
        Route("/", home),
        Route("/salle", show_room),
        Route("/flux", stream),
    ]


def _way(view: RoomView, query: Mapping[str, str]) -> str:
    """Whether the room is shown as « plan » or as « liste »."""
    chosen = query.get("vue")
    if chosen in ("plan", "liste"):
        return str(chosen)
    return "liste" if len(view.tiles) >= _LIST_FROM else "plan"


def _values(request: Request, view: RoomView) -> dict[str, object]:
    """What the templates of the room need beside its tiles."""
    may_act = _may_act(request)
    ending = series_end(view.tiles, view.at) if may_act else None
    return {"view": view, "counts": counts(view.tiles), "words": _words, "acts": may_act, "ending": ending}


def _words(state: State, count: int) -> str:
    if state is State.LAST_MINUTES:
        return "dans les 5 dernières minutes"
    return _PLURALS.get(state, str(state)) if count > 1 else str(state)


def _may_act(request: Request) -> bool:
    return bool(request.state.person.role is Role.TECHNICIAN)


async def _events(services: Services, request: Request) -> AsyncGenerator[ServerSentEvent, None]:
    """What a page is sent: the places that changed, at once; the server's clock each second, by which it knows that it is live."""
    room: RoomWatch = services.room
    version = _version(request)
    loop = asyncio.get_running_loop()
    next_second = loop.time()
    while True:
        if room.current().version != version:
            change = room.since(version)
            version = change.version
            for event in _of_change(request, room.current(), change):
                yield event
        if loop.time() >= next_second:
            yield ServerSentEvent(_clock(services), event="clock", retry=_AGAIN)
            next_second = max(next_second + 1, loop.time())
        await room.wait(version, max(0.0, next_second - loop.time()))


def _version(request: Request) -> int:
    """The version that the page has: of the last event that came, else of when it was made."""
    written = request.headers.get("last-event-id") or request.query_params.get("version", "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 20 else 0


def _of_change(request: Request, view: RoomView, change: Change) -> list[ServerSentEvent]:
    number = str(change.version)
    place = request.query_params.get("poste", "")
    if place:
        concerned = change.whole or view.trouble or any(str(tile.place) == place for tile in change.tiles)
        return [ServerSentEvent(number, event="station" if concerned else "nothing", id=number)]
    if change.whole:
        return [ServerSentEvent(number, event="whole", id=number)]
    values = _values(request, view)
    html = fragment("changed.html.j2", tiles=change.tiles, shown_as=_way(view, request.query_params), **values)
    return [ServerSentEvent(" ".join(html.split("\n")), event="places", id=number)]


def _clock(services: Services) -> str:
    """The server's clock, and for how long the room hasn't been read; the page computes the time that is left from it."""
    present = clock.present(services.zone)
    return json.dumps(
        {
            "at": present.isoformat(timespec="milliseconds"),
            "words": f"{present:%H:%M:%S}",
            "stale": int(services.room.stale()),
            "trouble": bool(services.room.current().trouble),
        }
    )
