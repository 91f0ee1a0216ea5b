"""Customers: a sheet that is made, or changed."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from checks.prestashop.reading import product_verdicts as judged
from checks.prestashop.reading.address_verdicts import of_several
from checks.prestashop.reading.answers import open_screen, screen
from checks.prestashop.reading.customer_emails import present_email
from checks.prestashop.reading.customer_groups import Group, groups_named
from checks.prestashop.reading.customer_sheets import Sheet, address_before, sheets_of
from checks.prestashop.reading.seeded import chosen
from checks.prestashop.screens import customer_forms as forms
from checks.prestashop.screens.customer_forms import Typed
from provisioner.french.text import same_address
from provisioner.subject.check import (
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
    finding,
)
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
    phone: str = Field(
        "", description="Le téléphone de son adresse postale ; pour une fiche à créer, avec l’adresse (address)."
    )
    title: Literal["", "M.", "Mme"] = Field("", description="La civilité demandée.")
    birthday: str = Field(
        "", pattern=r"^(\d{4}-\d{2}-\d{2})?$", description="La date de naissance demandée, comme 1988-03-14."
    )

    @field_validator("birthday")
    @classmethod
    def _a_day(cls, birthday: str) -> str:
        if birthday:
            date.fromisoformat(birthday)
        return birthday

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if not self.customer and not (self.email and self.first_name and self.last_name):
            raise ValueError("une fiche à créer veut email, first_name et last_name")
        if self.customer and not self._asked:
            raise ValueError("dites ce qui est à modifier")
        if self.address and len(self.address) != 3:
            raise ValueError("une adresse (address) dit la rue, le code postal et la ville")
        if self.phone and not (self.customer or self.address):
            raise ValueError("le téléphone (phone) d’une fiche à créer est celui de son adresse (address)")
        return self

    @property
    def _asked(self) -> bool:
        """Whether anything is to be changed."""
        typed = (self.email, self.first_name, self.last_name, self.group, self.address, self.phone, self.title)
        return any(typed) or bool(self.birthday)

    def facts(self) -> tuple[str, ...]:
        """A sheet is made, or changed."""
        return (CHANGED if self.customer else CREATED,)

    def makes(self) -> Sequence[str]:
        """The customer's address, by which other checks know him."""
        return (self.email,) if self.email else ()

    def verify(self, site: Site) -> list[Finding]:
        """The sheet in the back office."""
        expected = self._in_words
        known_as = self.email or present_email(site, self.customer)
        sheets = sheets_of(site, known_as)
        shot = site.shot(
            "les clients",
            open_screen(site, screen(site, "AdminCustomers")),
            mark=site.signed_in().locator("table tbody tr").filter(has_text=known_as),
        )
        if not sheets:
            why = f"Aucun client n’a l’adresse électronique {known_as}."
            return [finding(self.facts()[0], False, f"{expected}.", why, shot)]
        namesakes = groups_named(site, self.group) if self.group and not all(one.group for one in sheets) else []
        sheet = max(sheets, key=lambda one: judged.RANKS.index(self.judged(one, namesakes)))
        verdict, observed = self.judged(sheet, namesakes), f"La fiche trouvée : {sheet}"
        if self.customer and not self.email and not same_address(self.customer, known_as):
            verdict = judged.worst((verdict, Verdict.TO_JUDGE))
            observed += f" ; l’adresse électronique de ce client a changé (avant : {self.customer})"
        if sheet.old(self.company) and not self.customer:
            observed += " ; c’est la fiche d’un client de l’entreprise, réécrite"
        if sheet.perhaps_of(namesakes):
            observed += f" ; plusieurs groupes s’appellent « {self.group} », et la fiche ne montre pas le sien"
        observed += " ; sans civilité" if self.title and not sheet.title else ""
        observed += " ; sans date de naissance" if self.birthday and not sheet.birthday else ""
        if self.address or self.phone:
            addresses = " ; ".join(f"« {one} »" for one in sheet.addresses)
            said = "adresses postales" if sheet.addresses[1:] else "adresse postale"
            observed += f" ; {said} : {addresses}" if addresses else " ; sans adresse postale"
            unphoned = self.phone and addresses and not any(one.phones for one in sheet.addresses)
            observed += ", sans téléphone" if unphoned else ""
            observed += " ; l’ancienne adresse postale est toujours là" if self._addressed(sheet)[1] else ""
        moved = self.customer and self.email and not same_address(self.customer, self.email)
        if moved and sheets_of(site, self.customer):
            verdict, observed = Verdict.NOT_MET, f"{observed} ; l’ancienne fiche ({self.customer}) existe toujours"
        return [Finding(self.facts()[0], verdict, f"{expected}.", f"{observed}.", (shot,))]

    @property
    def _in_words(self) -> str:
        """What is asked of the sheet, as a sentence without its end."""
        if self.customer:
            said = [f"La fiche du client {self.customer} est modifiée"]
            said += [f"son adresse électronique est {self.email}"] if self.email else []
            said += [f"son prénom est « {self.first_name} »"] if self.first_name else []
            said += [f"son nom est « {self.last_name} »"] if self.last_name else []
        else:
            said = [f"La fiche du client « {self.first_name} {self.last_name} » ({self.email}) est créée"]
        said += [f"son groupe par défaut est « {self.group} »"] if self.group else []
        if self.address:
            street, postcode, city = self.address
            said.append(f"son adresse postale est « {street}, {postcode} {city} »")
        said += [f"son téléphone est « {self.phone} »"] if self.phone else []
        said += [f"sa civilité est « {self.title} »"] if self.title else []
        if self.birthday:
            said.append(f"sa date de naissance est le {date.fromisoformat(self.birthday):%d/%m/%Y}")
        return ", ".join(said)

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
        if sheet.old(self.company) and not self.customer:
            verdicts.append(Verdict.TO_JUDGE)
        if self.group:
            hidden = sheet.perhaps_of(namesakes)
            verdicts.append(Verdict.TO_JUDGE if hidden else chosen(self.company, self.group, sheet.group, "groups"))
        if self.address or self.phone:
            verdicts.append(self._addressed(sheet)[0])
        if self.title:
            verdicts.append(Verdict.MET if sheet.title == self.title else Verdict.NOT_MET)
        if self.birthday:
            verdicts.append(Verdict.MET if sheet.birthday == self.birthday else Verdict.NOT_MET)
        return judged.worst(verdicts)

    def _addressed(self, sheet: Sheet) -> tuple[Verdict, bool]:
        """The verdict on his postal addresses, and whether the one to be changed still stands beside the wanted one."""
        return of_several(self.address, self.phone, sheet.addresses, address_before(self.company, self.customer))

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
                    NearMiss(
                        "la rue dans « Adresse (2) », l’ancienne laissée", CHANGED, partial(self._do, complement=True)
                    )
                )
                misses.append(
                    NearMiss("l’adresse entière dans le champ « Adresse »", CHANGED, partial(self._do, at_once=True))
                )
        if self.group:
            misses += [
                NearMiss("un autre groupe par défaut", fact, partial(self._do, other_group=True)),
                NearMiss("dans le groupe, mais non par défaut", fact, partial(self._do, default=False)),
            ]
        if self.title:
            other: Literal["M.", "Mme"] = "Mme" if self.title == "M." else "M."
            misses.append(NearMiss("l’autre civilité", fact, lambda desk: self.but(title=other)._do(desk)))
        if self.birthday:
            born = date.fromisoformat(self.birthday)
            day = born.replace(day=born.day % 28 + 1).isoformat()
            misses.append(NearMiss("né un autre jour", fact, lambda desk: self.but(birthday=day)._do(desk)))
        if self.phone:
            misses.append(NearMiss("téléphone oublié", fact, lambda desk: self.but(phone="")._do(desk)))
        if self.address and not self.customer:
            misses += [
                NearMiss("adresse postale oubliée", CREATED, lambda desk: self.but(address=(), phone="")._do(desk)),
                NearMiss("adresse postale donnée à un autre client", CREATED, partial(self._do, neighbour=True)),
            ]
        return misses

    def roads(self) -> Sequence[Road]:
        """The street below the name of a building; the customer's e-mail address changed by another question."""
        if not (self.customer and self.address):
            return ()

        def renamed(desk: Desk) -> None:
            self._do(desk)
            self.but(address=(), email=f"nouvelle.{self.customer}")._do(desk)

        return (
            Road("la rue sous le nom d’un bâtiment", CHANGED, partial(self._do, above="Résidence des Embruns")),
            Road("l’adresse électronique changée ensuite", CHANGED, renamed),
        )

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
                phone="06 39 98 45 12",
                title="M.",
                birthday="1988-03-14",
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
        complement: bool = False,
        above: str = "",
    ) -> None:
        typed = Typed(
            self.customer,
            email or self.email,
            *((self.last_name, self.first_name) if swapped else (self.first_name, self.last_name)),
            self.title,
            date.fromisoformat(self.birthday) if self.birthday else None,
            self.group,
            self.address,
            self.phone,
        )
        if self.customer and typed.on_address:
            forms.change_address(
                desk, typed, neighbour=neighbour, save=save, at_once=at_once, complement=complement, above=above
            )
        if typed.on_sheet:
            forms.fill_sheet(
                desk,
                typed,
                neighbour=neighbour,
                save=save,
                other_group=other_group,
                default=default,
                in_order=in_order,
            )
        if typed.on_address and not self.customer and save:
            forms.add_address(desk, typed, typed.email, neighbour, by_sheet)
