"""Employees of the shop: their accounts, and the profile that each has."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import quote

from playwright.sync_api import Page
from pydantic import Field, model_validator

from checks.prestashop.reading.answers import Script, enter, looked_up, open_screen, screen
from checks.prestashop.reading.employee_access import Action
from checks.prestashop.reading.product_verdicts import likeness, worst
from checks.prestashop.reading.profile_rights import table_of
from checks.prestashop.reading.seeded import chosen, number_before, rows, was_there
from checks.prestashop.screens.disturbances import rename_profile
from checks.prestashop.screens.office import office, saving, turn
from checks.prestashop.screens.profile_rights import copy_profile
from provisioner.french.text import same, same_address
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Road, Site, Verdict
from provisioner.subject.functionalities import fact

ACCOUNT = fact("prestashop.utilisateurs.collaborateur", "compte")
PROFILE = fact("prestashop.utilisateurs.affecter-profil", "profil de l’employé")


@dataclass(frozen=True)
class Employee:
    """An employee as the back office holds him."""

    email: str
    first_name: str
    last_name: str
    profile: str
    active: bool
    number: int = 0
    profile_number: str = ""

    def old(self, company: Path) -> bool:
        """Whether the company had the account before the work, whoever's it was then."""
        return was_there(company, "employees", self.number)


