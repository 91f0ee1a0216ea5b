"""The pages of a commission: its candidates, one candidate's work beside an examiner's grid, and what several agree on.

A commission's pages, captures and forms are its own examiners'. Technicians see how far its candidates are, and no grid.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from anyio import CapacityLimiter, to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from provisioner.console import marks
from provisioner.console.act_words import on_screen
from provisioner.console.guards import needs
from provisioner.console.marks import Entered
from provisioner.console.pages import fields, fragment, page, services_of
from provisioner.console.people import Person, Role
from provisioner.console.services import Services
from provisioner.core.errors import ProvisionerError, Refusal, UnknownName
from provisioner.core.records import RosterEntry
from provisioner.exam.marking import (
    APPRECIATION,
    MARK,
    MOST_OF_APPRECIATION,
    MOST_OF_NOTE,
    Desk,
    candidates_of,
    commission_of,
)
from provisioner.exam.seating import entries_of
from provisioner.examination.again import JudgedAgain, judge_report_again, rests_on_other_data
from provisioner.examination.page_content import screenshot, screenshots_of
from provisioner.papers.marking import Filled, filled_form
from provisioner.station.markings import Grid, Level, Outdated, Part, sitting_of

#: How many skills a question may have levels for.
_SKILLS = 20
#: Forms are printed one at a time, each by a browser; those that wait keep no other page from being shown.
_printing = CapacityLimiter(1)
#: Recordings are judged again one at a time, since that takes a processor for seconds.
_judging = CapacityLimiter(1)
_LEVELS = tuple(f"level-{index}" for index in range(_SKILLS))


def routes(services: Services) -> list[BaseRoute]:
    """The routes of this part."""
    commission = "/commission/{commission:name}"
    candidate = f"{commission}/{{candidate}}"
    return [
        Route("/commission", _commissions),
        Route(commission, _candidates),
        Route(candidate, _grid),
        Route(f"{candidate}/commune", _agreed),
        Route(f"{candidate}/capture/{{capture:number}}", _capture),
        Route(f"{candidate}/de-nouveau", _judged_again),
        Route(f"{candidate}/fiche.pdf", _form),
        Route(f"{candidate}/grille.pdf", _form),
        Route(f"{candidate}/grille/{{part}}", _write_own, methods=["POST"]),
        Route(f"{candidate}/commune/{{part}}", _write_agreed, methods=["POST"]),
        Route(f"{candidate}/finir", _finish, methods=["POST"]),
        Route(f"{candidate}/reprendre", _reopen, methods=["POST"]),
        Route(f"{candidate}/sans", _go_on_without, methods=["POST"]),
        Route(f"{candidate}/accord", _take_over, methods=["POST"]),
    ]


@dataclass(frozen=True)
class _Typed:
    """What a form of a part says: the version that it was written on, and the question that was open on its page."""

    part: str
    levels: Sequence[str]
    text: str
    version: int
    question: str

    @classmethod
    async def read(cls, request: Request) -> "_Typed":
        """What was typed. Who saw what was written meanwhile and chose his own says `over` which version it goes."""
        text, version, over, question, *levels = await fields(request, "text", "version", "over", "question", *_LEVELS)
        return cls(request.path_params["part"], levels, text, _number(over or version), question)


@needs(Role.TECHNICIAN, Role.EXAMINER)
def _commissions(request: Request) -> Response:
    person: Person = request.state.person
    if person.role is Role.EXAMINER:
        return RedirectResponse(marks.address_of_commission(person.commission), 303)
    commissions = Counter(map(commission_of, entries_of(services_of(request).centre())))
    counted = [(name, marks.address_of_commission(name), count) for name, count in sorted(commissions.items()) if name]
    return page(request, "commissions.html.j2", 200, commissions=counted)


@needs(Role.TECHNICIAN, Role.EXAMINER)
def _candidates(request: Request) -> Response:
    centre, commission = services_of(request).centre(), request.path_params["commission"]
    person: Person = request.state.person
    try:
        entries = candidates_of(centre, commission)
    except UnknownName as error:
        return page(request, "error.html.j2", 404, sentence=str(error))
    who = person.name if person.role is Role.EXAMINER else ""
    rows, trouble = marks.rows_of(centre, entries, who)
    zone = services_of(request).zone
    return page(
        request, "commission.html.j2", 200, rows=rows, trouble=trouble, commission=commission, who=who, zone=zone
    )


@needs(Role.EXAMINER)
def _grid(request: Request) -> Response:
    return _grid_page(request, _desk(request))


@needs(Role.EXAMINER)
def _agreed(request: Request) -> Response:
    return _agreed_page(request, _desk(request))


def _grid_page(
    request: Request, desk: Desk, status: int = 200, *, typed: _Typed | None = None, mistake: Refusal | None = None
) -> Response:
    """A candidate's work beside the examiner's own grid; `typed`: what wasn't kept, and `mistake` why."""
    marking = desk.read()
    own = marking.of(desk.who)
    values = _values(request, desk, own, typed, mistake)
    values["awaited"] = [grid.who for grid in marking.awaited(desk.who)]
    return page(request, "marking.html.j2", status, marking=marking, agreed=False, closed=bool(own.finished), **values)


