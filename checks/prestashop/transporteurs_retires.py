"""Carriers that deliver no longer."""

from collections.abc import Sequence
from typing import Annotated, Self

from pydantic import Field

from checks.prestashop.reading import carriers, seeded
from checks.prestashop.reading.carriers import Carrier, described
from checks.prestashop.screens import carriers as screens
from checks.prestashop.screens.carriers import open_wizard
from provisioner.french.text import nearly_same, quoted, same
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Road, Site, Verdict
from provisioner.subject.functionalities import fact

OFF = fact("prestashop.contenu.transporteur", "désactiver")


class CarrierOff(Check, id="prestashop.contenu.carrier_off"):
    """Un transporteur n’est plus proposé aux clients.

    Quand un autre transporteur de l’entreprise n’est plus actif, c’est à apprécier : n’en demandez qu’un par sujet.
    """

    proves = (OFF,)

    name: Annotated[str, Refers("carriers.name")] = Field(min_length=1, description="Le nom du transporteur.")

    def verify(self, site: Site) -> list[Finding]:
        """The list of carriers. Deleted, or withdrawn by its groups or zones, it isn't offered either: a person says."""
        known = carriers.carriers(site)
        note = site.note("les transporteurs", "\n".join(described(one) for one in known))
        verdict, observed = self.judged(known)
        if verdict is Verdict.MET and (lost := self._lost(known)):  # another question may have asked it
            verdict = Verdict.TO_JUDGE
            observed += f" Autres transporteurs de l’entreprise qui ne sont plus actifs : {quoted(lost)}."
        return [Finding(OFF, verdict, f"Le transporteur « {self.name} » est désactivé.", observed, (note,))]

    def judged(self, known: Sequence[Carrier]) -> tuple[Verdict, str]:
        """Whether none of those that are or were of this name is offered, and what is seen of it."""
        mine = [one for one in known if same(self.name, one.name) or one.was(self.company, self.name)]
        if not mine:
            return Verdict.TO_JUDGE, "Le transporteur n’est plus dans la liste : il a été supprimé."
        active = [one for one in mine if one.active]
        seen = max(active or mine, key=lambda one: same(self.name, one.name))
        now = f"Le transporteur s’appelle maintenant « {seen.name} ». Il"
        who = "Le transporteur" if same(self.name, seen.name) else now
        if not active:
            return Verdict.MET, f"{who} est inactif."
        if all(how := [one.withdrawn(self.company) for one in active]):
            return Verdict.TO_JUDGE, f"{who} est actif, mais {how[0]}."
        # Under quite another name it may have become the carrier of another question.
        another = not any(nearly_same(self.name, one.name) for one in active)
        return Verdict.TO_JUDGE if another else Verdict.NOT_MET, f"{who} est actif."

    def _lost(self, known: Sequence[Carrier]) -> list[str]:
        """The company's other carriers that were active before the work, and are off or deleted now."""
        active = [one for one in known if one.active]
        had = [row["name"] for _, row in seeded.rows(self.company, "carriers") if row.get("active", True)]
        others = [name for name in had if not same(self.name, name)]
        return [
            name for name in others if not any(same(name, one.name) or one.was(self.company, name) for one in active)
        ]

    def ways(self) -> Sequence[Act]:
        """Its row, the action on those that are ticked, the last step of the wizard."""

        def by_wizard(desk: Desk) -> None:
            wizard = open_wizard(desk, self.name)
            wizard.active(False)
            wizard.finish()

        return (
            Act("l’icône de la liste", lambda desk: screens.toggle(desk, self.name)),
            Act("action groupée de la liste", lambda desk: screens.disable_by_bulk(desk, self.name)),
            Act("dernière étape de l’assistant", by_wizard),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """Another carrier, the wizard given up, switched off and on again."""

        def not_saved(desk: Desk) -> None:
            open_wizard(desk, self.name).active(False)

        def another(desk: Desk) -> None:
            carriers = (row for _, row in seeded.rows(desk.company, "carriers") if row.get("active", True))
            screens.toggle(desk, next(row["name"] for row in carriers if not same(self.name, row["name"])))

        def twice(desk: Desk) -> None:
            screens.toggle(desk, self.name)
            screens.toggle(desk, self.name)

        return (
            NearMiss("un autre transporteur", OFF, another),
            NearMiss("assistant abandonné avant la fin", OFF, not_saved),
            NearMiss("désactivé, puis réactivé", OFF, twice),
        )

    def roads(self) -> Sequence[Road]:
        """Active still, and nobody with an account is offered it."""

        def withdrawn(desk: Desk) -> None:
            wizard = open_wizard(desk, self.name)
            wizard.without_customers()
            wizard.finish()

        return (Road("retiré aux clients, mais actif", OFF, withdrawn),)

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """One of the shop's."""
        return (cls(name="Transports Kerlavos"),)
