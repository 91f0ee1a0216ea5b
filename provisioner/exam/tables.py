"""Reads a centre's tables, CSV of any program or XLSX, as rows of text with their line numbers."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Protocol, cast
from zipfile import ZipFile

from openpyxl import load_workbook

from provisioner.core.errors import ConfigurationError
from provisioner.host.disk import disk_in_french

_MOST_BYTES = 20 << 20
#: How large the parts of a workbook may be together once they are unpacked, in bytes: a small file may hold gigabytes.
_MOST_UNPACKED = 50 << 20
#: How many lines that aren't blank and how many columns are read: a list has some dozens of lines and ten columns.
_MOST_LINES, _MOST_COLUMNS = 2000, 200
#: How many lines of a sheet are read, empty ones too.
_MOST_READ = 10_000
_SEPARATORS = ";,\t|"
#: Letters and signs of French texts, and the commonest of them: in the wrong encoding they turn into others.
_FRENCH = set("àâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŒÆ’«»°–€")
_COMMON = set("àçéèêëîïôÇÉÈÊÎ’°")
#: The encodings that lists are still written in, and the system of each; where several fit, the first is taken.
_ENCODINGS = {"cp1252": "Windows", "cp850": "DOS", "mac_roman": "Mac"}
#: The first bytes of an .xlsx and of an .xls file.
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Row:
    """One line of a table."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A sheet's name (empty for a CSV) and its rows that aren't blank; `doubt` is a warning about its encoding."""

    name: str
    rows: tuple[Row, ...]
    doubt: str = ""


def read_sheets(path: Path) -> list[Sheet]:
    """Every visible sheet of the file; ConfigurationError where it can't be read."""
    with disk_in_french(path, ConfigurationError):
        if path.stat().st_size > _MOST_BYTES:
            raise ConfigurationError(f"{path} est trop gros pour une liste de candidats.")
        data = path.read_bytes()
    return sheets_of(data, path)


def sheets_of(data: bytes, path: Path) -> list[Sheet]:
    """As `read_sheets`, of a file's bytes: `path` is what messages call it, and isn't opened."""
    if data.startswith(_OLD_EXCEL):
        raise ConfigurationError(f"{path} est un ancien classeur (.xls) : enregistrez-le en .xlsx ou en CSV.")
    text, doubt = ("", "") if data.startswith(_ZIP) else _decoded(data, path)
    sheets = _from_workbook(data, path) if data.startswith(_ZIP) else {"": _from_text(text, path)}
    found = [Sheet(name, tuple(row for row in rows if any(row.cells)), doubt) for name, rows in sheets.items()]
    if any(len(sheet.rows) > _MOST_LINES for sheet in found):
        raise ConfigurationError(f"{path} a plus de {_MOST_LINES} lignes : ce n'est pas la liste d'une salle.")
    return found


class _Cell(Protocol):
    value: object
    number_format: str | None


class _Sheet(Protocol):
    """A sheet that is only read: openpyxl's stubs don't describe it."""

    def reset_dimensions(self) -> None: ...

    def iter_rows(self, *, max_col: int) -> Iterator[Sequence[_Cell]]: ...


def _from_workbook(data: bytes, path: Path) -> dict[str, list[Row]]:
    try:
        with ZipFile(io.BytesIO(data)) as parts:
            if sum(part.file_size for part in parts.infolist()) > _MOST_UNPACKED:
                raise ValueError("too large")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        return {sheet.title: _rows(cast(_Sheet, sheet)) for sheet in visible}
    except Exception as error:  # the library raises any error on a damaged file
        raise ConfigurationError(
            f"{path} n'est pas un classeur .xlsx lisible : enregistrez la liste en .xlsx ou en CSV."
        ) from error


def _rows(sheet: _Sheet) -> list[Row]:
    sheet.reset_dimensions()  # the size that a file declares may be wrong, and would hide the last candidates
    rows = []
    # A sheet may say that it has a billion lines, and each that it leaves out is read as an empty one.
    for number, cells in enumerate(islice(sheet.iter_rows(max_col=_MOST_COLUMNS), _MOST_READ), 1):
        texts = tuple(_text(cell.value, cell.number_format or "") for cell in cells)
        if any(texts):
            rows.append(Row(number, texts))
        if len(rows) > _MOST_LINES:
            break
    return rows


