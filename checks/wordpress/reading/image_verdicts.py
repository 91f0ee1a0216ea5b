"""Whether a picture of a content is as wide as was asked, or of the size that was asked; how it is told."""

from collections.abc import Sequence
from typing import Literal

from checks.wordpress.reading.library import MediaFile, width_of
from checks.wordpress.reading.parts import Part, described
from provisioner.subject.check import Verdict

Align = Literal["", "left", "center", "right", "wide", "full"]
ALIGNED = {
    "left": "à gauche",
    "center": "au centre",
    "right": "à droite",
    "wide": "en grande largeur",
    "full": "en pleine largeur",
    "": "sans alignement",
}
#: The sizes that WordPress makes of a picture, as its screens name them.
SIZES = {"thumbnail": "miniature", "medium": "moyenne", "large": "grande", "full": "réelle"}
#: By how much a width that was drawn with the mouse may differ from the one that is asked for: surely, in pixels; perhaps.
_BY_HAND = 5
_NEARLY_AS_WIDE = 0.03


def as_wide(part: Part, width: int) -> Verdict:
    """By the width that was set, or that of the file; one that only the theme gives may be nobody's work."""
    if _has(part, width):
        return Verdict.MET
    near = any(abs(seen - width) <= width * _NEARLY_AS_WIDE for seen in (part.width, part.drawn))
    return Verdict.TO_JUDGE if near else Verdict.NOT_MET


def of_size(part: Part, size: str, files: Sequence[MediaFile]) -> Verdict:
    """By the size that was chosen and by the width: the editor changes the file alone, and leaves a width that was set."""
    width = size_width(part, size, files)
    if not width:
        return Verdict.MET if part.size == size else Verdict.NOT_MET
    fits = (part.size == size) + _has(part, width)
    return (Verdict.NOT_MET, Verdict.TO_JUDGE, Verdict.MET)[fits]


def size_width(part: Part, size: str, files: Sequence[MediaFile]) -> int:
    """How wide the file that a picture shows is in that size; 0 where the library doesn't tell."""
    return next((width for source in part.sources if (width := width_of(source, size, files))), 0)


def image_described(part: Part) -> str:
    """A picture in French: which, how wide, where."""
    size = f" (taille « {SIZES.get(part.size, part.size)} »)" if part.size else ""
    width = part.width or part.drawn
    wide = f"largeur {width} px" if width else "largeur non réglée"
    return f"{described(part)}, {wide}{size}, {ALIGNED.get(part.align, part.align)}"


def _has(part: Part, width: int) -> bool:
    return any(abs(seen - width) <= _BY_HAND for seen in part.widths)
