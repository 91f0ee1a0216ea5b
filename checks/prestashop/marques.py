"""Brands: one that visitors find, with what is said of it."""

from collections.abc import Sequence
from typing import Self

from pydantic import Field

from checks.prestashop.reading.answers import Script, looked_up
from checks.prestashop.reading.brands import brands_named
from checks.prestashop.reading.product_verdicts import RANKS, worst
from checks.prestashop.reading.seeded import written_over
from checks.prestashop.reading.shop import catalogue
from checks.prestashop.reading.wording import denials
from checks.prestashop.screens.office import coloured, office, saving, turn
from checks.prestashop.screens.product import new_product
from checks.visibility import TextRead, as_seen, read
from provisioner.french.text import holds, nearly_holds, nearly_same, quoted, same
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Road, Site, Verdict, WantedText
from provisioner.subject.functionalities import fact

BRAND = fact("prestashop.contenu.marque", "marque")


class Brand(Check, id="prestashop.contenu.brand"):
    """Une marque est créée, et un visiteur la trouve dans la boutique."""

    proves = (BRAND,)

    name: WantedText = Field(description="Le nom de la marque.")
    elements: tuple[WantedText, ...] = Field((), description="Ce que sa présentation doit contenir.")

    def makes(self) -> Sequence[str]:
        """The brand, which a product of the same question may get."""
        return (self.name,)

    def verify(self, site: Site) -> list[Finding]:
        """The brand's page as a visitor sees it."""
        brands = _brands(site)
        exactly = [one for one in brands if same(self.name, one[1])]
        known = exactly or [one for one in brands if nearly_same(self.name, one[1])]
        expected = f"Un visiteur trouve la marque « {self.name} »"
        expected += f", dont la présentation contient {quoted(self.elements)}." if self.elements else "."
        seen: list[tuple[Verdict, str, str]] = []
        for number, _ in known:
            site.visit(f"/index.php?controller=manufacturer&id_manufacturer={number}")
            if site.page.locator("body#manufacturer #manufacturer-description").count() == 0:
                continue
            seen.append((*presented(self.elements, read(site.page.locator(_PRESENTATION))), number))
            if seen[-1][0] is Verdict.MET:  # of namesakes, the best counts
                break
        if not known:
            site.visit("/index.php?controller=manufacturer")
        shot = site.shot("la page de la marque")
        if not seen:
            why = (
                f"La marque « {known[0][1]} » existe et est active, mais un visiteur ne peut pas ouvrir sa page."
                if known
                else (
                    f"Aucune marque active ne s’appelle « {self.name} » ; il y a {quoted([name for _, name in brands])}."
                    if brands
                    else "Aucune marque n’est active."
                )
            )
            # Those that are known are active: what keeps a visitor from the page is something else.
            return [Finding(BRAND, Verdict.TO_JUDGE if known else Verdict.NOT_MET, expected, why, (shot,))]
        verdict, observed, number = max(seen, key=lambda one: RANKS.index(one[0]))
        if not exactly and verdict is Verdict.MET:
            verdict, observed = Verdict.TO_JUDGE, f"{observed} La marque s’appelle « {known[0][1]} »."
        if verdict is Verdict.MET and written_over(self.company, "brands", int(number), self.name):
            verdict, observed = Verdict.TO_JUDGE, f"{observed} C’est une marque de l’entreprise, réécrite."
        return [Finding(BRAND, verdict, expected, observed, (shot,))]

    def ways(self) -> Sequence[Act]:
        """The brand's form; or made without being shown, then shown in the list."""

        def shown_later(desk: Desk) -> None:
            self._make(desk, active=False)
            page = office(desk, "AdminParentManufacturers", "AdminManufacturers")
            row = page.locator("table tbody tr").filter(has=page.locator("td.column-name", has_text=self.name))
            with saving(page):
                row.first.locator(".ps-togglable-row").click()

        return (
            Act("le formulaire de la marque", self._make),
            Act("créée inactive, puis activée dans la liste", shown_later),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """Not shown, another name, a supplier instead, not saved, nothing said of it."""
        misses = [
            NearMiss("créée, mais inactive", BRAND, lambda desk: self._make(desk, active=False)),
            NearMiss("un autre nom", BRAND, lambda desk: self.but(name="Nouvelle maison")._make(desk)),
            NearMiss("créée comme fournisseur", BRAND, self._as_supplier),
            NearMiss("saisie sans enregistrer", BRAND, lambda desk: self._make(desk, save=False)),
        ]
        if self.elements:
            misses.append(NearMiss("élément mis dans le nom d’un produit de la marque", BRAND, self._said_by_a_product))
            misses.append(NearMiss("un élément oublié", BRAND, self.but(elements=self.elements[:-1])._make))
        return misses

    def roads(self) -> Sequence[Road]:
        """What is said of it in white, on the white of the page."""
        white = Road("présentation écrite en blanc sur blanc", BRAND, lambda desk: self._make(desk, white=True))
        return [white] if self.elements else []

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """One with what is said of it."""
        return (cls(name="Les Sablés de Saint-Gildas", elements=("recettes du Morbihan",)),)

    def _make(self, desk: Desk, active: bool = True, save: bool = True, white: bool = False) -> None:
        page = office(desk, "AdminParentManufacturers", "AdminManufacturers")
        page.locator("#page-header-desc-configuration-add_manufacturer").click()
        page.locator("#manufacturer_name").fill(self.name)
        if self.elements:
            page.frame_locator("#manufacturer_description_1_ifr").locator("body").focus()
            page.keyboard.insert_text(" ".join(f"{one}." for one in self.elements))
            if white:
                coloured(page, "manufacturer_description_1")
        turn(page, f"manufacturer_is_enabled_{int(active)}")
        if save:
            with saving(page):
                page.locator("form[name=manufacturer] .card-footer button.btn-primary").click()

    def _said_by_a_product(self, desk: Desk) -> None:
        """What its presentation must say, in the name of a product that its page lists."""
        self.but(elements=())._make(desk)
        # A new product: each of the company's has a brand already. The list cuts longer names.
        sheet = new_product(desk, self.elements[-1])
        sheet.brand(self.name)
        sheet.online()
        sheet.save()

    def _as_supplier(self, desk: Desk) -> None:
        page = office(desk, "AdminParentManufacturers", "AdminSuppliers")
        page.locator("[id^=page-header-desc-configuration-add]").first.click()
        for field, text in (("name", self.name), ("address", "1 rue du Port"), ("city", "Vannes")):
            page.locator(f"#supplier_{field}").fill(text)
        with saving(page):
            page.locator("form[name=supplier] .card-footer button.btn-primary").click()


def presented(elements: Sequence[str], read: TextRead) -> tuple[Verdict, str]:
    """Whether the text holds these elements; what is nearly there is for a person to say."""
    text = read.whole
    lacking = [one for one in elements if not holds(text, one)]
    unread = [why for one in elements if (why := read.why_unread(one))]
    if unread and not lacking:
        verdict = worst([as_seen(Verdict.MET, why) for why in unread])
        return (
            verdict,
            "La présentation de la marque contient ce qui est demandé, mais un visiteur ne la lit pas en entier : "
            f"{', '.join(dict.fromkeys(unread))}.",
        )
    if unclear := [] if lacking else denials(text, elements):
        return (
            Verdict.TO_JUDGE,
            f"Un visiteur voit la marque ; à lire, ce qui peut dire autre chose : {quoted(unclear)}.",
        )
    if not lacking:
        return Verdict.MET, "Un visiteur voit la marque" + (
            ", et sa présentation contient ce qui est demandé." if elements else "."
        )
    verdict = Verdict.TO_JUDGE if all(nearly_holds(text, one) for one in lacking) else Verdict.NOT_MET
    return verdict, f"Un visiteur voit la marque ; il manque à sa présentation {quoted(lacking)}."


def _brands(site: Site) -> list[tuple[str, str]]:
    """Every brand that is on, by its number, as a product's sheet offers them."""
    rows = catalogue(site)
    seen: list[list[str]] = looked_up(site, site.signed_in(), rows[0].edit, _OFFERED) if rows else []
    return list(brands_named(seen).items())


#: What a brand's page says of it: the products that are listed below have names of their own.
_PRESENTATION = "#manufacturer-short_description, #manufacturer-description"

_OFFERED = Script[list[list[str]]]("""page => [...page.querySelectorAll('#form_step1_id_manufacturer option')].filter(o => o.value && o.value !== '0').map(
    o => [o.value, o.textContent.trim()])""")
