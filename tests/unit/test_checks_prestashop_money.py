"""Money as the shop counts it: exact to the cent, with and without tax."""

from decimal import Decimal

import pytest

from checks.prestashop.reading.money import amount, cents, euros, percent, typed, with_tax

RATE = Decimal("5.5")


@pytest.mark.parametrize(
    ("exact", "shown"),
    [("4.745", "4.75"), ("4.744999", "4.74"), ("3.555", "3.56"), ("-1.005", "-1.01"), ("12", "12.00")],
)
def test_halves_go_away_from_zero(exact: str, shown: str) -> None:
    assert cents(Decimal(exact)) == Decimal(shown)


def test_a_price_typed_with_tax_comes_back_to_the_cent() -> None:
    for gross in (Decimal(n) / 100 for n in range(1, 3000)):
        kept = (gross / (1 + RATE / 100)).quantize(Decimal("0.000001"))
        assert with_tax(kept, RATE) == gross


def test_tax_is_added_at_its_rate() -> None:
    assert with_tax(Decimal("12.90"), RATE) == Decimal("13.61")
    assert with_tax(Decimal("12.90"), Decimal(0)) == Decimal("12.90")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12,90 €", "12.90"),
        ("12,90\u00a0€", "12.90"),
        ("1 234,50 €", "1234.50"),
        ("1\u202f234,50\u00a0€", "1234.50"),
        ("4.2", "4.2"),
        ("10.000000", "10"),
        ("-3,00 €", "-3"),
    ],
)
def test_an_amount_is_read_in_every_spelling_of_the_shop(text: str, value: str) -> None:
    assert amount(text) == Decimal(value)


def test_what_shows_no_amount_is_none() -> None:
    assert amount("") is None
    assert amount("gratuit") is None


def test_amounts_and_rates_are_said_in_french() -> None:
    assert euros(Decimal("1234.5")) == "1 234,50 €"
    assert euros(Decimal("-4.2")) == "−4,20 €"
    assert percent(Decimal("5.50")) == "5,5 %"
    assert percent(Decimal(20)) == "20 %"
    assert typed(Decimal("12.90")) == "12,90"
