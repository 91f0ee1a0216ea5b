"""Tables as a centre has them: CSV of whatever program, or XLSX; their rows of text with the lines that they stand on."""

import csv
import io
import re
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from provisioner.disk import disk_in_french
from provisioner.errors import ConfigurationError

_MOST_BYTES = 20 << 20
_SEPARATORS = ";,\t|"
#: Letters that French texts have; read in the wrong encoding they turn into signs.
_FRENCH = set("àâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŒÆ’«»°–€")
#: What a spreadsheet's own formats begin with.
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Row:
    """One line of a table."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """The rows that aren't blank, and the sheet's name; a CSV has one without a name."""

    name: str
    rows: tuple[Row, ...]


def read_sheets(path: Path) -> list[Sheet]:
    """Every sheet that a person sees in the file; one sentence where it can't be read."""
    with disk_in_french(path, ConfigurationError):
        if path.stat().st_size > _MOST_BYTES:
            raise ConfigurationError(f"{path} est trop gros pour une liste de candidats.")
        data = path.read_bytes()
    if data.startswith(_OLD_EXCEL):
        raise ConfigurationError(f"{path} est un ancien classeur (.xls) : enregistrez-le en .xlsx ou en CSV.")
    sheets = _from_workbook(data, path) if data.startswith(_ZIP) else {"": _from_text(data, path)}
    return [Sheet(name, tuple(row for row in rows if any(row.cells))) for name, rows in sheets.items()]


def _from_workbook(data: bytes, path: Path) -> dict[str, list[Row]]:
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        return {sheet.title: _rows(sheet) for sheet in book.worksheets if sheet.sheet_state == "visible"}
    except Exception as error:  # a damaged book trips its reader in whatever place the damage is
        raise ConfigurationError(
            f"{path} n'est pas un classeur .xlsx lisible : enregistrez la liste en .xlsx ou en CSV."
        ) from error


def _rows(sheet: Any) -> list[Row]:
    sheet.reset_dimensions()  # what a book says of its own size may be wrong, and hide the last candidates
    return [
        Row(number, tuple(_text(cell.value, cell.number_format or "") for cell in cells))
        for number, cells in enumerate(sheet.iter_rows(), 1)
    ]


def _text(value: Any, shown: str) -> str:
    """A cell as a person reads it; `shown` is its number format, which may be zeros to fill it up with."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    if isinstance(value, int | float) and float(value).is_integer():
        return str(int(value)).zfill(len(shown) if set(shown) == {"0"} else 0)
    return _clean(str(value))


def _clean(cell: str) -> str:
    return re.sub(r"[\s\u200b\ufeff]+", " ", cell).strip()


def _from_text(data: bytes, path: Path) -> list[Row]:
    text, rows, line = _decoded(data, path), [], 1
    try:
        separator = _separator(text)
        # Strict: a quote that was left open would else make one cell of all the lines below it.
        reader = csv.reader(io.StringIO(text), delimiter=separator, strict=True)
        for cells in reader:
            if any(cell.count("\n") and cell.count(separator) >= len(cells) - 1 > 0 for cell in cells):
                raise csv.Error  # whole lines inside a cell: the next open quote has closed this one
            rows.append(Row(line, tuple(map(_clean, cells))))
            line = reader.line_num + 1
    except csv.Error as error:
        raise ConfigurationError(
            f"{path}, ligne {line} : ce n'est pas du CSV, un guillemet y est peut-être resté ouvert."
        ) from error
    return rows


def _decoded(data: bytes, path: Path) -> str:
    """The text in the encoding that makes it French: Windows', the Mac's and DOS's are still about."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _plain(data.decode(encoding, errors="replace"), path)
    try:
        return _plain(data.decode("utf-8"), path)
    except UnicodeDecodeError:
        pass
    read = [data.decode(encoding, errors="replace") for encoding in ("cp1252", "mac_roman", "cp850")]
    return _plain(max(read, key=_likeness), path)


def _likeness(text: str) -> int:
    """How French the letters beyond ASCII are; a capital inside a word is none of them."""
    return sum(
        1 if letter in _FRENCH and not (letter.isupper() and before.islower()) else -1
        for before, letter in pairwise(text)
        if ord(letter) > 127
    )


def _plain(text: str, path: Path) -> str:
    if "\0" in text:
        raise ConfigurationError(f"{path} n'est ni un CSV ni un classeur .xlsx.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _separator(text: str) -> str:
    """The sign that cuts most lines into the same number of cells, and into many."""
    lines = [line for line in text.splitlines() if line.strip()][:50]

    def fits(separator: str) -> tuple[int, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=separator)]
        usual = max(set(widths), key=widths.count, default=1)
        return (widths.count(usual) * (usual > 1), usual)

    return max(_SEPARATORS, key=fits)