def _text(value: object, number_format: str) -> str:
    """A cell as a person reads it; a `number_format` of zeros, as "0000", says to how many digits it is padded."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    if isinstance(value, int | float) and float(value).is_integer():
        return str(int(value)).zfill(len(number_format) if set(number_format) == {"0"} else 0)
    return _clean(str(value))


def _clean(cell: str) -> str:
    return re.sub(r"[\s\u200b\ufeff]+", " ", cell).strip()


def _from_text(text: str, path: Path) -> list[Row]:
    rows, line = [], 1
    try:
        separator = _separator(text)
        # Strict: else a quote that was left open would make one cell of all the lines below it.
        reader = csv.reader(io.StringIO(text), delimiter=separator, strict=True)
        for cells in reader:
            if any(cell.count("\n") and cell.count(separator) >= len(cells) - 1 > 0 for cell in cells):
                raise csv.Error  # whole lines inside a cell: the next quote has closed one that was left open
            rows.append(Row(line, tuple(map(_clean, cells))))
            line = reader.line_num + 1
    except csv.Error as error:
        raise ConfigurationError(
            f"{path}, ligne {line} : ce n'est pas du CSV, un guillemet y est peut-être resté ouvert."
        ) from error
    return rows


def _decoded(data: bytes, path: Path) -> tuple[str, str]:
    """The text in the encoding that makes it French, and a warning where another encoding fits as well."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _plain(data.decode("utf-16", errors="replace"), path), ""
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return _plain(data.decode("utf-8"), path), ""
    except UnicodeDecodeError:
        pass
    # Line by line, since two lists in different encodings may have been joined.
    lines = data.splitlines(keepends=True)
    in_utf8 = {number: text for number, line in enumerate(lines, 1) if (text := _in_utf8(line))}
    encoding, doubt = _guessed(b"".join(line for number, line in enumerate(lines, 1) if number not in in_utf8))
    if in_utf8:
        mixed = f"sa ligne {min(in_utf8)} est en UTF-8 et d'autres comme sous {_ENCODINGS[encoding]} ({encoding}) : vérifiez les noms accentués"
        doubt = f"{mixed} ; {doubt}" if doubt else f"{mixed}, ou enregistrez toute la liste en UTF-8 ou en .xlsx"
    read = [in_utf8.get(number) or line.decode(encoding, errors="replace") for number, line in enumerate(lines, 1)]
    return _plain("".join(read), path), doubt


def _in_utf8(line: bytes) -> str:
    """The line where it has non-ASCII letters that can only be UTF-8; empty otherwise."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    beyond = [letter for letter in text if letter > "\x7f"]
    return text if beyond and all(letter in _FRENCH or letter < "\u0180" for letter in beyond) else ""


def _guessed(data: bytes) -> tuple[str, str]:
    """The encoding in which this is most like French, and a warning where another one fits as well."""
    # charset-normalizer (3.5.3) does not do as well on the lists of tests/unit/test_roster.py. Kept to these three
    # encodings, it takes "Léa" of a Mac (8E) for Windows's, "RENÉ Jérôme" of DOS (90, 82, 93) for a Mac's, "Noël" of
    # DOS (89) and of a Mac (91) for Windows's, and has no way to say that two encodings fit. Left free, it is wrong
    # about 31 of the 32 lists: cp1250, cp775, cp437, mac_iceland, mac_latin2 or mac_greek for a few accented names.
    read = {encoding: data.decode(encoding, errors="replace") for encoding in _ENCODINGS}
    likeness = {encoding: _likeness(text) for encoding, text in read.items()}
    best = max(likeness, key=lambda encoding: likeness[encoding])
    for encoding, text in read.items():
        if likeness[encoding][0] == likeness[best][0] and text != read[best]:
            best_word, other_word = next(
                (a, b) for a, b in zip(_words(read[best]), _words(text), strict=True) if a != b
            )
            return best, (
                f"les lettres accentuées de la liste sont lues comme celles de {_ENCODINGS[best]} ({best}), « {best_word} » et "
                f"non « {other_word} » : si c'est faux, enregistrez-la en UTF-8 ou en .xlsx"
            )
    return best, ""


def _words(text: str) -> list[str]:
    """Split a text at ASCII signs, which are the same in every encoding."""
    return re.split(r"[\0-,:-?|]", text)


def _likeness(text: str) -> tuple[int, int]:
    """How French a text is: the non-ASCII letters that fit in their words less those that don't; then the common ones."""
    beyond = [(match.start(), match[0]) for match in re.finditer(r"[^\0-\x7f]", text)]
    fit = [
        letter
        for place, letter in beyond
        if _fits(letter, text[max(place - 2, 0) : place], text[place + 1 : place + 2])
    ]
    return 2 * len(fit) - len(beyond), sum(letter in _COMMON for letter in fit)


def _fits(letter: str, before: str, after: str) -> bool:
    """Whether this letter fits into a French name there: no capital among small letters, no small letter among capitals."""
    if letter not in _FRENCH:
        return False
    if not letter.isalpha():
        return letter == "’" or not after.isalpha()
    if letter.isupper():
        return not before[-1:].islower() and not (before[-1:].isupper() and after.islower())
    return not after.isupper() and not (len(before) == 2 and before.isalpha() and before.isupper())


def _plain(text: str, path: Path) -> str:
    if "\0" in text:
        raise ConfigurationError(f"{path} n'est ni un CSV ni un classeur .xlsx.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _separator(text: str) -> str:
    """The separator that cuts most lines into the same number of cells; between equals, into the most."""
    lines = [line for line in text.splitlines() if line.strip()][:50]

    def fits(separator: str) -> tuple[int, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=separator)]
        usual = max(set(widths), key=widths.count, default=1)
        return (widths.count(usual) * (usual > 1), usual)

    return max(_SEPARATORS, key=fits)
