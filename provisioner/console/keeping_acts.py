"""The acts on what is kept, each by the use-case that its command calls: verify and examine archives, list digests, purge."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path

from provisioner.archive.archives import Archive
from provisioner.archive.verifying import Reading, VerifiedArchive, trust_of, verify_archives
from provisioner.console.act_kind import Doing, Task
from provisioner.console.act_runs import examine_kept, one_by_one, raise_others, tell
from provisioner.console.act_words import on_screen
from provisioner.console.keeping import Kept
from provisioner.core.errors import ProvisionerError
from provisioner.exam.purge import PurgePlan, purge
from provisioner.exam.purge_summary import removed_in_french
from provisioner.french.dates import written_day
from provisioner.french.text import numbered
from provisioner.station.acts import ActLine, Outcome
from provisioner.station.centre import Centre
from provisioner.station.state import State

_NOT_TO_EXAMINE = "chiffrée : la clé du centre n’est pas sur cette machine. « e5b check --archive ARCHIVE --identity FICHIER » l’examine."
_ENCRYPTED = (
    "chiffrée : la clé du centre n’est pas sur cette machine. « e5b archive verify ARCHIVE --identity FICHIER » la relit ; la "
    "liste d’empreintes, elle, dit si le fichier a changé."
)


def verification(chosen: Sequence[Kept], missing: Sequence[str] = ()) -> Task:
    """Verify these archives, whole; `missing`: what is said of those that should be there, in French."""
    return Task("verify", partial(_verify, _readable(chosen), missing), _lines(chosen, _ENCRYPTED))


def _readable(chosen: Sequence[Kept]) -> list[str]:
    return [kept.file for kept in chosen if not kept.encrypted]


def _lines(chosen: Sequence[Kept], why_not: str) -> tuple[ActLine, ...]:
    """A line for each archive; nothing is done to one that is encrypted, and `why_not` says so."""
    return tuple(
        ActLine(kept.file, kept.number, Outcome.NOT_DONE, why_not)
        if kept.encrypted
        else ActLine(kept.file, kept.number)
        for kept in chosen
    )


def _verify(files: Sequence[str], missing: Sequence[str], centre: Centre, doing: Doing) -> None:
    for sentence in missing:
        doing.remark(on_screen(sentence))
    paths = [centre.state.archives / file for file in files]
    if not paths:
        return

    def around(read: Reading) -> Reading:
        return lambda path: tell(path.name, doing, lambda: _read(centre.state, read, path))

    rows, errors = verify_archives(centre.state, paths, None, around)
    foreseen = [error for error in errors if isinstance(error, ProvisionerError)]
    raise_others([error for error in errors if not isinstance(error, ProvisionerError)])
    _say_what_is_beside(centre.state, rows, [str(error) for error in foreseen], doing)


def _read(state: State, read: Reading, path: Path) -> tuple[tuple[Archive, datetime | None], str]:
    archive, examined_at = read(path)
    return (archive, examined_at), on_screen(_whole(state, archive))


def _whole(state: State, archive: Archive) -> str:
    remark = trust_of(state, archive).remark
    return f"intacte, {remark}" if remark else "intacte et signée"


def _say_what_is_beside(state: State, rows: Sequence[VerifiedArchive], errors: Sequence[str], doing: Doing) -> None:
    """Say of archives that are whole what is amiss beside them: only then is it known of the golden images."""
    said = set[str]()
    for row in rows:
        name = row.archive.path.name
        amiss = [error for error in errors if name in error]
        said.update(amiss)
        if amiss or not row.golden_usable:
            doing.ends(name, Outcome.FAILED, on_screen(" ; ".join((_whole(state, row.archive), *row.doubts, *amiss))))
        elif row.doubts or row.remark:
            beside = filter(None, (_whole(state, row.archive), *row.doubts, row.remark))
            doing.ends(name, Outcome.DONE, on_screen(" ; ".join(beside)))
    _remark(doing, (error for error in errors if error not in said))


def examination(chosen: Sequence[Kept]) -> Task:
    """Examine these archives, one after another; the grid of a candidate takes the report of his last one."""
    return Task("examine_archives", partial(_examine, _readable(chosen)), _lines(chosen, _NOT_TO_EXAMINE))


def _examine(files: Sequence[str], centre: Centre, doing: Doing) -> None:
    one_by_one(lambda centre, file, _: examine_kept(centre, centre.state.archives / file))(centre, files, {}, doing)


def digests(day: date) -> Task:
    """Verify the room's archives of a day, and write the list of their digests, as a file and as PDF."""
    return Task("hashes", partial(_list_digests, day), values={"of": f"du {written_day(day)}"})


def _list_digests(day: date, centre: Centre, doing: Doing) -> None:
    # Loads the browser's library, which a console that only shows pages doesn't need.
    from provisioner.papers.hash_list import write_hash_list

    zone = centre.settings.zone
    centre.progress.step(f"Les archives du {written_day(day)} sont relues")
    hash_list, _, errors = write_hash_list(centre.state, centre.room.name, zone, day)
    verb = "est" if hash_list.count < 2 else "sont"
    doing.remark(f"{numbered(hash_list.count, 'archive')} {verb} sur la liste du {written_day(day)}.")
    _remark(doing, map(str, errors))


def purging(before: date, plan: PurgePlan) -> Task:
    """Remove what is kept of the days before this one: what the plan says, and nothing else."""
    return Task("purge", partial(_purge, before, plan), values={"of": f"d’avant le {written_day(before)}"})


def _purge(before: date, plan: PurgePlan, centre: Centre, doing: Doing) -> None:
    centre.progress.step(f"Ce qui est gardé d’avant le {written_day(before)} est effacé")
    record = purge(centre.state, centre.engine, before, plan)
    doing.remark(f"Effacé : {removed_in_french(record)}. La trace, sans nom, est dans journal.jsonl.")


def _remark(doing: Doing, sentences: Iterable[str]) -> None:
    for sentence in dict.fromkeys(sentences):
        doing.remark(on_screen(sentence))