class EmployeeAccount(Check, id="prestashop.utilisateurs.employee"):
    """Un employé a un compte, qu’il peut ouvrir, et le profil demandé."""

    proves = (ACCOUNT, PROFILE)

    email: Annotated[str, Refers("employees.email")] = Field(
        pattern=r"^\S+@\S+$", description="L’adresse électronique de l’employé."
    )
    first_name: str = Field("", description="Son prénom, si le compte est à créer.")
    last_name: str = Field("", description="Son nom, si le compte est à créer.")
    profile: Annotated[str, Refers("profiles.name")] = Field("", description="Son profil ; vide si non demandé.")

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if bool(self.first_name) != bool(self.last_name):
            raise ValueError("first_name et last_name vont ensemble")
        if not self.first_name and not self.profile:
            raise ValueError("demandez un compte (first_name et last_name), un profil (profile), ou les deux")
        return self

    def facts(self) -> tuple[str, ...]:
        """Those that are asked for."""
        return (*((ACCOUNT,) if self.first_name else ()), *((PROFILE,) if self.profile else ()))

    def makes(self) -> Sequence[str]:
        """The address of a newcomer."""
        return (self.email,) if self.first_name else ()

    def verify(self, site: Site) -> list[Finding]:
        """The employee's own sheet; and the back office as he opens it."""
        employee, opened = employee_of(site, self.email), was_active(self.company, self.email)
        expected = {
            ACCOUNT: f"{self.first_name} {self.last_name} ({self.email}) a un compte d’employé, qui est actif.",
            PROFILE: f"{self.email} a le profil « {self.profile} »"
            + (", et son compte reste actif." if opened else "."),
        }
        shots = [
            site.shot(
                "les employés",
                open_screen(site, screen(site, "AdminParentEmployees")),
                mark=site.signed_in().locator("table tbody tr").filter(has_text=self.email),
            )
        ]
        if employee is None:
            why, profile = f"Aucun employé n’a l’adresse {self.email}.", Verdict.NOT_MET
            if namesake := self._namesake(site):
                # Another address costs the account alone; whether he is meant is for a person to say.
                why = f"Aucun employé n’a l’adresse {self.email}, mais {namesake.first_name} {namesake.last_name} a l’adresse "
                why += f"{namesake.email} et le profil « {namesake.profile} »."
                profile = worst((Verdict.TO_JUDGE, chosen(self.company, self.profile, namesake.profile, "profiles")))
            verdicts = {ACCOUNT: Verdict.NOT_MET, PROFILE: profile}
            return [Finding(one, verdicts[one], expected[one], why, tuple(shots)) for one in self.facts()]
        if employee.active:
            own = site.signed_in(f"employee {employee.email}")
            enter(site, own)
            shots.append(site.shot("ce que cet employé voit en entrant", own))
        shut = opened and not employee.active
        results = {
            ACCOUNT: (
                self._named(employee) if employee.active else Verdict.NOT_MET,
                f"Le compte a le prénom « {employee.first_name} » et le nom « {employee.last_name} » ; "
                + ("il est actif" if employee.active else "il est désactivé")
                + (" ; c’est le compte d’un employé de l’entreprise, réécrit." if employee.old(self.company) else "."),
            ),
            PROFILE: self._profiled(site, employee, shut),
        }
        return [Finding(one, results[one][0], expected[one], results[one][1], tuple(shots)) for one in self.facts()]

    def _profiled(self, site: Site, employee: Employee, shut: bool) -> tuple[Verdict, str]:
        """Whether he has the wanted profile; the same one under another name, or another with its rights, is for a person."""
        observed = (
            f"L’employé a le profil « {employee.profile} »" if employee.profile else "L’employé n’a pas de profil"
        )
        if shut:
            return Verdict.NOT_MET, f"{observed}, mais son compte a été désactivé."
        verdict = chosen(self.company, self.profile, employee.profile, "profiles")
        number = str(number_before(self.company, "profiles", self.profile))
        if not self.profile or verdict is not Verdict.NOT_MET:
            return verdict, f"{observed}."
        if employee.profile_number == number:
            return Verdict.TO_JUDGE, f"{observed}, le nouveau nom du profil « {self.profile} »."
        if (rights := _rights(site, number)) and rights == _rights(site, employee.profile_number):
            return Verdict.TO_JUDGE, f"{observed}, qui a les mêmes droits que « {self.profile} »."
        return verdict, f"{observed}."

    def _namesake(self, site: Site) -> Employee | None:
        """One who came since and bears both names, where they are asked."""
        came = newcomers(site) if self.first_name else []
        return next((one for one in came if self._named(one) is not Verdict.NOT_MET), None)

    def _named(self, employee: Employee) -> Verdict:
        """Whether he bears both names; a slip of the pen is for a person, as is another's account in the place of a new one."""
        old = Verdict.TO_JUDGE if employee.old(self.company) else Verdict.MET
        names = ((self.first_name, employee.first_name), (self.last_name, employee.last_name))
        return worst([old, *(likeness(wanted, [seen]) for wanted, seen in names)])

    def ways(self) -> Sequence[Act]:
        """The employee's sheet, a new one or his own."""
        return (Act("Équipe > Employés", lambda desk: self._write(desk)),)

    def near_misses(self) -> Sequence[NearMiss]:
        """Another profile, another employee, switched off, not saved."""

        misses = []
        if self.first_name:
            misses += [
                NearMiss("compte désactivé", ACCOUNT, partial(self._write, active=False)),
                NearMiss("prénom et nom intervertis", ACCOUNT, partial(self._write, swapped=True)),
                NearMiss("saisi sans enregistrer", ACCOUNT, partial(self._write, save=False)),
            ]
        if self.profile:
            misses.append(NearMiss("un autre profil", PROFILE, partial(self._write, other_profile=True)))
            if self.first_name:
                misses.append(NearMiss("profil non enregistré", PROFILE, partial(self._write, save=False)))
            else:
                misses.append(NearMiss("choisi sans enregistrer", PROFILE, partial(self._write, save=False)))
            if was_active(self.company, self.email):
                misses.append(
                    NearMiss("profil affecté, mais compte désactivé", PROFILE, partial(self._write, active=False))
                )
        return misses

    def roads(self) -> Sequence[Road]:
        """The profile renamed by another question; another profile with the same rights."""
        if not self.profile:
            return ()

        def renamed(desk: Desk) -> None:
            self._write(desk)
            rename_profile(desk, self.profile, "Préparation")

        def copied(desk: Desk) -> None:
            copy_profile(desk, self.profile, "Nouvelle équipe")
            self.but(profile="Nouvelle équipe")._write(desk)

        return (
            Road("affecté, puis profil renommé", PROFILE, renamed),
            Road("un nouveau profil qui a les mêmes droits", PROFILE, copied),
        )

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A newcomer, and one who changes his work."""
        return (
            cls(
                email="rozenn.le-guen@biscuiterie.examen.test",
                first_name="Rozenn",
                last_name="Le Guen",
                profile="Commercial",
            ),
            cls(email="malo.quere@biscuiterie.examen.test", profile="Logisticien"),
        )

    def _write(
        self, desk: Desk, active: bool = True, swapped: bool = False, other_profile: bool = False, save: bool = True
    ) -> None:
        page = office(desk, "AdminParentEmployees")
        if self.first_name:
            page.locator("#page-header-desc-configuration-add").click()
            names = (self.last_name, self.first_name) if swapped else (self.first_name, self.last_name)
            page.locator("#employee_firstname").fill(names[0])
            page.locator("#employee_lastname").fill(names[1])
            page.locator("#employee_email").fill(self.email)
            page.locator("#employee_password").fill("Sarrasin-2024!")
        else:
            row = page.locator("table tbody tr", has_text=self.email)
            page.goto(str(row.locator("a[href*='/edit']").first.evaluate("a => a.href")))
        if not active:
            turn(page, "employee_active_0")
        if self.profile:
            options = page.locator("#employee_profile option").all_inner_texts()
            wanted = next(o for o in reversed(options) if same(self.profile, o) != other_profile)
            page.locator("#employee_profile").select_option(label=wanted)
        if save:
            with saving(page):
                _submit(page)


def _rights(site: Site, profile: str) -> dict[str, frozenset[Action]]:
    """What the profile of this number may do, by the numbers of the menu's entries.

    Entries that others stand under open nothing by themselves, and the table ticks them along with those.
    """
    rows = table_of(site, profile).rows
    above = {row.above for row in rows.values()}
    return {tab: row.ticked for tab, row in rows.items() if row.ticked and tab not in above}


def _submit(page: Page) -> None:
    page.locator("form[name=employee] .card-footer button.btn-primary").click()


def was_active(company: Path, email: str) -> bool:
    """Whether the company has an employee of this address who may sign in."""
    return any(same_address(email, row["email"]) and row.get("active", True) for _, row in rows(company, "employees"))


def employee_of(site: Site, email: str) -> Employee | None:
    """The employee of this address, whatever the candidate left in the filters of the list."""
    return next((_sheet(site, row["edit"]) for row in _listed(site, email) if same_address(email, row["email"])), None)


def newcomers(site: Site) -> list[Employee]:
    """The employees whom the company hadn't before the work."""
    edits = [row["edit"] for row in _listed(site, "@")]
    return [_sheet(site, one) for one in edits if not was_there(site.company, "employees", _number(one))]


