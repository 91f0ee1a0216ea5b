"""What a request has to get past before a page sees it: host, origin, sign-in; and the headers of every answer."""

import logging
import math
from collections.abc import Awaitable, Callable, Collection
from functools import wraps
from inspect import iscoroutinefunction
from time import monotonic
from typing import Any, TypeVar, cast

from anyio import to_thread
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import Message, Receive, Scope, Send

from provisioner.console.pages import page
from provisioner.console.people import Person, Role
from provisioner.core.errors import ProvisionerError

_log = logging.getLogger(__name__)

#: What each answer tells the browser: nothing of another origin is loaded, no script or style stands in a page itself.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not `no-referrer`: a browser would then send `Origin: null` with a form, and on plain HTTP the console knows its
    # own forms by the origin alone.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
#: Pages for who isn't signed in yet, and what they look like.
OPEN_PATHS = frozenset({"/entree", "/premier-compte", "/code"})
_STATIC = "/static/"
_SAFE = ("GET", "HEAD")
#: How many bytes a form may have; and up to how many one that has more is waited for, before it is answered.
_LARGEST, _PASSED_OVER = 1024 * 1024, 16 * 1024 * 1024
_TOO_LARGE = (
    "Cet envoi est trop grand : la console en prend 1 Mo au plus. Rien n'a été fait. Revenez à la page d'où vous venez, et donnez "
    "un fichier plus petit, par exemple la liste sans images ni autres feuilles."
)
#: After how many seconds an answer that goes on looks again whether its reader is still signed in.
_LOOKS_AGAIN = 3.0

#: A function that answers a request; where it isn't `async`, it runs in a thread of its own.
_Endpoint = TypeVar("_Endpoint", bound=Callable[..., Response | Awaitable[Response]])


class _SignedOut(Exception):
    """The reader of an answer that goes on is no longer signed in."""


def cookie_name(scope: Scope) -> str:
    """The name of the cookie of a sign-in; under TLS one that no other host and no plain page can set."""
    return "__Host-e5b" if scope["scheme"] == "https" else "e5b-console"


def needs(*roles: Role) -> Callable[[_Endpoint], _Endpoint]:
    """Let these roles alone use a page: others read in French why they can't.

    An examiner gets nothing of another commission, where the route has a parameter `commission`.
    """

    def guarded(endpoint: _Endpoint) -> _Endpoint:
        function = cast(Callable[..., Any], endpoint)
        if iscoroutinefunction(endpoint):

            @wraps(endpoint)
            async def answer(request: Request) -> Response:
                return _refusal(request, roles) or cast(Response, await function(request))

        else:

            @wraps(endpoint)
            def answer(request: Request) -> Response:
                return _refusal(request, roles) or cast(Response, function(request))

        answer.roles = roles  # type: ignore[attr-defined]  # see roles_of
        return cast(_Endpoint, answer)

    return guarded


def roles_of(endpoint: object) -> tuple[Role, ...]:
    """The roles that `needs` lets use a page; all, where it doesn't ask for any."""
    return tuple(getattr(endpoint, "roles", Role))


def _refusal(request: Request, roles: Collection[Role]) -> Response | None:
    person: Person | None = getattr(request.state, "person", None)
    commission = request.path_params.get("commission")
    if person is None or person.role not in roles:
        return page(request, "refused.html.j2", 403, why="role")
    if person.role is Role.EXAMINER and commission not in (None, person.commission):
        return page(request, "refused.html.j2", 403, why="commission")
    return None


