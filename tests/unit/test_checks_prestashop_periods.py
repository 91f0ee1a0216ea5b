"""For fifteen days from today: what is exactly that, what is not, and what a person has to say."""

from datetime import date, datetime

import pytest

from checks.prestashop.reading.periods import Period, days, described, judge, period_from, unasked_end
from provisioner.subject.check import Verdict

TODAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 12)


def verdict(start: str, end: str) -> Verdict:
    return judge(period_from(start, end), TODAY, "15 days")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-11-24 00:00:00", "2026-12-09 00:00:00"),
        ("2026-11-24 00:00:00", "2026-12-08 23:59:59"),
        ("2026-11-24 09:30:00", "2026-12-09 09:30:00"),
        ("2026-11-24 09:30:00", "2026-12-09 10:00:00"),
        ("2026-11-24 09:30:00", "2026-12-09 00:00:00"),
        ("2026-11-24 09:30:00", "2026-12-08 23:59:00"),
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
        ("2026-11-24 10:00:00", "2026-12-08 10:00:00"),
        ("2026-11-24 00:00:00", "2026-12-09 23:59:59"),
        ("2026-11-24 00:00:00", "2026-12-09 18:00:00"),
        ("2026-11-24 09:30:00", "2026-12-09 23:59:59"),
        ("", "2026-12-09 23:59:59"),
    ],
)
def test_a_promotion_that_runs_already_or_ends_within_its_last_day_or_the_next_is_for_a_person(
    start: str, end: str
) -> None:
    assert verdict(start, end) is Verdict.TO_JUDGE


def test_the_last_day_is_named_where_a_person_has_to_say() -> None:
    short, running = period_from("2026-11-24 00:00:00", "2026-12-08 00:00:00"), period_from("", "2026-12-09 00:00:00")
    assert "compte le dernier jour" in described(short, Verdict.TO_JUDGE, "15 days")
    assert described(short, Verdict.NOT_MET, "15 days") == str(short)
    assert described(running, Verdict.TO_JUDGE, "15 days") == str(running)
    long = period_from("2026-11-24 00:00:00", "2026-12-09 23:59:59")
    assert described(long, Verdict.TO_JUDGE, "15 days").endswith("en trouve un de plus")


def test_an_end_that_nobody_asked_for_is_told() -> None:
    assert "s’arrête le 09/12/2026" in unasked_end(period_from("", "2026-12-09 00:00:00"), "")
    assert not unasked_end(period_from("", "2026-12-09 00:00:00"), "15 days")
    assert not unasked_end(period_from("2026-11-24 00:00:00", ""), "")


def test_weeks_are_seven_days() -> None:
    assert (days("15 days"), days("4 weeks"), days("1 week")) == (15, 28, 7)
    assert judge(period_from("2026-11-24 00:00:00", "2026-12-22 00:00:00"), TODAY, "4 weeks") is Verdict.MET


def test_a_period_without_bounds_always_holds() -> None:
    now = datetime(2026, 11, 24, 12)
    assert Period().holds(now)
    assert not Period(start=datetime(2026, 11, 25)).holds(now)
    assert not Period(end=datetime(2026, 11, 24)).holds(now)


def test_what_ended_on_the_day_itself_was_not_over_before_it() -> None:
    assert period_from("", "2026-11-23 23:59:59").over_before(TODAY)
    assert not period_from("", "2026-11-24 00:00:00").over_before(TODAY)
    assert not period_from("2026-11-25 00:00:00", "").over_before(TODAY)


def test_what_is_over_or_the_wrong_way_round_runs_no_more() -> None:
    for start, end in (("", ""), ("2026-11-25", ""), ("", "2026-11-24 12:00:00"), ("2026-11-25", "2026-11-26")):
        assert period_from(start, end).runs_after(NOON)
    for start, end in (("", "2026-11-24 11:59:59"), ("2026-12-09", "2026-11-25")):
        assert not period_from(start, end).runs_after(NOON)


def test_what_is_past_of_a_period_does_not_count_for_what_it_runs_beyond() -> None:
    fortnight, always = period_from("2026-11-24", "2026-12-09"), period_from("", "")
    for start, end in (("2026-11-24", "2026-12-09"), ("", "2026-12-09"), ("2026-11-20", "2026-12-01")):
        assert period_from(start, end).within(fortnight, NOON)
        assert period_from(start, end).within(always, NOON)
    for start, end in (("", ""), ("2026-11-24", "2026-12-10"), ("2026-11-25", "")):
        assert not period_from(start, end).within(fortnight, NOON)
    assert not always.within(period_from("2026-11-25", ""), NOON)


def test_a_period_without_bounds_says_so_once() -> None:
    assert str(period_from("", "")) == "sans date de début ni de fin"
    assert str(period_from("2026-11-24", "")) == "à partir du 24/11/2026 à 00:00, sans date de fin"
