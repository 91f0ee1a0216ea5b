"""A datum of the shop, or of what the texts repeat of it, is changed, one in a file at a time, and that is told."""

from pathlib import Path

import pytest

from tests.unit.test_context_company import SHOP, all_told, company, copy, rounds

__all__ = ["company", "copy"]

LEGAL = "prestashop/seed.toml (cms, Mentions légales)"


CHANGES = [
    (SHOP, "RCS Quimper 962 004 512", "RCS Quimper 962 004 999", f"{LEGAL}: "),
    (SHOP, "capital de 48 000", "capital de 8 000", f"{LEGAL}: "),
    (SHOP, "dès 60 € d’achats", "dès 80 € d’achats", "60 € en boutique"),
    (SHOP, "de trois à cinq jours ouvrés", "de deux à cinq jours ouvrés", "Mer et Colis Relais"),
    (SHOP, "Domicile : quarante-huit heures", "Domicile : vingt-quatre heures", "« Chez vous, sous 48 heures »"),
    (SHOP, 'allergenes = "Gluten, lait, sésame"', 'allergenes = "Gluten"', "Coffret apéritif : allergènes"),
    (SHOP, 'allergenes = "Gluten, lait, œufs, soja"', 'allergenes = "Gluten, lait, soja"', "chocolat : allergènes"),
    (SHOP, 'reduction = 10\nprices = "TTC"', 'reduction = 25\nprices = "TTC"', "10 %"),
    (SHOP, 'reduction = 8\nprices = "HT"', 'reduction = 9\nprices = "HT"', "9 % en boutique"),
    ("wordpress/texts/espace-professionnels.html", "15 %", "20 %", "15 % en boutique"),
    ("wordpress/texts/espace-professionnels.html", "8 %", "10 %", "8 % en boutique"),
    ("wordpress/texts/comites-sociaux-et-economiques.html", "10 %", "15 %", "10 % en boutique"),
    ("context.toml", ", 8 % pour les autres professionnels", "", "Professionnels : la remise de 8 %"),
    ("wordpress/texts/nos-produits.html", "150 g et 300 g", "200 g et 400 g", "de 150 à 300 g en boutique"),
    ("wordpress/texts/nos-produits.html", "de 120 g à 300 g", "de 120 g à 150 g", "de 120 à 300 g en boutique"),
    ("wordpress/texts/nos-produits.html", "Six recettes", "Deux recettes", "6 en boutique"),
    ("wordpress/texts/crackers-au-sarrasin.html", "de 3,38 à 4,25", "de 3,75 à 3,95", "de 3,38 € à 4,25 €"),
    ("context.toml", "price = 12.90", "price = 11.90", "Boîte phare : 12,90 € d'après prestashop-a, 11,90 €"),
]


@pytest.mark.parametrize("changes", rounds(CHANGES), ids=str)
def test_a_row_of_the_shop_that_says_otherwise_is_told(company: Path, changes: list[tuple[str, str, str, str]]) -> None:
    all_told(company, changes)
