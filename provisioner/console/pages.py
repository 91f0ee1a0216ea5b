"""Makes pages of the console's templates, and reads what their forms send."""

import re
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, cast
from urllib.parse import quote, unquote

from babel.dates import format_date
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import HTMLResponse

from provisioner.console.people import Person, Role
from provisioner.core import clock
from provisioner.examination.report import french_spaces
from provisioner.french.text import without_deceit
from provisioner.host.paths import ROOT
from provisioner.host.templates import environment

if TYPE_CHECKING:
    from jinja2 import Environment

    from provisioner.console.services import Services

#: What pages ask for by `/static/…`.
STATIC = ROOT / "provisioner" / "console" / "static"
#: A tag of a page, or what a person typed, which stays as it is.
_NO_TEXT = re.compile(r"(<textarea\b.*?</textarea>|<[^>]*>)", re.DOTALL)


class _Number(Convertor[int]):
    """A number in an address that the database can hold: a longer one is the address of no page."""

    regex = "[0-9]{1,18}"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


class _Name(Convertor[str]):
    """A name in an address that may have a "/" in it, which is coded twice: see marks.address_of_commission."""

    regex = "[^/]+"

    def convert(self, value: str) -> str:
        return unquote(value)

    def to_string(self, value: str) -> str:
        return quote(value, safe="")


register_url_convertor("number", _Number())
register_url_convertor("name", _Name())


class Place(NamedTuple):
    """Where the bar on top leads, and whom."""

    path: str
    word: str
    roles: tuple[Role, ...]


def services_of(request: Request) -> "Services":
    """What the pages work with."""
    return cast("Services", request.app.state.services)


def page(request: Request, template: str, status: int = 200, **values: object) -> HTMLResponse:
    """A page of `provisioner/templates/console/`, with these values and those of the bar on top.

    The bar knows who is signed in, the room's name, the server's time, and the series to those who are signed in.
    """
    services = services_of(request)
    person: Person | None = getattr(request.state, "person", None)
    places: tuple[Place, ...] = getattr(request.app.state, "places", ())
    bar = {
        "person": person,
        "room_name": services.name,
        "now": clock.present(services.zone),
        "series": services.room.current().series if person else "",
        "path": request.url.path,
        "places": [place for place in places if person and person.role in place.roles],
    }
    return HTMLResponse(fragment(template, **bar, **values), status)


def fragment(template: str, **values: object) -> str:
    """The HTML of a template with these values alone: a part of a page, as the stream sends it."""
    parts = _NO_TEXT.split(_templates().get_template(template).render(**values))
    return "".join(part if position % 2 else french_spaces(part) for position, part in enumerate(parts))


async def fields(request: Request, *names: str) -> list[str]:
    """What a form says in the fields of these names; empty where it says nothing."""
    async with request.form(max_files=0, max_fields=500) as form:
        return [value if isinstance(value := form.get(name, ""), str) else "" for name in names]


def day(at: datetime) -> str:
    """A day as people write it: lundi 30 novembre 2026."""
    return str(format_date(at, "EEEE d MMMM y", locale="fr"))


def today(at: datetime) -> str:
    """A day of this year: lundi 30 novembre."""
    return str(format_date(at, "EEEE d MMMM", locale="fr"))


def hour(at: datetime) -> str:
    """An hour as people write it: 9 h 41."""
    return f"{at.hour}\xa0h\xa0{at:%M}"


def sentence(text: str) -> str:
    """A sentence of the program, or what others wrote, as a page shows it."""
    return re.sub(r"(?<=\w)'(?=[\w«])", "’", without_deceit(text))


@cache
def _templates() -> "Environment":
    templates = environment(ROOT / "provisioner" / "templates" / "console", html=True)
    templates.filters |= {"day": day, "today": today, "hour": hour, "fr": sentence}
    return templates
