"""The module of payments by cheque: to whose order, and where they are sent."""

from collections.abc import Callable, Sequence
from typing import Self

from pydantic import Field

from checks.prestashop.reading.checkout import payments
from checks.prestashop.screens.module_manager import configure
from checks.prestashop.screens.office import saving
from provisioner.french.text import holds, nearly_holds, quoted
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Site, Verdict, WantedText
from provisioner.subject.functionalities import fact

PAYEE = fact("prestashop.module.cheque", "ordre et adresse")

_MODULE = "ps_checkpayment"


class ChequePayee(Check, id="prestashop.module.cheque"):
    """Le paiement par chèque dit à l’ordre de qui et à quelle adresse l’envoyer."""

    proves = (PAYEE,)
    acts = True

    payee: WantedText = Field(description="L’ordre du chèque.")
    address: tuple[WantedText, ...] = Field(
        min_length=1, description="Les parties de l’adresse : rue, code postal, ville ; leur ordre ne compte pas."
    )

    def verify(self, site: Site) -> list[Finding]:
        """What a customer reads at the last step of the checkout."""
        page = site.signed_in("customer")
        last = payments(site, page)
        page.goto(f"{site.address}/index.php?controller=order")
        verdict, observed = Verdict.NOT_MET, "Le client ne peut pas payer par chèque."
        if last.closed:
            verdict, observed = Verdict.TO_JUDGE, f"Le client ne le lit nulle part : {last.closed}."
        elif _MODULE in last.offered:
            _amount, payee, address = last.offered[_MODULE]
            verdict = self.judged(payee, address)
            observed = f"Il lit : à l’ordre de « {payee} », à envoyer à « {address} »."
        expected = f"Le client qui paie par chèque lit l’ordre « {self.payee} » et l’adresse {quoted(self.address)}."
        return [
            Finding(
                PAYEE,
                verdict,
                expected,
                observed,
                (site.shot("l’étape du paiement", page, mark=page.locator("#checkout-payment-step")),),
            )
        ]

    def judged(self, payee: str, address: str) -> Verdict:
        """Each in its own field: the company's name may well stand in the address too."""
        wanted = ((payee, self.payee), *((address, one) for one in self.address))
        missing = [(text, one) for text, one in wanted if not holds(text, one)]
        if not missing:
            return Verdict.MET
        return Verdict.TO_JUDGE if all(nearly_holds(*one) for one in missing) else Verdict.NOT_MET

    def ways(self) -> Sequence[Act]:
        """Its screen, the address on one line or on several."""
        return (
            Act("réglages du module", lambda desk: _write(desk, self.payee, "\n".join(self.address))),
            Act("adresse sur une ligne", lambda desk: _write(desk, self.payee, " ".join(self.address))),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """A part of the address left out, another payee, each in the other's field, not saved."""
        whole = "\n".join(self.address)

        def written(payee: str, address: str, save: bool = True) -> Callable[[Desk], None]:
            return lambda desk: _write(desk, payee, address, save)

        return (
            NearMiss("une partie de l’adresse oubliée", PAYEE, written(self.payee, "\n".join(self.address[1:]) or "—")),
            NearMiss("un autre ordre", PAYEE, written("Service comptable", f"{self.payee}\n{whole}")),
            NearMiss("champs intervertis", PAYEE, written(" ".join(self.address), self.payee)),
            NearMiss("écrit sans enregistrer", PAYEE, written(self.payee, whole, save=False)),
        )

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """The company's own."""
        return (cls(payee="Biscuiterie des Trois Ajoncs", address=("3 rue du Fournil", "29900", "Port-Lanvenez")),)


def _write(desk: Desk, payee: str, address: str, save: bool = True) -> None:
    page = configure(desk, _MODULE)
    page.locator("#CHEQUE_NAME").fill(payee)
    page.locator("#CHEQUE_ADDRESS").fill(address)
    if save:
        with saving(page):
            page.locator("#configuration_form_submit_btn").click()
