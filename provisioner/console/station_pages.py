"""The page of one station: what is true now, its story, its credentials and a picture of its site, on demand."""

from base64 import b64encode
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from provisioner.console.act_words import on_screen
from provisioner.console.guards import needs
from provisioner.console.hours import day_and_hour, hour
from provisioner.console.pages import page
from provisioner.console.people import Person, Role
from provisioner.console.services import Services
from provisioner.console.story import Deed, Moment, story
from provisioner.console.watching import Tile
from provisioner.core.errors import ProvisionerError, UnknownName
from provisioner.exam.marking import named_commission
from provisioner.host.editions import stack_if_known
from provisioner.leakcheck.log_lines import utc
from provisioner.station.centre import container_of, station_named
from provisioner.station.snapshots import snapshots

if TYPE_CHECKING:
    from provisioner.core.model import Credentials

#: How many of the latest acts may be of a station that is looked at.
_ACTS = 2000
#: How long a station's credentials stay on a screen, in seconds.
_SHOWN = 30
#: Pictures of sites are taken one at a time, each by a browser; those that wait keep no other page from being shown.
_LOOKING = CapacityLimiter(1)
_CLOSED = "Le site ne se regarde ici que pendant que son candidat travaille ; ensuite, son archive se rouvre à la page « Conservation »."

_OTHERS = "Ce candidat est d’une autre commission que la vôtre."


@dataclass(frozen=True)
class _Station:
    """What the page of a station shows beside its tile; `gap`: why its story may lack something."""

    facts: Sequence[tuple[str, str]]
    moments: Sequence[Moment] = ()
    gap: str = ""


@dataclass(frozen=True)
class _Site:
    """A picture of a station's site, as an address of its data; `trouble`: why there is none, in French."""

    picture: str = ""
    trouble: str = ""


def routes(services: Services) -> list[BaseRoute]:
    """The routes of this part."""

    @needs(*Role)
    def show_station(request: Request) -> Response:
        return _station_page(services, request)

    @needs(Role.TECHNICIAN)
    def show_credentials(request: Request) -> Response:
        tile = services.room.current().tile(request.path_params["place"])
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

    @needs(Role.TECHNICIAN, Role.EXAMINER)
    async def show_site(request: Request) -> Response:
        return await to_thread.run_sync(partial(_site_page, services, request), limiter=_LOOKING)

    return [
        Route("/poste/{place:number}", show_station),
        Route("/poste/{place:number}/identifiants", show_credentials, methods=["POST"]),
        Route("/poste/{place:number}/regard", show_site, methods=["POST"]),
    ]


def _site_page(services: Services, request: Request) -> Response:
    """The page of a station with a picture of its site, or why there is none."""
    # Here: it loads what a console that only shows the room doesn't need.
    from provisioner.examination.glance import glance

    tile = services.room.current().tile(request.path_params["place"])
    if tile is None or not tile.state.working:
        return _station_page(services, request, site=_Site(trouble=_CLOSED))
    if not _may_look(request.state.person, tile):
        return _station_page(services, request, site=_Site(trouble=_OTHERS))
    services.acts.note(request.state.person, "site regardé", tile.station, candidate=tile.number, room=services.name)
    try:
        centre = services.centre()
        picture = glance(centre, station_named(centre, tile.station))
    except ProvisionerError as error:
        return _station_page(services, request, site=_Site(trouble=on_screen(str(error))))
    return _station_page(services, request, site=_Site(f"data:image/jpeg;base64,{b64encode(picture).decode()}"))


def _may_look(person: Person, tile: Tile) -> bool:
    """Whether somebody may look at a candidate's site: a technician, and an examiner of his commission."""
    own = person.role is Role.EXAMINER and person.commission == named_commission(tile.commission)
    return person.role is Role.TECHNICIAN or own


def _station_page(
    services: Services,
    request: Request,
    *,
    credentials: "Credentials | None" = None,
    shown: bool = False,
    site: _Site | None = None,
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
        may_see=request.state.person.role is Role.TECHNICIAN,
        shown=shown,
        credentials=credentials,
        seconds=_SHOWN,
        site=site,
        may_look=tile.state.working and _may_look(request.state.person, tile),
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
    stack = stack_if_known(station.stack)
    facts += [
        ("Édition", f"{stack.title if stack else station.stack}, {station.conformity.french}"),
        ("Sujet", tile.subject),
    ]
    entries = tries.entries_of(record.sitting, tile.container)
    since = min(made, record.running.started) if record.running else made
    deeds = _deeds(services, tile.station, since)
    return _Station(facts, story(record, taken, entries, present, deeds, tile.saved), on_screen(tries.incomplete))


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
    if tile.saved:
        facts.append(("Dernier enregistrement", day_and_hour(tile.saved, present)))
    facts.append(("Dernier cliché", day_and_hour(tile.snapshot, present) if tile.snapshot else "aucun"))
    facts.append(("Refus de réseau", str(tile.refused) if tile.refused else "aucun"))
    facts.append(("Examiné", "oui" if tile.examined else "non"))
    facts.append(("Archivé", "oui, et relu" if tile.archived else "non"))
    return facts
