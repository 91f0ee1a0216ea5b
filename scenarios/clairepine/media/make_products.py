"""Draws the shop’s products, its brands and the covers of its categories (CC0). Called by make.py."""

from collections.abc import Callable

from make import (
    BARK,
    CLAY,
    CREAM,
    DEEP,
    GLASS,
    HERE,
    HONEY,
    INK,
    ITALIC,
    LAVENDER,
    LIME,
    LINEN,
    MOSS,
    PLUM,
    WHITE,
    WOOD,
    Sheet,
    bottle,
    candle,
    leaf,
    mixed,
    pile,
    ribbon,
    soap,
    sprig,
)
from PIL import Image

SIDE = 800
#: Three times what the shop shows of a category.
COVER = (423, 540)


def ground(wall: str, table: str = WHITE) -> Sheet:
    """A plain wall and the table on which a product stands, at 650."""
    s = Sheet(SIDE, SIDE, wall)
    s.slope(mixed(wall, WHITE, 0.35), wall, 0, 560)
    s.box(0, 560, SIDE, 240, mixed(wall, table, 0.6))
    return s


def bedding() -> Sheet:
    """The bed linen, folded and tied."""
    s = ground("#dfe5dc")
    pile(s, 400, 660, 560, (LINEN, CREAM, LINEN, LIME, LIME), 80)
    ribbon(s, 400, 262, 660, CLAY, 62)
    s.box(480, 470, 150, 90, CREAM, 6)
    sprig(s, 525, 512, 50)
    s.text(590, 515, "lin lavé", 20, INK, ITALIC)
    return s


def plaid() -> Sheet:
    """The woollen blanket with its fringes."""
    s = ground("#e6dccf")
    s.shade(400, 660, 300, 22, 90)
    for i in range(4):
        colour = ("#8a7f74", "#cfc5b6", "#6f655c", "#bdb2a2")[i]
        s.box(120 + i * 8, 560 - i * 88, 560 - i * 16, 96, colour, 40)
        for k in range(7):
            s.box(170 + i * 8 + k * 68, 572 - i * 88, 18, 72, mixed(colour, CLAY, 0.35))
    for k in range(24):
        s.line([(140 + k * 22, 650), (136 + k * 22, 700 + (k % 2) * 8)], "#8a7f74", 6)
    return s


def towel() -> Sheet:
    """The bath towel on its hook, woven in cells."""
    s = ground("#d7e0e2")
    s.box(330, 70, 140, 20, BARK, 8)
    s.line([(400, 90), (400, 130)], BARK, 12)
    s.shape([(400, 120), (560, 220), (580, 690), (220, 690), (240, 220)], LIME)
    for row in range(13):
        for k in range(10):
            x, y = 246 + k * 35 + (row % 2) * 17, 240 + row * 35
            if x < 560:
                s.shape([(x, y - 13), (x + 13, y), (x, y + 13), (x - 13, y)], mixed(LIME, INK, 0.12))
    s.box(222, 650, 358, 18, CREAM)
    return s


def warmer() -> Sheet:
    """The dry hot-water bottle and its cherry stones."""
    s = ground("#efdcd3")
    s.shade(380, 640, 240, 24, 90)
    s.box(140, 330, 480, 310, CLAY, 90)
    for k in range(4):
        s.box(180 + k * 108, 345, 10, 280, mixed(CLAY, WHITE, 0.3), 5)
    s.box(300, 440, 160, 90, CREAM, 8)
    sprig(s, 380, 480, 58)
    for k in range(26):
        x, y = 560 + (k * 37) % 190, 640 + (k * 23) % 90
        s.oval(x, y, 13, 11, "#b08b66")
        s.oval(x - 3, y - 3, 4, 3, "#d0b394")
    return s


def scent(wall: str, wax: str, name: str) -> Callable[[], Sheet]:
    """A candle by itself, with its cork lid."""

    def draw() -> Sheet:
        s = ground(wall)
        candle(s, 370, 660, 430, wax, name)
        s.shade(650, 672, 90, 14, 80)
        s.oval(650, 660, 92, 34, mixed(WOOD, INK, 0.2))
        s.oval(650, 646, 92, 34, WOOD)
        return s

    return draw


