"""The pages of the room and of one station, and the stream that keeps them live."""

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from provisioner.console.act_words import on_screen
from provisioner.console.guards import needs
from provisioner.console.hours import day_and_hour, hour
from provisioner.console.pages import fragment, page
from provisioner.console.people import Role
from provisioner.console.services import Services
from provisioner.console.story import Deed, Moment, story
from provisioner.console.watching import Change, RoomView, RoomWatch, State, Tile, by_severity, counts
from provisioner.core import clock
from provisioner.core.errors import ProvisionerError, UnknownName
from provisioner.host.editions import load_stacks
from provisioner.leakcheck.log_lines import utc
from provisioner.station.centre import container_of, station_named
from provisioner.station.snapshots import snapshots

if TYPE_CHECKING:
    from provisioner.core.model import Credentials

#: From this number of places on, the room is shown as a list: as tiles they would not fit on one screen.
_LIST_FROM = 41
#: How many of the latest acts may be of a station that is looked at.
_ACTS = 2000
#: How long a station's credentials stay on a screen, in seconds.
_SHOWN = 30
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


@dataclass(frozen=True)
class _Station:
    """What the page of a station shows beside its tile; `gap`: why its story may lack something."""

    facts: Sequence[tuple[str, str]]
    moments: Sequence[Moment] = ()
    gap: str = ""


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
        values = _values(request, view)
        return page(request, "room.html.j2", 200, tiles=tiles, shown_as=shown_as, order=order, **values)

    @needs(*Role)
    def show_station(request: Request) -> Response:
        return _station_page(services, request)

    @needs(Role.TECHNICIAN)
    def show_credentials(request: Request) -> Response:
        tile = room.current().tile(request.path_params["place"])
        if tile is None or not tile.container:
            return _station_page(services, request)
        credentials, number = None, tile.number
        with suppress(ProvisionerError):
            state = services.centre().state
            credentials, candidate = state.credentials(tile.container), state.record(tile.container).candidate
            number = candidate.number if candidate else ""
        # First: nobody sees credentials of which the book doesn't say whose they are.
        services.acts.note(
            request.state.person, "identifiants affichés", tile.station, candidate=number, room=services.name
        )
        return _station_page(services, request, credentials=credentials, shown=True)

    @needs(*Role)
    async def stream(request: Request) -> Response:
        return EventSourceResponse(
            _events(services, request), headers={"Cache-Control": "no-store"}, ping=3600, send_timeout=10
        )

    return [
        Route("/", home),
        Route("/salle", show_room),
        Route("/poste/{place:number}", show_station),
        Route("/poste/{place:number}/identifiants", show_credentials, methods=["POST"]),
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
    return {"view": view, "counts": counts(view.tiles), "words": _words, "acts": _may_act(request)}


def _words(state: State, count: int) -> str:
    if state is State.LAST_MINUTES:
        return "dans les 5 dernières minutes"
    return _PLURALS.get(state, str(state)) if count > 1 else str(state)


def _may_act(request: Request) -> bool:
    return bool(request.state.person.role is Role.TECHNICIAN)


def _station_page(
    services: Services, request: Request, *, credentials: "Credentials | None" = None, shown: bool = False
) -> Response:
    view, place = services.room.current(), request.path_params["place"]
    tile = view.tile(place)
    if tile is None:
        answer = page(request, "no_station.html.j2", 503 if view.trouble else 404, place=place, view=view)
        if view.trouble:  # as right after a start
            answer.headers["Refresh"] = f"3; url=/poste/{place}"
        return answer
    known = _known_of(services, tile, view.at)
    answer = page(
        request,
        "station.html.j2",
        view=view,
        tile=tile,
        facts=known.facts,
        moments=[(moment, day_and_hour(moment.at, view.at)) for moment in known.moments],
        gap=known.gap,
        may_see=_may_act(request),
        shown=shown,
        credentials=credentials,
        seconds=_SHOWN,
    )
    if shown:
        answer.headers["Refresh"] = f"{_SHOWN}; url=/poste/{place}"
    return answer


def _known_of(services: Services, tile: Tile, present: datetime) -> _Station:
    """What is known of a station beside its tile: read for the one page that shows it."""
    facts = _facts_of_tile(tile, present)
    if not tile.container:
        return _Station(facts)
    tries = services.room.tries()
    try:
        centre = services.centre()
        station, record = station_named(centre, tile.station), centre.state.record(tile.container)
        taken, made = snapshots(centre, station), utc(container_of(centre, station).created[:19])
    except (UnknownName, StopIteration):
        return _Station(facts, gap="Le poste vient d’être retiré ou remplacé.")
    except ProvisionerError as error:
        return _Station(facts, gap=on_screen(str(error)))
    stack = load_stacks().get(station.stack)
    facts += [
        ("Édition", f"{stack.title if stack else station.stack}, {station.conformity.french}"),
        ("Sujet", tile.subject),
    ]
    entries = tries.entries_of(record.sitting, tile.container)
    since = min(made, record.running.started) if record.running else made
    deeds = _deeds(services, tile.station, since)
    return _Station(facts, story(record, taken, entries, present, deeds), on_screen(tries.incomplete))


def _deeds(services: Services, station: str, since: datetime) -> list[Deed]:
    """What the book of acts has of a station since its candidate's container was made, or his time began."""
    return [
        Deed(act.kind, act.at, act.ended, act.who, act.text if act.kind == "note" else "")
        for act in services.acts.recent(_ACTS, services.name)
        if act.at >= since and act.line(station)
    ]


def _facts_of_tile(tile: Tile, present: datetime) -> list[tuple[str, str]]:
    zone = present.tzinfo
    facts = []
    if tile.candidate:
        facts.append(("Candidat", f"{tile.number} {tile.candidate}"))
    if tile.commission:
        facts.append(("Commission", tile.commission))
    if tile.expected:
        facts.append(("Attendu", day_and_hour(tile.expected, present)))
    if tile.started and tile.end:
        more = f", dont {tile.extra} min de plus" if tile.extra else ""
        facts.append(("Temps", f"de {hour(tile.started, zone)} à {hour(tile.end, zone)}{more}"))
    facts.append(("Dernier cliché", day_and_hour(tile.snapshot, present) if tile.snapshot else "aucun"))
    facts.append(("Refus de réseau", str(tile.refused) if tile.refused else "aucun"))
    facts.append(("Examiné", "oui" if tile.examined else "non"))
    facts.append(("Archivé", "oui, et relu" if tile.archived else "non"))
    return facts


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
