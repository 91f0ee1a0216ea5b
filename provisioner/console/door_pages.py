"""The pages of the door: logging in and out, the first account, the people."""

from starlette.routing import BaseRoute

from provisioner.console.services import Services


def routes(services: Services) -> list[BaseRoute]:
    """The routes of this part."""
    return []
