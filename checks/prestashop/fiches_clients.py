"""Customers: a sheet that is made, or changed."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Self

from playwright.sync_api import FrameLocator, Page
from pydantic import Field, model_validator

from checks.prestashop.reading import product_verdicts as judged
from checks.prestashop.reading.answers import open_screen, screen
from checks.prestashop.reading.customer_groups import Group, groups_named
from checks.prestashop.reading.customer_sheets import Address, Sheet, sheets_of
from checks.prestashop.reading.seeded import chosen
from checks.prestashop.screens.office import office, saving
from provisioner.french.text import holds, nearly_holds, nearly_same, quoted, same, same_address
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Site, Verdict, WantedText, finding
from provisioner.subject.functionalities import fact

CREATED = fact("prestashop.contenu.clients", "créer un client")
CHANGED = fact("prestashop.contenu.clients", "modifier un client")


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
        if self.address and len(self.address) != 3:
            raise ValueError("une adresse (address) dit la rue, le code postal et la ville")
        return self

    def facts(self) -> tuple[str, ...]:
        """A sheet is made, or changed."""
        return (CHANGED if self.customer else CREATED,)

    def makes(self) -> Sequence[str]:
        """The customer's address, by which other checks know him."""
        return (self.email,) if self.email else ()

    def verify(self, site: Site) -> list[Finding]:
        """The sheet in the back office."""
        wanted = " ".join(one for one in (self.first_name, self.last_name, self.email or self.customer) if one)
        expected = f"La fiche de {wanted} est " + ("modifiée" if self.customer else "créée")
        if self.group:
            expected += f", son groupe par défaut est « {self.group} »"
        if self.address:
            expected += f", son adresse est {quoted(self.address)}"
        sheets = sheets_of(site, self.email or self.customer)
        shot = site.shot(
            "les clients",
            open_screen(site, screen(site, "AdminCustomers")),
            mark=site.signed_in().locator("table tbody tr").filter(has_text=self.email or self.customer),
        )
        if not sheets:
            why = f"Aucun client n’a l’adresse {self.email or self.customer}."
            return [finding(self.facts()[0], False, f"{expected}.", why, shot)]
        namesakes = groups_named(site, self.group) if self.group and not all(one.group for one in sheets) else []
        sheet = max(sheets, key=lambda one: judged.RANKS.index(self.judged(one, namesakes)))
        verdict, observed = self.judged(sheet, namesakes), f"La fiche : {sheet}"
        if sheet.old and not self.customer:
            observed += " ; c’est celle d’un client de l’entreprise, réécrite"
        if sheet.perhaps_of(namesakes):
            observed += " ; plusieurs groupes portent ce nom, et la fiche ne montre pas le sien"
        if self.address:
            addresses = " ; ".join(map(str, sheet.addresses))
            observed += f" ; adresses : {addresses}" if addresses else " ; sans adresse"
        moved = self.customer and self.email and not same_address(self.customer, self.email)
        if moved and sheets_of(site, self.customer):
            verdict, observed = Verdict.NOT_MET, f"{observed} ; l’ancienne fiche ({self.customer}) existe toujours"
        return [Finding(self.facts()[0], verdict, f"{expected}.", f"{observed}.", (shot,))]

    def judged(self, sheet: Sheet, namesakes: Sequence[Group] = ()) -> Verdict:
        """Whether the sheet says what is asked; a slip of the pen in what is typed there is for a person.

        So is a sheet of the company's in the place of a new one, and a default group that the sheet doesn't show, where
        it may be one of the `namesakes` that bear the wanted name.
        """
        if not sheet.active:
            return Verdict.NOT_MET
        verdicts = [
            judged.likeness(wanted, [seen])
            for wanted, seen in ((self.first_name, sheet.first_name), (self.last_name, sheet.last_name))
            if wanted
        ]
        if sheet.old and not self.customer:
            verdicts.append(Verdict.TO_JUDGE)
        if self.group:
            hidden = sheet.perhaps_of(namesakes)
            verdicts.append(Verdict.TO_JUDGE if hidden else chosen(self.group, sheet.group, "groups"))
        if self.address:
            verdicts.append(judged.best(self._addressed(one) for one in sheet.addresses))
        return judged.worst(verdicts)

    def _addressed(self, address: Address) -> Verdict:
        """Whether all the parts are those of one address, each in its field."""
        return judged.worst(
            Verdict.MET if holds(seen, part) else Verdict.TO_JUDGE if _nearly_in(seen, part) else Verdict.NOT_MET
            for seen, part in zip((address.street, address.postcode, address.city), self.address, strict=True)
        )

    def ways(self) -> Sequence[Act]:
        """The customer's sheet, a new one also from an order; his address has one of its own, by the list or by his sheet."""
        ways = [Act("la fiche du client", lambda desk: self._do(desk))]
        if not self.customer:
            ways.append(
                Act("« Ajouter un nouveau client » dans une commande", lambda desk: self._do(desk, in_order=True))
            )
        if self.address and not self.customer:
            ways.append(Act("l’adresse ajoutée depuis la fiche", lambda desk: self._do(desk, by_sheet=True)))
        return ways

    def near_misses(self) -> Sequence[NearMiss]:
        """Another customer, another address, another group, not saved."""

        [fact] = self.facts()
        misses = [
            NearMiss(
                "une lettre oubliée dans l’adresse électronique", CREATED, partial(self._do, email=self.email[1:])
            ),
            NearMiss("prénom et nom intervertis", CREATED, partial(self._do, swapped=True)),
            NearMiss("saisie sans enregistrer", CREATED, partial(self._do, save=False)),
        ]
        if self.customer:
            misses = [
                NearMiss("la fiche d’un autre client", CHANGED, partial(self._do, neighbour=True)),
                NearMiss("modifiée sans enregistrer", CHANGED, partial(self._do, save=False)),
            ]
            if self.address:
                misses.append(
                    NearMiss("l’adresse entière dans le champ « Adresse »", CHANGED, partial(self._do, at_once=True))
                )
        if self.group:
            misses += [
                NearMiss("un autre groupe par défaut", fact, partial(self._do, other_group=True)),
                NearMiss("dans le groupe, mais non par défaut", fact, partial(self._do, default=False)),
            ]
        if self.address and not self.customer:
            misses += [
                NearMiss("adresse postale oubliée", CREATED, lambda desk: self.but(address=())._do(desk)),
                NearMiss("adresse postale donnée à un autre client", CREATED, partial(self._do, neighbour=True)),
            ]
        return misses

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A newcomer in a group, with his address; and one who has moved."""
        return (
            cls(
                email="erwan.le-bris@courriel.test",
                first_name="Erwan",
                last_name="Le Bris",
                group="Épiceries fines",
                address=("3 quai de la Fontaine", "29900", "Concarneau"),
            ),
            cls(customer="paul.kerdraon@courriel.test", address=("7 rue des Tanneries", "22300", "Lannion")),
        )

    def _do(
        self,
        desk: Desk,
        email: str = "",
        swapped: bool = False,
        neighbour: bool = False,
        save: bool = True,
        other_group: bool = False,
        default: bool = True,
        by_sheet: bool = False,
        at_once: bool = False,
        in_order: bool = False,
    ) -> None:
        if self.address and self.customer:
            self._move(desk, neighbour, save, at_once)
        if self.email or self.first_name or self.last_name or self.group:
            self._fill(desk, email, swapped, neighbour, save, other_group, default, in_order)
        if self.address and not self.customer and save:
            self._settle(desk, email or self.email, neighbour, by_sheet)

    def _fill(
        self,
        desk: Desk,
        email: str,
        swapped: bool,
        neighbour: bool,
        save: bool,
        other_group: bool,
        default: bool,
        in_order: bool,
    ) -> None:
        page = office(desk, "AdminOrders" if in_order else "AdminCustomers")
        form: Page | FrameLocator = page
        if self.customer:
            page.goto(_row(page, self.customer, neighbour))
        else:
            page.locator("#page-header-desc-configuration-add").click()
        if in_order:
            page.locator("#customer-add-btn").click()
            form = page.frame_locator("iframe.fancybox-iframe")
        names = (self.last_name, self.first_name) if swapped else (self.first_name, self.last_name)
        for field, value in (("first_name", names[0]), ("last_name", names[1]), ("email", email or self.email)):
            if value:
                form.locator(f"#customer_{field}").fill(value)
        if not self.customer:
            form.locator("#customer_password").fill("Sarrasin-2024!")
        if self.group:
            self._tick_group(form, other_group, default)
        if in_order:
            form.locator("form[name=customer] .card-footer button.btn-primary").click()
            page.locator("iframe.fancybox-iframe").wait_for(state="detached")
        elif save:
            with saving(page):
                form.locator("form[name=customer] .card-footer button.btn-primary").click()

    def _tick_group(self, form: Page | FrameLocator, other_group: bool, default: bool) -> None:
        """Tick the group on the form, or another; make it the default one too, where that is meant."""
        boxes = form.locator("label:has(input[name='customer[group_ids][]'])")
        texts = [text.strip() for text in boxes.all_inner_texts()]
        # The last of the list is a group of the company's, the first are the shop's own.
        index = next(i for i in reversed(range(len(texts))) if same(self.group, texts[i]) != other_group)
        if not boxes.nth(index).locator("input").is_checked():
            boxes.nth(index).click()
        if default:
            form.locator("#customer_default_group_id").select_option(label=texts[index])

    def _settle(self, desk: Desk, email: str, neighbour: bool, by_sheet: bool) -> None:
        """A new address: on its screen, which wants the customer's e-mail address, or by his sheet, which knows it."""
        page = office(desk, "AdminCustomers")
        if neighbour:
            emails = [text.strip() for text in page.locator("td.column-email").all_inner_texts()]
            email = next(one for one in emails if not same_address(one, email))
        if by_sheet:
            page.goto(_row(page, email, False).replace("/edit?", "/view?"))
            page.goto(str(page.locator("a[href*='/addresses/new']").first.evaluate("a => a.href")))
        else:
            page = office(desk, "AdminAddresses")
            page.locator("#page-header-desc-configuration-add").click()
            page.locator("#customer_address_customer_email").fill(email)
        fields = {"alias": "Domicile", "first_name": self.first_name, "last_name": self.last_name}
        fields |= dict(zip(("address1", "postcode", "city"), self.address, strict=True))
        for field, value in fields.items():
            page.locator(f"#customer_address_{field}").fill(value)
        with page.expect_navigation():
            page.locator("form[name=customer_address] .card-footer button.btn-primary").click()

    def _move(self, desk: Desk, neighbour: bool, save: bool, at_once: bool) -> None:
        """The customer's address, by his sheet; `at_once` types all of it as its street, above another town."""
        page = office(desk, "AdminCustomers")
        address = _row(page, self.customer, neighbour)
        page.goto(address.replace("/edit?", "/view?"))
        page.goto(str(page.locator("a[href*='/addresses/'][href*='/edit']").first.evaluate("a => a.href")))
        other = ("44000", "Nantes") if self.address[1] != "44000" else ("29000", "Quimper")
        parts = (" ".join(self.address), *other) if at_once else self.address
        for field, value in zip(("address1", "postcode", "city"), parts, strict=True):
            page.locator(f"#customer_address_{field}").fill(value)
        if save:
            with page.expect_navigation():
                page.locator("form[name=customer_address] .card-footer button.btn-primary").click()


def _row(page: Page, email: str, neighbour: bool) -> str:
    rows = page.locator("table tbody tr:has(td.column-email)")
    texts = [text.strip() for text in rows.locator("td.column-email").all_inner_texts()]
    index = next(i for i, text in enumerate(texts) if same_address(text, email) != neighbour)
    return str(rows.nth(index).locator("a[href*='/edit']").first.evaluate("a => a.href"))


def _nearly_in(address: str, part: str) -> bool:
    """Whether a slip of the pen parts it from what the address has; in a short name of a town too."""
    words, long = address.split(), len(part.split())
    runs = [" ".join(words[start : start + long]) for start in range(len(words))]
    return nearly_holds(address, part) or any(nearly_same(part, run) for run in runs)
