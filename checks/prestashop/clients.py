"""Customers: a group of them, what it saves them, whether they see prices with tax, and who is in it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Self
from urllib.parse import quote

from playwright.sync_api import Page
from pydantic import Field, model_validator

from checks.prestashop.fiche_produit import Exact
from checks.prestashop.money import Taxes, amount, cents, euros, percent, typed
from checks.prestashop.pages import looked_up, office, saving, screen
from checks.prestashop.shop import catalogue, refreshed, regular_price
from provisioner.check import Act, Check, Desk, Finding, NearMiss, Site, Verdict
from provisioner.config import fact
from provisioner.text import same

GROUP = fact("prestashop.contenu.clients", "groupe")
DISCOUNT = fact("prestashop.contenu.clients", "remise du groupe")
DISPLAY = fact("prestashop.contenu.clients", "prix affichés HT ou TTC")
MEMBER = fact("prestashop.contenu.clients", "client dans un groupe")

_GROUPS = ("AdminParentCustomerPreferences", "AdminGroups")


@dataclass(frozen=True)
class Group:
    """A group as the back office holds it."""

    id: str
    name: str
    discount: Decimal
    prices: Taxes
    shows_prices: bool


@dataclass(frozen=True)
class Customer:
    """A customer's groups: those that he is in, and the one whose prices he sees."""

    groups: tuple[str, ...] = ()
    default: str = ""


