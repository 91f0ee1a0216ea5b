"""The blocks of the home page: their order, one that is taken off, and the place of the featured products."""

from collections.abc import Callable, Sequence
from typing import Self

from pydantic import Field, model_validator

from checks.prestashop.reading.home_blocks import FROM_THE_START, MODULES, Block, blocks_on, blocks_shown
from checks.prestashop.reading.modules import hooked_modules, switched_on
from checks.prestashop.screens.module_manager import act_on
from checks.prestashop.screens.positions import arrange, drag, graft, unhook
from provisioner.french.text import quoted
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Road, Site, Verdict
from provisioner.subject.functionalities import fact

ORDER = fact("prestashop.apparence.position-blocs", "ordre des blocs")
REMOVED = fact("prestashop.apparence.position-blocs", "bloc retiré")
FEATURED = fact("prestashop.apparence.position-populaires", "position")

_FEATURED = "produits phares"


class HomeBlocks(Check, id="prestashop.apparence.home_blocks"):
    """La page d’accueil montre ses blocs dans l’ordre demandé, et ne montre plus celui qui est à retirer."""

    proves = (ORDER, REMOVED)

    order: tuple[Block, ...] = Field(
        (),
        description="Les blocs dans l’ordre demandé, ou quelques-uns d’entre eux ; la bannière est d’abord à activer. Un bloc à "
        "retirer va dans le même contrôle : qu’un autre manque est à apprécier.",
    )
    removed: Block | None = Field(
        None,
        description="Le bloc à retirer de la page d’accueil, parmi ceux qu’elle montre au départ : pas la bannière.",
    )

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if len(self.order) == 1 or not (self.order or self.removed):
            raise ValueError("demandez un ordre (order) d’au moins deux blocs, ou un bloc à retirer (removed)")
        if self.removed and self.removed not in FROM_THE_START:
            raise ValueError(
                f"la page d’accueil n’a pas de {self.removed} au départ : "
                f"le bloc à retirer (removed) est l’un de {quoted(FROM_THE_START)}"
            )
        if len(set(self.order)) < len(self.order):
            raise ValueError("un bloc n’est qu’une fois dans l’ordre (order)")
        if self.removed in self.order:
            raise ValueError("le bloc à retirer (removed) ne peut pas être dans l’ordre (order)")
        return self

    def facts(self) -> tuple[str, ...]:
        """Those that are asked for."""
        return (*((ORDER,) if self.order else ()), *((REMOVED,) if self.removed else ()))

    def verify(self, site: Site) -> list[Finding]:
        """The home page from top to foot, with what stands outside its middle; the modules on its hook where that is not it."""
        seen = blocks_shown(site)
        whole = blocks_on(site.page.locator("body"))
        shot = site.shot("la page d’accueil", mark=site.page.locator("#content > *"))
        observed = f"De haut en bas : {quoted(seen)}." if seen else "La page d’accueil ne montre aucun de ses blocs."
        lost = [one for one in FROM_THE_START if one not in (*seen, self.removed)]
        found = []
        if self.order:
            expected = f"La page d’accueil montre, de haut en bas, {quoted(self.order)}."
            verdict, said = self.ordered(site, seen, whole)
            if verdict is Verdict.MET and lost:
                verdict, said = Verdict.TO_JUDGE, f" Il manque {quoted(lost)}, que la page montrait au départ."
            found.append(Finding(ORDER, verdict, expected, observed + said, (shot,)))
        if self.removed:
            expected = f"La page d’accueil ne montre plus le bloc « {self.removed} », mais montre les autres."
            verdict, said = self.taken_off(site, seen, whole)
            if verdict is Verdict.MET and lost:
                verdict, said = Verdict.TO_JUDGE, f" Il manque aussi {quoted(lost)}."
            found.append(Finding(REMOVED, verdict, expected, observed + said, (shot,)))
        return found

    def ordered(self, site: Site, seen: Sequence[str], whole: Sequence[str]) -> tuple[Verdict, str]:
        """Whether the middle of the page shows them so; by the whole page, or by the modules' places alone, a person says."""
        if _of(self.order, seen) == list(self.order):
            return Verdict.MET, ""
        if _of(self.order, whole) == list(self.order):
            return Verdict.TO_JUDGE, f" Avec les blocs hors de la zone centrale, de haut en bas : {quoted(whole)}."
        hidden = [one for one in self.order if one not in whole]
        shown = [one for one in self.order if one in whole]
        moved = _of(self.order, FROM_THE_START) != _of(FROM_THE_START, self.order) or "bannière" in shown
        known = moved and set(hidden) <= set(FROM_THE_START) and _of(self.order, seen) == shown
        if hidden and known and _of(self.order, _hooked(site)) == list(self.order):
            are = "ne s’affiche pas" if len(hidden) == 1 else "ne s’affichent pas"
            return Verdict.TO_JUDGE, f" Les modules sont dans l’ordre demandé, mais {quoted(hidden)} {are}."
        return Verdict.NOT_MET, ""

    def taken_off(self, site: Site, seen: Sequence[str], whole: Sequence[str]) -> tuple[Verdict, str]:
        """Whether the page shows it no more, and something else; with its module still in its place, a person says why."""
        if self.removed in whole or not seen:
            elsewhere = self.removed in whole and self.removed not in seen
            said = f" Le bloc « {self.removed} » est encore sur la page, hors de la zone centrale."
            return Verdict.NOT_MET, said if elsewhere else ""
        [(on, _)] = switched_on(site, [MODULES[self.removed or ""]])
        if on and self.removed in _hooked(site):
            return Verdict.TO_JUDGE, f" Le module du bloc « {self.removed} » est pourtant activé et à sa place."
        return Verdict.MET, ""

    def ways(self) -> Sequence[Act]:
        """Drag them on the positions' screen, or graft them again one after the other; take one off there, or its module."""

        def grafted(desk: Desk) -> None:
            self._switch_on(desk)
            for block in self.order[1:]:
                unhook(desk, block)
                graft(desk, block)
            if self.removed:
                unhook(desk, self.removed, ticked=True)

        ways = [
            Act("positions : glisser et déposer", self._do),
            Act("positions : décrocher et greffer de nouveau", grafted),
        ]
        if self.removed:
            ways.append(Act("modules : désactiver celui du bloc", self._disabled))
        return ways

    def near_misses(self) -> Sequence[NearMiss]:
        """Another order, one that is taken off instead of moved; another block, or elsewhere."""
        misses = []
        if self.order:
            swapped = (*self.order[:-2], self.order[-1], self.order[-2])
            misses += [
                NearMiss("les deux derniers intervertis", ORDER, lambda desk: self._arranged(desk, swapped)),
                NearMiss("un bloc retiré au lieu de déplacé", ORDER, self._one_less),
            ]
        if self.removed:
            other: Block = "produits phares" if self.removed != "produits phares" else "carrousel"
            misses += [
                NearMiss("un autre bloc retiré", REMOVED, lambda desk: unhook(desk, other)),
                NearMiss("descendu au lieu de retiré", REMOVED, self._lowered),
                NearMiss("déplacé hors de la zone centrale", REMOVED, self._moved_away),
            ]
        return misses

    def roads(self) -> Sequence[Road]:
        """A block of the order switched off by another question; one that stands in its place by another hook."""
        if not self.order:
            return ()

        def switched_off(desk: Desk) -> None:
            self._do(desk)
            act_on(desk, MODULES[self.order[-1]], "disable")

        def above_all(desk: Desk) -> None:
            self._switch_on(desk)
            unhook(desk, self.order[0])
            graft(desk, self.order[0], "displayContentWrapperTop")

        return (
            Road("rangés, puis l’un d’eux désactivé", ORDER, switched_off),
            Road("greffé au-dessus des autres, sur un autre point d’accroche", ORDER, above_all),
        )

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """An order of two, with the third taken off; the banner above the products."""
        return (
            cls(order=("produits phares", "carrousel"), removed="bloc texte"),
            cls(order=("bannière", "produits phares")),
        )

    def _switch_on(self, desk: Desk) -> None:
        """The banner, where it is asked for: the company's home page has it off."""
        if "bannière" in self.order:
            act_on(desk, MODULES["bannière"], "enable")

    def _arranged(self, desk: Desk, order: tuple[Block, ...]) -> None:
        self._switch_on(desk)
        arrange(desk, order)

    def _one_less(self, desk: Desk) -> None:
        self._switch_on(desk)
        unhook(desk, self.order[-1])

    def _do(self, desk: Desk) -> None:
        if self.order:
            self._arranged(desk, self.order)
        if self.removed:
            unhook(desk, self.removed)

    def _disabled(self, desk: Desk) -> None:
        assert self.removed
        if self.order:
            self._arranged(desk, self.order)
        act_on(desk, MODULES[self.removed], "disable")

    def _moved_away(self, desk: Desk) -> None:
        assert self.removed
        unhook(desk, self.removed)
        graft(desk, self.removed, "displayContentWrapperBottom")

    def _lowered(self, desk: Desk) -> None:
        assert self.removed
        drag(desk, self.removed, 0)