def flask(wall: str, glass: str, cap: str, words: tuple[str, str], green: str) -> Callable[[], Sheet]:
    """A bottle and the plant that it is made of."""

    def draw() -> Sheet:
        s = ground(wall)
        for k in range(7):
            s.line([(600 + k * 14, 660), (590 + k * 26, 380 + (k % 3) * 30)], MOSS, 5)
            for j in range(6):
                s.oval(590 + k * 26 + (j % 2) * 8 - 4, 380 + (k % 3) * 30 + j * 16, 11, 9, green)
        bottle(s, 370, 660, 520, glass, cap, words)
        return s

    return draw


def soaps() -> Sheet:
    """Three bars, one on another."""
    s = ground("#e9e2d0")
    for x, y, w in ((400, 660, 380), (385, 510, 340), (410, 376, 300)):
        soap(s, x, y, w, mixed("#f2e6cf", HONEY, (660 - y) / 1800))
    for k in range(5):
        s.oval(640 + (k * 41) % 110, 670 + (k * 29) % 60, 26, 16, "#c99a66")
    return s


def balm() -> Sheet:
    """The tin of balm, open."""
    s = ground("#f0e6c9")
    s.shade(340, 660, 230, 26, 90)
    s.box(60, 687, 420, 110, mixed(LINEN, INK, 0.1), 40)
    s.oval(340, 545, 210, 66, mixed(LINEN, INK, 0.2))
    s.oval(340, 540, 192, 56, "#f4dfa0")
    s.oval(380, 530, 60, 16, "#fbeec6")
    s.shade(600, 690, 140, 16, 80)
    s.oval(600, 560, 130, 130, mixed(LINEN, INK, 0.1))
    s.oval(594, 554, 128, 128, LINEN)
    sprig(s, 594, 540, 90)
    s.text(594, 626, "Baume", 30, INK)
    return s


def bag(wall: str, band: str, words: str, green: str) -> Callable[[], Sheet]:
    """A paper bag of herbs, some of them before it."""

    def draw() -> Sheet:
        s = ground(wall)
        s.shade(400, 660, 210, 22, 90)
        s.shape([(210, 660), (230, 210), (570, 210), (590, 660)], "#d9c49a")
        s.box(222, 160, 356, 90, band, 10)
        s.box(270, 330, 260, 230, CREAM, 12)
        sprig(s, 400, 410, 110)
        s.text(400, 486, "Tisane", 40, INK)
        s.text(400, 528, words, 28, MOSS, ITALIC)
        for k in range(14):
            leaf(s, 200 + k * 34, 720 - (k % 3) * 16, 52, -60 + (k * 47) % 120, mixed(green, LIME, (k % 4) * 0.2))
        return s

    return draw


def box(wall: str, inside: Callable[[Sheet], None], lid: str) -> Callable[[], Sheet]:
    """An open gift box."""

    def draw() -> Sheet:
        s = ground(wall)
        s.shape([(120, 330), (680, 330), (720, 150), (80, 150)], mixed(lid, INK, 0.12))
        sprig(s, 400, 245, 110, CREAM)
        s.box(110, 330, 580, 120, mixed(lid, INK, 0.45))
        inside(s)
        s.shade(400, 680, 330, 22, 90)
        s.box(96, 520, 608, 160, lid, 10)
        s.box(370, 520, 60, 160, CLAY)
        return s

    return draw


def cosy(s: Sheet) -> None:
    """What is in the winter box."""
    candle(s, 230, 560, 190, mixed(CREAM, LIME, 0.5), "Tilleul", lit=False)
    s.box(320, 400, 220, 160, CLAY, 50)
    soap(s, 600, 540, 130)


def bath(s: Sheet) -> None:
    """What is in the bath box."""
    pile(s, 260, 560, 240, (LIME, CREAM, LIME), 56)
    bottle(s, 440, 570, 250, "#8a5a2e", INK, ("Arnica", "huile"))
    soap(s, 590, 545, 140)


def diffuser() -> Sheet:
    """The scent diffuser and its mist."""
    s = ground("#dcd6e4")
    for dx, dy, r in ((0, 0, 40), (26, -60, 54), (-22, -130, 66), (30, -210, 78)):
        s.glow(400 + dx, 270 + dy, r, WHITE, 150)
    s.shade(400, 670, 200, 24, 100)
    s.shape([(250, 660), (310, 330), (490, 330), (550, 660)], CREAM)
    s.oval(400, 330, 90, 24, mixed(CREAM, INK, 0.12))
    s.oval(400, 330, 40, 10, INK)
    s.oval(400, 656, 150, 26, WOOD)
    for i in range(7):
        s.line([(300 - i * 4 + 12, 400 + i * 36), (500 + i * 4 - 12, 400 + i * 36)], mixed(CREAM, INK, 0.08), 3)
    sprig(s, 400, 500, 90)
    return s


