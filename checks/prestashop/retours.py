"""Returns: whether the shop takes products back, and for how long; a return that was asked for."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from checks.prestashop.reading.accounts import account_page, agreed, of_returns
from checks.prestashop.reading.answers import Script, looked_up, looked_up_each, open_screen, screen
from checks.prestashop.reading.customer_emails import present_email, with_email
from checks.prestashop.reading.order_sheets import ordered_by
from checks.prestashop.screens.office import office, saving, turn
from checks.prestashop.screens.orders import surname
from provisioner.french.text import holds, numbered, quoted
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Site, Verdict
from provisioner.subject.functionalities import fact

ENABLED = fact("prestashop.commandes-et-promotions.conditions-retour", "retours activés")
DAYS = fact("prestashop.commandes-et-promotions.conditions-retour", "délai en jours")
ACCEPTED = fact("prestashop.commandes-et-promotions.retours-avoirs", "retour accepté")

ReturnState = Literal["en attente du colis", "colis reçu", "retour refusé", "retour terminé"]
#: The numbers of the states, the same in every language of the shop.
_STATES: dict[str, str] = {"en attente du colis": "2", "colis reçu": "3", "retour refusé": "4", "retour terminé": "5"}
#: Where a return may have come to after this one, that it had been accepted for.
_LATER: dict[str, tuple[str, ...]] = {"en attente du colis": ("colis reçu", "retour terminé")}


class ReturnTerms(Check, id="prestashop.commandes-et-promotions.return_terms"):
    """La boutique accepte les retours, ou non, et pendant le nombre de jours demandé."""

    proves = (ENABLED, DAYS)

    enabled: bool | None = Field(None, description="Si les retours sont acceptés ; absent si non demandé.")
    days: int | None = Field(None, ge=1, le=365, description="Le délai, en jours ; absent si non demandé.")

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if self.enabled is None and self.days is None:
            raise ValueError("demandez enabled, days, ou les deux")
        return self

    def facts(self) -> tuple[str, ...]:
        """Those that are asked for."""
        return (
            *((ENABLED,) if self.enabled is not None else ()),
            *((DAYS,) if self.days is not None else ()),
        )

    def given(self, desk: Desk) -> None:
        """What is to be switched on is off."""
        if self.enabled:
            _write_terms(desk, False, None)

    def verify(self, site: Site) -> list[Finding]:
        """The settings, and whether a customer's account then has a page for returns."""
        kept = looked_up(site, site.signed_in(), screen(site, "AdminReturn"), _TERMS)
        page = account_page(site, "customer", "my-account")
        offered = page.locator("#returns-link").count() > 0
        shot = site.shot("le compte d’un client", page)
        said = ("n’accepte pas les retours", "accepte les retours")
        leads = "le compte d’un client a un lien" if offered else "le compte d’un client n’a aucun lien"
        account = f" ; {'' if offered == kept['enabled'] else 'mais '}{leads} vers les retours"
        days = kept["days"].lstrip("0")
        within = f"Le délai est de {numbered(int(days), 'jour')}" if days.isdigit() else "Aucun délai n’est donné"
        but = "" if self.enabled is False else "mais "
        results = {
            ENABLED: (
                self.accepted(kept["enabled"], offered),
                f"La boutique {said[bool(self.enabled)]}.",
                f"La boutique {said[kept['enabled']]}{account}.",
            ),
            DAYS: (
                self.within(kept["enabled"], kept["days"]),
                f"Un produit peut être retourné pendant {numbered(self.days or 0, 'jour')}.",
                f"{within}." if kept["enabled"] else f"{within} ; {but}la boutique n’accepte pas les retours.",
            ),
        }
        return [Finding(one, *results[one], (shot,)) for one in self.facts()]

    def accepted(self, kept: bool, offered: bool) -> Verdict:
        """The setting decides; a shop that sells nothing (catalogue mode) offers no return whatever is set."""
        if kept != self.enabled:
            return Verdict.NOT_MET
        return Verdict.MET if offered == self.enabled else Verdict.TO_JUDGE

    def within(self, kept: bool, days: str) -> Verdict:
        """The number of days, where anything is taken back at all."""
        right = days.lstrip("0") == str(self.days) and (kept or self.enabled is False)
        return Verdict.MET if right else Verdict.NOT_MET

    def ways(self) -> Sequence[Act]:
        """The options below the list of returns."""
        return (Act("SAV > Retours produits", lambda desk: _write_terms(desk, self.enabled, self.days)),)

    def near_misses(self) -> Sequence[NearMiss]:
        """Another number, not saved, the switch forgotten, or off."""
        misses = []
        if self.days is not None:
            more = self.days + 1
            misses += [
                NearMiss("un jour de plus", DAYS, lambda desk: _write_terms(desk, self.enabled, more)),
                NearMiss("délai non enregistré", DAYS, lambda desk: _write_terms(desk, self.enabled, self.days, False)),
            ]
            if self.enabled is not False:
                misses.append(
                    NearMiss("le délai sans les retours", DAYS, lambda desk: _write_terms(desk, False, self.days))
                )
        if self.enabled is not None:
            misses += [
                NearMiss("réglé sans enregistrer", ENABLED, lambda desk: _write_terms(desk, self.enabled, None, False)),
                NearMiss("délai changé, mais non le réglage", ENABLED, lambda desk: _write_terms(desk, None, 45)),
            ]
        return misses

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """On again, for a month; and off."""
        return (cls(enabled=True, days=30), cls(enabled=False))