class CustomerGroup(Check, id="prestashop.contenu.customer_group"):
    """Un groupe de clients existe, avec sa remise, l’affichage des prix et un client qu’on y a placé."""

    proves = (GROUP, DISCOUNT, DISPLAY, MEMBER)

    name: str = Field(min_length=1, description="Le nom du groupe.")
    discount: Exact | None = Field(None, gt=0, le=100, description="Sa remise, en pour cent ; absente si non demandée.")
    prices: Taxes | None = Field(None, description="Si ses clients voient les prix « HT » ou « TTC ».")
    customer: str = Field("", description="L’adresse électronique d’un client dont il devient le groupe par défaut.")

    @model_validator(mode="after")
    def _known_address(self) -> Self:
        if self.customer and "@" not in self.customer:
            raise ValueError("customer est l’adresse électronique d’un client")
        return self

    def facts(self) -> tuple[str, ...]:
        """The group always, and what these values ask for."""
        asked = {
            GROUP: True,
            DISCOUNT: self.discount is not None,
            DISPLAY: self.prices is not None,
            MEMBER: bool(self.customer),
        }
        return tuple(one for one, wanted in asked.items() if wanted)

    def verify(self, site: Site) -> list[Finding]:
        """The group in the back office, and a product's price as its customer sees it, where it has one."""
        expected = {
            GROUP: f"Le groupe « {self.name} » existe.",
            DISCOUNT: f"Sa remise est de {percent(self.discount or Decimal(0))}.",
            DISPLAY: f"Ses clients voient les prix {self.prices}.",
            MEMBER: f"C’est le groupe par défaut de {self.customer}.",
        }
        group = self._group(site)
        customer = self._customer(site) if self.customer else None
        if group is None:
            site.visit("/")
            why = f"Aucun groupe ne s’appelle « {self.name} »."
            shot = site.shot("la boutique")
            return [Finding(one, Verdict.NOT_MET, expected[one], why, (shot,)) for one in self.facts()]
        verdicts = {
            GROUP: Verdict.MET,
            DISCOUNT: _if(group.discount == self.discount),
            DISPLAY: _if(group.prices == self.prices and group.shows_prices),
            MEMBER: _if(customer is not None and customer.default == group.id),
        }
        prices = (
            f"Ses clients voient les prix {group.prices}" if group.shows_prices else "Ses clients ne voient aucun prix"
        )
        seen = ""
        shots = []
        if self.customer and verdicts[MEMBER] is Verdict.MET and group.shows_prices:
            page = site.signed_in(f"customer {self.customer}")
            shown, due = self._price(site, page, group)
            seen = f" ; {self.customer} voit {euros(shown)} un produit vendu"
            seen = f" ; un produit est vendu {euros(shown)} à {self.customer}"
            if shown != due:
                seen += f" au lieu de {euros(due)}"
                verdicts |= {one: Verdict.TO_JUDGE for one in (DISCOUNT, DISPLAY) if verdicts[one] is Verdict.MET}
            shots.append(site.shot("la boutique, vue par ce client", page))
        else:
            site.visit("/")
            shots.append(site.shot("la boutique, vue par un visiteur"))
        observed = {
            GROUP: f"Le groupe « {group.name} » existe.",
            DISCOUNT: f"Sa remise est de {percent(group.discount)}{seen}.",
            DISPLAY: f"{prices}{seen}.",
            MEMBER: _member(customer, group),
        }
        return [Finding(one, verdicts[one], expected[one], observed[one], tuple(shots)) for one in self.facts()]

    def _group(self, site: Site) -> Group | None:
        """The group of this name; the one that is nearest to what is asked, where there are several."""
        found = [
            self._read(site, row["edit"])
            for row in looked_up(site, site.signed_in(), screen(site, *_GROUPS), _LISTED)
            if same(self.name, row["name"])
        ]
        return max(found, key=lambda g: (g.discount == self.discount) + (g.prices == self.prices), default=None)

    def _read(self, site: Site, address: str) -> Group:
        seen = looked_up(site, site.signed_in(), address, _GROUP)
        prices: Taxes = "HT" if seen["method"] == "1" else "TTC"
        return Group(seen["id"], seen["name"], amount(seen["reduction"]) or Decimal(0), prices, seen["shows_prices"])

    def _customer(self, site: Site) -> Customer:
        search = f"&customer[filters][email]={quote(self.customer)}&customer[offset]=0&customer[limit]=50"
        rows = looked_up(site, site.signed_in(), screen(site, "AdminCustomers") + search, _CUSTOMERS)
        edit = next((row["edit"] for row in rows if same(self.customer, row["email"])), "")
        if not edit:
            return Customer()
        seen = looked_up(site, site.signed_in(), site.address + edit, _CUSTOMER)
        return Customer(tuple(seen["groups"]), seen["default"])

    def _price(self, site: Site, page: Page, group: Group) -> tuple[Decimal, Decimal]:
        """What the customer is shown for the oldest product online, and what he should be."""
        product = min(row.id for row in catalogue(site) if row.active)
        data = refreshed(site, product).data
        page.goto(f"{site.address}/index.php?controller=product&id_product={product}")
        shown = refreshed(site, product, page=page).price
        due = regular_price(data) * (1 - group.discount / 100)
        return shown, cents(due / (1 + Decimal(str(data["rate"])) / 100) if group.prices == "HT" else due)

    def ways(self) -> Sequence[Act]:
        """The group's own screen, at once or in two steps; the customer's sheet."""

        def in_two_steps(desk: Desk) -> None:
            _write_group(desk, self.name, None, None)
            _write_group(desk, self.name, self.discount, self.prices, edit=True)
            self._place(desk)

        return (Act("groupe créé d’un coup", self._do), Act("groupe créé, puis modifié", in_two_steps))

    def near_misses(self) -> Sequence[NearMiss]:
        """Another name, another discount, the other display, in the group but not by default."""

        def made(**changed: object) -> Callable[[Desk], None]:
            return lambda desk: self.but(**changed)._do(desk)

        misses = [
            NearMiss(
                "un autre nom", GROUP, lambda desk: _write_group(desk, "Clients fidèles", self.discount, self.prices)
            ),
            NearMiss(
                "saisi sans enregistrer",
                GROUP,
                lambda desk: _write_group(desk, self.name, self.discount, self.prices, save=False),
            ),
        ]
        if self.discount is not None:
            misses += [
                NearMiss("remise de moitié", DISCOUNT, made(discount=self.discount / 2, customer="")),
                NearMiss("sans remise", DISCOUNT, lambda desk: _write_group(desk, self.name, None, self.prices)),
                NearMiss("remise donnée à un autre groupe", DISCOUNT, self._another_group_changed),
            ]
        if self.prices is not None:
            other = "TTC" if self.prices == "HT" else "HT"
            misses += [
                NearMiss(f"prix affichés {other}", DISPLAY, made(prices=other, customer="")),
                NearMiss(f"prix affichés {self.prices} à un autre groupe", DISPLAY, self._another_group_changed),
            ]
            if self.prices == "HT":
                misses.append(
                    NearMiss(
                        "affichage oublié", DISPLAY, lambda desk: _write_group(desk, self.name, self.discount, None)
                    )
                )
        if self.customer:
            misses += [
                NearMiss(
                    "client dans le groupe, mais non par défaut", MEMBER, lambda desk: self._do(desk, default=False)
                ),
                NearMiss("client laissé dans le sien", MEMBER, made(customer="")),
                NearMiss("un autre client", MEMBER, lambda desk: self._do(desk, neighbour=True)),
            ]
        return misses

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """Without tax, with a customer; and only a discount, with tax."""
        return (
            cls(
                name="Hôtels et chambres d’hôtes", discount=Decimal(12), prices="HT", customer="ines.moreau@courriel.test"
            ),
            cls(name="Amis de la maison", discount=Decimal("7.5")),
        )  # fmt: skip

    def _do(self, desk: Desk, default: bool = True, neighbour: bool = False) -> None:
        _write_group(desk, self.name, self.discount, self.prices)
        self._place(desk, default, neighbour)

    def _place(self, desk: Desk, default: bool = True, neighbour: bool = False) -> None:
        """Put the customer, or another, into the group, by his sheet."""
        if not self.customer:
            return
        page = office(desk, "AdminCustomers")
        emails = page.locator("td.column-email")
        row = page.locator("table tbody tr").filter(has=emails)
        texts = [text.strip() for text in emails.all_inner_texts()]
        index = next(i for i, text in enumerate(texts) if same(text, self.customer) != neighbour)
        page.goto(desk.address + str(row.nth(index).locator("a[href*='/edit']").first.get_attribute("href")))
        label = page.locator("label:has(input[name='customer[group_ids][]'])")
        label.filter(has_text=re.compile(rf"^\s*{re.escape(self.name)}\s*$")).click()
        if default:
            page.locator("#customer_default_group_id").select_option(label=self.name)
        with saving(page):
            page.locator("form[name=customer] .card-footer button.btn-primary").click()

    def _another_group_changed(self, desk: Desk) -> None:
        _write_group(desk, self.name, None, "TTC" if self.prices == "HT" else "HT")
        page = office(desk, *_GROUPS)
        other = page.locator("table.group tbody tr").filter(has_not_text=self.name).last
        other.locator("a.edit").click()
        _fill_group(page, "", self.discount, self.prices)
        _save_group(page)


