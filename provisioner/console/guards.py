"""What a request has to get past before a page sees it, and which roles may use a page."""

from collections.abc import Awaitable, Callable
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, TypeVar, cast

from starlette.requests import Request
from starlette.responses import Response

from provisioner.console.pages import page
from provisioner.console.people import Person, Role

#: A function that answers a request; where it isn't `async`, it runs in a thread of its own.
_Endpoint = TypeVar("_Endpoint", bound=Callable[..., Response | Awaitable[Response]])


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

        answer.roles = roles  # type: ignore[attr-defined]  # for the test that looks for pages without it
        return cast(_Endpoint, answer)

    return guarded


def _refusal(request: Request, roles: tuple[Role, ...]) -> Response | None:
    person: Person | None = getattr(request.state, "person", None)
    commission = request.path_params.get("commission")
    if person is None or person.role not in roles:
        return page(request, "refused.html.j2", 403, why="role")
    if person.role is Role.EXAMINER and commission not in (None, person.commission):
        return page(request, "refused.html.j2", 403, why="commission")
    return None
