"""The pictures of a product: what is said of them, which one stands for it, which one must go."""

from collections.abc import Callable, Sequence
from typing import Annotated, Self

from pydantic import Field, model_validator

from checks.prestashop.reading import picture_looks, product_verdicts, seeded
from checks.prestashop.reading.answers import open_screen, screen
from checks.prestashop.reading.naming import missing, named
from checks.prestashop.reading.picture_looks import Picture
from checks.prestashop.reading.product_verdicts import RANKS, Judged
from checks.prestashop.reading.shop import Row, catalogue
from checks.prestashop.screens import pictures
from checks.prestashop.screens.product import open_product
from provisioner.french.text import numbered, quoted
from provisioner.subject.check import (
    MEDIA,
    Act,
    Check,
    Desk,
    Finding,
    NearMiss,
    Refers,
    Road,
    Site,
    Verdict,
    WantedText,
)
from provisioner.subject.functionalities import fact

LEGEND = fact("prestashop.image.legende", "légende")
COVER = fact("prestashop.image.couverture", "image de couverture")
REMOVED = fact("prestashop.image.couverture", "image supprimée")


class Legend(Check, id="prestashop.image.legend"):
    """Une photo d’un produit porte la légende demandée."""

    proves = (LEGEND,)

    product: Annotated[str, Refers("products.name")] = Field(min_length=1, description="Le nom du produit.")
    picture: Annotated[str, Refers(MEDIA)] = Field(
        "", description="Le fichier de la photo, tel qu’il est dans les médias de l’entreprise ; vide : la couverture."
    )
    legend: WantedText = Field(description="La légende, mot pour mot.")

    def verify(self, site: Site) -> list[Finding]:
        """What the product's sheet says of that picture."""
        row, shown, shot = _shown(site, self.product)
        which = f"la photo « {self.picture} »" if self.picture else "la photo de couverture"
        picture = next((one for one in shown if one.cover), None)
        if self.picture:
            # He may have uploaded it again, beside the one that was there.
            alike = picture_looks.all_alike(picture_looks.file_looks(site, self.picture), shown)
            picture = max(alike, key=lambda one: RANKS.index(self._said(one)[0]), default=None)
        expected = f"La légende de {which} du produit « {self.product} » est « {self.legend} »."
        if row is None or picture is None:
            none = f"la photo « {self.picture} »" if self.picture else "de photo de couverture"
            why = f"Le produit n’a pas {none}.{row.away}" if row else missing(self.product)
            return [Finding(LEGEND, Verdict.NOT_MET, expected, why, (shot,))]
        verdict, _, observed = self._said(picture)
        if verdict is Verdict.NOT_MET and not self.picture and (first := self._first_cover(site, row, shown)):
            # Another question may have changed the cover after the legend was written.
            was, _, _ = self._said(first)
            if was is not Verdict.NOT_MET:
                verdict = Verdict.TO_JUDGE
                observed += f" La photo qui était la couverture au départ porte la légende « {first.legend} »."
        return [Finding(LEGEND, verdict, expected, observed + row.away, (shot,))]

    def _first_cover(self, site: Site, row: Row, shown: Sequence[Picture]) -> Picture | None:
        """The picture that was the product's cover before the work, where it is there and isn't any more."""
        file = next(iter(seeded.pictures(self.company, row.id)), "")
        first = picture_looks.closest(picture_looks.file_looks(site, file), shown) if file else None
        return first if first and not first.cover else None

    def _said(self, picture: Picture) -> Judged:
        return product_verdicts.text(self.legend, picture.legend, "Légende")

    def ways(self) -> Sequence[Act]:
        """The form of the picture, on the product's page; and the sheet saved after it."""

        return (
            Act("le formulaire de la photo", self._written(save=False)),
            Act("le formulaire de la photo, puis la fiche enregistrée", self._written()),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """Another picture's, the sheet saved instead of the picture, the product's summary instead."""

        def summary(desk: Desk) -> None:
            sheet = open_product(desk, self.product)
            sheet.write("description_short", self.legend)
            sheet.save()

        return (
            NearMiss("fiche enregistrée, mais pas la photo", LEGEND, self._written(keep=False)),
            NearMiss("légende mise dans le récapitulatif", LEGEND, summary),
            NearMiss("légende vidée", LEGEND, self._written("")),
            NearMiss("légende d’une autre photo", LEGEND, self._written(other=True)),
        )

    def roads(self) -> Sequence[Road]:
        """Another question put another picture on the cover since."""

        def covered(desk: Desk) -> None:
            self._written()(desk)
            sheet = pictures.open_picture(desk, self.product, other=True)
            pictures.tick_cover(sheet)
            pictures.keep(sheet)

        return () if self.picture else (Road("couverture changée ensuite", LEGEND, covered),)

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """The second of two pictures; a cover."""
        return (
            cls(
                product="Galette fine au citron",
                picture="galettes-citron.jpg",
                legend="Nos galettes dorées au zeste de citron",
            ),
            cls(product="Sablé à la farine de sarrasin", legend="Notre farine vient de ces champs"),
        )

    def _written(
        self, legend: str | None = None, keep: bool = True, save: bool = True, other: bool = False
    ) -> Callable[[Desk], None]:
        """Write a legend, the wanted one unless told; `keep` with the picture's own button, `save` with the sheet's."""

        def run(desk: Desk) -> None:
            sheet = pictures.open_picture(desk, self.product, self.picture, other)
            sheet.page.locator(pictures.LEGEND_FIELD).first.fill(self.legend if legend is None else legend)
            if keep:
                pictures.keep(sheet)
            if save:
                sheet.save()

        return run


class Pictures(Check, id="prestashop.image.pictures"):
    """La photo demandée est la couverture d’un produit ; celles qui ne conviennent pas ont disparu.

    Quand une autre de ses photos n’y est plus, c’est à apprécier : toutes celles à supprimer vont dans le même contrôle.
    """

    proves = (COVER, REMOVED)

    product: Annotated[str, Refers("products.name")] = Field(min_length=1, description="Le nom du produit.")
    cover: Annotated[str, Refers(MEDIA)] = Field(
        "", description="Le fichier de la photo de couverture, parmi les médias ou les annexes ; vide si non demandée."
    )
    removed: tuple[Annotated[str, Refers(MEDIA)], ...] = Field(
        (), description="Les fichiers des photos que le produit ne doit plus avoir."
    )

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if not self.facts():
            raise ValueError("il faut demander une couverture ou des photos à supprimer")
        return self

    def facts(self) -> tuple[str, ...]:
        """What is asked."""
        asked = {COVER: bool(self.cover), REMOVED: bool(self.removed)}
        return tuple(one for one, wanted in asked.items() if wanted)

    def verify(self, site: Site) -> list[Finding]:
        """The pictures of the product's sheet."""
        row, shown, shot = _shown(site, self.product)
        wanted = {
            COVER: f"La photo de couverture du produit « {self.product} » est « {self.cover} ».",
            REMOVED: f"Le produit « {self.product} » n’a plus {_photos(self.removed)}.",
        }
        if row is None:
            return [Finding(one, Verdict.NOT_MET, wanted[one], missing(self.product), (shot,)) for one in self.facts()]
        found = []
        if self.cover:
            cover = next((one for one in shown if one.cover), None)
            verdict, observed = self._as_cover(site, row, cover)
            found.append(Finding(COVER, verdict, wanted[COVER], observed + row.away, (shot,)))
        if self.removed:
            left = [name for name in self.removed if picture_looks.closest(picture_looks.file_looks(site, name), shown)]
            others = [one for one in seeded.pictures(self.company, row.id) if one not in self.removed]
            lost = [name for name in others if not picture_looks.closest(picture_looks.file_looks(site, name), shown)]
            verdict = Verdict.NOT_MET if left else Verdict.TO_JUDGE if lost or not shown else Verdict.MET
            why = (
                f"Le produit a encore {_photos(left)}."
                if left
                else f"Le produit n’a plus {_photos(self.removed)} ; il lui reste {numbered(len(shown), 'photo')}."
                if shown
                else "Le produit n’a plus aucune photo."
            )
            if lost:  # another question may have asked it
                why += f" L’entreprise y avait aussi {_photos(lost)}, qui n’y {'sont' if lost[1:] else 'est'} plus."
            found.append(Finding(REMOVED, verdict, wanted[REMOVED], why + row.away, (shot,)))
        return found

    def _as_cover(self, site: Site, row: Row, cover: Picture | None) -> tuple[Verdict, str]:
        """Whether that is the wanted cover; of a picture that is none of the company's, a cut one say, a person says."""
        if cover is None:
            return Verdict.NOT_MET, "Le produit n’a pas de photo de couverture."
        legend = f" (légende : « {cover.legend} »)." if cover.legend else " (sans légende)."
        if picture_looks.closest(picture_looks.file_looks(site, self.cover), [cover]) is not None:
            return Verdict.MET, f"La photo de couverture est « {self.cover} »{legend}"
        files = seeded.pictures(self.company, row.id)
        own = next((one for one in files if picture_looks.closest(picture_looks.file_looks(site, one), [cover])), "")
        if own or picture_looks.is_another(site, cover.looks, self.cover):
            other = f"« {own} »" if own else "une autre des photos fournies"
            return Verdict.NOT_MET, f"La photo de couverture est {other}{legend}"
        why = "La photo de couverture n’est aucune de celles fournies : peut-être la photo demandée, recadrée ou retouchée"
        return Verdict.TO_JUDGE, f"{why}{legend}"

    def roads(self) -> Sequence[Road]:
        """The wanted picture cut by hand before it is added."""

        def cut(desk: Desk) -> None:
            sheet = pictures.add_picture(desk, self.product, self.cover, cut=True)
            pictures.tick_cover(sheet)
            pictures.keep(sheet)

        return (Road("la photo recadrée, puis mise en couverture", COVER, cut),) if self.cover else ()

    def ways(self) -> Sequence[Act]:
        """The pictures' forms; a picture added again rather than the one that is there."""
        ways = [Act("les formulaires des photos", self._do)]
        if self.cover:
            ways.append(
                Act("la photo ajoutée de nouveau, puis mise en couverture", lambda desk: self._do(desk, again=True))
            )
        return ways

    def near_misses(self) -> Sequence[NearMiss]:
        """Not kept, another one, first in the list without being the cover; not deleted."""

        def cover(other: bool = False, keep: bool = True) -> Callable[[Desk], None]:
            def run(desk: Desk) -> None:
                sheet = pictures.open_picture(desk, self.product, self.cover, other)
                pictures.tick_cover(sheet)
                if keep:
                    pictures.keep(sheet)
                else:
                    sheet.save()

            return run

        def added_only(desk: Desk) -> None:
            pictures.add_picture(desk, self.product, self.cover).save()

        def delete(other: bool = False, sure: bool = True) -> Callable[[Desk], None]:
            return lambda desk: pictures.delete(pictures.open_picture(desk, self.product, self.removed[0], other), sure)

        def only_covered(desk: Desk) -> None:
            sheet = pictures.open_picture(desk, self.product, self.removed[0], other=True)
            pictures.tick_cover(sheet)
            pictures.keep(sheet)

        misses = [
            NearMiss("couverture cochée, photo non enregistrée", COVER, cover(keep=False)),
            NearMiss("photo ajoutée sans la mettre en couverture", COVER, added_only),
            NearMiss("une autre photo en couverture", COVER, cover(other=True)),
            NearMiss("une autre photo supprimée", REMOVED, delete(other=True)),
            NearMiss("suppression annulée", REMOVED, delete(sure=False)),
            NearMiss("couverture changée, mais photo laissée", REMOVED, only_covered),
        ]
        return [miss for miss in misses if miss.fact in self.facts()]

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A cover that shows a field instead of the biscuit; a picture of something else."""
        return (
            cls(product="Sablé à la farine de sarrasin", cover="sables.jpg"),
            cls(product="Galette fine au citron", removed=("tarte-citron.jpg",)),
        )

    def _do(self, desk: Desk, again: bool = False) -> None:
        if self.cover:
            add = pictures.add_picture if again else pictures.open_picture
            sheet = add(desk, self.product, self.cover)
            pictures.tick_cover(sheet)
            pictures.keep(sheet)
        for name in self.removed:
            pictures.delete(pictures.open_picture(desk, self.product, name))


def _photos(names: Sequence[str]) -> str:
    """« la photo « a.jpg » », « les photos « a.jpg », « b.jpg » »."""
    return f"{'les photos' if names[1:] else 'la photo'} {quoted(names)}"


def _shown(site: Site, product: str) -> tuple[Row | None, list[Picture], str]:
    """The product, its pictures, and a screenshot of its page."""
    row = named(site.company, catalogue(site), product)
    if row is None:
        return None, [], site.shot("le catalogue", open_screen(site, screen(site, "AdminProducts")))
    site.visit(row.path)
    return (
        row,
        picture_looks.pictures(site, row),
        site.shot("la page du produit", mark=site.page.locator(".images-container").first),
    )
