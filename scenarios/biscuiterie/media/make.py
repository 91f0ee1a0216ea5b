"""Draws the company's pictures: flat illustrations, ours to give away (CC0), the same at each run.

Needs Pillow, which nothing else here does, and the Liberation fonts.
`uv run --with pillow scenarios/biscuiterie/media/make.py` writes every file beside this one;
with names after it (`make.py atelier phare`) only those.
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

CREAM, SAND, BUTTER, GOLD, CRUST, COCOA = "#fbf4e4", "#efdcb8", "#f3cf7a", "#dfa245", "#b8732d", "#5b3a22"
SEA, DEEP, SKY, MIST = "#2f7d95", "#17475b", "#cfe8ee", "#eaf4f4"
GORSE, LEAF, MOSS, RED, WHITE, INK = "#f2b90f", "#6f8f4a", "#3f5f37", "#c8452f", "#ffffff", "#2b2b33"

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
        corners = [x * SCALE, y * SCALE, (x + w) * SCALE, (y + h) * SCALE]
        self.draw.rounded_rectangle(corners, r * SCALE, fill)

    def oval(self, x: float, y: float, rx: float, ry: float, fill: str) -> None:
        """An ellipse around its centre."""
        self.draw.ellipse([(x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE], fill)

    def shape(self, points: list[Point], fill: str) -> None:
        """A polygon."""
        self.draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill)

    def line(self, points: list[Point], fill: str, width: float) -> None:
        """A broken line with round joints."""
        self.draw.line([(x * SCALE, y * SCALE) for x, y in points], fill, round(width * SCALE), joint="curve")

    def slope(self, top: str, bottom: str, y0: float = 0, y1: float | None = None) -> None:
        """A vertical gradient over the whole width."""
        first, last = round(y0 * SCALE), round((self.size[1] if y1 is None else y1) * SCALE)
        a, b = (tuple(int(c[i : i + 2], 16) for i in (1, 3, 5)) for c in (top, bottom))
        for y in range(first, last):
            t = (y - first) / max(1, last - first)
            colour = tuple(round(p + (q - p) * t) for p, q in zip(a, b, strict=True))
            self.draw.line([(0, y), (self.size[0] * SCALE, y)], colour)

    def text(self, x: float, y: float, words: str, size: float, fill: str, name: str = "LiberationSerif-Bold") -> None:
        """Words around a point."""
        font = ImageFont.truetype(f"/usr/share/fonts/truetype/liberation/{name}.ttf", round(size * SCALE))
        self.draw.text((x * SCALE, y * SCALE), words, fill, font, anchor="mm")

    def shadow(self, x: float, y: float, rx: float, ry: float, strength: int = 60) -> None:
        """A soft shadow on what is drawn already."""
        mask = Image.new("L", self.image.size, 0)
        corners = [(x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE]
        ImageDraw.Draw(mask).ellipse(corners, strength)
        mask = mask.filter(ImageFilter.GaussianBlur(10 * SCALE))
        self.image.paste(Image.new(self.image.mode, self.image.size, INK), mask=mask)

    def finished(self) -> Image.Image:
        """The picture at its own size."""
        return self.image.resize(self.size, Image.Resampling.LANCZOS)


# Things that come back from one picture to the next.


def gorse(s: Sheet, x: float, y: float, size: float, petal: str = GORSE) -> None:
    """One gorse flower, the company's emblem."""
    s.oval(x, y - size * 0.42, size * 0.5, size * 0.46, petal)
    s.oval(x - size * 0.42, y + size * 0.22, size * 0.34, size * 0.46, petal)
    s.oval(x + size * 0.42, y + size * 0.22, size * 0.34, size * 0.46, petal)
    s.oval(x, y + size * 0.3, size * 0.26, size * 0.36, "#d99a00" if petal == GORSE else petal)


def palet(s: Sheet, x: float, y: float, r: float, thick: float = 0.34) -> None:
    """A thick round biscuit seen from above and the side."""
    s.shadow(x, y + r * (0.55 + thick), r * 1.02, r * 0.42)
    s.oval(x, y + r * thick, r, r * 0.62, CRUST)
    s.box(x - r, y, 2 * r, r * thick, CRUST)
    s.oval(x, y, r, r * 0.62, GOLD)
    s.oval(x, y - r * 0.02, r * 0.86, r * 0.51, BUTTER)
    for i in (-2, -1, 0, 1, 2):
        half = math.sqrt(max(0.0, 1 - (i * 0.3) ** 2)) * 0.74
        s.line([(x - r * half, y + i * r * 0.155), (x + r * half, y + i * r * 0.155)], GOLD, r * 0.035)


