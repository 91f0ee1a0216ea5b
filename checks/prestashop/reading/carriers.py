"""The carriers, as the back office holds them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from checks.prestashop.reading import seeded
from checks.prestashop.reading.answers import Script, looked_up, looked_up_each, screen
from checks.prestashop.reading.money import amount, euros, percent, with_tax
from checks.prestashop.reading.shop import catalogue
from provisioner.french.text import quoted, same
from provisioner.subject.check import Site

LIST_SCREEN = ("AdminParentShipping", "AdminCarriers")
#: The group of those who have an account, whatever its name.
CUSTOMERS_GROUP = "3"


@dataclass(frozen=True)
class Carrier:
    """A carrier as its wizard shows it. `fees` are HT, by zone, then by (from, to); `rate` is its tax in percent.

    `handling` is what each delivery costs more, HT; None where the shop's charge can't be read. `reference` is the
    number that it keeps whatever is changed of it, its name included; 0 where it can't be read. `limits` are those of
    a parcel's size and weight (cm, kg): a bigger one isn't offered it.
    """

    name: str
    delay: str
    active: bool
    free: bool
    by: str
    rate: Decimal
    fees: Mapping[str, Mapping[tuple[Decimal, Decimal], Decimal]]
    groups: tuple[str, ...] = (CUSTOMERS_GROUP,)
    handling: Decimal | None = Decimal(0)
    reference: int = 0
    limits: tuple[tuple[str, Decimal], ...] = ()

    def was(self, company: Path, name: str) -> bool:
        """Whether the company had it under this name, whatever it is called now."""
        return any(same(name, one["name"]) for number, one in _seeded(company) if number == self.reference)

    @property
    def charged(self) -> Mapping[str, Mapping[tuple[Decimal, Decimal], Decimal]]:
        """The fees with what handling adds, as customers pay them."""
        more = self.handling or Decimal(0)
        return {zone: {step: fee + more for step, fee in fees.items()} for zone, fees in self.fees.items()}

    @property
    def for_customers(self) -> bool:
        """Whether those who have an account are offered it."""
        return CUSTOMERS_GROUP in self.groups

    def withdrawn(self, company: Path) -> str:
        """How it is no longer offered though it is active, in the middle of a sentence; "" where it still may be.

        The company keeps some carriers for other groups: those are withdrawn when no group has them.
        """
        seed = next(
            (one for number, one in _seeded(company) if number == self.reference or same(self.name, one["name"])), {}
        )
        if not self.groups or not (self.for_customers or "groups" in seed):
            return "les clients n’y ont plus accès"
        zones = seed.get("zones", ())
        if zones and not any(same(zone, name) for zone in zones for name in self.fees):
            return f"il ne livre plus {quoted(zones)}"
        return ""


def _seeded(company: Path) -> Sequence[tuple[int, Mapping[str, Any]]]:
    """The company's carriers by their numbers: they are the first after the pick-up, which is any shop's own."""
    return [(place + 1, row) for place, row in seeded.rows(company, "carriers")]


def carriers(site: Site) -> list[Carrier]:
    """Every carrier that hasn't been deleted, the last first."""
    page = site.signed_in()
    rows = looked_up(site, page, f"{screen(site, *LIST_SCREEN)}&carrier_pagination=1000", _ROWS)
    sheets = looked_up_each(site, page, [row["edit"] for row in rows], _SHEET)
    charge = None
    if any(sheet["handling"] for sheet in sheets):
        charge = amount(looked_up(site, page, screen(site, LIST_SCREEN[0], "AdminShipping"), _CHARGE) or "")
    known = catalogue(site)
    # A change makes a new carrier of it, with a number of its own: only a product's sheet says which one it was.
    references: dict[str, int] = looked_up(site, page, known[0].edit, _REFERENCES) if known else {}
    return [
        _carrier(row, sheet, charge, references.get(row["number"], 0))
        for row, sheet in reversed(list(zip(rows, sheets, strict=True)))
    ]


def _carrier(
    row: Mapping[str, str], sheet: Mapping[str, object], charge: Decimal | None = None, reference: int = 0
) -> Carrier:
    ranges = [(plain_number(low), plain_number(high)) for low, high in sheet["ranges"]]  # type: ignore[attr-defined]
    fees = {
        zone: dict(zip(ranges, map(plain_number, prices), strict=True))
        for zone, prices in sheet["fees"]  # type: ignore[attr-defined]
    }
    rate = re.search(r"([\d.,]+)\s*%", str(sheet["tax"]))
    return Carrier(
        name=str(sheet["name"]) if sheet["name"] != "0" else row["name"],
        delay=str(sheet["delay"]),
        active=bool(row["active"]),
        free=bool(sheet["free"]),
        by=str(sheet["by"]),
        rate=plain_number(rate[1]) if rate else Decimal(0),
        fees=fees,
        groups=tuple(sheet["groups"]),  # type: ignore[arg-type]
        handling=charge if sheet["handling"] else Decimal(0),
        reference=reference,
        limits=tuple((what, plain_number(most)) for what, most in sheet["limits"] if plain_number(most)),  # type: ignore[attr-defined]
    )


