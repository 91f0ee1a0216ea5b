"""Carriers: what is concluded of their zones, their prices and what the shop announces of them."""

from decimal import Decimal
from typing import Any
from unittest.mock import MagicMock

import pytest
from pydantic import ValidationError

from checks.prestashop.reading import carriers, seeded
from checks.prestashop.reading.carriers import Carrier, described
from checks.prestashop.reading.shop import Row
from checks.prestashop.transporteurs import CREATED, PRICED, CarrierMade, RangeWanted
from checks.prestashop.transporteurs_retires import CarrierOff
from provisioner.subject.check import Verdict
from tests.unit.samples import COMPANY


def carrier(price: str, rate: str = "20", zones: tuple[str, ...] = ("Europe",), **more: Any) -> Carrier:
    fees = {(Decimal(0), Decimal(5)): Decimal(price)}
    values = {"name": "C", "delay": "24 h", "active": True, "free": False, "by": "poids"}
    return Carrier(**{**values, "rate": Decimal(rate), "fees": dict.fromkeys(zones, fees), **more})


def wanted(price: str, taxes: str = "TTC", **more: Any) -> CarrierMade:
    steps = (RangeWanted(end=Decimal(5), price=Decimal(price)),)
    return CarrierMade.model_validate(
        {"name": "C", "zones": ["Europe"], "ranges": [one.model_dump() for one in steps], "prices_in": taxes, **more}
    )


def test_the_price_of_delivery_is_exact_with_or_without_tax() -> None:
    assert wanted("7.20").priced(carrier("6")) is Verdict.MET
    assert wanted("6", "HT").priced(carrier("6")) is Verdict.MET
    assert wanted("6").priced(carrier("6")) is Verdict.NOT_MET
    assert wanted("7.20", "HT").priced(carrier("6")) is Verdict.NOT_MET
    assert wanted("7.21").priced(carrier("6")) is Verdict.NOT_MET
    assert wanted("7.20").priced(carrier("7.2", rate="0")) is Verdict.MET
    assert wanted("7.20", vat="20").priced(carrier("7.2", rate="0")) is Verdict.NOT_MET


def test_delivery_has_exactly_the_zones_and_the_steps_that_are_asked() -> None:
    assert wanted("7.20").priced(carrier("6", zones=("Europe", "Asia"))) is Verdict.NOT_MET
    assert wanted("7.20").priced(carrier("6", zones=("Asia",))) is Verdict.NOT_MET
    assert wanted("7.20").priced(carrier("6", zones=())) is Verdict.NOT_MET
    assert wanted("7.20").priced(carrier("6", by="prix")) is Verdict.NOT_MET
    assert wanted("7.20").priced(carrier("6", free=True)) is Verdict.NOT_MET
    two = {(Decimal(0), Decimal(5)): Decimal(6), (Decimal(5), Decimal(9)): Decimal(8)}
    assert wanted("7.20").priced(carrier("6", fees={"Europe": two})) is Verdict.NOT_MET


def test_free_delivery_has_no_steps_or_steps_that_cost_nothing() -> None:
    free = CarrierMade(name="C", zones=("Europe",), free=True)
    assert free.priced(carrier("0", free=True)) is Verdict.MET
    assert free.priced(carrier("0")) is Verdict.TO_JUDGE
    assert free.priced(carrier("6")) is Verdict.NOT_MET
    assert free.priced(carrier("0", fees={"Europe": {}})) is Verdict.NOT_MET
    assert wanted("0").priced(carrier("0", free=True)) is Verdict.TO_JUDGE


@pytest.mark.parametrize(
    ("asked", "seen", "verdict"),
    [
        ("sous 24 heures", "Sous 24 heures.", Verdict.MET),
        ("sous 24 heures", "Livraison chez vous sous 24 heures", Verdict.MET),
        ("dès le lendemain", "Dès le lendemin", Verdict.TO_JUDGE),
        ("Chez vous, sous 24 heures", "Sous 24 heures chez vous", Verdict.TO_JUDGE),
        ("3 jours", "2 à 3 jours", Verdict.TO_JUDGE),
        ("sous 24 heures", "Sous 48 heures", Verdict.NOT_MET),
        ("sous 24 heures", "Sous dix jours", Verdict.NOT_MET),
        ("sous 24 heures", "", Verdict.NOT_MET),
    ],
)
def test_a_delay_may_have_words_around_it(asked: str, seen: str, verdict: Verdict) -> None:
    check = CarrierMade(name="C", delay=asked)
    assert check._created(carrier("6", delay=seen)) is verdict