def sable(s: Sheet, x: float, y: float, r: float, face: str = BUTTER, chips: int = 0) -> None:
    """A fluted thin biscuit seen from above."""
    s.shadow(x + 4, y + 10, r * 1.02, r * 1.02, 50)
    for colour, size, drop in ((CRUST, 1.0, r * 0.06), (GOLD, 1.0, 0.0)):
        points = []
        for i in range(240):
            angle = i / 240 * math.tau
            reach = r * size * (1 + 0.045 * math.cos(angle * 18))
            points.append((x + reach * math.cos(angle), y + drop + reach * math.sin(angle)))
        s.shape(points, colour)
    s.oval(x, y, r * 0.84, r * 0.84, face)
    chance = random.Random(round(x * 7 + y))
    for _ in range(chips):
        angle, reach = chance.uniform(0, math.tau), r * 0.72 * math.sqrt(chance.random())
        s.oval(x + reach * math.cos(angle), y + reach * math.sin(angle), r * 0.085, r * 0.07, COCOA)
    if not chips:
        for i in range(9):
            angle = i / 9 * math.tau
            s.oval(x + r * 0.5 * math.cos(angle), y + r * 0.5 * math.sin(angle), r * 0.045, r * 0.045, GOLD)


def pouch(s: Sheet, x: float, y: float, w: float, h: float, paper: str, label: str, band: str) -> None:
    """A paper pouch with a folded top; x and y are its lower middle."""
    s.shadow(x, y, w * 0.56, h * 0.05, 80)
    s.shape([(x - w / 2, y), (x - w * 0.46, y - h * 0.86), (x + w * 0.46, y - h * 0.86), (x + w / 2, y)], paper)
    s.box(x - w * 0.47, y - h, w * 0.94, h * 0.16, band, 6)
    s.box(x - w * 0.38, y - h * 0.66, w * 0.76, h * 0.42, WHITE, 10)
    for i in (-1, 0, 1):
        gorse(s, x + i * w * 0.15, y - h * 0.56 + abs(i) * h * 0.02, w * 0.07)
    s.text(x, y - h * 0.4, label, w * 0.115, INK)
    s.text(x, y - h * 0.3, "Trois Ajoncs", w * 0.07, CRUST, "LiberationSerif-Italic")


def hills(s: Sheet, y: float, height: float, colour: str, seed: int) -> None:
    """A rolling horizon."""
    chance = random.Random(seed)
    phases = [(chance.uniform(0, 6), chance.uniform(0.004, 0.011), chance.uniform(0.3, 1)) for _ in range(3)]
    points = [(0.0, float(HEIGHT))]
    for x in range(0, WIDTH + 1, 8):
        points.append((x, y + height * sum(a * math.sin(x * f + p) for p, f, a in phases) / 2))
    s.shape([*points, (WIDTH, HEIGHT)], colour)