def brand(words: str, note: str, ink: str, ground_colour: str) -> Callable[[], Sheet]:
    """A brand’s sign."""

    def draw() -> Sheet:
        s = Sheet(500, 320, ground_colour)
        s.box(20, 20, 460, 280, ink, 16)
        s.box(26, 26, 448, 268, ground_colour, 12)
        sprig(s, 250, 100, 100, ink, mixed(ink, HONEY, 0.6))
        s.text(250, 210, words, 38, ink)
        s.text(250, 256, note, 22, mixed(ink, WHITE, 0.3), ITALIC)
        return s

    return draw


PRODUCTS: dict[str, Callable[[], Sheet]] = {
    "produit-parure-lin.jpg": bedding,
    "produit-plaid.jpg": plaid,
    "produit-drap-de-bain.jpg": towel,
    "produit-bouillotte.jpg": warmer,
    "produit-bougie-tilleul.jpg": scent("#e4ead2", mixed(CREAM, LIME, 0.5), "Tilleul du soir"),
    "produit-bougie-fenaison.jpg": scent("#f3e6c4", mixed(CREAM, HONEY, 0.55), "Fenaison"),
    "produit-bougie-premier-feu.jpg": scent("#ecd6cb", mixed(CREAM, CLAY, 0.5), "Premier feu"),
    "produit-brume.jpg": flask("#e4deee", "#7d94a8", WHITE, ("Brume", "d’oreiller"), LAVENDER),
    "produit-savon.jpg": soaps,
    "produit-baume.jpg": balm,
    "produit-huile.jpg": flask("#f1e6cd", "#8a5a2e", INK, ("Massage", "à l’arnica"), HONEY),
    "produit-tisane-soir.jpg": bag("#dde0ea", PLUM, "du soir", MOSS),
    "produit-tisane-fraiche.jpg": bag("#dcebe0", MOSS, "fraîche", DEEP),
    "produit-coffret-cocon.jpg": box("#ebe1d6", cosy, BARK),
    "produit-coffret-bain.jpg": box("#dfe8ea", bath, "#7b8f86"),
    "produit-diffuseur.jpg": diffuser,
    "marque-clairepine.jpg": brand("Maison Clairépine", "Saint-Avelin", MOSS, CREAM),
    "marque-veore.jpg": brand("Tissages de la Véore", "Chabeuil", PLUM, GLASS),
}
#: The covers: out of which picture, and from which of its verticals to which.
_COVERS = {
    "rayon-accueil.jpg": ("vallee.jpg", 20, 647),
    "rayon-linge.jpg": ("linge.jpg", 206, 833),
    "rayon-senteurs.jpg": ("bougies.jpg", 297, 924),
    "rayon-soins.jpg": ("soins.jpg", 170, 797),
    "rayon-tisanes.jpg": ("tisane.jpg", 60, 687),
    "rayon-coffrets.jpg": ("produit-coffret-cocon.jpg", 86, 713),
    "rayon-lit.jpg": ("produit-parure-lin.jpg", 86, 713),
    "rayon-bougies.jpg": ("produit-bougie-fenaison.jpg", 86, 713),
    "rayon-brumes.jpg": ("produit-brume.jpg", 150, 777),
}


def covers(wanted: list[str]) -> None:
    """Cut the covers out of pictures that are there already; what is too low goes on above and below as its edges."""
    for file, (source, left, right) in _COVERS.items():
        path = HERE / file
        if wanted and path.stem not in wanted:
            continue
        whole = Image.open(HERE / source)
        part = whole.crop((left, 0, right, whole.height))
        high = max(part.height, round(part.width * COVER[1] / COVER[0]))
        sheet = Image.new("RGB", (part.width, high))
        above = (high - part.height) // 2
        sheet.paste(part.crop((0, 0, part.width, 1)).resize((part.width, above + 1)))
        sheet.paste(
            part.crop((0, part.height - 1, part.width, part.height)).resize((part.width, high - above)), (0, above)
        )
        sheet.paste(part, (0, above))
        sheet.resize(COVER, Image.Resampling.LANCZOS).save(path, quality=80, optimize=True)
        print(f"{path.stat().st_size // 1024:4} KiB  {file}")
