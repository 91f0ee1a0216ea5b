"""For fifteen days from today: what is exactly that, what is not, and what a person has to say."""

from datetime import date, datetime

import pytest

from checks.prestashop.periods import Period, days, judge, kept, told
from provisioner.check import Verdict

TODAY = date(2026, 11, 24)


def verdict(start: str, end: str) -> Verdict:
    return judge(kept(start, end), TODAY, "15 days")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-11-24 00:00:00", "2026-12-09 00:00:00"),
        ("2026-11-24 00:00:00", "2026-12-08 23:59:59"),
        ("2026-11-24 09:30:00", "2026-12-09 09:30:00"),
        ("2026-11-24 00:00:00", "2026-12-09 23:59:59"),
    ],
)
def test_every_honest_bound_of_fifteen_days_is_met(start: str, end: str) -> None:
    assert verdict(start, end) is Verdict.MET


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-11-24 00:00:00", "2026-12-07 23:59:59"),
        ("2026-11-24 00:00:00", "2026-12-10 00:00:00"),
        ("2026-11-25 00:00:00", "2026-12-10 00:00:00"),
        ("2026-11-23 00:00:00", "2026-12-09 00:00:00"),
        ("2026-11-24 00:00:00", "2026-12-24 00:00:00"),
        ("2026-11-24 00:00:00", "0000-00-00 00:00:00"),
        ("", ""),
    ],
)
def test_a_day_short_or_long_or_late_is_not(start: str, end: str) -> None:
    assert verdict(start, end) is Verdict.NOT_MET


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("", "2026-12-09 00:00:00"),
        ("2026-11-24 00:00:00", "2026-12-08 12:00:00"),
        ("2026-11-24 00:00:00", "2026-12-08 00:00:00"),
    ],
)
def test_a_promotion_that_runs_already_or_ends_within_its_last_day_is_for_a_person(start: str, end: str) -> None:
    assert verdict(start, end) is Verdict.TO_JUDGE


def test_the_last_day_is_named_where_a_person_has_to_say() -> None:
    short, running = kept("2026-11-24 00:00:00", "2026-12-08 00:00:00"), kept("", "2026-12-09 00:00:00")
    assert "compte le dernier jour" in told(short, Verdict.TO_JUDGE)
    assert told(short, Verdict.NOT_MET) == str(short)
    assert told(running, Verdict.TO_JUDGE) == str(running)


def test_weeks_are_seven_days() -> None:
    assert (days("15 days"), days("4 weeks"), days("1 week")) == (15, 28, 7)
    assert judge(kept("2026-11-24 00:00:00", "2026-12-22 00:00:00"), TODAY, "4 weeks") is Verdict.MET


def test_a_period_without_bounds_always_holds() -> None:
    now = datetime(2026, 11, 24, 12)
    assert Period().holds(now)
    assert not Period(start=datetime(2026, 11, 25)).holds(now)
    assert not Period(end=datetime(2026, 11, 24)).holds(now)


def test_what_ended_on_the_day_itself_was_not_over_before_it() -> None:
    assert kept("", "2026-11-23 23:59:59").over_before(TODAY)
    assert not kept("", "2026-11-24 00:00:00").over_before(TODAY)
    assert not kept("2026-11-25 00:00:00", "").over_before(TODAY)
