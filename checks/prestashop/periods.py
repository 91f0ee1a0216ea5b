"""Periods as questions ask for them, "from today, for 15 days", and as the shop keeps them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from provisioner.check import Verdict

#: What a subject may write: "15 days", "4 weeks".
LASTS = r"^[1-9]\d{0,2} (day|days|week|weeks)$"

#: What is said of a reduction that didn't run when the work stopped.
IDLE = "qui ne s’appliquait pas à la fin de l’épreuve"
#: What is said of a reduction that ran when the work stopped and doesn't when one looks.
OVER = "qui ne s’applique plus : son effet n’a pas pu être vu"
#: What is said of an end within the last day.
_LAST_DAY = "qui lit ces dates compte le dernier jour en entier, la boutique non"
_NEVER = "0000-00-00 00:00:00"
_NEARLY_MIDNIGHT = time(23, 0)


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

    def over_since(self, then: datetime, now: datetime) -> bool:
        """Whether it was running then and isn't any more, so that no page shows what it did."""
        return self.holds(then) and not self.holds(now)

    def __str__(self) -> str:
        bounds = [f"du {self.start:%d/%m/%Y à %H:%M}" if self.start else "sans date de début",
                  f"au {self.end:%d/%m/%Y à %H:%M}" if self.end else "sans date de fin"]  # fmt: skip
        return " ".join(bounds)


def kept(start: str, end: str) -> Period:
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
    means all of it, though the shop ends when it begins, at the hour that the calendar writes by itself.
    """
    if period.end is None or (period.start and period.start.date() != today):
        return Verdict.NOT_MET
    after = today + timedelta(days=days(lasts))
    last = after - timedelta(days=1)
    ends_with_last_day = period.end.date() == last and period.end.time() >= _NEARLY_MIDNIGHT
    if period.end.date() == after or ends_with_last_day:
        return Verdict.MET if period.start else Verdict.TO_JUDGE
    return Verdict.TO_JUDGE if period.end.date() == last else Verdict.NOT_MET


def told(period: Period, verdict: Verdict) -> str:
    """The period, and why a person has to say whether it is the one that was asked."""
    return f"{period} ; {_LAST_DAY}" if verdict is Verdict.TO_JUDGE and period.start else str(period)


def sentence(lasts: str) -> str:
    """« pendant 15 jours à partir du jour de l’épreuve »."""
    return f"pendant {days(lasts)} jours à partir du jour de l’épreuve"