def shop(front: str, awning: str, name: str, wall: str, roof: str, sea: bool) -> Sheet:
    """A shop front with its window, door and sign."""
    s = Sheet(ground=SKY)
    s.slope("#bfe0ea", MIST, 0, 620)
    if sea:
        s.box(0, 470, WIDTH, 160, SEA)
        s.shape([(60, 470), (60, 330), (150, 470)], WHITE)
        s.shape([(30, 470), (170, 470), (145, 505), (55, 505)], RED)
    else:
        hills(s, 470, 30, "#b7cfa6", 3)
    s.box(0, 620, WIDTH, 180, "#cdbfa8")
    for i in range(9):
        s.box(i * 150 - 40 + (i % 2) * 10, 690, 110, 8, "#bcae97", 4)
    s.shape([(190, 190), (270, 90), (930, 90), (1010, 190)], roof)
    s.box(210, 190, 780, 440, wall)
    for x in (270, 530, 790):
        s.box(x, 205, 120, 90, WHITE, 4)
        s.box(x + 8, 213, 48, 74, "#9cc7d3")
        s.box(x + 64, 213, 48, 74, "#9cc7d3")
    s.box(230, 320, 740, 310, front, 6)
    s.box(250, 336, 700, 66, DEEP if front != DEEP else INK, 4)
    s.text(600, 368, name, 38, CREAM)
    s.box(262, 450, 420, 150, "#fff3cf", 4)
    s.box(262, 530, 420, 8, CRUST)
    for i in range(5):
        palet(s, 310 + i * 80, 500, 28)
    for i, (paper, band) in enumerate(((SAND, GORSE), (SKY, SEA), (SAND, RED), (SKY, LEAF))):
        s.box(290 + i * 98, 548, 56, 50, paper, 5)
        s.box(290 + i * 98, 548, 56, 12, band, 3)
    s.box(740, 440, 180, 190, WHITE, 4)
    s.box(756, 456, 148, 100, "#9cc7d3", 4)
    s.oval(768, 590, 8, 8, GORSE)
    stripes = 12
    for i in range(stripes):
        x = 236 + i * 728 / stripes
        s.shape(
            [(x, 404), (x + 728 / stripes, 404), (x + 728 / stripes - 4, 446), (x - 4, 446)], (awning, CREAM)[i % 2]
        )
        s.oval(x + 728 / stripes / 2 - 4, 446, 30, 14, (awning, CREAM)[i % 2])
    for x in (212, 960):
        s.box(x, 580, 60, 60, CRUST, 8)
        for dx, dy in ((-14, 0), (12, -6), (0, -24), (30, -14), (-2, 8)):
            s.oval(x + 24 + dx, 560 + dy, 20, 18, LEAF)
        for dx, dy in ((-10, -4), (16, -22), (34, -8)):
            gorse(s, x + 24 + dx, 556 + dy, 9)
    return s


# The pictures.


