"""Draws the company's people: portraits, the team, the apprentices, people at work (CC0). Called by make.py."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from make import (
    BUTTER,
    COCOA,
    CREAM,
    CRUST,
    DEEP,
    GORSE,
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
    WIDTH,
    Point,
    Sheet,
    gorse,
    hills,
    palet,
    pouch,
)

GREY, CHESTNUT, BLOND, GINGER, BLACK = "#c9c6c0", "#6e4428", "#d9a94e", "#b5552b", "#2a2422"


@dataclass(frozen=True)
class Person:
    """How someone looks; `cut` is the hair: short, long, bun, bob, curly or bald."""

    skin: str
    hair: str
    cut: str
    clothes: str
    glasses: bool = False
    beard: bool = False
    apron: str = ""
    cap: bool = False


SOIZIC = Person("#f2c7a4", GREY, "bob", DEEP, glasses=True)
NOLWENN = Person("#f0c19b", GINGER, "long", RED)
MALO = Person("#eebd95", CHESTNUT, "short", SEA, beard=True)
YANN = Person("#e9b48a", BLACK, "short", WHITE, apron=GORSE, cap=True, beard=True)
MAELLE = Person("#f3caa8", BLOND, "bun", LEAF)
EWEN = Person("#f0c19b", GINGER, "curly", "#3d4a63", glasses=True)
KARIM = Person("#c98f63", BLACK, "short", GORSE)
LOEIZA = Person("#f3caa8", CHESTNUT, "bun", WHITE, apron=SEA, cap=True)
TITOUAN = Person("#f0c19b", BLOND, "short", "#4a6a8a")
INES = Person("#b97f55", BLACK, "curly", RED)
ANNAIG = Person("#e8b48c", GREY, "short", "#e0a021")


def head(s: Sheet, x: float, y: float, r: float, who: Person) -> None:
    """A face with its hair; x and y are its centre, r half its width."""
    if who.cut == "long":
        s.box(x - r * 1.16, y - r * 0.7, r * 2.32, r * 2.5, who.hair, r * 0.9)
    elif who.cut == "bob":
        s.box(x - r * 1.16, y - r * 0.9, r * 2.32, r * 1.95, who.hair, r * 0.7)
    elif who.cut == "bun":
        s.oval(x, y - r * 1.38, r * 0.46, r * 0.42, who.hair)
    elif who.cut == "curly":
        for i in range(13):
            angle = math.pi * (0.93 + i * 1.14 / 12)
            s.oval(
                x + r * 1.0 * math.cos(angle), y - r * 0.16 + r * 1.0 * math.sin(angle), r * 0.38, r * 0.38, who.hair
            )
    s.box(x - r * 0.34, y + r * 0.7, r * 0.68, r * 0.8, shaded(who.skin), r * 0.2)
    for side in (-1, 1):
        s.oval(x + side * r * 0.98, y + r * 0.1, r * 0.17, r * 0.24, shaded(who.skin))
    s.oval(x, y, r, r * 1.14, who.skin)
    if who.beard:
        crescent(s, x, y, r, who.hair)
    if who.cut != "bald":
        fringe(s, x, y, r, who.hair)
    for side in (-1, 1):
        s.oval(x + side * r * 0.38, y + r * 0.06, r * 0.085, r * 0.11, INK)
        s.oval(x + side * r * 0.52, y + r * 0.4, r * 0.17, r * 0.11, blushed(who.skin))
        arc(
            s,
            x + side * r * 0.38,
            y - r * 0.1,
            r * 0.17,
            r * 0.13,
            200,
            340,
            who.hair if who.hair != GREY else "#8d8a85",
            r * 0.07,
        )
        if who.glasses:
            arc(s, x + side * r * 0.38, y + r * 0.07, r * 0.28, r * 0.26, 0, 360, INK, r * 0.05)
    if who.glasses:
        s.line([(x - r * 0.1, y + r * 0.05), (x + r * 0.1, y + r * 0.05)], INK, r * 0.05)
    arc(s, x, y + r * 0.22, r * 0.1, r * 0.12, 20, 160, shaded(who.skin), r * 0.06)
    arc(s, x, y + r * 0.42, r * 0.32, r * 0.26, 20, 160, "#8a3d2f", r * 0.08)
    if who.cap:
        s.box(x - r * 1.04, y - r * 1.2, r * 2.08, r * 0.58, WHITE, r * 0.2)
        for dx, up, size in ((-0.56, 1.36, 0.56), (0.56, 1.36, 0.56), (0, 1.5, 0.62)):
            s.oval(x + dx * r, y - up * r, size * r, size * 0.82 * r, WHITE)
        s.box(x - r * 1.04, y - r * 0.76, r * 2.08, r * 0.12, "#e4e4df", r * 0.05)


def fringe(s: Sheet, x: float, y: float, r: float, hair: str) -> None:
    """The hair over the forehead."""
    points: list[Point] = []
    for i in range(25):
        angle = math.pi * (1.02 + i * 0.96 / 24)
        points.append((x + r * 1.04 * math.cos(angle), y - r * 0.04 + r * 1.2 * math.sin(angle)))
    s.shape([*points, (x + r * 0.72, y - r * 0.42), (x + r * 0.1, y - r * 0.6), (x - r * 0.6, y - r * 0.3)], hair)


def crescent(s: Sheet, x: float, y: float, r: float, hair: str) -> None:
    """A short beard."""
    points: list[Point] = []
    for i in range(25):
        angle = math.pi * (0.02 + i * 0.96 / 24)
        points.append((x + r * 1.02 * math.cos(angle), y + r * 0.08 + r * 1.12 * math.sin(angle)))
    s.shape([*points, (x - r * 0.62, y + r * 0.36), (x, y + r * 0.3), (x + r * 0.62, y + r * 0.36)], hair)


def arc(s: Sheet, x: float, y: float, rx: float, ry: float, start: float, end: float, fill: str, width: float) -> None:
    """A piece of an ellipse's line."""
    corners = [(x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE]
    s.draw.arc(corners, start, end, fill, max(1, round(width * SCALE)))


def mixed(colour: str, other: str, part: float) -> str:
    """A colour on its way to another."""
    a, b = (tuple(int(c[i : i + 2], 16) for i in (1, 3, 5)) for c in (colour, other))
    return "#" + "".join(f"{round(p + (q - p) * part):02x}" for p, q in zip(a, b, strict=True))


def shaded(skin: str) -> str:
    """The skin in the shade."""
    return mixed(skin, "#a5613f", 0.25)


def blushed(skin: str) -> str:
    """The skin of a cheek."""
    return mixed(skin, "#e0735a", 0.35)


def bust(s: Sheet, x: float, y: float, r: float, who: Person, bottom: float) -> None:
    """Someone down to the waist; y is the head's centre."""
    top = y + r * 1.32
    s.box(x - r * 1.75, top, r * 3.5, bottom - top + r, who.clothes, r * 0.95)
    if who.clothes == WHITE:
        s.box(x - r * 1.75, top + r * 1.1, r * 0.5, bottom - top, "#e9e7e0")
    s.shape([(x - r * 0.42, top + 2), (x, top + r * 0.55), (x + r * 0.42, top + 2)], shaded(who.skin))
    if who.apron:
        s.box(x - r * 1.0, top + r * 0.95, r * 2.0, bottom - top, who.apron, r * 0.2)
        s.line([(x - r * 0.9, top + r), (x - r * 0.55, top + r * 0.08)], who.apron, r * 0.16)
        s.line([(x + r * 0.9, top + r), (x + r * 0.55, top + r * 0.08)], who.apron, r * 0.16)
        for i in (-1, 0, 1):
            gorse(
                s,
                x + i * r * 0.34,
                top + r * 1.5 - (i == 0) * r * 0.1,
                r * 0.16,
                CREAM if who.apron == GORSE else GORSE,
            )
    head(s, x, y, r, who)


def portrait(who: Person, ground: str) -> Sheet:
    """Someone before a plain ground with a few flowers."""
    s = Sheet(800, 800, ground)
    s.oval(400, 470, 330, 330, mixed(ground, WHITE, 0.45))
    for x, y, size in ((92, 118, 34), (150, 160, 26), (706, 660, 34), (660, 712, 26)):
        gorse(s, x, y, size)
    bust(s, 400, 350, 132, who, 830)
    return s


def team() -> Sheet:
    """The team before the workshop."""
    s = Sheet(ground=SKY)
    s.slope("#bfe0ea", MIST, 0, 560)
    hills(s, 420, 40, "#a9c58f", 8)
    s.box(60, 170, 1080, 480, "#e9e2d2")
    for i in range(5):
        x = 60 + i * 216
        s.shape([(x, 170), (x, 80), (x + 216, 170)], "#7b8c94")
    s.box(340, 210, 520, 70, DEEP, 8)
    s.text(600, 245, "Biscuiterie des Trois Ajoncs", 34, CREAM)
    s.box(0, 640, WIDTH, 160, "#b9c3c4")
    back = ((190, NOLWENN), (395, MALO), (600, YANN), (805, EWEN), (1010, KARIM))
    for x, who in back:
        bust(s, x, 400, 56, who, 720)
    front = ((90, INES), (292, MAELLE), (497, SOIZIC), (703, LOEIZA), (910, TITOUAN), (1110, ANNAIG))
    for x, who in front:
        s.shadow(x, 800, 110, 20, 60)
        bust(s, x, 540, 60, who, 830)
    return s


def apprentices() -> Sheet:
    """Three apprentices at their bench."""
    s = Sheet(ground="#f3ede1")
    for y in range(0, 560, 62):
        for x in range(-40, WIDTH, 124):
            s.box(x + (y // 62 % 2) * 62, y, 120, 58, "#f9f5ec", 3)
    s.box(80, 90, 300, 14, CRUST)
    s.box(820, 90, 300, 14, CRUST)
    for i in range(5):
        s.box(100 + i * 54, 40, 40, 50, (SAND, SKY, BUTTER)[i % 3], 4)
        s.box(840 + i * 54, 40, 40, 50, (BUTTER, SAND, SKY)[i % 3], 4)
    for x, who in ((260, LOEIZA), (600, TITOUAN), (940, INES)):
        bust(s, x, 280, 84, who, 640)
    s.box(0, 600, WIDTH, 40, CRUST)
    s.box(0, 640, WIDTH, 160, "#9b6025")
    for i in range(6):
        palet(s, 160 + i * 60, 572, 34)
    s.oval(620, 580, 96, 30, "#f4e6c6")
    s.box(520, 556, 220, 26, "#d9a766", 13)
    pouch(s, 940, 600, 110, 170, SAND, "Palets", GORSE)
    pouch(s, 1070, 600, 110, 150, "#f5eeda", "Citron", SEA)
    return s


def packing() -> Sheet:
    """Someone fills pouches by hand."""
    s = Sheet(ground="#dfeaec")
    s.box(60, 70, 260, 170, "#9cc7d3", 6)
    s.box(186, 70, 10, 170, WHITE)
    s.box(760, 120, 380, 14, CRUST)
    s.box(760, 250, 380, 14, CRUST)
    for row in range(2):
        for i in range(6):
            s.box(778 + i * 60, 58 + row * 130, 46, 62, (SAND, SKY, BUTTER, "#f5eeda")[(i + row) % 4], 5)
            s.box(778 + i * 60, 58 + row * 130, 46, 16, (GORSE, SEA, RED, LEAF)[(i + row) % 4], 4)
    bust(s, 540, 270, 96, LOEIZA, 640)
    s.box(0, 580, WIDTH, 40, CRUST)
    s.box(0, 620, WIDTH, 180, "#9b6025")
    for i, (label, band) in enumerate((("Palets", GORSE), ("Sablés", SEA), ("Citron", RED), ("Sarrasin", LEAF))):
        pouch(s, 760 + i * 118, 586, 100, 160, (SAND, "#f5eeda")[i % 2], label, band)
    s.box(120, 540, 300, 46, "#4b5357", 8)
    for i in range(6):
        palet(s, 150 + i * 48, 530, 30)
    s.line([(392, 470), (420, 540), (480, 556)], WHITE, 46)
    s.oval(492, 556, 26, 22, LOEIZA.skin)
    return s


def seaweed() -> Sheet:
    """The seaweed gatherer on the shore at low tide."""
    s = Sheet()
    s.slope("#9fd0e0", "#f3ead2", 0, 360)
    s.slope(SEA, "#7fb8c4", 340, 470)
    s.slope("#d9c79d", "#c2ab7c", 470, 800)
    for x, y, rx, ry in (
        (120, 520, 190, 70),
        (420, 470, 130, 44),
        (1050, 520, 220, 86),
        (830, 470, 120, 40),
        (280, 740, 240, 70),
    ):
        s.oval(x, y, rx, ry, "#6f685c")
        s.oval(x - rx * 0.1, y - ry * 0.16, rx * 0.86, ry * 0.74, "#857d70")
        for i in range(9):
            s.oval(
                x - rx * 0.7 + i * rx * 0.17,
                y - ry * 0.3 + (i % 3) * ry * 0.22,
                26,
                12,
                ("#5d2f45", MOSS, "#7a3b55")[i % 3],
            )
    s.oval(860, 690, 170, 40, "#9fc9cf")
    s.shadow(610, 764, 150, 16, 70)
    for x in (524, 624):
        s.box(x, 560, 76, 190, MOSS, 14)
        s.box(x - 9, 728, 94, 38, INK, 16)
    bust(s, 610, 270, 78, ANNAIG, 540)
    sleeve = mixed(ANNAIG.clothes, CRUST, 0.3)
    arc(s, 780, 612, 48, 64, 180, 360, "#7d5e33", 8)
    s.box(722, 606, 116, 110, "#b08a52", 16)
    for i in range(5):
        s.oval(740 + i * 21, 608 - (i % 2) * 10, 22, 20, ("#5d2f45", MOSS)[i % 2])
    s.shape([(430, 560), (452, 560), (450, 620), (438, 648)], "#c7ced1")
    for x, elbow, hand in ((728, (764, 490), (780, 544)), (492, (452, 490), (440, 548))):
        s.oval(x, 418, 21, 21, sleeve)
        s.line([(x, 418), elbow, hand], sleeve, 42)
        s.oval(*hand, 25, 24, ANNAIG.skin)
    for x, y in ((180, 130), (260, 100), (950, 150)):
        s.line([(x - 22, y - 9), (x, y), (x + 22, y - 9)], WHITE, 5)
    return s


def market() -> Sheet:
    """The company's stall at the farmers' market."""
    s = Sheet(ground=SKY)
    s.slope("#bfe0ea", MIST, 0, 520)
    for x, w, h, wall, roof in (
        (0, 260, 300, "#e6d6bd", "#566069"),
        (260, 200, 360, "#d5d2cb", "#3f474d"),
        (760, 220, 330, "#efe6d6", "#4b5961"),
        (980, 220, 280, "#e2d3b6", "#566069"),
    ):
        s.box(x, 540 - h, w, h, wall)
        s.shape([(x - 10, 540 - h), (x + w / 2, 470 - h), (x + w + 10, 540 - h)], roof)
        for i in range(2):
            s.box(x + 40 + i * w * 0.45, 580 - h, 50, 70, WHITE, 3)
            s.box(x + 46 + i * w * 0.45, 586 - h, 38, 58, "#9cc7d3")
    s.box(0, 540, WIDTH, 260, "#cdbfa8")
    for i in range(9):
        s.box(i * 150 - 40, 700, 110, 8, "#bcae97", 4)
    for x in (240, 950):
        s.box(x, 190, 14, 470, "#8e5722")
    for x, who in ((480, YANN), (740, MAELLE)):
        bust(s, x, 380, 62, who, 600)
    for i in range(12):
        x = 200 + i * 68
        s.shape(
            [(x + 12, 170), (x + 68, 170), (x + 68, 250), (x, 250)]
            if i == 0
            else [(x, 170), (x + 68, 170), (x + 68, 250), (x, 250)],
            (SEA, CREAM)[i % 2],
        )
        s.oval(x + 34, 250, 34, 18, (SEA, CREAM)[i % 2])
    s.box(210, 560, 790, 30, CRUST, 6)
    s.box(226, 590, 758, 130, DEEP, 8)
    s.text(605, 655, "Les Trois Ajoncs", 48, CREAM)
    for i in range(5):
        palet(s, 280 + i * 62, 532, 32)
    for i, band in enumerate((GORSE, RED, LEAF, SEA, COCOA)):
        pouch(s, 650 + i * 72, 562, 62, 100, SAND, "", band)
    for x, colours in ((60, (RED, "#e88b2c")), (1060, (LEAF, MOSS))):
        s.box(x - 30, 610, 150, 90, "#b08a52", 6)
        for i in range(6):
            s.oval(x - 10 + i * 24, 608 - (i % 2) * 12, 20, 20, colours[i % 2])
    return s


PEOPLE: dict[str, Callable[[], Sheet]] = {
    "portrait-soizic.jpg": lambda: portrait(SOIZIC, "#dfeaec"),
    "portrait-nolwenn.jpg": lambda: portrait(NOLWENN, "#f6e3d0"),
    "portrait-malo.jpg": lambda: portrait(MALO, "#f7e8b8"),
    "portrait-yann.jpg": lambda: portrait(YANN, "#cfe0e4"),
    "portrait-maelle.jpg": lambda: portrait(MAELLE, "#f3e2e0"),
    "portrait-ewen.jpg": lambda: portrait(EWEN, "#dbe6d3"),
    "equipe.jpg": team,
    "apprentis.jpg": apprentices,
    "emballage.jpg": packing,
    "algues.jpg": seaweed,
    "marche.jpg": market,
}
