"""Profiles of employees: their names, and what each may do, tried as an employee who has it."""

from collections.abc import Callable, Mapping, Sequence, Set
from functools import cache
from typing import Annotated, Any, Self, get_args

from playwright.sync_api import Page
from pydantic import BaseModel, ConfigDict, Field, model_validator

from checks.prestashop.employee_screens import TABS, Action, Outcome, Screen, address_for, tried
from checks.prestashop.pages import LOADING, looked_up, looked_up_each, office, saving, screen
from checks.prestashop.seeded import chosen, rows
from provisioner.check import Act, Check, Desk, Finding, NearMiss, Refers, Site, Verdict
from provisioner.config import fact
from provisioner.text import quoted, same

ADDED = fact("prestashop.utilisateurs.permissions", "droits ajoutés")
REMOVED = fact("prestashop.utilisateurs.permissions", "droits retirés")
CHANGED = fact("prestashop.utilisateurs.modifier-profil", "profil modifié")

_ACTIONS: Mapping[str, str] = {"voir": "view", "ajouter": "add", "modifier": "edit", "supprimer": "delete"}
_ACCESS = ("AdminParentEmployees", "AdminAccess")
_PROFILES = ("AdminParentEmployees", "AdminProfiles")
_OUTCOMES: Mapping[Outcome, str] = {
    "done": "un employé de ce profil y parvient",
    "refused": "un employé de ce profil n’y parvient pas",
    "nothing": "rien à essayer sur cet écran",
}


class Right(BaseModel):
    """Un droit : ce qu’on peut faire, sur quel écran."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    screen: Screen = Field(description="L’écran de l’administration.")
    action: Action = Field("voir", description="Ce qu’on peut y faire.")

    def __str__(self) -> str:
        return (
            f"{self.action} les {self.screen}"
            if self.screen != "service client"
            else f"{self.action} le service client"
        )


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
            _tick(desk, self.profile, self.removed, True)

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
        near = [row for row in rows if self.new_name and chosen(wanted, row[1], "profiles") is Verdict.TO_JUDGE]
        expected = {
            ADDED: f"Un employé du profil « {self.profile} » peut {', '.join(map(str, self.added))}.",
            REMOVED: f"Un employé du profil « {self.profile} » ne peut plus {', '.join(map(str, self.removed))}.",
            CHANGED: f"Le profil « {self.profile} » s’appelle maintenant « {self.new_name} ».",
        }
        page = site.signed_in()
        page.goto(profiles)
        shots = [site.shot("les profils", page)]
        results: dict[str, tuple[Verdict, str]] = {
            CHANGED: (
                Verdict.TO_JUDGE if near and not named and not left else _if(bool(named) and not left),
                f"Les profils sont {quoted(row[1] for row in rows)}.",
            )
        }
        named = named or left or near
        if not named and (self.added or self.removed):
            why = f"Aucun profil ne s’appelle « {self.profile} »."
            results |= {ADDED: (Verdict.NOT_MET, why), REMOVED: (Verdict.NOT_MET, why)}
        elif self.added or self.removed:
            number, name = named[0]
            table: list[str] = looked_up(site, site.signed_in(), screen(site, *_ACCESS), _TICKED, number)
            own = site.signed_in(f"profile {name}")
            numbers = _numbers(site)
            granted = {
                right for right in _EVERY if f"{numbers.get(TABS[right.screen][-1])} {_ACTIONS[right.action]}" in table
            }
            results[ADDED] = self._tried(site, own, granted, self.added, True)
            results[REMOVED] = self._tried(site, own, granted, self.removed, False)
            own.goto(f"{site.address}/gestion/index.php?controller=AdminDashboard")
            shots.append(site.shot("ce que voit un employé de ce profil", own))
        return [Finding(one, results[one][0], expected[one], results[one][1], tuple(shots)) for one in self.facts()]

    def _tried(
        self, site: Site, own: Page, granted: Set[Right], rights: Sequence[Right], wanted: bool
    ) -> tuple[Verdict, str]:
        """The table decides; an employee who meets something else leaves it to a person, as does what was changed beside.

        Where a screen has nothing to try the table stands alone: some rights, such as to delete an invoice, name nothing.
        """
        said, verdicts = [], []
        for right in rights:
            verdict = _if((right in granted) == wanted)
            address = address_for(site, own, right.screen)
            words = ["accordé" if right in granted else "refusé"]
            if right.action == "voir" or not address:
                words.append("l’écran s’ouvre" if address else "l’écran ne s’ouvre pas")
            outcome: Outcome = "done" if address else "refused"
            if right.action != "voir" and address:
                outcome = tried(site, own, right.screen, right.action, address)
                words.append(_OUTCOMES[outcome])
            if verdict is Verdict.MET and outcome == ("refused" if wanted else "done"):
                verdict = Verdict.TO_JUDGE
            verdicts.append(verdict)
            said.append(f"{right} : {', '.join(words)}")
        observed = " ; ".join(said)[:1].upper() + " ; ".join(said)[1:] + "."
        had = _had(self.profile)
        beside = self._more(granted - had) if wanted else had - granted - set(self.removed)
        if beside:
            verdicts.append(Verdict.TO_JUDGE)
            observed += (
                f" Le profil {'peut aussi' if wanted else 'ne peut plus'} {', '.join(sorted(map(str, beside)))}."
            )
        worst = next((v for v in (Verdict.NOT_MET, Verdict.TO_JUDGE) if v in verdicts), Verdict.MET)
        return worst, observed

    def _more(self, new: Set[Right]) -> set[Right]:
        """What was given on the asked screens and isn't asked; who may change something has to see it."""
        screens = {right.screen for right in self.added}
        asked = {*self.added, *self.removed}
        return {one for one in new if one.screen in screens and one.action != "voir" and one not in asked}

    def ways(self) -> Sequence[Act]:
        """The table of rights, the profile's own page."""
        return (Act("Équipe > Permissions et Profils", lambda desk: self._do(desk)),)

    def near_misses(self) -> Sequence[NearMiss]:
        """Another profile, one right less, one that only looks like it; the name of another."""

        def made(**how: Any) -> Callable[[Desk], None]:
            return lambda desk: self._do(desk, **how)

        misses = []
        if self.added:
            last = self.added[-1]
            other: Action = "modifier" if last.action == "voir" else "voir"
            swapped = (*self.added[:-1], Right(screen=last.screen, action=other))
            misses += [
                NearMiss("droits donnés à un autre profil", ADDED, made(neighbour=True)),
                NearMiss(
                    f"« {other} » au lieu de « {last.action} »", ADDED, lambda desk: self.but(added=swapped)._do(desk)
                ),
            ]
        if self.removed:
            misses += [
                NearMiss("droits retirés à un autre profil", REMOVED, made(neighbour=True)),
                NearMiss("un droit laissé", REMOVED, lambda desk: _tick(desk, self.profile, self.removed[1:], False)),
            ]
        if self.new_name:
            misses += [
                NearMiss("un nouveau profil au lieu de l’ancien", CHANGED, made(add=True)),
                NearMiss("un autre profil renommé", CHANGED, made(neighbour=True)),
            ]
        return misses

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """Rights given and taken; and a profile that gets another name."""
        return (
            cls(
                profile="Commercial",
                added=(
                    *(Right(screen="clients", action=action) for action in ("voir", "modifier")),
                    *(Right(screen="règles panier", action=action) for action in ("voir", "supprimer")),
                ),
                removed=(Right(screen="catégories"), Right(screen="catégories", action="ajouter")),
            ),
            cls(profile="Logisticien", new_name="Préparateur de commandes"),
        )

    def _do(self, desk: Desk, neighbour: bool = False, add: bool = False) -> None:
        profile = self.profile
        if neighbour:
            page = office(desk, *_PROFILES)
            names = page.locator("table tbody td.column-name").all_inner_texts()
            profile = next(n.strip() for n in names if not same(n, self.profile) and not same(n, "SuperAdmin"))
        if self.added:
            _tick(desk, profile, self.added, True)
        if self.removed:
            _tick(desk, profile, self.removed, False)
        if self.new_name:
            _rename(desk, "" if add else profile, self.new_name)


