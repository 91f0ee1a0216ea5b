"""The list of candidates, as a centre has it: every mistake at once with its line, columns in any order."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from provisioner.clock import EXAM
from provisioner.config import load_stacks, read_toml
from provisioner.errors import ConfigurationError
from provisioner.moments import day, hour_of
from provisioner.persons import bare
from provisioner.subjects import subject_ids
from provisioner.tables import Row, Sheet, read_sheets
from provisioner.text import fold

#: What the columns may be called; folded, without signs, "de" or "du". The first is the name that messages use.
COLUMNS: dict[str, tuple[str, ...]] = {
    "number": ("numéro", "n", "no", "num", "numero candidat", "n candidat", "no candidat", "num candidat",
               "numero inscription", "matricule", "candidat", "id"),
    "name": ("nom", "nom famille", "nom candidat", "nom usage", "nom naissance"),
    "first_name": ("prénom", "prenom", "prenoms", "prenom s", "prenom candidat"),
    "commission": ("commission", "n commission", "no commission", "numero commission", "jury"),
    "subject": ("sujet", "sujet cms", "cms", "sujets"),
    "station": ("poste", "n poste", "no poste", "numero poste", "place", "ordinateur"),
    "date": ("date", "jour", "date passage", "date epreuve"),
    "time": ("heure", "horaire", "heure passage", "heure debut", "debut", "h"),
    "at": ("date et heure", "date heure", "passage", "convocation", "date et heure passage"),
    "academy": ("académie", "academie"),
}  # fmt: skip
_NEEDED = ("number", "name", "first_name", "commission", "subject", "station")


@dataclass(frozen=True)
class Entry:
    """One candidate at one station at one time; `at` is in the centre's zone."""

    number: str
    name: str
    first_name: str
    commission: str
    subject: str
    place: int
    at: datetime

    @property
    def key(self) -> str:
        """What tells one sitting from another, whatever its hour is corrected to."""
        return f"{self.number}/{self.subject}/{self.at.date()}"

    def document(self) -> dict[str, Any]:
        """It in JSON."""
        return {**asdict(self), "at": self.at.isoformat(), "key": self.key}


@dataclass(frozen=True)
class Roster:
    """The candidates in the order of their times, and what the circular would find strange."""

    entries: tuple[Entry, ...]
    warnings: tuple[str, ...]


def stem_of(entry: Mapping[str, Any]) -> str:
    """What the names of a sitting's documents begin with, whatever the candidate's number has."""
    return f"{plain(entry['number'])}-{entry['subject']}-{entry['at'][:10]}"


def plain(told: str) -> str:
    """It as a part of a file's name."""
    return "".join(letter if letter.isalnum() else "-" for letter in told)


def read_roster(path: Path, zone: ZoneInfo, places: int) -> Roster:
    """The list in a file, or one sentence per mistake, each with its line."""
    sheets = read_sheets(path)
    rows = _list_of(sheets, path)
    header, columns = _header(rows, path)
    mistakes: list[str] = []
    entries: list[tuple[int, Entry]] = []
    unusual: dict[str, list[int]] = {}
    for row in rows[rows.index(header) + 1 :]:
        reader = _Reader(row, columns, zone, places)
        entry = reader.entry()
        if entry and not reader.mistakes:
            entries.append((row.line, entry))
            for warning in _unusual(entry, reader.cell("academy")):
                unusual.setdefault(warning, []).append(row.line)
        mistakes += [f"ligne {row.line} : {mistake}" for mistake in reader.mistakes]
    mistakes += _clashes(entries)
    if not rows[rows.index(header) + 1 :]:
        mistakes.append("aucun candidat n'y est écrit sous les titres des colonnes")
    if mistakes:
        mistakes.sort(key=lambda told: int((re.search(r"ligne (\d+)", told) or [0, 0])[1]))
        raise ConfigurationError("\n".join(f"{path}, {mistake}." for mistake in mistakes))
    warnings = [f"{_lines(lines)} : {warning}" for warning, lines in unusual.items()]
    doubts = [sheet.doubt for sheet in sheets if sheet.doubt]
    by_time = sorted((entry for _, entry in entries), key=lambda one: (one.at, one.place))
    return Roster(tuple(by_time), (*doubts, *warnings))


