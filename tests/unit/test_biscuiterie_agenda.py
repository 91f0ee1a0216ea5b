"""Whatever the day and the hour of the build, the shop's past is one that its texts allow."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from provisioner.core.errors import BuildFailed
from provisioner.host.paths import ROOT
from provisioner.host.toml_files import read_toml
from stacks.prestashop.agenda import dated

SEED: dict[str, Any] = read_toml(ROOT / "scenarios/biscuiterie/prestashop/seed.toml")
BUILDS = [datetime(2026, 5, 4, 0, 5) + timedelta(day, hours=hour) for day in range(7) for hour in (0, 10, 23)]

each_build = pytest.mark.parametrize("now", BUILDS, ids=lambda now: f"{now:%a-%Hh}")


def read(moment: str) -> datetime:
    return datetime.fromisoformat(moment)


def orders(now: datetime) -> dict[str, dict[str, datetime]]:
    """The moments of each order's states, by their names; the first is the order's own."""
    return {
        one["slug"]: dict(zip(one["states"], map(read, one["at"]), strict=True)) for one in dated(SEED, now)["orders"]
    }


def working_days(since: datetime, until: datetime) -> int:
    """How many working days `until` is after `since`."""
    days = (until.date() - since.date()).days
    return sum((since + timedelta(day)).isoweekday() < 6 for day in range(1, days + 1))


@each_build
def test_an_order_goes_through_its_states_on_working_days_before_the_build(now: datetime) -> None:
    for slug, steps in orders(now).items():
        moments = list(steps.values())
        assert all(sooner < later for sooner, later in pairwise(moments)), slug
        assert moments[-1] <= now, slug
        assert all(one.isoweekday() < 6 and 7 <= one.hour < 18 for one in moments[1:]), slug


@each_build
def test_money_takes_the_two_days_that_the_shop_tells(now: datetime) -> None:
    for slug, (ordered, *steps) in {slug: list(steps.items()) for slug, steps in orders(now).items()}.items():
        for state, moment in steps:
            if state in ("PS_OS_PAYMENT", "PS_OS_OUTOFSTOCK_PAID"):
                assert working_days(ordered[1], moment) == 2, slug


@each_build
def test_a_carrier_leaves_and_arrives_when_it_says(now: datetime) -> None:
    after: dict[str, Callable[[datetime, datetime], bool]] = {
        "point-relais": lambda sent, came: 3 <= working_days(sent, came) <= 5,
        "domicile": lambda sent, came: came - sent <= timedelta(hours=48),
        "fraicheur": lambda sent, came: (came.date() - sent.date()).days == 1,
        "tournee": lambda sent, came: came.date() == sent.date(),
    }
    seen = set()
    for row in SEED["orders"]:
        steps = orders(now)[row["slug"]]
        sent, came = steps.get("PS_OS_SHIPPING"), steps.get("PS_OS_DELIVERED")
        if sent and row["carrier"] == "tournee":
            assert sent.isoweekday() in (2, 4), row["slug"]
        if sent and any(line["product"] == "far-pruneaux" for line in row["lines"]):
            assert sent.isoweekday() == 4, row["slug"]
        if sent and came:
            assert after[row["carrier"]](sent, came), row["slug"]
            seen.add(row["carrier"])
    assert seen == set(after)


@each_build
def test_a_customer_registers_orders_receives_and_then_speaks_of_it(now: datetime) -> None:
    seed, moments = dated(SEED, now), orders(now)
    registered = {one["email"]: read(one["at"]) for one in seed["customers"]}
    came = {slug: steps["PS_OS_DELIVERED"] for slug, steps in moments.items() if "PS_OS_DELIVERED" in steps}
    for one in seed["orders"]:
        assert registered[one["customer"]] < min(moments[one["slug"]].values()), one["slug"]
    for one in (*seed["returns"], *seed["refunds"]):
        assert came[one["order"]] < read(one["at"]) <= now, one["order"]
    for one in seed["threads"]:
        said = [read(each["at"]) for each in (one, *one["answers"])]
        assert said == sorted(said), one["slug"]
        assert said[-1] <= now, one["slug"]
        if "order" in one:
            order = moments[one["order"]]
            assert order.get("PS_OS_DELIVERED", min(order.values())) < said[0], one["slug"]
    for one in seed["product_comments"]:
        had = [
            came[order["slug"]]
            for order in seed["orders"]
            if order["slug"] in came and order["customer"] == one.get("customer")
            if one["product"] in {line["product"] for line in order["lines"]}
        ]
        assert not had or min(had) < read(one["at"]), one["title"]


@each_build
def test_who_works_at_the_shop_answers_and_pays_back_on_working_days(now: datetime) -> None:
    seed = dated(SEED, now)
    answers = [one for thread in seed["threads"] for one in thread["answers"] if "by" in one]
    assert answers
    for one in (*answers, *seed["refunds"]):
        assert read(one["at"]).isoweekday() < 6
        assert 9 <= read(one["at"]).hour < 17


@each_build
def test_days_are_those_of_the_seed(now: datetime) -> None:
    for one in dated(SEED, now)["orders"]:
        assert (now.date() - read(one["at"][0]).date()).days == one["days_ago"]


def test_hours_are_everybody_s_own_and_the_same_at_each_build() -> None:
    now = BUILDS[-1]
    seed = dated(SEED, now)
    assert seed == dated(SEED, now)
    for kind in ("customers", "threads", "product_comments"):
        assert len({one["at"][-8:] for one in seed[kind]}) == len(SEED[kind])
    assert len({one["at"][0][-8:] for one in seed["orders"]}) == len(SEED["orders"])
    assert all("08:00" <= read(one["at"]).strftime("%H:%M") < "22:00" for one in seed["customers"])


def test_an_order_too_recent_for_its_state_fails_the_build() -> None:
    order = {**SEED["orders"][0], "days_ago": 5}
    with pytest.raises(BuildFailed, match=rf"{order['slug']}.*days_ago"):
        dated({**SEED, "orders": [order]}, BUILDS[0])