def test_a_carrier_that_no_heavier_parcel_is_offered_is_for_a_person() -> None:
    check, seen = CarrierMade(name="C"), carrier("6", limits=(("poids", Decimal("0.1")),))
    assert check._created(carrier("6")) is Verdict.MET
    assert check._created(seen) is Verdict.TO_JUDGE
    assert "poids 0,1 kg au plus" in check._offered(seen)
    assert wanted("7.20").priced(seen) is Verdict.MET
    assert wanted("7.20", exists=True).priced(seen) is Verdict.TO_JUDGE
    assert wanted("7.20")._created(carrier("6", limits=(("poids", Decimal(5)),))) is Verdict.MET
    assert wanted("7.20")._created(carrier("6", limits=(("largeur", Decimal(5)),))) is Verdict.TO_JUDGE


def test_right_prices_of_a_carrier_that_is_off_are_for_a_person() -> None:
    seen = carrier("6", active=False)
    check = wanted("7.20", exists=True)
    assert check.priced(seen) is Verdict.TO_JUDGE
    assert "mais les clients ne peuvent pas le choisir" in check._charging(seen)
    assert check.priced(carrier("6")) is Verdict.MET


@pytest.mark.parametrize("delay", ["Chez vous, sous 24 heures", "Sous deux jours", "sous 10 jours", "Sous dix jours"])
def test_another_delay_is_plainly_another(delay: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = list[str]()
    monkeypatch.setattr(CarrierMade, "_make", lambda self, _desk: made.append(self.delay))
    check = CarrierMade(name="C", delay=delay, zones=("Europe",), free=True)
    [miss] = [one for one in check.near_misses() if one.name == "un autre délai"]
    miss.run(MagicMock())
    assert check._created(carrier("6", delay=made[0])) is Verdict.NOT_MET


def test_a_carrier_of_which_no_zone_is_asked_has_its_near_misses() -> None:
    misses = CarrierMade(name="C").near_misses()
    assert {one.fact for one in misses} == {CREATED}
    assert len(misses) >= 2


def test_what_handling_adds_is_part_of_the_price() -> None:
    two = Decimal(2)
    assert wanted("6", "HT").priced(carrier("6", handling=two)) is Verdict.NOT_MET
    assert wanted("7.20").priced(carrier("6", handling=two)) is Verdict.NOT_MET
    assert wanted("9.60").priced(carrier("6", handling=two)) is Verdict.MET
    assert wanted("7.20").priced(carrier("6", handling=None)) is Verdict.TO_JUDGE
    assert wanted("7.21").priced(carrier("6", handling=None)) is Verdict.NOT_MET
    free = CarrierMade(name="C", zones=("Europe",), free=True)
    assert free.priced(carrier("0", handling=two)) is Verdict.NOT_MET
    assert described(carrier("6", handling=two)).endswith(
        "7,20 € TTC ; TVA 20 % ; frais de manutention en plus : 2,00 € HT"
    )
    assert described(carrier("6", handling=None)).endswith("frais de manutention en plus : montant non lu")


@pytest.mark.parametrize(
    ("on", "shown", "handling"), [(True, "2,00", "2"), (True, "0,00", "0"), (True, None, None), (False, "2,00", "0")]
)
def test_the_charge_for_handling_is_the_shops_where_the_carrier_adds_it(
    monkeypatch: pytest.MonkeyPatch, on: bool, shown: str | None, handling: str | None
) -> None:
    sheet: dict[str, Any] = {
        "name": "C",
        "delay": "24 h",
        "free": False,
        "by": "poids",
        "tax": "TVA (20%)",
        "groups": ["3"],
        "ranges": [["0.000000", "5.000000"]],
        "fees": [["Europe", ["6.000000"]]],
        "handling": on,
        "limits": [],
    }
    monkeypatch.setattr(carriers, "screen", lambda *_: "")
    monkeypatch.setattr(carriers, "looked_up_each", lambda *_: [sheet])
    monkeypatch.setattr(
        carriers,
        "looked_up",
        lambda site, page, address, reader: (
            shown
            if "handling" in reader
            else {"12": 4}
            if "selectedCarriers" in reader
            else [{"name": "C", "active": True, "edit": "", "number": "12"}]
        ),
    )
    monkeypatch.setattr(carriers, "catalogue", lambda site: [Row(5, "Palet", "palets", True, "", "")])
    [seen] = carriers.carriers(MagicMock())
    assert seen == carrier("6", handling=None if handling is None else Decimal(handling), groups=("3",), reference=4)


@pytest.mark.parametrize(
    ("name", "more", "verdict"),
    [
        ("Transports Kerlavos", {}, Verdict.NOT_MET),
        ("Transports Kerlavos", {"active": False}, Verdict.MET),
        ("Transports Kerlavos", {"groups": ("1", "2")}, Verdict.TO_JUDGE),
        ("Transports Kerlavos", {"groups": ()}, Verdict.TO_JUDGE),
        ("Transports Kerlavos", {"fees": {"Asie": {}}}, Verdict.TO_JUDGE),
        ("Transports Kerlavos", {"fees": {"Asie": {}, "Europe": {}}}, Verdict.NOT_MET),
        ("Mer et Colis Palette", {"groups": ("4", "5", "6")}, Verdict.NOT_MET),
        ("Mer et Colis Palette", {"groups": ()}, Verdict.TO_JUDGE),
        ("Un autre", {"fees": {"Asie": {}}}, Verdict.NOT_MET),
    ],
)
def test_a_carrier_that_is_withdrawn_by_its_groups_or_zones_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch, name: str, more: dict[str, Any], verdict: Verdict
) -> None:
    others = [carrier("6", name=row["name"]) for _, row in seeded.rows(COMPANY, "carriers") if row["name"] != name]
    monkeypatch.setattr(carriers, "carriers", lambda site: [*others, carrier("6", name=name, **more)])
    assert [one.verdict for one in CarrierOff(name=name).verify(MagicMock())] == [verdict]