def _lines(numbers: Sequence[int]) -> str:
    """Where something stands: all of it, or the beginning and how many more."""
    more = f" et {len(numbers) - 3} autres" if len(numbers) > 3 else ""
    return f"ligne{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers[:3]))}{more}"


def _list_of(sheets: Sequence[Sheet], path: Path) -> Sequence[Row]:
    """The rows of the sheet of candidates; a book may have others, of notes or of the jury."""
    found = {sheet.name: (_titles(sheet.rows) or (None, {}))[1] for sheet in sheets}
    lists = [name for name, columns in found.items() if "number" in columns and len(columns) >= 5]
    if len(lists) > 1:
        named = ", ".join(f"« {name} »" for name in lists)
        raise ConfigurationError(
            f"{path} a plusieurs feuilles de candidats : {named}. Réunissez-les en une seule, ou masquez celles qui ne "
            "servent pas."
        )
    return max(sheets, key=lambda sheet: len(found[sheet.name]), default=Sheet("", ())).rows


def _titles(rows: Sequence[Row]) -> tuple[Row, dict[str, int]] | None:
    """The row of titles (a list may begin with others), and where each column stands; None where there is none."""
    best: tuple[Row, dict[str, int]] | None = None
    for row in rows[:15]:
        found: dict[str, int] = {}
        for index, cell in enumerate(row.cells):
            for column, names in COLUMNS.items():
                if _title(cell) in {_title(name) for name in names}:
                    found.setdefault(column, index)
        if len(found) > len(best[1] if best else ()):
            best = (row, found)
    return best if best and len(best[1]) >= 3 else None


def _header(rows: Sequence[Row], path: Path) -> tuple[Row, Mapping[str, int]]:
    best = _titles(rows)
    if best is None:
        raise ConfigurationError(
            f"{path} : les titres des colonnes ne sont pas reconnus. La première ligne dit : numéro, nom, prénom, commission, "
            "sujet, poste, date, heure (dans l'ordre que vous voulez)."
        )
    for column in best[1]:
        twice = [cell for cell in best[0].cells if _title(cell) in {_title(name) for name in COLUMNS[column]}]
        if len(twice) > 1:
            raise ConfigurationError(
                f"{path}, ligne {best[0].line} : plusieurs colonnes sont prises pour « {COLUMNS[column][0]} » : "
                f"{', '.join(f'« {one} »' for one in twice)}. Une seule est la bonne : donnez à l'autre un autre titre."
            )
    missing = [COLUMNS[name][0] for name in _NEEDED if name not in best[1]]
    if "at" not in best[1]:
        missing += [COLUMNS[name][0] for name in ("date", "time") if name not in best[1]]
    if missing:
        raise ConfigurationError(f"{path}, ligne {best[0].line} : il manque les colonnes : {', '.join(missing)}.")
    return best


def _title(cell: str) -> str:
    words = re.sub(r"[^a-z0-9]+", " ", fold(cell)).split()
    return " ".join(word for word in words if word not in ("de", "du", "la", "l", "d"))


