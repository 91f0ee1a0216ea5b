"""Draws the shop's product shots, brands and banners, with the same hand as make.py: ours to give away (CC0).

`uv run --with pillow scenarios/biscuiterie/media/make_products.py` writes every file beside this one;
with names after it (`make_products.py produit-bol`) only those.
"""

import math
import random
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
    sable,
)
from PIL import ImageFont

SIDE = 800
PLUM, BERRY, HONEY, HUSK, PINK = "#5d3350", "#b8324a", "#c9851d", "#8a6f52", "#d9879a"
Biscuit = Callable[[Sheet, float, float, float], None]


def fitted(s: Sheet, x: float, y: float, words: str, size: float, width: float, fill: str, name: str) -> None:
    """Words around a point, smaller where they would be wider than `width`."""
    font = ImageFont.truetype(f"/usr/share/fonts/truetype/liberation/{name}.ttf", 100)
    s.text(x, y, words, min(size, width / font.getlength(words) * 100), fill, name)


def table(ground: str, wood: str = "#d8b283") -> Sheet:
    """A wall, and the table that things stand on."""
    s = Sheet(SIDE, SIDE, ground)
    s.slope(ground, "#ffffff", 0, 520)
    s.slope(wood, "#c79b66", 610)
    s.box(0, 606, SIDE, 8, "#e6c79d")
    return s


def emblem(s: Sheet, x: float, y: float, size: float, dark: bool = True) -> None:
    """The company's disc: three flowers."""
    s.oval(x, y, size, size, DEEP if dark else CREAM)
    for dx, dy in ((0, -0.42), (-0.38, 0.2), (0.38, 0.2)):
        gorse(s, x + dx * size, y + dy * size, size * 0.36)


def label(s: Sheet, x: float, y: float, w: float, kind: str, flavour: str, colour: str) -> None:
    """What a packaging says: the emblem, the product, its flavour, the house."""
    h = w * 0.86
    s.box(x - w / 2, y - h / 2, w, h, "#fffaf0", w * 0.06)
    s.box(x - w / 2, y + h * 0.2, w, h * 0.16, colour)
    emblem(s, x, y - h * 0.5, w * 0.19)
    fitted(s, x, y - h * 0.1, kind, w * 0.19, w * 0.86, INK, "LiberationSerif-Bold")
    fitted(s, x, y + h * 0.1, flavour, w * 0.1, w * 0.88, INK, "LiberationSerif-Italic")
    fitted(s, x, y + h * 0.285, "BISCUITERIE DES TROIS AJONCS", w * 0.06, w * 0.88, WHITE, "LiberationSans-Bold")
    s.text(x, y + h * 0.43, "Port-Lanvenez · depuis 1962", w * 0.055, HUSK, "LiberationSerif-Italic")


def sachet(
    ground: str, paper: str, colour: str, kind: str, flavour: str, biscuit: Biscuit, clear: bool = True
) -> Sheet:
    """A stand-up paper pouch, with some of what it holds before it."""
    s = table(ground)
    s.shadow(380, 668, 210, 26, 110)
    s.shape([(190, 660), (214, 196), (546, 196), (570, 660)], paper)
    s.shape([(500, 196), (546, 196), (570, 660), (520, 660)], shade(paper, 0.9))
    s.box(206, 120, 348, 84, colour, 10)
    s.box(206, 186, 348, 10, shade(colour, 0.8))
    for i in range(17):
        s.line([(216 + i * 20.5, 128), (216 + i * 20.5, 180)], shade(colour, 1.12), 2)
    label(s, 380, 390, 270, kind, flavour, colour)
    if clear:
        s.box(262, 548, 236, 84, shade(paper, 0.78), 40)
        s.box(268, 554, 224, 72, "#fff7e6", 34)
        for i in range(4):
            biscuit(s, 310 + i * 47, 590, 27)
    for x, y, r in ((600, 640, 66), (700, 690, 70), (560, 722, 62)):
        biscuit(s, x, y, r)
    return s


def shade(colour: str, by: float) -> str:
    """Darker below one, lighter above."""
    return "#" + "".join(f"{max(0, min(255, round(int(colour[i : i + 2], 16) * by))):02x}" for i in (1, 3, 5))


