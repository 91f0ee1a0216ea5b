"""The module of the main menu: what stands in it, and in which order."""

import re
from collections.abc import Sequence
from functools import partial
from typing import Self

from playwright.sync_api import Page
from pydantic import Field, model_validator

from checks.prestashop.reading.answers import Script, looked_up
from checks.prestashop.reading.linked_texts import is_called, plain, whole
from checks.prestashop.reading.product_verdicts import worst
from checks.prestashop.reading.seeded import chosen, menu
from checks.prestashop.screens.module_manager import configure
from checks.prestashop.screens.office import saving
from checks.visibility import unseen_texts
from provisioner.french.text import quoted, same
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Site, Verdict, WantedText
from provisioner.subject.functionalities import fact

ITEM = fact("prestashop.module.menu-principal", "élément ajouté")
ORDER = fact("prestashop.module.menu-principal", "ordre")

_MODULE = "ps_mainmenu"


class MainMenu(Check, id="prestashop.module.main_menu"):
    """Le menu principal montre l’élément demandé, et ses éléments dans l’ordre demandé."""

    proves = (ITEM, ORDER)

    added: str = Field(
        "",
        description="Le nom de l’élément à ajouter : une catégorie, une page, ou un lien personnalisé. Si l’ordre n’est pas demandé, "
        "qu’un élément de l’entreprise manque est à apprécier.",
    )
    link: str = Field(
        "",
        pattern=r"^(https?://\S+|/\S*)?$",
        description="L’adresse à laquelle il mène, s’il s’agit d’un lien personnalisé.",
    )
    order: tuple[WantedText, ...] = Field(
        (), description="Les éléments du menu dans l’ordre demandé, ou quelques-uns d’entre eux."
    )

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not self.added and len(self.order) < 2:
            raise ValueError("demandez un élément (added), ou un ordre (order) d’au moins deux éléments")
        return self

    def facts(self) -> tuple[str, ...]:
        """Those that are asked for."""
        return (*((ITEM,) if self.added else ()), *((ORDER,) if self.order else ()))

    def verify(self, site: Site) -> list[Finding]:
        """The menu that a visitor sees at the head of the home page, and the page behind the new element."""
        items: list[dict[str, str]] = looked_up(site, site.page, f"{site.address}/", _ITEMS)
        site.visit("/")
        shot = site.shot("le menu principal", mark=site.page.locator("#_desktop_top_menu"))
        hidden = unseen_texts(site.page.locator("#_desktop_top_menu > ul > li > a"))
        items = [one for one in items if one["title"] not in hidden]
        titles = [one["title"] for one in items]
        shown = f"Le menu montre {quoted(titles)}." if titles else "Le menu est vide, ou n’est pas affiché."
        found = []
        named = [one for one in items if same(self.added, one["title"])]
        slip = not named
        named = named or [one for one in items if _slips(self.added, one["title"])]
        if self.added:
            leads = f" et mène à {self.link}." if self.link else "."
            expected = f"Le menu principal montre « {self.added} »{leads}"
            right = [one for one in named if self._leads_right(site, one)]
            observed = shown
            if named and not right:
                observed = f"Il y est, mais il mène à {whole(site, named[0]['link'])}."
            # Where the order is asked too, what may stand in the menu is its matter.
            lost = [] if self.order else [one for one in menu() if not any(same(one, title) for title in titles)]
            observed += f" Il n’y a plus {quoted(lost)}." if right and lost else ""
            verdict = Verdict.NOT_MET if not right else Verdict.TO_JUDGE if slip or lost else Verdict.MET
            found.append(Finding(ITEM, verdict, expected, observed, (shot,)))
        if self.order:
            expected = f"Le menu montre, dans cet ordre, {quoted(self.order)}."
            rest = [one for one in self.order if not same(self.added, one)]
            verdict = judged_order(self.order, titles)
            if not named and 1 < len(rest) < len(self.order) and judged_order(rest, menu()) is not Verdict.MET:
                # That the new element isn't there costs its own fact alone: the others were put in order, or not.
                verdict = worst((judged_order(rest, titles), Verdict.TO_JUDGE))
                shown += f" « {self.added} » n’y est pas."
            found.append(Finding(ORDER, verdict, expected, shown, (shot,)))
        return found

    def _leads_right(self, site: Site, item: dict[str, str]) -> bool:
        address = whole(site, item["link"])
        if self.link:
            return plain(address) == plain(whole(site, self.link))
        # A link of one's own, under the name of a page: it has to lead there.
        return item["kind"] != "link" or is_called(site, address, self.added)

    def ways(self) -> Sequence[Act]:
        """Its screen has two lists; what is wanted goes from one to the other, and up or down."""
        return (
            Act("réglages du module", lambda desk: self._arrange(desk)),
            Act("éléments retirés, puis remis dans l’ordre", lambda desk: self._arrange(desk, afresh=True)),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """Another element, an address that leads nowhere, another order, not saved."""

        misses = []
        if self.added:
            misses += [
                NearMiss(
                    "un autre élément",
                    ITEM,
                    partial(self._arrange, link=self.link and f"{self.link}ailleurs", neighbour=True),
                ),
                NearMiss("ajouté sans enregistrer", ITEM, partial(self._arrange, save=False)),
            ]
        if "://" in self.link:
            misses.append(
                NearMiss("adresse sans https://", ITEM, partial(self._arrange, link=self.link.partition("://")[2]))
            )
        if self.order:
            misses += [
                NearMiss("les deux derniers intervertis", ORDER, partial(self._arrange, swapped=True)),
                NearMiss("rangé sans enregistrer", ORDER, partial(self._arrange, save=False)),
            ]
        return misses

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A page, set between the others; and a link of one's own."""
        order = ("Sablés", "Palets et galettes", "Crackers salés", "Coffrets")
        return (
            cls(added="Livraison", order=(*order, "Livraison")),
            cls(added="Notre blog", link="https://blog.trois-ajoncs.test/"),
        )

    def _arrange(
        self,
        desk: Desk,
        afresh: bool = False,
        swapped: bool = False,
        neighbour: bool = False,
        link: str = "",
        save: bool = True,
    ) -> None:
        page = configure(desk, _MODULE)
        if self.link:
            page.locator("#label_1").fill(self.added)
            page.locator("#link_1").fill(link or self.link)
            with saving(page):
                page.locator("#module_form_submit_btn_1").click()
        if self.added:
            _pick(page, "#availableItems", self.added, other=neighbour and not self.link)
            page.locator("#addItem").click()
        order = [title for title in self.order if not (neighbour and title == self.added)]
        if swapped:
            order[-2:] = reversed(order[-2:])
        for title in order:
            if afresh:
                _pick(page, "#items", title)
                page.locator("#removeItem").click()
                _pick(page, "#availableItems", title)
                page.locator("#addItem").click()
            else:
                _down(page, title)
        if save:
            with saving(page):
                page.locator("#module_form_submit_btn").click()


def judged_order(wanted: Sequence[str], seen: Sequence[str]) -> Verdict:
    """These one after the other; others may stand between them. Said twice, one of them has to be right."""
    places = [[i for i, title in enumerate(seen) if same(one, title)] for one in wanted]
    slips = [[i for i, title in enumerate(seen) if _slips(one, title)] for one in wanted]
    last = -1
    for place in (exactly or nearly for exactly, nearly in zip(places, slips, strict=True)):
        later = [i for i in place if i > last]
        if not later:
            return Verdict.NOT_MET
        last = later[0]
    return Verdict.MET if all(places) else Verdict.TO_JUDGE


def _slips(wanted: str, seen: str) -> bool:
    return chosen(wanted, seen, "categories", "cms") is Verdict.TO_JUDGE


def _options(page: Page, field: str) -> list[list[str]]:
    read: list[list[str]] = page.locator(f"{field} option").evaluate_all(
        "all => all.map(o => [o.value, o.text.trim()])"
    )
    return read


def _pick(page: Page, field: str, title: str, other: bool = False) -> None:
    """Select an element of a list, or the one after it. A category that may be added has its shop's name behind it."""
    options = _options(page, field)
    index = next(i for i, (_, text) in enumerate(options) if same(title, re.sub(r" \(.*\)$", "", text)))
    page.locator(field).select_option(options[(index + 1) % len(options) if other else index][0])


def _down(page: Page, title: str) -> None:
    """Take an element to the foot of the menu."""
    _pick(page, "#items", title)
    values = [value for value, _ in _options(page, "#items")]
    for _ in range(len(values) - 1 - next(i for i, (_, t) in enumerate(_options(page, "#items")) if same(title, t))):
        page.locator("#menuOrderDown").click()


_ITEMS = Script[list[dict[str, str]]]("""page => [...page.querySelectorAll('#_desktop_top_menu > ul > li')].map(item => {
    const link = item.querySelector('a'), own = link.cloneNode(true);
    own.querySelectorAll('.collapse-icons, .float-xs-right').forEach(node => node.remove());
    return {title: own.textContent.replace(/\\s+/g, ' ').trim(), link: link.getAttribute('href') || '',
            kind: (/^(category|cms-page|cms-category|product|manufacturers?|suppliers?|shop)/.exec(item.className) || ['link'])[0]};
})""")