class _Reader:
    """Reads one row; every mistake in it is kept, not the first alone."""

    def __init__(self, row: Row, columns: Mapping[str, int], zone: ZoneInfo, places: int) -> None:
        self._row, self._columns, self._zone, self._places = row, columns, zone, places
        self.mistakes: list[str] = []

    def cell(self, column: str) -> str:
        """The text of a column; empty where the row is short."""
        index = self._columns.get(column, len(self._row.cells))
        return self._row.cells[index] if index < len(self._row.cells) else ""

    def entry(self) -> Entry | None:
        """The candidate of this row; None with mistakes."""
        for column in _NEEDED:
            if not self.cell(column):
                self.mistakes.append(f"« {COLUMNS[column][0]} » est vide")
        number = self.cell("number")
        if re.fullmatch(r"\d[.,]\d+E\+?\d+", number, re.I):
            self.mistakes.append(f"le tableur a abîmé le numéro « {number} » : mettez la colonne au format texte")
        elif not all(letter.isalnum() or letter in " -/" for letter in number):  # it stands in files' names
            self.mistakes.append(
                f"le numéro « {number} » a autre chose que des lettres, des chiffres, des espaces, - et /"
            )
        subject, place, at = self._subject(), self._place(), self._at()
        if self.mistakes or subject is None or place is None or at is None:
            return None
        return Entry(number, self.cell("name"), self.cell("first_name"), self.cell("commission"), subject, place, at)

    def _subject(self) -> str | None:
        told = self.cell("subject")
        if not told:
            return None
        words = " ".join(re.sub(r"[^a-z0-9]+", " ", fold(told)).split())
        words = words.removeprefix("sujet ")
        cms, _, letter = words.rpartition(" ")
        named = f"{_cms(cms)}-{letter}"
        if named in subject_ids():
            return named
        self.mistakes.append(f"le sujet « {told} » n'existe pas (sujets : {', '.join(subject_ids())})")
        return None

    def _place(self) -> int | None:
        told = self.cell("station")
        if not told:
            return None
        found = re.fullmatch(r"(?:poste|p|place|n)?[ .°-]*0*(\d{1,3})", fold(told))
        if found and 1 <= int(found[1]) <= self._places:
            return int(found[1])
        self.mistakes.append(f"le poste « {told} » n'existe pas (la salle en a {self._places} : poste-01, poste-02…)")
        return None

    def _at(self) -> datetime | None:
        if "at" in self._columns and self.cell("at"):
            told = self.cell("at")
            halves = re.fullmatch(r"(.*\d{2,4}|\d{4}-\d\d-\d\d)[ t,a-]+(\d{1,2}\s*[h:].*)", fold(told))
            written, hour = (halves[1], halves[2]) if halves else (told, "")
        else:
            written, hour = self.cell("date"), self.cell("time")
        when, at = day(written), hour_of(hour)
        if when is None:
            self.mistakes.append(
                f"la date « {written} » n'est pas lisible (écrivez 21/05/2026)" if written else "« date » est vide"
            )
        if at is None:
            self.mistakes.append(
                f"l'heure « {hour} » n'est pas lisible (écrivez 9 h 30)" if hour else "« heure » est vide"
            )
        return None if when is None or at is None else datetime.combine(when, at, self._zone)


def _cms(told: str) -> str:
    """The CMS that is meant: its name, its first letters, or the capitals of its name as it is written."""
    for stack in load_stacks().values():
        written = stack.title.split()[0]
        capitals = "".join(letter for letter in written if letter.isupper()).lower()
        if told == capitals or (len(told) >= 5 and fold(written).startswith(told.replace(" ", ""))):
            return stack.cms
    return told


def _clashes(entries: Sequence[tuple[int, Entry]]) -> Iterator[str]:
    """Two candidates at one station at once, one candidate in two places, one number with two names."""
    for index, (line, entry) in enumerate(entries):
        for earlier, other in entries[:index]:
            meet = abs(entry.at - other.at) < timedelta(minutes=EXAM)
            same = bare(entry.number) == bare(other.number)
            if same and entry.number != other.number:
                yield (
                    f"ligne {line} : le numéro {entry.number} est écrit {other.number} à la ligne {earlier} ; écrivez-le "
                    "partout de la même façon"
                )
            elif same and (fold(entry.name), fold(entry.first_name)) != (fold(other.name), fold(other.first_name)):
                yield f"ligne {line} : le numéro {entry.number} est déjà celui de {other.name} {other.first_name} (ligne {earlier})"
            elif same and (meet or entry.subject == other.subject):
                yield f"ligne {line} : le candidat {entry.number} est déjà inscrit, ligne {earlier}"
            elif meet and entry.place == other.place:
                yield (
                    f"ligne {line} : poste-{entry.place:02} est déjà pris à {other.at:%H h %M} (ligne {earlier}) ; "
                    f"un candidat y reste {EXAM} minutes"
                )


def _unusual(entry: Entry, academy: str) -> Iterator[str]:
    calendar = _circular()
    if entry.at.date() not in calendar["days"]:
        yield f"le {entry.at:%d/%m/%Y} n'est pas un jour de l'épreuve pratique de la session {calendar['session']} (circulaire, annexe I)"
    if academy and fold(academy) not in {fold(known) for known in calendar["academies"]}:
        yield f"« {academy} » n'est pas une académie de la circulaire (annexe II)"


@cache
def _circular() -> dict[str, Any]:
    return read_toml(Path(__file__).with_name("circular.toml"))
