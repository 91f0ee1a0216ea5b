"""Draws the shop's product shots, brands and banners, with the same hand as make.py: ours to give away (CC0).

`uv run --with pillow scenarios/biscuiterie/media/make_products.py` writes every file beside this one;
with names after it (`make_products.py produit-bol`) only those.
"""

import sys
from collections.abc import Callable

from make import (
    BUTTER,
    COCOA,
    CREAM,
    CRUST,
    DEEP,
    GOLD,
    GORSE,
    HERE,
    INK,
    LEAF,
    MIST,
    MOSS,
    RED,
    SAND,
    SCALE,
    SEA,
    SKY,
    WHITE,
    Sheet,
    gorse,
    palet,
    ring,
)
from make_packagings import (
    BERRY,
    BUCKWHEAT,
    CHAUDRONS,
    HONEY,
    HUSK,
    PINK,
    PLUM,
    RUCHERS,
    SABLE,
    SABLE_CHIPS,
    SIDE,
    Biscuit,
    cake,
    caramel,
    carton,
    cracker,
    dark_palet,
    fitted,
    gift,
    jar,
    madeleine,
    quatre_quarts,
    sachet,
    shade,
    strewn,
    table,
    thin,
)


def cups() -> Sheet:
    """Three cups, in the three colours of the house."""
    s = table("#dbe7ea")
    for x, y, colour, r in ((240, 470, "#efe6d2", 120), (545, 470, SEA, 120), (400, 610, GORSE, 140)):
        s.shadow(x, y + r * 1.02, r, 24, 110)
        s.draw.ellipse(
            [(x + r * 0.6) * SCALE, (y - r * 0.3) * SCALE, (x + r * 1.4) * SCALE, (y + r * 0.6) * SCALE],
            outline=shade(colour, 0.85),
            width=round(r * 0.14) * SCALE,
        )
        s.shape([(x - r, y - r * 0.6), (x + r, y - r * 0.6), (x + r * 0.78, y + r), (x - r * 0.78, y + r)], colour)
        s.oval(x, y + r, r * 0.78, r * 0.16, colour)
        s.oval(x, y - r * 0.6, r, r * 0.24, shade(colour, 0.85))
        s.oval(x, y - r * 0.58, r * 0.88, r * 0.18, COCOA)
        for i in (-1, 0, 1):
            gorse(s, x + i * r * 0.3, y + r * 0.22 - (i == 0) * r * 0.08, r * 0.16, WHITE if colour == GORSE else GORSE)
    return s


def bowl() -> Sheet:
    """The breakfast bowl with its two ears, and a biscuit to dip."""
    s = table("#f1e6d6")
    s.shadow(390, 664, 230, 30, 120)
    for side in (-1, 1):
        s.box(390 + side * 250 - 45, 412, 90, 44, "#e8dcc5", 20)
    s.shape([(150, 420), (630, 420), (560, 590), (490, 650), (290, 650), (220, 590)], "#f5ecd9")
    s.oval(390, 420, 240, 62, "#dccdb0")
    s.oval(390, 424, 216, 48, "#b98a5b")
    s.box(300, 640, 180, 24, "#e2d5bb", 8)
    s.line([(172, 470), (608, 470)], SEA, 9)
    for i in (-1, 0, 1):
        gorse(s, 390 + i * 74, 540 - (i == 0) * 10, 34)
    palet(s, 660, 660, 70)
    return s


def towel() -> Sheet:
    """A folded linen towel with three embroidered flowers."""
    s = table("#e4ece6", "#b9c3b4")
    s.shadow(400, 670, 260, 30, 120)
    for i, colour in enumerate(("#ddd2bb", "#e6dcc8", "#efe7d6")):
        s.box(160 + i * 4, 560 - i * 46, 480 - i * 8, 110, colour, 18)
    s.box(172, 250, 456, 330, "#f4eede", 8)
    for x in (200, 216, 584, 600):
        s.line([(x, 250), (x, 580)], SEA, 5)
    for i in range(40):
        s.line([(180 + i * 11.2, 580), (180 + i * 11.2, 596)], "#d9ceb6", 3)
    for dx, dy in ((0, -46), (-56, 30), (56, 30)):
        gorse(s, 400 + dx, 410 + dy, 44)
        s.line([(400 + dx, 430 + dy), (400, 520)], MOSS, 5)
    return s


