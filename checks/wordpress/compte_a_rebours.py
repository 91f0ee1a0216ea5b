"""Contents: a countdown of Spectra."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from playwright.sync_api import Page
from pydantic import Field, field_validator

from checks.visibility import as_seen
from checks.wordpress.reading import spectra_verdicts as verdicts
from checks.wordpress.reading.content_verdicts import best
from checks.wordpress.reading.library import MediaFile
from checks.wordpress.reading.spectra_shown import Shown, SpectraBlocks
from checks.wordpress.reading.spectra_verdicts import Result, all_of, named_so
from checks.wordpress.screens import block_roads, spectra, spectra_markup
from checks.wordpress.screens import blocks as block_screens
from checks.wordpress.screens.blocks import Piece
from checks.wordpress.screens.editor import Editor
from checks.wordpress.screens.spectra import Put
from checks.wordpress.spectra import SpectraBlock
from provisioner.french.dates import day, hour_of, written_day
from provisioner.subject.check import Desk, NearMiss, Road, Site, Verdict, WantedText, now_of
from provisioner.subject.functionalities import fact

COUNTDOWN = fact("wordpress.contenu.spectra", "compte à rebours")


class SpectraCountdown(SpectraBlock, id="wordpress.contenu.spectra_countdown"):
    """Un compte à rebours (bloc Countdown de Spectra) vers un jour et une heure.

    Les unités affichées sont libres. Une fois le moment passé, c’est la date enregistrée qui compte.
    """

    proves = (COUNTDOWN,)
    kind = "compte à rebours"

    day: WantedText = Field(
        description="Le jour où le compte se termine : « 12 juin », le prochain ; ou, avec son année, « 12 juin 2027 »."
    )
    hour: str = Field("", description="L’heure : « 18 h », « 18 h 30 » ; vide quand elle n’est pas demandée.")
    labels: tuple[WantedText, ...] = Field(
        (), max_length=4, description="Les mots sous les nombres (« Jours », « Heures »…), quand ils sont demandés."
    )

    @field_validator("day")
    @classmethod
    def _is_a_day(cls, written: str) -> str:
        if _coming(written, date(2027, 3, 1)) is None:
            raise ValueError("day est un jour, comme « 12 juin » ou « 12 juin 2027 »")
        return written

    @field_validator("hour")
    @classmethod
    def _is_an_hour(cls, written: str) -> str:
        if written and hour_of(written) is None:
            raise ValueError("hour est une heure, comme « 18 h 30 »")
        return written

    def moment(self, today: date) -> datetime:
        """When it ends, by the clock of the site, as that day tells which year is meant."""
        the_day = _coming(self.day, today)
        assert the_day
        return datetime.combine(the_day, self._hour or time(18))

    @property
    def _hour(self) -> time | None:
        return hour_of(self.hour) if self.hour else None

    def wanted(self) -> str:
        """The moment."""
        at = f" à {self.hour}" * bool(self.hour)
        said = f", avec {', '.join(f'« {one} »' for one in self.labels)}" * bool(self.labels)
        return f"un compte à rebours de Spectra jusqu’au {self.day}{at}{said}"

    def texts(self) -> tuple[str, ...]:
        """The words below the numbers."""
        return self.labels

    def judged(self, read: SpectraBlocks, site: Site) -> tuple[Verdict, str]:
        """The verdict; another thing that counts is a person's to judge: nobody can say to which moment."""
        verdict, observed = self.judge(read, (), site)
        if verdict is Verdict.NOT_MET and not read.shown and read.others:
            return Verdict.TO_JUDGE, f"{observed} ; à lire : un autre bloc compte : « {read.others[0].text[:100]} »"
        return verdict, observed

    def judge(self, read: SpectraBlocks, files: Sequence[MediaFile], site: Site) -> tuple[Verdict, str]:
        """The best of the countdowns."""
        if not read.shown:
            return Verdict.NOT_MET, self.none(read)
        results = [self._countdown(shown, site) for shown in read.shown]
        verdict = best([found for (found, _), _ in results])
        (_, why), observed = next(one for one in results if one[0][0] is verdict)
        return verdict, f"{observed} ; à lire : {why}" if verdict is Verdict.TO_JUDGE else observed

    def _countdown(self, shown: Shown, site: Site) -> tuple[Result, str]:
        """One countdown, and what was observed of it."""
        zone = site.taken_at.tzinfo
        ends, off = verdicts.ends_of(shown.stored, zone) if shown.stored else (None, timedelta())
        if ends is None:
            said = "un compte à rebours dont la fin n’est pas enregistrée"
            return all_of([(Verdict.TO_JUDGE, said), verdicts.of_spectra([shown])]), said
        observed = f"un compte à rebours jusqu’au {written_day(ends.date())} à {ends:%H h %M}"
        if not verdicts.ends_at(self.moment(site.taken_at.date()), self._hour, ends, off):
            return (Verdict.NOT_MET, ""), observed
        item = shown.items[0]
        results = [verdicts.placed(self, [shown]), *self._said(item.texts["labels"])]
        if (here := site.present.astimezone(zone).replace(tzinfo=None)) < ends:
            results.append(verdicts.counts(item.texts, ends, here))
        if shown.part.unseen:
            seen = as_seen(Verdict.MET, shown.part.unseen, in_text=True)
            results.append((seen, f"un visiteur ne le voit pas : {shown.part.unseen}"))
            observed += f" (invisible : {shown.part.unseen})"
        labels = item.texts["labels"].replace("\n", ", ")
        return all_of(results), observed + f", avec les mots {labels}" * bool(self.labels and labels)

    def _said(self, seen: str) -> list[Result]:
        words = seen.split("\n")
        results = []
        for label in self.labels:
            found = [named_so(label, word) for word in words]
            verdict = best([one for one, _ in found])
            if verdict is Verdict.NOT_MET and len(words) < 4:
                results.append(
                    (
                        Verdict.TO_JUDGE,
                        f"le compte à rebours n’écrit pas « {label} » : ses réglages en masquent une partie",
                    )
                )
            else:
                results.append(next(one for one in found if one[0] is verdict))
        return results

    def put(self) -> Put:
        """Its end picked in its settings."""
        return self._put(labels=self.labels)

    def _put(self, change: Callable[[datetime], datetime] = lambda same: same, labels: Sequence[str] = ()) -> Put:
        def put(desk: Desk, editor: Editor) -> None:
            moment = change(self.moment(now_of(editor.page).date()))
            spectra.put_countdown(_picked(moment), _utc(moment), labels)(desk, editor)

        return put

    def html(self, page: Page) -> str:
        """The block."""
        return self._html(page)

    def _html(self, page: Page, later: int = 0, picked: bool = True, seconds: bool = True) -> str:
        moment = self.moment(now_of(page).date()) + timedelta(hours=later)
        return spectra_markup.countdown(_picked(moment), _utc(moment), self.labels, picked, seconds)

    def near_misses(self) -> Sequence[NearMiss]:
        """The end that it proposes, another day, morning for afternoon, the date in the text."""

        def as_text(desk: Desk) -> None:
            block_screens.put(desk, self.content, [Piece("paragraph", f"Fin le {self.day}.")])

        found = [
            *self.common_near_misses(),
            NearMiss(
                "sept jours, comme Spectra le propose", COUNTDOWN, self.done(spectra.put_countdown("", "", self.labels))
            ),
            NearMiss("un an plus tôt", COUNTDOWN, self._but(lambda end: end - timedelta(days=365))),
            NearMiss("un autre jour", COUNTDOWN, self._but(lambda end: end + timedelta(days=2))),
            NearMiss("la date dans le texte", COUNTDOWN, as_text),
        ]
        if self.hour:
            found.append(
                NearMiss("AM au lieu de PM", COUNTDOWN, self._but(lambda end: end.replace(hour=(end.hour + 12) % 24)))
            )
        if self.labels:
            found.append(NearMiss("les mots restés en anglais", COUNTDOWN, self.done(self._put())))
        return found

    def _but(self, change: Callable[[datetime], datetime]) -> Callable[[Desk], None]:
        return self.done(self._put(change, self.labels))

    def roads(self) -> Sequence[Road]:
        """Without seconds; in a column; as the moment alone tells it, an hour off; counted by something else."""
        off = self.kept(lambda page: self._html(page, later=1, picked=False))
        other = block_roads.custom('<div class="mon-countdown">Plus que 12 jours avant la fin !</div>')
        in_column = self.kept(lambda page: block_roads.columns([self.html(page)]))
        return (
            Road(
                "sans les secondes",
                COUNTDOWN,
                self.kept(lambda page: self._html(page, seconds=False)),
                Verdict.TO_JUDGE if self.labels else Verdict.MET,
            ),
            Road("dans une colonne", COUNTDOWN, in_column, Verdict.MET),
            Road("une heure de décalage, de l’heure d’été", COUNTDOWN, off, Verdict.MET),
            Road("un décompte écrit en HTML", COUNTDOWN, self.kept(lambda page: other)),
        )

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """To an hour of a day that is far."""
        return (
            cls(
                content="salons-et-rendez-vous",
                at="début",
                day="14 juin",
                hour="18 h",
                labels=("Jours", "Heures", "Minutes", "Secondes"),
            ),
        )


def _coming(written: str, today: date) -> date | None:
    """The day that somebody wrote: without its year, the next one; None where it can't be read."""
    if found := day(written):
        return found
    years = [day(f"{written}{sign}{year}") for year in range(today.year, today.year + 5) for sign in (" ", "/")]
    return next((found for found in years if found and found >= today), None)


def _picked(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}"


def _utc(moment: datetime) -> str:
    """The moment as Spectra would store it in summer, by the clock of Paris."""
    return f"{moment.replace(tzinfo=ZoneInfo('Europe/Paris')).astimezone(ZoneInfo('UTC')):%Y-%m-%dT%H:%M:%S}.000Z"