@pytest.mark.parametrize(
    ("kept", "others", "verdict", "said"),
    [
        (False, {}, Verdict.MET, ""),
        (False, {"Coursiers de Cornouaille": {"active": False}}, Verdict.MET, ""),  # it is so from the start
        (False, {"Mer et Colis Relais": {"name": "Relais", "reference": 2}}, Verdict.MET, ""),
        (False, {"Mer et Colis Relais": {"active": False}}, Verdict.TO_JUDGE, "« Mer et Colis Relais »."),
        (False, {"Mer et Colis Relais": None}, Verdict.TO_JUDGE, "« Mer et Colis Relais »."),
        (True, {"Mer et Colis Relais": {"active": False}}, Verdict.NOT_MET, ""),
    ],
)
def test_a_carrier_that_goes_beside_the_one_that_is_asked_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch, kept: bool, others: dict[str, Any], verdict: Verdict, said: str
) -> None:
    told = {row["name"]: {"name": row["name"]} for _, row in seeded.rows(COMPANY, "carriers")}
    told |= {name: more and {"name": name, **more} for name, more in others.items()}
    told["Transports Kerlavos"] |= {"active": kept}
    monkeypatch.setattr(carriers, "carriers", lambda site: [carrier("6", **one) for one in told.values() if one])
    [found] = CarrierOff(name="Transports Kerlavos").verify(MagicMock())
    assert found.verdict is verdict
    assert found.observed.endswith(said)
    assert ("Autres transporteurs" in found.observed) is bool(said)


@pytest.mark.parametrize(
    "values",
    [
        {"name": "C", "exists": True},
        {"name": "C", "zones": ["Europe"]},
        {"name": "C", "ranges": [{"end": 5, "price": 4}]},
        {"name": "C", "zones": ["Europe"], "free": True, "ranges": [{"end": 5, "price": 4}]},
        {"name": "C", "zones": ["Europe"], "ranges": [{"start": 5, "end": 5, "price": 4}]},
    ],
)
def test_a_carrier_that_makes_no_sense_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CarrierMade.model_validate(values)


KERLAVOS = 4  # the pick-up is the first


