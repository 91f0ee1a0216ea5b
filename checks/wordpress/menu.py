"""Menus: the tree that a visitor sees in a place of the site."""

from dataclasses import replace

from checks.wordpress.reading import seeded
from checks.wordpress.reading.answers import rest_all
from checks.wordpress.reading.menu_shown import (
    Shown,
    Targets,
    compared,
    difference,
    drawn,
    menus_called,
    shown_menu,
    taken_out,
)
from checks.wordpress.reading.menu_tree import line, walk
from checks.wordpress.reading.other_menus import had_a_menu, lists_at, reordered, stored_tree
from checks.wordpress.reading.wording import agreed, leads, of_quoted
from checks.wordpress.screens.wanted_menu import CREATED, REMOVED, TREE, WantedMenu
from provisioner.french.text import nearly_same, numbered, quoted, same
from provisioner.subject.check import Finding, Site, Verdict


class MenuTree(WantedMenu, id="wordpress.menu.menu_tree"):
    """Le menu d’un emplacement montre l’arborescence demandée, ou des éléments ajoutés n’importe où.

    Le contrôle lit le menu tel qu’un visiteur le voit sur la page d’accueil : titres, liens, sous-menus.
    """

    def verify(self, site: Site) -> list[Finding]:
        """The menu of that place as the front page shows it."""
        seen = shown_menu(site, self.location)
        if self.order == "free":
            seen = replace(seen, items=reordered(seen.items, self.tree))
        targets = Targets(site, self.items())
        shot = site.shot("le menu sur la page d’accueil", mark=site.page.locator("ul:has(> li.menu-item)"))
        note = site.note("le menu affiché", f"{seen.where}\n\n{drawn(seen.items) or 'rien'}")
        found = []
        for one in self.facts():
            if one == CREATED:
                verdict, expected, observed = self._is_there(site)
            elif one == TREE:
                verdict, expected, observed = self._whole(seen, targets)
            elif one == REMOVED:
                verdict, expected, observed = self._taken_out(site, seen)
            else:
                verdict, expected, observed = self._added(one, seen, targets)
            found.append(Finding(one, verdict, expected, f"{observed} ({seen.where})", (shot, note)))
        return [self._otherwise(site, one, seen, targets) for one in found]

    def _otherwise(self, site: Site, found: Finding, seen: Shown, targets: Targets) -> Finding:
        """The finding; where the place doesn't show the menu, whether another list does, or it is right and hidden."""
        if found.verdict is not Verdict.NOT_MET or found.fact == CREATED:
            return found
        for items in lists_at(site, self.location) if found.fact != REMOVED else ():
            if self._right(found.fact, Shown("", "", items), targets):
                return _doubted(found, f"une autre liste de liens, au même endroit, est comme demandé : {line(items)}")
        taken_away = bool(seen.fault) and had_a_menu(self.company, self.location)
        stored = stored_tree(site, self.location, self.menu) if taken_away else ()
        if stored and self._right(found.fact, Shown("", "", stored), targets):
            return _doubted(found, "tel qu’il est enregistré dans l’administration, ce menu est comme demandé")
        return found

    def _right(self, one: str, seen: Shown, targets: Targets) -> bool:
        """Whether a tree is as this fact asks."""
        if one == REMOVED:
            return not any(same(title, item.title) for title in self.removed for item, _ in walk(seen.items))
        items = reordered(seen.items, self.tree) if self.order == "free" else seen.items
        if self.tree and difference(self.tree, items, targets):
            return False
        return one == TREE or self._added(one, seen, targets)[0] is Verdict.MET

    def _is_there(self, site: Site) -> tuple[Verdict, str, str]:
        names = {name: number for number, name in menus_called(site)}
        named = [name for name in names if same(self.menu, name)]
        near = [name for name in names if nearly_same(self.menu, name)]
        expected = f"un menu nommé « {self.menu} », avec des éléments"
        lost = [
            old for old in seeded.at_first(self.company, "menus", "name") if not any(same(old, name) for name in names)
        ]
        one, several = "n’existe plus, peut-être renommé", "n’existent plus, peut-être renommés"
        doubts = [f"des menus du départ, {agreed(lost, one, several)}"] * bool(lost)
        slip = ["le nom n’est pas tout à fait celui qui est demandé"]
        for alike, why in ((named, doubts), (near, slip + doubts)):
            for name in alike:
                if items := len(rest_all(site, f"wp/v2/menu-items?context=edit&menus={names[name]}&_fields=id")):
                    said = f" ; à lire : {' ; '.join(why)}" if why else ""
                    verdict = Verdict.TO_JUDGE if why else Verdict.MET
                    return verdict, expected, f"le menu « {name} » a {numbered(items, 'élément')}{said}"
        observed = f"aucun menu de ce nom ; menus du site : {quoted(names) or 'aucun'}"
        observed = f"le menu « {named[0]} » est vide" if named else observed
        return Verdict.NOT_MET, expected, observed

    def _whole(self, seen: Shown, targets: Targets) -> tuple[Verdict, str, str]:
        adds = not self.created and bool(self.additions())
        own = (*seeded.entries(self.company, self.menu), *self.removed) if adds else None
        verdict, observed = compared(self.tree, seen, targets, own)
        free = ", dans n’importe quel ordre" * (self.order == "free")
        nested = " (les sous-menus entre parenthèses)" * any(item.children for item in self.tree)
        return verdict, f"menu affiché{free}{nested} : {line(self.tree)}", observed

    def _taken_out(self, site: Site, seen: Shown) -> tuple[Verdict, str, str]:
        wanted = [item.title for item in self.items()]
        verdict, observed = taken_out(site, self.removed, wanted, seeded.entries(self.company, self.menu), seen)
        return verdict, f"le menu ne montre plus {quoted(self.removed)}", observed

    def _added(self, one: str, seen: Shown, targets: Targets) -> tuple[Verdict, str, str]:
        wanted = [item for item in self.additions() if item.adding == one]
        known = [*seeded.entries(self.company, self.menu), *(item.title for item in self.items())]
        strangers = [one for one, _ in walk(seen.items) if not any(same(title, one.title) for title in known)]
        faults, unsure = [], []
        for item in wanted:
            named = [shown for shown, _ in walk(seen.items) if same(item.title, shown.title)]
            near = [shown for shown, _ in walk(seen.items) if nearly_same(item.title, shown.title)]
            if any(targets.reached(item, shown) for shown in named):
                continue
            if close := next((shown for shown in near if targets.reached(item, shown)), None):
                unsure.append(f"à lire : le menu montre « {close.title} » au lieu {of_quoted(item.title)}")
            elif named:
                faults.append(leads(item.title, named[0].address))
            elif other := next((shown for shown in strangers if targets.reached(item, shown)), None):
                unsure.append(f"à lire : l’élément « {item.title} » est dans le menu sous le titre « {other.title} »")
            else:
                faults.append(f"« {item.title} » n’est pas dans le menu")
        expected = ", ".join(f"« {item.title} » vers {targets.french(item)}" for item in wanted)
        titles = [shown.title for shown, _ in walk(seen.items)]
        first = seeded.entries(self.company, self.menu) if self.entries else ()
        lost = [title for title in first if not any(same(title, one) for one in (*titles, *self.removed))]
        unsure += [f"à lire : {agreed(lost, 'n’est plus dans le menu', 'ne sont plus dans le menu')}"] if lost else []
        if seen.unseen:
            unsure.append(f"à lire : un visiteur ne voit pas ce menu sur un ordinateur : {seen.unseen}")
        verdict = Verdict.NOT_MET if faults else Verdict.TO_JUDGE if unsure else Verdict.MET
        there = agreed([item.title for item in wanted], "est dans le menu", "sont dans le menu")
        observed = seen.fault or " ; ".join([*faults, *unsure]) or there
        return verdict, f"ajouté au menu : {expected}", observed


def _doubted(found: Finding, doubt: str) -> Finding:
    """A finding that a person has to read instead."""
    return replace(found, verdict=Verdict.TO_JUDGE, observed=f"{found.observed} ; à lire : {doubt}")
