"""Profiles of employees: their names, and what each may do, tried as an employee who has it."""

import re
from collections.abc import Mapping, Sequence, Set
from functools import partial
from typing import Annotated, Self, get_args

from pydantic import Field, model_validator

from checks.prestashop.reading.answers import Script, enter, looked_up, open_screen, screen
from checks.prestashop.reading.employee_access import TABS, Action, Outcome, Screen, address_for, try_action
from checks.prestashop.reading.product_verdicts import worst
from checks.prestashop.reading.profile_rights import Right, Table, by_tab, numbers_of, rights_before, table_of
from checks.prestashop.reading.seeded import chosen, number_before
from checks.prestashop.screens.disturbances import rename_profile
from checks.prestashop.screens.office import office, saving
from checks.prestashop.screens.profile_rights import tick, tick_all, tick_columns
from provisioner.french.text import quoted, same
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Road, Site, Verdict
from provisioner.subject.functionalities import fact
from provisioner.subject.page import Page

ADDED = fact("prestashop.utilisateurs.permissions", "droits ajoutés")
REMOVED = fact("prestashop.utilisateurs.permissions", "droits retirés")
CHANGED = fact("prestashop.utilisateurs.modifier-profil", "profil modifié")

_PROFILES = ("AdminParentEmployees", "AdminProfiles")
_OUTCOMES: Mapping[Outcome, str] = {
    "done": "un employé de ce profil y parvient",
    "refused": "un employé de ce profil n’y parvient pas",
    "nothing": "sans rien à essayer sur cet écran",
}
#: How many of the screens with a right that nobody asked for are named.
_NAMED = 6

_EVERY = [Right(screen=screen, action=action) for screen in get_args(Screen) for action in get_args(Action)]