@pytest.mark.parametrize(
    ("known", "verdict", "observed"),
    [
        (
            [("Kerlavos Express", KERLAVOS, True)],
            Verdict.TO_JUDGE,
            "Le transporteur s’appelle maintenant « Kerlavos Express ». Il est actif.",
        ),
        (
            [("Transport Kerlavos", KERLAVOS, True)],
            Verdict.NOT_MET,
            "Le transporteur s’appelle maintenant « Transport Kerlavos ». Il est actif.",
        ),
        (
            [("Kerlavos Express", KERLAVOS, False)],
            Verdict.MET,
            "Le transporteur s’appelle maintenant « Kerlavos Express ». Il est inactif.",
        ),
        (
            [("Kerlavos", KERLAVOS, True), ("Transports Kerlavos", 9, False)],
            Verdict.TO_JUDGE,
            "Le transporteur s’appelle maintenant « Kerlavos ». Il est actif.",
        ),
        ([("Transports Kerlavos", KERLAVOS, False), ("Autre", 3, True)], Verdict.MET, "Le transporteur est inactif."),
        ([("Transports Kerlavos", KERLAVOS, True)], Verdict.NOT_MET, "Le transporteur est actif."),
        ([("Autre", 3, True)], Verdict.TO_JUDGE, "Le transporteur n’est plus dans la liste : il a été supprimé."),
    ],
)
def test_a_carrier_that_was_renamed_is_known_again(
    known: list[tuple[str, int, bool]], verdict: Verdict, observed: str
) -> None:
    seen = [carrier("6", name=name, reference=number, active=active) for name, number, active in known]
    assert CarrierOff(name="Transports Kerlavos").judged(seen) == (verdict, observed)


def test_the_prices_of_a_carrier_that_was_renamed_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    renamed = carrier("6", name="Kerlavos Express", reference=KERLAVOS)
    monkeypatch.setattr(carriers, "carriers", lambda site: [renamed])
    [found] = wanted("7.20", name="Transports Kerlavos", exists=True).verify(MagicMock())
    assert found.verdict is Verdict.MET


@pytest.mark.parametrize(
    ("number", "more", "verdict"),
    [
        (9, {}, Verdict.MET),
        (0, {}, Verdict.MET),
        (8, {}, Verdict.TO_JUDGE),
        (KERLAVOS, {}, Verdict.TO_JUDGE),
        (KERLAVOS, {"active": False}, Verdict.NOT_MET),
        (KERLAVOS, {"delay": "48 heures"}, Verdict.NOT_MET),
        (9, {"delay": "24  H"}, Verdict.MET),
    ],
)
def test_a_carrier_of_the_company_that_was_renamed_is_not_one_that_was_made(
    monkeypatch: pytest.MonkeyPatch, number: int, more: dict[str, Any], verdict: Verdict
) -> None:
    monkeypatch.setattr(carriers, "carriers", lambda site: [carrier("6", reference=number, **more)])
    created, priced = wanted("7.20", delay="24 h").verify(MagicMock())
    assert (created.verdict, priced.verdict) == (verdict, Verdict.MET)
    assert ("un transporteur de l’entreprise, réécrit" in created.observed) is (number in (KERLAVOS, 8))


def test_a_carrier_is_told_in_a_line() -> None:
    assert (
        described(carrier("6")) == "« C » (actif) ; zones : Europe ; de 0 kg à 5 kg : 6,00 € HT, 7,20 € TTC ; TVA 20 %"
    )


@pytest.mark.parametrize(
    ("prices", "exists", "verdict"),
    [
        (("6",), True, Verdict.MET),
        (("6", "6"), True, Verdict.TO_JUDGE),
        (("6", "5"), True, Verdict.TO_JUDGE),
        (("5", "6"), False, Verdict.TO_JUDGE),
        (("6", "6"), False, Verdict.MET),
        (("5", "5"), False, Verdict.NOT_MET),
    ],
)
def test_between_carriers_of_one_name_a_person_decides(
    monkeypatch: pytest.MonkeyPatch, prices: tuple[str, ...], exists: bool, verdict: Verdict
) -> None:
    monkeypatch.setattr(carriers, "carriers", lambda site: [carrier(one) for one in prices])
    found = {one.fact: one.verdict for one in wanted("7.20", exists=exists).verify(MagicMock())}
    assert found[PRICED] is verdict
