"""Makes pages of the console's templates."""

from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, cast

from babel.dates import format_date
from starlette.requests import Request
from starlette.responses import HTMLResponse

from provisioner.core import clock
from provisioner.host.paths import ROOT
from provisioner.host.templates import environment

if TYPE_CHECKING:
    from jinja2 import Environment

    from provisioner.console.services import Services

#: What pages ask for by `/static/…`.
STATIC = ROOT / "provisioner" / "console" / "static"
#: Where the bar on top leads. A page that isn't there yet isn't in it.
_PLACES = (("/salle", "Salle"), ("/actes", "Actes"), ("/comptes", "Comptes"))


def services_of(request: Request) -> "Services":
    """What the pages work with."""
    return cast("Services", request.app.state.services)


def page(request: Request, template: str, status: int = 200, **values: object) -> HTMLResponse:
    """A page of `provisioner/templates/console/`, with these values and those of the bar on top.

    The bar knows who is signed in, the room's name, the server's time, and the series to those who are signed in.
    """
    services = services_of(request)
    person = getattr(request.state, "person", None)
    bar = {
        "person": person,
        "room_name": services.name,
        "now": clock.present(services.zone),
        "series": services.room.current().series if person else "",
        "path": request.url.path,
        "places": _PLACES,
    }
    return HTMLResponse(fragment(template, **bar, **values), status)


def fragment(template: str, **values: object) -> str:
    """The HTML of a template with these values alone: a part of a page, as the stream sends it."""
    return _templates().get_template(template).render(**values)


def day(at: datetime) -> str:
    """A day as people write it: lundi 30 novembre 2026."""
    return str(format_date(at, "EEEE d MMMM y", locale="fr"))


def hour(at: datetime) -> str:
    """An hour as people write it: 9 h 41."""
    return f"{at.hour} h {at:%M}"


@cache
def _templates() -> "Environment":
    templates = environment(ROOT / "provisioner" / "templates" / "console", html=True)
    templates.filters |= {"day": day, "hour": hour}
    return templates
