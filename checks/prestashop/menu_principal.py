"""The module of the main menu: what stands in it, and in which order."""

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Self

from playwright.sync_api import Page
from pydantic import Field, model_validator

from checks.prestashop.reading.linked_texts import is_called, leads_in_words, plain, whole
from checks.prestashop.reading.menu_elements import (
    MODULE,
    Element,
    is_among,
    judged_order,
    listed_elements,
    shown_elements,
    slips,
    told,
)
from checks.prestashop.reading.product_verdicts import worst
from checks.prestashop.reading.seeded import menu
from checks.prestashop.screens import disturbances
from checks.prestashop.screens.module_manager import act_on, configure
from checks.prestashop.screens.office import saving
from checks.visibility import unseen_texts
from provisioner.french.text import quoted, same
from provisioner.host.companies import HOME, company_folder
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Road, Site, Verdict, WantedText
from provisioner.subject.functionalities import fact

ITEM = fact("prestashop.module.menu-principal", "élément ajouté")
ORDER = fact("prestashop.module.menu-principal", "ordre")


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

    only: tuple[WantedText, ...] = Field(
        (),
        description="Tous les éléments que le menu doit montrer, et eux seuls, dans n’importe quel ordre ; l’élément à ajouter en est.",
    )

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not self.added and len(self.order) < 2:
            raise ValueError("demandez un élément (added), ou un ordre (order) d’au moins deux éléments")
        if self.only and not any(same(self.added, one) for one in self.only):
            raise ValueError("l’élément à ajouter (added) est parmi tous ceux que le menu doit montrer (only)")
        return self

    def facts(self) -> tuple[str, ...]:
        """Those that are asked for."""
        return (*((ITEM,) if self.added else ()), *((ORDER,) if self.order else ()))

    def verify(self, site: Site) -> list[Finding]:
        """The menu that a visitor sees at the head of the home page, the page behind the new element, and the module's own list."""
        shown = shown_elements(site)
        site.visit("/")
        shot = site.shot("le menu principal", mark=site.page.locator("#_desktop_top_menu"))
        hidden = unseen_texts(site.page.locator("#_desktop_top_menu > ul > li > a"))
        shown = [one for one in shown if one.title not in hidden]
        found = []
        if self.added:
            leads = f", qui mène à {self.link}" if self.link else ""
            alone = f", et il ne montre que {quoted(self.only)}" if self.only else ""
            expected = f"Le menu principal montre « {self.added} »{leads}{alone}."
            found.append(Finding(ITEM, *self._added(site, shown, expected), (shot,)))
        if self.order:
            expected = f"Le menu principal montre, dans cet ordre, {quoted(self.order)}."
            verdict, observed = self._ordered(site, shown)
            found.append(Finding(ORDER, verdict, expected, observed, (shot,)))
        return found

    def _added(self, site: Site, shown: Sequence[Element], expected: str) -> tuple[Verdict, str, str]:
        """The verdict on the new element, with what is expected and what is seen."""
        named = [one for one in shown if same(self.added, one.title)]
        slipped = [one for one in shown if slips(self.company, self.added, one.title)]
        renamed = [one for one in shown if same(self.added, one.before)]
        candidates = named or slipped or renamed
        right = [one for one in candidates if self._leads_right(site, one)]
        observed = told(shown)
        if not candidates and is_among(self.added, listed_elements(site)):
            return Verdict.TO_JUDGE, expected, f"{observed} La liste du module a pourtant « {self.added} »."
        if not right:
            lacking = f"{observed} Il manque « {self.added} »." if shown else observed
            led = [f"« {one.title} » {leads_in_words(site, whole(site, one.link))}" for one in candidates]
            return Verdict.NOT_MET, expected, f"Dans le menu principal, {' ; '.join(led)}." if led else lacking
        verdict = Verdict.MET if right[0] in named else Verdict.TO_JUDGE
        if right[0] not in named and right[0] in renamed:
            observed += f" « {self.added} » s’appelle maintenant « {right[0].title} »."
        # Where the order is asked too, what may stand in the menu is its matter.
        lost = [] if self.order or self.only else [one for one in menu(self.company) if not is_among(one, shown)]
        if lost:
            verdict, observed = worst((verdict, Verdict.TO_JUDGE)), f"{observed} Il n’y a plus {quoted(lost)}."
        alone, told_of_it = self._alone(site, shown)
        return worst((verdict, alone)), expected, observed + told_of_it

    def _alone(self, site: Site, shown: Sequence[Element]) -> tuple[Verdict, str]:
        """Whether the menu has all the elements that it is to show and no other; by its own list alone is for a person."""
        if not self.only or self._are_all(shown):
            return Verdict.MET, ""
        if self._are_all(listed_elements(site)):
            return Verdict.TO_JUDGE, " La liste du module a pourtant tous les éléments demandés, et eux seuls."
        if self._are_all(shown, partial(slips, self.company)):
            return (
                Verdict.TO_JUDGE,
                " À lire : à une ou deux lettres près, ce sont tous les éléments demandés, et eux seuls.",
            )
        lacking = [one for one in self.only if not is_among(one, shown)]
        spare = [one.title for one in shown if not any(one.is_called(name) for name in self.only)]
        said = [f" Il manque {quoted(lacking)}."] if lacking else []
        return Verdict.NOT_MET, "".join([*said, f" Il y a en trop {quoted(spare)}."] if spare else said)

    def _are_all(self, elements: Sequence[Element], nearly: Callable[[str, str], bool] = lambda *_: False) -> bool:
        """Whether these are all that are asked and no other; `nearly` takes a wanted name and a title for the same, too."""

        def called(one: Element, name: str) -> bool:
            return one.is_called(name) or nearly(name, one.title)

        every = all(any(called(one, name) for one in elements) for name in self.only)
        return every and all(any(called(one, name) for name in self.only) for one in elements)

    def _ordered(self, site: Site, shown: Sequence[Element]) -> tuple[Verdict, str]:
        """The verdict on the order: as it is shown, by the names from before the work, by the module's own list."""
        observed, titles = told(shown), [one.title for one in shown]
        verdict = judged_order(self.company, self.order, titles)
        if verdict is not Verdict.NOT_MET:
            return verdict, observed
        if judged_order(self.company, self.order, [one.before or one.title for one in shown]) is not Verdict.NOT_MET:
            new = [f"« {one.before} » s’appelle maintenant « {one.title} »" for one in shown if one.renamed]
            return Verdict.TO_JUDGE, f"{observed} {' ; '.join(new)}."
        kept = listed_elements(site)
        for names in ([one.title for one in kept], [one.before or one.title for one in kept]):
            if judged_order(self.company, self.order, names) is not Verdict.NOT_MET:
                return (
                    Verdict.TO_JUDGE,
                    f"{observed} Mais la liste du module est dans l’ordre demandé : {quoted(names)}.",
                )
        rest = [one for one in self.order if not same(self.added, one)]
        absent = not is_among(self.added, shown)
        if (
            absent
            and 1 < len(rest) < len(self.order)
            and judged_order(self.company, rest, menu(self.company)) is not Verdict.MET
        ):
            # That the new element isn't there costs its own fact alone: the others were put in order, or not.
            verdict = worst((judged_order(self.company, rest, titles), Verdict.TO_JUDGE))
        lacking = [
            one
            for one in self.order
            if not is_among(one, shown) and not any(slips(self.company, one, seen) for seen in titles)
        ]
        return verdict, observed + (f" Il manque {quoted(lacking)}." if lacking and shown else "")

    def _leads_right(self, site: Site, item: Element) -> bool:
        address = whole(site, item.link)
        if self.link:
            return plain(address) == plain(whole(site, self.link))
        # A link of one's own, under the name of a page: it has to lead there.
        return item.kind != "link" or is_called(site, address, self.added)

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
        if self.only:
            misses.append(NearMiss("un élément de trop", ITEM, partial(self._arrange, one_more=True)))
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

    def roads(self) -> Sequence[Road]:
        """A category renamed or taken off line by another question, or the module switched off, once the menu is right."""

        def then(disturb: Callable[[Desk], None]) -> Callable[[Desk], None]:
            def run(desk: Desk) -> None:
                self._arrange(desk)
                disturb(desk)

            return run

        fact = self.facts()[-1]
        roads = [Road("rangé, puis module désactivé", fact, then(lambda desk: act_on(desk, MODULE, "disable")))]
        if len(self.order) > 2:
            name = self.order[2]
            roads += [
                Road(
                    "rangé, puis catégorie renommée",
                    ORDER,
                    then(lambda desk: disturbances.rename_category(desk, name, "Rayon salé")),
                ),
                Road(
                    "rangé, puis catégorie mise hors ligne",
                    ORDER,
                    then(lambda desk: disturbances.hide_category(desk, name)),
                ),
            ]
        return roads

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A page, set between the others; and a link of one's own."""
        order = ("Sablés", "Palets et galettes", "Crackers salés", "Coffrets")
        return (
            cls(added="Livraison", order=(*order, "Livraison")),
            cls(added="Notre blog", link="https://blog.trois-ajoncs.test/"),
            cls(added="Paiement", only=(*menu(company_folder(HOME)), "Paiement")),
        )

    def _arrange(
        self,
        desk: Desk,
        afresh: bool = False,
        swapped: bool = False,
        neighbour: bool = False,
        link: str = "",
        save: bool = True,
        one_more: bool = False,
    ) -> None:
        page = configure(desk, MODULE)
        if self.link:
            page.locator("#label_1").fill(self.added)
            page.locator("#link_1").fill(link or self.link)
            with saving(page):
                page.locator("#module_form_submit_btn_1").click()
        if self.added:
            _pick(page, "#availableItems", self.added, other=neighbour and not self.link)
            page.locator("#addItem").click()
        if one_more:
            _pick(page, "#availableItems", self.added, other=True)
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