class ProfilePermissions(Check, id="prestashop.utilisateurs.permissions"):
    """Un profil d’employés a les droits demandés, n’a plus ceux qui sont retirés, ou porte son nouveau nom."""

    proves = (ADDED, REMOVED, CHANGED)
    acts = True

    profile: Annotated[str, Refers("profiles.name")] = Field(min_length=1, description="Le nom du profil.")
    added: tuple[Right, ...] = Field((), description="Les droits à lui donner.")
    removed: tuple[Right, ...] = Field((), description="Les droits à lui retirer.")
    new_name: str = Field("", description="Le nouveau nom du profil, s’il est à renommer.")

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if not (self.added or self.removed or self.new_name):
            raise ValueError("demandez des droits (added, removed) ou un nouveau nom (new_name)")
        if set(self.added) & set(self.removed):
            raise ValueError("un droit ne peut pas être à la fois donné et retiré")
        return self

    def facts(self) -> tuple[str, ...]:
        """Those that are asked for; a profile whose rights change is changed."""
        asked = {ADDED: bool(self.added), REMOVED: bool(self.removed), CHANGED: bool(self.new_name)}
        return tuple(one for one, wanted in asked.items() if wanted)

    def makes(self) -> Sequence[str]:
        """The name that the profile gets."""
        return (self.new_name,) if self.new_name else ()

    def given(self, desk: Desk) -> None:
        """What is to be taken away is there."""
        if self.removed:
            tick(desk, self.profile, self.removed, True)

    def verify(self, site: Site) -> list[Finding]:
        """The table of rights; and each screen, as an employee of the profile tries to open it."""
        # The candidate's own filters are kept for the employee, whom the examiner is signed in as.
        profiles = screen(site, *_PROFILES) + "&filters[name]=&offset=0&limit=100"
        rows: list[list[str]] = looked_up(site, site.signed_in(), profiles, _NAMES)
        # Of namesakes, the company's own comes first, however the candidate left the list sorted.
        rows.sort(key=lambda row: int(row[0]))
        wanted = self.new_name or self.profile
        named = [row for row in rows if same(wanted, row[1])]
        left = [row for row in rows if self.new_name and same(self.profile, row[1])]
        near = [
            row
            for row in rows
            if self.new_name and chosen(self.company, wanted, row[1], "profiles") is Verdict.TO_JUDGE
        ]
        expected = {
            ADDED: f"Un employé du profil « {self.profile} » peut {_listed(self.added, ' et ')} ; "
            "il n’a reçu aucun autre droit.",
            REMOVED: f"Un employé du profil « {self.profile} » ne peut plus {_denied(self.removed)}.",
            CHANGED: f"Le profil « {self.profile} » s’appelle maintenant « {self.new_name} ».",
        }
        shots = [
            site.shot(
                "les profils",
                open_screen(site, profiles),
                mark=site.signed_in().locator("table tbody tr").filter(has_text=self.new_name or self.profile),
            )
        ]
        results: dict[str, tuple[Verdict, str]] = {
            CHANGED: (
                Verdict.TO_JUDGE if near and not named and not left else _if(bool(named) and not left),
                f"Profils de la boutique : {quoted(row[1] for row in rows)}.{self._misnamed(named, left, near)}",
            )
        }
        named = named or left or near
        before = number_before(self.company, "profiles", self.profile)
        renamed = [] if named else [row for row in rows if row[0] == str(before)]
        named = named or renamed
        if not named and (self.added or self.removed):
            why = f"Aucun profil ne s’appelle « {self.profile} »."
            results |= {ADDED: (Verdict.NOT_MET, why), REMOVED: (Verdict.NOT_MET, why)}
        elif self.added or self.removed:
            number, name = named[0]
            table, numbers = table_of(site, number), numbers_of(site)
            own = site.signed_in(f"profile {name}")
            granted = {
                right for right in _EVERY if right.action in table.ticked(numbers.get(TABS[right.screen][-1], ""))
            }
            results[ADDED] = _both(
                self._tried(site, own, granted, self.added, True), self._given_beside(table, numbers)
            )
            results[REMOVED] = _both(self._tried(site, own, granted, self.removed, False), self._taken_beside(granted))
            if renamed:  # another question gave it another name
                told = (Verdict.TO_JUDGE, f" Ce profil s’appelle maintenant « {name} ».")
                results |= {one: _both(results[one], told) for one in (ADDED, REMOVED)}
            enter(site, own)
            shots.append(site.shot("ce que voit un employé de ce profil", own))
        return [Finding(one, results[one][0], expected[one], results[one][1], tuple(shots)) for one in self.facts()]

    def _misnamed(self, named: Sequence[list[str]], left: Sequence[list[str]], near: Sequence[list[str]]) -> str:
        """What is said of a profile that hasn't its new name, or of the old one that is there still."""
        said = ""
        if not named:
            nearly = f" (écrit autrement : {quoted(row[1] for row in near)})" if near else ""
            said = f" Aucun ne s’appelle « {self.new_name} »{nearly}."
        return said + (f" Il y a encore un profil « {self.profile} »." if left else "")

    def _tried(
        self, site: Site, own: Page, granted: Set[Right], rights: Sequence[Right], wanted: bool
    ) -> tuple[Verdict, str]:
        """The table decides; an employee who meets something else leaves it to a person.

        Where a screen has nothing to try the table stands alone: some rights, such as to delete an invoice, name nothing.
        """
        said, verdicts = [], []
        for right in rights:
            verdict = _if((right in granted) == wanted)
            address = address_for(site, own, right.screen)
            told = "l’écran s’ouvre" if address else "l’écran ne s’ouvre pas"
            outcome: Outcome = "done" if address else "refused"
            if right.action != "voir" and address:
                outcome = try_action(site, own, right.screen, right.action, address)
                told = _OUTCOMES[outcome]
            if verdict is Verdict.MET and outcome == ("refused" if wanted else "done"):
                verdict = Verdict.TO_JUDGE
            verdicts.append(verdict)
            said.append(
                f"{right} : {'droit accordé' if right in granted else 'droit refusé'}, {_but(right in granted, outcome)}{told}"
            )
        return worst(verdicts), " ; ".join(said)[:1].upper() + " ; ".join(said)[1:] + "."

    def _given_beside(self, table: Table, numbers: Mapping[str, str]) -> tuple[Verdict, str]:
        """What was given and isn't asked is for a person; where it is most of the menu, the profile isn't what is asked."""
        had = by_tab(
            {*rights_before(self.company, self.profile), *((TABS[one.screen][-1], one.action) for one in self.removed)},
            numbers,
        )
        added = by_tab(((TABS[one.screen][-1], one.action) for one in self.added), numbers)
        beside, most = table.given_beside(added, had)
        if not beside:
            return Verdict.MET, ""
        said = [f"{', '.join(sorted(beside[tab]))} sur « {table.rows[tab].name} »" for tab in beside]
        left = len(said) - _NAMED
        rest = f" ; et sur {left} autre{'s' * (left > 1)} écran{'s' * (left > 1)}" if left > 0 else ""
        return (
            Verdict.NOT_MET if most else Verdict.TO_JUDGE,
            f" Le profil a reçu d’autres droits : {' ; '.join(said[:_NAMED])}{rest}.",
        )

    def _taken_beside(self, granted: Set[Right]) -> tuple[Verdict, str]:
        """What was taken away and isn't asked is for a person."""
        had = {
            right
            for right in _EVERY
            if (TABS[right.screen][-1], right.action) in rights_before(self.company, self.profile)
        }
        if beside := had - granted - set(self.removed):
            return (
                Verdict.TO_JUDGE,
                f" Le profil ne peut plus {_denied(sorted(beside, key=str))} : ce n’était pas demandé.",
            )
        return Verdict.MET, ""

    def ways(self) -> Sequence[Act]:
        """The table of rights, box by box or with « Tout »; the profile's own page."""
        ways = [Act("Équipe > Permissions et Profils", lambda desk: self._do(desk))]
        if self._whole:
            ways.append(Act("« Tout » de l’écran", lambda desk: self._do(desk, whole=True)))
        return ways

    def near_misses(self) -> Sequence[NearMiss]:
        """Another profile, one right less, one that only looks like it, every screen; the name of another."""

        misses = []
        if self.added:
            last = self.added[-1]
            other: Action = "modifier" if last.action == "voir" else "voir"
            swapped = (*self.added[:-1], Right(screen=last.screen, action=other))
            columns = list(dict.fromkeys(right.action for right in self.added))
            misses += [
                NearMiss("droits donnés à un autre profil", ADDED, partial(self._do, neighbour=True)),
                NearMiss(
                    f"« {other} » au lieu de « {last.action} »", ADDED, lambda desk: self.but(added=swapped)._do(desk)
                ),
                NearMiss("la colonne entière", ADDED, lambda desk: tick_columns(desk, self.profile, columns)),
            ]
        if self.removed:
            left = "un droit laissé" if self.removed[1:] else "retiré, puis redonné"
            misses += [
                NearMiss("droits retirés à un autre profil", REMOVED, partial(self._do, neighbour=True)),
                NearMiss(left, REMOVED, self._leave_one),
            ]
        if self.new_name:
            misses += [
                NearMiss("un nouveau profil au lieu de l’ancien", CHANGED, partial(self._do, add=True)),
                NearMiss("un autre profil renommé", CHANGED, partial(self._do, neighbour=True)),
            ]
        return misses

    def roads(self) -> Sequence[Road]:
        """The profile renamed by another question, once its rights are right."""
        if self.new_name:
            return ()

        def renamed(desk: Desk) -> None:
            self._do(desk)
            rename_profile(desk, self.profile, f"{self.profile} de la boutique")

        return [Road("droits changés, puis profil renommé", one, renamed) for one in self.facts()]

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """Rights given and taken; all of a screen, and one right taken; and a profile that gets another name."""
        return (
            cls(
                profile="Commercial",
                added=(
                    *(Right(screen="clients", action=action) for action in ("voir", "modifier")),
                    *(Right(screen="règles panier", action=action) for action in ("voir", "supprimer")),
                ),
                removed=(Right(screen="catégories"), Right(screen="catégories", action="ajouter")),
            ),
            cls(
                profile="Stagiaire",
                added=tuple(Right(screen="clients", action=action) for action in get_args(Action)),
                removed=(Right(screen="catégories"),),
            ),
            cls(profile="Logisticien", new_name="Préparateur de commandes"),
        )

    @property
    def _whole(self) -> list[Screen]:
        """The screens of which all is to be given."""
        return [
            name
            for name in dict.fromkeys(right.screen for right in self.added)
            if {right.action for right in self.added if right.screen == name} == set(get_args(Action))
        ]

    def _leave_one(self, desk: Desk) -> None:
        tick(desk, self.profile, self.removed[1:] or self.removed, False)
        if not self.removed[1:]:
            tick(desk, self.profile, self.removed, True)

    def _do(self, desk: Desk, neighbour: bool = False, add: bool = False, whole: bool = False) -> None:
        profile = self.profile
        if neighbour:
            page = office(desk, *_PROFILES)
            names = page.locator("table tbody td.column-name").all_inner_texts()
            profile = next(n.strip() for n in names if not same(n, self.profile) and not same(n, "SuperAdmin"))
        if whole:
            tick_all(desk, profile, self._whole)
        if rest := [right for right in self.added if not whole or right.screen not in self._whole]:
            tick(desk, profile, rest, True)
        if self.removed:
            tick(desk, profile, self.removed, False)
        if self.new_name:
            _rename(desk, "" if add else profile, self.new_name)