def strewn(base: Biscuit, colours: tuple[str, ...], count: int) -> Biscuit:
    """A biscuit with bits of something on it."""

    def draw(s: Sheet, x: float, y: float, r: float) -> None:
        base(s, x, y, r)
        chance = random.Random(round(x * 3 + y))
        for i in range(count):
            angle, reach = chance.uniform(0, math.tau), r * 0.66 * math.sqrt(chance.random())
            dx, dy = reach * math.cos(angle), reach * math.sin(angle) * 0.6
            s.oval(x + dx, y + dy, r * 0.1, r * 0.07, colours[i % len(colours)])

    return draw


def dark_palet(s: Sheet, x: float, y: float, r: float) -> None:
    """A thick biscuit of buckwheat."""
    palet(s, x, y, r)
    s.oval(x, y - r * 0.02, r * 0.86, r * 0.51, "#b49a7a")
    for i in (-1, 0, 1):
        s.line([(x - r * 0.7, y + i * r * 0.2), (x + r * 0.7, y + i * r * 0.2)], HUSK, r * 0.04)


def thin(face: str, edge: str = GOLD) -> Biscuit:
    """A thin fluted biscuit lying flat."""

    def draw(s: Sheet, x: float, y: float, r: float) -> None:
        s.shadow(x, y + r * 0.4, r, r * 0.42, 60)
        for drop, colour in ((r * 0.16, CRUST), (0.0, edge)):
            points = []
            for i in range(120):
                a = i / 120 * math.tau
                reach = r * (1 + 0.05 * math.cos(a * 16))
                points.append((x + reach * math.cos(a), y + drop + reach * 0.62 * math.sin(a)))
            s.shape(points, colour)
        s.oval(x, y, r * 0.8, r * 0.48, face)

    return draw


def cracker(face: str, bits: tuple[str, ...]) -> Biscuit:
    """A square savoury biscuit lying flat."""

    def draw(s: Sheet, x: float, y: float, r: float) -> None:
        s.shadow(x, y + r * 0.5, r * 1.1, r * 0.45, 60)
        low = [(x - r, y + r * 0.1), (x, y - r * 0.5), (x + r, y + r * 0.1), (x, y + r * 0.68)]
        s.shape([(a, b + r * 0.13) for a, b in low], shade(face, 0.7))
        s.shape(low, face)
        chance = random.Random(round(x + y * 5))
        for i in range(18):
            u, v = chance.uniform(-0.8, 0.8), chance.uniform(-0.8, 0.8)
            s.oval(x + (u + v) * r * 0.5, y + r * 0.09 + (v - u) * r * 0.28, r * 0.05, r * 0.04, bits[i % len(bits)])

    return draw


def jar(ground: str, content: str, colour: str, name: str, what: str, beside: Biscuit) -> Sheet:
    """A glass jar under a cloth."""
    s = table(ground)
    s.shadow(370, 676, 190, 26, 110)
    s.box(210, 270, 320, 404, "#dfeaec", 46)
    s.box(222, 300, 296, 362, content, 38)
    s.box(236, 312, 22, 330, shade(content, 1.25), 11)
    s.box(226, 206, 288, 76, colour, 12)
    s.shape(
        [(206, 282), (230, 226), (510, 226), (534, 282), (480, 268), (420, 288), (360, 268), (300, 288), (250, 268)],
        colour,
    )
    for i in range(6):
        s.line([(248 + i * 50, 212), (238 + i * 54, 274)], shade(colour, 1.15), 4)
    s.line([(222, 240), (518, 240)], CREAM, 5)
    label(s, 370, 484, 236, name, what, colour)
    for x, y, r in ((610, 670, 62), (700, 716, 62)):
        beside(s, x, y, r)
    return s


