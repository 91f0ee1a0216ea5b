"""The lists of links at the foot of the shop: a link that is added or taken out, a block of its own."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Self

from playwright.sync_api import Page
from pydantic import Field, model_validator

from checks.prestashop.reading.footer_links import (
    Block,
    Linked,
    is_online,
    leads_to,
    left_out,
    linked_beside,
    links_aside,
    made_blocks,
    page_named,
    shown_blocks,
    was_linked,
)
from checks.prestashop.reading.linked_texts import is_called, leads_in_words, plain, whole
from checks.prestashop.reading.seeded import chosen, gone, names, number_before
from checks.prestashop.screens import disturbances
from checks.prestashop.screens.office import office, saving
from checks.visibility import unseen_texts
from provisioner.french.text import fold, nearly_same, quoted, same
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Road, Site, Verdict, WantedText
from provisioner.subject.functionalities import fact

ADDED = fact("prestashop.apparence.liens-pied-de-page", "lien ajouté")
BLOCK = fact("prestashop.apparence.liens-pied-de-page", "bloc de liens ajouté")
REMOVED = fact("prestashop.apparence.liens-pied-de-page", "lien retiré")


class FooterLinks(Check, id="prestashop.apparence.footer_links"):
    """Le pied de page montre un lien, ou un bloc de liens, que la question ajoute, et n’en montre plus un autre."""

    proves = (ADDED, BLOCK, REMOVED)

    block: str = Field("", description="Le titre du bloc de liens ; vide : le lien peut être dans n’importe lequel.")
    new: bool = Field(False, description="Le bloc est à créer.")
    added: tuple[WantedText, ...] = Field(
        (),
        description="Les liens à y ajouter, par le nom que le visiteur lit. Un lien à retirer va dans le même contrôle : qu’un autre "
        "manque est à apprécier.",
    )
    link: str = Field("", description="L’adresse du premier lien ajouté, s’il s’agit d’un lien personnalisé.")
    removed: str = Field("", description="Le lien à retirer, par le nom que le visiteur lit.")

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.new and not (self.block and self.added):
            raise ValueError("un bloc à créer (new) veut un titre (block) et des liens (added)")
        if not self.added and not self.removed:
            raise ValueError("demandez un lien à ajouter (added) ou à retirer (removed)")
        return self

    def facts(self) -> tuple[str, ...]:
        """Those that are asked for."""
        asked = {ADDED: bool(self.added), BLOCK: self.new, REMOVED: bool(self.removed)}
        return tuple(one for one, wanted in asked.items() if wanted)

    def verify(self, site: Site) -> list[Finding]:
        """The blocks of links at the foot of the home page, and what is behind the links."""
        blocks = shown_blocks(site)
        site.visit("/")
        site.page.locator("#footer").scroll_into_view_if_needed()
        hidden = unseen_texts(site.page.locator("#footer .links ul a"))
        blocks = [{**one, "links": [link for link in one["links"] if link["text"] not in hidden]} for one in blocks]
        shot = site.shot("le pied de page", mark=site.page.locator("#footer .links"))
        exactly = [one for one in blocks if not self.block or same(self.block, one["title"])]
        named = exactly or [
            one for one in blocks if chosen(self.company, self.block, one["title"], "links") is Verdict.TO_JUDGE
        ]
        links = [link for one in named for link in one["links"]]
        where = f"Dans le bloc « {self.block} »" if self.block else "Dans le pied de page"
        there = f"Dans le bloc « {named[0]['title']} »" if self.block and named else where
        shown = f"{there} : {quoted(link['text'] for link in links)}." if links else f"{there}, aucun lien."
        if self.block and not named:
            titles = quoted(one["title"] for one in blocks)
            there = f"il y a {titles}" if blocks else "il n’y a aucun bloc de liens"
            shown = f"Aucun bloc ne s’intitule « {self.block} » ; {there}."
        # A block that the foot doesn't show under its title costs its own fact alone: the links were put in it, or not.
        made = made_blocks(site) if self.new and not named else []
        if own := next(
            (one for one in made if chosen(self.company, self.block, one["title"], "links") is not Verdict.NOT_MET),
            None,
        ):
            shown = f"Le bloc « {own['title']} » existe, accroché à « {own['hook']} », mais le pied de page ne le montre pas."
        called, slips = self._called(links)
        astray = self._astray(site, called)
        elsewhere = self._elsewhere(site, [*blocks, *links_aside(site)], links, astray) if astray else ""
        observed = self._told(site, shown, called, astray, bool(links) and not elsewhere)
        apart = next((one for one in made if not self._astray(site, self._called(one["links"])[0])), None)
        if apart:
            held = quoted(link["text"] for link in apart["links"])
            observed = f"Le bloc « {apart['title']} », accroché à « {apart['hook']} », contient : {held}."
        left = left_out(self.company, self.block, links) if self.facts() == (ADDED,) and not astray else []
        lost = gone(self.company, "links", [one["title"] for one in blocks])
        results = {
            ADDED: (
                Verdict.NOT_MET
                if astray and not (apart or elsewhere)
                else Verdict.TO_JUDGE
                if slips or left or elsewhere
                else Verdict.MET,
                f"{where}, un visiteur trouve {quoted(self.added)}{self._leading}.",
                observed + (f" Il n’y a plus {quoted(left)}." if left else "") + elsewhere,
            ),
            BLOCK: (
                Verdict.NOT_MET if not links else Verdict.MET if exactly and not lost else Verdict.TO_JUDGE,
                f"Le pied de page montre un bloc de liens « {self.block} ».",
                shown
                + (
                    f" Le pied de page n’a plus {quoted(lost)} : un bloc de l’entreprise a pu être réécrit."
                    if lost
                    else ""
                ),
            ),
            REMOVED: self._taken_out(site, links, where, shown),
        }
        return [Finding(one, *results[one], (shot,)) for one in self.facts()]

    def _told(
        self, site: Site, shown: str, called: Mapping[str, Sequence[Linked]], astray: Sequence[str], nowhere: bool
    ) -> str:
        """What is seen, with the links that lead elsewhere, and those that are missing where they are `nowhere` else."""
        missing = [one for one in self.added if not called[one]]
        wrong = [
            f"« {one['text']} » {leads_in_words(site, whole(site, one['link']))}" for of in astray for one in called[of]
        ]
        led = [f"{' ; '.join(wrong)}."] if wrong else []
        if led and not missing:
            return led[0]
        return " ".join([shown, *([f"Il manque {quoted(missing)}."] if missing and nowhere else []), *led])

    def _taken_out(self, site: Site, links: Sequence[Linked], where: str, shown: str) -> tuple[Verdict, str, str]:
        """The verdict on the link to take out, with what is expected and what is seen.

        It is known by its name, or by the number of the page that it leads to: one that has another name is still linked.
        """
        expected = f"{where}, un visiteur ne trouve plus « {self.removed} », mais trouve les autres liens."
        number = number_before(self.company, "cms", self.removed)
        still = [one for one in links if same(self.removed, one["text"]) or leads_to(site, one, number)]
        if still or not links:
            renamed = next((one["text"] for one in still if not same(self.removed, one["text"])), "")
            more = (
                f" La page « {self.removed} » s’appelle maintenant « {renamed} », et le lien est toujours là."
                if renamed
                else ""
            )
            return Verdict.NOT_MET, expected, shown + more
        missed = [
            one
            for one in linked_beside(self.company, self.removed, self.block)
            if not any(same(one, link["text"]) for link in links)
        ]
        if missed:
            shown += f" Il manque aussi {quoted(missed)}."
        offline = fold(self.removed) in names(self.company, "cms") and not is_online(site, self.removed)
        if offline:
            shown += f" La page « {self.removed} » n’est plus en ligne : son lien a pu disparaître avec elle."
        return Verdict.TO_JUDGE if missed or offline else Verdict.MET, expected, shown

    def _elsewhere(self, site: Site, blocks: Sequence[Block], links: Sequence[Linked], astray: Sequence[str]) -> str:
        """What is said where each link that isn't where it is asked stands by another name, in another place, or ticked.

        Another question may have renamed the page that it leads to, or taken it off line.
        """
        others = [
            link
            for one in blocks
            for link in one["links"]
            if link not in links and not was_linked(self.company, one["title"], link["text"])
        ]
        kept = [
            link
            for one in made_blocks(site, anew=False)
            for link in one["links"]
            if (not self.block or same(self.block, one["title"]))
            and not was_linked(self.company, one["title"], link["text"])
        ]
        said, placed = [], dict[str, list[str]]()
        for name in astray:
            number = number_before(self.company, "cms", name)
            renamed = next((one for one in links if leads_to(site, one, number)), None)
            places = (
                (others, "ailleurs dans le pied de page"),
                (kept, "dans la liste du module, mais la boutique ne les montre pas"),
            )
            where = next((told for many, told in places if self._stands(site, name, many)), "")
            if not renamed and not where and fold(name) in names(self.company, "cms") and not is_online(site, name):
                said.append(f" La page « {name} » n’est plus en ligne : aucun lien vers elle ne s’affiche.")
                continue
            if not renamed and not where:
                return ""
            if renamed and not same(name, renamed["text"]):
                said.append(f" La page « {name} » s’appelle maintenant « {renamed['text']} ».")
            else:
                placed.setdefault(where or "en place, sous le nom d’avant", []).append(name)
        return "".join([*said, *(_placed(names, where) for where, names in placed.items())])

    @property
    def _leading(self) -> str:
        """Where the first link has to lead, in words; "" where that isn't asked."""
        if not self.link:
            return ""
        return f" ; « {self.added[0]} » mène à {self.link}" if self.added[1:] else f", qui mène à {self.link}"

    def _stands(self, site: Site, name: str, links: Sequence[Linked]) -> bool:
        return any(same(name, one["text"]) and self._leads_right(site, name, one) for one in links)

    def _called(self, links: Sequence[Linked]) -> tuple[dict[str, list[Linked]], list[str]]:
        """The links that bear each wanted name, and the names that none has, for which one of one's own may do with a slip."""
        called = {one: [link for link in links if same(one, link["text"])] for one in self.added}
        slips = [one for one in self.added if not called[one]]
        called |= {one: [link for link in links if link["custom"] and nearly_same(one, link["text"])] for one in slips}
        return called, slips

    def _astray(self, site: Site, called: Mapping[str, Sequence[Linked]]) -> list[str]:
        """The wanted links of which none leads where it has to."""
        return [one for one in self.added if not any(self._leads_right(site, one, link) for link in called[one])]

    def _leads_right(self, site: Site, name: str, link: Linked) -> bool:
        address = whole(site, link["link"])
        if self.link and name == self.added[0]:
            return plain(address) == plain(whole(site, self.link))
        # A link of one's own, under the name of a page: it has to lead there.
        return not link["custom"] or is_called(site, address, name)

    def ways(self) -> Sequence[Act]:
        """Its screen: a block that is made, or one that is changed."""
        return (Act("Design > Liste de liens", lambda desk: self._do(desk)),)

    def near_misses(self) -> Sequence[NearMiss]:
        """Another link or address, on another hook, not saved."""

        misses = []
        if self.added:
            misses.append(NearMiss("saisi sans enregistrer", ADDED, partial(self._do, save=False)))
            misses.append(NearMiss("une autre adresse", ADDED, partial(self._do, address="https://ailleurs.test/")))
        if self.added and not self.link:
            misses.append(NearMiss("un lien oublié", ADDED, partial(self._do, fewer=True)))
        if self.new:
            misses += [
                NearMiss("accroché hors du pied de page", BLOCK, partial(self._do, hook="displayLeftColumn")),
                NearMiss("un autre titre", BLOCK, partial(self._do, title="Liens utiles")),
            ]
        if self.removed:
            misses += [
                NearMiss("page renommée, lien laissé", REMOVED, self._renamed),
                NearMiss("un autre lien retiré", REMOVED, partial(self._do, neighbour=True)),
                NearMiss("décoché sans enregistrer", REMOVED, partial(self._do, save=False)),
            ]
        return misses

    def roads(self) -> Sequence[Road]:
        """A page taken off line, or renamed, by another question."""
        if not self.added or self.link:
            return ()
        name = self.added[0]

        def hidden(desk: Desk) -> None:
            self._do(desk)
            disturbances.hide_page(desk, name)

        def renamed(desk: Desk) -> None:
            self._do(desk)
            disturbances.rename_page(desk, name, "Tout savoir")

        return (
            Road("ajouté, puis page mise hors ligne", ADDED, hidden),
            Road("ajouté, puis page renommée", ADDED, renamed),
        )

    def _renamed(self, desk: Desk) -> None:
        disturbances.rename_page(desk, self.removed, "Qui nous sommes, en droit")

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A block of its own; and, wherever it is, a link more and another less."""
        return (
            cls(block="Nous écrire", new=True, added=("Livraison", "Mentions légales")),
            cls(added=("Notre blog",), link="https://blog.trois-ajoncs.test", removed="Mentions légales"),
        )

    def _do(
        self,
        desk: Desk,
        hook: str = "displayFooter",
        title: str = "",
        fewer: bool = False,
        neighbour: bool = False,
        address: str = "",
        save: bool = True,
    ) -> None:
        page = office(desk, "AdminLinkWidget")
        if self.new:
            page.locator("#page-header-desc-configuration-add").click()
            page.locator("#form_link_block_block_name_1").fill(title or self.block)
            value = page.locator("#form_link_block_id_hook option", has_text=hook).evaluate_all(
                "(all, hook) => all.find(o => o.text.trim() === hook).value", hook
            )
            page.locator("#form_link_block_id_hook").select_option(value)
        else:
            self._open(page)
        if self.removed:
            boxes = page.locator("[id^=form_link_block_] input[type=checkbox]:checked")
            labels = [
                page_named(text) for text in boxes.evaluate_all("all => all.map(b => b.closest('label').textContent)")
            ]
            index = next(i for i, text in enumerate(labels) if same(self.removed, text) != neighbour)
            boxes.nth(index).locator("xpath=ancestor::label").click()
        for name in self.added[:-1] if fewer else self.added:
            if (address or self.link) and name == self.added[0]:
                page.locator("[id^=form_link_block_custom_][id$=_title]:visible").last.fill(name)
                page.locator("[id^=form_link_block_custom_][id$=_url]:visible").last.fill(address or self.link)
            else:
                self._tick(page, name)
        if save:
            with saving(page):
                page.locator("form:has(#form_link_block_block_name_1) .card-footer button.btn-primary").click()

    def _open(self, page: Page) -> None:
        """The block of this title, or the one that holds the link to take out, or the last."""
        links = page.locator("a[href*='link-widget/edit/']")
        rows: list[list[str]] = links.evaluate_all(
            "all => all.map(a => [a.href, a.closest('tr').innerText.replace(/\\s+/g, ' ')])"
        )
        for address, text in reversed(rows):
            page.goto(address)
            page.locator("#form_link_block_block_name_1").wait_for()
            labels = page.locator("[id^=form_link_block_] input[type=checkbox]:checked").evaluate_all(
                "all => all.map(b => b.closest('label').textContent)"
            )
            holds = any(same(self.removed, page_named(one)) for one in labels)
            if (self.block and self.block in text) or (not self.block and (holds or not self.removed)):
                return
        raise LookupError(f"no block of links fits, among {rows}")

    def _tick(self, page: Page, name: str) -> None:
        boxes = page.locator("[id^=form_link_block_] input[type=checkbox]")
        labels = [
            page_named(text) for text in boxes.evaluate_all("all => all.map(b => b.closest('label').textContent)")
        ]
        index = next(i for i, text in enumerate(labels) if same(name, text))
        boxes.nth(index).locator("xpath=ancestor::label").click()


def _placed(names: Sequence[str], where: str) -> str:
    """What is said of links that stand elsewhere, as a sentence."""
    if names[1:]:
        return f" Les liens {quoted(names)} sont {where}."
    return f" Le lien « {names[0]} » est {where.replace(' ne les ', ' ne le ')}."
