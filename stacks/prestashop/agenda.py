"""When things happened in the shop: what its rows and texts promise is kept, whatever the day of the build.

Days are counted back from the build, and hours drawn from names, so that two builds of one day tell the same. Only
on working days does the workshop do anything, or a carrier.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from provisioner.core.errors import BuildFailed

Row = Mapping[str, Any]

#: The hours of customers and of employees.
_ANY, _OFFICE = ("08:00", "22:00"), ("09:30", "16:45")
#: When a state is set, and how many working days after the one before; what leaves and arrives hangs on the carrier.
_STATES = {
    "PS_OS_PAYMENT": (2, ("09:00", "11:30")),
    "PS_OS_OUTOFSTOCK_PAID": (2, ("09:00", "11:30")),
    "PS_OS_ERROR": (2, ("09:00", "11:30")),
    "PS_OS_CANCELED": (1, ("08:30", "09:30")),
    "PS_OS_PREPARATION": (1, ("08:30", "11:30")),
}
_PARCELS_LEAVE, _PARCELS_COME = ("14:00", "16:45"), ("09:30", "17:00")
_VANS_LEAVE, _VANS_COME = ("07:15", "08:15"), ("10:15", "15:45")


def dated(seed: Row, now: datetime) -> dict[str, Any]:
    """The seed of a shop; who and what comes by itself has its moment, `at`: an order one for each of its states."""
    return {
        **seed,
        "customers": [{**row, "at": _any_time(row, row["email"], now)} for row in seed["customers"]],
        "orders": [{**row, "at": steps(seed, row, now)} for row in seed["orders"]],
        "returns": [{**row, "at": _any_time(row, f"return {row['order']}", now)} for row in seed["returns"]],
        "refunds": [{**row, "at": _at_work(row, f"refund {row['order']}", now)} for row in seed["refunds"]],
        "threads": [_thread(row, now) for row in seed["threads"]],
        "product_comments": [
            {**row, "at": _any_time(row, f"{row['product']} {row['title']}", now)} for row in seed["product_comments"]
        ],
    }


def steps(seed: Row, order: Row, now: datetime) -> list[str]:
    """When an order got each of its states; those of a basket that was left behind, when it was filled."""
    return [f"{moment}" for moment in _steps(seed, order, now)]


def _steps(seed: Row, order: Row, now: datetime) -> Iterator[datetime]:
    carrier = _named(seed["carriers"], order["carrier"])
    days = _leaving(seed, order, carrier)
    soonest, latest = carrier.get("takes", (1, 1))
    states = order.get("states", ())
    moment = _moment(order, order["slug"], _ANY, now)
    yield moment
    for state in states[1:]:
        day, what = moment.date(), f"{state} {order['slug']}"
        if state == "PS_OS_SHIPPING":
            if latest == 0:  # a van leaves in the morning, with what was ready the day before
                day += timedelta(1)
            while day.isoweekday() not in days:
                day += timedelta(1)
            if latest == 0 and state == states[-1]:  # it is on its way: on the last round there was
                day = max(day, _last(days, now))
            hours = _PARCELS_LEAVE if latest else _VANS_LEAVE
        elif state == "PS_OS_DELIVERED":
            day = _after(day, soonest + _drawn(what) % (latest - soonest + 1))
            hours = _PARCELS_COME if latest else _VANS_COME
        else:
            count, hours = _STATES[state]
            day = _after(day, count)
        moment = datetime.combine(day, _hour(what, hours))
        if moment > now:
            raise BuildFailed(
                f"La commande {order['slug']} est trop récente pour son dernier état, d'après ce que la boutique promet : "
                "donnez-lui plus de jours (days_ago) dans seed.toml."
            )
        yield moment


def _leaving(seed: Row, order: Row, carrier: Row) -> set[int]:
    """The days of the week on which the carrier takes what was ordered, from 1 to 5."""
    goods = [_named(seed["products"], line["product"]) for line in order["lines"]]
    return {1, 2, 3, 4, 5}.intersection(*(one["leaves"] for one in (carrier, *goods) if "leaves" in one))


def _last(days: set[int], now: datetime) -> date:
    """The last of these days of the week on which what leaves in the morning has left."""
    day = now.date()
    while day.isoweekday() not in days or now < datetime.combine(day, time.fromisoformat(_VANS_LEAVE[1])):
        day -= timedelta(1)
    return day


def _thread(row: Row, now: datetime) -> dict[str, Any]:
    def said(one: Row, number: int) -> dict[str, Any]:
        what = f"answer {number} {row['slug']}"
        return {**one, "at": _at_work(one, what, now) if "by" in one else _any_time(one, what, now)}

    answers = [said(one, number) for number, one in enumerate(row.get("answers", ()))]
    return {**row, "at": _any_time(row, row["slug"], now), "answers": answers}


def _any_time(row: Row, what: str, now: datetime) -> str:
    return f"{_moment(row, what, _ANY, now)}"


def _at_work(row: Row, what: str, now: datetime) -> str:
    """On its day; on the Monday after, where that is a Saturday or a Sunday."""
    moment = _moment(row, what, _OFFICE, now)
    return f"{datetime.combine(_after(moment.date() - timedelta(1), 1), moment.time())}"


def _moment(row: Row, what: str, hours: tuple[str, str], now: datetime) -> datetime:
    hour = time.fromisoformat(row["time"]) if "time" in row else _hour(what, hours)
    return min(datetime.combine(now.date() - timedelta(row["days_ago"]), hour), now)


def _after(day: date, count: int) -> date:
    """So many working days later."""
    while count > 0:
        day += timedelta(1)
        count -= day.isoweekday() < 6
    return day


def _hour(what: str, between: tuple[str, str]) -> time:
    start, end = (datetime.combine(date.min, time.fromisoformat(one)) for one in between)
    return (start + timedelta(seconds=_drawn(what) % int((end - start).total_seconds()))).time()


def _drawn(what: str) -> int:
    return int(hashlib.sha256(f"when {what}".encode()).hexdigest()[:8], 16)


def _named(rows: list[Row], slug: str) -> Row:
    return next(one for one in rows if one["slug"] == slug)
