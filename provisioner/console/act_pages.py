"""The pages of the acts: the plan of one and its confirmation, how far it is, and the book of all of them."""

import asyncio
import csv
import io
import json
import secrets
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import tzinfo
from functools import partial
from typing import NamedTuple

from anyio import to_thread
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from provisioner.console.acting import Acts
from provisioner.console.guards import needs
from provisioner.console.hours import day_and_hour
from provisioner.console.pages import fragment, page, services_of
from provisioner.console.people import Role
from provisioner.console.plans import Plan
from provisioner.console.series_change import sheets_for
from provisioner.console.services import Services
from provisioner.core import clock
from provisioner.core.errors import EvidenceLost, ProvisionerError, Refusal
from provisioner.exam.room_documents import joined
from provisioner.french.text import numbered, without_deceit
from provisioner.host.disk import disk_in_french
from provisioner.network.room import full_name
from provisioner.station.acts import SCREEN, Act, Outcome

#: How many acts a page of the book shows.
_SHOWN = 200
#: How often a page that is open looks whether its act went on, in seconds.
_LOOKS = 0.25
#: How the book counts what became of several stations.
_PLURALS = {Outcome.DONE: "faits", Outcome.NOT_DONE: "pas faits", Outcome.UNKNOWN: "interrompus"}
#: What a page does to a word of an outcome: `●` and green, `▲` and amber, `■` and red.
_TONES = {Outcome.DONE: "good", Outcome.NOT_DONE: "amber", Outcome.FAILED: "bad", Outcome.UNKNOWN: "bad"}
#: How many acts that were cut short a page names, and the pages that name them.
_NAMED = 5
_BANNERS = ("/salle", "/preparation", "/actes")
#: What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_COLUMNS = ("date", "heure", "qui", "d’où", "acte", "salle", "poste", "candidat", "précisions", "résultat", "détail")


def routes(services: Services) -> list[BaseRoute]:
    """The routes of this part."""
    return [
        Route("/actes", _book),
        Route("/actes", _plan_or_begin, methods=["POST"]),
        Route("/actes.csv", _spreadsheet),
        Route("/actes/interrompus", _put_aside, methods=["POST"]),
        Route("/actes/{act}", _act),
        Route("/actes/{act}/flux", _stream),
        Route("/actes/{act}/halte", _halt, methods=["POST"]),
        Route("/actes/{act}/feuilles", _next_sheets, methods=["POST"]),
    ]


class _CutShort(NamedTuple):
    """An act that was cut short, as a page says it."""

    id: str
    french: str
    when: str
    who: str
    result: str


@dataclass(frozen=True)
class _Asked:
    """What a form says: `agreed` are the stations of the plan that it was shown with, and who was there; None before that."""

    kind: str
    stations: Sequence[str]
    values: Mapping[str, str]
    everywhere: bool
    key: str
    agreed: Mapping[str, str] | None
    typed: str

    @classmethod
    def read(cls, form: FormData) -> "_Asked":
        """What the fields of a form say."""

        def text(name: str) -> str:
            value = form.get(name, "")
            return value if isinstance(value, str) else ""

        def texts(name: str) -> list[str]:
            return [value for value in form.getlist(name) if isinstance(value, str)]

        values = {name: text(name) for name in ("why", "minutes", "to", "anyway", "absent")}
        parted = [value.partition("=") for value in texts("agreed")]
        agreed = {name: who for name, _, who in parted} if text("step") == "begin" else None
        named = [full_name(value) for value in texts("station")]
        return cls(text("act"), named, values, bool(text("everywhere")), text("key"), agreed, text("typed"))


@needs(Role.TECHNICIAN)
async def _plan_or_begin(request: Request) -> Response:
    async with request.form(max_files=0, max_fields=2000) as form:
        asked = _Asked.read(form)
    return await to_thread.run_sync(partial(_answer, request, asked))


def _answer(request: Request, asked: _Asked) -> Response:
    """Show the plan; once it is confirmed as it still is, begin the act and lead to its page."""
    acts = _acts(request)
    if asked.key and (seen := acts.begun(asked.key)):
        return _to_act(seen)
    everywhere = asked.everywhere or acts.is_of_room(asked.kind)
    if asked.everywhere and asked.stations:
        raise Refusal("« Toute la salle » est coché, et des postes sont choisis aussi : gardez l’un ou l’autre.")
    stations = acts.everywhere(asked.kind) if everywhere else asked.stations
    if not stations:
        raise Refusal("Choisissez d’abord un ou plusieurs postes dans la salle.")
    plan = acts.plan(asked.kind, stations, asked.values)
    if asked.agreed is None:
        return _plan_page(request, plan, asked)
    try:
        _refuse_unconfirmed(plan, asked)
        act = acts.begin(request.state.person, asked.kind, stations, asked.values, asked.key, asked.agreed)
    except Refusal as refusal:
        if seen := acts.begun(asked.key):  # by the same form, sent twice at once
            return _to_act(seen)
        return _plan_page(request, plan, asked, str(refusal))
    return _to_act(act)