def _listed(site: Site, email: str) -> list[dict[str, str]]:
    """The rows of those whose address has this in it."""
    search = f"&employee[filters][email]={quote(email)}&employee[offset]=0&employee[limit]=50"
    listed: list[dict[str, str]] = looked_up(
        site, site.signed_in(), screen(site, "AdminParentEmployees") + search, _EMPLOYEES
    )
    return listed


def _sheet(site: Site, edit: str) -> Employee:
    return Employee(**looked_up(site, site.signed_in(), site.address + edit, _EMPLOYEE), number=_number(edit))


def _number(edit: str) -> int:
    return int(re.findall(r"/(\d+)/edit", edit)[0])


_EMPLOYEES = Script[list[dict[str, str]]]("""page => [...page.querySelectorAll('tr')].filter(row => row.querySelector('td.column-email')).map(row => ({
    email: row.querySelector('td.column-email').textContent.trim(),
    edit: row.querySelector('a[href*="/edit"]').getAttribute('href'),
}))""")

_EMPLOYEE = Script[dict[str, Any]]("""page => {
    const value = id => page.querySelector(`#employee_${id}`).getAttribute('value') || '';
    return {email: value('email'), first_name: value('firstname'), last_name: value('lastname'),
            profile: (page.querySelector('#employee_profile option[selected]') || {textContent: ''}).textContent.trim(),
            profile_number: (page.querySelector('#employee_profile option[selected]') || {value: ''}).value,
            active: Boolean(page.querySelector('#employee_active_1[checked]'))};
}""")
