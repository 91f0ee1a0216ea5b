"""The blocks of the home page: their order, one that is taken off, and the place of the featured products."""

from collections.abc import Callable, Sequence
from typing import Self

from pydantic import Field, model_validator

from checks.prestashop.position_screens import FROM_THE_START, Block, arrange, blocks_shown, drag, graft, unhook
from provisioner.check import Act, Check, Desk, Finding, NearMiss, Site, Verdict, finding
from provisioner.config import fact
from provisioner.text import quoted

ORDER = fact("prestashop.apparence.position-blocs", "ordre des blocs")
REMOVED = fact("prestashop.apparence.position-blocs", "bloc retiré")
FEATURED = fact("prestashop.apparence.position-populaires", "position")

_FEATURED = "produits phares"


class HomeBlocks(Check, id="prestashop.apparence.home_blocks"):
    """La page d’accueil montre ses blocs dans l’ordre demandé, et ne montre plus celui qui est à retirer."""

    proves = (ORDER, REMOVED)

    order: tuple[Block, ...] = Field((), description="Les blocs dans l’ordre demandé, ou quelques-uns d’entre eux.")
    removed: Block | None = Field(None, description="Le bloc à retirer de la page d’accueil.")

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if len(self.order) < 2 and self.removed is None:
            raise ValueError("demandez un ordre (order) d’au moins deux blocs, ou un bloc à retirer (removed)")
        if self.removed in self.order:
            raise ValueError("le bloc à retirer (removed) ne peut pas être dans l’ordre (order)")
        return self

    def facts(self) -> tuple[str, ...]:
        """Those that are asked for."""
        return (*((ORDER,) if self.order else ()), *((REMOVED,) if self.removed else ()))

    def verify(self, site: Site) -> list[Finding]:
        """The home page from top to foot."""
        seen = blocks_shown(site)
        shot = site.shot("la page d’accueil")
        observed = f"De haut en bas : {quoted(seen)}." if seen else "La page d’accueil ne montre aucun de ces blocs."
        found = []
        if self.order:
            ordered = [block for block in seen if block in self.order]
            expected = f"La page d’accueil montre, de haut en bas, {quoted(self.order)}."
            found.append(finding(ORDER, ordered == list(self.order), expected, observed, shot))
        if self.removed:
            expected = f"La page d’accueil ne montre plus le bloc « {self.removed} », mais montre les autres."
            met = self.removed not in seen and bool(seen)
            gone = [one for one in FROM_THE_START if one not in (*seen, self.removed)]
            verdict = Verdict.NOT_MET if not met else Verdict.TO_JUDGE if gone else Verdict.MET
            observed += f" Il manque aussi {quoted(gone)}." if met and gone else ""
            found.append(Finding(REMOVED, verdict, expected, observed, (shot,)))
        return found

    def ways(self) -> Sequence[Act]:
        """Drag them on the positions' screen, or graft them again one after the other; take one off there."""

        def grafted(desk: Desk) -> None:
            for block in self.order[1:]:
                unhook(desk, block)
                graft(desk, block)
            if self.removed:
                unhook(desk, self.removed, ticked=True)

        return (
            Act("positions : glisser et déposer", self._do),
            Act("positions : décrocher et greffer de nouveau", grafted),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """Another order, one that is taken off instead of moved; another block, or elsewhere."""
        misses = []
        if self.order:
            swapped = (*self.order[:-2], self.order[-1], self.order[-2])
            misses += [
                NearMiss("les deux derniers intervertis", ORDER, lambda desk: arrange(desk, swapped)),
                NearMiss("un bloc retiré au lieu de déplacé", ORDER, lambda desk: unhook(desk, self.order[-1])),
            ]
        if self.removed:
            other: Block = "produits phares" if self.removed != "produits phares" else "carrousel"
            misses += [
                NearMiss("un autre bloc retiré", REMOVED, lambda desk: unhook(desk, other)),
                NearMiss("descendu au lieu de retiré", REMOVED, self._lowered),
            ]
        return misses

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """An order of two, with the third taken off."""
        return (cls(order=("produits phares", "carrousel"), removed="bloc texte"),)

    def _do(self, desk: Desk) -> None:
        if self.order:
            arrange(desk, self.order)
        if self.removed:
            unhook(desk, self.removed)

    def _lowered(self, desk: Desk) -> None:
        assert self.removed
        drag(desk, self.removed, 0)


class FeaturedPosition(Check, id="prestashop.apparence.featured_position"):
    """Les produits populaires sont au rang demandé parmi les blocs de la page d’accueil."""

    proves = (FEATURED,)

    rank: int = Field(ge=1, le=4, description="Leur rang parmi les blocs de la page d’accueil ; 1 : tout en haut.")

    def verify(self, site: Site) -> list[Finding]:
        """The home page from top to foot."""
        seen = blocks_shown(site)
        met = self.rank <= len(seen) and seen[self.rank - 1] == _FEATURED
        observed = f"De haut en bas : {quoted(seen)}." if seen else "La page d’accueil ne montre aucun de ces blocs."
        expected = f"Les produits populaires sont le bloc n° {self.rank} de la page d’accueil."
        return [finding(FEATURED, met, expected, observed, site.shot("la page d’accueil"))]

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

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """Below the others."""
        return (cls(rank=3),)
