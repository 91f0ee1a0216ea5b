"""The lists of links at the foot of the shop: a link that is added or taken out, a block of its own."""

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Self

from playwright.sync_api import Page
from pydantic import Field, model_validator

from checks.prestashop.reading.answers import Script, looked_up, looked_up_each, screen
from checks.prestashop.reading.linked_texts import Place, find_place, is_called, plain, whole
from checks.prestashop.reading.seeded import chosen, gone, names, rows, was_there
from checks.prestashop.screens.office import office, saving
from checks.visibility import unseen_texts
from provisioner.french.text import fold, nearly_same, quoted, same
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Site, Verdict, WantedText
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
        blocks: list[dict[str, Any]] = looked_up(site, site.page, f"{site.address}/", _BLOCKS)
        site.visit("/")
        site.page.locator("#footer").scroll_into_view_if_needed()
        hidden = unseen_texts(site.page.locator("#footer .links ul a"))
        blocks = [{**one, "links": [link for link in one["links"] if link["text"] not in hidden]} for one in blocks]
        shot = site.shot("le pied de page", mark=site.page.locator("#footer .links"))
        exactly = [one for one in blocks if not self.block or same(self.block, one["title"])]
        named = exactly or [one for one in blocks if chosen(self.block, one["title"], "links") is Verdict.TO_JUDGE]
        links = [link for one in named for link in one["links"]]
        where = f"Dans le bloc « {self.block} »" if self.block else "Au pied de la page"
        shown = f"{where} : {quoted(link['text'] for link in links)}." if links else f"{where}, aucun lien."
        if self.block and not named:
            titles = quoted(one["title"] for one in blocks)
            shown = f"Aucun bloc ne s’intitule « {self.block} » ; il y a {titles}."
        # A block that the foot doesn't show under its title costs its own fact alone: the links were put in it, or not.
        made = made_blocks(site) if self.new and not named else []
        if own := next((one for one in made if chosen(self.block, one["title"], "links") is not Verdict.NOT_MET), None):
            shown = f"Le bloc « {own['title']} » existe, accroché à « {own['hook']} », mais le pied de page ne le montre pas."
        called, slips = self._called(links)
        missing = [one for one in self.added if not called[one]]
        astray = self._astray(site, called)
        observed = shown if missing or not astray else f"« {astray[0]} » mène à {called[astray[0]][0]['link']}."
        apart = next((one for one in made if not self._astray(site, self._called(one["links"])[0])), None)
        if apart:
            held = quoted(link["text"] for link in apart["links"])
            observed = f"Le bloc « {apart['title']} », accroché à « {apart['hook']} », a : {held}."
        left = _left_out(self.block, links) if self.facts() == (ADDED,) and not astray else []
        removed = bool(links) and not any(same(self.removed, link["text"]) for link in links)
        offline = removed and fold(self.removed) in names("cms") and not _is_online(site, self.removed)
        beside = _beside(self.removed, self.block) if removed and self.removed else []
        missed = [one for one in beside if not any(same(one, link["text"]) for link in links)]
        lost = gone("links", [one["title"] for one in blocks])
        results = {
            ADDED: (
                Verdict.NOT_MET if astray and not apart else Verdict.TO_JUDGE if slips or left else Verdict.MET,
                f"{where}, un visiteur trouve {quoted(self.added)}"
                + (f", qui mène à {self.link}." if self.link else "."),
                observed + (f" Il n’y a plus {quoted(left)}." if left else ""),
            ),
            BLOCK: (
                Verdict.NOT_MET if not links else Verdict.MET if exactly and not lost else Verdict.TO_JUDGE,
                f"Le pied de page montre un bloc de liens « {self.block} ».",
                shown + (f" Il n’y a plus {quoted(lost)} : un bloc de l’entreprise a pu être réécrit." if lost else ""),
            ),
            REMOVED: (
                Verdict.NOT_MET if not removed else Verdict.TO_JUDGE if missed or offline else Verdict.MET,
                f"{where}, un visiteur ne trouve plus « {self.removed} », mais trouve les autres liens.",
                shown
                + (f" Il manque aussi {quoted(missed)}." if missed else "")
                + (" La page elle-même n’est plus en ligne." if offline else ""),
            ),
        }
        return [Finding(one, *results[one], (shot,)) for one in self.facts()]

    def _called(self, links: Sequence[dict[str, Any]]) -> tuple[dict[str, list[dict[str, Any]]], list[str]]:
        """The links that bear each wanted name, and the names that none has, for which one of one's own may do with a slip."""
        called = {one: [link for link in links if same(one, link["text"])] for one in self.added}
        slips = [one for one in self.added if not called[one]]
        called |= {one: [link for link in links if link["custom"] and nearly_same(one, link["text"])] for one in slips}
        return called, slips

    def _astray(self, site: Site, called: Mapping[str, Sequence[dict[str, Any]]]) -> list[str]:
        """The wanted links of which none leads where it has to."""
        return [one for one in self.added if not any(self._leads_right(site, one, link) for link in called[one])]

    def _leads_right(self, site: Site, name: str, link: dict[str, Any]) -> bool:
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
                NearMiss("un autre lien retiré", REMOVED, partial(self._do, neighbour=True)),
                NearMiss("décoché sans enregistrer", REMOVED, partial(self._do, save=False)),
            ]
        return misses

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
                _named(text) for text in boxes.evaluate_all("all => all.map(b => b.closest('label').textContent)")
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
            holds = any(same(self.removed, _named(one)) for one in labels)
            if (self.block and self.block in text) or (not self.block and (holds or not self.removed)):
                return
        raise LookupError(f"no block of links fits, among {rows}")

    def _tick(self, page: Page, name: str) -> None:
        boxes = page.locator("[id^=form_link_block_] input[type=checkbox]")
        labels = [_named(text) for text in boxes.evaluate_all("all => all.map(b => b.closest('label').textContent)")]
        index = next(i for i, text in enumerate(labels) if same(name, text))
        boxes.nth(index).locator("xpath=ancestor::label").click()