def _refuse_unconfirmed(plan: Plan, asked: _Asked) -> None:
    """Raise unless what a person agreed to is what would be done now."""
    if not plan.will:
        raise Refusal("Rien ne peut être fait à ces postes : chaque ligne dit pourquoi.")
    if {line.station: line.who for line in plan.will} != asked.agreed:
        raise Refusal("Ce qui sera fait a changé : regardez de nouveau la liste, puis confirmez.")
    if not plan.agrees(asked.typed):
        wanted = "du candidat" if plan.will[0].candidate else "du poste"
        several = f"Écrivez combien de postes sont concernés : {len(plan.will)}."
        one = f"Ce n’est pas le nom {wanted} : vérifiez que c’est le bon poste, puis écrivez le nom qui y est affiché."
        raise Refusal(several if len(plan.will) > 1 else one)


def _plan_page(request: Request, plan: Plan, asked: _Asked, mistake: str = "") -> Response:
    key = asked.key or secrets.token_urlsafe(16)
    values = {"plan": plan, "kind": plan.kind, "values": asked.values, "key": key, "mistake": mistake}
    return page(request, "act_plan.html.j2", 422 if mistake else 200, **values)


def _to_act(act: Act) -> Response:
    return RedirectResponse(f"/actes/{act.id}", 303)


@needs(*Role)
def _act(request: Request) -> Response:
    act = _acts(request).act(request.path_params["act"])
    return page(request, "act.html.j2", 200, **_act_values(request, act))


@needs(Role.TECHNICIAN)
def _halt(request: Request) -> Response:
    acts = _acts(request)
    acts.halt(request.state.person, request.path_params["act"])
    return _to_act(acts.act(request.path_params["act"]))


@needs(Role.TECHNICIAN)
def _next_sheets(request: Request) -> Response:
    """The sheets of those who are waited for at an act's stations, in one document, to print them in one go."""
    act, services = _acts(request).act(request.path_params["act"]), services_of(request)
    paths = sheets_for(services.centre(), [line.station for line in act.lines])
    if not paths:
        raise Refusal(
            "Aucune feuille n’est écrite pour qui est attendu à ces postes : la page « Préparation » les écrit."
        )
    with disk_in_french(paths[0].parent, EvidenceLost):
        document = joined(paths)
    said = f"feuilles prises pour les imprimer : {numbered(len(paths), 'candidat')}"
    services.acts.note(request.state.person, said, room=services.name)
    headers = {"Content-Disposition": 'attachment; filename="feuilles-suivantes.pdf"'}
    return Response(document, media_type="application/pdf", headers=headers)


@needs(*Role)
async def _stream(request: Request) -> Response:
    act = await to_thread.run_sync(_acts(request).act, request.path_params["act"])
    return EventSourceResponse(_events(request, act.id), headers={"Cache-Control": "no-store"}, ping=3600)


async def _events(request: Request, act: str) -> AsyncIterator[ServerSentEvent]:
    """The act as often as it goes on, and the server's clock each second, by which the page knows that it is live."""
    acts, zone, looks, shown = _acts(request), services_of(request).zone, 0, None
    while True:
        now = await to_thread.run_sync(lambda: (acts.act(act), acts.steps(act)))
        if now != shown:
            shown = now
            html = fragment("act_lines.html.j2", **_act_values(request, now[0]))
            yield ServerSentEvent(" ".join(html.split("\n")), event="act")
        if looks % 4 == 0:
            at = clock.present(zone)
            told = {"at": at.isoformat(timespec="milliseconds"), "words": f"{at:%H:%M:%S}", "stale": 0}
            yield ServerSentEvent(json.dumps({**told, "trouble": False}), event="clock", retry=1000)
        looks += 1
        await asyncio.sleep(_LOOKS)


@needs(*Role)
def _book(request: Request) -> Response:
    station = full_name(request.query_params.get("poste", ""))
    latest = _acts(request).recent(_SHOWN * 5, services_of(request).name)
    acts = [act for act in latest if not station or act.line(station)]
    values = _words(request) | {"acts": acts[:_SHOWN], "station": station, "more": len(acts) > _SHOWN}
    return page(request, "acts.html.j2", 200, **cut_short(request), **values)


