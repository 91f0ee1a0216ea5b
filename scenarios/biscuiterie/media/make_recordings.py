"""Makes the company's recordings: an interview, the sounds of the bakehouse and a short film (CC0).

Needs Pillow, and Debian's ffmpeg and espeak-ng. The same at each run of the same versions.
`uv run --with pillow scenarios/biscuiterie/media/make_recordings.py` writes every file beside this one;
with names after it (`… video-atelier`) only those. The voices are synthetic: CREDITS.md says so.
"""

import array
import math
import random
import subprocess
import sys
import tempfile
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

from make import CREAM, CRUST, DEEP, GORSE, HERE, RED, SAND, SEA, WHITE, Sheet, atelier, gorse, palet, pouch
from PIL import Image

RATE = 22050
QUIET = ("ffmpeg", "-hide_banner", "-loglevel", "error", "-y")
EXACT = ("-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact", "-flags:v", "+bitexact")

# Who speaks (a voice of espeak-ng, a pitch), and what is said.
MAELLE, SOIZIC = ("fr+f3", 62), ("fr+f2", 44)
INTERVIEW = (
    (
        MAELLE,
        "Soizic Le Bihan, bonjour. Vous dirigez la Biscuiterie des Trois Ajoncs. Comment commence votre journée ?",
    ),
    (
        SOIZIC,
        "Bonjour Maëlle. Par le four ! À sept heures, je casse un palet et j'écoute. S'il chante, la journée sera bonne.",
    ),
    (MAELLE, "C'est votre grand-mère qui vous a appris cela ?"),
    (
        SOIZIC,
        "Oui. Jeanne a commencé en mille neuf cent soixante-deux, sur le port, avec un four à bois et la recette de sa mère. Nous n'avons pas changé une ligne : de la farine, du beurre de baratte, du sucre, des œufs, et du sel de Guérande.",
    ),
    (MAELLE, "Vous avez pourtant lancé des crackers salés."),
    (
        SOIZIC,
        "Parce que l'apéritif manquait à nos clients ! Le sarrasin pousse à moins de soixante kilomètres de l'atelier. Il nous a fallu dix-huit mois d'essais, et beaucoup de patience.",
    ),
    (MAELLE, "De quoi êtes-vous la plus fière ?"),
    (
        SOIZIC,
        "De l'équipe. Nous sommes trente-quatre, et chaque année trois apprentis nous rejoignent. Un biscuit, ce n'est que du temps partagé.",
    ),
    (MAELLE, "Merci, Soizic. Et maintenant, goûtons !"),
)


def spoken(voice: tuple[str, int], words: str, folder: Path) -> array.array[int]:
    """A sentence, as samples."""
    name, pitch = voice
    path = folder / "sentence.wav"
    subprocess.run(
        ["espeak-ng", "-v", name, "-p", str(pitch), "-s", "148", "-g", "3", "-w", str(path), words], check=True
    )
    with wave.open(str(path)) as sound:
        assert sound.getframerate() == RATE, sound.getframerate()
        return array.array("h", sound.readframes(sound.getnframes()))


def mixed(low: float, seconds: float, seed: int) -> list[float]:
    """A soft room: brown noise, between -1 and 1 times `low`."""
    chance, level, samples = random.Random(seed), 0.0, []
    for _ in range(round(seconds * RATE)):
        level = 0.985 * level + 0.05 * chance.uniform(-1, 1)
        samples.append(level * low)
    return samples


def save(samples: list[float], name: str, rate: str, folder: Path) -> None:
    """Write samples (between -1 and 1) as an MP3 file."""
    raw = array.array("h", (round(max(-1.0, min(1.0, s)) * 32000) for s in samples))
    path = folder / "sound.wav"
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(raw.tobytes())
    tags = ("-metadata", f"title={TITLES[name]}", "-metadata", "artist=Biscuiterie des Trois Ajoncs")
    subprocess.run(
        [
            *QUIET,
            "-i",
            str(path),
            *EXACT,
            *tags,
            "-codec:a",
            "libmp3lame",
            "-b:a",
            rate,
            "-id3v2_version",
            "3",
            str(HERE / name),
        ],
        check=True,
    )


