"""The module of the home page's carousel: a slide, and where it leads."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated, Any, Self
from urllib.parse import urljoin

from playwright.sync_api import Page
from pydantic import Field, model_validator

from checks.prestashop.reading import picture_looks
from checks.prestashop.reading.answers import Script, looked_up, looked_up_each
from checks.prestashop.reading.modules import configuration
from checks.prestashop.reading.product_verdicts import worst
from checks.prestashop.reading.seeded import chosen, gone, names
from checks.prestashop.screens.module_manager import configure
from checks.prestashop.screens.office import saving
from checks.prestashop.screens.product_lists import address_of_product
from checks.visibility import as_seen, unseen
from provisioner.french.text import fold, holds, nearly_holds, quoted, same
from provisioner.subject.check import (
    MEDIA,
    Act,
    Check,
    Desk,
    Finding,
    NearMiss,
    Refers,
    Site,
    Verdict,
    WantedText,
    finding,
)
from provisioner.subject.functionalities import fact

SLIDE = fact("prestashop.module.carrousel", "diapositive")
LINK = fact("prestashop.module.carrousel", "lien de la diapositive")

_MODULE = "ps_imageslider"
_RANKS = (Verdict.NOT_MET, Verdict.TO_JUDGE, Verdict.MET)


class CarouselSlide(Check, id="prestashop.module.slide"):
    """Une diapositive est ajoutée au carrousel de la page d’accueil ; elle mène au produit ou à la catégorie demandés.

    Quand une diapositive de l’entreprise n’y est plus, c’est à apprécier.
    """

    proves = (SLIDE, LINK)

    title: WantedText = Field(description="Le titre de la diapositive.")
    elements: tuple[WantedText, ...] = Field((), description="Ce que sa description contient, mot pour mot.")
    picture: Annotated[str, Refers(MEDIA)] = Field(
        "", description="Le fichier de l’image à téléverser, parmi les annexes ; vide si elle est au choix."
    )
    product: Annotated[str, Refers("products.name")] = Field("", description="Le produit auquel elle mène.")
    category: Annotated[str, Refers("categories.name")] = Field("", description="La catégorie à laquelle elle mène.")

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if self.product and self.category:
            raise ValueError("une diapositive mène à un produit ou à une catégorie, pas aux deux")
        return self

    def facts(self) -> tuple[str, ...]:
        """The slide always, its link where it is asked."""
        return (SLIDE, LINK) if self.product or self.category else (SLIDE,)

    def makes(self) -> Sequence[str]:
        """The slide."""
        return (self.title,)

    def verify(self, site: Site) -> list[Finding]:
        """The slides as a visitor's home page has them, and the page behind the link."""
        slides: list[dict[str, Any]] = looked_up(site, site.page, f"{site.address}/", _SLIDES)
        site.visit("/")
        shot = site.shot("la page d’accueil", mark=site.page.locator("#carousel"))
        titled = self._titled(slides)
        expected = f"Le carrousel montre une diapositive « {self.title} »"
        expected += f" qui contient {quoted(self.elements)}" if self.elements else ""
        expected += f", avec l’image « {self.picture} »." if self.picture else "."
        target = self.product or self.category
        leads = f"Elle mène {'au produit' if self.product else 'à la catégorie'} « {target} »."
        if not titled:
            return self._unseen(site, slides, {SLIDE: expected, LINK: leads}, shot)
        judged = [(*self._judged(site, one), one["link"]) for one in titled]
        ends = {link: self._behind(site, link) for *_, link in judged} if LINK in self.facts() else {}
        verdict, observed, link = max(
            judged, key=lambda one: (_RANKS.index(one[0]), one[2] in ends and self._leads_right(ends[one[2]]))
        )
        if lost := gone("slides", [one["title"] for one in slides]):
            verdict = worst((verdict, Verdict.TO_JUDGE))
            observed += f" Il n’y a plus {quoted(lost)} : une diapositive de l’entreprise a pu être réécrite."
        if why := unseen(site.page.locator("#carousel")):
            verdict, observed = as_seen(verdict, why), f"{observed} Un visiteur ne voit pas le carrousel : {why}."
        found = [Finding(SLIDE, verdict, expected, observed, (shot,))]
        if LINK in self.facts():
            said = f"Elle mène à « {ends[link]['title']} »." if link else "Elle ne mène nulle part."
            found.append(finding(LINK, self._leads_right(ends[link]), leads, said, shot))
        return found

    def _titled(self, slides: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
        """Those that are meant: by the title or the legend; else by a slip; else, of those that came since, by a text that says it."""
        exactly = [one for one in slides if same(self.title, one["title"]) or same(self.title, one["legend"])]
        slips = [one for one in slides if chosen(self.title, one["title"], "slides") is Verdict.TO_JUDGE]
        return (
            exactly
            or slips
            or [one for one in _came_since(slides) if nearly_holds(f"{one['title']}\n{one['text']}", self.title)]
        )

    def _unseen(
        self, site: Site, slides: Sequence[dict[str, Any]], expected: dict[str, str], shot: str
    ) -> list[Finding]:
        """What is said where the carousel shows no such slide: the module's own screen has those that are switched off.

        The link of such a one is judged all the same; that of another slide that came since is for a person.
        """
        kept = looked_up(site, site.signed_in(), configuration(site, _MODULE), _KEPT) or []
        mine = self._titled(kept)
        meant = mine or _came_since(kept)
        observed = f"Le carrousel montre {quoted(one['title'] for one in slides) if slides else 'aucune diapositive'}."
        if mine:
            off = "le carrousel ne la montre pas" if mine[0]["active"] else "elle est désactivée"
            observed += f" La diapositive « {mine[0]['title']} » existe, mais {off}."
        found = [Finding(SLIDE, Verdict.NOT_MET, expected[SLIDE], observed, (shot,))]
        if LINK in self.facts():
            links = looked_up_each(site, site.signed_in(), [one["edit"] for one in meant], _LINK)
            # What has no scheme gets one on the home page.
            ends = [self._behind(site, one if not one or "://" in one else f"http://{one}") for one in links]
            led = sorted(zip(ends, meant, strict=True), key=lambda one: not self._leads_right(one[0]))
            right = any(map(self._leads_right, ends))
            verdict = Verdict.NOT_MET if not right else Verdict.MET if mine else Verdict.TO_JUDGE
            said = observed
            for end, slide in led[:1]:
                where = f"mène à « {end['title']} »" if end["title"] else "ne mène nulle part"
                said = f"La diapositive « {slide['title']} » {where}."
            found.append(Finding(LINK, verdict, expected[LINK], said, (shot,)))
        return found

    def _judged(self, site: Site, slide: dict[str, str]) -> tuple[Verdict, str]:
        """Whether a slide of that title is what is asked, its link aside."""
        missing = [one for one in self.elements if not holds(slide["text"], one)]
        doubtful = all(nearly_holds(slide["text"], one) for one in missing)
        # A legend is read by those who don't see the picture, and is easily taken for the title.
        named = same(self.title, slide["title"])
        of_the_legend = not named and same(self.title, slide["legend"])
        pictured, its_picture = self._pictured(site, slide["picture"])
        verdict = Verdict.MET if not missing and named else Verdict.TO_JUDGE
        bare = f"Une diapositive sans titre est montrée, qui dit « {slide['text']} »"
        observed = f"La diapositive « {slide['title']} » est montrée" if slide["title"] else bare
        observed += f", avec « {slide['legend']} » pour légende" if of_the_legend else ""
        observed += f" ; il y manque {quoted(missing)}" if missing else ""
        return worst((verdict if doubtful else Verdict.NOT_MET, pictured)), f"{observed}{its_picture}."

    def _pictured(self, site: Site, address: str) -> tuple[Verdict, str]:
        """Whether its picture is shown, and is the one that is asked."""
        looks = picture_looks.looks_at(site, urljoin(f"{site.address}/", address)) if address else None
        if looks is None:
            return Verdict.NOT_MET, " ; son image ne s’affiche pas"
        if not self.picture or picture_looks.alike(looks, picture_looks.file_looks(site, self.picture)):
            return Verdict.MET, ""
        # Cut to the carousel's shape, a picture hardly looks like its file: only one that is known is plainly another.
        another = picture_looks.is_another(site, looks, self.picture)
        return Verdict.NOT_MET if another else Verdict.TO_JUDGE, f" ; son image ne ressemble pas à « {self.picture} »"

    def _leads_right(self, behind: dict[str, str]) -> bool:
        kind = "product" if self.product else "category"
        return behind["kind"] == kind and same(self.product or self.category, behind["title"])

    def _behind(self, site: Site, link: str) -> dict[str, str]:
        address = link if "://" in link else f"{site.address}/{link.lstrip('/')}"
        if not link or not (address + "/").startswith(site.address + "/"):
            return {"kind": "", "title": link}
        if address.startswith(f"{site.address}/gestion/"):
            return {"kind": "", "title": "une page de l’administration"}
        try:
            seen = looked_up(site, site.page, address.partition("#")[0], _BEHIND)
        except RuntimeError:  # forbidden, or anything else that isn't a page
            return {"kind": "", "title": "une page que la boutique ne montre pas aux visiteurs"}
        return seen or {"kind": "", "title": "une page qui n’existe pas"}

    def ways(self) -> Sequence[Act]:
        """A slide that is added."""
        return (Act("diapositive ajoutée", lambda desk: self._write(desk)),)

    def near_misses(self) -> Sequence[NearMiss]:
        """Not shown, under another title, with another picture, without its link or with another."""

        other = [one for one in self.elements if not nearly_holds(one, self.title)]
        misses = [
            NearMiss("ajoutée, mais non activée", SLIDE, partial(self._write, active=False)),
            # What its description may say of the title is left out: that is for a person.
            NearMiss("un autre titre", SLIDE, lambda desk: self.but(title="Nouveauté", elements=other)._write(desk)),
        ]
        if self.picture:
            picture = "galettes.jpg" if self.picture == "palets.jpg" else "palets.jpg"
            misses.append(NearMiss("une autre image", SLIDE, lambda desk: self.but(picture=picture)._write(desk)))
        if self.elements:
            misses.append(NearMiss("description oubliée", SLIDE, lambda desk: self.but(elements=())._write(desk)))
        if LINK in self.facts():
            misses += [
                NearMiss("lien vers l’accueil", LINK, partial(self._write, link=lambda desk: desk.address + "/")),
                NearMiss("un dièse à la place de l’adresse", LINK, partial(self._write, link=lambda desk: "#")),
            ]
        return misses

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A slide for an occasion, that leads to a product; one with a picture of the company's."""
        return (
            cls(title="Fête des mères", elements=("coffret",), product="Coffret Trois Ajoncs"),
            cls(title="Le goûter du mercredi", picture="tartinades.jpg"),
        )

    def _write(self, desk: Desk, active: bool = True, link: Callable[[Desk], str] | None = None) -> None:
        target = link(desk) if link else self._address(desk)
        page = configure(desk, _MODULE)
        page.locator("#desc-product-new").click()
        page.locator("#image_1").set_input_files(desk.file(self.picture or "palets.jpg"))
        page.locator("#title_1").fill(self.title)
        page.locator("#url_1").fill(target)
        page.locator("#legend_1").fill(self.title)
        _describe(page, " ".join(("Pensez-y :", *self.elements)) if self.elements else "À découvrir.")
        page.locator(f"label[for=active_slide_{'on' if active else 'off'}]").click()
        with saving(page):
            page.locator("#module_form_submit_btn").click()

    def _address(self, desk: Desk) -> str:
        if self.category:
            page = desk.page.context.new_page()
            page.goto(desk.address + "/")
            link = page.locator("#_desktop_top_menu a", has_text=self.category).first
            address = str(link.evaluate("a => a.href"))
            page.close()
            return address
        return address_of_product(desk, self.product) if self.product else "#"


def _came_since(slides: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for one in slides if fold(one["title"]) not in names("slides")]


def _describe(page: Page, text: str) -> None:
    body = page.frame_locator("#description_1_ifr").locator("body")
    body.focus()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


# Where a line or a paragraph ends, a visitor sees a space that the text alone may not have.
_SLIDES = Script[list[dict[str, Any]]]("""page => [...page.querySelectorAll('#carousel .carousel-item')].map(item => {
    item.querySelectorAll('br, p, li, div, h1, h2, h3, h4, td').forEach(block => block.after(' '));
    const text = node => node ? node.textContent.replace(/\\s+/g, ' ').trim() : '';
    const picture = item.querySelector('img'), link = item.querySelector('a[href]');
    return {title: text(item.querySelector('.caption h2')), text: text(item.querySelector('.caption')),
            legend: picture ? picture.getAttribute('alt') || '' : '', picture: picture ? picture.getAttribute('src') || '' : '',
            link: link ? link.getAttribute('href').replace(/^#$/, '') : ''};
})""")

_KEPT = Script[list[dict[str, Any]]]("""page => [...page.querySelectorAll('#slides > [id^=slides_]')].map(slide => ({
    title: slide.querySelector('h4').textContent.replace(/\\s+/g, ' ').trim().replace(/^#\\d+ -\\s*/, ''), text: '', legend: '',
    active: Boolean(slide.querySelector('a.btn-success[href*=changeStatus]')),
    edit: slide.querySelector('a[href*="&id_slide="]:not([href*=changeStatus])').getAttribute('href'),
}))""")

_LINK = Script[str]("page => (page.querySelector('#url_1') || {getAttribute: () => ''}).getAttribute('value') || ''")

_BEHIND = Script[dict[str, str]]("""page => ({
    kind: page.body.id,
    title: ((page.querySelector('h1') || {textContent: ''}).textContent || '').replace(/\\s+/g, ' ').trim(),
})""")