def aprons() -> Sheet:
    """Two aprons on their hooks, the small one blue."""
    s = Sheet(SIDE, SIDE, "#f5efe2")
    s.slope("#f5efe2", "#e6dcc6")
    s.box(60, 90, 680, 26, CRUST, 8)
    for x, w, h, colour in ((270, 250, 520, "#efe3c9"), (580, 180, 380, SEA)):
        s.oval(x, 128, 10, 18, "#7b8c94")
        s.draw.arc(
            [(x - w * 0.2) * SCALE, 126 * SCALE, (x + w * 0.2) * SCALE, 270 * SCALE],
            180,
            360,
            shade(colour, 0.75),
            9 * SCALE,
        )
        s.shape(
            [
                (x - w * 0.28, 200),
                (x + w * 0.28, 200),
                (x + w * 0.5, 340),
                (x + w * 0.54, 160 + h),
                (x - w * 0.54, 160 + h),
                (x - w * 0.5, 340),
            ],
            colour,
        )
        s.line([(x - w * 0.5, 344), (x - w * 0.72, 400)], shade(colour, 0.8), 7)
        s.line([(x + w * 0.5, 344), (x + w * 0.72, 400)], shade(colour, 0.8), 7)
        s.box(x - w * 0.3, 200 + h * 0.46, w * 0.6, h * 0.24, shade(colour, 0.9), 8)
        for i in (-1, 0, 1):
            gorse(s, x + i * w * 0.15, 268 - (i == 0) * w * 0.05, w * 0.085)
    return s


def bag() -> Sheet:
    """The market bag, with a loaf and leeks showing."""
    s = table("#e3eddd")
    s.shadow(400, 690, 240, 28, 120)
    for x in (300, 340):
        s.box(x, 150, 16, 180, "#e9efd8", 8)
        s.shape([(x - 20, 150), (x + 8, 70), (x + 36, 150)], LEAF)
    s.box(440, 160, 70, 190, GOLD, 34)
    s.draw.arc([250 * SCALE, 130 * SCALE, 550 * SCALE, 470 * SCALE], 180, 360, "#cdbf9f", 18 * SCALE)
    s.shape([(180, 300), (620, 300), (600, 690), (200, 690)], "#efe6d2")
    s.shape([(570, 300), (620, 300), (600, 690), (560, 690)], "#ddd1b6")
    for dx, dy in ((0, -60), (-72, 44), (72, 44)):
        gorse(s, 390 + dx, 470 + dy, 58)
    s.text(390, 620, "les trois ajoncs", 40, DEEP, "LiberationSerif-Italic")
    return s


def brand(ground: str, ring: str, draw: Callable[[Sheet], None], name: str) -> Sheet:
    """The sign of a house: a disc, a drawing, a name."""
    s = Sheet(400, 400, ground)
    s.oval(200, 176, 138, 138, ring)
    s.oval(200, 176, 124, 124, WHITE)
    draw(s)
    fitted(s, 200, 356, name, 34, 360, INK, "LiberationSerif-Bold")
    return s


def _flowers(s: Sheet) -> None:
    for dx, dy in ((0, -42), (-46, 30), (46, 30)):
        gorse(s, 200 + dx, 176 + dy, 46)


def _cauldron(s: Sheet) -> None:
    s.box(130, 150, 140, 24, "#b8632d", 10)
    s.shape([(138, 172), (262, 172), (244, 250), (156, 250)], "#c9773a")
    for x in (166, 200, 234):
        s.oval(x, 146, 18, 16, BERRY)


def _hive(s: Sheet) -> None:
    for i, w in enumerate((60, 96, 116, 120)):
        s.box(200 - w / 2, 96 + i * 38, w, 42, (HONEY, "#dca33f")[i % 2], 20)
    s.box(182, 212, 36, 36, COCOA, 16)


def _vase(s: Sheet) -> None:
    s.oval(200, 204, 62, 58, SEA)
    s.box(176, 112, 48, 60, SEA, 8)
    s.box(166, 104, 68, 16, DEEP, 8)
    s.line([(142, 200), (258, 200)], CREAM, 8)