def atelier() -> Sheet:
    """The inside of the workshop: a biscuit maker takes a tray out of the oven."""
    s = Sheet(ground="#f3ede1")
    for y in range(0, 560, 62):
        for x in range(-40, WIDTH, 124):
            s.box(x + (y // 62 % 2) * 62, y, 120, 58, "#f9f5ec", 3)
    s.box(0, 560, WIDTH, 240, "#b9c3c4")
    for i in range(7):
        s.line([(i * 200, 560), (i * 260 - 160, 800)], "#aab5b7", 3)
    s.box(60, 40, 250, 150, "#9cc7d3", 6)
    for x in (60, 180, 300):
        s.box(x, 40, 10, 150, WHITE)
    s.box(60, 110, 250, 8, WHITE)
    s.box(700, 60, 440, 540, "#8c979b", 16)  # the oven
    s.box(730, 90, 380, 70, "#6d787c", 8)
    for i in range(4):
        s.oval(775 + i * 52, 125, 16, 16, CREAM)
    s.box(950, 105, 130, 40, "#213238", 5)
    s.text(1015, 125, "180°", 26, GORSE, "LiberationMono-BoldItalic")
    s.box(740, 190, 360, 330, "#3b2a22", 10)
    s.box(760, 210, 320, 290, "#7c3a17", 8)
    for y in (290, 390, 480):
        s.box(766, y, 308, 10, "#2a2020")
        for i in range(6):
            s.oval(795 + i * 50, y - 6, 19, 9, GOLD)
            s.oval(795 + i * 50, y - 9, 16, 6, BUTTER)
    s.box(0, 520, 330, 36, CRUST, 6)  # the bench
    s.box(20, 556, 26, 190, "#8e5722")
    s.box(280, 556, 26, 190, "#8e5722")
    s.oval(90, 505, 62, 34, WHITE)
    s.oval(90, 494, 52, 22, "#f4e6c6")
    s.box(170, 492, 130, 22, "#d9a766", 11)
    s.box(150, 499, 170, 8, "#c18d4b", 4)
    s.shadow(490, 760, 120, 22, 90)  # the biscuit maker
    s.box(430, 560, 54, 190, DEEP, 12)
    s.box(496, 560, 54, 190, DEEP, 12)
    s.box(422, 736, 66, 24, INK, 10)
    s.box(492, 736, 66, 24, INK, 10)
    s.box(405, 330, 170, 290, WHITE, 44)
    s.box(428, 400, 124, 240, GORSE, 16)
    s.line([(450, 400), (470, 335)], GORSE, 14)
    s.line([(530, 400), (510, 335)], GORSE, 14)
    s.box(465, 296, 50, 50, "#e8b48c", 16)
    s.oval(490, 250, 62, 68, "#f0c19b")
    s.oval(434, 262, 18, 42, COCOA)
    s.oval(546, 262, 18, 42, COCOA)
    s.box(424, 168, 132, 62, WHITE, 26)
    s.oval(456, 166, 42, 36, WHITE)
    s.oval(522, 166, 44, 36, WHITE)
    s.oval(490, 150, 44, 38, WHITE)
    s.oval(468, 254, 6, 8, INK)
    s.oval(512, 254, 6, 8, INK)
    s.draw.arc([466 * SCALE, 258 * SCALE, 514 * SCALE, 296 * SCALE], 20, 160, COCOA, 4 * SCALE)
    s.line([(560, 375), (630, 440), (690, 440)], WHITE, 44)
    s.line([(420, 375), (470, 465), (640, 470)], "#f2efe8", 42)
    s.oval(690, 442, 26, 22, RED)
    s.oval(648, 470, 26, 22, RED)
    s.shape([(640, 452), (1010, 420), (1052, 452), (660, 490)], "#4b5357")
    s.shape([(640, 452), (660, 490), (660, 502), (640, 464)], "#30373a")
    s.shape([(660, 490), (1052, 452), (1052, 464), (660, 502)], "#30373a")
    for row in range(2):
        for i in range(6):
            x, y = 700 + i * 55 + row * 16, 446 - i * 4.6 + row * 18
            s.oval(x, y + 5, 22, 10, CRUST)
            s.oval(x, y, 22, 10, GOLD)
            s.oval(x, y - 1, 17, 7, BUTTER)
    for x in (800, 880, 960):
        s.line([(x, 400), (x + 12, 370), (x - 6, 340), (x + 8, 305)], "#f5e9dc", 5)
    return s


def atelier_exterieur() -> Sheet:
    """The workshop from the street."""
    s = Sheet(ground=SKY)
    s.slope("#bfe0ea", MIST, 0, 560)
    hills(s, 470, 40, "#a9c58f", 8)
    s.box(0, 600, WIDTH, 200, "#8f979b")
    for i in range(6):
        s.box(i * 220 + 30, 700, 110, 10, WHITE)
    s.box(160, 300, 820, 310, "#e9e2d2")
    for i in range(4):
        x = 160 + i * 205
        s.shape([(x, 300), (x, 200), (x + 205, 300)], "#7b8c94")
        s.shape([(x + 8, 292), (x + 8, 216), (x + 40, 292)], "#bcdbe4")
    s.box(900, 130, 46, 180, "#9aa5a9")
    for x, y, r in ((930, 105, 26), (960, 76, 34), (1000, 44, 40)):
        s.oval(x, y, r, r * 0.8, WHITE)
    s.box(220, 350, 460, 70, DEEP, 8)
    s.text(450, 385, "Biscuiterie des Trois Ajoncs", 32, CREAM)
    for i in range(4):
        s.box(220 + i * 120, 460, 90, 80, "#9cc7d3", 4)
    s.box(730, 430, 190, 180, "#b6c0c3", 4)
    for i in range(6):
        s.box(738, 442 + i * 28, 174, 4, "#97a2a6")
    s.box(1010, 470, 150, 130, WHITE, 10)  # the van
    s.shape([(1130, 490), (1180, 545), (1180, 600), (1130, 600)], WHITE)
    s.shape([(1138, 502), (1168, 545), (1138, 545)], "#9cc7d3")
    for i in range(3):
        gorse(s, 1050 + i * 32, 530, 13)
    for x in (1045, 1145):
        s.oval(x, 604, 24, 24, INK)
        s.oval(x, 604, 10, 10, "#b6c0c3")
    for i in range(4):
        s.oval(40 + i * 34, 585 - (i % 2) * 14, 40, 36, MOSS)
        gorse(s, 40 + i * 34, 572, 12)
    return s


def fournil() -> Sheet:
    """The bakehouse of 1962, as an old print."""
    s = Sheet(ground="#e9d9b9")
    s.slope("#ecdfc3", "#d8c39a")
    for y in range(60, 640, 54):
        for x in range(-40, WIDTH, 140):
            s.box(x + (y // 54 % 2) * 70, y, 132, 46, "#d9c7a1", 8)
    s.box(0, 640, WIDTH, 160, "#a98d62")
    s.shape([(360, 640), (360, 300), (600, 170), (840, 300), (840, 640)], "#b79a6b")
    for i in range(11):
        angle = math.pi + i / 10 * math.pi
        s.oval(600 + 180 * math.cos(angle), 480 + 170 * math.sin(angle), 30, 24, "#8d7148")
    s.oval(600, 480, 150, 145, "#4a3822")
    s.box(450, 480, 300, 100, "#4a3822")
    for x, h in ((520, 70), (570, 110), (620, 90), (670, 60)):
        s.shape([(x - 26, 575), (x, 575 - h), (x + 26, 575)], "#c79a52")
        s.shape([(x - 13, 575), (x, 575 - h * 0.6), (x + 13, 575)], "#ecd9ac")
    s.box(430, 575, 340, 30, "#8d7148", 4)
    s.line([(980, 660), (700, 520)], "#7b6038", 14)
    s.shape([(720, 505), (640, 500), (650, 545), (705, 545)], "#7b6038")
    s.box(60, 520, 250, 26, "#7b6038", 4)
    s.box(80, 546, 20, 160, "#6b5230")
    s.box(270, 546, 20, 160, "#6b5230")
    for i, x in enumerate((100, 160, 220, 270)):
        s.oval(x, 505 - (i % 2) * 4, 40, 22, "#c39b5c")
        s.line([(x - 16, 500), (x + 16, 494)], "#8d7148", 4)
    for x in (930, 1060):
        s.shape([(x, 660), (x - 8, 500), (x + 104, 500), (x + 112, 660)], "#cdb98f")
        s.box(x + 22, 476, 50, 30, "#b79f70", 8)
        s.text(x + 52, 585, "BLÉ" if x < 1000 else "SEL", 30, "#7b6038")
    s.box(0, 0, WIDTH, 26, "#f3ead3")
    s.box(0, 774, WIDTH, 26, "#f3ead3")
    s.box(0, 0, 26, HEIGHT, "#f3ead3")
    s.box(1174, 0, 26, HEIGHT, "#f3ead3")
    return s


def phare() -> Sheet:
    """The lighthouse at the end of the pier, wide enough for the top of the home page."""
    s = Sheet()
    s.slope("#8cc5d8", "#fbe9c8", 0, 480)
    s.oval(260, 400, 78, 78, "#fdf1cf")
    for x, y, w in ((120, 140, 190), (430, 90, 240), (760, 150, 200), (620, 240, 150)):
        s.box(x, y, w, 34, WHITE, 17)
        s.box(x + w * 0.2, y - 22, w * 0.5, 44, WHITE, 22)
    s.slope(SEA, DEEP, 480, 800)
    for i in range(26):
        x, y = (i * 173) % 1200, 505 + (i * 47) % 280
        s.box(x, y, 60 + (i % 4) * 22, 5, "#5fa3b5", 3)
    s.shape([(700, 570), (1200, 530), (1200, 660), (700, 600)], "#8d8577")
    s.shape([(700, 570), (1200, 530), (1200, 552), (700, 582)], "#aba294")
    s.oval(1035, 565, 140, 32, "#6f685c")
    s.shape([(985, 565), (1005, 205), (1085, 205), (1105, 565)], WHITE)
    for low, high in ((565, 485), (415, 345), (275, 205)):
        ends = [((565 - y) / 18, y) for y in (low, high)]
        s.shape([(985 + t, y) for t, y in ends] + [(1105 - t, y) for t, y in reversed(ends)], RED)
    s.box(978, 191, 134, 18, DEEP, 4)
    s.box(1010, 131, 70, 62, "#fdf3c8", 4)
    s.box(1042, 131, 6, 62, DEEP)
    s.shape([(998, 133), (1045, 87), (1092, 133)], RED)
    s.line([(1045, 89), (1045, 65)], DEEP, 5)
    s.box(1030, 510, 30, 52, DEEP, 14)
    s.box(1033, 305, 24, 30, DEEP, 12)
    for x, y in ((330, 210), (400, 180), (520, 250)):
        s.line([(x - 24, y - 10), (x, y), (x + 24, y - 10)], WHITE, 5)
    s.shape([(150, 600), (330, 600), (300, 650), (180, 650)], "#2b5fa0")
    s.shape([(225, 590), (225, 450), (320, 590)], CREAM)
    s.shape([(215, 590), (215, 480), (150, 590)], GORSE)
    return s


def palets() -> Sheet:
    """A plate of palets."""
    s = Sheet(ground="#3d8096")
    for i in range(13):
        s.box(i * 100, 0, 48, HEIGHT, "#438aa1")
    s.shadow(600, 470, 430, 280, 110)
    s.oval(600, 440, 440, 290, WHITE)
    s.oval(600, 440, 360, 225, "#eef3f3")
    for x, y in ((440, 380), (610, 330), (780, 390), (400, 490), (800, 510), (520, 540), (690, 550), (600, 430)):
        palet(s, x, y, 94)
    for x, y, r in ((130, 120, 36), (175, 160, 30), (100, 175, 30), (1085, 690, 34), (1050, 650, 28)):
        gorse(s, x, y, r)
    return s


def sables() -> Sheet:
    """Plain and chocolate sablés on a rack."""
    s = Sheet(ground="#f6e3d0")
    for i in range(25):
        s.box(i * 50, 0, 6, HEIGHT, "#e2c6ab")
    for i in range(5):
        s.box(0, i * 200 - 4, WIDTH, 8, "#d5b594")
    for row in range(3):
        for i in range(5):
            x, y = 120 + i * 240 + (row % 2) * 20 - 10, 140 + row * 260
            kind = (row + i) % 3
            sable(s, x, y, 98, (BUTTER, "#f7dfa0", "#d9b173")[kind], (0, 14, 0)[kind])
    return s


def crackers() -> Sheet:
    """Square crackers on a slate."""
    s = Sheet(ground="#e6ebe2")
    s.box(110, 70, 980, 660, "#38434a", 22)
    s.box(124, 84, 952, 632, "#414d55", 16)
    chance = random.Random(11)
    for row in range(3):
        for i in range(4):
            x, y, turn = 270 + i * 220, 200 + row * 200, chance.uniform(-0.25, 0.25)
            s.shadow(x + 6, y + 12, 92, 84, 80)

            def at(dx: float, dy: float, x: float = x, y: float = y, turn: float = turn) -> Point:
                return x + dx * math.cos(turn) - dy * math.sin(turn), y + dx * math.sin(turn) + dy * math.cos(turn)

            s.shape([at(-84, -78), at(84, -78), at(84, 84), at(-84, 84)], "#7d654a")
            s.shape([at(-84, -84), at(84, -84), at(84, 78), at(-84, 78)], "#b49a76")
            for dx in (-42, 0, 42):
                for dy in (-42, 0, 42):
                    s.oval(*at(dx, dy), 5, 5, "#7d654a")
            colour = ("#3a2d22", "#3f6b45", WHITE)[(row + i) % 3]
            for _ in range(22):
                s.oval(*at(chance.uniform(-72, 72), chance.uniform(-72, 66)), 5, 4, colour)
    return s


def coffret() -> Sheet:
    """The gift box, open, with three pouches."""
    s = Sheet(ground="#f8e7c2")
    s.slope("#fbeecd", "#f0d9a4")
    s.box(0, 600, WIDTH, 200, "#c98f4e")
    s.shadow(600, 690, 440, 50, 120)
    s.shape([(224, 496), (300, 240), (900, 240), (976, 496)], DEEP)
    s.shape([(256, 496), (318, 266), (882, 266), (944, 496)], "#1f5a72")
    for x, label, band in ((400, "Palets", GORSE), (600, "Sablés", SEA), (800, "Crackers", LEAF)):
        pouch(s, x, 562, 180, 290, SAND, label, band)
    s.box(220, 490, 760, 210, SEA, 10)
    s.box(220, 490, 760, 24, "#3b91ab", 8)
    s.box(570, 490, 60, 210, GORSE)
    for dx in (-62, 62):
        s.oval(600 + dx, 492, 62, 32, GORSE)
        s.oval(600 + dx, 492, 34, 14, "#c99400")
    s.oval(600, 494, 24, 24, "#d99a00")
    s.text(400, 610, "Coffret", 44, CREAM, "LiberationSerif-Italic")
    s.text(800, 610, "découverte", 44, CREAM, "LiberationSerif-Italic")
    return s


def sachets() -> Sheet:
    """Four paper pouches on a shelf."""
    s = Sheet(ground="#dfeaec")
    s.box(0, 640, WIDTH, 40, CRUST)
    s.box(0, 680, WIDTH, 120, "#9b6025")
    for i, (label, paper, band) in enumerate(
        (
            ("Palets", SAND, GORSE),
            ("Citron", "#f5eeda", "#e3c52b"),
            ("Sarrasin", "#d6c6a8", LEAF),
            ("Chocolat", SAND, COCOA),
        )
    ):
        pouch(s, 180 + i * 280, 640, 230, 430 - (i % 2) * 50, paper, label, band)
    return s


def tarte() -> Sheet:
    """A lemon tart with one slice taken."""
    s = Sheet(ground="#d8e9df")
    s.shadow(600, 430, 390, 350, 110)
    s.oval(600, 410, 380, 350, WHITE)
    s.oval(600, 410, 322, 296, CRUST)
    s.oval(600, 410, 296, 270, "#f6d84a")
    s.oval(600, 410, 282, 256, "#fbe36c")
    for i in range(8):
        angle = i / 8 * math.tau + 0.9
        x, y = 600 + 170 * math.cos(angle), 410 + 155 * math.sin(angle)
        s.oval(x, y, 46, 42, "#f2c61f")
        s.oval(x, y, 38, 34, "#fff3a8")
        for k in range(6):
            a = k / 6 * math.tau
            s.line([(x, y), (x + 34 * math.cos(a), y + 30 * math.sin(a))], "#f2c61f", 3)
    s.shape([(600, 410), (936, 470), (880, 640), (800, 700)], WHITE)
    s.line([(600, 410), (912, 466)], CRUST, 7)
    s.line([(600, 410), (790, 664)], CRUST, 7)
    s.oval(140, 660, 90, 74, "#f2c61f")
    s.oval(232, 700, 66, 54, "#f6d84a")
    s.shape([(1040, 90), (1090, 70), (1110, 330), (1060, 340)], "#c7ced1")
    s.box(1056, 330, 62, 170, COCOA, 20)
    return s


def verrines() -> Sheet:
    """Three strawberry verrines."""
    s = Sheet(ground="#fbe3e0")
    s.box(0, 610, WIDTH, 190, "#e9bdb5")
    for x in (300, 600, 900):
        s.shadow(x, 680, 140, 26, 100)
        s.box(x - 120, 220, 240, 450, "#ffffff", 26)
        for y, h, colour in (
            (570, 80, GOLD),
            (480, 95, "#fff8ec"),
            (400, 85, "#d8413a"),
            (320, 85, "#fff8ec"),
            (280, 45, GOLD),
        ):
            s.box(x - 108, y, 216, h, colour, 8)
        chance = random.Random(x)
        for _ in range(30):
            s.oval(x + chance.uniform(-98, 98), chance.choice((600, 300)) + chance.uniform(-14, 30), 8, 6, CRUST)
        for i in range(4):
            s.oval(x - 75 + i * 50, 442, 22, 28, "#b92f2c")
        s.shape([(x - 52, 210), (x + 52, 210), (x + 22, 286), (x, 300), (x - 22, 286)], "#d8413a")
        s.oval(x - 24, 212, 30, 26, "#d8413a")
        s.oval(x + 24, 212, 30, 26, "#d8413a")
        for dx in (-30, 0, 30):
            s.shape([(x, 200), (x + dx - 10, 168), (x + dx + 14, 178)], LEAF)
        for dx, dy in ((-26, 226), (0, 246), (26, 226), (-10, 268), (12, 270)):
            s.oval(x + dx, dy, 3, 4, BUTTER)
    return s


def champ() -> Sheet:
    """A field of flowering buckwheat."""
    s = Sheet()
    s.slope("#9fd0e0", "#eef6ee", 0, 460)
    s.oval(930, 150, 70, 70, "#fff2bd")
    hills(s, 380, 40, "#9dbb86", 5)
    hills(s, 450, 26, "#86aa6c", 21)
    s.slope("#7fa35c", "#5b7d3f", 480, 800)
    chance = random.Random(4)
    for row in range(12):
        y = 490 + row * row * 2.4
        size = 4 + row * 1.5
        for _ in range(70 - row * 3):
            x = chance.uniform(0, WIDTH)
            s.line([(x, y + size * 3), (x, y)], "#a8543f", max(1.0, size / 6))
            s.oval(x, y, size, size * 0.8, (WHITE, "#fdf3ef", "#f5dcd6")[chance.randrange(3)])
            s.oval(x + size, y + size * 0.6, size * 0.7, size * 0.6, WHITE)
    return s


def ring(s: Sheet, x: float, y: float, size: float) -> None:
    """The former emblem, around a point."""
    s.oval(x, y, 78 * size, 78 * size, CRUST)
    s.oval(x, y, 71 * size, 71 * size, CREAM)
    for dx in (-35, 0, 35):
        gorse(s, x + dx * size, y - (10 if dx else 19) * size, 18 * size)
    s.box(x - 45 * size, y + 16 * size, 90 * size, 3.5 * size, LEAF, 1.5 * size)
    s.text(x, y + 38 * size, "1962", 26 * size, COCOA)


def logo(new: bool) -> Sheet:
    """The former emblem (a ring around flowers) and the new one (a dark disc); the theme sets the name beside."""
    s = Sheet(160, 160, None)
    if new:
        s.oval(80, 80, 78, 78, DEEP)
        for x, y in ((80, 48), (52, 92), (108, 92)):
            gorse(s, x, y, 27)
        s.text(80, 133, "3 AJONCS", 15, CREAM, "LiberationSans-Bold")
    else:
        ring(s, 80, 80, 1)
    return s


def icone(new: bool) -> Sheet:
    """The square icons that go with the logos."""
    s = Sheet(512, 512, DEEP if new else CREAM)
    if new:
        for x, y in ((256, 170), (164, 322), (348, 322)):
            gorse(s, x, y, 92)
    else:
        s.oval(256, 256, 236, 236, CRUST)
        s.oval(256, 256, 206, 206, CREAM)
        gorse(s, 256, 256, 120)
    return s


PICTURES: dict[str, Callable[[], Sheet]] = {
    "atelier.jpg": atelier,
    "atelier-exterieur.jpg": atelier_exterieur,
    "fournil-1962.jpg": fournil,
    "boutique-port-lanvenez.jpg": lambda: shop("#3d7fb0", RED, "Boutique du port", "#f4efe4", "#4b5961", True),
    "boutique-quimper.jpg": lambda: shop("#a63d3d", GORSE, "Les Trois Ajoncs", "#e6d6bd", "#566069", False),
    "boutique-landerneau.jpg": lambda: shop("#4d7a55", SEA, "Les Trois Ajoncs", "#d5d2cb", "#3f474d", False),
    "phare.webp": phare,
    "palets.jpg": palets,
    "sables.jpg": sables,
    "crackers-sarrasin.jpg": crackers,
    "coffret-decouverte.jpg": coffret,
    "sachets-papier.jpg": sachets,
    "tarte-citron.jpg": tarte,
    "verrines.jpg": verrines,
    "champ-sarrasin.webp": champ,
    "logo.png": lambda: logo(False),
    "logo-nouveau.png": lambda: logo(True),
    "icone.png": lambda: icone(False),
    "icone-nouvelle.png": lambda: icone(True),
}
SETTINGS = {
    ".jpg": {"quality": 82, "optimize": True},
    ".webp": {"quality": 80, "method": 6},
    ".png": {"optimize": True},
}


def main(wanted: list[str]) -> None:
    """Draw the named pictures, or all."""
    # These two draw with what is above.
    from make_people import PEOPLE
    from make_scenes import SCENES

    for name, draw in (PICTURES | PEOPLE | SCENES).items():
        path = HERE / name
        if not wanted or path.stem in wanted:
            draw().finished().save(path, **SETTINGS[path.suffix])
            print(f"{path.stat().st_size // 1024:4} KiB  {name}")


if __name__ == "__main__":
    main(sys.argv[1:])
