from pathlib import Path
from typing import Any

import pytest

from provisioner.context.facts import disagreements

SHOP = """
[[groups]]
slug = "comites"
name = "Comités sociaux et économiques"
reduction = 10
[[customers]]
email = "cse@lenn.test"
group = "comites"
[[categories]]
slug = "palets"
name = "Palets"
[[categories]]
slug = "sables"
name = "Sablés"
[[categories]]
slug = "coffrets"
name = "Coffrets"
[[products]]
slug = "palet"
name = "Palet pur beurre"
category = "palets"
price = 4.20
variants = [{ impact = 0 }, { impact = 3.5 }]
[[products]]
slug = "coffret"
name = "Coffret Trois Ajoncs"
category = "coffrets"
price = 24.90
description = "Deux sachets de palets et un de sablés."
[[products]]
slug = "sable"
name = "Sablé nature"
category = "sables"
[[orders]]
slug = "lenn-1"
customer = "cse@lenn.test"
lines = [{ product = "coffret", quantity = 20 }, { product = "palet", quantity = 1 }]
[[employees]]
first_name = "Malo"
last_name = "Quéré"
"""
CONTEXT = """
name = "Biscuiterie d’Essai"

[[people]]
name = "Malo Quéré"
function = "Commercial"
[[ranges]]
name = "Palets pur beurre"
products = ["Palet pur beurre"]
[works_councils]
number = 60
conditions = ["Quatre semaines entre la validation et la réception."]
[[works_councils.offers]]
name = "Coffret Trois Ajoncs"
contents = "3 sachets"
minimum = 20
price = 24.90
"""
SITE = """
[[posts]]
slug = "essai"
title = "{title}"
[[users]]
first_name = "Service"
last_name = "Communication"
"""


