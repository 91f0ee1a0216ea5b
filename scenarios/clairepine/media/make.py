"""Draws the company's pictures: flat illustrations, ours to give away (CC0), the same at each run.

Needs Pillow, which nothing else here does, and the Liberation fonts.
`uv run --with pillow scenarios/clairepine/media/make.py` writes every file beside this one, those of
make_products.py too; with names after it (`make.py vallee reunion`) only those.
"""

import math
import random
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

HERE = Path(__file__).resolve().parent
SCALE = 2  # drawn twice as large, then reduced: smooth edges
WIDTH, HEIGHT = 1200, 800

CREAM, LINEN, LIME, MOSS, DEEP = "#f7f3ea", "#e8dfca", "#a8b878", "#58703f", "#3d5029"
CLAY, PLUM, LAVENDER, HONEY, FLAME = "#b8674a", "#5d4a6b", "#9a86b8", "#e3b45a", "#f6c24a"
WOOD, BARK, GLASS, SKY, WHITE, INK = "#b78a5c", "#6f4b30", "#dbe7e3", "#cfe0ea", "#ffffff", "#3a3540"
SERIF, ITALIC, SANS = "LiberationSerif-Bold", "LiberationSerif-Italic", "LiberationSans-Bold"

Point = tuple[float, float]


