"""Modules: on or off, as the shop shows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Self

from pydantic import Field

from checks.prestashop.reading import modules
from checks.prestashop.reading.checkout import payments
from checks.prestashop.reading.product_verdicts import worst
from checks.prestashop.reading.shop import catalogue
from checks.prestashop.screens import module_manager as screens
from checks.prestashop.screens.disturbances import sell_nothing
from checks.prestashop.screens.positions import unhook
from checks.visibility import is_seen
from provisioner.french.text import quoted
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Road, Site, Verdict
from provisioner.subject.functionalities import fact

Module = Literal[
    "produits phares",
    "carrousel",
    "menu principal",
    "bloc texte",
    "réassurance",
    "boutons de partage",
    "commentaires produits",
    "chèque",
]


@dataclass(frozen=True)
class Known:
    """A module of the list: its technical name, its fact, where a visitor meets it and as what.

    One for `computers` switches itself off on mobiles when it is installed.
    """

    name: str
    fact: str
    where: Literal["accueil", "produit", "paiement"]
    shown: str = ""
    computers: bool = False


def _known(
    name: str, line: str, where: Literal["accueil", "produit", "paiement"], shown: str = "", computers: bool = False
) -> Known:
    return Known(name, fact(f"prestashop.module.{line}", "activé ou désactivé"), where, shown, computers)


MODULES: dict[str, Known] = {
    "produits phares": _known("ps_featuredproducts", "produits-phares", "accueil", "#content .featured-products"),
    "carrousel": _known("ps_imageslider", "carrousel", "accueil", "#carousel", computers=True),
    "menu principal": _known("ps_mainmenu", "menu-principal", "accueil", "#_desktop_top_menu .top-menu"),
    "bloc texte": _known("ps_customtext", "bloc-texte", "accueil", "#custom-text"),
    "réassurance": _known(
        "blockreassurance", "reassurance", "produit", ".blockreassurance_product, .blockreassurance, #block-reassurance"
    ),
    "boutons de partage": _known("ps_sharebuttons", "partage", "produit", ".social-sharing"),
    "commentaires produits": _known(
        "productcomments", "commentaires-produits", "produit", "#product-comments-list-header"
    ),
    "chèque": _known("ps_checkpayment", "cheque", "paiement"),
}


class ModuleSwitched(Check, id="prestashop.module.switched"):
    """Un module est activé, ou désactivé, et la boutique le montre, ou ne le montre plus.

    Quand un autre de ces modules est désactivé aussi, c’est à apprécier : n’en faites désactiver qu’un par sujet. Activé,
    mais non montré, il est à apprécier aussi.
    """

    proves = tuple(known.fact for known in MODULES.values())
    acts = True

    module: Module = Field(description="Le module, par le nom que la liste de l’examen lui donne.")
    active: bool = Field(description="Ce qui est demandé : activé (true) ou désactivé (false).")

    def facts(self) -> tuple[str, ...]:
        """Its module's."""
        return (self._known.fact,)

    def given(self, desk: Desk) -> None:
        """What is to be switched on is off."""
        if self.active:
            screens.act_on(desk, self._known.name, "disable")

    def verify(self, site: Site) -> list[Finding]:
        """Where a visitor meets it; the module manager says whether it is this module that he meets, or misses."""
        states = dict(zip(MODULES, modules.switched_on(site, [one.name for one in MODULES.values()]), strict=True))
        on, mobile = states[self.module]
        shown, closed, shot = self._shown(site)
        where = {"accueil": "la page d’accueil", "produit": "la page d’un produit", "paiement": "l’étape du paiement"}
        expected = f"Le module « {self.module} » est {'activé' if self.active else 'désactivé'} : " + (
            f"{where[self._known.where]} le montre."
            if self.active
            else f"{where[self._known.where]} ne le montre plus."
        )
        verdict = judged(self.active, on, shown)
        seen = closed or where[self._known.where] + (" le montre" if shown else " ne le montre pas")
        if closed:
            verdict = Verdict.TO_JUDGE if on is self.active else Verdict.NOT_MET
        state = "activé" if on else "désactivé"
        if on and self.active and not mobile and not self._known.computers:
            verdict, state = worst([verdict, Verdict.TO_JUDGE]), "activé, mais désactivé sur mobile"
        observed = f"Le module est {state} ; {seen}."
        # All of them are on before the work.
        lost = [name for name, (still, _) in states.items() if name != self.module and not still]
        if verdict is Verdict.MET and not self.active and lost:  # another question may have asked it
            verdict, observed = Verdict.TO_JUDGE, f"{observed} Autres modules désactivés : {quoted(lost)}."
        return [Finding(self._known.fact, verdict, expected, observed, (shot,))]

    def _shown(self, site: Site) -> tuple[bool, str, str]:
        """Whether a customer or a visitor meets it, or why he doesn't come so far, and the page as evidence."""
        if self._known.where == "accueil":
            site.visit("/")
        else:
            if self._known.where == "paiement":
                page = site.signed_in("customer")
                last = payments(site, page)
                page.goto(f"{site.address}/index.php?controller=order")
                return (
                    self._known.name in last.offered,
                    last.closed,
                    site.shot("l’étape du paiement", page, mark=page.locator("#checkout-payment-step")),
                )
            product = min(row.id for row in catalogue(site) if row.active)
            site.visit(f"/index.php?controller=product&id_product={product}")
        element = site.page.locator(self._known.shown).first
        shown = is_seen(element)
        if shown:
            element.scroll_into_view_if_needed()
        return shown, "", site.shot("la boutique, vue par un visiteur", mark=element)

    def ways(self) -> Sequence[Act]:
        """The module manager, for one module or for those that are ticked, or the theme's page; uninstalling takes it off as well."""
        action: Literal["enable", "disable"] = "enable" if self.active else "disable"
        ways = [
            Act("gestionnaire de modules", lambda desk: screens.act_on(desk, self._known.name, action)),
        ]
        if self.module == "carrousel":  # the same screens do it for every module: walked for one
            ways += [
                Act("actions groupées", lambda desk: screens.act_on_ticked(desk, self._known.name, action)),
                Act(
                    "Thème et logo > Configuration des pages",
                    lambda desk: screens.act_in_theme(desk, self._known.name, "slider", action),
                ),
            ]
            if not self.active:
                ways.append(Act("désinstallé", lambda desk: screens.act_on(desk, self._known.name, "uninstall")))
        return ways

    def near_misses(self) -> Sequence[NearMiss]:
        """Another module, only for mobiles, or a question that wasn't confirmed."""
        other = next(known.name for name, known in MODULES.items() if name != self.module)

        def neighbour(desk: Desk) -> None:
            screens.act_on(desk, other, "uninstall" if self.active else "disable")

        def twice(desk: Desk) -> None:
            screens.act_on(desk, self._known.name, "enable")
            screens.act_on(desk, self._known.name, "disable")

        acts: list[tuple[str, Callable[[Desk], None]]] = [("un autre module", neighbour)]
        if self.active:
            acts.append(("activé, puis désactivé", twice))
        elif self._known.computers:
            acts.append(
                (
                    "confirmation annulée",
                    lambda desk: screens.act_on(desk, self._known.name, "disable", confirmed=False),
                )
            )
        else:
            acts.append(
                (
                    "désactivé sur mobile seulement",
                    lambda desk: screens.act_on(desk, self._known.name, "disable_mobile"),
                )
            )
        return [NearMiss(name, self._known.fact, run) for name, run in acts]

    def roads(self) -> Sequence[Road]:
        """Hidden or shown by something else as well; another module off too. Each is walked for the modules it differs for."""
        first, roads = self.ways()[0].run, []

        def then(act: Callable[[Desk], None]) -> Callable[[Desk], None]:
            def run(desk: Desk) -> None:
                first(desk)
                act(desk)

            return run

        if self.module == "carrousel" and self.active:
            roads.append(("activé, puis retiré de la page d’accueil", then(lambda desk: unhook(desk, "carrousel"))))
        elif self.module == "carrousel":
            another = MODULES["produits phares"].name
            roads += [
                ("retiré de la page d’accueil, sans le désactiver", lambda desk: unhook(desk, "carrousel")),
                ("un autre module désactivé aussi", then(lambda desk: screens.act_on(desk, another, "disable"))),
            ]
        elif self._known.where == "paiement":
            roads.append(("la boutique ne vend plus rien", then(sell_nothing)))
        elif self.active and not self._known.computers:
            on_computers = then(lambda desk: screens.act_on(desk, self._known.name, "disable_mobile"))
            roads.append(("activé, puis désactivé sur mobile", on_computers))
        return [Road(name, self._known.fact, run) for name, run in roads]

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """Each module off, and two of them on again."""
        return (
            *(cls.model_validate({"module": name, "active": False}) for name in MODULES),
            cls(module="carrousel", active=True),
            cls(module="commentaires produits", active=True),
        )

    @property
    def _known(self) -> Known:
        return MODULES[self.module]


def judged(wanted: bool, on: bool, shown: bool) -> Verdict:
    """On or off is both; hidden by another road (its place taken from it, nothing left to show) is for a person to say."""
    if wanted:
        return Verdict.NOT_MET if not on else Verdict.MET if shown else Verdict.TO_JUDGE
    if on and shown:
        return Verdict.NOT_MET
    return Verdict.TO_JUDGE if on or shown else Verdict.MET