def interview(name: str, folder: Path) -> None:
    """Maëlle asks, Soizic answers, in a room that hums a little."""
    parts: list[float] = [0.0] * (RATE // 2)
    for voice, words in INTERVIEW:
        parts.extend(sample / 32768 * 0.85 for sample in spoken(voice, words, folder))
        parts.extend([0.0] * round(RATE * 0.45))
    room = mixed(0.05, len(parts) / RATE + 1, 7)
    save([a + b for a, b in zip(parts, room, strict=False)], name, "48k", folder)


def bakehouse(seconds: float, seed: int) -> list[float]:
    """The oven's breath, trays that knock, a wooden peel that rubs, a bell when the batch is done."""
    samples = mixed(0.55, seconds, seed)
    for i in range(len(samples)):
        samples[i] += 0.035 * math.sin(math.tau * 100 * i / RATE) * (1 + 0.3 * math.sin(math.tau * 0.4 * i / RATE))
    chance = random.Random(seed + 1)

    def ring(at: float, pitches: tuple[float, ...], fade: float, loud: float) -> None:
        start = round(at * RATE)
        for i in range(min(round(fade * 5 * RATE), len(samples) - start)):
            t = i / RATE
            samples[start + i] += loud * math.exp(-t / fade) * sum(math.sin(math.tau * p * t) for p in pitches)

    at = 0.8
    while at < seconds - 1:
        ring(at, (chance.uniform(700, 820), chance.uniform(1500, 1900), 2710), 0.05, 0.11)
        ring(at + 0.09, (640, 1320), 0.04, 0.07)
        at += chance.uniform(0.9, 2.6)
    at = 2.0
    while at < seconds - 2:
        start, length = round(at * RATE), round(0.7 * RATE)
        for i in range(length):
            samples[start + i] += 0.06 * chance.uniform(-1, 1) * math.sin(math.pi * i / length)
        at += 4.3
    for at in (seconds * 0.45, seconds * 0.45 + 0.5):
        ring(at, (1318.5, 2637, 3951), 0.5, 0.06)
    for i in range(RATE):  # it comes and goes softly
        samples[i] *= i / RATE
        samples[-1 - i] *= i / RATE
    return samples


def ambiance(name: str, folder: Path) -> None:
    """Half a minute in the bakehouse."""
    save(bakehouse(32, 3), name, "48k", folder)


# The film.

FPS, WIDE, HIGH = 20, 960, 540


def eased(t: float) -> float:
    """From 0 to 1, gently."""
    t = max(0.0, min(1.0, t))
    return t * t * (3 - 2 * t)


def opening(t: float, still: Image.Image) -> Image.Image:
    """The workshop, slowly nearer, and the title."""
    zoom = 1 + 0.1 * t
    w, h = still.width / zoom, still.width / zoom * HIGH / WIDE
    x, y = (still.width - w) * 0.5, (still.height - h) * 0.35
    box = (x, y, x + w, y + h)
    s = Sheet(WIDE, HIGH)
    s.image.paste(still.resize(s.image.size, Image.Resampling.BILINEAR, box=box))
    shown = eased((t - 0.12) * 4)
    s.box(0, 400 + 160 * (1 - shown), WIDE, 92, DEEP)
    s.text(480, 446 + 160 * (1 - shown), "Une fournée de palets", 42, CREAM)
    return s.finished()


def belt(t: float, _still: Image.Image) -> Image.Image:
    """The palets leave the oven on the belt."""
    s = Sheet(WIDE, HIGH, "#f3ede1")
    for y in range(0, 300, 50):
        for x in range(-40, WIDE, 100):
            s.box(x + (y // 50 % 2) * 50, y, 96, 46, "#f9f5ec", 3)
    s.box(0, 400, WIDE, 140, "#b9c3c4")
    s.box(0, 330, WIDE, 50, "#59646a", 12)
    for i in range(14):
        x = (i * 80 + t * 620) % (WIDE + 160) - 80
        s.box(x, 336, 6, 38, "#455057", 2)
    for i in range(13):
        s.oval(40 + i * 75, 392, 20, 20, "#6d787c")
        angle = t * 16
        s.line([(40 + i * 75, 392), (40 + i * 75 + 15 * math.cos(angle), 392 + 15 * math.sin(angle))], WHITE, 4)
    for i in range(10):
        x = 120 + i * 118 + t * 620 - 640
        if x > 170:
            palet(s, x, 318, 44)
    s.box(-10, 60, 300, 330, "#8c979b", 14)
    s.box(20, 90, 230, 70, "#6d787c", 8)
    s.box(40, 105, 100, 40, "#213238", 5)
    s.text(90, 125, "180°", 26, GORSE, "LiberationMono-BoldItalic")
    s.box(220, 240, 70, 140, "#7c3a17", 6)
    s.box(232, 252, 58, 116, "#e07b2a", 4)
    for k in range(3):
        rise = (t * 1.6 + k / 3) % 1
        s.line([(330 + k * 60 + 14 * math.sin(rise * 9 + j), 250 - rise * 90 - j * 14) for j in range(5)], "#fbf6ea", 6)
    words = ("Quinze minutes", "de patience,", "à 180 °C")
    for i, line in enumerate(words):
        s.text(640, 80 + i * 52, line, 36, DEEP, "LiberationSerif-Italic")
    return s.finished()


def bagging(t: float, _still: Image.Image) -> Image.Image:
    """Palets fall into their pouch."""
    s = Sheet(WIDE, HIGH, "#dfeaec")
    s.box(0, 430, WIDE, 24, CRUST)
    s.box(0, 454, WIDE, 90, "#9b6025")
    for i in range(5):
        fall = t * 2.4 - i * 0.3
        if 0 < fall < 0.62:
            palet(s, 480, -40 + fall * fall * 600, 42)
    pouch(s, 480, 430, 190, 290, SAND, "Palets", GORSE)
    for i, x in enumerate((170, 790)):
        come = eased(t * 2 - 0.4 - i * 0.3)
        pouch(
            s,
            x + (1 - come) * (-400 if i == 0 else 400),
            430,
            160,
            240,
            (SAND, "#f5eeda")[i],
            ("Sablés", "Citron")[i],
            (SEA, RED)[i],
        )
    return s.finished()


def closing(t: float, _still: Image.Image) -> Image.Image:
    """The emblem, the name and the slogan."""
    s = Sheet(WIDE, HIGH, DEEP)
    for i, (x, y) in enumerate(((480, 120), (440, 186), (520, 186))):
        gorse(s, x, y, 44 * eased(t * 4 - i * 0.5))
    if t > 0.25:
        s.text(480, 318, "Biscuiterie des Trois Ajoncs", 54, CREAM)
    if t > 0.4:
        s.text(480, 388, "Sablés, palets et crackers bretons depuis 1962", 27, GORSE, "LiberationSerif-Italic")
    return s.finished()


def frames() -> Iterator[Image.Image]:
    """The film, picture by picture, cross-faded."""
    still = atelier().image
    scenes: tuple[tuple[Callable[[float, Image.Image], Image.Image], float], ...] = (
        (opening, 4.0),
        (belt, 5.0),
        (bagging, 4.0),
        (closing, 3.5),
    )
    last: Image.Image | None = None
    for scene, seconds in scenes:
        count = round(seconds * FPS)
        for i in range(count):
            picture = scene(i / count, still)
            yield Image.blend(last, picture, (i + 1) / 9) if last and i < 8 else picture
        last = scene(1, still)


def film(name: str, folder: Path) -> None:
    """The film with the sounds of the bakehouse."""
    seconds = 16.5
    sound = folder / "sound.wav"
    raw = array.array("h", (round(max(-1.0, min(1.0, s)) * 32000) for s in bakehouse(seconds, 11)))
    with wave.open(str(sound), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(raw.tobytes())
    command = [
        *QUIET,
        "-f",
        "rawvideo",
        "-pix_fmt",
        "rgb24",
        "-s",
        f"{WIDE}x{HIGH}",
        "-r",
        str(FPS),
        "-i",
        "-",
        "-i",
        str(sound),
        *EXACT,
        "-metadata",
        f"title={TITLES[name]}",
        "-codec:v",
        "libx264",
        "-preset",
        "slow",
        "-crf",
        "25",
        "-threads",
        "1",
        "-pix_fmt",
        "yuv420p",
        "-codec:a",
        "aac",
        "-b:a",
        "64k",
        "-movflags",
        "+faststart",
        "-shortest",
        str(HERE / name),
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as running:
        assert running.stdin
        for picture in frames():
            running.stdin.write(picture.tobytes())
        running.stdin.close()
    if running.returncode:
        raise SystemExit(running.returncode)


RECORDINGS: dict[str, Callable[[str, Path], None]] = {
    "interview-soizic-le-bihan.mp3": interview,
    "ambiance-fournil.mp3": ambiance,
    "video-atelier.mp4": film,
}
TITLES = {
    "interview-soizic-le-bihan.mp3": "Entretien avec Soizic Le Bihan",
    "ambiance-fournil.mp3": "Les bruits du fournil",
    "video-atelier.mp4": "Une fournée de palets",
}


def main(wanted: list[str]) -> None:
    """Make the named recordings, or all."""
    with tempfile.TemporaryDirectory() as folder:
        for name, make in RECORDINGS.items():
            if not wanted or Path(name).stem in wanted:
                make(name, Path(folder))
                print(f"{(HERE / name).stat().st_size // 1024:4} KiB  {name}")


if __name__ == "__main__":
    main(sys.argv[1:])
