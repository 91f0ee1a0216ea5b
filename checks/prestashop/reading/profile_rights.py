"""What a profile of employees may do, as the table of permissions holds it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from checks.prestashop.reading.answers import Script, looked_up, looked_up_each, screen
from checks.prestashop.reading.employee_access import TABS, Action, Screen
from checks.prestashop.reading.seeded import rows
from provisioner.french.text import same
from provisioner.subject.check import Site

#: The actions as the table names them.
ACTIONS: Mapping[Action, str] = {"voir": "view", "ajouter": "add", "modifier": "edit", "supprimer": "delete"}
SAID: Mapping[str, Action] = {word: action for action, word in ACTIONS.items()}
ACCESS_SCREEN = ("AdminParentEmployees", "AdminAccess")


class Right(BaseModel):
    """Un droit : ce qu’on peut faire, sur quel écran."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    screen: Screen = Field(description="L’écran de l’administration.")
    action: Action = Field("voir", description="Ce qu’on peut y faire.")

    def __str__(self) -> str:
        article = "le" if self.screen == "service client" else "des" if self.action == "ajouter" else "les"
        return f"{self.action} {article} {self.screen}"


@dataclass(frozen=True)
class Row:
    """An entry of the menu: its name, the number of the one above it, and the actions that are ticked."""

    name: str
    above: str
    ticked: frozenset[Action]


@dataclass(frozen=True)
class Table:
    """A profile's rights, by the numbers of the menu's entries."""

    rows: Mapping[str, Row]

    def ticked(self, tab: str) -> frozenset[Action]:
        """The actions on an entry that the profile has; none on one that the menu hasn't."""
        return self.rows[tab].ticked if tab in self.rows else frozenset()

    def above(self, tab: str) -> list[str]:
        """The entries that this one stands under, the nearest first."""
        found: list[str] = []
        while tab in self.rows and self.rows[tab].above in self.rows:
            tab = self.rows[tab].above
            found.append(tab)
        return found

    def given_beside(
        self, added: Mapping[str, set[Action]], had: Mapping[str, set[Action]]
    ) -> tuple[dict[str, set[Action]], bool]:
        """What is ticked that was neither `added` as it is asked nor `had`, and whether it is so of most of the menu.

        What goes along isn't told: who may do something on a screen has to see it; the page itself ticks what stands
        above a screen, which opens nothing by itself, and with « Tout » all that stands right below the menu's heading.
        """
        along = {one for tab in (*added, *had) for one in self.above(tab)}
        whole = [self.above(tab) for tab, actions in added.items() if actions >= set(ACTIONS)]
        along |= {tab for tab, row in self.rows.items() if any(row.above in above[-1:] for above in whole)}
        found = {}
        for tab in self.rows.keys() - along:
            of = next((one for one in (tab, *self.above(tab)) if one in added), None)
            more = self.rows[tab].ticked - had.get(tab, set()) - ({"voir", *added[of]} if of else set())
            if more:
                found[tab] = set(more)
        return {tab: found[tab] for tab in self.rows if tab in found}, 2 * len(found) > len(self.rows)


def table_of(site: Site, profile: str) -> Table:
    """The rights of the profile of this number, for the examiner."""
    seen = looked_up(site, site.signed_in(), screen(site, *ACCESS_SCREEN), _TABLE, profile)
    return Table(
        {
            row["tab"]: Row(row["name"], row["above"], frozenset(SAID[one] for one in row["ticked"] if one in SAID))
            for row in seen
        }
    )


def numbers_of(site: Site) -> dict[str, str]:
    """The number of each menu entry, by its id; of those at the head of a screen too."""
    dashboard = f"{site.address}/gestion/index.php?controller=AdminDashboard"
    heads = sorted({parent for tabs in TABS.values() for parent in tabs[:-1]})
    seen = looked_up_each(
        site, site.signed_in(), [dashboard, *(screen(site, one) for one in heads)], TAB_NUMBERS_SCRIPT
    )
    return {tab: number for one in seen for tab, number in (one or {}).items()}


@cache
def rights_before(company: Path, profile: str) -> frozenset[tuple[str, Action]]:
    """The rights that the company gave to a profile, by the ids of the menu."""
    given: Mapping[str, Sequence[str]] = next(
        (row["permissions"] for _, row in rows(company, "profiles") if same(profile, row["name"])), {}
    )
    return frozenset((tab, SAID[word]) for tab, words in given.items() for word in words)


def by_tab(rights: Iterable[tuple[str, Action]], numbers: Mapping[str, str]) -> dict[str, set[Action]]:
    """Rights by the numbers of the menu's entries."""
    found: dict[str, set[Action]] = {}
    for tab, action in rights:
        found.setdefault(numbers.get(tab, tab), set()).add(action)
    return found


_TABLE = Script[list[dict[str, Any]]](r"""(page, profile) => [...page.querySelectorAll(`#table_${profile} tbody tr`)].map(
    row => [row.cells[0], [...row.querySelectorAll('input.ajaxPower')]]).filter(([, boxes]) => boxes.length).map(
    ([name, boxes]) => ({
        tab: boxes[0].dataset.rel.split('||')[0], above: boxes[0].dataset.parent,
        name: name.textContent.replace(/[»\s]+/g, ' ').trim(),
        ticked: boxes.filter(box => box.hasAttribute('checked')).map(box => box.dataset.type)}))""")

TAB_NUMBERS_SCRIPT = Script[dict[str, str]]("""page => Object.fromEntries([...page.querySelectorAll('[id^=subtab-][data-submenu]')].map(
    item => [item.id.replace('subtab-', ''), item.dataset.submenu]))""")