def carton(ground: str, colour: str, kind: str, flavour: str, biscuit: Biscuit, window: bool = True) -> Sheet:
    """A lying case of cardboard, seen from the front."""
    s = table(ground)
    s.shadow(380, 664, 320, 28, 120)
    s.shape([(80, 300), (140, 226), (690, 226), (660, 300)], shade(colour, 1.2))
    s.shape([(660, 300), (690, 226), (706, 600), (660, 660)], shade(colour, 0.72))
    s.box(80, 300, 580, 360, colour)
    s.box(80, 300, 580, 14, shade(colour, 1.15))
    label(s, 250, 488, 290, kind, flavour, shade(colour, 0.8))
    if window:
        s.box(430, 350, 200, 268, shade(colour, 0.75), 24)
        s.box(438, 358, 184, 252, "#fff7e6", 20)
        for i in range(8):
            biscuit(s, 486 + (i % 2) * 88, 396 + (i // 2) * 58, 40)
    for x, y, r in ((600, 704, 58), (706, 716, 58)):
        biscuit(s, x, y, r)
    return s


def gift(ground: str, colour: str, ribbon: str, first: str, second: str, packs: tuple[tuple[str, str], ...]) -> Sheet:
    """An open gift box with what it holds."""
    s = table(ground)
    s.shadow(400, 694, 320, 30, 120)
    s.shape([(110, 420), (160, 190), (640, 190), (690, 420)], shade(colour, 0.75))
    s.shape([(136, 414), (178, 212), (622, 212), (664, 414)], shade(colour, 0.9))
    emblem(s, 400, 262, 40, dark=False)
    step = 470 / len(packs)
    for i, (word, band) in enumerate(packs):
        x = 165 + step * (i + 0.5)
        s.shape([(x - step * 0.44, 520), (x - step * 0.4, 316), (x + step * 0.4, 316), (x + step * 0.44, 520)], SAND)
        s.box(x - step * 0.42, 290, step * 0.84, 36, band, 6)
        s.box(x - step * 0.34, 352, step * 0.68, 92, "#fffaf0", 6)
        for dx in (-1, 0, 1):
            gorse(s, x + dx * step * 0.15, 376, step * 0.06)
        fitted(s, x, 414, word, step * 0.17, step * 0.62, INK, "LiberationSerif-Bold")
    s.box(100, 440, 600, 254, colour, 8)
    s.box(100, 440, 600, 18, shade(colour, 1.2), 6)
    s.box(374, 440, 52, 254, ribbon)
    for dx in (-54, 54):
        s.oval(400 + dx, 446, 54, 28, ribbon)
        s.oval(400 + dx, 446, 30, 12, shade(ribbon, 0.8))
    s.oval(400, 448, 22, 22, shade(ribbon, 0.88))
    fitted(s, 236, 580, first, 44, 240, CREAM, "LiberationSerif-Italic")
    fitted(s, 564, 580, second, 44, 240, CREAM, "LiberationSerif-Italic")
    return s


def cake(flat: bool, face: str, rim: str, marks: str, ground: str, kind: str, flavour: str, dots: str = "") -> Sheet:
    """A whole cake on a cloth, its card leaning behind."""
    s = table(ground)
    s.box(470, 170, 250, 330, "#fffaf0", 10)
    label(s, 595, 350, 230, kind, flavour, CRUST)
    s.shadow(350, 640, 300, 60, 120)
    high, side = (46, shade(rim, 0.75)) if flat else (96, "#b9782f")
    s.oval(350, 560 + high, 290, 118, side)
    s.box(60, 560, 580, high, side)
    s.oval(350, 560, 290, 118, rim)
    s.oval(350, 556, 266, 104, face)
    for i in range(-4, 5):
        half = 250 * math.sqrt(max(0.0, 1 - (i / 5.2) ** 2))
        if marks == "grid":
            s.line([(350 - half, 556 + i * 20), (350 + half, 556 + i * 20)], rim, 4)
            s.line([(350 + i * 52, 556 - half * 0.39), (350 + i * 52, 556 + half * 0.39)], rim, 4)
        elif marks == "spiral":
            s.draw.arc(
                [(350 - 30 * (i + 5)) * SCALE, (556 - 11 * (i + 5)) * SCALE, (350 + 30 * (i + 5)) * SCALE, (556 + 11 * (i + 5)) * SCALE],
                20, 330, rim, 5 * SCALE,
            )  # fmt: skip
    chance = random.Random(9)
    for _ in range(26 if dots else 0):
        a, reach = chance.uniform(0, math.tau), 230 * math.sqrt(chance.random())
        s.oval(350 + reach * math.cos(a), 556 + reach * 0.38 * math.sin(a), 18, 11, dots)
    return s


def quatre_quarts() -> Sheet:
    """A loaf in its paper, two slices cut."""
    s = table("#f7e3b5")
    s.shadow(380, 660, 320, 32, 120)
    s.shape([(110, 470), (150, 400), (610, 400), (640, 470), (640, 640), (110, 640)], CRUST)
    s.shape([(110, 470), (150, 400), (610, 400), (640, 470)], GOLD)
    s.line([(190, 434), (570, 434)], "#8e5722", 12)
    s.line([(200, 430), (560, 430)], BUTTER, 5)
    s.box(110, 508, 410, 140, "#fffaf0", 4)
    label(s, 300, 560, 190, "Quatre-quarts", "du goûter", SEA)
    for x in (610, 690):
        s.shadow(x, 700, 70, 14, 90)
        s.box(x - 62, 560, 124, 140, CRUST, 26)
        s.box(x - 52, 574, 104, 116, "#f8dd8f", 20)
        chance = random.Random(x)
        for _ in range(30):
            s.oval(x + chance.uniform(-44, 44), 632 + chance.uniform(-50, 50), 3, 3, "#e9c56c")
    return s


def madeleine(s: Sheet, x: float, y: float, r: float) -> None:
    """A shell-shaped cake lying flat."""
    s.shadow(x, y + r * 0.5, r, r * 0.36, 60)
    s.oval(x, y + r * 0.1, r * 1.06, r * 0.66, CRUST)
    s.oval(x, y, r, r * 0.6, GOLD)
    for i in range(-3, 4):
        s.line(
            [(x + i * r * 0.09, y + r * 0.5), (x + i * r * 0.27, y - r * (0.5 - abs(i) * 0.07))], "#c98c36", r * 0.06
        )


def caramel(s: Sheet, x: float, y: float, r: float) -> None:
    """A wrapped caramel."""
    s.shadow(x, y + r * 0.4, r, r * 0.3, 60)
    for side in (-1, 1):
        s.shape(
            [(x + side * r * 0.5, y), (x + side * r * 1.1, y - r * 0.36), (x + side * r * 1.1, y + r * 0.36)], CREAM
        )
    s.box(x - r * 0.6, y - r * 0.36, r * 1.2, r * 0.72, "#a8621f", r * 0.2)
    s.box(x - r * 0.2, y - r * 0.36, r * 0.4, r * 0.72, CREAM)


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
    return s  # fmt: skip


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
    return s  # fmt: skip


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


SABLE: Biscuit = lambda s, x, y, r: sable(s, x, y, r)  # noqa: E731
SABLE_CHIPS: Biscuit = lambda s, x, y, r: sable(s, x, y, r, chips=12)  # noqa: E731
BUCKWHEAT = ("#3a2d22", "#6b5136")

PICTURES: dict[str, Callable[[], Sheet]] = {
    "produit-palet-pur-beurre.jpg": lambda: sachet("#cfe3ea", SAND, SEA, "Palet", "pur beurre", palet),
    "produit-palet-caramel.jpg": lambda: sachet("#f3dcb8", SAND, CRUST, "Palet", "au caramel au beurre salé", strewn(palet, ("#9a5a1f", CRUST), 14)),
    "produit-palet-ble-noir.jpg": lambda: sachet("#dde3d3", "#d9cbb2", MOSS, "Palet", "au blé noir", dark_palet),
    "produit-palet-chocolat.jpg": lambda: sachet("#e9d8cc", SAND, COCOA, "Palet", "aux pépites de chocolat noir", strewn(palet, (COCOA,), 16)),
    "produit-palet-pomme.jpg": lambda: sachet("#e2ecc9", SAND, LEAF, "Palet", "aux pommes séchées", strewn(palet, ("#f6eccd", "#a9c26b"), 12)),
    "produit-galette-nature.jpg": lambda: carton("#e5eef0", SEA, "Galette fine", "nature", thin(BUTTER)),
    "produit-galette-citron.jpg": lambda: carton("#faf3cd", "#d9b72b", "Galette fine", "au citron", strewn(thin("#f7e28a"), ("#e3c52b",), 10)),
    "produit-galette-caramel.jpg": lambda: carton("#f2dfc4", "#a8621f", "Galette fine", "au caramel", strewn(thin(GOLD), ("#8a4a16",), 14)),
    "produit-sable-nature.jpg": lambda: sachet("#e9e3f0", "#f1e7d0", DEEP, "Sablé", "nature", SABLE),
    "produit-sable-citron.jpg": lambda: sachet("#fbf3c4", "#f5eeda", "#cfae1f", "Sablé", "au citron", strewn(SABLE, ("#e3c52b",), 9)),
    "produit-sable-chocolat.jpg": lambda: sachet("#ead9cf", "#e9d8bd", COCOA, "Sablé", "aux pépites de chocolat", SABLE_CHIPS),
    "produit-sable-sarrasin.jpg": lambda: sachet("#dfe6d6", "#d6c6a8", LEAF, "Sablé", "à la farine de sarrasin", strewn(thin("#b79c78", HUSK), BUCKWHEAT, 12)),
    "produit-sable-amande.jpg": lambda: sachet("#f3e6d6", "#f1e2c4", "#b07a3c", "Sablé", "aux amandes effilées", strewn(SABLE, ("#fdf3dd", "#e7cfa4"), 9)),
    "produit-sable-fraise.jpg": lambda: sachet("#f8dcdc", "#f6e6d6", BERRY, "Sablé", "fourré à la fraise", strewn(thin(BERRY, BUTTER), ("#e2647a",), 6)),
    "produit-cracker-algues.jpg": lambda: sachet("#d5e6e4", "#cdd8c6", "#2f6b62", "Cracker", "au sarrasin et aux algues", cracker("#b49a76", ("#2f6b45", "#1f4a38"))),
    "produit-cracker-tomme.jpg": lambda: sachet("#f6e8c6", SAND, "#c7902a", "Cracker", "au sarrasin et à la tomme", cracker("#c9a468", ("#f6d98a", "#8a6f52"))),
    "produit-cracker-lin.jpg": lambda: sachet("#ece3d8", "#dfd0b6", "#7d5a3a", "Cracker", "aux graines de lin", cracker("#d2b384", ("#5b3a22", "#7d5a3a"))),
    "produit-cracker-oignon.jpg": lambda: sachet("#f5dfe3", "#ead9cd", PINK, "Cracker", "à l’oignon rosé", cracker("#d8b07c", ("#c0627a", "#f1d8dc"))),
    "produit-cracker-curry.jpg": lambda: sachet("#fbe9bf", "#eed9ac", "#d98a1a", "Cracker", "au curry doux", cracker("#e0a94a", ("#b5651d", "#7a4a12"))),
    "produit-gateau-breton.jpg": lambda: cake(False, BUTTER, GOLD, "grid", "#e6eef0", "Gâteau breton", "au beurre de baratte"),
    "produit-kouign-amann.jpg": lambda: cake(True, "#d99339", "#a8621f", "spiral", "#f6ead5", "Kouign-amann", "à réchauffer"),
    "produit-far-pruneaux.jpg": lambda: cake(True, "#e9b95c", "#7a4a1a", "", "#eae2ee", "Far breton", "aux pruneaux", PLUM),
    "produit-quatre-quarts.jpg": quatre_quarts,
    "produit-madeleines-miel.jpg": lambda: sachet("#fdf0c9", "#f4e4bd", HONEY, "Madeleines", "au miel de blé noir", madeleine),
    "produit-caramel-pot.jpg": lambda: jar("#f7e6cc", "#a8621f", SEA, "Caramel", "au beurre salé", palet),
    "produit-confiture-fraise.jpg": lambda: jar("#fbe1e1", BERRY, RED, "Fraises", "confiture de Plougastel", SABLE),
    "produit-miel-ble-noir.jpg": lambda: jar("#f3ead2", "#8a4f14", HONEY, "Miel", "de blé noir", madeleine),
    "produit-caramels-tendres.jpg": lambda: carton("#e3edf0", "#8a4a22", "Caramels tendres", "au beurre salé", caramel),
    "produit-coffret-trois-ajoncs.jpg": lambda: gift("#f8ecc4", DEEP, GORSE, "Coffret", "Trois Ajoncs", (("Palets", GORSE), ("Sablés", SEA), ("Galettes", RED))),
    "produit-coffret-aperitif.jpg": lambda: gift("#e4ece0", MOSS, GORSE, "Coffret", "apéritif", (("Algues", "#2f6b62"), ("Lin", "#7d5a3a"), ("Oignon", PINK), ("Curry", "#d98a1a"))),
    "produit-coffret-gouter.jpg": lambda: gift("#fbe3dc", RED, CREAM, "Coffret", "du goûter", (("Sablés", DEEP), ("Miel", HONEY), ("Caramel", CRUST))),
    "produit-coffret-equipes.jpg": lambda: gift("#dfe9ee", "#3b5b6b", "#e9dfc6", "Coffret", "des équipes", (("Palets", SEA), ("Galettes", GORSE), ("Caramels", COCOA))),
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
}  # fmt: skip


def main(wanted: list[str]) -> None:
    """Draw the named pictures, or all."""
    for name, draw in PICTURES.items():
        path = HERE / name
        if not wanted or path.stem in wanted:
            draw().finished().save(path, quality=80, optimize=True)
            print(f"{path.stat().st_size // 1024:4} KiB  {name}")


if __name__ == "__main__":
    main(sys.argv[1:])