class Guards:
    """What stands before the whole application. `hosts`: the names and addresses by which browsers may ask for it.

    It isn't one of the application's own middlewares: those don't see the page that answers for an unforeseen error.
    """

    def __init__(self, app: Starlette, hosts: Collection[str]) -> None:
        self.app, self._hosts = app, frozenset(hosts)
        self._people = app.state.services.people

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request, or pass it on."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            scope["app"] = self.app  # for the pages that are made here
            await self._http(scope, receive, _with_headers(scope, send))
        else:  # nothing here speaks over a WebSocket
            await receive()
            await send({"type": "websocket.close", "code": 1008})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = _forged(scope, self._hosts)
        if refusal is None and (size := _too_large(scope)):
            await _pass_over(size, receive)
            refusal = page(Request(scope), "error.html.j2", 413, sentence=_TOO_LARGE)
        if refusal:
            await refusal(scope, receive, send)
            return
        if not scope["path"].startswith(_STATIC):
            try:
                refusal, send = await self._signed_in(scope, send)
            except ProvisionerError as error:  # no page can be made: each says who is signed in
                refusal = PlainTextResponse(f"{error}\n", 503)
            if refusal:
                await refusal(scope, receive, send)
                return
        try:
            await self.app(scope, receive, send)
        except Exception as error:
            # `app` has logged it, and answered where no answer had begun. A stream that was ended here is no error.
            _log.debug("the answer to %s was cut short", scope["path"], exc_info=error)

    async def _signed_in(self, scope: Scope, send: Send) -> tuple[Response | None, Send]:
        """What to answer to who has to sign in first, else None; and how to send what is answered."""
        token = Request(scope).cookies.get(cookie_name(scope), "")
        person = await to_thread.run_sync(self._people.signed_in, token) if token else None
        if person is None:
            return None if scope["path"] in OPEN_PATHS else self._sign_in_first(scope), send
        scope.setdefault("state", {})["person"] = person
        return None, self._while_signed_in(send, token, person)

    def _while_signed_in(self, send: Send, token: str, person: Person) -> Send:
        """End an answer that goes on, as the stream does, once its reader is signed out or has another role."""
        looked = monotonic()

        async def send_on(message: Message) -> None:
            nonlocal looked
            if message.get("more_body") and monotonic() - looked > _LOOKS_AGAIN:
                looked = monotonic()
                if await to_thread.run_sync(self._people.signed_in, token) != person:
                    await send({"type": "http.response.body", "body": b"", "more_body": False})
                    raise _SignedOut
            await send(message)

        return send_on

    def _sign_in_first(self, scope: Scope) -> Response:
        request = Request(scope)
        address = "/entree" if self._people.has_technician() else "/premier-compte"
        if request.headers.get("hx-request"):  # a part of a page: the whole page has to go
            return PlainTextResponse(_SIGN_IN, 401, {"HX-Redirect": address})
        if scope["method"] in _SAFE and "text/event-stream" not in request.headers.get("accept", ""):
            return RedirectResponse(address, 303)
        return page(request, "signed_out.html.j2", 401)


def _with_headers(scope: Scope, send: Send) -> Send:
    async def send_on(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(_HEADERS)
            headers["Cache-Control"] = "no-cache" if scope["path"].startswith(_STATIC) else "no-store"
        await send(message)

    return send_on


_SIGN_IN = "Votre connexion est finie : connectez-vous de nouveau."


def _forged(scope: Scope, hosts: Collection[str]) -> Response | None:
    """Why a request isn't taken: it asks for another host, or another site had the browser send it."""
    headers = Headers(scope=scope)
    asked = headers.getlist("host")
    if len(asked) != 1 or asked[0].lower().partition(":")[0] not in hosts:
        return PlainTextResponse(
            f"Cette page s'ouvre à l'adresse que donne « e5b console » ({', '.join(sorted(hosts))}).\n", 400
        )
    if scope["method"] in _SAFE:
        return None
    own, origins = f"{scope['scheme']}://{asked[0].lower()}", headers.getlist("origin")
    sites = headers.getlist("sec-fetch-site")
    # Browsers say where a form comes from, but on plain HTTP only by its origin. An origin that is given has to be ours.
    is_own = all(site in ("same-origin", "none") for site in sites) if sites else bool(origins)
    if not is_own or any(origin != own for origin in origins):
        return PlainTextResponse("Cette demande ne vient pas d'une page de la console : rien n'a été fait.\n", 403)
    return None


def _too_large(scope: Scope) -> float:
    """Of how many bytes a form is that is larger than any of these pages; infinite where it doesn't say; else 0."""
    headers = Headers(scope=scope)
    length = headers.get("content-length", "0")
    if "transfer-encoding" in headers or not length.isdecimal():
        return math.inf
    return int(length) if int(length) > _LARGEST else 0


async def _pass_over(size: float, receive: Receive) -> None:
    """Have a form sent to its end, and keep nothing of it: a browser that is cut off meanwhile shows no answer.

    Not where it is too large for that, either.
    """
    if size <= _PASSED_OVER:
        while (await receive()).get("more_body"):
            pass