def plain_number(text: str) -> Decimal:
    """A number of a form's field, without trailing zeros; 0 where the field holds none."""
    return (amount(text) or Decimal(0)).normalize() + 0


def described(seen: Carrier) -> str:
    """A carrier in a line: whom it delivers and at what price."""
    each = {zone: "livraison offerte" if seen.free else _steps_in_words(seen, zone) for zone in seen.fees}
    alike = len(set(each.values())) < 2
    prices = next(iter(each.values()), "") if alike else " ; ".join(f"{zone} : {said}" for zone, said in each.items())
    if not seen.free:
        prices += f" ; TVA {percent(seen.rate)}" if seen.rate else " ; sans TVA"
    if seen.handling != 0:
        more = "montant non lu" if seen.handling is None else f"{euros(seen.handling)} HT"
        prices += f" ; frais de manutention en plus : {more}"
    state = "actif" if seen.active else "inactif"
    return f"« {seen.name} » ({state}) ; zones : {', '.join(seen.fees) or 'aucune'} ; {prices.removeprefix(' ; ')}"


def _steps_in_words(seen: Carrier, zone: str) -> str:
    return " ; ".join(
        f"de {step_of(low, seen.by)} à {step_of(high, seen.by)} : {euros(fee)} HT, {euros(with_tax(fee, seen.rate))} TTC"
        for (low, high), fee in seen.fees[zone].items()
    )


def step_of(value: Decimal, by: str) -> str:
    """A bound of a step: "5 kg", or « 60,00 € »."""
    return euros(value) if by == "prix" else f"{value.normalize():f} kg".replace(".", ",")


_ROWS = Script[list[dict[str, Any]]]("""page => [...page.querySelectorAll('#form-carrier tbody tr')].filter(row => row.querySelector('a.edit')).map(row => ({
    // A list of a single row has no column of boxes to tick.
    name: [...row.children].filter(cell => !cell.querySelector('input[name$="Box[]"]'))[1].textContent.trim(),
    active: Boolean(row.querySelector('a.action-enabled[href*="statuscarrier"]')),
    edit: row.querySelector('a.edit').getAttribute('href'),
    number: (/[?&]id_carrier=(\\d+)/.exec(row.querySelector('a.edit').getAttribute('href')) || ['', ''])[1],
}))""")

_REFERENCES = Script[dict[str, int]]("""page => Object.fromEntries([...page.querySelectorAll('#form_step4_selectedCarriers input')].map(
    input => [(/^\\d+/.exec(input.closest('label').textContent.trim()) || [''])[0], Number(input.value)]))""")

_SHEET = Script[dict[str, Any]]("""page => {
    const value = selector => (page.querySelector(selector) || {getAttribute: () => ''}).getAttribute('value') || '';
    const values = selector => [...page.querySelectorAll(selector)].map(input => input.getAttribute('value') || '');
    const tax = page.querySelector('#id_tax_rules_group option[selected]');
    const ends = values('tr.range_sup td input');
    return {
        name: value('#name'), delay: value('#delay_1'), free: Boolean(page.querySelector('#is_free_on[checked]')),
        by: page.querySelector('#billing_price[checked]') ? 'prix' : 'poids', tax: tax ? tax.textContent : '',
        // Nothing is added where delivery is offered, whatever the switch says.
        handling: Boolean(page.querySelector('#shipping_handling_on[checked]') && !page.querySelector('#is_free_on[checked]')),
        groups: values('input.groupBox[checked]'),
        limits: Object.entries({max_width: 'largeur', max_height: 'hauteur', max_depth: 'profondeur', max_weight: 'poids'})
            .map(([name, what]) => [what, value('#' + name)]),
        ranges: values('tr.range_inf td input').map((start, i) => [start, ends[i]]),
        fees: [...page.querySelectorAll('tr.fees')].filter(row => row.querySelector('input.input_zone[checked]')).map(row => [
            row.querySelector('label').textContent.trim(),
            [...row.querySelectorAll('input[name^="fees["]')].map(input => input.getAttribute('value') || ''),
        ]),
    };
}""")

_CHARGE = Script[str](
    """page => (page.querySelector('[name$="[shipping_handling_charges]"]') || {getAttribute: () => ''}).getAttribute('value')"""
)