def banner(top: str, bottom: str, draw: Callable[[Sheet], None]) -> Sheet:
    """A slide of the home page: its left is left to the words."""
    s = Sheet(1110, 340, top)
    s.slope(top, bottom)
    draw(s)
    return s


def _plates(s: Sheet) -> None:
    s.shadow(860, 216, 220, 90, 90)
    s.oval(860, 200, 220, 100, WHITE)
    for x, y in ((760, 190), (860, 160), (960, 190), (810, 230), (912, 232)):
        palet(s, x, y, 62)
    for x, y, r in ((560, 290, 26), (600, 262, 20), (1070, 300, 28)):
        gorse(s, x, y, r)


def _port(s: Sheet) -> None:
    s.box(0, 236, 1110, 104, SEA)
    for i in range(20):
        s.box((i * 137) % 1110, 252 + (i * 29) % 80, 60, 4, "#5fa3b5", 2)
    for i, (colour, roof) in enumerate(
        (("#f4efe4", "#4b5961"), ("#e7c9a5", "#566069"), ("#cfe0d5", "#4b5961"), ("#f2d9d0", "#566069"))
    ):
        x = 560 + i * 140
        s.box(x, 110, 128, 126, colour)
        s.shape([(x - 8, 112), (x + 64, 54), (x + 136, 112)], roof)
        for dx in (22, 74):
            s.box(x + dx, 132, 30, 40, "#9cc7d3", 3)
        s.box(x + 46, 184, 36, 52, (RED, SEA, GORSE, MOSS)[i], 4)
    for x, colour in ((640, RED), (860, "#2b5fa0"), (1010, GORSE)):
        s.shape([(x - 60, 262), (x + 60, 262), (x + 36, 292), (x - 40, 292)], colour)
        s.line([(x, 262), (x, 180)], COCOA, 6)
        s.shape([(x + 4, 184), (x + 4, 252), (x + 48, 252)], CREAM)