def _of(wanted: Sequence[str], seen: Sequence[str]) -> list[str]:
    """Those that are seen of the wanted ones, as they are seen."""
    return [one for one in seen if one in wanted]


def _hooked(site: Site) -> list[str]:
    """The blocks whose modules are on the home page's hook, in their order, shown or not."""
    return [name for module in hooked_modules(site, "displayHome") for name in MODULES if MODULES[name] == module]


class FeaturedPosition(Check, id="prestashop.apparence.featured_position"):
    """Les produits populaires sont au rang demandé parmi les blocs de la page d’accueil."""

    proves = (FEATURED,)

    rank: int = Field(
        ge=1,
        le=len(FROM_THE_START),
        description="Leur rang parmi les blocs que la page d’accueil a au départ, sans compter la bannière ; 1 : tout en haut.",
    )

    def verify(self, site: Site) -> list[Finding]:
        """The home page from top to foot."""
        seen = blocks_shown(site)
        gone = [one for one in FROM_THE_START if one not in seen]
        observed = f"De haut en bas : {quoted(seen)}." if seen else "La page d’accueil ne montre aucun de ses blocs."
        observed += f" Il manque {quoted(gone)}." if seen and gone else ""
        expected = (
            f"Les produits populaires (bloc « {_FEATURED} ») sont le bloc n° {self.rank} de la page d’accueil, "
            "sans compter la bannière."
        )
        verdict = self.judged(seen)
        shot = site.shot("la page d’accueil", mark=site.page.locator("#content > *"))
        if verdict is Verdict.NOT_MET and gone and self._stands(_hooked(site)):
            verdict = Verdict.TO_JUDGE
            observed += " Le module des produits populaires est pourtant au rang demandé parmi ceux de la page."
        elif verdict is Verdict.TO_JUDGE:
            by_rank = (
                " Leur rang peut en dépendre." if gone else " Avec la bannière, ils sont pourtant au rang demandé."
            )
            observed += by_rank
        return [Finding(FEATURED, verdict, expected, observed, (shot,))]

    def _stands(self, hooked: Sequence[str]) -> bool:
        """Whether their module was moved to that rank among those of the page that were there, shown or not."""
        names = _of(FROM_THE_START, hooked)
        moved = names != list(FROM_THE_START)
        return len(names) == len(FROM_THE_START) and moved and names[self.rank - 1] == _FEATURED

    def judged(self, seen: Sequence[str]) -> Verdict:
        """Their rank among the blocks that were there: a banner is another question's.

        Where one of those is gone, maybe for another question, the others don't tell the rank; nor does a banner
        that the candidate counted: a person says, where anything was moved at all.
        """
        own = [one for one in seen if one in FROM_THE_START]
        if len(own) == len(FROM_THE_START) and own[self.rank - 1] == _FEATURED:
            return Verdict.MET
        moved = own != [one for one in FROM_THE_START if one in own]
        last = self.rank == len(FROM_THE_START) and own[-1:] == [_FEATURED]
        counted = any(many[self.rank - 1 : self.rank] == [_FEATURED] for many in (own, list(seen)))
        return Verdict.TO_JUDGE if moved and (last or counted) else Verdict.NOT_MET

    def ways(self) -> Sequence[Act]:
        """Drag it; the last place is also where it comes when it is grafted again."""

        def grafted(desk: Desk) -> None:
            unhook(desk, _FEATURED)
            graft(desk, _FEATURED)

        ways = [Act("positions : glisser et déposer", lambda desk: drag(desk, _FEATURED, self.rank - 1))]
        if self.rank == 3:
            ways.append(Act("positions : décrocher et greffer de nouveau", grafted))
        return ways

    def near_misses(self) -> Sequence[NearMiss]:
        """Another rank, another block in this one, taken off."""

        def moved(block: Block, rank: int) -> Callable[[Desk], None]:
            return lambda desk: drag(desk, block, rank)

        return (
            NearMiss("un autre rang", FEATURED, moved("produits phares", 1 if self.rank == 3 else 2)),
            NearMiss("un autre bloc à ce rang", FEATURED, moved("carrousel", self.rank - 1)),
            NearMiss("bloc retiré", FEATURED, lambda desk: unhook(desk, _FEATURED)),
        )

    def roads(self) -> Sequence[Road]:
        """Another block switched off by another question, once they are in their place."""

        def switched_off(desk: Desk) -> None:
            drag(desk, _FEATURED, self.rank - 1)
            act_on(desk, MODULES["carrousel"], "disable")

        return (Road("à leur rang, puis carrousel désactivé", FEATURED, switched_off),)

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """Below the others; above them."""
        return (cls(rank=3), cls(rank=1))