class MerchandiseReturn(Check, id="prestashop.commandes-et-promotions.merchandise_return"):
    """Le retour qu’un client demande est accepté : il est à l’état demandé.

    Au lieu de « en attente du colis », un état qui vient après (colis reçu, retour terminé) est à apprécier.
    """

    proves = (ACCEPTED,)

    customer: Annotated[str, Refers("customers.email")] = Field(
        min_length=1, description="L’adresse électronique du client qui le demande."
    )
    product: Annotated[str, Refers("products.name")] = Field(
        "", description="Un produit du retour, si ce client en a demandé plusieurs."
    )
    state: ReturnState = Field("en attente du colis", description="L’état auquel le retour doit être.")

    def verify(self, site: Site) -> list[Finding]:
        """The returns of the customer's orders, as the back office has them and his account shows them."""
        expected = f"Le retour du client {self.customer} est à l’état « {self.state} »."
        known_as = present_email(site, self.customer)
        orders, account = ordered_by(site, known_as)
        page, listed = site.signed_in(), screen(site, "AdminReturn")
        numbers = looked_up(site, page, f"{listed}&order_return_pagination=1000", _NUMBERS)
        sheets = [f"{listed}&updateorder_return&id_order_return={number}" for number in numbers]
        mine = {
            number: one
            for number, one in zip(numbers, looked_up_each(site, page, sheets, _STATE), strict=True)
            if int(one["order"]) in orders and (not self.product or holds(one["products"], self.product))
        }
        reached = {one["state"] for one in mine.values()}
        later = reached & {_STATES[one] for one in _LATER.get(self.state, ())}
        verdict = Verdict.MET if _STATES[self.state] in reached else Verdict.TO_JUDGE if later else Verdict.NOT_MET
        states = quoted(one["said"] for one in mine.values())
        observed = f"Ce client n’a aucun retour{f' du produit « {self.product} »' if self.product else ''}."
        if mine:
            whose = "Les retours du client sont aux états" if len(mine) > 1 else "Le retour du client est à l’état"
            observed = f"{whose} {states}."
        if verdict is Verdict.TO_JUDGE:
            observed += " Le retour a pu être accepté avant d’en venir là."
        if account:
            otherwise, shot = of_returns(site, known_as, {number: one["said"] for number, one in mine.items()})
            verdict, observed = agreed((verdict, observed), otherwise)
        else:
            shot = site.shot("les retours ; ce client n’a pas de compte", open_screen(site, listed))
        verdict, observed = with_email((verdict, observed), self.customer, known_as)
        return [Finding(ACCEPTED, verdict, expected, observed, (shot,))]

    def ways(self) -> Sequence[Act]:
        """The return's own page."""
        return (Act("SAV > Retours produits > Modifier", lambda desk: self._set(desk)),)

    def near_misses(self) -> Sequence[NearMiss]:
        """Another state, another customer's return, not saved."""
        other: ReturnState = "retour refusé" if self.state != "retour refusé" else "colis reçu"

        return (
            NearMiss(f"« {other} » au lieu de « {self.state} »", ACCEPTED, partial(self._set, state=other)),
            NearMiss("le retour d’un autre client", ACCEPTED, partial(self._set, neighbour=True)),
            NearMiss("choisi sans enregistrer", ACCEPTED, partial(self._set, save=False)),
        )

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A return that waits."""
        return (cls(customer="pierrick.hascoet@courriel.test"),)

    def _set(self, desk: Desk, state: str = "", neighbour: bool = False, save: bool = True) -> None:
        name = surname(desk, self.customer)
        rows = office(desk, "AdminReturn").locator("table.order_return tbody tr")
        for number in range(rows.count()):
            page = office(desk, "AdminReturn")
            rows.nth(number).locator("td.pointer").last.click()
            page.locator("#state").wait_for()
            text = page.locator("#content").inner_text()
            if (name in text) != neighbour and (neighbour or not self.product or holds(text, self.product)):
                break
        else:
            raise LookupError(f"no return of {name}")
        page.locator("#state").select_option(_STATES[state or self.state])
        if save:
            with saving(page):
                page.locator("#order_return_form_submit_btn").first.click()


def _write_terms(desk: Desk, enabled: bool | None, days: int | None, save: bool = True) -> None:
    page = office(desk, "AdminReturn")
    if enabled is not None:
        turn(page, f"PS_ORDER_RETURN_{'on' if enabled else 'off'}")
    if days is not None:
        page.locator("[name=PS_ORDER_RETURN_NB_DAYS]").fill(str(days))
    if save:
        with saving(page):
            page.locator("button[name=submitOptionsorder_return]").click()


_TERMS = Script[dict[str, Any]]("""page => ({
    enabled: Boolean(page.querySelector('#PS_ORDER_RETURN_on[checked]')),
    days: (page.querySelector('[name=PS_ORDER_RETURN_NB_DAYS]') || {getAttribute: () => ''}).getAttribute('value') || '',
})""")

_NUMBERS = Script[list[int]]("""page => [...page.querySelectorAll('table.order_return tbody tr')].map(
    row => /id_order_return=(\\d+)/.exec(row.outerHTML)).filter(Boolean).map(found => Number(found[1]))""")

_STATE = Script[dict[str, str]]("""page => ({
    order: (page.querySelector('input[name=id_order]') || {value: '0'}).value,
    state: (page.querySelector('#state option[selected]') || {value: ''}).value,
    said: (page.querySelector('#state option[selected]') || {textContent: ''}).textContent.trim(),
    products: (page.querySelector('#content') || page.body).textContent.replace(/\\s+/g, ' '),
})""")
