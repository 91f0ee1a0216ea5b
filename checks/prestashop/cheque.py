"""The module of payments by cheque: to whose order, and where they are sent."""

import re
from collections.abc import Callable, Sequence
from typing import Self

from pydantic import Field

from checks.prestashop.reading.answers import Script
from checks.prestashop.reading.checkout import payments
from checks.prestashop.reading.modules import settings_of
from checks.prestashop.reading.product_verdicts import RANKS, worst
from checks.prestashop.screens.module_manager import act_on, configure
from checks.prestashop.screens.office import saving
from provisioner.french.text import fold, holds, nearly_holds, quoted, same
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Road, Site, Verdict, WantedText
from provisioner.subject.functionalities import fact

PAYEE = fact("prestashop.module.cheque", "ordre et adresse")

_MODULE = "ps_checkpayment"
#: What people write before the name.
_ORDER = re.compile(r"^\s*(?:à )?l['’]ordre (?:de la|de l['’]|du|des|de) *", re.IGNORECASE)
#: The same before a name that has an article of its own.
_ORDER_ALONE = re.compile(r"^\s*(?:à )?l['’]ordre de +", re.IGNORECASE)


class ChequePayee(Check, id="prestashop.module.cheque"):
    """Le paiement par chèque dit à l’ordre de qui et à quelle adresse l’envoyer."""

    proves = (PAYEE,)
    acts = True

    payee: WantedText = Field(description="L’ordre du chèque.")
    address: tuple[WantedText, ...] = Field(
        min_length=1, description="Les parties de l’adresse, dans l’ordre : rue, code postal, ville."
    )

    def verify(self, site: Site) -> list[Finding]:
        """What a customer reads at the last step of the checkout."""
        page = site.signed_in("customer")
        last = payments(site, page)
        page.goto(f"{site.address}/index.php?controller=order")
        if _MODULE in last.offered:
            _amount, payee, address = last.offered[_MODULE]
            verdict = self.judged(payee, address)
            observed = f"Pour le client, {_written(payee, address)}.{self._of_the_address(address)}"
        else:
            why = last.closed or "le client ne peut pas payer par chèque"
            payee, address = settings_of(site, _MODULE, _KEPT) or ("", "")
            # What keeps it from him may be another question's: a person says.
            verdict = min(self.judged(payee, address), Verdict.TO_JUDGE, key=RANKS.index)
            kept = f"Dans le module, {_written(payee, address)}.{self._of_the_address(address)}"
            kept = kept if payee or address else "Le module est désinstallé, ou n’a ni ordre ni adresse."
            observed = f"Il n’y a rien à lire : {why}. {kept}"
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
        """Each in its own field: the payee alone in his; the address whole and in order, without another number in it."""
        return worst((self._to_whom(payee), self._where(address)))

    def _to_whom(self, payee: str) -> Verdict:
        if any(same(self.payee, before.sub("", payee)) for before in (_ORDER, _ORDER_ALONE)):
            return Verdict.MET
        return Verdict.TO_JUDGE if nearly_holds(payee, self.payee) else Verdict.NOT_MET

    def _where(self, address: str) -> Verdict:
        missing = [one for one in self.address if not holds(address, one)]
        if missing:
            return Verdict.TO_JUDGE if all(nearly_holds(address, one) for one in missing) else Verdict.NOT_MET
        parts, rest = [_without_commas(one) for one in self.address], _without_commas(address)
        places = [re.search(rf"(?<!\w){re.escape(one)}(?!\w)", rest) for one in parts]
        starts = [place.start() for place in places if place]
        for one in parts:
            rest = rest.replace(one, " ", 1)
        whole = all(places) and starts == sorted(starts) and not re.search(r"\d", rest)
        return Verdict.MET if whole else Verdict.TO_JUDGE

    def _of_the_address(self, address: str) -> str:
        """Why an address isn't the one that is asked, where that is easily overlooked."""
        missing, where = [one for one in self.address if not holds(address, one)], self._where(address)
        if where is Verdict.MET or (where is Verdict.NOT_MET and len(missing) == len(self.address)):
            return ""
        if missing:
            return f" L’adresse ne contient pas {quoted(missing)} mot pour mot."
        return " L’adresse contient ce qui est demandé, mais dans un autre ordre ou avec autre chose."

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

        misses = [
            NearMiss("une partie de l’adresse oubliée", PAYEE, written(self.payee, "\n".join(self.address[1:]) or "—")),
            NearMiss("un autre ordre", PAYEE, written("Service comptable", f"{self.payee}\n{whole}")),
            NearMiss("champs intervertis", PAYEE, written(" ".join(self.address), self.payee)),
            NearMiss("écrit sans enregistrer", PAYEE, written(self.payee, whole, save=False)),
        ]
        first, *others = self.address
        if others and nearly_holds(slip := f"{first[:-1]}{first[-2:]}", first):
            run = written(self.payee, "\n".join((slip, *others[:-1])))
            misses.append(NearMiss("une faute dans l’adresse, une autre partie oubliée", PAYEE, run))
        return misses

    def roads(self) -> Sequence[Road]:
        """What people write before a name; another order, an old address; the name in somebody else's; the module off."""
        turned, whole = " ".join(reversed(self.address)), " ".join(self.address)

        def switched_off(desk: Desk) -> None:
            _write(desk, self.payee, whole)
            act_on(desk, _MODULE, "disable")

        return (
            Road("les parties de l’adresse en désordre", PAYEE, lambda desk: _write(desk, self.payee, turned)),
            Road(
                "l’ancienne adresse laissée à côté",
                PAYEE,
                lambda desk: _write(desk, self.payee, f"12 rue Neuve, 29000 Quimper {whole}"),
            ),
            Road(
                "« À l’ordre de la » écrit devant le nom",
                PAYEE,
                lambda desk: _write(desk, f"À l’ordre de la {self.payee}", whole),
                Verdict.MET,
            ),
            Road("un ordre plus long", PAYEE, lambda desk: _write(desk, f"Amis de la {self.payee}", whole)),
            Road("écrit, puis module désactivé", PAYEE, switched_off),
        )

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """The company's own."""
        return (cls(payee="Biscuiterie des Trois Ajoncs", address=("3 rue du Fournil", "29900", "Port-Lanvenez")),)


def _without_commas(address: str) -> str:
    """An address without what is written or not between its parts, as after the number of the street."""
    return " ".join(fold(address).replace(",", " ").split())


def _written(payee: str, address: str) -> str:
    """What stands in both fields, as a part of a sentence; the shop shows a line where there is nothing."""
    said = [f"« {' '.join(one.split())} »" if one.strip(" _\n") else "vide" for one in (payee, address)]
    return f"l’ordre est {said[0]} et l’adresse est {said[1]}"


def _write(desk: Desk, payee: str, address: str, save: bool = True) -> None:
    page = configure(desk, _MODULE)
    page.locator("#CHEQUE_NAME").fill(payee)
    page.locator("#CHEQUE_ADDRESS").fill(address)
    if save:
        with saving(page):
            page.locator("#configuration_form_submit_btn").click()


_KEPT = Script[list[str]]("""page => [
    (page.querySelector('#CHEQUE_NAME') || {getAttribute: () => ''}).getAttribute('value') || '',
    (page.querySelector('#CHEQUE_ADDRESS') || {textContent: ''}).textContent.trim()]""")
