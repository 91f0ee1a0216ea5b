"""The acts that open archives to look at them, and close them: by hand, or once the time is over for which they are open."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from provisioner.archive.verifying import Trust
from provisioner.archive.viewing import View, close, open_archive, opened, overdue
from provisioner.console.act_kind import Doing, Task
from provisioner.console.act_runs import raise_others, tell
from provisioner.console.act_words import hour, on_screen
from provisioner.console.acting import Acts
from provisioner.console.keeping import Keeping, Kept
from provisioner.core.batches import each
from provisioner.core.errors import ProvisionerError
from provisioner.french.text import numbered
from provisioner.station.acts import ActLine
from provisioner.station.centre import Centre

#: How long an archive that the console opened stays open.
OPEN_FOR = timedelta(hours=1)


@dataclass(frozen=True)
class OpenArchive:
    """An archive that is open; `kept` is None where this machine's journal doesn't tell which one it is."""

    view: View
    kept: Kept | None

    @property
    def name(self) -> str:
        """Whose it is, else its address."""
        if self.kept is None:
            return self.view.address
        return f"{self.kept.number} {self.kept.name}".strip() or self.kept.file

    @property
    def remarks(self) -> Sequence[str]:
        """What whoever looks at it has to know, in French."""
        trust = Trust(self.view.signature).remark if self.view.signature else ""
        earlier = f"le candidat n’a pas laissé son site ainsi ({self.view.earlier})" if self.view.earlier else ""
        return [remark for remark in (earlier, trust) if remark]


@dataclass(frozen=True)
class _Console:
    """Who closes what was forgotten, as the book names it."""

    name: str = "la console"


def open_archives(centre: Centre, kept: Keeping, *, everything: bool) -> list[OpenArchive]:
    """The archives that are open among those that are kept; with `everything`, those too of which that isn't known."""
    by_name = {one.sha256[:10]: one for one in kept.archives if one.sha256}
    views = [OpenArchive(view, by_name.get(view.name)) for view in opened(centre)]
    return [one for one in views if everything or one.kept]


def opening(kept: Kept) -> Task:
    """Verify an archive and open it for a time, on this machine, to look at it."""
    return Task("open", partial(_open, kept.file), (ActLine(kept.file, kept.number),))


def _open(file: str, centre: Centre, doing: Doing) -> None:
    def run() -> tuple[View, str]:
        view = open_archive(centre, centre.state.archives / file, until=centre.state.present() + OPEN_FOR)
        return view, on_screen(_opened(view, centre))

    raise_others(each([file], lambda name: tell(name, doing, run), 1)[1])


def _opened(view: View, centre: Centre) -> str:
    until = f" jusqu’à {hour(view.until, centre)}" if view.until else ""
    remarks = "".join(f" ; {remark}" for remark in OpenArchive(view, None).remarks)
    return f"ouverte{until}, à regarder seulement ; la page « Conservation » dit son adresse{remarks}"


def closing(archives: Sequence[OpenArchive]) -> Task:
    """Close these archives; they stay as they are."""
    lines = tuple(
        ActLine(one.kept.file, one.kept.number) if one.kept else ActLine(one.view.address, "") for one in archives
    )
    names = {line.station: one.view.name for line, one in zip(lines, archives, strict=True)}

    def run(centre: Centre, doing: Doing) -> None:
        def on_one(thing: str) -> None:
            tell(thing, doing, lambda: (close(centre, [names[thing]]), "refermée ; l’archive n’a pas changé"))

        raise_others(each(list(names), on_one, 1)[1])

    return Task("close", run, lines)


def closing_all() -> Task:
    """Close all that this state folder opened, and what was left of an opening that was cut short."""

    def run(centre: Centre, doing: Doing) -> None:
        count = len(close(centre, []))
        doing.remark(f"{numbered(count, 'archive refermée', 'archives refermées')}.")

    return Task("close", run)


def close_overdue(acts: Acts, centre: Centre) -> None:
    """Begin to close what is open for longer than it should be; tried again each hour where that fails."""
    with suppress(ProvisionerError):  # the page of the archives shows what is still open
        for view in overdue(centre):
            key = f"overdue-{view.name}-{_of_hour(centre.state.present())}"
            acts.begin_task(_Console(), closing([OpenArchive(view, None)]), key)


def closing_overdue(acts: Acts, then: Callable[[Centre], None]) -> Callable[[Centre], None]:
    """What looks at a room that was opened anew: `then`, and for archives that are open for too long."""

    def look(centre: Centre) -> None:
        then(centre)
        close_overdue(acts, centre)

    return look


def _of_hour(at: datetime) -> str:
    return f"{at:%Y%m%d%H}"
