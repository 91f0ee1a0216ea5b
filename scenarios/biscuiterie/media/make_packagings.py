"""Packagings of the house and what they hold: the shapes that make_products.py fills with names and colours."""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass

from make import BUTTER, CREAM, CRUST, DEEP, GOLD, INK, SAND, SEA, WHITE, Sheet, gorse, palet, sable
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


@dataclass(frozen=True)
class House:
    """Who made what a packaging holds: the name, a line below it, the sign above."""

    name: str
    line: str
    sign: Callable[[Sheet, float, float, float], None]


def berries(s: Sheet, x: float, y: float, size: float) -> None:
    """The sign of the jam makers: three berries."""
    s.oval(x, y, size, size, BERRY)
    s.oval(x, y, size * 0.88, size * 0.88, CREAM)
    for dx, dy in ((0, -0.3), (-0.36, 0.28), (0.36, 0.28)):
        s.oval(x + dx * size, y + dy * size, size * 0.29, size * 0.29, BERRY)


def hive(s: Sheet, x: float, y: float, size: float) -> None:
    """The sign of the bee-keeper: a hive of straw."""
    s.oval(x, y, size, size, HONEY)
    s.oval(x, y, size * 0.88, size * 0.88, CREAM)
    for i, w in enumerate((0.5, 0.84, 1.0)):
        s.box(x - w * size / 2, y + (i * 0.36 - 0.56) * size, w * size, size * 0.34, HONEY, size * 0.16)
    s.oval(x, y + size * 0.34, size * 0.14, size * 0.16, INK)


OURS = House("BISCUITERIE DES TROIS AJONCS", "Port-Lanvenez · depuis 1962", emblem)
CHAUDRONS = House("LES CHAUDRONS DE LA PRESQU’ÎLE", "cueillies le matin, cuites avant midi", berries)
RUCHERS = House("LES RUCHERS DE COAT-NEVEZ", "récolté au mois d’août", hive)


def label(s: Sheet, x: float, y: float, w: float, kind: str, flavour: str, colour: str, house: House = OURS) -> None:
    """What a packaging says: the sign, the product, its flavour, the house."""
    h = w * 0.86
    s.box(x - w / 2, y - h / 2, w, h, "#fffaf0", w * 0.06)
    s.box(x - w / 2, y + h * 0.2, w, h * 0.16, colour)
    house.sign(s, x, y - h * 0.5, w * 0.19)
    fitted(s, x, y - h * 0.1, kind, w * 0.19, w * 0.86, INK, "LiberationSerif-Bold")
    fitted(s, x, y + h * 0.1, flavour, w * 0.1, w * 0.88, INK, "LiberationSerif-Italic")
    fitted(s, x, y + h * 0.285, house.name, w * 0.06, w * 0.88, WHITE, "LiberationSans-Bold")
    s.text(x, y + h * 0.43, house.line, w * 0.055, HUSK, "LiberationSerif-Italic")


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


def jar(ground: str, content: str, colour: str, name: str, what: str, beside: Biscuit, house: House = OURS) -> Sheet:
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
    label(s, 370, 484, 236, name, what, colour, house)
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
    s.shape([(104, 446), (160, 190), (640, 190), (696, 446)], shade(colour, 0.75))
    s.shape([(130, 446), (178, 212), (622, 212), (670, 446)], shade(colour, 0.9))
    emblem(s, 400, 262, 40, dark=False)
    step = 470 / len(packs)
    for i, (word, band) in enumerate(packs):
        x = 165 + step * (i + 0.5)
        s.shape([(x - step * 0.44, 520), (x - step * 0.4, 316), (x + step * 0.4, 316), (x + step * 0.44, 520)], SAND)
        s.box(x - step * 0.42, 290, step * 0.84, 36, band, 6)
        s.box(x - step * 0.34, 334, step * 0.68, 84, "#fffaf0", 6)
        for dx in (-1, 0, 1):
            gorse(s, x + dx * step * 0.15, 356, step * 0.06)
        fitted(s, x, 392, word, step * 0.17, step * 0.62, INK, "LiberationSerif-Bold")
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
    if marks == "spiral":
        turns = [(i / 60 * math.tau, 28 * i / 60) for i in range(60 * 9)]
        s.line([(350 + reach * math.cos(a), 556 + reach * 0.39 * math.sin(a)) for a, reach in turns], rim, 6)
    for i in range(-4, 5):
        half = 250 * math.sqrt(max(0.0, 1 - (i / 5.2) ** 2))
        if marks == "grid":
            s.line([(350 - half, 556 + i * 20), (350 + half, 556 + i * 20)], rim, 4)
            s.line([(350 + i * 52, 556 - half * 0.39), (350 + i * 52, 556 + half * 0.39)], rim, 4)
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


SABLE: Biscuit = lambda s, x, y, r: sable(s, x, y, r)  # noqa: E731
SABLE_CHIPS: Biscuit = lambda s, x, y, r: sable(s, x, y, r, chips=12)  # noqa: E731
BUCKWHEAT = ("#3a2d22", "#6b5136")
