"""What the PDF documents of a context say, line by line.

Not any PDF: those that media/make_documents.py makes, each string with its position, each font with one
map of its letters.
"""

import base64
import re
import zlib
from dataclasses import dataclass
from pathlib import Path

_OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*)endstream", re.DOTALL)
_PAGE = re.compile(rb"/Contents (\d+) 0 R.*/Type /Page\s", re.DOTALL)
_FONT = re.compile(rb"/Name /(\S+) .*/ToUnicode (\d+) 0 R", re.DOTALL)
_STRING = re.compile(rb"1 0 0 1 \S+ (\S+) Tm /(\S+) (\S+) Tf \S+ TL \(((?:\\.|[^\\)])*)\) Tj", re.DOTALL)
_ESCAPED = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_LETTER = re.compile(rb"<(\w\w)> <(\w{4})>")


@dataclass(frozen=True)
class Line:
    """The strings of one height, in the order in which they were drawn; `size` is that of the largest, in points."""

    page: int
    size: float
    text: str


def lines_of(document: Path) -> list[Line]:
    """The lines of a document; none if it is made another way."""
    objects = dict(_OBJECT.findall(document.read_bytes()))
    fonts = {
        font[1]: {int(code, 16): chr(int(letter, 16)) for code, letter in _LETTER.findall(_content(objects[font[2]]))}
        for body in objects.values()
        if (font := _FONT.search(body))
    }
    lines = []
    for number, page in enumerate(filter(None, map(_PAGE.search, objects.values())), 1):
        drawn: dict[bytes, list[tuple[float, str]]] = {}
        for height, font, size, codes in _STRING.findall(_content(objects[page[1]])):
            plain = _ESCAPED.sub(lambda escape: bytes([int(escape[1], 8)]) if len(escape[1]) == 3 else escape[1], codes)
            text = "".join(fonts.get(font, {}).get(code, chr(code)) for code in plain)
            drawn.setdefault(height, []).append((float(size), text))
        lines += [Line(number, max(row)[0], " ".join(text for _, text in row)) for row in drawn.values()]
    return lines


def _content(body: bytes) -> bytes:
    found = _STREAM.search(body)
    data = found[1] if found else b""
    if b"/ASCII85Decode" in body:
        data = base64.a85decode(data.strip().removesuffix(b"~>"))
    # What follows the compressed data (an end of line) is no fault.
    return zlib.decompressobj().decompress(data) if b"/FlateDecode" in body else data
