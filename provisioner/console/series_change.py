"""« Changer de série »: what has to be done between two series of candidates, as one act.

In this order, and why:

1. Each work is archived and read back while its station is as the candidate left it. A station of which that fails stays
   so, with its sentence: nothing of it was touched.
2. The stations whose work is safe are made new, all at once, for who comes next; the old ones go once their archive was read
   again (`exam.reset`). From here on the next series can begin.
3. The sheets of those who come next are written where one is missing.
4. What nobody had examined is examined in its archive. That takes 5 to 15 seconds a station on two processors, so the next
   series doesn't wait for it: it is done in the queue of long work, one archive after another, and the line of each station
   says until then that it is left to do. An archive has all of the work, so a kill in between loses nothing.

Where no archive can be examined here (the centre encrypts them, and its key is elsewhere; or it is a rehearsal), the
examination comes first, and one that fails is a doubt as another.

A doubt is of one station, and keeps no other back. Where it is the machine's (the engine doesn't answer, the disk refuses),
it would be that of all: nothing more is begun, and each station says how far it came.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from provisioner.archive.archiving import archive, read_again
from provisioner.archive.golden_images import GoldenImages
from provisioner.console.act_kind import Doing, Values
from provisioner.console.act_runs import (
    NOTHING_EXAMINED,
    Written,
    archived_in_words,
    begun,
    examine_kept,
    examined_in_words,
    failed,
    named_in,
    raise_others,
    remark_old,
    renew,
)
from provisioner.console.act_words import on_screen
from provisioner.console.listed import printed_for
from provisioner.console.series import has_ended
from provisioner.core import clock
from provisioner.core.batches import each
from provisioner.core.errors import ArchiveSpoilt, Busy, EngineUnavailable, EvidenceLost, ProvisionerError, Refusal
from provisioner.core.model import Verdict
from provisioner.core.records import Candidate
from provisioner.french.text import numbered
from provisioner.host import encryption
from provisioner.station import sittings
from provisioner.station.acts import Outcome
from provisioner.station.centre import Centre, container_of, station_named, stations

#: How many stations are examined or archived at once: each takes a processor.
_AT_ONCE = 2
#: Errors that are the machine's: the next station would meet them too.
_OF_ALL = (EngineUnavailable, EvidenceLost)
_STAYS = "le poste reste comme il est"
_LEFT = "reste à examiner, dans son archive"


def change_series(centre: Centre, names: Sequence[str], values: Values, doing: Doing) -> None:
    """Archive these stations, make them new, have sheets for who comes next, and examine what isn't; see the module."""
    _Change(centre, doing).run(names)


