"""The module of sharing buttons: which networks the page of a product offers."""

from collections.abc import Callable, Sequence
from typing import Literal, Self

from pydantic import Field

from checks.prestashop.reading.answers import Script
from checks.prestashop.reading.modules import settings_of
from checks.prestashop.reading.shop import catalogue
from checks.prestashop.screens.module_manager import act_on, configure
from checks.prestashop.screens.office import saving, turn
from checks.visibility import UNSEEN_JS
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Road, Site, Verdict
from provisioner.subject.functionalities import fact

NETWORKS = fact("prestashop.module.partage", "réseaux choisis")

_MODULE = "ps_sharebuttons"
Network = Literal["Facebook", "Twitter", "Pinterest"]
ALL: tuple[Network, ...] = ("Facebook", "Twitter", "Pinterest")
_DOMAINS = {"facebook.com": "Facebook", "twitter.com": "Twitter", "pinterest.com": "Pinterest"}


class SharingNetworks(Check, id="prestashop.module.sharing_networks"):
    """La page d’un produit propose de le partager sur les réseaux demandés, et sur nul autre."""

    proves = (NETWORKS,)

    networks: tuple[Network, ...] = Field(min_length=1, description="Les réseaux, tous et eux seuls.")

    def verify(self, site: Site) -> list[Finding]:
        """The buttons on a product's page, by where they lead."""
        product = min(row.id for row in catalogue(site) if row.active)
        site.visit(f"/index.php?controller=product&id_product={product}")
        links: list[str] = site.page.locator(".social-sharing a").evaluate_all(_SEEN)
        seen = sorted({name for host in links for domain, name in _DOMAINS.items() if host.endswith(domain)})
        verdict = Verdict.MET if set(seen) == set(self.networks) else Verdict.NOT_MET
        observed = (
            f"Un produit se partage sur {_listed(seen)}." if seen else "La page d’un produit ne propose aucun partage."
        )
        kept = [] if seen else settings_of(site, _MODULE, _KEPT) or []
        if {name for name in ALL if f"PS_SC_{name.upper()}" in kept} == set(self.networks):
            verdict = Verdict.TO_JUDGE
            observed += (
                f" Le module est pourtant réglé sur {_listed(self.networks)} : "
                "il est désactivé, ou ses boutons sont retirés de la page ou cachés."
            )
        expected = f"Un produit se partage sur {_listed(self.networks)}, et sur nul autre réseau."
        shot = site.shot("les boutons de partage", mark=site.page.locator(".social-sharing"))
        return [Finding(NETWORKS, verdict, expected, observed, (shot,))]

    def ways(self) -> Sequence[Act]:
        """Its screen has a switch for each."""
        return (Act("réglages du module", lambda desk: _switch(desk, self.networks)),)

    def near_misses(self) -> Sequence[NearMiss]:
        """One more, one less, not saved."""
        more = next((one for one in ALL if one not in self.networks), None)

        def chosen(*networks: Network, save: bool = True) -> Callable[[Desk], None]:
            return lambda desk: _switch(desk, networks, save)

        misses = [
            NearMiss("un réseau oublié", NETWORKS, chosen(*self.networks[1:])),
            NearMiss("réglé sans enregistrer", NETWORKS, chosen(*self.networks, save=False)),
        ]
        if more:
            misses.append(NearMiss("un réseau de trop", NETWORKS, chosen(*self.networks, more)))
        return misses

    def roads(self) -> Sequence[Road]:
        """The module switched off by another question."""

        def switched_off(desk: Desk) -> None:
            _switch(desk, self.networks)
            act_on(desk, _MODULE, "disable")

        return (Road("choisis, puis module désactivé", NETWORKS, switched_off),)

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """Two of three."""
        return (cls(networks=("Facebook", "Pinterest")),)


# The button is drawn on the entry around the link.
_SEEN = f"""async all => {{
    {UNSEEN_JS}
    const button = a => a.closest('li') || a;
    await settled(all.map(button));
    return all.filter(a => !unseen(button(a))).map(a => a.hostname);
}}"""


def _listed(networks: Sequence[str]) -> str:
    *most, last = networks
    return f"{', '.join(most)} et {last}" if most else last


def _switch(desk: Desk, networks: Sequence[Network], save: bool = True) -> None:
    page = configure(desk, _MODULE)
    for one in ALL:
        turn(page, f"PS_SC_{one.upper()}_{'on' if one in networks else 'off'}")
    if save:
        with saving(page):
            page.locator("#configuration_form_submit_btn").click()


_KEPT = Script[list[str]](
    """page => [...page.querySelectorAll('[id^=PS_SC_][id$=_on][checked]')].map(one => one.id.replace('_on', ''))"""
)
