"""Draws places, machines and dishes (CC0). Called by make.py."""

import math
import random
from collections.abc import Callable

from make import (
    BUTTER,
    COCOA,
    CREAM,
    CRUST,
    DEEP,
    GOLD,
    GORSE,
    INK,
    LEAF,
    MIST,
    MOSS,
    RED,
    SAND,
    SEA,
    SKY,
    WHITE,
    WIDTH,
    Sheet,
    gorse,
    hills,
    palet,
    pouch,
    sable,
)
from make_packagings import thin
from make_people import EWEN, KARIM, MALO, NOLWENN, Person, arc, bust, mixed


def tiles(s: Sheet, bottom: int, colour: str = "#f9f5ec") -> None:
    """A wall of large tiles."""
    for y in range(0, bottom, 62):
        for x in range(-40, WIDTH, 124):
            s.box(x + (y // 62 % 2) * 62, y, 120, 58, colour, 3)


def mill() -> Sheet:
    """The water mill and its wheel."""
    s = Sheet(ground=SKY)
    s.slope("#9fd0e0", "#eef6ee", 0, 460)
    hills(s, 360, 46, "#a9c58f", 5)
    hills(s, 440, 30, "#8fb374", 15)
    for x, y, r in ((110, 400, 90), (210, 430, 70), (1090, 390, 100), (980, 440, 60)):
        s.box(x - 8, y, 16, 120, "#7b5a36")
        s.oval(x, y, r, r * 0.95, MOSS)
        s.oval(x - r * 0.2, y - r * 0.2, r * 0.7, r * 0.65, LEAF)
    s.box(380, 280, 440, 320, "#d8cbb4")
    chance = random.Random(2)
    for _ in range(70):
        s.box(
            390 + chance.uniform(0, 390),
            290 + chance.uniform(0, 290),
            34,
            16,
            ("#c9baa0", "#e3d8c4")[chance.randrange(2)],
            6,
        )
    s.shape([(340, 290), (430, 150), (770, 150), (860, 290)], "#566069")
    s.box(560, 440, 90, 160, "#7b5a36", 8)
    for x in (430, 690):
        s.box(x, 340, 80, 80, WHITE, 4)
        s.box(x + 8, 348, 64, 64, "#9cc7d3")
    s.slope("#7f9f58", "#6d8f4a", 600, 800)
    s.shape([(700, 800), (820, 600), (1200, 560), (1200, 800)], SEA)
    s.shape([(760, 800), (850, 640), (1200, 600), (1200, 800)], "#4d97ab")
    for i in range(8):
        angle = i / 8 * math.tau
        s.line([(870, 520), (870 + 150 * math.cos(angle), 520 + 150 * math.sin(angle))], "#8e5722", 12)
    arc(s, 870, 520, 155, 155, 0, 360, "#8e5722", 18)
    arc(s, 870, 520, 110, 110, 0, 360, "#a86c30", 10)
    for i in range(16):
        angle = i / 16 * math.tau
        s.box(870 + 160 * math.cos(angle) - 16, 520 + 160 * math.sin(angle) - 8, 32, 16, "#7b4a1a", 4)
    s.oval(870, 520, 24, 24, INK)
    for x, label in ((300, "BLÉ"), (430, "SARRASIN")):
        s.shape([(x - 60, 740), (x - 66, 610), (x + 66, 610), (x + 60, 740)], SAND)
        s.box(x - 40, 588, 80, 30, "#dcc598", 10)
        s.text(x, 680, label, 22, CRUST)
    return s


def butter() -> Sheet:
    """A churn, a block of butter and a jug of milk."""
    s = Sheet(ground="#e5eee6")
    tiles(s, 540, "#edf3ec")
    s.box(0, 540, WIDTH, 260, "#c98f4e")
    for i in range(6):
        s.box(0, 580 + i * 40, WIDTH, 3, "#b97f3f")
    s.shadow(270, 690, 150, 26, 100)
    s.shape([(170, 690), (200, 300), (340, 300), (370, 690)], "#b98b52")
    for y in (360, 500, 630):
        s.box(178 - (y - 360) * 0.05, y, 184 + (y - 360) * 0.1, 16, "#7b5a36", 4)
    s.box(186, 280, 168, 30, "#8e6a3e", 8)
    s.box(260, 90, 20, 200, "#8e6a3e", 8)
    s.oval(270, 90, 40, 14, "#7b5a36")
    s.shadow(660, 690, 230, 30, 100)
    s.box(440, 640, 440, 46, WHITE, 18)
    s.box(500, 500, 320, 150, BUTTER, 14)
    s.box(500, 500, 320, 40, "#f9dd97", 14)
    for i in range(3):
        gorse(s, 580 + i * 80, 600 - (i == 1) * 14, 28, GOLD)
    s.shape([(820, 510), (880, 560), (880, 648), (820, 648)], GOLD)
    s.shadow(1030, 690, 110, 22, 100)
    s.shape([(930, 690), (960, 400), (1100, 400), (1130, 690)], WHITE)
    s.shape([(930, 690), (938, 610), (1122, 610), (1130, 690)], SKY)
    s.oval(1030, 400, 70, 18, "#f4f1e6")
    arc(s, 1130, 530, 60, 80, 270, 90, WHITE, 22)
    return s


def kneading() -> Sheet:
    """The kneading trough with its dough, scales and flour."""
    s = Sheet(ground="#f3ede1")
    tiles(s, 560)
    s.box(0, 560, WIDTH, 240, "#b9c3c4")
    s.shadow(430, 730, 330, 36, 100)
    s.box(140, 120, 130, 600, "#8c979b", 18)
    s.box(140, 90, 420, 140, "#97a3a7", 30)
    s.box(170, 125, 150, 60, "#213238", 8)
    s.text(245, 155, "54°", 34, GORSE, "LiberationMono-BoldItalic")
    s.oval(380, 155, 22, 22, RED)
    s.line([(500, 220), (500, 400), (540, 440)], "#6d787c", 26)
    s.shape([(290, 420), (330, 700), (690, 700), (730, 420)], "#c3cdd0")
    s.oval(510, 420, 220, 52, "#9aa6aa")
    s.oval(510, 424, 196, 42, "#f4e6c6")
    s.oval(470, 396, 110, 44, "#f8edd3")
    s.oval(570, 404, 90, 36, "#efddb4")
    s.box(820, 480, 340, 34, CRUST, 6)
    s.box(840, 514, 26, 220, "#8e5722")
    s.box(1110, 514, 26, 220, "#8e5722")
    for x, label in ((890, "BLÉ"), (1050, "SEL")):
        s.shape([(x - 58, 480), (x - 64, 330), (x + 64, 330), (x + 58, 480)], SAND)
        s.box(x - 40, 306, 80, 32, "#dcc598", 10)
        s.text(x, 410, label, 34, CRUST)
    s.box(870, 640, 220, 90, BUTTER, 10)
    s.box(870, 640, 220, 26, "#f9dd97", 10)
    return s


def dispatch() -> Sheet:
    """The parcels leave: cartons, the van and the one who loads it."""
    s = Sheet(ground="#e3e7e4")
    for i in range(7):
        s.box(i * 180, 0, 6, 600, "#d5dbd7")
    s.box(0, 600, WIDTH, 200, "#aeb7b6")
    s.box(560, 120, 560, 490, "#6d787c", 8)
    s.box(580, 140, 520, 470, SKY)
    s.box(620, 220, 460, 360, WHITE, 26)
    s.box(650, 260, 400, 270, "#59646a", 12)
    for i in range(3):
        for j in range(2):
            s.box(672 + i * 122, 400 - j * 110 + 20, 112, 104, "#c69a5f", 4)
            s.box(720 + i * 122, 400 - j * 110 + 20, 16, 104, "#e3c995")
    for x in (700, 1000):
        s.oval(x, 590, 40, 44, INK)
        s.oval(x, 590, 16, 18, "#b6c0c3")
    for row, count in ((0, 3), (1, 2), (2, 1)):
        for i in range(count):
            x, y = 60 + i * 130 + row * 60, 610 - row * 116
            s.box(x, y, 124, 112, "#c69a5f", 4)
            s.box(x + 54, y, 16, 112, "#e3c995")
            for k in range(3):
                gorse(s, x + 24 + k * 13, y + 82, 7)
    s.shadow(480, 766, 130, 18, 80)
    for x in (402, 488):
        s.box(x, 580, 70, 180, DEEP, 14)
        s.box(x - 8, 736, 84, 30, INK, 14)
    bust(s, 480, 330, 74, KARIM, 570)
    s.box(390, 500, 180, 130, "#d3a86c", 4)
    s.box(470, 500, 20, 130, "#ead3a4")
    for side in (-1, 1):
        x = 480 + side * 122
        s.line([(x, 480), (x + side * 14, 556), (480 + side * 94, 592)], mixed(KARIM.clothes, CRUST, 0.3), 38)
        s.oval(x, 480, 19, 19, mixed(KARIM.clothes, CRUST, 0.3))
        s.oval(480 + side * 90, 592, 24, 24, KARIM.skin)
    return s


def new_oven() -> Sheet:
    """The new oven hangs from a crane over the yard."""
    s = Sheet(ground=SKY)
    s.slope("#8cc5d8", "#eaf4f4", 0, 600)
    for x, y, w in ((140, 120, 190), (820, 80, 200)):
        s.box(x, y, w, 34, WHITE, 17)
        s.box(x + w * 0.2, y - 22, w * 0.5, 44, WHITE, 22)
    s.box(0, 640, WIDTH, 160, "#9aa2a0")
    s.box(720, 340, 480, 310, "#e9e2d2")
    for i in range(3):
        x = 720 + i * 165
        s.shape([(x, 340), (x, 250), (x + 165, 340)], "#7b8c94")
    s.box(800, 430, 170, 220, "#59646a", 4)
    s.box(0, 420, 180, 230, "#d8cbb4")
    s.shape([(-10, 420), (90, 340), (190, 420)], "#566069")
    s.line([(250, 690), (330, 90), (760, 60)], GORSE, 22)
    s.line([(330, 90), (250, 300)], GORSE, 8)
    for i in range(9):
        s.line([(352 + i * 45, 98 - i * 3), (376 + i * 45, 78 - i * 3)], CRUST, 5)
    s.box(170, 640, 230, 90, GORSE, 14)
    s.box(310, 570, 90, 90, DEEP, 10)
    for x in (210, 290, 370):
        s.oval(x, 735, 32, 32, INK)
        s.oval(x, 735, 12, 12, "#b6c0c3")
    s.line([(590, 76), (590, 200)], INK, 5)
    s.line([(590, 200), (480, 290)], INK, 5)
    s.line([(590, 200), (700, 290)], INK, 5)
    s.box(450, 290, 280, 230, "#8c979b", 14)
    s.box(470, 310, 240, 44, "#6d787c", 6)
    s.box(610, 316, 80, 32, "#213238", 4)
    s.text(650, 332, "180°", 20, GORSE, "LiberationMono-BoldItalic")
    s.box(490, 376, 200, 110, "#3b2a22", 8)
    for y in (410, 446):
        s.box(496, y, 188, 6, "#8c979b")
    for i, (x, coat) in enumerate(((520, SEA), (640, RED), (1040, GORSE))):
        s.box(x - 26, 640, 52, 90, coat, 20)
        s.oval(x, 616, 24, 27, ("#f0c19b", "#c98f63", "#e9b48a")[i])
        s.box(x - 28, 584, 56, 22, (GORSE, WHITE, GORSE)[i], 12)
    return s


def shop_inside() -> Sheet:
    """A shop from inside: shelves, jars, the counter."""
    s = Sheet(ground="#f6ecd8")
    s.slope("#f8f0df", "#efdfbf", 0, 620)
    s.box(0, 620, WIDTH, 180, "#b98b52")
    for i in range(9):
        s.line([(i * 160 - 60, 620), (i * 200 - 200, 800)], "#a87a43", 4)
    s.box(60, 60, 640, 540, "#c79a5f", 10)
    s.box(80, 80, 600, 500, "#8e6236", 6)
    for row in range(3):
        y = 225 + row * 165
        s.box(80, y, 600, 16, "#c79a5f")
        for i in range(6):
            x = 128 + i * 101
            if row == 1:
                s.box(x - 34, y - 100, 68, 98, "#e8f1f0", 12)
                s.box(x - 28, y - 70, 56, 64, (GOLD, BUTTER, "#b49a76")[i % 3], 8)
                s.box(x - 36, y - 112, 72, 18, CRUST, 6)
            else:
                pouch(
                    s,
                    x,
                    y,
                    76,
                    118,
                    (SAND, "#f5eeda", SKY)[i % 3],
                    "",
                    (GORSE, SEA, RED, LEAF, COCOA, GORSE)[(i + row) % 6],
                )
    s.box(760, 70, 380, 130, DEEP, 12)
    s.text(950, 120, "Les Trois Ajoncs", 38, CREAM)
    s.text(950, 165, "depuis 1962", 26, GORSE, "LiberationSerif-Italic")
    for x in (820, 950, 1080):
        s.line([(x, 0), (x, 18)], INK, 4)
    bust(s, 930, 330, 70, NOLWENN, 600)
    s.box(720, 500, 440, 34, "#8e6236", 8)
    s.box(736, 534, 408, 200, SEA, 8)
    for i in range(3):
        gorse(s, 860 + i * 80, 640 - (i == 1) * 16, 34)
    s.box(1050, 420, 84, 82, "#59646a", 8)
    s.box(1062, 432, 60, 28, "#bcdbe4", 4)
    for i in range(3):
        palet(s, 780 + i * 40, 478, 24)
    return s


def harbour() -> Sheet:
    """The harbour in the morning, as a wide banner."""
    s = Sheet(1600, 600)
    s.slope("#8cc5d8", "#fbe9c8", 0, 380)
    s.oval(1250, 250, 70, 70, "#fff3cf")
    for x, y, w in ((180, 90, 220), (640, 60, 260), (1120, 110, 190)):
        s.box(x, y, w, 30, WHITE, 15)
        s.box(x + w * 0.2, y - 20, w * 0.5, 40, WHITE, 20)
    colours = ("#f4efe4", "#e6d6bd", "#d5d2cb", "#f1e3cf", "#dfe3e0", "#efe6d6", "#e2d3b6")
    for i in range(11):
        x, h = -20 + i * 86, 120 + (i * 37) % 60
        s.box(x, 400 - h, 82, h, colours[i % 7])
        s.shape([(x - 6, 400 - h), (x + 41, 358 - h), (x + 88, 400 - h)], ("#566069", "#4b5961")[i % 2])
        for k in range(2):
            s.box(x + 14 + k * 34, 420 - h, 20, 28, "#9cc7d3", 2)
        s.box(x + 30, 366, 24, 36, (DEEP, RED, MOSS, SEA)[i % 4], 3)
    s.box(0, 396, 960, 30, "#aba294")
    s.slope(SEA, DEEP, 420, 600)
    s.box(0, 420, 960, 14, "#8d8577")
    for i in range(30):
        s.box((i * 173) % 1600, 450 + (i * 41) % 140, 60 + (i % 4) * 20, 4, "#5fa3b5", 2)
    for x, y, hull, sail in ((260, 480, RED, CREAM), (620, 510, "#2b5fa0", GORSE), (1060, 470, MOSS, WHITE)):
        s.shape([(x - 90, y), (x + 90, y), (x + 60, y + 40), (x - 60, y + 40)], hull)
        s.line([(x, y), (x, y - 170)], COCOA, 6)
        s.shape([(x + 8, y - 10), (x + 8, y - 165), (x + 84, y - 10)], sail)
        s.shape([(x - 8, y - 10), (x - 8, y - 130), (x - 70, y - 10)], CREAM)
    s.shape([(1260, 430), (1600, 400), (1600, 460), (1260, 452)], "#8d8577")
    s.shape([(1440, 412), (1452, 200), (1508, 200), (1520, 412)], WHITE)
    for top in (240, 330):
        s.shape(
            [
                (1450 - (top - 200) * 0.05, top),
                (1510 + (top - 200) * 0.05, top),
                (1512 + (top - 160) * 0.05, top + 44),
                (1448 - (top - 160) * 0.05, top + 44),
            ],
            RED,
        )
    s.box(1446, 150, 68, 52, "#fdf3c8", 4)
    s.shape([(1440, 152), (1480, 112), (1520, 152)], RED)
    return s


def crumble() -> Sheet:
    """An apple crumble in its dish."""
    s = Sheet(ground="#dfe6d4")
    for i in range(13):
        s.box(i * 100, 0, 50, 800, "#e6ecdc")
    s.shadow(600, 470, 430, 270, 110)
    s.box(190, 190, 820, 480, "#a63d3d", 90)
    s.box(226, 222, 748, 416, "#c05656", 70)
    s.box(246, 240, 708, 380, GOLD, 60)
    chance = random.Random(9)
    for _ in range(260):
        x, y, r = 280 + chance.uniform(0, 640), 270 + chance.uniform(0, 320), chance.uniform(9, 26)
        s.oval(x, y + 4, r, r * 0.8, CRUST)
        s.oval(x, y, r, r * 0.8, (BUTTER, GOLD, "#eec06a")[chance.randrange(3)])
    # A corner has been served: the bottom of the dish, some juice and two bits of apple.
    for colour, part in ((CRUST, 1.0), ("#8f3535", 0.93)):
        for x, y, rx, ry in ((864, 542, 78, 70), (800, 572, 60, 42), (892, 494, 52, 48)):
            s.oval(x, y, rx * part, ry * part, colour)
    s.oval(858, 566, 62, 28, "#d99a52")
    for x, y in ((838, 558), (878, 574)):
        s.oval(x, y, 30, 20, "#f1dc9a")
        s.oval(x, y + 4, 24, 12, "#f8efc4")
    for _ in range(26):
        angle, r = chance.uniform(math.pi * 0.75, math.pi * 1.75), chance.uniform(9, 20)
        x, y = 856 + 98 * math.cos(angle), 544 + 98 * math.sin(angle)
        s.oval(x, y + 4, r, r * 0.8, CRUST)
        s.oval(x, y, r, r * 0.8, (BUTTER, GOLD, "#eec06a")[chance.randrange(3)])
    for x, y, colour in ((110, 640, RED), (1100, 180, "#9db24a"), (1090, 660, RED)):
        s.oval(x - 16, y, 52, 58, colour)
        s.oval(x + 16, y, 52, 58, colour)
        s.line([(x, y - 50), (x + 8, y - 80)], COCOA, 7)
        s.oval(x + 28, y - 74, 22, 11, LEAF)
    return s


def spreads() -> Sheet:
    """Three bowls of spread and crackers."""
    s = Sheet(ground="#cfdfe2")
    s.box(60, 120, 1080, 560, "#b98b52", 40)
    s.box(80, 140, 1040, 520, "#c79a5f", 30)
    for x, colour, dots in ((300, "#e9c9a8", LEAF), (600, "#b23a6b", "#e7c28a"), (900, "#ece3c8", MOSS)):
        s.shadow(x, 380, 150, 110, 100)
        s.oval(x, 350, 145, 120, WHITE)
        s.oval(x, 345, 120, 96, colour)
        chance = random.Random(x)
        for _ in range(22):
            angle, reach = chance.uniform(0, math.tau), 90 * math.sqrt(chance.random())
            s.oval(x + reach * math.cos(angle), 345 + reach * 0.8 * math.sin(angle), 7, 5, dots)
        arc(s, x, 350, 66, 48, 200, 340, mixed_light(colour), 10)
    chance = random.Random(31)
    for i in range(8):
        x, y, turn = 180 + i * 120, 570 + (i % 2) * 24, chance.uniform(-0.4, 0.4)
        c, d = math.cos(turn), math.sin(turn)
        for drop, colour in ((8, "#7d654a"), (0, "#b49a76")):
            s.shape(
                [
                    (x + a * c - b * d, y + a * d + b * c + drop)
                    for a, b in ((-48, -44), (48, -44), (48, 44), (-48, 44))
                ],
                colour,
            )
        for _ in range(14):
            s.oval(x + chance.uniform(-34, 34), y + chance.uniform(-30, 30), 4, 3, ("#3a2d22", "#3f6b45", WHITE)[i % 3])
    return s


def mixed_light(colour: str) -> str:
    """A lighter tone."""
    return "#" + "".join(f"{min(255, int(colour[i : i + 2], 16) + 30):02x}" for i in (1, 3, 5))


def truffles() -> Sheet:
    """Cocoa truffles on a plate."""
    s = Sheet(ground="#e9d7c6")
    s.shadow(600, 470, 420, 270, 110)
    s.oval(600, 440, 430, 280, CREAM)
    s.oval(600, 440, 350, 215, "#f6ead2")
    chance = random.Random(6)
    spots = [(600 + dx * 120 + (dy % 2) * 60, 440 + dy * 92) for dy in (-1, 0, 1) for dx in (-2, -1, 0, 1)]
    for x, y in spots:
        s.shadow(x + 6, y + 36, 56, 26, 90)
        s.oval(x, y, 56, 52, "#4a2d1e")
        s.oval(x - 12, y - 14, 30, 24, "#5f3b28")
        for _ in range(20):
            angle, reach = chance.uniform(0, math.tau), 48 * math.sqrt(chance.random())
            s.oval(x + reach * math.cos(angle), y + reach * 0.92 * math.sin(angle), 4, 3, "#7a5239")
    for x, y in ((150, 160), (210, 120), (1060, 650), (1110, 600)):
        palet(s, x, y, 46)
    return s


def mousse() -> Sheet:
    """Chocolate mousse on sablés."""
    s = Sheet(ground="#e6dccf")
    s.box(0, 560, WIDTH, 240, "#c9b499")
    for x in (260, 600, 940):
        s.shadow(x, 660, 150, 28, 110)
        s.shape([(x - 140, 330), (x + 140, 330), (x + 112, 660), (x - 112, 660)], WHITE)
        s.shape([(x - 118, 580), (x + 118, 580), (x + 112, 648), (x - 112, 648)], GOLD)
        s.shape([(x - 132, 400), (x + 132, 400), (x + 119, 575), (x - 119, 575)], "#5f3b28")
        s.oval(x, 330, 140, 44, WHITE)
        s.oval(x, 330, 124, 36, "#6b4530")
        for dx, dy, r in ((-50, 312, 50), (46, 314, 54), (0, 286, 50)):
            s.oval(x + dx, dy, r, r * 0.6, "#754d36")
        sable(s, x + 66, 258, 48)
        for dx in (-60, -20, 14):
            s.box(x + dx, 282, 9, 9, WHITE, 2)
    return s


def salad() -> Sheet:
    """A lentil salad with broken crackers."""
    s = Sheet(ground="#f0e7d2")
    s.shadow(600, 450, 400, 320, 110)
    s.oval(600, 420, 400, 330, SEA)
    s.oval(600, 408, 350, 284, "#e8f1f0")
    chance = random.Random(12)
    for _ in range(620):
        angle, reach = chance.uniform(0, math.tau), math.sqrt(chance.random())
        x, y = 600 + 300 * reach * math.cos(angle), 408 + 240 * reach * math.sin(angle)
        s.oval(x, y, 15, 11, ("#5d6b3a", "#4d5a30", "#74804a", "#6b5a35")[chance.randrange(4)])
    for _ in range(60):
        angle, reach = chance.uniform(0, math.tau), math.sqrt(chance.random())
        s.oval(
            600 + 280 * reach * math.cos(angle),
            408 + 220 * reach * math.sin(angle),
            14,
            8,
            ("#7fae4e", "#c98bb0")[chance.randrange(2)],
        )
    for _ in range(16):
        angle, reach = chance.uniform(0, math.tau), math.sqrt(chance.random())
        x, y = 600 + 240 * reach * math.cos(angle), 408 + 190 * reach * math.sin(angle)
        s.shape([(x - 34, y - 20), (x + 30, y - 26), (x + 36, y + 16), (x - 10, y + 28)], "#b49a76")
        for _ in range(6):
            s.oval(x + chance.uniform(-20, 20), y + chance.uniform(-12, 12), 4, 3, "#3a2d22")
    for _ in range(12):
        angle, reach = chance.uniform(0, math.tau), math.sqrt(chance.random())
        s.box(590 + 250 * reach * math.cos(angle), 400 + 190 * reach * math.sin(angle), 34, 26, WHITE, 8)
    s.box(1060, 180, 16, 420, "#aab5b7", 8)
    s.oval(1068, 180, 34, 54, "#b9c3c4")
    return s


def fair(name: str, at: float, number: str, crew: tuple[Person, Person], ground: str, beam: str, carpet: str) -> Sheet:
    """A stand of the company: the fair's name over it (around `at`), its number, and who keeps it."""
    s = Sheet(ground=ground)
    for i in range(6):
        s.box(i * 220 - 40, 0, 14, 300, beam)
    s.box(0, 110, WIDTH, 12, beam)
    s.box(0, 600, WIDTH, 200, carpet)
    s.box(180, 150, 840, 470, "#f7f1e2")
    s.box(180, 150, 840, 96, DEEP)
    s.text(at, 198, name, 48, CREAM)
    for row in range(2):
        s.box(230, 370 + row * 110, 340, 14, CRUST)
        for i in range(5):
            pouch(
                s,
                268 + i * 66,
                370 + row * 110,
                54,
                84,
                (SAND, "#f5eeda")[i % 2],
                "",
                (GORSE, SEA, RED, LEAF, COCOA)[(i + row) % 5],
            )
    for x, who in zip((690, 880), crew, strict=True):
        bust(s, x, 390, 60, who, 580)
    s.box(200, 560, 800, 34, CRUST, 8)
    s.box(216, 594, 768, 130, SEA, 8)
    for i in range(3):
        gorse(s, 520 + i * 80, 664 - (i == 1) * 14, 32)
    s.box(1050, 90, 120, 64, WHITE, 8)
    s.text(1110, 122, number, 34, RED, "LiberationSans-Bold")
    s.line([(1110, 154), (1110, 600)], "#8f979b", 8)
    return s


def brussels() -> Sheet:
    """The stand at the fair in Brussels."""
    s = fair("Gourmet d’Europe", 520, "4.118", (NOLWENN, EWEN), "#e4e6ea", "#d2d6dc", "#3d5a80")
    for i, colour in enumerate((INK, "#f3cf4a", "#d8413a")):
        s.box(850 + i * 38, 170, 38, 56, colour)
    for i in range(4):
        palet(s, 300 + i * 70, 534, 32)
    return s


def quimper() -> Sheet:
    """The stand at the fair in Quimper, under black and white pennants."""
    s = fair("Saveurs de Bretagne", 600, "C12", (NOLWENN, MALO), "#efe8db", "#ddd3c1", "#a9444a")
    for x in (232, 968):
        gorse(s, x, 198, 26)
    for i in range(17):
        x, sag = 24 + i * 60, 40 * math.sin(i / 16 * math.pi)
        s.shape([(x, 24 + sag), (x + 44, 24 + sag), (x + 22, 74 + sag)], (INK, WHITE)[i % 2])
    s.shadow(400, 566, 190, 14, 60)
    s.oval(400, 556, 190, 22, WHITE)
    for i in range(5):
        thin(BUTTER)(s, 272 + i * 64, 538, 30)
    for x, y in ((300, 520), (364, 512), (430, 512), (498, 520)):
        palet(s, x, y, 30)
    return s


def tins() -> Sheet:
    """Metal boxes that customers brought back."""
    s = Sheet(ground=MIST)
    s.slope("#e9f1f1", "#d6e4e6", 0, 640)
    s.box(0, 620, WIDTH, 36, CRUST)
    s.box(0, 656, WIDTH, 144, "#9b6025")
    for x, y, w, h, colour, band in (
        (230, 620, 280, 250, SEA, GORSE),
        (560, 620, 300, 200, RED, CREAM),
        (900, 620, 280, 290, DEEP, GORSE),
        (400, 420, 250, 190, GORSE, DEEP),
        (250, 370, 200, 120, CREAM, RED),
        (720, 420, 240, 150, MOSS, CREAM),
    ):
        s.box(x - w / 2, y - h, w, h, colour, 14)
        s.box(x - w / 2 - 6, y - h - 8, w + 12, 46, mixed_light(colour), 12)
        s.box(x - w / 2, y - h * 0.36, w, h * 0.1, band)
        for i in (-1, 0, 1):
            gorse(s, x + i * w * 0.16, y - h * 0.6 - (i == 0) * 8, w * 0.07, GORSE if colour != GORSE else CREAM)
    s.shape([(868, 470), (880, 400), (920, 400), (932, 470)], WHITE)
    s.box(884, 378, 32, 24, "#fdf3c8", 3)
    s.shape([(878, 380), (900, 356), (922, 380)], RED)
    for i in range(3):
        palet(s, 1090 - i * 8, 590 - i * 26, 44)
    return s


SCENES: dict[str, Callable[[], Sheet]] = {
    "moulin.jpg": mill,
    "beurre.jpg": butter,
    "petrin.jpg": kneading,
    "expedition.jpg": dispatch,
    "four-neuf.jpg": new_oven,
    "boutique-interieur.jpg": shop_inside,
    "bandeau-port.jpg": harbour,
    "crumble.jpg": crumble,
    "tartinades.jpg": spreads,
    "truffes.jpg": truffles,
    "mousse.jpg": mousse,
    "salade.jpg": salad,
    "bruxelles.jpg": brussels,
    "stand-salon.jpg": quimper,
    "boites.jpg": tins,
}
