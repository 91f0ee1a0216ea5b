"""The day of the exam on one sheet of paper: the room's hours and series, what to do in which order, whom to call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from provisioner.console.guards import needs
from provisioner.console.hours import hour
from provisioner.console.listed import kept_list
from provisioner.console.pages import page, services_of
from provisioner.console.people import Role
from provisioner.console.services import Services
from provisioner.core.clock import EXAM_MINUTES
from provisioner.core.records import RosterEntry

#: How many series have a row: with more, the sheet would be more than a page.
_MOST = 10


@dataclass(frozen=True)
class DaySeries:
    """The candidates of one hour: when they begin, when the time ends of those who are given no more, how many they are."""

    begins: datetime
    ends: datetime
    count: int


@dataclass(frozen=True)
class ExamDay:
    """A day of the list. `more`: how many of its later series `series` leaves out; `ends`: when the last of all ends.

    `stations`: how many places it needs; `others`: the other days of the list.
    """

    day: date
    series: tuple[DaySeries, ...]
    more: int
    ends: datetime
    candidates: int
    stations: int
    others: tuple[date, ...]

    def at(self, minutes: int) -> str:
        """An hour of this day, so many minutes after its first series begins: « 7 h 40 »."""
        return hour(self.series[0].begins + timedelta(minutes=minutes))


def routes(services: Services) -> list[BaseRoute]:
    """The routes of this part."""
    return [Route("/preparation/jour-j", _day_sheet)]


def exam_day(entries: Sequence[RosterEntry], present: datetime, wanted: str = "") -> ExamDay | None:
    """The day of the list that is wanted, as 2026-05-21, else the next that has candidates; None without a list.

    Its hours are of the zone of `present`.
    """
    there = partial(_in_zone, present)
    days = sorted({there(entry.at).date() for entry in entries})
    if not days:
        return None
    coming = next((day for day in days if day >= present.date()), days[-1])
    day = next((day for day in days if day.isoformat() == wanted), coming)
    of_day = [entry for entry in entries if there(entry.at).date() == day]
    hours = sorted({there(entry.at) for entry in of_day})
    time = timedelta(minutes=EXAM_MINUTES)
    series = tuple(DaySeries(at, at + time, sum(entry.at == at for entry in of_day)) for at in hours)
    return ExamDay(
        day,
        series[:_MOST],
        len(series[_MOST:]),
        series[-1].ends,
        len(of_day),
        len({entry.place for entry in of_day}),
        tuple(other for other in days if other != day),
    )


def _in_zone(present: datetime, at: datetime) -> datetime:
    return at.astimezone(present.tzinfo)


@needs(Role.TECHNICIAN)
def _day_sheet(request: Request) -> Response:
    centre = services_of(request).centre()
    roster, lost = kept_list(centre)  # where it can't be read, there is room for a hand to write the hours
    entries = roster.entries if roster else ()
    return page(
        request,
        "day_sheet.html.j2",
        200,
        exam=exam_day(entries, centre.state.present(), request.query_params.get("jour", "")),
        file=roster.file if roster else "",
        lost=lost,
        address=centre.settings.console.address,
        wiring=centre.settings.network.wiring,
        minutes=EXAM_MINUTES,
    )
