"""The pages of the door: signing in and out, the first account, choosing a password by a code, the accounts."""

from collections.abc import Callable

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from provisioner.console.guards import cookie_name, needs
from provisioner.console.pages import fields, page, services_of
from provisioner.console.people import People, Person, Role
from provisioner.console.services import Services
from provisioner.console.typed import LEAST
from provisioner.core.errors import Refusal


def routes(services: Services) -> list[BaseRoute]:
    """The routes of this part."""
    person = "/comptes/{person:number}"
    return [
        Route("/entree", _sign_in_form),
        Route("/entree", _sign_in, methods=["POST"]),
        Route("/sortie", _sign_out, methods=["POST"]),
        Route("/premier-compte", _first_form),
        Route("/premier-compte", _first, methods=["POST"]),
        Route("/code", _code_form),
        Route("/code", _code, methods=["POST"]),
        Route("/comptes", _accounts),
        Route("/comptes", _make, methods=["POST"]),
        Route(person, _account),
        Route(f"{person}/role", _change, methods=["POST"]),
        Route(f"{person}/deconnexion", _sign_out_everywhere, methods=["POST"]),
        Route(f"{person}/code", _new_code, methods=["POST"]),
        Route(f"{person}/retrait", _remove, methods=["POST"]),
    ]


def _sign_in_form(request: Request) -> Response:
    if not services_of(request).people.has_technician():
        return RedirectResponse("/premier-compte", 303)
    if hasattr(request.state, "person"):
        return RedirectResponse("/", 303)
    return page(request, "sign_in.html.j2", name="", mistake="")


async def _sign_in(request: Request) -> Response:
    name, password = await fields(request, "name", "password")
    try:
        _, token = await to_thread.run_sync(_people(request).sign_in, name, password, _address(request))
    except Refusal as refusal:
        return page(request, "sign_in.html.j2", 403, name=name, mistake=str(refusal))
    answer = RedirectResponse("/", 303)
    # Without an age: it goes with the browser, which may be shared. Strict: no other site's page brings it along.
    secure = request.url.scheme == "https"
    answer.set_cookie(cookie_name(request.scope), token, path="/", secure=secure, httponly=True, samesite="strict")
    return answer


@needs(*Role)
async def _sign_out(request: Request) -> Response:
    name = cookie_name(request.scope)
    await to_thread.run_sync(_people(request).sign_out, request.cookies[name])
    answer = RedirectResponse("/entree", 303)
    answer.delete_cookie(name, path="/", secure=request.url.scheme == "https", httponly=True, samesite="strict")
    return answer


def _first_form(request: Request) -> Response:
    return page(request, "first_account.html.j2", name="", mistake="", least=LEAST)


async def _first(request: Request) -> Response:
    code, name, password, again = await fields(request, "code", "name", "password", "again")
    try:
        _refuse_other(password, again)
        await to_thread.run_sync(_made_first, request, code, name, password)
    except Refusal as refusal:
        return page(request, "first_account.html.j2", 403, name=name, mistake=str(refusal), least=LEAST)
    return RedirectResponse("/entree", 303)


def _made_first(request: Request, code: str, name: str, password: str) -> None:
    person = _people(request).make_first(code, name, password, _address(request))
    services_of(request).acts.note(person, f"compte fait par le code de la console : {_as_noted(person)}")


def _code_form(request: Request) -> Response:
    return page(request, "choose_password.html.j2", mistake="", least=LEAST)


async def _code(request: Request) -> Response:
    code, password, again = await fields(request, "code", "password", "again")
    try:
        _refuse_other(password, again)
        await to_thread.run_sync(_people(request).choose_password, code, password, _address(request))
    except Refusal as refusal:
        return page(request, "choose_password.html.j2", 403, mistake=str(refusal), least=LEAST)
    return RedirectResponse("/entree", 303)


@needs(Role.TECHNICIAN)
def _accounts(request: Request) -> Response:
    return _accounts_page(request)


@needs(Role.TECHNICIAN)
async def _make(request: Request) -> Response:
    name, role, commission = await fields(request, "name", "role", "commission")
    return await to_thread.run_sync(_made, request, name, role, commission)


def _made(request: Request, name: str, role: str, commission: str) -> Response:
    try:
        person, code = _people(request).make(name, _role(role), commission)
    except Refusal as refusal:
        return _accounts_page(request, 409, mistake=str(refusal))
    _note(request, f"compte fait, et code donné : {_as_noted(person)}")
    return _account_page(request, person.id, code=code)


def _accounts_page(request: Request, status: int = 200, *, mistake: str = "") -> Response:
    accounts = _people(request).accounts()
    return page(request, "accounts.html.j2", status, accounts=accounts, roles=list(Role), mistake=mistake)


@needs(Role.TECHNICIAN)
def _account(request: Request) -> Response:
    return _account_page(request, _whom(request))


def _account_page(request: Request, person: int, status: int = 200, *, mistake: str = "", code: str = "") -> Response:
    """One account. `code` is shown this once, since only its digest is kept."""
    found = [account for account in _people(request).accounts() if account.person.id == person]
    if not found:
        return _accounts_page(request, 404, mistake=mistake or "Ce compte n'existe plus.")
    values = {"account": found[0], "roles": list(Role), "zone": services_of(request).zone}
    return page(request, "account.html.j2", status, mistake=mistake, code=code, **values)


@needs(Role.TECHNICIAN)
async def _change(request: Request) -> Response:
    role, commission = await fields(request, "role", "commission")
    return await _changed(request, lambda people, person: people.change(person, _role(role), commission), "rôle donné")


@needs(Role.TECHNICIAN)
async def _sign_out_everywhere(request: Request) -> Response:
    return await _changed(request, People.sign_out_everywhere, "connexions finies")


@needs(Role.TECHNICIAN)
async def _new_code(request: Request) -> Response:
    return await _changed(request, People.new_code, "code donné")


@needs(Role.TECHNICIAN)
async def _remove(request: Request) -> Response:
    return await _changed(request, People.remove, "compte retiré", "/comptes")


async def _changed(
    request: Request, act: Callable[[People, int], Person | tuple[Person, str]], what: str, then: str = ""
) -> Response:
    """The page after an act on an account: what it answers with is the act's code, or why it was refused."""

    def change() -> Response:
        person = _whom(request)
        try:
            done = act(_people(request), person)
        except Refusal as refusal:
            return _account_page(request, person, 409, mistake=str(refusal))
        whom, code = done if isinstance(done, tuple) else (done, "")
        # Before the code is shown: nobody has one of which the book doesn't say so.
        _note(request, f"{what} : {_as_noted(whom)}")
        return (
            _account_page(request, person, code=code) if code else RedirectResponse(then or f"/comptes/{person}", 303)
        )

    return await to_thread.run_sync(change)


def _note(request: Request, what: str) -> None:
    services_of(request).acts.note(request.state.person, what)


def _as_noted(person: Person) -> str:
    return f"{person.name}, {person.role}" + (f" (commission {person.commission})" if person.commission else "")


def _refuse_other(password: str, again: str) -> None:
    if password != again:
        raise Refusal("Les deux mots de passe ne sont pas les mêmes : écrivez-les de nouveau.")


def _role(typed: str) -> Role:
    if typed not in list(Role):
        raise Refusal("Choisissez un rôle : technicien, examinateur ou lecteur.")
    return Role(typed)


def _people(request: Request) -> People:
    return services_of(request).people


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _whom(request: Request) -> int:
    return int(request.path_params["person"])