def _agreed_page(
    request: Request, desk: Desk, status: int = 200, *, typed: _Typed | None = None, mistake: Refusal | None = None
) -> Response:
    """The grids beside each other and what is agreed; why it isn't open yet where it isn't."""
    marking = desk.read()
    try:
        desk.refuse_agreeing(marking)
    except Refusal as refusal:
        return _grid_page(request, desk, 409, mistake=mistake or refusal)
    values = _values(request, desk, marking.agreed, typed, mistake)
    grids = [marking.of(desk.who), *desk.visible(marking)]
    columns = [(grid.who, grid, marks.entered(desk.entry, grid)) for grid in grids]
    return page(
        request, "agreed.html.j2", status, marking=marking, agreed=True, columns=columns, closed=False, **values
    )


def _values(
    request: Request, desk: Desk, grid: Grid, typed: _Typed | None, mistake: Refusal | None
) -> dict[str, object]:
    """What the templates of a candidate show."""
    centre, entry = desk.centre, desk.entry
    address = marks.address_of(entry)
    questions = marks.entered(entry, grid)
    shown = _open_question(questions, typed.question if typed else request.query_params.get("question", ""))
    work = marks.work_of(centre, entry)
    observations, lost = marks.observed(work, shown.question.number, address)
    before, after = _neighbours(desk)
    return {
        "entry": entry,
        "address": address,
        "commission_address": marks.address_of_commission(commission_of(entry)),
        "questions": questions,
        "open": shown,
        "grid": grid,
        "levels": list(Level),
        "parts": {"appreciation": APPRECIATION, "mark": MARK},
        "most": {"note": MOST_OF_NOTE, "appreciation": MOST_OF_APPRECIATION},
        "work": work,
        "before_them": desk.of_another_commission(),
        "happened": marks.happened(centre, work),
        "observations": observations,
        "lost": lost,
        "before": before,
        "after": after,
        "typed": typed,
        "mistake": mistake,
        "stored": mistake.stored if isinstance(mistake, Outdated) else None,
        "said": partial(_said, request),
        "zone": services_of(request).zone,
    }


def _open_question(questions: Sequence[Entered], number: str) -> Entered:
    return next((one for one in questions if one.number == number), questions[0])


def _neighbours(desk: Desk) -> tuple[str, str]:
    """The addresses of the candidates before and after this one; empty at the ends."""
    entries = candidates_of(desk.centre, commission_of(desk.entry))
    index = next(index for index, entry in enumerate(entries) if entry.key == desk.entry.key)
    around = [entries[index - 1] if index else None, entries[index + 1] if index + 1 < len(entries) else None]
    before, after = (marks.address_of(each) if each else "" for each in around)
    return before, after


@needs(Role.EXAMINER)
async def _write_own(request: Request) -> Response:
    return await to_thread.run_sync(partial(_written, request, await _Typed.read(request), agreed=False))


@needs(Role.EXAMINER)
async def _write_agreed(request: Request) -> Response:
    return await to_thread.run_sync(partial(_written, request, await _Typed.read(request), agreed=True))


def _written(request: Request, typed: _Typed, *, agreed: bool) -> Response:
    """Keep what was typed: to htmx, what to say of it; to who has no script, the page."""
    desk = _desk(request)
    skills = next((one.skills for one in marks.entered(desk.entry, Grid()) if one.number == typed.part), ())
    levels = {skill: typed.levels[index] for index, (skill, _) in enumerate(skills[:_SKILLS])}
    live = "hx-request" in request.headers
    try:
        part = desk.write(typed.part, levels, typed.text, typed.version, agreed=agreed)
    except Refusal as refusal:
        status = 409 if isinstance(refusal, Outdated) else 422
        if live:
            return _state(request, typed.part, Part(version=typed.version), refusal, status)
        shown = _agreed_page if agreed else _grid_page
        return shown(request, desk, status, typed=typed, mistake=refusal)
    if live:
        return _state(request, typed.part, part, None)
    where = marks.address_of(desk.entry) + ("/commune" if agreed else "")
    return RedirectResponse(f"{where}?question={_number(typed.question) or 1}#partie-{typed.part}", 303)


