"""Makes the company's recording, synthesised: the bell of the workshop and the fountain of its yard (CC0).

Needs Python alone. `python scenarios/clairepine/media/make_recordings.py` writes the file, the same at each run.
"""

import array
import math
import random
import sys
import wave
from pathlib import Path

RATE, SECONDS = 11025, 8
#: When the bell strikes, in seconds, and how high.
STROKES = ((0.6, 660.0), (1.5, 660.0), (2.4, 550.0), (4.6, 660.0), (5.5, 550.0))
#: The partials of a bell: how many times its note, how loud, how fast they die away.
PARTIALS = ((0.5, 0.25, 0.9), (1.0, 1.0, 1.6), (1.19, 0.5, 2.2), (1.56, 0.3, 3.0), (2.0, 0.4, 3.6), (2.74, 0.2, 5.0))


def main() -> None:
    """Write carillon.wav."""
    chance, water = random.Random(7), 0.0
    samples = array.array("h")
    for number in range(RATE * SECONDS):
        now = number / RATE
        water += 0.18 * (chance.uniform(-1, 1) - water)
        sound = water * 0.22 * (1 + 0.3 * math.sin(now * 2.1))
        for struck, note in STROKES:
            if (since := now - struck) > 0:
                sound += 0.3 * sum(
                    loud * math.exp(-fade * since) * math.sin(math.tau * note * part * since)
                    for part, loud, fade in PARTIALS
                )
        edge = min(1.0, now / 0.3, (SECONDS - now) / 0.8)
        samples.append(round(max(-1.0, min(1.0, sound * edge)) * 30000))
    if sys.byteorder == "big":
        samples.byteswap()
    path = Path(__file__).resolve().parent / "carillon.wav"
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(samples.tobytes())
    print(f"{path.stat().st_size // 1024:4} KiB  {path.name}")


if __name__ == "__main__":
    main()
