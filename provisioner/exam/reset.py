"""Resets stations on the day of the exam.

In this order: collect the record of refused tries, which is attributed to candidates by their stations; make a new
station at each address; archive the old ones; make spares for the next reset.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from provisioner.archive.archives import Archive
from provisioner.archive.archiving import put_each_away
from provisioner.build.stacks import require_golden
from provisioner.core.batches import each
from provisioner.core.errors import Busy, EvidenceLost, Interrupted
from provisioner.core.model import Golden, Station
from provisioner.core.progress import grouped
from provisioner.core.records import Candidate
from provisioner.exam.autosnapshot import ensure_running
from provisioner.exam.seating import next_candidate
from provisioner.host.editions import stack_named
from provisioner.leakcheck.refused_tries import collect_and_report
from provisioner.station.centre import Centre, station_named, stations
from provisioner.station.pristine import verify
from provisioner.station.sittings import basis, refuse_while_working, unexamined
from provisioner.station.spares import AT_ONCE, prepare_each, renew


@dataclass(frozen=True)
class Renewed:
    """A station that was reset: for which candidate, in how many seconds, and how it was proven pristine."""

    station: Station
    seconds: float
    by_spare: bool
    compared: bool
    candidate: Candidate | None

    @property
    def proof(self) -> str:
        """The proof, in French."""
        return "comparaison complète" if self.by_spare or self.compared else "construction"


@dataclass(frozen=True)
class Reset:
    """The stations that were reset, those whose work nobody examined, the archives of the old ones, and the errors.

    `failed`: which of the errors kept which station from being reset; an error's text may name none.
    """

    renewed: tuple[Renewed, ...]
    unexamined: tuple[str, ...]
    archives: tuple[Archive, ...]
    errors: tuple[Exception, ...]
    failed: Mapping[str, Exception] = field(default_factory=dict)


class ResetInterrupted(Interrupted):
    """Interrupted after some stations were reset; `renewed` are these."""

    renewed: tuple[Station, ...] = ()


def reset_stations(
    centre: Centre,
    names: Sequence[str],
    *,
    compare: bool = False,
    skip: bool = False,
    discard: str = "",
    on_renewed: Callable[[Sequence[Renewed]], None] = lambda renewed: None,
) -> Reset:
    """Reset these stations, each for the candidate who comes next, and archive the work in the old ones.

    `compare` also compares each new station with its golden image; `skip` passes over an absent candidate; `discard`
    says why a candidate's work needs no archive. `on_renewed` is called with the new stations before the old ones are
    archived, which takes longer.
    """
    ensure_running(centre)
    collect_and_report(centre, centre.progress.step)
    unexamined_names = _unexamined(centre, names)
    renewal = _Renewal(centre, compare, skip, discard)
    try:
        renewed, errors = each(names, renewal.renew, AT_ONCE)
    except KeyboardInterrupt:
        if not renewal.made:
            raise
        raise _interrupted(renewal.made) from None
    on_renewed(renewed)
    archives, refused = put_each_away(centre)
    no_spare = prepare_each(centre, renewal.followed.values())
    return Reset(
        tuple(renewed),
        tuple(unexamined_names),
        tuple(archives),
        (*errors, *renewal.busy, *refused, *no_spare),
        renewal.failed,
    )


def _unexamined(centre: Centre, names: Sequence[str]) -> list[str]:
    """The names of those stations whose work nobody examined; reported as progress."""
    try:
        present = [station for station in stations(centre) if station.name in names]
    except EvidenceLost as error:  # of one station: the others are reset all the same
        centre.progress.step(str(error))
        return []
    remarks = {station.name: unexamined(centre.state, station.container) for station in present}
    remarked = [(name, remark) for name, remark in remarks.items() if remark]
    examine = "« e5b check --archive » l'examinera dans son archive"
    for sentence in grouped((name, f"{remark} ; {examine}") for name, remark in remarked):
        centre.progress.step(sentence)
    return [name for name, _ in remarked]


@dataclass
class _Renewal:
    """Renews stations, several at the same time.

    `failed`: why each of the others wasn't. `made`: the stations that are reset by now. `busy`: the errors of comparisons that another command prevented; these
    stations are reset all the same. `followed`: the golden images, by stack, that need another spare.
    """

    centre: Centre
    compare: bool
    skip: bool
    discard: str
    made: list[Station] = field(default_factory=list)
    busy: list[Busy] = field(default_factory=list)
    followed: dict[str, Golden] = field(default_factory=dict)
    failed: dict[str, Exception] = field(default_factory=dict)

    def renew(self, name: str) -> Renewed:
        """Renew one station."""
        try:
            return self._renew(name)
        except Exception as error:
            self.failed[name] = error
            raise

    def _renew(self, name: str) -> Renewed:
        centre = self.centre
        station_before = station_named(centre, name)
        decided_by = basis(centre.state, station_before.container)
        record = centre.state.record(station_before.container)
        refuse_while_working(name, record.running, centre.state.present())
        coming = next_candidate(centre, station_before, skip=self.skip)
        golden = coming.golden if coming else require_golden(centre.engine, stack_named(station_before.stack))
        station, seconds = renew(centre, name, golden, self.discard, coming, decided_by)
        self.made.append(station)
        pristine = centre.state.record(station.container).pristine
        by_spare = pristine is not None and pristine.by == "comparison"
        # Without a list, whether the stack is still needed isn't known: a spare that was handed over is replaced.
        if coming or (by_spare and centre.state.roster(centre.room.name) is None):
            self.followed[golden.stack] = golden
        candidate = coming.candidate if coming else None
        if candidate and record.candidate and candidate.key == record.candidate.key:
            centre.progress.step(
                f"{name} : le candidat {candidate.number} n'a pas commencé, le poste neuf reste le sien ; s'il est absent, "
                f"« e5b reset {name} --next » passe au suivant"
            )
        return Renewed(station, seconds, by_spare, self._is_compared(station, golden), candidate)

    def _is_compared(self, station: Station, golden: Golden) -> bool:
        if not self.compare:
            return False
        self.centre.progress.step(f"{station.name} : comparaison de chaque fichier et de chaque table")
        try:
            verify(self.centre, station, golden)
        except Busy as error:
            self.busy.append(error)
            return False
        return True


def _interrupted(renewed: Sequence[Station]) -> ResetInterrupted:
    are = "sont déjà neufs" if len(renewed) > 1 else "est déjà neuf"
    error = ResetInterrupted(
        f"Interrompu : {', '.join(sorted(station.name for station in renewed))} {are}, avec de nouveaux identifiants "
        f"(« e5b credentials {renewed[0].name} ») ; rien d'autre n'a changé."
    )
    error.renewed = tuple(renewed)
    return error