def _is_online(site: Site, page: str) -> bool:
    place = find_place(site, Place("page", page))
    return place is not None and place.online


def made_blocks(site: Site) -> list[dict[str, Any]]:
    """The blocks of links that came since, wherever they are hooked: the title, the hook and the links of each."""
    edits = looked_up(site, site.signed_in(), screen(site, "AdminLinkWidget"), _EDITS) or []
    own = [one for one in edits if not was_there("links", int(re.findall(r"/edit/(\d+)", one)[0]))]
    made = looked_up_each(site, site.signed_in(), own, _FORM)
    return [
        {
            **one,
            "links": [
                {**link, "text": link["text"] if link["custom"] else _named(link["text"])} for link in one["links"]
            ],
        }
        for one in made
    ]


def _companys() -> list[tuple[str, list[str]]]:
    """The company's blocks, each with the pages and categories that it leads to."""
    called = {one["slug"]: one.get("title") or one["name"] for of in ("cms", "categories") for _, one in rows(of)}
    return [
        (row["name"], [called[slug] for slug in (*row.get("cms", ()), *row.get("categories", ()))])
        for _, row in rows("links")
    ]


def _beside(removed: str, block: str) -> list[str]:
    """What the company's block of this title, or the one that holds the link, has beside it."""
    for title, linked in _companys():
        if same(block, title) if block else any(same(removed, one) for one in linked):
            return [one for one in linked if not same(removed, one)]
    return []


def _left_out(block: str, links: Sequence[Mapping[str, Any]]) -> list[str]:
    """What the company's block of this title, or any without one, had, and is not among these links."""
    had = [one for title, linked in _companys() if not block or same(block, title) for one in linked]
    return [one for one in had if not any(same(one, link["text"]) for link in links)]


def _named(label: str) -> str:
    """A page as the form writes it, without its number: "1 Livraison"."""
    number, _, rest = label.strip().partition(" ")
    return rest.strip() if number.isdigit() else label.strip()


_BLOCKS = Script[list[dict[str, Any]]]("""page => [...page.querySelectorAll('#footer .links .wrapper, #footer .links.wrapper')].map(block => ({
    title: (block.querySelector('.h3') || {textContent: ''}).textContent.replace(/\\s+/g, ' ').trim(),
    links: [...block.querySelectorAll('ul a')].map(a => ({
        text: a.textContent.replace(/\\s+/g, ' ').trim(), link: a.getAttribute('href') || '',
        custom: a.classList.contains('custom-page-link')})),
})).filter(block => block.links.length)""")

_EDITS = Script[list[str]](
    """page => [...new Set([...page.querySelectorAll('td a[href*="link-widget/edit/"]')].map(a => a.getAttribute('href')))]"""
)

# A page that is ticked leads where it has to: only a link of one's own has an address there.
_FORM = Script[dict[str, Any]](r"""page => {
    const value = of => (page.querySelector(of) || {getAttribute: () => ''}).getAttribute('value') || '';
    const hook = page.querySelector('#form_link_block_id_hook option[selected]');
    return {
        title: value('#form_link_block_block_name_1').trim(), hook: hook ? hook.textContent.trim() : '',
        links: [
            ...[...page.querySelectorAll('[id^=form_link_block_] input[type=checkbox][checked]')].map(
                box => ({text: box.closest('label').textContent.trim(), link: '', custom: false})),
            ...[...page.querySelectorAll('input[id^=form_link_block_custom_][id$="_1_title"]')].map(own => (
                {text: (own.getAttribute('value') || '').trim(), link: value('#' + own.id.replace(/title$/, 'url')), custom: true})),
        ].filter(link => link.text),
    };
}""")
