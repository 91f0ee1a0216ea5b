"""Customers: a sheet that is made, or changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Self
from urllib.parse import quote

from playwright.sync_api import Page
from pydantic import Field, model_validator

from checks.prestashop.pages import looked_up, office, saving, screen
from provisioner.check import Act, Check, Desk, Finding, NearMiss, Refers, Site, Verdict, WantedText, finding
from provisioner.config import fact
from provisioner.text import holds, quoted, same

CREATED = fact("prestashop.contenu.clients", "créer un client")
CHANGED = fact("prestashop.contenu.clients", "modifier un client")


@dataclass(frozen=True)
class Sheet:
    """A customer's sheet as the back office holds it; `addresses` is the text of his addresses."""

    email: str
    first_name: str
    last_name: str
    active: bool
    group: str
    addresses: str = ""

    def __str__(self) -> str:
        state = "actif" if self.active else "désactivé"
        return f"{self.first_name} {self.last_name} ({self.email}), {state}, groupe « {self.group} »"


class CustomerSheet(Check, id="prestashop.contenu.customer"):
    """La fiche d’un client est créée, ou modifiée, avec les renseignements demandés."""

    proves = (CREATED, CHANGED)

    customer: Annotated[str, Refers("customers.email")] = Field(
        "", description="L’adresse électronique actuelle du client à modifier ; vide : la fiche est à créer."
    )
    email: str = Field("", pattern=r"^(\S+@\S+)?$", description="L’adresse électronique demandée.")
    first_name: str = Field("", description="Le prénom demandé.")
    last_name: str = Field("", description="Le nom demandé.")
    group: Annotated[str, Refers("groups.name")] = Field("", description="Le groupe par défaut, s’il est demandé.")
    address: tuple[WantedText, ...] = Field(
        (), description="Les parties de l’adresse postale : rue, code postal, ville ; dans cet ordre."
    )

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if not self.customer and not (self.email and self.first_name and self.last_name):
            raise ValueError("une fiche à créer veut email, first_name et last_name")
        if self.customer and not (self.email or self.first_name or self.last_name or self.group or self.address):
            raise ValueError("dites ce qui est à modifier")
        if self.address and (not self.customer or len(self.address) != 3):
            raise ValueError("une adresse (address) se modifie, et dit la rue, le code postal et la ville")
        return self

    def facts(self) -> tuple[str, ...]:
        """A sheet is made, or changed."""
        return (CHANGED if self.customer else CREATED,)

    def verify(self, site: Site) -> list[Finding]:
        """The sheet in the back office."""
        wanted = " ".join(one for one in (self.first_name, self.last_name, self.email or self.customer) if one)
        expected = f"La fiche de {wanted} est " + ("modifiée" if self.customer else "créée")
        if self.group:
            expected += f", son groupe par défaut est « {self.group} »"
        if self.address:
            expected += f", son adresse est {quoted(self.address)}"
        sheet = sheet_of(site, self.email or self.customer)
        page = site.signed_in()
        page.goto(screen(site, "AdminCustomers"))
        shot = site.shot("les clients", page)
        if sheet is None:
            why = f"Aucun client n’a l’adresse {self.email or self.customer}."
            return [finding(self.facts()[0], False, f"{expected}.", why, shot)]
        missing = [one for one in self.address if not holds(sheet.addresses, one)]
        old = (
            sheet_of(site, self.customer)
            if self.customer and self.email and not same(self.customer, self.email)
            else None
        )
        met = (
            sheet.active
            and (not self.first_name or same(self.first_name, sheet.first_name))
            and (not self.last_name or same(self.last_name, sheet.last_name))
            and (not self.group or same(self.group, sheet.group))
            and not missing
            and old is None
        )
        observed = f"La fiche : {sheet}"
        if self.address:
            observed += f" ; adresses : {sheet.addresses}" if sheet.addresses else " ; sans adresse"
        if old:
            observed += f" ; l’ancienne fiche ({self.customer}) existe toujours"
        return [
            Finding(self.facts()[0], Verdict.MET if met else Verdict.NOT_MET, f"{expected}.", f"{observed}.", (shot,))
        ]

    def ways(self) -> Sequence[Act]:
        """The customer's sheet; his address has one of its own."""
        return (Act("la fiche du client", lambda desk: self._do(desk)),)

    def near_misses(self) -> Sequence[NearMiss]:
        """Another customer, another address, not saved."""

        def made(**how: Any) -> Callable[[Desk], None]:
            return lambda desk: self._do(desk, **how)

        if not self.customer:
            return (
                NearMiss("une lettre oubliée dans l’adresse électronique", CREATED, made(email=self.email[1:])),
                NearMiss("prénom et nom intervertis", CREATED, made(swapped=True)),
                NearMiss("saisie sans enregistrer", CREATED, made(save=False)),
            )
        return (
            NearMiss("la fiche d’un autre client", CHANGED, made(neighbour=True)),
            NearMiss("modifiée sans enregistrer", CHANGED, made(save=False)),
        )

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A newcomer in a group; and one who has moved."""
        return (
            cls(email="erwan.le-bris@courriel.test", first_name="Erwan", last_name="Le Bris", group="Épiceries fines"),
            cls(customer="ines.moreau@courriel.test", address=("12 rue des Fossés", "35000", "Rennes")),
        )

    def _do(
        self, desk: Desk, email: str = "", swapped: bool = False, neighbour: bool = False, save: bool = True
    ) -> None:
        if self.address:
            self._move(desk, neighbour, save)
        if not (self.email or self.first_name or self.last_name or self.group):
            return
        page = office(desk, "AdminCustomers")
        if self.customer:
            page.goto(_row(page, self.customer, neighbour))
        else:
            page.locator("#page-header-desc-configuration-add").click()
        names = (self.last_name, self.first_name) if swapped else (self.first_name, self.last_name)
        for field, value in (("first_name", names[0]), ("last_name", names[1]), ("email", email or self.email)):
            if value:
                page.locator(f"#customer_{field}").fill(value)
        if not self.customer:
            page.locator("#customer_password").fill("Sarrasin-2024!")
        if self.group:
            boxes = page.locator("label:has(input[name='customer[group_ids][]'])")
            texts = boxes.all_inner_texts()
            index = next(i for i, text in enumerate(texts) if same(self.group, text.strip()))
            if not boxes.nth(index).locator("input").is_checked():
                boxes.nth(index).click()
            page.locator("#customer_default_group_id").select_option(label=self.group)
        if save:
            with saving(page):
                page.locator("form[name=customer] .card-footer button.btn-primary").click()

    def _move(self, desk: Desk, neighbour: bool, save: bool) -> None:
        """The customer's address, by the list of addresses: it is the one of his name."""
        page = office(desk, "AdminCustomers")
        address = _row(page, self.customer, neighbour)
        page.goto(address.replace("/edit?", "/view?"))
        page.goto(str(page.locator("a[href*='/addresses/'][href*='/edit']").first.evaluate("a => a.href")))
        for field, value in zip(("address1", "postcode", "city"), self.address, strict=True):
            page.locator(f"#customer_address_{field}").fill(value)
        if save:
            with page.expect_navigation():
                page.locator("form[name=customer_address] .card-footer button.btn-primary").click()


