"""Contents: a slider of Spectra."""

from collections.abc import Sequence
from typing import Self

from playwright.sync_api import Page
from pydantic import Field

from checks.wordpress.reading import spectra_verdicts as verdicts
from checks.wordpress.reading.content_verdicts import best
from checks.wordpress.reading.library import MediaFile, library
from checks.wordpress.reading.spectra_shown import Shown, SpectraBlocks
from checks.wordpress.reading.spectra_verdicts import Result, all_of
from checks.wordpress.reading.spectra_wanted import Slide
from checks.wordpress.screens import block_roads, spectra, spectra_markup
from checks.wordpress.screens import blocks as block_screens
from checks.wordpress.screens.blocks import Piece
from checks.wordpress.screens.spectra import Put
from checks.wordpress.spectra import SpectraBlock
from provisioner.french.text import holds
from provisioner.subject.check import Desk, NearMiss, Road, Site, Verdict
from provisioner.subject.functionalities import fact

SLIDER = fact("wordpress.contenu.spectra", "diaporama")


class SpectraSlider(SpectraBlock, id="wordpress.contenu.spectra_slider"):
    """Un diaporama (bloc Slider de Spectra) : ses diapositives, avec leurs textes et leurs images.

    Une image peut être un bloc dans la diapositive, ou son fond. Une diapositive de plus que demandé est à apprécier.
    """

    proves = (SLIDER,)
    kind = "diaporama"

    slides: tuple[Slide, ...] = Field(min_length=2, description="Les diapositives.")
    in_order: bool = Field(False, description="La question demande cet ordre (true).")

    def wanted(self) -> str:
        """The slides."""
        order = "dans cet ordre, " * self.in_order
        return f"un diaporama (bloc Slider de Spectra) avec, {order}les diapositives {', '.join(map(str, self.slides))}"

    def texts(self) -> tuple[str, ...]:
        """What the slides say."""
        return tuple(text for one in self.slides for text in one.wanted)

    def media(self) -> tuple[str, ...]:
        """What the slides show."""
        return tuple(one.media for one in self.slides if one.media)

    def judged(self, read: SpectraBlocks, site: Site) -> tuple[Verdict, str]:
        """The verdict; what passes by one after the other in another block is a person's to judge, be it pictures alone."""
        verdict, observed = super().judged(read, site)
        if verdict is not Verdict.NOT_MET or not self.media():
            return verdict, observed
        files = library(site)
        for part in read.others:
            shown = all(verdicts.pictured(one, part.sources, files)[0] is not Verdict.NOT_MET for one in self.media())
            if shown and all(holds(part.text, one) for one in self.texts()):
                return (
                    Verdict.TO_JUDGE,
                    f"{observed} ; à lire : un carrousel d’une autre sorte montre ce qui est demandé",
                )
        return verdict, observed

    def judge(self, read: SpectraBlocks, files: Sequence[MediaFile], site: Site) -> tuple[Verdict, str]:
        """The best of the sliders."""
        if not read.shown:
            return Verdict.NOT_MET, self.none(read)
        results = [self._slider(shown, files) for shown in read.shown]
        verdict = best([found for (found, _), _ in results])
        (_, why), observed = next(one for one in results if one[0][0] is verdict)
        if len(read.shown) > 1:
            observed = f"{len(read.shown)} diaporamas, dont : {observed}"
        return verdict, f"{observed} ; à lire : {why}" if verdict is Verdict.TO_JUDGE else observed

    def _slider(self, shown: Shown, files: Sequence[MediaFile]) -> tuple[Result, str]:
        """One slider, and what was observed of it."""
        matched = verdicts.match(self.slides, shown.items, verdicts.slide, files, in_order=self.in_order)
        observed = " ; ".join(f"diapositive {place} : {item}" for place, item in enumerate(shown.items, 1))
        observed = observed or "un diaporama sans diapositive"
        if matched.verdict is Verdict.NOT_MET:
            return (Verdict.NOT_MET, ""), f"{observed} ; il manque {', '.join(matched.lacking)}"
        if self.in_order and not verdicts.ordered(matched):
            return (Verdict.NOT_MET, ""), f"{observed} ; ce n’est pas l’ordre demandé"
        results = [(matched.verdict, " ; ".join(matched.doubts)), *self.doubts([shown])]
        if len(shown.items) > len(self.slides):
            results.append((Verdict.TO_JUDGE, f"{len(shown.items)} diapositives, au lieu de {len(self.slides)}"))
        return all_of(results), observed

    def put(self) -> Put:
        """Typed into the slides that the block proposes."""
        return spectra.put_slider(self.slides)

    def html(self, page: Page) -> str:
        """The block and its slides."""
        return self._html(page, self.slides)

    def _html(self, page: Page, slides: Sequence[Slide], behind: bool = False, left: int = 0) -> str:
        return spectra_markup.slider(slides, spectra.pictures(page, self.media()), behind, left)

    def near_misses(self) -> Sequence[NearMiss]:
        """One slide less, one left as it was proposed, another order, pictures without a slider."""
        first, *rest = self.slides
        proposed = Slide(title="Slide 3", text="Click here to change this text. Lorem ipsum dolor sit amet")
        found = [
            *self.common_near_misses(),
            NearMiss("une diapositive de moins", SLIDER, self.done(spectra.put_slider(rest))),
            NearMiss(
                "une diapositive laissée telle que Spectra la propose",
                SLIDER,
                self.coded(lambda page: self._html(page, [*rest, proposed])),
            ),
        ]
        if self.in_order:
            found.append(
                NearMiss("dans un autre ordre", SLIDER, self.coded(lambda page: self._html(page, [*rest, first])))
            )
        if len(self.media()) == len(self.slides):
            gallery = [Piece("gallery", media=self.media())]

            def in_gallery(desk: Desk) -> None:
                block_screens.put(desk, self.content, gallery)

            found.append(NearMiss("les images dans une galerie", SLIDER, in_gallery))
        return found

    def roads(self) -> Sequence[Road]:
        """Pictures behind the slides, the slider in a column, one slide more."""
        in_column = self.kept(lambda page: block_roads.columns([self.html(page)]))
        left = self.kept(lambda page: self._html(page, self.slides, left=1))
        found = [
            Road("le diaporama dans une colonne", SLIDER, in_column, Verdict.MET),
            Road("une diapositive de plus laissée telle que Spectra la propose", SLIDER, left),
        ]
        if self.media():
            behind = self.kept(lambda page: self._html(page, self.slides, behind=True))
            found.append(Road("les images en fond des diapositives", SLIDER, behind, Verdict.MET))
            found.append(Road("un autre carrousel", SLIDER, self.kept(self._carousel)))
        return found

    def _carousel(self, page: Page) -> str:
        """A carousel as another extension would make it."""
        images = spectra.pictures(page, self.media())
        slides = "".join(
            f"<div><img src='{images[one.media]['url']}' alt=''>{''.join(f'<p>{text}</p>' for text in one.wanted)}</div>"
            for one in self.slides
            if one.media
        )
        return block_roads.custom(f'<div class="mon-carousel" style="display:flex;overflow:auto">{slides}</div>')

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """Three pictures with their titles, in their order."""
        return (
            cls(
                content="l-atelier-en-images",
                at="début",
                in_order=True,
                slides=(
                    Slide(title="Le pétrin", media="petrin"),
                    Slide(title="Le four", text="Huit plaques à la fois.", media="four-neuf"),
                    Slide(title="L’expédition", media="expedition"),
                ),
            ),
        )
