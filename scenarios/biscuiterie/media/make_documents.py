"""Makes the company's PDF documents out of its own data: the order form for works councils, the catalogue (CC0).

Needs Pillow and ReportLab, and Debian's fonts-lato and fonts-quicksand. Prices and names are the shop's
(prestashop/seed.toml), the rest is the company's (context.toml): run it again when they change.
`uv run --with pillow --with reportlab scenarios/biscuiterie/media/make_documents.py`
"""

import io
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from make import CREAM, CRUST, DEEP, GORSE, HERE, INK, SAND, WHITE
from PIL import Image
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

CONTEXT: dict[str, Any] = tomllib.loads((HERE.parent / "context.toml").read_text(encoding="utf-8"))
SHOP: dict[str, Any] = tomllib.loads((HERE.parent / "prestashop" / "seed.toml").read_text(encoding="utf-8"))
WIDTH, HEIGHT = A4
MARGIN = 48.0
TITLE, PLAIN, STRONG = "Quicksand-Bold", "Lato-Regular", "Lato-Bold"


def euros(price: float) -> str:
    """A price, as the French write it."""
    return f"{price:.2f} €".replace(".", ",")


def page(sheet: Canvas, title: str, note: str) -> float:
    """The head of a page; gives the height at which the text may begin."""
    sheet.setFillColor(HexColor(DEEP))
    sheet.rect(0, HEIGHT - 96, WIDTH, 96, stroke=0, fill=1)
    sheet.drawImage(picture("logo.png", 160), MARGIN, HEIGHT - 84, 72, 72, mask="auto")
    sheet.setFillColor(HexColor(CREAM))
    sheet.setFont(TITLE, 22)
    sheet.drawString(MARGIN + 92, HEIGHT - 50, title)
    sheet.setFillColor(HexColor(GORSE))
    sheet.setFont(PLAIN, 11)
    sheet.drawString(MARGIN + 92, HEIGHT - 70, note)
    company = CONTEXT["company"]
    sheet.setFillColor(HexColor(CRUST))
    sheet.setFont(PLAIN, 8.5)
    sheet.drawCentredString(WIDTH / 2, 30, f"{CONTEXT['name']} – {company['address']} – {company['phone']}")
    sheet.drawCentredString(WIDTH / 2, 18, f"{company['legal_form']} – pro@{CONTEXT['domain']}")
    return HEIGHT - 130


