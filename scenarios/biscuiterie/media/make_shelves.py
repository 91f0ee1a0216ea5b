"""Cuts the covers of the shop's categories out of drawings that are there already (CC0).

`uv run --with pillow scenarios/biscuiterie/media/make_shelves.py` writes every file beside this one;
with names after it (`make_shelves.py rayon-sables`) only those.
"""

import sys
from collections.abc import Callable

import make
import make_products
from make import HERE, Sheet
from PIL import Image

# Three times what the shop shows.
WIDTH, HEIGHT = 423, 540


def upright(draw: Callable[[], Sheet], left: int = 0, width: int = 0) -> Image.Image:
    """A drawing, or what stands between two of its verticals, on an upright sheet: its ground goes on above and below."""
    whole = draw().finished()
    width = width or whole.width
    part = whole.crop((left, 0, left + width, whole.height))
    sheet = Image.new("RGB", (width, max(whole.height, round(width * HEIGHT / WIDTH))))
    above = (sheet.height - part.height) // 2
    sheet.paste(part.crop((0, 0, width, 1)).resize((width, above + 1)))
    sheet.paste(part.crop((0, part.height - 1, width, part.height)).resize((width, sheet.height - above)), (0, above))
    sheet.paste(part, (0, above))
    return sheet.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


SHELVES: dict[str, tuple[str, int, int]] = {
    "rayon-accueil.jpg": ("phare.webp", 573, 627),
    "rayon-palets.jpg": ("palets.jpg", 287, 627),
    "rayon-palets-epais.jpg": ("produit-palet-pur-beurre.jpg", 130, 650),
    "rayon-galettes-fines.jpg": ("galettes.jpg", 287, 627),
    "rayon-sables.jpg": ("sables.jpg", 0, 627),
    "rayon-crackers.jpg": ("crackers-sarrasin.jpg", 400, 627),
    "rayon-coffrets.jpg": ("produit-coffret-trois-ajoncs.jpg", 60, 680),
    "rayon-coffrets-entreprises.jpg": ("produit-coffret-equipes.jpg", 60, 680),
    "rayon-specialites.jpg": ("produit-kouign-amann.jpg", 20, 740),
    "rayon-epicerie.jpg": ("produit-caramel-pot.jpg", 150, 630),
    "rayon-table.jpg": ("produit-bol.jpg", 70, 680),
    "rayon-linge.jpg": ("produit-torchon.jpg", 60, 680),
    "rayon-faience.jpg": ("produit-tasse-fournil.jpg", 80, 660),
}


def main(wanted: list[str]) -> None:
    """Cut the named covers, or all."""
    for name, (drawing, left, width) in SHELVES.items():
        path = HERE / name
        if not wanted or path.stem in wanted:
            draw = (make.PICTURES | make_products.PICTURES)[drawing]
            upright(draw, left, width).save(path, quality=82, optimize=True)
            print(f"{path.stat().st_size // 1024:4} KiB  {name}")


if __name__ == "__main__":
    main(sys.argv[1:])