def _listed(rights: Sequence[Right], before_last: str) -> str:
    *most, last = map(str, rights) if rights else [""]
    return f"{', '.join(most)}{before_last}{last}" if most else last


def _denied(rights: Sequence[Right]) -> str:
    """What a profile may no longer do, behind « ne peut plus »."""
    said = _listed(rights, " ni ")
    return re.sub(r"ajouter des (?=[aeiou])", "ajouter d’", said).replace("ajouter des ", "ajouter de ")


def _but(granted: bool, outcome: Outcome) -> str:
    """What leads from the table to what an employee met."""
    if outcome == "nothing":
        return ""
    return "et " if granted == (outcome == "done") else "mais "


def _both(first: tuple[Verdict, str], second: tuple[Verdict, str]) -> tuple[Verdict, str]:
    return worst([first[0], second[0]]), first[1] + second[1]


def _if(met: bool) -> Verdict:
    return Verdict.MET if met else Verdict.NOT_MET


def _rename(desk: Desk, profile: str, name: str) -> None:
    page = office(desk, *_PROFILES)
    if profile:
        row = page.locator("table tbody tr", has_text=profile).first
        page.goto(str(row.locator("a[href*='/edit']").first.evaluate("a => a.href")))
    else:
        page.locator("#page-header-desc-configuration-add").click()
    page.locator("#profile_name_1").fill(name)
    with saving(page):
        page.locator("form[name=profile] .card-footer button.btn-primary").click()


_NAMES = Script[list[list[str]]]("""page => [...page.querySelectorAll('table tbody tr')].filter(row => row.querySelector('td.column-name')).map(
    row => [row.querySelector('td.column-id_profile').textContent.trim(), row.querySelector('td.column-name').textContent.trim()])
""")