class Sheet:
    """A drawing surface whose numbers are those of the finished picture."""

    def __init__(self, width: int = WIDTH, height: int = HEIGHT, ground: str | None = CREAM) -> None:
        self.size = (width, height)
        mode, colour = ("RGB", ground) if ground else ("RGBA", (0, 0, 0, 0))
        self.image = Image.new(mode, (width * SCALE, height * SCALE), colour)
        self.draw = ImageDraw.Draw(self.image)

    def box(self, x: float, y: float, w: float, h: float, fill: str, r: float = 0) -> None:
        """A rectangle, its corners rounded by `r`."""
        self.draw.rounded_rectangle([x * SCALE, y * SCALE, (x + w) * SCALE, (y + h) * SCALE], r * SCALE, fill)

    def oval(self, x: float, y: float, rx: float, ry: float, fill: str) -> None:
        """An ellipse around its centre."""
        self.draw.ellipse([(x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE], fill)

    def shape(self, points: list[Point], fill: str) -> None:
        """A polygon."""
        self.draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill)

    def line(self, points: list[Point], fill: str, width: float) -> None:
        """A broken line with round joints and ends."""
        self.draw.line([(x * SCALE, y * SCALE) for x, y in points], fill, round(width * SCALE), joint="curve")
        for x, y in (points[0], points[-1]):
            self.oval(x, y, width / 2, width / 2, fill)

    def arc(self, x: float, y: float, rx: float, ry: float, of: tuple[int, int], fill: str, width: float) -> None:
        """A part of an ellipse's border, between two angles; 0 is to the right, 90 below."""
        corners = [(x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE]
        self.draw.arc(corners, *of, fill, round(width * SCALE))

    def slope(self, top: str, bottom: str, y0: float = 0, y1: float | None = None) -> None:
        """A vertical gradient over the whole width."""
        first, last = round(y0 * SCALE), round((self.size[1] if y1 is None else y1) * SCALE)
        for y in range(first, last):
            colour = mixed(top, bottom, (y - first) / max(1, last - first))
            self.draw.line([(0, y), (self.size[0] * SCALE, y)], colour)

    def text(self, x: float, y: float, words: str, size: float, fill: str, name: str = SERIF) -> None:
        """Words around a point."""
        font = ImageFont.truetype(f"/usr/share/fonts/truetype/liberation/{name}.ttf", round(size * SCALE))
        self.draw.text((x * SCALE, y * SCALE), words, fill, font, anchor="mm")

    def glow(self, x: float, y: float, r: float, colour: str, strength: int = 90) -> None:
        """A soft light, or with `INK` a soft shadow, on what is drawn already."""
        mask = Image.new("L", self.image.size, 0)
        corners = [(x - r) * SCALE, (y - r) * SCALE, (x + r) * SCALE, (y + r) * SCALE]
        ImageDraw.Draw(mask).ellipse(corners, strength)
        mask = mask.filter(ImageFilter.GaussianBlur(r * 0.4 * SCALE))
        self.image.paste(Image.new(self.image.mode, self.image.size, colour), mask=mask)

    def shade(self, x: float, y: float, rx: float, ry: float, strength: int = 70) -> None:
        """The shadow of something that stands there."""
        mask = Image.new("L", self.image.size, 0)
        corners = [(x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE]
        ImageDraw.Draw(mask).ellipse(corners, strength)
        mask = mask.filter(ImageFilter.GaussianBlur(8 * SCALE))
        self.image.paste(Image.new(self.image.mode, self.image.size, INK), mask=mask)

    def finished(self) -> Image.Image:
        """The picture at its own size."""
        return self.image.resize(self.size, Image.Resampling.LANCZOS)


def mixed(one: str, other: str, part: float) -> str:
    """A colour between two; `part` is the other's."""
    a, b = ([int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in (one, other))
    return "#" + "".join(f"{round(p + (q - p) * part):02x}" for p, q in zip(a, b, strict=True))


# Things that come back from one picture to the next.


def leaf(s: Sheet, x: float, y: float, size: float, turn: float, fill: str = MOSS) -> None:
    """A pointed leaf that begins at a point and goes away from it in a direction, in degrees."""
    angle = math.radians(turn)
    points = []
    for i in range(41):
        t = i / 20 - 1
        along, across = (1 + t) / 2, math.sin((1 + t) / 2 * math.pi) ** 0.8 * 0.34
        points.append((along, across))
    outline = [*points, *((a, -c) for a, c in reversed(points))]
    turned = [
        (x + size * (a * math.cos(angle) - c * math.sin(angle)), y + size * (a * math.sin(angle) + c * math.cos(angle)))
        for a, c in outline
    ]
    s.shape(turned, fill)
    s.line(
        [(x, y), (x + size * 0.9 * math.cos(angle), y + size * 0.9 * math.sin(angle))],
        mixed(fill, WHITE, 0.35),
        size * 0.03,
    )


def sprig(s: Sheet, x: float, y: float, size: float, green: str = MOSS, bloom: str = HONEY) -> None:
    """A sprig of lime, the company's emblem: two leaves and three blossoms that hang."""
    s.line([(x, y - size * 0.5), (x, y + size * 0.05)], green, size * 0.05)
    leaf(s, x, y - size * 0.3, size * 0.62, 205, green)
    leaf(s, x, y - size * 0.3, size * 0.62, -25, mixed(green, LIME, 0.4))
    for dx, dy in ((-0.2, 0.3), (0, 0.42), (0.2, 0.3)):
        s.line([(x, y), (x + dx * size, y + dy * size)], green, size * 0.03)
        s.oval(x + dx * size, y + dy * size, size * 0.09, size * 0.09, bloom)
        s.oval(x + dx * size, y + dy * size, size * 0.04, size * 0.04, mixed(bloom, WHITE, 0.6))


def hills(s: Sheet, y: float, height: float, colour: str, seed: int) -> None:
    """A rolling horizon, filled down to the lower edge."""
    chance = random.Random(seed)
    waves = [(chance.uniform(0, 6), chance.uniform(0.003, 0.009), chance.uniform(0.3, 1)) for _ in range(3)]
    width, bottom = s.size
    points = [(0.0, float(bottom))]
    for x in range(0, width + 1, 8):
        points.append((x, y + height * sum(a * math.sin(x * f + p) for p, f, a in waves) / 2))
    s.shape([*points, (width, bottom)], colour)


def tree(s: Sheet, x: float, y: float, r: float, green: str = MOSS) -> None:
    """A round tree; the point is the foot of its trunk."""
    s.shade(x, y, r * 0.9, r * 0.12)
    s.box(x - r * 0.09, y - r * 1.1, r * 0.18, r * 1.1, BARK, 3)
    for dx, dy, part in ((-0.45, -1.25, 0.62), (0.45, -1.2, 0.6), (0, -1.6, 0.72), (0, -1.15, 0.6)):
        s.oval(x + dx * r, y + dy * r, part * r, part * r * 0.9, green)
    for dx, dy in ((-0.3, -1.7), (0.25, -1.45), (-0.5, -1.2), (0.5, -1.05), (0.02, -1.25)):
        s.oval(x + dx * r, y + dy * r, r * 0.2, r * 0.16, mixed(green, LIME, 0.5))


def candle(s: Sheet, x: float, y: float, size: float, wax: str, name: str = "", lit: bool = True) -> None:
    """A candle in a glass; the point is the middle of its foot."""
    w, h = size * 0.72, size
    s.shade(x, y, w * 0.62, size * 0.06, 90)
    if lit:
        s.glow(x, y - h * 1.12, size * 0.5, FLAME, 120)
    s.box(x - w / 2, y - h, w, h, mixed(GLASS, WHITE, 0.3), size * 0.07)
    s.box(x - w * 0.46, y - h * 0.8, w * 0.92, h * 0.78, wax, size * 0.05)
    s.oval(x, y - h * 0.8, w * 0.46, size * 0.05, mixed(wax, WHITE, 0.4))
    s.line([(x, y - h * 0.8), (x, y - h * 0.93)], INK, size * 0.02)
    if lit:
        s.shape([(x - size * 0.06, y - h * 0.97), (x, y - h * 1.22), (x + size * 0.06, y - h * 0.97)], FLAME)
        s.oval(x, y - h * 0.97, size * 0.06, size * 0.06, FLAME)
        s.oval(x, y - h * 0.96, size * 0.03, size * 0.045, CREAM)
    if name:
        s.box(x - w * 0.36, y - h * 0.6, w * 0.72, h * 0.44, CREAM, 4)
        sprig(s, x, y - h * 0.46, size * 0.16)
        s.text(x, y - h * 0.29, name, size * 0.078, INK)
        s.text(x, y - h * 0.21, "Clairépine", size * 0.052, MOSS, ITALIC)


def pile(s: Sheet, x: float, y: float, w: float, colours: tuple[str, ...], high: float = 62) -> None:
    """Folded linen, one sheet on another; the point is the middle of its foot."""
    s.shade(x, y, w * 0.56, 18, 90)
    for number, colour in enumerate(colours):
        top = y - (number + 1) * high
        s.box(x - w / 2 + number * 5, top, w - number * 10, high - 4, colour, high * 0.34)
        for part in (0.36, 0.66):
            s.line(
                [(x - w / 2 + 20 + number * 5, top + high * part), (x + w / 2 - 60, top + high * part)],
                mixed(colour, INK, 0.12),
                2.5,
            )
        s.oval(x + w / 2 - 24 - number * 5, top + high * 0.48, 14, high * 0.34, mixed(colour, INK, 0.08))


def ribbon(s: Sheet, x: float, y0: float, y1: float, colour: str, size: float = 60) -> None:
    """A ribbon from top to bottom, with a bow on top."""
    s.box(x - size * 0.16, y0, size * 0.32, y1 - y0, colour)
    for side in (-1, 1):
        s.shape([(x, y0), (x + side * size, y0 - size * 0.55), (x + side * size, y0 + size * 0.25)], colour)
        s.shape(
            [(x, y0), (x + side * size * 0.75, y0 - size * 0.3), (x + side * size * 0.75, y0 + size * 0.05)],
            mixed(colour, INK, 0.15),
        )
    s.oval(x, y0, size * 0.2, size * 0.2, mixed(colour, INK, 0.1))


def bottle(s: Sheet, x: float, y: float, h: float, glass: str, cap: str, words: tuple[str, str]) -> None:
    """A bottle with its label; the point is the middle of its foot."""
    w = h * 0.38
    s.shade(x, y, w * 0.66, h * 0.035, 90)
    s.box(x - w * 0.17, y - h, w * 0.34, h * 0.17, cap, 6)
    s.box(x - w * 0.13, y - h * 0.85, w * 0.26, h * 0.12, mixed(glass, INK, 0.2))
    s.box(x - w / 2, y - h * 0.76, w, h * 0.76, glass, h * 0.07)
    s.box(x - w * 0.4, y - h * 0.7, w * 0.12, h * 0.6, mixed(glass, WHITE, 0.35), 8)
    s.box(x - w * 0.38, y - h * 0.5, w * 0.76, h * 0.4, CREAM, 4)
    sprig(s, x, y - h * 0.39, h * 0.12)
    s.text(x, y - h * 0.25, words[0], h * 0.052, INK)
    s.text(x, y - h * 0.18, words[1], h * 0.038, MOSS, ITALIC)


def soap(s: Sheet, x: float, y: float, w: float, colour: str = "#f2e6cf") -> None:
    """A bar of soap with the emblem pressed into it; the point is the middle of its foot."""
    s.shade(x, y, w * 0.55, w * 0.05, 90)
    s.box(x - w / 2, y - w * 0.42, w, w * 0.42, mixed(colour, INK, 0.14), w * 0.09)
    s.box(x - w / 2, y - w * 0.46, w, w * 0.36, colour, w * 0.09)
    sprig(s, x, y - w * 0.28, w * 0.22, mixed(colour, INK, 0.28), mixed(colour, INK, 0.2))


def cup(s: Sheet, x: float, y: float, size: float, colour: str, tea: str = "#c9a24a") -> None:
    """A steaming cup on its saucer; the point is the middle of the saucer."""
    s.shade(x, y + size * 0.08, size * 0.9, size * 0.12, 90)
    s.oval(x, y, size * 0.85, size * 0.2, mixed(colour, INK, 0.1))
    s.oval(x, y - size * 0.03, size * 0.8, size * 0.17, colour)
    s.arc(x + size * 0.52, y - size * 0.42, size * 0.26, size * 0.24, (250, 110), colour, size * 0.09)
    rim, foot = y - size * 0.72, y - size * 0.04
    s.shape([(x - size * 0.55, rim), (x + size * 0.55, rim), (x + size * 0.34, foot), (x - size * 0.34, foot)], colour)
    s.oval(x, rim, size * 0.55, size * 0.13, mixed(colour, INK, 0.1))
    s.oval(x, rim + size * 0.01, size * 0.48, size * 0.1, tea)
    for dx in (-0.2, 0.05, 0.28):
        steam = [(x + (dx + 0.08 * (i % 2)) * size, y - size * (0.85 + 0.14 * i)) for i in range(5)]
        s.line(steam, WHITE, size * 0.035)


def bust(s: Sheet, x: float, y: float, size: float, skin: str, hair: str, coat: str, long: bool = False) -> None:
    """A person from the chest up; the point is the middle of the face."""
    if long:
        s.box(x - size * 0.78, y - size * 0.5, size * 1.56, size * 1.75, hair, size * 0.6)
    s.box(x - size * 1.25, y + size * 1.15, size * 2.5, size * 2.6, coat, size * 0.7)
    collar = [(x - size * 0.34, y + size * 1.1), (x + size * 0.34, y + size * 1.1), (x, y + size * 1.75)]
    s.shape(collar, mixed(skin, INK, 0.06))
    s.box(x - size * 0.24, y + size * 0.6, size * 0.48, size * 0.66, mixed(skin, INK, 0.1), size * 0.2)
    s.oval(x, y, size * 0.66, size * 0.8, skin)
    s.shape(
        [(x - size * 0.7, y - size * 0.1)]
        + [
            (x + size * 0.72 * math.cos(math.radians(a)), y - size * 0.12 + size * 0.8 * math.sin(math.radians(a)))
            for a in range(180, 361, 12)
        ]
        + [(x + size * 0.5, y - size * 0.38), (x - size * 0.2, y - size * 0.46)],
        hair,
    )
    for side in (-1, 1):
        s.oval(x + side * size * 0.25, y + size * 0.02, size * 0.06, size * 0.075, INK)
        s.oval(x + side * size * 0.38, y + size * 0.26, size * 0.1, size * 0.07, mixed(skin, CLAY, 0.3))
    s.arc(x, y + size * 0.24, size * 0.24, size * 0.2, (20, 160), mixed(CLAY, INK, 0.3), size * 0.05)


#: How each person looks, everywhere: skin, hair, clothes, and whether the hair is long.
CAMILLE = ("#f0c6a2", "#8a5a2e", MOSS, True)
INES = ("#d9a47a", "#2f2622", PLUM, True)
REMI = ("#efc3a0", "#b9b2a6", "#4c6a80", False)
ELISE = ("#f3cdb0", "#c4763a", CLAY, True)
SOFIANE = ("#c68e62", "#241d1b", "#d8c9a0", False)
OTHERS = (
    ("#f0c6a2", "#d8b56a", LAVENDER, True),
    ("#8d5f43", "#1f1a19", HONEY, True),
    ("#efc3a0", "#5b4636", "#9fb0a0", False),
    ("#d9a47a", "#57382a", "#7d94a8", True),
    ("#b98358", "#2b2320", LIME, False),
    ("#f3d3ba", "#a9a29a", "#a8657a", True),
)


def portrait(who: tuple[str, str, str, bool], wall: str) -> Sheet:
    """One person, before a wall with a shelf."""
    s = Sheet(640, 640, wall)
    s.slope(mixed(wall, WHITE, 0.3), wall)
    s.box(0, 150, 640, 14, WOOD)
    for x, colour in ((70, LIME), (560, CLAY)):
        candle(s, x, 150, 74, mixed(CREAM, colour, 0.3), lit=False)
    sprig(s, 490, 92, 76)
    bust(s, 320, 300, 128, *who)
    return s


# The pictures.


def vallee() -> Sheet:
    """The valley in July: lavender, lime trees, blue hills."""
    s = Sheet(ground=SKY)
    s.slope("#a9cbe0", "#f6ead6", 0, 420)
    s.glow(930, 170, 90, "#fff3cf", 220)
    hills(s, 330, 70, "#8fa3bd", 4)
    hills(s, 390, 50, "#8797a6", 9)
    hills(s, 450, 34, "#93a878", 12)
    s.slope("#a9b27c", "#8b9a5e", 520, 800)
    for i in range(-9, 14):
        x0, x1 = 600 + i * 26, 600 + i * 210
        s.shape(
            [(x0 - 4, 520), (x0 + 7, 520), (x1 + 62, 800), (x1 - 50, 800)],
            mixed(LAVENDER, PLUM, 0.2 if i % 2 else 0.45),
        )
        for k in range(12):
            y = 530 + k * k * 2
            x = x0 + (x1 - x0) * (y - 520) / 280
            s.oval(x, y, 3 + k * 1.6, 2 + k, mixed(LAVENDER, WHITE, 0.35))
    for x, y, r in ((150, 560, 84), (290, 540, 60), (1040, 552, 78)):
        tree(s, x, y, r)
    s.box(880, 470, 96, 70, "#dcc9a6")
    s.shape([(868, 474), (928, 432), (988, 474)], CLAY)
    s.box(918, 500, 24, 40, BARK, 3)
    return s


def sechoir() -> Sheet:
    """The drying shed of 1998: bunches hang from the beams, cushions are piled on a chair."""
    s = Sheet(ground="#c9a77c")
    for x in range(0, WIDTH, 75):
        s.box(x, 0, 72, 640, mixed("#c9a77c", BARK, (x // 75 % 3) * 0.07 + 0.04))
    s.box(760, 170, 290, 290, "#fdf2d4", 6)
    s.glow(905, 315, 170, "#fff7df", 120)
    for x in (760, 899, 1040):
        s.box(x, 170, 12, 290, BARK)
    s.box(760, 308, 290, 12, BARK)
    s.slope("#a3794f", "#8a6340", 640, 800)
    s.box(0, 60, WIDTH, 34, BARK)
    for i in range(11):
        x, colour = 70 + i * 104, (LIME, LAVENDER, HONEY)[i % 3]
        s.line([(x, 92), (x, 150)], BARK, 4)
        for k in range(9):
            leaf(s, x, 140, 96 + (k % 3) * 16, 90 + (k - 4) * 11, mixed(colour, MOSS, 0.15 * (k % 3)))
        s.box(x - 14, 142, 28, 12, CLAY, 4)
    s.shade(330, 740, 180, 22, 110)
    for x in (220, 420):
        s.line([(x, 600), (x - 8, 740)], BARK, 16)
    s.line([(215, 600), (208, 330)], BARK, 18)
    for y in (360, 430):
        s.line([(212, y), (262, y + 6)], BARK, 14)
    s.box(200, 590, 240, 24, WOOD, 8)
    for i, colour in enumerate((LAVENDER, LINEN, LIME, CREAM)):
        s.box(232 + i * 6, 530 - i * 58, 176 - i * 8, 62, colour, 26)
        sprig(s, 320, 558 - i * 58, 36, mixed(colour, INK, 0.35), mixed(colour, INK, 0.2))
    return s


def reunion() -> Sheet:
    """A meeting at home: six guests around a table of products, and the lamp above them."""
    s = Sheet(ground="#e9d9c2")
    s.slope("#efe2cd", "#e2ceb1", 0, 560)
    s.box(80, 90, 250, 250, "#3d4d5f", 8)
    for x in (80, 199, 318):
        s.box(x, 90, 12, 250, WHITE)
    s.glow(250, 150, 22, "#fdf6dd", 230)
    s.box(900, 110, 220, 160, WHITE, 6)
    s.box(912, 122, 196, 136, "#b9c8a0")
    sprig(s, 1010, 190, 90)
    s.box(0, 560, WIDTH, 240, "#a9784c")
    s.line([(600, 0), (600, 90)], INK, 5)
    s.glow(600, 230, 200, "#fff3cf", 120)
    s.shape([(500, 170), (560, 90), (640, 90), (700, 170)], CLAY)
    for i, (x, y) in enumerate(((180, 370), (345, 330), (510, 310), (690, 310), (855, 330), (1020, 370))):
        bust(s, x, y, 58, *OTHERS[(3, 2, 0, 1, 4, 5)[i]])
    s.shade(600, 700, 560, 60, 90)
    s.oval(600, 650, 570, 130, "#f3ede0")
    s.oval(600, 636, 570, 126, WHITE)
    for x, y, wax in ((400, 640, LIME), (470, 660, HONEY), (330, 655, CLAY)):
        candle(s, x, y, 84, mixed(CREAM, wax, 0.4))
    bottle(s, 600, 690, 150, "#8a5a2e", INK, ("Arnica", "huile"))
    bottle(s, 680, 680, 130, "#7d94a8", WHITE, ("Lavande", "brume"))
    for x, y in ((790, 660), (850, 650), (820, 628)):
        soap(s, x, y, 66)
    for x, y, colour in ((230, 610, LIME), (940, 610, CLAY), (560, 590, LAVENDER)):
        cup(s, x, y, 38, colour)
    return s


def coulee() -> Sheet:
    """Candles are poured: a worker, a copper jug, rows of glasses."""
    s = Sheet(ground="#dfe3d6")
    for y in range(0, 520, 58):
        for x in range(-60, WIDTH, 118):
            s.box(x + (y // 58 % 2) * 59, y, 114, 54, "#e9ece1", 3)
    s.box(820, 60, 300, 300, "#c07a4a", 120)
    s.oval(970, 90, 150, 40, "#d99a68")
    s.oval(970, 92, 126, 28, "#f2e3bd")
    s.box(950, 250, 40, 60, BARK, 6)
    s.text(970, 200, "62 °C", 40, CREAM, SANS)
    bust(s, 430, 260, 92, *REMI)
    s.box(340, 420, 180, 260, CREAM, 20)
    sprig(s, 430, 500, 70)
    s.line([(530, 430), (640, 480)], REMI[2], 46)
    s.oval(650, 484, 30, 26, REMI[0])
    s.shape([(640, 430), (760, 410), (780, 520), (670, 540)], "#c07a4a")
    s.shape([(756, 414), (800, 400), (770, 450)], "#c07a4a")
    s.line([(795, 408), (800, 560)], "#f2e3bd", 9)
    s.box(0, 590, WIDTH, 34, WOOD)
    s.box(0, 624, WIDTH, 176, "#94693f")
    for i in range(11):
        x = 60 + i * 108
        candle(s, x, 600, 84, "#f2e3bd" if i < 7 else GLASS, lit=False)
    for i in range(10):
        candle(s, 110 + i * 112, 720, 98, "#f2e3bd", lit=False)
    return s


def bougies() -> Sheet:
    """Three candles that burn on a shelf."""
    s = Sheet(ground="#4c4a52")
    s.slope("#3d3b46", "#6a5a52", 0, 600)
    s.glow(600, 330, 380, "#f0b860", 90)
    s.box(0, 600, WIDTH, 60, WOOD)
    s.box(0, 660, WIDTH, 140, "#7d5735")
    for x, size, wax, name in (
        (330, 260, mixed(CREAM, LIME, 0.5), "Tilleul"),
        (610, 300, mixed(CREAM, HONEY, 0.5), "Fenaison"),
        (890, 250, mixed(CREAM, CLAY, 0.45), "Premier feu"),
    ):
        candle(s, x, 600, size, wax, name)
    for x in (130, 1080):
        s.box(x - 30, 520, 60, 80, CLAY, 10)
        for k in range(7):
            leaf(s, x, 522, 110, -90 + (k - 3) * 20, mixed(MOSS, LIME, k * 0.1))
    return s


def linge() -> Sheet:
    """Folded linen, tied with a ribbon."""
    s = Sheet(ground="#eae3d3")
    s.slope("#f0eadc", "#e0d6c1", 0, 620)
    s.box(760, 70, 330, 330, "#dbe6ea", 6)
    for x in (760, 919, 1078):
        s.box(x, 70, 12, 330, WHITE)
    s.box(0, 620, WIDTH, 180, WOOD)
    for y in (665, 720):
        s.box(0, y, WIDTH, 4, mixed(WOOD, BARK, 0.4))
    pile(s, 520, 690, 560, (CLAY, LINEN, LIME, CREAM, "#d9cdb2", LINEN), 74)
    ribbon(s, 520, 250, 690, PLUM, 66)
    for k in range(5):
        s.line([(900 + k * 22, 690), (930 + k * 34, 500 - (k % 2) * 24)], MOSS, 5)
        for j in range(7):
            s.oval(930 + k * 34 - j * 3, 500 - (k % 2) * 24 + j * 13, 9, 8, LAVENDER)
    s.box(880, 640, 130, 26, CLAY, 10)
    return s


def soins() -> Sheet:
    """Soap, balm and oil on a towel."""
    s = Sheet(ground="#dfe7e0")
    s.slope("#e7eee6", "#d3ddd2", 0, 560)
    s.box(0, 560, WIDTH, 240, "#eee7da")
    pile(s, 600, 720, 980, (WHITE, LIME), 70)
    bottle(s, 330, 590, 380, "#8a5a2e", INK, ("Arnica", "massage"))
    soap(s, 640, 590, 210)
    soap(s, 650, 500, 190, "#ecdcbc")
    s.shade(910, 590, 130, 16, 80)
    s.box(800, 520, 220, 72, LINEN, 20)
    s.oval(910, 522, 110, 32, mixed(LINEN, INK, 0.15))
    s.oval(910, 520, 98, 26, "#f4e2ae")
    s.oval(1040, 640, 112, 34, mixed(LINEN, INK, 0.12))
    s.oval(1040, 632, 112, 34, LINEN)
    sprig(s, 1040, 628, 44)
    for k in range(6):
        leaf(s, 130, 560, 150, -100 + k * 22, mixed(MOSS, LIME, k * 0.12))
    return s


def tisane() -> Sheet:
    """A cup, a teapot and sprigs of verbena."""
    s = Sheet(ground="#f0e6cf")
    s.slope("#f5eeda", "#e9dcbd", 0, 540)
    s.box(0, 540, WIDTH, 260, WOOD)
    for y in (590, 660, 730):
        s.box(0, y, WIDTH, 4, mixed(WOOD, BARK, 0.35))
    s.shade(760, 640, 230, 30, 100)
    s.arc(975, 480, 90, 90, (270, 90), MOSS, 26)
    s.shape([(590, 470), (480, 400), (470, 430), (580, 560)], MOSS)
    s.oval(780, 500, 220, 140, MOSS)
    s.oval(720, 450, 80, 40, mixed(MOSS, WHITE, 0.18))
    s.oval(780, 372, 100, 22, DEEP)
    s.oval(780, 360, 96, 22, mixed(MOSS, WHITE, 0.12))
    s.oval(780, 334, 20, 18, DEEP)
    cup(s, 330, 640, 190, CREAM)
    for turn in (-20, 4, 30):
        for k in range(6):
            leaf(s, 560 + k * 44, 720 + turn * 0.7, 66, turn + (40 if k % 2 else -40), mixed(MOSS, LIME, 0.4))
        s.line([(550, 720 + turn * 0.7), (830, 720 + turn * 0.7)], DEEP, 5)
    return s


def recharge() -> Sheet:
    """An empty glass beside a block of wax."""
    s = Sheet(ground="#e4e8dc")
    s.slope("#ecefe5", "#d8dece", 0, 590)
    s.box(0, 590, WIDTH, 210, "#c9b696")
    candle(s, 400, 640, 380, mixed(GLASS, WHITE, 0.5), lit=False)
    s.shade(790, 640, 190, 20, 90)
    s.box(620, 430, 340, 210, mixed(CREAM, LIME, 0.5), 24)
    s.box(620, 430, 340, 60, mixed(CREAM, LIME, 0.3), 24)
    sprig(s, 790, 560, 90, mixed(LIME, INK, 0.3), mixed(LIME, INK, 0.2))
    s.line([(790, 430), (800, 380), (780, 340)], INK, 5)
    for turn in (20, 200):
        s.arc(590, 240, 150, 110, (turn, turn + 140), MOSS, 18)
    s.shape([(716, 262), (766, 262), (740, 312)], MOSS)
    s.shape([(414, 218), (464, 218), (440, 168)], MOSS)
    return s


def boutique(front: str, name: str, wall: str, roof: str, country: bool) -> Sheet:
    """A shop front; in the country with hills behind it, else between other houses."""
    s = Sheet(ground=SKY)
    s.slope("#b9d3e2", "#f3ece0", 0, 600)
    if country:
        hills(s, 420, 60, "#9db08a", 6)
        tree(s, 130, 640, 120)
    else:
        for x, colour in ((-40, "#d9c3a4"), (1010, "#c9b8a8")):
            s.box(x, 120, 250, 520, colour)
            for y in (180, 320):
                s.box(x + 80, y, 80, 100, "#8aa0ab", 4)
    s.box(0, 640, WIDTH, 160, "#c8beac")
    for i in range(8):
        s.box(i * 160 - 30 + (i % 2) * 24, 700, 118, 8, "#b7ac98", 4)
    s.shape([(200, 200), (290, 110), (930, 110), (1000, 200)], roof)
    s.box(220, 196, 760, 450, wall)
    s.box(240, 300, 720, 346, front, 8)
    s.box(260, 318, 680, 70, mixed(front, INK, 0.45), 6)
    s.text(600, 354, name, 40, CREAM)
    s.box(280, 410, 420, 200, "#fff4d8", 6)
    s.box(280, 510, 420, 9, WOOD)
    for i in range(4):
        candle(s, 340 + i * 100, 510, 64, mixed(CREAM, (LIME, HONEY, CLAY, LAVENDER)[i], 0.5), lit=False)
    for i, colours in enumerate(((LINEN, LIME, CREAM), (CLAY, LINEN, LINEN), (LAVENDER, CREAM, LIME))):
        pile(s, 350 + i * 140, 606, 110, colours, 24)
    s.box(750, 410, 170, 236, WHITE, 6)
    s.box(768, 428, 134, 120, "#a9bfc4", 4)
    s.oval(770, 600, 8, 8, HONEY)
    for i in range(2):
        s.box(255 + i * 640, 590, 66, 60, CLAY, 8)
        for k in range(7):
            leaf(s, 288 + i * 640, 592, 78, -90 + (k - 3) * 22, mixed(MOSS, LIME, k * 0.12))
    return s


def stand() -> Sheet:
    """The stand at the fair: a long table, twelve chairs, the sign."""
    s = Sheet(ground="#d8dbe0")
    for i in range(7):
        s.box(i * 180, 0, 8, 520, "#c9cdd3")
    s.box(0, 560, WIDTH, 240, "#9aa0a6")
    s.box(180, 110, 840, 460, "#f2ecdf", 8)
    s.box(180, 110, 840, 110, MOSS, 8)
    s.text(600, 165, "Maison Clairépine", 58, CREAM)
    for x in (250, 950):
        sprig(s, x, 168, 70, CREAM)
    for i in range(3):
        s.box(240 + i * 250, 270, 200, 14, WOOD)
        for k in range(3):
            candle(s, 280 + i * 250 + k * 60, 270, 42, mixed(CREAM, (LIME, HONEY, CLAY)[k], 0.5), lit=False)
    bust(s, 420, 370, 56, *INES)
    bust(s, 790, 370, 56, *SOFIANE)
    s.box(140, 540, 920, 30, WOOD, 6)
    s.box(150, 570, 900, 130, LINEN)
    for i in range(10):
        s.shape([(150 + i * 90, 570), (240 + i * 90, 570), (195 + i * 90, 640)], mixed(LINEN, LIME, 0.5))
    for x in (240, 310):
        candle(s, x, 540, 76, mixed(CREAM, LIME, 0.5))
    for x in (520, 590, 660):
        soap(s, x, 540, 62)
    cup(s, 930, 530, 44, LIME)
    for i in range(6):
        s.box(110 + i * 175, 690, 90, 16, BARK, 6)
        for dx in (8, 72):
            s.box(110 + i * 175 + dx, 700, 10, 80, BARK)
    return s


def equipe() -> Sheet:
    """The team under the lime tree."""
    s = Sheet(ground=SKY)
    s.slope("#b9d3e2", "#f4ead6", 0, 520)
    hills(s, 430, 50, "#9db08a", 21)
    s.box(0, 600, WIDTH, 200, "#a9b27c")
    s.box(548, 120, 104, 520, BARK, 20)
    for x, y, r in ((300, 150, 210), (560, 70, 250), (860, 140, 230), (1090, 210, 150), (110, 220, 140)):
        s.oval(x, y, r, r * 0.62, MOSS)
    for i in range(26):
        chance = random.Random(i)
        s.oval(chance.uniform(40, 1160), chance.uniform(20, 240), 34, 22, mixed(MOSS, LIME, 0.5))
    people = (OTHERS[2], INES, SOFIANE, CAMILLE, REMI, ELISE, OTHERS[1], OTHERS[0])
    for i, who in enumerate(people):
        x, y = 145 + i * 130, (420, 380)[i % 2]
        bust(s, x, y, 52, *who)
    s.box(0, 640, WIDTH, 160, "#98a36a")
    for i in range(40):
        chance = random.Random(100 + i)
        leaf(
            s,
            chance.uniform(0, 1200),
            chance.uniform(670, 800),
            44,
            -90 + chance.uniform(-30, 30),
            mixed(MOSS, LIME, 0.3),
        )
    return s


def emblem(size: int, new: bool) -> Sheet:
    """The former emblem (a sprig in a ring) and the new one (a flame whose wick is a leaf)."""
    s = Sheet(size, size, None)
    m = size / 2
    if new:
        s.oval(m, m, m * 0.97, m * 0.97, PLUM)
        s.shape([(m - m * 0.42, m * 1.15), (m, m * 0.26), (m + m * 0.42, m * 1.15)], FLAME)
        s.oval(m, m * 1.18, m * 0.43, m * 0.43, FLAME)
        leaf(s, m, m * 1.5, m * 0.78, -90, MOSS)
    else:
        s.oval(m, m, m * 0.97, m * 0.97, MOSS)
        s.oval(m, m, m * 0.88, m * 0.88, CREAM)
        sprig(s, m, m * 1.05, m * 1.05)
    return s


def name() -> Sheet:
    """The shop’s logo: the emblem and the name beside it."""
    s = Sheet(250, 80, None)
    s.oval(40, 40, 38, 38, MOSS)
    s.oval(40, 40, 34, 34, CREAM)
    sprig(s, 40, 42, 42)
    s.text(163, 30, "Clairépine", 34, DEEP)
    s.text(163, 60, "de main en main", 18, CLAY, ITALIC)
    return s


PICTURES: dict[str, Callable[[], Sheet]] = {
    "vallee.jpg": vallee,
    "sechoir.jpg": sechoir,
    "reunion.jpg": reunion,
    "coulee.jpg": coulee,
    "bougies.jpg": bougies,
    "linge.jpg": linge,
    "soins.jpg": soins,
    "tisane.jpg": tisane,
    "recharge.jpg": recharge,
    "boutique-atelier.jpg": lambda: boutique("#5f7d58", "Boutique de l’atelier", "#e9dfcb", "#a5654a", True),
    "boutique-valence.jpg": lambda: boutique("#6d5a86", "Maison Clairépine", "#e3d2bd", "#6a6f78", False),
    "stand.jpg": stand,
    "equipe.jpg": equipe,
    "portrait-camille.jpg": lambda: portrait(CAMILLE, "#d9e2c8"),
    "portrait-ines.jpg": lambda: portrait(INES, "#e6dcec"),
    "portrait-remi.jpg": lambda: portrait(REMI, "#dfe6e8"),
    "portrait-elise.jpg": lambda: portrait(ELISE, "#f1e2d2"),
    "logo.png": lambda: emblem(160, False),
    "logo-nouveau.png": lambda: emblem(160, True),
    "icone.png": lambda: emblem(512, False),
    "icone-nouvelle.png": lambda: emblem(512, True),
    "logo-boutique.png": name,
}
SETTINGS = {".jpg": {"quality": 80, "optimize": True}, ".png": {"optimize": True}}


def main(wanted: list[str]) -> None:
    """Draw the named pictures, or all."""
    # They draw with what is above.
    from make_products import PRODUCTS, covers

    for file, draw in (PICTURES | PRODUCTS).items():
        path = HERE / file
        if not wanted or path.stem in wanted:
            draw().finished().save(path, **SETTINGS[path.suffix])
            print(f"{path.stat().st_size // 1024:4} KiB  {file}")
    covers(wanted)


if __name__ == "__main__":
    main(sys.argv[1:])