class _Change:
    """A change of series under way: what was done by now at each station, and which archives are left to examine."""

    def __init__(self, centre: Centre, doing: Doing) -> None:
        self._centre, self._doing = centre, doing
        self._said = defaultdict[str, list[str]](list)
        self._to_examine = dict[str, Path]()
        self._keys = dict[str, str]()
        #: What nobody is to begin anything after.
        self._stopped = ""

    def run(self, names: Sequence[str]) -> None:
        """Do all but what is done later."""
        centre, present = self._centre, self._centre.state.present()
        records = {name: centre.state.record(station_named(centre, name).container) for name in names}
        ended = [name for name in names if has_ended(records[name], present)]
        absent = [name for name in names if name not in ended]
        centre.progress.step(f"{numbered(len(ended), 'poste')} à archiver, puis à remettre à neuf")
        safe = self._each(ended, self._make_safe)
        try:
            self._doing.goes_on()
        except Refusal as refusal:
            self._stopped = self._stopped or str(refusal)
        if self._stopped:
            for name in safe:
                self._ends(name, Outcome.FAILED, _STAYS)
            for name in absent:
                self._doing.ends(name, Outcome.NOT_DONE, on_screen(f"pas commencé : {self._stopped}"))
            return
        try:
            self._renew(safe, skip=False)
            self._renew([name for name in absent if begun(name, self._doing)], skip=True)
        finally:  # stations that are new leave their archives to examine, whatever came after
            self._write_sheets(names)
            if self._to_examine:
                self._doing.later(self._examine_archives)

    def _each(self, names: Sequence[str], act: Callable[[str], object]) -> list[str]:
        """Act on each of these stations; those that go on. A doubt is said of its station, which stays as it is."""

        def on_one(name: str) -> str:
            if self._stopped:
                self._doing.ends(name, Outcome.NOT_DONE, on_screen(f"pas commencé : {self._stopped}"))
                raise Written
            if not begun(name, self._doing):
                raise Written
            try:
                act(name)
            except ProvisionerError as error:
                if isinstance(error, _OF_ALL):
                    self._stopped = self._stopped or str(error)
                outcome, text = failed(error)
                self._ends(name, outcome, f"{_STAYS} : {text}")
                raise Written from error
            return name

        going_on, errors = each(names, on_one, _AT_ONCE)
        raise_others(errors)
        return going_on

    def _make_safe(self, name: str) -> None:
        """Have a station's work stand in an archive that was read back; examined before, where it can't be after."""
        centre, container = self._centre, station_named(self._centre, name).container
        if not _examined_after(centre) and sittings.unexamined(centre.state, container):
            self._examine_station(name)
        if sittings.needs_archive(centre.state.record(container), centre.state.present()):
            self._said[name].append(archived_in_words(archive(centre, name)))
        else:
            _read_again(centre, name)
            self._said[name].append("déjà archivé, et relu")
        archived = centre.state.record(container).archived
        candidate = centre.state.record(container).candidate
        if archived and candidate and sittings.unexamined(centre.state, container):
            self._to_examine[name] = centre.state.archives / archived.file
            self._keys[name] = candidate.key

    def _examine_station(self, name: str) -> None:
        # Loads the browser's library, which a console that only shows the room doesn't need.
        from provisioner.examination.examine import examine_stations

        examined = examine_stations(self._centre, [name])
        for error in examined.errors:
            raise error
        if set(examined.verdicts) == {Verdict.BLOCKED}:
            raise Refusal(f"{NOTHING_EXAMINED}, regardez ce poste.")
        self._said[name].append(examined_in_words(examined.verdicts))

    def _renew(self, names: Sequence[str], *, skip: bool) -> None:
        """Make stations new; of a work that stays beside its new station since its archive can't be read, the line says so."""
        not_renewed = dict.fromkeys(names)

        def ends(name: str, outcome: Outcome, text: str) -> None:
            if outcome is Outcome.DONE:
                del not_renewed[name]
                left = [_LEFT] if name in self._to_examine else []
                self._said[name].append(text)
                self._doing.ends(name, outcome, " ; ".join((*self._said[name], *left)))
            else:
                self._ends(name, outcome, f"{_STAYS} : {text}")

        archives, errors = renew(self._centre, names, ends, skip=skip)
        for name in not_renewed:  # its work may go on: it is examined when it is archived again
            self._to_examine.pop(name, None)
        for written in archives:  # again, where something came to the station after its first
            name, whose = written.manifest.station, written.manifest.candidate
            if written.manifest.last and name in self._to_examine and whose and whose.key == self._keys[name]:
                self._to_examine[name] = written.path
        others = []
        for error in errors:
            if name := named_in(error, names):
                self._to_examine.pop(name, None)
                self._ends(name, Outcome.FAILED, on_screen(str(error)))
            else:
                others.append(error)
        remark_old(archives, others, self._doing)

    def _write_sheets(self, names: Sequence[str]) -> None:
        centre = self._centre
        try:
            if waiting_at(centre, names):  # anew: a corrected list may have moved somebody since
                from provisioner.papers.sheets import write_sheets_of_list

                centre.progress.step("Les feuilles des candidats suivants sont écrites")
                for error in write_sheets_of_list(centre)[1]:
                    self._doing.remark(on_screen(str(error)))
        except ProvisionerError as error:
            self._doing.remark(on_screen(f"Les feuilles des candidats suivants ne sont pas écrites : {error}"))

    def _examine_archives(self, centre: Centre) -> None:
        """Examine the archives that are left, in turn; those whose station is busy once more at the end."""
        centre.progress.step(f"{numbered(len(self._to_examine), 'archive')} à examiner")
        busy = [name for name in sorted(self._to_examine) if not self._examined(centre, name, again=True)]
        for name in busy:
            self._examined(centre, name, again=False)

    def _examined(self, centre: Centre, name: str, *, again: bool) -> bool:
        """Examine the archive of a station's last candidate, and say so; false where it is to be tried `again`."""
        path = self._to_examine[name]
        try:
            self._doing.goes_on()
            text = examine_kept(centre, path)
        except Busy as error:
            if again:
                return False
            self._not_examined(name, path, error)
        except ProvisionerError as error:
            self._not_examined(name, path, error)
        else:
            self._ends(name, Outcome.DONE, text)
        return True

    def _not_examined(self, name: str, path: Path, error: ProvisionerError) -> None:
        if path.suffix == encryption.SUFFIX:
            how = f"« e5b check --archive {path.name} --identity FICHIER » l'examinera"
        else:
            how = "cochez-la à la page « Conservation », et examinez-la"
        self._ends(name, Outcome.FAILED, on_screen(f"pas examiné : {error} Son archive a tout : {how}."))

    def _ends(self, name: str, outcome: Outcome, text: str) -> None:
        """Say what became of a station, behind what was done there before."""
        self._doing.ends(name, outcome, " ; ".join((*self._said[name], text)))


def _examined_after(centre: Centre) -> bool:
    """Whether archives can be examined here."""
    return not (centre.settings.archive_key or clock.rehearsed())


def _read_again(centre: Centre, name: str) -> None:
    """Read a station's archive back; ArchiveSpoilt where it isn't right, which is no other station's."""
    try:
        read_again(centre, GoldenImages(centre), container_of(centre, station_named(centre, name)))
    except EvidenceLost as error:
        raise ArchiveSpoilt(str(error)) from error


def waiting_at(centre: Centre, names: Sequence[str]) -> dict[str, Candidate]:
    """The candidates who are waited for at these stations, by their keys."""
    records = [centre.state.record(station.container) for station in stations(centre) if station.name in names]
    return {record.candidate.key: record.candidate for record in records if record.candidate and not record.clock}


def sheets_for(centre: Centre, names: Sequence[str]) -> list[Path]:
    """The printed sheets of those who are waited for at these stations, in the order of the list."""
    waiting, printed = waiting_at(centre, names), printed_for(centre)
    return [printed.files[name] for name, entry in printed.sheets if entry.key in waiting]
