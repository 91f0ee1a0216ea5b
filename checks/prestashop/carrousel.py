"""The module of the home page's carousel: a slide, and where it leads."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Annotated, Any, Self
from urllib.parse import urljoin

from playwright.sync_api import Page
from pydantic import Field, model_validator

from checks.prestashop.reading import picture_looks
from checks.prestashop.reading.linked_texts import Place, addressed, find_place, whole
from checks.prestashop.reading.markup import read
from checks.prestashop.reading.product_verdicts import worst
from checks.prestashop.reading.seeded import another_picture, chosen, gone
from checks.prestashop.reading.slides import (
    MODULE,
    behind,
    came_since,
    carousel_in_words,
    kept_slides,
    leads_nowhere,
    shown_slides,
    slide_called,
    slide_forms,
    where_it_leads,
)
from checks.prestashop.reading.wording import wording
from checks.prestashop.screens.module_manager import act_on, configure
from checks.prestashop.screens.office import saving, turn
from checks.prestashop.screens.product_lists import address_of_product, toggle_in_list
from checks.visibility import as_seen, unseen
from provisioner.french.text import nearly_holds, nearly_same, quoted, same, shortened
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

SLIDE = fact("prestashop.module.carrousel", "diapositive")
LINK = fact("prestashop.module.carrousel", "lien de la diapositive")

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
        slides = shown_slides(site)
        site.visit("/")
        shot = site.shot("la page d’accueil", mark=site.page.locator("#carousel"))
        titled = self._titled(slides)
        expected = f"Le carrousel montre une diapositive « {self.title} »"
        expected += f" qui contient {quoted(self.elements)}" if self.elements else ""
        expected += f", avec l’image « {self.picture} »." if self.picture else "."
        leads = f"La diapositive « {self.title} » mène {self._to_target}."
        if not titled:
            return self._unseen(site, slides, {SLIDE: expected, LINK: leads}, shot)
        judged = [(self._judged(site, one), self._led(site, one)) for one in titled]
        (verdict, observed), led = max(judged, key=lambda one: (_RANKS.index(one[0][0]), _RANKS.index(one[1][0])))
        if lost := gone(self.company, "slides", [one["title"] for one in slides]):
            verdict = worst((verdict, Verdict.TO_JUDGE))
            one = "la diapositive" if len(lost) == 1 else "les diapositives"
            observed += f" Le carrousel ne montre plus {one} {quoted(lost)} de l’entreprise : une diapositive a pu être réécrite."
        if why := unseen(site.page.locator("#carousel")):
            verdict, observed = as_seen(verdict, why), f"{observed} Un visiteur ne voit pas le carrousel : {why}."
        found = [Finding(SLIDE, verdict, expected, observed, (shot,))]
        if LINK in self.facts():
            found.append(Finding(LINK, led[0], leads, led[1], (shot,)))
        return found

    def _led(self, site: Site, slide: Mapping[str, Any]) -> tuple[Verdict, str]:
        """Where a slide leads; by its number alone, or by a link in its description, is for a person to say."""
        if LINK not in self.facts():
            return Verdict.MET, ""
        end = behind(site, slide["link"])
        where = "ne mène nulle part" if leads_nowhere(slide["link"]) else f"mène {where_it_leads(end)}"
        said = f"{slide_called(slide['title'])} {where}."
        if self._leads_right(end):
            return Verdict.MET, said
        target = self._target
        there = find_place(site, target)
        if there and addressed(whole(site, slide["link"])) == (target.kind, there.number):
            return (
                Verdict.TO_JUDGE,
                f"{said} C’est pourtant l’adresse {target.of}, qui n’est plus en ligne ou a changé de nom.",
            )
        for link in slide.get("links", ()):
            if self._leads_right(behind(site, link)):
                return Verdict.TO_JUDGE, f"{said} Mais un lien de sa description mène {self._to_target}."
        return Verdict.NOT_MET, said

    @property
    def _to_target(self) -> str:
        return f"au produit « {self.product} »" if self.product else f"à la catégorie « {self.category} »"

    @property
    def _target(self) -> Place:
        return Place("produit", self.product) if self.product else Place("catégorie", self.category)

    def _titled(self, slides: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
        """Those that are meant: by the title or the legend; else by a slip; else, of those that came since, by a text that says it."""
        exactly = [one for one in slides if same(self.title, one["title"]) or same(self.title, one["legend"])]
        slips = [one for one in slides if chosen(self.company, self.title, one["title"], "slides") is Verdict.TO_JUDGE]
        return (
            exactly
            or slips
            or [
                one
                for one in came_since(self.company, slides)
                if nearly_holds(f"{one['title']}\n{one['text']}", self.title)
            ]
        )

    def _unseen(
        self, site: Site, slides: Sequence[dict[str, Any]], expected: dict[str, str], shot: str
    ) -> list[Finding]:
        """What is said where the carousel shows no such slide: the module's own screen has those that are switched off.

        The link of such a one is judged all the same; that of another slide that came since is for a person.
        """
        kept = kept_slides(site)
        mine = self._titled(kept)
        meant = mine or came_since(self.company, kept)
        observed = carousel_in_words([one["title"] for one in slides])
        forms = slide_forms(site, meant)
        if mine:
            off = "le carrousel ne la montre pas" if mine[0]["active"] else "elle est désactivée"
            lacking = self._missing(read(forms[0]["text"]))
            without = f", et il y manque {quoted(lacking)}" if lacking else ""
            observed += f" {slide_called(mine[0]['title'])} existe, mais {off}{without}."
        # That the carousel doesn't show what is on may be another question's: its module is off, or not on the page.
        ready = [
            one["active"] and not self._missing(read(form["text"])) for one, form in zip(meant, forms, strict=True)
        ]
        verdict = Verdict.TO_JUDGE if mine and any(ready) else Verdict.NOT_MET
        found = [Finding(SLIDE, verdict, expected[SLIDE], observed, (shot,))]
        if LINK in self.facts():
            # What has no scheme gets one on the home page.
            links = [one if not one or "://" in one else f"http://{one}" for one in (form["link"] for form in forms)]
            each = [{"link": link, "title": slide["title"]} for link, slide in zip(links, meant, strict=True)]
            led = [self._led(site, one) for one in each]
            best, said = max(led, key=lambda one: _RANKS.index(one[0]), default=(Verdict.NOT_MET, observed))
            verdict = best if mine else min(best, Verdict.TO_JUDGE, key=_RANKS.index)
            found.append(Finding(LINK, verdict, expected[LINK], said, (shot,)))
        return found

    def _missing(self, text: str) -> Sequence[str]:
        return wording(text, self.elements).missing

    def _judged(self, site: Site, slide: dict[str, str]) -> tuple[Verdict, str]:
        """Whether a slide of that title is what is asked, its link aside."""
        said = wording(slide["text"], self.elements)
        # A legend is read by those who don't see the picture, and is easily taken for the title.
        named = same(self.title, slide["title"])
        of_the_legend = not named and same(self.title, slide["legend"])
        pictured, its_picture = self._pictured(site, slide["picture"])
        verdict = said.verdict if named else worst((said.verdict, Verdict.TO_JUDGE))
        observed = f"{slide_called(slide['title'])} est montrée"
        observed += f", avec « {slide['legend']} » pour légende" if of_the_legend else ""
        observed += f" ; il y manque {quoted(said.missing)}" if said.missing else ""
        # What a person has to read: that the title may stand there, or the words in another spelling.
        elsewhere = not (named or of_the_legend or nearly_same(self.title, slide["title"]))
        to_read = elsewhere or (said.missing and said.verdict is Verdict.TO_JUDGE)
        observed += f" ; elle dit « {shortened(slide['text'])} »" if to_read and slide["text"] else ""
        return worst((verdict, pictured)), f"{observed}{its_picture}.{said.remark}"

    def _pictured(self, site: Site, address: str) -> tuple[Verdict, str]:
        """Whether its picture is shown, and is the one that is asked."""
        looks = picture_looks.looks_at(site, urljoin(f"{site.address}/", address)) if address else None
        if looks is None:
            return Verdict.NOT_MET, " ; son image ne s’affiche pas"
        if not self.picture or picture_looks.alike(looks, picture_looks.file_looks(site, self.picture)):
            return Verdict.MET, ""
        # Cut to the carousel's shape, a picture hardly looks like its file: only one that is known is plainly another.
        another = picture_looks.is_another(site, looks, self.picture)
        if another:
            return Verdict.NOT_MET, f" ; son image est une autre que « {self.picture} »"
        return Verdict.TO_JUDGE, f" ; son image ressemble peu à « {self.picture} »"

    def _leads_right(self, behind: dict[str, str]) -> bool:
        kind = "product" if self.product else "category"
        return behind["kind"] == kind and same(self.product or self.category, behind["title"])

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
            picture = another_picture(self.company, self.picture)
            misses.append(NearMiss("une autre image", SLIDE, lambda desk: self.but(picture=picture)._write(desk)))
        if self.elements:
            misses.append(NearMiss("description oubliée", SLIDE, lambda desk: self.but(elements=())._write(desk)))
        if LINK in self.facts():
            misses += [
                NearMiss("lien vers l’accueil", LINK, partial(self._write, link=lambda desk: desk.address + "/")),
                NearMiss("un dièse à la place de l’adresse", LINK, partial(self._write, link=lambda desk: "#")),
            ]
        return misses

    def roads(self) -> Sequence[Road]:
        """The module switched off, or the product taken off line, by another question; the link in the description."""

        def switched_off(desk: Desk) -> None:
            self._write(desk)
            act_on(desk, MODULE, "disable")

        roads = [Road("ajoutée, puis module désactivé", SLIDE, switched_off)]
        if self.product:

            def off_line(desk: Desk) -> None:
                self._write(desk)
                toggle_in_list(desk, self.product)

            roads += [
                Road("ajoutée, puis produit mis hors ligne", LINK, off_line),
                Road("le lien dans la description", LINK, partial(self._write, link=lambda desk: "#", linked=True)),
            ]
        return roads

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A slide for an occasion, that leads to a product; one with a picture of the company's."""
        return (
            cls(title="Fête des mères", elements=("coffret",), product="Coffret Trois Ajoncs"),
            cls(title="Le goûter du mercredi", picture="tartinades.jpg"),
        )

    def _write(
        self, desk: Desk, active: bool = True, link: Callable[[Desk], str] | None = None, linked: bool = False
    ) -> None:
        """Add the slide; `linked`, its description has the link."""
        target = link(desk) if link else self._address(desk)
        inside = self._address(desk) if linked else ""
        page = configure(desk, MODULE)
        page.locator("#desc-product-new").click()
        page.locator("#image_1").set_input_files(desk.file(self.picture or another_picture(desk.company)))
        page.locator("#title_1").fill(self.title)
        page.locator("#url_1").fill(target)
        page.locator("#legend_1").fill(self.title)
        _describe(page, " ".join(("Pensez-y :", *self.elements)) if self.elements else "À découvrir.")
        if inside:
            page.evaluate(_LINK_IN_DESCRIPTION, inside)
        turn(page, f"active_slide_{'on' if active else 'off'}")
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


def _describe(page: Page, text: str) -> None:
    body = page.frame_locator("#description_1_ifr").locator("body")
    body.focus()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


_LINK_IN_DESCRIPTION = """address => {
    const editor = window.tinymce.get('description_1');
    editor.setContent(`${editor.getContent()}<p><a href="${address}">Découvrir</a></p>`);
    editor.save();
}"""
