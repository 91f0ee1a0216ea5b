"""The forms that open archives to look at them, and close them: a technician's of all, an examiner's of his commission."""

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from provisioner.console import view_acts
from provisioner.console.guards import needs
from provisioner.console.keeping_pages import begin, keeping_of, to_act
from provisioner.console.pages import fields, services_of
from provisioner.console.people import Role
from provisioner.console.services import Services
from provisioner.core.errors import Refusal
from provisioner.station.acts import Act


def routes(services: Services) -> list[BaseRoute]:
    """The routes of this part; `commission` is whose archives they are: a technician's may be of all."""
    return [
        Route("/conservation/{commission}/ouverture", _open, methods=["POST"]),
        Route("/conservation/{commission}/fermeture", _close, methods=["POST"]),
    ]


@needs(Role.TECHNICIAN, Role.EXAMINER)
async def _open(request: Request) -> Response:
    key, file = await fields(request, "key", "file")

    def begun() -> Act:
        kept = keeping_of(request).named(file)
        if kept.encrypted:
            raise Refusal(
                "Cette archive est chiffrée, et la clé du centre n’est pas sur cette machine : ouvrez-la par « e5b archive open "
                "ARCHIVE --identity FICHIER »."
            )
        return begin(request, view_acts.opening(kept), key, [file])

    return to_act(await to_thread.run_sync(begun))


@needs(Role.TECHNICIAN, Role.EXAMINER)
async def _close(request: Request) -> Response:
    key, name = await fields(request, "key", "view")

    def begun() -> Act:
        is_technician = request.state.person.role is Role.TECHNICIAN
        if not name and is_technician:
            return begin(request, view_acts.closing_all(), key, [])
        centre, kept = services_of(request).centre(), keeping_of(request)
        open_archives = view_acts.open_archives(centre, kept, everything=is_technician)
        chosen = [one for one in open_archives if one.view.name == name]
        if not chosen:
            raise Refusal("Cette archive n’est plus ouverte : revenez à la page « Conservation ».")
        return begin(request, view_acts.closing(chosen), key, [name])

    return to_act(await to_thread.run_sync(begun))