def _state(request: Request, name: str, part: Part, mistake: Refusal | None, status: int = 200) -> Response:
    """What a form says of its part: when it was kept, or why it wasn't."""
    stored = mistake.stored if isinstance(mistake, Outdated) else None
    values = {"name": name, "part": part, "mistake": mistake, "stored": stored, "zone": services_of(request).zone}
    return Response(
        fragment("marking_state.html.j2", said=partial(_said, request), **values), status, media_type="text/html"
    )


def _said(request: Request, who: str) -> str:
    """Who wrote, to the reader of the page."""
    return "vous" if who == request.state.person.name else who


@needs(Role.EXAMINER)
def _finish(request: Request) -> Response:
    return _changed(request, Desk.finish)


@needs(Role.EXAMINER)
def _reopen(request: Request) -> Response:
    return _changed(request, Desk.reopen)


@needs(Role.EXAMINER)
async def _go_on_without(request: Request) -> Response:
    (other,) = await fields(request, "other")
    return await to_thread.run_sync(partial(_changed, request, partial(Desk.go_on_without, other=other)))


@needs(Role.EXAMINER)
def _take_over(request: Request) -> Response:
    return _changed(request, Desk.take_over, "/commune")


def _changed(request: Request, change: Callable[[Desk], None], then: str = "") -> Response:
    desk = _desk(request)
    try:
        change(desk)
    except Refusal as refusal:
        return _grid_page(request, desk, 409, mistake=refusal)
    return RedirectResponse(f"{marks.address_of(desk.entry)}{then}", 303)


@needs(Role.EXAMINER)
def _capture(request: Request) -> Response:
    """A screenshot by its number among those that the report's document names: no part of a path is asked for.

    `rapport`: the report that the page shows; the work may have been examined again since, and another one be the latest.
    """
    desk, number = _desk(request), request.path_params["capture"]
    known = marks.work_of(desk.centre, desk.entry).known
    names = screenshots_of(known.report) if known.report else []
    if known.folder is None or number >= len(names):
        raise HTTPException(404)
    if request.query_params.get("rapport", known.folder.name) != known.folder.name:
        raise HTTPException(404)
    kind, data = screenshot(known.folder, names[number])
    return Response(data, media_type=kind)


@needs(Role.EXAMINER)
async def _judged_again(request: Request) -> Response:
    return await to_thread.run_sync(partial(_judged_again_page, request), limiter=_judging)


def _judged_again_page(request: Request) -> Response:
    """What today's code concludes from what the site answered at the examination of the report that the grid shows."""
    desk = _desk(request)
    folder = marks.work_of(desk.centre, desk.entry).known.folder
    judged: list[JudgedAgain] = []
    trouble, changed, other_data = "", 0, False
    if folder is None:
        raise HTTPException(404)
    try:
        document, judged = judge_report_again(folder)
        changed = sum(one.outcome != "same" for one in judged)
        other_data = bool(changed) and rests_on_other_data(document)
    except ProvisionerError as error:
        trouble = on_screen(str(error))
    values = {"entry": desk.entry, "address": marks.address_of(desk.entry), "other_data": other_data}
    return page(request, "judged_again.html.j2", 200, judged=judged, changed=changed, trouble=trouble, **values)


@needs(Role.EXAMINER)
async def _form(request: Request) -> Response:
    return await to_thread.run_sync(partial(_form_to_sign, request), limiter=_printing)


def _form_to_sign(request: Request) -> Response:
    """The fiche or the grille as PDF to sign; see Desk.to_sign."""
    desk = _desk(request)
    kind = "fiche" if request.url.path.endswith("/fiche.pdf") else "grille"
    filled = Filled(*desk.to_sign(desk.read(), of_commission=kind == "fiche"))
    known = marks.work_of(desk.centre, desk.entry).known
    data = filled_form(desk.centre, desk.entry, known, kind, filled)
    desk.note(f"{kind} à signer, mise en PDF")
    headers = {"Content-Disposition": f'inline; filename="{kind}.pdf"'}
    return Response(data, media_type="application/pdf", headers=headers)


def _desk(request: Request) -> Desk:
    """The sitting that a request is about, of the commission that it names and of no other."""
    services, person = services_of(request), request.state.person
    centre = services.centre()
    try:
        entries = candidates_of(centre, request.path_params["commission"])
    except UnknownName as error:
        raise HTTPException(404) from error
    for entry in entries:
        if sitting_of(entry.key) == request.path_params["candidate"]:
            return Desk(centre, entry, person.name, partial(_note, services, person, entry))
    raise HTTPException(404)


def _note(services: Services, person: Person, entry: RosterEntry, said: str) -> None:
    services.acts.note(person, f"candidat {entry.number} : {said}", room=services.name)


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
