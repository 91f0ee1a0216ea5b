"""Makes the company's PDF document out of its own data: the guide for those who sell at home (CC0).

Needs Pillow and ReportLab, and the Liberation fonts. What it says is context.toml's: run it again when that changes.
`uv run --with pillow --with reportlab scenarios/clairepine/media/make_documents.py`
"""

import io
import tomllib
from typing import Any

from make import CLAY, CREAM, DEEP, HERE, HONEY, INK
from PIL import Image
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

CONTEXT: dict[str, Any] = tomllib.loads((HERE.parent / "context.toml").read_text(encoding="utf-8"))
WIDTH, HEIGHT = A4
MARGIN = 52.0
TITLE, PLAIN = "LiberationSerif-Bold", "LiberationSans-Regular"


def page(sheet: Canvas, title: str, note: str) -> float:
    """The head of a page; gives the height at which the text may begin."""
    sheet.setFillColor(HexColor(DEEP))
    sheet.rect(0, HEIGHT - 92, WIDTH, 92, stroke=0, fill=1)
    sheet.drawImage(picture("logo.png", 160), MARGIN, HEIGHT - 82, 72, 72, mask="auto")
    sheet.setFillColor(HexColor(CREAM))
    sheet.setFont(TITLE, 22)
    sheet.drawString(MARGIN + 90, HEIGHT - 48, title)
    sheet.setFillColor(HexColor(HONEY))
    sheet.setFont(PLAIN, 11)
    sheet.drawString(MARGIN + 90, HEIGHT - 68, note)
    company = CONTEXT["company"]
    sheet.setFillColor(HexColor(CLAY))
    sheet.setFont(PLAIN, 8.5)
    sheet.drawCentredString(WIDTH / 2, 28, f"{CONTEXT['name']} – {company['address']} – {company['phone']}")
    return HEIGHT - 130


def picture(name: str, width: int) -> ImageReader:
    """A picture of the media library, reduced: a print needs no more."""
    image = Image.open(HERE / name)
    image = image.resize((width, round(width * image.height / image.width)), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.save(out, "PNG" if image.mode == "RGBA" else "JPEG", quality=80)
    out.seek(0)
    return ImageReader(out)


def heading(sheet: Canvas, y: float, words: str) -> float:
    """A heading with its rule; gives the height below it."""
    sheet.setFillColor(HexColor(DEEP))
    sheet.setFont(TITLE, 15)
    sheet.drawString(MARGIN, y, words)
    sheet.setStrokeColor(HexColor(HONEY))
    sheet.setLineWidth(1.5)
    sheet.line(MARGIN, y - 6, WIDTH - MARGIN, y - 6)
    return y - 26


def lines(sheet: Canvas, y: float, words: list[str]) -> float:
    """Lines with a dot before each; gives the height below them."""
    sheet.setFont(PLAIN, 11)
    for line in words:
        sheet.setFillColor(HexColor(CLAY))
        sheet.circle(MARGIN + 4, y + 4, 2.2, stroke=0, fill=1)
        sheet.setFillColor(HexColor(INK))
        sheet.drawString(MARGIN + 14, y, line)
        y -= 19
    return y - 14


def capital(words: str) -> str:
    """A line of context.toml as a sentence."""
    return f"{words[0].upper()}{words[1:]}."


def guide(sheet: Canvas) -> None:
    """The two pages: how a meeting goes, what the network offers."""
    sellers = CONTEXT["sellers"]
    y = page(sheet, "Guide du vendeur", "Première page : la réunion")
    wide = WIDTH - 2 * MARGIN
    sheet.drawImage(picture("reunion.jpg", 900), MARGIN, y - wide * 2 / 3, wide, wide * 2 / 3)
    y = heading(sheet, y - wide * 2 / 3 - 40, "Une soirée chez quelqu’un")
    y = lines(
        sheet,
        y,
        [
            capital(sellers["meeting"]),
            "Installez les produits avant que l’on sonne, et gardez une chaise libre.",
            "Faites sentir, toucher, goûter ; parlez du prix quand on vous le demande.",
            "Remettez à chacun son bon de commande, avec le formulaire de rétractation.",
            capital(sellers["thanks"]),
        ],
    )
    sheet.showPage()
    y = page(sheet, "Guide du vendeur", "Seconde page : le réseau")
    y = heading(sheet, y, "Votre statut")
    y = lines(sheet, y, [capital(sellers["status"]), capital(sellers["commission"]), capital(sellers["case"])])
    y = heading(sheet, y, "Ce que la maison vous demande")
    y = lines(
        sheet,
        y,
        [
            "Présenter les produits tels qu’ils sont, sans promesse de santé.",
            "Porter votre carte de vendeur, et la montrer avant d’entrer.",
            "Prévenir votre hôte la veille, même quand rien n’a changé.",
        ],
    )
    y = heading(sheet, y, "À qui parler")
    y = lines(sheet, y, [f"{sellers['contact']}, directrice du réseau : {CONTEXT['company']['sellers_email']}"])
    sheet.drawImage(picture("bougies.jpg", 900), MARGIN, y - wide * 2 / 3, wide, wide * 2 / 3)
    sheet.showPage()


def main() -> None:
    """Make the document."""
    for name in (TITLE, PLAIN):
        pdfmetrics.registerFont(TTFont(name, f"/usr/share/fonts/truetype/liberation/{name}.ttf"))
    path = HERE / "guide-du-vendeur.pdf"
    sheet = Canvas(str(path), pagesize=A4, invariant=1, pageCompression=1)
    sheet.setTitle("Guide du vendeur")
    sheet.setAuthor(CONTEXT["name"])
    guide(sheet)
    sheet.save()
    print(f"{path.stat().st_size // 1024:4} KiB  {path.name}")


if __name__ == "__main__":
    main()
