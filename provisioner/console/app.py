"""Puts the parts of the console together into one application."""

from importlib import import_module
from importlib.util import find_spec

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from provisioner.console.pages import STATIC
from provisioner.console.services import Services

_PARTS = ("door_pages", "room_pages", "act_pages")


def console(services: Services) -> Starlette:
    """The application, guards included."""
    routes: list[BaseRoute] = [Mount("/static", StaticFiles(directory=STATIC), name="static")]
    for part in _PARTS:  # not all are there yet
        if find_spec(f"provisioner.console.{part}"):
            routes += import_module(f"provisioner.console.{part}").routes(services)
    app = Starlette(routes=routes)
    app.state.services = services
    return app
