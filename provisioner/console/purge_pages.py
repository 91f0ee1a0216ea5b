"""The pages of the purge: what it would remove, by day, and the confirmation that has a number typed."""

import secrets
from collections import OrderedDict
from threading import Lock

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from provisioner.console import keeping_acts
from provisioner.console.act_words import on_screen
from provisioner.console.guards import needs
from provisioner.console.keeping_pages import keeping_of, size_in_words
from provisioner.console.pages import fields, page, services_of
from provisioner.console.people import Role
from provisioner.console.purge_preview import Preview, preview
from provisioner.console.services import Services
from provisioner.core.errors import Refusal
from provisioner.french.dates import day

#: How many previews are remembered: what was shown is what may be removed, and nothing else.
_REMEMBERED = 8


class _Previews:
    """The latest previews, by the number of the form that was shown with each."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._shown: OrderedDict[str, Preview] = OrderedDict()

    def add(self, shown: Preview) -> str:
        """Remember what is shown; the number of its form."""
        key = secrets.token_urlsafe(16)
        with self._lock:
            self._shown[key] = shown
            while len(self._shown) > _REMEMBERED:
                self._shown.popitem(last=False)
        return key

    def of(self, key: str) -> Preview:
        """What was shown with a form; a Refusal where that isn't known any more."""
        with self._lock:
            if key in self._shown:
                return self._shown[key]
        raise Refusal(
            "Ce qui serait effacé n’est plus en mémoire, ou n’a pas été montré : rien n’a été effacé. Regardez-le de nouveau, "
            "puis confirmez."
        )


def routes(services: Services) -> list[BaseRoute]:
    """The routes of this part."""
    previews = _Previews()

    @needs(Role.TECHNICIAN)
    def show(request: Request) -> Response:
        typed = request.query_params.get("avant", "").strip()[:40]
        if not typed:
            return _page(request)
        before = day(typed)
        if before is None:
            return _page(
                request, typed, f"La date « {typed} » n’est pas lisible : écrivez par exemple 01/07/2026.", 422
            )
        try:
            shown = preview(services.centre(), keeping_of(request), before)
        except Refusal as refusal:
            return _page(request, typed, on_screen(str(refusal)), 409)
        return _preview_page(request, shown, previews.add(shown))

    @needs(Role.TECHNICIAN)
    async def purge(request: Request) -> Response:
        key, typed = await fields(request, "key", "typed")
        return await to_thread.run_sync(_confirmed, request, previews, key, typed)

    return [
        Route("/conservation/effacement", show),
        Route("/conservation/effacement", purge, methods=["POST"]),
    ]


def _confirmed(request: Request, previews: _Previews, key: str, typed: str) -> Response:
    """Begin to remove what was shown with this form; nothing where another number is typed."""
    acts = services_of(request).acts
    if key and (seen := acts.begun(key)):
        return RedirectResponse(f"/actes/{seen.id}", 303)
    shown = previews.of(key)
    if shown.plan.is_empty:
        raise Refusal("Rien n’est gardé d’avant ce jour : il n’y a rien à effacer.")
    if typed.strip() != str(shown.number):
        mistake = f"Ce n’est pas {shown.asked} : rien n’a été effacé. Relisez ce qui partirait, puis écrivez-le."
        return _preview_page(request, shown, key, mistake)
    act = acts.begin_task(request.state.person, keeping_acts.purging(shown.before, shown.plan), key)
    return RedirectResponse(f"/actes/{act.id}", 303)


def _page(request: Request, typed: str = "", mistake: str = "", status: int = 200) -> Response:
    """The question of the first day to keep, with the days of which something is there."""
    days = [day for day in keeping_of(request).days if day]
    key = secrets.token_urlsafe(16)
    return page(request, "purge.html.j2", status, typed=typed, mistake=mistake, days=days, key=key)


def _preview_page(request: Request, shown: Preview, key: str, mistake: str = "") -> Response:
    values: dict[str, object] = {"shown": shown, "key": key, "mistake": mistake, "size": size_in_words}
    return page(request, "purge_preview.html.j2", 422 if mistake else 200, **values)
