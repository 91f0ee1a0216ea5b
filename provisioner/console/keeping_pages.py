"""The pages of what is kept: the archives, what is missing of them, their digests, the tries that were refused."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date

from anyio import to_thread
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from provisioner.archive.viewing import ENTRANCE
from provisioner.console import keeping_acts, view_acts
from provisioner.console.act_kind import Task
from provisioner.console.act_words import on_screen
from provisioner.console.digest_lists import digest_list, digest_lists, pdf_of
from provisioner.console.guards import needs
from provisioner.console.hours import day_and_hour
from provisioner.console.keeping import Keeping, Kept, keeping
from provisioner.console.kept_tries import kept_tries
from provisioner.console.pages import page, services_of
from provisioner.console.people import Role
from provisioner.console.services import Services
from provisioner.core import clock
from provisioner.core.errors import ProvisionerError, Refusal
from provisioner.station.acts import Act
from provisioner.station.centre import Centre

#: In how many of the latest acts it is looked when an archive was read again.
_ACTS = 2000
#: How the page calls sizes, the greatest first.
_UNITS = ((10**9, "Go"), (10**6, "Mo"), (10**3, "ko"))


def routes(services: Services) -> list[BaseRoute]:
    """The routes of this part."""
    return [
        Route("/conservation", _kept),
        Route("/conservation/relecture", _verify, methods=["POST"]),
        Route("/conservation/examen", _examine, methods=["POST"]),
        Route("/conservation/empreintes", _list_digests, methods=["POST"]),
        Route("/conservation/empreintes/{list}", _digests),
        Route("/conservation/empreintes/{list}/pdf", _digests_as_pdf),
        Route("/conservation/refus/{file}", _tries),
    ]


@needs(*Role)
def _kept(request: Request) -> Response:
    kept = keeping_of(request)
    days = kept.days
    day = _day(request.query_params.get("jour", ""))
    shown = day if day in days else next(iter(days), None)
    role, services = request.state.person.role, services_of(request)
    centre = services.centre()
    return page(
        request,
        "keeping.html.j2",
        200,
        kept=kept,
        days=days,
        shown=shown,
        archives=days.get(shown, ()),
        lists=digest_lists(centre.state, services.name) if role is not Role.EXAMINER else (),
        may_act=role is Role.TECHNICIAN,
        may_open=role is not Role.READER,
        **_open_ones(centre, kept, role),
        key=secrets.token_urlsafe(16),
        **_words(request),
    )


def _open_ones(centre: Centre, kept: Keeping, role: Role) -> dict[str, object]:
    """The archives that are open, for who may close them, and the path at which they let an examiner in."""
    found, trouble = list[view_acts.OpenArchive](), ""
    if role is not Role.READER:
        try:
            found = view_acts.open_archives(centre, kept, everything=role is Role.TECHNICIAN)
        except ProvisionerError as error:  # the list is of use without the engine
            trouble = on_screen(str(error))
    return {"open_archives": found, "open_trouble": trouble, "entrance": ENTRANCE}


@needs(Role.TECHNICIAN)
async def _verify(request: Request) -> Response:
    async with request.form(max_files=0, max_fields=2000) as form:
        key, scope, day = (_text(form, name) for name in ("key", "scope", "day"))
        chosen = [value for value in form.getlist("archive") if isinstance(value, str)]

    def begun() -> Act:
        kept = keeping_of(request)
        files = _in_scope(kept, scope, _day(day), chosen)
        missing = [problem.sentence for problem in kept.problems] if scope == "all" else []
        return begin(request, keeping_acts.verification(files, missing), key, [kept.file for kept in files])

    return to_act(await to_thread.run_sync(begun))


@needs(Role.TECHNICIAN)
async def _examine(request: Request) -> Response:
    async with request.form(max_files=0, max_fields=2000) as form:
        key, chosen = _text(form, "key"), [value for value in form.getlist("archive") if isinstance(value, str)]

    def begun() -> Act:
        kept = keeping_of(request)
        files = [kept.named(file) for file in dict.fromkeys(chosen)]
        if not files:
            raise Refusal("Cochez d’abord une ou plusieurs archives.")
        return begin(request, keeping_acts.examination(files), key, [kept.file for kept in files])

    return to_act(await to_thread.run_sync(begun))


def _in_scope(kept: Keeping, scope: str, day: date | None, chosen: Sequence[str]) -> Sequence[Kept]:
    """The archives that are to be verified: all, those of a day, or those that were chosen."""
    if scope == "all":
        files: Sequence[Kept] = kept.archives
        if not files and not kept.problems:
            raise Refusal("Aucune archive n’est gardée sur cette machine : il n’y a rien à relire.")
    elif scope == "day":
        files = kept.days.get(day, ())
        if not files:
            raise Refusal("Aucune archive n’est gardée de ce jour : revenez à la liste, et choisissez un autre jour.")
    else:
        files = [kept.named(file) for file in dict.fromkeys(chosen)]
        if not files:
            raise Refusal("Cochez d’abord une ou plusieurs archives, ou demandez de les relire toutes.")
    return files


@needs(Role.TECHNICIAN)
async def _list_digests(request: Request) -> Response:
    async with request.form(max_files=0, max_fields=50) as form:
        key, written = _text(form, "key"), _text(form, "day")
    day = _day(written)
    if day is None:
        raise Refusal(
            "Dites de quel jour faire la liste : revenez à la page, et choisissez un jour qui a des archives."
        )
    return to_act(await to_thread.run_sync(begin, request, keeping_acts.digests(day), key, [written]))


@needs(Role.TECHNICIAN, Role.READER)
def _digests(request: Request) -> Response:
    services = services_of(request)
    found = digest_list(services.centre().state, services.name, request.path_params["list"])
    values: dict[str, object] = {}
    if found.list:
        made_at = found.list.made_at.astimezone(services.zone)
        values = {"made_at": made_at}
    return page(request, "digests.html.j2", 200, found=found, **values)


@needs(Role.TECHNICIAN, Role.READER)
def _digests_as_pdf(request: Request) -> Response:
    services, name = services_of(request), request.path_params["list"]
    data = pdf_of(services.centre().state, services.name, name)
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
    return Response(data, media_type="application/pdf", headers=headers)


@needs(*Role)
def _tries(request: Request) -> Response:
    kept = keeping_of(request).named(request.path_params["file"])
    found = kept_tries(kept, services_of(request).zone)
    return page(request, "kept_tries.html.j2", kept=kept, found=found)


def keeping_of(request: Request) -> Keeping:
    """What the person who asks may see: an examiner what is known to be of his commission."""
    services, person = services_of(request), request.state.person
    kept = keeping(services.centre().state, services.acts.recent(_ACTS))
    return kept.of_commission(person.commission) if person.role is Role.EXAMINER else kept


def to_act(act: Act) -> Response:
    """Lead to the page of an act."""
    return RedirectResponse(f"/actes/{act.id}", 303)


def begin(request: Request, task: Task, key: str, named: Sequence[str]) -> Act:
    """Begin an act on what was named; the same form for other things is another act."""
    if not key.strip():
        raise Refusal("Cette demande n’a pas de numéro : revenez à la page « Conservation » et recommencez.")
    things = hashlib.sha256("\n".join([task.kind, *named]).encode(errors="replace")).hexdigest()[:16]
    return services_of(request).acts.begin_task(request.state.person, task, f"{key[:60]}-{things}")


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _day(written: str) -> date | None:
    """A day as the console's own addresses and forms write it, 2026-05-21; None for anything else."""
    try:
        return date.fromisoformat(written) if len(written) == 10 else None
    except ValueError:
        return None


def _words(request: Request) -> dict[str, object]:
    """What the templates show sizes and times with: a time of another day comes with its day."""
    present = clock.present(services_of(request).zone)
    return {"size": size_in_words, "at": lambda moment: day_and_hour(moment, present)}


def size_in_words(count: int) -> str:
    """A size in bytes as people read it.

    >>> [size_in_words(count).replace(chr(0xA0), " ") for count in (61_300_000, 1_260_000_000, 120)]
    ['61,3 Mo', '1,3 Go', '120 octets']
    """
    for least, unit in _UNITS:
        if count >= least:
            return f"{count / least:.1f}\xa0{unit}".replace(".", ",")
    return f"{count}\xa0octets"