def picture(name: str, width: int) -> ImageReader:
    """A picture of the media library, reduced: a print needs no more."""
    image = Image.open(HERE / name)
    image = image.resize((width, round(width * image.height / image.width)), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    if image.mode == "RGBA":
        image.save(out, "PNG")
    else:
        image.save(out, "JPEG", quality=80)
    out.seek(0)
    return ImageReader(out)


def heading(sheet: Canvas, y: float, words: str) -> float:
    """A heading with its rule; gives the height below it."""
    sheet.setFillColor(HexColor(DEEP))
    sheet.setFont(TITLE, 14)
    sheet.drawString(MARGIN, y, words)
    sheet.setStrokeColor(HexColor(GORSE))
    sheet.setLineWidth(1.5)
    sheet.line(MARGIN, y - 6, WIDTH - MARGIN, y - 6)
    return y - 26


def rows(sheet: Canvas, y: float, columns: list[tuple[str, float]], lines: list[list[str]], high: float = 21) -> float:
    """A table, its first column to the left and the others centred; gives the height below it."""
    edges = [MARGIN]
    for _, part in columns:
        edges.append(edges[-1] + part * (WIDTH - 2 * MARGIN))
    for number, line in enumerate([[name for name, _ in columns], *lines]):
        sheet.setFillColor(HexColor(DEEP if number == 0 else (WHITE, CREAM)[number % 2]))
        sheet.setStrokeColor(HexColor(SAND))
        sheet.setLineWidth(0.6)
        for left, right, words in zip(edges, edges[1:], line, strict=False):
            sheet.setFillColor(HexColor(DEEP if number == 0 else (WHITE, CREAM)[number % 2]))
            sheet.rect(left, y - high + 6, right - left, high, stroke=1, fill=1)
            sheet.setFillColor(HexColor(CREAM if number == 0 else INK))
            sheet.setFont(STRONG if number == 0 else PLAIN, 9.5)
            if left == MARGIN:
                sheet.drawString(left + 6, y - 8, words)
            else:
                sheet.drawCentredString((left + right) / 2, y - 8, words)
        y -= high
    return y - 12


def blank(sheet: Canvas, x: float, y: float, words: str, width: float) -> None:
    """A line to be filled in."""
    sheet.setFillColor(HexColor(INK))
    sheet.setFont(PLAIN, 10)
    sheet.drawString(x, y, words)
    left = x + pdfmetrics.stringWidth(words, PLAIN, 10) + 6
    sheet.setStrokeColor(HexColor(CRUST))
    sheet.setLineWidth(0.6)
    sheet.line(left, y - 2, x + width, y - 2)


def order_form(sheet: Canvas) -> None:
    """The order form for works councils, one page."""
    terms = CONTEXT["works_councils"]
    y = page(sheet, "Bon de commande", "Comités sociaux et économiques")
    y = heading(sheet, y, "Votre comité")
    half = (WIDTH - 2 * MARGIN - 20) / 2
    for left, right in (
        ("Entreprise :", "Personne à joindre :"),
        ("Adresse :", "Téléphone :"),
        ("Ville :", "Courriel :"),
    ):
        blank(sheet, MARGIN, y, left, half)
        blank(sheet, MARGIN + half + 20, y, right, half)
        y -= 24
    y = heading(sheet, y - 8, "Votre commande")
    lines = [
        [offer["name"], offer["contents"], str(offer["minimum"]), euros(offer["price"]), "", ""]
        for offer in terms["offers"]
    ]
    columns = [
        ("Formule", 0.24),
        ("Contenu", 0.30),
        ("Minimum", 0.11),
        ("Prix TTC", 0.12),
        ("Quantité", 0.11),
        ("Montant", 0.12),
    ]
    y = rows(sheet, y, columns, [*lines, ["Total", "", "", "", "", ""]], 26)
    blank(sheet, MARGIN, y, "Message imprimé sur l’étui :", WIDTH - 2 * MARGIN)
    blank(sheet, MARGIN, y - 26, "Date de livraison souhaitée :", half)
    y = heading(sheet, y - 66, "Nos conditions")
    sheet.setFillColor(HexColor(INK))
    sheet.setFont(PLAIN, 10)
    for condition in terms["conditions"]:
        sheet.drawString(MARGIN + 12, y, condition)
        sheet.setFillColor(HexColor(GORSE))
        sheet.circle(MARGIN + 4, y + 3, 2.2, stroke=0, fill=1)
        sheet.setFillColor(HexColor(INK))
        y -= 17
    blank(sheet, MARGIN, y - 20, "Date et signature :", half)
    sheet.showPage()


def catalogue(sheet: Canvas) -> None:
    """The catalogue for professional customers: a cover, then the ranges with their prices without tax."""
    sheet.setFillColor(HexColor(CREAM))
    sheet.rect(0, 0, WIDTH, HEIGHT, stroke=0, fill=1)
    sheet.drawImage(picture("coffret-decouverte.jpg", 1000), 0, 300, WIDTH, WIDTH * 2 / 3)
    sheet.setFillColor(HexColor(DEEP))
    sheet.rect(0, 0, WIDTH, 300, stroke=0, fill=1)
    sheet.setFillColor(HexColor(CREAM))
    sheet.setFont(TITLE, 34)
    sheet.drawCentredString(WIDTH / 2, 200, "Catalogue des professionnels")
    sheet.setFillColor(HexColor(GORSE))
    sheet.setFont(PLAIN, 15)
    sheet.drawCentredString(WIDTH / 2, 165, "Épiceries fines, hôtels, restaurants et chambres d’hôtes")
    sheet.setFillColor(HexColor(CREAM))
    sheet.drawCentredString(WIDTH / 2, 95, CONTEXT["name"])
    sheet.drawImage(picture("logo.png", 160), WIDTH / 2 - 55, HEIGHT - 125, 110, 110, mask="auto")
    sheet.showPage()
    names = {category["slug"]: category["name"] for category in SHOP["categories"]}
    y = page(sheet, "Nos gammes", "Prix unitaires hors taxes, avant remise")
    for slug, name in names.items():
        sold = [p for p in SHOP["products"] if p.get("category") == slug and "price" in p and p.get("active", True)]
        if not sold:
            continue
        if y - 60 - 21 * len(sold) < 60:
            sheet.showPage()
            y = page(sheet, "Nos gammes", "Prix unitaires hors taxes, avant remise")
        y = heading(sheet, y, name)
        lines = [
            [
                p["name"],
                p["reference"],
                euros(p["price"] / (1 + p.get("vat", 5.5) / 100)),
                f"{p.get('vat', 5.5):g} %".replace(".", ","),
            ]
            for p in sold
        ]
        y = rows(sheet, y, [("Produit", 0.55), ("Référence", 0.17), ("Prix HT", 0.15), ("TVA", 0.13)], lines) - 8
    sheet.showPage()
    y = page(sheet, "Travailler avec nous", "Conditions réservées aux professionnels")
    for part in CONTEXT["professionals"]["terms"]:
        y = heading(sheet, y, part["title"])
        sheet.setFillColor(HexColor(INK))
        sheet.setFont(PLAIN, 11)
        for line in part["lines"]:
            sheet.drawString(MARGIN, y, line)
            y -= 17
        y -= 14
    wide = (WIDTH - 2 * MARGIN) * 0.8
    sheet.drawImage(picture("stand-salon.jpg", 900), (WIDTH - wide) / 2, 80, wide, wide * 2 / 3)
    sheet.showPage()


DOCUMENTS: dict[str, tuple[Callable[[Canvas], None], str]] = {
    "bon-de-commande-cse.pdf": (order_form, "Bon de commande des comités sociaux et économiques"),
    "catalogue-professionnels.pdf": (catalogue, "Catalogue des professionnels"),
}


def main(wanted: list[str]) -> None:
    """Make the named documents, or all."""
    for name, family, file in (
        (TITLE, "quicksand", "Quicksand-Bold"),
        (PLAIN, "lato", "Lato-Regular"),
        (STRONG, "lato", "Lato-Bold"),
    ):
        pdfmetrics.registerFont(TTFont(name, f"/usr/share/fonts/truetype/{family}/{file}.ttf"))
    for name, (draw, title) in DOCUMENTS.items():
        if not wanted or Path(name).stem in wanted:
            sheet = Canvas(str(HERE / name), pagesize=A4, invariant=1, pageCompression=1)
            sheet.setTitle(title)
            sheet.setAuthor(CONTEXT["name"])
            draw(sheet)
            sheet.save()
            print(f"{(HERE / name).stat().st_size // 1024:4} KiB  {name}")


if __name__ == "__main__":
    main(sys.argv[1:])