class Company:
    """A scenario of three files, changed one by one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for part in ("shop", "site/texts", "subjects/a"):
            (folder / part).mkdir(parents=True)
        self.write("shop/seed.toml", SHOP)
        self.write("context.toml", CONTEXT)
        self.says("")

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def says(self, text: str, title: str = "Essai") -> None:
        self.write("site/seed.toml", SITE.format(title=title))
        self.write("site/texts/essai.html", text)

    def told(self) -> list[str]:
        return [f"{one.where}: {one.what}" for one in disagreements(self.folder)]


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(tmp_path)


def test_a_company_that_agrees_with_itself_is_told_nothing(company: Company) -> None:
    assert company.told() == []


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        (
            "shop/seed.toml",
            "price = 24.90",
            "price = 25.90",
            "Coffret Trois Ajoncs : 24,90 €, mais 25,90 € en boutique",
        ),
        ("shop/seed.toml", "Deux sachets", "Trois sachets", "Coffret Trois Ajoncs : 3 sachets, mais 4 sur sa fiche"),
        ("shop/seed.toml", "quantity = 20", "quantity = 12", "commande lenn-1: un comité commande 12 × Coffret"),
        ("shop/seed.toml", '"Malo"', '"Anna"', "Anna Quéré a un compte, mais n'est pas dans context.toml"),
        ("shop/seed.toml", 'name = "Palets"', 'name = "Palets épais"', "de la gamme Palets pur beurre, mais sous"),
        ("context.toml", '["Palet pur beurre"]', '["Palet au sel"]', "pas de produit « Palet au sel »"),
        ("context.toml", '["Palet pur beurre"]', "[]", "« Palet pur beurre » y manque, la boutique l'a"),
        (
            "context.toml",
            'name = "Coffret Trois Ajoncs"',
            'name = "Coffret"',
            "Coffret : la boutique n'a pas ce produit",
        ),
    ],
)
def test_what_the_shop_and_the_description_tell_differently_is_told(
    company: Company, name: str, old: str, new: str, told: str
) -> None:
    text = (company.folder / name).read_text(encoding="utf-8")
    assert old in text
    company.write(name, text.replace(old, new))
    assert any(told in one for one in company.told()), company.told()


@pytest.mark.parametrize(
    "text",
    [
        "<p>Le palet pur beurre coûte 4,20&nbsp;€, et 7,70 € en grand sachet.</p>",
        "<p>Nos palets coûtent de 4,20 à 7,70 €.</p>",
        "<p>Le coffret Trois Ajoncs est à 23,60 € hors taxes.</p>",
        "<p>Le port est offert dès 60 € de palets.</p>",
        "<p>L’entrée coûte 4 €.</p>",
        "<p>Le sablé nature coûte 9,99 €.</p>",  # nobody has priced it yet
    ],
)
def test_prices_of_the_shop_are_told_freely(company: Company, text: str) -> None:
    company.says(text)
    assert company.told() == []


@pytest.mark.parametrize(
    ("text", "title", "told"),
    [
        ("<p>Le palet pur beurre coûte 4,50&nbsp;€.</p>", "Essai", "4,50 €, mais 4,20 €, 7,70 € TTC"),
        ("<p>Nos palets coûtent de 3,90 à 7,70 €.</p>", "Essai", "3,90 €, mais"),
        ("<p>Nos palets coûtent de 4,20 à 4,20 €.</p>", "Essai", "de 4,20 € à 7,70 € en boutique"),
        ("<h2>Nos coffrets</h2><p>Chacun coûte 25 €.</p>", "Essai", "25,00 €, mais 24,90 €"),
        ("<p>Un sachet coûte 3,90 €.</p>", "Les palets sont là", "3,90 €, mais"),
        ("<table><tr><td>Coffret Trois Ajoncs</td><td>23 €</td></tr></table>", "Essai", "23,00 €, mais 24,90 €"),
        ("<p>Le coffret Trois Ajoncs est à 24,90 € hors taxes.</p>", "Essai", "24,90 €, mais 23,60 € HT"),
    ],
)
def test_another_price_near_a_product_is_told(company: Company, text: str, title: str, told: str) -> None:
    company.says(text, title)
    assert len(company.told()) == 1
    assert told in company.told()[0]


def test_a_subject_prices_the_sheet_that_it_has_completed(company: Company) -> None:
    check = '[[question]]\n[[question.check]]\nname = "Sablé nature"\nprice = 4\nprice_in = "HT"\n'
    company.write("subjects/a/subject.toml", check)
    company.says("<p>Le sablé nature coûte 4,22 €.</p>")
    assert company.told() == []
    company.says("<p>Le sablé nature coûte 4 €.</p>")
    assert "4,00 €, mais 4,22 € TTC" in company.told()[0]


def test_an_offer_has_the_price_that_a_subject_asks_for_its_sheet(company: Company) -> None:
    check = '[[question]]\n[[question.check]]\nname = "Coffret Trois Ajoncs"\nprice = 24.90\n'
    company.write("subjects/a/subject.toml", check)
    company.write("shop/seed.toml", SHOP.replace("price = 24.90\n", ""))
    assert company.told() == []
    company.write("subjects/a/subject.toml", check.replace("24.90", "25.90"))
    assert "Coffret Trois Ajoncs : 25,90 € d'après a, 24,90 € d'après context.toml" in company.told()[0]


@pytest.mark.parametrize(
    ("row", "right"),
    [("<td>20 coffrets</td><td>24,90 €</td>", True), ("<td>12 coffrets</td><td>24,90 €</td>", False)],
)
def test_a_table_of_offers_tells_the_least_quantity(company: Company, row: str, right: bool) -> None:
    head = "<tr><th>Formule</th><th>Commande minimale</th><th>Prix</th></tr>"
    company.says(f"<table>{head}<tr><td>Coffret Trois Ajoncs</td>{row}</tr></table>")
    assert (company.told() == []) is right


@pytest.mark.parametrize(
    ("fact", "text", "told"),
    [
        ({"key": "works_councils.number", "said": "# comites"}, "<p>Soixante comités nous suivent.</p>", None),
        (
            {"key": "works_councils.number", "said": "# comites"},
            "<p>Cinquante comités nous suivent.</p>",
            "50, mais 60",
        ),
        ({"key": "works_councils.offers", "said": "# formules"}, "<p>Nos deux formules</p>", "2, mais 1 d'après"),
        ({"key": "works_councils.conditions", "said": "# semaines"}, "<p>Comptez trois semaines.</p>", "3, mais 4"),
        ({"key": "works_councils.conditions", "said": "# semaines"}, "<p>Comptez 4 semaines.</p>", None),
        ({"said": "# jours"}, "<p>Sous deux jours.</p><p>Sous 3 jours.</p>", "3, mais 2 d'après site/essai.html"),
        ({"said": "# jours", "about": "colis"}, "<p>Un colis : deux jours.</p><p>Sous 3 jours.</p>", None),
        ({"said": "# jours"}, "<p>Bientôt.</p>", "dit nulle part"),
    ],
)
def test_a_listed_fact_is_told_alike(company: Company, fact: dict[str, Any], text: str, told: str | None) -> None:
    company.write("facts.toml", "[[facts]]\n" + "".join(f"{key} = '{value}'\n" for key, value in fact.items()))
    company.says(text)
    if told is None:
        assert company.told() == []
    else:
        assert [told in one for one in company.told()] == [True]