def cut_short(request: Request) -> dict[str, object]:
    """The values of cut_short.html.j2; without any act where the book can't be read, as other pages say."""
    services, found = services_of(request), list[_CutShort]()
    present = clock.present(services.zone)
    with suppress(ProvisionerError):
        for act in services.acts.interrupted(services.name):
            found.append(_CutShort(act.id, act.french, day_and_hour(act.at, present), act.who, counts(act)))
    values = {"cut_short": found[:_NAMED], "more_cut_short": max(0, len(found) - _NAMED)}
    return {**values, "may_put_aside": request.state.person.role is Role.TECHNICIAN}


@needs(Role.TECHNICIAN)
async def _put_aside(request: Request) -> Response:
    async with request.form(max_files=0, max_fields=100) as form:
        acts, back = form.getlist("act"), form.get("page")
    await to_thread.run_sync(partial(_note_seen, request, acts))
    return RedirectResponse(str(back) if back in _BANNERS else "/actes", 303)


def _note_seen(request: Request, acts: Sequence[object]) -> None:
    """Put aside those of these acts that nobody has put aside meanwhile."""
    services = services_of(request)
    seen = [act for act in services.acts.interrupted(services.name) if act.id in acts]
    if seen:
        named = ", ".join(f"{act.french} ({day_and_hour(act.at, clock.present(services.zone))})" for act in seen)
        word = "interruption vue" if len(seen) == 1 else "interruptions vues"
        services.acts.put_aside(request.state.person, seen, f"{word} : {named}", room=services.name)


@needs(*Role)
def _spreadsheet(request: Request) -> Response:
    written = spreadsheet(_acts(request).book.acts(), services_of(request).zone)
    headers = {"Content-Disposition": 'attachment; filename="livre-des-actes.csv"'}
    return Response(f"\ufeff{written}", media_type="text/csv; charset=utf-8", headers=headers)


def spreadsheet(acts: Sequence[Act], zone: tzinfo) -> str:
    """The book from its newest act on, as CSV: oldest first, a line for each station, as French spreadsheets open it."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for act in reversed(acts):
        writer.writerows(list(map(_harmless, row)) for row in _rows(act, zone))
    return file.getvalue()


def _rows(act: Act, zone: tzinfo) -> Iterator[Sequence[str]]:
    at = act.at.astimezone(zone)
    first = (f"{at:%d/%m/%Y}", f"{at:%H:%M:%S}", act.who, act.by, act.french, act.room)
    for line in act.lines:
        detail = line.text or act.text
        yield (*first, line.station, line.candidate, details(act), line.outcome.french, detail)
    if not act.lines or (act.text and act.kind != "note"):
        yield (*first, "", "", details(act), "", act.text)


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula, and that hides nothing: people and stations write into the book."""
    shown = without_deceit(cell)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown


def details(act: Act) -> str:
    """What was typed for an act, in French."""
    said = [act.values.get("of", "")]
    said += [f"{act.values['minutes']} min" if "minutes" in act.values else ""]
    said.append(f"à {act.values['to']}" if "to" in act.values else "")
    said.append("hors de son heure" if "anyway" in act.values else "")
    said.append("absents passés" if "absent" in act.values else "")
    said.append(f"« {act.values['why']} »" if "why" in act.values else "")
    return ", ".join(filter(None, said))


def counts(act: Act) -> str:
    """What became of an act at its stations, counted: « 9 faits, 2 pas faits »."""
    outcomes = [line.outcome for line in act.lines]
    found = {outcome: outcomes.count(outcome) for outcome in Outcome if outcome in outcomes}
    return ", ".join(numbered(count, one.french, _PLURALS.get(one, one.french)) for one, count in found.items())


def _act_values(request: Request, act: Act) -> dict[str, object]:
    may_act = request.state.person.role is Role.TECHNICIAN
    made_new = any(line.outcome is Outcome.DONE for line in act.lines)
    return _words(request) | {
        "act": act,
        "steps": _acts(request).steps(act.id),
        "may_halt": may_act and act.is_open and act.by == SCREEN,
        "may_print": may_act and act.kind == "series" and made_new,
    }


def _words(request: Request) -> dict[str, object]:
    """What the templates of acts say and show them with."""
    tones = {str(outcome): tone for outcome, tone in _TONES.items()}
    return {"zone": services_of(request).zone, "details": details, "counts": counts, "tones": tones}


def _acts(request: Request) -> Acts:
    acts: Acts = services_of(request).acts
    return acts