def _write_group(
    desk: Desk, name: str, discount: Decimal | None, prices: Taxes | None, edit: bool = False, save: bool = True
) -> None:
    """Add a group on its screen, or change it."""
    page = office(desk, *_GROUPS)
    if edit:
        page.locator("table.group tbody tr", has_text=name).locator("a.edit").click()
    else:
        page.locator("#page-header-desc-group-new_group").click()
    _fill_group(page, name, discount, prices)
    if save:
        _save_group(page)


def _fill_group(page: Page, name: str, discount: Decimal | None, prices: Taxes | None) -> None:
    page.locator("#group_form").wait_for()
    if name:
        page.locator("#name_1").fill(name)
    if discount is not None:
        page.locator("#reduction").fill(typed(discount))
    if prices:
        page.locator("#price_display_method").select_option("1" if prices == "HT" else "0")


def _save_group(page: Page) -> None:
    with saving(page):
        page.locator("#group_form_submit_btn").click()


def _member(customer: Customer | None, group: Group) -> str:
    if customer is None or not customer.default:
        return "Ce client n’existe pas."
    if customer.default == group.id:
        return "C’est son groupe par défaut."
    return (
        "Il est dans le groupe, mais son groupe par défaut est un autre."
        if group.id in customer.groups
        else ("Il n’est pas dans le groupe.")
    )


def _if(met: bool) -> Verdict:
    return Verdict.MET if met else Verdict.NOT_MET


_LISTED = """page => [...page.querySelectorAll('table.group tbody tr')].filter(row => row.querySelector('a.edit')).map(row => ({
    name: [...row.querySelectorAll('td')].map(td => td.textContent.trim()).find(text => text && !/^\\d+$/.test(text)) || '',
    edit: new URL(row.querySelector('a.edit').getAttribute('href'), location.origin + '/gestion/').href,
}))"""

_GROUP = """page => ({
    id: page.querySelector('#id_group').getAttribute('value'),
    name: page.querySelector('#name_1').getAttribute('value') || '',
    reduction: page.querySelector('#reduction').getAttribute('value') || '',
    method: (page.querySelector('#price_display_method option[selected]') || {value: '0'}).value,
    shows_prices: Boolean(page.querySelector('#show_prices_on[checked]')),
})"""

_CUSTOMERS = """page => [...page.querySelectorAll('tr')].filter(row => row.querySelector('td.column-email')).map(row => ({
    email: row.querySelector('td.column-email').textContent.trim(),
    edit: row.querySelector('a[href*="/edit"]').getAttribute('href'),
}))"""

_CUSTOMER = """page => ({
    groups: [...page.querySelectorAll('input[name="customer[group_ids][]"][checked]')].map(box => box.value),
    default: (page.querySelector('#customer_default_group_id option[selected]') || {value: ''}).value,
})"""