def _row(page: Page, email: str, neighbour: bool) -> str:
    rows = page.locator("table tbody tr:has(td.column-email)")
    texts = [text.strip() for text in rows.locator("td.column-email").all_inner_texts()]
    index = next(i for i, text in enumerate(texts) if same(text, email) != neighbour)
    return str(rows.nth(index).locator("a[href*='/edit']").first.evaluate("a => a.href"))


def sheet_of(site: Site, email: str) -> Sheet | None:
    """The customer's sheet, whatever the candidate left in the filters of the list."""
    search = f"&customer[filters][email]={quote(email)}&customer[offset]=0&customer[limit]=50"
    rows = looked_up(site, site.signed_in(), screen(site, "AdminCustomers") + search, _ROWS)
    edit = next((row["edit"] for row in rows if same(email, row["email"])), "")
    if not edit:
        return None
    seen = looked_up(site, site.signed_in(), site.address + edit, _SHEET)
    addresses = looked_up(site, site.signed_in(), site.address + edit.replace("/edit?", "/view?"), _ADDRESSES)
    return Sheet(**seen, addresses=addresses or "")


_ROWS = """page => [...page.querySelectorAll('tr')].filter(row => row.querySelector('td.column-email')).map(row => ({
    email: row.querySelector('td.column-email').textContent.trim(),
    edit: row.querySelector('a[href*="/edit"]').getAttribute('href'),
}))"""

_SHEET = """page => {
    const value = id => page.querySelector(`#customer_${id}`).getAttribute('value') || '';
    const group = page.querySelector('#customer_default_group_id option[selected]');
    return {email: value('email'), first_name: value('first_name'), last_name: value('last_name'),
            active: Boolean(page.querySelector('#customer_is_enabled_1[checked]')), group: group ? group.textContent.trim() : ''};
}"""

_ADDRESSES = """page => [...page.querySelectorAll('.customer-addresses-card tbody tr, #customer-addresses tbody tr')].map(
    row => [...row.querySelectorAll('td')].slice(0, -1).map(td => td.textContent.replace(/\\s+/g, ' ').trim()).join(' ')).join(' ; ')"""