@cache
def _had(profile: str) -> frozenset[Right]:
    """The rights that the company gave to a profile."""
    given: Mapping[str, Sequence[str]] = next(
        (row["permissions"] for _, row in rows("profiles") if same(profile, row["name"])), {}
    )
    return frozenset(right for right in _EVERY if _ACTIONS[right.action] in given.get(TABS[right.screen][-1], ()))


def _numbers(site: Site) -> dict[str, str]:
    """The number of each menu entry, by its id; of those at the head of a screen too."""
    dashboard = f"{site.address}/gestion/index.php?controller=AdminDashboard"
    heads = sorted({parent for tabs in TABS.values() for parent in tabs[:-1]})
    seen = looked_up_each(site, site.signed_in(), [dashboard, *(screen(site, one) for one in heads)], _NUMBERS)
    return {tab: number for one in seen for tab, number in (one or {}).items()}


def _if(met: bool) -> Verdict:
    return Verdict.MET if met else Verdict.NOT_MET


def _tick(desk: Desk, profile: str, rights: Sequence[Right], on: bool) -> None:
    """Tick or untick rights in the table; the page itself ticks the part of the menu that they are in."""
    numbers: dict[str, str] = {}
    for parent in sorted({one for right in rights for one in TABS[right.screen][:-1]}):
        numbers |= office(desk, parent).evaluate(f"() => ({_NUMBERS})(document)")
    page = office(desk, *_ACCESS)
    numbers |= page.evaluate(f"() => ({_NUMBERS})(document)")
    page.locator(".nav-profile", has_text=profile).first.click()
    number = str(page.locator(".nav-profile", has_text=profile).first.get_attribute("id")).removeprefix("profile-")
    for right in rights:
        box = _box(page, number, numbers[TABS[right.screen][-1]], _ACTIONS[right.action])
        if box.is_checked() != on:
            with page.expect_response(lambda r: "AdminAccess" in r.url and "ajaxMode" in r.url, timeout=LOADING):
                box.click()
    page.wait_for_load_state("networkidle")  # the page goes on to the part of the menu that the screen is in


def _box(page: Page, profile: str, tab: str, action: str) -> Any:
    return page.locator(f"#table_{profile} input.ajaxPower[data-rel^='{tab}||{profile}||{action}||']").first


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


_NAMES = """page => [...page.querySelectorAll('table tbody tr')].filter(row => row.querySelector('td.column-name')).map(
    row => [row.querySelector('td.column-id_profile').textContent.trim(), row.querySelector('td.column-name').textContent.trim()])"""

_TICKED = """(page, profile) => [...page.querySelectorAll(`#table_${profile} input.ajaxPower[checked]`)].map(
    box => box.dataset.rel.split('||')).map(([tab, , action]) => `${tab} ${action}`)"""

_NUMBERS = """page => Object.fromEntries([...page.querySelectorAll('[id^=subtab-][data-submenu]')].map(
    item => [item.id.replace('subtab-', ''), item.dataset.submenu]))"""
