"""Periods as questions ask for them, "from today, for 15 days", and as the shop keeps them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from provisioner.french.text import numbered
from provisioner.subject.check import Verdict

#: What a subject may write: "15 days", "4 weeks".
LASTS = r"^[1-9]\d{0,2} (day|days|week|weeks)$"

#: What is said of a reduction that didn't run when the work stopped.
IDLE = "elle ne s’appliquait pas à la fin de l’épreuve"
#: What is said of a reduction that ran when the work stopped and doesn't when one looks.
OVER = "elle ne s’applique plus : son effet n’a pas pu être vu"
#: What is said of an end within the last day.
_LAST_DAY = "qui lit ces dates compte le dernier jour en entier, la boutique non"
#: What is said of an end later on the day after, which the shop serves too.
_DAY_MORE = "qui compte les jours du calendrier en trouve un de plus"
_NEVER = "0000-00-00 00:00:00"
_NEARLY_MIDNIGHT = time(23, 0)
#: How much later than it began it may end, on the day after the last: a person writes hours, not minutes.
_SAME_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Period:
    """From when to when; None where the shop keeps no bound. In the shop's own time."""

    start: datetime | None = None
    end: datetime | None = None

    def holds(self, moment: datetime) -> bool:
        """Whether the moment is within it."""
        return (self.start is None or self.start <= moment) and (self.end is None or moment <= self.end)

    def over_before(self, day: date) -> bool:
        """Whether it had ended before that day: where no dates are asked, it is not the candidate's."""
        return self.end is not None and self.end.date() < day

    def of_the_day(self, day: date) -> bool:
        """Whether it may be the candidate's: what the company had before has an older start."""
        return self.start is None or self.start.date() == day

    def over_since(self, then: datetime, now: datetime) -> bool:
        """Whether it was running then and isn't any more, so that no page shows what it did."""
        return self.holds(then) and not self.holds(now)

    def runs_after(self, moment: datetime) -> bool:
        """Whether it runs at that moment, or will some day."""
        return self.end is None or self.end >= max(moment, self.start or moment)

    def within(self, other: "Period", moment: datetime) -> bool:
        """Whether from that moment on it runs only while the other does."""
        begun = other.start is None or other.start <= max(moment, self.start or moment)
        return begun and (other.end is None or (self.end is not None and self.end <= other.end))

    def __str__(self) -> str:
        if not self.start and not self.end:
            return "sans date de début ni de fin"
        first = f"{self.start:%d/%m/%Y à %H:%M}" if self.start else ""
        last = f"{self.end:%d/%m/%Y à %H:%M}" if self.end else ""
        if not last:
            return f"à partir du {first}, sans date de fin"
        return f"du {first} au {last}" if first else f"jusqu’au {last}, sans date de début"


def period_from(start: str, end: str) -> Period:
    """A period from the two dates of a screen, "2026-11-24 00:00:00" or nothing."""
    return Period(*(None if text in ("", _NEVER) else datetime.fromisoformat(text) for text in (start, end)))


def days(lasts: str) -> int:
    """How many days that is.

    >>> days("4 weeks")
    28
    """
    number, unit = lasts.split()
    return int(number) * (7 if unit.startswith("week") else 1)


def judge(period: Period, today: date, lasts: str) -> Verdict:
    """From today, for so long: to the same hour so many days later, or to the end of the last day.

    Without a start it runs already: for a person to say. So is an end within the last day: who chooses that day
    means all of it, though the shop ends when it begins, at the hour that the calendar writes by itself. And so is
    one later on the day after, up to its evening: that is nearly a day more, or quite.
    """
    if period.end is None or (period.start and period.start.date() != today):
        return Verdict.NOT_MET
    after = today + timedelta(days=days(lasts))
    last = after - timedelta(days=1)
    if period.end.date() not in (last, after):
        return Verdict.NOT_MET
    exactly = period.end.time() >= _NEARLY_MIDNIGHT if period.end.date() == last else not _longer(period, lasts)
    return Verdict.MET if period.start and exactly else Verdict.TO_JUDGE


def _longer(period: Period, lasts: str) -> bool:
    """Whether it ends past the hour at which it began, so many days later."""
    if period.start is None or period.end is None:
        return False
    return period.end > period.start + timedelta(days=days(lasts)) + _SAME_HOUR


def unasked_end(period: Period, lasts: str) -> str:
    """What is said of an end that nobody asked for; "" where it was asked, or there is none."""
    return (
        ""
        if lasts or not period.end
        else f" (elle s’arrête le {period.end:%d/%m/%Y à %H:%M}, et aucune fin n’était demandée)"
    )


def described(period: Period, verdict: Verdict, lasts: str) -> str:
    """The period, and why a person has to say whether it is the one that was asked."""
    if verdict is not Verdict.TO_JUDGE or not period.start:
        return str(period)
    return f"{period} ; {_DAY_MORE if _longer(period, lasts) else _LAST_DAY}"


def sentence(lasts: str) -> str:
    """« pendant 15 jours à partir du jour de l’épreuve »."""
    return f"pendant {numbered(days(lasts), 'jour')} à partir du jour de l’épreuve"
