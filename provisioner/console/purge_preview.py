"""What a purge would remove, as the console shows it before: by day, its candidates counted; and what has to be typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from provisioner.console.keeping import Keeping, Kept
from provisioner.exam.purge import PurgePlan, plan_purge
from provisioner.exam.purge_summary import documents_in_french, leaving_by_day
from provisioner.french.text import numbered
from provisioner.station.centre import Centre

#: How many lines are shown of each kind of files.
_SHOWN = 100
#: The kinds of what goes that is no archive, as the plan counts them: one, and several.
_KINDS = (
    ("reports", "rapport d’examen", "rapports d’examen"),
    ("lists", "liste de candidats", "listes de candidats"),
    ("documents", "document imprimable ou notation", "documents imprimables ou notations"),
    ("tries", "ligne du relevé des refus de réseau", "lignes du relevé des refus de réseau"),
    ("discards", "nom dans le journal", "noms dans le journal"),
)
_REST = ("records", "images", "profiles")


@dataclass(frozen=True)
class DayGone:
    """What goes of one day: the candidates, as (room, key) with their numbers, and the archives."""

    day: date | None
    candidates: Mapping[tuple[str, str], str]
    archives: tuple[Kept, ...]

    @property
    def numbers(self) -> str:
        """The candidates' numbers."""
        return ", ".join(sorted(self.candidates.values(), key=lambda number: (len(number), number)))

    @property
    def size(self) -> int:
        """How many bytes the archives have."""
        return sum(kept.size for kept in self.archives)


@dataclass(frozen=True)
class Preview:
    """What a purge would remove of the days before `before`, the oldest first; `staying`: the days that stay.

    `problems`: what is missing or can't be read now, in French; of days that are purged it isn't said any more.
    """

    before: date
    plan: PurgePlan
    days: tuple[DayGone, ...]
    staying: tuple[date, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many candidates lose what is kept of them."""
        return len({candidate for day in self.days for candidate in day.candidates})

    @property
    def number(self) -> int:
        """What has to be typed: how many candidates; of nobody, how many archives, else how much of all kinds."""
        record: Mapping[str, object] = {**self.plan.record}
        kinds = (*(kind for kind, _, _ in _KINDS), *_REST)
        others = sum(_count(record, kind) for kind in kinds) + len(self.plan.engine_ids) - _count(record, "images")
        return self.count or len(self.plan.record["archives"]) or others

    @property
    def asked(self) -> str:
        """What has to be typed, in French."""
        if self.count:
            return "le nombre de candidats"
        return "le nombre d’archives" if self.plan.record["archives"] else "le nombre de choses qui partiraient"

    @property
    def others(self) -> Sequence[str]:
        """What goes beside the archives, each kind counted, in French."""
        record: Mapping[str, object] = {**self.plan.record}
        counts = [(_count(record, kind), one, several) for kind, one, several in _KINDS]
        rest = sum(_count(record, kind) for kind in _REST) + len(self.plan.engine_ids) - _count(record, "images")
        counts.append((rest, "reste de poste", "restes de postes"))
        return [numbered(count, one, several) for count, one, several in counts if count]

    @property
    def files(self) -> Sequence[str]:
        """The names of the files that go and are no archive, the documents of a sitting on one line."""
        documents = [line for line, _ in documents_in_french(self.plan.files["documents"])]
        return [*documents, *(path for kind in ("reports", "records", "profiles") for path in self.plan.files[kind])]

    @property
    def shown(self) -> Sequence[str]:
        """The first of these."""
        return self.files[:_SHOWN]

    @property
    def more(self) -> int:
        """How many lines of them aren't shown."""
        return max(0, len(self.files) - _SHOWN)


def preview(centre: Centre, kept: Keeping, before: date) -> Preview:
    """What a purge would remove now; a Refusal where it would be refused. Removes nothing."""
    plan = plan_purge(centre.state, centre.engine, before)
    doomed = {archive["file"] for archive in plan.record["archives"]}
    candidates: dict[date | None, dict[tuple[str, str], str]] = {}
    archives: dict[date | None, list[Kept]] = {}
    for left in leaving_by_day(plan):
        candidates.setdefault(left.day, {}).update({(left.room, entry.key): entry.number for entry in left.entries})
    for one in kept.archives:
        if one.file in doomed:
            # By the day of the list where that knows him: the machine's date may have been wrong on the day.
            whose = (one.room, one.candidate.key) if one.candidate else None
            day = next((day for day, known in candidates.items() if whose in known), one.day)
            archives.setdefault(day, []).append(one)
            if whose:
                candidates.setdefault(day, {}).setdefault(whose, one.number)
    days = sorted({*candidates, *archives}, key=lambda day: day or date.min)
    gone = tuple(DayGone(day, candidates.get(day, {}), tuple(archives.get(day, ()))) for day in days)
    staying = sorted({one.day for one in kept.archives if one.day and one.file not in doomed})
    return Preview(before, plan, gone, tuple(staying), tuple(problem.sentence for problem in kept.problems))


def _count(record: Mapping[str, object], kind: str) -> int:
    value = record[kind]
    return value if isinstance(value, int) else 0