def _aperitif(s: Sheet) -> None:
    s.box(560, 60, 480, 240, "#38434a", 18)
    s.box(570, 70, 460, 220, "#414d55", 12)
    draw = cracker("#b49a76", ("#3a2d22", "#3f6b45", WHITE))
    for i in range(8):
        draw(s, 640 + (i % 4) * 106, 128 + (i // 4) * 96, 46)


def plate(ground: str, stripe: str, biscuit: Biscuit) -> Sheet:
    """Thin biscuits, overlapping on a plate."""
    s = Sheet(ground=ground)
    for i in range(13):
        s.box(i * 100, 0, 48, 800, stripe)
    s.shadow(600, 470, 430, 280, 110)
    s.oval(600, 440, 440, 290, WHITE)
    s.oval(600, 440, 360, 225, "#eef3f3")
    for x, y in (
        (470, 330),
        (600, 310),
        (730, 330),
        (400, 410),
        (530, 400),
        (665, 400),
        (800, 410),
        (460, 490),
        (595, 485),
        (735, 490),
        (540, 570),
        (670, 570),
    ):
        biscuit(s, x, y, 92)
    for x, y, r in ((130, 680, 36), (178, 640, 30), (1080, 130, 34), (1045, 170, 28)):
        gorse(s, x, y, r)
    return s


def name() -> Sheet:
    """The shop's logo: the emblem and the name beside it, as small as its header, mails and invoices take it."""
    s = Sheet(256, 80, None)
    ring(s, 40, 40, 0.48)
    for y, words in ((27, "Biscuiterie des"), (55, "Trois Ajoncs")):
        fitted(s, 170, y, words, 25, 170, COCOA, "LiberationSerif-Bold")
    return s


PICTURES: dict[str, Callable[[], Sheet]] = {
    "logo-boutique.png": name,
    "galettes.jpg": lambda: plate("#b9cdb4", "#c3d5be", thin(BUTTER)),
    "galettes-citron.jpg": lambda: plate("#e9d9a8", "#eee0b5", strewn(thin("#f7e28a"), ("#e3c52b", "#fdf6c9"), 14)),
    "produit-palet-pur-beurre.jpg": lambda: sachet("#cfe3ea", SAND, SEA, "Palet", "pur beurre", palet),
    "produit-palet-caramel.jpg": lambda: sachet(
        "#f3dcb8", SAND, CRUST, "Palet", "au caramel au beurre salé", strewn(palet, ("#9a5a1f", CRUST), 14)
    ),
    "produit-palet-ble-noir.jpg": lambda: sachet("#dde3d3", "#d9cbb2", MOSS, "Palet", "au blé noir", dark_palet),
    "produit-palet-chocolat.jpg": lambda: sachet(
        "#e9d8cc", SAND, COCOA, "Palet", "aux pépites de chocolat noir", strewn(palet, (COCOA,), 16)
    ),
    "produit-palet-pomme.jpg": lambda: sachet(
        "#e2ecc9", SAND, LEAF, "Palet", "aux pommes séchées", strewn(palet, ("#f6eccd", "#a9c26b"), 12)
    ),
    "produit-galette-nature.jpg": lambda: carton("#e5eef0", SEA, "Galette fine", "nature", thin(BUTTER)),
    "produit-galette-citron.jpg": lambda: carton(
        "#faf3cd", "#d9b72b", "Galette fine", "au citron", strewn(thin("#f7e28a"), ("#e3c52b",), 10)
    ),
    "produit-galette-caramel.jpg": lambda: carton(
        "#f2dfc4", "#a8621f", "Galette fine", "au caramel", strewn(thin(GOLD), ("#8a4a16",), 14)
    ),
    "produit-sable-nature.jpg": lambda: sachet("#e9e3f0", "#f1e7d0", DEEP, "Sablé", "nature", SABLE),
    "produit-sable-citron.jpg": lambda: sachet(
        "#fbf3c4", "#f5eeda", "#cfae1f", "Sablé", "au citron", strewn(SABLE, ("#e3c52b",), 9)
    ),
    "produit-sable-chocolat.jpg": lambda: sachet(
        "#ead9cf", "#e9d8bd", COCOA, "Sablé", "aux pépites de chocolat", SABLE_CHIPS
    ),
    "produit-sable-sarrasin.jpg": lambda: sachet(
        "#dfe6d6", "#d6c6a8", LEAF, "Sablé", "à la farine de sarrasin", strewn(thin("#b79c78", HUSK), BUCKWHEAT, 12)
    ),
    "produit-sable-amande.jpg": lambda: sachet(
        "#f3e6d6", "#f1e2c4", "#b07a3c", "Sablé", "aux amandes effilées", strewn(SABLE, ("#fdf3dd", "#e7cfa4"), 9)
    ),
    "produit-sable-fraise.jpg": lambda: sachet(
        "#f8dcdc", "#f6e6d6", BERRY, "Sablé", "fourré à la fraise", strewn(thin(BERRY, BUTTER), ("#e2647a",), 6)
    ),
    "produit-cracker-algues.jpg": lambda: sachet(
        "#d5e6e4",
        "#cdd8c6",
        "#2f6b62",
        "Cracker",
        "au sarrasin et aux algues",
        cracker("#b49a76", ("#2f6b45", "#1f4a38")),
    ),
    "produit-cracker-tomme.jpg": lambda: sachet(
        "#f6e8c6", SAND, "#c7902a", "Cracker", "au sarrasin et à la tomme", cracker("#c9a468", ("#f6d98a", "#8a6f52"))
    ),
    "produit-cracker-lin.jpg": lambda: sachet(
        "#ece3d8", "#dfd0b6", "#7d5a3a", "Cracker", "aux graines de lin", cracker("#d2b384", ("#5b3a22", "#7d5a3a"))
    ),
    "produit-cracker-oignon.jpg": lambda: sachet(
        "#f5dfe3", "#ead9cd", PINK, "Cracker", "à l’oignon rosé", cracker("#d8b07c", ("#c0627a", "#f1d8dc"))
    ),
    "produit-cracker-curry.jpg": lambda: sachet(
        "#fbe9bf", "#eed9ac", "#d98a1a", "Cracker", "au curry doux", cracker("#e0a94a", ("#b5651d", "#7a4a12"))
    ),
    "produit-gateau-breton.jpg": lambda: cake(
        False, BUTTER, GOLD, "grid", "#e6eef0", "Gâteau breton", "au beurre de baratte"
    ),
    "produit-kouign-amann.jpg": lambda: cake(
        True, "#d99339", "#a8621f", "spiral", "#f6ead5", "Kouign-amann", "à réchauffer"
    ),
    "produit-far-pruneaux.jpg": lambda: cake(
        True, "#e9b95c", "#7a4a1a", "", "#eae2ee", "Far breton", "aux pruneaux", PLUM
    ),
    "produit-quatre-quarts.jpg": quatre_quarts,
    "produit-madeleines-miel.jpg": lambda: sachet(
        "#fdf0c9", "#f4e4bd", HONEY, "Madeleines", "au miel de blé noir", madeleine
    ),
    "produit-caramel-pot.jpg": lambda: jar("#f7e6cc", "#a8621f", SEA, "Caramel", "au beurre salé", palet),
    "produit-confiture-fraise.jpg": lambda: jar(
        "#fbe1e1", BERRY, RED, "Fraises", "confiture de Plougastel", SABLE, CHAUDRONS
    ),
    "produit-miel-ble-noir.jpg": lambda: jar("#f3ead2", "#8a4f14", HONEY, "Miel", "de blé noir", madeleine, RUCHERS),
    "produit-caramels-tendres.jpg": lambda: carton("#e3edf0", "#8a4a22", "Caramels tendres", "au beurre salé", caramel),
    "produit-coffret-trois-ajoncs.jpg": lambda: gift(
        "#f8ecc4", DEEP, GORSE, "Coffret", "Trois Ajoncs", (("Palets", GORSE), ("Sablés", SEA), ("Galettes", RED))
    ),
    "produit-coffret-aperitif.jpg": lambda: gift(
        "#e4ece0",
        MOSS,
        GORSE,
        "Coffret",
        "apéritif",
        (("Algues", "#2f6b62"), ("Lin", "#7d5a3a"), ("Oignon", PINK), ("Curry", "#d98a1a")),
    ),
    "produit-coffret-gouter.jpg": lambda: gift(
        "#fbe3dc", RED, CREAM, "Coffret", "du goûter", (("Sablés", DEEP), ("Miel", HONEY), ("Caramel", CRUST))
    ),
    "produit-coffret-equipes.jpg": lambda: gift(
        "#dfe9ee",
        "#3b5b6b",
        "#e9dfc6",
        "Coffret",
        "des équipes",
        (("Palets", SEA), ("Galettes", GORSE), ("Caramels", COCOA)),
    ),
    "produit-tasse-fournil.jpg": cups,
    "produit-bol.jpg": bowl,
    "produit-torchon.jpg": towel,
    "produit-tablier.jpg": aprons,
    "produit-sac-toile.jpg": bag,
    "marque-trois-ajoncs.jpg": lambda: brand(CREAM, DEEP, _flowers, "Les Trois Ajoncs"),
    "marque-chaudrons.jpg": lambda: brand("#fbeae6", BERRY, _cauldron, "Les Chaudrons de la presqu’île"),
    "marque-ruchers.jpg": lambda: brand("#fbf1d6", HONEY, _hive, "Ruchers de Coat-Nevez"),
    "marque-faience.jpg": lambda: brand(MIST, SEA, _vase, "Faïences du Corniguel-Vihan"),
    "banniere-palets.jpg": lambda: banner("#3d8096", DEEP, _plates),
    "banniere-port.jpg": lambda: banner("#6fb2c8", SKY, _port),
    "banniere-crackers.jpg": lambda: banner("#c9d6bb", "#8fa67a", _aperitif),
}


def main(wanted: list[str]) -> None:
    """Draw the named pictures, or all."""
    for name, draw in PICTURES.items():
        path = HERE / name
        if not wanted or path.stem in wanted:
            draw().finished().save(path, quality=80, optimize=True)
            print(f"{path.stat().st_size // 1024:4} KiB  {name}")


if __name__ == "__main__":
    main(sys.argv[1:])
